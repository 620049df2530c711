#include "http/library.hpp"

#include <curl/curl.h>
#include <libdeflate.h>

namespace csatdb::http {

std::vector<base::Library> libraries() {
  const auto* curl = curl_version_info(CURLVERSION_NOW);
  std::vector<base::Library> all{{"libcurl", curl->version},
                                 {"libdeflate", LIBDEFLATE_VERSION_STRING}};
  // "OpenSSL/3.0.15"
  const std::string tls = curl->ssl_version == nullptr ? "" : curl->ssl_version;
  if (const auto slash = tls.find('/'); slash != std::string::npos)
    all.push_back({tls.substr(0, slash) + " (of libcurl)", tls.substr(slash + 1)});
  if (curl->nghttp2_version != nullptr) all.push_back({"nghttp2", curl->nghttp2_version});
  return all;
}

}  // namespace csatdb::http
