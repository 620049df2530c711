#include "sim/refusal.hpp"

#include "sim/text.hpp"

namespace csatdb::sim {

std::string error_body(const Refusal& refusal, std::string_view correlation_id) {
  std::string body;
  Text out(body);
  out.open().member("message", refusal.message).member("code", refusal.code);
  out.member("status", refusal.status).key("messageParams").open();
  if (!refusal.parameter.empty()) out.member(refusal.parameter, refusal.parameter_value);
  out.close().member("contextId", correlation_id);
  out.key("details").open_list().close_list().key("errors").open_list().close_list();
  if (refusal.limit) {
    out.key("limit").open().member("key", refusal.limit->key);
    out.member("namespace", refusal.limit->space).member("value", refusal.limit->value).close();
  }
  out.close();
  return body;
}

}  // namespace csatdb::sim
