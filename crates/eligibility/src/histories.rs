//! The small record that a test of a document describes.

use vacatur_policy::{Case, CaseKind};
use vacatur_records::{
    Charge, Column, Concurrency, Count, CountIx, CountOrder, DateSpan, Disposition, DispositionKind, Event,
    EventIx, Fact, FileIx, Finding, Gap, Length, Level, NumberSpan, Person, Place, Registration, ReliefKind,
    Row, RowIx, Seen, Sentence, SentenceKind, StepKind, Text, Truth, completion,
};

/// The number of a count of a test: each has a cycle of its own unless it names another as being of the same case or of
/// the same cycle. A label that the test does not have stands for none: `person` says so.
pub(crate) fn order(case: &Case, at: usize) -> CountOrder {
    let named = |label: &Option<String>| {
        let label = label.as_ref()?;
        case.charges.iter().position(|other| other.label == *label)
    };
    // A count named may name another in turn; each step leads on once at most.
    let (mut step_of, mut steps) = (at, 0);
    while let Some(next) = named(&case.charges[step_of].same_case).filter(|_| steps < case.charges.len()) {
        (step_of, steps) = (next, steps + 1);
    }
    let (mut cycle_of, mut steps) = (step_of, 0);
    while let Some(next) = named(&case.charges[cycle_of].same_case)
        .or_else(|| named(&case.charges[cycle_of].same_cycle))
        .filter(|_| steps < case.charges.len())
    {
        (cycle_of, steps) = (next, steps + 1);
    }
    let step = if step_of == cycle_of { 1 } else { 2 + step_of as u16 };
    CountOrder::new(101 + cycle_of as u16, step, 1 + at as u16, 0)
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
///
/// # Errors
/// A count that is of the same case as one that the test does not have, in words.
pub(crate) fn person(case: &Case) -> Result<Person<'_>, String> {
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
        for label in charge.same_case.iter().chain(&charge.same_cycle) {
            if !case.charges.iter().any(|other| other.label == *label) {
                return Err(format!("{}: there is no count `{label}`", charge.label));
            }
        }
        count(&mut person, case, at);
    }
    person.counts.sort_by_key(|count| count.order);
    for (at, charge) in case.charges.iter().enumerate() {
        let order = order(case, at);
        let Some(count) = person.counts.iter().position(|count| count.order == order) else { continue };
        for (kind, value) in &charge.findings {
            let seen = [Some(seen(at as u32, Column::Evidence)), None];
            let value = Fact { value: NumberSpan::exactly(*value), gap: None, seen };
            person.findings.push(Finding { count: CountIx(count as u32), kind: *kind, value });
        }
    }
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
    if let Some(arrested) = charge.arrested {
        // A step of the cycle that no count of a test has.
        let case = u32::from(order.cycle()) * 1000;
        let date = dated(arrested, row, Column::EventDate);
        person.events.push(Event {
            case,
            kind: StepKind::Arrest,
            date,
            agency: Text::default(),
            agency_code: Text::default(),
        });
    }
    person.events.push(Event {
        case: order.case(),
        kind,
        date,
        agency: Text::default(),
        agency_code: Text::default(),
    });
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
    let mut entry = |kind, by: &'static str| {
        person.dispositions.push(Disposition { kind, by, text: Text::default(), date, row: RowIx(row) });
    };
    if let Some(ended) = charge.ended {
        // Where diversion was completed, the record has it granted before.
        if ended == "diversion completed" {
            entry(DispositionKind::NotConvicted, "diversion");
        }
        entry(DispositionKind::NotConvicted, ended);
    }
    if charge.revoked {
        entry(DispositionKind::SentenceChanged, "revoked");
    }
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
