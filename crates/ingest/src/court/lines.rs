//! Physical lines of a source, none of them longer than can be held.

use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};

use crate::source::Source;

/// A source as a stream from its first byte.
pub(super) struct Stream<'s> {
    source: &'s Source,
    at: u64,
}

impl<'s> Stream<'s> {
    pub(super) fn new(source: &'s Source) -> Self {
        Self { source, at: 0 }
    }
}

impl Read for Stream<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read_at(self.at, into)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for Stream<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let moved = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.source.len().checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = moved.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

/// The most bytes of a line that are held.
pub(super) const LONGEST_LINE: usize = 4 << 20;

/// A line without its end.
pub(super) struct Line {
    pub(super) bytes: Vec<u8>,
    /// From 1.
    pub(super) number: u64,
    /// Whether it was longer than [`LONGEST_LINE`], and is cut off.
    pub(super) cut: bool,
}

/// The lines of a source, some of which may be given back.
pub(super) struct Lines<'s> {
    reader: BufReader<Stream<'s>>,
    given_back: VecDeque<Line>,
    number: u64,
}

impl<'s> Lines<'s> {
    pub(super) fn new(source: &'s Source) -> Self {
        let reader = BufReader::with_capacity(256 << 10, Stream::new(source));
        Self { reader, given_back: VecDeque::new(), number: 0 }
    }

    /// Lines to be read again, in their order.
    pub(super) fn give_back(&mut self, lines: Vec<Line>) {
        for line in lines.into_iter().rev() {
            self.given_back.push_front(line);
        }
    }

    /// The next line, into a buffer that is used again where there is one.
    pub(super) fn next(&mut self, buffer: Vec<u8>) -> io::Result<Option<Line>> {
        if let Some(line) = self.given_back.pop_front() {
            return Ok(Some(line));
        }
        let mut bytes = buffer;
        bytes.clear();
        let mut cut = false;
        let mut any = false;
        loop {
            let held = self.reader.fill_buf()?;
            if held.is_empty() {
                if !any {
                    return Ok(None);
                }
                break;
            }
            any = true;
            let end = memchr::memchr(b'\n', held);
            let part = held.get(..end.unwrap_or(held.len())).unwrap_or_default();
            let room = LONGEST_LINE - bytes.len();
            cut |= part.len() > room;
            bytes.extend_from_slice(part.get(..room.min(part.len())).unwrap_or_default());
            let used = part.len() + usize::from(end.is_some());
            self.reader.consume(used);
            if end.is_some() {
                break;
            }
        }
        if bytes.last() == Some(&b'\r') {
            bytes.pop();
        }
        self.number += 1;
        Ok(Some(Line { bytes, number: self.number, cut }))
    }
}
