//! A published report, attacked by somebody who has all of its tables and knows how they hang together.
//!
//! The sums are written down here a second time, from what the columns mean. If the report forgot one when it chose what to
//! withhold, this attack finds the number.

#![allow(clippy::expect_used, clippy::panic)]

mod common;

use common::{Desk, extract, synthetic};
use serde_json::Value;
use std::collections::BTreeMap;
use vacatur_disclosure::{Cell, Cells, Withheld, attack};

/// The cells of a report: what they are truly, and which of them a reader does not see.
struct Published {
    cells: Cells,
    named: BTreeMap<String, Cell>,
    withheld: Vec<Cell>,
}

fn count(shown: &Value) -> Option<u64> {
    shown.get("count").and_then(Value::as_u64)
}

impl Published {
    /// The cell of this name. If one publication shows it, it is seen.
    fn cell(&mut self, name: &str, truth: &Value, seen: &Value) -> Option<Cell> {
        let value = count(truth)?;
        let is_seen = count(seen).is_some();
        assert!(!is_seen || count(seen) == Some(value), "{name} is not what it truly is");
        let cell = match self.named.get(name) {
            Some(&cell) => {
                assert_eq!(self.cells.value(cell), value, "{name} is two numbers");
                cell
            }
            None => {
                let cell = self.cells.cell(value);
                self.named.insert(name.to_owned(), cell);
                if !is_seen {
                    self.withheld.push(cell);
                }
                cell
            }
        };
        if is_seen {
            self.withheld.retain(|other| *other != cell);
        }
        Some(cell)
    }

    fn sum(&mut self, total: Option<Cell>, parts: &[Option<Cell>]) {
        let (Some(total), Some(parts)) = (total, parts.iter().copied().collect::<Option<Vec<_>>>()) else {
            return;
        };
        self.cells.sum(total, &parts);
    }

    /// One number is a part of another: nobody shows the rest.
    fn part(&mut self, whole: Option<Cell>, part: Option<Cell>) {
        let (Some(whole), Some(part)) = (whole, part) else { return };
        let rest = self.cells.value(whole) - self.cells.value(part);
        let rest = self.cells.unshown(rest);
        self.cells.sum(whole, &[part, rest]);
    }
}

/// What the total of a column is called elsewhere.
fn total_name(table: &str, column: &str) -> String {
    match (table, column) {
        ("race" | "sex" | "age", "in_file") => "people_in_file".into(),
        ("race" | "sex" | "age", "in_scope") => "people_in_scope".into(),
        ("race" | "sex" | "age", "helped") => "people_helped".into(),
        (
            "outcomes" | "statute" | "reasons" | "sections" | "levels" | "years" | "counties" | "agencies",
            "convictions",
        ) => "convictions_decided".into(),
        ("sections" | "levels" | "years" | "counties" | "agencies", "relieved") => {
            "convictions_relieved".into()
        }
        ("sections" | "levels" | "years" | "counties" | "agencies", "review") => {
            "convictions_in_review".into()
        }
        _ => match table.rsplit_once('_') {
            // Race, sex, age and decade are of the same people.
            Some((of @ ("felony_free" | "record_free"), _)) => format!("{of} {column}"),
            _ => format!("{table} total {column}"),
        },
    }
}

fn published(office: &Value, public: &Value, least: u64) -> Published {
    let mut all = Published { cells: Cells::new(least), named: BTreeMap::new(), withheld: Vec::new() };
    let list = |of: &Value, name: &str| of[name].as_array().expect("a list").clone();
    for (truth, seen) in list(office, "figures").iter().zip(list(public, "figures")) {
        all.cell(truth["id"].as_str().expect("a name"), &truth["value"], &seen["value"]);
    }
    for (truth, seen) in list(office, "tables").iter().zip(list(public, "tables")) {
        let table = truth["id"].as_str().expect("a name");
        let columns: Vec<String> =
            list(truth, "columns").iter().map(|name| name.as_str().expect("a name").to_owned()).collect();
        let mut of_column: BTreeMap<&str, Vec<Option<Cell>>> = BTreeMap::new();
        let mut lines = Vec::new();
        // What is withheld stands at the end of a public table: its rank would say how much it is.
        let words = |row: &Value| -> Vec<Value> {
            let cells = list(row, "cells");
            [row["key"].clone()]
                .into_iter()
                .chain(cells.iter().filter_map(|cell| cell.get("word").cloned()))
                .collect()
        };
        let shown = list(&seen, "rows");
        assert_eq!(shown.len(), list(truth, "rows").len());
        for (at, row) in list(truth, "rows").iter().enumerate() {
            let seen = shown.iter().find(|seen| words(seen) == words(row)).expect("the same rows");
            let mut line: BTreeMap<&str, Option<Cell>> = BTreeMap::new();
            for ((column, truth), seen) in columns.iter().zip(list(row, "cells")).zip(list(seen, "cells")) {
                if let Some(share) = seen.get("share") {
                    // A share that is shown tells its own numbers.
                    for number in ["count", "of"] {
                        let number = share[number].as_u64().expect("a number");
                        assert!(
                            number == 0 || number >= least,
                            "{table} {} {column} tells {number}",
                            row["key"]
                        );
                    }
                }
                let key = row["key"].as_str().expect("a word");
                let name = match (table, key, column.as_str()) {
                    ("outcomes" | "statute", _, "convictions") => format!("outcome {key}"),
                    ("funnel", "in_file", "people") => "people_in_file".into(),
                    ("funnel", "in_scope", "people") => "people_in_scope".into(),
                    ("funnel", "helped", "people") => "people_helped".into(),
                    // A reason is told apart by its outcome too.
                    _ => format!("{table} {at} {key} {column}"),
                };
                let cell = all.cell(&name, &truth, &seen);
                line.insert(column, cell);
                of_column.entry(column).or_default().push(cell);
            }
            lines.push(line);
        }
        if let (Some(total), Some(seen)) = (truth["total"].get("cells"), seen["total"].get("cells")) {
            let mut line: BTreeMap<&str, Option<Cell>> = BTreeMap::new();
            for (at, column) in columns.iter().enumerate() {
                let cell = all.cell(&total_name(table, column), &total[at], &seen[at]);
                // People may be in several counties or under several facts.
                let adds_up = !(column.starts_with("people")
                    && ["counties", "agencies", "outcomes", "undecided"].contains(&table))
                    && table != "undecided"
                    && table != "funnel";
                if adds_up {
                    all.sum(cell, of_column.get(column.as_str()).map_or(&[], Vec::as_slice));
                }
                line.insert(column, cell);
            }
            lines.push(line);
        }
        for line in lines {
            let of = |name: &str| line.get(name).copied().flatten();
            all.part(of("in_file"), of("in_scope"));
            all.part(of("in_scope"), of("helped"));
            all.part(of("people"), of("free_after"));
            all.part(of("people"), of("people_helped"));
            if of("gained").is_some() {
                all.sum(of("free_after"), &[of("free_before"), of("gained")]);
            }
            if of("other").is_some() {
                all.sum(of("convictions"), &[of("relieved"), of("review"), of("other")]);
            }
            if of("statute_open").is_some() {
                let parts: Vec<_> =
                    columns.iter().filter(|name| name.starts_with("statute_")).map(|name| of(name)).collect();
                all.sum(of("convictions"), &parts);
            }
        }
    }
    all
}

#[test]
fn nobody_can_work_out_a_small_number_of_a_published_report() {
    let desk = Desk::new();
    let input = desk.file("county.dat", extract(&synthetic("county", 11, 900)));
    desk.run(&[&input], "run", &[]);
    for (out, more) in [("office", vec!["--internal"]), ("public", vec![])] {
        let made = desk.vacatur(["report", "run", "--out", out].iter().chain(&more));
        assert_eq!(made.code, Some(0), "{}{}", made.out, made.err);
    }
    let read = |out: &str| -> Value {
        let bytes = std::fs::read(desk.path(out).join("report.json")).expect("a report");
        serde_json::from_slice(&bytes).expect("JSON")
    };
    let least = 11;
    let all = published(&read("office"), &read("public"), least);
    let (small, told) = told_of(&all, &all.withheld);
    println!("{} cells, {} withheld, {small} small ones attacked", all.cells.len(), all.withheld.len());
    assert!(told.is_empty(), "{} small numbers can be worked out: {told:#?}", told.len());
    assert!(small > 100);
    // The control: were only the small ones withheld, the same attack would tell many.
    let bare: Vec<Cell> = all.withheld.iter().copied().filter(|cell| all.cells.is_small(*cell)).collect();
    assert!(bare.len() < all.withheld.len());
    let (_, told) = told_of(&all, &bare);
    assert!(told.len() > 10, "{told:?}");
}

/// How many small numbers there are, and those that the attack bounds too closely.
fn told_of(all: &Published, withheld: &[Cell]) -> (u64, Vec<String>) {
    let names: BTreeMap<Cell, &str> = all.named.iter().map(|(name, cell)| (*cell, name.as_str())).collect();
    let (mut small, mut told) = (0, Vec::new());
    let width = all.cells.least() - 1;
    for one in attack(&all.cells, &Withheld::as_published(&all.cells, withheld)).expect("the sums hold") {
        if all.cells.is_small(one.cell) {
            small += 1;
            if one.high.is_some_and(|high| high - one.low < width) {
                let name = names.get(&one.cell).copied().unwrap_or("a difference");
                told.push(format!(
                    "{name}: {} is from {} to {:?}",
                    all.cells.value(one.cell),
                    one.low,
                    one.high
                ));
            }
        }
    }
    (small, told)
}
