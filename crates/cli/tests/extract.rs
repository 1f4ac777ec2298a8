//! `vacatur extract` as a user meets it.

#![allow(clippy::expect_used, clippy::panic)]

mod common;

use common::{Desk, conviction, extract, synthetic, with};

#[test]
fn nothing_in_it_is_of_one_person() {
    let desk = Desk::new();
    let people: Vec<_> = synthetic("clean", 3, 800);
    let input = desk.file("county.dat", extract(&people));
    desk.run(&[&input], "run", &[]);
    for (out, more) in [("of-convictions", vec![]), ("of-people", vec!["--rows", "people"])] {
        let args = ["extract", "run", "--out", out, "--k", "5", "--most-lost", "0.1"];
        let made = desk.vacatur(args.iter().chain(&more));
        assert_eq!(made.code, Some(0), "{}{}", made.out, made.err);
        assert!(made.out.contains("written, read again and counted against the run"), "{}", made.out);
        let mut reader = csv::Reader::from_path(desk.path(out).join("extract.csv")).expect("the rows");
        let head = reader.headers().expect("a head").clone();
        assert!(
            head.iter()
                .all(|name| !["subject_id", "cnt_order", "case_number", "file", "line"].contains(&name))
        );
        let mut rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
        let written = rows.clone();
        rows.sort_by(|one, other| one.iter().cmp(other.iter()));
        assert_eq!(rows, written, "sorted by what they say, not by whose they are");
        assert!(rows.len() > 300);
        // No cell of it is a cell that says who somebody is.
        let all = std::fs::read_to_string(desk.path(out).join("extract.csv")).expect("text");
        for row in people.iter().step_by(50) {
            for column in ["SUBJECT_ID", "CII_NUMBER", "PRI_NAME", "PRI_DOB", "OFN"] {
                let cell = &row[common::column(column)];
                assert!(cell.len() < 4 || !all.contains(cell.as_str()), "{column}");
            }
        }
    }
    // The same run and settings, the same bytes.
    let again = ["extract", "run", "--out", "again", "--k", "5", "--most-lost", "0.1"];
    assert_eq!(desk.vacatur(again).code, Some(0));
    for name in ["extract.csv", "extract.parquet", "codebook.json", "codebook.md", "manifest.json"] {
        let read = |out: &str| std::fs::read(desk.path(out).join(name)).expect("a file");
        assert!(read("of-convictions") == read("again"), "{name}");
    }
}

#[test]
fn what_cannot_be_extracted_is_refused_in_words() {
    let desk = Desk::new();
    let one = desk
        .file("one.dat", extract(&[conviction("7000001", "101001001000", "11358 HS-CULTIVATE", "20010101")]));
    desk.run(&[&one], "one", &[]);
    let vacatur = |args: &[&str]| desk.vacatur(["extract"].iter().chain(args));
    vacatur(&["one", "--out", "x"]).refused(&["fewer than 11 people", "--k"]);
    let arrest = with(
        conviction("7000001", "101001001000", "484 PC-THEFT", "20010101"),
        &[("DISP_DESCR", "DISMISSED"), ("CONV_STAT_DESCR", "")],
    );
    let none = desk.file("none.dat", extract(&[arrest]));
    desk.run(&[&none], "none", &[]);
    vacatur(&["none", "--out", "x"]).refused(&["no decided conviction"]);
    vacatur(&["gone", "--out", "x"]).refused(&["gone is not the folder of a finished run"]);
    vacatur(&["one", "--out", "none"]).refused(&["is there already"]);
    vacatur(&["one", "--out", "x", "--without", "cuonty"]).refused(&["no column `cuonty`", "county"]);
    vacatur(&["one", "--out", "x", "--k", "1"]).refused(&["--k"]);
    vacatur(&["one", "--out", "x", "--most-lost", "5"]).refused(&["from 0 to 1"]);
    std::fs::write(desk.path("one").join("people.parquet"), "changed").expect("a change");
    vacatur(&["one", "--out", "x", "--k", "2"]).refused(&["changed since"]);
    std::fs::remove_file(desk.path("one").join("people.parquet")).expect("it was there");
    vacatur(&["one", "--out", "x", "--k", "2"]).refused(&["people.parquet"]);
    assert!(!desk.path("x").exists() && !desk.path("x.partial").exists());
}

#[test]
fn people_all_alike_are_one_combination() {
    let desk = Desk::new();
    let rows: Vec<_> = (0..30)
        .map(|at| {
            conviction(&format!("{}", 7_000_001 + at), "101001001000", "11358 HS-CULTIVATE", "20010101")
        })
        .collect();
    let input = desk.file("alike.dat", extract(&rows));
    desk.run(&[&input], "run", &[]);
    let made = desk.vacatur(["extract", "run", "--out", "x"]);
    assert_eq!(made.code, Some(0), "{}{}", made.out, made.err);
    assert!(
        made.out
            .contains("30 rows in 1 combinations, 30 people in the smallest; 0 rows of 0 people left out"),
        "{}",
        made.out
    );
    assert!(made.out.contains("1 combinations (30 rows) have one outcome only"), "{}", made.out);
}
