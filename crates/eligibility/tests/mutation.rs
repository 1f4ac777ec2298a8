//! Documents in, what their tests notice of changes in them out.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{STATUTES, document, rule, test};
use std::sync::Arc;
use vacatur_eligibility::{Fate, MutationError, MutationReport, boundaries, mutation, shelf};

/// Changes that make no difference to any record that a test can describe, by policy: what is changed, and why nothing can tell. Any other change
/// of a policy of the shelf is noticed by one of its own tests.
const SAME: [(&str, &str, &str); 4] = [
    (
        "us-ca/san-joaquin-2019",
        "`conviction.section in related-charges` is left out",
        "what is in scope is a related charge or cannabis, and cannabis stands in its own cycle",
    ),
    (
        "us-ca/pc-1203-425",
        "`deemed-complete is set` is left out",
        "a number that is off settles nothing: an unknown sentence stays unknown, and one that is not over stays so",
    ),
    (
        "us-ca/pc-1203-425",
        "`clean-probation` is left out",
        "the rules above have decided every felony that is no clean probation",
    ),
    (
        "us-ca/pc-851-93",
        "the rule `diversion-granted` is tried before `diverted`",
        "a test gives a count one end: only a record with diversion and a dismissal on one count could tell",
    ),
];

fn report(text: &str, threads: usize) -> MutationReport {
    mutation(text, &shelf::library, Arc::clone(&STATUTES), threads, |_, _| {})
        .unwrap_or_else(|error| panic!("{error}"))
}

fn warnings(text: &str) -> String {
    let found =
        boundaries(text, &shelf::library, Arc::clone(&STATUTES), 2).unwrap_or_else(|error| panic!("{error}"));
    found.iter().map(|warning| warning.render("small.md", text)).collect()
}

/// A count of this day, and what is expected of it.
fn count(label: &str, day: &str, outcome: &str) -> String {
    format!("{label}: convicted of 11358 HS, felony, on {day}, in YOLO\nexpect {label}: {outcome}\n")
}

#[test]
fn what_a_test_on_one_side_notices() {
    let text = document(
        &[
            rule("conviction.date before 2015-03-01"),
            test("long before", &count("A", "2001-03-01", "dismiss \"Old\"")),
        ]
        .concat(),
    );
    insta::assert_snapshot!(report(&text, 1).text(false), @r#"
    line 13, sections: `HS 11358` is left out of `cultivation`
        | cultivation = HS 11358
        killed by "long before"
    line 17, membership: `in` becomes `not in`
        | when conviction.section in cultivation
        killed by "long before"
    line 21, rule left out: the rule `old` is left out
        | ```rule old
        killed by "long before"
    line 22, fact: `conviction.date` becomes `as-of`
        | when conviction.date before 2015-03-01
        killed by "long before"
    line 22, fact: `date` becomes `offence-date`
        | when conviction.date before 2015-03-01
        SURVIVED
    line 22, fact: `date` becomes `completed`
        | when conviction.date before 2015-03-01
        killed by "long before"
    line 22, fact: `date` becomes `released`
        | when conviction.date before 2015-03-01
        killed by "long before"
    line 22, fact: `date` becomes `arrest-date`
        | when conviction.date before 2015-03-01
        SURVIVED
    line 22, day boundary: `before` becomes `on or before`
        | when conviction.date before 2015-03-01
        SURVIVED
    line 22, day: `2015-03-01` becomes `2015-02-28`
        | when conviction.date before 2015-03-01
        SURVIVED
    line 22, day: `2015-03-01` becomes `2015-03-02`
        | when conviction.date before 2015-03-01
        SURVIVED
    line 23, outcome: `dismiss` becomes `review`
        | then dismiss
        killed by "long before"
    line 38, outcome: `review` becomes `dismiss`
        | then review
        SURVIVED

    mutants             killed  survived  invalid
    day boundary             0         1        0
    day                      0         2        0
    membership               1         0        0
    fact                     3         2        0
    sections                 1         0        0
    outcome                  1         1        0
    rule left out            1         0        0
    all                      7         6        0
    small: 1 tests, 6 mutants survived
    "#);
    insta::assert_snapshot!(warnings(&text), @r"
    warning: a date boundary that no test covers: `before` becomes `on or before`, and every test still passes
      --> small.md:22:22
       |
    22 | when conviction.date before 2015-03-01
       |                      ^^^^^^
       = add a test with 2015-02-28, 2015-03-01 and 2015-03-02
    ");
}

#[test]
fn what_tests_on_both_sides_notice() {
    let days = [
        count("A", "2015-02-28", "dismiss \"Old\""),
        count("B", "2015-03-01", "review \"No rule applies\""),
        count("C", "2015-03-02", "review \"No rule applies\""),
    ];
    let text =
        document(&[rule("conviction.date before 2015-03-01"), test("day by day", &days.concat())].concat());
    insta::assert_snapshot!(report(&text, 1).text(true), @r"
    mutants             killed  survived  invalid
    day boundary             1         0        0
    day                      2         0        0
    membership               1         0        0
    fact                     5         0        0
    sections                 1         0        0
    outcome                  2         0        0
    rule left out            1         0        0
    all                     13         0        0
    small: 1 tests, 0 mutants survived
    ");
    assert_eq!(warnings(&text), "");
}

#[test]
fn the_boundary_of_a_number_and_of_a_day_that_is_computed() {
    let text = document(
        &[
            rule("years from person.birth-date to as-of >= 50 or conviction.date plus 10 years on or before as-of"),
            test("young", &format!("born 1990-01-01\n{}", count("A", "2018-03-01", "review \"No rule applies\""))),
        ]
        .concat(),
    );
    insta::assert_snapshot!(warnings(&text), @r"
    warning: the boundary of a number that no test covers: `>=` becomes `>`, and every test still passes
      --> small.md:22:44
       |
    22 | when years from person.birth-date to as-of >= 50 or conviction.date plus 10 years on or before as-of
       |                                            ^^
       = add a test of one less, the number itself and one more; of whole years, the day before the anniversary and the anniversary
    warning: a date boundary that no test covers: `on or before` becomes `before`, and every test still passes
      --> small.md:22:83
       |
    22 | when years from person.birth-date to as-of >= 50 or conviction.date plus 10 years on or before as-of
       |                                                                                   ^^^^^^^^^^^^
       = add a test of the day before, the day itself and the day after
    ");
}

#[test]
fn the_fates_do_not_depend_on_threads() {
    let half = rule("conviction.level is felony").replace("rule old", "rule level");
    let text = document(
        &[rule("conviction.date before 2015-03-01"), half, test("one", &count("A", "2001-03-01", "dismiss"))]
            .concat(),
    );
    let fates = |threads| {
        let report = report(&text, threads);
        report.mutants.into_iter().map(|mutant| (mutant.says, mutant.fate)).collect::<Vec<_>>()
    };
    let one = fates(1);
    assert_eq!(one, fates(3));
    assert_eq!(one, fates(0));
    assert!(one.iter().any(|(_, fate)| matches!(fate, Fate::Killed { .. })));
    assert!(one.iter().any(|(_, fate)| *fate == Fate::Survived));
}

#[test]
fn progress_is_told() {
    let text =
        document(&[rule("conviction.attempt"), test("one", &count("A", "2015-02-28", "review"))].concat());
    let mut told = Vec::new();
    let report =
        mutation(&text, &shelf::library, Arc::clone(&STATUTES), 2, |done, all| told.push((done, all)))
            .unwrap();
    let all = report.mutants.len();
    assert_eq!(told, (1..=all).map(|done| (done, all)).collect::<Vec<_>>());
}

#[test]
fn a_document_that_cannot_be_tried() {
    let tried =
        |text: &str| mutation(text, &shelf::library, Arc::clone(&STATUTES), 1, |_, _| {}).unwrap_err();
    let wrong = document(&rule("conviction.attemt"));
    assert!(matches!(tried(&wrong), MutationError::Document(errors) if errors.len() == 1));
    let failing =
        document(&[rule("conviction.attempt"), test("one", &count("A", "2015-02-28", "dismiss"))].concat());
    assert!(matches!(tried(&failing), MutationError::Failing(name) if name == "one"));
    assert!(boundaries(&failing, &shelf::library, Arc::clone(&STATUTES), 1).is_err());
}

/// As JSON each mutant has its kind, place and fate.
#[test]
fn the_report_as_data() {
    let text = document(&test("one", &count("A", "2015-02-28", "review \"No rule applies\"")));
    let report = serde_json::to_value(report(&text, 1)).unwrap();
    let mutant = &report["mutants"].as_array().unwrap().last().unwrap();
    let line = text[..text.find("then review").unwrap()].matches('\n').count() + 1;
    assert_eq!(
        **mutant,
        serde_json::json!({
            "kind": "outcome", "line": line, "text": "then review", "says": "`review` becomes `dismiss`",
            "span": { "start": text.find("then review").unwrap() + 5, "end": text.find("then review").unwrap() + 11 },
            "replacement": "dismiss", "fate": "killed", "by": "one",
        })
    );
    assert_eq!(
        report["kinds"][0],
        serde_json::json!({"kind": "membership", "killed": 1, "survived": 0, "invalid": 0})
    );
}

/// Any change of one thing in these policies fails one of their tests. Whoever changes a rule is told which tests to
/// change with it; `vacatur policy mutants` says what is not noticed.
#[test]
fn every_change_of_a_policy_is_noticed() {
    let mut all = Vec::new();
    for shelved in shelf::POLICIES.iter().filter(|shelved| !shelved.text.contains("\nbuilds on: ")) {
        let name = shelved.name;
        let report = report(shelved.text, 2);
        assert!(report.mutants.len() > 40, "{name}: {} mutants", report.mutants.len());
        let unnoticed: Vec<&str> = report
            .survivors()
            .map(|mutant| mutant.says.as_str())
            .filter(|says| !SAME.iter().any(|(policy, same, _)| *policy == name && same == says))
            .collect();
        if !unnoticed.is_empty() {
            all.push(format!("{name}: {unnoticed:#?}\n{}", report.text(true)));
        }
    }
    assert!(all.is_empty(), "{}", all.concat());
}
