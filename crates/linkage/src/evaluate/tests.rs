use super::*;

fn pair(left: u32, right: u32, weight: f32, rule: u8) -> Pair {
    Pair { left, right, weight, rule }
}

/// Four pairs of one person, of which one was never compared.
const TWO: Truth<'static> = Truth::Two { left: &[1, 2, 3, 4, NOBODY], right: &[1, 2, 2, 3, 9, NOBODY] };

fn found() -> Vec<Pair> {
    vec![
        pair(0, 0, 20.0, 0),
        pair(1, 1, 15.0, 0),
        pair(3, 4, 12.0, 1),
        pair(1, 2, 3.0, 1),
        pair(2, 0, -5.0, 2),
        pair(4, 0, 30.0, 0),
        pair(0, 5, 30.0, 0),
    ]
}

#[test]
fn a_pair_that_was_never_compared_is_missed() {
    let score = score(found().into_iter().filter(|pair| pair.weight > 0.0), TWO);
    assert_eq!(score, Score { right: 3, wrong: 1, missed: 1 });
    assert_eq!(score.precision().value(), Some(0.75));
    assert_eq!(score.f1(), Some(0.75));
}

#[test]
fn the_best_threshold_and_the_sweep() {
    let best = best(&found(), TWO).unwrap();
    assert_eq!((best.weight, best.score.f1()), (3.0, Some(0.75)));
    let points = sweep(&found(), TWO, 5.0).unwrap();
    insta::assert_snapshot!(sweep_text(&points));
    assert!(sweep(&found(), TWO, 1e-6).is_none());
    assert!(sweep(&found(), TWO, 0.0).is_none());
    assert!(sweep(&[], TWO, 1.0).unwrap().is_empty());
}

#[test]
fn what_each_rule_adds() {
    let found = by_rule(&found(), TWO);
    let shown: Vec<_> =
        found.iter().map(|found| (found.rule, found.pairs, found.right, found.recall.hits)).collect();
    assert_eq!(shown, [(0, 4, 2, 2), (1, 2, 1, 3), (2, 1, 0, 3)]);
    assert_eq!(found[2].recall, Share::new(3, 4));
}

#[test]
fn groups_add_up() {
    let groups = Groups { by: "sex", names: &["women", "men"], of: &[0, 1, 0, 1, 1, 0] };
    let scores = by_group(found(), TWO, groups);
    assert_eq!(scores[0], Score { right: 2, wrong: 1, missed: 0 });
    assert_eq!(scores[1], Score { right: 1, wrong: 1, missed: 1 });
    insta::assert_snapshot!(text("sex", &[("women", scores[0]), ("men", scores[1])]));
    let one = Truth::One(&[1, 1, 2, 1, 2]);
    let groups = Groups { by: "sex", names: &["a", "b"], of: &[0, 0, 0, 1, 1] };
    let missed: Vec<u64> = by_group([], one, groups).iter().map(|score| score.missed).collect();
    assert_eq!(missed, [1, 3]);
    assert_eq!(super::score([], one).missed, 4);
}

/// The two responses of the example of Bagga and Baldwin 1998, by their own figures.
#[test]
fn clusters_as_published() {
    // Truth: 1 to 5, 6 and 7, 8 to C. Response one joins the second and the third.
    let truth = [1, 1, 1, 1, 1, 2, 2, 3, 3, 3, 3, 3];
    let one = clusters(&[0, 0, 0, 0, 0, 5, 5, 5, 5, 5, 5, 5], &truth);
    assert!((one.record_precision - 16.0 / 21.0).abs() < 1e-12);
    assert!((one.record_recall - 1.0).abs() < 1e-12);
    // Response two joins the first and the third.
    let two = clusters(&[0, 0, 0, 0, 0, 5, 5, 0, 0, 0, 0, 0], &truth);
    assert!((two.record_precision - 7.0 / 12.0).abs() < 1e-12);
    assert_eq!(two.pairs, Score { right: 21, wrong: 25, missed: 0 });
    assert_eq!((two.exact, two.whole), (Share::new(1, 2), Share::new(1, 3)));
    let unknown = clusters(&[0, 0], &[1, NOBODY]);
    assert_eq!(unknown.pairs, Score::default());
}
