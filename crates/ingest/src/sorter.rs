//! Sorting more records than fit in memory.
//!
//! Records are gathered up to a bound, sorted, and set down in an unnamed private file; at the end the sorted stretches
//! are merged. A few records never leave memory.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::marker::PhantomData;
use std::path::{Path, PathBuf};

/// A record of a fixed number of bytes.
pub trait Fixed: Copy + Ord + Send {
    /// How many bytes it has in a file.
    const BYTES: usize;

    /// Writes it. `into` has [`BYTES`](Self::BYTES) bytes.
    fn put(&self, into: &mut [u8]);

    /// Reads what [`put`](Self::put) wrote.
    fn get(from: &[u8]) -> Self;
}

/// How many bytes of records are held before they are set down.
pub const BUDGET: usize = 24 << 20;

/// Reads of one stretch while merging, in bytes; less if there are many stretches.
const READ: usize = 64 << 10;

/// Records in the gathering.
pub struct Sorter<T> {
    scratch: PathBuf,
    most: usize,
    held: Vec<T>,
    file: Option<File>,
    /// Where each sorted stretch ends in the file.
    ends: Vec<u64>,
    bytes: Vec<u8>,
}

impl<T: Fixed> Sorter<T> {
    /// A sorter that holds `budget` bytes of records in memory, and the rest in `scratch`.
    #[must_use]
    pub fn new(scratch: &Path, budget: usize) -> Self {
        let most = (budget / size_of::<T>().max(1)).max(2);
        Self {
            scratch: scratch.to_owned(),
            most,
            held: Vec::new(),
            file: None,
            ends: Vec::new(),
            bytes: Vec::new(),
        }
    }

    /// Takes a record.
    ///
    /// # Errors
    /// What the operating system says when records are set down.
    pub fn push(&mut self, record: T) -> io::Result<()> {
        if self.held.len() == self.most {
            self.set_down()?;
        }
        self.held.push(record);
        Ok(())
    }

    fn set_down(&mut self) -> io::Result<()> {
        self.held.sort_unstable();
        let file = match &mut self.file {
            Some(file) => file,
            slot => slot.insert(tempfile::tempfile_in(&self.scratch)?),
        };
        let mut written = self.ends.last().copied().unwrap_or(0);
        for part in self.held.chunks((READ / T::BYTES).max(1)) {
            self.bytes.resize(part.len() * T::BYTES, 0);
            for (record, into) in part.iter().zip(self.bytes.chunks_exact_mut(T::BYTES)) {
                record.put(into);
            }
            file.write_all(&self.bytes)?;
            written += self.bytes.len() as u64;
        }
        self.ends.push(written);
        self.held.clear();
        Ok(())
    }

    /// The records from the least to the greatest.
    ///
    /// # Errors
    /// What the operating system says when records are set down.
    pub fn finish(mut self) -> io::Result<Sorted<T>> {
        if self.file.is_none() {
            self.held.sort_unstable();
            return Ok(Sorted(Inner::Memory(self.held.into_iter())));
        }
        self.set_down()?;
        let Some(file) = self.file.take() else { return Ok(Sorted(Inner::Memory(Vec::new().into_iter()))) };
        let read = (BUDGET / self.ends.len()).clamp(T::BYTES, READ) / T::BYTES * T::BYTES;
        let mut stretches = Vec::with_capacity(self.ends.len());
        let mut start = 0;
        for end in self.ends {
            stretches.push(Stretch { next: start, end, read, bytes: Vec::new(), at: 0, of: PhantomData });
            start = end;
        }
        let mut heads = BinaryHeap::with_capacity(stretches.len());
        let mut file = file;
        for (number, stretch) in stretches.iter_mut().enumerate() {
            if let Some(record) = stretch.record(&mut file)? {
                heads.push(Reverse((record, number)));
            }
        }
        Ok(Sorted(Inner::Merged { file, stretches, heads }))
    }
}

/// Records from the least to the greatest.
#[derive(Debug)]
pub struct Sorted<T: Fixed>(Inner<T>);

#[derive(Debug)]
enum Inner<T: Fixed> {
    Memory(std::vec::IntoIter<T>),
    Merged { file: File, stretches: Vec<Stretch<T>>, heads: BinaryHeap<Reverse<(T, usize)>> },
}

impl<T: Fixed> Iterator for Sorted<T> {
    type Item = io::Result<T>;

    fn next(&mut self) -> Option<io::Result<T>> {
        match &mut self.0 {
            Inner::Memory(records) => records.next().map(Ok),
            Inner::Merged { file, stretches, heads } => {
                let mut head = heads.peek_mut()?;
                let Reverse((least, number)) = *head;
                match stretches.get_mut(number).map_or(Ok(None), |stretch| stretch.record(file)) {
                    Ok(Some(record)) => *head = Reverse((record, number)),
                    Ok(None) => drop(PeekMut::pop(head)),
                    Err(error) => return Some(Err(error)),
                }
                Some(Ok(least))
            }
        }
    }
}

/// A sorted stretch of the file, read a little at a time.
struct Stretch<T> {
    next: u64,
    end: u64,
    read: usize,
    bytes: Vec<u8>,
    at: usize,
    of: PhantomData<T>,
}

impl<T: Fixed> Stretch<T> {
    fn record(&mut self, file: &mut File) -> io::Result<Option<T>> {
        if self.at == self.bytes.len() {
            let left = usize::try_from(self.end - self.next).unwrap_or(usize::MAX);
            if left == 0 {
                return Ok(None);
            }
            self.bytes.resize(left.min(self.read), 0);
            file.seek(SeekFrom::Start(self.next))?;
            file.read_exact(&mut self.bytes)?;
            self.next += self.bytes.len() as u64;
            self.at = 0;
        }
        let record = self.bytes.get(self.at..self.at + T::BYTES).map(T::get);
        self.at += T::BYTES;
        Ok(record)
    }
}

// These show how much, and nothing of what: records may be hashes of numbers that say who somebody is.

impl<T> std::fmt::Debug for Sorter<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sorter").field("held", &self.held.len()).finish_non_exhaustive()
    }
}

impl<T> std::fmt::Debug for Stretch<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stretch").field("next", &self.next).field("end", &self.end).finish_non_exhaustive()
    }
}

/// Little-endian numbers one after another, for [`Fixed::put`] and [`Fixed::get`].
#[derive(Debug)]
pub struct Cursor<B>(B, usize);

impl<B> Cursor<B> {
    /// Begins at the first byte.
    pub fn new(bytes: B) -> Self {
        Self(bytes, 0)
    }
}

macro_rules! numbers {
    ($($name:ident: $number:ty),+) => {
        impl Cursor<&mut [u8]> {
            $(#[doc = concat!("Writes a `", stringify!($number), "`.")]
            pub fn $name(&mut self, number: $number) -> &mut Self {
                let bytes = number.to_le_bytes();
                if let Some(into) = self.0.get_mut(self.1..self.1 + bytes.len()) {
                    into.copy_from_slice(&bytes);
                }
                self.1 += bytes.len();
                self
            })+
        }

        impl Cursor<&[u8]> {
            $(#[doc = concat!("Reads a `", stringify!($number), "`; 0 beyond the end.")]
            pub fn $name(&mut self) -> $number {
                let end = self.1 + size_of::<$number>();
                let bytes = self.0.get(self.1..end).and_then(|bytes| bytes.try_into().ok());
                self.1 = end;
                bytes.map_or(0, <$number>::from_le_bytes)
            })+
        }
    };
}

numbers!(u8: u8, u16: u16, u32: u32, u64: u64, u128: u128);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    impl Fixed for (u32, u64) {
        const BYTES: usize = 12;

        fn put(&self, into: &mut [u8]) {
            Cursor::new(into).u32(self.0).u64(self.1);
        }

        fn get(from: &[u8]) -> Self {
            let mut from = Cursor::new(from);
            (from.u32(), from.u64())
        }
    }

    proptest! {
        #[test]
        fn records_come_sorted_however_few_fit_in_memory(
            records in prop::collection::vec(any::<(u32, u64)>(), 0..300), budget in 1_usize..2000
        ) {
            let scratch = tempfile::tempdir().unwrap();
            let mut sorter = Sorter::new(scratch.path(), budget);
            for record in &records {
                sorter.push(*record).unwrap();
            }
            let sorted: Vec<(u32, u64)> = sorter.finish().unwrap().collect::<io::Result<_>>().unwrap();
            let mut expected = records;
            expected.sort_unstable();
            prop_assert_eq!(sorted, expected);
            prop_assert_eq!(std::fs::read_dir(scratch.path()).unwrap().count(), 0);
        }
    }
}
