//! Copying scattered rows so that those of a person stand together.
//!
//! The people are cut into parts of a few megabytes. Each part has its own stretch of one unnamed private file, of a
//! length known beforehand. The sources are read once from front to back, and each run is appended to its part with the
//! place that it has there; whoever loads the part puts the runs in their places.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, Write};
use std::path::Path;
use std::sync::Arc;

use super::{BySubject, People, Person, Placed, Tuning};
use crate::rows::{BlockError, length_with_end};
use crate::sorter::{Cursor, Fixed, Sorter};
use crate::source::Source;
use crate::survey::Run;

/// The most parts that there are, since each has a buffer while rows are copied.
const PARTS: u64 = 2048;

/// The buffer of a part.
const BUFFER: usize = 16 << 10;

/// How much of a source is read at once.
const READ: u64 = 1 << 20;

/// Before each run in a part: its place there, and its length.
const HEAD: usize = 16;

/// The file of the order of people.
pub(super) type Scratch = BufReader<File>;

/// A run that is to be copied. Ordered by its place in the sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Move {
    source: u32,
    offset: u64,
    bytes: u64,
    part: u32,
    at: u64,
}

impl Fixed for Move {
    const BYTES: usize = 32;

    fn put(&self, into: &mut [u8]) {
        let mut into = Cursor::new(into);
        into.u64(self.offset).u64(self.bytes).u64(self.at).u32(self.source).u32(self.part);
    }

    fn get(from: &[u8]) -> Self {
        let mut from = Cursor::new(from);
        let (offset, bytes, at) = (from.u64(), from.u64(), from.u64());
        Self { source: from.u32(), offset, bytes, part: from.u32(), at }
    }
}

/// Some people whose rows stand together in the file of copies.
#[derive(Debug, Clone)]
pub(super) struct Part {
    file: Arc<File>,
    start: u64,
    /// With what stands before each run.
    length: u64,
    runs: u64,
}

impl Part {
    /// Reads the rows of its people, one person's after another's.
    pub(super) fn read(&self, into: &mut [u8]) -> io::Result<()> {
        let mut copies = vec![0; self.length as usize];
        crate::source::read_exact_at(&self.file, &mut copies, self.start)?;
        let mut rest = copies.as_slice();
        while let Some((head, after)) = rest.split_at_checked(HEAD) {
            let mut head = Cursor::new(head);
            let (at, bytes) = (head.u64() as usize, head.u64() as usize);
            let (copy, after) = after.split_at_checked(bytes).ok_or(io::ErrorKind::InvalidData)?;
            let place = into.get_mut(at..at + bytes).ok_or(io::ErrorKind::InvalidData)?;
            place.copy_from_slice(copy);
            rest = after;
        }
        Ok(())
    }
}

/// People whose rows have been copied.
#[derive(Debug)]
pub(super) struct Gathering<R> {
    parts: std::vec::IntoIter<Part>,
    order: R,
}

impl Gathering<Scratch> {
    pub(super) fn of(
        mut people: People,
        scratch: &Path,
        tuning: Tuning,
        sources: &[Source],
        progress: &dyn Fn(u64),
    ) -> Result<Self, BlockError> {
        let kept = |error| BlockError::Scratch { error };
        let file = Arc::new(tempfile::tempfile_in(scratch).map_err(kept)?);
        let mut order = BufWriter::new(tempfile::tempfile_in(scratch).map_err(kept)?);
        let total: u64 = sources.iter().map(Source::len).sum();
        let most = (tuning.batch.saturating_mul(4)).max(total / PARTS);

        let mut moves = Sorter::new(scratch, tuning.budget);
        let mut parts: Vec<Part> = Vec::new();
        let mut part = Part { file: Arc::clone(&file), start: 0, length: 0, runs: 0 };
        let mut at = 0;
        let mut record = [0; Placed::BYTES];
        while let Some(person) = people.next().map_err(kept)? {
            let first = person.runs.first().map_or((0, 0), |run| (run.source, run.offset));
            for run in &person.runs {
                let bytes = length_with_end(run, sources)?;
                let (source, offset) = (run.source, run.offset);
                moves.push(Move { source, offset, bytes, part: parts.len() as u32, at }).map_err(kept)?;
                Placed { first, run: BySubject::from(*run) }.put(&mut record);
                order.write_all(&record).map_err(kept)?;
                at += bytes;
                part.length += bytes + HEAD as u64;
                part.runs += 1;
            }
            if at >= most {
                let start = part.start + part.length;
                parts.push(part);
                part = Part { file: Arc::clone(&file), start, length: 0, runs: 0 };
                at = 0;
            }
        }
        if part.runs > 0 {
            parts.push(part);
        }
        Copier {
            file: &file,
            sources,
            buffers: vec![Vec::new(); parts.len()],
            written: vec![0; parts.len()],
        }
        .copy(moves, &parts, progress)?;
        let mut order = order.into_inner().map_err(|error| kept(error.into_error()))?;
        order.rewind().map_err(kept)?;
        Ok(Self { parts: parts.into_iter(), order: BufReader::new(order) })
    }

    /// The people of the next part.
    pub(super) fn next(&mut self) -> io::Result<Option<(Vec<Person>, Part)>> {
        let Some(part) = self.parts.next() else { return Ok(None) };
        let mut people: Vec<Person> = Vec::new();
        let mut last = None;
        let mut record = [0; Placed::BYTES];
        for _ in 0..part.runs {
            self.order.read_exact(&mut record)?;
            let Placed { first, run } = Placed::get(&record);
            let run = Run::from(run);
            match people.last_mut().filter(|_| last == Some(first)) {
                Some(person) => person.runs.push(run),
                None => people.push(Person { subject: run.subject, runs: vec![run] }),
            }
            last = Some(first);
        }
        Ok(Some((people, part)))
    }
}

/// Copies runs in the order of the sources.
struct Copier<'a> {
    file: &'a File,
    sources: &'a [Source],
    buffers: Vec<Vec<u8>>,
    written: Vec<u64>,
}

impl Copier<'_> {
    fn copy(mut self, moves: Sorter<Move>, parts: &[Part], progress: &dyn Fn(u64)) -> Result<(), BlockError> {
        let kept = |error| BlockError::Scratch { error };
        let mut window: Vec<u8> = Vec::new();
        let (mut of, mut base, mut told) = (u32::MAX, 0_u64, 0_u64);
        for run in moves.finish().map_err(kept)? {
            let run = run.map_err(kept)?;
            let source =
                self.sources.get(run.source as usize).ok_or(BlockError::NoSource { number: run.source })?;
            // One byte more than the source has is a line end that it lacks.
            let real = run.bytes.min(source.len().saturating_sub(run.offset));
            let inside =
                of == run.source && run.offset >= base && run.offset + real <= base + window.len() as u64;
            if !inside {
                let wanted = real.max(READ).min(source.len().saturating_sub(run.offset));
                window.resize(wanted as usize, 0);
                let got = source
                    .read_at(run.offset, &mut window)
                    .map_err(|error| BlockError::Read { name: source.name().to_owned(), error })?;
                window.truncate(got);
                (of, base) = (run.source, run.offset);
            }
            let from = (run.offset - base) as usize;
            let copy = window
                .get(from..from + real as usize)
                .ok_or_else(|| BlockError::Changed { name: source.name().to_owned() })?;
            let number = run.part as usize;
            if let Some(buffer) = self.buffers.get_mut(number) {
                let mut head = [0; HEAD];
                Cursor::new(head.as_mut_slice()).u64(run.at).u64(run.bytes);
                buffer.extend_from_slice(&head);
                buffer.extend_from_slice(copy);
                buffer.resize(buffer.len() + (run.bytes - real) as usize, b'\n');
                if buffer.len() >= BUFFER {
                    self.flush(number, parts).map_err(kept)?;
                }
            }
            told += real;
            if told >= READ {
                progress(told);
                told = 0;
            }
        }
        progress(told);
        (0..parts.len()).try_for_each(|number| self.flush(number, parts)).map_err(kept)
    }

    fn flush(&mut self, number: usize, parts: &[Part]) -> io::Result<()> {
        let (Some(buffer), Some(written), Some(part)) =
            (self.buffers.get_mut(number), self.written.get_mut(number), parts.get(number))
        else {
            return Ok(());
        };
        write_all_at(self.file, buffer, part.start + *written)?;
        *written += buffer.len() as u64;
        buffer.clear();
        Ok(())
    }
}

#[cfg(unix)]
fn write_all_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, offset)
}

#[cfg(not(unix))]
fn write_all_at(mut file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    // One thread copies, so the file's own position is free to be moved.
    file.seek(io::SeekFrom::Start(offset))?;
    file.write_all(bytes)
}
