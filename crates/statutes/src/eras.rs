//! Lists that change with the day of the offence.
//!
//! An offence is judged by the sections in force when it happened. The days on which an entry of a dated list begins or
//! ends cut time into eras; within one era the list does not change, so that it can be compared with an offence once.

use crate::set::{Entry, Rule, SectionSet};
use crate::{CodeSection, TableError};
use std::fmt::Write;
use std::ops::RangeInclusive;
use vacatur_records::{Date, DateSpan};

impl SectionSet {
    /// A list of sections with all their subdivisions, each from its first day until before its second, named after them.
    /// Attempts and conspiracies are unclear. If any section has a day, the list is dated.
    #[must_use]
    pub fn of_dated(sections: &[(CodeSection, Option<Date>, Option<Date>)]) -> Self {
        let mut name = String::new();
        for (at, (section, from, until)) in sections.iter().enumerate() {
            // Writing to a text cannot fail.
            let _ = write!(name, "{}{section}", if at > 0 { ", " } else { "" });
            for (word, day) in [("from", from), ("until", until)] {
                if let Some(day) = day {
                    let _ = write!(name, " {word} {day}");
                }
            }
        }
        let entry = |(section, from, until): &(CodeSection, Option<Date>, Option<Date>)| Entry {
            from: *from,
            until: *until,
            ..Entry::of(section.clone())
        };
        let entries: Vec<Entry> = sections.iter().map(entry).collect();
        Self {
            name: name.into(),
            title: Box::default(),
            note: Box::default(),
            jurisdiction: Box::default(),
            unread_targets: Rule::DoNotCount,
            eras: breakpoints(&entries),
            entries,
        }
    }

    /// The days on which a dated list changes, in order: each begins an era, and the first era lies before the first of
    /// them. Empty for a list that is not dated.
    #[must_use]
    pub fn eras(&self) -> &[Date] {
        &self.eras
    }

    /// Whether membership depends on the day of the offence.
    #[must_use]
    pub fn is_dated(&self) -> bool {
        !self.eras.is_empty()
    }

    /// The list as it stood in an era, counted from 0: the entries in force then, and no longer dated. A number past the
    /// last era means the last.
    #[must_use]
    pub fn in_era(&self, era: usize) -> Self {
        let begins = era.min(self.eras.len()).checked_sub(1).and_then(|at| self.eras.get(at));
        let in_force = |entry: &&Entry| match begins {
            Some(&day) => entry.in_force(DateSpan::on(day)).is_yes(),
            // No entry begins in the first era, and none ends there.
            None => !self.is_dated() || entry.from.is_none(),
        };
        let entries = self.entries.iter().filter(in_force).cloned().collect();
        Self { eras: Vec::new(), entries, ..self.clone() }
    }

    /// The eras that a day known within bounds may lie in.
    #[must_use]
    pub fn eras_of(&self, day: DateSpan) -> RangeInclusive<usize> {
        let era = |day: Date| self.eras.partition_point(|&begins| begins <= day);
        era(day.earliest())..=era(day.latest())
    }

    /// The same list, dated by the days of its entries.
    pub(crate) fn dated(mut self, file: &str) -> Result<Self, TableError> {
        self.eras = breakpoints(&self.entries);
        if self.is_dated() {
            Ok(self)
        } else {
            Err(TableError::new(file, self.name.as_ref(), "dated, and no entry has `from` or `until`"))
        }
    }
}

/// All days on which an entry begins or ends.
fn breakpoints(entries: &[Entry]) -> Vec<Date> {
    let mut days: Vec<Date> = entries.iter().flat_map(|entry| [entry.from, entry.until]).flatten().collect();
    days.sort_unstable();
    days.dedup();
    days
}
