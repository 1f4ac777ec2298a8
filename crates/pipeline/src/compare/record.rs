//! `manifest.json` of a comparison: what went in, what came out, and what decided.

use super::{CompareJob, Listing, Role};
use crate::manifest::{EvidenceRecord, InputRecord, OutputRecord, PolicyRecord, ProgramRecord};
use serde::{Deserialize, Serialize};

/// The version of a comparison's manifest.
pub(super) const SCHEMA: &str = "vacatur-compare-1";

/// The account of a comparison. It holds no time and no place, so that the same inputs give the same bytes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CompareManifest {
    /// What this is.
    pub schema: String,
    /// The program.
    pub program: ProgramRecord,
    /// The day of the decision.
    pub as_of: String,
    /// Minutes that a person needs for one review.
    pub minutes_per_review: u32,
    /// Which differing counts are listed: `chosen`, `all` or `none`.
    pub differences: String,
    /// The policies, in the order of their numbers.
    pub candidates: Vec<CandidateRecord>,
    /// The data that the program read its inputs and statutes by, as name and BLAKE3.
    pub data: Vec<(String, String)>,
    /// The inputs.
    pub inputs: Vec<InputRecord>,
    /// The files of evidence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<EvidenceRecord>,
    /// The counts that must add up.
    pub counts: CompareCounts,
    /// The files of the comparison.
    pub outputs: Vec<OutputRecord>,
}

/// A policy of a comparison.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CandidateRecord {
    /// Its name, with the parameters that were set.
    pub label: String,
    /// Why it is here.
    pub role: Role,
    /// The document and its parameters.
    pub policy: PolicyRecord,
    /// The copy of the document.
    pub document: String,
    /// The copies of the documents that it builds on: name and copy.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bases: Vec<(String, String)>,
}

/// Counts. `rows_in = rows_used + rejects`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompareCounts {
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
    /// Counts on which two of the chosen policies differ.
    pub differing: u64,
    /// Lines of `differences.csv`.
    pub listed: u64,
}

/// What decides: the part of the manifest that is known before anything is read, and the documents to keep.
pub(super) struct EngineRecord {
    pub(super) candidates: Vec<CandidateRecord>,
    /// The documents, each different one once: name of the copy and text.
    pub(super) documents: Vec<(String, String)>,
}

impl EngineRecord {
    pub(super) fn of(job: &CompareJob<'_>) -> Self {
        let as_of = job.engine.setting().as_of;
        let mut documents: Vec<(String, String)> = Vec::new();
        let mut kept = |text: &str| -> String {
            if let Some((name, _)) = documents.iter().find(|(_, known)| known == text) {
                return name.clone();
            }
            let name = format!("document-{}.md", documents.len() + 1);
            documents.push((name.clone(), text.to_owned()));
            name
        };
        let candidates = job
            .candidates
            .iter()
            .zip(job.engine.policies())
            .map(|(candidate, compiled)| CandidateRecord {
                label: candidate.label.clone(),
                role: candidate.role,
                policy: PolicyRecord::of(compiled, as_of),
                document: kept(compiled.policy().text()),
                bases: compiled.policy().bases().map(|(name, text)| (name.to_owned(), kept(text))).collect(),
            })
            .collect();
        Self { candidates, documents }
    }
}

impl Listing {
    /// The word on the command line and in the manifest.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Chosen => "chosen",
            Self::All => "all",
            Self::Nothing => "none",
        }
    }
}
