//! What evidence does to a person's record.

#![allow(clippy::unwrap_used)]

use vacatur_eligibility::{
    Compiled, Engine, EvidenceFact, Setting, Stated, Taken, Testimony, VOCABULARY, Worker, shelf,
};
use vacatur_policy::{Missing, Policy};
use vacatur_records::{
    Charge, Column, Count, CountIx, CountOrder, DateSpan, Event, EventIx, Fact, FileIx, FindingKind, Gap,
    Level, NumberSpan, Person, Row, RowIx, Seen, StepKind, Text, Truth, date,
};
use vacatur_statutes::Statutes;

fn engine() -> Engine {
    let statutes = Statutes::us_ca().unwrap();
    let (policy, _) = Policy::parse(shelf::policy("us-ca/los-angeles-2020").unwrap(), &VOCABULARY).unwrap();
    let values = policy.values([]).unwrap();
    let compiled = Compiled::new(policy, values, &statutes).unwrap();
    let setting = Setting { as_of: date(2020, 7, 1), counties: vec!["YOLO".into(), "NAPA".into()] };
    Engine::new(statutes, vec![compiled], setting)
}

/// Somebody with one conviction of which nothing is in doubt.
fn person() -> Person<'static> {
    let seen = |column| Seen { row: RowIx(0), column };
    let order = CountOrder::new(101, 1, 1, 0);
    let day = DateSpan::on(date(2010, 5, 4));
    let dated = Fact::known(day, seen(Column::EventDate));
    let mut person = Person {
        birth: Fact::known(DateSpan::on(date(1980, 6, 15)), seen(Column::BirthDate)),
        ..Person::new(Text::of(b"1"))
    };
    person.rows.push(row(0, 1));
    person.events.push(Event {
        case: order.case(),
        kind: StepKind::Court,
        date: dated,
        agency: Text::default(),
        agency_code: Text::default(),
    });
    person.counts.push(Count {
        order,
        event: EventIx(0),
        county: Fact::known(Text::of(b"YOLO"), seen(Column::County)),
        case_number: Text::default(),
        charge: Charge { charged: Text::of(b"11358 HS"), ..Charge::default() },
        other_charge: None,
        relief_unclear: false,
        convicted: Fact::known(Truth::Yes, seen(Column::Disposition)),
        level: Fact::known(Some(Level::Felony), seen(Column::ConvictionLevel)),
        date: dated,
        completed: Fact::known(DateSpan::on(date(2011, 5, 4)), seen(Column::SentenceLength)),
        dispositions: 0..0,
        sentences: 0..0,
        row: RowIx(0),
        rows: 0..1,
    });
    person
}

fn row(file: u32, line: u64) -> Row {
    Row { file: FileIx(file), line, offset: 0, bytes: 0 }
}

fn says(fact: EvidenceFact, says: Stated, corrects: bool) -> Testimony {
    let count = (!fact.is_of_person()).then(|| CountOrder::new(101, 1, 1, 0));
    Testimony { fact, count, says, corrects, row: row(1, 7) }
}

fn take(worker: &mut Worker<'_>, person: &mut Person<'_>, told: &[Testimony]) -> Vec<Taken> {
    worker.take_evidence(person, told).into_iter().map(Result::unwrap).collect()
}

#[test]
fn findings_are_amounts_and_flags_with_their_place() {
    let engine = engine();
    let mut worker = engine.worker();
    let number = |number| Stated::Number(NumberSpan::exactly(number));
    for (kind, stated, value) in [
        (FindingKind::Weight, number(28_500), 28_500),
        (FindingKind::Concentrate, number(125), 125),
        (FindingKind::Plants, number(6), 6),
        (FindingKind::Paid, Stated::Flag(true), 1),
        (FindingKind::Minor, Stated::Flag(false), 0),
        (FindingKind::Import, Stated::Flag(false), 0),
        (FindingKind::Environment, Stated::Flag(true), 1),
    ] {
        let mut person = person();
        let told = [says(EvidenceFact::Found(kind), stated, false)];
        assert_eq!(take(&mut worker, &mut person, &told), [Taken::Filled]);
        let found = person.finding(CountIx(0), kind);
        assert_eq!((found.value.known(), found.gap), (Some(value), None));
        let seen = found.seen[0].unwrap();
        assert_eq!(seen.column, Column::Evidence);
        assert_eq!(person.rows[seen.row.at()], row(1, 7));
        // Nothing else was found.
        for other in FindingKind::ALL.into_iter().filter(|other| *other != kind) {
            assert_eq!(person.finding(CountIx(0), other).value.known(), None);
        }
    }
}

#[test]
fn amounts_that_differ_are_in_conflict() {
    let engine = engine();
    let mut worker = engine.worker();
    let mut person = person();
    let weight = |milligrams, corrects| {
        let stated = Stated::Number(NumberSpan::exactly(milligrams));
        says(EvidenceFact::Found(FindingKind::Weight), stated, corrects)
    };
    let told = [weight(1, false), weight(2, true)];
    assert_eq!(take(&mut worker, &mut person, &told), [Taken::Conflict; 2]);
    let found = person.finding(CountIx(0), FindingKind::Weight);
    assert_eq!((found.value.known(), found.gap), (None, Some(Gap::Conflict)));
    assert!(found.seen.iter().all(Option::is_some));
}

#[test]
fn the_order_of_statements_does_not_matter() {
    let engine = engine();
    let mut worker = engine.worker();
    let dates = |fact, text: &str, corrects| {
        let mut parts = text.split('-').map(|part| part.parse::<i16>().unwrap());
        let (year, month, day) = (parts.next().unwrap(), parts.next(), parts.next());
        let span = match (month, day) {
            (Some(month), Some(day)) => DateSpan::on(date(year, month as i8, day as i8)),
            (Some(month), None) => DateSpan::month(year, month as i8).unwrap(),
            _ => DateSpan::year(year).unwrap(),
        };
        says(fact, Stated::Date(span), corrects)
    };
    let told = [
        // Possible only once the birth is corrected.
        dates(EvidenceFact::ConvictionDate, "1979-05-04", true),
        dates(EvidenceFact::Sentence, "1979-12-31", true),
        dates(EvidenceFact::BirthDate, "1950", true),
        dates(EvidenceFact::BirthDate, "1950-06-15", false),
    ];
    let mut results = Vec::new();
    for turn in 0..told.len() {
        let mut told = told.to_vec();
        told.rotate_left(turn);
        let mut person = person();
        let taken = take(&mut worker, &mut person, &told);
        // The end of the sentence, which was reckoned from the old date, is open once that is corrected.
        let corrected = taken.iter().filter(|taken| **taken == Taken::Corrected).count();
        assert!(corrected == 3 && taken.contains(&Taken::Filled), "{taken:?}");
        let count = &person.counts[0];
        results.push((person.birth.value, count.date.value, count.completed.value));
    }
    assert!(results.iter().all(|result| *result == results[0]));
    assert_eq!(results[0].0, DateSpan::on(date(1950, 6, 15)));
}

#[test]
fn a_section_in_conflict_is_sure_only_where_both_agree() {
    let engine = engine();
    let mut worker = engine.worker();
    let decided = |worker: &mut Worker<'_>, text: &str| {
        let mut person = person();
        let text = Stated::Section(Text::owned(text.as_bytes().to_vec()));
        let told = [says(EvidenceFact::Section, text, false)];
        assert_eq!(take(worker, &mut person, &told), [Taken::Conflict]);
        let prepared = worker.prepare(&person);
        let mut found = Vec::new();
        worker.determine(&prepared, 0, |one| found.push((one.outcome().word(), one.decision().missing)));
        found
    };
    // Both are cannabis, so that it stays in scope; whether the other one is, is open.
    assert_eq!(decided(&mut worker, "HS 11359")[0].0, "dismiss");
    let open = decided(&mut worker, "PC 459");
    assert!(open[0].0 == "review" && open[0].1.has(Missing::Section), "{open:?}");
}

#[test]
fn every_fact_has_a_name_of_its_own_and_all_that_can_be_missing_can_be_given() {
    for (at, fact) in EvidenceFact::ALL.into_iter().enumerate() {
        assert_eq!(EvidenceFact::named(fact.name()), Some(fact));
        assert!(!EvidenceFact::ALL[..at].iter().any(|other| other.name() == fact.name()));
    }
    for missing in Missing::ALL.into_iter().filter(|missing| *missing != Missing::UnusableRow) {
        assert!(EvidenceFact::named(missing.name()).is_some(), "{}", missing.name());
    }
}
