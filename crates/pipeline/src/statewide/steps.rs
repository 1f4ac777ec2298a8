//! Files of what happened to convictions: one line a step, with its day and who did it.

use super::account::StepsFile;
use super::progress::{Mark, Tally, UNDATED, of_day};
use super::table::key;
use crate::error::RunError;
use crate::spreadsheet::{unguarded, write_record};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use vacatur_ingest::sorter::{Cursor, Fixed, Sorter};
use vacatur_records::Date;
use vacatur_statutes::Deadlines;

/// The columns that such a file must have, in any order.
const COLUMNS: [&str; 5] = ["subject_id", "cnt_order", "step", "on", "actor"];

/// How many bytes of rejects are held in memory.
const HELD: usize = 1 << 20;

/// Why a line cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Why {
    Cells,
    Text,
    Subject,
    Order,
    Step,
    Day,
    Later,
    Actor,
    NotOnAList,
}

impl Why {
    const ALL: [Self; 9] = [
        Self::Cells,
        Self::Text,
        Self::Subject,
        Self::Order,
        Self::Step,
        Self::Day,
        Self::Later,
        Self::Actor,
        Self::NotOnAList,
    ];

    fn words(self) -> &'static str {
        match self {
            Self::Cells => "it has another number of cells than the header row",
            Self::Text => "it is no UTF-8 text",
            Self::Subject => "it has no subject_id",
            Self::Order => "its cnt_order is not twelve digits",
            Self::Step => "its step is none of the list",
            Self::Day => "its day is no date; write it as YYYY-MM-DD, or leave it blank if it is not known",
            Self::Later => "its day is after the day of this account",
            Self::Actor => "it has no actor: who did it is not known",
            Self::NotOnAList => "no such conviction is on a list of this run, nor relieved in it",
        }
    }
}

/// A line that cannot be used.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Reject {
    file: u32,
    line: u64,
    why: u8,
}

impl Fixed for Reject {
    const BYTES: usize = 13;

    fn put(&self, into: &mut [u8]) {
        Cursor::<&mut [u8]>::new(into).u32(self.file).u64(self.line).u8(self.why);
    }

    fn get(from: &[u8]) -> Self {
        let mut cursor = Cursor::<&[u8]>::new(from);
        Self { file: cursor.u32(), line: cursor.u64(), why: cursor.u8() }
    }
}

/// The lines that cannot be used, in the order of the files.
pub(super) struct Rejects(Sorter<Reject>);

impl Rejects {
    pub(super) fn new(scratch: &Path) -> Self {
        Self(Sorter::new(scratch, HELD))
    }

    pub(super) fn add(&mut self, file: u32, line: u64, why: Why) -> Result<(), RunError> {
        self.0.push(Reject { file, line, why: why as u8 }).map_err(scratch)
    }

    /// `steps_rejects.csv`; each file's number of them is set.
    pub(super) fn finish(self, names: &[String], files: &mut [StepsFile]) -> Result<Vec<u8>, RunError> {
        let mut table = csv::Writer::from_writer(Vec::new());
        write_record(&mut table, ["file", "line", "reason"]);
        for reject in self.0.finish().map_err(scratch)? {
            let Reject { file, line, why } = reject.map_err(scratch)?;
            let why = Why::ALL.get(usize::from(why)).copied().unwrap_or(Why::Cells);
            if let Some(file) = files.get_mut(file as usize) {
                file.rejected += 1;
            }
            let name = names.get(file as usize).map_or("", String::as_str);
            write_record(&mut table, [name, &line.to_string(), why.words()]);
        }
        for file in files {
            file.used = file.lines - file.rejected;
        }
        Ok(table.into_inner().unwrap_or_default())
    }
}

/// What the operating system says of the working files.
pub(super) fn scratch(error: io::Error) -> RunError {
    RunError::Write { path: "the working files".into(), doing: "sorting", error }
}

/// Reads a file. What can be used goes to the tally; whether there is such a conviction is seen there.
pub(super) fn read(
    path: &Path,
    number: usize,
    on: Date,
    deadlines: &Deadlines,
    tally: &mut Tally<'_>,
    rejects: &mut Rejects,
) -> Result<StepsFile, RunError> {
    let name = path.display().to_string();
    let wrong = |what: String| RunError::Steps { file: path.display().to_string(), what };
    let hashing = Hashing {
        file: File::open(path).map_err(|error| wrong(error.to_string()))?,
        hash: blake3::Hasher::new(),
        bytes: 0,
    };
    let mut csv = csv::ReaderBuilder::new().flexible(true).from_reader(hashing);
    let header = csv.byte_headers().map_err(|error| wrong(unreadable(&error)))?.clone();
    let plain = |cell: &[u8]| {
        let cell = cell.strip_prefix("\u{feff}".as_bytes()).unwrap_or(cell);
        String::from_utf8_lossy(cell).trim().to_lowercase()
    };
    let names: Vec<String> = header.iter().map(plain).collect();
    let mut places = [0; COLUMNS.len()];
    for (place, column) in places.iter_mut().zip(COLUMNS) {
        *place = names.iter().position(|name| name == column).ok_or_else(|| {
            wrong(format!(
                "this is no file of steps: it has no column `{column}`; its header row is {}",
                COLUMNS.join(",")
            ))
        })?;
    }
    let file = u32::try_from(number).unwrap_or(u32::MAX);
    let mut record = csv::ByteRecord::new();
    let mut lines = 0;
    while csv.read_byte_record(&mut record).map_err(|error| wrong(unreadable(&error)))? {
        lines += 1;
        let line = record.position().map_or(0, csv::Position::line);
        match step(&record, header.len(), places, on, deadlines) {
            Ok((key, step, day)) => tally.step(Mark::step(key, step, day, (file, line)))?,
            Err(why) => rejects.add(file, line, why)?,
        }
    }
    let mut hashing = csv.into_inner();
    io::copy(&mut hashing, &mut io::sink()).map_err(|error| wrong(error.to_string()))?;
    let blake3 = hashing.hash.finalize().to_hex().to_string();
    Ok(StepsFile { name, bytes: hashing.bytes, blake3, lines, used: 0, rejected: 0 })
}

/// A step: of which conviction, which, and its day.
fn step(
    record: &csv::ByteRecord,
    width: usize,
    places: [usize; COLUMNS.len()],
    on: Date,
    deadlines: &Deadlines,
) -> Result<(u128, u8, i32), Why> {
    if record.len() != width {
        return Err(Why::Cells);
    }
    let cell = |at: usize| {
        let bytes = places.get(at).and_then(|&place| record.get(place)).unwrap_or_default();
        std::str::from_utf8(bytes).map(|text| unguarded(text).trim()).map_err(|_| Why::Text)
    };
    let (subject, order, step, day, actor) = (cell(0)?, cell(1)?, cell(2)?, cell(3)?, cell(4)?);
    if subject.is_empty() {
        return Err(Why::Subject);
    }
    if order.len() != 12 || !order.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Why::Order);
    }
    let step = deadlines.step(&step.to_lowercase()).and_then(|at| u8::try_from(at).ok()).ok_or(Why::Step)?;
    if actor.is_empty() {
        return Err(Why::Actor);
    }
    let day = match day {
        "" => UNDATED,
        text => {
            let day: Date = text.parse().map_err(|_| Why::Day)?;
            if day > on {
                return Err(Why::Later);
            }
            of_day(day)
        }
    };
    Ok((key(subject, order), step, day))
}

/// What is the matter with a file that cannot be read, without anything of what stands in it.
fn unreadable(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::Io(error) => error.to_string(),
        _ => format!("line {} cannot be read", error.position().map_or(0, csv::Position::line)),
    }
}

/// A file that is hashed as it is read.
struct Hashing {
    file: File,
    hash: blake3::Hasher,
    bytes: u64,
}

impl Read for Hashing {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let got = self.file.read(into)?;
        self.hash.update(into.get(..got).unwrap_or_default());
        self.bytes += got as u64;
        Ok(got)
    }
}
