//! The examples of the book for analysts, run as they stand; and the numbers of a run, counted again by queries of our own.
//!
//! A Python with DuckDB and pandas is needed: `cargo xtask unit` makes one and names it in `VACATUR_PYTHON`. Without one
//! these tests say so and look at nothing.

#![allow(clippy::expect_used, clippy::panic)]

mod common;

use common::{Desk, extract, synthetic};
use std::path::Path;
use std::process::{Command, Stdio};

const BOOK: &str = include_str!("../../../docs/src/analysts.md");

/// The Python to use.
fn python() -> Option<std::ffi::OsString> {
    let python = std::env::var_os("VACATUR_PYTHON").filter(|named| named != "none");
    if python.is_none() {
        println!("VACATUR_PYTHON is not set: nothing was looked at (cargo xtask unit sets it)");
    }
    python
}

/// Runs a script in a folder; its standard output.
fn run(python: &std::ffi::OsStr, dir: &Path, script: &str, args: &[&str]) -> String {
    let file = dir.join("script.py");
    std::fs::write(&file, script).expect("a script");
    let ended = Command::new(python)
        .arg(&file)
        .args(args)
        .current_dir(dir)
        .env("PYTHONUTF8", "1")
        .stdin(Stdio::null())
        .output()
        .expect("Python starts");
    let (out, err) = (String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr));
    assert!(ended.status.success(), "{script}\n{out}\n{err}");
    out.into_owned()
}

/// The blocks of the page in a language.
fn blocks(language: &str) -> Vec<&'static str> {
    let open = format!("```{language}\n");
    BOOK.split(open.as_str()).skip(1).filter_map(|rest| rest.split("```").next()).collect()
}

/// A folder with a decided county in `run` and its extract in `extract`.
fn desk() -> Desk {
    let desk = Desk::new();
    let input = desk.file("county.dat", extract(&synthetic("county", 7, 1500)));
    desk.run(&[&input], "run", &[]);
    let made = desk.vacatur(["extract", "run", "--out", "extract", "--k", "5", "--most-lost", "0.1"]);
    assert_eq!(made.code, Some(0), "{}{}", made.out, made.err);
    desk
}

const SQL: &str = "
import duckdb, sys
for query in open(sys.argv[1], encoding='utf-8').read().split('\\0'):
    rows = duckdb.sql(query).fetchall()
    assert rows, query
    print(len(rows))
";

#[test]
fn the_examples_of_the_book_run_as_they_stand() {
    let Some(python) = python() else { return };
    let desk = desk();
    let dir = desk.path("");
    let queries = blocks("sql");
    assert!(queries.len() >= 6);
    std::fs::write(dir.join("queries"), queries.join("\0")).expect("queries");
    let said = run(&python, &dir, SQL, &["queries"]);
    assert_eq!(said.lines().count(), queries.len());
    let scripts = blocks("python");
    assert_eq!(scripts.len(), 1);
    for script in scripts {
        assert!(run(&python, &dir, script, &[]).contains("people of unknown age"));
    }
}

/// The queries are ours: neither the program nor its `--trace` has them.
const AGAIN: &str = r#"
import duckdb, json
people, counts = "'run/people.parquet'", "'run/determinations.parquet'"
said = json.load(open("run/summary.json", encoding="utf-8"))
one = lambda sql: duckdb.sql(sql).fetchall()[0][0]
table = lambda sql: dict(duckdb.sql(sql).fetchall())
same = lambda what, here, there: print(what, here) if here == there else exit(f"{what}: {here} here, {there} in the run")

same("people", one(f"SELECT count(*) FROM {people}"), said["people"]["in_file"])
same("in scope", one(f"SELECT count(DISTINCT subject_id) FROM {counts}"), said["people"]["in_scope"])
same("helped", one(f"SELECT count(DISTINCT subject_id) FROM {counts} WHERE outcome IN ('dismiss','reduce','grant')"), said["people"]["with_relief"])
same("determinations", one(f"SELECT count(*) FROM {counts}"), said["counts"]["determinations"])
by = table(f"SELECT outcome, count(*) FROM {counts} GROUP BY 1")
same("by outcome", by, {name: n for name, n in said["by_outcome"].items() if n})
# Each person's own numbers are those of their lines in the other table, one by one.
names = dict(dismissed="dismiss", reduced="reduce", granted="grant", not_eligible="not_eligible", not_yet="not_yet",
             referred="refer", already_relieved="already_relieved", review="review")
sums = ", ".join(f"coalesce(sum((outcome = '{outcome}')::int), 0)::bigint AS {name}" for name, outcome in names.items())
differ = one(f"""
    SELECT count(*) FROM (SELECT subject_id, {', '.join(names)} FROM {people} WHERE decided > 0) AS p
    FULL JOIN (SELECT subject_id, {sums} FROM {counts} GROUP BY 1) AS d USING (subject_id)
    WHERE {' OR '.join(f'p.{name} IS DISTINCT FROM d.{name}' for name in names)}""")
same("people whose numbers differ", differ, 0)
same("people with more after than before", one(f"SELECT count(*) FROM {people} WHERE convictions_after > convictions OR felonies_after > felonies"), 0)
same("convictions gone", one(f"SELECT sum(convictions - convictions_after)::bigint FROM {people}"), one(f"SELECT count(*) FROM {counts} WHERE outcome = 'dismiss'"))
# The CSV file says the same as the Parquet file.
for name in ("people", "determinations"):
    csv = f"read_csv('run/{name}.csv', all_varchar = true, header = true)"
    columns = [row[0] for row in duckdb.sql(f"DESCRIBE SELECT * FROM 'run/{name}.parquet'").fetchall()]
    cells = lambda table: "SELECT " + ", ".join(f"coalesce(\"{c}\"::varchar, '')" for c in columns) + f" FROM {table}"
    same(f"rows of {name} that differ", one(f"SELECT count(*) FROM ({cells(csv)} EXCEPT ALL {cells(chr(39) + f'run/{name}.parquet' + chr(39))})"), 0)
"#;

#[test]
fn the_numbers_of_a_run_come_out_again_by_other_queries() {
    let Some(python) = python() else { return };
    let desk = desk();
    let said = run(&python, &desk.path(""), AGAIN, &[]);
    assert!(said.lines().count() >= 9, "{said}");
}

/// The promise of an extract, counted by somebody who has the run, the codebook and DuckDB, and shares no code.
const ATTACK: &str = r#"
import duckdb, json, sys
folder, k = sys.argv[1], int(sys.argv[2])
book = json.load(open(f"{folder}/codebook.json", encoding="utf-8"))
assert book["k"] == k
words = {"any": "'any'"}
def band(number, width, first, end):
    return f"""CASE WHEN {number} IS NULL THEN 'not known' WHEN {number} < {first} THEN 'below {first}' WHEN {number} >= {end} THEN '{end} and above'
      ELSE concat({first} + ({number} - {first}) // {width} * {width}, ' to ', {first} + ({number} - {first}) // {width} * {width} + {width - 1}) END"""
ages, years = [(5, 20, 80), (10, 20, 80), (20, 20, 60)], [(5, 1960, 2030), (10, 1960, 2030), (20, 1980, 2020)]
recorded = """CASE WHEN race IN ('HISPANIC','H') THEN 'hispanic' WHEN race IN ('BLACK','B') THEN 'black' WHEN race IN ('WHITE','W') THEN 'white'
  WHEN race IN ('', 'UNKNOWN', 'X') THEN 'not known' WHEN race IN ('AMERICAN INDIAN','I') THEN 'american indian' WHEN race IN ('OTHER','O','other text') THEN 'other'
  WHEN race IN ('GUAMANIAN','HAWAIIAN','PACIFIC ISLANDER','SAMOAN','G','P','S','U') THEN 'pacific islander' ELSE 'asian' END"""
steps = {
  "race": [recorded, f"CASE WHEN {recorded} IN ('hispanic','black','white','not known') THEN {recorded} ELSE 'other' END"],
  "sex": ["CASE sex WHEN 'M' THEN 'male' WHEN 'F' THEN 'female' WHEN '' THEN 'not known' WHEN 'U' THEN 'not known' ELSE 'other' END"],
  "age": [band("age", *one) for one in ages],
  "conviction_year": [band("try_cast(substr(conviction_date, 1, 4) AS int)", *one) for one in years],
  "level": ["CASE WHEN level = '' THEN 'not known' ELSE level END"],
  "section": ["CASE WHEN section = '' THEN 'not known' ELSE trim(split_part(section, '(', 1)) END"],
}
columns = [(column["name"], column["level"], column["at"]) for column in book["known_columns"]]
assert any(at != "any" for _, _, at in columns)
made = ", ".join((f"'any'" if at == "any" else steps[name][level]) + f" AS x_{name}" for name, level, at in columns)
keys, plain = ", ".join(f"x_{name}" for name, _, _ in columns), ", ".join(name for name, _, _ in columns)
duckdb.sql(f"""CREATE TABLE run AS SELECT {keys}, count(DISTINCT subject_id) AS people, count(*) AS n FROM (
  SELECT {made}, subject_id FROM 'run/determinations.parquet' JOIN (SELECT subject_id, race, sex, age FROM 'run/people.parquet') USING (subject_id)) GROUP BY ALL""")
duckdb.sql(f"CREATE TABLE written AS SELECT {plain}, count(*) AS n FROM '{folder}/extract.parquet' GROUP BY ALL")
on = " AND ".join(f"x_{name} = {name}" for name, _, _ in columns)
fewest, least, classes, rows = duckdb.sql(f"SELECT min(people), min(run.n - written.n), count(*), sum(written.n) FROM written LEFT JOIN run ON {on}").fetchall()[0]
assert classes == book["combinations"] and rows == book["rows"], (classes, rows)
assert fewest is not None and fewest >= k and fewest == book["fewest_people_in_a_combination"], fewest
assert least == 0, "a combination lacks rows of the run"
# And what was left out is just what would be too few, or the one more that keeps those company.
out, most = duckdb.sql(f"SELECT count(*), max(people) FROM run ANTI JOIN written ON {on}").fetchall()[0]
assert out == 0 or most < k or book["people_who_lost_a_row"] >= k
unknown = duckdb.sql(f"SELECT count(*) FROM written ANTI JOIN run ON {on}").fetchall()[0][0]
assert unknown == 0, f"{unknown} combinations are not in the run"
print(classes, "combinations,", fewest, "people in the smallest")
"#;

#[test]
fn an_extract_keeps_its_promise_to_somebody_who_counts_again() {
    let Some(python) = python() else { return };
    let desk = desk();
    println!("{}", run(&python, &desk.path(""), ATTACK, &["extract", "5"]));
    let made = desk.vacatur([
        "extract",
        "run",
        "--out",
        "fine",
        "--k",
        "3",
        "--without",
        "county",
        "--most-lost",
        "0.2",
    ]);
    assert_eq!(made.code, Some(0), "{}{}", made.out, made.err);
    println!("{}", run(&python, &desk.path(""), ATTACK, &["fine", "3"]));
}

/// Every query of a report, run where `--trace` says: it gives the number or the table that the report has.
const TRACES: &str = r#"
import duckdb, json, os
report = json.load(open("office/report.json", encoding="utf-8"))
os.chdir("run")
def ask(sql):
    asked = duckdb.sql(sql)
    return [name for name in asked.columns], asked.fetchall()
def number(shown):
    if isinstance(shown, str): return None
    kind, what = next(iter(shown.items()))
    return {"count": lambda: what, "share": lambda: what["count"] / what["of"], "ratio": lambda: what["value"], "word": lambda: what}[kind]()
near = lambda here, there: here == there or (isinstance(here, (int, float)) and isinstance(there, (int, float)) and abs(here - there) < 1e-9)
wrong, cells = [], 0
for figure in report["figures"]:
    names, rows = ask(figure["sql"])
    row = dict(zip(names, rows[0]))
    if len(rows) != 1 or not near(row["value"], number(figure["value"])): wrong.append((figure["id"], row, figure["value"]))
for table in report["tables"]:
    names, rows = ask(table["sql"])
    found = [dict(zip(names, row)) for row in rows]
    for row in table["rows"]:
        there = dict(zip(table["columns"], row["cells"]))
        words = {name: shown["word"] for name, shown in there.items() if isinstance(shown, dict) and "word" in shown and name in names}
        match = [one for one in found if str(one[names[0]]) == row["key"] and all(one[name] == word for name, word in words.items())]
        if len(match) != 1: wrong.append((table["id"], row["key"], len(match))); continue
        for name, shown in there.items():
            if name in names:
                cells += 1
                if not near(match[0][name], number(shown)): wrong.append((table["id"], row["key"], name, match[0][name], shown))
assert not wrong, wrong[:20]
assert len(report["figures"]) >= 14 and len(report["tables"]) >= 20
print(len(report["figures"]), "figures,", len(report["tables"]), "tables,", cells, "cells")
"#;

/// The headline figures by queries of our own: from the determinations where they say it, and not by the people's own numbers.
const HEADLINES: &str = r#"
import duckdb, json
report = json.load(open("office/report.json", encoding="utf-8"))
said = {figure["id"]: next(iter(figure["value"].values())) for figure in report["figures"]}
one = lambda sql: duckdb.sql(sql).fetchall()[0][0]
P, D = "'run/people.parquet'", "'run/determinations.parquet'"
relieved = "outcome IN ('dismiss', 'reduce', 'grant')"
# What a person has left, from the lines of their convictions.
duckdb.sql(f"""CREATE TABLE after AS SELECT p.subject_id, p.complete, p.convictions, p.felonies,
    p.convictions - count(*) FILTER (d.outcome = 'dismiss') AS left_all,
    p.felonies - count(*) FILTER (d.outcome IN ('dismiss', 'reduce') AND d.level = 'felony') AS left_felonies,
    p.level_unknown - count(*) FILTER (d.outcome IN ('dismiss', 'reduce') AND d.level = '') AS left_unknown,
    bool_or(d.{relieved}) AS helped, bool_or(d.outcome = 'review') AS review
  FROM {P} AS p JOIN {D} AS d USING (subject_id) GROUP BY p.subject_id, p.complete, p.convictions, p.felonies, p.level_unknown""")
again = {
  "people_in_file": one(f"SELECT count(DISTINCT subject_id) FROM {P}"),
  "people_in_scope": one("SELECT count(*) FROM after"),
  "people_helped": one(f"SELECT count(DISTINCT subject_id) FROM {D} WHERE {relieved}"),
  "convictions_decided": one(f"SELECT count(*) FROM {D}"),
  "convictions_relieved": one(f"SELECT count(*) FROM {D} WHERE {relieved}"),
  "convictions_dismissed": one(f"SELECT count(*) FROM {D} WHERE outcome = 'dismiss'"),
  "convictions_reduced": one(f"SELECT count(*) FROM {D} WHERE outcome = 'reduce'"),
  "convictions_in_review": one(f"SELECT count(*) FROM {D} WHERE outcome = 'review'"),
  "people_felony_free": one("SELECT count(*) FROM after WHERE complete = 'yes' AND felonies > 0 AND left_felonies = 0 AND left_unknown = 0"),
  "people_record_free": one("SELECT count(*) FROM after WHERE complete = 'yes' AND convictions > 0 AND left_all = 0"),
  "people_undecided": one("SELECT count(*) FROM after WHERE review AND NOT helped"),
  "rows": json.load(open("run/summary.json", encoding="utf-8"))["counts"]["rows_in"],
  "rejects": json.load(open("run/summary.json", encoding="utf-8"))["counts"]["rejects"],
}
wrong = {name: (value, said[name]) for name, value in again.items() if said[name] != value}
share = said["people_helped_share"]
if (share["count"], share["of"]) != (again["people_helped"], again["people_in_scope"]): wrong["people_helped_share"] = share
rest = set(said) - set(again) - {"people_helped_share"}
assert not wrong and not rest, (wrong, rest)
assert again["people_felony_free"] > 0 and again["people_undecided"] > 0
print(again)
"#;

/// The simplest attack on a published report: a total less all that is shown, where one line alone is withheld.
const SUBTRACT: &str = r#"
import json
public, office = (json.load(open(f"{name}/report.json", encoding="utf-8")) for name in ("public", "office"))
least, small, withheld, told = public["disclosure"]["least"], 0, 0, []
count = lambda shown: shown.get("count") if isinstance(shown, dict) else None
for table, whole in zip(public["tables"], office["tables"]):
    assert table["id"] == whole["id"] and len(table["rows"]) == len(whole["rows"])
    # What is withheld stands at the end of a public table: its rank would say how much it is.
    words = lambda row: (row["key"], *(cell["word"] for cell in row["cells"] if isinstance(cell, dict) and "word" in cell))
    of = {words(row): row for row in whole["rows"]}
    rows = [of[words(row)] for row in table["rows"]]
    assert len(of) == len(rows)
    for at, column in enumerate(table["columns"]):
        true = [count(row["cells"][at]) for row in rows]
        seen = [count(row["cells"][at]) for row in table["rows"]]
        for row, mine, theirs in zip(table["rows"], true, seen):
            assert theirs is None or theirs == mine
            if mine is not None and 0 < mine < least:
                small += 1
                assert theirs is None, (table["id"], row["key"], column)
        withheld += sum(theirs is None and mine is not None for mine, theirs in zip(true, seen))
        total = table["total"] and count(table["total"]["cells"][at])
        hidden = [mine for mine, theirs in zip(true, seen) if theirs is None and mine is not None]
        adds_up = total is not None and None not in true and total == sum(true)
        if adds_up and len(hidden) == 1: told.append((table["id"], column, hidden))
assert not told, told
assert small > 0 and withheld > small
print(small, "small numbers,", withheld, "withheld in all")
"#;

#[test]
fn the_numbers_of_a_report_come_out_again() {
    let Some(python) = python() else { return };
    let desk = desk();
    for (out, more) in [("office", vec!["--internal"]), ("public", vec![])] {
        let made = desk.vacatur(["report", "run", "--out", out].iter().chain(&more));
        assert_eq!(made.code, Some(0), "{}{}", made.out, made.err);
    }
    for script in [TRACES, HEADLINES, SUBTRACT] {
        println!("{}", run(&python, &desk.path(""), script, &[]));
    }
}
