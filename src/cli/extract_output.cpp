#include "cli/extract_output.hpp"

#include <ostream>
#include <sstream>

#include "report/rows.hpp"
#include "report/table.hpp"

namespace csatdb::cli {
namespace {

using warehouse::Column;
using warehouse::Value;

class Lines final : public RecordOutput {
 public:
  Lines(std::ostream& out, report::RowFormat format, std::vector<Column> columns)
      : rows_(out, format, std::move(columns)) {
    rows_.head();
  }
  void row(const std::vector<Value>& values) override { rows_.row(values); }

 private:
  report::RowWriter rows_;
};

class Array final : public RecordOutput {
 public:
  Array(std::ostream& out, std::vector<Column> columns)
      : out_(out), rows_(line_, report::RowFormat::ndjson, std::move(columns)) {}
  void row(const std::vector<Value>& values) override {
    line_.str("");
    rows_.row(values);
    std::string text = line_.str();
    text.pop_back();
    out_ << (is_first_ ? "[\n" : ",\n") << text;
    is_first_ = false;
  }
  void finish() override { out_ << (is_first_ ? "[]\n" : "\n]\n"); }

 private:
  std::ostream& out_;
  std::ostringstream line_;
  report::RowWriter rows_;
  bool is_first_ = true;
};

class Table final : public RecordOutput {
 public:
  Table(std::ostream& out, const Terminal& terminal, std::vector<Column> columns)
      : out_(out), terminal_(terminal) {
    result_.columns = std::move(columns);
  }
  void row(const std::vector<Value>& values) override {
    result_.rows.push_back(values);
    // "found" and "has_survey" read better in words.
    for (std::size_t i = 0; i < values.size(); ++i) {
      const auto* flag = std::get_if<std::int64_t>(&values[i]);
      if (result_.columns[i].type == "BOOLEAN" && flag != nullptr)
        result_.rows.back()[i] = *flag != 0 ? "yes" : "no";
    }
  }
  void finish() override {
    report::Report what;
    what.title = "Conversations and their surveys";
    report::Style style{report::Format::table, 0, terminal_.colour, false};
    if (terminal_.out) style.width = static_cast<std::size_t>(terminal_.width);
    report::write_table(out_, {&what, {}, std::move(result_), {}}, style);
  }

 private:
  std::ostream& out_;
  Terminal terminal_;
  warehouse::Result result_;
};

}  // namespace

std::unique_ptr<RecordOutput> record_output(std::ostream& out, const std::string& format,
                                            bool is_csv_safe, const Terminal& terminal,
                                            std::vector<Column> columns) {
  using report::RowFormat;
  if (format == "table") return std::make_unique<Table>(out, terminal, std::move(columns));
  if (format == "json") return std::make_unique<Array>(out, std::move(columns));
  const auto csv = is_csv_safe ? RowFormat::csv_safe : RowFormat::csv;
  return std::make_unique<Lines>(out, format == "csv" ? csv : RowFormat::ndjson,
                                 std::move(columns));
}

}  // namespace csatdb::cli
