//! What becomes of pairs after they are scored: links, clusters, calibration, charts. What deciding costs on many pairs, and
//! what is lost when names are encoded.
//!
//! ```text
//! cargo bench -p vacatur-linkage --bench around -- --left fake_1000.csv --model benches/models/fake.toml --charts FOLDER
//! cargo bench -p vacatur-linkage --bench around -- --many 10000000
//! ```
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use std::collections::HashMap;
use vacatur_linkage::assign::{Mode, Thresholds, assign};
use vacatur_linkage::calibrate::{self, Curve, Labelled, Wanted};
use vacatur_linkage::chart::{self, Mark};
use vacatur_linkage::clerical::{LevelCounts, level_counts};
use vacatur_linkage::clk::{self, Encoder, Field, Filter, Hardening, Key, Reading};
use vacatur_linkage::cluster::{Constraints, Joining, Settings, cluster};
use vacatur_linkage::evaluate::{self, Truth};
use vacatur_linkage::model::FieldKind;
use vacatur_linkage::{Model, Pair, Scorer, SidesBuilder, TrainOptions, train};

fn now() -> f64 {
    let usage = getrusage(UsageWho::RUSAGE_SELF).unwrap();
    (usage.user_time().num_microseconds() + usage.system_time().num_microseconds()) as f64 / 1e6
}

fn timed<T>(what: &str, run: impl FnOnce() -> T) -> T {
    let before = now();
    let result = run();
    println!("{what:<40} {:7.2} CPU-s", now() - before);
    result
}

fn main() {
    let mut options: HashMap<String, String> = HashMap::new();
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    while let Some(name) = arguments.next() {
        options.insert(name.trim_start_matches("--").to_owned(), arguments.next().unwrap_or_default());
    }
    if let Some(count) = options.get("many") {
        return many(count.parse().unwrap());
    }
    let Some(left) = options.get("left") else {
        println!("nothing to do: give --left FILE or --many PAIRS");
        return;
    };
    let model = match options.get("model").map(String::as_str) {
        None | Some("people") => Model::people().unwrap(),
        Some(path) => {
            Model::parse(&std::fs::read_to_string(path).unwrap()).unwrap_or_else(|error| panic!("{error}"))
        }
    };
    let mut names: HashMap<String, u32> = HashMap::new();
    let truth = options.get("truth").map_or("cluster", String::as_str);
    let mut builder = SidesBuilder::new(&model);
    let ours = load(left, &model, truth, &mut names, |cells| builder.left(cells).unwrap());
    let theirs = options.get("right").map(|right| {
        builder.two_sides();
        load(right, &model, truth, &mut names, |cells| builder.right(cells).unwrap())
    });
    let sides = builder.finish();
    let trained = train(&sides, &model, &TrainOptions::default()).unwrap_or_else(|error| panic!("{error}"));
    let scorer = Scorer::new(&sides, &trained).unwrap();
    let pairs = scorer.score(-10.0, 1).unwrap_or_else(|error| panic!("{error}"));
    let truth = match &theirs {
        Some(theirs) => Truth::Two { left: &ours, right: theirs },
        None => Truth::One(&ours),
    };
    let shown = |name: &str, score| print!("{}", evaluate::text("", &[(name, score)]));
    for probability in [0.5f64, 0.9, 0.99] {
        let least = (probability / (1.0 - probability)).log2() as f32;
        let links = pairs.iter().filter(|pair| pair.weight >= least).copied();
        shown(&format!("p >= {probability}"), evaluate::score(links, truth));
    }
    if let Some(best) = evaluate::best(&pairs, truth) {
        shown(&format!("best, {:.2} bits", best.weight), best.score);
    }
    for found in evaluate::by_rule(&pairs, truth) {
        println!(
            "rule {:>2}: {:>8} pairs, {:>6} right, recall so far {}",
            found.rule, found.pairs, found.right, found.recall
        );
    }
    match &theirs {
        Some(theirs) => {
            let thresholds = Thresholds { link: 0.0, clerical: -6.0, margin: 1.0 };
            for mode in [Mode::OneToOne, Mode::ManyToOne] {
                let assigned = assign(&pairs, ours.len(), theirs.len(), thresholds, mode).unwrap();
                shown(&format!("{mode:?}"), evaluate::score(assigned.links(), truth));
                println!("{:?}", assigned.ended());
            }
        }
        None => dedupe(&pairs, &ours),
    }
    calibration(&pairs, truth);
    if options.contains_key("encoded") {
        let all = scorer.score(-1000.0, 1).unwrap();
        let texts = [Some(left), options.get("right")]
            .map(|path| path.map_or(Vec::new(), |path| texts(path, &model)));
        encoded(&model, &scorer, &all, truth, &texts);
    }
    if let Some(folder) = options.get("charts") {
        charts(folder, &scorer, &pairs, truth);
    }
}

/// Clusters by several settings. What is best here is best on this file.
fn dedupe(pairs: &[Pair], truth: &[u32]) {
    println!("\n{:<44} {:>7} {:>7} {:>7}  {:>7} {:>8}", "clusters", "pair F1", "P", "R", "B3 F1", "greatest");
    for join in [-4.0f32, -2.0, 0.0, 2.0, 4.0, 6.0] {
        for joining in
            [Joining::Connected, Joining::Agreeing { missing: -2.0 }, Joining::Agreeing { missing: -6.0 }]
        {
            for bridge in [join, 6.0] {
                let settings = Settings { join, joining, bridge, margin: 1.0 };
                let clusters = cluster(pairs, truth.len(), settings, Constraints::default()).unwrap();
                let score = evaluate::clusters(&clusters.of, truth);
                println!(
                    "{:<44} {:7.4} {:7.4} {:7.4}  {:7.4} {:8}",
                    format!("join {join} {joining:?} bridge {bridge}"),
                    score.pairs.f1().unwrap_or(0.0),
                    score.pairs.precision().value().unwrap_or(0.0),
                    score.pairs.recall().value().unwrap_or(0.0),
                    score.record_f1().unwrap_or(0.0),
                    clusters.sizes().greatest
                );
            }
        }
    }
}

/// Fits a curve on half of the labels and looks at the other half.
fn calibration(pairs: &[Pair], truth: Truth<'_>) {
    let labels: Vec<Labelled> =
        pairs.iter().filter_map(|pair| Some(Labelled::new(pair.weight, truth.same(pair)?))).collect();
    let half = |odd: usize| labels.iter().skip(odd).step_by(2).copied().collect::<Vec<_>>();
    let (fit, rest) = (half(0), half(1));
    let Ok(before) = calibrate::calibration(&rest, None, 4.0) else { return };
    println!("\n{}", calibrate::text(&before));
    for curve in [Curve::isotonic(&fit).unwrap(), Curve::platt(&fit).unwrap()] {
        let after = calibrate::calibration(&rest, Some(&curve), 4.0).unwrap();
        println!("{:?}: Brier score {:.5}, log loss {:.5} bits", curve.kind, after.brier, after.log_loss);
    }
    for precision in [0.95, 0.99, 0.999] {
        match calibrate::choose(&labels, Wanted { precision, lost: 0.05 }) {
            Ok(chosen) => {
                println!("precision {precision}: link {:.2}, clerical {:?}", chosen.link, chosen.clerical)
            }
            Err(error) => println!("precision {precision}: {error}"),
        }
    }
}

/// The cells of a file that the model's fields name.
fn texts(path: &str, model: &Model) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let mut take = |cells: &[&str]| rows.push(cells.iter().map(|cell| (*cell).to_owned()).collect());
    load(path, model, "cluster", &mut HashMap::new(), &mut take);
    rows
}

/// What is lost when names are encoded: the same pairs, weighed by levels on plain text, by levels on filters, and by one
/// filter for the record. Weights are fitted on the labels of one half of the pairs and used on the other, for all alike.
fn encoded(
    model: &Model,
    scorer: &Scorer<'_>,
    pairs: &[Pair],
    truth: Truth<'_>,
    texts: &[Vec<Vec<String>>; 2],
) {
    let shown = |name: &str, weights: &[f32]| {
        let weighed = pairs.iter().zip(weights).map(|(pair, &weight)| Pair { weight, ..*pair });
        if let Some(best) = evaluate::best(&weighed.collect::<Vec<_>>(), truth) {
            let score = best.score;
            let f1 = score.f1().unwrap_or(0.0);
            println!("{name:<52} best F1 {f1:.5}  wrong {:>5}  missed {:>5}", score.wrong, score.missed);
        }
    };
    println!("\n{} pairs that blocking on plain text makes", pairs.len());
    let counts: Vec<usize> = model.comparisons.iter().map(|comparison| comparison.levels.len()).collect();
    let levels: Vec<Vec<u8>> = pairs.iter().map(|pair| scorer.levels(pair.left, pair.right)).collect();
    shown("plain, the model's own weights", &pairs.iter().map(|pair| pair.weight).collect::<Vec<_>>());
    shown("plain, weights by labels", &fitted(&counts, &levels, pairs, truth));
    let kinds: Vec<Reading> = model
        .fields
        .iter()
        .map(|field| match field.kind {
            FieldKind::Date => Reading::Date,
            FieldKind::Identifier | FieldKind::Zip => Reading::Code,
            _ => Reading::Name,
        })
        .collect();
    let born = kinds.iter().position(|kind| *kind == Reading::Date);
    let configurations = [
        ("filters", 1024, 20, Hardening::None, false),
        ("filters of 512 bits", 512, 10, Hardening::None, false),
        ("filters, balanced", 1024, 20, Hardening::Balanced, false),
        ("filters, folded", 1024, 20, Hardening::Folded, false),
        ("filters, salted by year of birth", 1024, 20, Hardening::None, true),
        ("filters, folded and salted", 1024, 20, Hardening::Folded, true),
    ];
    for (name, bits, hashes, hardening, salted) in configurations {
        let key = Key::new(b"5f0e1c7a92d4b6e83a1f0c5d7e9b2a46").unwrap();
        let encoder = Encoder::new(key, clk::Settings { bits, hashes, hardening }).unwrap();
        let fields: Vec<Field<'_>> = model
            .fields
            .iter()
            .zip(&kinds)
            .map(|(field, reading)| Field {
                name: if field.kind.is_name() { "name" } else { &field.name },
                reading: *reading,
            })
            .collect();
        let encode = |row: &Vec<String>| {
            let digits: String =
                born.map_or("", |born| row[born].as_str()).chars().filter(char::is_ascii_digit).collect();
            let salt = if salted { digits.get(..4).unwrap_or_default().to_owned() } else { String::new() };
            let filters: Vec<Filter> =
                fields.iter().zip(row).map(|(field, value)| encoder.field(*field, value, &salt)).collect();
            let all: Vec<(Field<'_>, &str, u32)> =
                fields.iter().zip(row).map(|(field, value)| (*field, value.as_str(), 1)).collect();
            (filters, encoder.record(&all, &salt))
        };
        let sides = [0, 1].map(|side| texts[side].iter().map(encode).collect::<Vec<_>>());
        let right = if texts[1].is_empty() { &sides[0] } else { &sides[1] };
        // Where unlike values lie depends on the settings: chance alone sets bits in common.
        let levels: Vec<Vec<u8>> = pairs
            .iter()
            .map(|pair| {
                let (one, other) = (&sides[0][pair.left as usize].0, &right[pair.right as usize].0);
                let level = |dice: Option<f32>| match dice {
                    None => 0,
                    Some(dice) => {
                        1 + [0.999, 0.9, 0.8, 0.7, 0.6, 0.5].iter().filter(|from| dice < **from).count() as u8
                    }
                };
                one.iter().zip(other).map(|(one, other)| level(one.dice(other))).collect()
            })
            .collect();
        shown(&format!("{name}, field by field"), &fitted(&vec![7; fields.len()], &levels, pairs, truth));
        let dice: Vec<f32> = pairs
            .iter()
            .map(|pair| sides[0][pair.left as usize].1.dice(&right[pair.right as usize].1).unwrap_or(0.0))
            .collect();
        shown(&format!("{name}, one for the record"), &dice);
    }
}

/// Weights by the levels that each pair ends at: fitted on the labels of the even pairs for the odd ones, and the other way
/// round.
fn fitted(counts: &[usize], levels: &[Vec<u8>], pairs: &[Pair], truth: Truth<'_>) -> Vec<f32> {
    let half = |odd: usize| {
        let labelled = pairs.iter().zip(levels).skip(odd).step_by(2);
        let labelled =
            labelled.filter_map(|(pair, levels)| Some((levels.as_slice(), truth.same(pair)?, 1.0)));
        let counted = level_counts(counts, labelled);
        let u = LevelCounts { same: counted.different.clone(), different: Vec::new() }.m(0.5);
        (counted.m(0.5), u)
    };
    let halves = [half(1), half(0)];
    let weigh = |(place, levels): (usize, &Vec<u8>)| {
        let (m, u) = &halves[place % 2];
        let step = |(number, &level): (usize, &u8)| match usize::from(level).checked_sub(1) {
            Some(level) => (m[number][level] / u[number][level]).log2(),
            None => 0.0,
        };
        levels.iter().enumerate().map(step).sum::<f64>() as f32
    };
    levels.iter().enumerate().map(weigh).collect()
}

fn charts(folder: &str, scorer: &Scorer<'_>, pairs: &[Pair], truth: Truth<'_>) {
    let marks = [Mark { weight: -6.0, name: "clerical" }, Mark { weight: 0.0, name: "link" }];
    let weights: Vec<f32> = pairs.iter().map(|pair| pair.weight).collect();
    let labels: Vec<Labelled> =
        pairs.iter().filter_map(|pair| Some(Labelled::new(pair.weight, truth.same(pair)?))).collect();
    let mut charts = Vec::new();
    if let Some(pair) = pairs.iter().find(|pair| pair.weight > 0.0) {
        charts.push(chart::waterfall("w", &scorer.waterfall(pair.left, pair.right)));
    }
    charts.push(chart::histogram("h", &weights, &marks));
    charts.push(chart::thresholds("t", &evaluate::sweep(pairs, truth, 0.5).unwrap(), &marks));
    charts.push(chart::reliability("r", &calibrate::calibration(&labels, None, 2.0).unwrap()));
    let page = chart::page("Links of a labelled file", "Made by the bench.", &charts);
    std::fs::write(format!("{folder}/links.html"), page).unwrap();
}

fn load(
    path: &str,
    model: &Model,
    truth: &str,
    names: &mut HashMap<String, u32>,
    mut take: impl FnMut(&[&str]),
) -> Vec<u32> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let header = reader.headers().unwrap().clone();
    let place = |name: &str| header.iter().position(|column| column == name);
    let fields = model.fields.iter();
    let columns: Vec<Option<usize>> = fields
        .map(|field| std::iter::once(&field.name).chain(&field.columns).find_map(|name| place(name)))
        .collect();
    let truth = place(truth).expect("the column of the truth");
    let mut labels = Vec::new();
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).unwrap() {
        let cells: Vec<&str> =
            columns.iter().map(|column| column.map_or("", |column| &record[column])).collect();
        take(&cells);
        let next = names.len() as u32;
        labels.push(*names.entry(record[truth].to_owned()).or_insert(next));
    }
    labels
}

/// Pairs of invented persons: three records each, some true pairs missing, some false ones.
fn many(count: u32) {
    let records = count / 4;
    let mix = |number: u32| {
        let mut x = u64::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x ^ (x >> 31)
    };
    let pairs: Vec<Pair> = (0..count)
        .map(|number| {
            let drawn = mix(number);
            let record = number % records;
            if number < records * 2 {
                let other = record / 3 * 3 + (record + 1 + (number / records)) % 3;
                Pair {
                    left: record.min(other),
                    right: record.max(other),
                    weight: (drawn % 2000) as f32 / 100.0,
                    rule: 0,
                }
            } else {
                let other = (drawn >> 32) as u32 % records;
                Pair {
                    left: record.min(other),
                    right: record.max(other),
                    weight: (drawn % 1200) as f32 / 100.0 - 11.0,
                    rule: 1,
                }
            }
        })
        .filter(|pair| pair.left != pair.right && pair.right < records)
        .collect();
    let records = records as usize;
    println!("{} pairs of {records} records", pairs.len());
    let thresholds = Thresholds { link: 8.0, clerical: 0.0, margin: 1.0 };
    for mode in [Mode::ManyToOne, Mode::OneToOne] {
        let assigned = timed(&format!("assign {mode:?}"), || {
            assign(&pairs, records, records, thresholds, mode).unwrap()
        });
        println!("{:?}", assigned.ended());
    }
    let ids: Vec<u32> =
        (0..records as u32).map(|record| if mix(record) % 3 == 0 { record / 3 + 1 } else { 0 }).collect();
    let labels = [vacatur_linkage::cluster::Labels { name: "CII", values: &ids }];
    let constraints = Constraints { one_value: &labels, ..Constraints::default() };
    for joining in [Joining::Connected, Joining::Agreeing { missing: -4.0 }] {
        let settings = Settings { join: 0.0, joining, bridge: 6.0, margin: 1.0 };
        let made = timed(&format!("cluster {joining:?}"), || {
            cluster(&pairs, records, settings, constraints).unwrap()
        });
        let (sizes, refused) = (made.sizes(), made.conflicts.len());
        println!(
            "{} clusters, greatest {}, {refused} refused, {} tied, {} cut",
            sizes.clusters,
            sizes.greatest,
            made.tied.len(),
            made.cut.len()
        );
    }
    filters();
    let usage = getrusage(UsageWho::RUSAGE_SELF).unwrap();
    println!("peak {} MB", usage.max_rss() / 1024);
}

/// What making and comparing filters costs, and what unlike names have in common by chance.
fn filters() {
    let key = Key::new(b"5f0e1c7a92d4b6e83a1f0c5d7e9b2a46").unwrap();
    let encoder = Encoder::new(key, clk::Settings::default()).unwrap();
    let field = Field { name: "name", reading: Reading::Name };
    let mut state = 1u64;
    let mut next = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    // Syllables, so that letters follow one another as in names.
    let syllables = [
        "MAR", "TI", "NEZ", "SON", "WIL", "LI", "AMS", "GAR", "CI", "A", "LO", "PEZ", "HER", "NAN", "DEZ",
        "BRO", "WN",
    ];
    let names: Vec<String> = (0..100_000)
        .map(|_| (0..2 + next(2)).map(|_| syllables[next(syllables.len() as u64) as usize]).collect())
        .collect();
    let filters: Vec<Filter> = timed("100,000 names into filters", || {
        names.iter().map(|name| encoder.field(field, name, "")).collect()
    });
    let pairs: Vec<(usize, usize)> =
        (0..10_000_000).map(|_| (next(100_000) as usize, next(100_000) as usize)).collect();
    let sum = timed("10,000,000 coefficients of Dice", || {
        pairs
            .iter()
            .map(|&(one, other)| f64::from(filters[one].dice(&filters[other]).unwrap_or(0.0)))
            .sum::<f64>()
    });
    let mut unlike: Vec<f32> = pairs
        .iter()
        .take(200_000)
        .filter(|&&(one, other)| {
            !syllables.iter().any(|part| names[one].contains(part) && names[other].contains(part))
        })
        .map(|&(one, other)| filters[one].dice(&filters[other]).unwrap_or(0.0))
        .collect();
    unlike.sort_unstable_by(f32::total_cmp);
    let at = |share: f64| unlike[(unlike.len() as f64 * share) as usize];
    println!(
        "mean {:.3}; of names without a common syllable from {:.3} (5 %) to {:.3} (95 %)",
        sum / 1e7,
        at(0.05),
        at(0.95)
    );
}
