//! Cells that hold dates and numbers, through a whole row: what cannot be read is unknown with a gap, and no date is
//! earlier than any record.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;
use vacatur_fuzz::extract::{FIELDS, Reading};
use vacatur_ingest::source::Source;
use vacatur_records::{DateSpan, Fact, Gap, Person};

static READING: LazyLock<Reading> = LazyLock::new(Reading::new);

/// What the cells say that the input does not fill.
const FIXED: [(&str, &str); 6] = [
    ("subject_id", "700001"),
    ("step_type", "COURT ACTION"),
    ("charge", "11357(A) HS-POSSESS"),
    ("disposition", "CONVICTED"),
    ("sentence_kind", "JAIL"),
    ("county", "YOLO"),
];

/// The cells that the input fills, in order.
const FILLED: [&str; 8] = [
    "birth_date",
    "event_date",
    "disposition_date",
    "count_order",
    "sentence_length",
    "sentence_unit",
    "sentence_order",
    "disposition_order",
];

fuzz_target!(|bytes: &[u8]| {
    // Rows are cut apart by `;`, cells by `,`.
    let mut text = Vec::new();
    for row in bytes.split(|&byte| byte == b';').take(8) {
        let mut cells = row.split(|&byte| byte == b',');
        let filled = FILLED.map(|field| (field, cells.next().unwrap_or_default()));
        for (at, field) in FIELDS.iter().enumerate() {
            let fixed = FIXED.iter().find(|(name, _)| name == field).map(|(_, value)| value.as_bytes());
            let value =
                fixed.or_else(|| filled.iter().find(|(name, _)| name == field).map(|(_, value)| *value));
            text.push(b'"');
            // A NUL byte makes the line a reject, which is another target's business.
            for &byte in value.unwrap_or_default().iter().filter(|&&byte| byte != 0) {
                text.extend(std::iter::repeat_n(byte, 1 + usize::from(byte == b'"')));
            }
            text.extend(if at + 1 == FIELDS.len() { b"\"\n" } else { b"\"," });
        }
    }
    let sources = [Source::from_bytes("rows", text)];
    let survey = READING.survey(&sources, 1).expect("every row is well-formed");
    assert!(survey.rejects.is_empty());
    let people = READING.people(&sources, &survey, &mut check);
    assert_eq!(people.len(), 1);
});

fn check(person: &Person<'_>) {
    dated(&person.birth);
    for event in &person.events {
        dated(&event.date);
    }
    for count in &person.counts {
        dated(&count.date);
        // An end that is known follows from a day that is known.
        let end = count.completed.value;
        assert!(end.earliest() <= end.latest());
        if count.completed.gap.is_none() {
            assert!(end.known().is_some(), "{:?}", count.completed);
        }
        assert!(count.sentences.end as usize <= person.sentences.len());
    }
}

fn dated(fact: &Fact<DateSpan>) {
    assert!(fact.value.earliest() <= fact.value.latest());
    match fact.gap {
        None => assert!(fact.value.known().is_some_and(|day| day.year() >= 1850), "{fact:?}"),
        Some(Gap::Blank | Gap::Unreadable) => assert!(fact.value.is_unknown(), "{fact:?}"),
        Some(Gap::Partial) => assert!(fact.value.known().is_none() && !fact.value.is_unknown(), "{fact:?}"),
        Some(Gap::Conflict | Gap::Impossible) => {}
    }
}
