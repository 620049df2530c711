"""pandas.read_sql_table."""
import re
import sys

import numpy
import pandas
import sqlalchemy

from lines import tell_all

engine = sqlalchemy.create_engine(f"sqlite:///file:{sys.argv[1]}?mode=ro&uri=true")
frames = {}


def frame(view):
    if view not in frames:
        frames[view] = pandas.read_sql_table(view, engine)
    return frames[view]


def plain(value):
    """A cell as the Python value it stands for."""
    if value is pandas.NaT:
        return None
    if isinstance(value, pandas.Timestamp):
        return value.to_pydatetime()
    return value.item() if isinstance(value, numpy.generic) else value


def query(sql):
    head, view, condition = re.match(r"SELECT (.*) FROM (\w+)(?: WHERE (.*))?$", sql).groups()
    data = frame(view)
    if condition:
        name, value = re.match(r"(\w+) = '(.*)'", condition).groups()
        data = data[data[name] == value]
    if head.startswith("sum("):
        return ["sum"], [(int(data[head[4:-1]].sum()),)]
    if head != "*":
        data = data[head.split(", ")]
    return list(data.columns), [tuple(plain(value) for value in row) for row in data.itertuples(index=False, name=None)]


def date_columns(view):
    return {name for name, kind in frame(view).dtypes.items() if str(kind).startswith("datetime64")}


tell_all(query, date_columns)
