//! From runs of rows to people, in memory that does not grow with their number.
//!
//! Runs are sorted by whose they are, and put into the order of each person's first row. If the rows of many people are
//! scattered, reading them person by person would be reading the file at a million places; then the rows are gathered
//! first: copied once, in the order of the file, into a scratch file where the rows of some thousand people at a time
//! stand together. What comes out is the same either way.

mod gather;
#[cfg(test)]
mod tests;

use std::io;
use std::path::{Path, PathBuf};

use crate::rows::{Block, BlockError};
use crate::sorter::{BUDGET, Cursor, Fixed, Sorted, Sorter};
use crate::source::Source;
use crate::survey::{Run, SubjectKey};
use gather::{Gathering, Scratch};

/// About how many bytes of rows a batch of people has.
const BATCH: u64 = 1 << 20;

/// How people are put together. None of it changes what comes out, but where batches end.
#[derive(Clone, Copy, Debug)]
pub struct Tuning {
    /// Bytes of rows in a batch.
    pub batch: u64,
    /// Bytes of records held in memory by each sort.
    pub budget: usize,
    /// Rows are gathered if there are more places to read at than this, besides one for each person.
    pub places: u64,
}

impl Default for Tuning {
    fn default() -> Self {
        Self { batch: BATCH, budget: BUDGET, places: 200_000 }
    }
}

/// One person: all runs with the same subject, in the order of sources and lines. A run without a subject is a person
/// of its own, for nobody knows whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The key, if the rows say whose they are.
    pub subject: Option<SubjectKey>,
    /// Their rows.
    pub runs: Vec<Run>,
}

/// Some people, who follow each other in the order of their first rows.
#[derive(Debug)]
pub struct Batch {
    /// The number of the first of them, from 0.
    pub first: u64,
    /// The people.
    pub people: Vec<Person>,
    /// Where their rows are.
    place: Place,
}

#[derive(Debug)]
enum Place {
    InSources,
    Gathered(gather::Part),
}

impl Batch {
    /// The length of all rows.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.people.iter().flat_map(|person| &person.runs).map(|run| run.bytes).sum()
    }

    /// Loads the rows of all people, one person's after another's.
    ///
    /// # Errors
    /// As [`Block::load`].
    pub fn load(&self, sources: &[Source], block: &mut Block) -> Result<(), BlockError> {
        let runs = self.people.iter().flat_map(|person| &person.runs);
        match &self.place {
            Place::InSources => block.load(sources, runs),
            Place::Gathered(part) => block.load_gathered(sources, runs, |into| part.read(into)),
        }
    }
}

/// A run with the place of its person's first row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Placed {
    first: (u32, u64),
    run: BySubject,
}

/// Runs are ordered by subject, then by place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct BySubject {
    subject: Option<SubjectKey>,
    source: u32,
    offset: u64,
    bytes: u64,
    first_line: u64,
    rows: u32,
}

impl From<Run> for BySubject {
    fn from(run: Run) -> Self {
        let Run { subject, offset, bytes, first_line, rows, source } = run;
        Self { subject, source, offset, bytes, first_line, rows }
    }
}

impl From<BySubject> for Run {
    fn from(run: BySubject) -> Self {
        let BySubject { subject, source, offset, bytes, first_line, rows } = run;
        Self { subject, offset, bytes, first_line, rows, source }
    }
}

impl Fixed for BySubject {
    const BYTES: usize = 48;

    fn put(&self, into: &mut [u8]) {
        let subject = self.subject.map_or(0, SubjectKey::get);
        let mut into = Cursor::new(into);
        into.u128(subject).u64(self.offset).u64(self.bytes).u64(self.first_line);
        into.u32(self.source).u32(self.rows);
    }

    fn get(from: &[u8]) -> Self {
        let mut from = Cursor::new(from);
        Self {
            subject: SubjectKey::from_number(from.u128()),
            offset: from.u64(),
            bytes: from.u64(),
            first_line: from.u64(),
            source: from.u32(),
            rows: from.u32(),
        }
    }
}

impl Fixed for Placed {
    const BYTES: usize = BySubject::BYTES + 12;

    fn put(&self, into: &mut [u8]) {
        let (run, first) = into.split_at_mut(BySubject::BYTES);
        self.run.put(run);
        Cursor::new(first).u32(self.first.0).u64(self.first.1);
    }

    fn get(from: &[u8]) -> Self {
        let (run, first) = from.split_at(BySubject::BYTES);
        let mut first = Cursor::new(first);
        Self { run: BySubject::get(run), first: (first.u32(), first.u64()) }
    }
}

/// Takes runs in any order and puts people together.
#[derive(Debug)]
pub struct Gather {
    scratch: PathBuf,
    tuning: Tuning,
    runs: Sorter<BySubject>,
    rows: u64,
}

impl Gather {
    /// `scratch` is a private folder for what does not fit in memory.
    #[must_use]
    pub fn new(scratch: &Path, tuning: Tuning) -> Self {
        Self { scratch: scratch.to_owned(), tuning, runs: Sorter::new(scratch, tuning.budget), rows: 0 }
    }

    /// Takes a run.
    ///
    /// # Errors
    /// The scratch folder cannot be written.
    pub fn push(&mut self, run: Run) -> io::Result<()> {
        self.rows += u64::from(run.rows);
        self.runs.push(run.into())
    }

    /// How many rows were taken.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// All people, in the order of their first rows. `progress` is told of bytes that are copied, if any are.
    ///
    /// # Errors
    /// The scratch folder cannot be written, or a source not be read.
    pub fn finish(self, sources: &[Source], progress: &dyn Fn(u64)) -> Result<Batches, BlockError> {
        let kept = |error| BlockError::Scratch { error };
        let mut placed = Sorter::new(&self.scratch, self.tuning.budget);
        let mut person: Option<(SubjectKey, (u32, u64))> = None;
        let mut places = 0_u64;
        for run in self.runs.finish().map_err(kept)? {
            let run = run.map_err(kept)?;
            let here = (run.source, run.offset);
            let first = match (run.subject, person) {
                (Some(subject), Some((last, first))) if subject == last => {
                    places += 1;
                    first
                }
                (subject, _) => {
                    person = subject.map(|subject| (subject, here));
                    here
                }
            };
            placed.push(Placed { first, run }).map_err(kept)?;
        }
        let placed = placed.finish().map_err(kept)?;
        let people = People { placed, ahead: None };
        let gathered = places > self.tuning.places && places.saturating_mul(20) > self.rows;
        let inner = if gathered {
            Inner::Gathered(Gathering::of(people, &self.scratch, self.tuning, sources, progress)?)
        } else {
            Inner::InSources(people)
        };
        Ok(Batches { inner, batch: self.tuning.batch, next: 0 })
    }
}

/// People in the order of their first rows.
#[derive(Debug)]
struct People {
    placed: Sorted<Placed>,
    ahead: Option<Placed>,
}

impl People {
    fn next(&mut self) -> io::Result<Option<Person>> {
        let Some(first) =
            self.ahead.take().map_or_else(|| self.placed.next().transpose(), |run| Ok(Some(run)))?
        else {
            return Ok(None);
        };
        let mut person = Person { subject: first.run.subject, runs: vec![first.run.into()] };
        for run in &mut self.placed {
            let run = run?;
            if run.first != first.first {
                self.ahead = Some(run);
                break;
            }
            person.runs.push(run.run.into());
        }
        Ok(Some(person))
    }
}

/// All people in batches of about the same number of bytes.
#[derive(Debug)]
pub struct Batches {
    inner: Inner,
    batch: u64,
    next: u64,
}

#[derive(Debug)]
enum Inner {
    InSources(People),
    Gathered(Gathering<Scratch>),
}

impl Batches {
    /// Whether rows were copied to stand together.
    #[must_use]
    pub fn gathered(&self) -> bool {
        matches!(self.inner, Inner::Gathered(_))
    }

    fn draw(&mut self) -> io::Result<Option<Batch>> {
        let (people, place) = match &mut self.inner {
            Inner::InSources(all) => {
                let (mut people, mut bytes) = (Vec::new(), 0);
                while bytes < self.batch
                    && let Some(person) = all.next()?
                {
                    bytes += person.runs.iter().map(|run| run.bytes).sum::<u64>();
                    people.push(person);
                }
                (people, Place::InSources)
            }
            Inner::Gathered(all) => match all.next()? {
                Some((people, part)) => (people, Place::Gathered(part)),
                None => return Ok(None),
            },
        };
        if people.is_empty() {
            return Ok(None);
        }
        let first = self.next;
        self.next += people.len() as u64;
        Ok(Some(Batch { first, people, place }))
    }
}

impl Iterator for Batches {
    type Item = Result<Batch, BlockError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.draw().map_err(|error| BlockError::Scratch { error }).transpose()
    }
}
