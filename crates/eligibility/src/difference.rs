//! What changes from one document to another: in words, and on the smallest histories that show it.

use crate::search::{Answer, Tries, day_for, engine, find, words};
use serde::Serialize;
use std::sync::Arc;
use vacatur_policy::{Diagnostic, Goal, Policy, Rule, RuleIx};
use vacatur_records::Date;
use vacatur_statutes::Statutes;

/// How many histories are made for each change before it is said that none was found.
const NUMBER: usize = 3_000;

/// What changes.
#[derive(Clone, Debug, Serialize)]
pub struct Difference {
    /// The day as of which the two were tried.
    pub as_of: String,
    /// Each change, in words, in the order of the documents.
    pub changes: Vec<Change>,
    /// Whether a history was found on which the two differ.
    pub differ: bool,
}

/// One change.
#[derive(Clone, Debug, Serialize)]
pub struct Change {
    /// What changes.
    pub says: String,
    /// The smallest history found on which it makes a difference; `None` where none was found, or none was looked for.
    pub example: Option<Example>,
    /// Whether one was looked for: a title makes no difference to anybody.
    pub tried: bool,
}

/// A history on which two documents differ.
#[derive(Clone, Debug, Serialize)]
pub struct Example {
    /// The history, as the lines of a test.
    pub history: String,
    /// What the first document decides of count A.
    pub one: String,
    /// What the second decides of it.
    pub other: String,
}

/// Compares two documents with their defaults, as of a day if one is given.
///
/// # Errors
/// What keeps one of them from running.
pub fn difference(
    one: &Arc<Policy>,
    other: &Arc<Policy>,
    statutes: &Arc<Statutes>,
    as_of: Option<Date>,
) -> Result<Difference, Vec<Diagnostic>> {
    let as_of = as_of.unwrap_or_else(|| day_for(&[one, other]));
    let engine = engine(vec![Arc::clone(one), Arc::clone(other)], statutes, as_of)?;
    let mut search = Search { tries: Tries::new(&engine), as_of };
    let mut changes = headings(one, other);
    changes.extend(scopes(one, other, &mut search));
    changes.extend(named(one, other, &mut search));
    changes.extend(rules(one, other, &mut search));
    if changes.is_empty()
        && let Some(example) = search.anywhere(one, other)
    {
        changes.push(Change {
            says: "the two decide differently".into(),
            example: Some(example),
            tried: true,
        });
    }
    let differ = changes.iter().any(|change| change.example.is_some());
    Ok(Difference { as_of: as_of.to_string(), changes, differ })
}

/// Whether the answers of the two policies are as asked.
type Asks<'a> = dyn Fn(&[Option<Answer>]) -> bool + 'a;

/// Histories on which the two policies of an engine differ.
struct Search<'e> {
    tries: Tries<'e>,
    as_of: Date,
}

impl Search<'_> {
    /// The smallest history found on which the two differ as `counts` asks, made for one of them or the other.
    fn example(&mut self, goals: &[(usize, Goal)], counts: &Asks<'_>) -> Option<Example> {
        // A difference in what a person gets comes before one in its reason.
        let relief = |answer: &Option<Answer>| answer.as_ref().map(|answer| answer.relief.clone());
        let reason = |answer: &Option<Answer>| answer.as_ref().map(|answer| answer.reason.clone());
        let by_relief = |answers: &[Option<Answer>]| relief(&answers[0]) != relief(&answers[1]);
        let by_reason = |answers: &[Option<Answer>]| reason(&answers[0]) != reason(&answers[1]);
        // And one between two rules comes before one in which a fact is missing.
        let decided = |answer: &Option<Answer>| answer.as_ref().is_none_or(|answer| answer.rule.is_some());
        let surely = |answers: &[Option<Answer>]| by_relief(answers) && answers.iter().all(decided);
        for differs in [&surely as &Asks<'_>, &by_relief, &by_reason] {
            for (seed, &(policy, goal)) in goals.iter().enumerate() {
                let mut is = |answers: &[Option<Answer>]| differs(answers) && counts(answers);
                let how = (NUMBER / goals.len().max(1), seed as u64 + 7, true);
                let found = find(&mut self.tries, policy, &[goal], self.as_of, how, &mut is);
                if let Some(case) = found {
                    let answers = self.tries.decide(&case)?;
                    return Some(Example {
                        history: case.to_string(),
                        one: words(answers[0].as_ref()),
                        other: words(answers[1].as_ref()),
                    });
                }
            }
        }
        None
    }

    /// A history on which the two differ at all.
    fn anywhere(&mut self, one: &Policy, other: &Policy) -> Option<Example> {
        let mut goals = vec![(0, Goal::Scope), (1, Goal::Scope)];
        goals.extend((0..one.rules.len()).map(|at| (0, Goal::Decided(RuleIx(at as u8)))));
        goals.extend((0..other.rules.len()).map(|at| (1, Goal::Decided(RuleIx(at as u8)))));
        self.example(&goals, &|_| true)
    }
}

fn untried(says: String) -> Change {
    Change { says, example: None, tried: false }
}

fn headings(one: &Policy, other: &Policy) -> Vec<Change> {
    let (a, b) = (&one.heading, &other.heading);
    let pairs = [
        ("title", a.title.clone(), b.title.clone()),
        ("jurisdiction", a.jurisdiction.clone(), b.jurisdiction.clone()),
        ("authority", a.authority.clone(), b.authority.clone()),
        ("effective", a.effective.to_string(), b.effective.to_string()),
        ("source", a.source.join("; "), b.source.join("; ")),
        ("status", a.status.word().into(), b.status.word().into()),
        ("mode", a.mode.word().into(), b.mode.word().into()),
    ];
    let changed = pairs.into_iter().filter(|(_, a, b)| a != b);
    changed.map(|(key, a, b)| untried(format!("{key}: \"{a}\" becomes \"{b}\""))).collect()
}

fn scopes(one: &Policy, other: &Policy, search: &mut Search<'_>) -> Vec<Change> {
    let (a, b) = (one.scope_text(), other.scope_text());
    if a == b {
        return Vec::new();
    }
    let example = search.example(&[(0, Goal::Scope), (1, Goal::Scope)], &|answers| {
        answers[0].is_none() != answers[1].is_none()
    });
    vec![Change { says: format!("scope: \"{a}\" becomes \"{b}\""), example, tried: true }]
}

/// Parameters, sets and definitions: what a name stands for.
fn named(one: &Policy, other: &Policy, search: &mut Search<'_>) -> Vec<Change> {
    let mut changes = Vec::new();
    let (a, b) = (one.named_texts(), other.named_texts());
    for (name, text) in &a {
        match b.iter().find(|(other, _)| other == name) {
            Some((_, now)) if now == text => {}
            Some((_, now)) => {
                let example = search.anywhere(one, other);
                changes.push(Change {
                    says: format!("{name}: \"{text}\" becomes \"{now}\""),
                    example,
                    tried: true,
                });
            }
            None => changes.push(untried(format!("{name}: \"{text}\" is left out"))),
        }
    }
    for (name, text) in b.iter().filter(|(name, _)| !a.iter().any(|(old, _)| old == name)) {
        changes.push(untried(format!("{name} is new: \"{text}\"")));
    }
    changes
}

fn rules(one: &Policy, other: &Policy, search: &mut Search<'_>) -> Vec<Change> {
    let find = |policy: &Policy, name: &str| policy.rules.iter().position(|rule| rule.name == name);
    let decided = |policy: usize, at: usize| (policy, Goal::Decided(RuleIx(at as u8)));
    let by = |policy: usize, at: usize| {
        move |answers: &[Option<Answer>]| {
            answers[policy].as_ref().is_some_and(|answer| answer.rule == Some(RuleIx(at as u8)))
        }
    };
    let mut changes = Vec::new();
    for (at, rule) in one.rules.iter().enumerate() {
        let Some(now) = find(other, &rule.name) else {
            let says = format!("the rule `{}` is left out: {}", rule.name, gist(one, rule, at));
            let example = search.example(&[decided(0, at)], &by(0, at));
            changes.push(Change { says, example, tried: true });
            continue;
        };
        let parts = differing(one, rule, at, other, &other.rules[now], now);
        if parts.is_empty() {
            continue;
        }
        let (first, second) = (by(0, at), by(1, now));
        let example =
            search.example(&[decided(0, at), decided(1, now)], &|answers| first(answers) || second(answers));
        changes.push(Change {
            says: format!("the rule `{}`: {}", rule.name, parts.join("; ")),
            example,
            tried: true,
        });
    }
    for (at, rule) in other.rules.iter().enumerate() {
        if find(one, &rule.name).is_none() {
            let says = format!("the rule `{}` is new: {}", rule.name, gist(other, rule, at));
            let example = search.example(&[decided(1, at)], &by(1, at));
            changes.push(Change { says, example, tried: true });
        }
    }
    let order = |policy: &Policy, among: &Policy| -> Vec<String> {
        let names = policy.rules.iter().map(|rule| rule.name.clone());
        names.filter(|name| find(among, name).is_some()).collect()
    };
    let (a, b) = (order(one, other), order(other, one));
    if a != b {
        let moved = a.iter().zip(&b).find(|(a, b)| a != b);
        let says = moved.map_or_else(String::new, |(a, b)| {
            format!("the order of the rules changes: `{b}` comes before `{a}`")
        });
        let example = search.anywhere(one, other);
        changes.push(Change { says, example, tried: true });
    }
    changes
}

/// A rule in a sentence.
fn gist(policy: &Policy, rule: &Rule, at: usize) -> String {
    let when = policy
        .condition_text(RuleIx(at as u8))
        .map_or_else(|| "otherwise".into(), |text| format!("when {text}"));
    format!("\"{when}\", then {} \"{}\"", rule.outcome, rule.reason)
}

/// What differs between two rules of one name.
fn differing(one: &Policy, a: &Rule, at: usize, other: &Policy, b: &Rule, now: usize) -> Vec<String> {
    let mut parts = Vec::new();
    let (was, is) = (one.condition_text(RuleIx(at as u8)), other.condition_text(RuleIx(now as u8)));
    if was != is {
        let shown = |text: Option<String>| text.unwrap_or_else(|| "otherwise".into());
        parts.push(format!("its condition \"{}\" becomes \"{}\"", shown(was), shown(is)));
    }
    let (was, is) = (one.outcome_text(a), other.outcome_text(b));
    if was != is {
        parts.push(format!("it decides {is} instead of {was}"));
    }
    if a.reason != b.reason {
        parts.push(format!("its reason \"{}\" becomes \"{}\"", a.reason, b.reason));
    }
    let assumed = |rule: &Rule| {
        let taken = rule.if_unknown.as_ref();
        taken.map_or("left open".to_owned(), |it| {
            (if it.holds { "taken to hold" } else { "taken not to hold" }).to_owned()
        })
    };
    if assumed(a) != assumed(b) {
        parts.push(format!("an unknown condition is {} instead of {}", assumed(b), assumed(a)));
    }
    parts
}
