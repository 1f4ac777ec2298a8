use super::*;

const THRESHOLDS: Thresholds = Thresholds { link: 10.0, clerical: 0.0, margin: 1.0 };

fn pair(left: u32, right: u32, weight: f32) -> Pair {
    Pair { left, right, weight, rule: 0 }
}

fn many() -> Vec<Pair> {
    (0..3000).map(|number| pair(number, number / 2, (number % 600) as f32 / 10.0 - 30.0)).collect()
}

#[test]
fn what_is_asked_depends_on_the_seed_alone() {
    let sizes = Sizes { between: usize::MAX, links: 20, below: 10, reach: 5.0 };
    let asked = choose(&many(), THRESHOLDS, sizes, 7);
    let count = |why: Why| asked.iter().filter(|asked| asked.why == why).count();
    assert_eq!((count(Why::Between), count(Why::Link), count(Why::Below)), (500, 20, 10));
    let stands =
        |why: Why| asked.iter().filter(|asked| asked.why == why).map(|asked| asked.stands_for).sum::<f64>();
    assert_eq!((stands(Why::Between), stands(Why::Link), stands(Why::Below)), (500.0, 1000.0, 250.0));
    assert!(asked.iter().all(|asked| asked.pair.weight >= -5.0));
    let mut turned = many();
    turned.reverse();
    assert_eq!(choose(&turned, THRESHOLDS, sizes, 7), asked);
    assert_ne!(choose(&many(), THRESHOLDS, sizes, 8), asked);
}

const FIELDS: [&str; 2] = ["name", "born"];

fn left(record: u32) -> Vec<String> {
    vec![["QUARTZ,OBERON", "=FERN,ADA", "-"][record as usize].to_owned(), format!("1970-01-0{}", record + 1)]
}

fn right(record: u32) -> Vec<String> {
    vec![["QUARZ,OBERON", "FERN,ADA", "OAK;\"IVY\""][record as usize].to_owned(), String::new()]
}

fn asked() -> Vec<Asked> {
    let asked = |left, right, weight, why| Asked { pair: pair(left, right, weight), why, stands_for: 2.0 };
    vec![
        asked(0, 0, 4.0, Why::Between),
        asked(1, 1, 3.25, Why::Between),
        asked(2, 2, 20.0, Why::Link),
        asked(0, 1, -1.0, Why::Below),
        asked(1, 0, -1.5, Why::Below),
    ]
}

fn sheet() -> String {
    String::from_utf8(write(&asked(), &FIELDS, left, right)).unwrap()
}

/// Fills the lines of the table from the second on with the last four cells.
fn filled(tails: &[&str]) -> String {
    let text = sheet();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for (line, tail) in lines.iter_mut().skip(1).zip(tails) {
        *line = format!("{}{tail}", line.strip_suffix(",,,").unwrap());
    }
    lines.join("\n")
}

fn shown(table: &str) -> String {
    let (answers, problems, open) = read(table.as_bytes(), &asked(), &FIELDS, left, right);
    let mut text = String::new();
    for filled in &answers {
        let pair = filled.asked.pair;
        text += &format!("line {}: {}-{} {:?}\n", filled.line, pair.left, pair.right, filled.answer);
    }
    for problem in problems.iter().chain(&contradictions(&answers, true)) {
        text += &format!("{problem}\n");
    }
    text + &format!("{open} open")
}

#[test]
fn a_sheet() {
    insta::assert_snapshot!(sheet());
}

#[test]
fn a_sheet_comes_back() {
    let table = filled(&[
        "Same,jd,2026-11-22,",
        "cannot  TELL,jd,2026-11-22,\"note, with comma\"",
        "different,jd,2026-11-22,",
    ]);
    insta::assert_snapshot!(shown(&table));
    // As a spreadsheet program of another country saves it.
    let semicolons =
        table.replace("note, with comma", "note").replace("OAK;\"\"IVY\"\"", "OAK").replace(',', ";");
    let semicolons = format!(
        "\u{feff}{}",
        semicolons
            .replace("QUARTZ;", "QUARTZ,")
            .replace("FERN;", "FERN,")
            .replace("QUARZ;", "QUARZ,")
            .replace('\n', "\r\n")
    );
    assert_eq!(shown(&semicolons), shown(&table));
}

#[test]
fn nothing_that_is_wrong_is_dropped_in_silence() {
    let mut table =
        filled(&["maybe,jd,2026-11-22,", "same,,2026-11-22,", "same,jd,2026-02-30,", "same,jd,22.11.2026,"]);
    table += "\nP0-0-0000,,,,,,,,same,jd,2026-11-22,";
    table += "\nP1-0,same";
    insta::assert_snapshot!(shown(&table));
    insta::assert_snapshot!(shown("id;answer;said_on\n"), @r"
    line 1, column said_by: the table has no column of this name
    0 open
    ");
    assert!(shown("").starts_with("line 1, column id: the table has no column"));
}

#[test]
fn contradictions_are_told() {
    let said = |answer: &str| format!("{answer},jd,2026-11-22,");
    // The first left record is the first right one, which is the second left one, which is the second right one.
    let tails = [said("same"), said("same"), said("same"), said("different"), said("same")];
    let table = filled(&tails.each_ref().map(String::as_str));
    insta::assert_snapshot!(shown(&table));
    let again = format!("{table}\n{}", table.lines().nth(1).unwrap().replace(",same,", ",different,"));
    insta::assert_snapshot!(shown(&again));
}

#[test]
fn answers_hold_clusters_and_make_labels() {
    let table = filled(&["same,jd,2026-11-22,", "different,jd,2026-11-22,", "cannot tell,jd,2026-11-22,"]);
    let (filled, ..) = read(table.as_bytes(), &asked(), &FIELDS, left, right);
    let answers = Answers::of(&filled);
    assert_eq!(
        (answers.together.as_slice(), answers.apart.as_slice()),
        ([(0, 0)].as_slice(), [(1, 1)].as_slice())
    );
    assert_eq!(answers.cannot_tell, 1);
    let labels: Vec<_> =
        answers.labels.iter().map(|label| (label.weight, label.same, label.stands_for)).collect();
    assert_eq!(labels, [(4.0, true, 2.0), (3.25, false, 2.0)]);
}

#[test]
fn levels_are_counted() {
    let counts = level_counts(
        &[3, 2],
        [([1u8, 2].as_slice(), true, 1.0), ([3, 0].as_slice(), true, 2.0), ([2, 1].as_slice(), false, 5.0)],
    );
    assert_eq!(counts.same, [vec![1.0, 0.0, 2.0], vec![0.0, 1.0]]);
    assert_eq!(counts.different, [vec![0.0, 5.0, 0.0], vec![5.0, 0.0]]);
    assert_eq!(counts.m(1.0), [vec![2.0 / 6.0, 1.0 / 6.0, 3.0 / 6.0], vec![1.0 / 3.0, 2.0 / 3.0]]);
}
