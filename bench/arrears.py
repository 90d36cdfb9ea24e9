#!/usr/bin/env python3
"""The day's list of arrears among 100,000 accounts, beside a bare query on the same table.

Fills the migration's own table in a scratch database and asks what the page asks (a page of
50, and the counts of all filters), in turn with a bare keyset page. The conditions are read
from the room's store, so that what is measured is what runs. The bar is 200 ms for both.
"""
import datetime
import pathlib
import random
import re
import sqlite3
import statistics
import time

HERE = pathlib.Path(__file__).resolve().parent.parent
ACCOUNTS, ROUNDS, BAR_MS = 100_000, 20, 200.0
TODAY = datetime.date(2026, 11, 27)


def fill(db):
    db.executescript((HERE / "migrations/sqlite/0025_arrears.sql").read_text())
    chance, days = random.Random(7), datetime.timedelta
    rows = []
    for i in range(ACCOUNTS):
        # Nine of ten are a month overdue: worse than any compound.
        due = TODAY - days(chance.randint(-20, 300))
        scope = due + days(31)
        deadline = max(scope, TODAY - days(chance.randint(-2, 20))) + days(14)
        promised = None if i % 9 else str(TODAY - days(2))
        rows.append((1, f"{i:026d}", f"3-2-{i}", f"{i:08d}".encode(), str(i % 40), str(due),
                     chance.randint(100, 900_000), str(due), str(scope), None, None, promised,
                     None, "", str(deadline), str(deadline), str(deadline - days(3)),
                     str(deadline + days(30)), str(due + days(1_095)), "", 0, str(due)))
    marks = ",".join("?" * len(rows[0]))
    db.executemany(f"INSERT INTO arrears_account VALUES ({marks})", rows)
    db.commit()
    db.execute("ANALYZE")


def conditions():
    text = (HERE / "house/archive/arrears/src/store/lists.rs").read_text()
    text = re.sub(r"\\\n\s+", "", text)
    found = re.findall(r'Show::\w+ => (?:\{\s*)?"([^"]*)"', text)
    return [c.replace("$", "?") for c in found]


def main():
    db = sqlite3.connect(":memory:")
    fill(db)
    all_of_them = conditions()
    assert len(all_of_them) == 11, all_of_them
    used = "AND ?3 <> '' AND ?4 <> ''"
    sums = ", ".join(f"SUM(CASE WHEN {c} THEN 1 ELSE 0 END)" for c in all_of_them)
    asked = {
        "page": f"SELECT a.* FROM arrears_account a WHERE a.community = ?1 {used} "
                f"AND {all_of_them[0]} ORDER BY a.deadline, a.room LIMIT 51",
        "counts": f"SELECT {sums} FROM arrears_account a WHERE a.community = ?1 "
                  "AND a.scope_from <= ?4 AND ?3 <> ''",
        "bare": f"SELECT a.room, a.deadline FROM arrears_account a WHERE a.community = ?1 {used} "
                "AND ?2 <> '' ORDER BY a.deadline, a.room LIMIT 51",
    }
    days = datetime.timedelta
    given = (1, str(TODAY), str(TODAY + days(180)), str(TODAY + days(32)))
    took = {name: [] for name in asked}
    for _ in range(ROUNDS):
        for name, sql in asked.items():
            begun = time.perf_counter()
            db.execute(sql, given).fetchall()
            took[name].append((time.perf_counter() - begun) * 1_000)
    middle = {name: statistics.median(all_ms) for name, all_ms in took.items()}
    ours = middle["page"] + middle["counts"]
    print("| the day's list of arrears, 100,000 accounts | ms |\n|---|---|")
    for name, ms in middle.items():
        print(f"| {name} | {ms:.2f} |")
    print(f"| page and counts, bar {BAR_MS:.0f} | {ours:.1f} |")
    raise SystemExit(0 if ours < BAR_MS else 1)


if __name__ == "__main__":
    main()
