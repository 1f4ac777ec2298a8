//! What a run decides, against the plain reading of the documents: the same, bit by bit.
#![allow(clippy::unwrap_used, clippy::panic)]

use crate::compiled::Compiled;
use crate::engine::{Engine, Worker, undecided_if_unconvicted};
use crate::prepared::Setting;
use crate::{VOCABULARY, shelf};
use std::sync::Arc;
use vacatur_policy::{Decides, Decision, ParameterKind, Policy};
use vacatur_records::{
    Charge, Column, Count, CountIx, CountOrder, Date, DateSpan, Disposition, DispositionKind, Event, EventIx,
    Fact, FileIx, Finding, FindingKind, Gap, Level, NumberSpan, Person, Place, Registration, ReliefKind, Row,
    RowIx, Seen, Sentence, SentenceKind, StepKind, Text, Truth, add_days, completion, date,
};
use vacatur_records::{Concurrency, Length};
use vacatur_statutes::Statutes;

const AS_OF: Date = date(2021, 3, 1);

const OFFENCES: [&str; 14] = [
    "11357(A) HS-POSS CONCENTRATED CANNABIS",
    "11357(C) HS",
    "11357 HS",
    "11358 HS-CULTIVATE",
    "11359 HS",
    "11360(A) HS",
    "11360(B) HS",
    "664/11359 HS",
    "182/11359 PC",
    "32 PC-ACCESSORY",
    "187(A) PC-MURDER",
    "459 PC-BURGLARY",
    "SOMETHING ELSE",
    "290 PC",
];
const ENDS: [&str; 6] =
    ["dismissed", "acquitted", "not prosecuted", "diversion", "diversion completed", "released"];

/// Numbers that look like chance and are the same on every machine.
struct Draw(u64);

impl Draw {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }

    fn one_in(&mut self, many: u64) -> bool {
        self.below(many) == 0
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len() as u64) as usize]
    }
}

fn at(row: usize, column: Column) -> Seen {
    Seen { row: RowIx(row as u32), column }
}

/// A day within some years of another; it may be a month, a year, some span or nothing.
fn day(draw: &mut Draw, after: Date, days: u64, row: usize) -> Fact<DateSpan> {
    let day = add_days(after, draw.below(days) as i32);
    let seen = at(row, Column::EventDate);
    let vague = |span: DateSpan| Fact::gap(span, Gap::Partial, Some(seen));
    match draw.below(12) {
        0 => vague(DateSpan::year(day.year()).unwrap()),
        1 => vague(DateSpan::month(day.year(), day.month()).unwrap()),
        2 => vague(DateSpan::between(day, add_days(day, draw.below(900) as i32)).unwrap()),
        3 => Fact::gap(DateSpan::UNKNOWN, Gap::Blank, Some(seen)),
        _ => Fact::known(DateSpan::on(day), seen),
    }
}

/// Somebody with so many counts, of whom some of everything is unknown.
fn person(draw: &mut Draw, counts: usize) -> Person<'static> {
    let birth = day(draw, date(1950, 1, 1), 14_000, 0);
    let mut person = Person { birth, ..Person::new(Text::of(b"1")) };
    if draw.one_in(4) {
        person.deceased = Fact { value: Truth::Yes, gap: None, seen: [Some(at(0, Column::EventDate)), None] };
        person.died = DateSpan::on(date(2018, 1, 1));
    }
    if draw.one_in(4) {
        person.rejected.push(Place { file: FileIx(0), line: 1, column: None });
    }
    for registration in 0..draw.below(3) as usize {
        let charge = if draw.one_in(2) { "290 PC" } else { "11590 HS" };
        let date = day(draw, date(1990, 1, 1), 9_000, registration);
        person.registrations.push(Registration { charge: Text::of(charge.as_bytes()), date, row: RowIx(0) });
    }
    let mut start = date(1972, 1, 1);
    let (mut cycle, mut step, mut number) = (1u16, 1u16, 0u16);
    for row in 0..counts {
        let new_cycle = row == 0 || draw.one_in(3);
        let new_step = new_cycle || draw.one_in(2);
        if new_cycle {
            (cycle, step) = (cycle + 1, 1);
            start = add_days(date(1972, 1, 1), draw.below(16_500) as i32);
        }
        if new_step {
            (step, number) = (step + 1, 0);
            let arrest = new_cycle && draw.one_in(2);
            let kind = match draw.below(10) {
                _ if arrest => StepKind::Arrest,
                0 => StepKind::Unrecognized,
                _ => StepKind::Court,
            };
            let case = u32::from(cycle) * 1000 + u32::from(step);
            let date = day(draw, start, 400, row);
            person.events.push(Event {
                case,
                kind,
                date,
                agency: Text::default(),
                agency_code: Text::default(),
            });
        }
        number += 1;
        count(&mut person, draw, row, CountOrder::new(cycle, step, number, 0));
    }
    person
}

fn count(person: &mut Person<'static>, draw: &mut Draw, row: usize, order: CountOrder) {
    let date = person.events.last().unwrap().date;
    person.rows.push(Row { file: FileIx(0), line: row as u64 + 1, offset: 0, bytes: 0 });
    let convicted = match draw.below(8) {
        0 => Fact::gap(Truth::Unknown, Gap::Blank, Some(at(row, Column::Disposition))),
        1 => Fact::known(Truth::No, at(row, Column::Disposition)),
        _ => Fact::known(Truth::Yes, at(row, Column::Disposition)),
    };
    let first = person.dispositions.len() as u32;
    let mut entry = |kind, by| {
        person.dispositions.push(Disposition {
            kind,
            by,
            text: Text::default(),
            date,
            row: RowIx(row as u32),
        });
    };
    match draw.below(12) {
        0 => entry(DispositionKind::Relief(ReliefKind::SetAside), "PC 1203.4"),
        1 => entry(DispositionKind::Relief(ReliefKind::Vacated), "HS 11361.8"),
        2 => entry(DispositionKind::Unrecognized, ""),
        3 => entry(DispositionKind::SentenceChanged, "revoked"),
        _ => {}
    }
    if convicted.value.is_no() && !draw.one_in(4) {
        entry(DispositionKind::NotConvicted, draw.of(&ENDS));
    }
    let part = person.sentences.len() as u32;
    for _ in 0..draw.below(3) {
        let kind = draw.of(&[
            SentenceKind::Prison,
            SentenceKind::Jail,
            SentenceKind::Supervision,
            SentenceKind::Unrecognized,
        ]);
        let length = draw.of(&[Length::Years(3), Length::Days(90), Length::Unknown]);
        let concurrency = Concurrency::Unsaid;
        person.sentences.push(Sentence { kind, length, concurrency, row: RowIx(row as u32) });
    }
    let (end, gap) = completion(date.value, &person.sentences[part as usize..]);
    if draw.one_in(6) {
        let kind = draw.of(&FindingKind::ALL);
        let most = if matches!(kind, FindingKind::Weight | FindingKind::Concentrate) { 40_000 } else { 2 };
        let value = NumberSpan::exactly(draw.below(most) as i32);
        let value = Fact { value, gap: None, seen: [Some(at(row, Column::Evidence)), None] };
        person.findings.push(Finding { count: CountIx(row as u32), kind, value });
    }
    let charge = |text: &'static str| Charge { charged: Text::of(text.as_bytes()), ..Charge::default() };
    let counties: [&[u8]; 4] = [b"LOS ANGELES", b"Los  Angeles", b"SACRAMENTO", b"ATLANTIS"];
    let level = draw.of(&[Some(Level::Felony), Some(Level::Misdemeanor), Some(Level::Infraction), None]);
    let other = draw.one_in(12).then(|| (charge(draw.of(&OFFENCES)), RowIx(row as u32)));
    person.counts.push(Count {
        order,
        event: EventIx(person.events.len() as u32 - 1),
        county: Fact::known(Text::of(draw.of(&counties)), at(row, Column::County)),
        case_number: Text::default(),
        charge: charge(draw.of(&OFFENCES)),
        other_charge: other,
        relief_unclear: draw.one_in(10),
        convicted,
        level: Fact { value: level, gap: None, seen: [Some(at(row, Column::ConvictionLevel)), None] },
        date,
        completed: Fact { value: end, gap, seen: [Some(at(row, Column::SentenceLength)), None] },
        dispositions: first..person.dispositions.len() as u32,
        sentences: part..person.sentences.len() as u32,
        row: RowIx(row as u32),
        rows: row as u32..row as u32 + 1,
    });
}

/// The policy with its defaults, and with every choice and flag set otherwise, one at a time.
fn variants(policy: &Arc<Policy>, statutes: &Statutes) -> Vec<Compiled> {
    let mut settings: Vec<Vec<(&str, String)>> = vec![Vec::new()];
    for parameter in &policy.parameters {
        let name = parameter.name.as_str();
        let default = parameter.default.to_string();
        let mut other = |values: &[String]| {
            settings.extend(
                values.iter().filter(|value| **value != default).map(|one| vec![(name, one.clone())]),
            );
        };
        match &parameter.kind {
            ParameterKind::Choice { of } => other(of),
            ParameterKind::Flag => other(&["yes".to_owned(), "no".to_owned()]),
            ParameterKind::Number { from, to, .. } => other(&[from.to_string(), to.to_string()]),
            ParameterKind::County => other(&["LOS ANGELES".to_owned()]),
            _ => {}
        }
    }
    let compiled = settings.iter().filter_map(|setting| {
        let values = policy.values(setting.iter().map(|(name, value)| (*name, value.as_str()))).ok()?;
        Some(Compiled::new(Arc::clone(policy), values, statutes).unwrap())
    });
    compiled.collect()
}

/// The plain reading of a policy, of each count that it decides.
fn plainly(worker: &Worker<'_>, engine: &Engine, person: &Person<'_>, policy: usize) -> Vec<(u32, Decision)> {
    let mut fresh = engine.worker();
    let prepared = fresh.prepare(person);
    let compiled = &engine.policies()[policy];
    let view = fresh.view(&prepared, policy, worker.as_of());
    let mut decide = compiled.policy().decide(compiled.values(), &view);
    let convictions = compiled.policy().heading.decides == Decides::Convictions;
    let counts = if convictions { &prepared.convictions } else { &prepared.charges };
    let decided = counts.iter().filter_map(|&count| {
        let decision = decide(count)?;
        Some((
            count,
            if convictions { undecided_if_unconvicted(decision, &prepared, count) } else { decision },
        ))
    });
    decided.collect()
}

#[test]
fn the_shelf_decides_as_its_documents_read() {
    let statutes = Arc::new(Statutes::us_ca().unwrap());
    let mut draw = Draw(11);
    let people: Vec<Person<'_>> =
        [1, 2, 4, 7, 12, 20, 30, 60, 90].into_iter().map(|counts| person(&mut draw, counts)).collect();
    for shelf::Shelved { name, text } in shelf::POLICIES {
        let (policy, _) = Policy::parse_with(text, &VOCABULARY, &shelf::library).unwrap();
        let setting = Setting { as_of: AS_OF, counties: shelf::counties().map(str::to_owned).collect() };
        let compiled = variants(&Arc::new(policy), &statutes);
        let engine = Engine::new(Arc::clone(&statutes), compiled, setting);
        let mut worker = engine.worker();
        let mut decided = 0;
        for person in &people {
            let prepared = worker.prepare(person);
            for policy in 0..engine.policies().len() {
                let mut found = Vec::new();
                worker.determine(&prepared, policy, |one| found.push((one.count, *one.decision())));
                assert_eq!(found, plainly(&worker, &engine, person, policy), "{name}, setting {policy}");
                decided += found.len();
            }
        }
        assert!(decided > 100, "{name} decides {decided} counts: too few to tell");
    }
}
