use super::*;

/// Pairs whose weights are too sure by a known amount: the real weight is half of what is said, minus one.
fn too_sure(count: u32) -> Vec<Labelled> {
    // A sequence that fills 0 to 1 evenly, so that no generator is needed.
    let even = |number: u32| (f64::from(number) * 0.618_033_988_749_895).fract();
    let label = |number: u32| {
        let weight = -12.0 + 24.0 * f64::from(number) / f64::from(count);
        Labelled::new(weight as f32, even(number) < probability(weight / 2.0 - 1.0))
    };
    (0..count).map(label).collect()
}

#[test]
fn a_model_that_is_too_sure_is_seen_and_corrected() {
    let labels = too_sure(4000);
    let before = calibration(&labels, None, 2.0).unwrap();
    insta::assert_snapshot!(text(&before));
    for curve in [Curve::isotonic(&labels).unwrap(), Curve::platt(&labels).unwrap()] {
        let after = calibration(&labels, Some(&curve), 2.0).unwrap();
        assert!(after.log_loss < before.log_loss * 0.9, "{:?}: {}", curve.kind, after.log_loss);
        assert!(after.brier < before.brier, "{:?}", curve.kind);
        assert!(after.bins.iter().all(Bin::holds), "{:?}\n{}", curve.kind, text(&after));
        for weight in -200..200 {
            let (one, next) = (weight as f32 / 10.0, (weight + 1) as f32 / 10.0);
            assert!(curve.weight(one) <= curve.weight(next), "{:?} falls at {one}", curve.kind);
        }
    }
    let platt = Curve::platt(&labels).unwrap();
    assert!((platt.slope - 0.5).abs() < 0.03 && (platt.knots[0].1 + 1.0).abs() < 0.1, "{platt:?}");
}

#[test]
fn labels_that_say_the_opposite_make_a_flat_curve() {
    let labels: Vec<Labelled> = (0..100).map(|number| Labelled::new(number as f32, number < 50)).collect();
    let isotonic = Curve::isotonic(&labels).unwrap();
    assert!(isotonic.weight(0.0).abs() < 1e-9 && isotonic.weight(99.0).abs() < 1e-9);
    let platt = Curve::platt(&labels).unwrap();
    assert!(platt.slope == 0.0 && platt.weight(99.0).abs() < 1e-9, "{platt:?}");
}

#[test]
fn pairs_that_are_told_apart_completely_do_not_run_to_infinity() {
    let labels: Vec<Labelled> = (0..100).map(|number| Labelled::new(number as f32, number >= 50)).collect();
    for curve in [Curve::isotonic(&labels).unwrap(), Curve::platt(&labels).unwrap()] {
        let (low, high) = (curve.probability(0.0), curve.probability(99.0));
        assert!(low > 0.0 && low < 0.1 && high > 0.9 && high < 1.0, "{:?} {low} {high}", curve.kind);
    }
}

#[test]
fn a_pair_that_stands_for_many_counts_as_many() {
    let mut labels = vec![Labelled::new(1.0, true), Labelled::new(1.0, false)];
    labels[1].stands_for = 3.0;
    let bin = calibration(&labels, None, 1.0).unwrap().bins[0];
    assert_eq!((bin.labelled, bin.pairs, bin.seen), (2, 4.0, 0.25));
    // Two labels of unequal weight tell less than two plain ones.
    let plain = wilson(0.5, 2.0, Z_95);
    assert!(bin.interval.1 - bin.interval.0 > plain.1 - plain.0);
}

#[test]
fn thresholds_are_chosen_by_the_lower_bound() {
    let labels = too_sure(4000);
    let wanted = Wanted { precision: 0.9, lost: 0.05 };
    let chosen = choose(&labels, wanted).unwrap();
    assert!(chosen.precision_interval.0 >= 0.9 && chosen.precision > 0.9);
    let clerical = chosen.clerical.unwrap();
    assert!(clerical < chosen.link && chosen.lost_interval.1 <= 0.05);
    // A notch lower, and the bound no longer holds.
    let below = labels.iter().filter(|label| label.weight >= chosen.link - 0.05);
    let mut sum = Sum::default();
    below.for_each(|label| sum.add(label));
    assert!(sum.interval().0 < 0.9);
}

#[test]
fn too_few_labels_show_nothing() {
    let mut labels = vec![Labelled::new(20.0, true); 40];
    assert_eq!(
        choose(&labels, Wanted { precision: 0.999, lost: 0.1 }).unwrap_err().to_string(),
        "all 40 labelled pairs are of one person: both kinds are needed"
    );
    labels.push(Labelled::new(0.0, false));
    insta::assert_snapshot!(
        choose(&labels, Wanted { precision: 0.999, lost: 0.1 }).unwrap_err(),
        @"no threshold gives a precision of at least 0.999: the best lower bound is 0.91238, from 20 bits on with 40 labelled pairs; without a single wrong one 3838 would do"
    );
    let chosen = choose(&labels, Wanted { precision: 0.9, lost: 0.01 }).unwrap();
    assert_eq!(
        (chosen.link, chosen.clerical),
        (20.0, None),
        "40 pairs cannot show that only 1 in 100 is lost"
    );
    assert_eq!(choose(&[], Wanted { precision: 0.9, lost: 0.1 }).unwrap_err(), TooFew::Nothing.into());
}
