//! The truth beside a court's file: one line a charge.

use super::CourtTotals;
use super::docket::Case;
use super::line::{Written, tally};
use crate::life::push_order;

/// The columns of the truth of a court's file.
///
/// - `line`: the line of the file, or the row of the sheet, from 1; several charges may share one. Blank if the format has
///   no room for the charge: `da-tracking` tells of no other charges where a case has convictions.
/// - `case_number`: as written there. `case_clean`: the true number, letters and digits only, without the defendant's.
/// - `court`: the court's code in the file.
/// - `defendant`: which one of the case, from 1.
/// - `person`: the number of the person in the population, from 0; `C` and a number for people whom only the court knows.
/// - `subject_id`: the state's number of the person; blank if nothing of the person is in the state's file.
/// - `cnt_order`: the count in the truth of the state's file; blank if the state's file never was to have it. Where
///   `in_state` is not `yes`, the state's file has no row of it all the same.
/// - `in_state`: `yes`: the state's file has rows of it, whatever else is wrong with them; `case_missing`: the person is in
///   that file, the case is not; `person_unknown`: nothing of the person is.
/// - `count`: the number of the count in the case.
/// - `section`, `attempt`, `conspiracy`, `level`, `cannabis`: as in the truth of the state's file: what is true, whatever is
///   written.
/// - `conviction_date`: the day of the judgment; blank unless `disposition` is `conviction`.
/// - `disposition`: `conviction`, `dismissed`, `dismissed_1385`, `acquitted`, `diversion`: what the court decided. With the
///   defect `disposition_conflict` the state was told of a conviction.
/// - `relief`: `provision@date`, joined by `;`: what the court granted and the file could tell of. Reliefs for which a format
///   has no word are in it all the same.
/// - `birth_date`, `sex`, `race`: the person's, as the state has them where no defect of its own befell them.
/// - `origin`: of the name, `hispanic`, `european` or `east_asian`: the list that it was drawn from, which is for error by
///   group and says nothing of the person; blank where the population's profile has no `[names]`.
/// - `defects`: kinds joined by `;`, those of the case and of the defendant repeated on each of their charges.
///
/// Dates are written `YYYY-MM-DD`. Nothing in it needs quotes. A state's case that is in no line is not in the court's file.
pub const COURT_TRUTH_COLUMNS: &str = "line,case_number,case_clean,court,defendant,person,subject_id,cnt_order,in_state,count,\
section,attempt,conspiracy,level,cannabis,conviction_date,disposition,relief,birth_date,sex,race,origin,defects";

/// Appends a case's lines. `places` has a line or row for each charge.
pub(crate) fn push(
    to: &mut String,
    case: &Case,
    written: &Written,
    places: &[Option<u64>],
    totals: &mut CourtTotals,
) {
    use std::fmt::Write as _;
    let yes = |is: bool| if is { "yes" } else { "no" };
    let mut places = places.iter();
    totals.cases += 1;
    for (at, (who, own)) in case.defendants.iter().zip(&written.defendants).enumerate() {
        totals.defendants += 1;
        let number = written.number_of(at);
        let unknown = who.in_state == super::docket::InState::PersonUnknown;
        for (count, charge) in who.counts.iter().zip(&own.charges) {
            totals.charges += 1;
            if charge.outcome.is_conviction() {
                tally(totals, who.in_state);
            }
            let line = places.next().copied().flatten().map_or(String::new(), |line| line.to_string());
            let mut order = String::new();
            if who.in_truth {
                push_order(&mut order, count.number, 0);
            }
            let offence = count.offence;
            let date = if charge.outcome.is_conviction() { count.on.to_string() } else { String::new() };
            let mut relief = String::new();
            for one in &charge.relief {
                // Writing to a String cannot fail.
                let _ = write!(relief, "{}{}@{}", if relief.is_empty() { "" } else { ";" }, one.by, one.on);
            }
            let defects: Vec<&str> = charge.defects.iter().map(|kind| kind.name()).collect();
            let cells: [&str; 23] = [
                &line,
                &number,
                &written.clean,
                &written.court.code,
                &(at + 1).to_string(),
                &who.person,
                if unknown { "" } else { &who.identity.subject_id },
                &order,
                who.in_state.word(),
                &count.number[2].to_string(),
                offence.map_or("", |charge| charge.offence.section.as_str()),
                yes(offence.is_some_and(|charge| charge.attempt)),
                yes(offence.is_some_and(|charge| charge.conspiracy)),
                count.level.map_or("", |level| level.word()),
                yes(offence.is_some_and(|charge| charge.offence.cannabis)),
                &date,
                charge.outcome.word(),
                &relief,
                &who.identity.born.to_string(),
                &who.identity.sex.to_string(),
                who.identity.race,
                who.identity.origin,
                &defects.join(";"),
            ];
            to.push_str(&cells.join(","));
            to.push('\n');
        }
    }
}
