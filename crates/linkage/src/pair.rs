//! Two records that may be of one person.

/// Two records and what speaks for their being of one person.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// The record on the left side, by its number from 0.
    pub left: u32,
    /// The record on the right side, by its number from 0; of the same side where one file is compared with itself, and
    /// then the greater of the two.
    pub right: u32,
    /// The match weight in bits, prior included: the logarithm to base 2 of the odds.
    pub weight: f32,
    /// The number of the blocking rule that found it first.
    pub rule: u8,
}

impl Pair {
    /// The probability that the two are of one person, as the model has it.
    #[must_use]
    pub fn probability(&self) -> f64 {
        1.0 / (1.0 + (-f64::from(self.weight)).exp2())
    }
}

/// A pair that names a record beyond the end of its side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a pair names record {record} of the {side} side, which has {records} records")]
pub struct NoSuchRecord {
    /// The record's number, from 0.
    pub record: u32,
    /// `left` or `right`.
    pub side: &'static str,
    /// How many records that side has.
    pub records: usize,
}

/// Whether all pairs are of records that are there. What comes after may index.
pub(crate) fn check(pairs: &[Pair], lefts: usize, rights: usize) -> Result<(), NoSuchRecord> {
    for pair in pairs {
        for (record, side, records) in [(pair.left, "left", lefts), (pair.right, "right", rights)] {
            if record as usize >= records {
                return Err(NoSuchRecord { record, side, records });
            }
        }
    }
    Ok(())
}
