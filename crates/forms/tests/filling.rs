//! What is filled, what is not, and what is said of it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod common;

use common::{blank, check, map, pages, text, values, with, words};
use vacatur_forms::{Facts, FillError, Filler, FitError, Flatten, Value, What};

fn facts(json: &str) -> Facts {
    Facts::from_json(json).unwrap()
}

fn value(bytes: &[u8], field: &str) -> String {
    values(bytes).into_iter().find(|(name, _)| name == field).unwrap().1
}

const NAME: &str = "[[text]]\nfield = \"name\"\nfact = \"defendant.name\"\nlabel = \"Name\"\n";

#[test]
fn values_stand_in_fields_or_on_the_page() {
    let blank = blank(vec![
        text("name", [72, 600, 372, 616]),
        text("born", [72, 570, 372, 586]),
        text("empty", [72, 540, 372, 556]),
        check("box", [72, 510, 84, 522]),
        check("other box", [92, 510, 104, 522]),
    ]);
    let map = map(&format!(
        "{NAME}[[text]]\nfield = \"born\"\nfact = \"defendant.birth-date\"\nformat = \"date MM/DD/YYYY\"\n\
         [[text]]\nfield = \"empty\"\nfact = \"attorney.name\"\n\
         [[check]]\nfield = \"box\"\ntick-if = \"relief.seal\"\n[[check]]\nfield = \"other box\"\ntick-if = \"relief.dismiss\"\n"
    ));
    let filler = Filler::new(&blank, &map).unwrap();
    let facts = facts(
        r#"{"defendant.name": "José O'Neil-Nuñez", "defendant.birth-date": "1961-02-03", "relief.seal": true, "relief.dismiss": false}"#,
    );
    let filled = filler.fill(&facts, Flatten::No).unwrap();
    assert!(filled.notes.is_empty());
    assert_eq!(
        values(&filled.copies[0]),
        [
            ("name".to_owned(), "José O'Neil-Nuñez".to_owned()),
            ("born".to_owned(), "02/03/1961".to_owned()),
            ("empty".to_owned(), String::new()),
            ("box".to_owned(), "Yes".to_owned()),
            ("other box".to_owned(), "Off".to_owned()),
        ]
    );
    let flat = filler.fill(&facts, Flatten::Yes).unwrap();
    assert!(values(&flat.copies[0]).is_empty());
    let words = words(&flat.copies[0]);
    assert!(words.contains("A FORM OF THE TEST") && words.contains("José O'Neil-Nuñez"), "{words}");
    assert!(words.contains("02/03/1961"));
}

#[test]
fn the_same_facts_give_the_same_bytes() {
    let blank = blank(vec![text("name", [72, 600, 372, 616])]);
    let map = map(NAME);
    for name in ["OBERON QUARTZ", "عمر شريف", "Łukasz Żółć"] {
        let facts = facts(&format!(r#"{{"defendant.name": "{name}"}}"#));
        for flatten in [Flatten::Yes, Flatten::No] {
            let one = Filler::new(&blank, &map).unwrap().fill(&facts, flatten).unwrap();
            let filler = Filler::new(&blank, &map).unwrap();
            filler.fill(&Facts::new(), flatten).unwrap();
            assert!(one.copies == filler.fill(&facts, flatten).unwrap().copies);
        }
    }
}

#[test]
fn every_script_is_set_and_read_again() {
    let blank = blank(vec![text("name", [72, 600, 372, 616])]);
    let map = map(NAME);
    let filler = Filler::new(&blank, &map).unwrap();
    for name in [
        "María José Peña-Núñez",
        "D’Angelo O'Brien",
        "Zoë Brontë Müller ß",
        "Jose\u{301} Nun\u{303}ez",
        "Nguyễn Thị Hồng",
        "Łukasz Żółć",
        "Владимир Петров",
        "Αλέξανδρος",
        "משה כהן",
        "עמר O'Hara 12",
        "محمد علي",
        "لا إله",
    ] {
        let facts = facts(&format!(r#"{{"defendant.name": "{name}"}}"#));
        let filled = filler.fill(&facts, Flatten::No).unwrap();
        assert!(filled.notes.is_empty(), "{name}: {:?}", filled.notes);
        assert_eq!(value(&filled.copies[0], "name"), name);
        assert!(filler.fill(&facts, Flatten::Yes).unwrap().notes.is_empty());
    }
}

#[test]
fn a_letter_that_no_font_has_leaves_the_field_blank() {
    let blank = blank(vec![text("name", [72, 600, 372, 616])]);
    let map = map(NAME);
    let filler = Filler::new(&blank, &map).unwrap();
    for name in ["山田太郎", "A\\u0007B", "राम", "QUARTZ \\ud83d\\udc4d\\ud83c\\udffd 山"] {
        let filled = filler.fill(&facts(&format!(r#"{{"defendant.name": "{name}"}}"#)), Flatten::No).unwrap();
        assert_eq!(filled.notes.len(), 1, "{name}");
        assert_eq!((filled.notes[0].field.as_str(), filled.notes[0].what), ("name", What::NoLetter));
        assert_eq!(value(&filled.copies[0], "name"), "");
    }
}

#[test]
fn what_does_not_fit_is_smaller_first_and_then_in_the_addendum() {
    let blank = blank(vec![text("name", [72, 600, 272, 616])]);
    let map = map(NAME);
    let filler = Filler::new(&blank, &map).unwrap();
    let long = "OBERON MAXIMILIAN FEATHERSTONEHAUGH-CHOLMONDELEY QUARTZ DE LA CRUZ Y FERNANDEZ III";
    assert!(long.len() >= 80);
    for (name, what) in
        [("OBERON QUARTZ", None), (&long[..38], Some(What::Shrunk)), (long, Some(What::Overflowed))]
    {
        let facts = facts(&format!(r#"{{"defendant.name": "{name}"}}"#));
        let filled = filler.fill(&facts, Flatten::Yes).unwrap();
        assert_eq!(filled.notes.first().map(|note| note.what), what, "{name}");
        let overflowed = what == Some(What::Overflowed);
        assert_eq!(pages(&filled.copies[0]), if overflowed { 2 } else { 1 });
        let words = words(&filled.copies[0]).replace('\n', " ");
        assert_eq!(words.contains("See addendum, item 1"), overflowed);
        // Breaks between lines are lost when text is read back.
        let without_blanks = |text: &str| text.split_whitespace().collect::<String>();
        assert!(without_blanks(&words).contains(&without_blanks(name)), "{words}");
    }
}

const TABLE: &str = "[[rows]]\nof = \"counts\"\nlabel = \"Further counts\"\noverflow = \"OVERFLOW\"\ncolumns = [\n\
    { fact = \"count.section\", label = \"Section\", fields = [\"s1\", \"s2\"] },\n\
    { fact = \"count.date\", label = \"Date\", fields = [\"d1\", \"d2\"] },\n]\n";

fn table(rows: usize) -> Facts {
    let rows: Vec<String> = (0..rows)
        .map(|row| {
            format!(
                r#"{{"count.section": "HS {}", "count.date": "2001-05-{:02}"}}"#,
                11357 + row,
                row % 28 + 1
            )
        })
        .collect();
    facts(&format!(r#"{{"case.number": "A-1", "counts": [{}]}}"#, rows.join(",")))
}

fn table_blank() -> vacatur_forms::Blank {
    blank(vec![
        text("s1", [72, 600, 272, 616]),
        text("s2", [72, 580, 272, 596]),
        text("d1", [300, 600, 400, 616]),
        text("d2", [300, 580, 400, 596]),
    ])
}

#[test]
fn a_table_that_is_too_long_goes_onto_copies() {
    let blank = table_blank();
    let map = map(&TABLE.replace("OVERFLOW", "copy"));
    let filler = Filler::new(&blank, &map).unwrap();
    for (rows, copies) in [(0, 1), (1, 1), (2, 1), (3, 2), (5, 3)] {
        let filled = filler.fill(&table(rows), Flatten::No).unwrap();
        assert_eq!(filled.copies.len(), copies);
        let last = rows.saturating_sub(1);
        if rows > 0 {
            let field = if last % 2 == 0 { "s1" } else { "s2" };
            assert_eq!(value(&filled.copies[copies - 1], field), format!("HS {}", 11357 + last));
        }
        if rows % 2 == 1 {
            assert_eq!(value(&filled.copies[copies - 1], "s2"), "");
        }
    }
    let error = filler.fill(&table(2001), Flatten::No).map(|_| ()).unwrap_err();
    assert_eq!(error, FillError::TooManyRows { fact: "counts".into() });
}

#[test]
fn a_table_that_is_too_long_goes_into_the_addendum_to_the_row() {
    let blank = table_blank();
    let map = map(&TABLE.replace("OVERFLOW", "addendum"));
    let filler = Filler::new(&blank, &map).unwrap();
    let full = filler.fill(&table(2), Flatten::No).unwrap();
    assert_eq!((value(&full.copies[0], "s2").as_str(), pages(&full.copies[0])), ("HS 11358", 1));
    let filled = filler.fill(&table(120), Flatten::Yes).unwrap();
    assert_eq!(filled.copies.len(), 1);
    assert!(pages(&filled.copies[0]) > 2);
    let words = words(&filled.copies[0]);
    assert!(words.contains("See addendum, item 1") && words.contains("Case number: A-1"), "{words}");
    for row in 0..120 {
        assert!(words.contains(&format!("HS {}", 11357 + row)), "row {row} is lost");
    }
}

#[test]
fn nothing_that_came_ticked_stays_ticked() {
    let ticked = with(with(check("box", [72, 510, 84, 522]), "AS", "Yes"), "V", "Yes");
    let blank = blank(vec![ticked, text("name", [72, 600, 272, 616])]);
    let map = map(NAME);
    let filler = Filler::new(&blank, &map).unwrap();
    assert_eq!(filler.ticked_in_blank().collect::<Vec<_>>(), ["box"]);
    let filled = filler.fill(&Facts::new(), Flatten::No).unwrap();
    assert_eq!(value(&filled.copies[0], "box"), "Off");
}

#[test]
fn a_map_that_does_not_fit_is_refused() {
    let blank = blank(vec![text("other", [72, 600, 272, 616]), check("box", [72, 510, 84, 522])]);
    let missing = map(NAME);
    let error = Filler::new(&blank, &missing).unwrap_err();
    assert_eq!(error, FitError::Missing { form: "TEST-1".into(), fields: vec!["name".into()] });
    let kind = map("[[text]]\nfield = \"box\"\nfact = \"defendant.name\"\n");
    assert!(matches!(Filler::new(&blank, &kind).unwrap_err(), FitError::Kind { .. }));
    let state = map("[[check]]\nfield = \"box\"\nstate = \"On\"\ntick-if = \"relief.seal\"\n");
    assert!(matches!(Filler::new(&blank, &state).unwrap_err(), FitError::State { .. }));
    let page = map("[[check]]\nat = [2, 1, 1, 9, 9]\ntick-if = \"relief.seal\"\n");
    assert!(matches!(Filler::new(&blank, &page).unwrap_err(), FitError::Page { page: 2, has: 1, .. }));
}

#[test]
fn a_box_that_swears_or_signs_is_refused_by_its_words() {
    for words in
        ["I declare under penalty of perjury", "Petitioner waives the right", "Signature", "The Court finds"]
    {
        let sworn = with(check("box", [72, 510, 84, 522]), "TU", lopdf::Object::string_literal(words));
        let blank = blank(vec![sworn]);
        let map = map("[[check]]\nfield = \"box\"\ntick-if = \"relief.seal\"\n");
        assert!(matches!(Filler::new(&blank, &map).unwrap_err(), FitError::Attests { .. }), "{words}");
    }
}

#[test]
fn a_fact_of_another_kind_is_named_and_not_shown() {
    let blank = blank(vec![text("name", [72, 600, 272, 616]), check("box", [72, 510, 84, 522])]);
    let map = map(&format!("{NAME}[[check]]\nfield = \"box\"\ntick-if = \"relief.seal\"\n"));
    let filler = Filler::new(&blank, &map).unwrap();
    let mut facts = Facts::new();
    facts.set("relief.seal", Value::Text("ZEBEDEE".into()));
    let error = filler.fill(&facts, Flatten::No).map(|_| ()).unwrap_err();
    assert_eq!(error.to_string(), "the fact relief.seal must be true or false");
}

#[test]
fn letters_are_counted_and_cells_are_kept() {
    let narrow = with(text("name", [72, 600, 272, 616]), "MaxLen", 5);
    let comb = with(with(text("comb", [72, 570, 272, 586]), "MaxLen", 8), "Ff", 1 << 24);
    let blank = blank(vec![narrow, comb]);
    let map = map(&format!("{NAME}[[text]]\nfield = \"comb\"\nfact = \"case.number\"\n"));
    let filler = Filler::new(&blank, &map).unwrap();
    let filled =
        filler.fill(&facts(r#"{"defendant.name": "QUARTZ", "case.number": "A1234"}"#), Flatten::No).unwrap();
    assert_eq!(filled.notes[0].what, What::Overflowed);
    assert_eq!(value(&filled.copies[0], "comb"), "A1234");
    let filled = filler.fill(&facts(r#"{"defendant.name": "QUART"}"#), Flatten::No).unwrap();
    assert!(filled.notes.is_empty());
}
