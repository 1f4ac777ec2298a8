//! Every policy of the shelf passes its check and its own tests.

use vacatur_eligibility::{Compiled, VOCABULARY, run_cases, shelf};
use vacatur_policy::Policy;
use vacatur_statutes::Statutes;

#[test]
fn every_policy_passes_its_check() {
    let statutes = Statutes::us_ca().unwrap();
    for shelved in shelf::POLICIES {
        let (policy, _) =
            Policy::parse_with(shelved.text, &VOCABULARY, &shelf::library).unwrap_or_else(|errors| {
                let shown: Vec<String> =
                    errors.iter().map(|error| error.render(shelved.name, shelved.text)).collect();
                panic!("{}", shown.join("\n"));
            });
        assert_eq!(policy.heading.id, shelved.name);
        let values = policy.values([]).unwrap();
        Compiled::new(policy, values, &statutes).unwrap_or_else(|errors| {
            let shown: Vec<String> =
                errors.iter().map(|error| error.render(shelved.name, shelved.text)).collect();
            panic!("{}", shown.join("\n"));
        });
    }
}

#[test]
fn every_policy_passes_its_own_tests() {
    let statutes = Statutes::us_ca().unwrap();
    let mut failures = Vec::new();
    for shelved in shelf::POLICIES {
        let reports = run_cases(shelved.text, &statutes);
        // A variant is its base but for one rule.
        let least = if shelved.name.contains("/variants/") { 1 } else { 10 };
        assert!(reports.len() >= least, "{} has {} tests", shelved.name, reports.len());
        for report in reports {
            for failure in report.failures {
                failures.push(format!("{}: {}: {}", shelved.name, report.name, failure.message));
                if let Some(account) = failure.account {
                    failures.push(account.text());
                }
            }
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}
