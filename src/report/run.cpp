#include "report/run.hpp"

#include <fmt/format.h>

#include "base/error.hpp"

namespace csatdb::report {
namespace {

using base::Error;
using base::Fault;

std::string text_of(const warehouse::Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text != nullptr ? *text : std::string();
}

/// Throws if a required parameter is missing.
void require(const Report& report, const warehouse::Parameters& parameters) {
  for (const auto& parameter : report.parameters)
    if (parameter.is_required && !parameters.contains(parameter.name))
      throw Error(Fault::usage, fmt::format("the report {} needs --{}: {}", report.name,
                                            parameter.name, parameter.text));
}

}  // namespace

warehouse::Result rows(const warehouse::Reader& reader, const Report& report,
                       const warehouse::Parameters& parameters) {
  require(report, parameters);
  warehouse::Result out;
  out.columns = reader.each(report.sql, parameters, [&](const auto& row) {
    out.rows.push_back(row);
    return true;
  });
  return out;
}

Outcome run(const warehouse::Reader& reader, const Report& report,
            warehouse::Parameters parameters) {
  require(report, parameters);
  auto results = reader.run(report.sql, parameters);
  if (results.size() != 2)
    throw Error(Fault::internal,
                fmt::format("queries/{}.sql does not hold a result and a footer", report.name));
  Outcome out{&report, std::move(parameters), std::move(results[0]), {}};
  for (const auto& row : results[1].rows)
    if (auto line = text_of(row.at(0)); !line.empty()) out.footer.push_back(std::move(line));
  return out;
}

Calendar calendar(const warehouse::Reader& reader) {
  const auto results = reader.run("SELECT zone, last_complete_date FROM report_calendar");
  const auto& row = results.at(0).rows.at(0);
  return {text_of(row.at(0)), text_of(row.at(1))};
}

}  // namespace csatdb::report
