//! The tables and what a screen shows.

use super::Statewide;
use super::account::Progressed;
use super::lists::{ListRecord, PLACES_UNKNOWN, title};
use crate::spreadsheet::write_record;
use crate::summary_text::number;
use std::fmt::Write as _;

/// How wide the bar is.
const BAR: usize = 20;

/// `index.csv`.
pub(super) fn index_csv(lists: &[ListRecord]) -> Vec<u8> {
    let mut table = csv::Writer::from_writer(Vec::new());
    let head = [
        "county",
        "prosecutor",
        "file",
        "decided",
        "convictions",
        "eligible",
        "undecided",
        "people",
        "relieved",
        "not_eligible",
        "bytes",
        "sha256",
    ];
    write_record(&mut table, head);
    for list in lists {
        let numbers = [
            list.convictions,
            list.eligible,
            list.undecided,
            list.people,
            list.relieved,
            list.not_eligible,
            list.bytes,
        ]
        .map(|number| number.to_string());
        let decided = if list.decided { "yes" } else { "no" };
        let words = [list.county.as_str(), &list.prosecutor, &list.file, decided];
        let cells = words.into_iter().chain(numbers.iter().map(String::as_str)).chain([list.sha256.as_str()]);
        write_record(&mut table, cells);
    }
    table.into_inner().unwrap_or_default()
}

/// `progress.csv`: a line for each county and deadline, and for the state.
pub(super) fn progress_csv(progress: &Progressed) -> Vec<u8> {
    let mut table = csv::Writer::from_writer(Vec::new());
    let head = [
        "county",
        "deadline",
        "by",
        "convictions",
        "in_time",
        "late",
        "undated",
        "by_lapse",
        "not_due",
        "in_conflict",
        "open",
        "days_overdue",
    ];
    write_record(&mut table, head);
    for of in progress.counties.iter().chain([&progress.state]) {
        for one in &of.deadlines {
            let numbers = [
                of.convictions,
                one.in_time,
                one.late,
                one.undated,
                one.by_lapse,
                one.not_due,
                one.in_conflict,
                one.open,
                one.days_overdue,
            ]
            .map(|number| number.to_string());
            let words = [of.county.as_str(), &one.deadline, &one.by];
            write_record(&mut table, words.into_iter().chain(numbers.iter().map(String::as_str)));
        }
    }
    table.into_inner().unwrap_or_default()
}

impl Statewide {
    /// A line for each county with what is identified, challenged, ordered and recorded, and a bar of what is recorded.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::new();
        let progress = &self.progress;
        let _ = writeln!(out, "Potentially eligible convictions by county, on {}\n", progress.on);
        let _ = writeln!(
            out,
            "{:<16}{:>9}{:>11}{:>10}{:>9}{:>9}{:>9}{:>8}{:>9}{:>8}  ordered",
            "", "listed", "relieved", "challeng.", "express", "lapse", "ordered", "late", "open", "days"
        );
        for (of, list) in progress.counties.iter().zip(&self.lists) {
            if of.county == PLACES_UNKNOWN && of.convictions == 0 && list.not_eligible == 0 {
                continue;
            }
            if !list.decided {
                let _ = writeln!(out, "{:<16}  not decided in this run", title(&of.county));
                continue;
            }
            line(&mut out, &title(&of.county), of, list.convictions);
        }
        let listed = self.lists.iter().map(|list| list.convictions).sum();
        line(&mut out, "State", &progress.state, listed);
        let _ = writeln!(out);
        for one in &progress.state.deadlines {
            let overdue = if one.days_overdue > 0 {
                format!(", {} days overdue", number(one.days_overdue))
            } else {
                String::new()
            };
            let _ = writeln!(
                out,
                "{} by {}: {} in time, {} late, {} undated, {} by lapse, {} not due, {} in conflict, {} open{overdue}",
                one.deadline,
                one.by,
                number(one.in_time),
                number(one.late),
                number(one.undated),
                number(one.by_lapse),
                number(one.not_due),
                number(one.in_conflict),
                number(one.open)
            );
        }
        for file in &progress.steps_files {
            let _ = writeln!(
                out,
                "Steps: {} has {} lines = {} used + {} rejected",
                file.name, file.lines, file.used, file.rejected
            );
        }
        let _ = writeln!(
            out,
            "\nWritten to {}: index.csv, a list and a cover for each county, progress.csv, progress.json, manifest.json",
            self.folder.display()
        );
        out
    }
}

/// A county's line.
fn line(out: &mut String, name: &str, of: &super::CountyProgress, listed: u64) {
    let at = |deadline: &str| of.at(deadline);
    let order = at("order");
    let done = order.map_or(0, |one| one.in_time + one.late + one.undated);
    let filled = (done * BAR as u64).checked_div(of.convictions).unwrap_or(0) as usize;
    let _ = writeln!(
        out,
        "{name:<16}{:>9}{:>11}{:>10}{:>9}{:>9}{:>9}{:>8}{:>9}{:>8}  {}{}",
        number(listed),
        number(of.relieved),
        number(of.step("challenged")),
        number(of.step("not_challenged")),
        number(at("review").map_or(0, |one| one.by_lapse)),
        number(done),
        number(order.map_or(0, |one| one.late)),
        number(order.map_or(0, |one| one.open)),
        number(order.map_or(0, |one| one.days_overdue)),
        "#".repeat(filled.min(BAR)),
        ".".repeat(BAR - filled.min(BAR)),
    );
}
