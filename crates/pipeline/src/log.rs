//! A scratch file in a run's folder that only grows, so that an interrupted run can go on from any length of it.

use crate::error::RunError;
use std::fs::{File, OpenOptions};
use std::io::{BufReader, BufWriter, Seek, SeekFrom, Write};
use std::path::PathBuf;

/// The file in the making.
pub(crate) struct Log {
    path: PathBuf,
    file: BufWriter<File>,
    length: u64,
}

impl Log {
    /// Opens the file, and cuts it to the length that is known to be whole: 0 for a new one.
    pub(crate) fn open(path: PathBuf, length: u64) -> Result<Self, RunError> {
        let failed = RunError::write(&path, "opening the scratch file");
        let opened = || {
            let mut options = OpenOptions::new();
            options.read(true).write(true).create(true).truncate(false);
            #[cfg(unix)]
            {
                use std::os::unix::fs::OpenOptionsExt;
                options.mode(0o600);
            }
            let mut file = options.open(&path)?;
            if file.metadata()?.len() < length {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            file.set_len(length)?;
            file.seek(SeekFrom::End(0))?;
            Ok(file)
        };
        let file = opened().map_err(failed)?;
        Ok(Self { path, file: BufWriter::with_capacity(1 << 16, file), length })
    }

    pub(crate) fn put(&mut self, bytes: &[u8]) -> Result<(), RunError> {
        self.length += bytes.len() as u64;
        self.file.write_all(bytes).map_err(RunError::write(&self.path, "writing"))
    }

    pub(crate) fn len(&self) -> u64 {
        self.length
    }

    /// The file's name in the folder.
    pub(crate) fn name(&self) -> String {
        self.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    }

    /// Sees to it that all of it is on the disk.
    pub(crate) fn sync(&mut self) -> Result<(), RunError> {
        let synced = self.file.flush().and_then(|()| self.file.get_ref().sync_data());
        synced.map_err(RunError::write(&self.path, "writing"))
    }

    /// The whole file from its beginning, and its length.
    pub(crate) fn read(self) -> Result<(BufReader<File>, u64), RunError> {
        let failed = RunError::write(&self.path, "reading the scratch file");
        let reopened = || {
            let mut file = self.file.into_inner().map_err(std::io::IntoInnerError::into_error)?;
            file.seek(SeekFrom::Start(0))?;
            Ok(file)
        };
        Ok((BufReader::with_capacity(1 << 16, reopened().map_err(failed)?), self.length))
    }
}
