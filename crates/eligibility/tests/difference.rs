//! What changes from one document to another, in words and on the smallest history that shows it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;
use vacatur_eligibility::{Difference, VOCABULARY, difference, run_cases, shelf, undecided, unreached};
use vacatur_policy::Policy;
use vacatur_statutes::Statutes;

fn policy(text: &str) -> Arc<Policy> {
    match Policy::parse_with(text, &VOCABULARY, &shelf::library) {
        Ok((policy, _)) => Arc::new(policy),
        Err(errors) => panic!("{}", errors.iter().map(|error| error.render("it", text)).collect::<String>()),
    }
}

fn shown(difference: &Difference) -> String {
    let mut out = String::new();
    for change in &difference.changes {
        out.push_str(&format!("{}\n", change.says));
        if let Some(example) = &change.example {
            out.push_str(&format!("{}one: {}\nother: {}\n", example.history, example.one, example.other));
        } else if change.tried {
            out.push_str("no history found\n");
        }
        out.push('\n');
    }
    out
}

#[test]
fn variants_of_los_angeles() {
    let statutes = Arc::new(Statutes::us_ca().unwrap());
    let whole = policy(shelf::policy("us-ca/los-angeles-2020").unwrap());
    for name in ["no-super-strike", "no-registrable-offence", "no-date", "no-two-priors"] {
        let text = std::fs::read_to_string(format!(
            "{}/../../policies/us-ca/variants/los-angeles-2020-{name}.md",
            env!("CARGO_MANIFEST_DIR")
        ))
        .unwrap();
        let found = difference(&whole, &policy(&text), &statutes, None).unwrap();
        assert!(found.differ);
        insta::assert_snapshot!(name, shown(&found));
    }
    let same = difference(&whole, &whole, &statutes, None).unwrap();
    assert!(same.changes.is_empty() && !same.differ, "{}", shown(&same));
}

/// A document of two rules and a last word.
fn small(first: &str, second: &str, last: &str) -> String {
    let rule = |name: &str, when: &str, then: &str| {
        format!("```rule {name}\nwhen {when}\nthen {then}\nreason \"{name}\"\ncite a source\n```\n")
    };
    let head = "```policy\nid: small\ntitle: Small\njurisdiction: us-ca\nauthority: nobody\neffective: always\nsource: none\nstatus: confirmed\n```\n```sections\ncannabis = table cannabis\n```\n```scope\nwhen conviction.section in cannabis\ncite a source\n```\n";
    format!("{head}{}{}{last}", rule("one", first, "dismiss"), rule("two", second, "review"))
}

const LAST: &str = "```rule last\notherwise\nthen not eligible\nreason \"last\"\ncite a source\n```\n";

#[test]
fn a_rule_that_another_covers_is_named_with_it() {
    let statutes = Arc::new(Statutes::us_ca().unwrap());
    let says = |text: &str| -> Vec<String> {
        let found = unreached(&policy(text), &statutes, &|_| false).unwrap();
        found.into_iter().map(|remark| remark.message).collect()
    };
    let covered = small(
        "conviction.date before 2010-01-01",
        "conviction.date before 2000-01-01 and conviction.level is felony",
        LAST,
    );
    let remarks = says(&covered);
    assert_eq!(remarks.len(), 1, "{remarks:?}");
    assert!(remarks[0].starts_with("the rule `two` may never decide: in "), "{remarks:?}");
    assert!(remarks[0].ends_with("`one` decided every time"), "{remarks:?}");
    // One day more, and it decides on that day.
    let day = small(
        "conviction.date before 2010-01-01",
        "conviction.date on or before 2010-01-01 and conviction.level is felony",
        LAST,
    );
    assert_eq!(says(&day), Vec::<String>::new());
    let never =
        small("person.deceased", "conviction.level is felony and conviction.level is not felony", LAST);
    assert_eq!(says(&never), ["no history was found that meets the condition of the rule `two`"]);
}

#[test]
fn a_document_without_a_last_word_is_shown_a_history() {
    let statutes = Arc::new(Statutes::us_ca().unwrap());
    let text = small("conviction.level is felony", "conviction.date on or after 2001-01-01", "");
    let case = undecided(&text, &shelf::library, &statutes).unwrap();
    // Whatever else it is: no felony, and before that day.
    let shown = case.to_string();
    assert!(!shown.contains("felony"), "{shown}");
    let whole = small("conviction.level is felony", "conviction.date on or after 2001-01-01", LAST);
    assert!(undecided(&whole, &shelf::library, &statutes).is_none());
}

/// What is written out as a test reads back as the same history, of which the same is decided.
#[test]
fn a_history_is_written_as_a_test_reads_it() {
    let statutes = Arc::new(Statutes::us_ca().unwrap());
    let weights = small(
        "any other conviction of the case where conviction.weight > 28.5 grams and attempt",
        "conviction.plants >= 7 or person.deceased or all sentences completed",
        LAST,
    );
    let charges = small(
        "any other charge of the case where arrest and not ended includes \"dismissed\"",
        "any charge where (ended includes \"diversion completed\" or not convicted)",
        LAST,
    );
    for (text, other) in [
        (&weights, weights.replace("28.5", "28.4").replace(">= 7", "> 7")),
        (&charges, charges.replace("arrest and not ended", "arrest and ended").replace("or not", "and not")),
    ] {
        let found = difference(&policy(text), &policy(&other), &statutes, None).unwrap();
        assert!(found.differ, "{}", shown(&found));
        for example in found.changes.iter().filter_map(|change| change.example.as_ref()) {
            let test = format!("{text}```test it\n{}expect A: {}\n```\n", example.history, example.one);
            assert_eq!(policy(&test).cases[0].to_string(), example.history);
            let report = &run_cases(&test, &statutes)[0];
            assert!(report.failures.is_empty(), "{test}{:?}", report.failures[0].message);
        }
    }
}
