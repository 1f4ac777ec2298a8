//! Which record each record of the right side is linked to.
//!
//! A pair's weight says how likely it is that two records are of one person. What is done with it depends on the other
//! pairs of the two: a record that fits two persons equally well is nobody's until somebody has looked. A tie is never
//! settled by the lower number.
//!
//! The left side is that of persons (the state's file), the right side that of records to be linked to them (the
//! court's).

mod contest;

use crate::Pair;
use crate::pair::{NoSuchRecord, check};
use serde::Serialize;

/// From which weight on something is done with a pair, in bits.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Thresholds {
    /// From here on a pair is a link.
    pub link: f32,
    /// From here on, and below `link`, a person looks at it.
    pub clerical: f32,
    /// Two candidates that are nearer to one another than this are tied.
    pub margin: f32,
}

/// How many records of the right side may be linked to one of the left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// One: neither side has a person twice. It is the more precise mode, and it is wrong where a side has cases rather
    /// than persons.
    OneToOne,
    /// Any number: many cases to one person.
    ManyToOne,
}

/// What became of a record of the right side.
#[derive(Clone, Debug, PartialEq)]
pub enum Assigned {
    /// It is linked.
    Linked(Pair),
    /// Several links are as good as each other, or nearly so: the candidates, the best first.
    Tie(Vec<Pair>),
    /// None of its pairs is sure enough: the candidates, the best first.
    Clerical(Vec<Pair>),
    /// One to one only: each record that it would fit is linked better to another one, or awaits a look because of one.
    /// Its best pair.
    Outbid(Pair),
    /// No pair reaches the clerical threshold.
    None,
}

/// What became of each record of the right side.
#[derive(Clone, Debug, PartialEq)]
pub struct Assignments {
    of_right: Vec<Assigned>,
}

/// How many records of the right side ended how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Ended {
    /// Linked.
    pub linked: u64,
    /// Tied, so to be looked at.
    pub tied: u64,
    /// Not sure enough, so to be looked at.
    pub clerical: u64,
    /// Linked better elsewhere.
    pub outbid: u64,
    /// Without a candidate.
    pub none: u64,
}

impl Assignments {
    /// By the number of the record on the right side.
    #[must_use]
    pub fn of_right(&self) -> &[Assigned] {
        &self.of_right
    }

    /// The links, in the order of the right side.
    pub fn links(&self) -> impl Iterator<Item = Pair> {
        self.of_right.iter().filter_map(|assigned| match assigned {
            Assigned::Linked(pair) => Some(*pair),
            _ => None,
        })
    }

    /// How many ended how. The sum is the number of records on the right side.
    #[must_use]
    pub fn ended(&self) -> Ended {
        let mut ended = Ended::default();
        for assigned in &self.of_right {
            *match assigned {
                Assigned::Linked(_) => &mut ended.linked,
                Assigned::Tie(_) => &mut ended.tied,
                Assigned::Clerical(_) => &mut ended.clerical,
                Assigned::Outbid(_) => &mut ended.outbid,
                Assigned::None => &mut ended.none,
            } += 1;
        }
        ended
    }
}

/// The pair with more weight first; of equal ones in the order of the sides, so that nothing depends on how they came.
pub(crate) fn order(one: &Pair, other: &Pair) -> std::cmp::Ordering {
    other.weight.total_cmp(&one.weight).then(one.left.cmp(&other.left)).then(one.right.cmp(&other.right))
}

/// Assigns the `rights` records of the right side to the `lefts` of the left. The order of the pairs does not matter; a
/// pair that comes twice counts once, with the greater weight.
///
/// # Errors
/// If a pair names a record that is not there.
pub fn assign(
    pairs: &[Pair],
    lefts: usize,
    rights: usize,
    thresholds: Thresholds,
    mode: Mode,
) -> Result<Assignments, NoSuchRecord> {
    check(pairs, lefts, rights)?;
    let floor = thresholds.clerical.min(thresholds.link);
    let mut kept: Vec<Pair> = pairs.iter().filter(|pair| pair.weight >= floor).copied().collect();
    kept.sort_unstable_by(order);
    let by_right = Neighbours::new(&kept, rights, |pair| pair.right);
    let of_right = match mode {
        Mode::ManyToOne => {
            (0..rights).map(|right| alone(&distinct(&kept, by_right.of(right)), thresholds)).collect()
        }
        Mode::OneToOne => contest::settle(&kept, lefts, rights, &by_right, thresholds),
    };
    Ok(Assignments { of_right })
}

/// The candidates of one record, the best first, each record of the other side once.
fn distinct(pairs: &[Pair], numbers: &[u32]) -> Vec<Pair> {
    let mut found: Vec<Pair> = Vec::with_capacity(numbers.len());
    for pair in numbers.iter().filter_map(|&number| pairs.get(number as usize)) {
        if !found.iter().any(|other| other.left == pair.left) {
            found.push(*pair);
        }
    }
    found
}

/// What becomes of a record whose candidates nobody else can take.
fn alone(candidates: &[Pair], thresholds: Thresholds) -> Assigned {
    let Some(best) = candidates.first() else { return Assigned::None };
    if best.weight < thresholds.link {
        return Assigned::Clerical(candidates.to_vec());
    }
    let near = candidates.iter().take_while(|pair| pair.weight >= best.weight - thresholds.margin).count();
    match near {
        1 => Assigned::Linked(*best),
        _ => Assigned::Tie(candidates.get(..near).unwrap_or_default().to_vec()),
    }
}

/// For each record of one side the numbers of its pairs, in the order of the pairs.
pub(crate) struct Neighbours {
    starts: Vec<u32>,
    numbers: Vec<u32>,
}

impl Neighbours {
    pub(crate) fn new(pairs: &[Pair], records: usize, side: impl Fn(&Pair) -> u32) -> Self {
        let mut starts = vec![0u32; records + 1];
        for pair in pairs {
            starts[side(pair) as usize + 1] += 1;
        }
        for place in 1..starts.len() {
            starts[place] += starts[place - 1];
        }
        let mut next = starts.clone();
        let mut numbers = vec![0u32; pairs.len()];
        for (number, pair) in pairs.iter().enumerate() {
            let place = &mut next[side(pair) as usize];
            numbers[*place as usize] = number as u32;
            *place += 1;
        }
        Self { starts, numbers }
    }

    pub(crate) fn of(&self, record: usize) -> &[u32] {
        let from_to = self.starts.get(record).zip(self.starts.get(record + 1));
        from_to.and_then(|(&from, &to)| self.numbers.get(from as usize..to as usize)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
