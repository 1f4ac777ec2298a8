//! A test as a document writes it.

use crate::cases::{Case, CaseCharge};
use crate::grammar::{BEGINNINGS, FOUND, MEASURED, RELIEFS};
use std::fmt;
use vacatur_records::{DateSpan, FindingKind, Level, grams};

/// The lines of the block, without its fences and without what is expected.
impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "as of {}", self.as_of)?;
        for (name, value) in &self.set {
            writeln!(f, "set {name} = {value}")?;
        }
        if let Some(born) = self.born {
            writeln!(f, "born {}", day(born))?;
        }
        if let Some(died) = self.died {
            writeln!(f, "died {}", day(died))?;
        }
        for (what, when) in &self.registered {
            writeln!(f, "registered {what} on {}", day(*when))?;
        }
        if self.unusable_row {
            writeln!(f, "unusable row")?;
        }
        for charge in &self.charges {
            writeln!(f, "{}: {charge}", charge.label)?;
        }
        Ok(())
    }
}

impl fmt::Display for CaseCharge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let beginning = BEGINNINGS.iter().find(|(_, kind, ended)| (*kind, *ended) == (self.kind, self.ended));
        let beginning = beginning.map_or("dismissed", |(words, ..)| words);
        let offence = if self.offence == "???" { "an unreadable section" } else { &self.offence };
        write!(f, "{beginning} {offence}")?;
        if let Some(level) = self.level {
            write!(f, ", {}", Level::word(level))?;
        }
        if !self.date.is_unknown() {
            write!(f, ", on {}", day(self.date))?;
        }
        if let Some(arrested) = self.arrested {
            write!(f, ", arrested on {}", day(arrested))?;
        }
        if !self.county.is_empty() {
            write!(f, ", in {}", self.county)?;
        }
        for part in self.sentence.iter().flatten() {
            write!(f, ", {} {} {}", part.length, part.unit, part.kind)?;
        }
        if self.revoked {
            write!(f, ", probation revoked")?;
        }
        if let Some(label) = &self.same_case {
            write!(f, ", same case as {label}")?;
        }
        if let Some(label) = &self.same_cycle {
            write!(f, ", same cycle as {label}")?;
        }
        if let Some((kind, by, on)) = &self.relief {
            let words =
                RELIEFS.iter().find(|(_, does)| does == kind).map_or("vacated by", |(words, _)| words);
            write!(f, ", {words} {by} on {}", day(*on))?;
        }
        for &(kind, value) in &self.findings {
            write!(f, ", {}", finding(kind, value))?;
        }
        Ok(())
    }
}

fn finding(kind: FindingKind, value: i32) -> String {
    if let Some((words, ..)) = FOUND.iter().find(|(_, found, so)| (*found, *so) == (kind, value)) {
        return (*words).to_owned();
    }
    let amount = if kind == FindingKind::Plants { value.to_string() } else { grams(value) };
    let what = MEASURED.iter().find(|(_, of)| *of == kind).map_or("", |(words, _)| words);
    format!("{amount} {what}")
}

/// A day, a month or a year as a test writes it; any other span as unknown.
fn day(span: DateSpan) -> String {
    let shown = span.to_string();
    if shown.len() <= 10 && !shown.contains(' ') { shown } else { "unknown".into() }
}
