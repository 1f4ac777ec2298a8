//! The run before, which a new delivery is compared with.
//!
//! Its files are compared with its manifest when it is opened: what was changed or cut off since is an error, not
//! something to carry over. Where all settings are the same, a person of whom the rows, the evidence and the context
//! are the same is not decided again; see [`crate::batch`].

use crate::decide::Settings;
use crate::error::RunError;
use crate::index::{self, Found, LINES, Reader};
use crate::manifest::{Manifest, PolicyRecord};
use crate::spreadsheet::unguarded;
use crate::table;
use csv::StringRecord;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use vacatur_ingest::source::read_exact_at;

/// What comes after the name of a file that is encrypted.
const SEALED: &str = ".age";

/// The run before.
pub(crate) struct Since {
    path: PathBuf,
    pub(crate) manifest: Manifest,
    /// The BLAKE3 of its manifest.
    pub(crate) blake3: String,
    /// Its index; none if another version made it.
    pub(crate) index: Option<Reader>,
    /// Its tables, in the order of [`LINES`].
    tables: [Option<File>; 3],
    /// What is not the same in the new run. If anything is, everybody is decided.
    pub(crate) differences: Vec<Difference>,
}

/// A setting that is not the same in two runs.
#[derive(Clone, Debug)]
pub(crate) struct Difference {
    /// In words that go after "because".
    pub(crate) words: String,
    /// Whether a decision may hang on it.
    pub(crate) decides: bool,
}

impl Since {
    /// Opens the folder of a finished run, for a run into `out`.
    pub(crate) fn open(path: &Path, out: &Path) -> Result<Self, RunError> {
        let refuse = |what: String| RunError::Since { path: path.to_owned(), what };
        let same = match (path.canonicalize(), out.canonicalize()) {
            (Ok(one), Ok(other)) => one == other,
            _ => false,
        };
        if same {
            return Err(refuse("--since and --out name the same folder; choose another with --out".into()));
        }
        let no_run = |what: &str| refuse(format!("this is not the folder of a finished run ({what})"));
        let bytes = std::fs::read(path.join("manifest.json")).map_err(|_| {
            if path.join(format!("manifest.json{SEALED}")).exists() {
                refuse("the run is encrypted; decrypt it, and name the folder that this makes".into())
            } else if !path.is_dir() {
                refuse("there is no such folder; name the folder of a finished run".into())
            } else {
                no_run("it has no manifest.json")
            }
        })?;
        let manifest: Manifest =
            serde_json::from_slice(&bytes).map_err(|_| no_run("manifest.json is not one of a run"))?;
        let mut differences = Vec::new();
        let [determinations, review, horizon] =
            LINES.map(|name| unchanged(path, name, &manifest).map_err(&refuse));
        let (determinations, review, horizon) = (determinations?, review?, horizon?);
        let Some(determinations) = determinations else {
            return Err(no_run("its manifest does not list determinations.csv"));
        };
        let index = match unchanged(path, index::NAME, &manifest).map_err(&refuse)? {
            Some(_) => Reader::of_version(&path.join(index::NAME))?,
            None => return Err(no_run("its manifest does not list people.idx")),
        };
        if index.is_none() {
            differences.push(Difference {
                words: "the run before has a people.idx of another version".into(),
                decides: false,
            });
        }
        let header = table::header(table::COLUMNS);
        let mut begins = vec![0; header.len()];
        let same = read_exact_at(&determinations, &mut begins, 0).is_ok() && begins == header;
        if !same {
            differences.push(Difference {
                words: "the run before has other columns in determinations.csv".into(),
                decides: false,
            });
        }
        Ok(Self {
            path: path.to_owned(),
            manifest,
            blake3: blake3::hash(&bytes).to_hex().to_string(),
            index,
            tables: [Some(determinations), review, horizon],
            differences,
        })
    }

    /// Compares the settings with those of the new run, and makes ready to carry over if they are the same.
    pub(crate) fn compare(&mut self, now: &Settings) -> Result<(), RunError> {
        differences(&self.manifest, now, &mut self.differences);
        if self.differences.is_empty()
            && let Some(index) = &mut self.index
        {
            index.hold_keys()?;
        }
        Ok(())
    }

    /// The settings that differ and on which a decision may hang, in words.
    pub(crate) fn decisive(&self) -> impl Iterator<Item = &str> {
        self.differences.iter().filter(|one| one.decides).map(|one| one.words.as_str())
    }

    /// The lines of a person in the tables, if nothing has changed. None too for somebody without a subject number, and
    /// for somebody with evidence: what it changed is told with the lines of its files, which may be others now.
    pub(crate) fn lines_of(&self, found: &Found) -> Result<Option<[Vec<u8>; 3]>, RunError> {
        let (Some(index), Some(subject)) = (&self.index, found.subject) else { return Ok(None) };
        if !self.differences.is_empty() || found.marks.evidence != 0 {
            return Ok(None);
        }
        let mut same = index
            .of_key(subject)?
            .into_iter()
            .filter(|person| person.subject == Some(subject) && person.marks == found.marks);
        let (Some(person), None) = (same.next(), same.next()) else { return Ok(None) };
        let mut lines: [Vec<u8>; 3] = Default::default();
        for ((span, table), into) in person.lines.iter().zip(&self.tables).zip(&mut lines) {
            if span.bytes == 0 {
                continue;
            }
            let Some(table) = table else { return Ok(None) };
            into.resize(span.bytes as usize, 0);
            read_exact_at(table, into, span.start)
                .map_err(|_| self.damaged("people.idx does not fit its tables"))?;
        }
        Ok(Some(lines))
    }

    /// Its determinations.
    pub(crate) fn determinations(&self) -> Result<File, RunError> {
        File::open(self.path.join(LINES[0])).map_err(|_| self.damaged("determinations.csv has gone"))
    }

    pub(crate) fn damaged(&self, what: &str) -> RunError {
        RunError::Since { path: self.path.clone(), what: format!("{what}; the run before is damaged") }
    }
}

/// A file of the run before, opened and compared with what the manifest says of it. None if that does not list it.
fn unchanged(run: &Path, name: &str, manifest: &Manifest) -> Result<Option<File>, String> {
    let Some(record) = manifest.outputs.iter().find(|output| output.name == name) else { return Ok(None) };
    let read = || -> std::io::Result<(File, u64, String)> {
        let mut file = File::open(run.join(name))?;
        let mut hash = blake3::Hasher::new();
        let mut buffer = vec![0; 1 << 18];
        let mut length = 0;
        loop {
            let got = file.read(&mut buffer)?;
            if got == 0 {
                break;
            }
            hash.update(buffer.get(..got).unwrap_or_default());
            length += got as u64;
        }
        Ok((file, length, hash.finalize().to_hex().to_string()))
    };
    let (file, length, hash) = read().map_err(|error| format!("{name} cannot be read: {error}"))?;
    if length != record.bytes {
        let expected = record.bytes;
        return Err(format!(
            "{name} has {length} bytes, and its manifest says {expected}: it was changed or cut off after the run"
        ));
    }
    if hash != record.blake3 {
        return Err(format!("{name} is not the file that its manifest names: it was changed after the run"));
    }
    Ok(Some(file))
}

/// What is not the same in two runs.
fn differences(then: &Manifest, now: &Settings, into: &mut Vec<Difference>) {
    let mut differs = |decides: bool, words: String| into.push(Difference { words, decides });
    let was = |what: &str, now: &str, then: &str| format!("the {what} is {now}, and was {then}");
    if then.program.version != now.program.version {
        differs(true, was("program's version", &now.program.version, &then.program.version));
    } else if now.program.blake3.is_empty() || then.program.blake3 != now.program.blake3 {
        differs(true, "the program is another build".into());
    }
    policy("policy", Some(&then.policy), Some(&now.policy), &mut differs);
    if then.counties != now.counties {
        differs(true, "it is another policy, or another parameter, for some county".into());
    }
    policy("statute's policy", then.statute.as_ref(), now.statute.as_ref(), &mut differs);
    if then.as_of != now.as_of {
        differs(true, was("day", &now.as_of, &then.as_of));
    }
    for (name, hash) in &now.data {
        if !then.data.iter().any(|(other, was)| (other, was) == (name, hash)) {
            differs(true, format!("{name} has changed"));
        }
    }
    for (name, _) in &then.data {
        if !now.data.iter().any(|(other, _)| other == name) {
            differs(true, format!("{name} is no longer there"));
        }
    }
    if then.horizon_months != now.horizon {
        let months = |months: Option<u32>| months.map_or("none".into(), |months| format!("{months} months"));
        differs(false, was("horizon", &months(now.horizon), &months(then.horizon_months)));
    }
}

fn policy(
    what: &str,
    then: Option<&PolicyRecord>,
    now: Option<&PolicyRecord>,
    differs: &mut impl FnMut(bool, String),
) {
    let name = |record: Option<&PolicyRecord>| record.map_or("none".to_owned(), |record| record.id.clone());
    if name(then) != name(now) {
        return differs(true, format!("the {what} is {}, and was {}", name(now), name(then)));
    }
    let (Some(then), Some(now)) = (then, now) else { return };
    if then.blake3 != now.blake3 {
        differs(true, format!("the document of the {what} {} has changed", now.id));
    }
    let set = |all: &[(String, String)], name: &str| {
        all.iter().find(|(other, _)| other == name).map_or("not there".to_owned(), |(_, value)| value.clone())
    };
    for (name, value) in &now.parameters {
        let before = set(&then.parameters, name);
        if *value != before {
            differs(true, format!("the parameter {name} of the {what} is {value}, and was {before}"));
        }
    }
    for (name, _) in then.parameters.iter().filter(|(name, _)| set(&now.parameters, name) == "not there") {
        differs(true, format!("the parameter {name} of the {what} is no longer there"));
    }
}

/// The rows of a part of a table that a run wrote. None if it is no such table.
///
/// This is where cells of the run before are read. What is done to cells when they are written is undone here.
pub(crate) fn records(bytes: &[u8]) -> Option<Vec<StringRecord>> {
    if bytes.is_empty() {
        return Some(Vec::new());
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .buffer_capacity(bytes.len().min(1 << 13))
        .from_reader(bytes);
    reader.records().map(|record| record.ok().map(|cells| plain(&cells))).collect()
}

/// The cells as they were before they were written.
pub(crate) fn plain(cells: &StringRecord) -> StringRecord {
    cells.iter().map(unguarded).collect()
}
