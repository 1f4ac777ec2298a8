//! The whole run, made again in a scratch folder from what it records, and compared file by file.

use super::Verify;
use super::compare::{Place, compare};
use crate::changes;
use crate::decide::{Format, Job, Progress, STANDARD_INPUT, decide_again, json};
use crate::error::RunError;
use crate::evidence::Evidence;
use crate::finished::{Finished, MANIFEST};
use crate::folder::Folder;
use crate::manifest::{InputRecord, Manifest};
use std::path::{Path, PathBuf};
use vacatur_eligibility::Engine;
use vacatur_ingest::survey::SourceSummary;

/// A run made again.
#[derive(Debug, serde::Serialize)]
pub struct MadeAgain {
    /// Files that came out the same to the byte.
    pub same: usize,
    /// Files that came out otherwise.
    pub different: Vec<Difference>,
    /// Files that could not be made again, and so were compared with the manifest's hash only.
    pub not_compared: Vec<String>,
    /// People in the run.
    pub people: u64,
    /// Determinations in it.
    pub determinations: u64,
}

impl MadeAgain {
    /// Whether everything came out the same.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.different.is_empty()
    }
}

/// A file that came out otherwise.
#[derive(Debug, serde::Serialize)]
pub struct Difference {
    /// Its name.
    pub name: String,
    /// What is the matter with it, in words.
    pub what: &'static str,
    /// Where the run's file and the new one begin to differ, if they do.
    pub place: Option<Place>,
}

/// Makes the run again. What the reader should know beside comes with it.
pub(super) fn again(
    run: &Finished<'_>,
    asked: Verify<'_>,
    progress: &dyn Progress,
) -> Result<(MadeAgain, Vec<String>), RunError> {
    let then = &run.manifest;
    let engine = run.engine(asked.statutes, asked.counties)?;
    let inputs = run.inputs(asked.inputs)?;
    let (evidence, from_copy) = evidence_of(run, &engine, asked.inputs)?;
    let formats: &[Format] = if then.outputs.iter().any(|output| output.name == crate::bear::FILES[0]) {
        &[Format::Bear]
    } else {
        &[]
    };
    let place = scratch_place(run.dir, asked.scratch)?;
    let scratch = Folder::create(&place, None).map_err(|error| scratch_error(&place, error))?;
    let job = Job {
        inputs: &inputs,
        evidence: &[],
        out: &scratch.path().join("run"),
        recipients: None,
        engine: &engine,
        layout: asked.layout,
        words: asked.words,
        data: asked.data,
        formats,
        horizon: then.horizon_months,
        threads: asked.threads,
        resume: false,
        since: None,
        checkpoint_every: u64::MAX,
        program: asked.program,
    };
    let now = decide_again(&job, evidence, then, progress).map_err(|error| scratch_error(&place, error))?;

    let rejected = then.evidence.iter().any(|file| file.rejected > 0);
    let not_compared: Vec<String> = then
        .outputs
        .iter()
        .map(|output| output.name.as_str())
        .filter(|&name| {
            let of_rejects = matches!(name, "evidence_rejects.csv" | "evidence_effects.csv");
            // What differs from an earlier run cannot be made again without that run.
            let of_changes = matches!(name, changes::CSV | changes::JSON);
            name == STANDARD_INPUT || of_changes || (from_copy && rejected && of_rejects)
        })
        .map(str::to_owned)
        .collect();
    let mut remarks = Vec::new();
    if from_copy {
        let mut text =
            "the files of evidence are not at hand: the lines used were taken from evidence.csv".to_owned();
        if rejected {
            text.push_str(", which does not hold those that were rejected");
        }
        remarks.push(text + "; --inputs names the folder in which the files are");
    }
    let mut made = MadeAgain {
        same: 0,
        different: Vec::new(),
        not_compared,
        people: now.manifest.counts.people,
        determinations: now.manifest.counts.determinations,
    };
    let compared = |name: &str| {
        compare(&run.dir.join(name), &now.folder.join(name))
            .map_err(|error| run.broken(format!("{name}: {error}")))
    };
    for output in &then.outputs {
        let name = &output.name;
        if made.not_compared.contains(name) {
            continue;
        }
        let again = now.manifest.outputs.iter().find(|again| again.name == *name);
        let (what, place) = match again {
            None => ("it is not made when the run is made again", None),
            Some(again) if !run.dir.join(name).exists() => {
                if again.blake3 == output.blake3 {
                    made.same += 1;
                    continue;
                }
                ("it comes out otherwise than the manifest lists", None)
            }
            Some(again) => match compared(name)? {
                None if again.blake3 == output.blake3 => {
                    made.same += 1;
                    continue;
                }
                None => ("it comes out as it stands there, and the manifest lists another", None),
                place if again.blake3 == output.blake3 => {
                    ("it comes out as the manifest lists, and was changed since", place)
                }
                place => ("it comes out otherwise", place),
            },
        };
        made.different.push(Difference { name: name.clone(), what, place });
    }
    for output in &now.manifest.outputs {
        if !then.outputs.iter().any(|old| old.name == output.name) {
            let what = "it is made when the run is made again, and the manifest does not list it";
            made.different.push(Difference { name: output.name.clone(), what, place: None });
        }
    }
    made.different.extend(manifests(run, &now.manifest, from_copy, &now.folder)?);
    drop(scratch);
    Ok((made, remarks))
}

/// The manifests against each other, without what was compared already, and without the program, which is a remark.
fn manifests(
    run: &Finished<'_>,
    now: &Manifest,
    from_copy: bool,
    folder: &Path,
) -> Result<Option<Difference>, RunError> {
    let then = &run.manifest;
    let mut now = now.clone();
    now.program = then.program.clone();
    now.since.clone_from(&then.since);
    now.data = then.data.clone();
    now.outputs = then.outputs.clone();
    if from_copy {
        now.evidence = then.evidence.clone();
    }
    let path = folder.join(MANIFEST);
    std::fs::write(&path, json(&now)?).map_err(RunError::write(&path, "writing"))?;
    let place = compare(&run.dir.join(MANIFEST), &path)
        .map_err(|error| run.broken(format!("{MANIFEST}: {error}")))?;
    let what = "it says something else of the run than the run made again";
    Ok(place.map(|place| Difference { name: MANIFEST.into(), what, place: Some(place) }))
}

/// The evidence of the run: the files themselves if they are at hand, else the copy of the lines used.
fn evidence_of(
    run: &Finished<'_>,
    engine: &Engine,
    folder: Option<&Path>,
) -> Result<(Evidence, bool), RunError> {
    let mut files = Vec::new();
    for record in &run.manifest.evidence {
        let given = Path::new(&record.name);
        let moved = folder.zip(given.file_name()).map(|(folder, name)| folder.join(name));
        let found = moved.iter().map(PathBuf::as_path).chain([given]).find_map(|path| {
            let bytes = std::fs::read(path).ok()?;
            (blake3::hash(&bytes).to_hex().as_str() == record.blake3).then_some(bytes)
        });
        match found {
            Some(bytes) => files.push((record.name.clone(), bytes)),
            None => return Ok((run.evidence(engine)?.named_as_given(&run.manifest.evidence), true)),
        }
    }
    Ok((Evidence::of_files(&files, engine)?, false))
}

/// Sees to it that the inputs are those of the run, and gives them the names that they had then.
pub(crate) fn same_inputs(sources: &mut [SourceSummary], then: &[InputRecord]) -> Result<(), RunError> {
    for (source, record) in sources.iter_mut().zip(then) {
        if source.blake3_hex() != record.blake3 {
            return Err(RunError::InputGone {
                input: source.name.clone(),
                what: "this is not the input that the run was made of".into(),
            });
        }
        source.name.clone_from(&record.name);
    }
    if sources.len() != then.len() {
        let what = format!("the inputs hold {} files; the run was made of {}", sources.len(), then.len());
        return Err(RunError::InputGone { input: "the inputs".into(), what });
    }
    Ok(())
}

/// Beside the run's folder, or in the one named.
fn scratch_place(run: &Path, scratch: Option<&Path>) -> Result<PathBuf, RunError> {
    let whole = run.canonicalize().map_err(RunError::write(run, "finding the folder"))?;
    let mut name = whole.file_name().unwrap_or("run".as_ref()).to_owned();
    name.push(".verify");
    Ok(match scratch {
        Some(folder) => folder.join(name),
        None => whole.with_file_name(name),
    })
}

/// An error about the scratch folder, which is none that --out could help.
fn scratch_error(place: &Path, error: RunError) -> RunError {
    let what = match error {
        RunError::FolderExists { .. } => "it exists".to_owned(),
        RunError::FolderBusy { .. } => "another check is using it".to_owned(),
        RunError::Write { doing, error, .. } => format!("{doing} failed: {error}"),
        other => return other,
    };
    RunError::Scratch { path: place.to_owned(), what }
}
