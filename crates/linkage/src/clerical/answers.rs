//! What answers are good for.

use super::{Answer, Filled, Problem, Wrong};
use crate::Model;
use crate::calibrate::Labelled;
use serde::Serialize;

/// What was said, as clusters and the model take it.
#[derive(Clone, Default, PartialEq)]
pub struct Answers {
    /// Pairs of one person: [`Constraints::together`](crate::cluster::Constraints::together).
    pub together: Vec<(u32, u32)>,
    /// Pairs of two persons: [`Constraints::apart`](crate::cluster::Constraints::apart).
    pub apart: Vec<(u32, u32)>,
    /// The same with their weights, to calibrate.
    pub labels: Vec<Labelled>,
    /// Pairs of which the records do not tell.
    pub cannot_tell: u64,
}

vacatur_records::silent_debug!(Answers);

impl Answers {
    /// Takes the answers of a table.
    #[must_use]
    pub fn of(filled: &[Filled]) -> Self {
        let mut answers = Self::default();
        for Filled { asked, answer, .. } in filled {
            let records = (asked.pair.left, asked.pair.right);
            let same = match answer {
                Answer::Same => {
                    answers.together.push(records);
                    true
                }
                Answer::Different => {
                    answers.apart.push(records);
                    false
                }
                Answer::CannotTell => {
                    answers.cannot_tell += 1;
                    continue;
                }
            };
            answers.labels.push(Labelled { weight: asked.pair.weight, same, stands_for: asked.stands_for });
        }
        answers
    }
}

/// Answers that other answers together say the opposite of: A and B are the same, B and C are the same, and A and C are
/// different. A problem for each answer `different` that is concerned. `two_files`: whether left and right are numbered
/// apart; there, two left records of one right one are the same person too.
#[must_use]
pub fn contradictions(filled: &[Filled], two_files: bool) -> Vec<Problem> {
    let node = |record: u32, right: bool| u64::from(record) * 2 + u64::from(right && two_files);
    let mut parent: rustc_hash::FxHashMap<u64, u64> = rustc_hash::FxHashMap::default();
    fn root(parent: &mut rustc_hash::FxHashMap<u64, u64>, node: u64) -> u64 {
        let mut at = node;
        while let Some(&above) = parent.get(&at).filter(|&&above| above != at) {
            at = above;
        }
        if at != node {
            parent.insert(node, at);
        }
        at
    }
    for Filled { asked, .. } in filled.iter().filter(|filled| filled.answer == Answer::Same) {
        let one = root(&mut parent, node(asked.pair.left, false));
        let other = root(&mut parent, node(asked.pair.right, true));
        if one != other {
            parent.insert(one.max(other), one.min(other));
        }
    }
    let mut problems = Vec::new();
    for Filled { asked, line, .. } in filled.iter().filter(|filled| filled.answer == Answer::Different) {
        let one = root(&mut parent, node(asked.pair.left, false));
        if one == root(&mut parent, node(asked.pair.right, true)) {
            problems.push(Problem { line: *line, column: "answer".to_owned(), wrong: Wrong::Opposite });
        }
    }
    problems
}

/// How often each level of each comparison was seen, among pairs of one person and of two. A number may be a fraction, since
/// a pair may stand for many.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LevelCounts {
    /// By comparison and level, among pairs of one person.
    pub same: Vec<Vec<f64>>,
    /// Among pairs of two persons.
    pub different: Vec<Vec<f64>>,
}

impl LevelCounts {
    /// Moves the m of a trained model towards what the labels show. What the model has counts as much as `strength` labelled
    /// pairs: with few labels little changes. A fixed m stays; so does a comparison that is not trained or has another number
    /// of levels.
    pub fn improve(&self, model: &mut Model, strength: f64) {
        for (comparison, counts) in model.comparisons.iter_mut().zip(&self.same) {
            let all: f64 = counts.iter().sum::<f64>() + strength;
            let trained = comparison.levels.iter().all(|level| level.m.is_some());
            if !trained || comparison.levels.len() != counts.len() || all.is_nan() || all <= 0.0 {
                continue;
            }
            for (level, count) in comparison.levels.iter_mut().zip(counts) {
                if let (Some(m), None) = (&mut level.m, level.fixed_m) {
                    *m = (count + strength * *m) / all;
                }
            }
        }
    }

    /// The share of each level among the pairs of one person, with `more` added to each count, so that a level that no
    /// label showed is rare and not impossible. It is what a model's m is, or begins with.
    #[must_use]
    pub fn m(&self, more: f64) -> Vec<Vec<f64>> {
        let shares = |counts: &Vec<f64>| {
            let all: f64 = counts.iter().map(|count| count + more).sum();
            counts.iter().map(|count| if all > 0.0 { (count + more) / all } else { 0.0 }).collect()
        };
        self.same.iter().map(shares).collect()
    }
}

/// Counts levels over labelled pairs. `levels` is for each comparison how many levels it has; of each pair come the number of
/// its level in every comparison, from 1, whether it is of one person, and how many it stands for. Level 0 is that of a
/// comparison in which a side has no value: it counts nowhere. [`Scorer::levels`](crate::Scorer::levels) gives these numbers.
#[must_use]
pub fn level_counts<'a>(
    levels: &[usize],
    labelled: impl IntoIterator<Item = (&'a [u8], bool, f64)>,
) -> LevelCounts {
    let none = || levels.iter().map(|&levels| vec![0.0; levels]).collect::<Vec<_>>();
    let mut counts = LevelCounts { same: none(), different: none() };
    for (reached, same, stands_for) in labelled {
        let side = if same { &mut counts.same } else { &mut counts.different };
        for (counts, &level) in side.iter_mut().zip(reached) {
            if let Some(count) = usize::from(level).checked_sub(1).and_then(|level| counts.get_mut(level)) {
                *count += stands_for;
            }
        }
    }
    counts
}
