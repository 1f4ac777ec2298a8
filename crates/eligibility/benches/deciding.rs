//! What deciding costs, and how it grows with one person's record. `cargo bench -p vacatur-eligibility --bench deciding`.
//!
//! The same number of counts is decided as many short records and as few long ones. Times are of the processor and not of
//! the clock on the wall, the best of several rounds; beside each stands how many times the floor it is: making
//! the same people ready to be decided, and deciding nothing. A number after `--bench` says how many rounds.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

#[path = "../../../benches/processor.rs"]
mod processor;

use std::hint::black_box;
use std::sync::Arc;
use vacatur_eligibility::{Compiled, Engine, Setting, VOCABULARY, shelf};
use vacatur_policy::Policy;
use vacatur_records::{
    Charge, Column, Concurrency, Count, CountOrder, DateSpan, Disposition, DispositionKind, Event, EventIx,
    Fact, FileIx, Gap, Length, Level, Person, Row, RowIx, Seen, Sentence, SentenceKind, StepKind, Text,
    Truth, add_days, completion, date,
};
use vacatur_statutes::Statutes;

/// Counts that are decided in each row of the table.
const COUNTS: usize = 10_000;
const LENGTHS: [usize; 5] = [5, 10, 100, 1_000, 10_000];
const POLICIES: [&str; 5] = [
    "us-ca/los-angeles-2020",
    "us-ca/hs-11361-8",
    "us-ca/pc-1203-425",
    "us-ca/pc-851-93",
    "us-ca/sacramento-2019",
];
/// One offence in three is of cannabis.
const OFFENCES: [&str; 12] = [
    "11357(A) HS-POSS CONCENTRATED CANNABIS",
    "459 PC-BURGLARY",
    "11350(A) HS-POSSESS NARCOTIC CNTL SUB",
    "11359 HS-POSSESS MARIJUANA FOR SALE",
    "23152(A) VC-DUI ALCOHOL/DRUGS",
    "484(A) PC-THEFT",
    "11358 HS-PLANT/CULTIVATE/ETC MARIJUANA",
    "242 PC-BATTERY",
    "14601.1(A) VC-DRIVE WHILE LIC SUSPENDED",
    "11360(A) HS-TRANSPORT/SELL MARIJUANA",
    "211 PC-ROBBERY",
    "290 PC-REGISTRATION OF SEX OFFENDER",
];

fn main() {
    let rounds = std::env::args().skip_while(|argument| argument != "--bench").nth(1);
    // `cargo test --benches` only wants to know that it builds.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let rounds: usize = rounds.and_then(|number| number.parse().ok()).unwrap_or(5);
    let statutes = Arc::new(Statutes::us_ca().unwrap());
    for vague in [false, true] {
        let dates = if vague { "one date in five is a year or nothing" } else { "all dates known" };
        println!("{COUNTS} counts, nanoseconds for each, and times the floor; {dates}");
        print!("{:<24}", "counts of one person");
        LENGTHS.iter().for_each(|length| print!("{length:>16}"));
        println!();
        let people: Vec<Vec<Person<'_>>> =
            LENGTHS.iter().map(|&length| many(length, COUNTS / length, vague)).collect();
        let nobody = engine(&POLICIES[..1], &statutes);
        let floors: Vec<f64> =
            people.iter().map(|people| best(rounds, || prepare(&nobody, people))).collect();
        let floor = floors.iter().copied().fold(f64::MAX, f64::min);
        line("floor: made ready", floors.iter().copied(), floor);
        for name in POLICIES {
            let engine = engine(&[name], &statutes);
            line(name, people.iter().map(|people| best(rounds, || decide(&engine, people))), floor);
        }
        let engine = engine(&POLICIES, &statutes);
        line("all of them", people.iter().map(|people| best(rounds, || decide(&engine, people))), floor);
    }
}

fn line(title: &str, nanoseconds: impl Iterator<Item = f64>, floor: f64) {
    print!("{title:<24}");
    for each in nanoseconds {
        print!("{each:>10.0} {:>4.1}x", each / floor);
        use std::io::Write as _;
        std::io::stdout().flush().unwrap();
    }
    println!();
}

/// The least time of the processor for one count, in nanoseconds.
fn best(rounds: usize, mut run: impl FnMut() -> u64) -> f64 {
    let once = |run: &mut dyn FnMut() -> u64| {
        let start = processor::nanoseconds();
        black_box(run());
        (processor::nanoseconds() - start) / COUNTS as f64
    };
    let first = once(&mut run);
    // What takes seconds is not done again.
    let rounds = if first > 200_000.0 { 0 } else { rounds };
    (0..rounds).map(|_| once(&mut run)).fold(first, f64::min)
}

fn prepare(engine: &Engine, people: &[Person<'_>]) -> u64 {
    let mut worker = engine.worker();
    let mut convictions = 0;
    for person in people {
        let prepared = worker.prepare(person);
        convictions += prepared.convictions().len() as u64;
        worker.done_with(prepared);
    }
    convictions
}

fn decide(engine: &Engine, people: &[Person<'_>]) -> u64 {
    let (mut worker, mut decided) = (engine.worker(), 0);
    for person in people {
        let prepared = worker.prepare(person);
        for policy in 0..engine.policies().len() {
            worker.determine(&prepared, policy, |found| decided += found.outcome() as u64 + 1);
        }
        worker.done_with(prepared);
    }
    decided
}

fn engine(names: &[&str], statutes: &Arc<Statutes>) -> Engine {
    let compiled = names.iter().map(|name| {
        let text = shelf::policy(name).unwrap();
        let (policy, _) = Policy::parse_with(text, &VOCABULARY, &shelf::library).unwrap();
        let values = policy.values([]).unwrap();
        Compiled::new(policy, values, statutes).unwrap()
    });
    let setting =
        Setting { as_of: date(2020, 7, 1), counties: shelf::counties().map(str::to_owned).collect() };
    Engine::new(Arc::clone(statutes), compiled.collect(), setting)
}

/// Numbers that look like chance and are the same on every machine.
struct Draw(u64);

impl Draw {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

fn many(length: usize, people: usize, vague: bool) -> Vec<Person<'static>> {
    let mut draw = Draw(7);
    (0..people).map(|_| person(length, vague, &mut draw)).collect()
}

/// A person with so many counts: in each cycle an arrest and four cases of three counts.
fn person(length: usize, vague: bool, draw: &mut Draw) -> Person<'static> {
    let seen = |row: usize, column| Seen { row: RowIx(row as u32), column };
    let born = add_days(date(1950, 1, 1), draw.below(9_000) as i32);
    let mut person = Person {
        birth: Fact::known(DateSpan::on(born), seen(0, Column::BirthDate)),
        ..Person::new(Text::of(b"1"))
    };
    let mut arrested = date(1975, 1, 1);
    for at in 0..length {
        let (cycle, step, number) = (1 + at / 12, 2 + at % 12 / 3, 1 + at % 3);
        let order = CountOrder::new(cycle as u16, step as u16, number as u16, 0);
        if at % 12 == 0 {
            arrested = add_days(date(1975, 1, 1), draw.below(16_000) as i32);
            let when = Fact::known(DateSpan::on(arrested), seen(at, Column::EventDate));
            let case = cycle as u32 * 1000 + 1;
            let agency = Text::default();
            person.events.push(Event {
                case,
                kind: StepKind::Arrest,
                date: when,
                agency,
                agency_code: Text::default(),
            });
        }
        if number == 1 {
            let day = add_days(arrested, 30 + draw.below(300) as i32);
            let place = seen(at, Column::EventDate);
            let date = match draw.below(10) {
                0 if vague => Fact::gap(DateSpan::year(day.year()).unwrap(), Gap::Partial, Some(place)),
                1 if vague => Fact::gap(DateSpan::UNKNOWN, Gap::Blank, Some(place)),
                _ => Fact::known(DateSpan::on(day), place),
            };
            let agency = Text::default();
            person.events.push(Event {
                case: order.case(),
                kind: StepKind::Court,
                date,
                agency,
                agency_code: Text::default(),
            });
        }
        let date = person.events.last().unwrap().date;
        person.rows.push(Row { file: FileIx(0), line: at as u64 + 1, offset: 0, bytes: 0 });
        let text = Text::of(OFFENCES[draw.below(OFFENCES.len() as u64) as usize].as_bytes());
        let level = if draw.below(3) == 0 { Level::Misdemeanor } else { Level::Felony };
        let convicted = Truth::of(draw.below(8) != 0);
        let (kind, by) = if convicted.is_yes() {
            (DispositionKind::Convicted, "")
        } else {
            (DispositionKind::NotConvicted, "dismissed")
        };
        person.dispositions.push(Disposition {
            kind,
            by,
            text: Text::default(),
            date,
            row: RowIx(at as u32),
        });
        let length = Length::Years(1 + draw.below(4) as i32);
        let kind = if draw.below(4) == 0 { SentenceKind::Prison } else { SentenceKind::Supervision };
        let concurrency = Concurrency::Unsaid;
        person.sentences.push(Sentence { kind, length, concurrency, row: RowIx(at as u32) });
        let (end, gap) = completion(date.value, &person.sentences[at..]);
        person.counts.push(Count {
            order,
            event: EventIx(person.events.len() as u32 - 1),
            county: Fact::known(Text::of(b"LOS ANGELES"), seen(at, Column::County)),
            case_number: Text::default(),
            charge: Charge { charged: text, ..Charge::default() },
            other_charge: None,
            relief_unclear: false,
            convicted: Fact::known(convicted, seen(at, Column::Disposition)),
            level: Fact::known(Some(level), seen(at, Column::ConvictionLevel)),
            date,
            completed: Fact { value: end, gap, seen: [Some(seen(at, Column::SentenceLength)), None] },
            dispositions: at as u32..at as u32 + 1,
            sentences: at as u32..at as u32 + 1,
            row: RowIx(at as u32),
            rows: at as u32..at as u32 + 1,
        });
    }
    person
}
