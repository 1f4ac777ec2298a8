//! Runs the tests that stand inside a policy document.

use crate::compiled::Compiled;
use crate::engine::{Engine, Worker};
use crate::prepared::Setting;
use crate::{Account, shelf};
use vacatur_policy::{Case, CaseCharge, CaseKind, Expectation, Policy};
use vacatur_records::{
    Charge, Column, Concurrency, Count, CountOrder, DateSpan, Disposition, DispositionKind, Event, EventIx,
    Fact, FileIx, Gap, Length, Level, Person, Place, Registration, ReliefKind, Row, RowIx, Seen, Sentence,
    SentenceKind, StepKind, Text, Truth, completion,
};
use vacatur_statutes::Statutes;

/// A test that did not come out as expected.
#[derive(Clone, Debug)]
pub struct Failure {
    /// What was expected and what came out.
    pub message: String,
    /// The explanation of the determination, if there was one.
    pub account: Option<Box<Account>>,
    /// Where the expectation stands in the document.
    pub span: std::ops::Range<usize>,
}

/// What became of a test.
#[derive(Clone, Debug)]
pub struct CaseReport {
    /// Its name.
    pub name: String,
    /// How many expectations it has.
    pub expectations: usize,
    /// Those that were not met.
    pub failures: Vec<Failure>,
}

/// Runs every test of a document, each with the parameters it sets.
#[must_use]
pub fn run_cases(text: &str, statutes: &Statutes) -> Vec<CaseReport> {
    let parse = || Policy::parse(text, &crate::VOCABULARY).map(|(policy, _)| policy);
    let Ok(document) = parse() else { return Vec::new() };
    document.cases.iter().map(|case| one(case, parse(), statutes)).collect()
}

fn one(
    case: &Case,
    policy: Result<Policy, Vec<vacatur_policy::Diagnostic>>,
    statutes: &Statutes,
) -> CaseReport {
    let mut report =
        CaseReport { name: case.name.clone(), expectations: case.expect.len(), failures: Vec::new() };
    let mut fail =
        |message: String| report.failures.push(Failure { message, account: None, span: case.span.clone() });
    let Ok(policy) = policy else { return report };
    let settings = case.set.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let values = match policy.values(settings) {
        Ok(values) => values,
        Err(error) => {
            fail(error.to_string());
            return report;
        }
    };
    let compiled = match Compiled::new(policy, values, statutes) {
        Ok(compiled) => compiled,
        Err(errors) => {
            for error in errors {
                fail(error.message);
            }
            return report;
        }
    };
    let counties = shelf::counties().map(str::to_owned).collect();
    let engine = Engine::new(statutes.clone(), vec![compiled], Setting { as_of: case.as_of, counties });
    let person = match person(case) {
        Ok(person) => person,
        Err(message) => {
            fail(message);
            return report;
        }
    };
    let mut worker = engine.worker();
    let prepared = worker.prepare(&person);
    let mut found = Vec::new();
    worker.determine(&prepared, 0, |determination| found.push(determination));
    for expected in &case.expect {
        let at = case.charges.iter().position(|charge| charge.label == expected.label);
        let order = at.map(|at| order(case, at));
        let determination =
            found.iter().find(|found| Some(person.counts[found.count as usize].order) == order);
        let section = determination.map_or("", |found| worker.section_number(&prepared, found.count));
        if let Some(message) = compare(expected, determination, section) {
            let account =
                determination.map(|found| Box::new(account(&worker, &prepared, found, case, &person)));
            report.failures.push(Failure { message, account, span: expected.span.clone() });
        }
    }
    report
}

fn account(
    worker: &Worker<'_>,
    prepared: &crate::Prepared<'_, '_>,
    determination: &crate::Determination<'_>,
    case: &Case,
    person: &Person<'_>,
) -> Account {
    Account::new(worker, prepared, 0, determination, &|seen| {
        let count = person.counts.iter().find(|count| count.row == seen.row);
        let label =
            count.and_then(|count| (0..case.charges.len()).find(|&at| order(case, at) == count.order));
        label.map_or_else(|| "the test".to_owned(), |at| format!("count {}", case.charges[at].label))
    })
}

fn compare(
    expected: &Expectation,
    found: Option<&crate::Determination<'_>>,
    section: &str,
) -> Option<String> {
    let label = &expected.label;
    let Some(found) = found else {
        return expected
            .outcome
            .map(|outcome| format!("{label}: expected {}, but the count is out of scope", outcome.word()));
    };
    let reason = found.reason(section);
    let came_out = format!("came out as {} \"{reason}\"", found.outcome().word());
    match expected.outcome {
        None => return Some(format!("{label}: expected to be out of scope, but {came_out}")),
        Some(outcome) if outcome != found.outcome() => {
            return Some(format!("{label}: expected {}, but {came_out}", outcome.word()));
        }
        Some(_) => {}
    }
    if let Some(wanted) = &expected.reason
        && *wanted != reason
    {
        return Some(format!("{label}: expected the reason \"{wanted}\", but it {came_out}"));
    }
    if let Some(missing) = expected.missing
        && !found.decision().missing.has(missing)
    {
        return Some(format!(
            "{label}: expected to miss the {}, but it {came_out}, missing: {}",
            missing.name(),
            found.decision().missing
        ));
    }
    None
}

/// The number of a count of a test: each has a cycle of its own unless it names another as being of the same case.
fn order(case: &Case, at: usize) -> CountOrder {
    let home = |charge: &CaseCharge| {
        charge
            .same_case
            .as_ref()
            .and_then(|label| case.charges.iter().position(|other| other.label == *label))
            .unwrap_or(at)
    };
    CountOrder::new(101 + home(&case.charges[at]) as u16, 1, 1 + at as u16, 0)
}

fn seen(row: u32, column: Column) -> Seen {
    Seen { row: RowIx(row), column }
}

fn dated(span: DateSpan, row: u32, column: Column) -> Fact<DateSpan> {
    let gap = match (span.is_unknown(), span.known()) {
        (true, _) => Some(Gap::Blank),
        (_, None) => Some(Gap::Partial),
        _ => None,
    };
    Fact { value: span, gap, seen: [Some(seen(row, column)), None] }
}

/// The record that a test describes.
fn person(case: &Case) -> Result<Person<'_>, String> {
    let mut person = Person {
        birth: dated(case.born.unwrap_or(DateSpan::UNKNOWN), 0, Column::BirthDate),
        deceased: Fact { value: Truth::of(case.died.is_some()), gap: None, seen: [None; 2] },
        died: case.died.unwrap_or(DateSpan::UNKNOWN),
        ..Person::new(Text::of(b"TEST"))
    };
    if case.unusable_row {
        person.rejected.push(Place { file: FileIx(0), line: 1, column: None });
    }
    for (at, charge) in case.charges.iter().enumerate() {
        if charge
            .same_case
            .as_ref()
            .is_some_and(|label| !case.charges.iter().any(|other| other.label == *label))
        {
            return Err(format!(
                "{}: there is no count `{}`",
                charge.label,
                charge.same_case.as_deref().unwrap_or("")
            ));
        }
        count(&mut person, case, at);
    }
    person.counts.sort_by_key(|count| count.order);
    for (what, when) in &case.registered {
        let row = person.rows.len() as u32;
        person.rows.push(Row { file: FileIx(0), line: u64::from(row) + 1, offset: 0, bytes: 0 });
        let date = dated(*when, row, Column::EventDate);
        person.registrations.push(Registration { charge: Text::of(what.as_bytes()), date, row: RowIx(row) });
    }
    Ok(person)
}

fn count<'c>(person: &mut Person<'c>, case: &'c Case, at: usize) {
    let charge = &case.charges[at];
    let row = at as u32;
    let order = order(case, at);
    let kind = if charge.kind == CaseKind::Arrested { StepKind::Arrest } else { StepKind::Court };
    let date = dated(charge.date, row, Column::EventDate);
    person.rows.push(Row { file: FileIx(0), line: u64::from(row) + 1, offset: 0, bytes: 0 });
    person.events.push(Event { case: order.case(), kind, date, agency: Text::default() });
    let place = seen(row, Column::Disposition);
    let convicted = match charge.kind {
        CaseKind::Convicted => Fact::known(Truth::Yes, place),
        CaseKind::Charged => Fact::gap(Truth::Unknown, Gap::Blank, Some(place)),
        CaseKind::Arrested | CaseKind::Dismissed => Fact::known(Truth::No, place),
    };
    let mut level = match charge.level {
        Some(level) => Fact::known(Some(level), seen(row, Column::ConvictionLevel)),
        None => Fact::gap(None, Gap::Blank, Some(seen(row, Column::ConvictionLevel))),
    };
    let start = person.dispositions.len() as u32;
    if let Some((relief, by, when)) = &charge.relief {
        let relief = *relief;
        if relief == ReliefKind::Reduced {
            level = Fact::known(Some(Level::Misdemeanor), place);
        }
        let date = dated(*when, row, Column::EventDate);
        let text = Text::of(by.as_bytes());
        person.dispositions.push(Disposition {
            kind: DispositionKind::Relief(relief),
            by,
            text,
            date,
            row: RowIx(row),
        });
    }
    let dispositions = start..person.dispositions.len() as u32;
    let start = person.sentences.len() as u32;
    for part in charge.sentence.iter().flatten() {
        person.sentences.push(Sentence {
            kind: match part.kind.as_str() {
                "prison" => SentenceKind::Prison,
                "jail" => SentenceKind::Jail,
                _ => SentenceKind::Supervision,
            },
            length: match part.unit.as_str() {
                "days" => Length::Days(part.length),
                "months" => Length::Months(part.length),
                _ => Length::Years(part.length),
            },
            concurrency: Concurrency::Unsaid,
            row: RowIx(row),
        });
    }
    let (end, gap) = completion(charge.date, &person.sentences[start as usize..]);
    let county = if charge.county.is_empty() {
        Fact::gap(Text::default(), Gap::Blank, Some(seen(row, Column::County)))
    } else {
        Fact::known(Text::of(charge.county.as_bytes()), seen(row, Column::County))
    };
    person.counts.push(Count {
        order,
        event: EventIx(person.events.len() as u32 - 1),
        county,
        case_number: Text::default(),
        charge: Charge { charged: Text::of(charge.offence.as_bytes()), ..Charge::default() },
        other_charge: None,
        relief_unclear: false,
        convicted,
        level,
        date,
        completed: Fact { value: end, gap, seen: [Some(seen(row, Column::SentenceLength)), None] },
        dispositions,
        sentences: start..person.sentences.len() as u32,
        row: RowIx(row),
        rows: row..row + 1,
    });
}
