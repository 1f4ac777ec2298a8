use super::*;

const SECRET: &[u8] = b"5f0e1c7a92d4b6e83a1f0c5d7e9b2a46\n";

fn encoder(hardening: Hardening) -> Encoder {
    Encoder::new(Key::new(SECRET).unwrap(), Settings { hardening, ..Settings::default() }).unwrap()
}

const NAME: Field<'static> = Field { name: "name", reading: Reading::Name };
const BORN: Field<'static> = Field { name: "born", reading: Reading::Date };

#[test]
fn nearly_the_same_is_nearly_the_same() {
    for hardening in [Hardening::None, Hardening::Balanced, Hardening::Folded] {
        let encoder = encoder(hardening);
        let dice =
            |field, one, other| encoder.field(field, one, "").dice(&encoder.field(field, other, "")).unwrap();
        assert_eq!(dice(NAME, "O'Brien", "OBRIEN"), 1.0, "{hardening:?}");
        let (typo, other) = (dice(NAME, "MARTINEZ", "MARTINES"), dice(NAME, "MARTINEZ", "JOHNSON"));
        assert!(typo > other + 0.1, "{hardening:?}: {typo} {other}");
        let (swapped, other) = (dice(BORN, "1971-03-04", "19710403"), dice(BORN, "1971-03-04", "19881126"));
        assert!(swapped > other + 0.1, "{hardening:?}: {swapped} {other}");
        let (digit, other) = (dice(BORN, "19710304", "19770304"), dice(BORN, "19710304", "19881126"));
        assert!(digit > other + 0.1, "{hardening:?}: {digit} {other}");
    }
}

#[test]
fn dice_of_the_bits_is_near_that_of_the_letters() {
    // MARTINEZ and MARTINES: nine pairs of letters each, of which seven are the same.
    let encoder = encoder(Hardening::None);
    let dice = encoder.field(NAME, "MARTINEZ", "").dice(&encoder.field(NAME, "MARTINES", "")).unwrap();
    assert!((dice - 7.0 / 9.0).abs() < 0.08, "{dice}");
    // A repeated pair counts each time.
    assert_eq!(NAME.parts("ANNAN"), ["_A", "AN", "NN", "NA", "AN#1", "N_"]);
    assert_eq!(BORN.parts("1971-03-03").len(), 10);
}

#[test]
fn another_key_another_filter() {
    let one = encoder(Hardening::None).field(NAME, "QUARTZ", "");
    let key = Key::new(b"5f0e1c7a92d4b6e83a1f0c5d7e9b2a47").unwrap();
    let other = Encoder::new(key, Settings::default()).unwrap().field(NAME, "QUARTZ", "");
    assert!(one.dice(&other).unwrap() < 0.35, "no more in common than chance gives");
    let crlf = Key::new(b"5f0e1c7a92d4b6e83a1f0c5d7e9b2a46\r\n").unwrap();
    assert!(Encoder::new(crlf, Settings::default()).unwrap().field(NAME, "QUARTZ", "") == one);
    let salted = encoder(Hardening::None).field(NAME, "QUARTZ", "1971");
    assert!(one.dice(&salted).unwrap() < 0.35);
}

#[test]
fn a_balanced_filter_has_half_its_bits_set() {
    let encoder = encoder(Hardening::Balanced);
    for name in ["LI", "QUARTZ", "WOLFESCHLEGELSTEINHAUSENBERGERDORFF"] {
        let filter = encoder.field(NAME, name, "");
        assert_eq!((filter.bits(), filter.ones()), (2048, 1024), "{name}");
    }
}

#[test]
fn nothing_is_nothing() {
    for hardening in [Hardening::None, Hardening::Balanced, Hardening::Folded] {
        let encoder = encoder(hardening);
        let (nothing, one) = (encoder.field(NAME, " - ", ""), encoder.field(NAME, "A", ""));
        assert!(nothing.is_empty() && !one.is_empty());
        assert_eq!(nothing.bits(), one.bits());
        assert_eq!(nothing.dice(&one), None);
        assert_eq!(nothing.dice(&nothing), None);
    }
}

#[test]
fn filters_are_written_and_read() {
    let filter = encoder(Hardening::None).field(NAME, "QUARTZ", "");
    let text = filter.hex();
    assert_eq!(text.len(), 256);
    assert!(Filter::from_hex(&text, 1024).unwrap() == filter);
    assert!(Filter::from_hex(&text.to_uppercase(), 1024).unwrap() == filter);
    assert_eq!(Filter::from_hex(&text, 512).unwrap_err(), Unreadable::Length(1024, 512));
    assert_eq!(Filter::from_hex("é", 1024).unwrap_err(), Unreadable::Digits);
    assert_eq!(Filter::from_hex("+1", 8).unwrap_err(), Unreadable::Digits);
}

/// Filters that were sent must fit those that are made next year: the way they are made is fixed.
#[test]
fn a_filter_stays_what_it_is() {
    let settings = Settings { bits: 128, hashes: 4, hardening: Hardening::None };
    let encoder = Encoder::new(Key::new(SECRET).unwrap(), settings).unwrap();
    insta::assert_snapshot!(encoder.field(NAME, "QUARTZ", "1971").hex());
    let encoder =
        |hardening| Encoder::new(Key::new(SECRET).unwrap(), Settings { hardening, ..settings }).unwrap();
    insta::assert_snapshot!(
        encoder(Hardening::Balanced).record(&[(NAME, "QUARTZ", 2), (BORN, "1971-03-04", 1)], "").hex()
    );
    insta::assert_snapshot!(encoder(Hardening::Folded).field(BORN, "1971-03-04", "").hex());
}

#[test]
fn tokens_are_equal_or_not() {
    let encoder = encoder(Hardening::None);
    let token = encoder.token("born", "1971-03-04", "");
    assert_eq!(token.len(), 16);
    assert_eq!(token, encoder.token("born", "19710304", ""));
    assert_ne!(token, encoder.token("born", "19710305", ""));
    assert_ne!(token, encoder.token("filed", "19710304", ""));
    assert_eq!(encoder.token("born", "--", ""), "");
}

#[test]
fn bad_keys_and_settings() {
    assert_eq!(Key::new(b"secret").unwrap_err(), WeakKey::Short(6));
    assert_eq!(Key::new(&[b'a'; 64]).unwrap_err(), WeakKey::Uniform(1));
    let new = |bits, hashes| {
        Encoder::new(Key::new(SECRET).unwrap(), Settings { bits, hashes, ..Settings::default() }).unwrap_err()
    };
    assert_eq!(new(100, 5), BadSettings::Bits(100));
    assert_eq!(new(1 << 20, 5), BadSettings::Bits(1 << 20));
    assert_eq!(new(256, 0), BadSettings::Hashes(0));
    assert_eq!(new(256, 65), BadSettings::Hashes(65));
    assert_eq!(
        format!("{:?} {:?}", Key::new(SECRET).unwrap(), encoder(Hardening::None)),
        "Key (private) Encoder (private)"
    );
}
