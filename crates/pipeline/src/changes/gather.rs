//! What is known of each person and each determination of a run, in a few numbers that can be sorted.

use crate::decide::Progress;
use crate::error::RunError;
use crate::index::{Marks, Reader};
use crate::since::plain;
use csv::StringRecord;
use std::fs::File;
use std::io;
use std::path::Path;
use vacatur_ingest::sorter::{BUDGET, Cursor, Fixed, Sorted, Sorter};
use vacatur_policy::OutcomeKind;
use vacatur_records::CountOrder;
use xxhash_rust::xxh3::xxh3_64;

/// Who somebody is in both runs: the key of the subject number; for a row without one, the hash of the row.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Whose {
    named: bool,
    key: u128,
}

vacatur_records::silent_debug!(Whose);

impl Whose {
    const BYTES: usize = 17;

    fn put(&self, into: &mut [u8]) -> usize {
        if let Some((named, key)) = into.split_first_mut() {
            *named = u8::from(self.named);
            Cursor::new(key).u128(self.key);
        }
        Self::BYTES
    }

    fn get(from: &[u8]) -> (Self, Cursor<&[u8]>) {
        let (named, mut rest) =
            (from.first().is_some_and(|byte| *byte > 0), Cursor::new(from.get(1..).unwrap_or_default()));
        (Self { named, key: rest.u128() }, rest)
    }
}

/// A record of one person in one run.
pub(super) trait OfPerson: Fixed {
    fn whose(&self) -> Whose;
}

/// A person in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct PersonMark {
    pub(super) whose: Whose,
    /// Whether it is this run, and not the run before.
    pub(super) now: bool,
    pub(super) marks: Marks,
    /// The person's number in the index of the run.
    pub(super) number: u32,
}

impl OfPerson for PersonMark {
    fn whose(&self) -> Whose {
        self.whose
    }
}

impl Fixed for PersonMark {
    const BYTES: usize = Whose::BYTES + 28;

    fn put(&self, into: &mut [u8]) {
        let at = self.whose.put(into);
        let mut into = Cursor::new(into.get_mut(at..).unwrap_or_default());
        into.u32(u32::from(self.now)).u32(self.number);
        into.u64(self.marks.rows).u64(self.marks.evidence).u32(self.marks.context);
    }

    fn get(from: &[u8]) -> Self {
        let (whose, mut rest) = Whose::get(from);
        let (now, number) = (rest.u32() > 0, rest.u32());
        let marks = Marks { rows: rest.u64(), evidence: rest.u64(), context: rest.u32() };
        Self { whose, now, marks, number }
    }
}

/// A determination in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct LineMark {
    pub(super) whose: Whose,
    /// Cycle, step and count of the count: all of its number but the part.
    pub(super) count: u64,
    pub(super) now: bool,
    /// Where the line stands in the table.
    pub(super) at: u64,
    pub(super) bytes: u32,
    /// A hash of outcome, relief, reason and missing facts.
    pub(super) says: u64,
    /// A hash of the relief.
    pub(super) relief: u32,
    /// The outcome's place in [`OutcomeKind::ALL`]; beyond it for a word of another version.
    outcome: u8,
}

impl LineMark {
    pub(super) fn outcome(&self) -> Option<OutcomeKind> {
        OutcomeKind::ALL.get(usize::from(self.outcome)).copied()
    }
}

impl OfPerson for LineMark {
    fn whose(&self) -> Whose {
        self.whose
    }
}

impl Fixed for LineMark {
    const BYTES: usize = Whose::BYTES + 36;

    fn put(&self, into: &mut [u8]) {
        let at = self.whose.put(into);
        let mut into = Cursor::new(into.get_mut(at..).unwrap_or_default());
        into.u64(self.count).u64(self.at).u64(self.says).u32(self.bytes).u32(self.relief);
        into.u16(u16::from(self.now)).u16(u16::from(self.outcome));
    }

    fn get(from: &[u8]) -> Self {
        let (whose, mut rest) = Whose::get(from);
        let (count, at, says) = (rest.u64(), rest.u64(), rest.u64());
        let (bytes, relief) = (rest.u32(), rest.u32());
        let (now, outcome) = (rest.u16() > 0, rest.u16() as u8);
        Self { whose, count, now, at, bytes, says, relief, outcome }
    }
}

/// Where the columns stand that are compared or shown. The run before may have others.
pub(super) struct Heading {
    pub(super) subject: usize,
    pub(super) order: usize,
    pub(super) section: usize,
    pub(super) county: usize,
    pub(super) case_number: usize,
    pub(super) outcome: usize,
    pub(super) relief: usize,
    pub(super) reason: usize,
    pub(super) missing: usize,
    pub(super) cii: usize,
}

impl Heading {
    fn of(header: &StringRecord) -> Result<Self, &'static str> {
        let column = |name: &'static str| header.iter().position(|known| known == name).ok_or(name);
        Ok(Self {
            subject: column("subject_id")?,
            order: column("cnt_order")?,
            section: column("section")?,
            county: column("county")?,
            case_number: column("case_number")?,
            outcome: column("outcome")?,
            relief: column("relief")?,
            reason: column("reason")?,
            missing: column("missing")?,
            cii: column("cii_number")?,
        })
    }
}

/// A table gone over.
pub(super) struct Table {
    pub(super) file: File,
    pub(super) heading: Heading,
    pub(super) lines: u64,
}

/// Marks of both runs in the gathering.
pub(super) struct Gathering<'g> {
    scratch: &'g Path,
    progress: &'g dyn Progress,
    people: Sorter<PersonMark>,
    lines: Sorter<LineMark>,
}

impl<'g> Gathering<'g> {
    pub(super) fn new(scratch: &'g Path, progress: &'g dyn Progress) -> Self {
        let (people, lines) = (Sorter::new(scratch, BUDGET), Sorter::new(scratch, BUDGET));
        Self { scratch, progress, people, lines }
    }

    /// Goes over the determinations of a run. With its index every line must be of a person there; without, a line is of
    /// the number in it.
    pub(super) fn table(
        &mut self,
        now: bool,
        file: File,
        index: Option<&Reader>,
        damaged: &dyn Fn(&str) -> RunError,
    ) -> Result<Table, RunError> {
        let unread = |_| damaged("determinations.csv cannot be read");
        let own = file.try_clone().map_err(|_| damaged("determinations.csv cannot be read"))?;
        let mut reader = csv::ReaderBuilder::new().buffer_capacity(1 << 18).from_reader(own);
        let heading = Heading::of(reader.headers().map_err(unread)?)
            .map_err(|column| damaged(&format!("determinations.csv has no column {column}")))?;
        let kept = || RunError::write(self.scratch, "sorting");
        let mut record = StringRecord::new();
        let mut lines = 0;
        let astray = || damaged("people.idx does not fit determinations.csv");
        let (mut number, mut told) = (0_u32, 0);
        for person in index.into_iter().flat_map(Reader::each) {
            let person = person?;
            let whose = match person.subject {
                Some(key) => Whose { named: true, key },
                None => Whose { named: false, key: u128::from(person.marks.rows) },
            };
            self.people.push(PersonMark { whose, now, marks: person.marks, number }).map_err(kept())?;
            number += 1;
            let [span, ..] = person.lines;
            let mut at = reader.position().byte();
            if span.bytes > 0 && at != span.start {
                return Err(astray());
            }
            while span.bytes > 0 && at < span.end() {
                if !reader.read_record(&mut record).map_err(unread)? {
                    return Err(astray());
                }
                let end = reader.position().byte();
                self.lines.push(line(&record, &heading, whose, now, at..end)).map_err(kept())?;
                (lines, at) = (lines + 1, end);
            }
            if span.bytes > 0 && at != span.end() {
                return Err(astray());
            }
            if at - told >= 1 << 20 {
                self.progress.advance(at - told);
                told = at;
            }
        }
        let mut at = reader.position().byte();
        while reader.read_record(&mut record).map_err(unread)? {
            if index.is_some() {
                return Err(astray());
            }
            let subject = plain(&record).get(heading.subject).unwrap_or_default().to_owned();
            let end = reader.position().byte();
            let key = crate::index::key(subject.as_bytes());
            let whose = Whose { named: !subject.is_empty(), key };
            self.lines.push(line(&record, &heading, whose, now, at..end)).map_err(kept())?;
            (lines, at) = (lines + 1, end);
        }
        self.progress.advance(at - told);
        Ok(Table { file, heading, lines })
    }

    /// The marks of both runs, those of a person together.
    pub(super) fn finish(self) -> io::Result<(Ahead<PersonMark>, Ahead<LineMark>)> {
        Ok((Ahead::new(self.people.finish()?)?, Ahead::new(self.lines.finish()?)?))
    }
}

/// What is kept of a line.
fn line(
    record: &StringRecord,
    heading: &Heading,
    whose: Whose,
    now: bool,
    place: std::ops::Range<u64>,
) -> LineMark {
    let cell = |at: usize| record.get(at).unwrap_or_default();
    let order = cell(heading.order).as_bytes();
    let mut says = Vec::new();
    for at in [heading.outcome, heading.relief, heading.reason, heading.missing] {
        says.extend_from_slice(cell(at).as_bytes());
        says.push(0);
    }
    let outcome = OutcomeKind::ALL.iter().position(|kind| kind.word() == cell(heading.outcome));
    LineMark {
        whose,
        // No count has a number as high as what stands in for one that cannot be read.
        count: CountOrder::parse(order).map_or_else(|_| xxh3_64(order) | 1 << 63, CountOrder::whole_count),
        now,
        at: place.start,
        bytes: u32::try_from(place.end - place.start).unwrap_or(u32::MAX),
        says: xxh3_64(&says),
        relief: xxh3_64(cell(heading.relief).as_bytes()) as u32,
        outcome: outcome.map_or(u8::MAX, |at| at as u8),
    }
}

/// Sorted marks, of which the next is known.
pub(super) struct Ahead<T: Fixed> {
    rest: Sorted<T>,
    next: Option<T>,
}

impl<T: OfPerson> Ahead<T> {
    fn new(mut rest: Sorted<T>) -> io::Result<Self> {
        let next = rest.next().transpose()?;
        Ok(Self { rest, next })
    }

    /// Whose the next one is.
    pub(super) fn whose(&self) -> Option<Whose> {
        self.next.as_ref().map(OfPerson::whose)
    }

    /// All that are somebody's, if they are next.
    pub(super) fn of(&mut self, whose: Whose) -> io::Result<Vec<T>> {
        let mut own = Vec::new();
        while let Some(mark) = self.next.filter(|mark| mark.whose() == whose) {
            own.push(mark);
            self.next = self.rest.next().transpose()?;
        }
        Ok(own)
    }
}
