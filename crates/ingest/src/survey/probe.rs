//! A look at the beginning of a source, for what makes the whole of it unusable.

use crate::cell::{LooseCells, without_return};
use crate::header::{self, HeaderCheck};
use crate::recover::Verdict;
use crate::reject::RejectReason;
use crate::source::Source;

use super::{Plan, SurveyError};

/// How much is looked at.
const BEGINNING: usize = 1 << 20;

/// Fails if the source is of another layout; otherwise says whether its first row is a header.
pub(super) fn probe(source: &Source, plan: &Plan<'_>) -> Result<bool, SurveyError> {
    let wanted = usize::try_from(source.len()).unwrap_or(usize::MAX).min(BEGINNING);
    let mut beginning = vec![0; wanted];
    source.read_at(0, &mut beginning).map_err(|error| SurveyError::reading(source, error))?;
    let to_end = wanted as u64 == source.len();

    let mut header = false;
    let mut first = true;
    let mut line = 0_u64;
    let mut found = None;
    let mut rest = beginning.as_slice();
    while !rest.is_empty() {
        line += 1;
        let newline = memchr::memchr(b'\n', rest);
        if newline.is_none() && !to_end {
            break;
        }
        let physical = without_return(&rest[..newline.unwrap_or(rest.len())]);
        let mut next = newline.map_or(rest.len(), |at| at + 1);
        let verdict = plan.form.judge(rest, to_end);
        if first && verdict != Verdict::Blank {
            first = false;
            // A header, whatever its number of columns.
            match header::check(LooseCells::new(physical, plan.form.separator), plan.layout) {
                // A good row is its own proof; its first line alone may hold anything.
                HeaderCheck::Data if matches!(verdict, Verdict::Row { .. }) => {}
                HeaderCheck::Data => check_delimiter(source, plan, physical)?,
                HeaderCheck::Header => {
                    header = true;
                    rest = &rest[next..];
                    continue;
                }
                HeaderCheck::Mismatch(mismatches) => {
                    let total = mismatches.len();
                    let few = mismatches.into_iter().take(5).collect();
                    return Err(SurveyError::Header {
                        name: source.name().to_owned(),
                        line,
                        first: few,
                        total,
                    });
                }
            }
        }
        match verdict {
            Verdict::Blank => {}
            Verdict::Row { .. } | Verdict::More => return Ok(header),
            Verdict::Reject { reason, .. } => {
                next = newline.map_or(rest.len(), |at| at + 1);
                match reason {
                    RejectReason::TooFewColumns { found: columns, .. }
                    | RejectReason::TooManyColumns { found: columns, .. }
                        if found.is_none_or(|earlier| earlier == columns) =>
                    {
                        found = Some(columns);
                    }
                    // Not the same trouble on every line: then each line is judged by itself.
                    _ => return Ok(header),
                }
            }
        }
        rest = &rest[next..];
    }
    match found {
        // Under the right header, rows of the wrong length are bad rows and not another layout.
        Some(found) if !header => {
            Err(SurveyError::Columns { name: source.name().to_owned(), found, expected: plan.form.columns })
        }
        _ => Ok(header),
    }
}

/// Whether another character than the layout's cuts the line into about as many pieces as there are columns.
fn check_delimiter(source: &Source, plan: &Plan<'_>, line: &[u8]) -> Result<(), SurveyError> {
    let separators = plan.form.columns - 1;
    let count = |byte| memchr::memchr_iter(byte, line).count();
    if count(plan.form.separator) * 10 >= separators * 9 {
        return Ok(());
    }
    for byte in [b'\t', b';', b'|', b','] {
        // A few columns more or less, as in another version of the layout, are still columns.
        let pieces = count(byte);
        if byte != plan.form.separator && pieces * 10 >= separators * 9 && pieces * 10 <= separators * 11 + 9
        {
            return Err(SurveyError::Delimiter {
                name: source.name().to_owned(),
                found: delimiter_name(byte),
                expected: delimiter_name(plan.form.separator),
            });
        }
    }
    Ok(())
}

fn delimiter_name(byte: u8) -> &'static str {
    match byte {
        b',' => "commas",
        b'\t' => "tabs",
        b';' => "semicolons",
        b'|' => "vertical bars",
        _ => "another character",
    }
}
