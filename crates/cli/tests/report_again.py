"""Asks DuckDB every query of a report, in the folder of the run, and holds the answers against the report's numbers."""

import json
import sys

import duckdb

report = json.load(open(sys.argv[1], encoding="utf-8"))
wrong = []


def number(shown):
    """A cell's number or word; None where the report says nothing."""
    if shown == "nothing":
        return None
    kind, value = next(iter(shown.items()))
    return {
        "count": lambda: value,
        "word": lambda: value,
        "share": lambda: value["count"] / value["of"],
        "ratio": lambda: value["value"],
    }[kind]()


def same(one, other):
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return abs(one - other) < 1e-9
    return one == other


for figure in report["figures"]:
    answer = duckdb.sql(figure["sql"])
    found = answer.fetchall()[0][answer.columns.index("value")]
    if not same(found, number(figure["value"])):
        wrong.append(f"{figure['id']}: {found} and {figure['value']}")

for table in report["tables"]:
    answer = duckdb.sql(table["sql"])
    # A reason may be given for two outcomes: the key is both.
    double = table["id"] == "reasons"
    found = {}
    for row in answer.fetchall():
        row = dict(zip(answer.columns, row))
        found[(row[answer.columns[0]], row["outcome"] if double else None)] = row
    shown = {}
    for row in table["rows"]:
        cells = dict(zip(table["columns"], map(number, row["cells"])))
        shown[(row["key"], cells["outcome"] if double else None)] = cells
    if found.keys() != shown.keys():
        wrong.append(f"{table['id']}: the rows differ: {found.keys() ^ shown.keys()}")
        continue
    for key, cells in shown.items():
        for column, value in cells.items():
            if not same(found[key][column], value):
                wrong.append(f"{table['id']} {key} {column}: {found[key][column]} and {value}")

for line in wrong:
    print(line)
print(f"{len(report['figures']) + len(report['tables'])} queries, {len(wrong)} differ")
