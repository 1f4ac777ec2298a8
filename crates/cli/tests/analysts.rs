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
    let input = desk.file("county.dat", extract(&synthetic("clean", 7, 1500)));
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
