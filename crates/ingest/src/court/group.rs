//! Rows of one case brought together, wherever in the files they stand.
//!
//! The cells that are read are set down in the scratch directory, or kept in memory while they are few; what is sorted is
//! their places. Rows come back case by case, in the order of each case's first row.

use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use tempfile::SpooledTempFile;

use crate::sorter::{BUDGET, Fixed, Sorted, Sorter};

/// How many bytes of cells stay in memory.
const HELD: usize = 32 << 20;
/// How much is read at once.
const WINDOW: usize = 256 << 10;
/// The most rows of one case that are held; the rest come as a case of their own. No complaint has so many charges.
const MOST_ROWS: usize = 20_000;

/// A row's place in the spool. Ordered by case, then by where the row was.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Kept {
    case: u128,
    row: u64,
    at: u64,
    bytes: u32,
}

impl Fixed for Kept {
    const BYTES: usize = 36;

    fn put(&self, into: &mut [u8]) {
        let (case, rest) = into.split_at_mut(16);
        case.copy_from_slice(&self.case.to_le_bytes());
        let (row, rest) = rest.split_at_mut(8);
        row.copy_from_slice(&self.row.to_le_bytes());
        let (at, bytes) = rest.split_at_mut(8);
        at.copy_from_slice(&self.at.to_le_bytes());
        bytes.copy_from_slice(&self.bytes.to_le_bytes());
    }

    fn get(from: &[u8]) -> Self {
        fn part<const N: usize>(from: &[u8], at: usize) -> [u8; N] {
            from.get(at..at + N).and_then(|bytes| bytes.try_into().ok()).unwrap_or([0; N])
        }
        Self {
            case: u128::from_le_bytes(part(from, 0)),
            row: u64::from_le_bytes(part(from, 16)),
            at: u64::from_le_bytes(part(from, 24)),
            bytes: u32::from_le_bytes(part(from, 32)),
        }
    }
}

/// Rows on their way in.
pub(super) struct Spool {
    scratch: std::path::PathBuf,
    file: SpooledTempFile,
    pending: Vec<u8>,
    at: u64,
    rows: u64,
    places: Sorter<Kept>,
}

impl Spool {
    pub(super) fn new(scratch: &Path) -> Self {
        Self {
            scratch: scratch.to_owned(),
            file: tempfile::spooled_tempfile_in(HELD, scratch),
            pending: Vec::new(),
            at: 0,
            rows: 0,
            places: Sorter::new(scratch, BUDGET),
        }
    }

    /// Takes a row of a case; of none, if it stands for itself.
    pub(super) fn push(&mut self, case: Option<u128>, row: &[u8]) -> io::Result<()> {
        let bytes = u32::try_from(row.len()).map_err(|_| io::ErrorKind::InvalidData)?;
        self.pending.extend_from_slice(row);
        if self.pending.len() >= WINDOW {
            self.file.write_all(&self.pending)?;
            self.pending.clear();
        }
        let case = case.unwrap_or_else(|| xxhash_rust::xxh3::xxh3_128(&self.rows.to_le_bytes()));
        self.places.push(Kept { case, row: self.rows, at: self.at, bytes })?;
        self.at += u64::from(bytes);
        self.rows += 1;
        Ok(())
    }

    /// All rows, case by case.
    pub(super) fn finish(mut self) -> io::Result<Cases> {
        self.file.write_all(&self.pending)?;
        let mut ordered = Sorter::new(&self.scratch, BUDGET);
        let (mut case, mut first) = (None, 0);
        for kept in self.places.finish()? {
            let kept = kept?;
            if case != Some(kept.case) {
                (case, first) = (Some(kept.case), kept.row);
            }
            ordered.push(Kept { case: u128::from(first), ..kept })?;
        }
        Ok(Cases { file: self.file, window: Vec::new(), from: 0, places: ordered.finish()?, ahead: None })
    }
}

/// Rows on their way out.
pub(super) struct Cases {
    file: SpooledTempFile,
    window: Vec<u8>,
    from: u64,
    places: Sorted<Kept>,
    ahead: Option<Kept>,
}

impl Cases {
    /// The rows of the next case, into `rows`; none left if it is empty.
    pub(super) fn next(&mut self, rows: &mut Vec<Vec<u8>>) -> io::Result<()> {
        rows.clear();
        let mut case = None;
        loop {
            let next = match self.ahead.take() {
                Some(kept) => Some(kept),
                None => self.places.next().transpose()?,
            };
            let Some(kept) = next else { return Ok(()) };
            if rows.len() == MOST_ROWS || case.is_some_and(|case| case != kept.case) {
                self.ahead = Some(kept);
                return Ok(());
            }
            case = Some(kept.case);
            rows.push(self.read(kept.at, kept.bytes as usize)?);
        }
    }

    fn read(&mut self, at: u64, bytes: usize) -> io::Result<Vec<u8>> {
        let held = at
            .checked_sub(self.from)
            .and_then(|at| usize::try_from(at).ok())
            .and_then(|start| self.window.get(start..start.checked_add(bytes)?));
        if let Some(row) = held {
            return Ok(row.to_vec());
        }
        self.file.seek(SeekFrom::Start(at))?;
        self.window.resize(bytes.max(WINDOW), 0);
        let mut read = 0;
        while read < self.window.len() {
            match self.file.read(self.window.get_mut(read..).unwrap_or_default())? {
                0 => break,
                more => read += more,
            }
        }
        self.window.truncate(read);
        self.from = at;
        self.window.get(..bytes).map(<[u8]>::to_vec).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }
}
