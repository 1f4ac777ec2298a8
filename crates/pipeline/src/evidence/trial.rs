//! A file of evidence read, accounted for, copied and read again, without a run around it: for tests that try hostile
//! ones.

use super::{COPY, Evidence};
use crate::error::RunError;
use vacatur_eligibility::{Engine, Taken};

/// What was read of a file of evidence. It holds numbers and the program's own words, and nothing of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trial {
    /// Lines after the header, without the blank ones.
    pub lines: u64,
    /// Lines that state something.
    pub read: u64,
    /// Lines whose value is blank.
    pub not_answered: u64,
    /// The lines that cannot be used: number, column and why.
    pub rejects: Vec<(u64, Option<usize>, String)>,
}

/// Reads the bytes of a file of evidence as a run does, takes every line that states something for used, writes the
/// copy of a run's folder, and reads that copy as `explain` does.
///
/// # Errors
/// What a run says of a file that is no such table; and [`RunError::Stopped`] if lines are unaccounted for, or the copy
/// does not say what the file says.
pub fn try_evidence(bytes: &[u8], engine: &Engine) -> Result<Trial, RunError> {
    let mut evidence = Evidence::default();
    evidence.file(COPY.to_owned(), bytes, engine, None)?;
    let used =
        |evidence: &Evidence| (0..evidence.lines.len() as u32).map(|at| (at, Ok(Taken::Filled))).collect();
    let account = evidence.account(used(&evidence))?;
    let stopped = |what: String| RunError::Stopped { what };
    let again = Evidence::of_run(&account.copy, &account.files, engine, 0).map_err(stopped)?;
    if again.lines.len() != evidence.lines.len() || again.account(used(&again))?.copy != account.copy {
        return Err(stopped("the copy of the evidence says something else than the file".into()));
    }
    let Some(file) = account.files.first() else {
        return Err(stopped("a file of evidence was read and is not there".into()));
    };
    let rejects = evidence.rejects.iter().map(|one| (one.line, one.column, one.reason.clone())).collect();
    Ok(Trial { lines: file.lines, read: file.used, not_answered: file.not_answered, rejects })
}
