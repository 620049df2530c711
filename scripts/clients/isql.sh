#!/bin/sh
# unixODBC's isql: FILE ROW_SQL NULL_DATE_SQL SUM_SQL VIEW...
set -eu
ask() { printf '%s\n' "$1" | isql -k "Driver=SQLite3;Database=$file;Timeout=5000;BigInt=1" -b -d'|' -v; }
file=$1 row=$2 null_date=$3 sum=$4
shift 4
kind() {
  case $1 in
    '') printf 'null' ;;
    *[!0-9.]*) printf 'text' ;;
    *.*) printf 'real' ;;
    *) printf 'integer' ;;
  esac
}
tell() { printf '%s\t%s\t%s\n' "$1" "$(kind "$2")" "$2"; }
ask "$row" | {
  IFS='|' read -r started_at local_date started_ms wait_s is_open agent_name wrapup_code_name
  tell started_at "$started_at"
  tell local_date "$local_date"
  tell started_ms "$started_ms"
  tell wait_s "$wait_s"
  tell is_open "$is_open"
  tell agent_name "$agent_name"
  tell wrapup_code_name "$wrapup_code_name"
}
tell 'null date' "$(ask "$null_date")"
tell sum "$(ask "$sum")"
for view; do
  printf 'rows:%s\tinteger\t%s\n' "$view" "$(ask "SELECT count(*) FROM $view")"
done
