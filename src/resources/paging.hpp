#pragma once

#include <string>
#include <string_view>

#include "resources/resource.hpp"

namespace csatdb::resources {

/// Entities per page of the directory and routing listings: what connectors use in production
/// (genesys-api.md 5.1).
inline constexpr int kEntityPageSize = 500;
/// Teams per page: the listing's documentation gives no limit, and no organisation has many.
inline constexpr int kTeamPageSize = 100;
/// Forms per page: a form with its questions is a hundred times a queue, and few organisations
/// publish 100 versions.
inline constexpr int kFormPageSize = 100;

/// Throws unless the answer is a success: Fault::denied naming the permission on 403, else
/// Fault::undecodable with what the service said. `name` is what was asked for.
void require_success(std::string_view name, std::string_view permission, const http::Response& got);
void require_success(const Resource& resource, const http::Response& got);

/// A body cut at the elements of its array. Absent or null, the array has none; anything else that
/// is no array, or a body whose rest is no JSON, is refused: nothing may be taken for empty that
/// could not be read.
json::Page cut(const http::Response& got, std::string_view array, std::string_view id_member);

/// The elements of a successful answer, not yet parsed.
Step page_of(const Resource& resource, const http::Response& got);

/// The value of a parameter in a request's target, decoded; "" if it has none.
std::string query_value(std::string_view target, std::string_view name);

/// GET of page 1 of an entity listing; `query` holds further parameters.
http::Request first_page(std::string_view path, int page_size, std::string_view query = {});
/// A page of an entity listing and the request for the next: none after the page count or an empty
/// page. Links in the answer are not followed. Throws Fault::undecodable where another page came
/// than was asked for.
Step next_page(const Resource& resource, const http::Request& sent, const http::Response& got);

/// GET of the first page of a cursor listing.
http::Request first_cursor_page(std::string_view path, int page_size, std::string_view query = {});
/// A page of a cursor listing and the request for the next, with the cursor that the answer's link
/// names. Throws Fault::undecodable where the cursor repeats.
Step next_cursor_page(const Resource& resource, const http::Request& sent,
                      const http::Response& got);

}  // namespace csatdb::resources
