//! A count of a test: how it ended, and the clauses after it.

use crate::Diagnostic;
use crate::cases::{CaseCharge, CaseKind, CaseSentence, date};
use std::ops::Range;
use vacatur_records::{DateSpan, FindingKind, Level, ReliefKind};

/// How a count may begin: the words, the kind, and for one that ended without a conviction how.
const BEGINNINGS: [(&str, CaseKind, Option<&str>); 9] = [
    ("convicted of ", CaseKind::Convicted, None),
    ("charged with ", CaseKind::Charged, None),
    ("arrested for ", CaseKind::Arrested, None),
    ("dismissed ", CaseKind::Dismissed, Some("dismissed")),
    ("acquitted of ", CaseKind::Dismissed, Some("acquitted")),
    ("not prosecuted for ", CaseKind::Dismissed, Some("not prosecuted")),
    ("diverted from ", CaseKind::Dismissed, Some("diversion")),
    ("completed diversion for ", CaseKind::Dismissed, Some("diversion completed")),
    ("released for ", CaseKind::Arrested, Some("released")),
];

/// Clauses that say yes or no of something that no extract holds.
const FOUND: [(&str, FindingKind, i32); 8] = [
    ("paid", FindingKind::Paid, 1),
    ("not paid", FindingKind::Paid, 0),
    ("buyer under 18", FindingKind::Minor, 1),
    ("no buyer under 18", FindingKind::Minor, 0),
    ("imported", FindingKind::Import, 1),
    ("not imported", FindingKind::Import, 0),
    ("environmental harm", FindingKind::Environment, 1),
    ("no environmental harm", FindingKind::Environment, 0),
];

/// What a relief does, and the rest of its clause.
fn relief(clause: &str) -> Option<(ReliefKind, &str)> {
    let kinds = [
        ("set aside by ", ReliefKind::SetAside),
        ("reduced by ", ReliefKind::Reduced),
        ("resentenced by ", ReliefKind::Resentenced),
        ("vacated by ", ReliefKind::Vacated),
    ];
    kinds.into_iter().find_map(|(word, kind)| clause.strip_prefix(word).map(|rest| (kind, rest)))
}

/// `convicted of HS 11359, felony, on 2001-03-05, in LOS ANGELES, 3 years probation, same case as B`.
pub(crate) fn charge(label: &str, text: &str, span: &Range<usize>) -> Result<CaseCharge, Diagnostic> {
    let wrong = |message: String| Diagnostic::error(span.clone(), message);
    let (kind, ended, rest) = BEGINNINGS
        .into_iter()
        .find_map(|(words, kind, ended)| text.strip_prefix(words).map(|rest| (kind, ended, rest)))
        .ok_or_else(|| {
            let known: Vec<String> =
                BEGINNINGS.iter().map(|(words, ..)| format!("`{}`", words.trim())).collect();
            wrong(format!("a count begins with one of {}", known.join(", ")))
        })?;
    let mut clauses = rest.split(',').map(str::trim);
    let mut charge = CaseCharge {
        label: label.to_owned(),
        kind,
        offence: clauses.next().unwrap_or("").to_owned(),
        level: None,
        date: DateSpan::UNKNOWN,
        county: String::new(),
        same_case: None,
        sentence: None,
        relief: None,
        same_cycle: None,
        arrested: None,
        ended,
        revoked: false,
        findings: Vec::new(),
    };
    if charge.offence == "an unreadable section" {
        charge.offence = "???".into();
    }
    for clause in clauses {
        take(&mut charge, clause, span)?;
    }
    Ok(charge)
}

/// Takes one clause.
fn take(charge: &mut CaseCharge, clause: &str, span: &Range<usize>) -> Result<(), Diagnostic> {
    let wrong = |message: String| Diagnostic::error(span.clone(), message);
    let day = |text: &str| date(text).ok_or_else(|| wrong(format!("`{text}` is no date")));
    let level =
        [Level::Felony, Level::Misdemeanor, Level::Infraction].into_iter().find(|it| it.word() == clause);
    if level.is_some() {
        charge.level = level;
    } else if let Some((_, kind, value)) = FOUND.into_iter().find(|(words, ..)| *words == clause) {
        charge.findings.push((kind, value));
    } else if clause == "probation revoked" {
        charge.revoked = true;
    } else if let Some(on) = clause.strip_prefix("arrested on ") {
        charge.arrested = Some(day(on)?);
    } else if let Some(on) = clause.strip_prefix("on ").or_else(|| clause.strip_prefix("in the year ")) {
        charge.date = day(on)?;
    } else if let Some(label) = clause.strip_prefix("same case as ") {
        charge.same_case = Some(label.to_owned());
    } else if let Some(label) = clause.strip_prefix("same cycle as ") {
        charge.same_cycle = Some(label.to_owned());
    } else if let Some(county) = clause.strip_prefix("in ") {
        charge.county = county.to_owned();
    } else if let Some((kind, relief)) = relief(clause) {
        let (by, on) = relief
            .rsplit_once(" on ")
            .ok_or_else(|| wrong("write `set aside by PC 1203.4 on 2001-03-05`".into()))?;
        charge.relief = Some((kind, by.to_owned(), day(on)?));
    } else if let Some(found) = measured(clause) {
        charge.findings.push(found);
    } else if let Some(part) = sentence(clause) {
        charge.sentence.get_or_insert_default().push(part);
    } else {
        return Err(wrong(format!("`{clause}` means nothing here")).hint(
            "clauses are felony, on DATE, in COUNTY, 3 years probation, same case as LABEL, set aside (reduced, resentenced, vacated) by PROVISION on DATE; `docs/src/policy-language.md` has them all",
        ));
    }
    Ok(())
}

/// `20 grams`, `3.5 grams of concentrate`, `6 plants`.
fn measured(clause: &str) -> Option<(FindingKind, i32)> {
    let (number, what) = clause.split_once(' ')?;
    let kind = match what {
        "grams" => FindingKind::Weight,
        "grams of concentrate" => FindingKind::Concentrate,
        "plants" => return Some((FindingKind::Plants, number.parse().ok()?)),
        _ => return None,
    };
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    if part.len() > 3 || !part.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let whole: i32 = whole.parse().ok().filter(|whole| *whole >= 0)?;
    let part: i32 = format!("{part:0<3}").parse().ok()?;
    Some((kind, whole.checked_mul(1_000)?.checked_add(part)?))
}

/// `3 years probation`, `90 days jail`.
fn sentence(clause: &str) -> Option<CaseSentence> {
    let words: Vec<&str> = clause.split_whitespace().collect();
    let [length, unit, kind] = words.as_slice() else { return None };
    let part = CaseSentence {
        length: length.parse().ok()?,
        unit: format!("{}s", unit.trim_end_matches('s')),
        kind: (*kind).to_owned(),
    };
    let known = matches!(part.unit.as_str(), "days" | "months" | "years")
        && matches!(part.kind.as_str(), "probation" | "jail" | "prison");
    known.then_some(part)
}
