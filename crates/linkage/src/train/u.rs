//! How pairs of two persons compare.

use super::TrainOptions;
use crate::compare::{Plan, Record};
use crate::model::{Model, Test};
use crate::sides::{Side, Sides};
use crate::walk::parallel;
use crate::weights::agreement;

/// The same sequence on every machine and in every version: SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, count: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        ((u128::from(mixed) * u128::from(count)) >> 64) as u64
    }
}

/// The share of all pairs at each level of each comparison, of those where both sides have a value: agreement from the
/// counts of all values, everything else from random pairs.
pub(super) fn random(sides: &Sides, model: &Model, options: &TrainOptions) -> Vec<Vec<f64>> {
    let plan = Plan::new(sides, model);
    let (left, right) = (sides.len(Side::Left) as u64, sides.len(Side::Right) as u64);
    let tasks: u64 = 64;
    let tables = parallel(
        tasks as usize,
        options.threads,
        || plan.scratch(),
        |task, scratch| {
            let mut random = Random(options.seed.wrapping_mul(1_000_003).wrapping_add(task as u64));
            let mut counts = vec![[0_u64; 16]; model.comparisons.len()];
            for _ in 0..options.random_pairs.div_ceil(tasks) {
                let (one, other) = (random.below(left), random.below(right));
                if sides.is_dedupe() && one == other {
                    continue;
                }
                let ours = Record::plain(sides.row(Side::Left, one as u32));
                let theirs = Record::plain(sides.row(Side::Right, other as u32));
                for (number, counts) in counts.iter_mut().enumerate() {
                    let level = plan.outcome(number, ours, theirs, scratch).level;
                    if let Some(count) = counts.get_mut(usize::from(level)) {
                        *count += 1;
                    }
                }
            }
            counts
        },
    );
    let mut result = Vec::new();
    for (number, comparison) in model.comparisons.iter().enumerate() {
        let counts: Vec<f64> = (1..=comparison.levels.len())
            .map(|level| {
                let of =
                    |table: &Vec<[u64; 16]>| table.get(number).and_then(|counts| counts.get(level)).copied();
                tables.iter().filter_map(of).sum::<u64>() as f64
            })
            .collect();
        let field = model.field(&comparison.field).unwrap_or(0);
        let is_text = comparison.levels.first().is_some_and(|level| level.test == Test::Same)
            && sides.kinds.get(field).is_some_and(|kind| *kind != crate::model::FieldKind::Date);
        let total: f64 = counts.iter().sum();
        // Half a pair more at each level: what was not met among so many is rare, and not impossible.
        let mut shares: Vec<f64> =
            counts.iter().map(|count| (count + 0.5) / (total + 0.5 * counts.len() as f64)).collect();
        let exact = if is_text { agreement(sides, field) } else { dates(sides, field) };
        if let Some(first) = shares.first().copied()
            && comparison.levels.first().is_some_and(|level| level.test == Test::Same)
            && exact.1 > 0.0
        {
            let same = exact.0.clamp(0.5 / exact.1.max(1.0), 0.999);
            let scale = (1.0 - same) / (1.0 - first).max(1e-9);
            shares.iter_mut().skip(1).for_each(|share| *share *= scale);
            if let Some(first) = shares.first_mut() {
                *first = same;
            }
        }
        result.push(shares);
    }
    result
}

/// The share of pairs of two persons of which one field equals another field of the other side, in both directions:
/// exact, from the counts of all values. It is for the test `swapped`, which two comparisons make of the same thing.
pub(super) fn exchanged(sides: &Sides, field: usize, other: usize) -> f64 {
    let shares = |field: usize, side: Side| {
        let counts = sides.counts(field, side);
        let filled: f64 = counts.iter().skip(1).map(|count| f64::from(*count)).sum();
        counts.into_iter().skip(1).map(move |count| f64::from(count) / filled.max(1.0))
    };
    let across = |one: usize, two: usize| -> f64 {
        shares(one, Side::Left).zip(shares(two, Side::Right)).map(|(left, right)| left * right).sum()
    };
    across(field, other) * across(other, field)
}

/// The same as [`agreement`] for dates, whose values are no numbers of texts.
fn dates(sides: &Sides, field: usize) -> (f64, f64) {
    let sorted = |side| {
        let mut values: Vec<u32> = sides
            .rows(side)
            .chunks_exact(sides.kinds.len().max(1))
            .filter_map(|row| row.get(field).copied())
            .filter(|value| *value != 0)
            .collect();
        values.sort_unstable();
        values
    };
    let runs = |values: &[u32]| -> Vec<(u32, f64)> {
        values.chunk_by(|a, b| a == b).filter_map(|run| Some((*run.first()?, run.len() as f64))).collect()
    };
    let left = sorted(Side::Left);
    if sides.is_dedupe() {
        let pairs = left.len() as f64 * (left.len() as f64 - 1.0) / 2.0;
        let same: f64 = runs(&left).iter().map(|(_, count)| count * (count - 1.0) / 2.0).sum();
        return (if pairs > 0.0 { same / pairs } else { 0.0 }, pairs.max(0.0));
    }
    let right = sorted(Side::Right);
    let pairs = left.len() as f64 * right.len() as f64;
    let theirs: rustc_hash::FxHashMap<u32, f64> = runs(&right).into_iter().collect();
    let same: f64 =
        runs(&left).iter().map(|(value, count)| count * theirs.get(value).copied().unwrap_or(0.0)).sum();
    (if pairs > 0.0 { same / pairs } else { 0.0 }, pairs)
}

/// The shares among pairs of two persons alone: random pairs hold pairs of one person too, and in a small file those are
/// most of the pairs that agree on an identifier.
pub(super) fn without_matches(all: &[f64], m: &[f64], prior: f64) -> Vec<f64> {
    let mut shares: Vec<f64> = all
        .iter()
        .zip(m)
        .map(|(all, m)| {
            let rest = (all - prior * m) / (1.0 - prior);
            // What is left of a difference of two nearly equal numbers is not to be trusted.
            rest.max(all * 0.05)
        })
        .collect();
    let total: f64 = shares.iter().sum();
    shares.iter_mut().for_each(|share| *share /= total);
    shares
}
