//! Whatever stands in a document: the check ends in a policy or in errors with their places, and a policy that passed
//! decides, explains itself and runs its tests.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;
use vacatur_eligibility::{VOCABULARY, run_cases};
use vacatur_fuzz::record::{Anything, MEMBERS};
use vacatur_policy::{OutcomeKind, Policy};
use vacatur_statutes::Statutes;

static STATUTES: LazyLock<Statutes> = LazyLock::new(|| Statutes::us_ca().expect("the tables are sound"));

fuzz_target!(|text: &str| {
    let (policy, remarks) = match Policy::parse(text, &VOCABULARY) {
        Ok(passed) => passed,
        Err(errors) => {
            assert!(!errors.is_empty());
            for error in errors {
                assert!(
                    error.span.start <= error.span.end && error.span.end <= text.len().max(1),
                    "{error:?}"
                );
                assert!(!error.render("document", text).is_empty());
            }
            return;
        }
    };
    for remark in remarks {
        assert!(!remark.render("document", text).is_empty());
    }
    let Ok(values) = policy.values([]) else { return };
    for number in 0..8 {
        let record = Anything::new(number);
        let mut decide = policy.decide(&values, &record);
        for &count in MEMBERS {
            let Some(decision) = decide(count) else { continue };
            assert!(!decision.possible.is_empty());
            match decision.deciding {
                Some(rule) => {
                    assert!(decision.possible.has(rule) && decision.scope.is_yes());
                    assert_eq!(policy.rule(rule).outcome.kind(), decision.outcome);
                }
                None => assert_eq!(decision.outcome, OutcomeKind::Review),
            }
            for rule in decision.possible.iter() {
                let _ = (policy.condition_text(rule), policy.reason(rule, &values, "11357"));
            }
            // The tree is the same evaluation.
            let (scope, rules) = policy.explain(&values, &record, count);
            assert_eq!(scope.truth, decision.scope);
            for (at, rule) in rules.iter().enumerate() {
                let at = vacatur_policy::RuleIx(at as u8);
                if let Some(node) = rule {
                    assert_eq!(node.truth.is_yes(), decision.holds.has(at));
                    assert_eq!(node.truth.is_unknown(), decision.unknown.has(at));
                }
            }
        }
    }
    let reports = run_cases(text, &STATUTES);
    assert_eq!(reports.len(), policy.cases.len());
});
