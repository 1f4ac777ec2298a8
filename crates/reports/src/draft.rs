//! Tables before it is known what of them may be shown.

use crate::interval;
use crate::ledger::{Ledger, Withholding};
use crate::model::{Figure, Row, Section, Shown, Table};
use vacatur_disclosure::Cell;

/// A number of a table in the making.
#[derive(Clone, Debug)]
pub(crate) enum Draft {
    Count(Cell),
    /// So many of so many.
    Share(Cell, Cell),
    /// The share of the first two over that of the last two.
    Ratio([Cell; 4]),
    Word(String),
    /// A group compared with itself.
    Same,
    /// A number of rows, which tells of nobody.
    Plain(u64),
}

impl Draft {
    /// A share of which the rest could be worked out.
    pub(crate) fn share(ledger: &mut Ledger, part: Cell, whole: Cell) -> Self {
        ledger.part(whole, part);
        Self::Share(part, whole)
    }

    fn shown(&self, ledger: &Ledger, withheld: &Withholding) -> Shown {
        let value = |cell: &Cell| ledger.value(*cell);
        match self {
            Self::Word(word) => Shown::Word(word.clone()),
            Self::Same => Shown::Nothing,
            Self::Plain(number) => Shown::Count(*number),
            Self::Count(cell) if withheld.has(*cell) => Shown::Withheld,
            Self::Count(cell) => Shown::Count(value(cell)),
            Self::Share(part, whole) if withheld.has(*part) || withheld.has(*whole) => Shown::Withheld,
            Self::Share(part, whole) => {
                interval::share(value(part), value(whole)).map_or(Shown::Nothing, Shown::Share)
            }
            Self::Ratio(cells) if cells.iter().any(|cell| withheld.has(*cell)) => Shown::Withheld,
            Self::Ratio([a, n, b, m]) => interval::ratio((value(a), value(n)), (value(b), value(m)))
                .map_or(Shown::Nothing, Shown::Ratio),
        }
    }
}

/// A row in the making.
pub(crate) struct DraftRow {
    pub(crate) key: String,
    pub(crate) cells: Vec<Draft>,
}

/// A table in the making.
pub(crate) struct DraftTable {
    pub(crate) id: String,
    pub(crate) section: Section,
    pub(crate) dimension: &'static str,
    pub(crate) columns: Vec<&'static str>,
    pub(crate) rows: Vec<DraftRow>,
    /// Whether the rows are in the order of their numbers, the most first, within rows of the same word.
    pub(crate) by_number: bool,
    pub(crate) total: Option<DraftRow>,
    pub(crate) sql: String,
    pub(crate) notes: Vec<&'static str>,
}

impl DraftTable {
    pub(crate) fn shown(self, ledger: &Ledger, withheld: &Withholding) -> Table {
        let row = |row: DraftRow| Row {
            key: row.key,
            cells: row.cells.iter().map(|cell| cell.shown(ledger, withheld)).collect(),
        };
        let mut rows: Vec<Row> = self.rows.into_iter().map(row).collect();
        if self.by_number {
            rows = without_rank(rows);
        }
        Table {
            id: self.id,
            section: self.section,
            dimension: self.dimension.into(),
            columns: self.columns.into_iter().map(Into::into).collect(),
            rows,
            total: self.total.map(row),
            sql: self.sql,
            notes: self.notes.into_iter().map(Into::into).collect(),
        }
    }
}

/// Puts rows whose number is withheld behind the others, by name: their rank would tell between which numbers it lies.
fn without_rank(rows: Vec<Row>) -> Vec<Row> {
    let word = |row: &Row| row.cells.iter().find(|cell| matches!(cell, Shown::Word(_))).cloned();
    let number = |row: &Row| row.cells.iter().find(|cell| !matches!(cell, Shown::Word(_))).cloned();
    let mut ordered = Vec::with_capacity(rows.len());
    for same in rows.chunk_by(|one, other| word(one) == word(other)) {
        let (mut hidden, shown): (Vec<Row>, Vec<Row>) =
            same.iter().cloned().partition(|row| number(row) == Some(Shown::Withheld));
        hidden.sort_by(|one, other| one.key.cmp(&other.key));
        ordered.extend(shown);
        ordered.extend(hidden);
    }
    ordered
}

/// A headline figure in the making.
pub(crate) struct DraftFigure {
    pub(crate) id: &'static str,
    pub(crate) value: Draft,
    pub(crate) sql: String,
}

impl DraftFigure {
    pub(crate) fn shown(self, ledger: &Ledger, withheld: &Withholding) -> Figure {
        Figure { id: self.id.into(), value: self.value.shown(ledger, withheld), sql: self.sql }
    }
}
