//! `people.idx`: where the rows of each person stand in the inputs, so that one of them can be found again at once; and
//! what a later run needs to see whether anything about a person has changed.
//!
//! A header, then entries sorted by key, then the people in the order of the run, then their stretches of rows. An
//! entry's key is a hash of the subject number or of the CII number; the numbers themselves are not in it. All numbers
//! are little-endian, but for the key of an entry, which is sorted as bytes.
//!
//! | part | bytes |
//! | --- | --- |
//! | `VACATURI`, version, number of entries, of people, of stretches | 8 + 8 + 8 + 8 + 8 |
//! | entry: key, number of the person | 16 + 4 |
//! | person: key of the subject number or 0, hash of the rows, hash of the evidence | 16 + 8 + 8 |
//! | where the person's lines begin in `determinations.csv`, `review.csv`, `horizon.csv`, and how long they are | 3 × 8 + 3 × 4 |
//! | places beyond the person's rows that make the record incomplete; first stretch, number of stretches | 4 + 4 + 4 |
//! | stretch: source, rows, offset, bytes, first line | 4 + 4 + 8 + 8 + 8 |

mod read;

use crate::error::RunError;
use crate::folder::Output;
use crate::log::Log;
use std::io::{self, Read, Write};
use std::path::Path;
use vacatur_ingest::sorter::{BUDGET, Cursor, Fixed, Sorter};
use vacatur_ingest::survey::Run;
use vacatur_records::{FileIx, Place};

pub(crate) use read::{Reader, find};

/// The file's name.
pub(crate) const NAME: &str = "people.idx";

const MAGIC: &[u8; 8] = b"VACATURI";
const VERSION: u64 = 3;
const HEADER: u64 = 40;
const ENTRY: usize = 20;
const PERSON: usize = 80;
const STRETCH: usize = 32;

/// Rows that stand together; or, with no rows, a line of the person that could not be read: then `bytes` is the
/// column at which reading failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stretch {
    pub(crate) source: u32,
    pub(crate) rows: u32,
    pub(crate) offset: u64,
    pub(crate) bytes: u64,
    pub(crate) first_line: u64,
}

impl Stretch {
    /// A line that could not be read.
    pub(crate) fn unread(place: &Place) -> Self {
        let column = place.column.map_or(0, u64::from);
        Self { source: place.file.0, rows: 0, offset: 0, bytes: column, first_line: place.line }
    }

    /// The place of a line that could not be read.
    pub(crate) fn unread_place(&self) -> Place {
        let column = (self.bytes > 0).then_some(self.bytes as u16);
        Place { file: FileIx(self.source), line: self.first_line, column }
    }

    fn put(self, into: &mut [u8]) {
        let mut into = Cursor::new(into);
        into.u32(self.source).u32(self.rows);
        into.u64(self.offset).u64(self.bytes).u64(self.first_line);
    }

    fn get(from: &[u8]) -> Self {
        let mut from = Cursor::new(from);
        Self {
            source: from.u32(),
            rows: from.u32(),
            offset: from.u64(),
            bytes: from.u64(),
            first_line: from.u64(),
        }
    }
}

impl From<&Stretch> for Run {
    fn from(stretch: &Stretch) -> Self {
        Self {
            subject: None,
            offset: stretch.offset,
            bytes: stretch.bytes,
            first_line: stretch.first_line,
            rows: stretch.rows,
            source: stretch.source,
        }
    }
}

/// Lines of a person in an output: in bytes from its beginning, or from that of a batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: u64,
    pub(crate) bytes: u32,
}

impl Span {
    /// From one length of a file to another. None if that is more than a span can say.
    pub(crate) fn between(start: usize, end: usize) -> Option<Self> {
        Some(Self { start: start as u64, bytes: u32::try_from(end.checked_sub(start)?).ok()? })
    }

    pub(crate) fn end(self) -> u64 {
        self.start.saturating_add(u64::from(self.bytes))
    }
}

/// The files of which the index says where a person's lines stand.
pub(crate) const LINES: [&str; 3] = ["determinations.csv", "review.csv", "horizon.csv"];

/// What decides about a person beside the settings of the run: the same of all three, and the same is decided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Marks {
    /// A hash of the rows, whatever their order and place.
    pub(crate) rows: u64,
    /// A hash of what the evidence says; 0 if there is none.
    pub(crate) evidence: u64,
    /// How many places beyond the rows make the record incomplete.
    pub(crate) context: u32,
}

/// One person: the keys by which they can be asked for, their rows, and their lines in the outputs.
#[derive(Clone, Default)]
pub(crate) struct Found {
    pub(crate) keys: Vec<u128>,
    /// The key of the subject number, if there is one.
    pub(crate) subject: Option<u128>,
    pub(crate) marks: Marks,
    /// In the order of [`LINES`]; of no bytes if there are none.
    pub(crate) lines: [Span; 3],
    pub(crate) stretches: Vec<Stretch>,
}

/// The key of a subject number or CII number.
pub(crate) fn key(number: &[u8]) -> u128 {
    let mut upper = number.to_vec();
    upper.make_ascii_uppercase();
    xxhash_rust::xxh3::xxh3_128(&upper)
}

/// A key, and the number of a person who has it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    key: u128,
    person: u32,
}

vacatur_records::silent_debug!(Entry);

impl Fixed for Entry {
    const BYTES: usize = ENTRY;

    fn put(&self, into: &mut [u8]) {
        let (key, rest) = into.split_at_mut(16);
        key.copy_from_slice(&self.key.to_be_bytes());
        Cursor::new(rest).u32(self.person);
    }

    fn get(from: &[u8]) -> Self {
        let (key, rest) = from.split_at(16);
        let key = key.try_into().map_or(0, u128::from_be_bytes);
        Self { key, person: Cursor::new(rest).u32() }
    }
}

/// What the index says of a person, but for the keys and the stretches themselves.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct OnePerson {
    /// The key of the subject number, if there is one.
    pub(crate) subject: Option<u128>,
    pub(crate) marks: Marks,
    pub(crate) lines: [Span; 3],
    first: u32,
    number: u32,
}

vacatur_records::silent_debug!(OnePerson);

impl OnePerson {
    fn put(&self, into: &mut [u8]) {
        let mut into = Cursor::new(into);
        into.u128(self.subject.unwrap_or(0)).u64(self.marks.rows).u64(self.marks.evidence);
        for span in &self.lines {
            into.u64(span.start);
        }
        for span in &self.lines {
            into.u32(span.bytes);
        }
        into.u32(self.marks.context).u32(self.first).u32(self.number);
    }

    fn get(from: &[u8]) -> Self {
        let mut from = Cursor::new(from);
        let subject = Some(from.u128()).filter(|key| *key != 0);
        let (rows, evidence) = (from.u64(), from.u64());
        let starts = [from.u64(), from.u64(), from.u64()];
        let lines = starts.map(|start| Span { start, bytes: from.u32() });
        let marks = Marks { rows, evidence, context: from.u32() };
        Self { subject, marks, lines, first: from.u32(), number: from.u32() }
    }
}

/// The index in the making: entries, people and stretches in the order of people, set down in scratch files of the run.
pub(crate) struct Index {
    entries: Log,
    people: Log,
    stretches: Log,
    bytes: Vec<u8>,
}

impl Index {
    pub(crate) fn new(entries: Log, people: Log, stretches: Log) -> Self {
        Self { entries, people, stretches, bytes: Vec::new() }
    }

    /// The scratch files, to be noted at a checkpoint.
    pub(crate) fn logs(&mut self) -> [&mut Log; 3] {
        [&mut self.entries, &mut self.people, &mut self.stretches]
    }

    /// Adds the next person, whose lines are those of a batch that begins at `bases` in the files of [`LINES`].
    pub(crate) fn add(&mut self, found: &Found, bases: [u64; 3]) -> Result<(), RunError> {
        let too_many =
            |what: &str| RunError::Stopped { what: format!("there are more {what} than can be numbered") };
        let first = u32::try_from(self.stretches.len() / STRETCH as u64);
        let number = u32::try_from(found.stretches.len());
        let (Ok(first), Ok(number)) = (first, number) else { return Err(too_many("stretches of rows")) };
        let person = u32::try_from(self.people.len() / PERSON as u64).map_err(|_| too_many("people"))?;
        self.bytes.clear();
        self.bytes.resize(found.stretches.len() * STRETCH, 0);
        for (stretch, into) in found.stretches.iter().zip(self.bytes.chunks_exact_mut(STRETCH)) {
            stretch.put(into);
        }
        self.stretches.put(&self.bytes)?;
        let mut lines = found.lines;
        for (span, base) in lines.iter_mut().zip(bases) {
            span.start += base;
        }
        let mut bytes = [0; PERSON];
        OnePerson { subject: found.subject, marks: found.marks, lines, first, number }.put(&mut bytes);
        self.people.put(&bytes)?;
        let mut bytes = [0; ENTRY];
        for &key in &found.keys {
            Entry { key, person }.put(&mut bytes);
            self.entries.put(&bytes)?;
        }
        Ok(())
    }

    /// Writes the finished index.
    pub(crate) fn write(self, scratch: &Path, out: &mut Output) -> Result<(), RunError> {
        let path = out.path().to_owned();
        let mut sorter = Sorter::new(scratch, BUDGET);
        let (mut reader, length) = self.entries.read()?;
        let number = length / ENTRY as u64;
        let mut bytes = [0; ENTRY];
        let mut gathered = || {
            for _ in 0..number {
                reader.read_exact(&mut bytes)?;
                sorter.push(Entry::get(&bytes))?;
            }
            io::Result::Ok(())
        };
        gathered().map_err(RunError::write(scratch, "writing"))?;
        let (mut people, of_people) = self.people.read()?;
        let (mut stretches, of_stretches) = self.stretches.read()?;
        let written = || {
            out.write_all(MAGIC)?;
            for number in [VERSION, number, of_people / PERSON as u64, of_stretches / STRETCH as u64] {
                out.write_all(&number.to_le_bytes())?;
            }
            for entry in sorter.finish()? {
                entry?.put(&mut bytes);
                out.write_all(&bytes)?;
            }
            io::copy(&mut people, out)?;
            io::copy(&mut stretches, out)
        };
        written().map_err(RunError::write(&path, "writing"))?;
        Ok(())
    }
}

vacatur_records::silent_debug!(Found);
