//! A test as a document writes it.

use crate::cases::{Case, CaseCharge, CaseKind};
use std::fmt;
use vacatur_records::{DateSpan, FindingKind, Level, ReliefKind};

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
        let beginning = match (self.kind, self.ended) {
            (CaseKind::Convicted, _) => "convicted of",
            (CaseKind::Charged, _) => "charged with",
            (CaseKind::Arrested, Some(_)) => "released for",
            (CaseKind::Arrested, None) => "arrested for",
            (CaseKind::Dismissed, Some("acquitted")) => "acquitted of",
            (CaseKind::Dismissed, Some("not prosecuted")) => "not prosecuted for",
            (CaseKind::Dismissed, Some("diversion")) => "diverted from",
            (CaseKind::Dismissed, Some("diversion completed")) => "completed diversion for",
            (CaseKind::Dismissed, _) => "dismissed",
        };
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
            let words = match kind {
                ReliefKind::SetAside => "set aside by",
                ReliefKind::Reduced => "reduced by",
                ReliefKind::Resentenced => "resentenced by",
                ReliefKind::Vacated => "vacated by",
            };
            write!(f, ", {words} {by} on {}", day(*on))?;
        }
        for &(kind, value) in &self.findings {
            write!(f, ", {}", finding(kind, value))?;
        }
        Ok(())
    }
}

fn finding(kind: FindingKind, value: i32) -> String {
    let so = |yes: &str, no: &str| if value == 1 { yes.to_owned() } else { no.to_owned() };
    let grams = || {
        let text = format!("{}.{:03}", value / 1_000, value % 1_000);
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    match kind {
        FindingKind::Weight => format!("{} grams", grams()),
        FindingKind::Concentrate => format!("{} grams of concentrate", grams()),
        FindingKind::Plants => format!("{value} plants"),
        FindingKind::Paid => so("paid", "not paid"),
        FindingKind::Minor => so("buyer under 18", "no buyer under 18"),
        FindingKind::Import => so("imported", "not imported"),
        FindingKind::Environment => so("environmental harm", "no environmental harm"),
    }
}

/// A day, a month or a year as a test writes it; any other span as unknown.
fn day(span: DateSpan) -> String {
    let shown = span.to_string();
    if shown.len() <= 10 && !shown.contains(' ') { shown } else { "unknown".into() }
}
