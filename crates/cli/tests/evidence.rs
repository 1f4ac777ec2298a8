//! Answers that were found in other documents: what they fill, contradict and correct.

#![allow(clippy::expect_used, clippy::panic)]

mod common;

use common::evidence::{
    FIRST, HEADER, REST, SECOND, THIRD, adds_up, answered, cannabis, corrects, file, line, outcome, told,
    unanswered,
};
use common::{Desk, Row, conviction, row, with};

// -------------------------------------------------------------------------------------------------- each fact is filled

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

// ------------------------------------------------------------------------------------------ contradictions, corrections

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
