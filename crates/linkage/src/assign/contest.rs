//! One to one: the pairs with most weight first, and an exact answer where records contest each other.

use super::{Assigned, Neighbours, Thresholds, alone, distinct};
use crate::Pair;

/// A contest with more records on one side is not worked out: all of them are tied.
const MOST: usize = 10;

struct State<'a> {
    pairs: &'a [Pair],
    by_left: Neighbours,
    by_right: &'a Neighbours,
    /// Linked, or tied and so kept for whoever looks at it.
    left_taken: Vec<bool>,
    of_right: Vec<Option<Assigned>>,
    thresholds: Thresholds,
}

/// Assigns every record of the right side. The pairs are sorted, the heaviest first.
pub(super) fn settle(
    pairs: &[Pair],
    lefts: usize,
    rights: usize,
    by_right: &Neighbours,
    thresholds: Thresholds,
) -> Vec<Assigned> {
    let by_left = Neighbours::new(pairs, lefts, |pair| pair.left);
    let (left_taken, of_right) = (vec![false; lefts], vec![None; rights]);
    let mut state = State { pairs, by_left, by_right, left_taken, of_right, thresholds };
    for pair in pairs.iter().take_while(|pair| pair.weight >= thresholds.link) {
        if !state.is_free(pair) {
            continue;
        }
        let floor = pair.weight - thresholds.margin;
        if state.rivals(pair, floor) == 0 {
            state.link(*pair);
        } else {
            state.contest(pair, floor);
        }
    }
    let rest: Vec<Assigned> = (0..rights).map(|right| state.rest(right)).collect();
    state.of_right.into_iter().zip(rest).map(|(settled, rest)| settled.unwrap_or(rest)).collect()
}

impl State<'_> {
    fn is_free(&self, pair: &Pair) -> bool {
        !self.left_taken[pair.left as usize] && self.of_right[pair.right as usize].is_none()
    }

    fn link(&mut self, pair: Pair) {
        self.left_taken[pair.left as usize] = true;
        self.of_right[pair.right as usize] = Some(Assigned::Linked(pair));
    }

    /// The pairs of a record, of one side or the other, that are still to be had and have at least that weight.
    fn open<'s>(&'s self, numbers: &'s [u32], floor: f32) -> impl Iterator<Item = Pair> + 's {
        let pairs = numbers.iter().filter_map(|&number| self.pairs.get(number as usize));
        pairs.take_while(move |pair| pair.weight >= floor).filter(|pair| self.is_free(pair)).copied()
    }

    /// How many other pairs of the two records are as good.
    fn rivals(&self, pair: &Pair, floor: f32) -> usize {
        let left = self.open(self.by_left.of(pair.left as usize), floor).filter(|p| p.right != pair.right);
        let right = self.open(self.by_right.of(pair.right as usize), floor).filter(|p| p.left != pair.left);
        left.count() + right.count()
    }

    /// Settles all that contest each other around a pair. What is settled first is that pair, whose weight is the
    /// greatest left; so each contest settles at least one record.
    fn contest(&mut self, first: &Pair, floor: f32) {
        let (mut lefts, mut rights) = (vec![first.left], vec![first.right]);
        let (mut next_left, mut next_right) = (0, 0);
        while lefts.len().max(rights.len()) <= MOST {
            if let Some(&left) = lefts.get(next_left) {
                next_left += 1;
                for pair in self.open(self.by_left.of(left as usize), floor) {
                    add(&mut rights, pair.right);
                }
            } else if let Some(&right) = rights.get(next_right) {
                next_right += 1;
                for pair in self.open(self.by_right.of(right as usize), floor) {
                    add(&mut lefts, pair.left);
                }
            } else {
                return self.work_out(&mut lefts, &mut rights);
            }
        }
        // Too many, as where thousands have one name and birth date. The first pair's two records are tied, with all
        // that contest the right one; the next contest takes what is left.
        let right = first.right as usize;
        let near: Vec<Pair> = self.open(self.by_right.of(right), floor).collect();
        let rivals: Vec<Pair> = self.open(self.by_left.of(first.left as usize), floor).collect();
        for pair in rivals {
            let candidates = self.open(self.by_right.of(pair.right as usize), floor).collect();
            self.of_right[pair.right as usize] = Some(Assigned::Tie(unique(candidates)));
        }
        for pair in &near {
            self.left_taken[pair.left as usize] = true;
        }
        self.of_right[right] = Some(Assigned::Tie(unique(near)));
    }

    /// Every way to link a few records: a link stands if the best way has it, and all ways without it are worse by more
    /// than the margin.
    fn work_out(&mut self, lefts: &mut [u32], rights: &mut [u32]) {
        lefts.sort_unstable();
        rights.sort_unstable();
        let mut edges: Vec<Pair> = Vec::new();
        for &right in rights.iter() {
            let open = self.open(self.by_right.of(right as usize), f32::NEG_INFINITY).collect();
            edges.extend(unique(open).into_iter().filter(|pair| lefts.binary_search(&pair.left).is_ok()));
        }
        let mut table = Table::new(&edges, lefts, rights, self.thresholds);
        let best = table.best(None, None);
        let margin = f64::from(self.thresholds.margin);
        let likely: Vec<bool> =
            edges.iter().map(|edge| best - table.best(Some(edge), None) <= margin).collect();
        for &right in rights.iter() {
            let own = || edges.iter().zip(&likely).filter(|(edge, likely)| edge.right == right && **likely);
            let candidates: Vec<Pair> = own().map(|(edge, _)| *edge).collect();
            let sure = match candidates.as_slice() {
                [] => continue,
                [only] => only.weight >= self.thresholds.link && best - table.best(None, Some(only)) > margin,
                _ => false,
            };
            for pair in &candidates {
                self.left_taken[pair.left as usize] = true;
            }
            self.of_right[right as usize] = Some(match candidates.first() {
                Some(only) if sure => Assigned::Linked(*only),
                _ => Assigned::Tie(candidates),
            });
        }
    }

    /// What becomes of a record that is in no link and no tie.
    fn rest(&self, right: usize) -> Assigned {
        let candidates = distinct(self.pairs, self.by_right.of(right));
        let is_open = |pair: &Pair| !self.left_taken[pair.left as usize];
        let open: Vec<Pair> = candidates.iter().copied().filter(is_open).collect();
        match (candidates.first(), open.is_empty()) {
            (Some(best), true) => Assigned::Outbid(*best),
            _ => alone(&open, self.thresholds),
        }
    }
}

fn add(list: &mut Vec<u32>, record: u32) {
    if !list.contains(&record) {
        list.push(record);
    }
}

/// Each pair once: they are sorted by weight, so the first is the heaviest.
fn unique(pairs: Vec<Pair>) -> Vec<Pair> {
    let mut found: Vec<Pair> = Vec::with_capacity(pairs.len());
    for pair in pairs {
        if !found.iter().any(|other| (other.left, other.right) == (pair.left, pair.right)) {
            found.push(pair);
        }
    }
    found
}

/// The best sum of weights over all ways to link a few records, by which left ones are used: the odds of a way are the
/// product of the odds of its links, so that its logarithm is their sum.
struct Table {
    /// For each right record its links: the left record's place, and the weight above the floor.
    links: Vec<Vec<(usize, f64, Pair)>>,
    sums: Vec<f64>,
}

impl Table {
    fn new(edges: &[Pair], lefts: &[u32], rights: &[u32], thresholds: Thresholds) -> Self {
        // Not to link is worth nothing; where the thresholds are below zero, every candidate is still worth something.
        let floor = f64::from(thresholds.clerical.min(thresholds.link)).min(0.0);
        let mut links = vec![Vec::new(); rights.len()];
        for edge in edges {
            if let (Ok(left), Ok(right)) =
                (lefts.binary_search(&edge.left), rights.binary_search(&edge.right))
            {
                links[right].push((left, f64::from(edge.weight) - floor, *edge));
            }
        }
        Self { links, sums: vec![f64::NEG_INFINITY; 1 << lefts.len()] }
    }

    /// The best sum of the ways that have one link, or have it not.
    fn best(&mut self, with: Option<&Pair>, without: Option<&Pair>) -> f64 {
        self.sums.fill(f64::NEG_INFINITY);
        self.sums[0] = 0.0;
        let same = |one: &Pair, other: &Pair| (one.left, one.right) == (other.left, other.right);
        for links in &self.links {
            let forced = with.is_some_and(|with| links.iter().any(|link| same(&link.2, with)));
            // From the greatest set down: what is added to is not yet changed.
            for used in (0..self.sums.len()).rev() {
                let before = self.sums[used];
                if before == f64::NEG_INFINITY {
                    continue;
                }
                if forced {
                    self.sums[used] = f64::NEG_INFINITY;
                }
                for (left, weight, pair) in links {
                    let barred = without.is_some_and(|without| same(without, pair))
                        || (forced && with.is_some_and(|with| !same(with, pair)));
                    let next = used | 1 << left;
                    if !barred && next != used {
                        self.sums[next] = self.sums[next].max(before + weight);
                    }
                }
            }
        }
        self.sums.iter().copied().fold(f64::NEG_INFINITY, f64::max)
    }
}
