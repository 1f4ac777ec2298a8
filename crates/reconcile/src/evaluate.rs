//! A linked folder against the truth of a synthetic county: what was found, what was missed, and of whom.

use crate::error::ReconcileError;
use crate::standing::Status;
use rustc_hash::FxHashMap;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use vacatur_linkage::interval::Share;

/// How well a group's missing convictions were found, and its defendants linked. All counts are convictions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Score {
    /// Convictions of the court's file, in truth.
    pub convictions: u64,
    /// Missing from the state's file, in truth.
    pub missing: u64,
    /// Of those, found: said to be missing.
    pub found: u64,
    /// Said to be missing though the state's file has them.
    pub wrongly: u64,
    /// Left open.
    pub cannot_tell: u64,
    /// Of those, missing in truth.
    pub missing_cannot_tell: u64,
    /// Not read as convictions at all.
    pub not_read: u64,
    /// Whose defendant is in the state's file, in truth.
    pub known: u64,
    /// Linked to the right person.
    pub linked_right: u64,
    /// Linked to another person.
    pub linked_wrong: u64,
    /// Said to be of a person unknown to the state, and so in truth.
    pub unknown_right: u64,
}

impl Score {
    /// The share of those said to be missing that are, with the bounds of its 95 % interval.
    #[must_use]
    pub fn precision(&self) -> Option<(f64, f64, f64)> {
        share(self.found, self.found + self.wrongly)
    }

    /// The share of the missing that were found.
    #[must_use]
    pub fn recall(&self) -> Option<(f64, f64, f64)> {
        share(self.found, self.missing)
    }

    /// The share of the links that are right.
    #[must_use]
    pub fn link_precision(&self) -> Option<(f64, f64, f64)> {
        share(self.linked_right, self.linked_right + self.linked_wrong)
    }

    /// The share of the defendants in the state's file who were linked to themselves.
    #[must_use]
    pub fn link_recall(&self) -> Option<(f64, f64, f64)> {
        share(self.linked_right, self.known)
    }
}

fn share(part: u64, whole: u64) -> Option<(f64, f64, f64)> {
    let share = Share::new(part, whole);
    let (low, high) = share.wilson();
    share.value().map(|value| (value, low, high))
}

/// Scores by group: `all`, `sex F`, `race H`, `origin hispanic`, `section HS 11359`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Evaluation {
    /// By the group's name.
    pub groups: BTreeMap<String, Score>,
}

/// Compares a folder with the truth beside the court's file.
///
/// # Errors
/// Files that are not there or of other columns.
pub fn evaluate(folder: &Path, truth: &Path) -> Result<Evaluation, ReconcileError> {
    let said = folder.join("court-convictions.csv");
    let mut found: FxHashMap<(String, String), Vec<[String; 3]>> = FxHashMap::default();
    each(
        &said,
        ["line", "count", "section", "status", "link", "subject_id"],
        |[line, count, section, status, _, subject]| {
            found.entry((line.to_owned(), count.to_owned())).or_default().push([
                section.to_owned(),
                status.to_owned(),
                subject.to_owned(),
            ]);
        },
    )?;
    let mut evaluation = Evaluation::default();
    let columns = [
        "line",
        "count",
        "disposition",
        "in_state",
        "subject_id",
        "section",
        "sex",
        "race",
        "origin",
        "cannabis",
    ];
    each(
        truth,
        columns,
        |[line, count, disposition, in_state, subject, section, sex, race, origin, cannabis]| {
            if disposition != "conviction" || line.is_empty() {
                return;
            }
            let own = found.get_mut(&(line.to_owned(), count.to_owned()));
            let answer = own.and_then(|answers| {
                let at = answers.iter().position(|one| one[0] == section).unwrap_or(0);
                (!answers.is_empty()).then(|| answers.swap_remove(at))
            });
            let or_none = |text: &str| if text.is_empty() { "not given".to_owned() } else { text.to_owned() };
            let groups = [
                "all".to_owned(),
                format!("sex {}", or_none(sex)),
                format!("race {}", or_none(race)),
                format!("name {}", or_none(origin)),
                format!("cannabis {cannabis}"),
                format!("truth {in_state}"),
            ];
            for group in groups {
                let score = evaluation.groups.entry(group).or_default();
                let missing = in_state != "yes";
                score.convictions += 1;
                score.missing += u64::from(missing);
                score.known += u64::from(!subject.is_empty());
                let Some([_, status, linked]) = &answer else {
                    score.not_read += 1;
                    continue;
                };
                let says_missing =
                    status == Status::CaseMissing.word() || status == Status::PersonUnknown.word();
                score.found += u64::from(says_missing && missing);
                score.wrongly += u64::from(says_missing && !missing);
                score.cannot_tell += u64::from(status == Status::CannotTell.word());
                score.missing_cannot_tell += u64::from(missing && status == Status::CannotTell.word());
                score.linked_right += u64::from(!linked.is_empty() && linked == subject);
                score.linked_wrong += u64::from(!linked.is_empty() && linked != subject);
                score.unknown_right +=
                    u64::from(status == Status::PersonUnknown.word() && in_state == "person_unknown");
            }
        },
    )?;
    Ok(evaluation)
}

impl Evaluation {
    /// A table for a screen.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!(
            "{:<22} {:>8} {:>8} {:>22} {:>22} {:>7} {:>9} {:>9}\n",
            "convictions of",
            "all",
            "missing",
            "precision (95 %)",
            "recall (95 %)",
            "open",
            "link P",
            "link R"
        );
        let shown = |share: Option<(f64, f64, f64)>| {
            share.map_or_else(|| "-".to_owned(), |(p, low, high)| format!("{p:.4} ({low:.3}-{high:.3})"))
        };
        let short = |share: Option<(f64, f64, f64)>| {
            share.map_or_else(|| "-".to_owned(), |(p, ..)| format!("{p:.4}"))
        };
        let mut line = |name: &str, score: &Score| {
            let _ = writeln!(
                text,
                "{name:<22} {:>8} {:>8} {:>22} {:>22} {:>7} {:>9} {:>9}",
                score.convictions,
                score.missing,
                shown(score.precision()),
                shown(score.recall()),
                score.cannot_tell,
                short(score.link_precision()),
                short(score.link_recall()),
            );
        };
        for (name, score) in &self.groups {
            line(name, score);
        }
        if let Some(all) = self.groups.get("all").filter(|all| all.not_read > 0) {
            let _ =
                writeln!(text, "{} convictions were not read as such; they count as missed.", all.not_read);
        }
        text
    }
}

/// Goes over a table with a header, by the names of columns.
fn each<const N: usize>(
    path: &Path,
    columns: [&str; N],
    mut take: impl FnMut([&str; N]),
) -> Result<(), ReconcileError> {
    let failed = |what: String| ReconcileError::Answers { file: path.display().to_string(), what };
    let mut reader = csv::Reader::from_path(path).map_err(|error| failed(error.to_string()))?;
    let header = reader.headers().map_err(|error| failed(error.to_string()))?.clone();
    let mut at = [0usize; N];
    for (slot, name) in at.iter_mut().zip(columns) {
        *slot = header
            .iter()
            .position(|column| column == name)
            .ok_or_else(|| failed(format!("it has no column `{name}`")))?;
    }
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(|error| failed(error.to_string()))? {
        take(at.map(|at| record.get(at).unwrap_or_default()));
    }
    Ok(())
}
