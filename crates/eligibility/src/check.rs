//! What only trying a document out shows: rules that never decide, and histories that no rule decides.

use crate::VOCABULARY;
use crate::search::{Answer, Tries, day_for, engine, find};
use std::sync::Arc;
use vacatur_policy::{Case, Diagnostic, Goal, Library, Policy, RuleIx};
use vacatur_statutes::Statutes;

/// How many histories are made for a rule before it is said that none was found.
const NUMBER: usize = 600;

/// What trying a policy out shows, as remarks: for each rule that was never found to decide, what decides in its place.
/// Rules of which `reached` says that a test shows them decide need no trial.
///
/// # Errors
/// What keeps the document from running with its defaults.
pub fn unreached(
    policy: &Arc<Policy>,
    statutes: &Arc<Statutes>,
    reached: &dyn Fn(RuleIx) -> bool,
) -> Result<Vec<Diagnostic>, Vec<Diagnostic>> {
    let as_of = day_for(&[policy]);
    let engine = engine(vec![Arc::clone(policy)], statutes, as_of)?;
    let mut tries = Tries::new(&engine);
    let mut remarks = Vec::new();
    for at in 0..policy.rules.len() {
        let (rule, ix) = (&policy.rules[at], RuleIx(at as u8));
        if reached(ix) {
            continue;
        }
        // How often each rule decided where this one's condition held.
        let mut instead = vec![0usize; policy.rules.len()];
        let mut held = 0usize;
        let mut decides = |answers: &[Option<Answer>]| {
            let Some(answer) = &answers[0] else { return false };
            if answer.rule == Some(ix) {
                return true;
            }
            if answer.holds.has(ix) {
                held += 1;
                if let Some(other) = answer.rule {
                    instead[other.at()] += 1;
                }
            }
            false
        };
        let found = [Goal::Decided(ix), Goal::Rule(ix)].into_iter().find_map(|goal| {
            find(&mut tries, 0, &[goal], as_of, (NUMBER / 2, at as u64, false), &mut decides)
        });
        if found.is_some() {
            continue;
        }
        let shadow = (0..instead.len()).max_by_key(|&other| (instead[other], std::cmp::Reverse(other)));
        let remark = match shadow.filter(|&other| instead[other] > 0) {
            Some(other) => {
                let other = &policy.rules[other];
                let always = if instead.iter().filter(|number| **number > 0).count() == 1 {
                    "every time"
                } else {
                    "most often"
                };
                let says = format!(
                    "the rule `{}` may never decide: in {held} histories that meet its condition, `{}` decided {always}",
                    rule.name, other.name
                );
                Diagnostic::warning(rule.span.clone(), says).hint(format!(
                    "put it above `{}`, or take it out; a test in which it decides would settle it",
                    other.name
                ))
            }
            None => {
                let says =
                    format!("no history was found that meets the condition of the rule `{}`", rule.name);
                Diagnostic::warning(rule.span.clone(), says).hint(
                    "a test in which it decides would settle it; without one, look for a part that cannot be",
                )
            }
        };
        remarks.push(policy.place(remark));
    }
    Ok(remarks)
}

/// For a document whose only fault is that it has no last word: a history that none of its rules decides.
#[must_use]
pub fn undecided(text: &str, library: &Library<'_>, statutes: &Arc<Statutes>) -> Option<Case> {
    const LAST: &str =
        "\n```rule nothing-decides\notherwise\nthen review\nreason \"Nothing decides\"\ncite none\n```\n";
    let whole = format!("{text}{LAST}");
    let (policy, _) = Policy::parse_with(&whole, &VOCABULARY, library).ok()?;
    let policy = Arc::new(policy);
    let last = policy.rules.iter().position(|rule| rule.name == "nothing-decides")?;
    let ix = RuleIx(last as u8);
    let as_of = day_for(&[&policy]);
    let engine = engine(vec![policy], statutes, as_of).ok()?;
    let mut tries = Tries::new(&engine);
    let mut is =
        |answers: &[Option<Answer>]| answers[0].as_ref().is_some_and(|answer| answer.rule == Some(ix));
    find(&mut tries, 0, &[Goal::Decided(ix)], as_of, (NUMBER, 1, true), &mut is)
}
