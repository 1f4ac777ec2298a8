//! Decisions per CPU-second: one policy, one policy with the statute beside it, and ten policies in one pass over the
//! same people. `cargo bench -p vacatur-pipeline --bench policies`.
//!
//! The people of a synthetic county are read and assembled before the clock starts. What is measured is what a policy
//! costs: preparing a person once, and deciding each conviction. Each figure is the time of the processor in the best of
//! several rounds, the rounds of all engines taking turns. A number after `--bench` says how many.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

#[path = "../../../benches/processor.rs"]
mod processor;

use std::hint::black_box;
use std::sync::Arc;
use vacatur_eligibility::{Compiled, Engine, Setting, VOCABULARY, shelf};
use vacatur_ingest::doj::{Assembler, Columns, Words};
use vacatur_ingest::layout::Layout;
use vacatur_ingest::rows::{Block, Row};
use vacatur_ingest::source::{self, Input};
use vacatur_ingest::survey::{group, survey};
use vacatur_policy::Policy;
use vacatur_records::{Person, Text, date};
use vacatur_statutes::Statutes;
use vacatur_synth::{ExtractOptions, Population, Profile, write_extract};

const PEOPLE: u64 = 20_000;
const ROUNDS: usize = 7;

fn main() {
    // `cargo test --benches` only wants to know that it builds.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let rounds = std::env::args().skip_while(|argument| argument != "--bench").nth(1);
    let rounds: usize = rounds.and_then(|number| number.parse().ok()).unwrap_or(ROUNDS);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("county.dat");
    let mut extract = Vec::new();
    let population = Population::new(Profile::named("county").unwrap(), 7, PEOPLE);
    write_extract(&population, &mut extract, &mut std::io::sink(), &ExtractOptions::default(), &mut |_| {})
        .unwrap();
    std::fs::write(&path, extract).unwrap();

    let (layout, words) = (Layout::us_ca_doj(), Words::us_ca_doj().unwrap());
    let columns = Columns::of(&layout).unwrap();
    let sources = source::open(&[Input::Path(path)], folder.path()).unwrap();
    let survey = survey(&sources, &layout, 1, &|_| {}).unwrap();
    let groups = group(&survey.runs);
    let mut block = Block::new(&layout);
    let runs: Vec<_> =
        groups.iter().flat_map(|group| group.runs).map(|&run| &survey.runs[run as usize]).collect();
    block.load(&sources, runs.iter().copied()).unwrap();
    let assembler = Assembler::new(&columns, &words);
    let (mut people, mut at): (Vec<Person<'_>>, usize) = (Vec::new(), 0);
    for group in groups.iter() {
        let rows: Vec<Row<'_>> = (at..at + group.runs.len()).flat_map(|run| block.run_rows(run)).collect();
        at += group.runs.len();
        let subject = rows.first().map_or(&[][..], |row| row.field(layout.subject()));
        people.push(assembler.assemble(Text::of(subject), &rows, Vec::new(), &mut Vec::new()));
    }
    let convictions: usize = people
        .iter()
        .flat_map(|person| &person.counts)
        .filter(|count| !count.convicted.value.is_no())
        .count();
    println!("{} people, {convictions} convictions", people.len());

    let statutes = Arc::new(Statutes::us_ca().unwrap());
    let one = ["us-ca/los-angeles-2020"];
    let two = ["us-ca/los-angeles-2020", "us-ca/hs-11361-8"];
    let ten = [
        "us-ca/los-angeles-2020",
        "us-ca/bear",
        "us-ca/dismiss-all-prop64",
        "us-ca/dismiss-all-prop64-and-related",
        "us-ca/los-angeles-2021",
        "us-ca/sacramento-2019",
        "us-ca/san-joaquin-2019",
        "us-ca/variants/los-angeles-2020-no-date",
        "us-ca/variants/los-angeles-2020-no-super-strike",
        "us-ca/variants/los-angeles-2020-no-two-priors",
    ];
    let engines: Vec<(&str, Engine)> =
        [("one policy", &one[..]), ("and the statute", &two[..]), ("ten policies", &ten[..])]
            .map(|(title, names)| (title, engine(names, &statutes)))
            .into();
    let asking = engine(&one, &statutes);
    let (mut asked, mut with_questions) = (0, f64::MAX);
    let mut best = vec![(f64::MAX, 0u64); engines.len()];
    for _ in 0..rounds {
        for (at, (_, engine)) in engines.iter().enumerate() {
            let start = processor::nanoseconds();
            let mut worker = engine.worker();
            let mut decisions = 0u64;
            for person in &people {
                let prepared = worker.prepare(person);
                for policy in 0..engine.policies().len() {
                    worker.determine(&prepared, policy, |found| {
                        decisions += 1;
                        black_box(found.outcome());
                    });
                }
                worker.done_with(prepared);
            }
            let time = processor::nanoseconds() - start;
            if time < best[at].0 {
                best[at] = (time, decisions);
            }
        }
    }
    for _ in 0..rounds.min(3) {
        let start = processor::nanoseconds();
        let mut worker = asking.worker();
        asked = 0;
        for person in &people {
            let prepared = worker.prepare(person);
            let mut found = Vec::new();
            worker.determine(&prepared, 0, |one| found.push(one));
            asked += worker.questions(&prepared, 0, &found).len();
            worker.done_with(prepared);
        }
        with_questions = with_questions.min(processor::nanoseconds() - start);
    }
    let first = best[0].0 / 1e9;
    for ((title, engine), (time, decisions)) in engines.iter().zip(&best) {
        let seconds = time / 1e9;
        println!(
            "{title:<16} {:>2}: {:>8.1} ms, {:>10.0} decisions/s, {:>10.0} people/s, {:.2} times the first",
            engine.policies().len(),
            seconds * 1e3,
            *decisions as f64 / seconds,
            people.len() as f64 / seconds,
            seconds / first
        );
    }
    let seconds = with_questions / 1e9;
    println!(
        "one policy, with its {asked} questions: {:.1} ms, {:.2} times the first",
        seconds * 1e3,
        seconds / first
    );
}

fn engine(names: &[&str], statutes: &Arc<Statutes>) -> Engine {
    let compiled = names.iter().map(|name| {
        let text = shelf::policy(name).unwrap();
        let (policy, _) = Policy::parse_with(text, &VOCABULARY, &shelf::library).unwrap();
        let values = policy.values([]).unwrap();
        Compiled::new(policy, values, statutes).unwrap()
    });
    let setting =
        Setting { as_of: date(2020, 2, 13), counties: shelf::counties().map(str::to_owned).collect() };
    Engine::new(Arc::clone(statutes), compiled.collect(), setting)
}
