//! The folder of a comparison.

use super::CompareJob;
use super::page;
use super::public;
use super::record::{CompareCounts, CompareManifest, EngineRecord, SCHEMA};
use super::results::{Comparison, GroupPeople, Standing};
use crate::decide::{json, places};
use crate::error::RunError;
use crate::evidence::{self, Account};
use crate::folder::Folder;
use crate::manifest::{InputRecord, OutputRecord, ProgramRecord};
use crate::parquet_file::ParquetFile;
use crate::rejects;
use crate::table::{self, Rows};
use vacatur_ingest::sorter::Sorter;
use vacatur_ingest::source::Input;

/// The columns of the tidy table.
mod tidy {
    crate::table::columns! {
        policy: Number, "The policy's number in policies.csv.";
        label: Text, "Its name, with the parameters that were set.";
        table: Text, "By what is counted: all, section, level, year, county, age, sex, race, relieved or missing.";
        group: Text, "The group: `felony`, `2004`, `LOS ANGELES`; `all` where everything is together.";
        measure: Text, "What is counted: an outcome (convictions), or people_… or reviews_….";
        value: Number, "How many.";
    }
}

/// The columns of the list of policies.
mod policies {
    crate::table::columns! {
        policy: Number, "The number by which the other tables name it.";
        label: Text, "Its name, with the parameters that were set.";
        role: Text, "chosen, entitlement or everything.";
        id: Text, "The document's name.";
        title: Text, "Its title.";
        effective: Text, "When it is in force.";
        in_force: Text, "yes if it is in force on the day of the decision, else no.";
        parameters: Text, "All its parameters as set, joined by `; `.";
        blake3: Text, "The BLAKE3 of the document and of those it builds on.";
    }
}

/// The columns of what differs between two policies.
mod pairs {
    crate::table::columns! {
        policy: Number, "The number of one policy in policies.csv.";
        other: Number, "The number of the other.";
        outcome: Text, "The outcome under the one; out_of_scope if it does not decide the count.";
        reason: Text, "Its deciding ground.";
        other_outcome: Text, "The outcome under the other.";
        other_reason: Text, "Its deciding ground.";
        counts: Number, "Counts.";
    }
}

/// What the folder needs beside the numbers.
pub(super) struct Rest<'r> {
    pub(super) job: &'r CompareJob<'r>,
    /// The names of the inputs.
    pub(super) names: &'r [String],
    pub(super) inputs: Vec<InputRecord>,
    pub(super) rejected: Sorter<rejects::Line>,
    pub(super) evidence: Account,
    pub(super) has_evidence: bool,
    pub(super) counts: CompareCounts,
    /// The table for the public, if one is wanted.
    pub(super) public: Option<Rows>,
}

/// Writes all files but the list of differences, which was written on the way.
pub(super) fn write(
    folder: &mut Folder<'_>,
    comparison: &Comparison,
    engine: EngineRecord,
    rest: Rest<'_>,
) -> Result<(), RunError> {
    let job = rest.job;
    let columns: Vec<&str> = job.layout.columns().iter().map(|column| column.name.as_str()).collect();
    let mut file = folder.file("rejects.csv")?;
    let rejects = rejects::write(rest.rejected, rest.names, &columns, &mut file)?;
    folder.close(file)?;
    if rejects != rest.counts.rejects {
        let CompareCounts { rows_in, rows_used, .. } = rest.counts;
        let what = format!("{rows_in} rows went in, {rows_used} were used and {rejects} rejected");
        return Err(RunError::Stopped { what });
    }
    if rest.has_evidence {
        folder.whole(evidence::COPY, &rest.evidence.copy)?;
        folder.whole("evidence_rejects.csv", &rest.evidence.rejects)?;
    }
    let rows = tidy_rows(comparison);
    table_file(folder, "comparison.csv", tidy::COLUMNS, &rows)?;
    let mut parquet = ParquetFile::new(folder.file("comparison.parquet")?, "comparison", tidy::COLUMNS)?;
    parquet.add(rows.columns, rows.rows)?;
    folder.close(parquet.finish()?)?;
    folder.whole("comparison.json", &json(comparison)?)?;
    table_file(folder, "policies.csv", policies::COLUMNS, &policy_rows(comparison))?;
    table_file(folder, "pairs.csv", pairs::COLUMNS, &pair_rows(comparison))?;
    if let Some(rows) = &rest.public {
        table_file(folder, "public.csv", public::columns::COLUMNS, rows)?;
    }
    folder.whole("summary.txt", comparison.text().as_bytes())?;
    folder.whole("comparison.html", page::page(comparison).as_bytes())?;
    for (name, text) in &engine.documents {
        folder.whole(name, text.as_bytes())?;
    }
    let inputs: Vec<Input> = job.inputs.iter().map(|path| Input::named(path)).collect();
    folder.whole("inputs.json", &places(&inputs, None)?)?;
    let hashed = |text: &str| blake3::hash(text.as_bytes()).to_hex().to_string();
    let manifest = CompareManifest {
        schema: SCHEMA.to_owned(),
        program: ProgramRecord {
            version: job.program.version.to_owned(),
            blake3: job.program.blake3.to_owned(),
        },
        as_of: comparison.as_of.clone(),
        minutes_per_review: comparison.minutes_per_review,
        differences: job.listing.word().to_owned(),
        candidates: engine.candidates,
        data: job.data.iter().map(|(name, text)| ((*name).to_owned(), hashed(text))).collect(),
        inputs: rest.inputs,
        evidence: rest.evidence.files,
        counts: rest.counts,
        outputs: folder
            .written()
            .into_iter()
            .filter(|file| file.name != "inputs.json")
            .map(|file| OutputRecord { name: file.name, bytes: file.bytes, blake3: file.blake3 })
            .collect(),
    };
    folder.whole("manifest.json", &json(&manifest)?)
}

fn table_file(
    folder: &mut Folder<'_>,
    name: &str,
    columns: table::Columns,
    rows: &Rows,
) -> Result<(), RunError> {
    let mut bytes = table::header(columns);
    bytes.extend_from_slice(&rows.csv);
    folder.whole(name, &bytes)
}

/// The measures of people, in the order of the table.
fn people(of: &GroupPeople) -> [(&'static str, u64); 10] {
    let Standing {
        without_felony,
        without_felony_unclear,
        without_conviction,
        without_conviction_unclear,
        without_recent_conviction,
    } = of.standing;
    [
        ("people_in_file", of.in_file),
        ("people_concerned", of.concerned),
        ("people_in_scope", of.in_scope),
        ("people_helped", of.helped),
        ("people_with_review", of.review),
        ("people_without_felony", without_felony),
        ("people_without_felony_unclear", without_felony_unclear),
        ("people_without_conviction", without_conviction),
        ("people_without_conviction_unclear", without_conviction_unclear),
        ("people_without_recent_conviction", without_recent_conviction),
    ]
}

/// The tidy table: a line for each number.
fn tidy_rows(comparison: &Comparison) -> Rows {
    let mut rows = Rows::new(tidy::COLUMNS);
    for one in &comparison.candidates {
        let mut line = |table: &str, group: &str, measure: &str, value: u64| {
            rows.number(Some(one.number as i64));
            for text in [&one.label, table, group, measure] {
                rows.text(text);
            }
            rows.number(i64::try_from(value).ok());
            rows.end_row();
        };
        line("all", "all", "convictions", one.convictions);
        line("all", "all", "convictions_relieved", one.convictions_relieved);
        line("all", "all", "review_minutes", one.reviews.minutes);
        for (table, groups) in &one.groups {
            for group in groups {
                for (outcome, number) in &group.by_outcome {
                    line(table, &group.group, outcome, *number);
                }
                for (measure, number) in group.people.iter().flat_map(people) {
                    line(table, &group.group, measure, number);
                }
            }
        }
        for (group, number) in &one.people_by_relieved {
            line("relieved", group, "people_helped", *number);
        }
        for missing in &one.reviews.missing {
            line("missing", &missing.fact, "reviews", missing.reviews);
            line("missing", &missing.fact, "reviews_alone", missing.alone);
        }
    }
    rows
}

fn policy_rows(comparison: &Comparison) -> Rows {
    let mut rows = Rows::new(policies::COLUMNS);
    for one in &comparison.candidates {
        let policy = &one.policy;
        let parameters: Vec<String> =
            policy.parameters.iter().map(|(name, value)| format!("{name}={value}")).collect();
        rows.number(Some(one.number as i64));
        rows.text(&one.label);
        rows.text(one.role.word());
        rows.text(&policy.id);
        rows.text(&policy.title);
        rows.text(&policy.effective);
        rows.text(if policy.in_force { "yes" } else { "no" });
        rows.text(&parameters.join("; "));
        rows.text(&policy.blake3);
        rows.end_row();
    }
    rows
}

fn pair_rows(comparison: &Comparison) -> Rows {
    let mut rows = Rows::new(pairs::COLUMNS);
    for pair in &comparison.pairs {
        for kind in &pair.kinds {
            rows.number(Some(pair.one as i64));
            rows.number(Some(pair.other as i64));
            for text in [&kind.outcome, &kind.reason, &kind.other_outcome, &kind.other_reason] {
                rows.text(text);
            }
            rows.number(i64::try_from(kind.counts).ok());
            rows.end_row();
        }
    }
    rows
}
