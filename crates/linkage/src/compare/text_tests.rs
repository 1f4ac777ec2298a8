use super::*;
use proptest::prelude::*;

proptest! {
    #[test]
    fn jaro_winkler_is_strsims(a in "[A-E0-1 ]{0,20}", b in "[A-E0-1 ]{0,70}") {
        let (first, second) = if (a.len(), &a) <= (b.len(), &b) { (&a, &b) } else { (&b, &a) };
        let ours = Jaro::new().winkler(a.as_bytes(), b.as_bytes());
        prop_assert_eq!(ours, strsim::jaro_winkler(first, second));
        prop_assert_eq!(ours, Jaro::new().winkler(b.as_bytes(), a.as_bytes()));
    }

    #[test]
    fn jaro_winkler_of_long_texts_is_strsims(a in "[A-C]{60,90}", b in "[A-C]{60,90}") {
        let (first, second) = if (a.len(), &a) <= (b.len(), &b) { (&a, &b) } else { (&b, &a) };
        prop_assert_eq!(Jaro::new().winkler(a.as_bytes(), b.as_bytes()), strsim::jaro_winkler(first, second));
    }

    #[test]
    fn one_edit_is_strsims_distance(a in "[A-C]{0,6}", b in "[A-C]{0,6}") {
        prop_assert_eq!(within_one_edit(a.as_bytes(), b.as_bytes()), strsim::osa_distance(&a, &b) <= 1);
    }

    #[test]
    fn dates_differ_as_their_digits_do(a in "[0-3]{8}", b in "[0-3]{8}") {
        let number = |text: &str| u32::from_str_radix(text, 16).unwrap();
        let same_length = strsim::hamming(&a, &b).unwrap() <= 1
            || (0..7).any(|at| {
                let mut swapped = a.clone().into_bytes();
                swapped.swap(at, at + 1);
                swapped == b.as_bytes()
            });
        prop_assert_eq!(dates_within_one_edit(number(&a), number(&b)), same_length);
    }
}

#[test]
fn the_table_is_empty_after_each_call() {
    let mut jaro = Jaro::new();
    jaro.winkler(b"MARTHA", b"MARHTA");
    assert!(jaro.places.iter().all(|places| *places == 0));
}

#[test]
fn soundex_of_known_names() {
    let code = |name: &str| {
        let number = soundex(name.as_bytes());
        format!("{}{:03x}", char::from((number >> 12) as u8), number & 0xfff)
    };
    let names = ["ROBERT", "RUPERT", "RUBIN", "ASHCRAFT", "TYMCZAK", "PFISTER", "HONEYMAN", "LEE"];
    let codes: Vec<String> = names.iter().map(|name| code(name)).collect();
    assert_eq!(codes, ["R163", "R163", "R150", "A261", "T522", "P236", "H555", "L000"]);
}
