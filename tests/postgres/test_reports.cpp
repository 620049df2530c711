#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <fstream>

#include "cli/shell.hpp"
#include "postgres/stage.hpp"
#include "report/golden.hpp"
#include "report/script.hpp"

using namespace csatdb;
using tests::Golden;
using tests::Server;
using tests::Stage;
using warehouse::Parameters;
using warehouse::Value;

namespace {

using Record = std::vector<std::string>;

/// The records of CSV as psql writes it.
std::vector<Record> records(const std::string& csv) {
  std::vector<Record> out;
  bool is_quoted = false, begins = true;
  for (std::size_t i = 0; i < csv.size(); ++i) {
    if (begins) out.emplace_back(1);
    begins = false;
    const char c = csv[i];
    if (is_quoted && c == '"' && i + 1 < csv.size() && csv[i + 1] == '"')
      out.back().back() += csv[i++];
    else if (c == '"')
      is_quoted = !is_quoted;
    else if (c == ',' && !is_quoted)
      out.back().emplace_back();
    else if (c == '\n' && !is_quoted)
      begins = true;
    else
      out.back().back() += c;
  }
  return out;
}

/// Whether a value of the warehouse is what the target spells so.
bool is_same(const Value& value, const std::string& text) {
  constexpr double kTolerance = 1e-9;  // where one side computes with decimals
  if (std::holds_alternative<std::monostate>(value)) return text.empty();
  if (const auto* own = std::get_if<std::string>(&value))
    return *own == text || *own + "+00" == text;
  const auto* integer = std::get_if<std::int64_t>(&value);
  if (integer != nullptr && (text == "t" || text == "f")) return (*integer == 1) == (text == "t");
  const double wanted =
      integer != nullptr ? static_cast<double>(*integer) : std::get<double>(value);
  double got = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), got);
  return error == std::errc() && end == text.data() + text.size() &&
         std::abs(got - wanted) <= kTolerance * std::max(1.0, std::abs(wanted));
}

/// Where a report's rows and remarks, as the warehouse and as psql give them, part; empty if they
/// do not.
std::string difference(const report::Outcome& wanted, const std::string& csv) {
  const auto got = records(csv);
  const auto rows = wanted.result.rows.size();
  if (got.size() != rows + wanted.footer.size() + 2)
    return fmt::format("{} rows, then: {}", rows, csv.substr(0, 600));
  for (std::size_t c = 0; c < wanted.result.columns.size(); ++c)
    if (got[0].size() != wanted.result.columns.size() || got[0][c] != wanted.result.columns[c].name)
      return "columns: " + csv.substr(0, csv.find('\n'));
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t c = 0; c < got[0].size(); ++c)
      if (!is_same(wanted.result.rows[r][c], got[r + 1][c]))
        return fmt::format("row {}, {}: got '{}' in {}", r + 1, got[0][c], got[r + 1][c],
                           fmt::join(got[r + 1], "|"));
  for (std::size_t f = 0; f < wanted.footer.size(); ++f)
    if (got[rows + 2 + f].at(0) != wanted.footer[f])
      return fmt::format("remark '{}', not '{}'", got[rows + 2 + f].at(0), wanted.footer[f]);
  return "";
}

/// What to ask a report for: nothing, then each of its parameters.
std::vector<Parameters> questions(const report::Report& report) {
  const auto text = [](const char* value) { return Value(std::string(value)); };
  const std::vector<Parameters> all{
      {{"from", text("2026-04-25")}, {"to", text("2026-05-24")}},
      {{"from", text("1999-01-01")}, {"to", text("1999-01-31")}},
      {{"settled", Value(std::int64_t{1})}},
      {{"immature", Value(std::int64_t{1})}},
      {{"min_n", Value(std::int64_t{1})}},
      {{"days", Value(std::int64_t{12})}},
      {{"limit", Value(std::int64_t{3})}},
      {{"channel", text("VOICE")}},
      {{"queue", text("no such 'queue'\\")}},
      {{"agent_basis", text("last")}},
      {{"agent_basis", text("any")}},
      {{"sl_flowouts", Value(std::int64_t{1})}, {"sl_short_abandons", Value(std::int64_t{0})}},
      {{"sl_abandons", Value(std::int64_t{0})}},
      {{"score", text("negative")}},
      {{"division", text("home")}}};
  std::vector<Parameters> out{{}};
  for (const auto& each : all)
    if (report.parameter(each.begin()->first) != nullptr) out.push_back(each);
  if (const auto* by = report.parameter("by"))
    for (const char* word : {"day", "week", "month", "total", "weekday", "hour", "queue", "team",
                             "department", "division", "channel", "direction", "form", "language",
                             "mix", "cell", "both", "reason", "type"})
      if (by->text.find(word) != std::string::npos) out.push_back({{"by", text(word)}});
  return out;
}

/// What psql prints of a script, its errors with it.
std::string psql(const Stage& stage, const std::string& script) {
  const auto file = stage.folder.write("script.sql", script);
  const auto command = fmt::format(
      "PGOPTIONS='-c client_min_messages=warning' {} -X -q --csv -v schema='{}' -f {} '{}' 2>&1",
      (*Server::binaries() / "psql").string(), stage.order.schema, file.string(), stage.url);
  std::FILE* const pipe = popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string out;
  std::array<char, 65536> piece{};
  for (std::size_t n = 0; (n = fread(piece.data(), 1, piece.size(), pipe)) > 0;)
    out.append(piece.data(), n);
  pclose(pipe);
  return out;
}

/// The golden warehouse, published.
struct Published : Stage {
  explicit Published(Server& on) : Stage(on) {
    faults::copy_warehouse(Golden::shared().path(), file);
    publish();
  }
};

}  // namespace

TEST_SUITE("postgres") {
  TEST_CASE("the reports listed for PostgreSQL run there unchanged and give the same rows") {
    auto* server = Server::shared();
    if (server == nullptr) return;
    const Published stage(*server);
    constexpr std::string_view kMark = "---\n";
    std::string script;
    std::vector<std::pair<const report::Report*, Parameters>> asked;
    for (const auto& report : report::reports()) {
      if (!report.runs_on("postgresql")) continue;
      for (auto& parameters : questions(report)) {
        script += report::psql_script(report, parameters) + "\n\\echo ---\n";
        asked.emplace_back(&report, std::move(parameters));
      }
    }
    auto printed = psql(stage, script);
    for (const auto& [report, parameters] : asked) {
      const auto end = printed.find(kMark);
      REQUIRE(end != std::string::npos);
      std::string bound;
      for (const auto& [name, value] : parameters)
        bound +=
            fmt::format(" {}={}", name, value.index() == 3 ? std::get<std::string>(value) : "…");
      CHECK_MESSAGE(
          difference(Golden::shared().run(report->name, parameters), printed.substr(0, end)) == "",
          report->name, bound);
      printed.erase(0, end + kMark.size());
    }
    CHECK(asked.size() >= 20);
  }

  TEST_CASE("a report that is not listed for PostgreSQL does not run there") {
    auto* server = Server::shared();
    if (server == nullptr) return;
    const Published stage(*server);
    for (const auto& report : report::reports()) {
      if (report.runs_on("postgresql")) continue;
      CAPTURE(report.name);
      CHECK(difference(Golden::shared().run(report.name),
                       psql(stage, report::psql_script(report, {}))) != "");
    }
  }

  TEST_CASE("the command lists what runs on PostgreSQL, prints it for psql, and refuses the rest") {
    support::Shell shell;
    const auto run = [&](std::vector<std::string> more) {
      std::vector<std::string> words{"--db", Golden::shared().path(), "report", "--dialect",
                                     "postgresql"};
      words.insert(words.end(), more.begin(), more.end());
      return shell.run(words);
    };
    const auto listed = run({}).out;
    const auto as_json = run({"--format", "json"}).out;
    for (const auto& report : report::reports()) {
      CAPTURE(report.name);
      const bool is_there = report.runs_on("postgresql");
      CHECK((listed.find("  " + report.name + " ") != std::string::npos) == is_there);
      CHECK((as_json.find('"' + report.name + '"') != std::string::npos) == is_there);
      const auto script = run({report.name});
      CHECK(script.code == (is_there ? 0 : 2));
      CHECK(script.out.ends_with(is_there ? report.sql : ""));
    }
    const auto bound = run({"csat-trend", "--from", "2026-05", "--by", "day"}).out;
    CHECK(bound.find("\\set from '''2026-05-01'''\n") != std::string::npos);
    CHECK(bound.find("\\set to '''2026-05-31'''\n") != std::string::npos);
    CHECK(bound.find("\\set by '''day'''\n") != std::string::npos);
    CHECK(bound.find("\\set queue 'NULL'\n") != std::string::npos);
    CHECK(run({"csat-trend", "--format", "csv"}).code == 2);
  }
}
