//! Clusters while they grow: union-find that knows what must not be joined.

use super::{Constraints, Refused};
use rustc_hash::{FxHashMap, FxHashSet};

/// The records, each in a cluster.
pub(super) struct Forest<'a> {
    parent: Vec<u32>,
    size: Vec<u32>,
    constraints: Constraints<'a>,
    /// For each kind of value of which a cluster has at most one: by root, 0 where none is known.
    one_value: Vec<Vec<u32>>,
    /// For each kind of value that a cluster has at most once: by root, only where a cluster has more than one record.
    once: Vec<FxHashMap<u32, FxHashSet<u32>>>,
    /// By root, the records that must stay outside; they are found by their own roots.
    apart: FxHashMap<u32, Vec<u32>>,
    told: FxHashSet<u32>,
}

impl<'a> Forest<'a> {
    pub(super) fn new(records: usize, constraints: Constraints<'a>) -> Self {
        let padded = |values: &[u32]| {
            let mut values = values.to_vec();
            values.resize(records, 0);
            values
        };
        let mut apart: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
        for &(one, other) in constraints.apart {
            apart.entry(one).or_default().push(other);
            apart.entry(other).or_default().push(one);
        }
        let told = constraints.together.iter().flat_map(|&(one, other)| [one, other]).collect();
        Self {
            parent: (0..records as u32).collect(),
            size: vec![1; records],
            constraints,
            one_value: constraints.one_value.iter().map(|labels| padded(labels.values)).collect(),
            once: constraints.once.iter().map(|_| FxHashMap::default()).collect(),
            apart,
            told,
        }
    }

    /// The record that stands for a record's cluster for now.
    pub(super) fn root(&mut self, record: u32) -> u32 {
        let mut at = record;
        while self.parent[at as usize] != at {
            let above = self.parent[self.parent[at as usize] as usize];
            self.parent[at as usize] = above;
            at = above;
        }
        at
    }

    /// How many records the cluster has for which a record stands.
    pub(super) fn size_of(&self, root: u32) -> u32 {
        self.size[root as usize]
    }

    /// Whether the record itself has a value of which a person has one, or somebody said who it is.
    pub(super) fn is_settled(&self, record: u32) -> bool {
        self.told.contains(&record)
            || self
                .constraints
                .one_value
                .iter()
                .any(|labels| labels.values.get(record as usize).is_some_and(|&value| value != 0))
    }

    /// Joins the clusters of two records; says which root stands for both, and which one no longer does.
    pub(super) fn join(&mut self, one: u32, other: u32) -> Result<Option<(u32, u32)>, Refused> {
        let (one, other) = (self.root(one), self.root(other));
        if one == other {
            return Ok(None);
        }
        if let Some(why) = self.hinders(one, other) {
            return Err(why);
        }
        // The larger stays, of equal ones the lesser number.
        let (kept, gone) = match self.size[one as usize].cmp(&self.size[other as usize]) {
            std::cmp::Ordering::Greater => (one, other),
            std::cmp::Ordering::Less => (other, one),
            std::cmp::Ordering::Equal => (one.min(other), one.max(other)),
        };
        for values in &mut self.one_value {
            if values[kept as usize] == 0 {
                values[kept as usize] = values[gone as usize];
            }
        }
        for number in 0..self.once.len() {
            let values = self.once_values(number, gone);
            let own = self.once_values(number, kept);
            let all: FxHashSet<u32> = own.into_iter().chain(values).collect();
            self.once[number].remove(&gone);
            self.once[number].insert(kept, all);
        }
        if let Some(foes) = self.apart.remove(&gone) {
            self.apart.entry(kept).or_default().extend(foes);
        }
        self.parent[gone as usize] = kept;
        self.size[kept as usize] += self.size[gone as usize];
        Ok(Some((kept, gone)))
    }

    /// Why two clusters, by their roots, must not be one.
    pub(super) fn hinders(&mut self, one: u32, other: u32) -> Option<Refused> {
        for (labels, values) in self.constraints.one_value.iter().zip(&self.one_value) {
            let (a, b) = (values[one as usize], values[other as usize]);
            if a != 0 && b != 0 && a != b {
                return Some(Refused::TwoValues(labels.name.to_owned()));
            }
        }
        for (number, labels) in self.constraints.once.iter().enumerate() {
            if self.shares(number, one, other) {
                return Some(Refused::Twice(labels.name.to_owned()));
            }
        }
        for (one, other) in [(one, other), (other, one)] {
            let foes = self.apart.get(&one).cloned().unwrap_or_default();
            if foes.into_iter().any(|foe| self.root(foe) == other) {
                return Some(Refused::Apart);
            }
        }
        None
    }

    /// Whether two clusters have a value in common that a cluster has at most once.
    fn shares(&self, number: usize, one: u32, other: u32) -> bool {
        let sets = &self.once[number];
        match (sets.get(&one), sets.get(&other)) {
            (Some(a), Some(b)) => {
                let (few, many) = if a.len() <= b.len() { (a, b) } else { (b, a) };
                few.iter().any(|value| many.contains(value))
            }
            (Some(set), None) => self.own_value(number, other).is_some_and(|value| set.contains(&value)),
            (None, Some(set)) => self.own_value(number, one).is_some_and(|value| set.contains(&value)),
            (None, None) => {
                let value = self.own_value(number, one);
                value.is_some() && value == self.own_value(number, other)
            }
        }
    }

    fn own_value(&self, number: usize, record: u32) -> Option<u32> {
        let labels = self.constraints.once.get(number)?;
        labels.values.get(record as usize).copied().filter(|&value| value != 0)
    }

    fn once_values(&mut self, number: usize, root: u32) -> FxHashSet<u32> {
        match self.once[number].remove(&root) {
            Some(values) => values,
            None => self.own_value(number, root).into_iter().collect(),
        }
    }

    /// Makes every record a cluster of its own again, and joins those that have the same number.
    pub(super) fn regroup(&mut self, parts: &[u32]) {
        for (record, &part) in parts.iter().enumerate() {
            self.parent[record] = part;
        }
    }

    /// For each record the least record of its cluster.
    pub(super) fn least(&mut self) -> Vec<u32> {
        let records = self.parent.len() as u32;
        let mut least: Vec<u32> = (0..records).collect();
        let roots: Vec<u32> = (0..records).map(|record| self.root(record)).collect();
        for (record, &root) in roots.iter().enumerate() {
            let place = &mut least[root as usize];
            *place = (*place).min(record as u32);
        }
        roots.iter().map(|&root| least[root as usize]).collect()
    }
}
