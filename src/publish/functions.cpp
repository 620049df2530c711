#include "publish/functions.hpp"

#include <array>

namespace csatdb::publish {
namespace {

constexpr std::array<std::string_view, 9> kFunctions{
    // date('2026-05-01', 'weekday 0', '-6 days'): SQLite's modifiers, of which 'weekday N' is the
    // only one that is no interval.
    R"(CREATE OR REPLACE FUNCTION date(day date, VARIADIC changes text[]) RETURNS date
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE change text;
BEGIN
  FOREACH change IN ARRAY changes LOOP
    IF change LIKE 'weekday _' THEN
      day := day + (right(change, 1)::integer - extract(dow FROM day)::integer + 7) % 7;
    ELSE
      day := (day + change::interval)::date;
    END IF;
  END LOOP;
  RETURN day;
END $$)",
    R"(CREATE OR REPLACE FUNCTION julianday(day date) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$SELECT day - date '2000-01-01' + 2451544.5::double precision$$)",
    R"(CREATE OR REPLACE FUNCTION substr(day date, first integer, length integer) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$SELECT substr(to_char(day, 'YYYY-MM-DD'), first, length)$$)",
    // Halves away from 0, as SQLite rounds them.
    R"(CREATE OR REPLACE FUNCTION round(value double precision, digits integer) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$SELECT round(value::numeric, digits)::double precision$$)",
    R"(CREATE OR REPLACE FUNCTION max(a anycompatible, b anycompatible) RETURNS anycompatible
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$SELECT CASE WHEN a >= b THEN a WHEN a < b THEN b END$$)",
    R"(CREATE OR REPLACE FUNCTION min(a anycompatible, b anycompatible) RETURNS anycompatible
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$SELECT CASE WHEN a <= b THEN a WHEN a > b THEN b END$$)",
    // The sum of conditions is how often they are true; of none it is NULL.
    R"(CREATE OR REPLACE FUNCTION count_true(total bigint, value boolean) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$SELECT CASE WHEN value IS NULL THEN total ELSE coalesce(total, 0) + value::integer END$$)",
    R"(CREATE OR REPLACE FUNCTION add_counts(a bigint, b bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$SELECT coalesce(a + b, a, b)$$)",
    R"(CREATE OR REPLACE AGGREGATE sum(boolean)
(SFUNC = count_true, STYPE = bigint, COMBINEFUNC = add_counts, PARALLEL = SAFE))",
};

}  // namespace

std::span<const std::string_view> functions() { return kFunctions; }

std::string_view folding_collation() {
  return "CREATE COLLATION IF NOT EXISTS nocase (provider = icu, locale = 'und-u-ks-level2', "
         "deterministic = false)";
}

std::string_view exact_collation() { return R"(CREATE COLLATION IF NOT EXISTS nocase FROM "C")"; }

}  // namespace csatdb::publish
