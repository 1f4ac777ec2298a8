//! What is decided of an incomplete record, against all the records that it may turn out to be.
//!
//! Policies are made at random, and so is a person of a few facts, some of them unknown. Everything that the unknown
//! facts can turn out to be is tried, and what a complete record leads to is worked out by a second, naive reading of
//! the conditions in two values.
//!
//! An unknown fact is asked about anew at each place where it is named, and a place that names it twice does not know
//! that it is the same: `A or not A` is unknown where `A` is. So a review can be given where every completion leads to
//! the same outcome; that costs a look, and decides nothing wrongly. All that is said below holds in the face of it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;
#[path = "branches/condition.rs"]
mod condition;
#[path = "branches/generate.rs"]
mod generate;
#[path = "branches/record.rs"]
mod record;

use common::{HEADING, LARGER as VOCABULARY, OTHERWISE, SECTIONS};
use condition::{Cond, Day, Members, Of, Restriction, Whose};
use generate::{Assuming, Naive, Rule, Rules, Someone, Then, person, rules};
use proptest::prelude::*;
use proptest::test_runner::Config;
use record::{HIDDEN, Person, SLOTS, Values, completions};
use std::collections::BTreeMap;
use vacatur_policy::{
    Collection, Decision, Memory, Missing, MissingSet, Outcome, OutcomeKind, Policy, Program, RuleIx,
};
use vacatur_records::Truth;

fn policy(rules: &Rules) -> Policy {
    let (names, blocks) = rules.blocks();
    let mode = if rules.best { "mode: best of\nstatus" } else { "status" };
    let heading = HEADING.replace("status", mode);
    let scope = format!("```scope\nwhen {}\ncite A source\n```\n", rules.scope);
    let text = [heading.as_str(), SECTIONS, &names, &scope, &blocks, OTHERWISE].concat();
    match Policy::parse(&text, &VOCABULARY) {
        Ok((policy, _)) => policy,
        Err(errors) => {
            panic!("{}", errors.iter().map(|error| error.render("policy", &text)).collect::<String>())
        }
    }
}

fn unknown_of(values: &Values) -> MissingSet {
    SLOTS
        .iter()
        .zip(values)
        .filter(|(_, value)| value.is_none())
        .fold(MissingSet::NONE, |set, (slot, _)| set.and(MissingSet::of(slot.missing)))
}

/// The decisions on both counts, the one after the other by the same evaluator. The document as it is written and the
/// program made of it decide the same: a program that holds the document twice, so that the second time it is asked what it
/// remembers, and one that looks at members together however few they are.
fn decide(policy: &Policy, person: &Person) -> [Option<Decision>; 2] {
    let values = policy.values([]).unwrap();
    let mut decide = policy.decide(&values, person);
    let decisions = [decide(0), decide(1)];
    let twice = [(policy, values.as_slice()), (policy, values.as_slice())];
    let program = Program::new(twice, &VOCABULARY, &|_, set| set);
    for mut memory in [Memory::default(), Memory::default().with_many(0)] {
        for at in [0, 1] {
            let mut by_program = [None, None];
            program.decide(at, person, &mut memory, &[0, 1], |count, decision| {
                by_program[count as usize] = Some(decision);
            });
            assert_eq!(by_program, decisions, "the program and the document differ, policy {at}");
        }
    }
    decisions
}

/// What a complete record leads to: the outcome, and the day until which it holds.
type End<'p> = (&'p Outcome, Option<vacatur_records::Date>);

fn end<'p>(policy: &'p Policy, truly: &Naive) -> End<'p> {
    (&policy.rules[truly.deciding].outcome, truly.until)
}

fn one_policy_one_person(rules: &Rules, someone: &Someone) -> Result<(), TestCaseError> {
    let Someone { values, vague } = someone;
    let policy = policy(rules);
    let person = Person::new(values, *vague);
    let decisions = decide(&policy, &person);
    let complete: Vec<(Values, Person)> =
        completions(values).into_iter().map(|values| (values, Person::new(&values, *vague))).collect();
    let unknown = unknown_of(values);
    for (count, decision) in decisions.into_iter().enumerate() {
        let truly: Vec<_> = complete.iter().map(|(_, person)| rules.naive(person, count)).collect();
        let Some(decision) = decision else {
            prop_assert!(
                truly.iter().all(Option::is_none),
                "surely out of scope is out of scope in every completion"
            );
            continue;
        };
        for fact in decision.missing.and(decision.harmless).iter() {
            prop_assert!(unknown.has(fact), "{fact:?} is named as missing and is known");
        }
        for truly in truly.iter().flatten() {
            prop_assert!(
                decision.possible.has(RuleIx(truly.deciding as u8)),
                "rule {} decides and is not possible",
                truly.deciding
            );
            for (at, holds) in truly.holds.iter().enumerate() {
                let at = RuleIx(at as u8);
                prop_assert!(!decision.holds.has(at) || *holds, "{at:?} surely holds, and then does not");
                prop_assert!(
                    decision.holds.has(at) || decision.unknown.has(at) || !*holds,
                    "{at:?} surely does not hold, and then does"
                );
            }
        }
        match decision.deciding {
            Some(rule) => {
                let decided = &policy.rule(rule).outcome;
                prop_assert_eq!(decision.outcome, decided.kind());
                prop_assert!(decision.missing.is_empty());
                for truly in &truly {
                    let Some(truly) = truly else {
                        return Err(TestCaseError::fail("decided, and out of scope in a completion"));
                    };
                    let (outcome, until) = end(&policy, truly);
                    prop_assert_eq!(outcome, decided, "decided, and different in a completion");
                    prop_assert_eq!(until.is_some(), decision.until.is_some());
                    if let (Some(until), Some(span)) = (until, decision.until) {
                        prop_assert!(span.earliest() <= until && until <= span.latest(), "{until} in {span}");
                    }
                }
            }
            None => {
                prop_assert_eq!(decision.outcome, OutcomeKind::Review);
                prop_assert!(!decision.missing.is_empty(), "a review for what is missing says what");
                let ends: Vec<_> =
                    truly.iter().map(|truly| truly.as_ref().map(|it| end(&policy, it).0)).collect();
                named_facts_settle_it(&decision, &complete, &ends)?;
            }
        }
    }
    Ok(())
}

/// Two completions that agree on every fact named as missing end in the same outcome, whatever else was unknown. A
/// fact is named by its kind, so all unknown facts of a kind are named together.
///
/// A row that nobody could read is one of these facts, and unlike the others it can bring new ones into play: what it
/// holds may have to be compared with another unknown fact. Where it is named, the rest is said of the completion in
/// which it held nothing.
fn named_facts_settle_it(
    decision: &Decision,
    complete: &[(Values, Person)],
    truly: &[Option<&Outcome>],
) -> Result<(), TestCaseError> {
    let mut ends: BTreeMap<Vec<usize>, Option<&Outcome>> = BTreeMap::new();
    for ((values, _), truly) in complete.iter().zip(truly) {
        if decision.missing.has(Missing::UnusableRow) && values[HIDDEN] != Some(0) {
            continue;
        }
        let named = SLOTS.iter().zip(values).filter(|(slot, _)| decision.missing.has(slot.missing));
        let named: Vec<usize> = named.map(|(_, value)| value.unwrap()).collect();
        let first = *ends.entry(named).or_insert(*truly);
        prop_assert_eq!(first, *truly, "a fact that is not among `{}` changes the outcome", decision.missing);
    }
    Ok(())
}

/// A complete record: nothing is unknown, nothing is missing, and two values come to the same rule.
fn nothing_unknown(rules: &Rules, someone: &Someone) -> Result<(), TestCaseError> {
    let Someone { values, vague } = someone;
    let policy = policy(rules);
    for values in completions(values).into_iter().take(40) {
        let person = Person::new(&values, *vague);
        for (count, decision) in decide(&policy, &person).into_iter().enumerate() {
            let truly = rules.naive(&person, count);
            prop_assert_eq!(
                decision.map(|decision| decision.deciding.map(RuleIx::at)),
                truly.as_ref().map(|truly| Some(truly.deciding))
            );
            let (Some(decision), Some(Naive { deciding, holds, until })) = (decision, truly) else {
                continue;
            };
            prop_assert_eq!(decision.until.map(|span| span.known()), until.map(Some));
            prop_assert_eq!(decision.scope, Truth::Yes);
            prop_assert!(decision.missing.is_empty() && decision.harmless.is_empty());
            prop_assert!(decision.unknown.is_empty() && decision.assumed.is_empty());
            prop_assert_eq!(decision.possible.iter().map(RuleIx::at).collect::<Vec<_>>(), vec![deciding]);
            for (at, holds) in holds.into_iter().enumerate() {
                prop_assert_eq!(decision.holds.has(RuleIx(at as u8)), holds);
            }
        }
    }
    Ok(())
}

/// Where the document says what to make of an unknown condition, the outcome is that of every completion in which the
/// condition turns out so.
fn assumptions(rules: &Rules, someone: &Someone) -> Result<(), TestCaseError> {
    let Someone { values, vague } = someone;
    let policy = policy(rules);
    let person = Person::new(values, *vague);
    for (count, decision) in decide(&policy, &person).into_iter().enumerate() {
        let Some(decision) = decision else { continue };
        for rule in decision.assumed.iter() {
            prop_assert!(decision.unknown.has(rule) && policy.rule(rule).if_unknown.is_some());
        }
        let Some(deciding) = decision.deciding else { continue };
        for values in completions(values) {
            let Some(truly) = rules.naive(&Person::new(&values, *vague), count) else {
                return Err(TestCaseError::fail("decided, and out of scope"));
            };
            let as_assumed = |rule: RuleIx| rules.rules[rule.at()].assumed == Some(truly.holds[rule.at()]);
            if decision.assumed.iter().all(as_assumed) {
                prop_assert_eq!(end(&policy, &truly).0, &policy.rule(deciding).outcome);
            }
        }
    }
    Ok(())
}

/// The trees give the answers that the decision rests on.
fn trees(rules: &Rules, someone: &Someone) -> Result<(), TestCaseError> {
    let Someone { values, vague } = someone;
    let policy = policy(rules);
    let person = Person::new(values, *vague);
    for (count, decision) in decide(&policy, &person).into_iter().enumerate() {
        let (scope, trees) = policy.explain(&policy.values([]).unwrap(), &person, count as u32);
        prop_assert_eq!(scope.truth, decision.map_or(Truth::No, |decision| decision.scope));
        let Some(decision) = decision else { continue };
        for (at, tree) in trees.iter().enumerate() {
            let at = RuleIx(at as u8);
            prop_assert_eq!(tree.is_none(), at.at() == rules.rules.len());
            let Some(tree) = tree else { continue };
            prop_assert_eq!(tree.truth.is_yes(), decision.holds.has(at));
            prop_assert_eq!(tree.truth.is_unknown(), decision.unknown.has(at));
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(Config { cases: 600, max_shrink_iters: 3000, failure_persistence: None, ..Config::default() })]

    #[test]
    fn a_decision_is_that_of_every_completion(rules in rules(Assuming::Nothing), someone in person()) {
        one_policy_one_person(&rules, &someone)?;
    }

    #[test]
    fn a_complete_record_misses_nothing(rules in rules(Assuming::Parts), someone in person()) {
        nothing_unknown(&rules, &someone)?;
    }

    #[test]
    fn an_assumption_decides_as_if_it_were_so(rules in rules(Assuming::Rules), someone in person()) {
        assumptions(&rules, &someone)?;
    }

    #[test]
    fn an_explanation_is_the_same_evaluation(rules in rules(Assuming::Parts), someone in person()) {
        trees(&rules, &someone)?;
    }
}

/// A policy of these rules, which decides everybody alive.
fn first_match(rules: Vec<Rule>) -> Rules {
    let scope = Cond::Not(Box::new(Cond::Deceased));
    Rules { best: false, timing: 0, definitions: Vec::new(), scope, rules }
}

fn rule(when: Cond, words: &'static str) -> Rule {
    Rule { when, then: Then { words, until: None }, assumed: None }
}

/// One conviction's date is unknown, and so is what a row held that nobody could read. Either could be an earlier
/// felony, so knowing one of them settles nothing: both are named.
#[test]
fn an_unusable_row_is_named_beside_another_unknown() {
    let earlier = Cond::Days(Day::Of(Whose::Member, Of::Conviction), "before", Day::On(1));
    let members = |asked| Box::new(Members { of: Collection::Charges, meant: Restriction::default(), asked });
    let any = Cond::Any(members(earlier.clone()));
    let every = Cond::Every(members(Cond::Not(Box::new(earlier))));
    let mut values: Values = std::array::from_fn(|_| Some(0));
    (values[2], values[6], values[HIDDEN]) = (Some(2), None, None);
    for when in [any, every] {
        let rules = first_match(vec![rule(when, "not eligible")]);
        let decision = decide(&policy(&rules), &Person::new(&values, false))[0].unwrap();
        let expected = MissingSet::of(Missing::ConvictionDate).and(MissingSet::of(Missing::UnusableRow));
        assert_eq!(decision.missing, expected, "missing: {}", decision.missing);
    }
}

/// Where the best is taken, two outcomes of one rank are two outcomes: an unknown rule that refers to one office, above
/// one that surely refers to another, leaves open who decides. Below it, it changes nothing.
#[test]
fn of_two_outcomes_of_one_rank_the_first_decides_if_it_holds() {
    let unknown = || rule(Cond::Attempt(Whose::Decided), "refer to \"A\"");
    let sure = || rule(Cond::Not(Box::new(Cond::Deceased)), "refer to \"B\"");
    let mut values: Values = std::array::from_fn(|_| Some(0));
    values[5] = None;
    for (of, outcome, harmless) in
        [([unknown(), sure()], OutcomeKind::Review, false), ([sure(), unknown()], OutcomeKind::Refer, true)]
    {
        let rules = Rules { best: true, ..first_match(of.to_vec()) };
        let decision = decide(&policy(&rules), &Person::new(&values, false))[0].unwrap();
        assert_eq!(decision.outcome, outcome);
        assert_eq!(decision.missing.is_empty(), harmless);
    }
}

/// Where no member is as asked, the latest day is before every day, also when it is moved, and it is known that it is.
#[test]
fn the_latest_of_none_is_known_and_stays_before_every_day() {
    let none = Members { of: Collection::Convictions, meant: Restriction::default(), asked: Cond::Deceased };
    let latest = Day::Extreme(true, Of::Conviction, Box::new(none));
    let moved = Day::Moved(Box::new(latest.clone()), 10, "years");
    let values: Values = std::array::from_fn(|_| Some(0));
    for when in [Cond::Days(moved.clone(), "on", latest), Cond::Days(moved, "before", Day::On(0))] {
        let rules = first_match(vec![rule(when, "dismiss")]);
        let decision = decide(&policy(&rules), &Person::new(&values, false))[0].unwrap();
        assert_eq!(decision.outcome, OutcomeKind::Dismiss);
    }
}
