"""Python's own sqlite3, reading declared types."""
import sqlite3
import sys

from lines import tell_all

connection = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True, detect_types=sqlite3.PARSE_DECLTYPES)


def query(sql):
    cursor = connection.execute(sql)
    return [column[0] for column in cursor.description], cursor.fetchall()


def date_columns(view):
    return {row[1] for row in connection.execute(f"PRAGMA table_info({view})") if row[2] in ("TIMESTAMP", "DATE")}


tell_all(query, date_columns)
