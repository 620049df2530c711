"""LibreOffice Base over ODBC, without a window."""
import os
import subprocess
import sys
import tempfile
import time
from datetime import date, datetime

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

from lines import tell

path, row_sql, null_date_sql, sum_sql, *views = sys.argv[1:]
TIMESTAMP, DATE, BIT, BOOLEAN = 93, 91, -7, 16
INTEGERS, REALS = (-6, 5, 4, -5), (6, 7, 8, 2, 3)


def office(folder):
    with open(f"{folder}/odbc.ini", "w") as ini:
        ini.write(f"[warehouse]\nDriver=SQLite3\nDatabase={path}\nTimeout=5000\nBigInt=1\n")
    environment = {**os.environ, "ODBCINI": f"{folder}/odbc.ini", "HOME": folder}
    return subprocess.Popen(["soffice", "--headless", "--norestore", "--nologo", f"-env:UserInstallation=file://{folder}/profile",
                             f"--accept=pipe,name=csatdb{os.getpid()};urp;"], env=environment,
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def connected():
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(300):
        try:
            return resolver.resolve(f"uno:pipe,name=csatdb{os.getpid()};urp;StarOffice.ComponentContext")
        except NoConnectException:
            time.sleep(0.2)
    sys.exit("LibreOffice does not answer")


def value(rows, kinds, i):
    kind = kinds[i - 1]
    if kind == TIMESTAMP:
        t = rows.getTimestamp(i)
        found = None if rows.wasNull() else datetime(t.Year, t.Month, t.Day, t.Hours, t.Minutes, t.Seconds)
    elif kind == DATE:
        d = rows.getDate(i)
        found = None if rows.wasNull() else date(d.Year, d.Month, d.Day)
    elif kind in (BIT, BOOLEAN):
        found = rows.getBoolean(i)
    elif kind in INTEGERS:
        found = rows.getLong(i)
    elif kind in REALS:
        found = rows.getDouble(i)
    else:
        found = rows.getString(i)
    return None if rows.wasNull() else found


def query(statement, sql):
    rows = statement.executeQuery(sql)
    about = rows.getMetaData()
    count = about.getColumnCount()
    kinds = [about.getColumnType(i) for i in range(1, count + 1)]
    names = [about.getColumnName(i) for i in range(1, count + 1)]
    while rows.next():
        yield names, kinds, rows


def main():
    with tempfile.TemporaryDirectory() as folder:
        process = office(folder)
        try:
            context = connected()
            manager = context.ServiceManager.createInstanceWithContext("com.sun.star.sdbc.DriverManager", context)
            # As in Base under Edit, Database, Properties: without it texts are taken for Latin-1.
            utf8 = PropertyValue(Name="CharSet", Value="utf-8")
            statement = manager.getConnectionWithInfo("sdbc:odbc:warehouse", (utf8,)).createStatement()
            for names, kinds, rows in query(statement, row_sql):
                for i, name in enumerate(names, 1):
                    tell(name, value(rows, kinds, i))
            for _, kinds, rows in query(statement, null_date_sql):
                tell("null date", value(rows, kinds, 1))
            for _, kinds, rows in query(statement, sum_sql):
                tell("sum", rows.getLong(1))
            for view in views:
                count = dates = 0
                for _, kinds, rows in query(statement, f"SELECT * FROM {view}"):
                    count += 1
                    dates += sum(value(rows, kinds, i) is not None for i, kind in enumerate(kinds, 1) if kind in (TIMESTAMP, DATE))
                tell(f"rows:{view}", count)
                tell(f"dates:{view}", dates)
        finally:
            process.terminate()
            process.wait()


main()
