//! `vacatur link`.

use crate::args::{Link, LinkCommand, LinkExplain};
use crate::failure::Failure;
use crate::progress::Bar;
use crate::screen;
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::ExitCode;
use vacatur_ingest::court::CourtLayout;
use vacatur_ingest::doj::Words;
use vacatur_ingest::layout::Layout;
use vacatur_linkage::Model;
use vacatur_reconcile::{CourtFile, Job, reconcile};
use vacatur_statutes::Statutes;

/// Of fewer defendants nothing is made of how many are linked.
const FEW: u64 = 50;
/// If fewer than one in so many is linked, something is wrong.
const HARDLY_ANY: u64 = 20;

/// A review sheet or a model larger than this is none.
const LARGEST: u64 = 256 << 20;

pub(crate) fn run(args: &Link) -> Result<ExitCode, Failure> {
    match &args.command {
        Some(LinkCommand::Evaluate(evaluate)) => super::link_evaluate::run(evaluate),
        Some(LinkCommand::Explain(one)) => explain(one),
        Some(LinkCommand::Model(one)) => super::link_model::model(one),
        Some(LinkCommand::Hash(one)) => super::link_hash::hash(one),
        Some(LinkCommand::Hashed(one)) => super::link_hash::hashed(one),
        Some(LinkCommand::Pairs(one)) => super::link_pairs::run(one),
        None => link(args),
    }
}

fn link(args: &Link) -> Result<ExitCode, Failure> {
    let (Some(layout), Some(out)) = (&args.layout, &args.out) else {
        return Err(Failure::said(
            "name the layout of the court's files with --layout and the folder with --out",
        ));
    };
    let (declared, text) = court_layout(layout)?;
    let mut model = match &args.model {
        Some(path) => model_of(path)?,
        None => Model::people().map_err(Failure::said)?,
    };
    if let Some(link) = args.link_at {
        model.thresholds.link = link;
    }
    if let Some(ask) = args.ask_at {
        model.thresholds.clerical = ask;
    }
    if model.thresholds.clerical > model.thresholds.link {
        return Err(Failure::said(format_args!(
            "--ask-at {} is above --link-at {}: a pair would be linked before anybody is asked",
            model.thresholds.clerical, model.thresholds.link
        )));
    }
    let answers = args
        .answers
        .iter()
        .map(|path| Ok((path.display().to_string(), bytes_of(path)?)))
        .collect::<Result<Vec<_>, Failure>>()?;
    if out.exists() {
        return Err(Failure::said(format_args!(
            "{}: the folder exists; choose another with --out, or remove it first",
            out.display()
        )));
    }
    let scratch = tempfile::tempdir().map_err(Failure::said)?;
    let bar = Bar::new(args.quiet);
    let court = CourtFile::read(&args.court, declared, &text, scratch.path())?;
    let laid_out = Layout::us_ca_doj();
    let words = Words::us_ca_doj()?;
    let statutes = Statutes::us_ca()?;
    let program = super::decide::program_hash();
    let account = reconcile(
        &Job {
            state: &args.state,
            court: &court,
            layout: &laid_out,
            words: &words,
            grammar: &statutes.grammar,
            model: &model,
            answers: &answers,
            out,
            threads: args
                .threads
                .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, Into::into)),
            program: (env!("CARGO_PKG_VERSION"), &program),
        },
        &bar,
    )?;
    drop(bar);
    let links = &account.links;
    let found = links.linked + links.in_doubt;
    if account.state.is_some() && account.court.cases >= FEW && found * HARDLY_ANY < account.court.cases {
        screen::complain(
            format!(
                "warning: of {} defendants {found} are linked or in doubt: are these files of one county, and is the layout the court's?\n",
                account.court.cases
            )
            .as_bytes(),
        );
    }
    if !args.quiet {
        let mut text = account.text();
        text += &super::layout::said(&court.account);
        let folder = out.display();
        let _ = write!(
            text,
            "\nLook at\n  {folder}/index.html              the numbers, with charts\n  {folder}/court-convictions.csv   every conviction of the court and where it stands\n  {folder}/for-the-prosecutor.csv  what is missing or in doubt\n  {folder}/review-links.csv        whom to ask about; give it back with --answers\n"
        );
        if !args.state.is_empty() {
            let state: Vec<String> = args.state.iter().map(|path| path.display().to_string()).collect();
            let _ = write!(
                text,
                "\nDecide both together\n  vacatur decide {} --linked {folder} --policy POLICY --as-of DAY --out RUN\n",
                state.join(" ")
            );
        }
        screen::print(&text)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// A layout by its name or from a file, with its text.
pub(crate) fn court_layout(name: &str) -> Result<(CourtLayout, String), Failure> {
    if let Some(text) = CourtLayout::text(name) {
        return Ok((CourtLayout::builtin(name).map_err(Failure::said)?, text.to_owned()));
    }
    let path = Path::new(name);
    if !path.exists() {
        let names = CourtLayout::names();
        return Err(Failure::said(format_args!(
            "there is no layout and no file `{name}`; the layouts that come with the program are {}; `vacatur layout infer FILE` drafts one",
            names.join(", ")
        )));
    }
    let text = String::from_utf8(bytes_of(path)?)
        .map_err(|_| Failure::said(format_args!("{name}: a layout is UTF-8 text")))?;
    let layout = CourtLayout::parse(&text, name).map_err(Failure::said)?;
    Ok((layout, text))
}

/// A model from a file, or from a linked folder.
pub(crate) fn model_of(path: &Path) -> Result<Model, Failure> {
    let file = if path.is_dir() { path.join("model.toml") } else { path.to_owned() };
    let text = String::from_utf8(bytes_of(&file)?)
        .map_err(|_| Failure::said(format_args!("{}: a model is UTF-8 text", file.display())))?;
    Model::parse(&text).map_err(|error| Failure::said(format_args!("{}: {error}", file.display())))
}

pub(crate) fn bytes_of(path: &Path) -> Result<Vec<u8>, Failure> {
    let failed = |error: std::io::Error| Failure::said(format_args!("{}: {error}", path.display()));
    let size = std::fs::metadata(path).map_err(failed)?.len();
    if size > LARGEST {
        return Err(Failure::said(format_args!(
            "{}: {size} bytes are too many for such a file",
            path.display()
        )));
    }
    std::fs::read(path).map_err(failed)
}

/// The account of one case's link.
fn explain(args: &LinkExplain) -> Result<ExitCode, Failure> {
    let path = args.folder.join(vacatur_reconcile::LINKS);
    let failed = |error: &dyn std::fmt::Display| Failure::said(format_args!("{}: {error}", path.display()));
    let file = std::fs::File::open(&path).map_err(|error| failed(&error))?;
    let bare = |text: &str| -> String {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
    };
    let wanted = bare(&args.case);
    let mut shown = 0;
    for line in BufReader::new(file).lines() {
        let line = line.map_err(|error| failed(&error))?;
        let link: serde_json::Value = serde_json::from_str(&line).map_err(|error| failed(&error))?;
        if bare(link["case_number"].as_str().unwrap_or_default()) != wanted {
            continue;
        }
        shown += 1;
        if args.json {
            screen::print(&format!("{line}\n"))?;
        } else {
            screen::print(&link_text(&link))?;
        }
    }
    if shown == 0 {
        return Err(Failure::said(
            "no defendant of a case with this number is linked or in doubt; court-convictions.csv has all cases",
        ));
    }
    Ok(ExitCode::SUCCESS)
}

/// The account of a link for a screen.
fn link_text(link: &serde_json::Value) -> String {
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let number = |value: &serde_json::Value| value.as_f64().unwrap_or_default();
    let mut shown = format!(
        "{}, line {}, case {}{}: {}\n",
        text(&link["file"]),
        link["line"],
        text(&link["case_number"]),
        match link["defendant"].as_str() {
            Some(defendant) if !defendant.is_empty() => format!(", defendant {defendant}"),
            _ => String::new(),
        },
        text(&link["decision"])
    );
    for candidate in link["candidates"].as_array().into_iter().flatten() {
        let _ = writeln!(
            shown,
            "\n  subject {}, found by {}\n  {:<24} {:<44} {:>8}",
            text(&candidate["subject_id"]),
            text(&candidate["found_by"]),
            "",
            "before anything is compared",
            format!("{:+.2}", number(&candidate["prior"]))
        );
        for step in candidate["steps"].as_array().into_iter().flatten() {
            let weight = number(&step["weight"]) + number(&step["rarity"]);
            let _ = writeln!(
                shown,
                "  {:<24} {:<44} {:>8}   {}",
                text(&step["comparison"]),
                text(&step["level"]),
                format!("{weight:+.2}"),
                match (step["left"].as_str().unwrap_or_default(), step["right"].as_str().unwrap_or_default())
                {
                    ("", "") => String::new(),
                    (left, right) => format!("{left} | {right}"),
                }
            );
        }
        let _ = writeln!(
            shown,
            "  {:<24} {:<44} {:>8}   probability {:.6}",
            "",
            "match weight in bits",
            format!("{:+.2}", number(&candidate["weight"])),
            number(&candidate["probability"])
        );
    }
    shown
}
