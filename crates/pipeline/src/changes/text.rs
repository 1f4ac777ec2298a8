//! What has changed since the run before, as a person reads it.

use super::{Change, Changes, Number};
use crate::summary_text::number;
use std::fmt::Write as _;

/// How many reasons are told of one change; the others are in `changes.json`.
const TOLD: usize = 5;

impl Changes {
    /// A paragraph for a screen, lost grants first.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::new();
        let _ = writeln!(out, "Since the run before");
        if self.lost_grants == 0 {
            let _ = writeln!(out, "  no conviction that had relief has none now");
        }
        for change in Change::ALL {
            let Some(of) = self.changes.iter().find(|one| one.change == change.word()) else { continue };
            if of.number > 0 {
                let _ =
                    writeln!(out, "  {:>12} {}{}", number(of.number), says(change, of.number), because(of));
            }
        }
        if self.changes.iter().all(|of| of.number == 0) {
            let _ = writeln!(out, "  every conviction is decided as it was");
        }
        let people = &self.people;
        let _ = writeln!(
            out,
            "  {:>12} people carried over, {} decided{}",
            number(people.carried),
            number(people.decided),
            if self.settings_changed.is_empty() {
                String::new()
            } else {
                format!(": everybody, because {}", self.settings_changed.join("; "))
            }
        );
        if let (Some(new), Some(gone), Some(changed)) = (people.new, people.gone, people.changed) {
            let _ = writeln!(
                out,
                "  {:>12} people are new in this delivery, {} are gone, {} have other rows, evidence or unreadable lines",
                number(new),
                number(gone),
                number(changed)
            );
        }
        out
    }
}

/// What a change means, of so many convictions.
fn says(change: Change, many: u64) -> String {
    let (what, have, are) =
        if many == 1 { ("conviction", "has", "is") } else { ("convictions", "have", "are") };
    match change {
        Change::GoneWithGrant => format!("{what} that had relief {are} not in this delivery"),
        Change::NoLongerEligible => format!("{what} that had relief {have} none now"),
        Change::NewlyEligible => format!("{what} newly {have} relief"),
        Change::OtherRelief => format!("{what} {have} other relief than before"),
        Change::ReliefRecorded => format!("{what} that had relief {have} it in the record now"),
        Change::Changed => format!("{what} {have} another outcome, reason or question, and relief as before"),
        Change::Gone => format!("{what} that had no relief {are} not in this delivery"),
        Change::New => format!("{what} without relief that the run before did not decide"),
    }
}

/// The reasons with their numbers.
fn because(of: &Number) -> String {
    let [only] = of.why.as_slice() else {
        let told = of.why.iter().take(TOLD);
        let each: Vec<String> = told
            .map(|because| format!("{} because {}", number(because.number), aloud(&because.why)))
            .collect();
        let more = of.why.get(TOLD..).unwrap_or_default().iter().map(|because| because.number).sum::<u64>();
        let more = if more > 0 { format!("; {} for other reasons", number(more)) } else { String::new() };
        return format!(": {}{more}", each.join("; "));
    };
    format!(", because {}", aloud(&only.why))
}

/// What stands in `why`, as a part of a sentence.
fn aloud(why: &str) -> String {
    why.replace("; ", " and ")
}
