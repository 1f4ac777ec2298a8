//! However the same rows are written, packed, split and ordered, the same is decided.

#![allow(clippy::expect_used, clippy::panic)]

mod common;

use common::{
    Desk, Quotes, Row, Run, Style, column, conviction, extract, shuffle, synthetic, windows_1252, with,
};
use std::io::Write as _;
use vacatur_synth::columns;

/// Rows with every defect of values that the synthetic county knows.
fn rows() -> Vec<Row> {
    synthetic("hostile", 11, 120)
}

/// Rows without a subject number stand for a person each, so that repeating one adds a person.
fn named(rows: Vec<Row>) -> Vec<Row> {
    let subject = column("SUBJECT_ID");
    rows.into_iter().filter(|row| row[subject].bytes().any(|byte| byte.is_ascii_digit())).collect()
}

/// Decides bytes given under a name.
fn decided(name: &str, bytes: &[u8]) -> Run {
    let desk = Box::leak(Box::new(Desk::new()));
    let path = desk.file(name, bytes);
    desk.run(&[&path], "run", &["--county", "LOS ANGELES"])
}

fn base(rows: &[Row]) -> Run {
    let run = decided("base.dat", &extract(rows));
    assert_eq!(run.count("rows_in"), rows.len() as u64);
    assert!(run.count("determinations") > 50, "too few to compare");
    run
}

fn header(style: Style, change: impl Fn(&str) -> String) -> String {
    style.line(&columns().iter().map(|name| change(name)).collect::<Vec<_>>())
}

/// All that does not change the order of the rows leaves the determinations in their order too.
#[track_caller]
fn same(one: &Run, two: &Run) {
    assert_eq!(one.placeless(), two.placeless());
    for name in
        ["rows_in", "rows_used", "rejects", "duplicate_rows", "people", "people_unnamed", "determinations"]
    {
        assert_eq!(one.count(name), two.count(name), "{name}");
    }
}

/// The order of the rows differs, and so may that of the determinations.
#[track_caller]
fn same_in_any_order(one: &Run, two: &Run) {
    assert_eq!(one.sorted(), two.sorted());
    for name in ["rows_in", "rows_used", "rejects", "duplicate_rows", "people", "people_unnamed"] {
        assert_eq!(one.count(name), two.count(name), "{name}");
    }
}

#[test]
fn a_header_in_any_form_is_no_row() {
    let rows = rows();
    let base = base(&rows);
    let all = Style::default();
    let needed = Style { quotes: Quotes::Needed, end: "\n" };
    let text = all.text(&rows);
    let headers = [
        header(all, str::to_owned),
        header(needed, str::to_owned),
        header(needed, str::to_lowercase),
        header(all, |name| format!(" {} ", name.to_lowercase())),
        format!("\u{feff}{}", header(all, str::to_owned)),
        format!("\u{feff}{}", header(needed, str::to_owned)),
    ];
    for header in headers {
        let run = decided("with-header.csv", format!("{header}{text}").as_bytes());
        same(&base, &run);
        assert_eq!(run.json("manifest.json")["inputs"][0]["header"], true);
        let (there, here) = (&run.determinations()[0], &base.determinations()[0]);
        let line = |one: &common::Determination| one["line"].parse::<u64>().expect("a line");
        assert_eq!(line(there), line(here) + 1, "lines are counted in the file, the header's among them");
    }
    let run = decided("marked.csv", format!("\u{feff}{text}").as_bytes());
    same(&base, &run);
    assert_eq!(run.json("manifest.json")["inputs"][0]["header"], false);
}

#[test]
fn headers_between_the_rows_are_no_rows() {
    let rows = rows();
    let base = base(&rows);
    let style = Style::default();
    let head = header(style, str::to_owned);
    let (first, second) = rows.split_at(rows.len() / 2);
    let run = decided(
        "two-in-one.csv",
        format!("{head}{}{head}{}", style.text(first), style.text(second)).as_bytes(),
    );
    same(&base, &run);
}

#[test]
fn line_ends_and_quotes_do_not_matter() {
    let rows = rows();
    let base = base(&rows);
    for quotes in [Quotes::All, Quotes::Needed] {
        for end in ["\n", "\r\n"] {
            let text = Style { quotes, end }.text(&rows);
            same(&base, &decided("styled.csv", text.as_bytes()));
            same(&base, &decided("no-last-end.csv", text.trim_end_matches(['\r', '\n']).as_bytes()));
        }
    }
}

#[test]
fn rows_that_differ_in_quotes_alone_are_ordered_alike() {
    // Two rows of one count that only their agency tells apart: which case number is the count's must not hang on the
    // quotes that one style of writing needs and another does not.
    let one = with(
        conviction("1", "101001001000", "11358 HS-CULTIVATE", "20010101"),
        &[("STP_ORI_DESCR", "COURT, NORTH"), ("OFN", "CASE-N")],
    );
    let two = with(
        conviction("1", "101001001000", "11358 HS-CULTIVATE", "20010101"),
        &[("STP_ORI_DESCR", "#2 COURT"), ("OFN", "CASE-2")],
    );
    let same_id = |row: Row| with(row, &[("RECORD_ID", "")]);
    let rows = [same_id(one), same_id(two)];
    let text = |quotes| Style { quotes, end: "\n" }.text(&rows);
    let (all, needed) = (
        decided("all.csv", text(Quotes::All).as_bytes()),
        decided("needed.csv", text(Quotes::Needed).as_bytes()),
    );
    assert_eq!(all.placeless(), needed.placeless());
}

#[test]
fn a_file_given_in_two_ways_of_quoting_counts_once() {
    // The state's file and the same file saved again by a spreadsheet program.
    let rows = named(synthetic("clean", 5, 30));
    let desk = Desk::new();
    let quoted = desk.file("quoted.dat", extract(&rows));
    let plain = desk.file("plain.csv", Style { quotes: Quotes::Needed, end: "\r\n" }.text(&rows));
    let once = desk.run(&[&quoted], "once", &[]);
    let twice = desk.run(&[&quoted, &plain], "twice", &[]);
    assert_eq!(once.sorted(), twice.sorted());
    assert_eq!(once.count("people"), twice.count("people"));
}

#[test]
fn packing_does_not_matter() {
    let rows = rows();
    let base = base(&rows);
    let text = extract(&rows);
    let gzip = |bytes: &[u8]| {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        packer.write_all(bytes).expect("memory");
        packer.finish().expect("memory")
    };
    let half = extract(&rows[..rows.len() / 2]).len();
    let run = decided("packed.dat.gz", &gzip(&text));
    same(&base, &run);
    assert_eq!(
        run.json("manifest.json")["inputs"][0]["compression"].as_str().map(str::to_lowercase),
        Some("gzip".into())
    );
    // Under a name that says nothing, and in two members, as `cat a.gz b.gz` makes it.
    same(&base, &decided("packed", &[gzip(&text[..half]), gzip(&text[half..])].concat()));
    same(&base, &decided("one.zip", &zipped(&[("extract.dat", &text)])));
    same(&base, &decided("two.zip", &zipped(&[("a/1.dat", &text[..half]), ("a/2.dat", &text[half..])])));
    // The members are taken by name, whatever their order.
    same(&base, &decided("turned.zip", &zipped(&[("2.dat", &text[half..]), ("1.dat", &text[..half])])));
    same(&base, &decided("gz-in.zip", &zipped(&[("extract.dat.gz", &gzip(&text))])));
}

fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).expect("memory");
        archive.write_all(bytes).expect("memory");
    }
    archive.finish().expect("memory").into_inner()
}

#[test]
fn standard_input_is_a_file_like_any_other() {
    let rows = rows();
    let base = base(&rows);
    let desk = Desk::new();
    for (at, bytes) in [extract(&rows), zipped(&[("x.dat", &extract(&rows))])].iter().enumerate() {
        let out = format!("run-{at}");
        let args = desk.args(&[std::path::Path::new("-")], &out, &["--county", "LOS ANGELES"]);
        let said = desk.vacatur_fed(bytes, args);
        assert_eq!(said.code, Some(0), "{}", said.err);
        same(&base, &Run::at(&desk.path(&out)));
    }
}

#[test]
fn standard_input_does_not_leave_the_place_of_the_run_in_its_bytes() {
    let desk = Desk::new();
    let bytes = extract(&synthetic("clean", 3, 10));
    let run = |out: &str| {
        let said = desk.vacatur_fed(&bytes, desk.args(&[std::path::Path::new("-")], out, &[]));
        assert_eq!(said.code, Some(0), "{}", said.err);
        Run::at(&desk.path(out))
    };
    let (one, two) = (run("one"), run("two"));
    assert_eq!(one.text("determinations.csv"), two.text("determinations.csv"));
    assert_eq!(one.text("manifest.json"), two.text("manifest.json"));
    assert!(
        !one.text("determinations.csv").contains(".partial"),
        "a folder that is gone is named as the input"
    );
}

#[test]
fn a_run_on_standard_input_can_be_explained() {
    let desk = Desk::new();
    let bytes = extract(&[conviction("700", "101001001000", "11358 HS-CULTIVATE", "20010101")]);
    let said = desk.vacatur_fed(&bytes, desk.args(&[std::path::Path::new("-")], "run", &[]));
    assert_eq!(said.code, Some(0), "{}", said.err);
    let said = desk.vacatur(["explain", "run", "--person", "700"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(!said.out.contains(".partial"), "{}", said.out);
}

#[test]
fn an_input_may_be_called_as_the_program_calls_standard_input() {
    let desk = Desk::new();
    let input = desk.file(
        "standard-input",
        extract(&[conviction("700", "101001001000", "11358 HS-CULTIVATE", "20010101")]),
    );
    desk.run(&[&input], "run", &[]);
    let said = desk.vacatur(["explain", "run", "--person", "700"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
}

#[test]
fn letters_beyond_ascii_do_not_matter() {
    let mut rows = rows();
    rows.push(with(
        conviction("800001", "101001001000", "11358 HS-CULTIVATE", "20010101"),
        &[("PRI_NAME", "PEÑA,JOSÉ O’NEIL"), ("OFN", "Ñ-1")],
    ));
    rows.push(with(
        conviction("800001", "102001001000", "SEE COMMENT FOR CHARGE", "20020101"),
        &[("COMMENT_TEXT", "– §11359 HS – O’NEIL")],
    ));
    let text = Style::default().text(&rows);
    let utf8 = decided("utf8.dat", text.as_bytes());
    same(&utf8, &decided("windows.dat", &windows_1252(&text)));
    for (name, bytes) in utf16(&text) {
        same(&utf8, &decided(name, &bytes));
    }
    assert_eq!(utf8.of("800001", "101001001000")["case_number"], "Ñ-1");
}

fn utf16(text: &str) -> Vec<(&'static str, Vec<u8>)> {
    let little = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let big = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
    let marked = format!("\u{feff}{text}");
    vec![
        ("little.txt", little(&marked)),
        ("big.txt", big(&marked)),
        ("little-bare.txt", little(text)),
        ("big-bare.txt", big(text)),
    ]
}

#[test]
fn the_encoding_does_not_decide_which_row_comes_first() {
    // In UTF-8 the apostrophe comes after Ñ, in Windows-1252 before it: rows must not be put in order by raw bytes.
    let plain = |agency: &str, case: &str| {
        with(
            conviction("1", "101001001000", "11358 HS-CULTIVATE", "20010101"),
            &[("RECORD_ID", ""), ("STP_ORI_DESCR", agency), ("OFN", case)],
        )
    };
    let text = Style::default().text(&[plain("’S COURT", "CASE-A"), plain("ÑUÑEZ COURT", "CASE-B")]);
    let (utf8, windows) =
        (decided("utf8.dat", text.as_bytes()), decided("windows.dat", &windows_1252(&text)));
    assert_eq!(utf8.placeless(), windows.placeless());
}

#[test]
fn line_breaks_in_a_comment_only_move_the_lines() {
    let mut rows = synthetic("clean", 9, 25);
    let plain = decided("plain.dat", &extract(&rows));
    let comment = column("COMMENT_TEXT");
    for (at, row) in rows.iter_mut().enumerate() {
        if row[comment].is_empty() {
            row[comment] = ["FIRST\nSECOND", "A\r\nB, \"C\"\n\n", "\n"][at % 3].to_owned();
        }
    }
    let broken = decided("broken.dat", &extract(&rows));
    assert_eq!(plain.placeless(), broken.placeless());
    assert_eq!(broken.count("rows_in"), rows.len() as u64);
    // The line named is where the row begins.
    let text = String::from_utf8(extract(&rows)).expect("text");
    let lines: Vec<&str> = text.split('\n').collect();
    for one in broken.determinations() {
        let line = lines[one["line"].parse::<usize>().expect("a line") - 1];
        assert!(
            line.contains(&format!("\"{}\"", one["subject_id"])),
            "line {} is not of this person",
            one["line"]
        );
    }
}

#[test]
fn a_file_split_at_any_row_is_the_same_file() {
    let rows = rows();
    let base = base(&rows);
    let desk = Desk::new();
    let splits = [0, 1, 2, rows.len() / 3, rows.len() / 2, rows.len() - 2, rows.len() - 1];
    for (at, split) in splits.into_iter().filter(|split| *split > 0).enumerate() {
        let (first, second) = rows.split_at(split);
        let (first, second) =
            (desk.file("first.dat", extract(first)), desk.file("second.dat", extract(second)));
        same(&base, &desk.run(&[&first, &second], &format!("forward-{at}"), &["--county", "LOS ANGELES"]));
        same_in_any_order(
            &base,
            &desk.run(&[&second, &first], &format!("backward-{at}"), &["--county", "LOS ANGELES"]),
        );
    }
}

#[test]
fn the_order_of_rows_does_not_matter() {
    let rows = rows();
    let base = base(&rows);
    let desk = Desk::new();
    for seed in 1..=4 {
        let mut mixed = rows.clone();
        shuffle(&mut mixed, seed);
        let file = desk.file("mixed.dat", extract(&mixed));
        same_in_any_order(&base, &desk.run(&[&file], &format!("one-{seed}"), &["--county", "LOS ANGELES"]));
        let (first, second) = mixed.split_at(mixed.len() / 2);
        let (first, second) =
            (desk.file("first.dat", extract(first)), desk.file("second.dat", extract(second)));
        same_in_any_order(
            &base,
            &desk.run(&[&first, &second], &format!("two-{seed}"), &["--county", "LOS ANGELES"]),
        );
    }
}

#[test]
fn threads_do_not_matter() {
    // More than one batch of a megabyte.
    let mut rows = synthetic("hostile", 12, 350);
    shuffle(&mut rows, 1);
    let bytes = extract(&rows);
    assert!(bytes.len() > 2 << 20, "{} bytes are too few", bytes.len());
    let desk = Desk::new();
    let input = desk.file("input.dat", bytes);
    let runs: Vec<Run> =
        ["1", "2", "7"].iter().map(|n| desk.run(&[&input], &format!("run-{n}"), &["--threads", n])).collect();
    for run in &runs[1..] {
        assert!(runs[0].bytes("determinations.csv") == run.bytes("determinations.csv"));
        assert!(runs[0].bytes("summary.json") == run.bytes("summary.json"));
    }
}

#[test]
fn a_file_given_twice_is_read_once() {
    let rows = rows();
    let base = base(&rows);
    let desk = Desk::new();
    let (one, copy) = (desk.file("one.dat", extract(&rows)), desk.file("copy.dat", extract(&rows)));
    for (out, second) in [("itself", &one), ("copy", &copy)] {
        let run = desk.run(&[&one, second], out, &["--county", "LOS ANGELES"]);
        same(&base, &run);
        assert_eq!(run.json("manifest.json")["inputs"][1]["duplicate_of"], 0);
    }
}

#[test]
fn a_row_given_twice_is_used_once() {
    let rows = named(rows());
    let base = base(&rows);
    let doubled: Vec<Row> = rows.iter().flat_map(|row| [row.clone(), row.clone()]).collect();
    let run = decided("doubled.dat", &extract(&doubled));
    assert_eq!(base.placeless(), run.placeless());
    assert_eq!(run.count("rows_in"), 2 * base.count("rows_in"));
    assert_eq!(run.count("rows_used"), base.count("rows_used"));
    assert_eq!(run.count("people"), base.count("people"));
    assert_eq!(
        run.count("duplicate_rows"),
        base.count("duplicate_rows") + base.count("rows_used") + base.count("duplicate_rows")
    );
    // The same at the other end of the file, and in another file.
    let far: Vec<Row> = rows.iter().chain(&rows).cloned().collect();
    assert_eq!(base.placeless(), decided("far.dat", &extract(&far)).placeless());
}

#[test]
fn people_are_counted_as_people() {
    let rows = named(rows());
    let subject = column("SUBJECT_ID");
    let people: std::collections::BTreeSet<&str> = rows.iter().map(|row| row[subject].trim()).collect();
    let run = base(&rows);
    assert_eq!(run.count("people"), people.len() as u64);
    assert_eq!(run.count("people_unnamed"), 0);
    let summary = run.json("summary.json");
    assert_eq!(summary["people"]["in_file"], people.len() as u64);
    for by in ["people_by_race", "people_by_sex"] {
        let total: u64 = summary[by]
            .as_object()
            .expect("an object")
            .values()
            .map(|one| one["in_file"].as_u64().expect("a number"))
            .sum();
        assert_eq!(total, people.len() as u64, "{by}");
    }
}
