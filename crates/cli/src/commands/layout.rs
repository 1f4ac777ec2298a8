//! `vacatur layout`.

use super::link::court_layout;
use crate::args::{LayoutArgs, LayoutCommand};
use crate::failure::Failure;
use crate::screen;
use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;
use vacatur_ingest::court::{CourtAccount, CourtLayout, infer, read};
use vacatur_ingest::source::Input;

/// How many kinds of rejects and codes are listed.
const LISTED: usize = 12;

pub(crate) fn run(args: &LayoutArgs) -> Result<ExitCode, Failure> {
    match &args.command {
        LayoutCommand::List => list(),
        LayoutCommand::Show { name } => {
            let text = CourtLayout::text(name).ok_or_else(|| {
                let names = CourtLayout::names();
                Failure::said(format_args!("there is no layout `{name}`; they are {}", names.join(", ")))
            })?;
            screen::print(text)?;
            Ok(ExitCode::SUCCESS)
        }
        LayoutCommand::Check { file, layout } => check(file, layout),
        LayoutCommand::Infer { file } => {
            let draft = infer(&Input::named(file), &std::env::temp_dir()).map_err(Failure::said)?;
            screen::print(&draft.toml)?;
            eprintln!("{} rows looked at; {} questions, each marked TODO", draft.rows, draft.questions);
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn list() -> Result<ExitCode, Failure> {
    let mut text = String::new();
    for name in CourtLayout::names() {
        let layout = CourtLayout::builtin(name).map_err(Failure::said)?;
        let _ = writeln!(text, "{name:<18} {}", layout.title());
    }
    screen::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn check(file: &Path, name: &str) -> Result<ExitCode, Failure> {
    let (layout, _) = court_layout(name)?;
    let mut cases = 0u64;
    let account = read(&[Input::named(file)], &layout, &std::env::temp_dir(), &mut |_| cases += 1)
        .map_err(Failure::said)?;
    let mut text = String::new();
    for (label, number) in [
        ("rows", account.rows),
        ("rows used", account.used),
        ("rows rejected", account.rejects.len() as u64),
        ("blank lines", account.blank),
        ("titles and header rows", account.headers),
        ("cases, one for each defendant", cases),
        ("charges", account.charges),
        ("case numbers that fit no format", account.odd_numbers),
        ("companies", account.organizations),
        ("placeholders for a name", account.placeholders),
        ("without a name", account.nameless),
    ] {
        let _ = writeln!(text, "  {label:<34} {number:>12}");
    }
    text += &said(&account);
    screen::print(&text)?;
    let amiss = !account.rejects.is_empty() || !account.unlisted.is_empty();
    Ok(if amiss { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// What of a court's file was not used or not understood, for a screen.
pub(crate) fn said(account: &CourtAccount) -> String {
    let mut text = String::new();
    let place = |place: &vacatur_ingest::court::CourtPlace| {
        let file = account.files.get(place.file as usize).map_or("", String::as_str);
        match place.column {
            Some(column) => format!("{file}, line {}, column {column}", place.line),
            None => format!("{file}, line {}", place.line),
        }
    };
    if !account.rejects.is_empty() {
        let mut kinds: Vec<(String, u64, String)> = Vec::new();
        for reject in &account.rejects {
            let reason = reject.reason.to_string();
            match kinds.iter_mut().find(|(known, ..)| *known == reason) {
                Some((_, count, _)) => *count += 1,
                None => kinds.push((reason, 1, place(&reject.place))),
            }
        }
        kinds.sort_by_key(|(_, count, _)| std::cmp::Reverse(*count));
        let _ = writeln!(text, "\nRows of the court's file that were not used");
        for (reason, count, first) in kinds.iter().take(LISTED) {
            let _ = writeln!(text, "  {count:>8}  {reason}; the first: {first}");
        }
    }
    if !account.unlisted.is_empty() {
        let _ =
            writeln!(text, "\nCodes that the layout does not list: what they mean is unknown until it does");
        for code in account.unlisted.iter().take(LISTED) {
            let word = code.code.as_deref().map_or_else(
                || format!("{} texts that are too rare to be shown", code.texts),
                |word| format!("`{word}`"),
            );
            let _ = writeln!(
                text,
                "  {:>8}  {} {word}; the first: {}",
                code.count,
                code.list,
                place(&code.first)
            );
        }
        if account.unlisted.len() > LISTED {
            let _ = writeln!(text, "  and {} more", account.unlisted.len() - LISTED);
        }
    }
    if !account.gaps.is_empty() {
        let _ = writeln!(text, "\nCells that gave no whole value");
        for gap in account.gaps.iter().take(LISTED) {
            let _ = writeln!(
                text,
                "  {:>8}  {}: {}; the first: {}",
                gap.count,
                gap.column,
                gap.gap.word(),
                place(&gap.first)
            );
        }
    }
    text
}
