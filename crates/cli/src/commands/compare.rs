//! `vacatur compare`.

use super::decide::{data, linked, program_hash};
use super::documents;
use crate::args::{Compare, CompareCommand, CompareExplain, Differences};
use crate::failure::Failure;
use crate::progress::Bar;
use crate::screen;
use jiff::civil::Date;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use vacatur_eligibility::{Account, Compiled, Engine, Setting, shelf};
use vacatur_ingest::doj::Words;
use vacatur_ingest::layout::Layout;
use vacatur_pipeline::Program;
use vacatur_pipeline::compare::{
    AskedAgain, Candidate, Choice, ChooseError, CompareJob, Estimate, Listing, MOST_CHOSEN, MOST_PUBLIC,
    Named, Role, Sweep, choose, compare, explain_compared, name_and_settings,
};
use vacatur_policy::{Policy, Value};
use vacatur_statutes::Statutes;

/// The baseline that dismisses everything.
const EVERYTHING: &str = "us-ca/dismiss-all-prop64";

pub(crate) fn run(args: &Compare) -> Result<ExitCode, Failure> {
    if let Some(CompareCommand::Explain(explain)) = &args.command {
        return explained(explain);
    }
    let as_of = args.as_of.ok_or_else(|| Failure::said("--as-of is missing"))?;
    let statutes = Statutes::us_ca()?;
    let candidates = candidates(args, as_of, &statutes)?;
    let (mut inputs, mut evidence) = (args.inputs.clone(), args.evidence.clone());
    if let Some(folder) = &args.linked {
        linked(folder, &mut inputs, &mut evidence)?;
    }
    if args.public.is_some() && candidates.len() > MOST_PUBLIC {
        return Err(Failure::said(format_args!(
            "--public takes {MOST_PUBLIC} policies at most, baselines included, and these are {}: each two are protected against being subtracted",
            candidates.len()
        )));
    }
    let (candidates, policies): (Vec<Candidate>, Vec<Compiled>) = candidates.into_iter().unzip();
    let layout = Layout::us_ca_doj();
    let words = Words::us_ca_doj()?;
    let setting = Setting { as_of, counties: shelf::counties().map(str::to_owned).collect() };
    let engine = Engine::new(statutes, policies, setting);
    let scratch = tempfile::tempdir()
        .map_err(|error| Failure::said(format_args!("a folder for working files cannot be made: {error}")))?;
    let blake3 = program_hash();
    let bar = Bar::new(args.quiet);
    let job = CompareJob {
        inputs: &inputs,
        evidence: &evidence,
        out: args.out.as_deref(),
        scratch: scratch.path(),
        engine: &engine,
        candidates: &candidates,
        minutes_per_review: args.minutes_per_review,
        listing: match args.differences {
            // One policy alone can only differ from the baselines.
            Differences::Chosen if candidates.iter().filter(|one| one.role == Role::Chosen).count() < 2 => {
                Listing::All
            }
            Differences::Chosen => Listing::Chosen,
            Differences::All => Listing::All,
            Differences::None => Listing::Nothing,
        },
        public: args.public,
        layout: &layout,
        words: &words,
        data: &data(),
        threads: threads(args.threads),
        program: Program { version: env!("CARGO_PKG_VERSION"), blake3: &blake3 },
    };
    let done = compare(&job, &bar)?;
    drop(bar);
    if args.quiet {
        return Ok(ExitCode::SUCCESS);
    }
    let mut text = done.comparison.text();
    if args.frontier {
        text.push('\n');
        text.push_str(&done.comparison.frontier_text());
    }
    for note in &done.notes {
        text.push_str(&format!("\nNote: {note}"));
    }
    if let Some(folder) = &done.folder {
        let folder = folder.display();
        text.push_str(&format!(
            "\nWritten to {folder}: comparison.html, comparison.csv, differences.csv, pairs.csv, policies.csv, manifest.json"
        ));
        text.push_str(&format!("\nNext: vacatur compare explain {folder} --person SUBJECT_ID\n"));
    }
    screen::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn threads(asked: Option<usize>) -> usize {
    asked.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from))
}

/// A document as it was asked for.
struct Document {
    name: String,
    policy: Arc<Policy>,
    set: Vec<(String, String)>,
}

fn document(asked: &str, as_of: Date) -> Result<Document, Failure> {
    // A file may have brackets in its name.
    let (name, set) = if Path::new(asked).exists() {
        (asked, Vec::new())
    } else {
        name_and_settings(asked).map_err(|setting| {
            Failure::said(format_args!(
                "--policy {asked}: `{setting}` sets nothing; write NAME[age=45; youth=conviction]"
            ))
        })?
    };
    let name = documents::in_force(name, as_of)?;
    let text = documents::text(&name)?;
    let (policy, _) = documents::parse(&name, &text)?;
    Ok(Document { name, policy: Arc::new(policy), set })
}

/// The policies of a comparison: those that were chosen, and the baselines.
fn candidates(
    args: &Compare,
    as_of: Date,
    statutes: &Statutes,
) -> Result<Vec<(Candidate, Compiled)>, Failure> {
    let sweeps: Vec<Sweep> =
        args.sweep.iter().map(|text| Sweep::read(text)).collect::<Result<_, _>>().map_err(Failure::said)?;
    let mut set = Vec::new();
    for setting in &args.set {
        let (name, value) = setting.split_once('=').ok_or_else(|| {
            Failure::said(format_args!("--set {setting}: write it as NAME=VALUE, for example --set age=45"))
        })?;
        set.push((name.trim().to_lowercase(), value.trim().to_owned()));
    }
    if let Some(county) = &args.county {
        set.push(("county".into(), county.clone()));
    }
    let mut chosen = Vec::new();
    for asked in &args.policy {
        chosen.push(document(asked, as_of)?);
    }
    let named: Vec<Named<'_>> =
        chosen.iter().map(|one| Named { name: &one.name, policy: &one.policy, set: &one.set }).collect();
    let choices = choose(&named, &set, &sweeps).map_err(|error| refused(&error, &args.inputs))?;
    let mut found: Vec<(Candidate, Compiled)> = Vec::new();
    for choice in &choices {
        let Some(document) = chosen.get(choice.document) else { continue };
        let compiled = documents::compile(
            &document.name,
            Arc::clone(&document.policy),
            choice.values.clone(),
            statutes,
        )?;
        found.push((Candidate { label: choice.label.clone(), role: Role::Chosen }, compiled));
    }
    if !args.no_baselines {
        let statute =
            chosen.iter().find_map(|one| one.policy.heading.statute.as_ref().map(|name| (one, name)));
        if let Some((of, name)) = statute {
            let text = documents::library(&of.name, name).ok_or_else(|| {
                Failure::said(format_args!(
                    "{} names `{name}` for what the statute itself gives, and there is no such policy; `--no-baselines` goes on without",
                    of.name
                ))
            })?;
            baseline(name, &text, Role::Entitlement, &choices, &mut found, statutes)?;
        }
        let text = documents::text(EVERYTHING)?;
        baseline(EVERYTHING, &text, Role::Everything, &choices, &mut found, statutes)?;
    }
    Ok(found)
}

/// Adds a baseline, unless it was chosen. It decides the county of the chosen policies if that is one.
fn baseline(
    name: &str,
    text: &str,
    role: Role,
    choices: &[Choice],
    found: &mut Vec<(Candidate, Compiled)>,
    statutes: &Statutes,
) -> Result<(), Failure> {
    let (policy, _) = documents::parse(name, text)?;
    let county = |choice: &Choice| {
        choice.values.iter().find_map(|value| match value {
            Value::County(county) => Some(county.clone()),
            _ => None,
        })
    };
    let first = choices.first().and_then(county).flatten();
    let same = choices.iter().all(|choice| county(choice).flatten() == first);
    let takes = policy.parameters.iter().any(|parameter| parameter.name == "county");
    let given: Vec<(&str, &str)> =
        first.as_deref().filter(|_| same && takes).map(|county| ("county", county)).into_iter().collect();
    let values = policy.values(given.iter().copied())?;
    let known = found
        .iter()
        .any(|(_, other)| other.policy().hash() == policy.hash() && other.values() == values.as_slice());
    if known {
        return Ok(());
    }
    let label = match given.first() {
        Some((_, county)) => format!("{name}[county={county}]"),
        None => name.to_owned(),
    };
    let compiled = documents::compile(name, policy, values, statutes)?;
    found.push((Candidate { label, role }, compiled));
    Ok(())
}

/// Why the choice is none. Too many combinations come with what they would take.
fn refused(error: &ChooseError, inputs: &[PathBuf]) -> Failure {
    let ChooseError::TooMany { combinations } = error else { return Failure::said(error) };
    let bytes: u64 =
        inputs.iter().filter_map(|path| std::fs::metadata(path).ok()).map(|file| file.len()).sum();
    // Of a file that is not there, or of standard input, nobody knows how long it takes.
    let estimate = Estimate::of(*combinations, bytes);
    let on = if bytes == 0 { "a gigabyte of rows" } else { "these files" };
    let estimate = if bytes == 0 { Estimate::of(*combinations, 1_000_000_000) } else { estimate };
    let time = match estimate.seconds {
        seconds if seconds < 90.0 => format!("{seconds:.0} seconds"),
        seconds if seconds < 5400.0 => format!("{:.0} minutes", seconds / 60.0),
        seconds => format!("{:.0} hours", seconds / 3600.0),
    };
    Failure::said(format_args!(
        "{error}: on {on} that would take up to {time} of one core and {:.0} MB of memory. Take larger steps (age=40..65:5), name the values (age=40,50,60), or sweep one parameter after the other: {MOST_CHOSEN} at a time",
        estimate.megabytes
    ))
}

fn explained(args: &CompareExplain) -> Result<ExitCode, Failure> {
    let (layout, words) = (Layout::us_ca_doj(), Words::us_ca_doj()?);
    let scratch = tempfile::tempdir()
        .map_err(|error| Failure::said(format_args!("a folder for working files cannot be made: {error}")))?;
    let explained = explain_compared(AskedAgain {
        folder: &args.folder,
        person: &args.person,
        count: args.count.as_deref(),
        inputs: args.inputs.as_deref(),
        scratch: scratch.path(),
        layout: &layout,
        words: &words,
        statutes: Statutes::us_ca()?,
        counties: shelf::counties().map(str::to_owned).collect(),
        threads: threads(args.threads),
    })?;
    if args.json {
        let json = serde_json::to_string_pretty(&explained).map_err(Failure::said)?;
        screen::print(&format!("{json}\n"))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut text = String::new();
    for count in &explained {
        for (at, (label, account)) in count.accounts.iter().enumerate() {
            text.push_str(&format!("=== count {} under #{} {label}\n\n", count.count, at + 1));
            match account {
                Some(account) => text.push_str(&Account::text(account)),
                None => text.push_str("The count is not in the scope of this policy.\n"),
            }
            text.push('\n');
        }
    }
    screen::print(&text)?;
    Ok(ExitCode::SUCCESS)
}
