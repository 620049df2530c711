"""What the Python clients print: one line per value seen."""
import datetime
import sys


def tell(key, value):
    # A pandas NaT is a datetime too, and a missing one.
    if value is None or value != value:
        kind, text = "null", ""
    elif isinstance(value, bool):
        kind, text = "boolean", str(value).lower()
    elif isinstance(value, datetime.datetime):
        kind, text = "date", value.strftime("%Y-%m-%d %H:%M:%S")
    elif isinstance(value, datetime.date):
        kind, text = "day", value.isoformat()
    elif isinstance(value, int):
        kind, text = "integer", str(value)
    elif isinstance(value, float):
        kind, text = "real", repr(value)
    else:
        kind, text = "text", str(value)
    print(key, kind, text, sep="\t")


def tell_all(query, date_columns):
    """`query(sql)` gives names and rows; `date_columns(view)` names the columns that should hold dates."""
    _, row_sql, null_date_sql, sum_sql, *views = sys.argv[1:]
    names, rows = query(row_sql)
    for name, value in zip(names, rows[0]):
        tell(name, value)
    tell("null date", query(null_date_sql)[1][0][0])
    tell("sum", query(sum_sql)[1][0][0])
    for view in views:
        names, rows = query(f"SELECT * FROM {view}")
        places = [i for i, name in enumerate(names) if name in date_columns(view)]
        tell(f"rows:{view}", len(rows))
        tell(f"dates:{view}", sum(isinstance(row[i], datetime.date) for row in rows for i in places))
