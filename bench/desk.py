#!/usr/bin/env python3
"""The work list among 1,000,000 tickets, beside the same list among 10,000.

Fills the migration's own table in a scratch database and asks what the page asks: a page of 51
behind each filter, and its total, which for most stands in the tally. The conditions and the order
are read from the room's store, so that what is measured is what runs. The bar is 100 ms for the
slowest list, and 1.3 between the sizes (or less than a millisecond apart, which nobody sees).
"""
import pathlib
import random
import re
import sqlite3
import statistics
import time

HERE = pathlib.Path(__file__).resolve().parent.parent
MANY, FEW, ROUNDS, BAR_MS, RATIO = 1_000_000, 10_000, 25, 100.0, 1.3
NOW = 1_790_000_000_000
# A compound has so many open at a time, whatever lies behind it.
OPEN = 3_000
STATES = ["new", "triaged", "assigned", "accepted", "in_progress", "waiting", "resolved", "reopened"]
OVER = ["closed", "closed", "closed", "closed", "confirmed", "declined", "cancelled", "merged"]


def columns():
    text = (HERE / "migrations/sqlite/0035_desk.sql").read_text()
    table = re.search(r"CREATE TABLE desk_ticket \((.*?)\n\) STRICT", text, re.S).group(1)
    lines = [line.strip() for line in table.splitlines()]
    return [line.split()[0] for line in lines if line and not line.startswith(("--", "PRIMARY"))]


def fill(path, n):
    db = sqlite3.connect(path)
    db.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
    db.executescript((HERE / "migrations/sqlite/0035_desk.sql").read_text())
    chance, names = random.Random(7), columns()
    hour = 3_600_000

    def row(i):
        is_open = i >= n - OPEN
        state = chance.choice(STATES if is_open else OVER)
        at = NOW - (n - i) * 60_000
        due = at + chance.randint(1, 72) * hour if is_open and state != "resolved" else 2**63 - 1
        category = chance.randrange(24)
        given = state not in ("new", "triaged", "reopened")
        values = {
            "community": 1, "id": f"{i:016d}", "year": 2026, "number": i + 1,
            "kind": chance.choice(["repair", "repair", "enquiry"]),
            "category": f"k{category:015d}", "priority": chance.choice(["normal"] * 8 + ["urgent", "emergency"]),
            "source": "owner", "state": state, "open": int(is_open), "outcome": "", "whose": f"{i:016d}",
            "words": "x" * 120, "phone": "", "reporter_name": "", "room": f"r{i % 1200:015d}",
            "room_code": "3-2-1801", "building": str(chance.randrange(30)), "place": "", "reporter": f"p{i % 2000:015d}",
            "reporter_account": f"a{i % 2000:015d}", "taken_by": None, "team": f"t{category % 3:015d}",
            "assignee": f"w{i % 12:015d}" if given else None, "assignee_name": "", "worker": None,
            "subject": None, "outside": "", "veil": 0, "incident": None, "is_incident": 0,
            "households": 1, "opened_at": at, "since": at, "state_at": at, "waits_for": "",
            "waits_until": None, "accept_by": None, "price_fen": None, "price_yes_at": None,
            "rating": None, "silent": 0, "reopened": 0, "look_at": due if is_open else None,
            "due_at": due, "version": 1,
        }
        return tuple(values[name] for name in names)

    marks = ",".join("?" * len(names))
    db.executemany(f"INSERT INTO desk_ticket ({','.join(names)}) VALUES ({marks})", map(row, range(n)))
    for step in ("0036_desk_tally", "0040_desk_second_filter"):
        db.executescript((HERE / f"migrations/sqlite/{step}.sql").read_text())
    db.commit()
    db.execute("ANALYZE")
    return db


def conditions():
    """The store's own conditions by the name of the column."""
    text = (HERE / "house/service/desk/src/store/lists.rs").read_text()
    found = {m.group(1): m.group(0) for m in re.finditer(r't\.(\w+) (?:=|<=|<) \?', text)}
    orders = re.findall(r'"(t\.due_at, t\.id|t\.id DESC|t\.due_at DESC, t\.id DESC)"', text)
    assert {"open", "state", "kind", "category", "team", "building", "assignee"} <= set(found), found
    assert set(orders) == {DUE, NEWEST, BY_AGE}, orders
    assert "UNION ALL" in text and "tickets FROM desk_tally" in text, "the store asks otherwise"
    return found


DUE, NEWEST, BY_AGE = "t.due_at, t.id", "t.id DESC", "t.due_at DESC, t.id DESC"
NARROWING = ("kind", "priority", "category", "team", "building", "assignee")


def asked():
    """Each list's statement and that of its total, as `store::lists` writes them."""
    c = conditions()
    lists = {
        "open": (DUE, [("open", 1)]),
        "overdue": (DUE, [("open", 1), ("due_at", NOW)]),
        "new": (DUE, [("state", "new")]),
        "pool": (DUE, [("state", "triaged")]),
        "repairs": (DUE, [("open", 1), ("kind", "repair")]),
        "a category": (DUE, [("open", 1), ("category", f"k{3:015d}")]),
        "a building": (DUE, [("open", 1), ("building", "7")]),
        "a building's urgent": (DUE, [("open", 1), ("building", "7"), ("priority", "urgent")]),
        "a building's closed": (DUE, [("state", "closed"), ("open", 0), ("building", "7")]),
        "a team": (DUE, [("open", 1), ("team", f"t{1:015d}")]),
        "somebody's": (DUE, [("open", 1), ("assignee", f"w{5:015d}")]),
        "all": (NEWEST, []),
        "all repairs": (NEWEST, [("kind", "repair")]),
        "all of a building": (NEWEST, [("building", "7")]),
        "all of one urgency": (NEWEST, [("priority", "normal")]),
        "all of a category": (NEWEST, [("category", f"k{3:015d}")]),
        "all of a building's urgent": (NEWEST, [("building", "7"), ("priority", "urgent")]),
        "all of a team's urgent": (NEWEST, [("team", f"t{1:015d}"), ("priority", "urgent")]),
        "all of a building's category": (NEWEST, [("building", "7"), ("category", f"k{3:015d}")]),
    }
    for name, (order, filters) in lists.items():
        given = dict(filters)
        base = "t.community = 1" + ("" if "assignee" in given else " AND t.veil = 0")
        where = " AND ".join([base] + [c[column].replace("<=", "=") for column, _ in filters])
        values = [value for _, value in filters]
        select = "SELECT t.* FROM desk_ticket t WHERE"
        if order == NEWEST and any(column in given for column in NARROWING):
            half = "SELECT * FROM (" + select + " {} AND t.open = {} ORDER BY {} LIMIT 51) h"
            page = half.format(where, 1, NEWEST) + " UNION ALL " + half.format(
                f"{where} AND t.due_at = {2**63 - 1}", 0, BY_AGE) + " ORDER BY id DESC LIMIT 51"
            page = (page, values + values)
        else:
            page = (f"{select} {where} ORDER BY {order} LIMIT 51", values)
        # Which totals the room counts one by one (`Query::is_tallied`).
        total = (f"SELECT COUNT(*) FROM desk_ticket t WHERE {where}", values)
        if name not in ("overdue", "somebody's"):
            row = [given.get(column, "*") for column in ("priority", "building", "category", "team")]
            total = ("SELECT state, kind, tickets FROM desk_tally WHERE community = 1 AND veil = 0 "
                     "AND priority = ? AND building = ? AND category = ? AND team = ?", row)
        yield name, page, total


def main():
    import tempfile
    with tempfile.TemporaryDirectory(prefix="linli-desk-") as folder:
        sizes = {n: fill(f"{folder}/{n}.sqlite", n) for n in (FEW, MANY)}
        print(f"| the work list ({OPEN:,} open) | {FEW:,} | {MANY:,} | ratio |\n|---|---|---|---|")
        worst, apart = 0.0, []
        for name, page, total in asked():
            took = {n: [] for n in sizes}
            for _ in range(ROUNDS):
                for n, db in sizes.items():
                    begun = time.perf_counter()
                    rows = db.execute(*page).fetchall()
                    db.execute(*total).fetchall()
                    took[n].append((time.perf_counter() - begun) * 1_000)
            few, many = (statistics.median(took[n]) for n in (FEW, MANY))
            assert rows, f"{name} finds nothing"
            ratio = many / few
            worst = max(worst, many)
            if ratio > RATIO and many - few > 1.0:
                apart.append(name)
            print(f"| {name} | {few:.2f} ms | {many:.2f} ms | {ratio:.2f} |")
        print(f"| slowest, bar {BAR_MS:.0f} ms | | {worst:.2f} ms | |")
    raise SystemExit(1 if worst > BAR_MS or apart else 0)


if __name__ == "__main__":
    main()
