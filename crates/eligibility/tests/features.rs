//! Every document of `policies/features` passes its check and its tests. Each shows one thing that the law of some state
//! asks for, so that together they show what the language can say.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::PathBuf;
use vacatur_eligibility::{Suite, VOCABULARY};
use vacatur_policy::Policy;
use vacatur_statutes::Statutes;

fn folder() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "..", "..", "policies", "features"].iter().collect()
}

/// The documents of the folder, each by the name of its file.
fn documents() -> Vec<(String, String)> {
    let mut documents: Vec<(String, String)> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, std::fs::read_to_string(&path).unwrap())
        })
        .collect();
    documents.sort();
    documents
}

/// A document that another builds on: a file of the same folder.
fn library(name: &str) -> Option<String> {
    std::fs::read_to_string(folder().join(name)).ok()
}

#[test]
fn every_document_passes_its_check_and_its_tests() {
    let statutes = std::sync::Arc::new(Statutes::us_ca().unwrap());
    let documents = documents();
    let (count, mut wrong) = (documents.len(), Vec::new());
    for (name, text) in documents {
        let suite = match Suite::with(&text, &library, std::sync::Arc::clone(&statutes)) {
            Ok(suite) => suite,
            Err(errors) => {
                wrong.extend(errors.iter().map(|error| error.render(&name, &text)));
                continue;
            }
        };
        let policy = suite.policy();
        assert_eq!(format!("{}.md", policy.heading.id), format!("features/{name}"));
        assert_eq!(policy.text(), text);
        let reports = suite.run();
        if reports.len() < 4 {
            wrong.push(format!("{name} has {} tests", reports.len()));
        }
        for report in reports {
            for failure in report.failures {
                wrong.push(format!("{name}: {}: {}", report.name, failure.message));
                wrong.extend(failure.account.map(|account| account.text()));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert!(count >= 20, "{count} documents");
}

/// A rule that no test brings about may say anything.
#[test]
fn every_rule_is_the_reason_of_a_test() {
    let mut untested = Vec::new();
    for (name, text) in documents() {
        let (policy, _) = Policy::parse_with(&text, &VOCABULARY, &library).unwrap();
        for rule in &policy.rules {
            // What stands in braces is filled in: the words before it are enough to know the rule by.
            let reason = rule.reason.split('{').next().unwrap();
            let expected = policy.cases.iter().flat_map(|case| &case.expect);
            let mut reasons = expected.filter_map(|expected| expected.reason.as_deref());
            if policy.taken_from(rule).is_none() && !reasons.any(|expected| expected.starts_with(reason)) {
                untested.push(format!("{name}: {}", rule.name));
            }
        }
    }
    assert!(untested.is_empty(), "no test expects the reason of {untested:#?}");
}

/// A document says whose law it is modelled on and that it is nobody's policy.
#[test]
fn every_document_says_what_it_is_modelled_on() {
    for (name, text) in documents() {
        assert!(text.contains("Modelled on"), "{name} does not say what it is modelled on");
        let (policy, _) = Policy::parse_with(&text, &VOCABULARY, &library).unwrap();
        assert!(policy.heading.authority.starts_with("nobody"), "{name}: {}", policy.heading.authority);
        assert_ne!(policy.heading.status.word(), "confirmed", "{name}: nobody has read the official text");
    }
}
