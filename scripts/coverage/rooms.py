"""Prints gcovr's JSON summary room by room: rooms.py coverage.json."""

import collections
import json
import sys

COUNTS = ("line_covered", "line_total", "branch_covered", "branch_total")

rooms = collections.defaultdict(collections.Counter)
for file in json.load(open(sys.argv[1]))["files"]:
    parts = file["filename"].split("/")  # src/ROOM/…
    for room in (parts[1] if len(parts) > 2 else "main", "all"):
        rooms[room].update({name: file[name] for name in COUNTS})


def share(covered, total):
    return f"{100 * covered / total:6.1f} %" if total else "       -"


print(f"\n{'room':<12}{'lines':>8}{'run':>10}{'branches':>11}{'taken':>10}")
for room in sorted(rooms, key=lambda name: (name == "all", name)):
    lines_run, lines, taken, branches = (rooms[room][name] for name in COUNTS)
    print(f"{room:<12}{lines:>8}{share(lines_run, lines):>10}{branches:>11}{share(taken, branches):>10}")
