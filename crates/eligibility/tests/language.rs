//! The page that describes the policy language is a policy itself: it passes its check and its tests, and it leaves
//! out nothing of the language.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use vacatur_eligibility::{Compiled, VOCABULARY, run_cases};
use vacatur_policy::{FactKind, Missing, OutcomeKind, Policy, Scope, Status};
use vacatur_records::{Level, ReliefKind};
use vacatur_statutes::Statutes;

const PAGE: &str = include_str!("../../../docs/src/policy-language.md");

fn policy() -> Policy {
    match Policy::parse(PAGE, &VOCABULARY) {
        Ok((policy, remarks)) => {
            assert!(remarks.is_empty(), "{remarks:?}");
            policy
        }
        Err(errors) => panic!(
            "{}",
            errors.iter().map(|error| error.render("policy-language.md", PAGE)).collect::<String>()
        ),
    }
}

/// The rows of the page's tables, cell by cell, without the marks around code.
fn table_rows() -> Vec<Vec<String>> {
    let row =
        |line: &str| line.trim_matches('|').split(" | ").map(|cell| cell.trim().replace('`', "")).collect();
    PAGE.lines().filter(|line| line.starts_with('|') && !line.starts_with("| ---")).map(row).collect()
}

/// The cells that begin a row, each of which may name several things: `before`, `is before`.
fn is_row(name: &str) -> bool {
    table_rows().iter().any(|row| row[0].split(", ").any(|word| word == name))
}

#[test]
fn it_passes_its_check() {
    let policy = policy();
    let values = policy.values([]).unwrap();
    let compiled = Compiled::new(policy, values, &Statutes::us_ca().unwrap());
    assert!(compiled.is_ok(), "{:?}", compiled.err());
}

#[test]
fn it_passes_its_own_tests() {
    let reports = run_cases(PAGE, &Statutes::us_ca().unwrap());
    assert_eq!(reports.len(), policy().cases.len());
    assert!(reports.len() >= 15, "{} tests", reports.len());
    let failures: Vec<String> = reports
        .iter()
        .flat_map(|report| {
            report.failures.iter().map(move |failure| format!("{}: {}", report.name, failure.message))
        })
        .collect();
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn a_test_of_the_page_that_is_made_wrong_fails() {
    let wrong = PAGE.replacen(
        "expect A: dismiss \"50 years or older\"",
        "expect A: dismiss \"49 years or older\"",
        1,
    );
    assert_ne!(wrong, PAGE);
    let failures: usize =
        run_cases(&wrong, &Statutes::us_ca().unwrap()).iter().map(|report| report.failures.len()).sum();
    assert_eq!(failures, 1);
}

/// Each fact has its row: name, kind, what is missing when it is unknown, and the very words of the vocabulary.
#[test]
fn every_fact_is_described_as_it_is() {
    let rows = table_rows();
    for fact in VOCABULARY.facts() {
        let name = match fact.scope {
            Scope::Person => format!("person.{}", fact.name),
            Scope::Conviction => format!("conviction.{}", fact.name),
            Scope::Pair | Scope::Registration => fact.name.to_owned(),
        };
        let kind = match fact.kind {
            FactKind::Flag => "condition",
            FactKind::Date => "date",
            FactKind::Level => "level",
            FactKind::Section => "section",
            FactKind::County => "county",
            FactKind::Labels => "words",
            FactKind::Number => "number",
            FactKind::Weight => "weight",
        };
        let expected = [&name, kind, fact.missing.name(), fact.says];
        assert!(rows.iter().any(|row| *row == expected), "no row of the page is {expected:?}");
    }
    // And no fact is described that there is not.
    let described = rows.iter().filter(|row| row.len() == 4 && row[0] != "fact").count();
    assert_eq!(described, VOCABULARY.facts().len());
}

#[test]
fn every_kind_of_block_is_described_and_used() {
    for kind in ["policy", "parameters", "sections", "scope", "rule", "test"] {
        assert!(is_row(kind) || is_row(&format!("{kind} NAME")), "{kind}");
        assert!(
            PAGE.lines().any(|line| line.starts_with("```") && line[3..].split(' ').next() == Some(kind)),
            "{kind}"
        );
    }
}

#[test]
fn every_outcome_is_described() {
    let rows = table_rows();
    // No rule can decide that it is too early.
    for outcome in OutcomeKind::ALL.into_iter().filter(|outcome| *outcome != OutcomeKind::NotYet) {
        let word = outcome.word();
        let described = |row: &Vec<String>| row.len() == 2 && row[1].split(',').next() == Some(word);
        assert!(rows.iter().any(described), "{word}");
    }
    // What the page says a rule may decide, a rule may decide.
    let from =
        rows.iter().position(|row| row[0] == "then" && row[1] == "outcome in the results").unwrap() + 1;
    for row in &rows[from..from + 8] {
        let then = row[0].replace('…', "Somebody");
        let text = PAGE.replacen("then already relieved", &format!("then {then}"), 1);
        let (policy, _) =
            Policy::parse(&text, &VOCABULARY).unwrap_or_else(|errors| panic!("{then}: {errors:?}"));
        let outcome = policy.rules[0].outcome.kind().word();
        assert_eq!(row[1].split(',').next(), Some(outcome), "{then}");
    }
}

#[test]
fn every_word_of_a_closed_list_is_described() {
    let code = |word: &str| PAGE.contains(&format!("`{word}`"));
    for missing in Missing::ALL {
        assert!(code(missing.name()), "{}", missing.name());
    }
    for status in [Status::Confirmed, Status::Observed, Status::Secondary, Status::Unconfirmed] {
        assert!(is_row(status.word()), "{}", status.word());
    }
    for level in [Level::Felony, Level::Misdemeanor, Level::Infraction] {
        assert!(is_row(level.word()), "{}", level.word());
    }
    for relief in [ReliefKind::SetAside, ReliefKind::Reduced, ReliefKind::Resentenced, ReliefKind::Vacated] {
        let words = match relief {
            ReliefKind::SetAside => "set aside by PC 1203.4 on 2004-03-05",
            ReliefKind::Reduced => "reduced by",
            ReliefKind::Resentenced => "resentenced by",
            ReliefKind::Vacated => "vacated by",
        };
        assert!(code(words), "{words}");
    }
}
