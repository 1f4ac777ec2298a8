//! Who the defendant of each case is: somebody of the state's file, somebody whom only the court knows, or in doubt.

use vacatur_linkage::assign::{Assigned, Mode, Thresholds, assign};
use vacatur_linkage::{NoSuchRecord, Pair};

/// Somebody of the state's file who may be the defendant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// The number of the person in the state's file, from 0.
    pub state: u32,
    /// The match weight, in bits.
    pub weight: f32,
    /// The number of the blocking rule that found the pair.
    pub rule: u8,
}

/// What is known of who a defendant is.
#[derive(Clone, Debug, PartialEq)]
pub enum Who {
    /// Linked.
    Linked(Candidate),
    /// In doubt: these may be the person, the likeliest first.
    Doubt(Vec<Candidate>),
    /// Nobody in the state's file comes near.
    Unknown,
    /// The record names no person: a company, a placeholder, nothing.
    Unnamed,
}

/// So many candidates are shown in tables and accounts; all of them count.
pub(crate) const SHOWN: usize = 8;

/// Decides for each of `records` defendants. `pairs` have the state's people on the left and the defendants on the right.
/// `named` says which of them have a person's name. Whoever is in doubt has every candidate at or above the clerical
/// threshold: a record that may be somebody's leaves everybody open whose it may be.
///
/// # Errors
/// A pair that names a record which is not there.
pub fn who(
    (people, records): (usize, usize),
    pairs: &[Pair],
    thresholds: Thresholds,
    named: &dyn Fn(u32) -> bool,
) -> Result<Vec<Who>, NoSuchRecord> {
    let assigned = assign(pairs, people, records, thresholds, Mode::ManyToOne)?;
    let mut all: Vec<Who> = assigned
        .of_right()
        .iter()
        .enumerate()
        .map(|(record, assigned)| match assigned {
            _ if !named(record as u32) => Who::Unnamed,
            Assigned::Linked(pair) => Who::Linked(Candidate::of(pair)),
            Assigned::None => Who::Unknown,
            Assigned::Tie(_) | Assigned::Clerical(_) | Assigned::Outbid(_) => Who::Doubt(Vec::new()),
        })
        .collect();
    complete(&mut all, pairs, thresholds.clerical);
    Ok(all)
}

/// Gives everybody in doubt all candidates at or above the clerical threshold, whatever the doubt came from.
pub(crate) fn complete(all: &mut [Who], pairs: &[Pair], clerical: f32) {
    for pair in pairs.iter().filter(|pair| pair.weight >= clerical) {
        if let Some(Who::Doubt(candidates)) = all.get_mut(pair.right as usize) {
            candidates.push(Candidate::of(pair));
        }
    }
    for who in all {
        if let Who::Doubt(candidates) = who {
            in_order(candidates);
        }
    }
}

/// The likeliest first, each person once.
pub(crate) fn in_order(candidates: &mut Vec<Candidate>) {
    candidates.sort_by(|one, two| one.state.cmp(&two.state).then(two.weight.total_cmp(&one.weight)));
    candidates.dedup_by_key(|candidate| candidate.state);
    candidates.sort_by(|one, two| two.weight.total_cmp(&one.weight).then(one.state.cmp(&two.state)));
}

impl Candidate {
    fn of(pair: &Pair) -> Self {
        Self { state: pair.left, weight: pair.weight, rule: pair.rule }
    }
}

/// Two defendants of one case who are linked to one person cannot both be that person. `case` gives a number that the
/// defendants of one case share, and which of them each one is.
pub(crate) fn part_codefendants(all: &mut [Who], case: &dyn Fn(u32) -> Option<(u64, String)>) {
    let mut seen: Vec<(u64, u32, String, u32)> = Vec::new();
    for (record, who) in all.iter().enumerate() {
        let record = record as u32;
        if let (Who::Linked(candidate), Some((case, defendant))) = (who, case(record)) {
            seen.push((case, candidate.state, defendant, record));
        }
    }
    seen.sort_unstable();
    for same in seen.chunk_by(|one, two| (one.0, one.1) == (two.0, two.1)) {
        let several = same.iter().any(|one| same.first().is_some_and(|first| first.2 != one.2));
        for (.., record) in same.iter().filter(|_| several) {
            if let Some(slot) = all.get_mut(*record as usize)
                && let Who::Linked(candidate) = slot
            {
                *slot = Who::Doubt(vec![*candidate]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(left: u32, right: u32, weight: f32) -> Pair {
        Pair { left, right, weight, rule: 0 }
    }

    const BOUNDS: Thresholds = Thresholds { link: 8.0, clerical: -2.0, margin: 3.0 };

    #[test]
    fn a_tie_goes_to_a_person_and_never_to_the_lower_number() {
        let pairs = [pair(5, 0, 12.0), pair(3, 0, 12.0)];
        let found = who((9, 1), &pairs, BOUNDS, &|_| true).unwrap();
        assert!(matches!(&found[0], Who::Doubt(both) if both.len() == 2));
    }

    #[test]
    fn whoever_may_be_the_person_is_a_candidate_however_many_there_are() {
        let pairs: Vec<Pair> = (0..20).map(|at| pair(at, 0, if at == 3 { 12.0 } else { 10.0 })).collect();
        let found = who((20, 1), &pairs, BOUNDS, &|_| true).unwrap();
        assert!(matches!(&found[0], Who::Doubt(all) if all.len() == 20 && all[0].state == 3), "{found:?}");
    }

    #[test]
    fn between_the_bounds_is_doubt_and_below_them_is_nobody() {
        let pairs = [pair(1, 0, 8.0), pair(1, 1, 7.9), pair(1, 2, -2.1)];
        let found = who((9, 4), &pairs, BOUNDS, &|record| record != 3).unwrap();
        assert!(matches!(found[0], Who::Linked(_)));
        assert!(matches!(found[1], Who::Doubt(_)));
        assert_eq!(found[2], Who::Unknown);
        assert_eq!(found[3], Who::Unnamed);
    }

    #[test]
    fn two_defendants_of_one_case_are_not_one_person() {
        let pairs = [pair(7, 0, 20.0), pair(7, 1, 19.0), pair(7, 2, 19.0)];
        let cases = [(1, "01"), (1, "02"), (2, "01")];
        let case = |record: u32| cases.get(record as usize).map(|(case, name)| (*case, (*name).to_owned()));
        let mut found = who((9, 3), &pairs, BOUNDS, &|_| true).unwrap();
        part_codefendants(&mut found, &case);
        assert!(matches!(found[0], Who::Doubt(_)));
        assert!(matches!(found[1], Who::Doubt(_)));
        assert!(matches!(found[2], Who::Linked(_)));
    }
}
