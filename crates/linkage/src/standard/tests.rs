use super::*;

fn shown(values: &[&str], read: impl Fn(&str) -> String) -> String {
    values.iter().map(|value| format!("{value:?} -> {}\n", read(value))).collect()
}

#[test]
fn texts_are_folded() {
    let texts = [
        "René O'Brien-López",
        "  two\t words ",
        "Müller",
        "Straße",
        "Ñuñez",
        "Øre",
        "ABC123",
        "”–“",
        "D’Angelo",
        "李",
    ];
    let read = |text: &str| {
        let mut out = String::from("|");
        fold(text, &mut out);
        out
    };
    insta::assert_snapshot!(shown(&texts, read));
}

#[test]
fn dates_are_read_whole_or_in_part() {
    let texts = [
        "19740203",
        "1974-02-03",
        "02/03/1974",
        "2/3/1974",
        "1974-02",
        "1974",
        "19740000",
        "197402",
        "02/1974",
        "1974-02-03T00:00:00",
        "1974-02-03 00:00",
        "19000101",
        "00000000",
        "19740230",
        "19000229",
        "20000229",
        "740203",
        "3 Feb 1974",
        "17000101",
        "2/3/74",
        "",
        "-",
        "99999999999999999999",
    ];
    insta::assert_snapshot!(shown(&texts, |text| date(text).map_or("none".into(), Date::show)));
}

#[test]
fn names_are_taken_apart() {
    let texts = [
        "QUARTZ,OBERON",
        "QUARTZ,OBERON JAMES",
        "QUARTZ JR,OBERON J",
        "QUARTZ,OBERON J JR",
        "QUARTZ,OBERON J,JR",
        "DE LA CRUZ,MARIA ELENA III",
        "O'NEILL-Quartz,Ana-Maria",
        "OBERON QUARTZ",
        "OBERON QUARTZ FLINT",
        "QUARTZ",
        "QUARTZ,",
        ",OBERON",
        "QUARTZ,OBERON V",
        "",
    ];
    let read = |text: &str| {
        let name = person_name(text);
        format!(
            "family {:?} given {:?} middle {:?} suffix {:?}",
            name.family, name.given, name.middle, name.suffix
        )
    };
    insta::assert_snapshot!(shown(&texts, read));
}

#[test]
fn fillers_are_nothing() {
    let read = |read: fn(&str, &mut String) -> bool| {
        move |text: &str| {
            let mut out = String::new();
            let usable = read(text, &mut out);
            assert_eq!(usable, !out.is_empty(), "what is not usable leaves nothing behind");
            if usable { out } else { "none".into() }
        }
    };
    let identifiers = [
        "123-45-6780",
        "000000000",
        "123456789",
        "999-99-9999",
        "A1234567",
        "A0000000",
        "UNK",
        "12",
        "",
        "ABCDEFG",
    ];
    let zips = ["90012", "90012-1234", "9001", "00000", "none", ""];
    let codes = ["M", "f", "U", "UNKNOWN", "X", "", "white", "UNK"];
    insta::assert_snapshot!(format!(
        "identifiers\n{}\nzips\n{}\ncodes\n{}",
        shown(&identifiers, read(identifier)),
        shown(&zips, read(zip)),
        shown(&codes, read(code))
    ));
}

#[test]
fn days_are_counted() {
    let number = |text: &str| date(text).unwrap().day_number().unwrap();
    assert_eq!(number("2000-03-01") - number("2000-02-28"), 2);
    assert_eq!(number("1900-03-01") - number("1900-02-28"), 1);
    assert_eq!(number("2001-01-01") - number("2000-12-31"), 1);
    assert_eq!(number("2026-11-22") - number("1974-02-03"), 19_285);
}
