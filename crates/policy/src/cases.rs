//! The tests inside a document: small histories with the determination expected of them.

use crate::document::{Block, entries};
use crate::{Diagnostic, Missing, Outcome, OutcomeKind};
use std::ops::Range;
use vacatur_records::{Date, DateSpan, Level, ReliefKind};

/// A history and what is expected of it.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its name, a sentence.
    pub name: String,
    /// The day on which it is decided.
    pub as_of: Date,
    /// The date of birth.
    pub born: Option<DateSpan>,
    /// The day of death, if the record has one.
    pub died: Option<DateSpan>,
    /// Registrations: the provision as written, and the day.
    pub registered: Vec<(String, DateSpan)>,
    /// Whether a row of the person could not be used.
    pub unusable_row: bool,
    /// Parameters set for the test.
    pub set: Vec<(String, String)>,
    /// The counts, by label.
    pub charges: Vec<CaseCharge>,
    /// What is expected.
    pub expect: Vec<Expectation>,
    /// Where it stands in the document.
    pub span: Range<usize>,
}

/// How a count of a test ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseKind {
    /// `convicted of`
    Convicted,
    /// `charged with`: a court row with no disposition.
    Charged,
    /// `arrested for`
    Arrested,
    /// `dismissed`
    Dismissed,
}

/// One count of a test.
#[derive(Clone, Debug)]
pub struct CaseCharge {
    /// Its label: `A`.
    pub label: String,
    /// How it ended.
    pub kind: CaseKind,
    /// The offence as written in a record.
    pub offence: String,
    /// The level, if known.
    pub level: Option<Level>,
    /// The date.
    pub date: DateSpan,
    /// The county; blank if the record does not say.
    pub county: String,
    /// The label of a count of the same case.
    pub same_case: Option<String>,
    /// The parts of the sentence; `None` if the record does not say.
    pub sentence: Option<Vec<CaseSentence>>,
    /// Relief granted later: what it does, by which provision, and when.
    pub relief: Option<(ReliefKind, String, DateSpan)>,
}

/// One part of a sentence: how many days, months or years, and of what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseSentence {
    /// How many.
    pub length: i32,
    /// `days`, `months`, `years`.
    pub unit: String,
    /// `probation`, `jail`, `prison`.
    pub kind: String,
}

/// What is expected of a count.
#[derive(Clone, Debug)]
pub struct Expectation {
    /// The count's label.
    pub label: String,
    /// The outcome; `None` expects no determination: the count is out of scope.
    pub outcome: Option<OutcomeKind>,
    /// The outcome as a rule names it, where the test does: `reduce to misdemeanor`, and not just `reduce`.
    pub in_full: Option<String>,
    /// The reason.
    pub reason: Option<String>,
    /// A fact that must be named as missing.
    pub missing: Option<Missing>,
    /// Where it stands.
    pub span: Range<usize>,
}

/// Reads a `test` block.
pub(crate) fn read(block: &Block<'_>) -> Result<Case, Diagnostic> {
    if block.name.is_empty() {
        return Err(Diagnostic::error(block.span.clone(), "a test needs a name")
            .hint("write it after the fence: ```test The day before"));
    }
    let mut as_of = None;
    let mut case = Case {
        name: block.name.to_owned(),
        as_of: Date::ZERO,
        born: None,
        died: None,
        registered: Vec::new(),
        unusable_row: false,
        set: Vec::new(),
        charges: Vec::new(),
        expect: Vec::new(),
        span: block.span.clone(),
    };
    for entry in entries(block)? {
        let span = entry.span();
        let wrong = |message: &str| Diagnostic::error(span.clone(), message.to_owned());
        let day = |text: &str| {
            date(text)
                .ok_or_else(|| wrong("this is no date").hint("write 2001-03-05, 2001-03, 2001 or unknown"))
        };
        let once = |given: bool, what: &str| {
            if given { Err(wrong(&format!("`{what}` is given twice in this test"))) } else { Ok(()) }
        };
        if let Some((text, _)) = entry.after("as of") {
            once(as_of.is_some(), "as of")?;
            as_of = Some(day(text)?.known().ok_or_else(|| wrong("`as of` needs a whole date"))?);
        } else if let Some((text, _)) = entry.after("born") {
            once(case.born.is_some(), "born")?;
            case.born = Some(day(text)?);
        } else if let Some((text, _)) = entry.after("died") {
            once(case.died.is_some(), "died")?;
            case.died = Some(day(text)?);
        } else if entry.after("unusable row").is_some() {
            case.unusable_row = true;
        } else if let Some((text, _)) = entry.after("set") {
            let (name, value) = text.split_once('=').ok_or_else(|| wrong("write `set age = 45`"))?;
            case.set.push((name.trim().to_lowercase(), value.trim().to_owned()));
        } else if let Some((text, _)) = entry.after("registered") {
            let (what, when) =
                text.rsplit_once(" on ").ok_or_else(|| wrong("write `registered 290 PC on 2001-03-05`"))?;
            case.registered.push((what.trim().to_owned(), day(when)?));
        } else if let Some((text, _)) = entry.after("expect") {
            case.expect.push(expectation(text, span.clone())?);
        } else if let Some((label, text)) = entry.text.split_once(':')
            && label.chars().all(|c| c.is_ascii_alphanumeric())
            && !label.is_empty()
        {
            once(case.charges.iter().any(|charge| charge.label == label), label)?;
            case.charges.push(charge(label, &text.split_whitespace().collect::<Vec<_>>().join(" "), &span)?);
        } else {
            return Err(wrong("this line means nothing in a test").hint(
                "lines are `as of DATE`, `born DATE`, `died DATE`, `registered TEXT on DATE`, `set NAME = VALUE`, `unusable row`, `A: convicted of …`, `expect A: …`",
            ));
        }
    }
    case.as_of = as_of.ok_or_else(|| {
        Diagnostic::error(block.span.clone(), "this test does not say on which day it is decided")
            .hint("add a line `as of 2019-11-11`")
    })?;
    if case.expect.is_empty() {
        return Err(Diagnostic::error(block.span.clone(), "this test expects nothing, so it cannot fail")
            .hint("add a line `expect A: dismiss`"));
    }
    for expected in &case.expect {
        if !case.charges.iter().any(|charge| charge.label == expected.label) {
            return Err(Diagnostic::error(
                expected.span.clone(),
                format!("there is no count `{}` in this test", expected.label),
            ));
        }
    }
    Ok(case)
}

/// `2001-03-05`, `2001-03`, `2001`, `unknown`.
fn date(text: &str) -> Option<DateSpan> {
    let text = text.trim();
    if text == "unknown" {
        return Some(DateSpan::UNKNOWN);
    }
    let parts: Vec<&str> = text.split('-').collect();
    match parts.as_slice() {
        [_, _, _] => text.parse().ok().map(DateSpan::on),
        [year, month] => DateSpan::month(year.parse().ok()?, month.parse().ok()?),
        [year] => DateSpan::year(year.parse().ok()?),
        _ => None,
    }
}

/// `A: dismiss "50 years or older"`, `A: review, missing birth date`, `A: out of scope`.
fn expectation(text: &str, span: Range<usize>) -> Result<Expectation, Diagnostic> {
    let wrong = |message: String| {
        Diagnostic::error(span.clone(), message).hint("write `expect A: dismiss \"50 years or older\"`, `expect A: review, missing birth date` or `expect A: out of scope`")
    };
    let (label, rest) = text.split_once(':').ok_or_else(|| wrong("expected a label and a colon".into()))?;
    let (rest, missing) = match rest.split_once(", missing ") {
        Some((rest, missing)) => {
            let found = Missing::named(missing.trim())
                .ok_or_else(|| wrong(format!("nothing is called `{}`", missing.trim())))?;
            (rest, Some(found))
        }
        None => (rest, None),
    };
    let quotes = ['"', '“', '”'];
    let (outcome, reason) = match rest.find(quotes) {
        Some(at) => (&rest[..at], Some(rest[at..].trim().trim_matches(quotes).to_owned())),
        None => (rest, None),
    };
    let outcome = outcome.trim();
    // What is more than its kind says, and may be expected in full.
    let in_full =
        [Outcome::Dismiss { seal: true }, Outcome::ReduceToMisdemeanor, Outcome::ReduceToInfraction]
            .into_iter()
            .find(|full| full.to_string() == outcome);
    let kind = if outcome == "out of scope" {
        None
    } else if let Some(full) = &in_full {
        Some(full.kind())
    } else {
        let word = outcome.replace(' ', "_");
        Some(OutcomeKind::named(&word).ok_or_else(|| wrong(format!("there is no outcome `{outcome}`")))?)
    };
    let in_full = in_full.map(|full| full.to_string());
    Ok(Expectation { label: label.trim().to_owned(), outcome: kind, in_full, reason, missing, span })
}

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
fn charge(label: &str, text: &str, span: &Range<usize>) -> Result<CaseCharge, Diagnostic> {
    let wrong = |message: String| Diagnostic::error(span.clone(), message);
    let kinds = [
        ("convicted of ", CaseKind::Convicted),
        ("charged with ", CaseKind::Charged),
        ("arrested for ", CaseKind::Arrested),
        ("dismissed ", CaseKind::Dismissed),
    ];
    let (kind, rest) = kinds
        .into_iter()
        .find_map(|(word, kind)| text.strip_prefix(word).map(|rest| (kind, rest)))
        .ok_or_else(|| {
            wrong("a count begins `convicted of`, `charged with`, `arrested for` or `dismissed`".into())
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
    };
    if charge.offence == "an unreadable section" {
        charge.offence = "???".into();
    }
    for clause in clauses {
        if let Some(level) = [Level::Felony, Level::Misdemeanor, Level::Infraction]
            .into_iter()
            .find(|level| level.word() == clause)
        {
            charge.level = Some(level);
        } else if let Some(day) = clause.strip_prefix("on ").or_else(|| clause.strip_prefix("in the year ")) {
            charge.date = date(day).ok_or_else(|| wrong(format!("`{day}` is no date")))?;
        } else if let Some(label) = clause.strip_prefix("same case as ") {
            charge.same_case = Some(label.to_owned());
        } else if let Some(county) = clause.strip_prefix("in ") {
            charge.county = county.to_owned();
        } else if let Some((kind, relief)) = relief(clause) {
            let (by, on) = relief
                .rsplit_once(" on ")
                .ok_or_else(|| wrong("write `set aside by PC 1203.4 on 2001-03-05`".into()))?;
            charge.relief =
                Some((kind, by.to_owned(), date(on).ok_or_else(|| wrong(format!("`{on}` is no date")))?));
        } else if let [length, unit, kind] = clause.split_whitespace().collect::<Vec<_>>().as_slice()
            && let Ok(length) = length.parse()
        {
            let unit = format!("{}s", unit.trim_end_matches('s'));
            let part = CaseSentence { length, unit, kind: (*kind).to_owned() };
            let known = matches!(part.unit.as_str(), "days" | "months" | "years")
                && matches!(part.kind.as_str(), "probation" | "jail" | "prison");
            if !known {
                return Err(wrong(format!("`{clause}` is no sentence"))
                    .hint("write `3 years probation`, `90 days jail`"));
            }
            charge.sentence.get_or_insert_default().push(part);
        } else {
            return Err(wrong(format!("`{clause}` means nothing here")).hint(
                "clauses are felony, on DATE, in COUNTY, 3 years probation, same case as LABEL, set aside (reduced, resentenced, vacated) by PROVISION on DATE",
            ));
        }
    }
    Ok(charge)
}
