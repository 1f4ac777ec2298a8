//! Links two CSV files, or one with itself, and says what it cost and how well it did, where a column has the truth.
//!
//! ```text
//! cargo bench -p vacatur-linkage --bench linkage -- \
//!     --model people --left a.csv --right b.csv --truth cluster --without "state number" --threads 1
//! ```
//!
//! Nothing runs without `--left`, so that `cargo bench` alone is quick.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use std::collections::HashMap;
use std::path::Path;
use vacatur_linkage::{Model, Pair, Scorer, SidesBuilder, TrainOptions, blocking_counts, train};

struct Clock(f64);

impl Clock {
    fn now() -> f64 {
        let usage = getrusage(UsageWho::RUSAGE_SELF).unwrap();
        (usage.user_time().num_microseconds() + usage.system_time().num_microseconds()) as f64 / 1e6
    }

    fn lap(&mut self, what: &str) {
        let now = Self::now();
        println!("{what:<10} {:8.2} CPU-s", now - self.0);
        self.0 = now;
    }
}

/// What one comparison by `strsim` costs at the moment, in nanoseconds: a machine that others use counts more CPU time for
/// the same work, and this says by how much.
fn unit() -> f64 {
    let parts = ["BER", "CAN", "DOL", "FIN", "GAR", "HOL", "KIM", "LOP", "MAR", "NEZ", "SON", "TON"];
    let name = |at: usize| format!("{}{}", parts[at % 12], parts[at * 7 % 11]);
    let names: Vec<String> = (0..1_000).map(name).collect();
    let start = Clock::now();
    let mut sum = 0.0;
    for at in 0..1_000_000_usize {
        sum += strsim::jaro_winkler(&names[at % 1_000], &names[at * 31 % 997]);
    }
    std::hint::black_box(sum);
    (Clock::now() - start) * 1e3
}

fn main() {
    let mut options: HashMap<String, String> = HashMap::new();
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    while let Some(name) = arguments.next() {
        options.insert(name.trim_start_matches("--").to_owned(), arguments.next().unwrap_or_default());
    }
    let Some(left) = options.get("left") else {
        println!("nothing to link: give --left FILE");
        return;
    };
    println!("strsim     {:8.0} ns a comparison, before", unit());
    let number = |name: &str, default: f64| options.get(name).map_or(default, |text| text.parse().unwrap());
    let threads = number("threads", 1.0) as usize;
    let floor = number("floor", -6.0);
    let model = match options.get("model").map(String::as_str) {
        None | Some("people") => Model::people(),
        Some(path) => Model::parse(&std::fs::read_to_string(path).unwrap()),
    };
    let model = model.unwrap_or_else(|error| panic!("{error}"));
    let without: Vec<&str> = options.get("without").map_or(Vec::new(), |names| names.split(',').collect());
    let start = Clock::now();
    let mut clock = Clock(start);
    let mut builder = SidesBuilder::new(&model);
    let truth = options.get("truth").map_or("cluster", String::as_str);
    let ours = load(Path::new(left), &model, &without, truth, |cells| builder.left(cells).unwrap());
    let theirs = options.get("right").map(|right| {
        builder.two_sides();
        load(Path::new(right), &model, &without, truth, |cells| builder.right(cells).unwrap())
    });
    let sides = builder.finish();
    clock.lap("load");
    if options.contains_key("counts") {
        for rule in blocking_counts(&sides, &model).unwrap().rules {
            println!("{:>12} pairs, largest {:>8}  {}", rule.pairs, rule.largest, rule.rule);
        }
        clock.lap("counts");
    }
    let settings = TrainOptions { threads, seed: number("seed", 1.0) as u64, ..TrainOptions::default() };
    let trained = train(&sides, &model, &settings).unwrap_or_else(|error| panic!("{error}"));
    clock.lap("train");
    let scorer = Scorer::new(&sides, &trained).unwrap();
    let pairs = scorer.score(floor, threads).unwrap_or_else(|error| panic!("{error}"));
    clock.lap("score");
    let usage = getrusage(UsageWho::RUSAGE_SELF).unwrap();
    println!("{:<10} {:8.2} CPU-s, peak {} MB", "all", Clock::now() - start, usage.max_rss() / 1024);
    println!("strsim     {:8.0} ns a comparison, after", unit());
    if options.contains_key("show") {
        println!("{}", trained.write().unwrap());
    }
    report(&pairs, &ours, theirs.as_deref(), model.rules.len());
    if let Some(path) = options.get("misses") {
        misses(path, &scorer, &pairs, &ours, theirs.as_deref());
    }
}

/// Reads a file: the columns that the model's fields name, and the number of each row's truth.
fn load(
    path: &Path,
    model: &Model,
    without: &[&str],
    truth: &str,
    mut take: impl FnMut(&[&str]),
) -> Vec<u64> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let header = reader.headers().unwrap().clone();
    let place = |name: &str| header.iter().position(|column| column == name);
    let columns: Vec<Option<usize>> = model
        .fields
        .iter()
        .map(|field| {
            let wanted = !without.contains(&field.name.as_str());
            let mut names = std::iter::once(&field.name).chain(&field.columns);
            names.find_map(|name| place(name)).filter(|_| wanted)
        })
        .collect();
    let truth = place(truth);
    let mut labelled = Vec::new();
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).unwrap() {
        let cells: Vec<&str> =
            columns.iter().map(|column| column.map_or("", |column| &record[column])).collect();
        take(&cells);
        if let Some(truth) = truth {
            let mut hasher = rustc_hash::FxHasher::default();
            std::hash::Hasher::write(&mut hasher, record[truth].as_bytes());
            let label = std::hash::Hasher::finish(&hasher);
            labelled.push(label);
        }
    }
    labelled
}

fn f1(tp: f64, found: f64, all: f64) -> String {
    let (precision, recall) = (tp / found.max(1.0), tp / all);
    format!(
        "F1 {:.5}  P {precision:.5}  R {recall:.5}  fp {}  fn {}",
        2.0 * tp / (found + all),
        found - tp,
        all - tp
    )
}

fn all_links(left: &[u64], right: Option<&[u64]>) -> f64 {
    let count = |labels: &[u64]| {
        labels.iter().fold(HashMap::<u64, f64>::new(), |mut counts, label| {
            *counts.entry(*label).or_default() += 1.0;
            counts
        })
    };
    let ours = count(left);
    match right {
        None => ours.values().map(|count| count * (count - 1.0) / 2.0).sum(),
        Some(right) => {
            let theirs = count(right);
            ours.iter().map(|(label, count)| count * theirs.get(label).unwrap_or(&0.0)).sum()
        }
    }
}

fn report(pairs: &[Pair], left: &[u64], right: Option<&[u64]>, rules: usize) {
    println!("{} pairs above the floor", pairs.len());
    if left.is_empty() {
        return;
    }
    let all = all_links(left, right);
    let theirs = right.unwrap_or(left);
    let is_true = |pair: &Pair| left[pair.left as usize] == theirs[pair.right as usize];
    let mut sorted: Vec<&Pair> = pairs.iter().collect();
    sorted.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    let reached = sorted.iter().filter(|pair| is_true(pair)).count();
    println!("{all} links in truth, {reached} of them above the floor");
    for threshold in [0.5, 0.9, 0.99] {
        let kept = sorted.iter().filter(|pair| pair.probability() >= threshold);
        let (found, tp) =
            kept.fold((0.0, 0.0), |(found, tp), pair| (found + 1.0, tp + f64::from(u8::from(is_true(pair)))));
        println!("p >= {threshold:<5} {}", f1(tp, found, all));
    }
    let (mut tp, mut best) = (0.0, (0.0, 0.0, 0.0, 0.0));
    for (at, pair) in sorted.iter().enumerate() {
        tp += f64::from(u8::from(is_true(pair)));
        let found = (at + 1) as f64;
        let score = 2.0 * tp / (found + all);
        if score > best.0 {
            best = (score, tp, found, f64::from(pair.weight));
        }
    }
    println!("best      {}  at weight {:.2}", f1(best.1, best.2, all), best.3);
    if right.is_some() {
        let (mut taken_left, mut taken_right) = (vec![false; left.len()], vec![false; theirs.len()]);
        let (mut tp, mut found) = (0.0, 0.0);
        for pair in sorted.iter().take_while(|pair| pair.weight >= 0.0) {
            let (ours, other) = (&mut taken_left[pair.left as usize], &mut taken_right[pair.right as usize]);
            if !*ours && !*other {
                (*ours, *other) = (true, true);
                found += 1.0;
                tp += f64::from(u8::from(is_true(pair)));
            }
        }
        println!("one to one {}", f1(tp, found, all));
    }
    let mut counts = vec![0_u64; rules];
    pairs.iter().for_each(|pair| counts[usize::from(pair.rule)] += 1);
    println!("pairs by first rule {counts:?}");
}

/// Waterfalls of pairs that were decided wrongly, for looking at invented data.
fn misses(path: &str, scorer: &Scorer<'_>, pairs: &[Pair], left: &[u64], right: Option<&[u64]>) {
    use std::io::Write;
    let mut out = std::fs::File::create(path).unwrap();
    let theirs = right.unwrap_or(left);
    let step = (pairs.len() / 200_000).max(1);
    for pair in pairs.iter().step_by(step) {
        let same = left[pair.left as usize] == theirs[pair.right as usize];
        if same != (pair.weight >= 0.0) {
            let waterfall = scorer.waterfall(pair.left, pair.right);
            writeln!(
                out,
                "{} {:.2} rule {}",
                if same { "missed" } else { "false" },
                waterfall.weight,
                pair.rule
            )
            .unwrap();
            for step in waterfall.steps.iter().filter(|step| step.m.is_some()) {
                let (weight, rarity) = (step.weight, step.rarity);
                writeln!(
                    out,
                    "  {weight:6.2} {rarity:6.2} {} | {} | {} | {}",
                    step.comparison, step.level, step.left, step.right
                )
                .unwrap();
            }
        }
    }
}
