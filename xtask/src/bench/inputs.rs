//! The inputs: synthetic files, made once for each state of `crates/synth` and kept.

use super::Programs;
use super::measure;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// About how many bytes a person of the profile `dense` has.
const DENSE_PERSON: u64 = 75_000;

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// The profile `dense`, about so many megabytes; its lines in any order if shuffled.
    Dense { megabytes: u64, shuffled: bool },
    /// One person of the profile `dense`: what starting costs.
    Person,
    /// The profile `county`, so many people.
    County { people: u64 },
    /// So many people with so many arrests of twenty charges, each a conviction.
    Careers { people: u64, arrests: u64 },
}

impl Content {
    /// What it is called in tables and records.
    pub(super) fn name(self) -> String {
        match self {
            Self::Dense { megabytes, shuffled } => {
                format!("dense, {}{}", size(megabytes), if shuffled { ", shuffled" } else { "" })
            }
            Self::Person => "dense, 1 person".to_owned(),
            Self::County { people } => format!("county, {people} people"),
            Self::Careers { people: 1, arrests } => format!("1 person with {} convictions", arrests * 20),
            Self::Careers { people, arrests } => {
                format!("{people} people with {} convictions each", arrests * 20)
            }
        }
    }

    fn file(self) -> String {
        match self {
            Self::Dense { megabytes, shuffled } => {
                format!("dense-seed1-{megabytes}mb{}", if shuffled { "-shuffled" } else { "" })
            }
            Self::Person => "dense-seed1-person".to_owned(),
            Self::County { people } => format!("county-seed1-{people}"),
            Self::Careers { people, arrests } => format!("careers-seed1-{people}x{}", arrests * 20),
        }
    }

    /// The most bytes that stand on the disk while it is made, itself among them.
    fn room(self) -> u64 {
        match self {
            // The truth of every count stands beside the file until it is done.
            Self::Dense { megabytes, shuffled: false } => megabytes * 1_500_000,
            Self::Dense { megabytes, shuffled: true } => megabytes * 2_100_000,
            Self::Person => 1_000_000,
            Self::County { people } => people * 12_000,
            Self::Careers { people, arrests } => people * arrests * 100_000,
        }
    }
}

fn size(megabytes: u64) -> String {
    if megabytes < 1_000 { format!("{megabytes} MB") } else { format!("{} GB", megabytes as f64 / 1000.0) }
}

/// Where the inputs are kept, and by what they are made.
pub(super) struct Inputs<'a> {
    pub(super) folder: &'a Path,
    pub(super) programs: &'a Programs,
    /// Of the sources of the generator: another state of it makes other files.
    pub(super) version: String,
}

impl Inputs<'_> {
    pub(super) fn path(&self, content: Content) -> PathBuf {
        self.folder.join(format!("{}-{}.dat", content.file(), self.version))
    }

    /// The file, made if it is not there.
    ///
    /// # Errors
    /// A sentence: there is no room, or a program failed.
    pub(super) fn make(&self, content: Content) -> Result<PathBuf, String> {
        let path = self.path(content);
        if path.is_file() {
            return Ok(path);
        }
        self.clear()?;
        let (wanted, free) = (content.room(), measure::room(self.folder));
        if free.is_some_and(|free| free < wanted + (1 << 30)) {
            return Err(format!(
                "{} takes {:.1} GB of disk while it is made, and {:.1} GB are free",
                content.name(),
                wanted as f64 / 1e9,
                free.unwrap_or(0) as f64 / 1e9
            ));
        }
        println!("xtask: making {}", content.name());
        let making = self.folder.join(format!("{}.making", content.file()));
        let truth = self.folder.join(format!("{}.making.truth", content.file()));
        let words = |words: &[&str]| words.iter().map(OsString::from).collect::<Vec<_>>();
        let synth = |profile: &str, people: u64| {
            let mut all = words(&["synth", "--quiet", "--seed", "1", "--profile", profile, "--people"]);
            all.extend([people.to_string().into(), "--out".into(), making.clone().into()]);
            all.extend(["--truth".into(), truth.clone().into()]);
            all
        };
        let (program, arguments) = match content {
            Content::Dense { megabytes, shuffled: false } => {
                (&self.programs.vacatur, synth("dense", (megabytes * 1_000_000 / DENSE_PERSON).max(1)))
            }
            Content::Dense { megabytes, shuffled: true } => {
                let from = self.make(Content::Dense { megabytes, shuffled: false })?;
                (&self.programs.shuffle, vec!["1".into(), from.into(), making.clone().into()])
            }
            Content::Person => (&self.programs.vacatur, synth("dense", 1)),
            Content::County { people } => (&self.programs.vacatur, synth("county", people)),
            Content::Careers { people, arrests } => {
                let mut all = words(&[&people.to_string(), &arrests.to_string(), "20"]);
                all.push(making.clone().into());
                (&self.programs.career, all)
            }
        };
        let status = Command::new(program)
            .args(arguments)
            .stdout(Stdio::null())
            .status()
            .map_err(|error| format!("{}: {error}", program.display()))?;
        if !status.success() {
            return Err(format!("{} could not be made ({status})", content.name()));
        }
        let _ = fs::remove_file(truth);
        fs::rename(&making, &path).map_err(|error| error.to_string())?;
        Ok(path)
    }

    /// Removes what an interrupted making left, and what another state of the generator made.
    fn clear(&self) -> Result<(), String> {
        let entries = fs::read_dir(self.folder).map_err(|error| error.to_string())?;
        for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let old = name.ends_with(".dat") && !name.ends_with(&format!("-{}.dat", self.version));
            if path.is_file() && (old || name.contains(".making")) {
                fs::remove_file(&path).map_err(|error| error.to_string())?;
            }
        }
        Ok(())
    }
}

/// A short word that changes with any file of the generator.
pub(super) fn version(root: &Path) -> String {
    let mut files = Vec::new();
    for folder in ["src", "data", "profiles", "examples"] {
        walk(&root.join("crates/synth").join(folder), &mut files);
    }
    files.sort();
    let mut hash = Fnv::new();
    for file in files {
        hash.add(&fs::read(file).unwrap_or_default());
    }
    format!("{:08x}", hash.0 >> 32 ^ hash.0 & 0xffff_ffff)
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
        if path.is_dir() { walk(&path, files) } else { files.push(path) }
    }
}

/// FNV-1a, 64 bits: the same with every version of Rust.
struct Fnv(u64);

impl Fnv {
    fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn add(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let dense = |megabytes, shuffled| Content::Dense { megabytes, shuffled };
        assert_eq!(dense(400, false).name(), "dense, 400 MB");
        assert_eq!(dense(10_000, true).name(), "dense, 10 GB, shuffled");
        assert_eq!(dense(1_500, true).file(), "dense-seed1-1500mb-shuffled");
        let careers = |people, arrests| Content::Careers { people, arrests };
        assert_eq!(careers(1, 500).name(), "1 person with 10000 convictions");
        assert_eq!(careers(10, 50).name(), "10 people with 1000 convictions each");
    }

    #[test]
    fn the_published_value_of_fnv() {
        let mut hash = Fnv::new();
        hash.add(b"foobar");
        assert_eq!(hash.0, 0x8594_4171_f739_67e8);
    }
}
