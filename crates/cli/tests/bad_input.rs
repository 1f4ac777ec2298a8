//! What cannot be read: rows are rejected one by one, files are refused with the place and with what to do.

#![allow(clippy::expect_used, clippy::panic)]

mod common;

use common::{BEAR, Desk, Quotes, Row, Run, Style, column, conviction, extract, grants, row, with};
use std::path::Path;
use vacatur_synth::columns;

const CANNABIS: &str = "11358 HS-CULTIVATE";
const MURDER: &str = "187(A) PC-MURDER";

/// Nobody's record but a cannabis conviction of long ago: granted, because nothing else is there.
fn clean(subject: &str) -> Row {
    conviction(subject, "101001001000", CANNABIS, "20010101")
}

/// Lines of the clean record of person 1, the bad line, and the clean record of person 2.
fn around(bad: &[u8]) -> Vec<u8> {
    [extract(&[clean("1")]), bad.to_vec(), extract(&[clean("2")])].concat()
}

fn line(row: &Row) -> String {
    Style::default().line(row)
}

/// Decides bytes that hold rows.
fn decided(bytes: &[u8]) -> Run {
    let desk = Box::leak(Box::new(Desk::new()));
    let input = desk.file("input.dat", bytes);
    desk.run(&[&input], "run", &[])
}

/// One line is rejected, for this reason, at this place; the other people are decided as ever.
#[track_caller]
fn rejected(run: &Run, kind: &str, line: &str, column: &str) {
    let rejects = run.rejects();
    assert_eq!(rejects.len(), 1, "{rejects:?}");
    let reject = &rejects[0];
    assert_eq!(
        (reject["kind"].as_str(), reject["line"].as_str(), reject["column"].as_str()),
        (kind, line, column)
    );
    assert!(reject["file"].ends_with("input.dat") && !reject["reason"].trim().is_empty());
    assert_eq!(
        reject["column_name"],
        column.parse::<usize>().map_or("", |at| columns().get(at - 1).copied().unwrap_or(""))
    );
    assert_eq!(run.count("rejects"), 1);
}

// ------------------------------------------------------------------------------------------------ lines that are no rows

#[test]
fn the_clean_record_is_granted() {
    let run = decided(&around(b""));
    assert_eq!([run.outcome("1", "101001001000"), run.outcome("2", "101001001000")], ["dismiss", "dismiss"]);
    assert_eq!(run.count("rejects"), 0);
}

/// A bad line of person 1 that may have held anything.
#[track_caller]
fn doubts_person_one(bad: &str, kind: &str, column: &str) {
    let run = decided(&around(bad.as_bytes()));
    rejected(&run, kind, "2", column);
    let one = run.of("1", "101001001000");
    assert_eq!((one["outcome"].as_str(), one["missing"].as_str()), ("review", "unusable row"), "{one:?}");
    assert_eq!(run.outcome("2", "101001001000"), "dismiss", "another person has nothing to do with it");
}

fn murder() -> Row {
    conviction("1", "102001001000", MURDER, "19990101")
}

#[test]
fn a_row_with_a_column_too_few() {
    let mut row = murder();
    row.pop();
    doubts_person_one(&line(&row), "too_few_columns", "94");
}

#[test]
fn a_row_with_a_column_too_many() {
    let mut row = murder();
    row.push("X".into());
    doubts_person_one(&line(&row), "too_many_columns", "96");
}

#[test]
fn a_row_with_a_stray_quote() {
    let text = line(&murder()).replace("187(A) PC-MURDER", "187(A) \"PC\"-MURDER");
    doubts_person_one(&text, "stray_quote", &(column("OFFENSE_DESCR") + 1).to_string());
}

#[test]
fn a_row_with_a_quote_never_closed() {
    let text = line(&murder()).replace("187(A) PC-MURDER\",", "187(A) PC-MURDER,");
    let run = decided(&around(text.as_bytes()));
    assert_eq!(run.count("rejects"), 1);
    assert_eq!(run.rejects()[0]["line"], "2");
    assert_eq!(run.of("1", "101001001000")["missing"], "unusable row");
    assert_eq!(run.outcome("2", "101001001000"), "dismiss");
}

#[test]
fn a_row_with_a_nul() {
    let text = line(&murder()).replace("MURDER", "MUR\0DER");
    doubts_person_one(&text, "nul_byte", &(column("OFFENSE_DESCR") + 1).to_string());
}

#[test]
fn a_last_line_cut_off() {
    let text = line(&murder());
    for cut in [text.len() / 2, text.len() - 10, text.find("PERSON").expect("the name")] {
        let bytes = [extract(&[clean("1"), clean("2")]), text.as_bytes()[..cut].to_vec()].concat();
        let run = decided(&bytes);
        let rejects = run.rejects();
        assert_eq!(
            (rejects.len(), rejects[0]["kind"].as_str(), rejects[0]["line"].as_str()),
            (1, "truncated_last_line", "3")
        );
        assert_eq!(run.of("1", "101001001000")["missing"], "unusable row");
        assert_eq!(run.outcome("2", "101001001000"), "dismiss");
    }
}

#[test]
fn a_last_line_cut_off_in_its_last_cell_is_seen() {
    // The cell END stands in the last column; a copy that ends one letter earlier must not pass for a whole row.
    let text = Style { quotes: Quotes::Needed, end: "\n" }.text(&[clean("1"), clean("2"), murder()]);
    let whole = decided(text.as_bytes());
    assert_eq!(whole.count("rejects"), 0);
    let cut = text.trim_end().strip_suffix("END").expect("the last cell");
    let run = decided(cut.as_bytes());
    assert_eq!(run.count("rows_in"), 3);
}

#[test]
fn a_bad_line_that_does_not_say_whose_it_is_leaves_its_neighbours_in_doubt() {
    // Rows of one person stand together; a line between two of them that cannot be read may hold anything of theirs.
    let inside = |bad: &str| {
        [
            extract(&[clean("1")]),
            bad.as_bytes().to_vec(),
            extract(&[conviction("1", "103001001000", "11359 HS-SELL", "20020101")]),
        ]
        .concat()
    };
    let nameless = [
        line(&with(murder(), &[("SUBJECT_ID", "")])).replace("MURDER", "MUR\0DER"),
        line(&murder()).replace("\"R1102001001000\"", "\"R1\"102001001000\""),
        line(&murder()).replacen("\"1\"", "\"\0\"", 1),
    ];
    for bad in nameless {
        let run = decided(&inside(&bad));
        assert_eq!(run.count("rejects"), 1);
        for order in ["101001001000", "103001001000"] {
            let one = run.of("1", order);
            assert!(
                !grants(&one["outcome"]),
                "{order} was granted though a line between this person's rows was lost: {one:?}"
            );
        }
    }
}

#[test]
fn a_row_whose_first_column_is_missing_is_not_taken_for_somebody_elses() {
    // Everything stands one column to the left: where the person should be, there is a blank.
    let mut row = murder();
    row.remove(0);
    let bytes = [
        extract(&[clean("1")]),
        line(&row).into_bytes(),
        extract(&[conviction("1", "103001001000", "11359 HS-SELL", "20020101")]),
    ]
    .concat();
    let run = decided(&bytes);
    assert_eq!(run.count("rejects"), 1);
    assert!(!grants(&run.outcome("1", "103001001000")), "{:?}", run.of("1", "103001001000"));
}

#[test]
fn rows_of_one_person_beside_a_blank_subject() {
    // The murder lost its subject number, and kept the CII number by which it can still be recognised.
    let bytes = extract(&[clean("1"), with(murder(), &[("SUBJECT_ID", ""), ("CII_NUMBER", "A1")])]);
    let run = decided(&bytes);
    assert_eq!(run.count("people_unnamed"), 1);
    let one = run.of("1", "101001001000");
    assert!(
        !grants(&one["outcome"]),
        "granted, though a murder under the same CII number is on file: {one:?}"
    );
}

#[test]
fn a_cannabis_row_without_a_subject_is_never_granted_for_what_is_not_there() {
    // Whose row it is, is unknown, so nothing is known of what else that person has done.
    let bytes = extract(&[murder(), with(clean("1"), &[("SUBJECT_ID", "")])]);
    let run = decided(&bytes);
    let one = run.of("", "101001001000");
    assert!(!grants(&one["outcome"]), "granted as if it were the whole record of a person: {one:?}");
    assert!(one["missing"].contains("unusable row"), "{one:?}");
}

#[test]
fn each_row_without_a_subject_is_a_person_of_its_own() {
    for blank in ["", "  ", "NULL", "null", "------"] {
        let nameless = |order| with(conviction("9", order, CANNABIS, "20010101"), &[("SUBJECT_ID", blank)]);
        let run =
            decided(&extract(&[clean("1"), nameless("101001001000"), nameless("102001001000"), clean("2")]));
        assert_eq!(
            (run.count("people"), run.count("people_unnamed"), run.count("rejects")),
            (4, 2, 0),
            "{blank:?}"
        );
        assert_eq!(run.count("determinations"), 4);
        assert_eq!(run.outcome("1", "101001001000"), "dismiss");
    }
}

#[test]
fn a_count_number_short_or_garbled() {
    for (number, reason) in [
        ("101", "the count number has 3 characters, not 12"),
        ("1010010010000", "the count number has 13 characters, not 12"),
        ("10100100100O", "the count number has no digit at character 12"),
        ("", "the count number is blank"),
        ("NULL", "the count number is blank"),
        ("101 01001000", "the count number has no digit at character 4"),
    ] {
        let bad = with(murder(), &[("CNT_ORDER", number)]);
        let run = decided(&around(line(&bad).as_bytes()));
        rejected(&run, "count_number", "2", &(column("CNT_ORDER") + 1).to_string());
        assert_eq!(run.rejects()[0]["reason"], reason);
        assert_eq!(run.of("1", "101001001000")["missing"], "unusable row", "{number}");
        assert_eq!(run.outcome("2", "101001001000"), "dismiss");
    }
    // The row decided is itself the one that cannot be placed: there is no determination, and the reject says so.
    let run = decided(&extract(&[with(clean("1"), &[("CNT_ORDER", "101")]), clean("2")]));
    assert_eq!((run.count("rejects"), run.count("determinations"), run.count("people")), (1, 1, 2));
}

#[test]
fn a_conviction_without_a_count_number_is_lost_in_no_kind_of_step() {
    // A custody or probation row may do without a count number, but not one that tells of a conviction.
    for step in ["CUSTODY:JAIL", "PROBATION", "COURT ACTION", "", "SOMETHING NEW"] {
        let bad = with(murder(), &[("CNT_ORDER", ""), ("STP_TYPE_DESCR", step)]);
        let run = decided(&extract(&[clean("1"), bad]));
        assert!(!grants(&run.outcome("1", "101001001000")), "{step}: a murder conviction left no trace");
    }
}

#[test]
fn blank_and_junk_lines() {
    let run = decided(&around(b"\n   \n\r\n"));
    assert_eq!((run.count("rows_in"), run.count("rejects")), (2, 0));
    assert_eq!(run.json("manifest.json")["inputs"][0]["blank_lines"], 3);
    let run = decided(&around(b"PAGE 12 OF 480\n"));
    assert_eq!((run.count("rows_in"), run.count("rejects")), (3, 1));
}

// --------------------------------------------------------------------------------------------------- files that are none

/// The program refuses the file, says these things, and leaves nothing.
#[track_caller]
fn refused(name: &str, bytes: &[u8], says: &[&str]) {
    let desk = Desk::new();
    let input = desk.file(name, bytes);
    let said = desk.decide(&[&input], "run", &[]);
    said.refused(&[&[name], says].concat());
    assert_eq!(said.out, "");
    desk.nothing_of("run");
    assert_eq!(std::fs::read(&input).expect("the input"), bytes, "the input was touched");
}

#[test]
fn an_empty_file() {
    refused("empty.dat", b"", &["empty", "fetch it again"]);
    refused("mark.dat", b"\xef\xbb\xbf", &["empty"]);
}

#[test]
fn an_empty_standard_input_is_called_that() {
    let desk = Desk::new();
    let said = desk.vacatur_fed(b"", desk.args(&[Path::new("-")], "run", &[]));
    said.refused(&["standard input", "empty"]);
    desk.nothing_of("run");
}

#[test]
fn a_file_of_a_header_only_is_a_county_without_people() {
    let desk = Desk::new();
    let input = desk.file("header.csv", columns().join(",") + "\r\n");
    let run = desk.run(&[&input], "run", &["--county", "LOS ANGELES"]);
    assert_eq!((run.count("rows_in"), run.count("people"), run.count("determinations")), (0, 0, 0));
    assert!(run.rejects().is_empty());
    let run = desk.run(&[&input], "bear", &["--policy", BEAR, "--format", "bear"]);
    assert_eq!(run.text("All_Results.csv").lines().count(), 1);
}

#[test]
fn files_of_another_kind() {
    refused(
        "sheet.pdf",
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n",
        &["a PDF document", "check that the right file was named"],
    );
    refused(
        "old.xls",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0\0\0",
        &["Microsoft Office", "export it as CSV first"],
    );
    refused("page.csv", b"<!DOCTYPE html>\n<html><p>Sign in", &["a web page", "fetch it again"]);
    refused("pack.7z", b"7z\xbc\xaf\x27\x1c\0\x04", &["7-Zip", "unpack it first"]);
    refused("bytes.dat", &(0..=255u8).collect::<Vec<u8>>(), &["binary data"]);
    let mut workbook = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for name in ["[Content_Types].xml", "xl/workbook.xml"] {
        workbook.start_file(name, zip::write::SimpleFileOptions::default()).expect("memory");
    }
    refused(
        "book.xlsx",
        &workbook.finish().expect("memory").into_inner(),
        &["Excel workbook", "save the sheet as CSV"],
    );
    let empty = zip::ZipWriter::new(std::io::Cursor::new(Vec::new())).finish().expect("memory").into_inner();
    refused("empty.zip", &empty, &["no files"]);
    refused(
        "cut.gz",
        b"\x1f\x8b\x08\0\0\0\0\0\0\x03\x01\x02",
        &["damaged or cut off", "fetch the file again"],
    );
}

#[test]
fn a_file_of_another_layout() {
    let other: String = (0..50).map(|n| format!("{n},{n}-B,OPEN,2001-01-01,X{n}\n")).collect();
    refused("cases.csv", other.as_bytes(), &["5 columns where the layout has 95", "another kind of file"]);
    let tabs = Style { quotes: Quotes::Needed, end: "\n" }.text(&vec![clean("1"); 20]).replace(',', "\t");
    refused("tabs.dat", tabs.as_bytes(), &["separated by tab", "not by comma", "export the file again"]);
    let tabs = Style::default().text(&[clean("1"), clean("2")]).replace("\",\"", "\"\t\"");
    refused("two-tabs.dat", tabs.as_bytes(), &["separated by tab"]);
}

#[test]
fn a_file_without_a_single_row_is_another_kind_of_file() {
    let prose = "Dear Sir,\nthe extract will follow next week.\nYours\n".repeat(20);
    let desk = Desk::new();
    let input = desk.file("letter.txt", prose);
    let said = desk.decide(&[&input], "run", &[]);
    said.refused(&["letter.txt"]);
    desk.nothing_of("run");
}

#[test]
fn a_header_with_another_name_names_the_column() {
    let text = extract(&vec![clean("1"); 3]);
    for (name, number) in
        [("PRI_DOB", 15), ("OFN", 53), ("SUBJECT_ID", 3), ("RECORD_ID", 1), ("END_OF_REC", 95)]
    {
        assert_eq!(column(name) + 1, number);
        let header = columns()
            .iter()
            .map(|column| if *column == name { "PERSON_NO" } else { column })
            .collect::<Vec<_>>()
            .join(",");
        let bytes = [header.as_bytes(), b"\n", text.as_slice()].concat();
        refused(
            "renamed.csv",
            &bytes,
            &["line 1", &format!("column {number}: found PERSON_NO, expected {name}")],
        );
    }
    let mut turned: Vec<&str> = columns().to_vec();
    turned.swap(14, 40);
    let bytes = [turned.join(",").as_bytes(), b"\n", text.as_slice()].concat();
    refused(
        "turned.csv",
        &bytes,
        &["2 columns differ", "column 15: found STP_EVENT_DATE, expected PRI_DOB", "column 41"],
    );
    let mut turned: Vec<&str> = columns().to_vec();
    turned.swap(2, 11);
    let bytes = [turned.join(",").as_bytes(), b"\n", text.as_slice()].concat();
    refused("persons-turned.csv", &bytes, &["column 3: found CII_NUMBER, expected SUBJECT_ID"]);
}

#[test]
fn one_unusable_file_among_several_ends_the_run() {
    let desk = Desk::new();
    let good = desk.file("good.dat", extract(&[clean("1")]));
    let bad = desk.file("bad.pdf", b"%PDF-1.4\n");
    desk.decide(&[&good, &bad], "run", &[]).refused(&["bad.pdf", "a PDF document"]);
    desk.nothing_of("run");
}

#[test]
fn inputs_that_cannot_be_opened() {
    let desk = Desk::new();
    let file = desk.file("good.dat", extract(&[clean("1")]));
    desk.decide(&[&desk.path("nowhere.dat")], "run", &[]).refused(&[
        "nowhere.dat",
        "there is no such file",
        "check the spelling",
    ]);
    desk.nothing_of("run");
    std::fs::create_dir(desk.path("folder")).expect("a folder");
    desk.decide(&[&desk.path("folder")], "run", &[]).refused(&[
        "folder",
        "this is a folder",
        "name the files in it",
    ]);
    desk.nothing_of("run");
    // A file as a folder: unreadable even for root.
    desk.decide(&[&file.join("inside.dat")], "run", &[]).refused(&["inside.dat"]);
    desk.nothing_of("run");
}

#[cfg(unix)]
#[test]
fn a_file_without_permission() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::new();
    let file = desk.file("closed.dat", extract(&[clean("1")]));
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o000)).expect("permissions");
    // Root may read everything: then the file is simply read.
    let readable = std::fs::File::open(&file).is_ok();
    let said = desk.decide(&[&file], "run", &[]);
    if readable {
        assert_eq!(said.code, Some(0), "{}", said.err);
    } else {
        said.refused(&["closed.dat", "not permitted"]);
        desk.nothing_of("run");
    }
}

#[test]
fn a_row_of_nothing_but_blanks_is_a_person_without_a_record() {
    let run = decided(&extract(&[row(&[]), clean("1")]));
    assert_eq!((run.count("rows_in"), run.count("people")), (2, 2));
    assert_eq!(run.outcome("1", "101001001000"), "dismiss");
}

#[test]
fn a_conviction_after_the_day_of_the_decision_is_no_certainty() {
    // The same file on an earlier day: what lies in the future is unknown, and nothing rests on it.
    let run = {
        let desk = Box::leak(Box::new(Desk::new()));
        let input = desk.file(
            "input.dat",
            extract(&[clean("1"), clean("2"), conviction("2", "102001001000", MURDER, "20150101")]),
        );
        desk.run(&[&input], "run", &["--as-of", "2012-01-01"])
    };
    assert_eq!(run.outcome("1", "101001001000"), "dismiss");
    assert_eq!(run.of("2", "101001001000")["outcome"], "review");
}
