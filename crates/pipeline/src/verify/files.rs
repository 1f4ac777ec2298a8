//! The files of a run's folder against its manifest.

use crate::counties::COUNTIES;
use crate::decide::{STANDARD_INPUT, STATUTE};
use crate::error::RunError;
use crate::evidence;
use crate::finished::{AUTHORIZATIONS, Finished, INPUTS, MANIFEST};
use crate::sign::SIGNATURE;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// What was found in the folder.
#[derive(Clone, Debug, Default, serde::Serialize)]
pub struct FolderCheck {
    /// Files that the manifest lists.
    pub listed: usize,
    /// Those of them that are not what they were.
    pub changed: Vec<String>,
    /// Those of them that are not there.
    pub missing: Vec<String>,
    /// What else stands in the folder.
    pub not_listed: Vec<String>,
}

impl FolderCheck {
    /// Whether the folder is as the run left it.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.changed.is_empty() && self.missing.is_empty() && self.not_listed.is_empty()
    }

    /// What keeps the run from being made again: a file from which it would be made is another one.
    pub(crate) fn hindrance(&self, sample: bool) -> Option<String> {
        let needed = |name: &str| {
            matches!(name, "policy.md" | STATUTE | STANDARD_INPUT | COUNTIES | evidence::COPY)
                || name.starts_with("policy-")
                || (sample && matches!(name, "people.idx" | "determinations.csv" | "review.csv"))
        };
        let name = self.changed.iter().chain(&self.missing).find(|name| needed(name))?;
        let state = if self.missing.contains(name) { "not there" } else { "not what it was" };
        Some(format!("{name} is {state}, and without it the run cannot be decided again"))
    }
}

/// Hashes every file that the manifest lists, and looks for others.
pub(crate) fn check(run: &Finished<'_>, progress: &dyn Fn(u64)) -> Result<FolderCheck, RunError> {
    let mut found = FolderCheck { listed: run.manifest.outputs.len(), ..FolderCheck::default() };
    for output in &run.manifest.outputs {
        match hash(&run.dir.join(&output.name), progress) {
            Ok((bytes, hash)) if bytes == output.bytes && hash == output.blake3 => {}
            Ok(_) => found.changed.push(output.name.clone()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => found.missing.push(output.name.clone()),
            Err(error) => return Err(run.broken(format!("{}: {error}", output.name))),
        }
    }
    let listed = |name: &str| {
        matches!(name, MANIFEST | SIGNATURE | INPUTS | AUTHORIZATIONS)
            || run.manifest.outputs.iter().any(|output| output.name == name)
    };
    let entries = std::fs::read_dir(run.dir).map_err(|error| run.broken(error.to_string()))?;
    for entry in entries {
        let name = entry.map_err(|error| run.broken(error.to_string()))?.file_name();
        let name = name.to_string_lossy();
        if !listed(&name) {
            found.not_listed.push(name.chars().filter(|c| !c.is_control()).collect());
        }
    }
    found.not_listed.sort();
    Ok(found)
}

/// Length and BLAKE3 of a file.
fn hash(path: &Path, progress: &dyn Fn(u64)) -> io::Result<(u64, String)> {
    let mut file = File::open(path)?;
    let mut hasher = blake3::Hasher::new();
    let mut buffer = vec![0; 1 << 18];
    let mut bytes = 0;
    loop {
        let got = match file.read(&mut buffer) {
            Ok(0) => return Ok((bytes, hasher.finalize().to_hex().to_string())),
            Ok(got) => got,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        hasher.update(buffer.get(..got).unwrap_or_default());
        bytes += got as u64;
        progress(got as u64);
    }
}
