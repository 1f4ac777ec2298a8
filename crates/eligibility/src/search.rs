//! Looks for small histories that show what a document does: which rule can never decide, where two documents differ.
//!
//! Histories are made to fit and then decided for real, as any record is. What is found is therefore true; that nothing
//! was found proves nothing, and is said so.

use crate::compiled::Compiled;
use crate::engine::{Engine, Worker};
use crate::histories::{order, person};
use crate::prepared::Setting;
use crate::{VOCABULARY, shelf};
use std::sync::Arc;
use vacatur_policy::{Case, DECIDED, Diagnostic, Goal, Maker, OutcomeKind, Policy, RuleIx, RuleSet, SetIx};
use vacatur_records::{Date, DateSpan, Level, date};
use vacatur_statutes::{SectionSet, Statutes};

/// How many sections of a set are tried.
const EXAMPLES: usize = 24;

/// What a policy decides of the count that a history is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    /// The outcome.
    pub outcome: OutcomeKind,
    /// The outcome in full.
    pub relief: String,
    /// The deciding ground, or what is needed.
    pub reason: String,
    /// The deciding rule.
    pub rule: Option<RuleIx>,
    /// The rules that surely hold.
    pub holds: RuleSet,
}

/// An answer in words; nothing for a count that is out of scope.
#[must_use]
pub(crate) fn words(answer: Option<&Answer>) -> String {
    answer.map_or_else(|| "out of scope".into(), |answer| format!("{} \"{}\"", answer.relief, answer.reason))
}

/// Decides histories under one or more policies with their defaults.
pub(crate) struct Tries<'e> {
    engine: &'e Engine,
    worker: Worker<'e>,
}

impl<'e> Tries<'e> {
    pub(crate) fn new(engine: &'e Engine) -> Self {
        Self { engine, worker: engine.worker() }
    }

    /// What each policy decides of the count [`DECIDED`]; `None` for a history that cannot be.
    pub(crate) fn decide(&mut self, case: &Case) -> Option<Vec<Option<Answer>>> {
        let person = person(case).ok()?;
        let wanted = order(case, case.charges.iter().position(|charge| charge.label == DECIDED)?);
        let count = person.counts.iter().position(|count| count.order == wanted)? as u32;
        let prepared = self.worker.on(case.as_of).prepare(&person);
        let mut answers = Vec::new();
        for policy in 0..self.engine.policies().len() {
            let mut answer = None;
            self.worker.determine(&prepared, policy, |found| {
                if found.count == count {
                    answer = Some(Answer {
                        outcome: found.outcome(),
                        relief: found.relief(),
                        reason: found.reason(self.worker.section_number(&prepared, count)).into_owned(),
                        rule: found.decision().deciding,
                        holds: found.decision().holds,
                    });
                }
            });
            answers.push(answer);
        }
        Some(answers)
    }
}

/// An engine for policies with their defaults.
pub(crate) fn engine(
    policies: Vec<Arc<Policy>>,
    statutes: &Arc<Statutes>,
    as_of: Date,
) -> Result<Engine, Vec<Diagnostic>> {
    let mut compiled = Vec::new();
    for policy in policies {
        let values = policy
            .values([])
            .map_err(|error| vec![Diagnostic::error(0..0, format!("the defaults do not agree: {error}"))])?;
        compiled.push(Compiled::new(policy, values, statutes)?);
    }
    let counties = shelf::counties().map(str::to_owned).collect();
    Ok(Engine::new(Arc::clone(statutes), compiled, Setting { as_of, counties }))
}

/// Sections to try for each set of a policy.
pub(crate) struct Samples {
    of: Vec<Vec<String>>,
}

impl Samples {
    pub(crate) fn of(compiled: &Compiled) -> Self {
        let of = compiled.sets().iter().map(sample).collect();
        Self { of }
    }

    pub(crate) fn get(&self, set: SetIx) -> &[String] {
        self.of.get(set.at()).map_or(&[], Vec::as_slice)
    }
}

/// Sections of a set: those that need nothing beside first.
fn sample(set: &SectionSet) -> Vec<String> {
    let plain = |entry: &&vacatur_statutes::Entry| entry.needs().is_none() && entry.with().is_empty();
    let mut texts: Vec<String> =
        set.entries().iter().filter(plain).map(|entry| entry.section().to_string()).collect();
    texts.dedup();
    if texts.is_empty() {
        texts = set.entries().iter().map(|entry| entry.section().to_string()).collect();
    }
    // A long list is tried here and there, over its whole length.
    let step = texts.len().div_ceil(EXAMPLES).max(1);
    texts.into_iter().step_by(step).collect()
}

/// The day on which a policy is looked at: some years into its period, or the last day of it.
pub(crate) fn day_for(policies: &[&Policy]) -> Date {
    let from = policies.iter().filter_map(|policy| policy.heading.effective.from).max();
    let until = policies.iter().filter_map(|policy| policy.heading.effective.until).min();
    let day = from.unwrap_or(date(2020, 1, 1));
    match until {
        Some(until) if day >= until => vacatur_records::add_days(until, -1),
        _ => day,
    }
}

/// Makes histories for a policy until one is as asked, at most so many, and makes that one as small as it will go.
pub(crate) fn find(
    tries: &mut Tries<'_>,
    policy: usize,
    goals: &[Goal],
    as_of: Date,
    (number, seed, plain): (usize, u64, bool),
    is: &mut dyn FnMut(&[Option<Answer>]) -> bool,
) -> Option<Case> {
    let engine = tries.engine;
    let compiled = &engine.policies()[policy];
    let samples = Samples::of(compiled);
    let examples = |set: SetIx| samples.get(set);
    let mut maker = Maker::new(compiled.policy(), &VOCABULARY, &examples, as_of, seed);
    for _ in 0..number {
        let case = maker.make(goals, plain);
        if tries.decide(&case).is_some_and(|answers| is(&answers)) {
            return Some(smallest(tries, case, is));
        }
    }
    None
}

/// The history with everything left out that it can do without and still be as asked. A date or level that it needs
/// in some form is made an ordinary one rather than an unknown one.
fn smallest(tries: &mut Tries<'_>, mut case: Case, is: &mut dyn FnMut(&[Option<Answer>]) -> bool) -> Case {
    let mut holds = |case: &Case| tries.decide(case).is_some_and(|answers| is(&answers));
    loop {
        let before = case.to_string();
        for at in (1..case.charges.len()).rev() {
            let mut less = case.clone();
            less.charges.remove(at);
            accept(&mut case, less, &mut holds);
        }
        for at in (0..case.registered.len()).rev() {
            let mut less = case.clone();
            less.registered.remove(at);
            accept(&mut case, less, &mut holds);
        }
        for simplify in SIMPLER_PERSON {
            let mut less = case.clone();
            simplify(&mut less);
            accept(&mut case, less, &mut holds);
        }
        for at in 0..case.charges.len() {
            for simplify in SIMPLER_CHARGE {
                let mut less = case.clone();
                simplify(&mut less, at);
                accept(&mut case, less, &mut holds);
            }
        }
        if case.to_string() == before {
            return relabelled(case);
        }
    }
}

fn accept(case: &mut Case, less: Case, holds: &mut dyn FnMut(&Case) -> bool) {
    if less.to_string() != case.to_string() && holds(&less) {
        *case = less;
    }
}

const SIMPLER_PERSON: [fn(&mut Case); 3] = [
    |case| case.died = None,
    |case| case.set.clear(),
    |case| case.born = Some(DateSpan::on(date(1980, 1, 1))),
];

const SIMPLER_CHARGE: [fn(&mut Case, usize); 12] = [
    |case, at| case.charges[at].relief = None,
    |case, at| case.charges[at].findings.clear(),
    |case, at| case.charges[at].revoked = false,
    |case, at| case.charges[at].same_case = None,
    |case, at| case.charges[at].same_cycle = None,
    |case, at| case.charges[at].arrested = None,
    |case, at| case.charges[at].county = "YOLO".into(),
    |case, at| case.charges[at].level = Some(Level::Felony),
    |case, at| {
        let offence = &mut case.charges[at].offence;
        *offence = offence.trim_start_matches("664/").trim_start_matches("182/").to_owned();
    },
    |case, at| {
        let offence = &mut case.charges[at].offence;
        offence.truncate(offence.find('(').unwrap_or(offence.len()));
    },
    |case, at| {
        if let Some(parts) = &mut case.charges[at].sentence {
            parts.truncate(1);
            parts[0] =
                vacatur_policy::CaseSentence { length: 3, unit: "years".into(), kind: "probation".into() };
        }
    },
    |case, at| case.charges[at].date = DateSpan::on(date(2000, 1, 1 + at.min(20) as i8)),
];

/// Labels without gaps, in the order of the counts.
fn relabelled(mut case: Case) -> Case {
    let names: Vec<(String, String)> = case
        .charges
        .iter()
        .enumerate()
        .map(|(at, charge)| (charge.label.clone(), char::from(b'A' + at as u8).to_string()))
        .collect();
    let new = |label: &str| names.iter().find(|(old, _)| old == label).map(|(_, new)| new.clone());
    for charge in &mut case.charges {
        charge.same_case = charge.same_case.as_deref().and_then(new);
        charge.same_cycle = charge.same_cycle.as_deref().and_then(new);
        if let Some(label) = new(&charge.label) {
            charge.label = label;
        }
    }
    case
}
