#!/usr/bin/env python3
"""script.py URL DATABASE DAYS: what a capable analyst writes in an afternoon: http.client, json, sqlite3.

Fetches the same organisation as `csatdb sync` (users, queues, wrap-up codes, conversations by a job and by the details query,
and the surveys of every conversation with a finished one) and upserts it with executemany, one transaction a page, in WAL
mode. Genesys ids are the keys, as in every tutorial. No checkpoint, no follow-up, no derived values.
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
    connection.request(method, target, body, sent)
    answer = connection.getresponse()
    data = answer.read()
    now = email.utils.parsedate_to_datetime(answer.headers["Date"])
    if answer.status >= 300:
        raise SystemExit(f"{target}: {answer.status} {data[:200]!r}")
    return json.loads(gzip.decompress(data) if answer.headers.get("Content-Encoding") == "gzip" else data)


TABLES = {
    "users": ("id", "name", "email", "state", "title", "department"),
    "queues": ("id", "name", "description"),
    "wrapup_codes": ("id", "name"),
    "conversations": ("id", "start", "end", "direction", "divisions"),
    "participants": ("id", "conversation_id", "purpose", "name", "user_id", "team_id", "external_contact_id"),
    "sessions": ("id", "participant_id", "conversation_id", "media_type", "direction", "ani", "dnis", "provider", "flow_id"),
    "segments": ("session_id", "no", "start", "end", "type", "queue_id", "wrapup_code", "disconnect_type"),
    "metrics": ("session_id", "no", "name", "value", "emitted"),
    "conversation_surveys": ("id", "conversation_id", "status", "form_id", "completed", "nps", "score"),
    "surveys": ("id", "conversation_id", "status", "form_id", "completed", "agent_id", "queue_id", "total_score", "nps"),
    "answers": ("survey_id", "group_id", "question_id", "answer_id", "score", "nps", "text"),
}
KEYS = {"segments": ("session_id", "no"), "metrics": ("session_id", "no"), "answers": ("survey_id", "group_id", "question_id")}
database = sqlite3.connect(path)
database.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536")
UPSERT = {}
for table, columns in TABLES.items():
    key = KEYS.get(table, ("id",))
    database.execute(f"CREATE TABLE {table} ({', '.join(f'{quote}{c}{quote}' for c in columns for quote in [chr(34)])}, "
                     f"PRIMARY KEY ({', '.join(key)}))")
    rest = [c for c in columns if c not in key]
    UPSERT[table] = (f"INSERT INTO {table} VALUES ({', '.join('?' * len(columns))}) ON CONFLICT DO UPDATE SET "
                     + ", ".join(f'"{c}" = excluded."{c}"' for c in rest))
for index in ("participants (conversation_id)", "sessions (conversation_id)", "surveys (conversation_id)"):
    database.execute(f"CREATE INDEX ix_{index.split()[0]} ON {index}")


def store(rows):
    with database:
        for table, values in rows.items():
            database.executemany(UPSERT[table], values)


def listing(target, table, row):
    number = 1
    while True:
        page = call("GET", f"{target}pageSize=100&pageNumber={number}")
        store({table: [row(e) for e in page.get("entities", ())]})
        if number >= page.get("pageCount", 1) or not page.get("entities"):
            return
        number += 1


answered = []


def conversations(page):
    rows = {t: [] for t in ("conversations", "participants", "sessions", "segments", "metrics", "conversation_surveys")}
    for c in page.get("conversations", ()):
        cid = c["conversationId"]
        rows["conversations"].append((cid, c["conversationStart"], c.get("conversationEnd"), c.get("originatingDirection"),
                                      ",".join(c.get("divisionIds", ()))))
        for p in c.get("participants", ()):
            pid = p["participantId"]
            rows["participants"].append((pid, cid, p.get("purpose"), p.get("participantName"), p.get("userId"), p.get("teamId"),
                                         p.get("externalContactId")))
            for s in p.get("sessions", ()):
                sid = s["sessionId"]
                rows["sessions"].append((sid, pid, cid, s.get("mediaType"), s.get("direction"), s.get("ani"), s.get("dnis"),
                                         s.get("provider"), s.get("flow", {}).get("flowId")))
                for n, g in enumerate(s.get("segments", ())):
                    rows["segments"].append((sid, n, g.get("segmentStart"), g.get("segmentEnd"), g.get("segmentType"),
                                             g.get("queueId"), g.get("wrapUpCode"), g.get("disconnectType")))
                for n, m in enumerate(s.get("metrics", ())):
                    rows["metrics"].append((sid, n, m.get("name"), m.get("value"), m.get("emitDate")))
        for s in c.get("surveys", ()):
            rows["conversation_surveys"].append((s["surveyId"], cid, s.get("surveyStatus"), s.get("surveyFormId"),
                                                 s.get("surveyCompletedDate"), s.get("surveyPromoterScore"),
                                                 s.get("oSurveyTotalScore")))
        if any(s.get("surveyStatus") == "Finished" for s in c.get("surveys", ())):
            answered.append(cid)
    store(rows)


def iso(t):
    return t.strftime("%Y-%m-%dT%H:%M:%S.000Z")


token = base64.b64encode(b"demo:demo-secret").decode()
headers["Authorization"] = f"Basic {token}"
grant = call("POST", "/oauth/token", "grant_type=client_credentials", "application/x-www-form-urlencoded")
headers["Authorization"] = f"Bearer {grant['access_token']}"

listing("/api/v2/users?state=any&", "users", lambda u: tuple(u.get(k) for k in TABLES["users"]))
listing("/api/v2/routing/queues?", "queues", lambda q: tuple(q.get(k) for k in TABLES["queues"]))
listing("/api/v2/routing/wrapupcodes?", "wrapup_codes", lambda w: (w["id"], w.get("name")))

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
    rows = {"surveys": [], "answers": []}
    for s in call("GET", f"/api/v2/quality/conversations/{cid}/surveys") or ():
        a = s.get("answers") or {}
        rows["surveys"].append((s["id"], cid, s.get("status"), s.get("surveyForm", {}).get("id"), s.get("completedDate"),
                                s.get("agent", {}).get("id"), s.get("queue", {}).get("id"), a.get("totalScore"), a.get("npsScore")))
        for g in a.get("questionGroupScores", ()):
            for q in g.get("questionScores", ()):
                rows["answers"].append((s["id"], g.get("questionGroupId"), q.get("questionId"), q.get("answerId"), q.get("score"),
                                        q.get("npsScore"), q.get("freeTextAnswer") or q.get("npsTextAnswer")))
    store(rows)
