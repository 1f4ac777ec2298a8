//! `people.idx`: where the rows of each person stand in the inputs, so that one of them can be found again at once.
//!
//! A header, then entries sorted by key, then the stretches of rows. An entry's key is a hash of the subject number or of
//! the CII number; the numbers themselves are not in it. All numbers are little-endian.
//!
//! | part | bytes |
//! | --- | --- |
//! | `VACATURI`, version, number of entries, number of stretches | 8 + 8 + 8 + 8 |
//! | entry: key, first stretch, number of stretches, hash of the rows | 16 + 4 + 4 + 8 |
//! | stretch: source, rows, offset, bytes, first line | 4 + 4 + 8 + 8 + 8 |

use crate::error::RunError;
use crate::folder::Output;
use crate::log::Log;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, IntoInnerError, Read, Seek, SeekFrom, Write};
use std::path::Path;
use vacatur_ingest::sorter::{BUDGET, Cursor, Fixed, Sorter};
use vacatur_records::{FileIx, Place};

const MAGIC: &[u8; 8] = b"VACATURI";
const VERSION: u64 = 2;
const HEADER: u64 = 32;
const ENTRY: u64 = 32;
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
}

/// One person: the keys by which they can be asked for, and their rows.
#[derive(Clone, Default)]
pub(crate) struct Found {
    pub(crate) keys: Vec<u128>,
    pub(crate) stretches: Vec<Stretch>,
    pub(crate) hash: u64,
}

/// The key of a subject number or CII number.
pub(crate) fn key(number: &[u8]) -> u128 {
    let mut upper = number.to_vec();
    upper.make_ascii_uppercase();
    xxhash_rust::xxh3::xxh3_128(&upper)
}

/// A key of a person, and where their stretches are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    key: u128,
    first: u32,
    number: u32,
    hash: u64,
}

impl Fixed for Entry {
    const BYTES: usize = ENTRY as usize;

    fn put(&self, into: &mut [u8]) {
        let (key, rest) = into.split_at_mut(16);
        key.copy_from_slice(&self.key.to_be_bytes());
        Cursor::new(rest).u32(self.first).u32(self.number).u64(self.hash);
    }

    fn get(from: &[u8]) -> Self {
        let (key, rest) = from.split_at(16);
        let mut rest = Cursor::new(rest);
        let key = key.try_into().map_or(0, u128::from_be_bytes);
        Self { key, first: rest.u32(), number: rest.u32(), hash: rest.u64() }
    }
}

/// The index in the making: entries and stretches in the order of people, set down in two scratch files of the run.
pub(crate) struct Index {
    entries: Log,
    stretches: Log,
    bytes: Vec<u8>,
}

impl Index {
    pub(crate) fn new(entries: Log, stretches: Log) -> Self {
        Self { entries, stretches, bytes: Vec::new() }
    }

    /// The scratch files, to be noted at a checkpoint.
    pub(crate) fn logs(&mut self) -> [&mut Log; 2] {
        [&mut self.entries, &mut self.stretches]
    }

    pub(crate) fn add(&mut self, person: &Found) -> Result<(), RunError> {
        let first = self.stretches.len() / STRETCH as u64;
        let (Ok(first), Ok(number)) = (u32::try_from(first), u32::try_from(person.stretches.len())) else {
            return Err(RunError::Stopped {
                what: "there are more stretches of rows than can be numbered".into(),
            });
        };
        self.bytes.clear();
        for stretch in &person.stretches {
            let at = self.bytes.len();
            self.bytes.resize(at + STRETCH, 0);
            let mut into = Cursor::new(self.bytes.get_mut(at..).unwrap_or_default());
            into.u32(stretch.source).u32(stretch.rows);
            into.u64(stretch.offset).u64(stretch.bytes).u64(stretch.first_line);
        }
        self.stretches.put(&self.bytes)?;
        let mut bytes = [0; ENTRY as usize];
        for &key in &person.keys {
            Entry { key, first, number, hash: person.hash }.put(&mut bytes);
            self.entries.put(&bytes)?;
        }
        Ok(())
    }

    /// Writes the finished index, sorted by key.
    pub(crate) fn write(self, scratch: &Path, out: &mut Output) -> Result<(), RunError> {
        let path = out.path().to_owned();
        let kept = RunError::write(scratch, "writing");
        let mut sorter = Sorter::new(scratch, BUDGET);
        let mut reader = self.entries.read()?;
        let mut bytes = [0; ENTRY as usize];
        let sorted = || {
            for _ in 0..reader.1 / ENTRY {
                reader.0.read_exact(&mut bytes)?;
                sorter.push(Entry::get(&bytes))?;
            }
            // Entries are counted before they are written, and the same one twice counts once.
            let mut distinct = Vec::new();
            let mut file: Option<BufWriter<File>> = None;
            let (mut number, mut last) = (0_u64, None);
            for entry in sorter.finish()? {
                let entry = entry?;
                if last == Some(entry) {
                    continue;
                }
                (number, last) = (number + 1, Some(entry));
                entry.put(&mut bytes);
                distinct.extend_from_slice(&bytes);
                if distinct.len() >= BUDGET {
                    let file = match &mut file {
                        Some(file) => file,
                        slot => slot.insert(BufWriter::new(tempfile::tempfile_in(scratch)?)),
                    };
                    file.write_all(&distinct)?;
                    distinct.clear();
                }
            }
            let file = file.map(BufWriter::into_inner).transpose().map_err(IntoInnerError::into_error)?;
            Ok((number, file, distinct))
        };
        let (number, file, rest) = sorted().map_err(kept)?;
        let (mut stretches, length) = self.stretches.read()?;
        let written = || {
            out.write_all(MAGIC)?;
            for number in [VERSION, number, length / STRETCH as u64] {
                out.write_all(&number.to_le_bytes())?;
            }
            if let Some(mut file) = file {
                file.rewind()?;
                io::copy(&mut file, out)?;
            }
            out.write_all(&rest)?;
            io::copy(&mut stretches, out)
        };
        written().map_err(RunError::write(&path, "writing"))?;
        Ok(())
    }
}

/// The persons with this key in a finished index.
pub(crate) fn find(path: &Path, key: u128) -> Result<Vec<Found>, RunError> {
    let broken = |what: &str| RunError::NotARun { path: path.to_owned(), what: what.to_owned() };
    let mut file = File::open(path).map_err(|_| broken("it has no people.idx"))?;
    let length = file.metadata().map(|data| data.len()).unwrap_or(0);
    let mut read = |at: u64, length: usize| -> Result<Vec<u8>, RunError> {
        let mut bytes = vec![0; length];
        file.seek(SeekFrom::Start(at))
            .and_then(|_| file.read_exact(&mut bytes))
            .map_err(|_| broken("people.idx is cut off"))?;
        Ok(bytes)
    };
    let header = read(0, HEADER as usize)?;
    let number = |bytes: &[u8], at: usize| {
        bytes.get(at..at + 8).and_then(|b| b.try_into().ok()).map_or(0, u64::from_le_bytes)
    };
    if &header[..8] != MAGIC || number(&header, 8) != VERSION {
        return Err(broken("people.idx is of another version"));
    }
    let (entries, stretches) = (number(&header, 16), number(&header, 24));
    // A damaged index must not send us beyond its end.
    let whole = entries
        .checked_mul(ENTRY)
        .and_then(|bytes| bytes.checked_add(stretches.checked_mul(STRETCH as u64)?)?.checked_add(HEADER));
    if whole != Some(length) {
        return Err(broken("people.idx is damaged"));
    }
    let key_at =
        |entry: &[u8]| entry.get(..16).and_then(|b| b.try_into().ok()).map_or(0, u128::from_be_bytes);
    let small = |bytes: &[u8], at: usize| {
        bytes.get(at..at + 4).and_then(|b| b.try_into().ok()).map_or(0, u32::from_le_bytes)
    };
    let (mut low, mut high) = (0, entries);
    while low < high {
        let middle = low.midpoint(high);
        if key_at(&read(HEADER + middle * ENTRY, ENTRY as usize)?) < key {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    let mut found = Vec::new();
    while low < entries {
        let entry = read(HEADER + low * ENTRY, ENTRY as usize)?;
        if key_at(&entry) != key {
            break;
        }
        let (first, count) = (small(&entry, 16), small(&entry, 20));
        if u64::from(first) + u64::from(count) > stretches {
            return Err(broken("people.idx is damaged"));
        }
        let at = HEADER + entries * ENTRY + u64::from(first) * STRETCH as u64;
        let bytes = read(at, count as usize * STRETCH)?;
        let rows = bytes
            .chunks_exact(STRETCH)
            .map(|chunk| Stretch {
                source: small(chunk, 0),
                rows: small(chunk, 4),
                offset: number(chunk, 8),
                bytes: number(chunk, 16),
                first_line: number(chunk, 24),
            })
            .collect();
        found.push(Found { keys: vec![key], stretches: rows, hash: number(&entry, 24) });
        low += 1;
    }
    Ok(found)
}

/// Goes over the entries of a finished index: for each the person's first stretch, how many there are, and the hash of
/// the rows. A person with two numbers has two entries that say the same.
pub(crate) fn each(path: &Path, visit: &mut dyn FnMut(u32, u32, u64)) -> Result<(), RunError> {
    let (file, entries, _) = opened(path)?;
    let mut file = BufReader::with_capacity(1 << 18, file);
    let mut entry = [0; ENTRY as usize];
    for _ in 0..entries {
        file.read_exact(&mut entry).map_err(|_| damaged(path))?;
        if let ([_, _, place, hash], []) = entry.as_chunks::<8>() {
            let place = u64::from_le_bytes(*place);
            visit(place as u32, (place >> 32) as u32, u64::from_le_bytes(*hash));
        }
    }
    Ok(())
}

/// Persons by what [`each`] says of them.
pub(crate) fn at(path: &Path, places: &[(u32, u32, u64)]) -> Result<Vec<Found>, RunError> {
    let (mut file, entries, stretches) = opened(path)?;
    let mut found = Vec::with_capacity(places.len());
    for &(first, number, hash) in places {
        if u64::from(first) + u64::from(number) > stretches {
            return Err(damaged(path));
        }
        let mut bytes = vec![0; number as usize * STRETCH];
        file.seek(SeekFrom::Start(HEADER + entries * ENTRY + u64::from(first) * STRETCH as u64))
            .and_then(|_| file.read_exact(&mut bytes))
            .map_err(|_| damaged(path))?;
        let stretches = bytes
            .as_chunks::<STRETCH>()
            .0
            .iter()
            .filter_map(|bytes| match bytes.as_chunks::<8>().0 {
                [place, offset, length, line] => {
                    let place = u64::from_le_bytes(*place);
                    Some(Stretch {
                        source: place as u32,
                        rows: (place >> 32) as u32,
                        offset: u64::from_le_bytes(*offset),
                        bytes: u64::from_le_bytes(*length),
                        first_line: u64::from_le_bytes(*line),
                    })
                }
                _ => None,
            })
            .collect();
        found.push(Found { keys: Vec::new(), stretches, hash });
    }
    Ok(found)
}

fn damaged(path: &Path) -> RunError {
    RunError::NotARun { path: path.to_owned(), what: "people.idx is damaged".into() }
}

/// A finished index behind its header: how many entries and how many stretches it has.
fn opened(path: &Path) -> Result<(File, u64, u64), RunError> {
    let mut header = [0; HEADER as usize];
    let mut file = File::open(path).map_err(|_| damaged(path))?;
    let length = file.metadata().map(|data| data.len()).unwrap_or(0);
    file.read_exact(&mut header).map_err(|_| damaged(path))?;
    let ([magic, version, entries, stretches], []) = header.as_chunks::<8>() else {
        return Err(damaged(path));
    };
    let (entries, stretches) = (u64::from_le_bytes(*entries), u64::from_le_bytes(*stretches));
    let whole = entries
        .checked_mul(ENTRY)
        .and_then(|bytes| bytes.checked_add(stretches.checked_mul(STRETCH as u64)?)?.checked_add(HEADER));
    if magic != MAGIC || u64::from_le_bytes(*version) != VERSION || whole != Some(length) {
        return Err(damaged(path));
    }
    Ok((file, entries, stretches))
}
vacatur_records::silent_debug!(Found);
