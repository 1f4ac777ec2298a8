//! Every number of a report once, with the sums between them, so that what is withheld cannot be worked out.

use crate::error::ReportError;
use rustc_hash::{FxHashMap, FxHashSet};
use vacatur_disclosure::{Cell, Cells, protect};

/// The numbers of a report. One that stands in two tables has one name, and is one cell.
pub(crate) struct Ledger {
    cells: Cells,
    named: FxHashMap<String, Cell>,
    parted: FxHashSet<(usize, usize)>,
    said: FxHashSet<String>,
    wrong: Option<String>,
    /// Whether headline numbers are shown whatever it costs the tables.
    pinned: bool,
}

/// The numbers of the headline, which the tables give way to as long as small numbers can be protected without them.
const HEADLINE: [&str; 12] = [
    "people.0.",
    "people.1.",
    "people.2.",
    "people.3.",
    "people.4.",
    "people.5.",
    "people.gained.6.",
    "people.gained.9.",
    "convictions",
    "convictions_relieved",
    "convictions.outcome=0",
    "convictions.outcome=7",
];

/// What may not be shown.
pub(crate) struct Withholding {
    withheld: Option<vacatur_disclosure::Withheld>,
    pub(crate) small: u64,
    pub(crate) complementary: u64,
}

impl Withholding {
    pub(crate) fn has(&self, cell: Cell) -> bool {
        self.withheld.as_ref().is_some_and(|withheld| withheld.has(cell))
    }
}

impl Ledger {
    /// With pinned headline numbers or without: without, if small numbers cannot be protected with them.
    pub(crate) fn new(least: u64, pinned: bool) -> Self {
        Self {
            pinned,
            cells: Cells::new(least),
            named: FxHashMap::default(),
            parted: FxHashSet::default(),
            said: FxHashSet::default(),
            wrong: None,
        }
    }

    /// The number of this name.
    pub(crate) fn cell(&mut self, name: &str, value: u64) -> Cell {
        if let Some(&cell) = self.named.get(name) {
            if self.cells.value(cell) != value {
                self.wrong.get_or_insert_with(|| name.to_owned());
            }
            return cell;
        }
        // An agency has a row of its own only if it has many convictions: that they are not few is said by the row.
        let headline = HEADLINE.contains(&name) || name.starts_with("convictions.agencies=");
        let shown_anyhow = self.pinned && value >= self.cells.least() && headline;
        let cell = if shown_anyhow { self.cells.known(value) } else { self.cells.cell(value) };
        self.named.insert(name.to_owned(), cell);
        cell
    }

    /// Whether something is said for the first time.
    pub(crate) fn once(&mut self, what: &str) -> bool {
        self.said.insert(what.to_owned())
    }

    pub(crate) fn value(&self, cell: Cell) -> u64 {
        self.cells.value(cell)
    }

    /// Says that the total is all parts together.
    pub(crate) fn sum(&mut self, total: Cell, parts: &[Cell]) {
        self.cells.sum(total, parts);
    }

    /// Says that one number is a part of another: the rest could be worked out.
    pub(crate) fn part(&mut self, whole: Cell, part: Cell) {
        if whole == part || !self.parted.insert((whole.at(), part.at())) {
            return;
        }
        let (all, some) = (self.cells.value(whole), self.cells.value(part));
        let Some(rest) = all.checked_sub(some) else {
            self.wrong.get_or_insert_with(|| "a part is more than the whole".into());
            return;
        };
        let rest = self.cells.unshown(rest);
        self.cells.sum(whole, &[part, rest]);
    }

    /// What must be withheld: nothing in a report for the office alone.
    /// None if pinned headline numbers give away a small one.
    pub(crate) fn withhold(&self, public: bool) -> Result<Option<Withholding>, ReportError> {
        if let Some(what) = &self.wrong {
            return Err(ReportError::Contradiction { what: what.clone() });
        }
        if !public {
            return Ok(Some(Withholding { withheld: None, small: 0, complementary: 0 }));
        }
        let withheld =
            protect(&self.cells).map_err(|error| ReportError::Contradiction { what: error.to_string() })?;
        if !withheld.exposed().is_empty() {
            return match self.pinned {
                true => Ok(None),
                false => Err(ReportError::Contradiction { what: "a small number cannot be withheld".into() }),
            };
        }
        Ok(Some(Withholding {
            small: withheld.primary().len() as u64,
            complementary: withheld.complementary().len() as u64,
            withheld: Some(withheld),
        }))
    }
}
