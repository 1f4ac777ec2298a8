//! The page that describes the policy language is a policy itself: it passes its check and its tests, and it leaves
//! out nothing of the language.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use vacatur_eligibility::{Compiled, Suite, VOCABULARY, run_cases};
use vacatur_policy::{FactKind, Missing, Mode, OutcomeKind, Policy, Scope, Status, grammar};
use vacatur_records::Level;
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
    assert!(reports.len() >= 40, "{} tests", reports.len());
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

/// The words of a row's first cell, without what stands for something else: `as of DATE` is `as of`.
fn is_described(words: &str) -> bool {
    let words = words.trim_end_matches(" …");
    table_rows().iter().any(|row| {
        row[0].split(", ").flat_map(|cell| cell.split("; also ")).any(|cell| {
            let cell = cell.strip_suffix(" …").unwrap_or(cell);
            cell == words
                || cell.strip_prefix(words).is_some_and(|rest| rest.starts_with(' ') || rest.starts_with(':'))
        })
    })
}

/// What runs of the page: the bodies of its blocks, line by line, those of the documents that it shows among them.
fn running_lines() -> Vec<&'static str> {
    let mut running = false;
    let mut lines = Vec::new();
    for line in PAGE.lines() {
        if let Some(info) = line.strip_prefix("```").filter(|info| !info.starts_with('`')) {
            running = !running && grammar::BLOCKS.contains(&info.split(' ').next().unwrap());
        } else if running {
            lines.push(line);
        }
    }
    lines
}

/// Whether words stand in something that runs, as words of their own.
fn is_used(words: &str) -> bool {
    let ends = |sign: Option<char>| sign.is_none_or(|sign| !sign.is_alphanumeric() && sign != '-');
    running_lines().iter().any(|line| {
        line.match_indices(words).any(|(at, _)| {
            ends(line[..at].chars().next_back()) && ends(line[at + words.len()..].chars().next())
        })
    })
}

#[test]
fn every_kind_of_block_is_described_and_used() {
    for kind in grammar::BLOCKS {
        assert!(is_row(kind) || is_row(&format!("{kind} NAME")), "{kind}");
        assert!(
            PAGE.lines().any(|line| line.starts_with("```") && line[3..].split(' ').next() == Some(kind)),
            "{kind}"
        );
    }
}

#[test]
fn every_key_and_kind_is_described_and_used() {
    let heading = grammar::HEADING_REQUIRED.into_iter().chain(grammar::HEADING_OPTIONAL);
    for key in heading {
        assert!(is_row(key), "{key}");
        // A name that is shared and a policy that is named would have to be there.
        assert!(matches!(key, "family" | "statute") || is_used(key), "{key}");
    }
    for key in grammar::RULE_KEYS {
        assert!(is_row(key), "{key}");
        assert!(is_used(key), "{key}");
    }
    for kind in grammar::PARAMETER_KINDS {
        assert!(is_described(kind), "{kind}");
        assert!(is_used(kind), "{kind}");
    }
    for word in grammar::RESERVED {
        assert!(PAGE.contains(&format!("`{word}`")), "{word}");
    }
    for word in [Mode::FirstMatch.word(), Mode::BestOf.word(), "convictions", "charges", "always"] {
        assert!(PAGE.contains(&format!("`{word}`")), "{word}");
    }
}

#[test]
fn every_outcome_is_described_and_used() {
    let rows = table_rows();
    for outcome in OutcomeKind::ALL {
        let word = outcome.word();
        let described = |row: &Vec<String>| row.len() == 2 && row[1].split(',').next() == Some(word);
        assert!(rows.iter().any(described), "{word}");
    }
    // What the page says a rule may decide, a rule may decide; and there is nothing else.
    let from =
        rows.iter().position(|row| row[0] == "then" && row[1] == "outcome in the results").unwrap() + 1;
    let listed: Vec<&str> =
        rows[from..].iter().map(|row| row[0].as_str()).take(grammar::OUTCOMES.len()).collect();
    let mut known = grammar::OUTCOMES.to_vec();
    known.sort_unstable();
    let mut sorted = listed.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, known);
    for row in &rows[from..from + grammar::OUTCOMES.len()] {
        let then = row[0].replace("until …", "until 2030-01-01").replace('…', "Somebody");
        let text = PAGE.replacen("then already relieved", &format!("then {then}"), 1);
        let (policy, _) =
            Policy::parse(&text, &VOCABULARY).unwrap_or_else(|errors| panic!("{then}: {errors:?}"));
        let outcome = policy.rules[0].outcome.kind().word();
        assert_eq!(row[1].split(',').next(), Some(outcome), "{then}");
    }
    // Each is decided by a rule of the page, and expected by one of its tests.
    let policy = policy();
    for outcome in OutcomeKind::ALL {
        assert!(policy.rules.iter().any(|rule| rule.outcome.kind() == outcome), "{outcome:?}");
        let mut expected = policy.cases.iter().flat_map(|case| &case.expect);
        assert!(expected.any(|expected| expected.outcome == Some(outcome)), "{outcome:?}");
    }
    for words in grammar::OUTCOMES {
        assert!(is_used(words.trim_end_matches(" \"…\"").trim_end_matches(" …")), "{words}");
    }
}

/// A rule that no test brings about may say anything.
#[test]
fn every_rule_of_the_page_is_the_reason_of_a_test() {
    let policy = policy();
    for rule in &policy.rules {
        let reason = rule.reason.split('{').next().unwrap();
        let expected = policy.cases.iter().flat_map(|case| &case.expect);
        let mut met = expected.filter(|expected| {
            expected.reason.as_deref().is_some_and(|expected| expected.starts_with(reason))
                || expected.outcome == Some(rule.outcome.kind())
                    && rule.outcome.kind() == OutcomeKind::AlreadyRelieved
        });
        assert!(met.next().is_some(), "{}", rule.name);
    }
}

#[test]
fn every_way_to_mean_members_and_to_compare_is_described_and_used() {
    for words in grammar::WINDOWS.into_iter().chain(grammar::RESTRICTIONS) {
        assert!(is_described(words), "{words}");
        assert!(is_used(words), "{words}");
    }
    assert!(is_row("other, before the member") || is_described("other"));
    for words in grammar::comparisons() {
        let described = table_rows().iter().any(|row| {
            row[0]
                .split(", ")
                .chain(row.get(1).map_or("", String::as_str).split(", "))
                .any(|cell| cell == words)
        });
        assert!(described, "{words}");
    }
    for words in [
        "all sentences completed",
        "cases with a",
        "days with a",
        "latest",
        "earliest",
        "later",
        "months from",
    ] {
        assert!(is_used(words), "{words}");
    }
}

#[test]
fn every_line_and_clause_of_a_test_is_described_and_used() {
    for words in grammar::TEST_LINES.into_iter().chain(grammar::beginnings()).chain(grammar::clauses()) {
        // `20 grams`, `1 plant`: a number comes before.
        let described = is_described(words) || is_described(&format!("3.5 {words}"));
        assert!(
            described || PAGE.contains(&format!("`1 {words}`")) || PAGE.contains(&format!("`6 {words}`")),
            "{words}"
        );
        assert!(is_used(words), "{words}");
    }
    for words in grammar::SENTENCES {
        assert!(is_used(words), "{words}");
    }
}

/// The grammar at the end names every word of every closed list.
#[test]
fn the_grammar_leaves_out_no_word() {
    let (_, grammar) = PAGE.split_once("\n## Grammar\n").unwrap();
    let words = grammar::BLOCKS
        .into_iter()
        .chain(grammar::HEADING_REQUIRED)
        .chain(grammar::HEADING_OPTIONAL)
        .chain(grammar::RULE_KEYS)
        .chain(grammar::OUTCOMES)
        .chain(grammar::PARAMETER_KINDS)
        .chain(grammar::WINDOWS)
        .chain(grammar::RESTRICTIONS)
        .chain(grammar::comparisons())
        .chain(grammar::TEST_LINES)
        .chain(grammar::beginnings())
        .chain(grammar::clauses())
        .chain(grammar::SENTENCES)
        .chain(
            [Status::Confirmed, Status::Observed, Status::Secondary, Status::Unconfirmed].map(Status::word),
        )
        .chain([Mode::FirstMatch, Mode::BestOf].map(Mode::word));
    for word in words {
        let word = word.trim_end_matches(" \"…\"").trim_end_matches(" …");
        assert!(grammar.contains(&format!("\"{word}\"")), "{word}");
    }
}

/// The documents that the page shows and cannot be itself: each passes its check and its tests.
#[test]
fn the_documents_in_the_page_run() {
    let mut rest = PAGE;
    let mut run = 0;
    while let Some((_, after)) = rest.split_once("````text\n") {
        let (document, after) = after.split_once("\n````\n").unwrap();
        rest = after;
        let library = |name: &str| (name == policy().heading.id).then(|| PAGE.to_owned());
        let suite = Suite::with(document, &library, Statutes::us_ca().unwrap()).unwrap_or_else(|errors| {
            panic!("{}", errors.iter().map(|error| error.render("text", document)).collect::<String>())
        });
        let failures: Vec<String> = suite
            .run()
            .into_iter()
            .flat_map(|report| report.failures)
            .map(|failure| failure.message)
            .collect();
        assert!(failures.is_empty(), "{failures:#?}");
        assert!(!suite.policy().cases.is_empty());
        run += 1;
    }
    assert_eq!(run, 2);
}

/// What a word processor makes of the page is the same policy.
#[test]
fn a_page_from_a_word_processor_is_read_alike() {
    let mut running = false;
    let mut open = false;
    let mut typeset = String::from("\u{feff}");
    for line in PAGE.lines() {
        if let Some(info) = line.strip_prefix("```").filter(|info| !info.starts_with('`')) {
            running = !running && grammar::BLOCKS.contains(&info.split(' ').next().unwrap());
        } else if running {
            for sign in line.replace(">=", "≥").replace("HS 11357(a)", "HS § 11357(a)").chars() {
                open ^= sign == '"';
                typeset.push(match sign {
                    '"' if open => '“',
                    '"' => '”',
                    ' ' => '\u{a0}',
                    '-' => '\u{2011}',
                    other => other,
                });
            }
            typeset.push_str("\r\n");
            continue;
        }
        typeset.push_str(line);
        typeset.push_str("\r\n");
    }
    let reports = run_cases(&typeset, &Statutes::us_ca().unwrap());
    assert_eq!(reports.len(), policy().cases.len(), "{}", {
        let errors = Policy::parse(&typeset, &VOCABULARY).map(|_| ()).unwrap_err();
        errors.iter().map(|error| error.render("typeset", &typeset)).collect::<String>()
    });
    let failures: Vec<String> =
        reports.into_iter().flat_map(|report| report.failures).map(|failure| failure.message).collect();
    assert!(failures.is_empty(), "{failures:#?}");
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
}
