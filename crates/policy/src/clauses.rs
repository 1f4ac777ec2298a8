//! A count of a test: how it ended, and the clauses after it.

use crate::Diagnostic;
use crate::cases::{CaseCharge, CaseSentence, date};
use crate::document::after;
use crate::grammar::{BEGINNINGS, CLAUSES, FOUND, MEASURED, RELIEFS, SENTENCES};
use std::ops::Range;
use vacatur_records::{DateSpan, FindingKind, Level, ReliefKind};

/// What a relief does, and the rest of its clause.
fn relief(clause: &str) -> Option<(ReliefKind, &str)> {
    RELIEFS.into_iter().find_map(|(words, kind)| after(clause, words).map(|rest| (kind, rest)))
}

/// `convicted of HS 11359, felony, on 2001-03-05, in LOS ANGELES, 3 years probation, same case as B`.
pub(crate) fn charge(label: &str, text: &str, span: &Range<usize>) -> Result<CaseCharge, Diagnostic> {
    let wrong = |message: String| Diagnostic::error(span.clone(), message);
    let (kind, ended, rest) = BEGINNINGS
        .into_iter()
        .find_map(|(words, kind, ended)| after(text, words).map(|rest| (kind, ended, rest)))
        .ok_or_else(|| {
            let known: Vec<String> = BEGINNINGS.iter().map(|(words, ..)| format!("`{words}`")).collect();
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
    if charge.offence.is_empty() {
        return Err(wrong("this count names no offence".into())
            .hint("write it as a record does: `convicted of 11358 HS`, or `an unreadable section`"));
    }
    if charge.offence == "an unreadable section" {
        charge.offence = "???".into();
    }
    let mut taken = Vec::new();
    for clause in clauses {
        let what = take(&mut charge, clause, span)?;
        // Of two the first would be passed over.
        if what != "sentence" && taken.contains(&what) {
            return Err(wrong(format!("this count has two clauses that say its {what}")));
        }
        taken.push(what);
    }
    Ok(charge)
}

/// Takes one clause, and says what it tells of the count.
fn take(charge: &mut CaseCharge, clause: &str, span: &Range<usize>) -> Result<&'static str, Diagnostic> {
    let wrong = |message: String| Diagnostic::error(span.clone(), message);
    let day = |text: &str| {
        date(text).ok_or_else(|| {
            wrong(format!("`{}` is no date", text.trim())).hint("write 2001-03-05, 2001-03, 2001 or unknown")
        })
    };
    let levels = [Level::Felony, Level::Misdemeanor, Level::Infraction];
    if let Some(level) = levels.into_iter().find(|level| clause.eq_ignore_ascii_case(level.word())) {
        charge.level = Some(level);
        return Ok("level");
    }
    if let Some((_, kind, value)) = FOUND.into_iter().find(|(words, ..)| clause.eq_ignore_ascii_case(words)) {
        charge.findings.push((kind, value));
        return Ok(finding(kind));
    }
    if let Some((kind, relief)) = relief(clause) {
        let (by, on) = relief
            .rsplit_once(" on ")
            .ok_or_else(|| wrong("write `set aside by PC 1203.4 on 2001-03-05`".into()))?;
        charge.relief = Some((kind, by.trim().to_owned(), day(on)?));
        return Ok("relief");
    }
    if let Some((kind, value)) = measured(clause) {
        charge.findings.push((kind, value));
        return Ok(finding(kind));
    }
    if let Some(part) = sentence(clause) {
        charge.sentence.get_or_insert_default().push(part);
        return Ok("sentence");
    }
    let found = CLAUSES.into_iter().find_map(|words| Some((words, after(clause, words)?.trim())));
    match found {
        Some(("arrested on", on)) => {
            charge.arrested = Some(day(on)?);
            Ok("arrest")
        }
        Some(("on" | "in the year", on)) => {
            charge.date = day(on)?;
            Ok("date")
        }
        Some(("same case as", label)) => {
            charge.same_case = Some(label.to_owned());
            Ok("case")
        }
        Some(("same cycle as", label)) => {
            charge.same_cycle = Some(label.to_owned());
            Ok("cycle")
        }
        Some(("in", county)) => {
            charge.county = county.to_owned();
            Ok("county")
        }
        Some(("probation revoked", "")) => {
            charge.revoked = true;
            Ok("revocation")
        }
        _ => Err(wrong(format!("`{clause}` means nothing here")).hint(
            "clauses are felony, on DATE, in COUNTY, 3 years probation, same case as LABEL, set aside (reduced, resentenced, vacated) by PROVISION on DATE; `docs/src/policy-language.md` has them all",
        )),
    }
}

/// What a finding tells of a count.
fn finding(kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::Weight => "weight",
        FindingKind::Concentrate => "weight of concentrate",
        FindingKind::Plants => "number of plants",
        FindingKind::Paid => "payment",
        FindingKind::Minor => "age of the buyer",
        FindingKind::Import => "import",
        FindingKind::Environment => "environmental harm",
    }
}

/// `20 grams`, `3.5 grams of concentrate`, `6 plants`.
fn measured(clause: &str) -> Option<(FindingKind, i32)> {
    let (number, what) = clause.split_once(' ')?;
    let (_, kind) = MEASURED.into_iter().find(|(words, _)| *words == what)?;
    if kind == FindingKind::Plants {
        return Some((kind, number.parse().ok().filter(|plants| *plants >= 0)?));
    }
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
    let known =
        matches!(part.unit.as_str(), "days" | "months" | "years") && SENTENCES.contains(&part.kind.as_str());
    known.then_some(part)
}
