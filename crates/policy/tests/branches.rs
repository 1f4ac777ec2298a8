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
#[path = "branches/record.rs"]
mod record;

use common::{HEADING, OTHERWISE, SECTIONS, VOCABULARY};
use condition::{About, Cond, Day, Whose, condition};
use proptest::prelude::*;
use proptest::test_runner::Config;
use record::{HIDDEN, Person, SLOTS, Values, completions};
use std::collections::BTreeMap;
use vacatur_policy::{Decision, Missing, MissingSet, Outcome, OutcomeKind, Policy, RuleIx};
use vacatur_records::Truth;

const OUTCOMES: [&str; 6] =
    ["dismiss", "dismiss and seal", "not eligible", "reduce to infraction", "refer to \"A\"", "review"];

/// The scope, then the rules but the last: condition, outcome, and what is assumed where it is unknown.
type Rules = (Cond, Vec<(Cond, &'static str, Option<bool>)>);

fn rules(assuming: bool) -> impl Strategy<Value = Rules> {
    let assumed = if assuming { prop::option::of(any::<bool>()).boxed() } else { Just(None).boxed() };
    let rule = (condition(), prop::sample::select(&OUTCOMES[..]), assumed);
    // Most of the time the scope is settled, so that the rules are reached.
    let everything = Just(Cond::Or(vec![Cond::Deceased, Cond::Not(Box::new(Cond::Attempt(Whose::Decided)))]));
    (prop_oneof![1 => condition(), 2 => everything], prop::collection::vec(rule, 1..5))
}

/// A person of whom at most five things are unknown.
fn person() -> impl Strategy<Value = (Values, bool)> {
    let values: Vec<_> = SLOTS.iter().map(|slot| 0..slot.values).collect();
    let unknown = prop::sample::subsequence((0..SLOTS.len()).collect::<Vec<_>>(), 0..=4);
    (values, unknown, prop::bool::weighted(0.4), any::<bool>()).prop_map(
        |(values, unknown, hidden, vague)| {
            let mut known: Values = std::array::from_fn(|at| Some(values[at]));
            for at in unknown {
                known[at] = None;
            }
            known[HIDDEN] = if hidden { None } else { Some(0) };
            (known, vague)
        },
    )
}

fn policy((scope, rules): &Rules) -> Policy {
    let mut text = format!("{HEADING}{SECTIONS}```scope\nwhen {scope}\ncite A source\n```\n");
    for (at, (when, then, assumed)) in rules.iter().enumerate() {
        let assumed = assumed.map_or(String::new(), |holds| {
            format!("if unknown assume {} because \"So it is\"\n", if holds { "yes" } else { "no" })
        });
        text.push_str(&format!(
            "```rule r{at}\nwhen {when}\n{assumed}then {then}\nreason \"Because\"\ncite A source\n```\n"
        ));
    }
    text.push_str(OTHERWISE);
    match Policy::parse(&text, &VOCABULARY) {
        Ok((policy, _)) => policy,
        Err(errors) => {
            panic!("{}", errors.iter().map(|error| error.render("policy", &text)).collect::<String>())
        }
    }
}

/// What two values make of a complete record: nothing out of scope, else the rule that decides, and all that hold.
fn naive((scope, rules): &Rules, person: &Person, decided: usize) -> Option<(usize, Vec<bool>)> {
    let about = About { decided, member: decided, registration: false };
    scope.holds(person, about).then(|| {
        let holds: Vec<bool> = rules.iter().map(|(when, ..)| when.holds(person, about)).collect();
        (holds.iter().position(|holds| *holds).unwrap_or(rules.len()), holds)
    })
}

fn unknown_of(values: &Values) -> MissingSet {
    SLOTS
        .iter()
        .zip(values)
        .filter(|(_, value)| value.is_none())
        .fold(MissingSet::NONE, |set, (slot, _)| set.and(MissingSet::of(slot.missing)))
}

/// The decisions on both counts, the one after the other by the same evaluator.
fn decide(policy: &Policy, person: &Person) -> [Option<Decision>; 2] {
    let mut decide = policy.decide(&[], person);
    [decide(0), decide(1)]
}

fn one_policy_one_person(rules: &Rules, values: &Values, vague: bool) -> Result<(), TestCaseError> {
    let policy = policy(rules);
    let outcome = |rule: usize| &policy.rules[rule].outcome;
    let person = Person::new(values, vague);
    let decisions = decide(&policy, &person);
    let complete: Vec<(Values, Person)> =
        completions(values).into_iter().map(|values| (values, Person::new(&values, vague))).collect();
    let unknown = unknown_of(values);
    for (count, decision) in decisions.into_iter().enumerate() {
        let truly: Vec<_> = complete.iter().map(|(_, person)| naive(rules, person, count)).collect();
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
                decision.possible.has(RuleIx(truly.0 as u8)),
                "rule {} decides and is not possible",
                truly.0
            );
            for (at, holds) in truly.1.iter().enumerate() {
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
                prop_assert_eq!(decision.outcome, outcome(rule.at()).kind());
                prop_assert!(decision.missing.is_empty());
                for truly in &truly {
                    let Some((truly, _)) = truly else {
                        return Err(TestCaseError::fail("decided, and out of scope in a completion"));
                    };
                    prop_assert_eq!(
                        outcome(*truly),
                        outcome(rule.at()),
                        "decided, and different in a completion"
                    );
                }
            }
            None => {
                prop_assert_eq!(decision.outcome, OutcomeKind::Review);
                prop_assert!(!decision.missing.is_empty(), "a review for what is missing says what");
                named_facts_settle_it(&decision, &complete, &truly, outcome)?;
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
fn named_facts_settle_it<'p>(
    decision: &Decision,
    complete: &[(Values, Person)],
    truly: &[Option<(usize, Vec<bool>)>],
    outcome: impl Fn(usize) -> &'p Outcome,
) -> Result<(), TestCaseError> {
    let mut ends: BTreeMap<Vec<usize>, Option<&Outcome>> = BTreeMap::new();
    for ((values, _), truly) in complete.iter().zip(truly) {
        if decision.missing.has(Missing::UnusableRow) && values[HIDDEN] != Some(0) {
            continue;
        }
        let named = SLOTS.iter().zip(values).filter(|(slot, _)| decision.missing.has(slot.missing));
        let named: Vec<usize> = named.map(|(_, value)| value.unwrap()).collect();
        let end = truly.as_ref().map(|(rule, _)| outcome(*rule));
        let first = *ends.entry(named).or_insert(end);
        prop_assert_eq!(first, end, "a fact that is not among `{}` changes the outcome", decision.missing);
    }
    Ok(())
}

/// A complete record: nothing is unknown, nothing is missing, and two values come to the same rule.
fn nothing_unknown(rules: &Rules, values: &Values, vague: bool) -> Result<(), TestCaseError> {
    let policy = policy(rules);
    for values in completions(values).into_iter().take(40) {
        let person = Person::new(&values, vague);
        for (count, decision) in decide(&policy, &person).into_iter().enumerate() {
            let truly = naive(rules, &person, count);
            prop_assert_eq!(
                decision.map(|decision| decision.deciding.map(RuleIx::at)),
                truly.as_ref().map(|truly| Some(truly.0))
            );
            let (Some(decision), Some((deciding, holds))) = (decision, truly) else { continue };
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
fn assumptions(rules: &Rules, values: &Values, vague: bool) -> Result<(), TestCaseError> {
    let policy = policy(rules);
    let person = Person::new(values, vague);
    for (count, decision) in decide(&policy, &person).into_iter().enumerate() {
        let Some(decision) = decision else { continue };
        for rule in decision.assumed.iter() {
            prop_assert!(decision.unknown.has(rule) && policy.rule(rule).if_unknown.is_some());
        }
        let Some(deciding) = decision.deciding else { continue };
        for values in completions(values) {
            let truly = naive(rules, &Person::new(&values, vague), count);
            let Some((rule, holds)) = truly else {
                return Err(TestCaseError::fail("decided, and out of scope"));
            };
            if decision.assumed.iter().all(|assumed| rules.1[assumed.at()].2 == Some(holds[assumed.at()])) {
                prop_assert_eq!(&policy.rules[rule].outcome, &policy.rule(deciding).outcome);
            }
        }
    }
    Ok(())
}

/// The trees give the answers that the decision rests on.
fn trees(rules: &Rules, values: &Values, vague: bool) -> Result<(), TestCaseError> {
    let policy = policy(rules);
    let person = Person::new(values, vague);
    for (count, decision) in decide(&policy, &person).into_iter().enumerate() {
        let (scope, trees) = policy.explain(&[], &person, count as u32);
        prop_assert_eq!(scope.truth, decision.map_or(Truth::No, |decision| decision.scope));
        let Some(decision) = decision else { continue };
        for (at, tree) in trees.iter().enumerate() {
            let at = RuleIx(at as u8);
            prop_assert_eq!(tree.is_none(), at.at() == rules.1.len());
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
    fn a_decision_is_that_of_every_completion(rules in rules(false), (values, vague) in person()) {
        one_policy_one_person(&rules, &values, vague)?;
    }

    #[test]
    fn a_complete_record_misses_nothing(rules in rules(true), (values, vague) in person()) {
        nothing_unknown(&rules, &values, vague)?;
    }

    #[test]
    fn an_assumption_decides_as_if_it_were_so(rules in rules(true), (values, vague) in person()) {
        assumptions(&rules, &values, vague)?;
    }

    #[test]
    fn an_explanation_is_the_same_evaluation(rules in rules(true), (values, vague) in person()) {
        trees(&rules, &values, vague)?;
    }
}

/// One conviction's date is unknown, and so is what a row held that nobody could read. Either could be an earlier
/// felony, so knowing one of them settles nothing: both are named.
#[test]
fn an_unusable_row_is_named_beside_another_unknown() {
    let earlier = |whose| Cond::Days(Day::Of(whose), "before", Day::On(1));
    let any = Cond::Any(vacatur_policy::Collection::Charges, Box::new(earlier(Whose::Member)));
    let every = Cond::Every(
        vacatur_policy::Collection::Charges,
        Box::new(Cond::Not(Box::new(earlier(Whose::Member)))),
    );
    let mut values: Values = std::array::from_fn(|_| Some(0));
    (values[2], values[6], values[HIDDEN]) = (Some(2), None, None);
    for when in [any, every] {
        let rules = (Cond::Not(Box::new(Cond::Deceased)), vec![(when, "not eligible", None)]);
        let decision = decide(&policy(&rules), &Person::new(&values, false))[0].unwrap();
        let expected = MissingSet::of(Missing::ConvictionDate).and(MissingSet::of(Missing::UnusableRow));
        assert_eq!(decision.missing, expected, "missing: {}", decision.missing);
    }
}
