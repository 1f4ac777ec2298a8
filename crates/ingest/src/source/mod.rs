//! Files as they are handed in, made into plain bytes that can be read at any place.
//!
//! What a file is, is told by its content and never by its name: plain text, gzip, zip, UTF-16, old Macintosh line
//! ends. A plain regular file is read in place. Everything else is decoded once into an unnamed private file in the
//! scratch directory, so that all later passes see the same thing: text in one byte order with `\n` in it.

mod error;
mod open;
mod sniff;
mod spool;
#[cfg(test)]
mod tests;
mod whole;

use std::fmt;
use std::fs::{File, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

pub use error::SourceError;
pub(crate) use open::open_documents;
pub use open::{Limits, open, open_within};
pub use whole::read_whole;

/// What a user names as an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// Standard input, written `-`.
    Stdin,
    /// A file.
    Path(PathBuf),
}

impl Input {
    /// The input that a word on the command line stands for.
    #[must_use]
    pub fn named(word: &Path) -> Self {
        if word.as_os_str() == "-" { Self::Stdin } else { Self::Path(word.to_owned()) }
    }

    /// The name for messages and manifests.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Stdin => "standard input".to_owned(),
            Self::Path(path) => path.display().to_string(),
        }
    }
}

/// How a source was packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Compression {
    /// Not at all.
    None,
    /// gzip, possibly of several parts.
    Gzip,
    /// A member of a zip archive.
    Zip,
}

impl fmt::Display for Compression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "none",
            Self::Gzip => "gzip",
            Self::Zip => "zip",
        })
    }
}

/// Something about a source that a user should know and that stops nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Note {
    /// It began with the UTF-8 byte order mark, which was skipped.
    Utf8Mark,
    /// It was UTF-16 and was turned into UTF-8.
    Utf16 {
        /// Whether some of it was not valid UTF-16 and was replaced.
        damaged: bool,
    },
    /// Its lines ended with a carriage return alone, which was turned into a newline.
    OldMacLineEnds,
    /// It came through a pipe and was set down in the scratch directory.
    Piped,
    /// It has a header row and nothing else.
    HeaderOnly,
    /// It has a header row in the middle, as files do that were put together; how many.
    HeadersInside(u64),
    /// Its content is that of an earlier source, and was not read twice.
    SameAs(usize),
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Utf8Mark => f.write_str("begins with a UTF-8 byte order mark, which was skipped"),
            Self::Utf16 { damaged: false } => f.write_str("is UTF-16 and was read as such"),
            Self::Utf16 { damaged: true } => {
                f.write_str("is UTF-16 with invalid places, which were replaced by the character U+FFFD")
            }
            Self::OldMacLineEnds => {
                f.write_str("ends its lines with a carriage return alone; each was read as a line end")
            }
            Self::Piped => f.write_str("came through a pipe"),
            Self::HeaderOnly => f.write_str("has a header row and no rows under it"),
            Self::HeadersInside(1) => f.write_str("has one more header row further down, which was skipped"),
            Self::HeadersInside(n) => write!(f, "has {n} more header rows further down, which were skipped"),
            Self::SameAs(earlier) => {
                write!(f, "has the same content as input {}, and was left out", earlier + 1)
            }
        }
    }
}

/// One file of rows: plain bytes, readable at any place from several threads at once.
#[derive(Debug)]
pub struct Source {
    name: String,
    member: Option<String>,
    compression: Compression,
    /// Bytes of the file or archive member as it was handed in.
    bytes: u64,
    /// Bytes of text.
    len: u64,
    notes: Vec<Note>,
    store: Store,
}

enum Store {
    /// The text begins at `start` in the file.
    File {
        file: File,
        start: u64,
        /// The user's own file, which somebody may be writing to; none for a working copy.
        opened: Option<Opened>,
    },
    Memory(Vec<u8>),
}

/// What the operating system said of a file when it was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Opened {
    len: u64,
    modified: Option<SystemTime>,
}

impl Opened {
    fn of(about: &Metadata) -> Self {
        Self { len: about.len(), modified: about.modified().ok() }
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Never the bytes: they hold names.
        f.write_str(match self {
            Self::File { .. } => "File",
            Self::Memory(_) => "Memory",
        })
    }
}

impl Source {
    /// A source of bytes that are at hand: for tests, demonstrations and documentation. They are taken as they are.
    #[must_use]
    pub fn from_bytes(name: &str, bytes: Vec<u8>) -> Self {
        let len = bytes.len() as u64;
        Self {
            name: name.to_owned(),
            member: None,
            compression: Compression::None,
            bytes: len,
            len,
            notes: Vec::new(),
            store: Store::Memory(bytes),
        }
    }

    /// A file as it stands, for formats that are archives themselves. Standard input is set down in `scratch` first.
    ///
    /// # Errors
    /// What [`open`] says of a file that cannot be read.
    pub(crate) fn as_it_is(input: &Input, scratch: &Path) -> Result<Self, SourceError> {
        let name = input.name();
        let wrong = |error| SourceError::from_io(&name, error);
        let (file, opened, notes) = match input {
            Input::Path(path) => {
                let file = File::open(path).map_err(wrong)?;
                let about = file.metadata().map_err(wrong)?;
                if about.is_dir() {
                    return Err(SourceError::Directory { name });
                }
                (file, Some(Opened::of(&about)), Vec::new())
            }
            Input::Stdin => {
                let mut file = tempfile::tempfile_in(scratch).map_err(wrong)?;
                io::copy(&mut io::stdin().lock(), &mut file).map_err(wrong)?;
                (file, None, vec![Note::Piped])
            }
        };
        let len = file.metadata().map_err(wrong)?.len();
        if len == 0 {
            return Err(SourceError::Empty { name });
        }
        let store = Store::File { file, start: 0, opened };
        Ok(Self { name, member: None, compression: Compression::None, bytes: len, len, notes, store })
    }

    /// The name as it was given; for a member of an archive, `archive.zip/member`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The member of the archive that this is, if it is one.
    #[must_use]
    pub fn member(&self) -> Option<&str> {
        self.member.as_deref()
    }

    /// How it was packed.
    #[must_use]
    pub fn compression(&self) -> Compression {
        self.compression
    }

    /// The length as handed in: of the file, or of the packed archive member.
    #[must_use]
    pub fn original_len(&self) -> u64 {
        self.bytes
    }

    /// The length of the text, to which every offset refers.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether there is no text.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// What the user should know about it.
    #[must_use]
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// Whether the file is another one than when it was opened: it has grown, become shorter, or been written to.
    ///
    /// # Errors
    /// Whatever the operating system says.
    pub fn has_changed(&self) -> io::Result<bool> {
        match &self.store {
            Store::File { file, opened: Some(opened), .. } => Ok(Opened::of(&file.metadata()?) != *opened),
            Store::File { opened: None, .. } | Store::Memory(_) => Ok(false),
        }
    }

    /// Reads bytes at a place, as many as there are up to the buffer's length. Threads may call this at once.
    ///
    /// # Errors
    /// Whatever the operating system says; and [`io::ErrorKind::UnexpectedEof`] if the file has become shorter.
    pub fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        let wanted = into.len().min(usize::try_from(self.len.saturating_sub(offset)).unwrap_or(usize::MAX));
        let into = &mut into[..wanted];
        match &self.store {
            Store::Memory(bytes) => {
                let start = usize::try_from(offset).unwrap_or(usize::MAX).min(bytes.len());
                into.copy_from_slice(&bytes[start..start + wanted]);
            }
            Store::File { file, start, .. } => read_exact_at(file, into, start + offset)?,
        }
        Ok(wanted)
    }
}

/// Fills a buffer from a place in a file. Several threads may read the same file.
///
/// # Errors
/// What the operating system says; and [`io::ErrorKind::UnexpectedEof`] if the file is shorter.
#[cfg(unix)]
pub fn read_exact_at(file: &File, into: &mut [u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, into, offset)
}

/// Fills a buffer from a place in a file. Several threads may read the same file.
///
/// # Errors
/// What the operating system says; and [`io::ErrorKind::UnexpectedEof`] if the file is shorter.
#[cfg(windows)]
pub fn read_exact_at(file: &File, mut into: &mut [u8], mut offset: u64) -> io::Result<()> {
    while !into.is_empty() {
        match std::os::windows::fs::FileExt::seek_read(file, into, offset) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(n) => {
                into = &mut into[n..];
                offset += n as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Fills a buffer from a place in a file. Several threads may read the same file.
///
/// # Errors
/// What the operating system says; and [`io::ErrorKind::UnexpectedEof`] if the file is shorter.
#[cfg(not(any(unix, windows)))]
pub fn read_exact_at(file: &File, into: &mut [u8], offset: u64) -> io::Result<()> {
    use std::io::{Read, Seek, SeekFrom};
    use std::sync::Mutex;
    // No positioned read here: one reader at a time moves the file's own position.
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = TURN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let mut file = file;
    file.seek(SeekFrom::Start(offset))?;
    file.read_exact(into)
}
