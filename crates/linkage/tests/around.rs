//! From scored pairs of invented people to links, persons, a better model and charts.

#![allow(clippy::unwrap_used)]

mod invented;

use invented::{cells, people};
use vacatur_linkage::assign::{Mode, Thresholds, assign};
use vacatur_linkage::calibrate::{Labelled, Wanted, calibration, choose};
use vacatur_linkage::chart::{LevelWeight, m_and_u, match_weights, page, waterfall};
use vacatur_linkage::clerical::level_counts;
use vacatur_linkage::cluster::{Constraints, Joining, Settings, cluster};
use vacatur_linkage::evaluate::{self, Truth};
use vacatur_linkage::{Model, Scorer, SidesBuilder, TrainOptions, train};

#[test]
fn from_pairs_to_persons() {
    const COUNT: usize = 1_500;
    let model = Model::people().unwrap();
    let [left, right] = people(11, COUNT, 12);
    let mut builder = SidesBuilder::new(&model);
    left.iter().for_each(|record| builder.left(&cells(record)).unwrap());
    right.iter().for_each(|record| builder.right(&cells(record)).unwrap());
    let sides = builder.finish();
    let trained = train(&sides, &model, &TrainOptions::default()).unwrap();
    let scorer = Scorer::new(&sides, &trained).unwrap();
    let pairs = scorer.score(-6.0, 1).unwrap();
    // The person of the left record is that of the right one with the same number.
    let who: Vec<u32> = (0..COUNT as u32).collect();
    let truth = Truth::Two { left: &who, right: &who };

    // One to one is at least as precise as every pair from the threshold on, and loses next to nothing.
    let thresholds = Thresholds { link: 0.0, clerical: -6.0, margin: 1.0 };
    let plain = evaluate::score(pairs.iter().filter(|pair| pair.weight >= 0.0).copied(), truth);
    let assigned = assign(&pairs, COUNT, COUNT, thresholds, Mode::OneToOne).unwrap();
    let links = evaluate::score(assigned.links(), truth);
    assert!(links.wrong <= plain.wrong, "{links:?} {plain:?}");
    assert!(links.f1().unwrap() > 0.97, "{links:?} {:?}", assigned.ended());

    // As one file, the left records first, each person is a cluster of two.
    let both: Vec<u32> = who.iter().chain(&who).copied().collect();
    let mut shifted = pairs.clone();
    shifted.iter_mut().for_each(|pair| pair.right += COUNT as u32);
    let settings = Settings { join: 0.0, joining: Joining::Connected, bridge: 6.0, margin: 1.0 };
    let clusters = cluster(&shifted, COUNT * 2, settings, Constraints::default()).unwrap();
    let score = evaluate::clusters(&clusters.of, &both);
    assert!(score.pairs.f1().unwrap() > 0.95 && score.record_f1().unwrap() > 0.97, "{score:?}");

    // Labels choose thresholds that keep what they promise.
    let labels: Vec<Labelled> =
        pairs.iter().map(|pair| Labelled::new(pair.weight, truth.same(pair).unwrap())).collect();
    let chosen = choose(&labels, Wanted { precision: 0.98, lost: 0.02 }).unwrap();
    let above = evaluate::score(pairs.iter().filter(|pair| pair.weight >= chosen.link).copied(), truth);
    assert!(above.precision().value().unwrap() >= 0.98);
    assert!(calibration(&labels, None, 2.0).unwrap().brier < 0.05);

    // Levels of labelled pairs move m, and every comparison's shares still come to one.
    let levels: Vec<usize> = model.comparisons.iter().map(|comparison| comparison.levels.len()).collect();
    let reached: Vec<Vec<u8>> = pairs.iter().map(|pair| scorer.levels(pair.left, pair.right)).collect();
    let labelled =
        reached.iter().zip(&pairs).map(|(levels, pair)| (levels.as_slice(), truth.same(pair).unwrap(), 1.0));
    let mut improved = Model::clone(&trained);
    level_counts(&levels, labelled).improve(&mut improved, 20.0);
    assert!(improved != *trained);
    for (now, before) in improved.comparisons.iter().zip(&trained.comparisons) {
        let sum =
            |levels: &[vacatur_linkage::model::Level]| levels.iter().filter_map(|level| level.m).sum::<f64>();
        assert!((sum(&now.levels) - sum(&before.levels)).abs() < 0.05, "{}", now.name);
    }

    // The charts of the model and of a link.
    let levels = LevelWeight::of(&trained);
    assert_eq!(
        levels.len(),
        model.comparisons.iter().map(|comparison| comparison.levels.len()).sum::<usize>()
    );
    let first = pairs.first().unwrap();
    let charts = [
        waterfall("w", &scorer.waterfall(first.left, first.right)),
        match_weights("m", &levels),
        m_and_u("u", &levels),
    ];
    let html = page("Links", "Invented people.", &charts);
    assert!(!html.contains("NaN") && !html.contains("\"inf"));
    if let Some(folder) = option_env!("CHARTS_SHOWN_IN") {
        std::fs::write(format!("{folder}/model.html"), html).unwrap();
    }
}
