//! Goes over the pairs of a rule, with as many threads as wanted and one result.

use crate::block::{Index, Rules, Run};
use crate::compare::{Plan, Record, View};
use crate::sides::{Side, Sides};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

/// Does a task for each number below `count` on so many threads, and gives the results in the order of the numbers.
pub(crate) fn parallel<S, T: Send>(
    count: usize,
    threads: usize,
    start: impl Fn() -> S + Sync,
    work: impl Fn(usize, &mut S) -> T + Sync,
) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let (sender, receiver) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..threads.clamp(1, count.max(1)) {
            let sender = sender.clone();
            let (next, start, work) = (&next, &start, &work);
            scope.spawn(move || {
                let mut state = start();
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= count || sender.send((number, work(number, &mut state))).is_err() {
                        return;
                    }
                }
            });
        }
    });
    drop(sender);
    let mut results: Vec<(usize, T)> = receiver.into_iter().collect();
    results.sort_unstable_by_key(|(number, _)| *number);
    results.into_iter().map(|(_, result)| result).collect()
}

/// The records of a block, copied next to each other.
#[derive(Default)]
pub(crate) struct Block {
    numbers: [Vec<u32>; 2],
    rows: [Vec<u32>; 2],
    views: [Vec<View>; 2],
    /// Views of each record, 0 where the block is too small for them to pay.
    viewed: usize,
}

impl Block {
    /// Takes a block's records.
    pub(crate) fn load(&mut self, sides: &Sides, plan: &Plan<'_>, index: &Index, run: &Run) {
        let [left, right] = &mut self.numbers;
        left.clear();
        left.extend(index.left(run));
        right.clear();
        right.extend(index.right(run));
        for (side, (numbers, rows)) in
            [Side::Left, Side::Right].into_iter().zip(self.numbers.iter().zip(&mut self.rows))
        {
            rows.clear();
            numbers.iter().for_each(|number| rows.extend_from_slice(sides.row(side, *number)));
        }
        let records = self.numbers.iter().map(Vec::len).sum::<usize>() as u64;
        self.viewed = if run.pairs > 2 * records { plan.viewed() } else { 0 };
        for (rows, views) in self.rows.iter().zip(&mut self.views) {
            views.clear();
            if self.viewed > 0 {
                rows.chunks_exact(sides.kinds.len().max(1)).for_each(|row| plan.views(row, views));
            }
        }
    }

    /// The records on the left, with the place of the first record on the right that each is compared with.
    pub(crate) fn lefts(&self, sides: &Sides) -> impl Iterator<Item = (u32, Record<'_>, usize)> {
        let dedupe = sides.is_dedupe();
        self.records(0, 0, sides)
            .enumerate()
            .map(move |(at, (number, record))| (number, record, if dedupe { at + 1 } else { 0 }))
    }

    /// The records on the right from a place on.
    #[inline]
    pub(crate) fn rights(&self, sides: &Sides, from: usize) -> impl Iterator<Item = (u32, Record<'_>)> {
        self.records(1, from, sides)
    }

    #[inline]
    fn records(&self, side: usize, from: usize, sides: &Sides) -> impl Iterator<Item = (u32, Record<'_>)> {
        let (width, viewed) = (sides.kinds.len().max(1), self.viewed);
        let rows = self.rows.get(side).and_then(|rows| rows.get(from * width..)).unwrap_or_default();
        let views = self.views.get(side).and_then(|views| views.get(from * viewed..)).unwrap_or_default();
        let numbers = self.numbers.get(side).and_then(|numbers| numbers.get(from..)).unwrap_or_default();
        numbers.iter().zip(rows.chunks_exact(width)).enumerate().map(move |(at, (number, words))| {
            let views = views.get(at * viewed..(at + 1) * viewed).unwrap_or_default();
            (*number, Record { words, views })
        })
    }
}

/// Whether a pair of a block belongs to its rule and to this block of it: no earlier rule makes it, nor an earlier key.
pub(crate) fn is_first(rules: &Rules<'_>, rule: usize, key: u64, left: &[u32], right: &[u32]) -> bool {
    (!rules.has_many(rule) || rules.least_common(rule, left, right) == Some(key))
        && !(0..rule).any(|earlier| rules.agree(earlier, left, right))
}
