//! What one cell says, read as the assembly reads it: for whoever judges cells without assembling a person.

use super::parsed;
use super::words::{Remembered, Words};
use vacatur_records::{DateSpan, DispositionKind, Gap, Level, SentenceKind, StepKind};

/// Reads single cells by the layout's words. One for each thread: it remembers the texts that it has looked up.
///
/// A cell is given unquoted and trimmed, with placeholders made empty, as [`crate::rows::Row::field`] gives it.
pub struct CellReader<'w> {
    words: &'w Words,
    memory: Remembered,
}

impl<'w> CellReader<'w> {
    /// A reader by these words.
    #[must_use]
    pub fn new(words: &'w Words) -> Self {
        Self { words, memory: Remembered::default() }
    }

    /// A date, and what is wrong with it.
    #[must_use]
    pub fn date(&self, cell: &[u8]) -> (DateSpan, Option<Gap>) {
        parsed::date(cell)
    }

    /// The kind of a step; a blank one is unrecognised.
    #[must_use]
    pub fn step(&self, cell: &[u8]) -> StepKind {
        self.words.step(&self.memory, cell)
    }

    /// What a disposition does.
    #[must_use]
    pub fn disposition(&self, cell: &[u8]) -> DispositionKind {
        self.words.disposition(&self.memory, cell).0
    }

    /// A level; `None` for a text that the layout does not list.
    #[must_use]
    pub fn level(&self, cell: &[u8]) -> Option<Level> {
        self.words.level(cell)
    }

    /// Where a part of a sentence is served.
    #[must_use]
    pub fn sentence(&self, cell: &[u8]) -> SentenceKind {
        self.words.sentence(&self.memory, cell)
    }

    /// Whether the layout lists a unit of a sentence's length.
    #[must_use]
    pub fn is_unit(&self, cell: &[u8]) -> bool {
        self.words.unit(&self.memory, cell).is_some()
    }
}
