//! What came of it, in numbers.

use crate::calibration::Said as Calibrated;
use crate::lists::CourtTally;
use crate::standing::{StateTally, Status};
use serde::Serialize;
use std::fmt::Write as _;

/// The numbers of a linked folder. They name nobody.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Account {
    /// The court's file.
    pub court: CourtCounts,
    /// The state's file; absent where the court's was read alone.
    pub state: Option<StateCounts>,
    /// Who is who.
    pub links: LinkCounts,
    /// How the court's convictions stand.
    pub convictions: CourtTally,
    /// How the state's convictions in the court's counties stand.
    pub state_convictions: StateTally,
    /// How good the links are, as far as the files themselves tell.
    pub calibration: Option<Calibrated>,
    /// What was added for a run to read.
    pub added: AddedCounts,
}

/// Of the court's file. `rows = rows_used + rejects`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct CourtCounts {
    /// Rows.
    pub rows: u64,
    /// Rows that became part of a case.
    pub rows_used: u64,
    /// Rows that did not; each stands in `court-rejects.csv`.
    pub rejects: u64,
    /// Cases, one for each defendant.
    pub cases: u64,
    /// Charges.
    pub charges: u64,
    /// Convictions.
    pub convictions: u64,
}

/// Of the state's file.
#[derive(Clone, Debug, Default, Serialize)]
pub struct StateCounts {
    /// People who have a subject number.
    pub people: u64,
    /// Lines that could not be read.
    pub rejects: u64,
}

/// Who is who: defendants of cases, one for each case. They add up to the cases.
#[derive(Clone, Debug, Default, Serialize)]
pub struct LinkCounts {
    /// Linked to somebody in the state's file.
    pub linked: u64,
    /// Those of them whose case number, day and offence settled it.
    pub linked_by_case: u64,
    /// Those whom an answer on a review sheet settled, one way or the other.
    pub settled_by_answer: u64,
    /// In doubt.
    pub in_doubt: u64,
    /// Nobody in the state's file comes near.
    pub not_found: u64,
    /// The record names no person.
    pub no_person: u64,
    /// People whom only the court knows.
    pub court_only_people: u64,
    /// Pairs at or above the clerical threshold.
    pub pairs: u64,
}

/// What a run reads beside the state's file.
#[derive(Clone, Debug, Default, Serialize)]
pub struct AddedCounts {
    /// Rows of `court-cases.csv`.
    pub rows: u64,
    /// Lines of `court-evidence.csv`.
    pub evidence: u64,
    /// Charges for which no number was free. Their persons are left open.
    pub no_number_free: u64,
}

impl Account {
    /// For a screen and for `summary.txt`.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut line = |label: &str, number: u64| {
            let _ = writeln!(text, "  {label:<44} {:>12}", grouped(number));
        };
        line("rows of the court's file", self.court.rows);
        line("rows rejected", self.court.rejects);
        line("cases, one for each defendant", self.court.cases);
        line("convictions in them", self.court.convictions);
        if let Some(state) = &self.state {
            line("people in the state's file", state.people);
        }
        let _ = writeln!(text, "\nDefendants of the cases");
        let mut line = |label: &str, number: u64| {
            let _ = writeln!(text, "  {label:<44} {:>12}", grouped(number));
        };
        if self.state.is_some() {
            line("linked to somebody in the state's file", self.links.linked);
            line("  by case number, day and offence", self.links.linked_by_case);
            line("settled by an answer on a review sheet", self.links.settled_by_answer);
            line("in doubt", self.links.in_doubt);
            line("not found there", self.links.not_found);
        }
        line("no person's name", self.links.no_person);
        line("people whom only the court knows, or in doubt", self.links.court_only_people);
        if self.state.is_some() {
            let _ = writeln!(text, "\nConvictions of the court's file");
            for status in [Status::InState, Status::CaseMissing, Status::PersonUnknown, Status::CannotTell] {
                let number = self.convictions.by_status.get(status.word()).copied().unwrap_or_default();
                let _ = writeln!(text, "  {:<44} {:>12}", status.words(), grouped(number));
            }
            for (why, number) in &self.convictions.cannot_tell {
                let _ = writeln!(text, "    {why:<42} {:>12}", grouped(*number));
            }
            for (differs, number) in &self.convictions.differs {
                let _ = writeln!(text, "  differs: {differs:<35} {:>12}", grouped(*number));
            }
            let _ = writeln!(text, "\nConvictions of the state's file in the court's counties");
            let state = &self.state_convictions;
            for (label, number) in [
                ("confirmed by the court", state.confirmed),
                ("in conflict with it", state.in_conflict),
                ("not found in its file", state.not_found),
                ("cannot tell", state.cannot_tell),
            ] {
                let _ = writeln!(text, "  {label:<44} {:>12}", grouped(number));
            }
        }
        text
    }
}

/// `1,234,567`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
