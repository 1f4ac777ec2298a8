//! `vacatur decide`.

use super::counties::{self, Offices};
use super::documents;
use crate::args::{Decide, Format};
use crate::failure::Failure;
use crate::progress::Bar;
use crate::screen;
use jiff::civil::Date;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use vacatur_eligibility::{Compiled, Engine, Setting, options, shelf};
use vacatur_ingest::doj::Words;
use vacatur_ingest::layout::Layout;
use vacatur_ingest::source::read_whole;
use vacatur_pipeline::{CHECKPOINT_EVERY, Decided, Job, Program, Recipients, decide};
use vacatur_statutes::Statutes;

/// The most bytes of an options file, which has a few hundred.
const LARGEST_OPTIONS: u64 = 1 << 20;

pub(crate) fn run(args: &Decide) -> Result<ExitCode, Failure> {
    let statutes = Statutes::us_ca()?;
    let deciders = match &args.counties {
        Some(list) => Deciders::Counties(counties::read(list, args.as_of, args.no_statute, &statutes)?),
        None => {
            let choice = Choice {
                policy: args.policy.as_deref().unwrap_or_default(),
                as_of: args.as_of,
                options: args.options.as_deref(),
                set: &args.set,
                county: args.county.as_deref(),
            };
            let (name, compiled) = choice.compile(&statutes)?;
            let beside = if args.no_statute { None } else { statute(&compiled, &name, &statutes)? };
            Deciders::Policies(std::iter::once(compiled).chain(beside).collect())
        }
    };
    let formats: Vec<vacatur_pipeline::Format> = args
        .format
        .iter()
        .map(|format| match format {
            Format::Bear => vacatur_pipeline::Format::Bear,
        })
        .collect();
    let recipients = Recipients::read(&args.encrypt_to, &args.recipients_file)?;
    let bar = Bar::new(args.quiet);
    let (mut inputs, mut evidence) = (args.inputs.clone(), args.evidence.clone());
    if let Some(folder) = &args.linked {
        linked(folder, &mut inputs, &mut evidence)?;
    }
    let asked = Asked {
        inputs: &inputs,
        evidence: &evidence,
        out: &args.out,
        as_of: args.as_of,
        formats: &formats,
        horizon: args.horizon,
        recipients: recipients.as_ref(),
        threads: args.threads,
        resume: args.resume,
        checkpoint: args.checkpoint,
        since: args.since.as_deref(),
    };
    let decided = decide_files(&asked, deciders, statutes, &bar)?;
    drop(bar);
    if args.resume && !args.quiet {
        match decided.resumed {
            Some(people) => {
                eprintln!("went on after {people} people, where the interrupted run had left a checkpoint")
            }
            None => eprintln!("there was no interrupted run with a checkpoint; began at the beginning"),
        }
    }
    if !args.quiet {
        screen::print(&said(&decided, recipients.is_some()))?;
    }
    let over = |limit: Option<u64>, number: u64| limit.is_some_and(|limit| number > limit);
    let reviews = decided.summary.by_outcome.get("review").copied().unwrap_or(0);
    let (rejects, reviewed) =
        (over(args.max_rejects, decided.manifest.counts.rejects), over(args.max_reviews, reviews));
    if rejects {
        eprintln!(
            "{} rows were rejected, more than --max-rejects allows; they are in rejects.csv",
            decided.manifest.counts.rejects
        );
    }
    if reviewed {
        eprintln!("{reviews} determinations are reviews, more than --max-reviews allows");
    }
    let lost_grants = decided.changes.as_ref().map_or(0, |changes| changes.lost_grants);
    let lost = over(args.max_lost_grants, lost_grants);
    if lost {
        eprintln!(
            "{lost_grants} convictions that had relief in the run before have none now, more than --max-lost-grants allows; they are in changes.csv"
        );
    }
    Ok(if rejects || reviewed || lost { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// What `vacatur link` left for a run to read beside the state's file. The folder must be as it was made, and of these files.
pub(crate) fn linked(
    folder: &Path,
    inputs: &mut Vec<PathBuf>,
    evidence: &mut Vec<PathBuf>,
) -> Result<(), Failure> {
    let (cases, said) = (folder.join("court-cases.csv"), folder.join("court-evidence.csv"));
    let failed = |path: &Path, what: &dyn std::fmt::Display| {
        Failure::said(format_args!("{}: {what}; name the folder that `vacatur link` made", path.display()))
    };
    let path = folder.join("manifest.json");
    let text = std::fs::read(&path).map_err(|error| failed(&path, &error))?;
    let manifest: serde_json::Value = serde_json::from_slice(&text).map_err(|error| failed(&path, &error))?;
    if manifest["schema"] != "vacatur-link-1" {
        return Err(failed(&path, &"it is not the account of a linked folder"));
    }
    for (at, file) in [(&cases, "court-cases.csv"), (&said, "court-evidence.csv")] {
        let hash = hash_of(at).map_err(|error| failed(at, &error))?;
        let listed = manifest["outputs"].as_array().into_iter().flatten().find(|output| output[0] == file);
        if listed.is_none_or(|output| output[2] != hash.as_str()) {
            return Err(failed(
                at,
                &"it is not the file that the folder's manifest lists: something was changed",
            ));
        }
    }
    // Counts are known by their numbers, which are others in another delivery.
    let of_then: Vec<&serde_json::Value> = manifest["state"].as_array().into_iter().flatten().collect();
    for input in inputs.iter().filter(|input| input.as_os_str() != "-") {
        let hash =
            hash_of(input).map_err(|error| Failure::said(format_args!("{}: {error}", input.display())))?;
        if !of_then.iter().any(|known| known["blake3"] == hash.as_str()) {
            return Err(Failure::said(format_args!(
                "{}: {} was linked with other files of the state; link this one first",
                input.display(),
                folder.display()
            )));
        }
    }
    if inputs.len() < of_then.len() {
        return Err(Failure::said(format_args!(
            "{} was linked with {} files of the state, and {} are given",
            folder.display(),
            of_then.len(),
            inputs.len()
        )));
    }
    // A court that has nothing which the state lacks leaves an empty table.
    if std::fs::metadata(&cases).map_err(|error| failed(&cases, &error))?.len() > 0 {
        inputs.push(cases);
    }
    evidence.push(said);
    if inputs.is_empty() {
        return Err(Failure::said(format_args!("{}: not one case is in it to be decided", folder.display())));
    }
    Ok(())
}

/// The BLAKE3 of a file.
fn hash_of(path: &Path) -> std::io::Result<String> {
    let mut hasher = blake3::Hasher::new();
    std::io::copy(&mut std::fs::File::open(path)?, &mut hasher)?;
    Ok(hasher.finalize().to_hex().to_string())
}

/// A policy as a user chooses it: the document and its parameters.
pub(crate) struct Choice<'c> {
    pub(crate) policy: &'c str,
    pub(crate) as_of: Date,
    pub(crate) options: Option<&'c Path>,
    pub(crate) set: &'c [String],
    pub(crate) county: Option<&'c str>,
}

impl Choice<'_> {
    /// The document's name, and the policy ready to decide.
    pub(crate) fn compile(&self, statutes: &Statutes) -> Result<(String, Compiled), Failure> {
        let name = documents::in_force(self.policy, self.as_of)?;
        let text = documents::text(&name)?;
        let (policy, _) = documents::parse(&name, &text)?;
        let mut given: Vec<(String, String)> = Vec::new();
        if let Some(path) = self.options {
            let wrong =
                |what: &dyn std::fmt::Display| Failure::said(format_args!("{}: {what}", path.display()));
            let bytes = read_whole(path, LARGEST_OPTIONS).map_err(|error| wrong(&error))?;
            let json = String::from_utf8(bytes).map_err(|_| wrong(&"stream did not contain valid UTF-8"))?;
            let settings = options::read(&policy, &json)
                .map_err(|error| Failure::said(format_args!("{}: {error}", path.display())))?;
            given.extend(settings);
        }
        for setting in self.set {
            let (name, value) = setting.split_once('=').ok_or_else(|| {
                Failure::said(format_args!(
                    "--set {setting}: write it as NAME=VALUE, for example --set age=45"
                ))
            })?;
            given.push((name.trim().to_lowercase(), value.trim().to_owned()));
        }
        if let Some(county) = self.county {
            given.push(("county".into(), county.to_owned()));
        }
        let values = policy.values(given.iter().map(|(name, value)| (name.as_str(), value.as_str())))?;
        let compiled = documents::compile(&name, policy, values, statutes)?;
        Ok((name, compiled))
    }
}

/// The policy that `compiled` names for what the statute itself gives, with its defaults.
pub(crate) fn statute(
    compiled: &Compiled,
    name: &str,
    statutes: &Statutes,
) -> Result<Option<Compiled>, Failure> {
    let Some(statute) = &compiled.policy().heading.statute else { return Ok(None) };
    let Some(text) = documents::library(name, statute) else {
        return Err(Failure::said(format_args!(
            "{name} names `{statute}` for what the statute itself gives, and there is no such policy; `--no-statute` goes on without"
        )));
    };
    let (policy, _) = documents::parse(statute, &text)?;
    let values = policy.values([])?;
    documents::compile(statute, policy, values, statutes).map(Some)
}

/// What is to be decided, and how.
pub(crate) struct Asked<'a> {
    pub(crate) inputs: &'a [PathBuf],
    pub(crate) evidence: &'a [PathBuf],
    pub(crate) out: &'a Path,
    pub(crate) as_of: Date,
    pub(crate) formats: &'a [vacatur_pipeline::Format],
    pub(crate) horizon: Option<u32>,
    pub(crate) recipients: Option<&'a Recipients>,
    pub(crate) threads: Option<usize>,
    pub(crate) resume: bool,
    /// Megabytes of rows between two checkpoints.
    pub(crate) checkpoint: Option<u64>,
    /// The run before.
    pub(crate) since: Option<&'a Path>,
}

/// Who decides.
pub(crate) enum Deciders {
    /// A policy for all counties, and after it one for what the statute itself gives.
    Policies(Vec<Compiled>),
    /// For each county another.
    Counties(Offices),
}

/// Decides files under compiled policies.
pub(crate) fn decide_files(
    asked: &Asked<'_>,
    deciders: Deciders,
    statutes: Statutes,
    bar: &Bar,
) -> Result<Decided, Failure> {
    let &Asked {
        inputs,
        evidence,
        out,
        as_of,
        formats,
        horizon,
        recipients,
        threads,
        resume,
        checkpoint,
        since,
    } = asked;
    let layout = Layout::us_ca_doj();
    let words = Words::us_ca_doj()?;
    let setting = Setting { as_of, counties: shelf::counties().map(str::to_owned).collect() };
    let engine = match deciders {
        Deciders::Policies(policies) => Engine::new(statutes, policies, setting),
        Deciders::Counties(Offices { assigned, statute }) => {
            Engine::by_county(statutes, assigned, statute, setting)
        }
    };
    let threads = threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    let blake3 = program_hash();
    let job = Job {
        inputs,
        evidence,
        out,
        recipients,
        engine: &engine,
        layout: &layout,
        words: &words,
        data: &data(),
        formats,
        horizon,
        since,
        threads,
        resume,
        checkpoint_every: checkpoint.map_or(CHECKPOINT_EVERY, |megabytes| megabytes << 20),
        program: Program { version: env!("CARGO_PKG_VERSION"), blake3: &blake3 },
    };
    Ok(decide(&job, bar)?)
}

/// The data that reading and deciding rest on, for the manifest.
pub(crate) fn data() -> Vec<(&'static str, &'static str)> {
    let mut data = vec![
        ("layouts/us-ca/counties.txt", shelf::COUNTIES),
        ("layouts/us-ca/doj-extract.toml", vacatur_ingest::layout::US_CA_DOJ),
        ("layouts/us-ca/doj-words.toml", vacatur_ingest::doj::US_CA_DOJ_WORDS),
    ];
    data.extend(Statutes::files());
    data
}

/// The BLAKE3 of the running program's file; empty where it cannot be read.
pub(crate) fn program_hash() -> String {
    std::env::current_exe().and_then(|path| hash_of(&path)).unwrap_or_default()
}

/// What the user is told. Of an encrypted run that is how to open it.
pub(crate) fn said(decided: &Decided, encrypted: bool) -> String {
    let mut text = decided.summary.text();
    for input in &decided.manifest.inputs {
        for note in &input.notes {
            text.push_str(&format!("\nNote: {} {note}", input.name));
        }
    }
    let policy = &decided.manifest.policy;
    if let Some(counties) = &decided.manifest.counties {
        for document in counties.documents.iter().filter(|document| !document.in_force) {
            text.push_str(&format!(
                "\nNote: {} is in force {}, and not on {}",
                document.id, document.effective, decided.manifest.as_of
            ));
        }
    } else if !policy.in_force {
        text.push_str(&format!(
            "\nNote: {} is in force {}, and not on {}",
            policy.id, policy.effective, decided.manifest.as_of
        ));
    }
    let counts = &decided.manifest.counts;
    for file in &decided.manifest.evidence {
        text.push_str(&format!(
            "\nEvidence: {} has {} lines = {} used + {} not answered + {} rejected",
            file.name, file.lines, file.used, file.not_answered, file.rejected
        ));
    }
    if !decided.manifest.evidence.is_empty() {
        text.push_str(&format!(
            "\nEvidence changed {} determinations; they are in evidence_effects.csv, and what was rejected is in evidence_rejects.csv",
            counts.changed_by_evidence
        ));
    }
    if counts.questions > 0 {
        text.push_str(&format!(
            "\nOpen questions: {}, in review.csv; fill in what you find and give the file back with --evidence",
            counts.questions
        ));
    }
    if let Some(changes) = &decided.changes {
        text.push_str(&format!("\n\n{}", changes.text()));
        if changes.changes.iter().any(|change| change.number > 0) {
            text.push_str("Each of these convictions is a line of changes.csv");
        }
    }
    let folder = decided.folder.display();
    if encrypted {
        text.push_str(&format!("\nWritten to {folder}, each file encrypted"));
        text.push_str(&format!("\nNext: vacatur decrypt {folder} --identity FILE --out {folder}-plain\n"));
        return text;
    }
    text.push_str(&format!("\nWritten to {folder}: determinations.csv, determinations.parquet, review.csv, summary.json, rejects.csv, manifest.json"));
    text.push_str(&format!("\nNext: vacatur explain {folder} --person SUBJECT_ID\n"));
    text
}
