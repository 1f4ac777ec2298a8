//! Documents in, what became of their tests out; and a worker that decides as of more than one day.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{STATUTES, document, rule, test};
use std::sync::Arc;
use vacatur_eligibility::{Compiled, Engine, Setting, Suite, VOCABULARY, run_cases, shelf};
use vacatur_policy::{OutcomeKind, Policy};
use vacatur_records::{
    Charge, Column, Count, CountOrder, DateSpan, EventIx, Fact, Level, Person, RowIx, Seen, Text, Truth, date,
};

const OLD: &str = "conviction.date plus clean years on or before as-of";

fn parameters() -> &'static str {
    "```parameters\nclean: number = 10, from 1 to 15\n    Years.\n```\n\n"
}

fn suite(text: &str) -> Suite {
    Suite::new(text, Arc::clone(&STATUTES)).unwrap_or_else(|errors| panic!("{errors:?}"))
}

/// What became of each test, in a line.
fn shown(text: &str) -> String {
    let lines = suite(text).run().into_iter().map(|report| {
        let failures: Vec<String> = report.failures.into_iter().map(|failure| failure.message).collect();
        let word = if failures.is_empty() { "ok".to_owned() } else { failures.join("; ") };
        format!("{}: {word}", report.name)
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn each_test_has_its_own_day_and_parameters() {
    let conviction = "A: convicted of 11358 HS, felony, on 2012-07-01, in YOLO";
    let text = document(
        &[
            parameters().to_owned(),
            rule(OLD),
            test("default", &format!("{conviction}\nexpect A: review \"No rule applies\"")),
            test("eight", &format!("set clean = 8\n{conviction}\nexpect A: dismiss \"Old\"")),
            test("eight again", &format!("set clean = 08\n{conviction}\nexpect A: dismiss \"Old\"")),
            test("later", &format!("{conviction}\nexpect A: dismiss \"Old\"")).replace("2020-07", "2022-07"),
            test("the day before", &format!("{conviction}\nexpect A: review"))
                .replace("2020-07-01", "2022-06-30"),
            test("wrong", &format!("set clean = 9\n{conviction}\nexpect A: dismiss \"Old\"")),
            test("out of range", &format!("set clean = 99\n{conviction}\nexpect A: dismiss")),
            test("no such count", &format!("{conviction}, same case as B\nexpect A: dismiss")),
        ]
        .concat(),
    );
    insta::assert_snapshot!(shown(&text), @r#"
    default: ok
    eight: ok
    eight again: ok
    later: ok
    the day before: ok
    wrong: A: expected dismiss, but came out as review "No rule applies"
    out of range: `clean` cannot be `99`: it is a whole number from 1 to 15
    no such count: A: there is no count `B`
    "#);
    assert_eq!(suite(&text).run_until_first_failure().as_deref(), Some("wrong"));
    // Whether a suite is made for it or not, and however often it is run.
    let again = run_cases(&text, &STATUTES);
    let failing = |reports: &[vacatur_eligibility::CaseReport]| {
        reports.iter().map(|report| report.failures.len()).collect::<Vec<_>>()
    };
    let suite = suite(&text);
    assert_eq!(failing(&again), failing(&suite.run()));
    assert_eq!(failing(&again), failing(&suite.run()));
}

#[test]
fn an_outcome_can_be_expected_in_full() {
    let text = document(
        &[
            rule("conviction.level is felony").replace("then dismiss", "then reduce to misdemeanor"),
            test("either", "A: convicted of 11358 HS, felony, on 2012-07-01\nexpect A: reduce"),
            test(
                "this",
                "A: convicted of 11358 HS, felony, on 2012-07-01\nexpect A: reduce to misdemeanor \"Old\"",
            ),
            test(
                "that",
                "A: convicted of 11358 HS, felony, on 2012-07-01\nexpect A: reduce to infraction \"Old\"",
            ),
        ]
        .concat(),
    );
    insta::assert_snapshot!(shown(&text), @r"
    either: ok
    this: ok
    that: A: expected reduce to infraction, but it came out as reduce to misdemeanor
    ");
}

#[test]
fn what_is_wrong_with_a_document() {
    let errors = |text: &str| -> Vec<String> {
        let errors = Suite::new(text, Arc::clone(&STATUTES)).unwrap_err();
        errors.into_iter().map(|error| error.message).collect()
    };
    let sound = document(&[parameters(), &rule(OLD)].concat());
    assert!(Suite::new(&sound, Arc::clone(&STATUTES)).is_ok());
    insta::assert_debug_snapshot!(
        [
            errors(&sound.replace("clean years", "cleen years")),
            errors(&sound.replace("= HS 11358", "= table cannabiss")),
            errors(&sound.replace("clean: number", "one: sections of HS 11358 = HS 11358\n    apart from two\ntwo: sections of HS 11358 = HS 11358\nclean: number")),
        ], @r#"
    [
        [
            "there is no fact, parameter or definition `cleen`",
        ],
        [
            "there is no statute table `cannabiss`",
        ],
        [
            "the defaults do not agree: `one` cannot be `HS 11358`: it is apart from `two`, which names HS 11358 too; keep it in one of them",
        ],
    ]
    "#);
    // A table that does not exist fails every test, as there is no policy to run them.
    let untestable = document(&test("one", "A: convicted of 11358 HS\nexpect A: review"))
        .replace("= HS 11358", "= table cannabiss");
    let reports = run_cases(&untestable, &STATUTES);
    assert_eq!(reports.len(), 1);
    assert_eq!(reports[0].failures[0].message, "there is no statute table `cannabiss`");
}

/// A person with one conviction of HS 11358.
fn person(when: vacatur_records::Date) -> Person<'static> {
    let seen = Seen { row: RowIx(0), column: Column::EventDate };
    let mut person = Person::new(Text::of(b"TEST"));
    person.counts.push(Count {
        order: CountOrder::new(101, 1, 1, 0),
        event: EventIx(0),
        county: Fact::known(Text::of(b"YOLO"), seen),
        case_number: Text::default(),
        charge: Charge { charged: Text::of(b"11358 HS"), ..Charge::default() },
        other_charge: None,
        relief_unclear: false,
        convicted: Fact::known(Truth::Yes, seen),
        level: Fact::known(Some(Level::Felony), seen),
        date: Fact::known(DateSpan::on(when), seen),
        completed: Fact::known(DateSpan::on(when), seen),
        dispositions: 0..0,
        sentences: 0..0,
        row: RowIx(0),
        rows: 0..1,
    });
    person
}

#[test]
fn a_worker_decides_as_of_another_day() {
    let text = document(&rule("conviction.date plus 10 years on or before as-of"));
    let (policy, _) = Policy::parse(&text, &VOCABULARY).unwrap();
    let compiled = Compiled::new(policy, Vec::new(), &STATUTES).unwrap();
    let counties = shelf::counties().map(str::to_owned).collect();
    let setting = Setting { as_of: date(2020, 7, 1), counties };
    let engine = Engine::new(Arc::clone(&STATUTES), vec![compiled], setting);
    let person = person(date(2012, 7, 1));
    let mut worker = engine.worker();
    let decided = |worker: &vacatur_eligibility::Worker<'_>,
                   prepared: &vacatur_eligibility::Prepared<'_, '_>| {
        let mut outcomes = Vec::new();
        worker.determine(prepared, 0, |found| outcomes.push(found.outcome()));
        outcomes
    };
    assert_eq!(worker.as_of(), date(2020, 7, 1));
    let before = worker.prepare(&person);
    assert_eq!(decided(&worker, &before), [OutcomeKind::Review]);
    for (day, outcome) in [
        (date(2022, 6, 30), OutcomeKind::Review),
        (date(2022, 7, 1), OutcomeKind::Dismiss),
        (date(2022, 7, 2), OutcomeKind::Dismiss),
        // Before the conviction its date is impossible, and set aside.
        (date(2012, 6, 30), OutcomeKind::Review),
    ] {
        let prepared = worker.on(day).prepare(&person);
        assert_eq!((worker.as_of(), prepared.as_of()), (day, day));
        assert_eq!(decided(&worker, &prepared), [outcome], "{day}");
        assert_eq!(prepared.date_of(0).value.is_unknown(), day < date(2012, 7, 1));
    }
    // Who was prepared for a day is decided as of that day.
    assert_eq!(decided(&worker, &before), [OutcomeKind::Review]);
    assert_eq!(engine.setting().as_of, date(2020, 7, 1));
}

/// Each node of an explanation has the place of its words.
#[test]
fn an_explanation_says_where_its_conditions_stand() {
    let text = document(&rule(
        "not conviction.attempt and (any charge where section in cultivation\n     and date before as-of)",
    ));
    let (policy, _) = Policy::parse(&text, &VOCABULARY).unwrap();
    let compiled = Compiled::new(policy, Vec::new(), &STATUTES).unwrap();
    let setting = Setting { as_of: date(2020, 7, 1), counties: Vec::new() };
    let engine = Engine::new(Arc::clone(&STATUTES), vec![compiled], setting);
    let person = person(date(2012, 7, 1));
    let mut worker = engine.worker();
    let prepared = worker.prepare(&person);
    let (scope, rules) = worker.trees(&prepared, 0, 0);
    let mut looked_at = 0;
    let mut nodes: Vec<&vacatur_policy::Node> =
        rules.iter().flatten().chain(std::iter::once(&scope)).collect();
    while let Some(node) = nodes.pop() {
        let words = text[node.span.clone()].split_whitespace().collect::<Vec<_>>().join(" ");
        if node.operation == vacatur_policy::Operation::Member {
            assert_eq!(words, "section in cultivation and date before as-of");
        } else {
            assert_eq!(words, node.text);
        }
        looked_at += 1;
        nodes.extend(&node.parts);
    }
    assert_eq!(looked_at, 9);
}
