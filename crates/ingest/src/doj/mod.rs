//! From the rows of one person in the DOJ extract to a [`Person`].
//!
//! Rows are put in the order of the record's own numbers first, so that neither their order in the file nor their
//! being spread over several files can change anything. A row that cannot be placed in the record is a reject; the
//! person then keeps its place, since what it held is unknown.

mod counts;
mod parsed;
mod reader;
mod words;

use crate::layout::Layout;
use counts::Building;
pub use parsed::date;
use parsed::{Before, Parsed};
pub use reader::CellReader;
use vacatur_records::{OrderError, Person, Place, Row, Text};
use words::Remembered;
pub use words::{US_CA_DOJ_WORDS, Words, WordsError};

/// The columns that the assembly reads, by number from 0.
#[derive(Clone, Debug)]
pub struct Columns {
    pub(crate) cii: usize,
    pub(crate) name: usize,
    pub(crate) sex: usize,
    pub(crate) birth_date: usize,
    pub(crate) race: usize,
    pub(crate) event_date: usize,
    pub(crate) step_type: usize,
    pub(crate) agency: usize,
    pub(crate) agency_code: usize,
    pub(crate) county: usize,
    pub(crate) count_order: usize,
    pub(crate) disposition_date: usize,
    pub(crate) case_number: usize,
    pub(crate) charge: usize,
    pub(crate) charge_toc: usize,
    pub(crate) conviction_offence: usize,
    pub(crate) disposition_order: usize,
    pub(crate) disposition: usize,
    pub(crate) conviction_toc: usize,
    pub(crate) level: usize,
    pub(crate) level_code: usize,
    pub(crate) sentence_order: usize,
    pub(crate) sentence_location: usize,
    pub(crate) sentence_length: usize,
    pub(crate) sentence_unit_code: usize,
    pub(crate) sentence_unit: usize,
    pub(crate) comment: usize,
}

impl Columns {
    /// The columns of a layout.
    ///
    /// # Errors
    /// The meaning of which the layout has no column.
    pub fn of(layout: &Layout) -> Result<Self, &'static str> {
        let field = |meaning: &'static str| layout.field(meaning).ok_or(meaning);
        Ok(Self {
            cii: field("cii")?,
            name: field("name")?,
            sex: field("sex")?,
            birth_date: field("birth_date")?,
            race: field("race")?,
            event_date: field("event_date")?,
            step_type: field("step_type")?,
            agency: field("agency")?,
            agency_code: field("agency_code")?,
            county: field("county")?,
            count_order: field("count_order")?,
            disposition_date: field("disposition_date")?,
            case_number: field("offence_number")?,
            charge: field("charge")?,
            charge_toc: field("charge_toc")?,
            conviction_offence: field("conviction_offence")?,
            disposition_order: field("disposition_order")?,
            disposition: field("disposition")?,
            conviction_toc: field("conviction_toc")?,
            level: field("level")?,
            level_code: field("level_code")?,
            sentence_order: field("sentence_order")?,
            sentence_location: field("sentence_kind")?,
            sentence_length: field("sentence_length")?,
            sentence_unit_code: field("sentence_unit")?,
            sentence_unit: field("sentence_unit_name")?,
            comment: field("comment")?,
        })
    }

    /// The number, from 0, of the column of the CII number.
    #[must_use]
    pub fn cii(&self) -> usize {
        self.cii
    }

    /// The number, from 0, of the column that holds a kind of value; `None` for the row as a whole.
    #[must_use]
    pub fn number(&self, column: vacatur_records::Column) -> Option<usize> {
        use vacatur_records::Column as C;
        Some(match column {
            C::BirthDate => self.birth_date,
            C::EventDate => self.event_date,
            C::StepKind => self.step_type,
            C::County => self.county,
            C::CountOrder => self.count_order,
            C::Charge => self.charge,
            C::ConvictionOffence => self.conviction_offence,
            C::Comment => self.comment,
            C::ChargeLevel => self.charge_toc,
            C::ConvictionLevel => self.level,
            C::Disposition => self.disposition,
            C::SentenceLength => self.sentence_length,
            C::Evidence | C::Row => return None,
        })
    }
}

/// A row to be assembled: its cells, unquoted, outer blanks and placeholders removed.
pub trait Cells<'a> {
    /// The cell of a column, counted from 0.
    fn cell(&self, column: usize) -> Text<'a>;
    /// Where the row stands.
    fn place(&self) -> Row;
    /// The row's bytes without the line end.
    fn bytes(&self) -> &'a [u8];
}

impl<'b> Cells<'b> for crate::rows::Row<'b> {
    fn cell(&self, column: usize) -> Text<'b> {
        Text::of(self.field(column))
    }

    fn place(&self) -> Row {
        Row {
            file: vacatur_records::FileIx(self.source()),
            line: self.line(),
            offset: self.offset(),
            bytes: crate::rows::Row::bytes(self).len() as u32,
        }
    }

    fn bytes(&self) -> &'b [u8] {
        crate::rows::Row::bytes(self)
    }
}

/// Why a row could not be placed in its person's record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unplaced {
    /// Its count number cannot be read.
    CountNumber(OrderError),
    /// It is the same as another row, but for quotes and encoding.
    Duplicate {
        /// The row that was used.
        of: Row,
    },
}

/// A row that could not be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnplacedRow {
    /// The row.
    pub place: Row,
    /// Its column, counted from 1.
    pub column: Option<usize>,
    /// Why.
    pub why: Unplaced,
}

/// Assembles persons. One for each thread.
pub struct Assembler<'w> {
    columns: &'w Columns,
    words: &'w Words,
    memory: Remembered,
}

impl<'w> Assembler<'w> {
    /// An assembler for a layout's columns and words.
    #[must_use]
    pub fn new(columns: &'w Columns, words: &'w Words) -> Self {
        Self { columns, words, memory: Remembered::default() }
    }

    /// The person that `rows` speak of, and the rows that could not be used, whatever the order of `rows`. `rejected` are the places of rows of
    /// the same person that could not even be read.
    pub fn assemble<'a, C: Cells<'a>>(
        &self,
        subject: Text<'a>,
        rows: &[C],
        mut rejected: Vec<Place>,
        unplaced: &mut Vec<UnplacedRow>,
    ) -> Person<'a>
    where
        'w: 'a,
    {
        let mut parsed: Vec<Parsed<'a>> = Vec::with_capacity(rows.len());
        let mut before = Before::default();
        for (at, row) in rows.iter().enumerate() {
            match Parsed::read((at, row), self.columns, self.words, &self.memory, &mut before) {
                Ok(row) => parsed.push(row),
                Err(error) => {
                    let place = row.place();
                    let column = self.columns.count_order + 1;
                    rejected.push(Place { file: place.file, line: place.line, column: Some(column as u16) });
                    unplaced.push(UnplacedRow {
                        place,
                        column: Some(column),
                        why: Unplaced::CountNumber(error),
                    });
                }
            }
        }
        parsed.sort_unstable_by(Parsed::sorts_before);
        parsed.dedup_by(|row, kept| {
            let same = row.repeats(kept);
            if same {
                // Of several places the first is the one kept: rows are sorted by place last.
                unplaced.push(UnplacedRow {
                    place: row.place,
                    column: None,
                    why: Unplaced::Duplicate { of: kept.place },
                });
            }
            same
        });
        rejected.sort_unstable();
        Building::new(subject, rejected).finish(parsed, rows, self.columns)
    }
}

#[cfg(test)]
mod tests;
