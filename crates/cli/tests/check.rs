//! `vacatur check` as a user meets it: what it says, what it writes, how it ends.

#![allow(clippy::expect_used, clippy::panic)]

mod common;

use common::{Desk, conviction, extract, with};
use vacatur_synth::columns;

fn rows(levels: &[&str]) -> Vec<u8> {
    let rows: Vec<_> = levels
        .iter()
        .enumerate()
        .map(|(at, level)| {
            let subject = format!("{}", 7_000_001 + at);
            let row = conviction(&subject, "101001001000", "11358 HS-CULTIVATE", "20010101");
            with(row, &[("CONV_STAT_DESCR", level), ("OFFENSE_TOC", "")])
        })
        .collect();
    extract(&rows)
}

#[test]
fn exit_codes_follow_the_grade() {
    let desk = Desk::new();
    desk.file("sound.dat", rows(&["FELONY"; 40]));
    let mut some = ["FELONY"; 40];
    some[..3].fill("");
    desk.file("care.dat", rows(&some));
    desk.file("bad.dat", rows(&[""; 40]));
    let code = |file: &str, more: &[&str]| {
        let said = desk.vacatur(["check", file].iter().chain(more));
        (said.code, said.out.lines().next().unwrap_or_default().to_owned())
    };
    let (usable, care, bad) = ("USABLE".to_owned(), "USABLE WITH CARE".to_owned(), "SEND IT BACK".to_owned());
    assert_eq!(code("sound.dat", &["--fail-on", "care"]), (Some(0), usable));
    assert_eq!(code("care.dat", &[]), (Some(0), care.clone()));
    assert_eq!(code("care.dat", &["--fail-on", "bad"]), (Some(0), care.clone()));
    assert_eq!(code("care.dat", &["--fail-on", "care"]), (Some(1), care));
    assert_eq!(code("bad.dat", &["--fail-on", "bad"]), (Some(1), bad.clone()));
    assert_eq!(code("bad.dat", &[]), (Some(0), bad));
}

#[test]
fn what_cannot_be_used_is_refused_as_decide_refuses_it() {
    let desk = Desk::new();
    desk.file("input.dat", rows(&["FELONY"]));
    desk.file("words.txt", "nothing but words\n");
    desk.file("there.json", "{}");
    let check = |args: &[&str]| desk.vacatur(["check"].iter().chain(args));
    check(&["gone.dat"]).refused(&["gone.dat"]);
    check(&["words.txt"]).refused(&["words.txt"]);
    check(&["input.dat", "--policy", "us-ca/los-angeles-2020"]).refused(&["--as-of"]);
    check(&["input.dat", "--policy", "us-ca/los-angles-2020", "--as-of", "2020-07-01"])
        .refused(&["did you mean `us-ca/los-angeles-2020`"]);
    check(&["input.dat", "--json", "there.json"]).refused(&["there.json", "exists"]);
    check(&["input.dat", "--previous", "there.json"]).refused(&["no report of a check"]);
    std::fs::create_dir(desk.path("list")).expect("a folder");
    check(&["input.dat", "--work-list", "list"]).refused(&["exists"]);
}

#[test]
fn another_header_row_is_reported_and_ends_with_two() {
    let desk = Desk::new();
    let header = columns().join(",").replace("PRI_DOB", "DATE_OF_BIRTH");
    desk.file("input.dat", [header.as_bytes(), b"\n", &rows(&["FELONY"])].concat());
    let said = desk.vacatur(["check", "input.dat", "--work-list", "list", "--json", "quality.json"]);
    assert_eq!(said.code, Some(2), "{}", said.err);
    assert!(said.out.contains("DATE_OF_BIRTH") && said.out.contains("PRI_DOB, which belongs in column 15"));
    let json: serde_json::Value =
        serde_json::from_slice(&std::fs::read(desk.path("quality.json")).expect("a report")).expect("JSON");
    assert_eq!(json["header"]["new"][0][1], "DATE_OF_BIRTH");
    assert_eq!(json["verdict"]["grade"], "bad");
    desk.nothing_of("list");
}

#[test]
fn the_report_is_the_same_by_any_way_and_private() {
    let desk = Desk::new();
    let bytes = rows(&["FELONY", "", "GRAVE"]);
    desk.file("input.dat", &bytes);
    let said =
        desk.vacatur(["check", "input.dat", "--json", "one.json", "--threads", "1", "--work-list", "list"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(said.out.contains("Report: one.json") && said.out.contains("Work list: list"));
    let one = std::fs::read_to_string(desk.path("one.json")).expect("a report");
    let two = desk.vacatur(["check", "input.dat", "--json", "-", "--threads", "3"]);
    assert_eq!(two.out, one);
    // Standard input, and quiet.
    let fed = desk.vacatur_fed(&bytes, ["check", "-", "--json", "-", "--quiet"]);
    let without_inputs = |text: &str| {
        let mut json: serde_json::Value = serde_json::from_str(text).expect("JSON");
        json["inputs"] = serde_json::Value::Null;
        json
    };
    assert_eq!(without_inputs(&fed.out), without_inputs(&one));
    assert_eq!(desk.vacatur(["check", "input.dat", "--quiet"]).out, "");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |name: &str| {
            std::fs::metadata(desk.path(name)).expect("it is there").permissions().mode() & 0o777
        };
        assert_eq!(mode("one.json"), 0o600);
        assert_eq!(mode("list"), 0o700);
        assert_eq!(mode("list/superior-court.csv"), 0o600);
    }
    // The report is what a later check compares with.
    let later = desk.vacatur(["check", "input.dat", "--previous", "one.json"]);
    assert!(later.out.contains("Nothing of note differs."), "{}", later.out);
}
