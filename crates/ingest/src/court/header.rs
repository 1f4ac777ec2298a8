//! The header of a table, held against the layout.

use super::account::{CourtPlace, Tally};
use super::error::CourtError;
use super::layout::{CourtLayout, Format, Inner};
use super::table::{Cells, Next, Table};
use super::values::squeezed;

/// In how many rows a header is sought.
const SOUGHT: usize = 20;

/// Which column of the file is which of the layout.
pub(super) struct Columns {
    /// For each column of the file, its number in the layout.
    pub(super) of: Vec<Option<usize>>,
    /// How many cells a row has.
    pub(super) width: usize,
}

impl Columns {
    /// For files without a header: the layout's own.
    fn declared(layout: &Inner) -> Self {
        let width = layout.columns.len();
        Self { of: (0..width).map(Some).collect(), width }
    }

    /// Reads up to and with the header.
    pub(super) fn find(
        table: &mut dyn Table,
        layout: &CourtLayout,
        file: (u32, &str),
        tally: &mut Tally,
    ) -> Result<Self, CourtError> {
        let inner = &layout.0;
        let mut cells = Cells::default();
        for _ in 0..inner.skip {
            if !matches!(table.next(&mut cells)?, Next::End) {
                tally.account.headers += 1;
            }
        }
        if inner.header_rows == 0 || inner.format == Format::Fixed {
            return Ok(Self::declared(inner));
        }
        let mut rows: Vec<Vec<String>> = Vec::new();
        let mut best: Option<(usize, Fit)> = None;
        let wanted = usize::from(inner.header_rows);
        for _ in 0..SOUGHT {
            match table.next(&mut cells)? {
                Next::End => break,
                Next::Blank => {
                    tally.account.blank += 1;
                    continue;
                }
                Next::Bad { .. } => {
                    tally.account.headers += 1;
                    rows.clear();
                    continue;
                }
                Next::Row => {}
            }
            tally.account.headers += 1;
            rows.push(cells.iter().map(str::to_owned).collect());
            if rows.len() < wanted {
                continue;
            }
            let names = joined(rows.get(rows.len() - wanted..).unwrap_or_default());
            let fit = Fit::of(&names, inner);
            if fit.missing.is_empty()
                && fit.twice.is_none()
                && (inner.ignore_others || fit.unknown.is_empty())
            {
                for (at, name) in &fit.unknown {
                    let place = CourtPlace { file: file.0, line: cells.line, column: Some(*at as u32 + 1) };
                    tally.unlisted("column", name, place);
                }
                return Ok(Self { width: names.len(), of: fit.of });
            }
            let found = fit.of.iter().flatten().count();
            if best.as_ref().is_none_or(|(most, _)| found > *most) {
                best = Some((found, fit));
            }
        }
        let what = match best {
            // With fewer it may be a row of data, whose cells are no names of columns.
            Some((found, fit)) if found * 2 >= inner.columns.iter().filter(|c| c.required).count().max(2) => {
                fit.said(inner)
            }
            _ => {
                let names: Vec<&str> =
                    inner.columns.iter().filter(|c| c.required).map(|c| c.name.as_str()).collect();
                format!(
                    "no header row is among its first {SOUGHT} rows; the layout expects the columns {}. If the file has none, say \
                     header = false in the layout",
                    names.join(", ")
                )
            }
        };
        Err(CourtError::DoesNotFit { name: file.1.to_owned(), layout: inner.name.clone(), what })
    }
}

/// Several header rows as one. In the upper ones a name holds for the empty cells after it, as merged cells come out.
fn joined(rows: &[Vec<String>]) -> Vec<String> {
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    let mut names = vec![String::new(); width];
    for (number, row) in rows.iter().enumerate() {
        let mut before = "";
        let upper = number + 1 < rows.len();
        for (at, name) in names.iter_mut().enumerate() {
            let cell = row.get(at).map_or("", String::as_str);
            let cell = if upper && cell.is_empty() { before } else { cell };
            before = cell;
            if !cell.is_empty() {
                if !name.is_empty() {
                    name.push(' ');
                }
                name.push_str(cell);
            }
        }
    }
    while names.last().is_some_and(String::is_empty) {
        names.pop();
    }
    names
}

/// How a row fits as a header.
struct Fit {
    of: Vec<Option<usize>>,
    missing: Vec<usize>,
    unknown: Vec<(usize, String)>,
    twice: Option<usize>,
}

impl Fit {
    fn of(names: &[String], layout: &Inner) -> Self {
        let mut fit = Self { of: Vec::new(), missing: Vec::new(), unknown: Vec::new(), twice: None };
        for (at, name) in names.iter().enumerate() {
            let bare = squeezed(name);
            let column = layout.columns.iter().position(|column| squeezed(&column.name) == bare);
            if column.is_some() && fit.of.contains(&column) {
                fit.twice = column;
            }
            if column.is_none() {
                fit.unknown.push((at, name.clone()));
            }
            fit.of.push(column);
        }
        fit.missing = (0..layout.columns.len())
            .filter(|at| layout.columns.get(*at).is_some_and(|c| c.required) && !fit.of.contains(&Some(*at)))
            .collect();
        fit
    }

    fn said(&self, layout: &Inner) -> String {
        let mut said = Vec::new();
        for column in self.missing.iter().filter_map(|at| layout.columns.get(*at)) {
            let near =
                super::layout::nearest(&column.name, self.unknown.iter().map(|(_, name)| name.as_str()));
            said.push(format!("the column {} is missing{near}", column.name));
        }
        for (at, name) in &self.unknown {
            if name.is_empty() {
                said.push(format!("column {} has no name", at + 1));
            } else {
                let name: String = name.chars().take(60).collect();
                said.push(format!("the layout does not know the column {name}"));
            }
        }
        if let Some(column) = self.twice.and_then(|at| layout.columns.get(at)) {
            said.push(format!("the column {} is there twice", column.name));
        }
        if !self.unknown.is_empty() && self.missing.is_empty() {
            said.push(
                "say other-columns = \"ignore\" in the layout to read the file without them".to_owned(),
            );
        }
        said.join("; ")
    }
}
