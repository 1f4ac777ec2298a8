//! Files of evidence: lines that fail, files that are none, and where the answers are shown.

#![allow(clippy::expect_used, clippy::panic)]

mod common;

use common::evidence::{
    FIRST, HEADER, SECOND, THIRD, adds_up, cannabis, corrects, file, line, some_answer, told,
};
use common::{Desk, Run, synthetic};
use std::collections::{BTreeMap, BTreeSet};

// ------------------------------------------------------------------------------------------------------ lines that fail

#[test]
fn a_bad_line_is_rejected_with_its_place() {
    let desk = Desk::new();
    let long = "9".repeat(5000);
    let lines: Vec<(String, &str, &str, &str)> = vec![
        (line("1", FIRST, "levl", "felony"), "3", "unknown_fact", "did you mean `level`?"),
        (line("1", FIRST, "colour of the car", "red"), "3", "unknown_fact", "the facts are conviction date"),
        (line("1", FIRST, "unusable row", "a murder"), "3", "unknown_fact", "correct the row"),
        (line("1", FIRST, "level", "grave"), "4", "value", "felony, misdemeanor or infraction"),
        (line("1", FIRST, "conviction date", "5/4/2003"), "4", "value", "2003-05-12"),
        (line("1", FIRST, "conviction date", "2003-02-30"), "4", "value", "2003-05-12"),
        (
            line("1", FIRST, "conviction date", "2020-07-02"),
            "4",
            "impossible",
            "after the day of the decision",
        ),
        (line("1", FIRST, "conviction date", "1849-12-31"), "4", "impossible", "before 1850"),
        (line("1", FIRST, "conviction date", "1979-12-31"), "4", "impossible", "before the person's birth"),
        (line("1", FIRST, "sentence", "2010-05-03"), "4", "impossible", "before the conviction"),
        (line("1", FIRST, "sentence", "2121-07-01"), "4", "impossible", "100 years"),
        (line("1", "", "birth date", "2020-07-02"), "4", "impossible", "after the day of the decision"),
        (line("1", FIRST, "weight", "-1"), "4", "impossible", "negative"),
        (line("1", FIRST, "weight", "2000000.5"), "4", "impossible", "2,000,000 g"),
        (line("1", FIRST, "weight", "1.2345"), "4", "value", "three decimals"),
        (line("1", FIRST, "weight", "an ounce"), "4", "value", "28.5"),
        (line("1", FIRST, "plants", "6.5"), "4", "value", "whole number"),
        (line("1", FIRST, "plants", "1000001"), "4", "impossible", "1,000,000"),
        (line("1", FIRST, "payment", "paid"), "4", "value", "yes or no"),
        (line("1", FIRST, "disposition", "guilty"), "4", "value", "`convicted`"),
        (line("1", FIRST, "section", "marijuana"), "4", "value", "HS 11357(a)"),
        (line("1", FIRST, "section", "187"), "4", "value", "letters of its code"),
        (line("1", FIRST, "county", "LOS ANGLES"), "4", "value", "did you mean LOS ANGELES?"),
        (line("1", FIRST, "county", "PARIS"), "4", "value", "no county"),
        (line("1", "", "level", "felony"), "2", "blank", "does not say of which"),
        (line("1", "101", "level", "felony"), "2", "count_number", "has 3 characters"),
        (line("1", "1.01001E+11", "level", "felony"), "2", "count_number", "spreadsheet"),
        (line("1", THIRD, "level", "felony"), "2", "unknown_count", "no count with this number"),
        (line("1", THIRD, "birth date", "1970-01-01"), "2", "unknown_count", "no count"),
        (line("2", FIRST, "level", "felony"), "1", "unknown_subject", "nobody in the input"),
        (line("", FIRST, "level", "felony"), "1", "blank", "whose it is"),
        (format!("1,{FIRST},level,felony,,R. Clerk,,"), "5", "blank", "the document"),
        (format!("1,{FIRST},level,felony,Court file,,,"), "6", "blank", "whoever gives it"),
        (format!("1,{FIRST},level,felony,Court file,R. Clerk,March 2026,"), "7", "value", "2026-03-01"),
        (format!("1,{FIRST},level,felony,Court file,R. Clerk,2026-03,"), "7", "value", "2026-03-01"),
        (line("1", FIRST, "level", "felony") + "maybe", "8", "value", "`corrects`"),
        (line("1", FIRST, "level", "felony") + ",more", "", "cells", "9 cells, the header 8"),
        ("1".to_owned(), "", "cells", "1 cells, the header 8"),
        (format!("1,{FIRST},level,felony,\"Court\" file,R. Clerk,,"), "5", "stray_quote", "quotation mark"),
        (format!("1,{FIRST},level,felony,{long},R. Clerk,,"), "5", "too_long", "4,096 bytes"),
    ];
    let texts: Vec<String> = lines.iter().map(|(text, ..)| text.clone()).collect();
    let run = told(&desk, &cannabis(&[]), "run", &texts);
    let (used, not_answered, rejected) = adds_up(&run);
    assert_eq!((used, not_answered, rejected), (0, 0, lines.len() as u64));
    let rejects = run.table("evidence_rejects.csv");
    for (at, (reject, (text, column, kind, reason))) in rejects.iter().zip(&lines).enumerate() {
        let shown = &text[..text.len().min(100)];
        assert_eq!(reject["line"], (at + 2).to_string(), "{shown}");
        assert!(reject["file"].ends_with("evidence.csv"));
        assert_eq!(reject["column"], *column, "{shown}: {reject:?}");
        assert_eq!(reject["kind"], *kind, "{shown}: {reject:?}");
        assert!(reject["reason"].contains(reason), "{shown}: {reject:?}");
    }
    // Nothing of it changed anything.
    let without = desk.run_rows(&cannabis(&[]), "without", &[]);
    assert_eq!(run.placeless(), without.placeless());
}

#[test]
fn a_later_birth_may_be_corrected_beside_an_earlier_conviction() {
    // Before the birth on record, and the same file corrects the birth.
    let rows = cannabis(&[("STP_EVENT_DATE", ""), ("DISP_DATE", "")]);
    let lines =
        [line("1", FIRST, "conviction date", "1979-05-04"), corrects("1", "", "birth date", "1950-06-15")];
    let desk = Desk::new();
    let run = told(&desk, &rows, "run", &lines);
    assert_eq!(adds_up(&run), (2, 0, 0));
    assert_eq!(run.of("1", FIRST)["reason"], "50 years or older");
}

#[test]
fn rejects_repeat_nothing_that_stands_in_the_line() {
    let desk = Desk::new();
    let secret = "ZEBEDEE WILHELMINA 1960-01-01";
    let lines: Vec<String> = (0..8)
        .map(|at| {
            let mut cells = ["1", FIRST, "level", "felony", "Court file", "R. Clerk", "2026-03-01", ""];
            cells[at] = secret;
            cells.join(",")
        })
        .collect();
    let evidence = file(&desk, &lines).display().to_string();
    let input = desk.file("input.dat", common::extract(&cannabis(&[])));
    let said = desk.decide(&[&input], "run", &["--evidence", &evidence]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let run = Run::at(&desk.path("run"));
    assert_eq!(adds_up(&run).2, 6, "a document and a name may be anything");
    let shown = ["manifest.json", "summary.json", "summary.txt", "evidence_rejects.csv"];
    for text in shown.iter().map(|name| run.text(name)).chain([said.out, said.err]) {
        for part in ["ZEBEDEE", "WILHELMINA", "1960"] {
            assert!(!text.contains(part), "{part}: {text}");
        }
    }
}

// -------------------------------------------------------------------------------------------------- files that are none

#[test]
fn a_file_that_is_no_evidence_ends_the_run_before_it_begins() {
    let desk = Desk::new();
    let input = desk.file("input.dat", common::extract(&cannabis(&[])));
    let twice = format!("{HEADER},fact");
    let semicolons = HEADER.replace(',', ";");
    let tabs = HEADER.replace(',', "\t");
    let utf16: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(HEADER.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("empty", Vec::new(), "is empty"),
        ("other", b"name,age\nx,1\n".to_vec(), "lacks subject_id, cnt_order"),
        ("missing", HEADER.replace("said_by,", "").into_bytes(), "lacks said_by"),
        ("twice", twice.into_bytes(), "names fact twice"),
        ("semicolons", semicolons.into_bytes(), "separated by semicolons"),
        ("tabs", tabs.into_bytes(), "separated by tabs"),
        ("utf16", utf16, "UTF-16"),
        ("binary", vec![0, 159, 146, 150, 10, 255], "lacks"),
        ("quote", b"\"subject_id,cnt_order".to_vec(), "no header"),
        ("headless", (line("1", FIRST, "level", "felony") + "\n").into_bytes(), "lacks subject_id"),
    ];
    for (name, bytes, reason) in cases {
        let evidence = desk.file(&format!("{name}.csv"), bytes).display().to_string();
        let said = desk.decide(&[&input], "run", &["--evidence", &evidence]);
        said.refused(&[&format!("{name}.csv"), reason]);
        desk.nothing_of("run");
    }
    let gone = desk.path("gone.csv").display().to_string();
    desk.decide(&[&input], "run", &["--evidence", &gone]).refused(&["gone.csv", "cannot be read"]);
    desk.nothing_of("run");
}

#[test]
fn ways_to_write_the_file() {
    let rows = cannabis(&[("CONV_STAT_DESCR", ""), ("OFFENSE_TOC", "")]);
    let desk = Desk::new();
    let input = desk.file("input.dat", common::extract(&rows));
    let answer = line("1", FIRST, "level", "misdemeanor");
    let shuffled = format!(
        "how,said_on,colour,said_by,document,value,fact,cnt_order,subject_id\n,2026-03-01,red,R. Clerk,\"File 9, page \"\"2\"\"\",misdemeanor,level,{FIRST},1\n"
    );
    let quoted = format!(
        "\"{}\"\n\"1\",\"{FIRST}\",\"level\",\"misdemeanor\",\"A report,\nof two lines\",\"R. Clerk\",\"2026-03-01\",\"\"\n",
        HEADER.replace(',', "\",\"")
    );
    let megabyte = format!("{HEADER}\n1,{FIRST},level,felony,{},x,,\n{answer}\n", "x".repeat(1 << 20));
    let cases: Vec<(&str, Vec<u8>, u64)> = vec![
        ("bom", format!("\u{feff}{HEADER}\n{answer}\n").into_bytes(), 0),
        ("crlf", format!("{HEADER}\r\n{answer}\r\n\r\n").into_bytes(), 0),
        ("capitals", format!("{}\n{answer}\n", HEADER.to_uppercase()).into_bytes(), 0),
        ("no-end", format!("{HEADER}\n{answer}").into_bytes(), 0),
        ("shuffled", shuffled.into_bytes(), 0),
        ("quoted", quoted.into_bytes(), 0),
        // A spreadsheet program leaves blank cells at the end of a line away, or adds some.
        ("short", format!("{HEADER}\n1,{FIRST},level,misdemeanor,Court file,R. Clerk\n").into_bytes(), 0),
        ("blank-cells", format!("{HEADER}\n{answer},,,\n").into_bytes(), 0),
        (
            "windows-1252",
            [
                format!("{HEADER}\n1,{FIRST},level,misdemeanor,Expediente de ").as_bytes(),
                b"Pe\xf1a",
                b",R. Clerk,,\n",
            ]
            .concat(),
            0,
        ),
        ("megabyte", megabyte.into_bytes(), 1),
        ("unclosed", format!("{HEADER}\n1,{FIRST},level,\"felony,x,y,,\n{answer}\n").into_bytes(), 1),
        ("nul", format!("{HEADER}\n1,{FIRST},level,fel\0ony,x,y,,\n{answer}\n").into_bytes(), 1),
    ];
    for (name, bytes, rejected) in cases {
        let evidence = desk.file(&format!("{name}.csv"), bytes).display().to_string();
        let run = desk.run(&[&input], name, &["--evidence", &evidence]);
        let (used, _, bad) = adds_up(&run);
        assert_eq!((used, bad), (1, rejected), "{name}: {}", run.text("evidence_rejects.csv"));
        assert_eq!(run.outcome("1", FIRST), "refer", "{name}");
    }
    let document = |name: &str| Run::at(&desk.path(name)).table("evidence.csv")[0]["document"].clone();
    assert_eq!(document("shuffled"), "File 9, page \"2\"");
    assert_eq!(document("quoted"), "A report, of two lines");
    assert_eq!(document("windows-1252"), "Expediente de Peña");
}

#[test]
fn a_control_character_does_not_reach_the_screen() {
    let rows = cannabis(&[("CONV_STAT_DESCR", ""), ("OFFENSE_TOC", "")]);
    let desk = Desk::new();
    let text = format!("1,{FIRST},level,felony,\u{1b}[31mCourt\u{7} file,R. Clerk,,");
    told(&desk, &rows, "run", &[text]);
    let said = desk.vacatur(["explain", "run", "--person", "1"]);
    assert!(said.out.contains("[31mCourt file, R. Clerk)"), "{}", said.out);
    assert!(!said.out.contains(['\u{1b}', '\u{7}']));
}

// ---------------------------------------------------------------------------------------------------- where it is shown

#[test]
fn an_explanation_names_the_document_and_who_says_so() {
    let rows = cannabis(&[
        ("CONV_STAT_DESCR", ""),
        ("OFFENSE_TOC", ""),
        ("PRI_DOB", ""),
        ("OFFENSE_DESCR", "11358-CULTIVATE"),
        ("DISP_DESCR", ""),
        ("SENT_LOC_DESCR", ""),
        ("SENT_LENGTH", ""),
    ]);
    let desk = Desk::new();
    let lines = [
        line("1", FIRST, "level", "felony"),
        "1,,birth date,1970-07-01,\"Arrest report 98-1234\",D. Deputy,,".to_owned(),
        line("1", SECOND, "conviction date", "2014-05-04"),
        line("1", FIRST, "section", "HS 11358"),
        line("1", FIRST, "disposition", "convicted"),
    ];
    told(&desk, &rows, "run", &lines);
    let said = desk.vacatur(["explain", "run", "--person", "1", "--count", FIRST]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    for part in [
        "felony   [evidence.csv, line 2 (Court file 98-1234, R. Clerk, 2026-03-01); run.dat, line 1, column",
        "birth date: 1970-07-01   [evidence.csv, line 3 (Arrest report 98-1234, D. Deputy)",
        "disposition: convicted   [evidence.csv, line 6 (Court file 98-1234, R. Clerk, 2026-03-01); run.dat, line 1",
        "written \"11358-CULTIVATE\" in run.dat, line 1",
    ] {
        assert!(said.out.contains(part), "{part} is not in {}", said.out);
    }
    let json = desk.vacatur(["explain", "run", "--person", "1", "--count", FIRST, "--json"]);
    assert!(json.out.contains("line 2 (Court file 98-1234, R. Clerk, 2026-03-01)"));
    // The run stands without the file that was given.
    std::fs::remove_file(desk.path("evidence.csv")).expect("removed");
    assert_eq!(desk.vacatur(["explain", "run", "--person", "1", "--count", FIRST]).out, said.out);
    // A copy that was changed is not believed.
    let copy = Run::at(&desk.path("run")).text("evidence.csv").replace("felony", "misdemeanor");
    desk.file("run/evidence.csv", copy);
    desk.vacatur(["explain", "run", "--person", "1"])
        .refused(&["evidence.csv is not the file that the manifest names"]);
}

#[test]
fn an_explanation_agrees_with_what_evidence_decided() {
    let desk = Desk::new();
    let rows = synthetic("county", 23, 150);
    let questions = desk.run_rows(&rows, "first", &["--county", "LOS ANGELES"]).table("review.csv");
    let lines: Vec<String> = questions.iter().filter_map(some_answer).collect();
    assert!(lines.len() > 10, "{} questions can be answered", lines.len());
    let evidence = file(&desk, &lines).display().to_string();
    let run = desk.run_rows(&rows, "run", &["--county", "LOS ANGELES", "--evidence", &evidence]);
    adds_up(&run);
    let people: BTreeSet<String> = questions.iter().map(|one| one["subject_id"].clone()).collect();
    for one in run.determinations().iter().filter(|one| people.contains(&one["subject_id"])) {
        let said =
            desk.vacatur(["explain", "run", "--person", &one["subject_id"], "--count", &one["cnt_order"]]);
        let decision = format!("Decision: {}. {}", one["relief"].to_uppercase(), one["reason"]);
        assert!(said.out.contains(&decision), "{decision} is not in {}", said.out);
    }
}

#[test]
fn every_output_is_the_same_on_any_number_of_threads() {
    let desk = Desk::new();
    let rows = synthetic("hostile", 33, 300);
    let input = desk.file("input.dat", common::extract(&rows));
    let plain = desk.run(&[&input], "plain", &["--county", "LOS ANGELES"]);
    let mut lines: Vec<String> = plain.table("review.csv").iter().filter_map(some_answer).collect();
    // Some that contradict one another, and some about nobody.
    lines.extend(lines.clone().iter().step_by(7).map(|line| line.replace("felony", "misdemeanor")));
    lines.push(line("nobody", FIRST, "level", "felony"));
    let evidence = file(&desk, &lines).display().to_string();
    let run = |threads: &str| {
        let out = format!("run-{threads}");
        let more =
            ["--county", "LOS ANGELES", "--evidence", &evidence, "--threads", threads, "--format", "bear"];
        desk.run(&[&input], &out, &more)
    };
    let (one, two) = (run("1"), run("2"));
    for name in common::names(&one.dir) {
        assert!(one.bytes(&name) == two.bytes(&name), "{name}");
    }
    let (used, _, rejected) = adds_up(&one);
    assert!(used > 50 && rejected > 0, "{used} {rejected}");
    // Whoever has no evidence is decided as without it, and what changed is listed, all of it.
    let changed: BTreeSet<(String, String)> = one
        .table("evidence_effects.csv")
        .into_iter()
        .map(|effect| (effect["subject_id"].clone(), effect["cnt_order"].clone()))
        .collect();
    let by_count = |run: &Run| -> BTreeMap<(String, String, String), [String; 3]> {
        run.determinations()
            .into_iter()
            .map(|one| {
                let key = (one["subject_id"].clone(), one["cnt_order"].clone(), one["line"].clone());
                (key, ["outcome", "reason", "missing"].map(|name| one[name].clone()))
            })
            .collect()
    };
    let (before, after) = (by_count(&plain), by_count(&one));
    let keys: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    let different: BTreeSet<(String, String)> = keys
        .into_iter()
        .filter(|key| before.get(key) != after.get(key))
        .map(|(subject, count, _)| (subject.clone(), count.clone()))
        .collect();
    assert_eq!(changed, different);
    assert!(changed.len() > 20, "{}", changed.len());
}

#[test]
fn the_manifest_names_the_evidence() {
    let desk = Desk::new();
    let run = told(
        &desk,
        &cannabis(&[]),
        "run",
        &[line("1", FIRST, "level", "felony"), line("1", FIRST, "level", "")],
    );
    let manifest = run.json("manifest.json");
    let evidence = &manifest["evidence"][0];
    let given = std::fs::read(desk.path("evidence.csv")).expect("the file");
    assert_eq!(evidence["bytes"].as_u64(), Some(given.len() as u64));
    assert_eq!(evidence["blake3"].as_str().map(str::len), Some(64));
    assert_eq!((&evidence["used"], &evidence["not_answered"]), (&1.into(), &1.into()));
    let outputs: Vec<&str> = manifest["outputs"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|output| output["name"].as_str().expect("a name"))
        .collect();
    for name in ["evidence.csv", "evidence_effects.csv", "evidence_rejects.csv", "review.csv"] {
        assert!(outputs.contains(&name), "{name}");
    }
    // Without evidence there is nothing of it.
    let plain = desk.run_rows(&cannabis(&[]), "plain", &[]);
    assert!(plain.json("manifest.json").get("evidence").is_none());
    assert!(!common::names(&plain.dir).iter().any(|name| name.starts_with("evidence")));
}
