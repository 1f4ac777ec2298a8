use super::*;

const FORM: Form = Form { columns: 3, separator: b',', longest: 40 };

fn judged(text: &str) -> Verdict {
    FORM.judge(text.as_bytes(), true)
}

fn reason(text: &str) -> (RejectReason, Option<usize>) {
    match judged(text) {
        Verdict::Reject { reason, column } => (reason, column),
        verdict => unreachable!("{text:?}: {verdict:?}"),
    }
}

#[test]
fn sound_rows_end_where_they_end() {
    for (text, end) in [
        ("a,b,c\nx", 5),
        ("a,b,c\r\nx", 6),
        ("\"a\",\"b,\n\",\"c\"\r\n", 14),
        ("\"\"\"\",,\n", 6),
        (",,", 2),
        ("a,b,\"c\"\r", 8),
        (" ,,\n", 3),
    ] {
        assert_eq!(judged(text), Verdict::Row { end }, "{text:?}");
    }
}

#[test]
fn each_trouble_is_told_by_its_name_and_column() {
    let (few, many) = (
        |found| RejectReason::TooFewColumns { found, expected: 3 },
        |found| RejectReason::TooManyColumns { found, expected: 3 },
    );
    for (text, expected, column) in [
        ("a,b\nx", few(2), Some(2)),
        ("a,b,c,d,e\n", many(5), Some(4)),
        ("a,b\"b,c\n", RejectReason::StrayQuote, Some(2)),
        ("a,\"b\"b,c\n", RejectReason::StrayQuote, Some(2)),
        ("a, \"b\",c\n", RejectReason::StrayQuote, Some(2)),
        ("a,\"b\"\rb,c\n", RejectReason::StrayQuote, Some(2)),
        ("a,b,\"c\n\"d\",e,f\n", RejectReason::UnclosedQuote, Some(3)),
        ("a,\"b,c\nd,e,f\n", RejectReason::UnclosedQuote, Some(2)),
        ("a,b\0,c\n", RejectReason::NulByte, Some(2)),
        ("a,b", RejectReason::TruncatedLastLine { found: 2, expected: 3 }, Some(2)),
        ("a,\"b", RejectReason::TruncatedLastLine { found: 2, expected: 3 }, Some(2)),
        (
            "a,bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb,c\n",
            RejectReason::LineTooLong { limit: 40 },
            None,
        ),
    ] {
        assert_eq!(reason(text), (expected, column), "{text:?}");
        assert!(!expected.to_string().is_empty());
    }
}

#[test]
fn a_row_of_the_greatest_length_is_a_row_and_one_byte_more_is_not() {
    let row = |len: usize| format!("a,b,{}\n", "c".repeat(len - 4));
    assert_eq!(judged(&row(40)), Verdict::Row { end: 40 });
    assert_eq!(reason(&row(41)).0, RejectReason::LineTooLong { limit: 40 });
}

#[test]
fn blank_lines_and_the_end_mark_of_old_systems_are_blank() {
    for text in ["\n", "\r\n", "  \t\r\nx", "\x1a", "  "] {
        assert_eq!(judged(text), Verdict::Blank, "{text:?}");
    }
}

#[test]
fn a_row_cut_by_the_buffer_asks_for_more() {
    for text in ["", " ", "a,b", "a,b,c", "a,\"b\n", "a,b,\"c\"\r"] {
        assert_eq!(FORM.judge(text.as_bytes(), false), Verdict::More, "{text:?}");
    }
}
