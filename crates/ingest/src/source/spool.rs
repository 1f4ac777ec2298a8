//! Decoding a stream once into a private file.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use super::sniff::Encoding;
use super::{Limits, SourceError};

/// A decoded stream, set down.
pub(super) struct Spooled {
    pub(super) file: File,
    pub(super) len: u64,
    /// Whether some of the text was not valid in its encoding.
    pub(super) damaged: bool,
}

/// How to turn the stream into text.
#[derive(Clone, Copy)]
pub(super) struct Decoding {
    pub(super) encoding: Encoding,
    /// Carriage returns are line ends and become newlines.
    pub(super) old_mac: bool,
    /// Byte order mark to skip.
    pub(super) mark: usize,
}

impl Decoding {
    /// Bytes as they are.
    pub(super) const RAW: Self = Self { encoding: Encoding::Bytes, old_mac: false, mark: 0 };
}

/// What the length of unpacked text is compared with.
pub(super) enum Packed<'a> {
    /// Nothing is packed.
    Not,
    /// The packed bytes read so far.
    Stream { read: &'a Cell<u64> },
    /// The whole archive's length, and what its members have come to so far: what an archive says of the size of one
    /// member need not be true.
    Member { archive: u64, unpacked: &'a Cell<u64> },
}

impl Packed<'_> {
    /// Takes note of more text. Says whether it is more than any sound file would come to.
    fn is_bomb(&self, more: u64, len: u64, limits: &Limits) -> bool {
        let (packed, unpacked) = match self {
            Self::Not => return false,
            Self::Stream { read } => (read.get(), len),
            Self::Member { archive, unpacked } => {
                unpacked.set(unpacked.get().saturating_add(more));
                (*archive, unpacked.get())
            }
        };
        unpacked > limits.unpacked_floor && unpacked / limits.expansion.max(1) > packed
    }
}

/// Reads the stream to its end into an unnamed file that only this user can read and that is gone when it is closed.
pub(super) fn spool(
    stream: &mut dyn Read,
    name: &str,
    decoding: Decoding,
    packed: &Packed<'_>,
    scratch: &Path,
    limits: &Limits,
) -> Result<Spooled, SourceError> {
    let scratch_error = |error| SourceError::Scratch { name: name.to_owned(), error };
    let mut file = tempfile::tempfile_in(scratch).map_err(scratch_error)?;
    let mut decoder = match decoding.encoding {
        Encoding::Bytes => None,
        Encoding::Utf16Le => Some(encoding_rs::UTF_16LE.new_decoder_without_bom_handling()),
        Encoding::Utf16Be => Some(encoding_rs::UTF_16BE.new_decoder_without_bom_handling()),
    };
    let mut input = vec![0_u8; 256 * 1024];
    let mut output = vec![0_u8; if decoder.is_some() { 1024 * 1024 } else { 0 }];
    let mut skip = decoding.mark;
    let (mut len, mut damaged) = (0_u64, false);
    loop {
        let got = match stream.read(&mut input) {
            Ok(got) => got,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) if !matches!(packed, Packed::Not) => {
                return Err(SourceError::Damaged { name: name.to_owned(), error });
            }
            Err(error) => return Err(SourceError::from_io(name, error)),
        };
        let before = len;
        let skipped = skip.min(got);
        skip -= skipped;
        let mut rest = &mut input[skipped..got];
        loop {
            let text = match &mut decoder {
                None => std::mem::take(&mut rest),
                Some(decoder) => {
                    let (_, read, written, errors) = decoder.decode_to_utf8(rest, &mut output, got == 0);
                    damaged |= errors;
                    rest = &mut rest[read..];
                    &mut output[..written]
                }
            };
            if decoding.old_mac {
                text.iter_mut().filter(|b| **b == b'\r').for_each(|b| *b = b'\n');
            }
            len += text.len() as u64;
            file.write_all(text).map_err(scratch_error)?;
            if rest.is_empty() {
                break;
            }
        }
        if packed.is_bomb(len - before, len, limits) {
            return Err(SourceError::Bomb { name: name.to_owned(), limit: limits.expansion });
        }
        if got == 0 {
            return Ok(Spooled { file, len, damaged });
        }
    }
}

/// A stream that keeps count of what is read from it.
pub(super) struct Counted<'a, R> {
    pub(super) inner: R,
    pub(super) count: &'a Cell<u64>,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let got = self.inner.read(into)?;
        self.count.set(self.count.get() + got as u64);
        Ok(got)
    }
}

/// The first bytes of a stream, as many as are wanted if there are so many.
pub(super) fn head(stream: &mut dyn Read, wanted: usize) -> io::Result<Vec<u8>> {
    let mut head = Vec::with_capacity(wanted);
    stream.take(wanted as u64).read_to_end(&mut head)?;
    Ok(head)
}
