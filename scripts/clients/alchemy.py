"""SQLAlchemy with reflected views: what Superset sees."""
import re
import sys

import sqlalchemy

from lines import tell_all

engine = sqlalchemy.create_engine(f"sqlite:///file:{sys.argv[1]}?mode=ro&uri=true")
tables = {}


def reflected(view):
    if view not in tables:
        tables[view] = sqlalchemy.Table(view, sqlalchemy.MetaData(), autoload_with=engine)
    return tables[view]


def query(sql):
    """Statements are rebuilt over the reflected columns, as BI tools do: those carry the types."""
    head, view, condition = re.match(r"SELECT (.*) FROM (\w+)(?: WHERE (.*))?$", sql).groups()
    table = reflected(view)
    if head == "*":
        wanted = list(table.c)
    elif head.startswith("sum("):
        wanted = [sqlalchemy.func.sum(table.c[head[4:-1]])]
    else:
        wanted = [table.c[name] for name in head.split(", ")]
    statement = sqlalchemy.select(*wanted)
    if condition:
        name, value = re.match(r"(\w+) = '(.*)'", condition).groups()
        statement = statement.where(table.c[name] == value)
    with engine.connect() as connection:
        result = connection.execute(statement)
        return list(result.keys()), [tuple(row) for row in result]


def date_columns(view):
    return {c.name for c in reflected(view).c if isinstance(c.type, (sqlalchemy.types.DateTime, sqlalchemy.types.Date))}


tell_all(query, date_columns)
