#include "sync/series.hpp"

#include "json/reader.hpp"
#include "json/writer.hpp"

namespace csatdb::sync {

std::string to_text(const Series& s) {
  json::Writer w;
  w.begin_object().key("scopes").begin_array();
  for (const auto& scope : s.span.scopes) w.text(scope);
  w.end_array();
  w.member("begin", base::to_ms(s.span.interval.begin));
  w.member("end", base::to_ms(s.span.interval.end));
  w.member("via", s.span.via == model::Via::job ? "job" : "query");
  w.member("page_size", s.span.page_size);
  w.member("began", base::to_ms(s.began));
  w.member("saved", base::to_ms(s.saved));
  if (s.watermark) w.member("watermark", base::to_ms(*s.watermark));
  w.member("hits", s.hits).member("elements", s.elements);
  w.member("pages", s.pages).member("resubmits", s.resubmits);
  if (!s.problem.empty()) w.member("problem", s.problem);
  w.end_object();
  return w.str();
}

std::string to_text(const http::Request& request) {
  json::Writer w;
  w.begin_object().member("method", http::name(request.method));
  w.member("target", request.target).member("body", request.body).end_object();
  return w.str();
}

Series series_of(const resources::Resource& resource, const std::string& series,
                 const std::string& next_request) {
  Series s;
  s.resource = &resource;
  json::Document document;
  const auto v = document.parse(series, "sync_scopes.series");
  for (const auto& scope : v["scopes"].elements()) s.span.scopes.emplace_back(scope.text());
  s.span.interval = {base::from_ms(v["begin"].integer()), base::from_ms(v["end"].integer())};
  s.span.via = v["via"].text() == "job" ? model::Via::job : model::Via::query;
  s.span.page_size = static_cast<int>(v["page_size"].integer());
  s.began = base::from_ms(v["began"].integer());
  s.saved = base::from_ms(v["saved"].integer());
  if (const auto w = v["watermark"].maybe_integer()) s.watermark = base::from_ms(*w);
  s.hits = v["hits"].integer();
  s.elements = v["elements"].integer();
  s.pages = static_cast<int>(v["pages"].integer());
  s.resubmits = static_cast<int>(v["resubmits"].integer());
  s.problem = v["problem"].text_or("");

  json::Document request;
  const auto r = request.parse(next_request, "sync_scopes.next_request");
  const auto method = r["method"].text();
  s.next.method = method == "POST"     ? http::Method::post
                  : method == "DELETE" ? http::Method::del
                                       : http::Method::get;
  s.next.target = r["target"].text();
  s.next.body = r["body"].text();
  return s;
}

}  // namespace csatdb::sync
