//! `vacatur report`.

use super::decide::program_hash;
use crate::args::{Language, Report as Args};
use crate::failure::Failure;
use crate::progress::Bar;
use crate::screen;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use vacatur_eligibility::shelf;
use vacatur_pipeline::Folder;
use vacatur_policy::nearest;
use vacatur_reports::{Options, Report, ReportError, Run, Shown, pages};

/// The public report of a run in English, for the demonstration.
pub(crate) fn of_demo(run: &Path, out: &Path, quiet: bool) -> Result<ExitCode, Failure> {
    self::run(&Args {
        run: run.to_owned(),
        out: Some(out.to_owned()),
        language: Language::En,
        internal: false,
        least: vacatur_reports::LEAST,
        county: None,
        trace: None,
        quiet,
    })
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let counties: Vec<&str> = shelf::counties().collect();
    let county = args.county.as_deref().map(|name| county(name, &counties)).transpose()?;
    let out = args.out.clone().unwrap_or_else(|| beside(&args.run));
    // A folder that is there already is found out before the work is done.
    if args.trace.is_none() && std::fs::symlink_metadata(&out).is_ok() {
        return Err(Failure::said(format_args!(
            "{}: the output folder exists; choose another with --out, or remove it first",
            out.display()
        )));
    }
    let run = Run::open(&args.run)?;
    let options = Options {
        public: !args.internal && args.trace.is_none(),
        least: args.least,
        county: county.as_deref(),
        counties: &counties,
    };
    let bar = Bar::new(args.quiet || args.trace.is_some());
    bar.counting(run.people());
    let report = Report::of(&run, &options, &|done| bar.at(done))?;
    bar.done();
    drop(bar);
    if let Some(name) = &args.trace {
        return trace(&report, name);
    }
    let mut folder = Folder::create(&out, None)?;
    let mut files = report.files().map_err(Failure::said)?;
    let language = match args.language {
        Language::En => vacatur_reports::Language::English,
        Language::Es => vacatur_reports::Language::Spanish,
    };
    files.extend(pages(&report, language)?.into_iter().map(|page| (page.name.to_owned(), page.bytes)));
    files.sort();
    for (name, bytes) in &files {
        folder.whole(name, bytes)?;
    }
    let written: Vec<serde_json::Value> = folder
        .written()
        .iter()
        .map(|file| serde_json::json!({ "name": file.name, "bytes": file.bytes, "blake3": file.blake3 }))
        .collect();
    let manifest = serde_json::json!({
        "program": { "version": env!("CARGO_PKG_VERSION"), "blake3": program_hash() },
        "run": report.head.manifest,
        "read": report.head.read,
        "disclosure": report.disclosure,
        "county": options.county,
        "outputs": written,
    });
    let manifest = serde_json::to_string_pretty(&manifest).map_err(Failure::said)? + "\n";
    folder.whole("manifest.json", manifest.as_bytes())?;
    let finished = folder.finish()?;
    screen::print(&said(&report, &finished, files.len()))?;
    Ok(ExitCode::SUCCESS)
}

/// The folder of the report where none is named.
fn beside(run: &Path) -> PathBuf {
    let path = std::path::absolute(run).unwrap_or_else(|_| run.to_owned());
    let mut name = path.file_name().unwrap_or(path.as_os_str()).to_owned();
    name.push("-report");
    path.with_file_name(name)
}

fn county(name: &str, counties: &[&str]) -> Result<String, ReportError> {
    let name = name.to_uppercase();
    if counties.contains(&name.as_str()) {
        return Ok(name);
    }
    let near = nearest(&name, counties.iter().copied()).map(str::to_owned);
    Err(ReportError::County { county: name, near })
}

fn trace(report: &Report, name: &str) -> Result<ExitCode, Failure> {
    if name == "list" {
        let names: Vec<String> = report.names().collect();
        screen::print(&(names.join("\n") + "\n"))?;
        return Ok(ExitCode::SUCCESS);
    }
    let sql = report.trace(name)?;
    screen::print(&format!(
        "-- {name}: {}\n-- To be run in the folder of the run.\n{sql};\n",
        Report::meaning(name)
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// What was made, in a few lines.
fn said(report: &Report, folder: &Path, files: usize) -> String {
    let figure = |id: &str| {
        let found = report.figures.iter().find(|figure| figure.id == id);
        match found.map(|figure| &figure.value) {
            Some(Shown::Count(count)) => count.to_string(),
            Some(Shown::Share(share)) => format!("{:.1} %", share.value() * 100.0),
            Some(Shown::Withheld) => "withheld".into(),
            _ => "nothing to say".into(),
        }
    };
    let disclosure = &report.disclosure;
    let kept = if disclosure.public {
        format!(
            "Withheld: {} numbers from 1 to {}, and {} more so that none can be worked out. It may be published.",
            disclosure.small,
            disclosure.least.saturating_sub(1),
            disclosure.complementary
        )
    } else {
        "Nothing is withheld: for the office alone, not to be published.".into()
    };
    format!(
        "People in the files       {}\nPeople in scope           {}\nPeople helped             {} ({} of those in scope)\n\
         Convictions relieved      {} of {}\nConvictions in review     {}\nNo felony any more        {}\nNo conviction any more    {}\n\n{kept}\n\
         Report: {} ({files} files; manifest.json lists them)\nWhere a number comes from: vacatur report RUN --trace people_helped\n",
        figure("people_in_file"),
        figure("people_in_scope"),
        figure("people_helped"),
        figure("people_helped_share"),
        figure("convictions_relieved"),
        figure("convictions_decided"),
        figure("convictions_in_review"),
        figure("people_felony_free"),
        figure("people_record_free"),
        folder.display()
    )
}
