//! The pairs of a session, as counts of how they compare.

use super::TrainOptions;
use crate::block::{BlockError, Index, Rules};
use crate::compare::Plan;
use crate::model::{Limits, Model, Part, Rule, Way};
use crate::sides::Sides;
use crate::walk::{Block, parallel};
use rustc_hash::FxHashMap;

/// How the pairs of one session compare: how many pairs end at each combination of levels.
pub(super) struct Patterns {
    /// The rule or identifier.
    pub(super) name: String,
    /// The number of the rule in the sessions' model.
    pub(super) rule: usize,
    /// The place of the rule among the sessions.
    pub(super) bit: usize,
    /// The comparisons that the rule decides.
    pub(super) held: Vec<usize>,
    /// Levels, four bits for each comparison; which sessions' rules make the pair, a bit for each; how many such pairs.
    pub(super) counts: Vec<(u64, u16, f64)>,
    /// The share of the rule's pairs that were looked at.
    pub(super) sampled: f64,
}

impl Patterns {
    pub(super) fn total(&self) -> f64 {
        self.counts.iter().map(|(_, _, count)| count).sum()
    }
}

/// The level of a comparison in a pattern.
pub(super) fn level(pattern: u64, comparison: usize) -> usize {
    (pattern >> (4 * comparison) & 15) as usize
}

/// Counts the pairs of each rule that is to train, and of the identifier that labels.
pub(super) fn collect(
    sides: &Sides,
    model: &Model,
    options: &TrainOptions,
) -> Result<Vec<Patterns>, BlockError> {
    let mut sessions = model.clone();
    sessions.rules.retain(|rule| rule.train);
    if let Some(labels) = &model.labels {
        let part = Part { way: Way::Whole, left: labels.clone(), right: labels.clone() };
        let name = format!("agreeing {labels}");
        sessions.rules.push(Rule { name, on: vec![part], tighten: Vec::new(), train: true });
    }
    sessions.rules.truncate(16);
    sessions.limits = Limits { rule: u64::MAX, ..model.limits };
    let plan = Plan::new(sides, model);
    let mut rules = Rules::new(sides, &sessions);
    let mut collected = Vec::new();
    for (number, rule) in sessions.rules.iter().enumerate() {
        let mut index = Index::new(sides, &sessions, &mut rules, number)?;
        let all = index.pairs as f64;
        if index.pairs > options.session_pairs {
            let share = options.session_pairs as f64 / all;
            let bar = (share * u64::MAX as f64) as u64;
            index.runs.retain(|run| (run.key ^ options.seed).wrapping_mul(0x9e37_79b9_7f4a_7c15) <= bar);
            index.pairs = index.runs.iter().map(|run| run.pairs).sum();
        }
        let stretches = index.stretches(50_000);
        let tables = parallel(
            stretches.len(),
            options.threads,
            || (plan.scratch(), Block::default()),
            |stretch, (scratch, block)| {
                let mut table: FxHashMap<(u64, u16), u64> = FxHashMap::default();
                let runs = stretches.get(stretch).and_then(|stretch| index.runs.get(stretch.clone()));
                for run in runs.unwrap_or_default() {
                    block.load(sides, &plan, &index, run);
                    for (_, ours, from) in block.lefts(sides) {
                        for (_, theirs) in block.rights(sides, from) {
                            let pattern = (0..model.comparisons.len()).fold(0, |pattern, comparison| {
                                let level = plan.outcome(comparison, ours, theirs, scratch).level;
                                pattern | u64::from(level) << (4 * comparison)
                            });
                            let makes = (0..sessions.rules.len())
                                .filter(|other| {
                                    *other == number || rules.agree(*other, ours.words, theirs.words)
                                })
                                .fold(0_u16, |bits, other| bits | 1 << other);
                            *table.entry((pattern, makes)).or_default() += 1;
                        }
                    }
                }
                table
            },
        );
        let mut sum: FxHashMap<(u64, u16), u64> = FxHashMap::default();
        for table in tables {
            for (key, count) in table {
                *sum.entry(key).or_default() += count;
            }
        }
        let mut counts: Vec<(u64, u16, f64)> =
            sum.into_iter().map(|((pattern, makes), count)| (pattern, makes, count as f64)).collect();
        counts.sort_unstable_by_key(|(pattern, makes, _)| (*pattern, *makes));
        let decides = |field: &str| rule.on.iter().any(|part| part.left == field || part.right == field);
        let held = model.comparisons.iter().enumerate().filter(|(_, comparison)| decides(&comparison.field));
        collected.push(Patterns {
            name: rule.name.clone(),
            rule: number,
            bit: number,
            held: held.map(|(number, _)| number).collect(),
            counts,
            sampled: if all > 0.0 { index.pairs as f64 / all } else { 1.0 },
        });
    }
    Ok(collected)
}
