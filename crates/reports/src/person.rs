//! What is counted of people: each measure once, as a test and as a query has it.

/// What is read of a person's line in `people.parquet`.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Person {
    pub(crate) complete: bool,
    pub(crate) entitled: bool,
    pub(crate) convictions: i64,
    pub(crate) felonies: i64,
    pub(crate) level_unknown: i64,
    pub(crate) convictions_after: i64,
    pub(crate) felonies_after: i64,
    pub(crate) level_unknown_after: i64,
    pub(crate) decided: i64,
    pub(crate) relieved: i64,
    pub(crate) review: i64,
}

/// Something that people are counted by.
pub(crate) struct Measure {
    /// Its name in tables.
    pub(crate) id: &'static str,
    /// Whether somebody has it.
    pub(crate) holds: fn(&Person) -> bool,
    /// The same as a condition of a query.
    pub(crate) sql: &'static str,
}

pub(crate) const IN_FILE: usize = 0;
pub(crate) const WITH_CONVICTION: usize = 1;
pub(crate) const IN_SCOPE: usize = 2;
pub(crate) const ENTITLED: usize = 3;
pub(crate) const HELPED: usize = 4;
pub(crate) const UNDECIDED: usize = 5;
pub(crate) const FELONY_KNOWN: usize = 6;
pub(crate) const FELONY_FREE_BEFORE: usize = 7;
pub(crate) const FELONY_FREE_AFTER: usize = 8;
pub(crate) const RECORD_KNOWN: usize = 9;
pub(crate) const RECORD_FREE_BEFORE: usize = 10;
pub(crate) const RECORD_FREE_AFTER: usize = 11;

/// The measures, in the order of their numbers. Of nobody whose record is not surely complete is it said that they are free.
pub(crate) const MEASURES: [Measure; 12] = [
    Measure { id: "in_file", holds: |_| true, sql: "true" },
    Measure { id: "with_conviction", holds: |it| it.convictions > 0, sql: "convictions > 0" },
    Measure { id: "in_scope", holds: |it| it.decided > 0, sql: "decided > 0" },
    Measure { id: "entitled", holds: |it| it.entitled, sql: "entitled = 'yes'" },
    Measure { id: "helped", holds: |it| it.relieved > 0, sql: "dismissed + reduced + granted > 0" },
    Measure {
        id: "undecided",
        holds: |it| it.review > 0 && it.relieved == 0,
        sql: "review > 0 AND dismissed + reduced + granted = 0",
    },
    Measure {
        id: "people",
        holds: felony_known,
        sql: "decided > 0 AND complete = 'yes' AND (felonies > 0 OR level_unknown = 0) \
              AND (felonies_after > 0 OR level_unknown_after = 0)",
    },
    Measure {
        id: "free_before",
        holds: |it| felony_known(it) && it.felonies == 0,
        sql: "decided > 0 AND complete = 'yes' AND felonies = 0 AND level_unknown = 0 \
              AND (felonies_after > 0 OR level_unknown_after = 0)",
    },
    Measure {
        id: "free_after",
        holds: |it| felony_known(it) && it.felonies_after == 0,
        sql: "decided > 0 AND complete = 'yes' AND (felonies > 0 OR level_unknown = 0) \
              AND felonies_after = 0 AND level_unknown_after = 0",
    },
    Measure { id: "people", holds: record_known, sql: "decided > 0 AND complete = 'yes'" },
    Measure {
        id: "free_before",
        holds: |it| record_known(it) && it.convictions == 0,
        sql: "decided > 0 AND complete = 'yes' AND convictions = 0",
    },
    Measure {
        id: "free_after",
        holds: |it| record_known(it) && it.convictions_after == 0,
        sql: "decided > 0 AND complete = 'yes' AND convictions_after = 0",
    },
];

fn felony_known(it: &Person) -> bool {
    it.decided > 0
        && it.complete
        && (it.felonies > 0 || it.level_unknown == 0)
        && (it.felonies_after > 0 || it.level_unknown_after == 0)
}

fn record_known(it: &Person) -> bool {
    it.decided > 0 && it.complete
}

/// The condition of a measure in a query.
pub(crate) fn sql(measure: usize) -> &'static str {
    MEASURES.get(measure).map_or("false", |measure| measure.sql)
}

/// The name of a measure's column.
pub(crate) fn name(measure: usize) -> &'static str {
    MEASURES.get(measure).map_or("", |measure| measure.id)
}

/// How many have each measure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally([u64; MEASURES.len()]);

impl Tally {
    /// Counts a person in all of these tallies.
    pub(crate) fn measured(person: &Person) -> Self {
        Self(std::array::from_fn(|at| {
            MEASURES.get(at).map_or(0, |measure| u64::from((measure.holds)(person)))
        }))
    }

    pub(crate) fn add(&mut self, other: &Self) {
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            *mine += theirs;
        }
    }

    pub(crate) fn of(&self, measure: usize) -> u64 {
        self.0.get(measure).copied().unwrap_or(0)
    }
}
