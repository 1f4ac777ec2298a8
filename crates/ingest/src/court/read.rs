//! From files to cases.

use std::path::Path;

use vacatur_records::CourtCase;

use super::account::{CourtAccount, CourtPlace, CourtRejectReason as Reason, Tally};
use super::build::{Builder, Values};
use super::delimited::Delimited;
use super::error::CourtError;
use super::fixed::Fixed;
use super::group::Spool;
use super::header::Columns;
use super::layout::{CourtLayout, Format};
use super::meaning::Level as Of;
use super::sheet::{Book, BookLimits};
use super::table::{Cells, Next, Table};
use crate::source::{Input, Limits, Source, SourceError};

/// More rejects than this, and more than rows used, and the layout is of another file.
const MOST_REJECTS: usize = 100_000;

/// Opens files for a layout: text in any wrapping, a workbook as it is. `scratch` is for working copies.
///
/// # Errors
/// [`SourceError`] for the first file that cannot be read.
pub fn open(inputs: &[Input], layout: &CourtLayout, scratch: &Path) -> Result<Vec<Source>, SourceError> {
    match layout.format() {
        Format::Xlsx => inputs.iter().map(|input| Source::as_it_is(input, scratch)).collect(),
        Format::Xml => crate::source::open_documents(inputs, scratch, &Limits::default()),
        _ => crate::source::open(inputs, scratch),
    }
}

/// Reads files by a layout; each case goes to `sink`, in the order of the first row of each. Rows of one case, that is of
/// one number and one defendant, are brought together from all files.
///
/// # Errors
/// [`CourtError`] for what ends the reading; a bad row does not. Cases given before it are then not all there are.
pub fn read(
    inputs: &[Input],
    layout: &CourtLayout,
    scratch: &Path,
    sink: &mut dyn FnMut(CourtCase),
) -> Result<CourtAccount, CourtError> {
    read_sources(&open(inputs, layout, scratch)?, layout, scratch, sink)
}

/// As [`read`], of what is open already.
///
/// # Errors
/// As [`read`].
pub fn read_sources(
    sources: &[Source],
    layout: &CourtLayout,
    scratch: &Path,
    sink: &mut dyn FnMut(CourtCase),
) -> Result<CourtAccount, CourtError> {
    let mut reading = Reading {
        builder: Builder::new(layout),
        layout,
        spool: Spool::new(scratch),
        tally: Tally::default(),
        packed: Vec::new(),
        sink,
    };
    for (file, source) in sources.iter().enumerate() {
        reading.tally.account.files.push(source.name().to_owned());
        let file = file as u32;
        match layout.format() {
            Format::Delimited => reading.table(file, source, &mut Delimited::new(source, &layout.0))?,
            Format::Fixed => reading.table(file, source, &mut Fixed::new(source, &layout.0))?,
            Format::Xlsx => {
                let mut book = Book::open(source, &layout.0, BookLimits::default())?;
                let mut rows = book.rows()?;
                reading.table(file, source, &mut rows)?;
            }
            Format::JsonLines => reading.json_lines(file, source)?,
            Format::Xml => reading.xml(file, source)?,
        }
        let io = |error| CourtError::Io { name: source.name().to_owned(), error };
        if source.has_changed().map_err(io)? {
            let what = "the file changed while it was read; wait until it is complete".to_owned();
            return Err(CourtError::Damaged { name: source.name().to_owned(), line: 0, what });
        }
    }
    let Reading { builder, spool, mut tally, sink, .. } = reading;
    let scratch_failed = |error| CourtError::Io { name: scratch.display().to_string(), error };
    let mut cases = spool.finish().map_err(scratch_failed)?;
    let mut rows = Vec::new();
    loop {
        cases.next(&mut rows).map_err(scratch_failed)?;
        if rows.is_empty() {
            break;
        }
        if let Some(case) = joined(&builder, &mut rows, &mut tally) {
            sink(case);
        }
    }
    let name =
        |at: u32| layout.0.columns.get(at as usize).map(|column| column.name.clone()).unwrap_or_default();
    Ok(tally.finish(name))
}

/// A case of its rows.
fn joined(builder: &Builder<'_>, rows: &mut [Vec<u8>], tally: &mut Tally) -> Option<CourtCase> {
    // A row that says what another says adds nothing, and counts no charge twice.
    let mut seen: rustc_hash::FxHashSet<&[u8]> = rustc_hash::FxHashSet::default();
    let mut whole = None;
    for row in rows.iter() {
        let (place, values) = unpack(row)?;
        if !seen.insert(row.get(PLACE..).unwrap_or_default()) {
            tally.account.repeated += 1;
            continue;
        }
        let Some(mut facts) = builder.case(&values, place, tally) else { continue };
        facts.charges = builder.charges(&values, place, tally);
        match &mut whole {
            None => whole = Some(facts),
            Some(whole) => builder.join(whole, facts, tally),
        }
    }
    whole.map(|facts| builder.finish(facts, tally))
}

/// The bytes of a row's place in a packed row.
const PLACE: usize = 12;

/// A row's place and cells as bytes.
pub(super) fn pack(place: CourtPlace, values: &Values<'_>, into: &mut Vec<u8>) {
    into.clear();
    into.extend_from_slice(&place.file.to_le_bytes());
    into.extend_from_slice(&place.line.to_le_bytes());
    for (at, text) in values {
        into.extend_from_slice(&(*at as u32).to_le_bytes());
        into.extend_from_slice(&(text.len() as u32).to_le_bytes());
        into.extend_from_slice(text.as_bytes());
    }
}

fn unpack(row: &[u8]) -> Option<(CourtPlace, Values<'_>)> {
    let number = |bytes: &[u8]| bytes.first_chunk::<4>().map(|b| u32::from_le_bytes(*b));
    let file = number(row)?;
    let line = row.get(4..)?.first_chunk::<8>().map(|b| u64::from_le_bytes(*b))?;
    let mut values = Vec::new();
    let mut rest = row.get(PLACE..)?;
    while !rest.is_empty() {
        let (at, bytes) = (number(rest)?, number(rest.get(4..)?)? as usize);
        let text = rest.get(8..8 + bytes)?;
        values.push((at as usize, std::str::from_utf8(text).ok()?));
        rest = rest.get(8 + bytes..)?;
    }
    Some((CourtPlace { file, line, column: None }, values))
}

/// A reading under way.
pub(super) struct Reading<'a> {
    pub(super) builder: Builder<'a>,
    pub(super) layout: &'a CourtLayout,
    spool: Spool,
    pub(super) tally: Tally,
    packed: Vec<u8>,
    pub(super) sink: &'a mut dyn FnMut(CourtCase),
}

impl Reading<'_> {
    /// Counts a row that is not used, and gives up on a file of nothing else.
    pub(super) fn reject(
        &mut self,
        place: CourtPlace,
        reason: Reason,
        source: &Source,
    ) -> Result<(), CourtError> {
        self.tally.account.rows += 1;
        self.tally.reject(place, reason);
        let count = self.tally.account.rejects.len();
        if count >= MOST_REJECTS && count as u64 > self.tally.account.used {
            return Err(CourtError::TooManyRejects {
                name: source.name().to_owned(),
                layout: self.layout.name().to_owned(),
                count,
                line: place.line,
                reason: reason.to_string(),
            });
        }
        Ok(())
    }

    /// Takes a row whose case may have others.
    pub(super) fn row(
        &mut self,
        place: CourtPlace,
        values: &Values<'_>,
        source: &Source,
    ) -> Result<(), CourtError> {
        if !self.builder.is_of_somebody(values) {
            return self.reject(place, Reason::Nobody, source);
        }
        pack(place, values, &mut self.packed);
        let case = self.builder.identity(values);
        self.spool
            .push(case, &self.packed)
            .map_err(|error| CourtError::Io { name: source.name().to_owned(), error })?;
        self.tally.account.rows += 1;
        self.tally.account.used += 1;
        Ok(())
    }

    fn table(&mut self, file: u32, source: &Source, table: &mut dyn Table) -> Result<(), CourtError> {
        let columns = Columns::find(table, self.layout, (file, source.name()), &mut self.tally)?;
        let own = |at: &Option<usize>| {
            at.and_then(|at| self.builder.column(at)).is_some_and(|c| c.meaning.level() == Of::Charge)
        };
        table.own_values(columns.of.iter().map(own).collect());
        let mut cells = Cells::default();
        loop {
            match table.next(&mut cells)? {
                Next::End => return Ok(()),
                Next::Blank => self.tally.account.blank += 1,
                Next::Bad { line, column, reason } => {
                    self.reject(CourtPlace { file, line, column }, reason, source)?;
                }
                Next::Row if self.is_header(&columns, &cells) => self.tally.account.headers += 1,
                Next::Row => {
                    let place = CourtPlace { file, line: cells.line, column: None };
                    let found = cells.len();
                    let extra = (columns.width..found).find(|at| !cells.get(*at).is_empty());
                    if extra.is_some() || (found < columns.width && !table.loose_end()) {
                        let column = extra.map(|at| at as u32 + 1);
                        let reason = Reason::Cells { found: found as u32, expected: columns.width as u32 };
                        self.reject(CourtPlace { column, ..place }, reason, source)?;
                        continue;
                    }
                    let values: Values<'_> = columns
                        .of
                        .iter()
                        .enumerate()
                        .filter_map(|(at, column)| column.map(|column| (column, cells.get(at))))
                        .filter(|(column, text)| !self.builder.is_blank(*column, text))
                        .collect();
                    self.row(place, &values, source)?;
                }
            }
        }
    }

    /// Whether a row is the header once more, as in files that were put together.
    fn is_header(&self, columns: &Columns, cells: &Cells) -> bool {
        if self.layout.0.header_rows == 0 {
            return false;
        }
        let mut named = columns.of.iter().enumerate().filter_map(|(at, column)| {
            let spec = self.builder.column((*column)?)?;
            Some(spec.name.eq_ignore_ascii_case(cells.get(at)))
        });
        named.next() == Some(true) && named.all(|same| same)
    }
}
