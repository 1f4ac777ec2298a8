//! Places of lines and rows by a key, in memory that does not grow with their number.

use crate::error::RunError;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use vacatur_ingest::sorter::{BUDGET, Cursor, Fixed, Sorter};
use vacatur_records::{FileIx, Place};

/// How many places are told of one key. More than these say nothing more: a record that is incomplete in a hundred
/// places is incomplete.
pub(crate) const MOST: usize = 100;

/// Entries that lie between two keys held in memory.
const STEP: usize = 64;

/// A key with a place.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Entry {
    pub(crate) key: u128,
    pub(crate) place: Place,
}

vacatur_records::silent_debug!(Entry);

impl Fixed for Entry {
    const BYTES: usize = 32;

    fn put(&self, into: &mut [u8]) {
        let column = self.place.column.map_or(0, |column| u32::from(column) + 1);
        Cursor::new(into).u128(self.key).u64(self.place.line).u32(self.place.file.0).u32(column);
    }

    fn get(from: &[u8]) -> Self {
        let mut from = Cursor::new(from);
        let (key, line, file, column) = (from.u128(), from.u64(), from.u32(), from.u32());
        let column = column.checked_sub(1).map(|column| column as u16);
        Self { key, place: Place { file: FileIx(file), line, column } }
    }
}

/// Sorted entries, in memory or in an unnamed private file.
pub(crate) enum Lookup {
    Memory(Vec<Entry>),
    File { file: Mutex<File>, entries: usize, keys: Vec<u128> },
}

impl Default for Lookup {
    fn default() -> Self {
        Self::Memory(Vec::new())
    }
}

impl Lookup {
    /// Of what was gathered, at most [`MOST`] places for a key.
    pub(crate) fn of(sorter: Sorter<Entry>, scratch: &Path) -> Result<Self, RunError> {
        Self::within(sorter, scratch, BUDGET / Entry::BYTES).map_err(RunError::write(scratch, "writing"))
    }

    fn within(sorter: Sorter<Entry>, scratch: &Path, most: usize) -> io::Result<Self> {
        let mut held: Vec<Entry> = Vec::new();
        let mut file: Option<io::BufWriter<File>> = None;
        let (mut keys, mut entries) = (Vec::new(), 0);
        let (mut last, mut same) = (None, 0);
        for entry in sorter.finish()? {
            let entry = entry?;
            same = if last.map(|last: Entry| last.key) == Some(entry.key) { same + 1 } else { 0 };
            if last == Some(entry) || same >= MOST {
                continue;
            }
            last = Some(entry);
            if held.len() == most {
                let file = match &mut file {
                    Some(file) => file,
                    slot => slot.insert(io::BufWriter::new(tempfile::tempfile_in(scratch)?)),
                };
                set_down(&mut held, file, &mut keys, &mut entries)?;
            }
            held.push(entry);
        }
        let Some(mut file) = file else { return Ok(Self::Memory(held)) };
        set_down(&mut held, &mut file, &mut keys, &mut entries)?;
        let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
        Ok(Self::File { file: Mutex::new(file), entries, keys })
    }

    pub(crate) fn is_empty(&self) -> bool {
        matches!(self, Self::Memory(entries) if entries.is_empty())
    }

    /// Adds the places of a key.
    pub(crate) fn places(&self, key: u128, into: &mut Vec<Place>) -> io::Result<()> {
        match self {
            Self::Memory(entries) => {
                let start = entries.partition_point(|entry| entry.key < key);
                let own =
                    entries.get(start..).unwrap_or_default().iter().take_while(|entry| entry.key == key);
                into.extend(own.map(|entry| entry.place));
            }
            Self::File { file, entries, keys } => {
                // The first held key that is not below is where the key may begin, or in the step before it.
                let step = keys.partition_point(|&held| held < key).saturating_sub(1);
                let mut at = step * STEP;
                let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
                let mut bytes = [0; STEP * Entry::BYTES];
                while at < *entries {
                    let number = STEP.min(*entries - at);
                    let bytes = &mut bytes[..number * Entry::BYTES];
                    file.seek(SeekFrom::Start((at * Entry::BYTES) as u64))?;
                    file.read_exact(bytes)?;
                    for entry in bytes.chunks_exact(Entry::BYTES).map(Entry::get) {
                        if entry.key > key {
                            return Ok(());
                        }
                        if entry.key == key {
                            into.push(entry.place);
                        }
                    }
                    at += number;
                }
            }
        }
        Ok(())
    }
}

fn set_down(
    held: &mut Vec<Entry>,
    file: &mut impl Write,
    keys: &mut Vec<u128>,
    entries: &mut usize,
) -> io::Result<()> {
    let mut bytes = [0; Entry::BYTES];
    for entry in held.drain(..) {
        if (*entries).is_multiple_of(STEP) {
            keys.push(entry.key);
        }
        entry.put(&mut bytes);
        file.write_all(&bytes)?;
        *entries += 1;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        #[test]
        fn a_key_has_its_first_places_in_memory_and_in_a_file(
            entries in prop::collection::vec((0_u128..40, 0_u64..300), 0..2000), most in 1_usize..500
        ) {
            let scratch = tempfile::tempdir().unwrap();
            let mut sorter = Sorter::new(scratch.path(), 1000);
            let mut expected: BTreeMap<u128, Vec<Place>> = BTreeMap::new();
            for (key, line) in entries {
                let place = Place { file: FileIx(1), line, column: (line % 3 > 0).then_some(line as u16) };
                sorter.push(Entry { key, place }).unwrap();
                expected.entry(key).or_default().push(place);
            }
            let lookup = Lookup::within(sorter, scratch.path(), most).unwrap();
            for key in 0..41 {
                let mut found = Vec::new();
                lookup.places(key, &mut found).unwrap();
                let mut own = expected.get(&key).cloned().unwrap_or_default();
                own.sort_unstable();
                own.dedup();
                own.truncate(MOST);
                prop_assert_eq!(found, own);
            }
        }
    }
}
