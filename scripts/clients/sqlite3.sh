#!/bin/sh
# The sqlite3 shell: FILE ROW_SQL NULL_DATE_SQL SUM_SQL VIEW...
set -eu
ask() { sqlite3 -readonly "$file" "$@"; }
kinds() { # NULLs apart, the shell tells no types: they are asked for
  for column in $1; do
    ask "SELECT '$column', CASE typeof(\"$column\") WHEN 'null' THEN 'null' ELSE typeof(\"$column\") END, coalesce(\"$column\", '') FROM ($2)" -separator '	'
  done
}
file=$1 row=$2 null_date=$3 sum=$4
shift 4
kinds "started_at local_date started_ms wait_s is_open agent_name wrapup_code_name" "$row"
kinds completed_at "$null_date" | sed 's/^completed_at/null date/'
ask -separator '	' "SELECT 'sum', 'integer', ($sum)"
for view; do
  printf 'rows:%s\tinteger\t%s\n' "$view" "$(ask -csv -noheader "SELECT * FROM (SELECT row_number() OVER () AS n, * FROM $view)" | grep -c '^[0-9][0-9]*,')"
done
