//! The folder of a run: private, and under its final name only when it is complete.

use crate::error::RunError;
use crate::sealed::{Recipients, SUFFIX, Sink};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

/// A folder in the making, beside its final place.
pub struct Folder<'r> {
    making: PathBuf,
    finished: PathBuf,
    lock: Option<File>,
    complete: bool,
    /// Whether an interrupted run is gone on with: files may be there already.
    resumed: bool,
    /// Whether there is a checkpoint, so that what was done is worth keeping if the run is interrupted.
    keep: bool,
    written: Vec<Written>,
    /// Files that are not part of the finished run.
    scratch: Vec<PathBuf>,
    /// Those to whom every file is encrypted; nobody if the files are plain.
    recipients: Option<&'r Recipients>,
    /// Plain copies of inputs, which must not be there when the folder is finished.
    copies: Vec<PathBuf>,
}

/// A finished file.
#[derive(Clone, Debug)]
pub struct Written {
    /// Its name.
    pub name: String,
    /// Its length.
    pub bytes: u64,
    /// Its BLAKE3.
    pub blake3: String,
}

/// The file that says that a folder beside it is ours to clear away.
const LOCK: &str = ".vacatur-run";

impl<'r> Folder<'r> {
    /// Makes the folder `<finished>.partial`. One that an interrupted run left there is cleared away. With recipients, no
    /// output touches the disk but encrypted to them.
    ///
    /// # Errors
    /// A folder that is there already or is being written by another run, a full disk.
    pub fn create(finished: &Path, recipients: Option<&'r Recipients>) -> Result<Self, RunError> {
        if fs::symlink_metadata(finished).is_ok() {
            return Err(RunError::FolderExists { path: finished.to_owned() });
        }
        let making = partial(finished);
        if let Some(parent) = finished.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            fs::create_dir_all(parent).map_err(RunError::write(parent, "making the folder"))?;
        }
        if fs::symlink_metadata(&making).is_ok() {
            clear_away(&making)?;
        }
        make_private(&making).map_err(RunError::write(&making, "making the folder"))?;
        let path = making.join(LOCK);
        let lock = private_file(&path).map_err(RunError::write(&path, "making the file"))?;
        // A file system without locks loses the warning about a second run, nothing else.
        let busy = matches!(lock.try_lock(), Err(fs::TryLockError::WouldBlock));
        if busy {
            return Err(RunError::FolderBusy { path: finished.to_owned() });
        }
        Ok(Self {
            making,
            finished: finished.to_owned(),
            lock: Some(lock),
            complete: false,
            resumed: false,
            keep: false,
            written: Vec::new(),
            scratch: Vec::new(),
            recipients,
            copies: Vec::new(),
        })
    }

    /// Opens the folder that an interrupted run left. None if there is none.
    pub(crate) fn reopen(finished: &Path) -> Result<Option<Self>, RunError> {
        if fs::symlink_metadata(finished).is_ok() {
            return Err(RunError::FolderExists { path: finished.to_owned() });
        }
        let making = partial(finished);
        if !fs::symlink_metadata(&making).is_ok_and(|about| about.is_dir()) {
            return Ok(None);
        }
        let lock = own_lock(&making, finished)?;
        Ok(Some(Self {
            making,
            finished: finished.to_owned(),
            lock: Some(lock),
            complete: false,
            resumed: true,
            keep: true,
            written: Vec::new(),
            scratch: Vec::new(),
            recipients: None,
            copies: Vec::new(),
        }))
    }

    /// Begins anew in a folder that was opened again.
    pub(crate) fn clear(self) -> Result<Self, RunError> {
        let finished = self.finished.clone();
        let mut old = self;
        old.complete = true;
        drop(old);
        Self::create(&finished, None)
    }

    /// From now on an interrupted run is left where it is, to be gone on with.
    pub(crate) fn leave(&mut self) {
        self.keep = true;
    }

    /// A file that is not part of the finished run, by its name.
    pub(crate) fn scratch(&mut self, name: &str) -> PathBuf {
        let path = self.making.join(name);
        self.scratch.push(path.clone());
        path
    }

    /// A file that was written whole before the run was interrupted.
    pub(crate) fn again_whole(&self, name: &str) -> Result<Output, RunError> {
        let path = self.making.join(name);
        let about = fs::metadata(&path).map_err(RunError::write(&path, "opening again"))?;
        self.again(name, about.len())
    }

    /// A file that was written up to a length before the run was interrupted.
    pub(crate) fn again(&self, name: &str, length: u64) -> Result<Output, RunError> {
        let path = self.making.join(name);
        let failed = RunError::write(&path, "opening again");
        let opened = || {
            let mut file = OpenOptions::new().read(true).write(true).open(&path)?;
            file.set_len(length)?;
            let mut hash = blake3::Hasher::new();
            let bytes = io::copy(&mut file, &mut hash)?;
            if bytes < length { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok((file, hash)) }
        };
        let (file, hash) = opened().map_err(failed)?;
        let inner = Hashing { sink: Sink::Plain(file), hash, bytes: length };
        Ok(Output { name: name.to_owned(), path, inner: BufWriter::with_capacity(1 << 18, inner) })
    }

    /// Where working copies may stand while the run goes on.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.making
    }

    /// A new file in the folder.
    ///
    /// # Errors
    /// A full disk, a folder that may not be written to.
    pub fn file(&self, name: &str) -> Result<Output, RunError> {
        let suffix = if self.recipients.is_some() { SUFFIX } else { "" };
        let path = self.making.join(format!("{name}{suffix}"));
        if self.resumed {
            // Of the run interrupted: it is written again.
            let _ = fs::remove_file(&path);
        }
        let sink = private_file(&path)
            .and_then(|file| Sink::new(file, self.recipients))
            .map_err(RunError::write(&path, "making the file"))?;
        let inner = Hashing { sink, hash: blake3::Hasher::new(), bytes: 0 };
        Ok(Output { name: name.to_owned(), path, inner: BufWriter::with_capacity(1 << 18, inner) })
    }

    /// Keeps what is read as a file of the folder, and returns the path of a plain copy of it. If the folder is encrypted,
    /// that is another file, which [`Folder::forget_copies`] removes.
    pub(crate) fn keep(&mut self, name: &str, from: &mut dyn Read) -> Result<PathBuf, RunError> {
        let mut file = self.file(name)?;
        let path = file.path().to_owned();
        let doing = "keeping standard input";
        if self.recipients.is_none() {
            io::copy(from, &mut file).map_err(RunError::write(&path, doing))?;
            self.close(file)?;
            return Ok(path);
        }
        let plain = self.making.join(format!(".{name}"));
        self.copies.push(plain.clone());
        let mut copy = private_file(&plain).map_err(RunError::write(&plain, "making the file"))?;
        let mut buffer = vec![0; 1 << 18];
        loop {
            let got = match from.read(&mut buffer) {
                Ok(0) => break,
                Ok(got) => got,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(RunError::write(&path, doing)(error)),
            };
            let read = buffer.get(..got).unwrap_or_default();
            copy.write_all(read).map_err(RunError::write(&plain, doing))?;
            file.put(read)?;
        }
        self.close(file)?;
        Ok(plain)
    }

    /// Takes away the names of plain copies once they are open. A system that does not let go of an open file does so
    /// at the end.
    pub(crate) fn forget_copies(&mut self) {
        self.copies.retain(|path| fs::remove_file(path).is_err());
    }

    /// Writes a whole file at once.
    ///
    /// # Errors
    /// A full disk, a folder that may not be written to.
    pub fn whole(&mut self, name: &str, bytes: &[u8]) -> Result<(), RunError> {
        let mut file = self.file(name)?;
        file.put(bytes)?;
        self.close(file)
    }

    /// Finishes a file: everything is on the disk, or it is an error.
    ///
    /// # Errors
    /// A full disk, a folder that may not be written to.
    pub fn close(&mut self, output: Output) -> Result<(), RunError> {
        let Output { name, path, inner } = output;
        let hashing =
            inner.into_inner().map_err(|error| RunError::write(&path, "writing")(error.into_error()))?;
        let Hashing { sink, hash, bytes } = hashing;
        sink.finish().map_err(RunError::write(&path, "writing"))?;
        let written = Written { name, bytes, blake3: hash.finalize().to_hex().to_string() };
        crate::events::written(&written);
        self.written.push(written);
        Ok(())
    }

    /// The files finished so far, by name.
    #[must_use]
    pub fn written(&self) -> Vec<Written> {
        let mut written = self.written.clone();
        written.sort_by(|a, b| a.name.cmp(&b.name));
        written
    }

    /// Gives the folder its final name.
    ///
    /// # Errors
    /// A full disk, a folder that may not be written to.
    pub fn finish(mut self) -> Result<PathBuf, RunError> {
        for path in &self.copies {
            fs::remove_file(path).map_err(RunError::write(path, "removing the file"))?;
        }
        drop(self.lock.take());
        // The checkpoint was named last and goes first: it must never speak of files that are gone.
        for path in self.scratch.iter().rev().chain([&self.making.join(LOCK)]) {
            match fs::remove_file(path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(RunError::write(path, "removing the file")(error));
                }
                _ => {}
            }
        }
        if fs::symlink_metadata(&self.finished).is_ok() {
            return Err(RunError::FolderExists { path: self.finished.clone() });
        }
        fs::rename(&self.making, &self.finished)
            .map_err(RunError::write(&self.finished, "naming the folder"))?;
        self.complete = true;
        Ok(self.finished.clone())
    }
}

impl Drop for Folder<'_> {
    fn drop(&mut self) {
        if !self.complete && !self.keep {
            drop(self.lock.take());
            // Best effort: what cannot be removed is cleared away by the next run.
            let _ = fs::remove_dir_all(&self.making);
        }
    }
}

/// The name of a folder in the making.
fn partial(finished: &Path) -> PathBuf {
    let mut name = finished.file_name().unwrap_or(finished.as_os_str()).to_owned();
    name.push(".partial");
    finished.with_file_name(name)
}

/// The lock of a folder that an interrupted run left, if nobody is using it.
fn own_lock(making: &Path, finished: &Path) -> Result<File, RunError> {
    let path = making.join(LOCK);
    let lock = match OpenOptions::new().read(true).write(true).open(&path) {
        Ok(lock) => lock,
        Err(_) if is_left(making) => {
            private_file(&path).map_err(RunError::write(&path, "making the file"))?
        }
        // Not ours: do not touch it.
        Err(_) => return Err(RunError::FolderExists { path: making.to_owned() }),
    };
    if matches!(lock.try_lock(), Err(fs::TryLockError::WouldBlock)) {
        return Err(RunError::FolderBusy { path: finished.to_owned() });
    }
    Ok(lock)
}

/// Whether a folder without a lock is one that a run left: killed before it had made the lock, when nothing is in it, or
/// after it had removed it and before the folder had its name, when the manifest is.
fn is_left(making: &Path) -> bool {
    let empty = fs::read_dir(making).is_ok_and(|mut entries| entries.next().is_none());
    let finished = || {
        let start = fs::read(making.join("manifest.json")).unwrap_or_default();
        let start = String::from_utf8_lossy(&start);
        start.starts_with("{\n  \"program\": {") || start.starts_with("{\n  \"schema\": \"vacatur-")
    };
    empty || finished()
}

/// Removes what an interrupted run left, if nobody is using it.
fn clear_away(making: &Path) -> Result<(), RunError> {
    drop(own_lock(making, making)?);
    fs::remove_dir_all(making).map_err(RunError::write(making, "clearing away an interrupted run"))
}

#[cfg(unix)]
fn make_private(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().mode(0o700).create(path)
}

#[cfg(not(unix))]
fn make_private(path: &Path) -> io::Result<()> {
    fs::create_dir(path)
}

/// A new file that only its owner can read.
pub(crate) fn private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}

/// A file being written.
pub struct Output {
    name: String,
    path: PathBuf,
    inner: BufWriter<Hashing>,
}

impl Output {
    /// Appends bytes.
    ///
    /// # Errors
    /// A full disk, a folder that may not be written to.
    pub fn put(&mut self, bytes: &[u8]) -> Result<(), RunError> {
        self.inner.write_all(bytes).map_err(RunError::write(&self.path, "writing"))
    }

    /// The error for a write that a library made.
    pub(crate) fn failed(path: &Path, error: impl std::fmt::Display) -> RunError {
        RunError::Write {
            path: path.to_owned(),
            doing: "writing",
            error: io::Error::other(error.to_string()),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// How long it is.
    pub(crate) fn len(&self) -> u64 {
        self.inner.get_ref().bytes + self.inner.buffer().len() as u64
    }

    /// Sees to it that all of it is on the disk, and returns its length.
    pub(crate) fn sync(&mut self) -> Result<u64, RunError> {
        let synced = self.inner.flush().and_then(|()| self.inner.get_ref().sink.sync());
        synced.map_err(RunError::write(&self.path, "writing"))?;
        Ok(self.inner.get_ref().bytes)
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.inner.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Takes the hash of what was written, before it is encrypted.
struct Hashing {
    sink: Sink,
    hash: blake3::Hasher,
    bytes: u64,
}

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.sink.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.sink.flush()
    }
}
