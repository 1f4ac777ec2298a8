//! Persons out of pairs: records of one file, or of several put together, that are of one person.
//!
//! Pairs are taken by weight, the heaviest first, and each joins two clusters unless that breaks a constraint: then it is
//! refused and reported. Plain connected components would make one person of a family by way of a few wrong pairs. So
//! a join may also be asked to agree with all the pairs that it implies ([`Joining::Agreeing`]), and a weak pair that
//! alone holds two parts together is cut.
//!
//! A cluster has the number of its least record. Nothing depends on the order of the pairs.

mod agreeing;
mod bridges;
mod forest;

use crate::Pair;
use crate::assign::order;
use crate::pair::{NoSuchRecord, check};
use forest::Forest;
use rustc_hash::FxHashMap;
use serde::Serialize;
use std::collections::BTreeMap;

/// What must hold in every cluster.
#[derive(Clone, Copy, Debug, Default)]
pub struct Constraints<'a> {
    /// Values of which a person has at most one: state numbers, generations (senior, junior).
    pub one_value: &'a [Labels<'a>],
    /// Values that a person shows in at most one record: the case, where its records are different defendants.
    pub once: &'a [Labels<'a>],
    /// Pairs of records that somebody found to be of two persons.
    pub apart: &'a [(u32, u32)],
    /// Pairs of records that somebody found to be of one person. They are joined before any pair is looked at.
    pub together: &'a [(u32, u32)],
}

/// A value for each record.
#[derive(Clone, Copy, Debug)]
pub struct Labels<'a> {
    /// What the values are, as it is reported: `CII`.
    pub name: &'a str,
    /// By record; 0 where there is none.
    pub values: &'a [u32],
}

/// How clusters are joined.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Joining {
    /// One pair is enough: connected components, but for the constraints.
    Connected,
    /// All pairs of a record of the one and a record of the other are summed, and the sum must be above zero. A pair
    /// counts its weight above `join`; one that was not found counts `missing`, which is below zero.
    Agreeing {
        /// What a pair counts that was not found, in bits.
        missing: f32,
    },
}

/// How clusters are made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// From which weight on a pair joins, in bits.
    pub join: f32,
    /// How.
    pub joining: Joining,
    /// A pair below this weight that alone holds together two parts of at least two records each is cut. Set it to `join`
    /// or less to cut nothing.
    pub bridge: f32,
    /// A record that fits two clusters, which must stay apart, and the two fits differ by at most this, is tied: it joins
    /// neither.
    pub margin: f32,
}

/// Why two records were not joined though their pair would.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Refused {
    /// Their clusters have two values of which a person has one.
    TwoValues(String),
    /// Their clusters have a value twice that a person shows once.
    Twice(String),
    /// Somebody found two records of the clusters to be of two persons.
    Apart,
}

/// A pair that was refused.
#[derive(Clone, Debug, PartialEq)]
pub struct Conflict {
    /// The pair; of a pair in [`Constraints::together`] the weight is infinite.
    pub pair: Pair,
    /// Why.
    pub why: Refused,
}

/// A record that fits several clusters, and was left out of all of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Tied {
    /// The record.
    pub record: u32,
    /// Its pairs that speak for one cluster or another, the heaviest first.
    pub pairs: Vec<Pair>,
}

/// Who is whom in a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Clusters {
    /// For each record the least record of its cluster.
    pub of: Vec<u32>,
    /// Pairs that were refused, the heaviest first.
    pub conflicts: Vec<Conflict>,
    /// Pairs that alone held two parts together and were cut.
    pub cut: Vec<Pair>,
    /// Records that are to be looked at, by their numbers.
    pub tied: Vec<Tied>,
}

/// How large the clusters are.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sizes {
    /// Records.
    pub records: u64,
    /// Clusters, with those of one record.
    pub clusters: u64,
    /// Of how many records the greatest is.
    pub greatest: u64,
    /// How many clusters there are of each size.
    pub by_size: BTreeMap<u64, u64>,
}

impl Clusters {
    /// How large the clusters are. A shift of these figures from one month to the next is worth a question.
    #[must_use]
    pub fn sizes(&self) -> Sizes {
        let mut members: FxHashMap<u32, u64> = FxHashMap::default();
        for &cluster in &self.of {
            *members.entry(cluster).or_default() += 1;
        }
        let mut by_size: BTreeMap<u64, u64> = BTreeMap::new();
        for &size in members.values() {
            *by_size.entry(size).or_default() += 1;
        }
        Sizes {
            records: self.of.len() as u64,
            clusters: members.len() as u64,
            greatest: by_size.last_key_value().map_or(0, |(&size, _)| size),
            by_size,
        }
    }

    /// The clusters of which so few of the possible pairs were found that somebody should look: the least record, the
    /// number of records, and the share of pairs with at least the weight `join`. Only clusters of `from` records or more.
    #[must_use]
    pub fn sparse(&self, pairs: &[Pair], join: f32, from: u64, below: f64) -> Vec<(u32, u64, f64)> {
        let mut found: FxHashMap<u32, (u64, u64)> = FxHashMap::default();
        for &cluster in &self.of {
            found.entry(cluster).or_default().0 += 1;
        }
        let mut seen = rustc_hash::FxHashSet::default();
        for pair in pairs.iter().filter(|pair| pair.weight >= join) {
            let of = |record: u32| self.of.get(record as usize);
            if of(pair.left) == of(pair.right)
                && seen.insert((pair.left.min(pair.right), pair.left.max(pair.right)))
                && let Some(counts) = of(pair.left).and_then(|cluster| found.get_mut(cluster))
            {
                counts.1 += 1;
            }
        }
        let share = |records: u64, pairs: u64| 2.0 * pairs as f64 / (records * (records - 1)) as f64;
        let mut sparse: Vec<(u32, u64, f64)> = found
            .into_iter()
            .filter(|&(_, (records, _))| records >= from.max(2))
            .map(|(cluster, (records, pairs))| (cluster, records, share(records, pairs)))
            .filter(|&(_, _, share)| share < below)
            .collect();
        sparse.sort_unstable_by_key(|&(cluster, ..)| cluster);
        sparse
    }
}

/// Makes clusters of the `records` records of a file.
///
/// # Errors
/// If a pair, or a pair of the constraints, names a record that is not there.
pub fn cluster(
    pairs: &[Pair],
    records: usize,
    settings: Settings,
    constraints: Constraints<'_>,
) -> Result<Clusters, NoSuchRecord> {
    check(pairs, records, records)?;
    let told = |&(left, right): &(u32, u32)| Pair { left, right, weight: f32::INFINITY, rule: 0 };
    let together: Vec<Pair> = constraints.together.iter().map(told).collect();
    check(&together, records, records)?;
    check(&constraints.apart.iter().map(told).collect::<Vec<_>>(), records, records)?;
    let mut kept: Vec<Pair> = pairs
        .iter()
        .filter(|pair| pair.weight >= settings.join && pair.left != pair.right)
        .copied()
        .collect();
    kept.sort_unstable_by(order);

    let mut held = vec![false; records];
    let mut tied: BTreeMap<u32, Tied> = BTreeMap::new();
    loop {
        let mut forest = Forest::new(records, constraints);
        let mut conflicts: Vec<Conflict> = Vec::new();
        for pair in &together {
            if let Err(why) = forest.join(pair.left, pair.right) {
                conflicts.push(Conflict { pair: *pair, why });
            }
        }
        let free = |pair: &&Pair| !held[pair.left as usize] && !held[pair.right as usize];
        match settings.joining {
            Joining::Connected => {
                for pair in kept.iter().filter(free) {
                    if let Err(why) = forest.join(pair.left, pair.right) {
                        conflicts.push(Conflict { pair: *pair, why });
                    }
                }
            }
            Joining::Agreeing { missing } => {
                let free: Vec<Pair> = kept.iter().filter(free).copied().collect();
                agreeing::join(&mut forest, &free, settings.join, missing, &mut conflicts);
            }
        }
        let more = ties(&mut forest, &kept, &conflicts, &held, settings.margin);
        if more.is_empty() {
            let cut = bridges::cut(&mut forest, &kept, &together, settings.bridge);
            let of = forest.least();
            conflicts.sort_by(|one, other| order(&one.pair, &other.pair));
            return Ok(Clusters { of, conflicts, cut, tied: tied.into_values().collect() });
        }
        // A record that is left out takes its pairs with it, which may have held others apart or together.
        for tie in more {
            held[tie.record as usize] = true;
            tied.insert(tie.record, tie);
        }
    }
}

/// The records that were put into one cluster though they fit another about as well: the two clusters must stay apart, so
/// that one of the fits is wrong, and nothing says which.
fn ties(
    forest: &mut Forest<'_>,
    kept: &[Pair],
    conflicts: &[Conflict],
    held: &[bool],
    margin: f32,
) -> Vec<Tied> {
    // The record's best pair into a foreign cluster.
    let mut foreign: FxHashMap<u32, f32> = FxHashMap::default();
    for conflict in conflicts.iter().filter(|conflict| conflict.pair.weight.is_finite()) {
        for record in [conflict.pair.left, conflict.pair.right] {
            let best = foreign.entry(record).or_insert(conflict.pair.weight);
            *best = best.max(conflict.pair.weight);
        }
    }
    // A record that itself says whose it is, or of which somebody said it, is not in doubt.
    foreign.retain(|&record, _| !held[record as usize] && !forest.is_settled(record));
    if foreign.is_empty() {
        return Vec::new();
    }
    let mut near: FxHashMap<u32, (f32, Vec<Pair>)> = FxHashMap::default();
    for pair in kept.iter().filter(|pair| !held[pair.left as usize] && !held[pair.right as usize]) {
        let inside = forest.root(pair.left) == forest.root(pair.right);
        for record in [pair.left, pair.right] {
            if foreign.contains_key(&record) {
                let (own, pairs) = near.entry(record).or_insert((f32::NEG_INFINITY, Vec::new()));
                if inside {
                    *own = own.max(pair.weight);
                }
                pairs.push(*pair);
            }
        }
    }
    let mut found: Vec<Tied> = near
        .into_iter()
        .filter(|(record, (own, _))| {
            foreign.get(record).is_some_and(|foreign| own.is_finite() && *foreign >= own - margin)
        })
        .map(|(record, (_, pairs))| Tied { record, pairs })
        .collect();
    found.sort_unstable_by_key(|tied| tied.record);
    found
}

#[cfg(test)]
mod tests;
