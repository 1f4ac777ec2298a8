//! The three spreadsheets of the tool that all counties had: the extract's own columns, then eighteen more.

use crate::spreadsheet::{guard, may_begin, needs_guard};
use vacatur_eligibility::History;
use vacatur_ingest::rows::Row;
use vacatur_policy::OutcomeKind;
use vacatur_records::{Date, DateSpan};

/// The files' names.
pub(crate) const FILES: [&str; 3] = ["All_Results.csv", "All_Results_Condensed.csv", "Prop64_Results.csv"];

/// The columns of the condensed file.
pub(crate) const CONDENSED: [&str; 20] = [
    "CII_NUMBER",
    "PRI_NAME",
    "GENDER",
    "PRI_DOB",
    "RACE_DESCR",
    "CYC_DATE",
    "STP_EVENT_DATE",
    "STP_ORI_DESCR",
    "STP_ORI_CNTY_NAME",
    "DISP_DATE",
    "OFN",
    "OFFENSE_DESCR",
    "DISP_DESCR",
    "CONV_STAT_DESCR",
    "SENT_LOC_DESCR",
    "SENT_LENGTH",
    "SENT_TIME_CODE",
    "CYC_AGE",
    "COMMENT_TEXT",
    "END_OF_REC",
];

/// The columns that are added.
pub(crate) const ADDED: [&str; 18] = [
    "Case Number",
    "# of convictions on record",
    "Possible Other P64 Charges",
    "Occurred after 11/9/2016",
    "Superstrike Code Section(s)",
    "PC290 Code Section(s)",
    "PC290 Registration",
    "Date of Conviction",
    "Years Since This Conviction",
    "Years Since Any Conviction",
    "# of Prop 64 convictions",
    "# of HS 11357 convictions",
    "# of HS 11358 convictions",
    "# of HS 11359 convictions",
    "# of HS 11360 convictions",
    "Deceased",
    "Eligibility Determination",
    "Eligibility Reason",
];

/// The day in the heading of the fourth added column.
const AFTER: Date = vacatur_records::date(2016, 11, 9);

/// A header row: the extract's columns, then the added ones.
pub(crate) fn header<'a>(columns: impl Iterator<Item = &'a str>) -> Vec<u8> {
    let mut line = columns.chain(ADDED).collect::<Vec<_>>().join(",").into_bytes();
    line.push(b'\n');
    line
}

/// What a determination adds to the rows of its count.
pub(crate) struct Added<'t> {
    pub(crate) case_number: &'t str,
    pub(crate) date: DateSpan,
    pub(crate) outcome: OutcomeKind,
    pub(crate) reason: &'t str,
    pub(crate) as_of: Date,
}

/// The row as it came. A cell that a spreadsheet program would take for a formula gets its apostrophe; rows without such
/// a cell, which are nearly all, are copied at once.
pub(crate) fn raw_row(row: &Row<'_>, width: usize, out: &mut Vec<u8>) {
    let bytes = row.bytes();
    if !(0..width).any(|column| head(row.raw_cell(column)).first().is_some_and(|&byte| may_begin(byte))) {
        out.extend_from_slice(bytes);
        return;
    }
    // Cells are parts of the row, in order: what is between two of them is copied with the first.
    let mut copied = 0;
    for column in 0..width {
        let inner = inner(row.raw_cell(column));
        let place = (inner.as_ptr() as usize).wrapping_sub(bytes.as_ptr() as usize);
        if needs_guard(inner)
            && let Some(before) = bytes.get(copied..place)
        {
            out.extend_from_slice(before);
            out.push(b'\'');
            copied = place;
        }
    }
    out.extend_from_slice(bytes.get(copied..).unwrap_or_default());
}

/// One cell as it came, likewise.
pub(crate) fn raw_cell(cell: &[u8], out: &mut Vec<u8>) {
    let inner = inner(cell);
    if needs_guard(inner) {
        let quote = usize::from(cell.first() == Some(&b'"'));
        out.extend_from_slice(cell.get(..quote).unwrap_or_default());
        out.push(b'\'');
        out.extend_from_slice(cell.get(quote..).unwrap_or_default());
    } else {
        out.extend_from_slice(cell);
    }
}

/// The cell from behind its opening quote.
#[inline]
fn head(cell: &[u8]) -> &[u8] {
    match cell {
        [b'"', rest @ ..] => rest,
        cell => cell,
    }
}

/// The cell between its quotes.
fn inner(cell: &[u8]) -> &[u8] {
    match cell {
        [b'"', inner @ .., b'"'] => inner,
        cell => cell,
    }
}

/// The added cells of a row, each with a comma before it, and the line end.
pub(crate) fn cells(added: Option<(&Added<'_>, &History)>, only_in_comment: &[String], out: &mut Vec<u8>) {
    let comment = only_in_comment.join("; ");
    let mut cell = |text: &str| {
        out.push(b',');
        let text = &*guard(text);
        if text.contains(['"', ',', '\n', '\r']) {
            out.push(b'"');
            out.extend_from_slice(text.replace('"', "\"\"").as_bytes());
            out.push(b'"');
        } else {
            out.extend_from_slice(text.as_bytes());
        }
    };
    let Some((added, history)) = added else {
        for at in 0..ADDED.len() {
            cell(if at == 2 { &comment } else { "" });
        }
        out.push(b'\n');
        return;
    };
    let list = |items: &[String]| if items.is_empty() { "-".to_owned() } else { items.join(";") };
    let after = DateSpan::on(AFTER);
    cell(added.case_number);
    cell(&history.convictions.to_string());
    cell(&comment);
    cell(match added.date.after(after) {
        vacatur_records::Truth::Yes => "Y",
        vacatur_records::Truth::No => "N",
        vacatur_records::Truth::Unknown => "unknown",
    });
    cell(&list(&history.super_strikes));
    cell(&list(&history.registrable));
    cell(if history.registered_290.is_yes() { "Yes" } else { "-" });
    cell(&match added.date.known() {
        Some(day) => format!("{:02}/{:02}/{:04}", day.month(), day.day(), day.year()),
        None => "unknown".into(),
    });
    cell(&years(Some(added.date), added.as_of));
    let latest = if history.undated { None } else { history.latest };
    cell(&years(latest, added.as_of));
    cell(&history.cannabis.to_string());
    for number in history.by_section {
        cell(&number.to_string());
    }
    cell(match history.deceased.word() {
        "yes" => "Deceased",
        "no" => "-",
        _ => "unknown",
    });
    cell(match added.outcome {
        OutcomeKind::Dismiss => "Eligible for Dismissal",
        OutcomeKind::Reduce => "Eligible for Reduction",
        OutcomeKind::Grant => "Eligible for other relief",
        OutcomeKind::NotEligible => "Not eligible",
        OutcomeKind::NotYet => "Not yet eligible",
        OutcomeKind::Refer => "To be reviewed by City Attorneys",
        OutcomeKind::AlreadyRelieved => "Already relieved",
        OutcomeKind::Review => "Hand Review",
    });
    cell(added.reason);
    out.push(b'\n');
}

/// Years with one decimal, of 365.25 days, as the spreadsheets have them.
fn years(date: Option<DateSpan>, as_of: Date) -> String {
    let Some(day) = date.and_then(DateSpan::known) else { return "unknown".into() };
    let days = as_of.since(day).map_or(0, |span| span.get_days());
    // Tenths of a year, rounded: days ÷ 36.525.
    let tenths = (i64::from(days) * 1000 + 18_262 * i64::from(days.signum())) / 36_525;
    format!("{}{}.{}", if tenths < 0 { "-" } else { "" }, tenths.abs() / 10, tenths.abs() % 10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use vacatur_records::date;

    #[test]
    fn years_have_one_decimal() {
        let shown = |y, m, d| years(Some(DateSpan::on(date(y, m, d))), date(2020, 7, 1));
        assert_eq!(shown(2010, 7, 1), "10.0");
        assert_eq!(shown(2010, 1, 1), "10.5");
        assert_eq!(shown(2020, 7, 1), "0.0");
        assert_eq!(years(None, date(2020, 7, 1)), "unknown");
    }
}
