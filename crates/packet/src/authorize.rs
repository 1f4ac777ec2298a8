//! Who authorized the filing of which convictions. Nothing is filed without it.
//!
//! The records stand in `authorizations.jsonl` of the run, one line each, in the order in which they were made. Each
//! names the BLAKE3 of the line before it, so that none can be taken out or changed unnoticed; the hash of the last line
//! stands for all of them, and is what a packet cites.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use vacatur_pipeline::{AUTHORIZATIONS, RunError, account_of, decisions};

/// What somebody decided of a conviction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// It may be filed.
    Authorize,
    /// It is not filed for now.
    Withhold,
    /// The prosecution contests it.
    Challenge,
}

impl Decision {
    /// By its word in a list.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Some(match word.trim().to_ascii_lowercase().as_str() {
            "" | "authorize" | "authorise" | "yes" => Self::Authorize,
            "withhold" | "no" => Self::Withhold,
            "challenge" => Self::Challenge,
            _ => return None,
        })
    }
}

/// One conviction of a list.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The person, by the subject number.
    pub subject_id: String,
    /// The count, by its twelve digits.
    pub cnt_order: String,
    /// What was decided.
    pub decision: Decision,
    /// The ground of a challenge: `criteria` or `public-safety` (Health & Saf. Code, § 11361.9, subd. (c)).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub ground: String,
    /// Anything else, in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

vacatur_records::silent_debug!(Entry);

/// What an authorization covers.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "scope")]
pub enum Scope {
    /// Every conviction to which the run gives relief, but for those that a list withholds or challenges.
    AllGrants,
    /// A list.
    List {
        /// The convictions.
        entries: Vec<Entry>,
    },
}

vacatur_records::silent_debug!(Scope);

/// One record.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authorization {
    /// Its number, from 1.
    pub number: u32,
    /// Who authorizes.
    pub by: String,
    /// In what office.
    pub title: String,
    /// Under what authority.
    pub under: String,
    /// The day, `2020-02-10`.
    pub on: String,
    /// The BLAKE3 of the run's `manifest.json`.
    pub run: String,
    /// The policy, by name and hash.
    pub policy: (String, String),
    /// How many convictions it covers.
    pub convictions: u64,
    /// The BLAKE3 of them: a line `subject,count,outcome,relief` for each, in the order of the run or of the list.
    pub digest: String,
    /// What it covers.
    #[serde(flatten)]
    pub scope: Scope,
    /// The BLAKE3 of the record before, as it stands in the file; empty in the first.
    pub previous: String,
}

vacatur_records::silent_debug!(Authorization);

/// An authorization that cannot be recorded or read.
#[derive(Debug, thiserror::Error)]
pub enum AuthorizeError {
    /// The run cannot be read.
    #[error(transparent)]
    Run(#[from] RunError),
    /// Lines of a list that cannot be taken. Nothing was recorded.
    #[error("nothing was recorded, because {} of the list cannot be taken:\n{}", lines(.0.len()), shown(.0))]
    List(Vec<BadLine>),
    /// The list cannot be read at all.
    #[error("{file}: {what}")]
    NoList {
        /// The file.
        file: String,
        /// Why.
        what: String,
    },
    /// There is nothing to authorize.
    #[error("the run gives relief to no conviction, so there is nothing to authorize")]
    Nothing,
    /// The chain of records is broken.
    #[error(
        "{}: record {number} {what}. The file was changed after it was written; take it from a backup",
        path.display()
    )]
    Broken {
        /// The file.
        path: PathBuf,
        /// The number of the record.
        number: usize,
        /// What is wrong.
        what: &'static str,
    },
    /// The file cannot be read or written.
    #[error("{}: {error}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
}

/// A line of a list that cannot be taken.
#[derive(Debug)]
pub struct BadLine {
    /// The line.
    pub line: u64,
    /// Why.
    pub why: String,
}

fn lines(number: usize) -> String {
    if number == 1 { "1 line".into() } else { format!("{number} lines") }
}

fn shown(bad: &[BadLine]) -> String {
    let mut text: Vec<String> =
        bad.iter().take(20).map(|bad| format!("  line {}: {}", bad.line, bad.why)).collect();
    if bad.len() > text.len() {
        text.push(format!("  and {} more", bad.len() - text.len()));
    }
    text.join("\n")
}

/// Who, when and under what.
pub struct Who<'a> {
    /// The name.
    pub by: &'a str,
    /// The office.
    pub title: &'a str,
    /// The authority.
    pub under: &'a str,
    /// The day.
    pub on: jiff::civil::Date,
}

/// Records an authorization of all grants of a run, or of a list: a CSV file with the columns `subject_id`, `cnt_order`
/// and, if it likes, `decision`, `ground` and `note`.
///
/// # Errors
/// A run that cannot be read, a list of which any line cannot be taken, a broken chain, a file that cannot be written.
pub fn authorize(run: &Path, who: &Who<'_>, list: Option<&Path>) -> Result<Authorization, AuthorizeError> {
    let (manifest, hash) = account_of(run)?;
    let before = Authorizations::read(run)?;
    let mut digest = blake3::Hasher::new();
    let mut convictions = 0;
    let mut count = |subject: &str, order: &str, outcome: &str, relief: &str| {
        convictions += 1;
        digest.update(format!("{subject},{order},{outcome},{relief}\n").as_bytes());
    };
    let scope = match list {
        None => {
            decisions::<RunError>(run, |one| {
                if one.is_grant() {
                    count(&one.subject, &one.order, &one.outcome, &one.relief);
                }
                Ok(())
            })?;
            Scope::AllGrants
        }
        Some(list) => {
            let entries = listed(run, list)?;
            for (entry, outcome, relief) in &entries {
                count(&entry.subject_id, &entry.cnt_order, outcome, relief);
            }
            Scope::List { entries: entries.into_iter().map(|(entry, ..)| entry).collect() }
        }
    };
    if convictions == 0 {
        return Err(AuthorizeError::Nothing);
    }
    let record = Authorization {
        number: before.records.len() as u32 + 1,
        by: who.by.to_owned(),
        title: who.title.to_owned(),
        under: who.under.to_owned(),
        on: who.on.to_string(),
        run: hash,
        policy: (manifest.policy.id, manifest.policy.blake3),
        convictions,
        digest: digest.finalize().to_hex().to_string(),
        scope,
        previous: before.head,
    };
    append(&run.join(AUTHORIZATIONS), &record)?;
    Ok(record)
}

fn append(path: &Path, record: &Authorization) -> Result<(), AuthorizeError> {
    let failed = |error: io::Error| AuthorizeError::File { path: path.to_owned(), error };
    let mut line = serde_json::to_string(record).map_err(|error| failed(error.into()))?;
    line.push('\n');
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(failed)?;
    file.write_all(line.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)
}

/// A listed conviction, with what the run decided of it.
type Listed = (Entry, String, String);

fn listed(run: &Path, list: &Path) -> Result<Vec<Listed>, AuthorizeError> {
    let unreadable = |what: String| AuthorizeError::NoList { file: list.display().to_string(), what };
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_path(list)
        .map_err(|error| unreadable(error.to_string()))?;
    let header = reader.headers().map_err(|error| unreadable(error.to_string()))?.clone();
    let column =
        |name: &str| header.iter().position(|cell| cell.trim_start_matches('\u{feff}').trim() == name);
    let (Some(subject), Some(order)) = (column("subject_id"), column("cnt_order")) else {
        return Err(unreadable(
            "the first line must name the columns, subject_id and cnt_order among them".into(),
        ));
    };
    let (decision, ground, note) = (column("decision"), column("ground"), column("note"));
    let mut bad = Vec::new();
    let mut wanted: FxHashMap<(String, String), (u64, Entry)> = FxHashMap::default();
    for record in reader.records() {
        let record = record.map_err(|error| unreadable(error.to_string()))?;
        let line = record.position().map_or(0, csv::Position::line);
        let cell = |at: Option<usize>| at.and_then(|at| record.get(at)).unwrap_or_default().trim().to_owned();
        let (subject, order) = (cell(Some(subject)), cell(Some(order)));
        let Some(decision) = Decision::named(&cell(decision)) else {
            bad.push(BadLine { line, why: "the decision is none of authorize, withhold, challenge".into() });
            continue;
        };
        let ground = cell(ground).to_ascii_lowercase();
        let fits = match decision {
            Decision::Challenge => matches!(ground.as_str(), "criteria" | "public-safety"),
            _ => ground.is_empty(),
        };
        if !fits {
            let why = match decision {
                Decision::Challenge => "a challenge needs a ground: criteria or public-safety",
                _ => "only a challenge has a ground",
            };
            bad.push(BadLine { line, why: why.into() });
            continue;
        }
        let entry = Entry {
            subject_id: subject.clone(),
            cnt_order: order.clone(),
            decision,
            ground,
            note: cell(note),
        };
        if let Some((first, _)) = wanted.get(&(subject.clone(), order.clone())) {
            bad.push(BadLine { line, why: format!("the conviction stands in line {first} already") });
            continue;
        }
        wanted.insert((subject, order), (line, entry));
    }
    let mut found: Vec<(u64, Listed)> = Vec::with_capacity(wanted.len());
    decisions::<RunError>(run, |one| {
        if let Some((line, entry)) = wanted.remove(&(one.subject.clone(), one.order.clone())) {
            if one.is_grant() {
                found.push((line, (entry, one.outcome, one.relief)));
            } else {
                let why = format!(
                    "the run gives no relief here ({}). Answer what is open with `decide --evidence`, and authorize that run",
                    one.outcome.replace('_', " ")
                );
                bad.push(BadLine { line, why });
            }
        }
        Ok(())
    })?;
    bad.extend(
        wanted.into_values().map(|(line, _)| BadLine { line, why: "the run has no such conviction".into() }),
    );
    if !bad.is_empty() {
        bad.sort_by_key(|bad| bad.line);
        return Err(AuthorizeError::List(bad));
    }
    found.sort_by_key(|(line, _)| *line);
    Ok(found.into_iter().map(|(_, listed)| listed).collect())
}

/// What may be done with a conviction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum May {
    /// It may be filed.
    File,
    /// It is contested, on this ground.
    Contest(String),
    /// Nobody has authorized it, or somebody withholds it.
    Nothing,
}

/// All records of a run.
#[derive(Default)]
pub struct Authorizations {
    /// The records in their order.
    pub records: Vec<Authorization>,
    /// The BLAKE3 of the last; empty if there is none.
    pub head: String,
    /// The last record that authorizes all grants, by number.
    all: Option<u32>,
    /// What lists say, the last word of each, and its record.
    listed: FxHashMap<(String, String), (Decision, String, u32)>,
}

vacatur_records::silent_debug!(Authorizations);

impl Authorizations {
    /// Reads the records of a run, and that none was changed or taken out.
    ///
    /// # Errors
    /// A file that cannot be read, a chain that is broken.
    pub fn read(run: &Path) -> Result<Self, AuthorizeError> {
        let path = run.join(AUTHORIZATIONS);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(AuthorizeError::File { path, error }),
        };
        let (_, hash) = account_of(run)?;
        let mut all = Self::default();
        for (at, line) in text.split_inclusive('\n').enumerate() {
            let broken = |what| AuthorizeError::Broken { path: path.clone(), number: at + 1, what };
            let record: Authorization = serde_json::from_str(line).map_err(|_| broken("cannot be read"))?;
            if !line.ends_with('\n') {
                return Err(broken("is cut off"));
            }
            if record.previous != all.head || record.number as usize != at + 1 {
                return Err(broken("does not follow the one before it"));
            }
            if record.run != hash {
                return Err(broken("is of another run"));
            }
            match &record.scope {
                Scope::AllGrants => all.all = Some(record.number),
                Scope::List { entries } => {
                    for entry in entries {
                        let key = (entry.subject_id.clone(), entry.cnt_order.clone());
                        all.listed.insert(key, (entry.decision, entry.ground.clone(), record.number));
                    }
                }
            }
            all.head = blake3::hash(line.as_bytes()).to_hex().to_string();
            all.records.push(record);
        }
        Ok(all)
    }

    /// What may be done with a conviction to which the run gives relief, and by which record; 0 by none.
    #[must_use]
    pub fn of(&self, subject: &str, order: &str) -> (May, u32) {
        match (self.listed.get(&(subject.to_owned(), order.to_owned())), self.all) {
            (Some((Decision::Authorize, _, record)), _) => (May::File, *record),
            (Some((Decision::Challenge, ground, record)), _) => (May::Contest(ground.clone()), *record),
            (Some((Decision::Withhold, _, record)), _) => (May::Nothing, *record),
            (None, Some(record)) => (May::File, record),
            (None, None) => (May::Nothing, 0),
        }
    }
}
