//! `vacatur check`.

use super::decide::Choice;
use crate::args::{Check, FailOn};
use crate::failure::Failure;
use crate::progress::Bar;
use crate::screen;
use jiff::civil::Date;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;
use vacatur_eligibility::{Engine, Setting, shelf};
use vacatur_ingest::doj::Words;
use vacatur_ingest::layout::Layout;
use vacatur_pipeline::{CheckJob, Checked, Grade, Quality, check};
use vacatur_statutes::Statutes;

pub(crate) fn run(args: &Check) -> Result<ExitCode, Failure> {
    let statutes = Statutes::us_ca()?;
    let mut policies = Vec::new();
    if let (Some(policy), Some(as_of)) = (&args.policy, args.as_of) {
        let options = args.options.as_deref();
        let choice = Choice { policy, as_of, options, set: &args.set, county: args.county.as_deref() };
        policies.push(choice.compile(&statutes)?.1);
    }
    // A report that cannot be written is found out before the work is done.
    let json = args.json.as_deref().filter(|path| *path != Path::new("-"));
    if let Some(path) = json
        && std::fs::symlink_metadata(path).is_ok()
    {
        return Err(Failure::said(format_args!(
            "{}: the file exists; choose another with --json, or remove it first",
            path.display()
        )));
    }
    // The engine has a day; without one of the user's, the check finds its own in the files.
    let setting = Setting {
        as_of: args.as_of.unwrap_or(Date::MAX),
        counties: shelf::counties().map(str::to_owned).collect(),
    };
    let engine = Engine::new(statutes, policies, setting);
    let threads = args.threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    let scratch = std::env::temp_dir();
    let (layout, words) = (Layout::us_ca_doj(), Words::us_ca_doj()?);
    let job = CheckJob {
        inputs: &args.inputs,
        previous: &args.previous,
        work_list: args.work_list.as_deref(),
        scratch: &scratch,
        engine: &engine,
        as_of: args.as_of,
        layout: &layout,
        words: &words,
        threads,
    };
    let bar = Bar::saying(args.quiet, "checking");
    let checked = check(&job, &bar)?;
    drop(bar);
    let quality = &checked.quality;
    let to_screen = args.json.is_some() && json.is_none();
    if args.json.is_some() {
        let text = serde_json::to_string_pretty(quality).map_err(Failure::said)? + "\n";
        match json {
            Some(path) => private(path, &text)?,
            None => screen::print(&text)?,
        }
    }
    if !args.quiet && !to_screen {
        screen::print(&(quality.text() + &notes(args, &checked)))?;
    }
    Ok(code(args.fail_on, quality))
}

fn code(fail_on: Option<FailOn>, quality: &Quality) -> ExitCode {
    let limit = fail_on.map(|limit| match limit {
        FailOn::Care => Grade::Care,
        FailOn::Bad => Grade::Bad,
    });
    match () {
        () if quality.header.is_some() => ExitCode::from(2),
        () if limit.is_some_and(|limit| quality.verdict.grade >= limit) => ExitCode::from(1),
        () => ExitCode::SUCCESS,
    }
}

/// What was written, and what else there is.
fn notes(args: &Check, checked: &Checked) -> String {
    let mut text = String::from("\n");
    if let Some(path) = &args.json {
        text.push_str(&format!("Report: {}\n", path.display()));
    }
    if let Some(folder) = &checked.work_list {
        text.push_str(&format!(
            "Work list: {}, a file for each agency; index.csv lists them\n",
            folder.display()
        ));
    }
    if checked.quality.header.is_some() {
        return text;
    }
    if args.work_list.is_none() {
        text.push_str("What to ask each agency for: --work-list DIR\n");
    }
    if args.policy.is_none() {
        text.push_str("How many reviews each defect costs: --policy POLICY --as-of YYYY-MM-DD\n");
    }
    if args.previous.is_empty() {
        text.push_str("What differs from the last delivery: --previous FILE\n");
    }
    text
}

/// A new file that only its owner can read.
fn private(path: &Path, text: &str) -> Result<(), Failure> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options
        .open(path)
        .and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()))
        .map_err(|error| Failure::said(format_args!("{}: {error}", path.display())))
}
