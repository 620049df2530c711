#!/usr/bin/env python3
"""Runs every client on the contract views and prints what each saw: matrix.py --build FOLDER [--quick]"""
import argparse
import os
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
SKIPPED = 77
VIEWS = ["fact_interactions", "fact_surveys", "fact_survey_answers", "fact_agent_legs", "fact_queue_visits",
         "dim_agents", "dim_queues", "dim_wrapup_codes", "dim_divisions", "dim_survey_forms", "dim_dates",
         "sync_freshness"]
# What is asked of every client: heading, kind, key, and the condition that finds a row worth asking about.
PROBES = [("dates", "date", "started_at"), ("days", "day", "local_date"), ("big integers", "integer", "started_ms"),
          ("reals", "real", "wait_s"), ("booleans", "boolean", "is_open"), ("unicode", "text", "agent_name"),
          ("NULL", "null", "wrapup_code_name")]
PROBE_SQL = "SELECT started_at, local_date, started_ms, wait_s, is_open, agent_name, wrapup_code_name FROM fact_interactions WHERE conversation_id = '{}'"
NULL_DATE_SQL = "SELECT completed_at FROM fact_surveys WHERE survey_id = '{}'"
SUM_SQL = "SELECT sum(started_ms) FROM fact_interactions WHERE conversation_id = '{}'"


class Client:
    """How to run a client, what it needs, and which kinds it has no type of its own for."""

    def __init__(self, name, command, needs, without=(), quick=False, on_files=("live", "snapshot")):
        self.name, self.command, self.needs = name, command, needs
        self.without, self.quick, self.on_files = set(without), quick, on_files


def clients(java_flags, node_modules):
    python = [sys.executable]
    return [
        Client("sqlite3", ["sh", HERE / "sqlite3.sh"], ["sqlite3"], {"date", "day", "boolean"}, quick=True),
        Client("ODBC isql", ["sh", HERE / "isql.sh"], ["isql"], {"date", "day", "boolean"}, quick=True),
        Client("ODBC pyodbc", python + [HERE / "odbc.py"], ["python:pyodbc"], quick=True),
        Client("Python sqlite3", python + [HERE / "declared.py"], [], {"boolean"}, quick=True),
        Client("SQLAlchemy", python + [HERE / "alchemy.py"], ["python:sqlalchemy"], quick=True),
        # pandas has no type for a day, LibreOffice none for an integer past 32 bits.
        Client("pandas", python + [HERE / "frames.py"], ["python:pandas", "python:sqlalchemy"], {"day"}),
        # xerial's getDate wants a time of day: a DATE is read as text.
        Client("JDBC xerial", ["java", *java_flags, HERE / "Jdbc.java"],
               ["javac", "file:/usr/share/java/sqlite-jdbc.jar"], {"day"}),
        Client("R RSQLite", ["Rscript", "--vanilla", HERE / "rsqlite.R"], ["Rscript"], {"boolean"}),
        Client("LibreOffice", python + [HERE / "office.py"], ["soffice", "python:uno"], {"integer"}),
        Client("better-sqlite3", ["node", HERE / "better.mjs"], ["node", f"file:{node_modules}/better-sqlite3"],
               {"date", "day", "boolean"}),
        Client("DuckDB (CSV)", ["node", HERE / "duck.mjs"], ["node", f"file:{node_modules}/@duckdb"], {"boolean"},
               on_files=("csv",)),
        Client("DuckDB (NDJSON)", ["node", HERE / "duck.mjs"], ["node", f"file:{node_modules}/@duckdb"],
               on_files=("ndjson",)),
    ]


def is_there(need):
    kind, _, rest = need.rpartition(":")
    if kind == "python":
        return subprocess.run([sys.executable, "-c", f"import {rest}"], capture_output=True).returncode == 0
    if kind == "file":
        return os.path.exists(rest)
    return shutil.which(need) is not None


class World:
    """A simulated organisation, a warehouse of a part of its days, a snapshot and exported files."""

    def __init__(self, build, folder):
        self.csatdb, self.simulator = f"{build}/src/csatdb", f"{build}/src/csatdb-sim"
        self.folder = pathlib.Path(folder)
        self.environment = {"PATH": os.environ["PATH"], "HOME": folder, "GENESYS_CLIENT_ID": "demo",
                            "GENESYS_CLIENT_SECRET": "demo-secret", "CSATDB_RATE": "0", "CSATDB_TIMEZONE": "Europe/Berlin"}
        self.live = str(self.folder / "live.db")
        self.running = []

    def simulate(self, *more):
        log = open(self.folder / "sim.log", "w+")
        process = subprocess.Popen([self.simulator, "--port", "0", "--seed", "7", "--interactions", "9000", "--days", "60",
                                    "--rate", "0", "--job-delay", "0", *more], stdout=log, stderr=log)
        self.running.append(process)
        while not (url := open(log.name).readline().removeprefix("listening on ").strip()):
            if process.poll() is not None:
                sys.exit("the simulator ended: " + open(log.name).read())
            time.sleep(0.05)
        self.environment["GENESYS_ENV_URL"] = url

    def run(self, *words):
        subprocess.run([self.csatdb, "--db", self.live, "-q", *words], env=self.environment, check=True,
                       cwd=self.folder, stdout=subprocess.DEVNULL)

    def fill(self):
        self.simulate()
        self.run("sync", "--since", "10d", "--snapshot", "snapshot.db")
        os.chmod(self.folder / "snapshot.db", 0o444)
        self.run("export", *VIEWS, "--gzip", "--output", "csv")
        self.run("export", *VIEWS, "--gzip", "--format", "ndjson", "--output", "ndjson")
        self.stop()

    def write(self):
        """Goes on with the older days, slowly enough to last."""
        self.simulate("--latency", "1500")
        self.running.append(subprocess.Popen([self.csatdb, "--db", self.live, "-q", "sync", "--since", "60d", "--parallel", "1",
                                              "--via", "query"], env=self.environment, cwd=self.folder,
                                             stdout=subprocess.DEVNULL, stderr=open(self.folder / "sync.log", "w")))
        return self.running[-1]

    def stop(self):
        for process in reversed(self.running):
            process.send_signal(signal.SIGTERM)
            process.wait()
        self.running.clear()


def questions(path):
    """The rows to ask about, and the right answers."""
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    one = lambda sql: database.execute(sql).fetchone()
    row = one("SELECT conversation_id FROM fact_interactions WHERE agent_name GLOB '*[^ -~]*' AND wait_s > 0 AND "
              "wrapup_code_name IS NULL AND NOT is_open AND round(wait_s) <> wait_s ORDER BY 1")[0]
    survey = one("SELECT survey_id FROM fact_surveys WHERE completed_at IS NULL ORDER BY 1")[0]
    sql = {"row": PROBE_SQL.format(row), "null date": NULL_DATE_SQL.format(survey), "sum": SUM_SQL.format(row)}
    answers = dict(zip((key for _, _, key in PROBES), one(sql["row"])))
    return sql, answers


def declared(path):
    """Of each view: its rows, and the cells of its date columns that are not NULL."""
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    counts = {}
    for view in VIEWS:
        dates = [name for _, name, kind, *_ in database.execute(f"PRAGMA table_info({view})") if kind in ("TIMESTAMP", "DATE")]
        days = [name for _, name, kind, *_ in database.execute(f"PRAGMA table_info({view})") if kind == "DATE"]
        count = lambda names: database.execute(f"SELECT {' + '.join(f'count({n})' for n in names) or '0'} FROM {view}").fetchone()[0]
        rows = database.execute(f"SELECT count(*) FROM {view}").fetchone()[0]
        counts[view] = (rows, count(dates), count(days))
    return counts


def judge(client, seen, answers, counts):
    """The cells of a client's line: 'ok', 'as text', or what is wrong."""
    def cell(key, kind, expected):
        if key not in seen:
            return "MISSING"
        got_kind, got = seen[key]
        as_text = kind in client.without
        if kind == "real" and got_kind == "real":
            return "ok" if abs(float(got) - expected) < 1e-9 else f"WRONG {got}"
        expected = {"null": "", "boolean": {"0": "false", "1": "true"}.get(str(expected))}.get(kind, str(expected))
        if as_text and (got_kind, got) == ("date", f"{expected} 00:00:00"):
            return "as midnight"
        if as_text and got_kind in ("text", "integer") and got_kind != kind:
            got = {"false": "0", "true": "1"}.get(got, got)
            expected = {"false": "0", "true": "1"}.get(expected, expected)
            return f"as {got_kind}" if got == expected else f"WRONG {got}"
        return "ok" if (got_kind, got) == (kind, expected) else f"WRONG {got_kind} {got}"

    cells = [cell(key, kind, answers[key]) for _, kind, key in PROBES]
    cells.append(cell("null date", "null", None))
    cells.append(cell("sum", "integer", answers["started_ms"]))
    wrong = []
    for view, (rows, dates, days) in counts.items():
        got = int(seen.get(f"rows:{view}", ("", "-1"))[1])
        # A sync that writes adds rows; it takes none away.
        if got < rows:
            wrong.append(f"{view} {got} of {rows} rows")
        if "date" in client.without:
            continue
        wanted = dates - (days if "day" in client.without else 0)
        got = int(seen.get(f"dates:{view}", ("", "-1"))[1])
        if got < wanted:
            wrong.append(f"{view} {got} of {wanted} dates")
    cells.append("WRONG " + "; ".join(wrong) if wrong else "ok")
    return cells


def ask(client, path, sql, environment):
    words = [str(word) for word in client.command] + [path, sql["row"], sql["null date"], sql["sum"], *VIEWS]
    done = subprocess.run(words, capture_output=True, text=True, env={**os.environ, **environment}, timeout=300)
    if done.returncode != 0:
        sys.stderr.write(f"{client.name} on {os.path.basename(path)}: {done.stderr[-1000:]}\n")
    return {key: (kind, value) for key, kind, value in
            (line.split("\t", 2) for line in done.stdout.splitlines() if line.count("\t") >= 2)}


def show(table):
    widths = [max(len(row[i]) for row in table) for i in range(len(table[0]))]
    for row in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip(), flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True, help="folder of the build, e.g. build/dev")
    parser.add_argument("--quick", action="store_true", help="only the clients that install within seconds")
    parser.add_argument("--node-modules", default="build/clients/node_modules")
    arguments = parser.parse_args()
    flags = ["-cp", "/usr/share/java/sqlite-jdbc.jar", "-Dorg.sqlite.lib.path=/usr/lib/x86_64-linux-gnu/jni", "-Duser.timezone=UTC"]
    modules = os.path.abspath(arguments.node_modules)
    chosen = [c for c in clients(flags, modules) if c.quick or not arguments.quick]
    missing = [need for c in chosen for need in c.needs if not is_there(need)]
    if arguments.quick and missing:
        print("not installed: " + ", ".join(missing))
        return SKIPPED
    table = [["client", "file", *(heading for heading, *_ in PROBES), "NULL date", "sum past 32 bits", "all views"]]
    with tempfile.TemporaryDirectory() as folder:
        world = World(os.path.abspath(arguments.build), folder)
        try:
            world.fill()
            sql, answers = questions(world.live)
            counts = declared(world.live)
            before = counts["fact_interactions"][0]
            writer = world.write()
            environment = {"NODE_PATH": modules, "CLIENT_MODULES": modules, "LC_ALL": "C.UTF-8", "TZ": "Asia/Kolkata"}
            for client in chosen:
                absent = [need for need in client.needs if not is_there(need)]
                for file in client.on_files:
                    path = str(world.folder / (file if file in ("csv", "ndjson") else file + ".db"))
                    if absent:
                        table.append([client.name, file, "not installed: " + ", ".join(absent)] + [""] * (len(table[0]) - 3))
                        continue
                    still = writer.poll() is None
                    seen = ask(client, path, sql, environment)
                    label = "live, being written" if file == "live" and still else file
                    table.append([client.name, label, *judge(client, seen, answers, counts)])
            after = declared(world.live)["fact_interactions"][0]
        finally:
            world.stop()
    show(table)
    print(f"The sync wrote {after - before} interactions meanwhile.")
    return 1 if any(cell.startswith(("WRONG", "MISSING", "not installed")) for row in table for cell in row) else 0


if __name__ == "__main__":
    sys.exit(main())
