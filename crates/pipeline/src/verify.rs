//! A finished run, checked: that its folder is as it was left, who signed it, and that it comes out the same when it is
//! made again from what it records.

mod again;
mod compare;
pub(crate) mod files;
mod sample;

use crate::decide::{Program, Progress};
use crate::error::RunError;
use crate::finished::Finished;
use crate::sign::{self, BadSignature, SIGNATURE, SignedBy, Signers};
pub(crate) use again::same_inputs;
pub use again::{Difference, MadeAgain};
pub use compare::Place;
pub use files::FolderCheck;
pub use sample::{Sample, Sampled};
use std::path::Path;
use vacatur_ingest::doj::Words;
use vacatur_ingest::layout::Layout;
use vacatur_statutes::Statutes;

/// What is checked, and with what.
pub struct Verify<'a> {
    /// The folder of the run.
    pub run: &'a Path,
    /// Where the inputs are now, if not where they were.
    pub inputs: Option<&'a Path>,
    /// Where the run is made again for a while; beside its folder if absent.
    pub scratch: Option<&'a Path>,
    /// Only so many people, in place of the whole run.
    pub sample: Option<Sample>,
    /// Those whose signatures count. Without them no signature is checked.
    pub signers: Option<&'a Signers>,
    /// How many threads.
    pub threads: usize,
    /// The layout of the inputs.
    pub layout: &'a Layout,
    /// The words in their cells.
    pub words: &'a Words,
    /// The statute tables.
    pub statutes: Statutes,
    /// The counties.
    pub counties: Vec<String>,
    /// Data that reading and deciding rest on: name and bytes.
    pub data: &'a [(&'a str, &'a str)],
    /// This program.
    pub program: Program<'a>,
}

/// What was found.
#[derive(Debug, serde::Serialize)]
pub struct Verified {
    /// Whether nothing was found that is not as it should be.
    pub verified: bool,
    /// Who signed the run, if that was asked and the signature counts.
    pub signed_by: Option<SignedBy>,
    /// Why the signature does not count, if that was asked.
    pub bad_signature: Option<String>,
    /// The files of the folder against the manifest.
    pub folder: FolderCheck,
    /// The whole run, made again.
    pub made_again: Option<MadeAgain>,
    /// Some people, decided again.
    pub sampled: Option<Sampled>,
    /// Why nothing was decided again.
    pub not_made_again: Option<String>,
    /// What else the reader should know.
    pub remarks: Vec<String>,
}

/// Checks a finished run.
///
/// # Errors
/// A folder that is no run or is encrypted, an input that has gone or changed, no room for the scratch folder. What does
/// not agree is no error: it is in [`Verified`].
pub fn verify(asked: Verify<'_>, progress: &dyn Progress) -> Result<Verified, RunError> {
    let run = Finished::open(asked.run)?;
    let signature = match std::fs::read(asked.run.join(SIGNATURE)) {
        Ok(bytes) => Some(bytes),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(run.broken(format!("{SIGNATURE}: {error}"))),
    };
    let signed = asked.signers.map(|signers| sign::check(&run.manifest_bytes, signature.as_deref(), signers));
    let mut remarks = remarks(&run, &asked);
    if asked.signers.is_none() && signature.is_some() {
        remarks.push("the run is signed; the signature was not checked, for which --signer is needed".into());
    }
    progress.phase(crate::decide::Phase::Check, run.manifest.outputs.iter().map(|output| output.bytes).sum());
    let folder = files::check(&run, &|bytes| progress.advance(bytes))?;
    let (signed_by, bad_signature) = match signed {
        None => (None, None),
        Some(Ok(signed_by)) => (Some(signed_by), None),
        Some(Err(bad)) => (None, Some(bad)),
    };
    let mut verified = Verified {
        verified: false,
        signed_by,
        bad_signature: bad_signature.as_ref().map(BadSignature::to_string),
        made_again: None,
        sampled: None,
        not_made_again: folder.hindrance(asked.sample.is_some()),
        folder,
        remarks,
    };
    if verified.not_made_again.is_none() {
        match asked.sample {
            Some(sample) => verified.sampled = Some(sample::sample(&run, asked, sample, progress)?),
            None => {
                let (made, more) = again::again(&run, asked, progress)?;
                verified.made_again = Some(made);
                verified.remarks.extend(more);
            }
        }
    }
    verified.verified = verified.bad_signature.is_none()
        && verified.folder.is_sound()
        && verified.not_made_again.is_none()
        && verified.made_again.as_ref().is_none_or(MadeAgain::is_same)
        && verified.sampled.as_ref().is_none_or(Sampled::is_same);
    Ok(verified)
}

/// What differs between the program that made the run and this one.
fn remarks(run: &Finished<'_>, asked: &Verify<'_>) -> Vec<String> {
    let then = &run.manifest.program;
    let mut remarks: Vec<String> = run
        .version_remark()
        .map(|text| format!("{text}: what comes out otherwise may come from that"))
        .into_iter()
        .collect();
    if remarks.is_empty() && then.blake3 != asked.program.blake3 {
        remarks.push("the run was made by another build of the same version of this program".into());
    }
    for (name, hash) in &run.manifest.data {
        let now = asked.data.iter().find(|(known, _)| known == name);
        if now.is_none_or(|(_, text)| blake3::hash(text.as_bytes()).to_hex().as_str() != hash) {
            remarks.push(format!("{name}, by which the run was decided, is another one in this program"));
        }
    }
    remarks
}
