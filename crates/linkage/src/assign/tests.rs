use super::*;

const THRESHOLDS: Thresholds = Thresholds { link: 10.0, clerical: 0.0, margin: 1.0 };

/// `left-right=weight`, by blanks.
fn pairs(text: &str) -> Vec<Pair> {
    let pair = |word: &str| {
        let (sides, weight) = word.split_once('=').unwrap();
        let (left, right) = sides.split_once('-').unwrap();
        let number = |text: &str| text.parse().unwrap();
        Pair { left: number(left), right: number(right), weight: weight.parse().unwrap(), rule: 0 }
    };
    text.split_whitespace().map(pair).collect()
}

/// One line for each record of the right side.
fn shown(text: &str, mode: Mode) -> String {
    let pairs = pairs(text);
    let lefts = pairs.iter().map(|pair| pair.left as usize + 1).max().unwrap_or(0);
    let rights = pairs.iter().map(|pair| pair.right as usize + 1).max().unwrap_or(0);
    let assigned = assign(&pairs, lefts, rights, THRESHOLDS, mode).unwrap();
    let mut turned = pairs.clone();
    turned.reverse();
    assert_eq!(
        assign(&turned, lefts, rights, THRESHOLDS, mode).unwrap(),
        assigned,
        "the order of pairs matters"
    );
    let names = |pairs: &[Pair]| pairs.iter().map(|p| p.left.to_string()).collect::<Vec<_>>().join(" ");
    let line = |assigned: &Assigned| match assigned {
        Assigned::Linked(pair) => format!("linked {}", pair.left),
        Assigned::Tie(pairs) => format!("tie {}", names(pairs)),
        Assigned::Clerical(pairs) => format!("clerical {}", names(pairs)),
        Assigned::Outbid(pair) => format!("outbid {}", pair.left),
        Assigned::None => "none".to_owned(),
    };
    assigned.of_right().iter().map(line).collect::<Vec<_>>().join(", ")
}

#[test]
fn many_to_one() {
    for (text, expected) in [
        ("0-0=20 0-1=30 1-1=12", "linked 0, linked 0"),
        ("0-0=20 1-0=19", "tie 0 1"),
        ("0-0=20 1-0=18.9", "linked 0"),
        ("0-0=9.9 1-0=3 2-0=-1", "clerical 0 1"),
        ("0-0=10 1-1=9.99 2-2=0 3-3=-0.01", "linked 0, clerical 1, clerical 2, none"),
        ("0-0=10.5 1-0=9.6", "tie 0 1"),
        ("0-0=12 0-0=11.9", "linked 0"),
    ] {
        assert_eq!(shown(text, Mode::ManyToOne), expected, "{text}");
    }
}

#[test]
fn one_to_one() {
    for (text, expected) in [
        // The better pair takes the record; the other is told so.
        ("0-0=20 0-1=30", "outbid 0, linked 0"),
        ("0-0=20 0-1=30 1-0=12", "linked 1, linked 0"),
        ("0-0=20 0-1=30 1-0=2", "clerical 1, linked 0"),
        // Nobody is first because of a number.
        ("0-0=20 1-0=20", "tie 0 1"),
        ("0-0=20 0-1=20", "tie 0, tie 0"),
        ("0-0=20 0-1=19.1 1-2=5", "tie 0, tie 0, clerical 1"),
        // Twins against twins: either way round is as good.
        ("0-0=20 0-1=20 1-0=20 1-1=20", "tie 0 1, tie 0 1"),
        ("0-0=20 0-1=19.8 1-0=19.8 1-1=20", "tie 0 1, tie 1 0"),
        ("0-0=20 0-1=19.4 1-0=19.4 1-1=20", "linked 0, linked 1"),
        // Each alone would be a tie; together there is one way.
        ("0-0=20 1-0=19.5 1-1=19.8", "linked 0, linked 1"),
        // Greedy would take 20 and leave the other without.
        ("0-0=20 0-1=19.5 1-0=19.5", "linked 1, linked 0"),
        // Whoever a tie is kept for keeps it from a third.
        ("0-0=20 0-1=20 0-2=15", "tie 0, tie 0, outbid 0"),
        ("0-0=20 0-0=19.9", "linked 0"),
    ] {
        assert_eq!(shown(text, Mode::OneToOne), expected, "{text}");
    }
}

#[test]
fn ten_thousand_of_one_name_and_birth_date() {
    // Thirty on either side, all alike: a tie each, without working out 30! ways.
    let mut all = Vec::new();
    for left in 0..30 {
        all.extend((0..30).map(|right| Pair { left, right, weight: 20.0, rule: 0 }));
    }
    let assigned = assign(&all, 30, 30, THRESHOLDS, Mode::OneToOne).unwrap();
    let ended = assigned.ended();
    assert_eq!((ended.linked, ended.tied), (0, 30), "{ended:?}");
}

#[test]
fn a_pair_of_nobody_is_an_error() {
    let error = assign(&pairs("0-5=1"), 1, 3, THRESHOLDS, Mode::OneToOne).unwrap_err();
    assert_eq!(error.to_string(), "a pair names record 5 of the right side, which has 3 records");
}

proptest::proptest! {
    /// One to one, no record is linked twice, every link reaches the threshold, and everybody ends somehow.
    #[test]
    fn no_record_is_linked_twice(
        edges in proptest::collection::vec((0u32..8, 0u32..8, 0u8..60), 0..40),
    ) {
        let pairs: Vec<Pair> = edges
            .iter()
            .map(|&(left, right, weight)| Pair { left, right, weight: f32::from(weight) / 2.0, rule: 0 })
            .collect();
        let assigned = assign(&pairs, 8, 8, THRESHOLDS, Mode::OneToOne).unwrap();
        let mut lefts: Vec<u32> = assigned.links().map(|pair| pair.left).collect();
        lefts.sort_unstable();
        let linked = lefts.len();
        lefts.dedup();
        assert_eq!(lefts.len(), linked);
        assert!(assigned.links().all(|pair| pair.weight >= THRESHOLDS.link));
        assert_eq!(assigned.of_right().len(), 8);
        let mut turned = pairs;
        turned.reverse();
        assert_eq!(assign(&turned, 8, 8, THRESHOLDS, Mode::OneToOne).unwrap(), assigned);
    }
}
