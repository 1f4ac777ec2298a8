use super::*;

const SETTINGS: Settings = Settings { join: 0.0, joining: Joining::Connected, bridge: 0.0, margin: 1.0 };

fn pairs(text: &str) -> Vec<Pair> {
    let pair = |word: &str| {
        let (sides, weight) = word.split_once('=').unwrap();
        let (left, right) = sides.split_once('-').unwrap();
        let number = |text: &str| text.parse().unwrap();
        Pair { left: number(left), right: number(right), weight: weight.parse().unwrap(), rule: 0 }
    };
    text.split_whitespace().map(pair).collect()
}

fn made(text: &str, records: usize, settings: Settings, constraints: Constraints<'_>) -> Clusters {
    let mut pairs = pairs(text);
    let clusters = cluster(&pairs, records, settings, constraints).unwrap();
    pairs.reverse();
    assert_eq!(cluster(&pairs, records, settings, constraints).unwrap(), clusters, "the order matters");
    clusters
}

#[test]
fn a_cluster_has_the_number_of_its_least_record() {
    let clusters = made("5-3=4 1-5=2 0-2=9 4-6=-1", 7, SETTINGS, Constraints::default());
    assert_eq!(clusters.of, [0, 1, 0, 1, 4, 1, 6]);
    let sizes = clusters.sizes();
    assert_eq!((sizes.records, sizes.clusters, sizes.greatest), (7, 4, 3));
    assert_eq!(sizes.by_size, BTreeMap::from([(1, 2), (2, 1), (3, 1)]));
}

#[test]
fn two_state_numbers_never_meet() {
    // 0 and 3 have different numbers; the chain between them breaks at its weakest pair, which is reported.
    let cii = [Labels { name: "CII", values: &[7, 0, 0, 8] }];
    let constraints = Constraints { one_value: &cii, ..Constraints::default() };
    let clusters = made("0-1=20 1-2=5 2-3=15", 4, SETTINGS, constraints);
    assert_eq!(clusters.of, [0, 0, 2, 2]);
    let conflict = Conflict { pair: pairs("1-2=5")[0], why: Refused::TwoValues("CII".to_owned()) };
    assert_eq!(clusters.conflicts, [conflict]);
    assert!(clusters.tied.is_empty());
}

#[test]
fn a_record_between_two_numbers_is_tied() {
    let cii = [Labels { name: "CII", values: &[7, 0, 8] }];
    let constraints = Constraints { one_value: &cii, ..Constraints::default() };
    let clusters = made("0-1=20 1-2=19.5", 3, SETTINGS, constraints);
    assert_eq!(clusters.of, [0, 1, 2], "it is nobody's until somebody has looked");
    assert_eq!(clusters.tied, [Tied { record: 1, pairs: pairs("0-1=20 1-2=19.5") }]);
    let clusters = made("0-1=20 1-2=18.9", 3, SETTINGS, constraints);
    assert_eq!(clusters.of, [0, 0, 2], "the better fit is better by more than the margin");
}

#[test]
fn defendants_of_one_case_are_two_persons() {
    let case = [Labels { name: "case", values: &[4, 4, 5, 0] }];
    let constraints = Constraints { once: &case, ..Constraints::default() };
    let clusters = made("0-2=20 2-3=18 1-3=12", 4, SETTINGS, constraints);
    assert_eq!(clusters.of, [0, 1, 0, 0]);
    assert_eq!(clusters.conflicts[0].why, Refused::Twice("case".to_owned()));
}

#[test]
fn what_somebody_said_comes_first() {
    let constraints =
        Constraints { apart: &[(0, 2)], together: &[(2, 3), (3, 0), (4, 5)], ..Constraints::default() };
    let clusters = made("0-1=20 1-2=12", 6, SETTINGS, constraints);
    assert_eq!(clusters.of, [0, 0, 2, 2, 4, 4]);
    let why: Vec<&Refused> = clusters.conflicts.iter().map(|conflict| &conflict.why).collect();
    assert_eq!(why, [&Refused::Apart, &Refused::Apart]);
    assert!(clusters.conflicts[0].pair.weight.is_infinite(), "the answers contradict one another");
}

#[test]
fn a_weak_bridge_is_cut() {
    let two_triangles = "0-1=20 1-2=20 0-2=20 3-4=20 4-5=20 3-5=20 2-3=4 5-6=4";
    let clusters = made(two_triangles, 7, Settings { bridge: 10.0, ..SETTINGS }, Constraints::default());
    assert_eq!(clusters.of, [0, 0, 0, 3, 3, 3, 3], "a single record hangs on by what it has");
    assert_eq!(clusters.cut, pairs("2-3=4"));
    let clusters = made(two_triangles, 7, SETTINGS, Constraints::default());
    assert_eq!(clusters.of, [0; 7]);
    assert_eq!(clusters.sparse(&pairs(two_triangles), 0.0, 3, 0.5), [(0, 7, 16.0 / 42.0)]);
}

#[test]
fn agreeing_clusters_do_not_run_together() {
    // A chain of four: one pair each way is found, and three of the six pairs are missing.
    let settings = Settings { joining: Joining::Agreeing { missing: -4.0 }, ..SETTINGS };
    let chain = "0-1=10 1-2=6 2-3=10";
    assert_eq!(made(chain, 4, SETTINGS, Constraints::default()).of, [0; 4]);
    assert_eq!(made(chain, 4, settings, Constraints::default()).of, [0, 0, 2, 2]);
    assert_eq!(made("0-1=10 1-2=6 2-3=10 0-2=7", 4, settings, Constraints::default()).of, [0; 4]);
}

#[test]
fn a_chain_of_many_needs_no_stack() {
    let records = 300_000u32;
    let chain: Vec<Pair> =
        (1..records).map(|right| Pair { left: right - 1, right, weight: 5.0, rule: 0 }).collect();
    let clusters =
        cluster(&chain, records as usize, Settings { bridge: 1.0, ..SETTINGS }, Constraints::default())
            .unwrap();
    assert_eq!(clusters.sizes().greatest, u64::from(records));
}

proptest::proptest! {
    /// Whatever the pairs, no cluster has two values or one twice, and a refused pair is the only reason to part.
    #[test]
    fn constraints_hold(
        edges in proptest::collection::vec((0u32..12, 0u32..12, -4i8..40), 0..60),
        values in proptest::collection::vec(0u32..3, 12),
        cases in proptest::collection::vec(0u32..5, 12),
        missing in proptest::option::of(-6i8..0),
    ) {
        let pairs: Vec<Pair> = edges
            .iter()
            .map(|&(left, right, weight)| Pair { left, right, weight: f32::from(weight), rule: 0 })
            .collect();
        let one_value = [Labels { name: "CII", values: &values }];
        let once = [Labels { name: "case", values: &cases }];
        let constraints = Constraints { one_value: &one_value, once: &once, ..Constraints::default() };
        let joining = missing.map_or(Joining::Connected, |bits| Joining::Agreeing { missing: f32::from(bits) });
        let settings = Settings { joining, bridge: 6.0, ..SETTINGS };
        let clusters = cluster(&pairs, 12, settings, constraints).unwrap();
        for one in 0..12 {
            assert!(clusters.of[one] as usize <= one);
            for other in 0..one {
                if clusters.of[one] == clusters.of[other] {
                    assert!(values[one] == 0 || values[other] == 0 || values[one] == values[other]);
                    assert!(cases[one] == 0 || cases[one] != cases[other]);
                }
            }
        }
        let mut turned = pairs;
        turned.reverse();
        assert_eq!(cluster(&turned, 12, settings, constraints).unwrap(), clusters);
    }
}
