//! Signatures of finished runs.
//!
//! What is signed is `manifest.json`, which lists the hash of every output, of every input and of the policy: so the
//! signature pins all of them. It is one of OpenSSH (SSHSIG), detached, in `manifest.json.sig`. An office has such keys and
//! the program to check with; nobody needs this one to check a signature. The namespace keeps a signature made for
//! something else from counting here.

mod signers;
#[cfg(test)]
mod tests;

use crate::error::RunError;
use crate::finished::Finished;
use crate::folder::private_file;
use crate::verify::files;
pub use signers::Signers;
use ssh_key::rand_core::OsRng;
use ssh_key::{Algorithm, HashAlg, LineEnding, PrivateKey, PublicKey, SshSig};
use std::io::Write;
use std::path::{Path, PathBuf};

/// What a signature of ours says that it is for.
pub const NAMESPACE: &str = "vacatur-manifest";

/// The signature of a run's manifest.
pub(crate) const SIGNATURE: &str = "manifest.json.sig";

/// Where a passphrase comes from, if one is needed. The error says why there is none.
pub type Passphrase<'p> = &'p dyn Fn() -> Result<String, String>;

/// Somebody who signed.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct SignedBy {
    /// The name that goes with the key.
    pub name: String,
    /// The key's fingerprint, as `SHA256:…`.
    pub fingerprint: String,
}

/// Why a signature does not count.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BadSignature {
    /// There is none.
    #[error("the run is not signed: it has no {SIGNATURE}")]
    None,
    /// The file is no signature.
    #[error("{SIGNATURE} is no signature of the kind that OpenSSH makes: it is damaged, or another file")]
    Malformed,
    /// It is a signature for something else.
    #[error("{SIGNATURE} is a signature for `{namespace}`, not for `{NAMESPACE}`")]
    Namespace {
        /// What it is for.
        namespace: String,
    },
    /// The key is nobody's who may sign.
    #[error("the run is signed with the key {fingerprint}, which is not among the allowed signers")]
    Unknown {
        /// The key.
        fingerprint: String,
    },
    /// The key is known, and its owner may not sign runs.
    #[error("the run is signed by {name} with the key {fingerprint}, which may not sign for `{NAMESPACE}`")]
    NotForThis {
        /// The name that goes with it.
        name: String,
        /// The key.
        fingerprint: String,
    },
    /// The signature is of something else.
    #[error("the signature of {name} does not fit manifest.json: one of the two was changed after signing")]
    Wrong {
        /// The name that goes with the key.
        name: String,
    },
}

/// Makes a key pair: the private key in `path`, which only its owner can read, the public key in `path` with `.pub` after
/// it. Returns the line of the public key.
///
/// # Errors
/// Files that exist or cannot be written.
pub fn new_key(path: &Path, comment: &str, passphrase: Option<&str>) -> Result<String, RunError> {
    let stopped = |error: ssh_key::Error| RunError::Stopped { what: format!("no key can be made ({error})") };
    if comment.contains(char::is_control) {
        return Err(RunError::Key {
            file: path.display().to_string(),
            what: "a comment is one line of text".into(),
        });
    }
    let mut key = PrivateKey::random(&mut OsRng, Algorithm::Ed25519).map_err(stopped)?;
    key.set_comment(comment);
    let public = key.public_key().to_openssh().map_err(stopped)?;
    if let Some(passphrase) = passphrase {
        key = key.encrypt(&mut OsRng, passphrase).map_err(stopped)?;
    }
    let text = key.to_openssh(LineEnding::LF).map_err(stopped)?;
    let mut name = path.as_os_str().to_owned();
    name.push(".pub");
    let beside = PathBuf::from(name);
    for (path, text) in [(path, text.as_str()), (&beside, &format!("{public}\n"))] {
        let mut file = private_file(path).map_err(RunError::write(path, "making the file"))?;
        file.write_all(text.as_bytes())
            .and_then(|()| file.sync_all())
            .map_err(RunError::write(path, "writing"))?;
    }
    Ok(public)
}

/// Signs the manifest of a run, once its files are what the manifest says.
///
/// # Errors
/// A folder that is no run or was changed, a run that is signed already, a key that cannot be used.
pub fn sign(run: &Path, key: &Path, passphrase: Passphrase<'_>) -> Result<SignedBy, RunError> {
    let finished = Finished::open(run)?;
    let found = files::check(&finished, &|_| ())?;
    if !found.is_sound() {
        return Err(finished.broken(
            "its files are not those that its manifest lists; `vacatur verify` says which; it was not signed",
        ));
    }
    let file = key.display().to_string();
    let refuse = |what: String| RunError::Key { file: file.clone(), what };
    let text = std::fs::read(key).map_err(|error| refuse(format!("the key cannot be read: {error}")))?;
    let mut private = PrivateKey::from_openssh(&text).map_err(|_| {
        let public = PublicKey::from_openssh(String::from_utf8_lossy(&text).trim()).is_ok();
        refuse(if public {
            "this is the public key; sign with the private one, which has no .pub after its name".into()
        } else {
            "this is no private key of OpenSSH; `vacatur sign --new-key FILE` makes one".into()
        })
    })?;
    if private.is_encrypted() {
        let word = passphrase().map_err(refuse)?;
        private =
            private.decrypt(word).map_err(|_| refuse("the passphrase does not open this key".into()))?;
    }
    let signature = private.sign(NAMESPACE, HashAlg::Sha512, &finished.manifest_bytes).map_err(|_| {
        refuse(format!(
            "keys of the kind {} cannot sign here; take one of the kind ssh-ed25519, or sign with `ssh-keygen -Y sign -n {NAMESPACE}`",
            private.algorithm()
        ))
    })?;
    let text = signature
        .to_pem(LineEnding::LF)
        .map_err(|error| RunError::Stopped { what: format!("the signature cannot be written ({error})") })?;
    let path = run.join(SIGNATURE);
    let mut out = private_file(&path).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => RunError::Key {
            file: path.display().to_string(),
            what: "the run is signed already; remove this file to sign it anew".into(),
        },
        _ => RunError::write(&path, "making the file")(error),
    })?;
    out.write_all(text.as_bytes())
        .and_then(|()| out.sync_all())
        .map_err(RunError::write(&path, "writing"))?;
    Ok(SignedBy {
        name: private.comment().to_owned(),
        fingerprint: private.fingerprint(HashAlg::Sha256).to_string(),
    })
}

/// Checks the signature of a manifest.
pub(crate) fn check(
    manifest: &[u8],
    signature: Option<&[u8]>,
    signers: &Signers,
) -> Result<SignedBy, BadSignature> {
    let text = signature.ok_or(BadSignature::None)?;
    let signature = SshSig::from_pem(text).map_err(|_| BadSignature::Malformed)?;
    // Version and lengths are no part of what is signed, and are read generously: only the one way to write it counts.
    let dense =
        |text: &[u8]| text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect::<Vec<u8>>();
    let written = signature.to_pem(LineEnding::LF).map_err(|_| BadSignature::Malformed)?;
    if signature.version() != SshSig::VERSION || dense(written.as_bytes()) != dense(text) {
        return Err(BadSignature::Malformed);
    }
    if signature.namespace() != NAMESPACE {
        // The words are somebody else's: nothing that a terminal would obey is shown.
        let namespace = signature.namespace().chars().filter(|c| !c.is_control()).take(80).collect();
        return Err(BadSignature::Namespace { namespace });
    }
    let key = PublicKey::from(signature.public_key().clone());
    let fingerprint = key.fingerprint(HashAlg::Sha256).to_string();
    let Some(signer) = signers.of(key.key_data()) else { return Err(BadSignature::Unknown { fingerprint }) };
    let name = signer.name.clone();
    if !signer.may_sign(NAMESPACE) {
        return Err(BadSignature::NotForThis { name, fingerprint });
    }
    match key.verify(NAMESPACE, manifest, &signature) {
        Ok(()) => Ok(SignedBy { name, fingerprint }),
        Err(_) => Err(BadSignature::Wrong { name }),
    }
}
