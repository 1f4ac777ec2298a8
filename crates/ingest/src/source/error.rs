//! Why an input cannot be opened, and what to do about it.

use std::io;

/// An input that cannot be read at all. The text names the file and says what to do; it holds nothing of the content.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// There is no such file.
    #[error("{name}: there is no such file; check the spelling and the folder")]
    Missing {
        /// The input.
        name: String,
    },
    /// It is a folder.
    #[error("{name}: this is a folder; name the files in it, for example {name}/*")]
    Directory {
        /// The input.
        name: String,
    },
    /// The operating system does not let us read it.
    #[error("{name}: reading it is not permitted; ask its owner, or copy it to where you may read it")]
    Permission {
        /// The input.
        name: String,
    },
    /// It has no content.
    #[error("{name}: the file is empty; the transfer may have failed, fetch it again")]
    Empty {
        /// The input.
        name: String,
    },
    /// It is something else than text.
    #[error("{name}: this is {what}, not a text file of rows; {hint}")]
    NotText {
        /// The input.
        name: String,
        /// What it seems to be.
        what: &'static str,
        /// What to do.
        hint: &'static str,
    },
    /// It ends before the compressed data does, or the data is damaged.
    #[error("{name}: the compressed data is damaged or cut off ({error}); fetch the file again")]
    Damaged {
        /// The input.
        name: String,
        /// What the decompressor says.
        error: io::Error,
    },
    /// The archive's table of contents cannot be read, or a member is packed in a way that is not supported.
    #[error("{name}: the zip archive cannot be read ({error}); unpack it yourself and name the files")]
    Archive {
        /// The input.
        name: String,
        /// What the reader says.
        error: zip::result::ZipError,
    },
    /// A member of the archive asks for a password.
    #[error("{name}: this is protected by a password; unpack the archive yourself and name the file")]
    Encrypted {
        /// The input.
        name: String,
    },
    /// The archive holds no files.
    #[error("{name}: the archive holds no files")]
    EmptyArchive {
        /// The input.
        name: String,
    },
    /// The archive holds more files than anybody packs.
    #[error(
        "{name}: the archive holds {found} files, more than {limit}; unpack it yourself and name the files"
    )]
    TooManyMembers {
        /// The input.
        name: String,
        /// How many there are.
        found: usize,
        /// The most that are read.
        limit: usize,
    },
    /// The archive is put together in a way in which rows could be lost or read twice.
    #[error("{name}: the zip archive is not sound: {what}; unpack it yourself and name the files")]
    OddArchive {
        /// The input.
        name: String,
        /// What is wrong with it.
        what: &'static str,
    },
    /// It unpacks to far more than any text would.
    #[error(
        "{name}: it unpacks to more than {limit} times its size, which no extract does, so it was not read on; if it is \
         sound, unpack it yourself and name the file"
    )]
    Bomb {
        /// The input.
        name: String,
        /// The greatest ratio allowed.
        limit: u64,
    },
    /// The scratch directory cannot take the decoded file.
    #[error(
        "{name}: cannot write a working copy in the scratch directory ({error}); free some space or choose another one"
    )]
    Scratch {
        /// The input.
        name: String,
        /// What the operating system says.
        error: io::Error,
    },
    /// Any other failure to read.
    #[error("{name}: cannot be read ({error})")]
    Read {
        /// The input.
        name: String,
        /// What the operating system says.
        error: io::Error,
    },
}

impl SourceError {
    /// The error that an attempt to open or read a file has met.
    pub(super) fn from_io(name: &str, error: io::Error) -> Self {
        let name = name.to_owned();
        match error.kind() {
            io::ErrorKind::NotFound => Self::Missing { name },
            io::ErrorKind::PermissionDenied => Self::Permission { name },
            io::ErrorKind::IsADirectory => Self::Directory { name },
            _ => Self::Read { name, error },
        }
    }
}
