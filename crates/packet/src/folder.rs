//! The folder of a packet: private, and under its final name only when it is complete.

use crate::error::PacketError;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// A finished file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// Its name in the packet, with `/` between folders.
    pub name: String,
    /// Its length.
    pub bytes: u64,
    /// Its SHA-256.
    pub sha256: String,
}

/// A folder in the making, beside its final place.
pub(crate) struct Folder {
    making: PathBuf,
    finished: PathBuf,
}

/// The file that says that a folder is an unfinished packet, and how far it came.
pub(crate) const PROGRESS: &str = ".packet-progress.jsonl";

impl Folder {
    /// Makes `<finished>.partial`. One that an interrupted packet left there is gone on with, or cleared away.
    ///
    /// # Errors
    /// A folder that exists, or that cannot be made.
    pub(crate) fn open(finished: &Path, resume: bool) -> Result<(Self, bool), PacketError> {
        if fs::symlink_metadata(finished).is_ok() {
            return Err(PacketError::Exists { path: finished.to_owned() });
        }
        let mut name = finished.file_name().unwrap_or(finished.as_os_str()).to_owned();
        name.push(".partial");
        let making = finished.with_file_name(name);
        let there = fs::symlink_metadata(&making).is_ok();
        let ours = making.join(PROGRESS).is_file();
        if there && !ours {
            return Err(PacketError::NotOurs { path: making });
        }
        let folder = Self { making, finished: finished.to_owned() };
        if there {
            let progress =
                File::open(folder.making.join(PROGRESS)).map_err(PacketError::write(&folder.making))?;
            if matches!(progress.try_lock(), Err(fs::TryLockError::WouldBlock)) {
                return Err(PacketError::Busy { path: folder.finished });
            }
        }
        if there && !resume {
            fs::remove_dir_all(&folder.making).map_err(PacketError::write(&folder.making))?;
        }
        if !there || !resume {
            if let Some(parent) = finished.parent().filter(|parent| !parent.as_os_str().is_empty()) {
                fs::create_dir_all(parent).map_err(PacketError::write(parent))?;
            }
            make_private(&folder.making).map_err(PacketError::write(&folder.making))?;
            private_file(&folder.making.join(PROGRESS)).map_err(PacketError::write(&folder.making))?;
        }
        Ok((folder, there && resume))
    }

    /// The folder in the making.
    #[must_use]
    pub(crate) fn path(&self) -> &Path {
        &self.making
    }

    /// A file, open for writing; what was there under this name is replaced when it is finished.
    ///
    /// # Errors
    /// A file that cannot be made.
    pub(crate) fn create(&self, name: &str) -> Result<Output, PacketError> {
        Output::create(&self.making, name)
    }

    /// A whole file at once.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> Result<Written, PacketError> {
        let mut output = self.create(name)?;
        output.write_all(bytes).map_err(PacketError::write(&self.making.join(name)))?;
        output.finish()
    }

    /// Gives the folder its final name.
    ///
    /// # Errors
    /// A folder that cannot be renamed.
    pub(crate) fn finish(self) -> Result<(), PacketError> {
        // A packet that is cut off between the two is whole, and has one file too many.
        fs::rename(&self.making, &self.finished).map_err(PacketError::write(&self.finished))?;
        fs::remove_file(self.finished.join(PROGRESS)).map_err(PacketError::write(&self.finished))
    }
}

/// A file being written under another name, and hashed on its way.
pub(crate) struct Output {
    file: BufWriter<File>,
    hash: Sha256,
    bytes: u64,
    name: String,
    path: PathBuf,
    making: PathBuf,
}

impl Output {
    fn create(folder: &Path, name: &str) -> Result<Self, PacketError> {
        let path = folder.join(name);
        let making = path.with_file_name(format!(
            ".{}.partial",
            path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default()
        ));
        if let Some(parent) = path.parent() {
            make_private(parent).map_err(PacketError::write(parent))?;
        }
        let file = private_file(&making).map_err(PacketError::write(&path))?;
        Ok(Self {
            file: BufWriter::with_capacity(1 << 17, file),
            hash: Sha256::new(),
            bytes: 0,
            name: name.to_owned(),
            path,
            making,
        })
    }

    /// Writes what is left and gives the file its name.
    ///
    /// # Errors
    /// A full disk, or a file under this name that is locked.
    pub(crate) fn finish(mut self) -> Result<Written, PacketError> {
        self.file.flush().map_err(PacketError::write(&self.path))?;
        // Papers of single cases are too many to wait for the disk for each.
        if !self.name.contains("/cases/") {
            self.file.get_ref().sync_all().map_err(PacketError::write(&self.path))?;
        }
        fs::rename(&self.making, &self.path).map_err(PacketError::write(&self.path))?;
        Ok(Written { name: self.name, bytes: self.bytes, sha256: hex(&self.hash.finalize()) })
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hash.update(bytes.get(..written).unwrap_or_default());
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// The SHA-256 of a file.
///
/// # Errors
/// A file that cannot be read.
pub(crate) fn sha256_of_file(path: &Path) -> io::Result<(u64, String)> {
    let mut hash = Sha256::new();
    let mut file = File::open(path)?;
    let (mut bytes, mut buffer) = (0, vec![0; 1 << 16]);
    loop {
        let read = io::Read::read(&mut file, &mut buffer)?;
        if read == 0 {
            return Ok((bytes, hex(&hash.finalize())));
        }
        hash.update(buffer.get(..read).unwrap_or_default());
        bytes += read as u64;
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        for half in [byte >> 4, byte & 15] {
            text.push(char::from_digit(u32::from(half), 16).unwrap_or('0'));
        }
        text
    })
}

/// Makes a folder, and those above it that are missing, for the owner alone.
fn make_private(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

pub(crate) fn private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
