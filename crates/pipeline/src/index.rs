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
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use vacatur_records::{FileIx, Place};

const MAGIC: &[u8; 8] = b"VACATURI";
const VERSION: u64 = 1;
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

/// The index in the making.
#[derive(Default)]
pub(crate) struct Index {
    entries: Vec<(u128, u32, u32, u64)>,
    stretches: Vec<Stretch>,
}

impl Index {
    pub(crate) fn add(&mut self, person: &Found) {
        let first = self.stretches.len() as u32;
        self.stretches.extend_from_slice(&person.stretches);
        for &key in &person.keys {
            self.entries.push((key, first, person.stretches.len() as u32, person.hash));
        }
    }

    pub(crate) fn bytes(mut self) -> Vec<u8> {
        self.entries.sort_unstable();
        self.entries.dedup();
        let mut out = Vec::with_capacity(
            HEADER as usize + self.entries.len() * ENTRY as usize + self.stretches.len() * STRETCH,
        );
        out.extend_from_slice(MAGIC);
        for number in [VERSION, self.entries.len() as u64, self.stretches.len() as u64] {
            out.extend_from_slice(&number.to_le_bytes());
        }
        for (key, first, number, hash) in &self.entries {
            out.extend_from_slice(&key.to_be_bytes());
            out.extend_from_slice(&first.to_le_bytes());
            out.extend_from_slice(&number.to_le_bytes());
            out.extend_from_slice(&hash.to_le_bytes());
        }
        for stretch in &self.stretches {
            out.extend_from_slice(&stretch.source.to_le_bytes());
            out.extend_from_slice(&stretch.rows.to_le_bytes());
            for number in [stretch.offset, stretch.bytes, stretch.first_line] {
                out.extend_from_slice(&number.to_le_bytes());
            }
        }
        out
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

vacatur_records::silent_debug!(Found);
