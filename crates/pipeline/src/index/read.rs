//! A finished index, read.

use super::{ENTRY, Entry, Found, HEADER, MAGIC, NAME, OnePerson, PERSON, STRETCH, Stretch, VERSION};
use crate::error::RunError;
use std::fs::File;
use std::path::{Path, PathBuf};
use vacatur_ingest::sorter::{Cursor, Fixed};
use vacatur_ingest::source::read_exact_at;

/// Entries that lie between two keys held in memory.
const STEP: u64 = 64;

/// People read at once where all are gone over.
const AT_ONCE: u64 = 4096;

/// A finished index. Several threads may read it.
pub(crate) struct Reader {
    file: File,
    path: PathBuf,
    entries: u64,
    people: u64,
    stretches: u64,
    /// The key of every [`STEP`]th entry, where many people will be asked for.
    keys: Vec<u128>,
}

impl Reader {
    /// Opens the index of a run's folder.
    pub(crate) fn open(path: &Path) -> Result<Self, RunError> {
        match Self::of_version(path)? {
            Some(reader) => Ok(reader),
            None => Err(broken(path, "people.idx is of another version")),
        }
    }

    /// The same; none if it is of another version.
    pub(crate) fn of_version(path: &Path) -> Result<Option<Self>, RunError> {
        let file = File::open(path).map_err(|_| broken(path, "it has no people.idx"))?;
        let length = file.metadata().map(|data| data.len()).unwrap_or(0);
        let mut header = [0; HEADER as usize];
        let (magic, version) = header.split_at_mut(8);
        read_exact_at(&file, magic, 0)
            .and_then(|()| read_exact_at(&file, version.get_mut(..8).unwrap_or_default(), 8))
            .map_err(|_| broken(path, "people.idx is cut off"))?;
        if magic != MAGIC {
            return Err(broken(path, "people.idx is damaged"));
        }
        if Cursor::new(&*version).u64() != VERSION {
            return Ok(None);
        }
        read_exact_at(&file, version, 8).map_err(|_| broken(path, "people.idx is cut off"))?;
        let mut numbers = Cursor::new(&*version);
        let (_, entries, people, stretches) = (numbers.u64(), numbers.u64(), numbers.u64(), numbers.u64());
        // A damaged index must not send us beyond its end.
        let whole = [(entries, ENTRY), (people, PERSON), (stretches, STRETCH)]
            .into_iter()
            .try_fold(HEADER, |sum, (number, size)| sum.checked_add(number.checked_mul(size as u64)?));
        if whole != Some(length) {
            return Err(broken(path, "people.idx is damaged"));
        }
        Ok(Some(Self { file, path: path.to_owned(), entries, people, stretches, keys: Vec::new() }))
    }

    /// Makes finding quick, at the price of 16 bytes of memory for every [`STEP`] entries.
    pub(crate) fn hold_keys(&mut self) -> Result<(), RunError> {
        self.keys = (0..self.entries.div_ceil(STEP))
            .map(|step| Ok(self.entry(step * STEP)?.key))
            .collect::<Result<_, RunError>>()?;
        Ok(())
    }

    fn read(&self, at: u64, into: &mut [u8]) -> Result<(), RunError> {
        read_exact_at(&self.file, into, at).map_err(|_| broken(&self.path, "people.idx is cut off"))
    }

    fn entry(&self, number: u64) -> Result<Entry, RunError> {
        let mut bytes = [0; ENTRY];
        self.read(HEADER + number * ENTRY as u64, &mut bytes)?;
        Ok(Entry::get(&bytes))
    }

    fn damaged(&self) -> RunError {
        broken(&self.path, "people.idx is damaged")
    }

    /// A person by number.
    fn person(&self, number: u32) -> Result<OnePerson, RunError> {
        let number = u64::from(number);
        if number >= self.people {
            return Err(self.damaged());
        }
        let mut bytes = [0; PERSON];
        self.read(HEADER + self.entries * ENTRY as u64 + number * PERSON as u64, &mut bytes)?;
        Ok(OnePerson::get(&bytes))
    }

    /// The people who have a key: of a subject number, of a CII number or of both.
    pub(crate) fn of_key(&self, key: u128) -> Result<Vec<OnePerson>, RunError> {
        let (mut low, mut high) = (0, self.entries);
        if !self.keys.is_empty() {
            // The first of the keys held that is not below is where it may begin, or in the step before.
            let step = self.keys.partition_point(|held| *held < key) as u64;
            (low, high) = (step.saturating_sub(1) * STEP, (step * STEP).min(self.entries));
        }
        let mut found = Vec::new();
        if high - low <= STEP {
            // One read in place of several.
            let mut bytes = vec![0; (high - low) as usize * ENTRY];
            self.read(HEADER + low * ENTRY as u64, &mut bytes)?;
            let entries: Vec<Entry> = bytes.chunks_exact(ENTRY).map(Entry::get).collect();
            low += entries.partition_point(|entry| entry.key < key) as u64;
            let from = entries.partition_point(|entry| entry.key < key);
            for entry in entries.iter().skip(from).take_while(|entry| entry.key == key) {
                found.push(self.person(entry.person)?);
                low += 1;
            }
            if low < high {
                return Ok(found);
            }
        }
        while low < high {
            let middle = low.midpoint(high);
            if self.entry(middle)?.key < key { low = middle + 1 } else { high = middle }
        }
        while low < self.entries {
            let entry = self.entry(low)?;
            if entry.key != key {
                break;
            }
            found.push(self.person(entry.person)?);
            low += 1;
        }
        Ok(found)
    }

    /// A person's stretches.
    pub(crate) fn stretches(&self, person: &OnePerson) -> Result<Vec<Stretch>, RunError> {
        let (first, number) = (u64::from(person.first), u64::from(person.number));
        if first + number > self.stretches {
            return Err(self.damaged());
        }
        let before = HEADER + self.entries * ENTRY as u64 + self.people * PERSON as u64;
        let mut bytes = vec![0; person.number as usize * STRETCH];
        self.read(before + first * STRETCH as u64, &mut bytes)?;
        Ok(bytes.chunks_exact(STRETCH).map(Stretch::get).collect())
    }

    /// All that the index says of a person but the keys.
    pub(crate) fn found(&self, person: OnePerson) -> Result<Found, RunError> {
        let OnePerson { subject, marks, lines, .. } = person;
        Ok(Found { keys: Vec::new(), subject, marks, lines, stretches: self.stretches(&person)? })
    }

    /// The stretches of a person by number.
    pub(crate) fn stretches_of(&self, number: u32) -> Result<Vec<Stretch>, RunError> {
        self.stretches(&self.person(number)?)
    }

    /// All people in the order of the run.
    pub(crate) fn each(&self) -> impl Iterator<Item = Result<OnePerson, RunError>> {
        let before = HEADER + self.entries * ENTRY as u64;
        let (mut bytes, mut at) = (Vec::new(), 0);
        (0..self.people).map(move |number| {
            if at == bytes.len() {
                let left = (self.people - number).min(AT_ONCE);
                bytes.resize(left as usize * PERSON, 0);
                self.read(before + number * PERSON as u64, &mut bytes)?;
                at = 0;
            }
            let person = bytes.get(at..at + PERSON).map(OnePerson::get);
            at += PERSON;
            person.ok_or_else(|| self.damaged())
        })
    }
}

/// The persons with this key in a finished run.
pub(crate) fn find(run: &Path, key: u128) -> Result<Vec<Found>, RunError> {
    let reader = Reader::open(&run.join(NAME))?;
    let persons = reader.of_key(key)?;
    persons.into_iter().map(|person| reader.found(person)).collect()
}

fn broken(path: &Path, what: &str) -> RunError {
    RunError::NotARun { path: path.parent().unwrap_or(path).to_owned(), what: what.to_owned() }
}
