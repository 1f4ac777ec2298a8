//! What the tests of evidence and of questions share.

use super::{Desk, Determination, Row, Run, conviction, with};
use std::collections::BTreeMap;
use std::path::PathBuf;

pub(crate) const HEADER: &str = "subject_id,cnt_order,fact,value,document,said_by,said_on,how";
pub(crate) const FIRST: &str = "101001001000";
pub(crate) const SECOND: &str = "102001001000";
pub(crate) const THIRD: &str = "103001001000";

/// Whom a line of evidence names, unless a test says otherwise.
pub(crate) const SAYS: &str = "Court file 98-1234,R. Clerk,2026-03-01,";

/// A line: subject, count, fact, value.
pub(crate) fn line(subject: &str, count: &str, fact: &str, value: &str) -> String {
    format!("{subject},{count},{fact},{value},{SAYS}")
}

pub(crate) fn corrects(subject: &str, count: &str, fact: &str, value: &str) -> String {
    line(subject, count, fact, value) + "corrects"
}

pub(crate) fn file(desk: &Desk, lines: &[String]) -> PathBuf {
    desk.file("evidence.csv", format!("{HEADER}\n{}\n", lines.join("\n")))
}

/// A run with these lines of evidence.
pub(crate) fn told(desk: &Desk, rows: &[Row], out: &str, lines: &[String]) -> Run {
    let evidence = file(desk, lines);
    desk.run_rows(rows, out, &["--evidence", &evidence.display().to_string()])
}

/// One run with one line; what is decided of the first count of person 1.
pub(crate) fn answered(rows: &[Row], lines: &[String]) -> Determination {
    let desk = Desk::new();
    let run = told(&desk, rows, "run", lines);
    adds_up(&run);
    run.of("1", FIRST)
}

pub(crate) fn unanswered(rows: &[Row]) -> Determination {
    Desk::new().run_rows(rows, "run", &[]).of("1", FIRST)
}

/// Lines in are lines used, not answered and rejected; and each that was rejected stands in the table.
pub(crate) fn adds_up(run: &Run) -> (u64, u64, u64) {
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
pub(crate) fn cannabis(cells: &[(&str, &str)]) -> Vec<Row> {
    vec![
        with(conviction("1", FIRST, "11358 HS-CULTIVATE", "20100504"), cells),
        with(
            conviction("1", SECOND, "484 PC-THEFT", "20150504"),
            &cells.iter().filter(|(name, _)| *name == "PRI_DOB").copied().collect::<Vec<_>>(),
        ),
    ]
}

pub(crate) fn outcome(one: &Determination) -> (&str, &str, &str) {
    (one["outcome"].as_str(), one["reason"].as_str(), one["missing"].as_str())
}

pub(crate) const REST: (&str, &str, &str) = ("review", "No applicable eligibility criteria", "");

/// A line that answers a question in some way.
pub(crate) fn some_answer(question: &BTreeMap<String, String>) -> Option<String> {
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
