//! `vacatur demo`: the whole journey on a synthetic county.

use super::{decide, documents, packet, report, synth};
use crate::args::Demo;
use crate::failure::Failure;
use crate::progress::Bar;
use crate::screen;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use vacatur_eligibility::shelf;
use vacatur_ingest::doj::Words;
use vacatur_ingest::layout::Layout;
use vacatur_packet::{AuthorizeError, Cases, Courts, Office, Single, Who, authorize};
use vacatur_papers::Papers;
use vacatur_pipeline::{Asked, explain};
use vacatur_statutes::Statutes;
use vacatur_synth::{ExtractOptions, Profile};

const POLICY: &str = "us-ca/los-angeles-2020";
const COUNTY: &str = "LOS ANGELES";

pub(crate) fn run(args: &Demo) -> Result<ExitCode, Failure> {
    let out = match &args.out {
        Some(out) => out.clone(),
        None => free_folder(),
    };
    if out.exists() {
        return Err(Failure::said(format_args!(
            "{}: the folder exists; choose another with --out, or remove it first",
            out.display()
        )));
    }
    std::fs::create_dir_all(&out)
        .map_err(|error| Failure::said(format_args!("{}: {error}", out.display())))?;
    let extract = out.join("county.dat");
    let bar = Bar::new(args.quiet);
    let profile = Profile::named("county").ok_or_else(|| Failure::said("the profile `county` is missing"))?;
    let totals = synth::write(
        profile,
        args.seed,
        args.people,
        &extract,
        &out.join("truth.csv"),
        &ExtractOptions::default(),
        &bar,
    )?;
    bar.done();
    screen::print(&format!(
        "A synthetic county: {} people, {} rows, {} MB, with the truth beside it. All of it is invented.\n\n",
        totals.people,
        totals.rows,
        totals.bytes / 1_000_000
    ))?;

    let statutes = Statutes::us_ca()?;
    let (policy, _) = documents::parse(POLICY, &documents::text(POLICY)?)?;
    let as_of = jiff::civil::date(2020, 2, 13);
    let values = policy.values([("county", COUNTY)])?;
    let mut policies = vec![documents::compile(POLICY, policy, values, &statutes)?];
    policies.extend(decide::statute(&policies[0], POLICY, &statutes)?);
    let run = out.join("run");
    let bar = Bar::new(args.quiet);
    let asked = decide::Asked {
        inputs: &[extract],
        evidence: &[],
        out: &run,
        as_of,
        formats: &[],
        horizon: None,
        recipients: None,
        threads: args.threads,
        resume: false,
        checkpoint: None,
        since: None,
    };
    let decided = decide::decide_files(&asked, decide::Deciders::Policies(policies), statutes, &bar)?;
    drop(bar);
    screen::print(&decided.summary.text())?;

    for (outcome, title) in
        [("dismiss", "A dismissal"), ("not_eligible", "A refusal"), ("review", "A review")]
    {
        screen::print(&format!("\n==================== {title}, explained ====================\n\n"))?;
        match first(&run, outcome) {
            Some((person, count)) => screen::print(&account(&run, &person, &count)?)?,
            None => screen::print("There is none in so small a county; try more people.\n")?,
        }
    }
    papers(&out, &run, args)?;
    screen::print("\n==================== What it did, and for whom ====================\n\n")?;
    report::of_demo(&run, &out.join("report"), args.quiet)?;
    let folder = out.display();
    screen::print(&format!(
        "\nLook at\n  {folder}/report/report.html        what was decided and for whom, to open in a browser\n  {folder}/report/press-sheet.pdf    the same on one page\n  {folder}/run/determinations.csv   one row for each conviction in scope\n  {folder}/run/rejects.csv          what could not be used, and where it stands\n  {folder}/run/summary.json         the numbers above\n  {folder}/run/policy.md            the document that decided\n  {folder}/truth.csv                what really happened to these invented people\n\nTry\n  vacatur explain {folder}/run --person SUBJECT_ID\n  vacatur policy test {POLICY}\n  vacatur decide {folder}/county.dat --policy us-ca/bear --county \"{COUNTY}\" --as-of 2020-07-01 --format bear --out {folder}/run-bear\n  vacatur decide {folder}/county.dat --policy {POLICY} --set age=40 --county \"{COUNTY}\" --as-of 2020-02-13 --out {folder}/run-40\n"
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// The papers for the court, as if somebody had authorized all of it.
fn papers(out: &Path, run: &Path, args: &Demo) -> Result<(), Failure> {
    screen::print("\n==================== The papers for the court ====================\n\n")?;
    let who = Who {
        by: "Nobody Inparticular",
        title: "Invented Official",
        under: "the demonstration",
        on: jiff::civil::date(2020, 2, 13),
    };
    match authorize(run, &who, None) {
        Ok(_) => {}
        Err(AuthorizeError::Nothing) => {
            return screen::print("No conviction has relief in so small a county; try more people.\n");
        }
        Err(error) => return Err(error.into()),
    }
    let packet = out.join("packet");
    let bar = Bar::new(args.quiet);
    let asked = packet::Asked {
        run,
        out: &packet,
        inputs: None,
        threads: args.threads,
        resume: false,
        zip: false,
        dated: None,
        filed_before: &[],
        settings: String::new(),
    };
    let office = Office::parse(include_str!("../../../../forms/us-ca/office.toml")).map_err(Failure::said)?;
    let (courts, texts) = (Courts::with(&[])?, Papers::new(None)?);
    let single = Single { cases: Cases::First, ..Single::default() };
    let account = packet::make(&asked, (&office, &courts, &texts), single, &bar)?;
    drop(bar);
    screen::print(&packet::summary(&account, &packet))?;
    let bulk = |what: &str, name: &str| {
        let first = account.groups.first().map(|group| packet.join(&group.folder).join(name));
        first.map_or_else(String::new, |path| format!("  {what:<12}{}\n", path.display()))
    };
    let mut cases: Vec<String> = csv::Reader::from_path(packet.join("case-papers.csv"))
        .map(|mut reader| {
            reader.records().flatten().filter_map(|row| row.get(0).map(str::to_owned)).collect()
        })
        .unwrap_or_default();
    cases.sort_unstable();
    let single = |what: &str, ending: &str| {
        let found = cases.iter().find(|name| name.ends_with(ending));
        found.map_or_else(String::new, |name| format!("  {what:<12}{}\n", packet.join(name).display()))
    };
    screen::print(&format!(
        "Papers\n{}{}{}{}",
        bulk("motion", "motion.pdf"),
        bulk("order", "proposed-order.pdf"),
        single("one case", "-motion.pdf"),
        single("its order", "-proposed-order.pdf"),
    ))
}

/// `vacatur-demo`, or the first of `vacatur-demo-2`, `-3`, … that is not there yet.
fn free_folder() -> PathBuf {
    let first = PathBuf::from("vacatur-demo");
    if !first.exists() {
        return first;
    }
    (2..)
        .map(|number| PathBuf::from(format!("vacatur-demo-{number}")))
        .find(|path| !path.exists())
        .unwrap_or(first)
}

/// The first determination with an outcome; of the reviews, the first that lacks a fact.
fn first(run: &Path, outcome: &str) -> Option<(String, String)> {
    let mut reader = csv::Reader::from_path(run.join("determinations.csv")).ok()?;
    let mut any = None;
    for record in reader.records().flatten() {
        let field = |at: usize| record.get(at).unwrap_or("").to_owned();
        if field(2) != outcome || field(0).is_empty() {
            continue;
        }
        let found = Some((field(0), field(1)));
        if outcome != "review" || !field(4).is_empty() {
            return found;
        }
        any = any.or(found);
    }
    any
}

fn account(run: &Path, person: &str, count: &str) -> Result<String, Failure> {
    let layout = Layout::us_ca_doj();
    let words = Words::us_ca_doj()?;
    let explained = explain(Asked {
        run,
        person,
        count: Some(count),
        inputs: None,
        layout: &layout,
        words: &words,
        statutes: Statutes::us_ca()?,
        counties: shelf::counties().map(str::to_owned).collect(),
    })?;
    Ok(explained.accounts.first().map(|account| account.text()).unwrap_or_default())
}
