//! `vacatur link`: who is who, what the state lacks, what a run makes of it, and what is refused.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{Desk, Row, Run, conviction, extract, with};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

const INDEX: &str = "CASE_NUMBER,COURT_CODE,DEF_NO,DEFENDANT_NAME,DOB,SEX,RACE,CII,FILING_DATE,VIOLATION_DATE,COUNT_NO,CHARGE_CODE,CHARGE_STATUTE,SEVERITY,PLEA,DISPO_CODE,DISPO_DATE,SENTENCE,POST_DISPO_CODE,POST_DISPO_DATE\n";
const POLICY: &[&str] =
    &["--policy", "us-ca/los-angeles-2020", "--as-of", "2020-02-13", "--county", "LOS ANGELES"];

/// A synthetic county, linked once for all tests: the folder stays until the tests end.
fn county() -> &'static Desk {
    static COUNTY: OnceLock<Desk> = OnceLock::new();
    COUNTY.get_or_init(|| {
        let desk = Desk::new();
        let said = desk.vacatur([
            "synth",
            "--profile",
            "linkage",
            "--people",
            "1500",
            "--seed",
            "7",
            "--out",
            "state.dat",
            "--truth",
            "truth.csv",
            "--court",
            "la-index",
            "--court-out",
            "index.csv",
            "--court-truth",
            "court-truth.csv",
            "-q",
        ]);
        assert_eq!(said.code, Some(0), "{}", said.err);
        let said = link(&desk, "state.dat", "index.csv", "linked", &["--threads", "2"]);
        assert_eq!(said.code, Some(0), "{}", said.err);
        desk
    })
}

fn link(desk: &Desk, state: &str, court: &str, out: &str, more: &[&str]) -> common::Said {
    let own = ["link", "--state", state, "--court", court, "--layout", "la-index", "--out", out, "-q"];
    desk.vacatur(own.iter().chain(more))
}

fn model() -> PathBuf {
    county().path("linked/model.toml")
}

/// A state's record of one felony of 2005, with the case number that the court writes.
fn known(subject: &str, name: &str, born: &str, more: &[(&str, &str)]) -> Row {
    let row = conviction(subject, "101002001000", "11359 HS-POSSESS FOR SALE", "20050517");
    let row = with(row, &[("PRI_NAME", name), ("PRI_DOB", born), ("OFN", "BA123456"), ("SENT_LENGTH", "12")]);
    with(row, more)
}

/// A line of the court's index.
fn line(number: &str, name: &str, born: &str, cii: &str, charge: [&str; 4]) -> String {
    let [section, level, disposition, date] = charge;
    format!(
        "{number},SC00,01,\"{name}\",{born},M,W,{cii},01/02/2005,01/01/2005,01,HS,{section},{level},G,{disposition},{date},12 MO PROB,,\n"
    )
}

/// Links a few people with the county's model.
fn few(rows: &[Row], lines: &[String]) -> Desk {
    let desk = Desk::new();
    desk.file("state.dat", extract(rows));
    desk.file("index.csv", format!("{INDEX}{}", lines.concat()));
    let said = link(&desk, "state.dat", "index.csv", "linked", &["--model", &model().display().to_string()]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    desk
}

fn table(desk: &Desk, name: &str) -> Vec<BTreeMap<String, String>> {
    Run::at(&desk.path("linked")).table(name)
}

fn decided(desk: &Desk) -> Vec<BTreeMap<String, String>> {
    let args = ["decide", "state.dat", "--linked", "linked", "--out", "run", "-q"];
    let said = desk.vacatur(args.iter().chain(POLICY));
    assert_eq!(said.code, Some(0), "{}", said.err);
    Run::at(&desk.path("run")).table("determinations.csv")
}

fn score(desk: &Desk) -> serde_json::Value {
    let said = desk.vacatur(["link", "evaluate", "linked", "--truth", "court-truth.csv", "--json"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    serde_json::from_str(&said.out).unwrap()
}

// ------------------------------------------------------------------------------------------------------------ the county

#[test]
fn the_missing_cases_of_a_synthetic_county_are_found() {
    let all = &score(county())["groups"]["all"];
    let number = |name: &str| all[name].as_f64().unwrap();
    assert!(number("missing") > 500.0);
    assert!(number("found") / number("missing") > 0.96, "{all}");
    assert!(number("found") / (number("found") + number("wrongly")) > 0.985, "{all}");
    assert!(number("linked_wrong") / (number("linked_right") + number("linked_wrong")) < 0.005, "{all}");
}

#[test]
fn every_conviction_stands_somewhere_and_is_added_at_most_once() {
    let desk = county();
    let linked = Run::at(&desk.path("linked"));
    let summary = linked.json("summary.json");
    let rows = linked.table("court-convictions.csv");
    assert_eq!(rows.len() as u64, summary["court"]["convictions"].as_u64().unwrap());
    let by_status: u64 =
        summary["convictions"]["by_status"].as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum();
    assert_eq!(rows.len() as u64, by_status);
    let links = &summary["links"];
    let defendants: u64 = ["linked", "in_doubt", "not_found", "no_person"]
        .map(|name| links[name].as_u64().unwrap())
        .iter()
        .sum();
    assert_eq!(defendants, summary["court"]["cases"].as_u64().unwrap());
    let mut added: Vec<(String, String)> = rows
        .iter()
        .filter(|row| !row["added_cnt_order"].is_empty())
        .map(|row| (row["added_subject_id"].clone(), row["added_cnt_order"].clone()))
        .collect();
    let all = added.len();
    added.sort();
    added.dedup();
    assert_eq!(all, added.len(), "two convictions under one number");
    for row in &rows {
        let is_added = !row["added_cnt_order"].is_empty();
        match row["status"].as_str() {
            "in_state" => assert!(!is_added && !row["state_cnt_order"].is_empty(), "{row:?}"),
            "case_missing" | "person_unknown" => assert!(is_added, "{row:?}"),
            "cannot_tell" => assert!(!row["why"].is_empty(), "{row:?}"),
            other => panic!("{other}"),
        }
    }
}

#[test]
fn the_same_bytes_on_one_thread_and_on_two() {
    let desk = county();
    let said = link(desk, "state.dat", "index.csv", "linked-1", &["--threads", "1"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let names = common::names(&desk.path("linked"));
    assert_eq!(names, common::names(&desk.path("linked-1")));
    for name in names {
        let bytes = |folder: &str| std::fs::read(desk.path(folder).join(&name)).unwrap();
        assert!(bytes("linked") == bytes("linked-1"), "{name} differs");
    }
}

#[test]
fn a_run_takes_all_of_what_was_added_and_can_be_verified() {
    let desk = county();
    // Late enough that no offence of the files lies after it.
    let policy = ["--policy", "us-ca/los-angeles-2020", "--as-of", "2026-01-01", "--county", "LOS ANGELES"];
    let args = ["decide", "state.dat", "--linked", "linked", "--out", "union", "-q"];
    let said = desk.vacatur(args.iter().chain(&policy));
    assert_eq!(said.code, Some(0), "{}", said.err);
    let manifest = Run::at(&desk.path("union")).json("manifest.json");
    let input = manifest["inputs"].as_array().unwrap().last().unwrap();
    assert_eq!(input["rejects"], 0, "rows that the linker wrote were rejected");
    let evidence = &manifest["evidence"][0];
    assert_eq!(evidence["rejected"], 0, "lines that the linker wrote were rejected: {evidence}");
    let determinations = Run::at(&desk.path("union")).table("determinations.csv");
    assert!(
        determinations
            .iter()
            .any(|row| row["subject_id"].starts_with("COURT-") && row["outcome"] == "dismiss")
    );
    let said = desk.vacatur(["verify", "union", "-q"]);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
}

#[test]
fn the_page_and_the_summary_name_nobody() {
    let desk = county();
    let page = std::fs::read_to_string(desk.path("linked/index.html")).unwrap();
    let summary = std::fs::read_to_string(desk.path("linked/summary.json")).unwrap();
    let manifest = std::fs::read_to_string(desk.path("linked/manifest.json")).unwrap();
    for row in Run::at(&desk.path("linked")).table("court-convictions.csv").iter().take(400) {
        let surname = row["name"].split(',').next().unwrap();
        for text in [&page, &summary, &manifest] {
            assert!(surname.len() < 5 || !text.contains(surname), "{surname}");
            assert!(row["subject_id"].is_empty() || !text.contains(&row["subject_id"]));
        }
    }
    assert!(!page.contains("<script") && !page.contains("src=") && !page.contains("href=\"http"));
}

// ------------------------------------------------------------------------------------------------------- a few people

#[test]
fn a_case_that_the_state_lacks_gains_relief_and_counts_as_a_prior() {
    // Born in 1960: older than 50 on the day of the decision.
    let rows = [known("1", "QUARTZ,OBERON T", "19600615", &[])];
    let lines = [
        line("BA123456", "QUARTZ, OBERON T", "06/15/1960", "A1", ["11359", "F", "CNV", "05/17/2005"]),
        line("BA777777", "QUARTZ, OBERON", "06/15/1960", "", ["11360(A)", "F", "CNV", "03/04/1999"]),
    ];
    let desk = few(&rows, &lines);
    let found = table(&desk, "court-convictions.csv");
    assert_eq!(found[0]["status"], "in_state");
    assert_eq!((found[1]["status"].as_str(), found[1]["subject_id"].as_str()), ("case_missing", "1"));
    let determinations = decided(&desk);
    assert_eq!(determinations.len(), 2, "{determinations:?}");
    assert!(determinations.iter().all(|row| row["outcome"] == "dismiss"), "{determinations:?}");
    assert!(determinations.iter().any(|row| row["case_number"] == "BA777777"));
    let alone = desk.vacatur(["decide", "state.dat", "--out", "alone", "-q"].iter().chain(POLICY));
    assert_eq!(alone.code, Some(0));
    let before = &Run::at(&desk.path("alone")).table("determinations.csv")[0];
    let after = determinations.iter().find(|row| row["case_number"] == "BA123456").unwrap();
    assert_eq!(
        (before["convictions_on_record"].as_str(), after["convictions_on_record"].as_str()),
        ("1", "2")
    );
}

#[test]
fn a_link_in_doubt_makes_nobody_ineligible_and_nobody_eligible() {
    let young = "19900615";
    let rows = [known("1", "QUARTZ,OBERON", young, &[])];
    // The same name, another birth date: a murder in 1999.
    let murder = "BA700001,SC00,01,\"QUARTZ, OBERON\",09/09/1975,M,W,,01/02/1999,01/01/1999,01,PC,187(A),F,G,CNV,05/05/1999,25 YR PRISON,,\n";
    let desk = few(&rows, &[murder.to_owned()]);
    let found = &table(&desk, "court-convictions.csv")[0];
    assert_eq!(found["link"], "in doubt", "{found:?}");
    // Whoever it is, the state does not have the case.
    assert_eq!((found["status"].as_str(), found["why"].as_str()), ("case_missing", "the person is in doubt"));
    let without = desk.vacatur(["decide", "state.dat", "--out", "alone", "-q"].iter().chain(POLICY));
    assert_eq!(without.code, Some(0));
    assert_eq!(Run::at(&desk.path("alone")).table("determinations.csv")[0]["outcome"], "dismiss");
    let with = decided(&desk);
    let own = with.iter().find(|row| row["subject_id"] == "1").unwrap();
    assert_eq!(own["outcome"], "review", "{own:?}");
    let questions = Run::at(&desk.path("run")).text("review.csv");
    assert!(questions.contains("review-links.csv"), "{questions}");
}

#[test]
fn an_answer_on_the_review_sheet_settles_a_doubt() {
    let rows = [known("1", "QUARTZ,OBERON T", "19900615", &[])];
    let lines =
        [line("BA700001", "QUARTZ, OBERON T", "06/15/1991", "", ["11360(A)", "F", "CNV", "05/05/2010"])];
    let desk = few(&rows, &lines);
    let sheet = std::fs::read_to_string(desk.path("linked/review-links.csv")).unwrap();
    let answered = answer(&sheet, "same", "R. Clerk");
    desk.file("answered.csv", &answered);
    let model = model().display().to_string();
    let said =
        link(&desk, "state.dat", "index.csv", "linked-2", &["--model", &model, "--answers", "answered.csv"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let found = &Run::at(&desk.path("linked-2")).table("court-convictions.csv")[0];
    assert_eq!((found["link"].as_str(), found["status"].as_str()), ("linked", "case_missing"));

    desk.file("different.csv", answer(&sheet, "different", "R. Clerk"));
    let said =
        link(&desk, "state.dat", "index.csv", "linked-3", &["--model", &model, "--answers", "different.csv"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_eq!(Run::at(&desk.path("linked-3")).table("court-convictions.csv")[0]["status"], "person_unknown");

    for (answer_given, by, part) in
        [("perhaps", "R. Clerk", "same, different, cannot tell"), ("same", "", "who gave it")]
    {
        desk.file("bad.csv", answer(&sheet, answer_given, by));
        let said =
            link(&desk, "state.dat", "index.csv", "linked-4", &["--model", &model, "--answers", "bad.csv"]);
        said.refused(&["bad.csv", "line 2", part]);
        desk.nothing_of("linked-4");
    }
    desk.file("other.csv", answered.replace("P0-0-", "P7-9-"));
    link(&desk, "state.dat", "index.csv", "linked-4", &["--model", &model, "--answers", "other.csv"])
        .refused(&["other.csv", "line 2", "nothing was asked under this id"]);
}

/// The sheet with an answer on every line.
fn answer(sheet: &str, answer: &str, by: &str) -> String {
    let mut reader = csv::Reader::from_reader(sheet.as_bytes());
    let header = reader.headers().unwrap().clone();
    let at = |name: &str| header.iter().position(|column| column == name).unwrap();
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(&header).unwrap();
    for record in reader.records() {
        let mut cells: Vec<String> = record.unwrap().iter().map(str::to_owned).collect();
        cells[at("answer")] = answer.to_owned();
        cells[at("said_by")] = by.to_owned();
        cells[at("said_on")] = "2026-03-01".to_owned();
        out.write_record(&cells).unwrap();
    }
    String::from_utf8(out.into_inner().unwrap()).unwrap()
}

#[test]
fn records_that_differ_make_a_review_and_what_is_blank_is_filled() {
    let rows = [
        known("1", "QUARTZ,OBERON T", "19600615", &[]),
        known(
            "2",
            "BERYL,TITANIA M",
            "19610715",
            &[("OFN", "BA222222"), ("OFFENSE_TOC", ""), ("CONV_STAT_DESCR", "")],
        ),
    ];
    let lines = [
        line("BA123456", "QUARTZ, OBERON T", "06/15/1960", "A1", ["11359", "M", "CNV", "05/17/2005"]),
        line("BA222222", "BERYL, TITANIA M", "07/15/1961", "A2", ["11359", "F", "CNV", "05/17/2005"]),
    ];
    let desk = few(&rows, &lines);
    let state = table(&desk, "state-convictions.csv");
    assert_eq!((state[0]["status"].as_str(), state[0]["differs"].as_str()), ("in_conflict", "level"));
    assert_eq!(state[1]["status"], "confirmed");
    let determinations = decided(&desk);
    let of = |subject: &str| determinations.iter().find(|row| row["subject_id"] == subject).unwrap();
    assert_eq!((of("1")["outcome"].as_str(), of("1")["missing"].as_str()), ("review", "level"));
    assert_eq!((of("2")["outcome"].as_str(), of("2")["level"].as_str()), ("dismiss", "felony"));
}

#[test]
fn relief_that_was_not_reported_counts_as_granted() {
    let rows = [known("1", "QUARTZ,OBERON T", "19600615", &[])];
    let relieved =
        line("BA123456", "QUARTZ, OBERON T", "06/15/1960", "A1", ["11359", "F", "CNV", "05/17/2005"])
            .replace(",,\n", ",P64,06/01/2018\n");
    let desk = few(&rows, &[relieved]);
    let state = table(&desk, "state-convictions.csv");
    assert_eq!(state[0]["differs"], "already dismissed by the court");
    assert_eq!(decided(&desk)[0]["outcome"], "already_relieved");
    assert!(
        std::fs::read_to_string(desk.path("linked/for-the-state.csv")).unwrap().contains("record the relief")
    );
}

#[test]
fn everybody_whose_record_it_may_be_is_left_open_however_many_they_are() {
    let rows: Vec<Row> = (1..=12)
        .map(|at| {
            let number = format!("BA30{at:04}");
            known(&at.to_string(), "QUARTZ,OBERON", "19900615", &[("OFN", &number)])
        })
        .collect();
    let murder = "BA700001,SC00,01,\"QUARTZ, OBERON\",06/15/1990,M,W,,01/02/1999,01/01/1999,01,PC,187(A),F,G,CNV,05/05/1999,25 YR PRISON,,\n";
    let desk = few(&rows, &[murder.to_owned()]);
    let determinations = decided(&desk);
    assert_eq!(determinations.len(), 12);
    assert!(determinations.iter().all(|row| row["outcome"] == "review"), "{determinations:?}");
}

#[test]
fn a_father_and_a_son_of_one_case_are_two_people() {
    let rows = [known("1", "QUARTZ,OBERON T", "19600615", &[])];
    let of = |name: &str| {
        format!(
            "BA777777,SC00,,\"{name}\",06/15/1960,M,W,,01/02/1999,01/01/1999,01,PC,187(A),F,G,CNV,05/05/1999,25 YR PRISON,,\n"
        )
    };
    let desk = few(&rows, &[of("QUARTZ, OBERON T JR"), of("QUARTZ, OBERON T SR")]);
    let found = table(&desk, "court-convictions.csv");
    assert_eq!(found.len(), 2);
    assert!(found.iter().all(|row| row["link"] == "in doubt"), "{found:?}");
}

#[test]
fn a_later_entry_that_the_layout_does_not_list_makes_a_review() {
    let rows = [known("1", "QUARTZ,OBERON T", "19600615", &[])];
    let charge = ["11359", "F", "CNV", "05/17/2005"];
    let lines = [
        line("BA123456", "QUARTZ, OBERON T", "06/15/1960", "A1", charge).replace(",,\n", ",ZZZ,06/01/2018\n"),
        line("BA777777", "QUARTZ, OBERON T", "06/15/1960", "A1", charge).replace(",,\n", ",ZZZ,\n"),
    ];
    let determinations = decided(&few(&rows, &lines));
    assert_eq!(determinations.len(), 2);
    for row in &determinations {
        assert_eq!((row["outcome"].as_str(), row["missing"].as_str()), ("review", "disposition"), "{row:?}");
    }
}

#[test]
fn the_day_of_filing_is_no_day_of_a_conviction() {
    let rows = [known("1", "QUARTZ,OBERON T", "19600615", &[])];
    let lines = [line("BA777777", "QUARTZ, OBERON T", "06/15/1960", "A1", ["11359", "F", "CNV", ""])];
    let desk = few(&rows, &lines);
    let determinations = decided(&desk);
    let added = determinations.iter().find(|row| row["case_number"] == "BA777777").unwrap();
    assert_eq!((added["conviction_date"].as_str(), added["outcome"].as_str()), ("", "review"), "{added:?}");
}

#[test]
fn more_cases_than_there_are_numbers_for_leave_the_person_open() {
    let desk = Desk::new();
    let lines: Vec<String> = (0..1005)
        .map(|at| {
            let number = format!("BA{:06}", 100_000 + at);
            line(&number, "QUARTZ, OBERON T", "06/15/1960", "A1", ["11360(A)", "F", "CNV", "03/04/1999"])
        })
        .collect();
    desk.file("index.csv", format!("{INDEX}{}", lines.concat()));
    let model = model().display().to_string();
    let said = desk.vacatur([
        "link",
        "--dedupe",
        "--court",
        "index.csv",
        "--layout",
        "la-index",
        "--out",
        "linked",
        "--model",
        &model,
        "-q",
    ]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_eq!(Run::at(&desk.path("linked")).json("summary.json")["added"]["no_number_free"], 6);
    let rows = std::fs::read_to_string(desk.path("linked/court-cases.csv")).unwrap();
    assert_eq!((rows.lines().count(), rows.matches("POSSIBLE RECORD").count()), (1000, 1));
}

#[test]
fn a_model_that_is_used_again_stays_what_it_is() {
    let desk = county();
    let model = model().display().to_string();
    let said = link(desk, "state.dat", "index.csv", "linked-again", &["--model", &model]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let read = |folder: &str| std::fs::read_to_string(desk.path(folder).join("model.toml")).unwrap();
    assert_eq!(read("linked"), read("linked-again"));
}

#[test]
fn a_folder_that_was_changed_or_is_of_other_files_is_not_decided() {
    let rows = [known("1", "QUARTZ,OBERON T", "19600615", &[])];
    let lines =
        [line("BA777777", "QUARTZ, OBERON T", "06/15/1960", "A1", ["11360(A)", "F", "CNV", "03/04/1999"])];
    let desk = few(&rows, &lines);
    desk.file("later.dat", extract(&[known("2", "QUARTZ,OBERON T", "19600615", &[])]));
    let decide = |state: &str| {
        desk.vacatur(["decide", state, "--linked", "linked", "--out", "run", "-q"].iter().chain(POLICY))
    };
    decide("later.dat").refused(&["later.dat", "other files of the state"]);
    desk.file("linked/court-cases.csv", "");
    decide("state.dat").refused(&["court-cases.csv", "manifest"]);
    desk.nothing_of("run");
}

#[test]
fn a_court_file_alone_is_decided() {
    let desk = Desk::new();
    let lines = [
        line("BA123456", "QUARTZ, OBERON T", "06/15/1960", "", ["11359", "F", "CNV", "05/17/2005"]),
        line("BA777777", "QUARTZ, OBERON T", "06/15/1960", "", ["11360(A)", "F", "CNV", "03/04/1999"]),
        line("BA888888", "BERYL, TITANIA", "07/15/1961", "", ["11358", "F", "CNV", "03/04/1999"]),
    ];
    desk.file("index.csv", format!("{INDEX}{}", lines.concat()));
    let model = model().display().to_string();
    let said = desk.vacatur([
        "link",
        "--dedupe",
        "--court",
        "index.csv",
        "--layout",
        "la-index",
        "--out",
        "linked",
        "--model",
        &model,
        "-q",
    ]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let said = desk.vacatur(["decide", "--linked", "linked", "--out", "run", "-q"].iter().chain(POLICY));
    assert_eq!(said.code, Some(0), "{}", said.err);
    let determinations = Run::at(&desk.path("run")).table("determinations.csv");
    assert_eq!(determinations.len(), 3);
    let people: std::collections::BTreeSet<&str> =
        determinations.iter().map(|row| row["subject_id"].as_str()).collect();
    assert_eq!(people.len(), 2, "{determinations:?}");
}

// ---------------------------------------------------------------------------------------------------------- what is refused

#[test]
fn what_cannot_be_linked_is_said_and_leaves_nothing() {
    let desk = Desk::new();
    desk.file("state.dat", extract(&[known("1", "QUARTZ,OBERON", "19600615", &[])]));
    desk.file("empty.csv", "");
    desk.file("header.csv", INDEX);
    desk.file("other.csv", "a,b,c\n1,2,3\n");
    desk.file(
        "index.csv",
        format!("{INDEX}{}", line("BA1", "QUARTZ, OBERON", "", "", ["11359", "F", "CNV", "05/17/2005"])),
    );
    desk.file("model.toml", "model = \"x\"\nversion = \"1\"\nthresholds = { link = 0.9, clerical = 0.5 }\nfield = []\ncomparison = []\nblock = []\n");
    for (court, parts) in [
        ("empty.csv", &["empty.csv"][..]),
        ("header.csv", &["not one case"]),
        ("other.csv", &["other.csv", "CASE_NUMBER"]),
        ("nowhere.csv", &["nowhere.csv"]),
    ] {
        link(&desk, "state.dat", court, "out", &[]).refused(parts);
        desk.nothing_of("out");
    }
    // Too little to learn from: it says so, and what to do.
    link(&desk, "state.dat", "index.csv", "out", &[]).refused(&["--model"]);
    desk.nothing_of("out");
    link(&desk, "state.dat", "index.csv", "out", &["--model", "model.toml"]).refused(&["model.toml"]);
    link(&desk, "state.dat", "index.csv", "out", &["--link-at", "0.2", "--ask-at", "0.9"])
        .refused(&["--ask-at"]);
    desk.vacatur([
        "link",
        "--state",
        "state.dat",
        "--court",
        "index.csv",
        "--layout",
        "no-such",
        "--out",
        "out",
    ])
    .refused(&["no-such", "la-index", "layout infer"]);
    desk.vacatur(["decide", "state.dat", "--linked", "nowhere", "--out", "run"].iter().chain(POLICY))
        .refused(&["manifest.json", "vacatur link"]);
}

#[test]
fn layouts_are_listed_shown_checked_and_drafted() {
    let desk = county();
    let said = desk.vacatur(["layout", "list"]);
    assert!(
        ["la-index", "case-export", "da-tracking"].iter().all(|name| said.out.contains(name)),
        "{}",
        said.out
    );
    let said = desk.vacatur(["layout", "show", "la-index"]);
    assert!(said.out.contains("CASE_NUMBER"));
    let said = desk.vacatur(["layout", "check", "index.csv", "--layout", "la-index"]);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    let said = desk.vacatur(["layout", "infer", "index.csv"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    desk.file("draft.toml", &said.out);
    let said = desk.vacatur(["layout", "check", "index.csv", "--layout", "draft.toml"]);
    assert!(said.out.contains("charges"), "a draft loads: {}{}", said.out, said.err);
}

#[test]
fn tables_are_linked_without_names() {
    let desk = Desk::new();
    let mut left = String::from("id,first,last,dob,sex,who\n");
    let mut right = left.clone();
    for (at, (given, family, born)) in
        [("OBERON", "QUARTZ", "19600615"), ("TITANIA", "BERYL", "19710102"), ("PUCK", "GARNET", "19820304")]
            .iter()
            .enumerate()
    {
        left += &format!("A{at},{given},{family},{born},M,{at}\n");
        right += &format!("B{at},{given},{}H,{born},M,{at}\n", family);
    }
    desk.file("left.csv", left);
    desk.file("right.csv", right);
    let key = desk.file("key", "0123456789abcdef0123456789abcdef0123456789abcdef\n");
    let hash = |file: &str, out: &str| {
        desk.vacatur(["link", "hash", file, "--out", out, "--key-file", "key", "--id", "id", "--keep", "who"])
    };
    set_mode(&key, 0o644);
    hash("left.csv", "left-hashed.csv").refused(&["key", "chmod 600"]);
    set_mode(&key, 0o600);
    for (file, out) in [("left.csv", "left-hashed.csv"), ("right.csv", "right-hashed.csv")] {
        let said = hash(file, out);
        assert_eq!(said.code, Some(0), "{}", said.err);
        let text = std::fs::read_to_string(desk.path(out)).unwrap();
        assert!(!text.contains("QUARTZ") && !text.contains("OBERON") && !text.contains("1960"));
    }
    let said = desk.vacatur([
        "link",
        "hashed",
        "left-hashed.csv",
        "right-hashed.csv",
        "--out",
        "pairs.csv",
        "--truth",
        "who",
        "--at",
        "0.8",
    ]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_eq!(std::fs::read_to_string(desk.path("pairs.csv")).unwrap().lines().count(), 4, "{}", said.out);
}

fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}
