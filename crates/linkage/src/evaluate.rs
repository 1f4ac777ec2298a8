//! How good the links are, where it is known who is who.
//!
//! A pair that no blocking rule found is missed like any other: recall is counted over all pairs of the truth, not over
//! those that were compared. Every share has Wilson's interval, and every figure can be had by group, so that unequal
//! error shows.

mod text;

pub use text::{sweep_text, text};

use crate::Pair;
use crate::interval::{Share, f1};
use rustc_hash::FxHashMap;
use serde::Serialize;

/// Of a record of which it is not known whose it is. Its pairs are left out of every count.
pub const NOBODY: u32 = u32::MAX;

/// Whose each record is: the same number for the same person.
#[derive(Clone, Copy)]
pub enum Truth<'a> {
    /// Two files that are linked.
    Two {
        /// By record of the left side.
        left: &'a [u32],
        /// By record of the right side.
        right: &'a [u32],
    },
    /// One file that is compared with itself.
    One(&'a [u32]),
}

vacatur_records::silent_debug!(Truth<'_>);

impl Truth<'_> {
    /// Whether a pair is of one person; `None` if that is not known.
    #[must_use]
    pub fn same(&self, pair: &Pair) -> Option<bool> {
        let (left, right) = match self {
            Self::Two { left, right } => (left, right),
            Self::One(both) => (both, both),
        };
        let of = |side: &[u32], record: u32| side.get(record as usize).copied().filter(|&who| who != NOBODY);
        Some(of(left, pair.left)? == of(right, pair.right)?)
    }

    /// How many pairs are of one person, for each group of the right side, or of the greater record. Without groups all
    /// are in the first.
    fn pairs(&self, groups: Option<&Groups<'_>>) -> Vec<u64> {
        let mut totals = vec![0u64; groups.map_or(1, |groups| groups.names.len())];
        let group = |record: usize| groups.map_or(Some(0), |groups| groups.of(record));
        match self {
            Self::Two { left, right } => {
                let mut counts: FxHashMap<u32, u64> = FxHashMap::default();
                left.iter()
                    .filter(|&&who| who != NOBODY)
                    .for_each(|&who| *counts.entry(who).or_default() += 1);
                for (record, who) in right.iter().enumerate().filter(|(_, who)| **who != NOBODY) {
                    if let Some(total) = group(record).and_then(|group| totals.get_mut(group)) {
                        *total += counts.get(who).copied().unwrap_or(0);
                    }
                }
            }
            Self::One(both) => {
                let mut counts: FxHashMap<u32, u64> = FxHashMap::default();
                for (record, &who) in both.iter().enumerate().filter(|(_, who)| **who != NOBODY) {
                    let before = counts.entry(who).or_default();
                    if let Some(total) = group(record).and_then(|group| totals.get_mut(group)) {
                        *total += *before;
                    }
                    *before += 1;
                }
            }
        }
        totals
    }
}

/// A group for each record, as by sex, race or origin of the name. A pair belongs to the group of its right record; in one
/// file, of the greater.
#[derive(Clone, Copy, Debug)]
pub struct Groups<'a> {
    /// What they are: `race`.
    pub by: &'a str,
    /// What each is called.
    pub names: &'a [&'a str],
    /// By record, the number of its group in `names`; a greater number is in none.
    pub of: &'a [u8],
}

impl Groups<'_> {
    fn of(&self, record: usize) -> Option<usize> {
        self.of.get(record).map(|&group| usize::from(group)).filter(|&group| group < self.names.len())
    }
}

/// What a choice of links is worth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Score {
    /// Links of one person.
    pub right: u64,
    /// Links of two persons.
    pub wrong: u64,
    /// Pairs of one person that are not linked, whether they were compared or not.
    pub missed: u64,
}

impl Score {
    /// How many of the links are right.
    #[must_use]
    pub const fn precision(self) -> Share {
        Share::new(self.right, self.right + self.wrong)
    }

    /// How many of the pairs of one person are linked.
    #[must_use]
    pub const fn recall(self) -> Share {
        Share::new(self.right, self.right + self.missed)
    }

    /// The harmonic mean of the two.
    #[must_use]
    pub fn f1(self) -> Option<f64> {
        f1(self.right, self.wrong, self.missed)
    }

    const fn new(right: u64, wrong: u64, all: u64) -> Self {
        Self { right, wrong, missed: all.saturating_sub(right) }
    }
}

/// What links are worth: the pairs of an assignment, or all pairs that pass a test.
pub fn score(links: impl IntoIterator<Item = Pair>, truth: Truth<'_>) -> Score {
    let (mut right, mut wrong) = (0, 0);
    for pair in links {
        match truth.same(&pair) {
            Some(true) => right += 1,
            Some(false) => wrong += 1,
            None => {}
        }
    }
    Score::new(right, wrong, truth.pairs(None).iter().sum())
}

/// What links are worth in each group, in the order of the groups' names.
pub fn by_group(links: impl IntoIterator<Item = Pair>, truth: Truth<'_>, groups: Groups<'_>) -> Vec<Score> {
    let mut counts = vec![(0u64, 0u64); groups.names.len()];
    for pair in links {
        let Some(count) = groups.of(pair.right as usize).and_then(|group| counts.get_mut(group)) else {
            continue;
        };
        match truth.same(&pair) {
            Some(true) => count.0 += 1,
            Some(false) => count.1 += 1,
            None => {}
        }
    }
    let all = truth.pairs(Some(&groups));
    counts.into_iter().zip(all).map(|((right, wrong), all)| Score::new(right, wrong, all)).collect()
}

/// What all pairs are worth from a threshold on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Point {
    /// The threshold, in bits: the pairs with this weight or more.
    pub weight: f32,
    /// What they are worth.
    pub score: Score,
}

/// What the pairs are worth at each of some thresholds, the least first; `step` bits lie between two.
/// `None` for a step that is not above zero, or that would make more than 10,000 points.
#[must_use]
pub fn sweep(pairs: &[Pair], truth: Truth<'_>, step: f32) -> Option<Vec<Point>> {
    let sorted = judged(pairs, truth);
    let (Some(first), Some(last)) = (sorted.first(), sorted.last()) else { return Some(Vec::new()) };
    let (high, low) = ((first.0 / step).floor(), (last.0 / step).floor());
    let points = high - low + 1.0;
    if !(points.is_finite() && step > 0.0 && points <= 10_000.0) {
        return None;
    }
    let all: u64 = truth.pairs(None).iter().sum();
    let mut found = Vec::with_capacity(points as usize);
    let (mut right, mut wrong, mut next) = (0, 0, sorted.iter().peekable());
    for number in 0..points as u32 {
        let weight = (high - number as f32) * step;
        while let Some((_, same)) = next.next_if(|(other, _)| *other >= weight) {
            *(if *same { &mut right } else { &mut wrong }) += 1;
        }
        found.push(Point { weight, score: Score::new(right, wrong, all) });
    }
    found.reverse();
    Some(found)
}

/// The threshold at which F1 is greatest, of all there are; of equal ones the greatest. `None` without any labelled pair.
#[must_use]
pub fn best(pairs: &[Pair], truth: Truth<'_>) -> Option<Point> {
    let all: u64 = truth.pairs(None).iter().sum();
    let sorted = judged(pairs, truth);
    let (mut right, mut wrong) = (0, 0);
    let mut best: Option<Point> = None;
    for (number, &(weight, same)) in sorted.iter().enumerate() {
        *(if same { &mut right } else { &mut wrong }) += 1;
        // Pairs of one weight are above the threshold together.
        if sorted.get(number + 1).is_some_and(|next| next.0 == weight) {
            continue;
        }
        let point = Point { weight, score: Score::new(right, wrong, all) };
        if best.is_none_or(|best| point.score.f1() > best.score.f1()) {
            best = Some(point);
        }
    }
    best
}

/// The weights of the labelled pairs, the heaviest first, and whether each is of one person.
fn judged(pairs: &[Pair], truth: Truth<'_>) -> Vec<(f32, bool)> {
    let known = |pair: &Pair| truth.same(pair).map(|same| (pair.weight, same));
    let mut found: Vec<(f32, bool)> =
        pairs.iter().filter(|pair| pair.weight.is_finite()).filter_map(known).collect();
    found.sort_unstable_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
    found
}

/// What a blocking rule adds to those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Found {
    /// The rule's number.
    pub rule: u8,
    /// Pairs that it was the first to find.
    pub pairs: u64,
    /// Of these, how many are of one person.
    pub right: u64,
    /// Of the pairs of one person, how many were found by this rule or one before it.
    pub recall: Share,
}

/// What each blocking rule adds, in the order of the rules. The last one's recall is that of the blocking as a whole: no
/// threshold can do better.
#[must_use]
pub fn by_rule(pairs: &[Pair], truth: Truth<'_>) -> Vec<Found> {
    let all: u64 = truth.pairs(None).iter().sum();
    let mut counts = std::collections::BTreeMap::<u8, (u64, u64)>::new();
    for pair in pairs {
        let count = counts.entry(pair.rule).or_default();
        count.0 += 1;
        count.1 += u64::from(truth.same(pair) == Some(true));
    }
    let mut so_far = 0;
    let found = |(rule, (pairs, right)): (u8, (u64, u64))| {
        so_far += right;
        Found { rule, pairs, right, recall: Share::new(so_far, all) }
    };
    counts.into_iter().map(found).collect()
}

/// What clusters are worth.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ClusterScore {
    /// Over all pairs of records that are in one cluster.
    pub pairs: Score,
    /// Of the clusters, how many are exactly a person's records.
    pub exact: Share,
    /// Of the persons, how many are exactly a cluster.
    pub whole: Share,
    /// For a record on average, which share of its cluster is of its person (B³ precision).
    pub record_precision: f64,
    /// For a record on average, which share of its person is in its cluster (B³ recall).
    pub record_recall: f64,
}

impl ClusterScore {
    /// The harmonic mean of the two figures for a record.
    #[must_use]
    pub fn record_f1(&self) -> Option<f64> {
        let sum = self.record_precision + self.record_recall;
        (sum > 0.0).then(|| 2.0 * self.record_precision * self.record_recall / sum)
    }
}

/// What clusters are worth: for each record its cluster and whose it is. Records of nobody are left out.
#[must_use]
pub fn clusters(of: &[u32], truth: &[u32]) -> ClusterScore {
    let mut cells: FxHashMap<(u32, u32), u64> = FxHashMap::default();
    let (mut sizes, mut persons) = (FxHashMap::<u32, u64>::default(), FxHashMap::<u32, u64>::default());
    let mut records = 0u64;
    for (&cluster, &who) in of.iter().zip(truth).filter(|(_, who)| **who != NOBODY) {
        *cells.entry((cluster, who)).or_default() += 1;
        *sizes.entry(cluster).or_default() += 1;
        *persons.entry(who).or_default() += 1;
        records += 1;
    }
    let two = |count: u64| count * count.saturating_sub(1) / 2;
    let (mut right, mut exact) = (0, 0);
    let (mut precision, mut recall) = (0.0, 0.0);
    // In order, since sums of fractions depend on it.
    let mut sorted: Vec<((u32, u32), u64)> = cells.into_iter().collect();
    sorted.sort_unstable();
    for ((cluster, who), count) in sorted {
        let (size, person) =
            (sizes.get(&cluster).copied().unwrap_or(1), persons.get(&who).copied().unwrap_or(1));
        right += two(count);
        exact += u64::from(count == size && count == person);
        precision += (count * count) as f64 / size as f64;
        recall += (count * count) as f64 / person as f64;
    }
    let linked: u64 = sizes.values().map(|&size| two(size)).sum();
    let all: u64 = persons.values().map(|&size| two(size)).sum();
    ClusterScore {
        pairs: Score::new(right, linked - right, all),
        exact: Share::new(exact, sizes.len() as u64),
        whole: Share::new(exact, persons.len() as u64),
        record_precision: if records == 0 { 0.0 } else { precision / records as f64 },
        record_recall: if records == 0 { 0.0 } else { recall / records as f64 },
    }
}

#[cfg(test)]
mod tests;
