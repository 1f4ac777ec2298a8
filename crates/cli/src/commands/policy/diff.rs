//! `vacatur policy diff`.

use crate::commands::documents;
use crate::failure::Failure;
use crate::screen;
use jiff::civil::Date;
use std::fmt::Write as _;
use std::process::ExitCode;
use std::sync::Arc;
use vacatur_eligibility::{Difference, difference};
use vacatur_statutes::Statutes;

pub(super) fn run(one: &str, other: &str, as_of: Option<Date>, json: bool) -> Result<ExitCode, Failure> {
    let read = |name: &str| -> Result<_, Failure> {
        let text = documents::text(name)?;
        Ok((Arc::new(documents::parse(name, &text)?.0), text))
    };
    let ((first, text), (second, _)) = (read(one)?, read(other)?);
    let statutes = Arc::new(Statutes::us_ca()?);
    let found = difference(&first, &second, &statutes, as_of).map_err(|errors| {
        documents::show(one, &text, &errors);
        Failure::Shown
    })?;
    if json {
        screen::print(&serde_json::to_string_pretty(&found).map_err(Failure::said)?)?;
        screen::print("\n")?;
    } else {
        screen::print(&words(one, other, &found))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The difference for a reader.
fn words(one: &str, other: &str, found: &Difference) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "From {one}\n  to {other}\nboth with their defaults, as of {}\n", found.as_of);
    if found.changes.is_empty() {
        let _ = writeln!(out, "No difference was found, in their words or on any history that was tried.");
        return out;
    }
    for (at, change) in found.changes.iter().enumerate() {
        let _ = writeln!(out, "{:>2}. {}", at + 1, change.says);
        match &change.example {
            Some(example) => {
                let _ = writeln!(out, "    The smallest history found on which it makes a difference:");
                for line in example.history.lines() {
                    let _ = writeln!(out, "        {line}");
                }
                let _ = writeln!(out, "    Count A, under the first:  {}", example.one);
                let _ = writeln!(out, "             under the second: {}", example.other);
            }
            None if change.tried => {
                let _ = writeln!(
                    out,
                    "    No history was found on which it makes a difference. That proves nothing."
                );
            }
            None => {}
        }
        let _ = writeln!(out);
    }
    out
}
