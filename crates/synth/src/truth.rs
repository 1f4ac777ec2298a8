//! The truth beside the file: one line a count.

use std::fmt::Write as _;

use jiff::civil::Date;

use crate::calendar::push_number;
use crate::defect::Defect;
use crate::life::{Charge, Count, push_order};
use crate::population::Synthetic;

/// The columns of the truth.
///
/// - `person`: the number of the person in the population, from 0.
/// - `subject_id`: as in the file, even where the file leaves it out.
/// - `cnt_order`: of the count's first row; cycle, step and count are the first nine digits.
/// - `kind`: `conviction`, `dismissed`, `acquitted`, `diversion` (a court's); `arrest`; `registration`;
///   `supervision`; `deceased`.
/// - `section`: what the person was convicted of, in normal form; for other kinds the charge. Blank where there is
///   none. `HS 11359(b)`; a compound charge is joined by ` + `.
/// - `charged`: the section charged, likewise.
/// - `attempt`, `conspiracy`: `yes` or `no`, of what `section` says.
/// - `level`: `felony`, `misdemeanor`, `infraction`, at the conviction (or the charge); later relief leaves it.
/// - `cannabis`: `yes` if the section is one that Proposition 64 changed, under its number of the day.
/// - `county`: of the court or the agency.
/// - `case_number`: the court's; blank outside a court.
/// - `event_date`: the day of the step.
/// - `offence_date`: the day of the offence, which the file does not hold.
/// - `conviction_date`: the day of the judgment; blank unless a conviction.
/// - `birth_date`: the person's.
/// - `sentence_end`: the day on which the last part of the sentence ends, parts of one count running together, a
///   consecutive count after the one before it, a revoked probation at once; blank unless a conviction.
/// - `relief`: `provision@date`, joined by `;`, in order of time.
/// - `deceased`: `yes` or `no`, of the person.
/// - `registered_290`: `yes` if the person has a registration step under PC 290.
/// - `defects`: `kind:COLUMN`, joined by `;`: what was corrupted on this count or this person.
/// - `rejected`: `yes` if all rows of the count are unusable, `some` if only some are, `perhaps` if a strict reader
///   may refuse one, else `no`.
///
/// Dates are written `YYYY-MM-DD`. Nothing in it needs quotes.
pub const TRUTH_COLUMNS: &str = "person,subject_id,cnt_order,kind,section,charged,attempt,conspiracy,level,cannabis,\
county,case_number,event_date,offence_date,conviction_date,birth_date,sentence_end,relief,deceased,registered_290,\
defects,rejected";

/// Appends a person's lines.
///
/// `scattered`: whether the person's rows are torn apart in the file at hand.
pub(crate) fn push(to: &mut String, person: &Synthetic, scattered: bool) {
    let torn = scattered.then_some((Defect::Scattered, "SUBJECT_ID"));
    let mut number = String::new();
    // Writing to a String cannot fail.
    let _ = write!(number, "{},{},", person.number, person.identity.subject_id);
    for count in &person.counts {
        to.push_str(&number);
        push_order(to, count.number, 0);
        for cell in cells(count) {
            to.push(',');
            to.push_str(cell);
        }
        let dates = [
            Some(count.on),
            count.offence_date,
            count.conviction_date(),
            Some(person.identity.born),
            count.sentence_end,
        ];
        for date in dates {
            to.push(',');
            if let Some(date) = date {
                push_date(to, date);
            }
        }
        to.push(',');
        for (at, relief) in count.relief.iter().enumerate() {
            to.push_str(if at > 0 { ";" } else { "" });
            to.push_str(relief.by);
            to.push('@');
            push_date(to, relief.on);
        }
        for is in [person.died.is_some(), person.registered_290] {
            to.push(',');
            to.push_str(yes(is));
        }
        to.push(',');
        for (at, (kind, column)) in count.defects.iter().copied().chain(torn).enumerate() {
            to.push_str(if at > 0 { ";" } else { "" });
            to.push_str(kind.name());
            to.push(':');
            to.push_str(column);
        }
        to.push(',');
        to.push_str(count.rejected.word());
        to.push('\n');
    }
}

/// From `kind` to `case_number`.
fn cells(count: &Count) -> [&str; 9] {
    let section = |charge: Option<Charge>| charge.map_or("", |charge| charge.offence.section.as_str());
    [
        count.kind.word(),
        section(count.offence),
        section(count.charged),
        yes(count.offence.is_some_and(|charge| charge.attempt)),
        yes(count.offence.is_some_and(|charge| charge.conspiracy)),
        count.level.map_or("", |level| level.word()),
        yes(count.offence.is_some_and(|charge| charge.offence.cannabis)),
        count.county(),
        &count.case_number,
    ]
}

fn yes(is: bool) -> &'static str {
    if is { "yes" } else { "no" }
}

/// Faster than the date's own formatting, which is made for every need.
fn push_date(to: &mut String, date: Date) {
    push_number(to, date.year() as u32, 4);
    to.push('-');
    push_number(to, date.month() as u32, 2);
    to.push('-');
    push_number(to, date.day() as u32, 2);
}
