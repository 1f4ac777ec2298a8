//! Weak pairs that alone hold two parts of a cluster together.

use super::forest::Forest;
use crate::Pair;
use crate::assign::{Neighbours, order};
use rustc_hash::FxHashSet;

/// Cuts every pair below a weight whose loss parts its cluster into two of at least two records each; gives them, the
/// heaviest first. What somebody said is never cut.
pub(super) fn cut(forest: &mut Forest<'_>, kept: &[Pair], together: &[Pair], below: f32) -> Vec<Pair> {
    // The pairs inside clusters, each once, heaviest first: told ones before all others.
    let mut inside: Vec<Pair> = together.iter().chain(kept).copied().collect();
    inside.retain(|pair| forest.root(pair.left) == forest.root(pair.right) && pair.left != pair.right);
    for pair in &mut inside {
        (pair.left, pair.right) = (pair.left.min(pair.right), pair.left.max(pair.right));
    }
    inside.sort_unstable_by(|one, other| {
        (one.left, one.right).cmp(&(other.left, other.right)).then_with(|| order(one, other))
    });
    inside.dedup_by_key(|pair| (pair.left, pair.right));
    let records = forest.least().len();
    let mut cut: Vec<Pair> = bridges(&inside, records)
        .into_iter()
        .filter_map(|(number, small)| {
            inside.get(number as usize).filter(|pair| small >= 2 && pair.weight < below)
        })
        .copied()
        .collect();
    cut.sort_unstable_by(order);
    if !cut.is_empty() {
        let gone: FxHashSet<(u32, u32)> = cut.iter().map(|pair| (pair.left, pair.right)).collect();
        let mut parts: Vec<u32> = (0..records as u32).collect();
        for pair in inside.iter().filter(|pair| !gone.contains(&(pair.left, pair.right))) {
            let (one, other) = (root(&mut parts, pair.left), root(&mut parts, pair.right));
            parts[one.max(other) as usize] = one.min(other);
        }
        for record in 0..records as u32 {
            root(&mut parts, record);
        }
        forest.regroup(&parts);
    }
    cut
}

fn root(parts: &mut [u32], record: u32) -> u32 {
    let mut at = record;
    while parts[at as usize] != at {
        parts[at as usize] = parts[parts[at as usize] as usize];
        at = parts[at as usize];
    }
    at
}

/// The pairs without which their component falls apart, each with the size of its smaller part. Tarjan's way, without
/// recursion: a component may be of millions.
fn bridges(pairs: &[Pair], records: usize) -> Vec<(u32, u32)> {
    let doubled: Vec<Pair> =
        pairs.iter().flat_map(|pair| [*pair, Pair { left: pair.right, right: pair.left, ..*pair }]).collect();
    let near = Neighbours::new(&doubled, records, |pair| pair.left);
    let mut found = Vec::new();
    let mut seen = vec![0u32; records];
    let mut low = vec![0u32; records];
    let mut below = vec![1u32; records];
    let mut clock = 0;
    for start in 0..records {
        if seen[start] != 0 || near.of(start).is_empty() {
            continue;
        }
        let first = found.len();
        clock += 1;
        (seen[start], low[start]) = (clock, clock);
        // The record, the pair that it was reached by, how many of its pairs were followed.
        let mut path: Vec<(usize, u32, usize)> = vec![(start, u32::MAX, 0)];
        while let Some(&mut (record, by, ref mut followed)) = path.last_mut() {
            if let Some(&number) = near.of(record).get(*followed) {
                *followed += 1;
                let other = doubled[number as usize].right as usize;
                if number / 2 == by {
                    continue;
                }
                if seen[other] == 0 {
                    clock += 1;
                    (seen[other], low[other]) = (clock, clock);
                    path.push((other, number / 2, 0));
                } else {
                    low[record] = low[record].min(seen[other]);
                }
            } else {
                path.pop();
                if let Some(&(above, ..)) = path.last() {
                    low[above] = low[above].min(low[record]);
                    below[above] += below[record];
                    if low[record] > seen[above] {
                        found.push((by, below[record]));
                    }
                }
            }
        }
        let all = below[start];
        for (_, size) in found.iter_mut().skip(first) {
            *size = (*size).min(all - *size);
        }
    }
    found
}
