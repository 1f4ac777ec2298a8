//! Joining only what agrees on the whole.
//!
//! The sum of the weights over all pairs between two clusters is, if pairs were independent, how much more likely it is
//! that the two are one person than that they are two. The pair of clusters with the greatest sum is joined first, until no
//! sum is above zero: greedy edge contraction for correlation clustering.

use super::forest::Forest;
use super::{Conflict, Refused};
use crate::Pair;
use rustc_hash::{FxHashMap, FxHashSet};
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// What speaks for the join of two clusters: the sum over the pairs that were found, how many these are, and the heaviest.
#[derive(Clone, Copy)]
struct Between {
    sum: f64,
    found: u64,
    best: Pair,
}

struct Candidate {
    sum: f64,
    best: Pair,
    one: u32,
    other: u32,
}

impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> Ordering {
        // The greatest is taken first; of equal ones, what `order` puts first.
        self.sum.total_cmp(&other.sum).then_with(|| crate::assign::order(&other.best, &self.best))
    }
}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Candidate {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Candidate {}

/// Joins clusters as long as a join is for the better. The pairs are sorted, the heaviest first.
pub(super) fn join(
    forest: &mut Forest<'_>,
    pairs: &[Pair],
    join: f32,
    missing: f32,
    conflicts: &mut Vec<Conflict>,
) {
    let missing = f64::from(missing.min(0.0));
    let mut near: FxHashMap<u32, FxHashMap<u32, Between>> = FxHashMap::default();
    let mut seen: FxHashSet<(u32, u32)> = FxHashSet::default();
    for pair in pairs {
        if !seen.insert((pair.left.min(pair.right), pair.left.max(pair.right))) {
            continue;
        }
        let (one, other) = (forest.root(pair.left), forest.root(pair.right));
        if one != other {
            let between = Between { sum: f64::from(pair.weight) - f64::from(join), found: 1, best: *pair };
            merge(near.entry(one).or_default(), other, between);
            merge(near.entry(other).or_default(), one, between);
        }
    }
    drop(seen);
    let score = |forest: &mut Forest<'_>, one: u32, other: u32, between: &Between| {
        let all = u64::from(forest.size_of(one)) * u64::from(forest.size_of(other));
        between.sum + missing * all.saturating_sub(between.found) as f64
    };
    let mut heap: BinaryHeap<Candidate> = BinaryHeap::new();
    for (&one, others) in &near {
        for (&other, between) in others.iter().filter(|(other, _)| one < **other) {
            let sum = score(forest, one, other, between);
            heap.push(Candidate { sum, best: between.best, one, other });
        }
    }
    let mut refused: FxHashSet<(u32, u32)> = FxHashSet::default();
    while let Some(candidate) = heap.pop() {
        let Candidate { one, other, .. } = candidate;
        // What was pushed before one of the two grew is stale: it was pushed again with another sum.
        let Some(between) = near.get(&one).and_then(|others| others.get(&other)).copied() else { continue };
        if score(forest, one, other, &between).total_cmp(&candidate.sum) != Ordering::Equal {
            continue;
        }
        if candidate.sum < 0.0 {
            break;
        }
        let (kept, gone) = match forest.join(one, other) {
            Ok(Some(joined)) => joined,
            Ok(None) => continue,
            Err(why) => {
                report(conflicts, &mut refused, between.best, why);
                continue;
            }
        };
        let moved = near.remove(&gone).unwrap_or_default();
        for (third, between) in moved {
            if let Some(others) = near.get_mut(&third) {
                others.remove(&gone);
            }
            if third != kept {
                merge(near.entry(kept).or_default(), third, between);
                merge(near.entry(third).or_default(), kept, between);
            }
        }
        if let Some(others) = near.get_mut(&kept) {
            others.remove(&gone);
        }
        // Every sum with the joined cluster is another now, since it has more records.
        let others: Vec<(u32, Between)> =
            near.get(&kept).map(|others| others.iter().map(|(&k, &b)| (k, b)).collect()).unwrap_or_default();
        for (third, between) in others {
            let (one, other) = (kept.min(third), kept.max(third));
            let sum = score(forest, one, other, &between);
            heap.push(Candidate { sum, best: between.best, one, other });
        }
    }
}

fn report(conflicts: &mut Vec<Conflict>, refused: &mut FxHashSet<(u32, u32)>, pair: Pair, why: Refused) {
    if refused.insert((pair.left, pair.right)) {
        conflicts.push(Conflict { pair, why });
    }
}

fn merge(others: &mut FxHashMap<u32, Between>, other: u32, between: Between) {
    others
        .entry(other)
        .and_modify(|known| {
            known.sum += between.sum;
            known.found += between.found;
            if crate::assign::order(&between.best, &known.best) == Ordering::Less {
                known.best = between.best;
            }
        })
        .or_insert(between);
}
