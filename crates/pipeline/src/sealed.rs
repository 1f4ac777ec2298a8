//! Outputs that only certain people can read: encrypted in the age format, as they are written.
//!
//! The format is that of age (<https://age-encryption.org/v1>), so that the files open with other programs too. What is
//! hashed for the manifest is the plaintext: encryption draws a new key for each file, so that its bytes are never the
//! same twice, and the manifest's hashes keep the promise that the same inputs give the same bytes.

use crate::decide::{Phase, Progress};
use crate::error::RunError;
use crate::finished::{INPUTS, MANIFEST, is_plain_name};
use crate::folder::{Folder, private_file};
use crate::manifest::Manifest;
use crate::sign::SIGNATURE;
use age::secrecy::ExposeSecret;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};

/// What an encrypted file is called after its own name.
pub(crate) const SUFFIX: &str = ".age";

/// The most bytes that a manifest has; more than that is none.
const LARGEST_MANIFEST: u64 = 1 << 28;

/// Those who will be able to read a run.
pub struct Recipients(Vec<Box<dyn age::Recipient + Send + Sync>>);

impl Recipients {
    /// Reads recipients as they are given one by one, and from files with one on each line. `None` if there are none
    /// at all: then nothing is encrypted.
    ///
    /// # Errors
    /// A file that cannot be read or holds no recipient, a word that is none, recipients that do not go together.
    pub fn read(words: &[String], files: &[PathBuf]) -> Result<Option<Self>, RunError> {
        let mut recipients = Vec::new();
        for word in words {
            // A secret key given by mistake is not shown again.
            let found = recipient(word).ok_or_else(|| RunError::Key {
                file: "--encrypt-to".into(),
                what: if word.to_ascii_uppercase().starts_with("AGE-") {
                    "this is a secret key; a recipient, its public half, begins with age1".into()
                } else {
                    format!("`{word}` is no recipient of age, which begins with age1")
                },
            })?;
            recipients.push(found);
        }
        for path in files {
            let file = path.display().to_string();
            let refuse = |what: String| RunError::Key { file: file.clone(), what };
            let text = std::fs::read_to_string(path)
                .map_err(|error| refuse(format!("the file of recipients cannot be read: {error}")))?;
            let before = recipients.len();
            for (number, line) in text.lines().enumerate() {
                let line = line.trim();
                if line.is_empty() || line.starts_with('#') {
                    continue;
                }
                // Not the line itself: it may be a secret key that stands in the wrong file.
                let what = format!("line {} is no recipient of age, which begins with age1", number + 1);
                recipients.push(recipient(line).ok_or_else(|| refuse(what))?);
            }
            if recipients.len() == before {
                return Err(refuse("the file holds no recipient".into()));
            }
        }
        if recipients.is_empty() {
            return Ok(None);
        }
        let recipients = Self(recipients);
        recipients
            .encryptor()
            .map_err(|what| RunError::Key { file: "the recipients do not go together".into(), what })?;
        Ok(Some(recipients))
    }

    fn encryptor(&self) -> Result<age::Encryptor, String> {
        let all = self.0.iter().map(|recipient| &**recipient as &dyn age::Recipient);
        age::Encryptor::with_recipients(all).map_err(|error| error.to_string())
    }
}

fn recipient(word: &str) -> Option<Box<dyn age::Recipient + Send + Sync>> {
    if let Ok(found) = word.parse::<age::x25519::Recipient>() {
        return Some(Box::new(found));
    }
    if let Ok(found) = word.parse::<age::tag::Recipient>() {
        return Some(Box::new(found));
    }
    word.parse::<age::tagpq::Recipient>().ok().map(|found| Box::new(found) as _)
}

/// Where the bytes of a file go: to the disk as they are, or encrypted on the way.
pub(crate) enum Sink {
    Plain(File),
    Sealed(Box<age::stream::StreamWriter<File>>),
}

impl Sink {
    pub(crate) fn new(file: File, recipients: Option<&Recipients>) -> io::Result<Self> {
        let Some(recipients) = recipients else { return Ok(Self::Plain(file)) };
        let encryptor = recipients.encryptor().map_err(io::Error::other)?;
        Ok(Self::Sealed(Box::new(encryptor.wrap_output(file)?)))
    }

    /// Sees to it that what was written so far is on the disk. Only of a plain file can it be said what that is.
    pub(crate) fn sync(&self) -> io::Result<()> {
        match self {
            Self::Plain(file) => file.sync_data(),
            Self::Sealed(_) => Err(io::ErrorKind::Unsupported.into()),
        }
    }

    /// Everything is on the disk, or it is an error.
    pub(crate) fn finish(self) -> io::Result<()> {
        match self {
            Self::Plain(file) => file.sync_all(),
            Self::Sealed(stream) => stream.finish()?.sync_all(),
        }
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(file) => file.write(bytes),
            Self::Sealed(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(file) => file.flush(),
            Self::Sealed(stream) => stream.flush(),
        }
    }
}

/// A run to be decrypted.
pub struct Unseal<'a> {
    /// The encrypted folder.
    pub run: &'a Path,
    /// Files of identities, as `age-keygen` writes them.
    pub identities: &'a [PathBuf],
    /// The folder to make.
    pub out: &'a Path,
}

/// A decrypted run.
#[derive(Debug)]
pub struct Unsealed {
    /// Its folder.
    pub folder: PathBuf,
    /// How many files were decrypted.
    pub files: usize,
    /// Their length in bytes, together.
    pub bytes: u64,
}

type Identities = Vec<Box<dyn age::Identity + Send + Sync>>;

/// Decrypts the folder of a run. The new folder is under its name only when every file is there and has the hash that
/// the manifest lists for it.
///
/// # Errors
/// A folder that is no encrypted run, an identity that does not open it, a file that was changed, a full disk.
pub fn decrypt(asked: &Unseal<'_>, progress: &dyn Progress) -> Result<Unsealed, RunError> {
    let broken = |what: String| RunError::NotSealed { path: asked.run.to_owned(), what };
    let sealed_manifest = asked.run.join(format!("{MANIFEST}{SUFFIX}"));
    if !sealed_manifest.is_file() {
        let plain = asked.run.join(MANIFEST).is_file();
        let what = if plain { "its files are not encrypted" } else { "it has no manifest.json.age" };
        return Err(broken(what.into()));
    }
    let identities = identities(asked.identities)?;
    let mut bytes = Vec::new();
    open(&sealed_manifest, &identities)?
        .take(LARGEST_MANIFEST)
        .read_to_end(&mut bytes)
        .map_err(|error| broken(format!("{MANIFEST}{SUFFIX} cannot be decrypted: {error}")))?;
    let manifest: Manifest =
        serde_json::from_slice(&bytes).map_err(|error| broken(format!("{MANIFEST}: {error}")))?;
    let mut names: BTreeSet<&str> = manifest.outputs.iter().map(|output| output.name.as_str()).collect();
    names.extend([INPUTS, MANIFEST]);
    if let Some(name) = names.iter().find(|name| !is_plain_name(name)) {
        return Err(broken(format!("the manifest lists `{name}`, which is no name of a file in it")));
    }
    let mut signed = false;
    let entries = std::fs::read_dir(asked.run).map_err(|error| broken(error.to_string()))?;
    for entry in entries {
        let name = entry.map_err(|error| broken(error.to_string()))?.file_name();
        let name = name.to_string_lossy();
        signed |= name == SIGNATURE;
        let known = name == SIGNATURE || name.strip_suffix(SUFFIX).is_some_and(|name| names.contains(name));
        if !known {
            return Err(broken(format!("it holds `{name}`, which its manifest does not list")));
        }
    }
    progress.phase(Phase::Decrypt, manifest.outputs.iter().map(|output| output.bytes).sum());
    let mut folder = Folder::create(asked.out, None)?;
    let mut buffer = vec![0; 1 << 18];
    for name in &names {
        let sealed = format!("{name}{SUFFIX}");
        let mut from = open(&asked.run.join(&sealed), &identities)?;
        let mut to = folder.file(name)?;
        loop {
            let got = match from.read(&mut buffer) {
                Ok(0) => break,
                Ok(got) => got,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(broken(format!("{sealed} was changed or cut off: {error}"))),
            };
            to.put(buffer.get(..got).unwrap_or_default())?;
            progress.advance(got as u64);
        }
        folder.close(to)?;
    }
    if signed {
        let bytes = std::fs::read(asked.run.join(SIGNATURE)).map_err(|error| broken(error.to_string()))?;
        folder.whole(SIGNATURE, &bytes)?;
    }
    let written = folder.written();
    for output in &manifest.outputs {
        let same = written.iter().any(|file| file.name == output.name && file.blake3 == output.blake3);
        if !same {
            return Err(broken(format!(
                "{}{SUFFIX} does not hold the content that the manifest lists",
                output.name
            )));
        }
    }
    let (files, bytes) = (written.len(), written.iter().map(|file| file.bytes).sum());
    Ok(Unsealed { folder: folder.finish()?, files, bytes })
}

/// A stream of the plaintext.
fn open(path: &Path, identities: &Identities) -> Result<impl Read + use<>, RunError> {
    let refuse = |what: String| RunError::Key { file: path.display().to_string(), what };
    let file = File::open(path).map_err(|error| refuse(format!("the file cannot be opened: {error}")))?;
    let decryptor = age::Decryptor::new_buffered(BufReader::with_capacity(1 << 18, file))
        .map_err(|error| refuse(format!("the file is not in the age format ({error})")))?;
    decryptor.decrypt(identities.iter().map(|identity| &**identity as &dyn age::Identity)).map_err(|error| {
        refuse(match error {
            age::DecryptError::NoMatchingKeys => {
                "the file is encrypted to others; no identity opens it".into()
            }
            error => format!("the file cannot be decrypted ({error})"),
        })
    })
}

fn identities(files: &[PathBuf]) -> Result<Identities, RunError> {
    let mut all: Identities = Vec::new();
    for path in files {
        let file = path.display().to_string();
        let refuse = |what: String| RunError::Key { file: file.clone(), what };
        let text = std::fs::read(path)
            .map_err(|error| refuse(format!("the file of identities cannot be read: {error}")))?;
        if text.starts_with(b"age-encryption.org/") || text.starts_with(b"-----BEGIN AGE") {
            return Err(refuse(
                "the identity itself is encrypted; decrypt it first, with `age --decrypt`".into(),
            ));
        }
        let found = age::IdentityFile::from_buffer(text.as_slice())
            .map_err(|error| refuse(error.to_string()))?
            .into_identities()
            .map_err(|error| refuse(error.to_string()))?;
        if found.is_empty() {
            return Err(refuse("the file holds no identity".into()));
        }
        all.extend(found);
    }
    Ok(all)
}

/// Makes a new identity in a file that only its owner can read, and returns its recipient.
///
/// # Errors
/// A file that exists or cannot be written.
pub fn new_identity(path: &Path) -> Result<String, RunError> {
    let identity = age::x25519::Identity::generate();
    let recipient = identity.to_public().to_string();
    let text = identity.to_string();
    let mut file = private_file(path).map_err(RunError::write(path, "making the file"))?;
    file.write_all(format!("# public key: {recipient}\n").as_bytes())
        .and_then(|()| file.write_all(text.expose_secret().as_bytes()))
        .and_then(|()| file.write_all(b"\n"))
        .and_then(|()| file.sync_all())
        .map_err(RunError::write(path, "writing"))?;
    Ok(recipient)
}
