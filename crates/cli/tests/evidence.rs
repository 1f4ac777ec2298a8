//! Answers that were found in other documents, and the questions that ask for them.

#![allow(clippy::expect_used, clippy::panic)]

mod common;

use common::{Desk, Row, Run, conviction, row, synthetic, with};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

const HEADER: &str = "subject_id,cnt_order,fact,value,document,said_by,said_on,how";
const FIRST: &str = "101001001000";
const SECOND: &str = "102001001000";
const THIRD: &str = "103001001000";

/// Whom a line of evidence names, unless a test says otherwise.
const SAYS: &str = "Court file 98-1234,R. Clerk,2026-03-01,";

/// A line: subject, count, fact, value.
fn line(subject: &str, count: &str, fact: &str, value: &str) -> String {
    format!("{subject},{count},{fact},{value},{SAYS}")
}

fn corrects(subject: &str, count: &str, fact: &str, value: &str) -> String {
    line(subject, count, fact, value) + "corrects"
}

fn file(desk: &Desk, lines: &[String]) -> PathBuf {
    desk.file("evidence.csv", format!("{HEADER}\n{}\n", lines.join("\n")))
}

/// A run with these lines of evidence.
fn told(desk: &Desk, rows: &[Row], out: &str, lines: &[String]) -> Run {
    let evidence = file(desk, lines);
    desk.run_rows(rows, out, &["--evidence", &evidence.display().to_string()])
}

/// One run with one line; what is decided of the first count of person 1.
fn answered(rows: &[Row], lines: &[String]) -> common::Determination {
    let desk = Desk::new();
    let run = told(&desk, rows, "run", lines);
    adds_up(&run);
    run.of("1", FIRST)
}

fn unanswered(rows: &[Row]) -> common::Determination {
    Desk::new().run_rows(rows, "run", &[]).of("1", FIRST)
}

/// Lines in are lines used, not answered and rejected; and each that was rejected stands in the table.
fn adds_up(run: &Run) -> (u64, u64, u64) {
    let manifest = run.json("manifest.json");
    let mut all = (0, 0, 0);
    for file in manifest["evidence"].as_array().expect("evidence") {
        let number = |name: &str| file[name].as_u64().expect("a number");
        assert_eq!(number("lines"), number("used") + number("not_answered") + number("rejected"), "{file}");
        all.0 += number("used");
        all.1 += number("not_answered");
        all.2 += number("rejected");
    }
    assert_eq!(run.table("evidence.csv").len() as u64, all.0);
    assert_eq!(run.table("evidence_rejects.csv").len() as u64, all.2);
    assert_eq!(
        run.table("evidence_effects.csv").len() as u64,
        manifest["counts"]["changed_by_evidence"].as_u64().expect("a number")
    );
    all
}

/// Cannabis in 2010 of somebody born in 1980, and a theft of 2015 that leaves no ground for relief but the one a test is
/// about.
fn cannabis(cells: &[(&str, &str)]) -> Vec<Row> {
    vec![
        with(conviction("1", FIRST, "11358 HS-CULTIVATE", "20100504"), cells),
        with(
            conviction("1", SECOND, "484 PC-THEFT", "20150504"),
            &cells.iter().filter(|(name, _)| *name == "PRI_DOB").copied().collect::<Vec<_>>(),
        ),
    ]
}

fn outcome(one: &common::Determination) -> (&str, &str, &str) {
    (one["outcome"].as_str(), one["reason"].as_str(), one["missing"].as_str())
}

const REST: (&str, &str, &str) = ("review", "No applicable eligibility criteria", "");

// ---------------------------------------------------------------------------------------------------- each fact is filled

#[test]
fn a_level_is_filled() {
    let rows = cannabis(&[("CONV_STAT_DESCR", ""), ("OFFENSE_TOC", "")]);
    assert_eq!(outcome(&unanswered(&rows)), ("review", "Needs level", "level"));
    let of = |value: &str| answered(&rows, &[line("1", FIRST, "level", value)]);
    assert_eq!(outcome(&of("felony")), REST);
    assert_eq!(outcome(&of("Misdemeanor")), ("refer", "Misdemeanor or Infraction", ""));
    assert_eq!(outcome(&of("infraction")), ("refer", "Misdemeanor or Infraction", ""));
    assert_eq!(of("felony")["level"], "felony");
}

#[test]
fn a_level_of_the_charge_only_stands_in() {
    let rows = cannabis(&[("CONV_STAT_DESCR", "")]);
    assert_eq!(unanswered(&rows)["proxies"], "level: of the charge");
    let one = answered(&rows, &[line("1", FIRST, "level", "misdemeanor")]);
    assert_eq!((one["outcome"].as_str(), one["proxies"].as_str()), ("refer", ""));
}

#[test]
fn a_conviction_date_is_filled_whole_or_in_part() {
    let rows = cannabis(&[("STP_EVENT_DATE", ""), ("DISP_DATE", "")]);
    let before = unanswered(&rows);
    assert_eq!((before["outcome"].as_str(), before["missing"].as_str()), ("review", "conviction date"));
    let of = |value: &str| answered(&rows, &[line("1", FIRST, "conviction date", value)]);
    assert_eq!(outcome(&of("2016-11-08")), REST);
    assert_eq!(outcome(&of("2016-11-09")), ("not_eligible", "Occurred after 11/09/2016", ""));
    assert_eq!(outcome(&of("2003")), REST);
    assert_eq!(of("2003")["conviction_date"], "2003");
    assert_eq!(outcome(&of("2017-01")), ("not_eligible", "Occurred after 11/09/2016", ""));
    // In November 2016 it may lie on either side.
    assert_eq!(of("2016-11")["missing"], "conviction date");
}

#[test]
fn a_partial_date_is_made_exact() {
    let rows = cannabis(&[("STP_EVENT_DATE", "20160000"), ("DISP_DATE", "20160000")]);
    assert_eq!(unanswered(&rows)["missing"], "conviction date");
    let of = |value: &str| answered(&rows, &[line("1", FIRST, "conviction date", value)]);
    assert_eq!(outcome(&of("2016-05-04")), REST);
    assert_eq!(of("2016-05")["conviction_date"], "2016-05");
    // Another year than the record's is a contradiction.
    assert_eq!(outcome(&of("2015-05-04")), ("review", "Needs conviction date", "conviction date"));
}

#[test]
fn a_sentence_is_reckoned_from_the_date_that_was_filled() {
    // A year of probation from the day that a document gives.
    let alone = vec![with(
        conviction("1", FIRST, "11358 HS-CULTIVATE", ""),
        &[("STP_EVENT_DATE", ""), ("DISP_DATE", "")],
    )];
    let of = |value: &str| answered(&alone, &[line("1", FIRST, "conviction date", value)]);
    assert_eq!(of("2015-05-04")["reason"], "Only has 11357-60 charges and completed sentence");
    let late = with(alone[0].clone(), &[("SENT_LENGTH", "60")]);
    let one = answered(&[late], &[line("1", FIRST, "conviction date", "2016-05-04")]);
    assert_eq!(outcome(&one), ("review", "Currently serving sentence", ""));
}

#[test]
fn a_birth_date_is_filled_without_a_count_or_with_one() {
    let rows = cannabis(&[("PRI_DOB", "")]);
    assert_eq!(outcome(&unanswered(&rows)), ("review", "Needs birth date", "birth date"));
    for count in ["", FIRST, SECOND] {
        let of = |value: &str| answered(&rows, &[line("1", count, "birth date", value)]);
        assert_eq!(of("1970-07-01")["reason"], "50 years or older");
        assert_eq!(outcome(&of("1970-07-02")), REST);
    }
}

#[test]
fn a_section_is_filled() {
    let rows = cannabis(&[("OFFENSE_DESCR", "#@!")]);
    assert_eq!(unanswered(&rows)["missing"], "section");
    let of = |value: &str| answered(&rows, &[line("1", FIRST, "section", value)]);
    assert_eq!(outcome(&of("11357(a) HS")), ("dismiss", "11357(a) or 11357(b)", ""));
    assert_eq!(of("HS 11358")["section"], "HS 11358");
    // A conviction of another section is no longer decided.
    let desk = Desk::new();
    let run = told(&desk, &rows, "run", &[line("1", FIRST, "section", "PC 459")]);
    assert!(run.determinations().is_empty());
    let effects = run.table("evidence_effects.csv");
    assert_eq!(
        (effects[0]["outcome_before"].as_str(), effects[0]["outcome"].as_str()),
        ("review", "out_of_scope")
    );
}

#[test]
fn a_subdivision_is_filled() {
    let desk = Desk::new();
    let rows = cannabis(&[("OFFENSE_DESCR", "11357 HS-POSSESS")]);
    let run = told(&desk, &rows, "run", &[line("1", FIRST, "section", "HS 11357(b)")]);
    assert_eq!(run.of("1", FIRST)["reason"], "11357(a) or 11357(b)");
    assert_eq!(run.table("evidence.csv")[0]["taken_as"], "filled");
    // Less than the record says adds nothing and contradicts nothing.
    let rows = cannabis(&[("OFFENSE_DESCR", "11357(B) HS-POSSESS")]);
    let run = told(&desk, &rows, "less", &[line("1", FIRST, "section", "11357 HS")]);
    assert_eq!(run.of("1", FIRST)["section"], "HS 11357(b)");
    assert_eq!(run.table("evidence.csv")[0]["taken_as"], "agreed");
}

#[test]
fn a_county_is_filled() {
    let rows = cannabis(&[("STP_ORI_CNTY_NAME", "")]);
    let desk = Desk::new();
    let of = |out: &str, value: &str| {
        let evidence = file(&desk, &[line("1", FIRST, "county", value)]);
        let evidence = evidence.display().to_string();
        desk.run_rows(&rows, out, &["--county", "LOS ANGELES", "--evidence", &evidence])
    };
    let without = desk.run_rows(&rows, "without", &["--county", "LOS ANGELES"]);
    assert_eq!(without.of("1", FIRST)["missing"], "county");
    assert_eq!(outcome(&of("here", "Los  Angeles").of("1", FIRST)), REST);
    let elsewhere = of("elsewhere", "yolo");
    assert!(elsewhere.determinations().is_empty());
}

#[test]
fn a_disposition_is_filled() {
    let rows = cannabis(&[("DISP_DESCR", ""), ("SENT_LOC_DESCR", ""), ("SENT_LENGTH", "")]);
    assert_eq!(unanswered(&rows)["missing"], "disposition");
    assert_eq!(outcome(&answered(&rows, &[line("1", FIRST, "disposition", "convicted")])), REST);
    let desk = Desk::new();
    let run = told(&desk, &rows, "run", &[line("1", FIRST, "disposition", "Not convicted")]);
    assert!(run.determinations().is_empty());
}

#[test]
fn a_relief_that_may_be_of_the_count_is_ruled_out() {
    let mut rows = cannabis(&[]);
    rows.push(with(
        rows[0].clone(),
        &[("STP_EVENT_DATE", "20180601"), ("DISP_DESCR", ""), ("SENT_LOC_DESCR", ""), ("SENT_LENGTH", "")],
    ));
    assert_eq!(unanswered(&rows)["missing"], "disposition");
    let of = |value: &str| answered(&rows, &[line("1", FIRST, "disposition", value)]);
    assert_eq!(of("convicted")["missing"], "disposition");
    assert_eq!(outcome(&of("\"convicted, no relief\"")), REST);
    // Where the record holds a relief, saying that there was none contradicts it.
    rows[2][common::column("DISP_DESCR")] = "DISM PER 11361.8 HS PROP 64".into();
    assert_eq!(outcome(&unanswered(&rows)).0, "already_relieved");
    assert_eq!(of_row(&rows, "\"convicted, no relief\"")["missing"], "disposition");
}

fn of_row(rows: &[Row], value: &str) -> common::Determination {
    answered(rows, &[line("1", FIRST, "disposition", value)])
}

#[test]
fn the_end_of_a_sentence_is_filled() {
    let rows = vec![with(
        conviction("1", FIRST, "11358 HS-CULTIVATE", "20150504"),
        &[("SENT_LOC_DESCR", ""), ("SENT_LENGTH", "")],
    )];
    assert_eq!(unanswered(&rows)["missing"], "sentence");
    let of = |value: &str| answered(&rows, &[line("1", FIRST, "sentence", value)]);
    assert_eq!(of("2020-06-30")["reason"], "Only has 11357-60 charges and completed sentence");
    assert_eq!(of("2020-07-01")["reason"], "Currently serving sentence");
    // It may lie ahead.
    assert_eq!(of("2022-01-31")["reason"], "Currently serving sentence");
}

#[test]
fn the_end_of_a_sentence_holds_though_the_date_of_the_conviction_is_in_doubt() {
    // Convicted before the birth: both dates are in doubt, and with the date the end that is reckoned from it.
    let rows = vec![conviction("1", FIRST, "11358 HS-CULTIVATE", "19750504")];
    let before = unanswered(&rows);
    assert!(before["missing"].contains("sentence") || before["harmless"].contains("sentence"), "{before:?}");
    let desk = Desk::new();
    let run = told(&desk, &rows, "run", &[line("1", FIRST, "sentence", "1999-05-04")]);
    assert_eq!(run.table("evidence.csv")[0]["taken_as"], "filled");
    assert!(!run.of("1", FIRST)["missing"].contains("sentence"), "{:?}", run.of("1", FIRST));
}

#[test]
fn a_death_is_filled() {
    let rows = cannabis(&[]);
    let of = |value: &str| answered(&rows, &[line("1", "", "death", value)]);
    assert_eq!((of("yes")["reason"].as_str(), of("yes")["deceased"].as_str()), ("Deceased", "yes"));
    assert_eq!(outcome(&of("no")), REST);
    // A conviction after the notice of the death puts it in doubt, until a document settles it.
    let mut rows = rows;
    rows.push(with(
        row(&[("SUBJECT_ID", "1"), ("CNT_ORDER", THIRD), ("STP_EVENT_DATE", "20140101")]),
        &[("STP_TYPE_DESCR", "DECEASED")],
    ));
    assert_eq!(unanswered(&rows)["deceased"], "unknown");
    let of = |value: &str| answered(&rows, &[line("1", FIRST, "death", value)]);
    assert_eq!(of("yes")["reason"], "Deceased");
    assert_eq!(outcome(&of("no")), REST);
}

#[test]
fn a_registration_date_is_filled() {
    let mut rows = cannabis(&[]);
    rows.push(row(&[
        ("SUBJECT_ID", "1"),
        ("CNT_ORDER", THIRD),
        ("STP_TYPE_DESCR", "REGISTRATION"),
        ("OFFENSE_DESCR", "290 PC-SEX OFFENDER"),
    ]));
    assert_eq!(unanswered(&rows)["missing"], "registration date");
    let of = |value: &str| answered(&rows, &[line("1", THIRD, "registration date", value)]);
    assert_eq!(of("2010-05-03")["reason"], "PC 290");
    assert_eq!(outcome(&of("2010-05-04")), REST);
    let desk = Desk::new();
    let run = told(&desk, &rows, "run", &[line("1", FIRST, "registration date", "2010-05-03")]);
    assert_eq!(run.table("evidence_rejects.csv")[0]["kind"], "no_registration");
}

/// A policy that asks for the day of the offence.
const BY_OFFENCE: &str = "```policy\nid: us-ca/by-offence\ntitle: By the day of the offence\njurisdiction: us-ca\nauthority: nobody\neffective: from 2020-01-01\nsource: a test\nstatus: confirmed\n```\n```sections\ncannabis = table cannabis\n    attempts count\n    conspiracies are unclear\n```\n```scope\nwhen conviction.section in cannabis\ncite a test\n```\n```rule early\nwhen conviction.offence-date before 2009-07-01\nthen dismiss\nreason \"Early\"\ncite a test\n```\n```rule otherwise\notherwise\nthen not eligible\nreason \"Late\"\ncite a test\n```\n";

#[test]
fn the_day_of_an_offence_is_filled() {
    let desk = Desk::new();
    let policy = desk.file("policy.md", BY_OFFENCE).display().to_string();
    let rows = cannabis(&[]);
    let run = |out: &str, lines: &[String]| {
        let evidence = file(&desk, lines).display().to_string();
        desk.run_rows(&rows, out, &["--policy", &policy, "--evidence", &evidence])
    };
    let before = desk.run_rows(&rows, "before", &["--policy", &policy]);
    assert_eq!(before.of("1", FIRST)["outcome"], "review");
    let asked: Vec<_> = before.table("review.csv");
    assert_eq!(asked.len(), 1, "{asked:?}");
    assert_eq!(asked[0]["fact"], "offence date");
    assert_eq!(
        asked[0]["answers"],
        "before 2009-07-01: dismiss \"Early\" | on or after 2009-07-01: not eligible \"Late\""
    );
    let early = run("early", &[line("1", FIRST, "offence date", "2009-06-30")]);
    assert_eq!(early.of("1", FIRST)["reason"], "Early");
    assert_eq!(early.of("1", FIRST)["proxies"], "", "nothing stands in for it any more");
    assert_eq!(
        run("late", &[line("1", FIRST, "offence date", "2009-07-01")]).of("1", FIRST)["reason"],
        "Late"
    );
    let impossible = run("after", &[line("1", FIRST, "offence date", "2010-05-05")]);
    assert_eq!(impossible.table("evidence_rejects.csv")[0]["kind"], "impossible");
    // An arrest only stands in: what a document says goes before it.
    let arrest = with(
        conviction("1", "101000001000", "11358 HS-CULTIVATE", "20100101"),
        &[
            ("STP_TYPE_DESCR", "ARREST/DETAINED/CITED"),
            ("DISP_DESCR", ""),
            ("SENT_LOC_DESCR", ""),
            ("SENT_LENGTH", ""),
        ],
    );
    let mut rows = cannabis(&[]);
    rows.push(arrest);
    let evidence = file(&desk, &[line("1", FIRST, "offence date", "2009-06-30")]).display().to_string();
    let run = desk.run_rows(&rows, "arrest", &["--policy", &policy, "--evidence", &evidence]);
    assert_eq!(run.of("1", FIRST)["reason"], "Early");
}

#[test]
fn findings_are_taken() {
    // No policy here asks for them; that they are read, checked and kept can be seen all the same.
    let desk = Desk::new();
    let lines = [
        line("1", FIRST, "weight", "28.5"),
        line("1", FIRST, "concentrate weight", "0.125"),
        line("1", FIRST, "plants", "6"),
        line("1", FIRST, "payment", "yes"),
        line("1", FIRST, "age of buyer", "no"),
        line("1", FIRST, "import or export", "NO"),
        line("1", FIRST, "environmental harm", "no"),
    ];
    let run = told(&desk, &cannabis(&[]), "run", &lines);
    assert_eq!(adds_up(&run), (7, 0, 0));
    assert!(run.table("evidence.csv").iter().all(|line| line["taken_as"] == "filled"));
    assert!(run.table("evidence_effects.csv").is_empty());
}

// ------------------------------------------------------------------------------------------- contradictions, corrections

/// A record that leaves nothing open, and for each fact a statement that contradicts it.
const AGAINST: [(&str, &str, &str); 7] = [
    (FIRST, "conviction date", "2011-05-04"),
    ("", "birth date", "1981-06-15"),
    (FIRST, "level", "misdemeanor"),
    (FIRST, "section", "HS 11359"),
    (FIRST, "county", "YOLO"),
    (FIRST, "disposition", "not convicted"),
    (FIRST, "sentence", "2012-05-04"),
];

#[test]
fn what_contradicts_the_record_makes_the_fact_unknown() {
    for (count, fact, value) in AGAINST {
        let desk = Desk::new();
        let run = told(&desk, &cannabis(&[]), "run", &[line("1", count, fact, value)]);
        let copy = run.table("evidence.csv");
        assert_eq!(copy[0]["taken_as"], "in conflict", "{fact}");
        let one = run.of("1", FIRST);
        // Whatever the statement would have led to, it does not.
        assert_eq!(one["outcome"], "review", "{fact}");
        assert_ne!(one["conviction_date"], "2011-05-04");
        assert_ne!(one["level"], "misdemeanor");
        let explained = desk.vacatur(["explain", "run", "--person", "1", "--count", FIRST]);
        assert!(explained.out.contains("(in conflict)") || fact == "county", "{fact}: {}", explained.out);
    }
}

#[test]
fn a_correction_takes_the_place_of_the_record() {
    let of = |fact: &str, value: &str| {
        let count = if fact == "birth date" { "" } else { FIRST };
        answered(&cannabis(&[]), &[corrects("1", count, fact, value)])
    };
    assert_eq!(of("conviction date", "2017-05-04")["reason"], "Occurred after 11/09/2016");
    assert_eq!(of("birth date", "1960-06-15")["reason"], "50 years or older");
    assert_eq!(of("level", "misdemeanor")["outcome"], "refer");
    assert_eq!(of("section", "HS 11357(a)")["reason"], "11357(a) or 11357(b)");
    assert_eq!(of("county", "YOLO")["county"], "YOLO");
    let desk = Desk::new();
    let run = told(&desk, &cannabis(&[]), "run", &[corrects("1", FIRST, "disposition", "not convicted")]);
    assert!(run.determinations().is_empty());
    assert_eq!(run.table("evidence.csv")[0]["taken_as"], "corrected");
    let run = told(
        &desk,
        &cannabis(&[]),
        "death",
        &[line("1", "", "death", "yes"), corrects("1", "", "death", "yes")],
    );
    assert_eq!(run.of("1", FIRST)["reason"], "Deceased");
}

#[test]
fn a_notice_of_death_is_only_corrected() {
    let mut rows = cannabis(&[]);
    rows.push(row(&[
        ("SUBJECT_ID", "1"),
        ("CNT_ORDER", THIRD),
        ("STP_EVENT_DATE", "20190101"),
        ("STP_TYPE_DESCR", "DECEASED"),
    ]));
    assert_eq!(unanswered(&rows)["reason"], "Deceased");
    let one = answered(&rows, &[line("1", "", "death", "no")]);
    assert_eq!((one["outcome"].as_str(), one["deceased"].as_str()), ("review", "unknown"));
    assert_eq!(outcome(&answered(&rows, &[corrects("1", "", "death", "no")])), REST);
}

#[test]
fn two_lines_that_contradict_one_another_settle_nothing() {
    let rows = cannabis(&[("CONV_STAT_DESCR", ""), ("OFFENSE_TOC", "")]);
    let lines = [line("1", FIRST, "level", "felony"), line("1", FIRST, "level", "misdemeanor")];
    let desk = Desk::new();
    let run = told(&desk, &rows, "run", &lines);
    assert_eq!(outcome(&run.of("1", FIRST)), ("review", "Needs level", "level"));
    assert!(run.table("evidence.csv").iter().all(|line| line["taken_as"] == "in conflict"));
    // Not even if one of them is a correction.
    let one = answered(&rows, &[lines[0].clone(), corrects("1", FIRST, "level", "misdemeanor")]);
    assert_eq!(one["missing"], "level");
    for (fact, a, b) in [
        ("weight", "28.5", "28.501"),
        ("payment", "yes", "no"),
        ("section", "HS 11358", "HS 11359"),
        ("conviction date", "2010-05-04", "2010-05-05"),
        ("disposition", "convicted", "not convicted"),
        ("county", "YOLO", "NAPA"),
    ] {
        let out = fact.replace(' ', "-");
        let run = told(&desk, &cannabis(&[]), &out, &[line("1", FIRST, fact, a), line("1", FIRST, fact, b)]);
        assert!(run.table("evidence.csv").iter().all(|line| line["taken_as"] == "in conflict"), "{fact}");
        if !matches!(fact, "weight" | "payment") {
            assert_eq!(run.outcome("1", FIRST), "review", "{fact}");
        }
    }
}

#[test]
fn lines_that_agree_are_one() {
    let rows = cannabis(&[("STP_EVENT_DATE", ""), ("DISP_DATE", "")]);
    let desk = Desk::new();
    let lines = [
        line("1", FIRST, "conviction date", "2003"),
        line("1", FIRST, "conviction date", "2003-05-12"),
        line("1", FIRST, "conviction date", "2003-05"),
        line("1", "101001001777", "conviction date", "2003-05-12"),
    ];
    let run = told(&desk, &rows, "run", &lines);
    assert_eq!(run.of("1", FIRST)["conviction_date"], "2003-05-12");
    assert_eq!(adds_up(&run), (4, 0, 0));
    // The same in two files.
    let (one, two) = (
        desk.file("one.csv", format!("{HEADER}\n{}\n", lines[0])),
        desk.file("two.csv", format!("{HEADER}\n{}\n", lines[1])),
    );
    let (one, two) = (one.display().to_string(), two.display().to_string());
    let run = desk.run_rows(&rows, "two", &["--evidence", &one, "--evidence", &two]);
    assert_eq!(run.of("1", FIRST)["conviction_date"], "2003-05-12");
    assert_eq!(run.json("manifest.json")["evidence"].as_array().map(Vec::len), Some(2));
}

#[test]
fn what_agrees_with_the_record_changes_nothing() {
    let desk = Desk::new();
    let lines = [
        line("1", FIRST, "conviction date", "2010-05-04"),
        line("1", FIRST, "level", "felony"),
        line("1", FIRST, "section", "HS 11358"),
        line("1", FIRST, "county", "los angeles"),
        line("1", FIRST, "disposition", "convicted"),
        line("1", "", "birth date", "1980"),
    ];
    let run = told(&desk, &cannabis(&[]), "run", &lines);
    assert!(run.table("evidence.csv").iter().all(|line| line["taken_as"] == "agreed"));
    let without = desk.run_rows(&cannabis(&[]), "without", &[]);
    assert_eq!(run.placeless(), without.placeless());
}

#[test]
fn a_conflict_in_the_record_is_resolved() {
    // Born after the conviction: both dates are in doubt, and one answer settles it.
    let rows = vec![conviction("1", FIRST, "11358 HS-CULTIVATE", "19750504")];
    let in_doubt = "conviction date; birth date; sentence";
    assert_eq!(unanswered(&rows)["missing"], in_doubt);
    let one = answered(&rows, &[line("1", "", "birth date", "1950-06-15")]);
    assert_eq!(outcome(&one), ("dismiss", "50 years or older", ""));
    let one = answered(&rows, &[line("1", FIRST, "conviction date", "2005-05-04")]);
    assert_eq!(outcome(&one).0, "dismiss");
    // A document that repeats what is in doubt leaves it so.
    let one = answered(&rows, &[line("1", "", "birth date", "1980-06-15")]);
    assert_eq!(one["missing"], in_doubt);
}

// ------------------------------------------------------------------------------------------------------- lines that fail

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

// --------------------------------------------------------------------------------------------------- files that are none

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

// ------------------------------------------------------------------------------------------------------ where it is shown

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

/// A line that answers a question in some way.
fn some_answer(question: &BTreeMap<String, String>) -> Option<String> {
    let value = match question["fact"].as_str() {
        "level" => "felony",
        "disposition" => "convicted",
        "section" => "HS 11358",
        "county" => "LOS ANGELES",
        "sentence" => "2019-12-01",
        "birth date" => "1961-02-03",
        "conviction date" => "2012-03-04",
        _ => return None,
    };
    Some(line(&question["subject_id"], &question["cnt_order"], &question["fact"], value))
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

// -------------------------------------------------------------------------------------------------------------- questions

fn questions(rows: &[Row]) -> Vec<BTreeMap<String, String>> {
    Desk::new().run_rows(rows, "run", &[]).table("review.csv")
}

#[test]
fn a_question_says_what_each_answer_would_do() {
    let asked = questions(&cannabis(&[("CONV_STAT_DESCR", ""), ("OFFENSE_TOC", "")]));
    assert_eq!(asked.len(), 1);
    let one = &asked[0];
    let said = |name: &str| one[name].as_str();
    assert_eq!((said("subject_id"), said("cnt_order"), said("needed_for")), ("1", FIRST, FIRST));
    assert_eq!((said("section"), said("level"), said("conviction_date")), ("HS 11358", "", "2010-05-04"));
    assert_eq!((said("county"), said("case_number"), said("fact")), ("LOS ANGELES", "C1", "level"));
    assert_eq!(said("question"), "Was the conviction a felony, a misdemeanor or an infraction?");
    assert_eq!(
        said("answers"),
        "felony: review \"No applicable eligibility criteria\" | misdemeanor: refer to \"City Attorneys\", \"Misdemeanor or Infraction\" | infraction: refer to \"City Attorneys\", \"Misdemeanor or Infraction\""
    );
    for name in ["value", "document", "said_by", "said_on", "how"] {
        assert_eq!(said(name), "");
    }
}

#[test]
fn the_days_at_which_a_decision_changes_are_exact() {
    let asked = questions(&cannabis(&[("PRI_DOB", "")]));
    assert_eq!(
        asked[0]["answers"],
        "before 1970-07-02: dismiss \"50 years or older\" | 1970-07-02 to 1998-07-01: review \"No applicable eligibility criteria\" | 1998-07-02 to 2010-05-04: dismiss \"21 years or younger\" | on or after 2010-05-05: still a review: it contradicts the record"
    );
    let asked = questions(&cannabis(&[("STP_EVENT_DATE", ""), ("DISP_DATE", "")]));
    assert_eq!(
        asked[0]["answers"],
        "before 2016-11-09: review \"No applicable eligibility criteria\" | on or after 2016-11-09: not eligible \"Occurred after 11/09/2016\""
    );
}

/// What the answers of a question promise is what happens when they are given.
#[test]
fn promises_are_kept() {
    let desk = Desk::new();
    let rows = synthetic("county", 29, 400);
    let first = desk.run_rows(&rows, "first", &["--county", "LOS ANGELES"]);
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    // One answer for each person, so that each is given with the others still open.
    let mut given: Vec<(BTreeMap<String, String>, String, String)> = Vec::new();
    let mut people: BTreeSet<String> = BTreeSet::new();
    for question in first.table("review.csv") {
        let tried = kinds.entry(question["fact"].clone()).or_default();
        if question["fact"] == "section" || !people.insert(question["subject_id"].clone()) {
            continue;
        }
        let all: Vec<(&str, &str)> =
            question["answers"].split(" | ").filter_map(|answer| answer.split_once(": ")).collect();
        if all.is_empty() {
            continue;
        }
        let (answer, effect) = all[*tried % all.len()];
        *tried += 1;
        let value = match answer.split(' ').collect::<Vec<_>>().as_slice() {
            ["before", day] => day_before(day),
            ["on", "or", "after", day] | [day, "to", _] | ["on", day] => (*day).to_owned(),
            ["any", "day"] => continue,
            _ => answer.to_owned(),
        };
        let effect = effect.to_owned();
        given.push((question, value, effect));
    }
    assert!(given.len() > 20, "{} answers", given.len());
    let lines: Vec<String> = given
        .iter()
        .map(|(question, value, _)| {
            line(&question["subject_id"], &question["cnt_order"], &question["fact"], value)
        })
        .collect();
    let evidence = file(&desk, &lines).display().to_string();
    let run = desk.run_rows(&rows, "run", &["--county", "LOS ANGELES", "--evidence", &evidence]);
    for (question, value, effect) in given {
        let found = run.determinations().into_iter().find(|one| {
            one["subject_id"] == question["subject_id"] && one["cnt_order"] == question["needed_for"]
        });
        let shown = format!("{question:?} answered with {value} is {found:?}");
        match (effect.as_str(), found) {
            ("nothing to decide", found) => assert!(found.is_none(), "{shown}"),
            (_, None) => panic!("{shown}"),
            (effect, Some(one)) if effect.starts_with("still a review: it contradicts") => {
                assert!(one["outcome"] == "review" && !one["missing"].is_empty(), "{shown}");
            }
            (effect, Some(one)) if effect.starts_with("still a review: also needs ") => {
                assert_eq!(one["outcome"], "review", "{shown}");
                for fact in effect["still a review: also needs ".len()..].split("; ") {
                    assert!(one["missing"].contains(fact.trim_start_matches("another ")), "{shown}");
                }
            }
            (effect, Some(one)) => {
                assert!(effect.ends_with(&format!("\"{}\"", one["reason"])), "{shown}");
                assert!(effect.starts_with(&one["relief"]), "{shown}");
            }
        }
    }
}

fn day_before(day: &str) -> String {
    let day: jiff::civil::Date = day.parse().expect("a day");
    day.yesterday().expect("a day before").to_string()
}

#[test]
fn a_question_about_another_count_names_it() {
    // Murder without a date: whether it came before the cannabis is what is asked.
    let mut rows = cannabis(&[]);
    rows.push(with(
        conviction("1", THIRD, "187(A) PC-MURDER", ""),
        &[("STP_EVENT_DATE", ""), ("DISP_DATE", "")],
    ));
    let asked: Vec<_> = questions(&rows).into_iter().filter(|one| one["fact"] == "conviction date").collect();
    assert_eq!(asked.len(), 1, "{asked:?}");
    let one = &asked[0];
    assert_eq!((one["cnt_order"].as_str(), one["needed_for"].as_str()), (THIRD, FIRST));
    assert_eq!(one["section"], "PC 187(a)");
    assert!(
        one["answers"].starts_with("before 2010-05-04: not eligible \"PC 667(e)(2)(c)(iv)\" | "),
        "{one:?}"
    );
    // Given back as it stands, the answer goes to the count that it is about.
    let answered = answered(&rows, &[line("1", &one["cnt_order"], &one["fact"], "2009-01-01")]);
    assert_eq!(answered["reason"], "PC 667(e)(2)(c)(iv)");
}

#[test]
fn several_missing_facts_are_asked_one_by_one() {
    let rows = cannabis(&[("CONV_STAT_DESCR", ""), ("OFFENSE_TOC", ""), ("PRI_DOB", "")]);
    let asked = questions(&rows);
    let facts: Vec<&str> = asked.iter().map(|one| one["fact"].as_str()).collect();
    assert_eq!(facts, ["birth date", "level"]);
    assert!(
        asked[1]["answers"].starts_with("felony: still a review: also needs birth date | misdemeanor: refer")
    );
    assert!(asked[0]["answers"].contains("still a review: also needs level"), "{:?}", asked[0]);
}

#[test]
fn an_unusable_row_is_a_question_without_answers() {
    let mut rows = cannabis(&[("PRI_DOB", "19500101")]);
    rows.push(with(conviction("1", "x", "459 PC-BURGLARY", "20020101"), &[]));
    let asked = questions(&rows);
    let one = asked.iter().find(|one| one["fact"] == "unusable row").expect("asked");
    assert_eq!(one["question"], "What stands in the rows that could not be used? See rejects.csv");
    assert_eq!(one["answers"], "");
}

#[test]
fn what_cannot_be_listed_is_asked_in_words() {
    let desk = Desk::new();
    let rows = cannabis(&[("OFFENSE_DESCR", "#@!"), ("STP_ORI_CNTY_NAME", ""), ("PRI_DOB", "19500101")]);
    let run = desk.run_rows(&rows, "run", &["--county", "LOS ANGELES"]);
    let asked = run.table("review.csv");
    let of = |fact: &str| asked.iter().find(|one| one["fact"] == fact).expect("asked")["answers"].clone();
    assert!(of("section").starts_with("the section as it stands in the court's file decides between: "));
    assert!(
        of("section").contains("dismiss \"50 years or older\"") && of("section").ends_with("out of scope")
    );
    assert!(of("county").starts_with("the county as it stands in the court's file decides between: "));
}

#[test]
fn every_open_decision_is_asked_about_and_no_other() {
    let desk = Desk::new();
    for (profile, seed) in [("hostile", 51), ("county", 52), ("dense", 53)] {
        let rows = synthetic(profile, seed, 120);
        let run = desk.run_rows(&rows, profile, &["--county", "LOS ANGELES"]);
        let key =
            |one: &BTreeMap<String, String>, count: &str| (one["subject_id"].clone(), one[count].clone());
        let open: BTreeMap<(String, String), String> = run
            .determinations()
            .iter()
            .filter(|one| one["outcome"] == "review" && !one["missing"].is_empty())
            .map(|one| (key(one, "cnt_order"), one["missing"].clone()))
            .collect();
        let asked = run.table("review.csv");
        assert_eq!(run.json("manifest.json")["counts"]["questions"].as_u64(), Some(asked.len() as u64));
        let mut facts: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
        for one in &asked {
            facts.entry(key(one, "needed_for")).or_default().insert(one["fact"].clone());
        }
        assert_eq!(open.keys().collect::<Vec<_>>(), facts.keys().collect::<Vec<_>>(), "{profile}");
        for (count, missing) in &open {
            let missing: BTreeSet<String> = missing.split("; ").map(str::to_owned).collect();
            assert_eq!(facts[count], missing, "{profile} {count:?}");
        }
    }
}

#[test]
fn the_questions_filled_in_and_given_back_change_what_they_say() {
    let desk = Desk::new();
    let mut rows = cannabis(&[("CONV_STAT_DESCR", ""), ("OFFENSE_TOC", "")]);
    // Three more people, of whom one question each is open; one stays unanswered.
    rows.push(with(conviction("2", FIRST, "11359 HS-SELL", "20150101"), &[("PRI_DOB", "")]));
    rows.push(conviction("2", SECOND, "484 PC-THEFT", "20180101"));
    rows[3][common::column("PRI_DOB")] = String::new();
    rows.push(with(
        conviction("3", FIRST, "11360(A) HS-SELL", "20150101"),
        &[("DISP_DESCR", ""), ("SENT_LOC_DESCR", ""), ("SENT_LENGTH", "")],
    ));
    rows.push(with(
        conviction("4", FIRST, "11359 HS-SELL", "20010101"),
        &[("CONV_STAT_DESCR", ""), ("OFFENSE_TOC", "")],
    ));
    rows.push(conviction("5", FIRST, "11358 HS-CULTIVATE", "20010101"));
    let before = desk.run_rows(&rows, "before", &[]);
    // The file as it is, with the last five columns filled for some lines: as a spreadsheet program would do it.
    let bytes = before.bytes("review.csv");
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(b"\xef\xbb\xbf".to_vec());
    writer.write_record(reader.headers().expect("a header")).expect("memory");
    let mut filled = 0;
    for record in reader.records() {
        let mut cells: Vec<String> = record.expect("a line").iter().map(str::to_owned).collect();
        let value = match (cells[0].as_str(), cells[8].as_str()) {
            ("1", "level") => "misdemeanor",
            ("2", "birth date") => "1960-05-06",
            ("3", "disposition") => "convicted",
            _ => "",
        };
        if !value.is_empty() {
            let at = cells.len() - 5;
            for (cell, text) in
                cells[at..].iter_mut().zip([value, "Court file", "R. Clerk", "2026-03-01", ""])
            {
                *cell = text.to_owned();
            }
            filled += 1;
        }
        writer.write_record(&cells).expect("memory");
    }
    let review = desk.file("review.csv", writer.into_inner().expect("memory")).display().to_string();
    let after = desk.run_rows(&rows, "after", &["--evidence", &review]);
    let (used, not_answered, rejected) = adds_up(&after);
    assert_eq!((used, not_answered, rejected), (filled, before.table("review.csv").len() as u64 - filled, 0));
    let changed: BTreeSet<(String, String)> = after
        .table("evidence_effects.csv")
        .iter()
        .map(|one| (one["subject_id"].clone(), one["outcome"].clone()))
        .collect();
    let expected = [("1", "refer"), ("2", "dismiss")].map(|(a, b)| (a.to_owned(), b.to_owned()));
    assert!(expected.iter().all(|one| changed.contains(one)), "{changed:?}");
    for (was, is) in before.placeless().iter().zip(after.placeless()) {
        let same = ["4", "5"].contains(&was["subject_id"].as_str());
        assert_eq!(*was == is, same, "{was:?}\n{is:?}");
    }
    // What was answered is not asked again.
    assert!(!after.table("review.csv").iter().any(|one| one["subject_id"] == "1"));
    assert!(after.table("review.csv").iter().any(|one| one["subject_id"] == "4"));
}

#[test]
fn the_copy_can_be_given_back() {
    let desk = Desk::new();
    let rows = cannabis(&[("CONV_STAT_DESCR", ""), ("OFFENSE_TOC", "")]);
    let first = told(&desk, &rows, "first", &[line("1", FIRST, "level", "misdemeanor")]);
    let copy = first.dir.join("evidence.csv").display().to_string();
    let again = desk.run_rows(&rows, "again", &["--evidence", &copy]);
    assert_eq!(first.placeless(), again.placeless());
    let said = desk.vacatur(["explain", "again", "--person", "1"]);
    assert!(
        said.out.contains("evidence.csv, line 2 (Court file 98-1234, R. Clerk, 2026-03-01)"),
        "{}",
        said.out
    );
}

#[test]
fn the_user_is_told() {
    let desk = Desk::new();
    let input =
        desk.file("input.dat", common::extract(&cannabis(&[("CONV_STAT_DESCR", ""), ("OFFENSE_TOC", "")])));
    let evidence = file(&desk, &[line("1", FIRST, "level", ""), line("9", FIRST, "level", "felony")]);
    let said = desk.decide(&[&input], "run", &["--evidence", &evidence.display().to_string()]);
    for part in [
        "has 2 lines = 0 used + 1 not answered + 1 rejected",
        "evidence_rejects.csv",
        "Open questions: 1, in review.csv",
    ] {
        assert!(said.out.contains(part), "{part} is not in {}", said.out);
    }
}
