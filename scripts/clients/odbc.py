"""pyodbc over the SQLite ODBC driver: what Excel, Power BI and Tableau see."""
import sys

import pyodbc

from lines import tell_all

connection = pyodbc.connect(f"Driver=SQLite3;Database={sys.argv[1]};Timeout=5000;BigInt=1", readonly=True)


def query(sql):
    cursor = connection.execute(sql)
    return [column[0] for column in cursor.description], cursor.fetchall()


def date_columns(view):
    return {row.column_name for row in connection.cursor().columns(view) if row.type_name in ("TIMESTAMP", "DATE")}


tell_all(query, date_columns)
