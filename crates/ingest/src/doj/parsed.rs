//! One row of the extract, with its cells read.

use super::words::{Remembered, Unit, Words};
use super::{Cells, Columns};
use std::cmp::Ordering;
use vacatur_records::{
    Concurrency, CountOrder, Date, DateSpan, DispositionKind, Gap, Length, Level, OrderError, Row, RowIx,
    Sentence, StepKind, Text,
};

/// What a cell that should hold a level holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LevelCell {
    Blank,
    Unreadable,
    Level(Level),
}

/// A row with its cells read.
pub(super) struct Parsed<'a> {
    /// Its number among the rows given.
    pub(super) at: usize,
    pub(super) place: Row,
    pub(super) bytes: &'a [u8],
    /// `None` for a row that belongs to no count: a registration, a death.
    pub(super) order: Option<CountOrder>,
    pub(super) disposition_order: u32,
    pub(super) sentence_order: u32,
    pub(super) step: StepKind,
    pub(super) date: Dated,
    pub(super) disposition_date: Dated,
    pub(super) birth: Dated,
    pub(super) county: Text<'a>,
    pub(super) agency: Text<'a>,
    pub(super) agency_code: Text<'a>,
    pub(super) case_number: Text<'a>,
    pub(super) charged: Text<'a>,
    pub(super) convicted_of: Text<'a>,
    pub(super) comment: Text<'a>,
    pub(super) charge_level: LevelCell,
    pub(super) level: LevelCell,
    pub(super) disposition: DispositionKind,
    pub(super) by: &'a str,
    pub(super) disposition_text: Text<'a>,
    pub(super) sentence: Option<Sentence>,
}

/// A date and why it is not wholly known.
type Dated = (DateSpan, Option<Gap>);

/// The cells of the row before and what they were read as: most cells of a person's rows repeat those above.
#[derive(Default)]
pub(super) struct Before<'a> {
    step: Same<'a, StepKind>,
    disposition: Same<'a, (DispositionKind, &'a str)>,
    date: Same<'a, Dated>,
    disposition_date: Same<'a, Dated>,
    birth: Same<'a, Dated>,
}

/// A cell and what it was read as.
struct Same<'a, T>(Option<(Text<'a>, T)>);

impl<T> Default for Same<'_, T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<'a, T: Copy> Same<'a, T> {
    #[inline]
    fn read(&mut self, cell: Text<'a>, read: impl FnOnce(&[u8]) -> T) -> T {
        match &self.0 {
            Some((before, found)) if *before == cell => *found,
            _ => {
                let found = read(cell.bytes());
                self.0 = Some((cell, found));
                found
            }
        }
    }
}

impl<'a> Parsed<'a> {
    pub(super) fn read(
        (at, cells): (usize, &impl Cells<'a>),
        columns: &Columns,
        words: &'a Words,
        memory: &Remembered,
        before: &mut Before<'a>,
    ) -> Result<Self, OrderError> {
        let cell = |column: usize| cells.cell(column);
        let step = before.step.read(cell(columns.step_type), |cell| words.step(memory, cell));
        let disposition_text = cell(columns.disposition);
        let (disposition, by) =
            before.disposition.read(disposition_text.clone(), |cell| words.disposition(memory, cell));
        let convicts_nobody = matches!(
            disposition,
            DispositionKind::Blank | DispositionKind::NotConvicted | DispositionKind::Pending
        );
        let order_cell = cell(columns.count_order);
        let order = match CountOrder::parse(order_cell.bytes()) {
            Ok(order) => Some(order),
            // A registration or a death concerns the person: it needs no count, unless it also convicts.
            Err(OrderError::Blank)
                if convicts_nobody
                    && matches!(
                        step,
                        StepKind::Registration | StepKind::Deceased | StepKind::Possible | StepKind::Other
                    ) =>
            {
                None
            }
            Err(error) => return Err(error),
        };
        let comment = cell(columns.comment);
        let sentence = sentence(cells, columns, words, memory, &comment);
        let convicted_of = cell(columns.conviction_offence);
        // The level that goes with the offence: of the conviction offence where the record gives one.
        let toc = if convicted_of.is_blank() { columns.charge_toc } else { columns.conviction_toc };
        let mut level_cell = cell(columns.level);
        if level_cell.is_blank() {
            level_cell = cell(columns.level_code);
        }
        Ok(Self {
            at,
            place: cells.place(),
            bytes: cells.bytes(),
            order,
            disposition_order: number(cell(columns.disposition_order).bytes()),
            sentence_order: number(cell(columns.sentence_order).bytes()),
            step,
            date: before.date.read(cell(columns.event_date), date),
            disposition_date: before.disposition_date.read(cell(columns.disposition_date), date),
            birth: before.birth.read(cell(columns.birth_date), date),
            county: cell(columns.county),
            agency: cell(columns.agency),
            agency_code: cell(columns.agency_code),
            case_number: cell(columns.case_number),
            charged: cell(columns.charge),
            convicted_of,
            comment,
            charge_level: level(words, cell(toc).bytes()),
            level: level(words, level_cell.bytes()),
            disposition,
            by,
            disposition_text,
            sentence,
        })
    }

    /// The order of rows within a person: by the record's own numbers, then by what the row says, never by place.
    pub(super) fn sorts_before(&self, other: &Self) -> Ordering {
        self.numbers_against(other)
            .then_with(|| {
                if self.bytes == other.bytes { Ordering::Equal } else { self.says().cmp(&other.says()) }
            })
            .then_with(|| self.place.cmp(&other.place))
    }

    /// Whether two rows are the same row: byte for byte, or but for quotes and encoding.
    pub(super) fn repeats(&self, other: &Self) -> bool {
        self.numbers_against(other) == Ordering::Equal
            && (self.bytes == other.bytes || self.says() == other.says())
    }

    fn numbers_against(&self, other: &Self) -> Ordering {
        let key = |row: &Self| {
            (
                row.order.is_none(),
                row.order,
                row.disposition_order,
                row.sentence_order,
                row.date.0.earliest(),
                row.date.0.latest(),
            )
        };
        key(self).cmp(&key(other))
    }

    /// The row's text without quotes, whatever its encoding. Asked for only where the numbers of two rows are the same.
    fn says(&self) -> String {
        let text = Text::of(self.bytes);
        let text = text.as_str();
        text.chars().filter(|c| *c != '"').collect()
    }
}

fn level(words: &Words, cell: &[u8]) -> LevelCell {
    if cell.is_empty() {
        return LevelCell::Blank;
    }
    words.level(cell).map_or(LevelCell::Unreadable, LevelCell::Level)
}

/// A small number; 0 for anything else, which only loosens the order of rows.
fn number(cell: &[u8]) -> u32 {
    if cell.len() > 9 {
        return 0;
    }
    cell.iter()
        .try_fold(0u32, |number, byte| byte.is_ascii_digit().then(|| number * 10 + u32::from(byte - b'0')))
        .unwrap_or(0)
}

fn sentence<'a>(
    cells: &impl Cells<'a>,
    columns: &Columns,
    words: &Words,
    memory: &Remembered,
    comment: &Text<'a>,
) -> Option<Sentence> {
    let (length, place) = (cells.cell(columns.sentence_length), cells.cell(columns.sentence_location));
    if length.is_blank() && place.is_blank() {
        return None;
    }
    let kind = words.sentence(memory, place.bytes());
    let mut unit = words.unit(memory, cells.cell(columns.sentence_unit_code).bytes());
    if unit.is_none() {
        unit = words.unit(memory, cells.cell(columns.sentence_unit).bytes());
    }
    let digits = length.bytes();
    let count = (!digits.is_empty() && digits.len() <= 6 && digits.iter().all(u8::is_ascii_digit))
        .then(|| digits.iter().fold(0i32, |number, byte| number * 10 + i32::from(byte - b'0')));
    let length = match (count, unit) {
        (Some(count), Some(Unit::Days)) => Length::Days(count),
        (Some(count), Some(Unit::Months)) => Length::Months(count),
        (Some(count), Some(Unit::Years)) => Length::Years(count),
        _ => Length::Unknown,
    };
    let concurrency =
        if comment.is_blank() { Concurrency::Unsaid } else { words.concurrency(memory, comment.bytes()) };
    Some(Sentence { kind, length, concurrency, row: RowIx(0) })
}

/// A date of eight digits, `YYYYMMDD`, with `00` for an unknown day or month; also `YYYY-MM-DD`, which can mean
/// nothing else. Anything else is not read as a date at all.
#[must_use]
pub fn date(cell: &[u8]) -> (DateSpan, Option<Gap>) {
    let digits: [u8; 8] = match cell {
        [] => return (DateSpan::UNKNOWN, Some(Gap::Blank)),
        [a, b, c, d, b'-', e, f, b'-', g, h] => [*a, *b, *c, *d, *e, *f, *g, *h],
        other => match other.try_into() {
            Ok(digits) => digits,
            Err(_) => return (DateSpan::UNKNOWN, Some(Gap::Unreadable)),
        },
    };
    if !digits.iter().all(u8::is_ascii_digit) {
        return (DateSpan::UNKNOWN, Some(Gap::Unreadable));
    }
    let n = |from: usize, to: usize| {
        digits[from..to].iter().fold(0i16, |n, digit| n * 10 + i16::from(digit - b'0'))
    };
    let (year, month, day) = (n(0, 4), n(4, 6), n(6, 8));
    // Eight noughts are a blank.
    if (year, month, day) == (0, 0, 0) {
        return (DateSpan::UNKNOWN, Some(Gap::Blank));
    }
    // Nobody in a modern record was born, or convicted, before 1850: such a year is a slip of the pen.
    let span = match (year, month, day) {
        (..1850, _, _) => None,
        (_, 0, 0) => DateSpan::year(year),
        (_, _, 0) => DateSpan::month(year, month as i8),
        _ => Date::new(year, month as i8, day as i8).ok().map(DateSpan::on),
    };
    match span {
        Some(span) if span.known().is_some() => (span, None),
        Some(span) => (span, Some(Gap::Partial)),
        None => (DateSpan::UNKNOWN, Some(Gap::Unreadable)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_a_table() {
        let shown = |cell: &str| {
            let (span, gap) = date(cell.as_bytes());
            format!("{span} {}", gap.map_or("known", Gap::word))
        };
        let table = [
            ("20190101", "2019-01-01 known"),
            ("20190100", "2019-01 partial"),
            ("20190000", "2019 partial"),
            ("20000229", "2000-02-29 known"),
            ("2019-01-01", "2019-01-01 known"),
            ("00000000", "unknown blank"),
            ("", "unknown blank"),
            ("20190230", "unknown unreadable"),
            ("20191301", "unknown unreadable"),
            ("20190015", "unknown unreadable"),
            ("01021990", "unknown unreadable"),
            ("190101", "unknown unreadable"),
            ("2019010", "unknown unreadable"),
            ("2019O101", "unknown unreadable"),
        ];
        for (cell, expected) in table {
            assert_eq!(shown(cell), expected, "{cell}");
        }
    }
}
