//! From runs of rows to people.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::{Run, SubjectKey};

/// People in the order of their first row, each with the runs that are theirs.
#[derive(Debug, Clone, Default)]
pub struct Groups {
    /// Indices of runs, one person's after another's.
    members: Vec<u32>,
    /// For each person the end of theirs in `members`.
    ends: Vec<u32>,
    subjects: Vec<Option<SubjectKey>>,
}

/// One person: all runs with the same subject, in the order of sources and lines. A run without a subject is a group
/// of its own, for nobody knows whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Group<'a> {
    /// The key, if the rows say whose they are.
    pub subject: Option<SubjectKey>,
    /// Indices into the survey's runs.
    pub runs: &'a [u32],
}

impl Groups {
    /// How many people.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The person at this place.
    #[must_use]
    pub fn get(&self, at: usize) -> Option<Group<'_>> {
        let end = *self.ends.get(at)? as usize;
        let start = if at == 0 { 0 } else { *self.ends.get(at - 1)? as usize };
        Some(Group { subject: *self.subjects.get(at)?, runs: self.members.get(start..end)? })
    }

    /// All people in order.
    pub fn iter(&self) -> impl Iterator<Item = Group<'_>> {
        (0..self.len()).filter_map(|at| self.get(at))
    }
}

/// Puts the runs of each person together, in time and memory that grow with the number of runs alone.
#[must_use]
pub fn group(runs: &[Run]) -> Groups {
    let mut places: HashMap<SubjectKey, u32, BuildHasherDefault<Already>> = HashMap::default();
    let mut subjects = Vec::new();
    // How many runs each person has, then where the next of theirs goes.
    let mut counts: Vec<u32> = Vec::new();
    let person_of: Vec<u32> = runs
        .iter()
        .map(|run| {
            let next = counts.len() as u32;
            let person = run.subject.map_or(next, |key| *places.entry(key).or_insert(next));
            if person == next {
                counts.push(0);
                subjects.push(run.subject);
            }
            counts[person as usize] += 1;
            person
        })
        .collect();
    let mut end = 0;
    for count in &mut counts {
        let start = end;
        end += *count;
        *count = start;
    }
    let mut members = vec![0_u32; runs.len()];
    for (run, &person) in person_of.iter().enumerate() {
        let slot = &mut counts[person as usize];
        members[*slot as usize] = run as u32;
        *slot += 1;
    }
    Groups { members, ends: counts, subjects }
}

/// The keys are hashes already.
#[derive(Default)]
struct Already(u64);

impl Hasher for Already {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for (at, &byte) in bytes.iter().enumerate() {
            self.0 ^= u64::from(byte) << (at % 8 * 8);
        }
    }

    fn write_u128(&mut self, key: u128) {
        self.0 = key as u64;
    }
}
