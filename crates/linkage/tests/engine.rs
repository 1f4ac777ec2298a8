//! Blocking, training and scoring of invented people.

#![allow(clippy::unwrap_used, clippy::type_complexity)]

mod invented;

use invented::{Dice, cells, people};
use std::collections::BTreeSet;
use vacatur_linkage::{
    BlockError, Model, Scorer, Side, Sides, SidesBuilder, TrainError, TrainOptions, Trained, blocking_counts,
    score, train,
};

fn two_sides(model: &Model, seed: u64, count: usize, errors: usize) -> Sides {
    let [left, right] = people(seed, count, errors);
    let mut builder = SidesBuilder::new(model);
    left.iter().for_each(|record| builder.left(&cells(record)).unwrap());
    right.iter().for_each(|record| builder.right(&cells(record)).unwrap());
    builder.finish()
}

fn one_side(model: &Model, seed: u64, count: usize) -> Sides {
    let mut builder = SidesBuilder::new(model);
    people(seed, count, 12).iter().flatten().for_each(|record| builder.left(&cells(record)).unwrap());
    builder.finish()
}

fn trained(sides: &Sides, model: &Model) -> Trained {
    train(sides, model, &TrainOptions::default()).unwrap()
}

/// Every pair of records that some rule makes, by a model that has this rule alone.
fn union(sides: &Sides, trained: &Trained) -> BTreeSet<(u32, u32)> {
    let mut made = BTreeSet::new();
    for rule in &trained.rules {
        let mut alone = Model::clone(trained);
        alone.rules = vec![rule.clone()];
        let pairs = score(sides, &Trained::new(alone).unwrap(), f64::NEG_INFINITY, 1).unwrap();
        made.extend(pairs.iter().map(|pair| (pair.left, pair.right)));
    }
    made
}

#[test]
fn a_pair_of_several_rules_is_found_once_and_none_is_lost() {
    let model = Model::people().unwrap();
    for sides in [two_sides(&model, 3, 250, 15), one_side(&model, 4, 150)] {
        let trained = trained(&sides, &model);
        let pairs = score(&sides, &trained, f64::NEG_INFINITY, 1).unwrap();
        let found: BTreeSet<(u32, u32)> = pairs.iter().map(|pair| (pair.left, pair.right)).collect();
        assert_eq!(found.len(), pairs.len(), "a pair came twice");
        assert_eq!(found, union(&sides, &trained));
        assert!(found.len() > 100);
        if sides.is_dedupe() {
            assert!(pairs.iter().all(|pair| pair.left < pair.right));
        }
    }
}

#[test]
fn stopping_early_loses_no_pair() {
    let model = Model::people().unwrap();
    for sides in [two_sides(&model, 5, 300, 20), one_side(&model, 6, 200)] {
        let trained = trained(&sides, &model);
        let scorer = Scorer::new(&sides, &trained).unwrap();
        let all = union(&sides, &trained);
        for floor in [-12.0, -3.0, 0.0, 8.0, 25.0] {
            let found: Vec<(u32, u32, f32)> = scorer
                .score(floor, 1)
                .unwrap()
                .iter()
                .map(|pair| (pair.right, pair.left, pair.weight))
                .collect();
            let mut expected: Vec<(u32, u32, f32)> = all
                .iter()
                .map(|(left, right)| (*right, *left, scorer.waterfall(*left, *right).weight))
                .filter(|(_, _, weight)| *weight >= floor)
                .map(|(right, left, weight)| (right, left, weight as f32))
                .collect();
            expected.sort_by_key(|(right, left, _)| (*right, *left));
            assert_eq!(found, expected, "floor {floor}");
        }
    }
}

#[test]
fn threads_change_nothing() {
    let model = Model::people().unwrap();
    let sides = two_sides(&model, 7, 2_000, 10);
    let results: Vec<_> = [1, 2, 5]
        .into_iter()
        .map(|threads| {
            let options = TrainOptions { threads, random_pairs: 100_000, ..TrainOptions::default() };
            let trained = train(&sides, &model, &options).unwrap();
            let pairs = score(&sides, &trained, -5.0, threads).unwrap();
            (trained.write().unwrap(), pairs)
        })
        .collect();
    assert!(results[0].1.len() > 1_500);
    assert!(results.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn a_pair_weighs_the_same_from_either_side() {
    let model = Model::people().unwrap();
    let [left, right] = people(8, 200, 25);
    let build = |left: &[Vec<String>], right: &[Vec<String>]| {
        let mut builder = SidesBuilder::new(&model);
        left.iter().for_each(|record| builder.left(&cells(record)).unwrap());
        right.iter().for_each(|record| builder.right(&cells(record)).unwrap());
        builder.finish()
    };
    let (one, other) = (build(&left, &right), build(&right, &left));
    let trained = trained(&one, &model);
    let (one, other) = (Scorer::new(&one, &trained).unwrap(), Scorer::new(&other, &trained).unwrap());
    for number in 0..200 {
        for next in [number, (number + 1) % 200] {
            let (weight, back) = (one.waterfall(number, next).weight, other.waterfall(next, number).weight);
            assert!((weight - back).abs() < 1e-9, "{number} {next}: {weight} {back}");
        }
    }
}

#[test]
fn training_recovers_what_was_put_in() {
    let model = Model::people().unwrap();
    let count = 4_000;
    let sides = two_sides(&model, 9, count, 6);
    let trained = trained(&sides, &model);
    let level = |comparison: &str, at: usize| {
        let found = trained.comparisons.iter().find(|found| found.name == comparison).unwrap();
        (found.levels[at].m.unwrap(), found.levels[at].u.unwrap())
    };
    // 30 in 100 got another of 80 codes, which may be the same by chance.
    let (m, u) = level("zip", 0);
    assert!((m - (0.7 + 0.3 / 80.0)).abs() < 0.02, "{m}");
    assert!((u - 1.0 / 80.0).abs() < 0.002, "{u}");
    let (m, u) = level("sex", 0);
    assert!(m > 0.99, "{m}");
    assert!((u - (0.7 * 0.7 + 0.3 * 0.3)).abs() < 0.02, "{u}");
    let training = trained.training.as_ref().unwrap();
    let matches = training.prior * (count * count) as f64;
    assert!((matches - count as f64).abs() < 0.05 * count as f64, "{matches}");
    assert!(training.sessions.iter().all(|session| session.change < 1e-6));
}

#[test]
fn a_fit_that_does_not_come_to_rest_is_an_error() {
    let model = Model::people().unwrap();
    let sides = two_sides(&model, 10, 300, 10);
    let error = train(&sides, &model, &TrainOptions { rounds: 2, ..TrainOptions::default() }).unwrap_err();
    assert!(matches!(error, TrainError::Unconverged { .. }));
    let text = error.to_string();
    assert!(text.contains("has not converged: after 2 rounds"), "{text}");
}

#[test]
fn an_empty_side_teaches_nothing() {
    let model = Model::people().unwrap();
    let mut builder = SidesBuilder::new(&model);
    builder.two_sides();
    builder.left(&cells(&people(1, 1, 0)[0][0])).unwrap();
    let error = train(&builder.finish(), &model, &TrainOptions::default()).unwrap_err();
    assert_eq!(error.to_string(), "nothing can be learned: one side has no records");
}

#[test]
fn ten_thousand_of_one_name_and_day_are_refused_with_the_rule_and_the_count() {
    let model = Model::people().unwrap();
    let mut builder = SidesBuilder::new(&model);
    let mut record = vec![""; invented::FIELDS];
    (record[0], record[2], record[4]) = ("OBERON", "QUARTZ", "19740203");
    for _ in 0..10_000 {
        builder.left(&record).unwrap();
        builder.right(&record).unwrap();
    }
    let error = blocking_counts(&builder.finish(), &model).unwrap_err();
    assert!(matches!(error, BlockError::Explosion { pairs: 100_000_000, largest: 100_000_000, .. }));
    assert_eq!(
        error.to_string(),
        "block 'same birth date' makes 100000000 pairs, of which 100000000 share one key; the model allows 10000000: add a \
         part to `on` or to `tighten`, or raise limits.block"
    );
}

#[test]
fn a_large_block_is_tightened_and_says_whom_it_leaves_out() {
    let mut model = Model::people().unwrap();
    model.limits.block = 1_000;
    let mut builder = SidesBuilder::new(&model);
    let mut dice = Dice::new(2);
    for number in 0..120 {
        let given = ["ANA", "BEA", "CARL", ""][number % 4];
        let mut record = vec![""; invented::FIELDS];
        let family = format!("QUARTZ{}", char::from(b'A' + dice.below(26) as u8));
        (record[0], record[2], record[4]) = (given, &family, "19740203");
        builder.left(&record).unwrap();
        builder.right(&record).unwrap();
    }
    let counts = blocking_counts(&builder.finish(), &model).unwrap();
    let rule = counts.rules.iter().find(|rule| rule.rule == "same birth date").unwrap();
    assert_eq!(
        (rule.pairs, rule.blocks, rule.largest, rule.tightened, rule.left_out),
        (2_700, 3, 900, 1, 60)
    );
}

#[test]
fn a_model_for_other_columns_is_refused() {
    let model = Model::people().unwrap();
    let sides = two_sides(&model, 11, 50, 5);
    let mut other = model.clone();
    other.fields.retain(|field| field.name != "fbi number");
    other.comparisons.retain(|comparison| comparison.field != "fbi number");
    other.rules.retain(|rule| rule.on.iter().all(|part| part.left != "fbi number"));
    assert_eq!(
        blocking_counts(&sides, &other).unwrap_err().to_string(),
        "the model was made for other columns: only in the model: none; only in the records: fbi number; read the files with \
         this model, or train a model for them"
    );
}

#[test]
fn a_record_of_another_width_is_refused() {
    let mut builder = SidesBuilder::new(&Model::people().unwrap());
    let error = builder.left(&["OBERON", "QUARTZ"]).unwrap_err();
    assert_eq!(error.to_string(), "a record has 2 cells, and the model has 13 fields");
    assert_eq!(builder.finish().len(Side::Left), 0);
}

#[test]
fn a_fixed_weight_stays_as_it_is() {
    let mut model = Model::people().unwrap();
    let race = model.comparisons.iter_mut().find(|comparison| comparison.name == "race").unwrap();
    race.levels[0].fixed_weight = Some(0.5);
    race.levels[1].fixed_m = Some(0.2);
    race.levels[1].fixed_u = Some(0.4);
    let sides = two_sides(&model, 12, 400, 8);
    let trained = trained(&sides, &model);
    let race = trained.comparisons.iter().find(|comparison| comparison.name == "race").unwrap();
    assert_eq!(race.levels.iter().map(|level| level.weight().unwrap()).collect::<Vec<f64>>(), [0.5, -1.0]);
}

#[test]
fn the_waterfall_says_how_each_field_compares() {
    let model = Model::people().unwrap();
    let sides = two_sides(&model, 13, 600, 8);
    let trained = trained(&sides, &model);
    let pairs: [(&[(usize, &str)], &[(usize, &str)]); 5] = [
        (
            &[(0, "ROBERT"), (2, "DE LA CRUZ"), (4, "19740203")],
            &[(0, "Bob"), (2, "Delacruz"), (4, "19740302")],
        ),
        (&[(0, "ANA"), (2, "QUARTZ FLINT"), (4, "1974")], &[(0, "A"), (2, "FLINT"), (4, "19740203")]),
        (&[(0, "QUARTZ"), (2, "OBERON"), (4, "19740101")], &[(0, "OBERON"), (2, "QUARTZ"), (4, "19740203")]),
        (&[(0, "ANA"), (2, "QUARTZ"), (12, "FLINT,BEA")], &[(0, "BEA"), (2, "FLINT"), (8, "123456780")]),
        (&[(3, "JR"), (7, "90012"), (10, "A12345678")], &[(3, "III"), (7, "90099"), (10, "A12345687")]),
    ];
    let mut builder = SidesBuilder::new(&model);
    for (left, right) in pairs {
        let record = |values: &[(usize, &'static str)]| {
            let mut record = vec![""; invented::FIELDS];
            values.iter().for_each(|(field, value)| record[*field] = value);
            record
        };
        builder.left(&record(left)).unwrap();
        builder.right(&record(right)).unwrap();
    }
    let sides = builder.finish();
    let scorer = Scorer::new(&sides, &trained).unwrap();
    let mut text = String::new();
    for number in 0..pairs.len() as u32 {
        for step in scorer.waterfall(number, number).steps.iter().filter(|step| step.m.is_some()) {
            text += &format!("{}: {} | {} | {}\n", step.comparison, step.left, step.right, step.level);
        }
        text.push('\n');
    }
    insta::assert_snapshot!(text);
}

#[test]
fn nothing_of_a_record_is_in_a_debug_text() {
    let model = Model::people().unwrap();
    let sides = two_sides(&model, 14, 400, 5);
    let trained = trained(&sides, &model);
    let scorer = Scorer::new(&sides, &trained).unwrap();
    let shown = format!("{sides:?} {scorer:?} {:?}", scorer.waterfall(0, 0));
    assert_eq!(shown, "Sides (private) Scorer<'_> (private) Waterfall (private)");
}
