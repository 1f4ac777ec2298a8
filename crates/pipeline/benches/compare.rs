//! What one more policy costs: a whole comparison of one policy, of ten and of a sweep, beside a whole `decide`, on the same
//! file and in turns. `cargo bench -p vacatur-pipeline --bench compare`.
//!
//! Each figure is the time of the processor, of one thread, in the best of several rounds: opening, both passes, and all
//! files of the folder. A number after `--bench` says how many rounds, a second one how many people.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

#[path = "../../../benches/processor.rs"]
mod processor;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use vacatur_eligibility::{Compiled, Engine, Setting, VOCABULARY, shelf};
use vacatur_ingest::doj::Words;
use vacatur_ingest::layout::Layout;
use vacatur_pipeline::compare::{Candidate, CompareJob, Listing, Role, compare};
use vacatur_pipeline::{Job, Phase, Program, Progress, decide};
use vacatur_policy::Policy;
use vacatur_records::date;
use vacatur_statutes::Statutes;
use vacatur_synth::{ExtractOptions, Population, Profile, write_extract};

const PEOPLE: u64 = 20_000;
const ROUNDS: usize = 5;

const TEN: [&str; 10] = [
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

struct Quiet;

impl Progress for Quiet {
    fn phase(&self, _: Phase, _: u64) {}
    fn advance(&self, _: u64) {}
}

fn main() {
    // `cargo test --benches` only wants to know that it builds.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let mut numbers = std::env::args().skip_while(|argument| argument != "--bench").skip(1);
    let mut number = |or: u64| numbers.next().and_then(|text| text.parse().ok()).unwrap_or(or);
    let (rounds, people) = (number(ROUNDS as u64), number(PEOPLE));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("county.dat");
    let mut extract = Vec::new();
    let population = Population::new(Profile::named("county").unwrap(), 7, people);
    write_extract(&population, &mut extract, &mut std::io::sink(), &ExtractOptions::default(), &mut |_| {})
        .unwrap();
    println!("{people} people, {:.1} MB", extract.len() as f64 / 1e6);
    std::fs::write(&path, extract).unwrap();

    let statutes = Arc::new(Statutes::us_ca().unwrap());
    let sweep: Vec<(&str, Vec<(&str, String)>)> = (0..100)
        .map(|at| {
            let (age, years) = (45 + at % 10, 5 + at / 10);
            (TEN[0], vec![("age", age.to_string()), ("years-clean", years.to_string())])
        })
        .collect();
    let plain = |names: &[&'static str]| -> Vec<(&'static str, Vec<(&'static str, String)>)> {
        names.iter().map(|name| (*name, Vec::new())).collect()
    };
    let one = engine(&plain(&TEN[..1]), &statutes);
    let jobs = [
        ("decide, one policy", engine(&plain(&TEN[..1]), &statutes)),
        ("compare, one policy", one),
        ("compare, ten policies", engine(&plain(&TEN), &statutes)),
        ("compare, a sweep of 100", engine(&sweep, &statutes)),
    ];
    let mut best = [f64::MAX; 4];
    for _ in 0..rounds {
        for (at, (_, engine)) in jobs.iter().enumerate() {
            let out = folder.path().join("out");
            let start = processor::nanoseconds();
            if at == 0 {
                decided(&path, &out, engine)
            } else {
                compared(&path, &out, engine)
            }
            best[at] = best[at].min(processor::nanoseconds() - start);
            std::fs::remove_dir_all(&out).unwrap();
        }
    }
    for ((title, _), time) in jobs.iter().zip(best) {
        println!(
            "{title:<24} {:>8.1} ms, {:.2} times one compared, {:.2} times one decided",
            time / 1e6,
            time / best[1],
            time / best[0]
        );
    }
}

fn compared(path: &Path, out: &Path, engine: &Engine) {
    let candidates: Vec<Candidate> = (0..engine.policies().len())
        .map(|at| Candidate { label: at.to_string(), role: Role::Chosen })
        .collect();
    let (layout, words) = (Layout::us_ca_doj(), Words::us_ca_doj().unwrap());
    let job = CompareJob {
        inputs: &[PathBuf::from(path)],
        evidence: &[],
        out: Some(out),
        scratch: out,
        engine,
        candidates: &candidates,
        minutes_per_review: 15,
        listing: Listing::Chosen,
        public: None,
        layout: &layout,
        words: &words,
        data: &[],
        threads: 1,
        program: Program { version: "", blake3: "" },
    };
    compare(&job, &Quiet).unwrap();
}

fn decided(path: &Path, out: &Path, engine: &Engine) {
    let (layout, words) = (Layout::us_ca_doj(), Words::us_ca_doj().unwrap());
    let job = Job {
        inputs: &[PathBuf::from(path)],
        evidence: &[],
        out,
        recipients: None,
        engine,
        layout: &layout,
        words: &words,
        data: &[],
        formats: &[],
        horizon: None,
        since: None,
        threads: 1,
        resume: false,
        checkpoint_every: vacatur_pipeline::CHECKPOINT_EVERY,
        program: Program { version: "", blake3: "" },
    };
    decide(&job, &Quiet).unwrap();
}

fn engine(chosen: &[(&'static str, Vec<(&'static str, String)>)], statutes: &Arc<Statutes>) -> Engine {
    let compiled = chosen.iter().map(|(name, set)| {
        let text = shelf::policy(name).unwrap();
        let (policy, _) = Policy::parse_with(text, &VOCABULARY, &shelf::library).unwrap();
        let values = policy.values(set.iter().map(|(name, value)| (*name, value.as_str()))).unwrap();
        Compiled::new(policy, values, statutes).unwrap()
    });
    let setting =
        Setting { as_of: date(2020, 7, 1), counties: shelf::counties().map(str::to_owned).collect() };
    Engine::new(Arc::clone(statutes), compiled.collect(), setting)
}
