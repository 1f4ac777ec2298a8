//! The account of every link: which pairs were weighed, and how the weight of each came about.

use crate::court_file::CourtFile;
use crate::error::ReconcileError;
use crate::linking::Linked;
use crate::people::BY_CASE;
use crate::who::{Candidate, SHOWN, Who};
use serde::Serialize;
use vacatur_linkage::Waterfall;
use vacatur_pipeline::Folder;

/// The file: one line of JSON for each defendant who is linked or in doubt.
pub const LINKS: &str = "links.jsonl";

/// A defendant and those who it may be.
#[derive(Serialize)]
struct Link<'l> {
    file: &'l str,
    line: u64,
    case_number: &'l str,
    defendant: &'l str,
    decision: &'static str,
    candidates: Vec<Weighed<'l>>,
}

#[derive(Serialize)]
struct Weighed<'l> {
    subject_id: &'l str,
    /// The blocking rule that found the pair, or `case number`.
    found_by: &'l str,
    #[serde(flatten)]
    waterfall: Waterfall,
}

pub(crate) fn write(
    folder: &mut Folder<'_>,
    linked: &Linked,
    everybody: &[Who],
    file: &CourtFile,
    subjects: &[String],
) -> Result<(), ReconcileError> {
    let scorer = linked.scorer()?;
    let mut out = folder.file(LINKS)?;
    let mut line = Vec::new();
    for (number, (who, case)) in everybody.iter().zip(&file.cases).enumerate() {
        let (decision, candidates): (_, &[Candidate]) = match who {
            Who::Linked(one) => ("linked", std::slice::from_ref(one)),
            Who::Doubt(several) => ("in doubt", several.get(..SHOWN).unwrap_or(several)),
            _ => continue,
        };
        let weighed = candidates.iter().map(|candidate| Weighed {
            subject_id: subjects.get(candidate.state as usize).map_or("", String::as_str),
            found_by: match candidate.rule {
                BY_CASE => "case number",
                rule => linked.model.rules.get(rule as usize).map_or("", |rule| rule.name.as_str()),
            },
            waterfall: scorer.waterfall(candidate.state, number as u32),
        });
        let link = Link {
            file: file.names.get(case.file as usize).map_or("", String::as_str),
            line: case.line,
            case_number: &case.number,
            defendant: &case.party.defendant,
            decision,
            candidates: weighed.collect(),
        };
        line.clear();
        serde_json::to_writer(&mut line, &link)
            .map_err(|error| ReconcileError::Linkage(error.to_string()))?;
        line.push(b'\n');
        out.put(&line)?;
    }
    folder.close(out)?;
    Ok(())
}
