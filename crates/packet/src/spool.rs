//! Matters on disk, in the order in which the court wants them. Memory does not grow with their number.

use crate::court::{Court, Order};
use crate::matter::Matter;
use crate::names::Name;
use crate::number::bare;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use vacatur_ingest::sorter::{BUDGET, Cursor, Fixed, Sorter};
use vacatur_ingest::source::read_exact_at;

/// Bytes of a sort key after court, prosecutor and part.
const KEY: usize = 51;

/// Where a matter stands in the spool, and what it is sorted by.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Slip {
    group: (u16, u16, u8),
    key: [u8; KEY],
    offset: u64,
    bytes: u32,
}

vacatur_records::silent_debug!(Slip);

impl Fixed for Slip {
    const BYTES: usize = 5 + KEY + 12;

    fn put(&self, into: &mut [u8]) {
        let (group, rest) = into.split_at_mut(5);
        let (key, rest) = rest.split_at_mut(KEY);
        let [a, b] = self.group.0.to_be_bytes();
        let [c, d] = self.group.1.to_be_bytes();
        group.copy_from_slice(&[a, b, c, d, self.group.2]);
        key.copy_from_slice(&self.key);
        Cursor::new(rest).u64(self.offset).u32(self.bytes);
    }

    fn get(from: &[u8]) -> Self {
        let (group, rest) = from.split_at(5);
        let (key, rest) = rest.split_at(KEY);
        let group: [u8; 5] = group.try_into().unwrap_or_default();
        let [a, b, c, d, part] = group;
        let mut rest = Cursor::new(rest);
        Self {
            group: (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]), part),
            key: key.try_into().unwrap_or([0; KEY]),
            offset: rest.u64(),
            bytes: rest.u32(),
        }
    }
}

/// A key of a conviction, to see which stands there twice.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Seen {
    key: u128,
    sequence: u64,
    group: (u16, u16, u8),
    /// What is asked, in short; 255 for what nobody authorized.
    asked: u8,
}

/// Of a conviction that nobody authorized.
const NOT_ASKED: u8 = u8::MAX;

vacatur_records::silent_debug!(Seen);

impl Fixed for Seen {
    const BYTES: usize = 32;

    fn put(&self, into: &mut [u8]) {
        let (court, prosecutor, part) = self.group;
        let group = (u64::from(court) << 32) | (u64::from(prosecutor) << 16) | (u64::from(part) << 8);
        let group = group | u64::from(self.asked);
        Cursor::new(into).u128(self.key).u64(self.sequence).u64(group);
    }

    fn get(from: &[u8]) -> Self {
        let mut from = Cursor::new(from);
        let (key, sequence, group) = (from.u128(), from.u64(), from.u64());
        let (court, prosecutor, part) = ((group >> 32) as u16, (group >> 16) as u16, (group >> 8) as u8);
        Self { key, sequence, group: (court, prosecutor, part), asked: group as u8 }
    }
}

/// A conviction that stands in the run more than once and is therefore not asked for here: its sequence, its packet, and
/// whether its twins say something else of it.
pub(crate) type Again = (u64, (u16, u16, u8), bool);

/// Counts what is different, in memory that does not grow.
pub(crate) struct Distinct(Sorter<Mark>);

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Mark(u128);

vacatur_records::silent_debug!(Mark);

impl Fixed for Mark {
    const BYTES: usize = 16;

    fn put(&self, into: &mut [u8]) {
        Cursor::new(into).u128(self.0);
    }

    fn get(from: &[u8]) -> Self {
        Self(Cursor::new(from).u128())
    }
}

impl Distinct {
    /// Nothing yet.
    #[must_use]
    pub(crate) fn new(scratch: &Path) -> Self {
        Self(Sorter::new(scratch, BUDGET / 8))
    }

    /// One more, perhaps seen before.
    ///
    /// # Errors
    /// A full disk.
    pub(crate) fn push(&mut self, text: &str) -> io::Result<()> {
        let hash = blake3::hash(text.as_bytes());
        self.0.push(Mark(u128::from_le_bytes(hash.as_bytes().first_chunk().copied().unwrap_or_default())))
    }

    /// How many there were.
    ///
    /// # Errors
    /// A disk that cannot be read.
    pub(crate) fn count(self) -> io::Result<u64> {
        let (mut last, mut count) = (None, 0);
        for mark in self.0.finish()? {
            let mark = mark?;
            count += u64::from(last != Some(mark));
            last = Some(mark);
        }
        Ok(count)
    }
}

/// Matters being gathered.
pub(crate) struct Spool {
    file: BufWriter<File>,
    written: u64,
    slips: Sorter<Slip>,
    seen: Sorter<Seen>,
}

impl Spool {
    /// An empty one. Its files have no name, and are gone when it is.
    ///
    /// # Errors
    /// A folder that cannot be written to.
    pub(crate) fn new(scratch: &Path) -> io::Result<Self> {
        Ok(Self {
            file: BufWriter::with_capacity(1 << 20, tempfile::tempfile_in(scratch)?),
            written: 0,
            slips: Sorter::new(scratch, BUDGET),
            seen: Sorter::new(scratch, BUDGET),
        })
    }

    /// Adds a matter.
    ///
    /// # Errors
    /// A disk that is full.
    pub(crate) fn push(&mut self, matter: &Matter, court: &Court) -> io::Result<()> {
        for asked in &matter.asked {
            let (key, sequence, group) = (asked.key, asked.sequence, matter.group());
            self.seen.push(Seen { key, sequence, group, asked: asked.relief.number() })?;
        }
        let text = serde_json::to_vec(matter)?;
        self.slips.push(Slip {
            group: matter.group(),
            key: sort_key(matter, &court.exhibit.order),
            offset: self.written,
            bytes: u32::try_from(text.len()).map_err(io::Error::other)?,
        })?;
        self.file.write_all(&text)?;
        self.written += text.len() as u64;
        Ok(())
    }

    /// Notes a conviction that nobody authorized: a twin of it may not be asked for either.
    ///
    /// # Errors
    /// A disk that is full.
    pub(crate) fn not_asked(&mut self, key: u128) -> io::Result<()> {
        self.seen.push(Seen { key, sequence: u64::MAX, group: (0, 0, 0), asked: NOT_ASKED })
    }

    /// The convictions that stand there a second time, by sequence, and all matters in the court's order.
    ///
    /// # Errors
    /// A disk that cannot be read.
    pub(crate) fn finish(
        self,
    ) -> io::Result<(Vec<Again>, impl Iterator<Item = io::Result<Matter>> + Send + use<>)> {
        let mut again = Vec::new();
        let mut twins: Vec<Seen> = Vec::new();
        for seen in self.seen.finish()? {
            let seen = seen?;
            if twins.first().is_some_and(|first| first.key != seen.key) {
                tell_twins(&twins, &mut again);
                twins.clear();
            }
            twins.push(seen);
        }
        tell_twins(&twins, &mut again);
        again.sort_unstable();
        let file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        let slips = self.slips.finish()?;
        let matters = slips.map(move |slip| {
            let slip = slip?;
            let mut text = vec![0; slip.bytes as usize];
            read_exact_at(&file, &mut text, slip.offset)?;
            Ok(serde_json::from_slice(&text)?)
        });
        Ok((again, matters))
    }
}

/// Of the same conviction under several numbers the first is asked for, if all say the same of it; else none.
fn tell_twins(twins: &[Seen], again: &mut Vec<Again>) {
    let Some((first, others)) = twins.split_first() else { return };
    let alike = others.iter().all(|other| (other.group, other.asked) == (first.group, first.asked));
    let told = if alike { others } else { twins };
    let asked = told.iter().filter(|one| one.asked != NOT_ASKED);
    again.extend(asked.map(|one| (one.sequence, one.group, !alike)));
}

/// What a matter is sorted by: the parts that the court names, each in as many bytes as it is given. What is longer and
/// alike so far stays in the order of the run.
fn sort_key(matter: &Matter, order: &[Order]) -> [u8; KEY] {
    let mut key = [0; KEY];
    let mut at = 0;
    let mut put = |text: &str, width: usize| {
        for (slot, byte) in key.iter_mut().skip(at).take(width).zip(text.bytes()) {
            *slot = byte;
        }
        at += width;
    };
    for part in order {
        match part {
            Order::Branch => put(&matter.branch.to_uppercase(), 12),
            Order::CaseNumber => put(&bare(&matter.case_number), 16),
            Order::Defendant => put(&Name::of(&matter.name).listed().to_uppercase(), 24),
            Order::Year => put(matter.asked.first().map_or("", |asked| asked.date.get(..4).unwrap_or("")), 4),
        }
    }
    key
}
