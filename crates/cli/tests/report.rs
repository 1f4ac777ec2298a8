//! `vacatur report`: its numbers, what it withholds, and what it says when it cannot be made.

#![allow(clippy::expect_used, clippy::panic)]

mod common;

use common::{Desk, conviction, extract, row, synthetic, with};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

fn desk(profile: &str, people: u64) -> Desk {
    let desk = Desk::new();
    let input = desk.file("county.dat", extract(&synthetic(profile, 7, people)));
    desk.run(&[&input], "run", &[]);
    desk
}

fn report(desk: &Desk, out: &str, more: &[&str]) -> Value {
    let mut args = vec!["report", "run", "--out", out];
    args.extend(more);
    let said = desk.vacatur(&args);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    let bytes = std::fs::read(desk.path(out).join("report.json")).expect("a report");
    serde_json::from_slice(&bytes).expect("JSON")
}

fn list<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    value[name].as_array().map_or(&[], Vec::as_slice)
}

fn table<'r>(report: &'r Value, id: &str) -> &'r Value {
    list(report, "tables").iter().find(|table| table["id"] == id).unwrap_or_else(|| panic!("no table {id}"))
}

/// The count in a cell, if it is shown.
fn count(cell: &Value) -> Option<i64> {
    cell["count"].as_i64().or_else(|| cell["share"]["count"].as_i64())
}

/// All rows of a table with its total, key and cells.
fn rows(table: &Value) -> Vec<(String, &[Value])> {
    let total = table["total"].is_object().then_some(&table["total"]);
    let of = |row: &'_ Value, key: Option<&str>| {
        key.map_or_else(|| row["key"].as_str().unwrap_or("").to_owned(), str::to_owned)
    };
    let mut all: Vec<(String, &[Value])> =
        list(table, "rows").iter().map(|row| (of(row, None), list(row, "cells"))).collect();
    // A reason may be given for two outcomes.
    for (key, cells) in &mut all {
        if let Some(word) = cells.first().and_then(|cell| cell["word"].as_str()) {
            key.push_str(word);
        }
    }
    all.extend(total.map(|row| (of(row, Some("TOTAL")), list(row, "cells"))));
    all
}

#[test]
fn the_figures_of_a_county() {
    let desk = desk("clean", 1500);
    report(&desk, "all", &["--internal"]);
    let read = |name: &str| std::fs::read_to_string(desk.path("all").join(name)).expect("a table");
    insta::assert_snapshot!("figures", read("figures.csv"));
    insta::assert_snapshot!("race", read("table-race.csv"));
    insta::assert_snapshot!("felony_free_age", read("table-felony_free_age.csv"));
    insta::assert_snapshot!("disparity_race", read("table-disparity_race.csv"));
    insta::assert_snapshot!("statute", read("table-statute.csv"));
}

#[test]
fn no_small_number_is_in_a_public_report() {
    let desk = desk("county", 1200);
    let public = report(&desk, "public", &[]);
    assert_eq!(public["disclosure"]["public"], true);
    assert!(public["disclosure"]["small"].as_u64() > Some(20), "the county is too large to test this");
    let mut looked = 0;
    let mut look = |value: &Value| {
        for number in [&value["count"], &value["share"]["count"], &value["share"]["of"]] {
            if let Some(number) = number.as_u64() {
                assert!(number == 0 || number >= 11, "{value}");
                looked += 1;
            }
        }
    };
    for figure in list(&public, "figures") {
        if !["rows", "rejects"].iter().any(|id| figure["id"] == *id) {
            look(&figure["value"]);
        }
    }
    for table in list(&public, "tables") {
        for (_, cells) in rows(table) {
            cells.iter().for_each(&mut look);
        }
    }
    assert!(looked > 200, "{looked}");
    // The same in the tables for spreadsheets.
    for name in common::names(&desk.path("public")) {
        if name.starts_with("table-") {
            let text = std::fs::read_to_string(desk.path("public").join(&name)).expect("a table");
            let mut reader = csv::Reader::from_reader(text.as_bytes());
            for record in reader.records() {
                for cell in record.expect("a row").iter().skip(1) {
                    let small = cell.parse::<u64>().is_ok_and(|number| number > 0 && number < 11);
                    assert!(!small, "{name}: {cell}");
                }
            }
        }
    }
}

/// Rows are in the order of their numbers, the most first: between which numbers a withheld one lies must not be told by its place.
#[test]
fn the_place_of_a_row_does_not_tell_its_number() {
    let desk = desk("county", 1200);
    let public = report(&desk, "public", &[]);
    for id in ["sections", "counties", "agencies"] {
        let rows = list(table(&public, id), "rows");
        let hidden: Vec<&Value> = rows.iter().skip_while(|row| count(&row["cells"][0]).is_some()).collect();
        assert!(!hidden.is_empty() || id != "sections");
        assert!(hidden.iter().all(|row| count(&row["cells"][0]).is_none()), "{id}");
        assert!(hidden.is_sorted_by_key(|row| row["key"].as_str()), "{id}");
    }
}

/// Somebody who knows what the columns mean subtracts whatever can be subtracted, again and again.
#[test]
fn small_numbers_cannot_be_worked_out_by_subtracting() {
    for people in [300, 1500] {
        let desk = desk("county", people);
        let public = report(&desk, "public", &[]);
        let all = report(&desk, "internal", &["--internal"]);
        let mut known: BTreeMap<String, i64> = BTreeMap::new();
        let mut truth: BTreeMap<String, i64> = BTreeMap::new();
        let mut sums: Vec<(String, Vec<String>)> = Vec::new();
        for figure in list(&public, "figures") {
            if let Some(number) = count(&figure["value"]) {
                known.insert(figure["id"].as_str().expect("a name").to_owned(), number);
            }
        }
        for (shown, whole) in list(&public, "tables").iter().zip(list(&all, "tables")) {
            let id = shown["id"].as_str().expect("a name");
            let columns: Vec<&str> = list(shown, "columns").iter().filter_map(Value::as_str).collect();
            let name = |key: &str, column: &str| format!("{id}/{key}/{column}");
            for (of, numbers) in [(shown, &mut known), (whole, &mut truth)] {
                for (key, cells) in rows(of) {
                    for (column, cell) in columns.iter().zip(cells).filter(|it| !it.0.starts_with("share")) {
                        numbers.extend(count(cell).map(|number| (name(&key, column), number)));
                    }
                }
            }
            for (key, _) in rows(shown) {
                let mut within = |total: &str, parts: &[&str]| {
                    if [total].iter().chain(parts).all(|column| columns.contains(column)) {
                        sums.push((name(&key, total), parts.iter().map(|part| name(&key, part)).collect()));
                    }
                };
                within("convictions", &["relieved", "review", "other"]);
                within("free_after", &["free_before", "gained"]);
                if id == "statute" {
                    let parts: Vec<&str> =
                        columns.iter().copied().filter(|it| *it != "convictions").collect();
                    within("convictions", &parts);
                }
                // In scope are those of whom it is known and those of whom it cannot be told.
                if let Some(dimension) = id.strip_prefix("felony_free_").or(id.strip_prefix("record_free_")) {
                    let scope = format!("{dimension}/{key}/in_scope");
                    sums.push((scope, vec![name(&key, "people"), name(&key, "cannot_tell")]));
                }
            }
            let keys: Vec<String> =
                rows(shown).into_iter().map(|(key, _)| key).filter(|key| key != "TOTAL").collect();
            for column in &columns {
                let additive = !column.starts_with("share")
                    && !["counties", "agencies", "undecided", "outcomes"].contains(&id)
                    || ["convictions", "relieved", "review", "other"].contains(column) && id != "undecided";
                if additive && id != "funnel" && shown["total"].is_object() {
                    let parts = keys.iter().map(|key| name(key, column)).collect();
                    sums.push((name("TOTAL", column), parts));
                }
                if id == "outcomes" && *column == "convictions" {
                    sums.push((
                        "convictions_decided".into(),
                        keys.iter().map(|key| name(key, column)).collect(),
                    ));
                }
            }
        }
        let before = known.len();
        loop {
            let round = known.len();
            for (total, parts) in &sums {
                let unknown: Vec<&String> =
                    parts.iter().chain([total]).filter(|name| !known.contains_key(*name)).collect();
                if let [one] = unknown.as_slice() {
                    let of = |name: &String| known.get(name).copied().unwrap_or(0);
                    let found = if *one == total {
                        parts.iter().map(of).sum()
                    } else {
                        of(total) - parts.iter().map(of).sum::<i64>()
                    };
                    known.insert((*one).clone(), found);
                }
            }
            if known.len() == round {
                break;
            }
        }
        assert!(sums.len() > 100 && before > 100, "{} {before}", sums.len());
        for (name, number) in &known {
            // Which agencies stand together is another matter where all is shown.
            if let Some(true_number) = truth.get(name).filter(|_| !name.starts_with("agencies/")) {
                assert_eq!(number, true_number, "{people} people: the test's own sums are wrong at {name}");
            }
            let plain = ["rows", "rejects"].contains(&name.as_str());
            assert!(
                plain || *number == 0 || *number >= 11,
                "{people} people: {name} was worked out: {number}"
            );
        }
    }
}

/// The Python that `cargo xtask unit` makes.
fn python() -> Option<std::ffi::OsString> {
    let python = std::env::var_os("VACATUR_PYTHON").filter(|named| named != "none");
    if python.is_none() {
        println!("VACATUR_PYTHON is not set: nothing was looked at (cargo xtask unit sets it)");
    }
    python
}

const AGAIN: &str = include_str!("report_again.py");

#[test]
fn every_query_gives_its_number_again() {
    let Some(python) = python() else { return };
    let desk = desk("county", 2000);
    let again = desk.file("again.py", AGAIN);
    for more in [&[][..], &["--county", "Los Angeles"]] {
        let out = format!("internal{}", more.len());
        let mut args = vec!["--internal"];
        args.extend(more);
        let made = report(&desk, &out, &args);
        let ended = Command::new(&python)
            .arg(&again)
            .arg(desk.path(&out).join("report.json"))
            .current_dir(desk.path("run"))
            .stdin(Stdio::null())
            .output()
            .expect("Python starts");
        let said = String::from_utf8_lossy(&ended.stdout).into_owned();
        assert!(ended.status.success(), "{said}{}", String::from_utf8_lossy(&ended.stderr));
        let numbers = list(&made, "figures").len() + list(&made, "tables").len();
        assert_eq!(said.trim(), format!("{numbers} queries, 0 differ"));
    }
}

#[test]
fn a_trace_is_the_query_of_the_report() {
    let desk = desk("clean", 300);
    let made = report(&desk, "all", &["--internal"]);
    let names = desk.vacatur(["report", "run", "--trace", "list"]);
    assert!(names.out.lines().any(|name| name == "table.race"), "{}", names.out);
    for name in names.out.lines() {
        let said = desk.vacatur(["report", "run", "--trace", name]);
        let of = name.strip_prefix("table.").map_or_else(
            || list(&made, "figures").iter().find(|figure| figure["id"] == name).expect("a figure"),
            |id| table(&made, id),
        );
        assert!(said.out.contains(of["sql"].as_str().expect("a query")), "{name}");
        let (_, meaning) = said.out.lines().next().and_then(|line| line.split_once(": ")).expect("a meaning");
        assert!(!meaning.is_empty(), "{name}");
    }
    let wrong = desk.vacatur(["report", "run", "--trace", "people_helpt"]);
    assert_eq!(wrong.code, Some(2));
    assert_eq!(
        wrong.err.trim(),
        "error: there is no figure or table `people_helpt`; did you mean people_helped?"
    );
}

#[test]
fn a_report_of_hardly_anybody() {
    let nobody = with(conviction("1001", "101001001000", "459 PC-BURGLARY", "20010101"), &[]);
    let blank = with(
        conviction("1001", "101001001000", "11358 HS-CULTIVATE", "20010101"),
        &[("RACE_DESCR", ""), ("GENDER", ""), ("RACE_CODE", "")],
    );
    for (rows, helped, scope) in
        [(vec![nobody], 0, 0), (vec![blank], 1, 1), (vec![row(&[("SUBJECT_ID", "7")])], 0, 0)]
    {
        let desk = Desk::new();
        desk.run_rows(&rows, "run", &[]);
        let all = report(&desk, "all", &["--internal"]);
        let value = |id: &str| {
            let figure = list(&all, "figures").iter().find(|figure| figure["id"] == id).expect("a figure");
            figure["value"].clone()
        };
        assert_eq!(count(&value("people_helped")), Some(helped));
        assert_eq!(count(&value("people_in_scope")), Some(scope));
        assert_eq!(value("people_helped_share") == "nothing", scope == 0, "a share of nobody says nothing");
        let public = report(&desk, "public", &[]);
        let shown = |id: &str| {
            list(&public, "figures").iter().find(|figure| figure["id"] == id).expect("a figure")["value"]
                .clone()
        };
        assert_eq!(shown("people_in_file"), "withheld");
        assert_eq!(shown("people_helped") == "withheld", helped > 0);
    }
}

#[test]
fn without_race_there_is_a_row_for_what_is_not_recorded() {
    let rows: Vec<_> = synthetic("clean", 3, 200)
        .into_iter()
        .map(|row| with(row, &[("RACE_DESCR", ""), ("RACE_CODE", "")]))
        .collect();
    let desk = Desk::new();
    desk.run_rows(&rows, "run", &[]);
    let made = report(&desk, "all", &["--internal"]);
    let race = table(&made, "race");
    assert_eq!(list(race, "rows").len(), 1);
    assert_eq!(list(race, "rows")[0]["key"], "");
    assert!(list(race, "notes").iter().any(|note| note == "race_not_recorded"));
    assert!(!list(&made, "tables").iter().any(|table| table["id"] == "disparity_race"));
}

#[test]
fn what_cannot_be_reported_is_said() {
    let desk = desk("clean", 100);
    let run = desk.path("run");
    let refused = |args: &[&str]| {
        let said = desk.vacatur(args);
        assert_eq!(said.code, Some(2), "{}{}", said.out, said.err);
        said.err.replace(&desk.path("").display().to_string(), "DESK/").trim().to_owned()
    };
    let mut said = vec![refused(&["report", "nowhere"])];
    said.push(refused(&["report", "run", "--county", "los angles", "--internal"]));
    said.push(refused(&["report", "run", "--county", "los angeles"]));
    said.push(refused(&["report", "run", "--county", "modoc", "--internal"]));
    std::fs::create_dir(desk.path("there")).expect("a folder");
    said.push(refused(&["report", "run", "--out", "there"]));
    // Sealed: the manifest has another name.
    std::fs::create_dir(desk.path("sealed")).expect("a folder");
    std::fs::write(desk.path("sealed").join("manifest.json.age"), "x").expect("a file");
    said.push(refused(&["report", "sealed"]));
    // Another person's line, put there after the run.
    let people = run.join("people.parquet");
    let bytes = std::fs::read(&people).expect("people");
    std::fs::write(&people, [&bytes[..], b"x"].concat()).expect("people");
    said.push(refused(&["report", "run"]));
    std::fs::write(&people, &bytes).expect("people");
    // A run whose own files contradict each other, though every hash is right.
    let path = run.join("manifest.json");
    let manifest = std::fs::read_to_string(&path).expect("a manifest");
    std::fs::write(&path, manifest.replace("\"people\": 100", "\"people\": 101")).expect("a manifest");
    said.push(refused(&["report", "run"]));
    // A run of an older version.
    std::fs::write(&path, manifest.replace("people.parquet", "persons.parquet")).expect("a manifest");
    said.push(refused(&["report", "run"]));
    std::fs::write(&path, "{}").expect("a manifest");
    said.push(refused(&["report", "run"]));
    insta::assert_snapshot!("refusals", said.join("\n"));
    assert!(
        !desk.names().iter().any(|name| name.ends_with("-report")),
        "nothing is left of a refused report"
    );
}

#[test]
fn the_same_run_gives_the_same_report() {
    let desk = desk("county", 500);
    report(&desk, "one", &[]);
    report(&desk, "two", &[]);
    for name in common::names(&desk.path("one")) {
        let [one, two] = ["one", "two"].map(|out| std::fs::read(desk.path(out).join(&name)).expect("a file"));
        assert!(one == two, "{name}");
    }
    let manifest: Value =
        serde_json::from_slice(&std::fs::read(desk.path("one").join("manifest.json")).expect("it"))
            .expect("JSON");
    for output in list(&manifest, "outputs") {
        let path = desk.path("one").join(output["name"].as_str().expect("a name"));
        assert!(Path::new(&path).is_file());
    }
}
