//! `manifest.json`: what went in, what came out, and what decided.

use serde::{Deserialize, Serialize};
use vacatur_eligibility::Compiled;
use vacatur_ingest::survey::{Encoding, LineEnds, SourceSummary};
use vacatur_records::Date;

/// The account of a run. It holds no time and no place, so that the same inputs give the same bytes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// The program.
    pub program: ProgramRecord,
    /// The policy; where each county has one of its own, the document that says which.
    pub policy: PolicyRecord,
    /// The policies of the counties, where each has one of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counties: Option<CountiesRecord>,
    /// The policy that says what the statute itself gives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statute: Option<PolicyRecord>,
    /// How many months ahead it was looked who becomes eligible.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub horizon_months: Option<u32>,
    /// The day of the decision.
    pub as_of: String,
    /// The BLAKE3 of the `manifest.json` of the run that this one was compared with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// The data that the program read its inputs and statutes by, as name and BLAKE3.
    pub data: Vec<(String, String)>,
    /// The inputs.
    pub inputs: Vec<InputRecord>,
    /// The files of evidence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<EvidenceRecord>,
    /// The counts that must add up.
    pub counts: Counts,
    /// The files of the run.
    pub outputs: Vec<OutputRecord>,
}

/// The program.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ProgramRecord {
    /// Its version.
    pub version: String,
    /// The BLAKE3 of its file.
    pub blake3: String,
}

/// The policy.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PolicyRecord {
    /// Its name.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The BLAKE3 of the document, and of those it builds on: of `policy.md`, and after it `policy-base-1.md` and so on.
    pub blake3: String,
    /// The documents it builds on, the nearest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub builds_on: Vec<String>,
    /// When it is in force.
    pub effective: String,
    /// Whether it is in force on the day of the decision.
    pub in_force: bool,
    /// Its parameters as set.
    pub parameters: Vec<(String, String)>,
}

/// Which policy decides for which county.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountiesRecord {
    /// The policy documents: `policy-1.md` and so on, in the order of the counties that have them first.
    pub documents: Vec<DocumentRecord>,
    /// Every county, in the order of the list of counties.
    pub counties: Vec<CountyRecord>,
}

/// A policy document of one or more counties.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentRecord {
    /// Its name in the folder; those it builds on are `policy-1-base-1.md` and so on.
    pub file: String,
    /// Its name.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The BLAKE3 of the document, and of those it builds on.
    pub blake3: String,
    /// The documents it builds on, the nearest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub builds_on: Vec<String>,
    /// When it is in force.
    pub effective: String,
    /// Whether it is in force on the day of the decision.
    pub in_force: bool,
}

/// Who decides for a county.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountyRecord {
    /// The county.
    pub county: String,
    /// The document among `documents`, from 0; none if nobody decides for the county.
    pub document: Option<usize>,
    /// The parameters as set.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parameters: Vec<(String, String)>,
}

impl PolicyRecord {
    pub(crate) fn of(compiled: &Compiled, as_of: Date) -> Self {
        let policy = compiled.policy();
        let values = policy.parameters.iter().zip(compiled.values());
        Self {
            id: policy.heading.id.clone(),
            title: policy.heading.title.clone(),
            blake3: policy.hash().digits().to_owned(),
            builds_on: policy.bases().map(|(name, _)| name.to_owned()).collect(),
            effective: policy.heading.effective.to_string(),
            in_force: policy.heading.effective.holds(as_of),
            parameters: values.map(|(it, value)| (it.name.clone(), value.to_string())).collect(),
        }
    }
}

/// An input.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct InputRecord {
    /// The name as given.
    pub name: String,
    /// Its length as given.
    pub bytes: u64,
    /// The length of its text.
    pub text_bytes: u64,
    /// The BLAKE3 of its text.
    pub blake3: String,
    /// Rows read.
    pub rows: u64,
    /// Lines that could not be read as a row.
    pub rejects: u64,
    /// Blank lines.
    pub blank_lines: u64,
    /// Whether it has a header row.
    pub header: bool,
    /// How it was packed.
    pub compression: String,
    /// How its letters are written.
    pub encoding: String,
    /// How its lines end.
    pub line_ends: String,
    /// The number of the earlier input with the same content, from 0.
    pub duplicate_of: Option<usize>,
    /// What else there is to know of it.
    pub notes: Vec<String>,
}

impl InputRecord {
    pub(crate) fn of(summary: &SourceSummary) -> Self {
        Self {
            name: summary.name.clone(),
            bytes: summary.original_bytes,
            text_bytes: summary.bytes,
            blake3: summary.blake3_hex(),
            rows: summary.rows,
            rejects: summary.rejects,
            blank_lines: summary.blank_lines,
            header: summary.header,
            compression: summary.compression.to_string(),
            encoding: match summary.encoding {
                Encoding::Ascii => "ASCII",
                Encoding::Utf8 => "UTF-8",
                Encoding::Windows1252 => "Windows-1252",
            }
            .into(),
            line_ends: match summary.line_ends {
                LineEnds::Lf => "LF",
                LineEnds::CrLf => "CR LF",
                LineEnds::Mixed => "mixed",
                LineEnds::None => "none",
            }
            .into(),
            duplicate_of: summary.duplicate_of,
            notes: summary.notes.iter().map(ToString::to_string).collect(),
        }
    }
}

/// A file of evidence. `lines = used + not_answered + rejected`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EvidenceRecord {
    /// The name as given.
    pub name: String,
    /// Its length.
    pub bytes: u64,
    /// Its BLAKE3.
    pub blake3: String,
    /// Its lines, without header and blank lines.
    pub lines: u64,
    /// Lines that became part of a record; each stands in `evidence.csv`.
    pub used: u64,
    /// Lines without a value.
    pub not_answered: u64,
    /// Lines that could not be used; each stands in `evidence_rejects.csv`.
    pub rejected: u64,
}

/// Counts. `rows_in = rows_used + rejects`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Rows and broken lines in the inputs; blank lines, headers and repeated files are not among them.
    pub rows_in: u64,
    /// Rows that became part of a record.
    pub rows_used: u64,
    /// Rows and lines that did not; each stands in `rejects.csv`.
    pub rejects: u64,
    /// Those of the rejects that repeat another row.
    pub duplicate_rows: u64,
    /// People.
    pub people: u64,
    /// Those of whom the record does not say who they are: one for each row without a subject number.
    pub people_unnamed: u64,
    /// Determinations.
    pub determinations: u64,
    /// Open questions in `review.csv`.
    #[serde(default)]
    pub questions: u64,
    /// Determinations that came out otherwise because of evidence; each stands in `evidence_effects.csv`.
    #[serde(default)]
    pub changed_by_evidence: u64,
}

/// A file of the run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OutputRecord {
    /// Its name.
    pub name: String,
    /// Its length.
    pub bytes: u64,
    /// Its BLAKE3.
    pub blake3: String,
}
