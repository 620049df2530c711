#include "cli/dictionary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "embed/sql_files.hpp"
#include "json/writer.hpp"

namespace csatdb::cli {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t,");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t,") - first + 1);
}

/// A line cut into its SQL and its comment.
struct Line {
  std::string_view code, comment;
};

Line cut(std::string_view line) {
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\'') quoted = !quoted;
    if (quoted || !line.substr(i).starts_with("--")) continue;
    return {trimmed(line.substr(0, i)), trimmed(line.substr(i + 2))};
  }
  return {trimmed(line), {}};
}

std::string_view first_word(std::string_view code) {
  return code.substr(0, code.find_first_of(" ("));
}

/// What follows `mark` in the code up to a blank or a parenthesis; empty if it is not there.
std::string_view after(std::string_view code, std::string_view mark) {
  const auto at = code.find(mark);
  return at == std::string_view::npos ? std::string_view{}
                                      : first_word(code.substr(at + mark.size()));
}

/// The declared type: what stands between the name and the first constraint.
std::string_view type_of(std::string_view code) {
  code = trimmed(code.substr(first_word(code).size()));
  for (const std::string_view end : {"NOT NULL", "PRIMARY KEY", "UNIQUE", "CHECK", "REFERENCES",
                                     "DEFAULT", "AS (", "GENERATED", "COLLATE"})
    code = code.substr(0, code.find(end));
  return trimmed(code);
}

/// A line that is no column: a constraint, or an option of a virtual table.
bool is_constraint(std::string_view code) {
  const auto word = first_word(code);
  return word == "PRIMARY" || word == "UNIQUE" || word == "CHECK" || word == "FOREIGN" ||
         word == "CONSTRAINT" || trimmed(code.substr(word.size())).starts_with('=');
}

/// The name of a result column: what follows AS, else the column passed through.
std::string_view result_name(std::string_view code) {
  if (code.starts_with("SELECT ")) code = trimmed(code.substr(7));
  if (const auto at = code.rfind(" AS "); at != std::string_view::npos) return code.substr(at + 4);
  return code.substr(code.rfind('.') + 1);
}

/// Goes through the lines and keeps what they say of the relation they are in.
class Scanner {
 public:
  void line(std::string_view text) {
    const auto [code, comment] = cut(text);
    if (!inside_) {
      outside(code, comment);
    } else if (relations_.back().kind == "table") {
      table_line(code, comment);
    } else {
      view_line(code, comment);
    }
  }

  std::vector<Relation> done() { return std::move(relations_); }

 private:
  void outside(std::string_view code, std::string_view comment) {
    if (code.empty()) {
      if (comment.empty()) comment_.clear();
      if (!comment.empty()) comment_ += (comment_.empty() ? "" : " ") + std::string(comment);
      return;
    }
    for (const auto& [start, kind] :
         {std::pair{"CREATE TABLE ", "table"}, std::pair{"CREATE VIRTUAL TABLE ", "table"},
          std::pair{"CREATE VIEW ", "view"}}) {
      if (!code.starts_with(start)) continue;
      relations_.push_back({kind, std::string(after(code, start)), comment_, {}});
      inside_ = !code.ends_with(';');
      selecting_ = false;
    }
    comment_.clear();
  }

  void table_line(std::string_view code, std::string_view comment) {
    if (code.starts_with(')')) {
      inside_ = false;
    } else if (!code.empty() && !is_constraint(code)) {
      add({std::string(first_word(code)), std::string(type_of(code)),
           std::string(after(code, "REFERENCES ")), std::string(comment)});
    }
  }

  void view_line(std::string_view code, std::string_view comment) {
    if (code.starts_with("SELECT") && relations_.back().columns.empty()) selecting_ = true;
    if (code.starts_with("FROM")) selecting_ = false;
    if (selecting_ && !code.empty() && code != "SELECT") {
      const std::string name(result_name(code));
      auto known = comments_.find(name);
      const bool inherits = comment.empty() && known != comments_.end();
      add({name, "", "", inherits ? known->second : std::string(comment)});
    }
    if (code.ends_with(';')) inside_ = false;
  }

  void add(ColumnEntry column) {
    comments_.try_emplace(column.name, column.comment);
    relations_.back().columns.push_back(std::move(column));
  }

  std::vector<Relation> relations_;
  std::map<std::string, std::string> comments_;  // by column, of the first table that has it
  std::string comment_;                          // the block above the line
  bool inside_ = false, selecting_ = false;
};

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c;
  }
  return out;
}

}  // namespace

std::vector<Relation> read_dictionary(std::string_view sql) {
  Scanner scanner;
  while (!sql.empty()) {
    const auto end = std::min(sql.find('\n'), sql.size());
    scanner.line(sql.substr(0, end));
    sql.remove_prefix(std::min(end + 1, sql.size()));
  }
  return scanner.done();
}

std::vector<Relation> dictionary() {
  std::string sql;
  for (const auto& file : embed::sql_files("schema")) {
    if (file.stem() != "views") sql += file.text + "\n";
  }
  if (const auto* views = embed::find("schema/views.sql")) sql += views->text;
  return read_dictionary(sql);
}

std::string dictionary_markdown(const std::vector<Relation>& relations) {
  std::string text;
  for (const auto& relation : relations) {
    text += fmt::format("{}## {} ({})\n\n{}\n\n", text.empty() ? "" : "\n", relation.name,
                        relation.kind, relation.comment);
    text += relation.kind == "table" ? "| column | type | meaning |\n|---|---|---|\n"
                                     : "| column | meaning |\n|---|---|\n";
    for (const auto& column : relation.columns) {
      text += "| " + column.name + " | ";
      if (relation.kind == "table") text += column.type + " | ";
      text += escaped(column.comment);
      if (!column.references.empty()) text += fmt::format(" → {}", column.references);
      text += " |\n";
    }
  }
  return text;
}

std::string dictionary_json(const std::vector<Relation>& relations) {
  json::Writer list(json::Writer::Style::pretty);
  list.begin_array();
  for (const auto& relation : relations) {
    list.begin_object().member("name", relation.name).member("kind", relation.kind);
    list.member("comment", relation.comment).key("columns").begin_array();
    for (const auto& column : relation.columns) {
      list.begin_object().member("name", column.name);
      if (!column.type.empty()) list.member("type", column.type);
      if (!column.references.empty()) list.member("references", column.references);
      list.member("comment", column.comment).end_object();
    }
    list.end_array().end_object();
  }
  return list.end_array().str() + "\n";
}

}  // namespace csatdb::cli
