//! The court's file, read whole.

use crate::error::ReconcileError;
use crate::matching::without_zeros;
use crate::table::{Table, file_name};
use rustc_hash::FxHashMap;
use serde::Serialize;
use std::path::{Path, PathBuf};
use vacatur_ingest::court::{CourtAccount, CourtLayout, read};
use vacatur_ingest::source::Input;
use vacatur_pipeline::{Folder, RunError};
use vacatur_records::CourtCase;

/// A file of the court, for the manifest.
#[derive(Clone, Debug, Serialize)]
pub struct CourtInput {
    /// Its name as given.
    pub name: String,
    /// Its length.
    pub bytes: u64,
    /// Its BLAKE3.
    pub blake3: String,
}

/// The court's files: cases, courts, and the account of every row.
pub struct CourtFile {
    pub(crate) cases: Vec<CourtCase>,
    /// The last parts of the files' names.
    pub(crate) names: Vec<String>,
    /// The counties of the courts, in capitals.
    pub(crate) counties: Vec<String>,
    pub(crate) inputs: Vec<CourtInput>,
    /// The layout's name.
    pub(crate) layout: String,
    pub(crate) layout_blake3: String,
    declared: CourtLayout,
    /// What became of every row.
    pub account: CourtAccount,
}

const REJECTS: [&str; 4] = ["file", "line", "column", "reason"];

impl CourtFile {
    /// Reads the files by a layout. `text` is the layout's own text, for its hash.
    ///
    /// # Errors
    /// Files that cannot be read or that the layout does not fit.
    pub fn read(
        files: &[PathBuf],
        declared: CourtLayout,
        text: &str,
        scratch: &Path,
    ) -> Result<Self, ReconcileError> {
        let mut cases: Vec<CourtCase> = Vec::new();
        if files.iter().any(|path| path.as_os_str() == "-") {
            return Err(ReconcileError::Court(
                "the court's file is read more than once and cannot come from standard input; name a file"
                    .into(),
            ));
        }
        let inputs: Vec<Input> = files.iter().map(|path| Input::named(path)).collect();
        let account = read(&inputs, &declared, scratch, &mut |mut case| {
            if case.key.is_empty() {
                case.key = odd_key(&declared, &case.number);
            }
            cases.push(case);
        })
        .map_err(|error| ReconcileError::Court(error.to_string()))?;
        let mut hashed = Vec::new();
        for path in files {
            hashed.push(hash(path)?);
        }
        let mut counties: Vec<String> =
            declared.courts().iter().map(|court| court.county.to_uppercase()).collect();
        counties.sort_unstable();
        counties.dedup();
        Ok(Self {
            names: account.files.iter().map(|name| file_name(name)).collect(),
            cases,
            counties,
            inputs: hashed,
            layout: declared.name().to_owned(),
            layout_blake3: blake3::hash(text.as_bytes()).to_hex().to_string(),
            declared,
            account,
        })
    }

    /// Four digits that tell this file and layout from others.
    pub(crate) fn mark(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        for input in &self.inputs {
            hasher.update(input.blake3.as_bytes());
        }
        hasher.update(self.layout_blake3.as_bytes());
        hasher.finalize().to_hex().chars().take(4).collect::<String>().to_uppercase()
    }

    /// Name, code and county of a court.
    pub(crate) fn seat(&self, court: u32) -> (String, String, String) {
        self.declared.courts().get(court as usize).map_or_else(Default::default, |court| {
            (court.name.clone(), court.ori.clone(), court.county.to_uppercase())
        })
    }

    /// A case number of the state's file in the court's form; if it fits none of the formats, its letters and figures.
    pub(crate) fn key(&self, number: &str) -> String {
        let fits = self.declared.courts().iter().find_map(|court| court.key(number));
        fits.map_or_else(|| odd_key(&self.declared, number), |key| key.key)
    }

    /// The cases by their numbers, zeros left out.
    pub(crate) fn by_key(&self) -> FxHashMap<String, Vec<u32>> {
        let mut by_key: FxHashMap<String, Vec<u32>> = FxHashMap::default();
        for (at, case) in self.cases.iter().enumerate().filter(|(_, case)| !case.key.is_empty()) {
            by_key.entry(without_zeros(&case.key)).or_default().push(at as u32);
        }
        by_key
    }

    /// One number for a court and a case number.
    pub(crate) fn case_hash(&self, case: &CourtCase) -> u64 {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&case.court.to_le_bytes());
        hasher.update(case.key.as_bytes());
        let bytes = hasher.finalize();
        bytes.as_bytes().first_chunk::<8>().map_or(0, |first| u64::from_le_bytes(*first))
    }

    pub(crate) fn write_rejects(&self, folder: &mut Folder<'_>) -> Result<(), RunError> {
        let mut table = Table::begin(folder, "court-rejects.csv", &REJECTS)?;
        for reject in &self.account.rejects {
            let place = reject.place;
            table.row(&[
                self.names.get(place.file as usize).cloned().unwrap_or_default(),
                place.line.to_string(),
                place.column.map_or_else(String::new, |column| column.to_string()),
                reject.reason.to_string(),
            ])?;
        }
        table.finish(folder)?;
        Ok(())
    }
}

/// The key of a number that fits none of the formats: of what it is without added zeros and without the defendant's number,
/// if that fits one; else its letters and figures.
fn odd_key(declared: &CourtLayout, number: &str) -> String {
    let number = number.trim();
    let whole = match number.rsplit_once('-') {
        Some((whole, suffix)) if suffix.len() == 2 && suffix.bytes().all(|byte| byte.is_ascii_digit()) => {
            whole
        }
        _ => number,
    };
    let mut plain = String::with_capacity(whole.len());
    for c in whole.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase) {
        if c != '0' || plain.ends_with(|before: char| before.is_ascii_digit()) {
            plain.push(c);
        }
    }
    let fits = declared.courts().iter().find_map(|court| court.key(&plain));
    fits.map_or(plain, |key| key.key)
}

/// The hash of a file as it lies there.
fn hash(path: &Path) -> Result<CourtInput, ReconcileError> {
    let failed = |error: std::io::Error| ReconcileError::Court(format!("{}: {error}", path.display()));
    let mut hasher = blake3::Hasher::new();
    let mut file = std::fs::File::open(path).map_err(failed)?;
    let bytes = std::io::copy(&mut file, &mut hasher).map_err(failed)?;
    Ok(CourtInput { name: path.display().to_string(), bytes, blake3: hasher.finalize().to_hex().to_string() })
}
