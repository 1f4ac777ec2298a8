//! The tests inside a document: small histories with the determination expected of them.

use crate::clauses::charge;
use crate::document::{Block, entries};
use crate::grammar::TEST_LINES;
use crate::reader::{one_line, quoted};
use crate::{Diagnostic, Missing, OutcomeKind, lex};
use std::ops::Range;
use vacatur_records::{Date, DateSpan, FindingKind, Level, ReliefKind};

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
    /// The label of a count of the same cycle, and of another step of it.
    pub same_cycle: Option<String>,
    /// The day of the arrest in the same cycle, which stands in for that of the offence.
    pub arrested: Option<DateSpan>,
    /// How a count ended that did not end in a conviction: `dismissed`, `acquitted`, as the layout's words label it.
    pub ended: Option<&'static str>,
    /// Whether probation or other supervision was revoked.
    pub revoked: bool,
    /// What was found in other documents: how much, or 1 for yes and 0 for no.
    pub findings: Vec<(FindingKind, i32)>,
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
    /// The outcome in full, where the test gives it: `dismiss and seal`, `reduce to misdemeanor`.
    pub relief: Option<String>,
    /// For `not yet`: the day until which.
    pub until: Option<Date>,
    /// The reason.
    pub reason: Option<String>,
    /// A fact that must be named as missing.
    pub missing: Option<Missing>,
    /// Where it stands.
    pub span: Range<usize>,
}

/// How many counts a test may have.
const MOST: usize = 256;

/// Reads a `test` block.
pub(crate) fn read(block: &Block<'_>) -> Result<Case, Diagnostic> {
    if block.name.is_empty() {
        return Err(Diagnostic::error(block.span.clone(), "a test needs a name")
            .hint("write it after the fence: ```test The day before"));
    }
    let mut as_of = None;
    let mut case = Case {
        name: one_line(block.name),
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
        let found = TEST_LINES.into_iter().find_map(|key| Some((key, one_line(entry.after(key)?.0))));
        match found.as_ref().map(|(key, text)| (*key, text.as_str())) {
            Some(("as of", text)) => {
                once(as_of.is_some(), "as of")?;
                let whole = || wrong("`as of` needs a whole date").hint("write `as of 2019-11-11`");
                as_of = Some(day(text)?.known().ok_or_else(whole)?);
            }
            Some(("born", text)) => {
                once(case.born.is_some(), "born")?;
                case.born = Some(day(text)?);
            }
            Some(("died", text)) => {
                once(case.died.is_some(), "died")?;
                case.died = Some(day(text)?);
            }
            Some(("unusable row", "")) => case.unusable_row = true,
            Some(("set", text)) => {
                let (name, value) = text.split_once('=').ok_or_else(|| wrong("write `set age = 45`"))?;
                let value = quoted(value).unwrap_or_else(|| value.trim().to_owned());
                case.set.push((lex::name(name), value));
            }
            Some(("registered", text)) => {
                let (what, when) = text
                    .rsplit_once(" on ")
                    .ok_or_else(|| wrong("write `registered 290 PC on 2001-03-05`"))?;
                case.registered.push((what.trim().to_owned(), day(when)?));
            }
            Some(("expect", text)) => case.expect.push(expectation(text, span.clone())?),
            _ => match entry.text.split_once(':') {
                Some((label, text)) if is_label(label) => {
                    if case.charges.len() == MOST {
                        return Err(wrong(&format!("a test has at most {MOST} counts")));
                    }
                    once(case.charges.iter().any(|charge| charge.label == label), label)?;
                    case.charges.push(charge(label, &one_line(text), &span)?);
                }
                _ => {
                    return Err(wrong("this line means nothing in a test").hint(
                        "lines are `as of DATE`, `born DATE`, `died DATE`, `registered TEXT on DATE`, `set NAME = VALUE`, `unusable row`, `A: convicted of …`, `expect A: …`",
                    ));
                }
            },
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
pub(crate) fn date(text: &str) -> Option<DateSpan> {
    let text = text.trim();
    if text.eq_ignore_ascii_case("unknown") {
        return Some(DateSpan::UNKNOWN);
    }
    let text = text.replace(lex::is_dash, "-");
    match text.split('-').collect::<Vec<_>>().as_slice() {
        [_, _, _] => lex::day(&text).map(DateSpan::on),
        [year, month] => DateSpan::month(year.parse().ok()?, month.parse().ok()?),
        [year] => DateSpan::year(year.parse().ok()?),
        _ => None,
    }
}

fn is_label(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric())
}

const EXPECTATION: &str = "write `expect A: dismiss \"50 years or older\"`, `expect A: refer to \"City Attorneys\", \"The reason\"`, `expect A: review, missing birth date`, `expect A: not yet until 2026-05-04` or `expect A: out of scope`";

/// `A: dismiss "50 years or older"`, `A: review, missing birth date`, `A: not yet until 2026-05-04`, `A: out of scope`.
fn expectation(text: &str, span: Range<usize>) -> Result<Expectation, Diagnostic> {
    let wrong = |message: String| Diagnostic::error(span.clone(), message).hint(EXPECTATION);
    let (label, rest) = text.split_once(':').ok_or_else(|| wrong("expected a label and a colon".into()))?;
    let (rest, missing) = match rest.split_once(", missing ") {
        Some((rest, missing)) => {
            let names: Vec<&str> = Missing::ALL.into_iter().map(Missing::name).collect();
            let found = Missing::named(missing.trim()).ok_or_else(|| {
                Diagnostic::error(span.clone(), format!("nothing is called `{}`", missing.trim()))
                    .hint(format!("what can be missing is {}; name one", names.join(", ")))
            })?;
            (rest, Some(found))
        }
        None => (rest, None),
    };
    let (outcome, mut quoted) = texts(rest).map_err(wrong)?;
    let mut expected = Expectation {
        label: label.trim().to_owned(),
        outcome: None,
        relief: None,
        until: None,
        reason: None,
        missing,
        span: span.clone(),
    };
    match outcome.as_str() {
        "out of scope" => {}
        "dismiss" | "dismiss and seal" => {
            expected.outcome = Some(OutcomeKind::Dismiss);
            expected.relief = Some(outcome);
        }
        "reduce to misdemeanor" | "reduce to infraction" => {
            expected.outcome = Some(OutcomeKind::Reduce);
            expected.relief = Some(outcome);
        }
        "refer to" | "grant" => {
            let name = if quoted.is_empty() { String::new() } else { quoted.remove(0) };
            if name.is_empty() {
                return Err(wrong(format!("`{outcome}` needs a name between quotation marks")));
            }
            expected.outcome = Some(if outcome == "grant" { OutcomeKind::Grant } else { OutcomeKind::Refer });
            expected.relief = Some(format!("{outcome} \"{name}\""));
        }
        _ => match outcome.strip_prefix("not yet until ") {
            Some(day) => {
                expected.outcome = Some(OutcomeKind::NotYet);
                expected.until =
                    Some(lex::day(day).ok_or_else(|| wrong(format!("`{day}` is no whole date")))?);
            }
            None => {
                let found = OutcomeKind::named(&outcome.replace(' ', "_"));
                expected.outcome =
                    Some(found.ok_or_else(|| wrong(format!("there is no outcome `{outcome}`")))?);
            }
        },
    }
    if quoted.len() > usize::from(expected.outcome.is_some()) {
        return Err(wrong("there is one text too many between quotation marks".into()));
    }
    expected.reason = quoted.pop();
    Ok(expected)
}

/// The words before the first quotation mark, in lower case, and what stands between each pair of them. Between two
/// pairs there may be a comma; nothing else, and nothing after the last.
fn texts(text: &str) -> Result<(String, Vec<String>), String> {
    let mut parts = text.split(lex::QUOTES);
    let words = parts.next().unwrap_or("").trim().trim_end_matches(',').trim().to_lowercase();
    let mut quoted = Vec::new();
    while let Some(inside) = parts.next() {
        let Some(after) = parts.next().map(str::trim) else {
            return Err("a quotation mark is never closed here".into());
        };
        if !after.is_empty() && after != "," {
            return Err(format!("`{after}` means nothing behind a text between quotation marks"));
        }
        quoted.push(inside.trim().to_owned());
    }
    Ok((words, quoted))
}
