//! The records of both sides in the order of their keys under one rule.

use super::{BlockError, Rules};
use crate::model::Model;
use crate::sides::{Side, Sides};
use rustc_hash::FxHashSet;
use std::ops::Range;

/// A key and a record that has it.
type Entry = (u64, u32);

/// The blocks of one rule.
pub(crate) struct Index {
    left: Vec<Entry>,
    right: Option<Vec<Entry>>,
    /// The blocks, in the order of their keys.
    pub(crate) runs: Vec<Run>,
    pub(crate) pairs: u64,
    pub(crate) largest: u64,
    /// Records that a tightened block leaves out, since they have no value to tighten it by.
    pub(crate) left_out: u64,
    pub(crate) tightened: u64,
}

/// A block: all pairs of a stretch of the left and one of the right.
#[derive(Clone)]
pub(crate) struct Run {
    pub(crate) key: u64,
    left: Range<u32>,
    right: Range<u32>,
    pub(crate) pairs: u64,
}

impl Index {
    /// Makes the blocks of a rule.
    pub(crate) fn new(
        sides: &Sides,
        model: &Model,
        rules: &mut Rules<'_>,
        rule: usize,
    ) -> Result<Self, BlockError> {
        let mut index = Self::sorted(sides, rules, rule);
        let limits = model.limits;
        let entries = index.left.len() + index.right.as_ref().map_or(0, Vec::len);
        if index.largest > limits.block && rules.can_tighten(rule) {
            let large: FxHashSet<u64> =
                index.runs.iter().filter(|run| run.pairs > limits.block).map(|run| run.key).collect();
            let tightened = large.len() as u64;
            rules.tighten(rule, large);
            index = Self::sorted(sides, rules, rule);
            index.tightened = tightened;
            let now = index.left.len() + index.right.as_ref().map_or(0, Vec::len);
            index.left_out = entries.saturating_sub(now) as u64;
        }
        let refused = |limit, which| BlockError::Explosion {
            rule: model.rules.get(rule).map(|rule| rule.name.clone()).unwrap_or_default(),
            pairs: index.pairs,
            largest: index.largest,
            limit,
            which,
        };
        if index.largest > limits.block {
            return Err(refused(limits.block, "block"));
        }
        if index.pairs > limits.rule {
            return Err(refused(limits.rule, "rule"));
        }
        Ok(index)
    }

    fn sorted(sides: &Sides, rules: &Rules<'_>, rule: usize) -> Self {
        let (left, right) = std::thread::scope(|scope| {
            let right =
                (!sides.is_dedupe()).then(|| scope.spawn(|| entries(sides, rules, rule, Side::Right)));
            let left = entries(sides, rules, rule, Side::Left);
            // A thread that panics has its panic go on here.
            let right =
                right.map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
            (left, right)
        });
        let runs = runs(&left, right.as_deref());
        let pairs = runs.iter().map(|run| run.pairs).sum();
        let largest = runs.iter().map(|run| run.pairs).max().unwrap_or(0);
        Self { left, right, runs, pairs, largest, left_out: 0, tightened: 0 }
    }

    /// The records of a block on the left.
    pub(crate) fn left(&self, run: &Run) -> impl Iterator<Item = u32> {
        let range = run.left.start as usize..run.left.end as usize;
        self.left.get(range).unwrap_or_default().iter().map(|entry| entry.1)
    }

    /// The records of a block on the right; those on the left again where one file is compared with itself.
    pub(crate) fn right(&self, run: &Run) -> impl Iterator<Item = u32> {
        let range = run.right.start as usize..run.right.end as usize;
        let entries = self.right.as_ref().unwrap_or(&self.left);
        entries.get(range).unwrap_or_default().iter().map(|entry| entry.1)
    }

    /// The blocks in stretches of about so many pairs, for threads to take one after another.
    pub(crate) fn stretches(&self, pairs: u64) -> Vec<Range<usize>> {
        let mut stretches = Vec::new();
        let (mut start, mut sum) = (0, 0);
        for (number, run) in self.runs.iter().enumerate() {
            sum += run.pairs;
            if sum >= pairs {
                stretches.push(start..number + 1);
                (start, sum) = (number + 1, 0);
            }
        }
        if start < self.runs.len() {
            stretches.push(start..self.runs.len());
        }
        stretches
    }
}

fn entries(sides: &Sides, rules: &Rules<'_>, rule: usize, side: Side) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut keys = Vec::new();
    for (row, number) in sides.rows(side).chunks_exact(sides.kinds.len().max(1)).zip(0_u32..) {
        rules.keys(rule, side, row, &mut keys);
        entries.extend(keys.iter().map(|key| (*key, number)));
    }
    entries.sort_unstable();
    entries
}

/// The stretches of equal keys.
fn runs(left: &[Entry], right: Option<&[Entry]>) -> Vec<Run> {
    let stretch = |entries: &[Entry], start: usize, key: u64| {
        let length =
            entries.get(start..).unwrap_or_default().iter().take_while(|entry| entry.0 == key).count();
        start as u32..(start + length) as u32
    };
    let mut runs = Vec::new();
    let (mut at, mut opposite) = (0, 0);
    while let Some((key, _)) = left.get(at).copied() {
        let ours = stretch(left, at, key);
        at = ours.end as usize;
        let count = u64::from(ours.end - ours.start);
        let Some(right) = right else {
            if count > 1 {
                runs.push(Run { key, left: ours.clone(), right: ours, pairs: count * (count - 1) / 2 });
            }
            continue;
        };
        while right.get(opposite).is_some_and(|entry| entry.0 < key) {
            opposite += 1;
        }
        let theirs = stretch(right, opposite, key);
        opposite = theirs.end as usize;
        let pairs = count * u64::from(theirs.end - theirs.start);
        if pairs > 0 {
            runs.push(Run { key, left: ours, right: theirs, pairs });
        }
    }
    runs
}
