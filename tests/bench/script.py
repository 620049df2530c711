#!/usr/bin/env python3
"""script.py URL DATABASE DAYS: what a capable analyst writes in an afternoon: http.client, json, sqlite3.

Fetches the same organisation as `csatdb sync` (users, queues, wrap-up codes, conversations by a job and by the details query,
and the surveys of every conversation with a finished one) and stores every field: a table for each list of objects, a column for
each other member, added when it is first seen; upserts with executemany, one transaction a page, in WAL mode. Genesys ids are the
keys, as in every tutorial. No checkpoint, no follow-up, nothing derived, nothing removed.
"""
import base64
import datetime
import email.utils
import gzip
import http.client
import json
import sqlite3
import sys
import urllib.parse

url, path, days = urllib.parse.urlparse(sys.argv[1]), sys.argv[2], int(sys.argv[3])
connection = http.client.HTTPConnection(url.netloc)
headers = {"Accept-Encoding": "gzip"}
now = None


def call(method, target, body=None, content_type="application/json"):
    global now
    sent = dict(headers, **({"Content-Type": content_type} if body is not None else {}))
    try:
        connection.request(method, target, body, sent)
        answer = connection.getresponse()
    except (http.client.HTTPException, OSError):  # it had been idle for too long
        connection.close()
        connection.request(method, target, body, sent)
        answer = connection.getresponse()
    data = answer.read()
    now = email.utils.parsedate_to_datetime(answer.headers["Date"])
    if answer.status >= 300:
        raise SystemExit(f"{target}: {answer.status} {data[:200]!r}")
    return json.loads(gzip.decompress(data) if answer.headers.get("Content-Encoding") == "gzip" else data)


# Lists of objects that become tables of their own, and the member that is an element's id; without one, it is keyed by its parent
# and its position. Other lists are kept as JSON.
IDS = {"users": "id", "queues": "id", "wrapup_codes": "id", "conversations": "conversationId", "participants": "participantId",
       "sessions": "sessionId", "segments": None, "metrics": None, "outcomes": None, "mediaEndpointStats": None,
       "surveys": "surveyId", "evaluations": "evaluationId", "resolutions": None, "quality_surveys": "id",
       "questionGroupScores": None, "questionScores": None}
database = sqlite3.connect(path)
database.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536")
COLUMNS, UPSERT = {}, {}
for table, identity in IDS.items():
    COLUMNS[table] = ["id", "parent"] if identity else ["parent", "no"]
    database.execute(f"CREATE TABLE {table} ({', '.join(COLUMNS[table])}, PRIMARY KEY ({'id' if identity else 'parent, no'}))")
for table in ("participants", "sessions", "quality_surveys"):
    database.execute(f"CREATE INDEX ix_{table} ON {table} (parent)")


def flatten(element, row, children, prefix=""):
    for name, value in element.items():
        if isinstance(value, dict):
            if name != "surveyForm":
                flatten(value, row, children, prefix + name + "_")
            else:
                row["form_id"] = value.get("id")
        elif isinstance(value, list):
            if name in IDS:
                children[name] = value
            else:
                row[prefix + name] = json.dumps(value)
        else:
            row[prefix + name] = value


def rows_of(table, elements, parent, rows):
    identity = IDS[table]
    for no, element in enumerate(elements):
        row, children = {}, {}
        flatten(element, row, children)
        if identity:
            key = row["id"] = row.pop(identity)
            row["parent"] = parent
        else:
            key = f"{parent}/{no}"
            row["parent"], row["no"] = parent, no
        rows.setdefault(table, []).append(row)
        for name, list_of_children in children.items():
            rows_of(name, list_of_children, key, rows)


def store(rows):
    with database:
        for table, values in rows.items():
            columns = COLUMNS[table]
            new = {name for row in values for name in row}.difference(columns)
            for name in sorted(new):
                database.execute(f'ALTER TABLE {table} ADD COLUMN "{name}"')
                columns.append(name)
            if new or table not in UPSERT:
                UPSERT[table] = (f"INSERT INTO {table} VALUES ({', '.join('?' * len(columns))}) ON CONFLICT DO UPDATE SET "
                                 + ", ".join(f'"{c}" = excluded."{c}"' for c in columns))
            database.executemany(UPSERT[table], [tuple(map(row.get, columns)) for row in values])


def listing(target, table):
    number = 1
    while True:
        page = call("GET", f"{target}pageSize=100&pageNumber={number}")
        rows = {}
        rows_of(table, page.get("entities", ()), None, rows)
        store(rows)
        if number >= page.get("pageCount", 1) or not page.get("entities"):
            return
        number += 1


answered = []


def conversations(page):
    rows = {}
    rows_of("conversations", page.get("conversations", ()), None, rows)
    answered.extend(s["parent"] for s in rows.get("surveys", ()) if s.get("surveyStatus") == "Finished")
    store(rows)


def iso(t):
    return t.strftime("%Y-%m-%dT%H:%M:%S.000Z")


token = base64.b64encode(b"demo:demo-secret").decode()
headers["Authorization"] = f"Basic {token}"
grant = call("POST", "/oauth/token", "grant_type=client_credentials", "application/x-www-form-urlencoded")
headers["Authorization"] = f"Bearer {grant['access_token']}"

listing("/api/v2/users?state=any&", "users")
listing("/api/v2/routing/queues?", "queues")
listing("/api/v2/routing/wrapupcodes?", "wrapup_codes")

day = datetime.timedelta(days=1)
today = now.replace(hour=0, minute=0, second=0)
base_path = "/api/v2/analytics/conversations/details"
job = call("POST", base_path + "/jobs",
           json.dumps({"interval": f"{iso(today - days * day)}/{iso(today - day)}", "startOfDayIntervalMatching": True}))["jobId"]
while call("GET", f"{base_path}/jobs/{job}")["state"] != "FULFILLED":
    pass
cursor = None
while True:
    page = call("GET", f"{base_path}/jobs/{job}/results?pageSize=1000" + (f"&cursor={urllib.parse.quote(cursor)}" if cursor else ""))
    conversations(page)
    cursor = page.get("cursor")
    if not cursor:
        break
number = 1
while True:
    page = call("POST", base_path + "/query", json.dumps({
        "interval": f"{iso(today - day)}/{iso(now - datetime.timedelta(minutes=1))}", "order": "asc", "orderBy": "conversationStart",
        "paging": {"pageSize": 100, "pageNumber": number}}))
    if not page.get("conversations"):
        break
    conversations(page)
    number += 1

for cid in dict.fromkeys(answered):
    rows = {}
    rows_of("quality_surveys", call("GET", f"/api/v2/quality/conversations/{cid}/surveys") or (), cid, rows)
    store(rows)
