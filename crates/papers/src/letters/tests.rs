use super::*;

#[test]
fn letters_that_no_font_has() {
    for printed in
        ["", "MARL, GRIMELLA", "Đặng Thị Ngọc", "Šimić-Ōé", "Ωμέγα", "Жуков", "שרה", "مريم", "É", "½ № –"]
    {
        assert_eq!(missing_letters(printed), None, "{printed}");
    }
    for (text, letter) in [
        ("王", '王'),
        ("A\u{1F9FF}", '\u{1F9FF}'),
        ("A\tB", '\t'),
        ("A\nB", '\n'),
        ("A\u{0}", '\u{0}'),
        ("A\u{202E}B", '\u{202E}'),
        ("A\u{200B}B", '\u{200B}'),
        ("A\u{E000}", '\u{E000}'),
        ("A\u{FFFD}", '\u{FFFD}'),
        ("ก", 'ก'),
    ] {
        assert_eq!(missing_letters(text), Some(letter), "{text:?}");
    }
}

#[test]
fn a_text_is_as_large_as_its_cell_allows() {
    let name = "MARL-GIMLET-OBERON DE LA QUARTZ Y BRACKEN-TIN, GRIMELLA ESMÉ CONSTANCE VII JUNIOR";
    let told: String = [
        ("QUARTZ, OBERON", 176.0),
        (name, 176.0),
        (name, 100.0),
        (name, 40.0),
        ("WWWWWWWWWWWW", 40.0),
        ("", 1.0),
    ]
    .into_iter()
    .map(|(text, room)| format!("{room}: {:?}\n", fit(text, room)))
    .collect();
    insta::assert_snapshot!(told);
}

#[test]
fn a_cut_text_loses_no_letter() {
    let name = "A-B,C/D  E F-G-H-IIIIIIIIIIIIIIIIIIIIIIIIIIIIIIII J";
    for room in [20.0, 30.0, 45.0, 60.0, 90.0] {
        if let Some(Fitted::Lines(_, lines)) = fit(name, room) {
            assert_eq!(lines.concat().replace(' ', ""), name.replace(' ', ""));
        }
    }
}
