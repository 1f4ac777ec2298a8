use super::*;

const SMALL: &str = r#"
name = "small"
version = "1"
title = "Small"
jurisdiction = "test"
delimiter = ","
[blank]
words = ["NULL"]
runs = ["-"]
[dates]
format = "YYYYMMDD"
unknown_part = "00"
[[column]]
number = 1
name = "A"
[[column]]
number = 2
name = "ID"
field = "subject_id"
"#;

#[test]
fn the_built_in_layout_has_95_columns_in_the_order_of_the_extract() {
    let layout = Layout::us_ca_doj();
    assert_eq!(layout.width(), 95);
    let places =
        ["SUBJECT_ID", "CII_NUMBER", "STP_EVENT_DATE", "CNT_ORDER", "OFN", "COMMENT_TEXT", "END_OF_REC"]
            .map(|name| layout.column(name));
    assert_eq!(places, [2, 11, 40, 50, 52, 93, 94].map(Some));
    assert_eq!(layout.subject(), 2);
    assert_eq!(layout.field("conviction_offence"), layout.column("CONV_OFFENSE_DESCR"));
}

#[test]
fn every_column_with_a_meaning_explains_itself() {
    for column in Layout::us_ca_doj().columns() {
        assert_eq!(column.field.is_some(), column.doc.is_some(), "{}", column.name);
    }
}

#[test]
fn a_layout_that_cannot_work_says_why() {
    let cases = [
        (SMALL.replace("delimiter = \",\"", "delimiter = \"\\\"\""), "delimiter"),
        (SMALL.replace("number = 2", "number = 3"), "says it is number 3"),
        (SMALL.replace("\"ID\"", "\"A\""), "two columns are named A"),
        (SMALL.replace("\"ID\"", "\"id\""), "capitals"),
        (SMALL.replace("subject_id", "subject"), "subject_id"),
        (SMALL.replace("name = \"A\"", "name = \"A\"\nfield = \"subject_id\""), "two columns claim"),
        (SMALL.replace("YYYYMMDD", "MM/DD/YY"), "MM/DD/YY"),
        (SMALL.replace("title", "titel"), "titel"),
        (SMALL.replace("[\"-\"]", "[\"--\"]"), "placeholder"),
    ];
    assert!(Layout::parse(SMALL).is_ok());
    for (text, word) in cases {
        let said = Layout::parse(&text).err().map(|e| e.to_string()).unwrap_or_default();
        assert!(said.contains(word), "{word}: {said}");
    }
}

#[test]
fn null_and_dashes_are_blank_but_a_name_that_begins_alike_is_not() {
    let layout = Layout::us_ca_doj();
    for blank in ["", "NULL", "null", "-", "-----"] {
        assert!(layout.blanks().is_blank(blank.as_bytes()), "{blank}");
    }
    for filled in ["NULL,ANNA", "N", "-1", "x", "#", "0"] {
        assert!(!layout.blanks().is_blank(filled.as_bytes()), "{filled}");
    }
}
