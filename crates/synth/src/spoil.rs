//! Defects that befall one row: from blanks after a word to a line that nobody can read.

use crate::columns::*;
use crate::defect::{Defect, Scope};
use crate::life::{Count, Rejected};
use crate::profile::Profile;
use crate::random::Dice;
use crate::row::Row;

/// Columns in which a placeholder may stand when they are empty.
const MAY_BE_EMPTY: [usize; 9] = [
    OFN,
    OFFENSE_QUAL_LST,
    DISP_DESCR,
    CONV_STAT_DESCR,
    SENT_LENGTH,
    COMMENT_TEXT,
    REQ_NAME,
    CYC_AGE,
    PRI_SSN,
];

/// Spoils rows, notes in the counts what was done, and says of each count whether its rows can be used.
pub(crate) fn spoil(profile: &Profile, counts: &mut [Count], rows: Vec<Row>, dice: &mut Dice) -> Vec<Row> {
    let kinds: Vec<Defect> = Defect::ALL
        .iter()
        .copied()
        .filter(|kind| kind.scope() == Scope::Row && profile.rate(*kind) > 0)
        .collect();
    if kinds.is_empty() {
        return rows;
    }
    let mut tally = vec![Tally::default(); counts.len()];
    let mut spoilt = Vec::with_capacity(rows.len() + 1);
    let mut behind_open_quote = false;
    let last = rows.len().saturating_sub(1);
    for (at, mut row) in rows.into_iter().enumerate() {
        let count = &mut counts[row.count];
        let mut usable = true;
        let mut doubtful = behind_open_quote;
        let mut twice = false;
        behind_open_quote = false;
        for kind in &kinds {
            if !dice.ppm(profile.rate(*kind)) {
                continue;
            }
            let column = match kind {
                Defect::Duplicate => {
                    twice = true;
                    "CNT_ORDER"
                }
                // The row that it may swallow must be the same person's, and there is one quirk of quotes a row.
                Defect::UnclosedQuote if at == last || row.quirks.stray_quote.is_some() => continue,
                _ => match befall(*kind, &mut row, dice) {
                    Some(column) => columns()[column],
                    None => continue,
                },
            };
            usable &= !unusable(*kind);
            doubtful |= matches!(kind, Defect::StrayQuote | Defect::NulByte);
            behind_open_quote |= *kind == Defect::UnclosedQuote;
            count.defects.push((*kind, column));
        }
        let tally = &mut tally[row.count];
        tally.rows += 1;
        tally.unusable += u32::from(!usable);
        tally.doubtful |= doubtful;
        let again = twice.then(|| row.clone());
        // A repeat goes before a row with an open quote, so that what follows that row stays the next one.
        if let Some(mut again) = again {
            again.quirks.unclosed = None;
            again.quirks.junk_before = None;
            spoilt.push(again);
        }
        spoilt.push(row);
    }
    for (count, tally) in counts.iter_mut().zip(tally) {
        count.rejected = match tally {
            Tally { unusable: 0, doubtful: false, .. } => Rejected::No,
            Tally { unusable: 0, .. } => Rejected::Perhaps,
            Tally { unusable, rows, .. } if unusable == rows => Rejected::Yes,
            _ => Rejected::Some,
        };
    }
    spoilt
}

#[derive(Clone, Copy, Default)]
struct Tally {
    rows: u32,
    unusable: u32,
    doubtful: bool,
}

/// Whether no reader can use a row with this defect.
fn unusable(kind: Defect) -> bool {
    use Defect::*;
    matches!(kind, SubjectBlank | OrderShort | OrderGarbled | ColumnsMissing | ColumnsExtra | UnclosedQuote)
}

impl Row {
    /// Whether no reader can use the row.
    #[must_use]
    pub fn is_unusable(&self) -> bool {
        let order = self.field(CNT_ORDER);
        self.quirks.columns != 0
            || self.quirks.unclosed.is_some()
            || self.field(SUBJECT_ID).is_empty()
            || order.len() != 12
            || !order.bytes().all(|byte| byte.is_ascii_digit())
    }
}

/// Does it to the row and names the column; nothing if the row gives no occasion.
fn befall(kind: Defect, row: &mut Row, dice: &mut Dice) -> Option<usize> {
    let append = |row: &mut Row, column: usize, more: &str| {
        row.change(column, |text| format!("{text}{more}"));
        Some(column)
    };
    match kind {
        Defect::CountyBlanks => append(row, STP_ORI_CNTY_NAME, dice.pick(&[" ", "  ", "      "])),
        Defect::LowerCase => {
            for column in
                [OFFENSE_DESCR, DISP_DESCR, STP_TYPE_DESCR, STP_ORI_CNTY_NAME, CONV_STAT_DESCR, COMMENT_TEXT]
            {
                row.change(column, str::to_lowercase);
            }
            Some(OFFENSE_DESCR)
        }
        Defect::Placeholder => {
            let start = dice.below(MAY_BE_EMPTY.len() as u32) as usize;
            let turned = MAY_BE_EMPTY[start..].iter().chain(&MAY_BE_EMPTY[..start]).copied();
            let column = turned.into_iter().find(|column| row.field(*column).is_empty())?;
            row.set(column, dice.pick(&["NULL  ", "  -  ", "NULL"]));
            Some(column)
        }
        Defect::SubjectBlank => {
            row.clear(SUBJECT_ID);
            Some(SUBJECT_ID)
        }
        Defect::OrderShort => {
            let length = dice.below(12) as usize;
            row.change(CNT_ORDER, |text| text.chars().take(length).collect());
            Some(CNT_ORDER)
        }
        Defect::OrderGarbled => {
            let (at, with) = (dice.below(12) as usize, dice.pick(&['O', 'X', '-', ' ', '.']));
            let garble = |(index, digit)| if index == at { with } else { digit };
            row.change(CNT_ORDER, |text| text.chars().enumerate().map(garble).collect());
            Some(CNT_ORDER)
        }
        Defect::ColumnsMissing => {
            row.quirks.columns = -(dice.between(1, 40) as i8);
            Some(END_OF_REC)
        }
        Defect::ColumnsExtra => {
            row.quirks.columns = dice.between(1, 5) as i8;
            Some(END_OF_REC)
        }
        Defect::StrayQuote => {
            if row.field(OFFENSE_DESCR).len() < 4 {
                return None;
            }
            row.quirks.stray_quote = Some(OFFENSE_DESCR as u8);
            Some(OFFENSE_DESCR)
        }
        Defect::UnclosedQuote => {
            row.quirks.unclosed = Some(OFFENSE_DESCR as u8);
            Some(OFFENSE_DESCR)
        }
        Defect::LineBreak => {
            append(row, COMMENT_TEXT, dice.pick(&["\nCONTINUED", "\r\nSEE NEXT LINE", "\n\n"]))
        }
        Defect::NulByte => append(row, REQ_NAME, dice.pick(&["\0", "ANVIL\0,OB", "\0\0\0"])),
        Defect::ControlCharacter => append(row, REQ_NAME, dice.pick(&["\t", "\u{1b}[31m", "\u{7}", "\u{b}"])),
        Defect::Formula => {
            let formula = dice.pick(&[
                "=cmd|' /C calc'!A0",
                "=1+1",
                "+SUM(1,1)",
                "@SUM(1)",
                "-2+3",
                "=HYPERLINK(\"x\")",
            ]);
            row.set(REQ_NAME, formula);
            Some(REQ_NAME)
        }
        Defect::LongField => {
            let times = dice.between(2_000, 12_000) as usize;
            append(row, COMMENT_TEXT, &" AND SO ON".repeat(times))
        }
        Defect::LineEnd => {
            row.quirks.line_end = true;
            Some(END_OF_REC)
        }
        Defect::JunkLine => {
            row.quirks.junk_before = Some(dice.below(4) as u8);
            Some(RECORD_ID)
        }
        _ => None,
    }
}
