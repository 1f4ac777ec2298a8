//! Files in, text out.

mod damage;
mod examples;
mod shapes;

use std::fmt::Write as _;

use super::account::CourtAccount;
use super::error::CourtError;
use super::layout::CourtLayout;
use super::read::read_sources;
use crate::source::Source;
use vacatur_records::{CourtCase, Dated, Length};

/// A layout of four columns, and what follows it.
fn small(more: &str) -> CourtLayout {
    let text = format!(
        r#"
        name = "small"
        title = "A small one"
        row = "charge"
        {more}
        [dates]
        formats = ["MM/DD/YYYY"]
        [[column]]
        name = "CASE"
        is = "case-number"
        [[column]]
        name = "NAME"
        is = "name"
        [[column]]
        name = "BORN"
        is = "birth-date"
        [[column]]
        name = "DISPO"
        is = "disposition"
        [[disposition]]
        codes = ["CNV"]
        is = "convicted"
        [[disposition]]
        codes = ["DIS"]
        is = "not_convicted"
        "#
    );
    CourtLayout::parse(&text, "small.toml").unwrap()
}

#[test]
fn a_provision_outside_the_list_of_reliefs_is_not_passed_over_in_silence() {
    let text = r#"
name = "small"
title = "A small one"
format = "csv"
row = "charge"
[[column]]
name = "CASE"
is = "case-number"
[[column]]
name = "NAME"
is = "name"
[[column]]
name = "DISPO"
is = "disposition"
[[disposition]]
codes = ["DIS"]
is = "not_convicted"
by = "PC 1203.4"
"#;
    let problem = CourtLayout::parse(text, "small.toml").unwrap_err();
    let said = problem.to_string();
    assert!(said.contains("the list disposition has no use for it"), "{said}");
}

fn run(
    layout: &CourtLayout,
    bytes: impl Into<Vec<u8>>,
) -> Result<(Vec<CourtCase>, CourtAccount), CourtError> {
    let sources = [Source::from_bytes("file", bytes.into())];
    let mut cases = Vec::new();
    let account = read_sources(&sources, layout, &std::env::temp_dir(), &mut |case| cases.push(case))?;
    assert!(account.adds_up(), "{} rows", account.rows);
    assert_eq!(account.cases, cases.len() as u64);
    Ok((cases, account))
}

fn said(layout: &CourtLayout, bytes: impl Into<Vec<u8>>) -> String {
    match run(layout, bytes) {
        Err(error) => format!("error: {error}\n"),
        Ok((cases, account)) => cases.iter().map(shown).collect::<String>() + &accounted(&account),
    }
}

fn day(dated: Option<Dated>) -> String {
    dated.map_or("-".to_owned(), |(span, gap)| {
        let text = match span.known() {
            Some(day) => day.to_string(),
            None if span.is_unknown() => "?".to_owned(),
            None => format!("{}..{}", span.earliest(), span.latest()),
        };
        gap.map_or(text.clone(), |gap| format!("{text} {}", gap.word()))
    })
}

fn shown(case: &CourtCase) -> String {
    let name = |n: &vacatur_records::PartyName| {
        [&n.last, &n.first, &n.middle, &n.suffix]
            .map(String::as_str)
            .join("|")
            .trim_end_matches('|')
            .to_owned()
    };
    let party = &case.party;
    let mut out = format!(
        "{}:{} court {} {:?} = {:?} filed {} | {:?} {} #{} born {} {} {}\n",
        case.file,
        case.line,
        if case.court == CourtCase::NO_COURT {
            "none".to_owned()
        } else {
            format!("{} {}", case.court, case.branch)
        },
        case.number,
        case.key,
        day(case.filed),
        party.kind,
        name(party.name.expose()),
        party.defendant,
        day(*party.birth.expose()),
        party.sex,
        party.race,
    );
    let ids = [&party.cii, &party.fbi, &party.ssn, &party.license, &party.zip, &party.person_number];
    let ids: Vec<&str> = ids.iter().map(|id| id.expose().as_str()).filter(|id| !id.is_empty()).collect();
    if !ids.is_empty() || !case.bookings.is_empty() {
        let _ = writeln!(out, "   ids {} bookings {}", ids.join(" "), case.bookings.join(" "));
    }
    for also in party.also.expose() {
        let _ = writeln!(out, "   also {}", name(also));
    }
    for charge in &case.charges {
        let _ = write!(
            out,
            "   {} {} [{}] {} {} {:?} {:?} {} on {}",
            charge.count.map_or("-".to_owned(), |count| count.to_string()),
            charge.charged,
            charge.convicted,
            charge.level.map_or("no level", |level| level.word()),
            charge.level_gap.map_or("", |gap| gap.word()),
            charge.disposition.unwrap(),
            charge.disposition_text,
            day(charge.disposed),
            day(charge.offence_date),
        );
        for part in &charge.sentence {
            let length =
                if part.length == Length::Unknown { String::new() } else { format!("{:?}", part.length) };
            let _ = write!(out, "; {:?} {length}", part.kind);
        }
        for relief in &charge.relief {
            let _ = write!(out, "; {:?} {}", relief.kind, day(Some(relief.date)));
        }
        out += if charge.relief_unclear { "; relief unclear\n" } else { "\n" };
    }
    out
}

fn accounted(account: &CourtAccount) -> String {
    let mut out = format!(
        "rows {} used {} rejects {} blank {} headers {} repeated {} cases {} charges {} odd numbers {}\n",
        account.rows,
        account.used,
        account.rejects.len(),
        account.blank,
        account.headers,
        account.repeated,
        account.cases,
        account.charges,
        account.odd_numbers,
    );
    for reject in &account.rejects {
        let column = reject.place.column.map(|column| format!(", column {column}")).unwrap_or_default();
        let _ = writeln!(out, "line {}{column}: {}", reject.place.line, reject.reason);
    }
    for code in &account.unlisted {
        let text = code.code.as_deref().unwrap_or("(not shown)");
        let _ = writeln!(
            out,
            "{} {text}: {} of {} from line {}",
            code.list, code.count, code.texts, code.first.line
        );
    }
    for gap in &account.gaps {
        let _ =
            writeln!(out, "{} {}: {} from line {}", gap.column, gap.gap.word(), gap.count, gap.first.line);
    }
    out
}
