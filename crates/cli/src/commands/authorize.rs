//! `vacatur authorize`.

use crate::args::Authorize;
use crate::failure::Failure;
use crate::screen;
use std::fmt::Write as _;
use std::process::ExitCode;
use vacatur_packet::{Authorization, Authorizations, Scope, Who, authorize, grouped};

pub(crate) fn run(args: &Authorize) -> Result<ExitCode, Failure> {
    if args.show {
        return show(args);
    }
    let (Some(by), Some(title), Some(under)) = (&args.by, &args.title, &args.under) else {
        return Err(Failure::said("an authorization needs --by, --title and --under"));
    };
    // The only use of the clock: who authorizes today need not say so.
    let on = args.on.unwrap_or_else(|| jiff::Zoned::now().date());
    let record = authorize(&args.run, &Who { by, title, under, on }, args.list.as_deref())?;
    let mut text = String::from("Recorded: ");
    line(&mut text, &record);
    let _ = writeln!(
        text,
        "It stands in {}/authorizations.jsonl.\nNext: vacatur packet {} --out PACKET",
        args.run.display(),
        args.run.display()
    );
    screen::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn show(args: &Authorize) -> Result<ExitCode, Failure> {
    let all = Authorizations::read(&args.run)?;
    let mut text = String::new();
    if all.records.is_empty() {
        text.push_str("Nobody has authorized anything of this run.\n");
    }
    for record in &all.records {
        let _ = write!(text, "{}. ", record.number);
        line(&mut text, record);
    }
    if !all.head.is_empty() {
        let _ = writeln!(text, "The chain of records is whole. Hash of the last (BLAKE3): {}", all.head);
    }
    screen::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn line(text: &mut String, record: &Authorization) {
    let what = match &record.scope {
        Scope::AllGrants => "all convictions to which the run gives relief".to_owned(),
        Scope::List { entries } => {
            let count = |decision| entries.iter().filter(|entry| entry.decision == decision).count();
            format!(
                "a list: {} authorized, {} withheld, {} challenged",
                count(vacatur_packet::Decision::Authorize),
                count(vacatur_packet::Decision::Withhold),
                count(vacatur_packet::Decision::Challenge)
            )
        }
    };
    let _ = writeln!(
        text,
        "{}, {}, on {}, under {}: {what} ({}).",
        record.by,
        record.title,
        record.on,
        record.under,
        grouped(record.convictions)
    );
}
