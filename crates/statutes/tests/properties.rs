//! What holds for every text.
#![allow(clippy::unwrap_used, clippy::panic)]

use proptest::prelude::*;
use std::sync::LazyLock;
use std::time::{Duration, Instant};
use vacatur_statutes::Statutes;

static STATUTES: LazyLock<Statutes> = LazyLock::new(|| Statutes::us_ca().unwrap());

/// Texts made of the pieces that charges are made of: nearer to trouble than arbitrary text.
fn charge_like() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "11357",
        "11360",
        "187",
        "664",
        "182",
        "32",
        "5",
        "0",
        "288",
        "653",
        "186.22",
        "496",
        ".",
        ",",
        "/",
        "-",
        "+",
        " ",
        "(",
        ")",
        "(A)",
        "(1)",
        "(b)",
        "(iv)",
        "(AA)",
        "a",
        "A2",
        "B",
        "ab",
        "F",
        "HS",
        "PC",
        "H&S",
        "h s",
        "VC",
        "W/",
        "AND",
        "ATT",
        "GRAMS",
        "ATTEMPTED",
        "CONSPIRACY",
        "SEE COMMENT",
        "POSS",
        "§",
        "–",
        "é",
        "\t",
        "\u{a0}",
        "?",
        "SEC",
        "&",
        ":",
        "CNT",
        "CASE",
        "$",
    ]);
    prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

fn read_all(text: &str) {
    let statutes = &*STATUTES;
    let _ = statutes.grammar.parse(text);
    let _ = statutes.grammar.parse_comment(text);
    let _ = statutes.grammar.section(text);
    let _ = statutes.grammar.mentions(text, statutes.set("cannabis").unwrap());
    for set in statutes.sets() {
        if let Some(offence) = statutes.grammar.parse(text).offence() {
            let _ = set.membership(offence);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_is_too_odd(text in any::<String>()) {
        read_all(&text);
    }

    #[test]
    fn no_charge_is_too_odd(text in charge_like()) {
        read_all(&text);
    }

    /// The normal form of a charge is read as that charge.
    #[test]
    fn normal_form_is_stable(text in charge_like()) {
        for read in [STATUTES.grammar.parse(&text), STATUTES.grammar.parse_comment(&text)] {
            if let Some(offence) = read.offence() {
                let shown = offence.to_string();
                let again = STATUTES.grammar.parse(&shown);
                let again = again.offence();
                prop_assert_eq!(again.map(ToString::to_string), Some(shown.clone()), "{} is not stable", shown);
                prop_assert_eq!(again, Some(offence));
            }
        }
    }

    /// Case and the width of blanks say nothing.
    #[test]
    fn case_and_blanks_do_not_matter(text in charge_like()) {
        let read = STATUTES.grammar.parse(&text);
        prop_assert_eq!(&STATUTES.grammar.parse(&text.to_ascii_lowercase()), &read);
        prop_assert_eq!(&STATUTES.grammar.parse(&text.to_ascii_uppercase()), &read);
        prop_assert_eq!(&STATUTES.grammar.parse(&format!("  {}\t ", text.replace(' ', " \t  "))), &read);
    }

    /// A list says the same of a section however often it is asked, and a longer number is never the shorter one.
    #[test]
    fn a_longer_number_is_another_section(digits in "[1-9]{1,2}", section in prop::sample::select(vec!["37", "187", "220", "269", "11357"])) {
        let text = format!("{digits}{section} PC");
        if let Some(offence) = STATUTES.grammar.parse(&text).offence() {
            prop_assert!(offence.sections().iter().all(|read| read.number() != section));
        }
    }
}

/// Time grows with the length, not with its square: a hundred times the text may not take a thousand times as long.
#[test]
fn long_texts_take_time_in_proportion() {
    for piece in [
        "1", "(", "11357/", "664/", "11357 ", " ", "-", "(A)", "HS ", "H", "1.", "ATT ", "CNT 1 ", "11357(A",
        "?", "é", "A-", ". ",
    ] {
        let time = |length: usize| {
            let text = piece.repeat(length / piece.len());
            let start = Instant::now();
            let set = STATUTES.set("cannabis").unwrap();
            let _ = STATUTES.grammar.parse(&text);
            let _ = STATUTES.grammar.parse_comment(&text);
            let _ = STATUTES.grammar.mentions(&text, set);
            start.elapsed()
        };
        let short = time(1_000).max(Duration::from_millis(1));
        let long = time(100_000);
        assert!(long < short * 1000, "{piece:?}: {short:?} for 1,000 bytes, {long:?} for 100,000");
    }
}
