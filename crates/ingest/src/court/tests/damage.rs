//! Files and layouts that do not fit, and files that are spoiled.

use super::{run, said, small};
use crate::court::CourtLayout;
use insta::assert_snapshot;
use proptest::prelude::*;

const HEAD: &str = "CASE,NAME,BORN,DISPO\n";

#[test]
fn nothing_is_silently_dropped() {
    let layout = small("format = \"csv\"\nblank = [\"NULL\", \"-\"]\n");
    let huge = "X".repeat(70_000);
    let file = format!(
        "{HEAD}F-1,\"QUARTZ,\n OBERON\",03/04/1985,CNV\r\n\
         F-2,\"BERYL, TITUS,,\n\
         F-3,\"ONYX, \"\"T\"\"\",NULL,DIS\n\
         F-4,ONYX T,,CNV,more\n\
         F-5,ONYX T,,CNV,,,\n\
         F-6,ONYX T\n\
         F-7,\"ONYX\" T,,\n\
         F-8,ON\0YX,,\n\
         F-9,{huge},,\n\
         -,NULL,03/04/1985,CNV\n\
         {HEAD}\n,,,\n\
         F-10,\"OPAL, ANN\",1985-03-04,HELD\n\
         F-10,\"OPAL, ANN\",03/04/1985,HELD\n\
         F-10,\"OPAL, ANN\",03/05/1985,\n\
         F-11,\"OPAL, ANN\",02/30/1985,CNV\n\
         F-12,\"OPAL, ANN\",,\"never closed"
    );
    assert_snapshot!(said(&layout, file), @r#"
    0:2 court none "F-1" = "" filed - | Person QUARTZ|OBERON # born 1985-03-04  
       -  [] no level blank Convicted "CNV" - on -
    0:5 court none "F-3" = "" filed - | Person ONYX|T # born -  
       -  [] no level blank NotConvicted "DIS" - on -
    0:7 court none "F-5" = "" filed - | Person ONYX|T # born -  
       -  [] no level blank Convicted "CNV" - on -
    0:16 court none "F-10" = "" filed - | Person OPAL|ANN # born 1985-03-04..1985-03-05 in conflict  
       -  [] no level blank Unrecognized "HELD" - on -
       -  [] no level blank Unrecognized "HELD" - on -
    0:19 court none "F-11" = "" filed - | Person OPAL|ANN # born ? impossible  
       -  [] no level blank Convicted "CNV" - on -
    rows 15 used 7 rejects 8 blank 2 headers 2 repeated 0 cases 5 charges 6 odd numbers 0
    line 4, column 2: a value opens with a quote that is not closed
    line 6, column 5: it has 5 cells instead of 4
    line 8: it has 2 cells instead of 4
    line 9, column 2: a quote stands inside a value, or text after a closing quote
    line 10, column 2: it has a NUL character
    line 11, column 2: a cell is longer than any value
    line 12: it has neither a case number nor a defendant
    line 20, column 4: a value opens with a quote that is not closed
    disposition (not shown): 2 of 1 from line 16
    BORN unreadable: 1 from line 16
    BORN in conflict: 1 from line 18
    BORN impossible: 1 from line 19
    "#);
}

#[test]
fn a_layout_that_does_not_fit() {
    let layout = small("format = \"csv\"\n");
    let mut out = String::new();
    for file in [
        "CASE,NAMES,BORN,DISPO\nF-1,\"QUARTZ, OBERON\",,\n",
        "CASE,NAME,BORN,DISPO,EYES\nF-1,\"QUARTZ, OBERON\",,,\n",
        "CASE,NAME,BORN,DISPO,CASE\n",
        "F-1,\"QUARTZ, OBERON\",03/04/1985,CNV\n",
        "\n\n",
        "",
    ] {
        out += &said(&layout, file);
    }
    out += &said(
        &small("format = \"csv\"\nother-columns = \"ignore\"\n"),
        "EYES,CASE,NAME,BORN,DISPO\nBLUE,F-1,ONYX,,\n",
    );
    out += &said(&small("format = \"csv\"\nheader = false\n"), "F-1,\"QUARTZ, OBERON\",03/04/1985,CNV\n");
    out += &said(&small("format = \"xlsx\"\n"), "CASE,NAME,BORN,DISPO\n");
    assert_snapshot!(out, @r#"
    error: file: the layout small does not fit: the column NAME is missing; do you mean `NAMES`?; the layout does not know the column NAMES
    error: file: the layout small does not fit: the layout does not know the column EYES; say other-columns = "ignore" in the layout to read the file without them
    error: file: the layout small does not fit: the column CASE is there twice
    error: file: the layout small does not fit: no header row is among its first 20 rows; the layout expects the columns CASE, NAME, BORN, DISPO. If the file has none, say header = false in the layout
    error: file: the layout small does not fit: no header row is among its first 20 rows; the layout expects the columns CASE, NAME, BORN, DISPO. If the file has none, say header = false in the layout
    error: file: the layout small does not fit: no header row is among its first 20 rows; the layout expects the columns CASE, NAME, BORN, DISPO. If the file has none, say header = false in the layout
    0:2 court none "F-1" = "" filed - | Person ONYX # born -  
    rows 1 used 1 rejects 0 blank 0 headers 1 repeated 0 cases 1 charges 0 odd numbers 0
    column EYES: 1 of 1 from line 1
    0:1 court none "F-1" = "" filed - | Person QUARTZ|OBERON # born 1985-03-04  
       -  [] no level blank Convicted "CNV" - on -
    rows 1 used 1 rejects 0 blank 0 headers 0 repeated 0 cases 1 charges 1 odd numbers 0
    error: file, line 0: this is not a sound Excel workbook (.xlsx); open it and save it again, or save the sheet as CSV
    "#);
}

/// A code that stands once may be a name that slipped into the column.
#[test]
fn codes_are_shown_only_if_they_are_nobodys_name() {
    let layout = small("format = \"csv\"\n");
    let mut file = HEAD.to_owned();
    for row in 0..6 {
        file += &format!("F-{row},QUARTZ,,HELD\n");
    }
    file += "F-7,QUARTZ,,TITANIA BERYL\nF-8,QUARTZ,,OBERON QUARTZ\n";
    let (_, account) = run(&layout, file).unwrap();
    let shown: Vec<_> =
        account.unlisted.iter().map(|c| (c.code.as_deref(), c.count, c.texts, c.first.line)).collect();
    assert_eq!(shown, [(Some("HELD"), 6, 1, 2), (None, 2, 2, 8)]);
}

#[test]
fn layouts_with_mistakes() {
    let good = CourtLayout::text("la-index").unwrap();
    let mut out = String::new();
    for (from, to) in [
        ("format = \"csv\"", "format = \"dbf\""),
        ("is = \"birth-date\"", "is = \"birthdate\""),
        ("name = \"DOB\"", "name = \"SEX\""),
        ("is = \"cii\"", "is = \"case-number\""),
        ("\"MM/DD/YY\"", "\"MM/DD/hh\""),
        ("pivot = 10", "pivot = 10\ngroup = 1"),
        ("codes = [\"PND\", \"BW\"]", "codes = [\"PND\", \"cnv\"]"),
        ("is = \"pending\"", "is = \"open\""),
        ("\"yyM#####(-##)\"", "\"##M\""),
        ("row = \"charge\"", "row = \"charge\"\nrows = 2"),
        ("is = \"pending\"\nstatus = \"unconfirmed\"", "is = \"pending\"\nstatus = \"sure\""),
        ("is = \"X\"", "is = \"OTHER\""),
        ("is = \"name\"", "is = \"ignored\""),
        ("name = \"la-index\"", "name = "),
    ] {
        let text = good.replacen(from, to, 1);
        assert_ne!(text, good, "{from}");
        out += &format!("{}\n", CourtLayout::parse(&text, "it.toml").unwrap_err());
    }
    assert_snapshot!(out, @"
    it.toml, line 12: the format `dbf` is not known; it is one of csv, tsv, fixed, xlsx, jsonl, xml
    it.toml, line 40: column DOB: no column is `birthdate`; do you mean `birth-date`?
    it.toml, line 46: two columns are named SEX
    it.toml, line 54: two columns are `case-number`; give each its `group` if they are of different charges
    it.toml, line 17: the date format `MM/DD/hh` is not known: it is made of YYYY, YY, MM, MON, DD and signs, as MM/DD/YYYY
    it.toml, line 40: column DOB: a group repeats what is said of a charge, and `birth-date` is not
    it.toml, line 227: the list disposition has the code `cnv` twice
    it.toml, line 227: no disposition is `open`; it is one of convicted, not_convicted, pending, sentence_changed, juvenile, set_aside, reduced, resentenced, vacated
    it.toml, line 108: the pattern `##M` needs at least three digits outside brackets, or it would fit what is no case number
    it.toml, line 14: unknown field `rows`, expected one of `name`, `title`, `version`, `jurisdiction`, `source`, `status`, `format`, `row`, `delimiter`, `quote`, `encoding`, `header`, `header-rows`, `skip`, `sheet`, `record-length`, `short-lines`, `other-columns`, `blank`, `tree`, `dates`, `names`, `sections`, `column`, `court`, `disposition`, `relief`, `level`, `sex`, `race`, `section-code`, `section`, `sentence`, `unit`
    it.toml, line 227: the status `sure` is not known; it is one of confirmed, observed, secondary, unconfirmed
    it.toml: a sex is M, F, X or nothing, not `OTHER`
    it.toml: no column is `name` or `last-name`
    it.toml, line 5: string values must be quoted, expected literal string
    ");
}

/// A zip bomb in the clothes of a workbook.
#[test]
fn a_workbook_that_unpacks_to_too_much() {
    use crate::court::sheet::{Book, BookLimits};
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for row in 0..2_000 {
        sheet.write_string(row, 0, "A".repeat(100)).unwrap();
    }
    let source = crate::source::Source::from_bytes("book.xlsx", book.save_to_buffer().unwrap());
    let layout = small("format = \"xlsx\"\n");
    let limits = BookLimits { unpacked: 10_000, ..BookLimits::default() };
    let error = Book::open(&source, &layout.0, limits).err().unwrap();
    assert_eq!(
        error.to_string(),
        "book.xlsx, line 0: the workbook unpacks to more than 10000 bytes; save the sheet as CSV"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    /// Whatever the bytes are, every row is used or a reject, and no line is lost.
    #[test]
    fn every_line_is_accounted_for(lines in proptest::collection::vec("[F\"A, \u{e9}\\x00-]{0,12}", 0..20)) {
        let layout = small("format = \"csv\"\nheader = false\n");
        let text = lines.join("\n");
        let (_, account) = run(&layout, text.clone()).unwrap();
        let physical = text.split('\n').count() as u64 - u64::from(text.is_empty() || text.ends_with('\n'));
        prop_assert!(account.rows + account.blank <= physical);
        if !text.contains('"') {
            prop_assert_eq!(account.rows + account.blank, physical);
        }
    }
}
