//! Any text of an offence field or a comment is read, and what was read can be written down and read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;
use vacatur_statutes::{CodeSection, Coded, Offence, Statutes};

static STATUTES: LazyLock<Statutes> = LazyLock::new(|| Statutes::us_ca().expect("the tables are sound"));

fn again(section: &CodeSection) {
    if section.code().is_some() {
        assert_eq!(STATUTES.grammar.section(&section.to_string()).as_ref(), Some(section));
    }
}

fuzz_target!(|text: &str| {
    let grammar = &STATUTES.grammar;
    for coded in [grammar.parse(text), grammar.parse_comment(text)] {
        if let Coded::Offence(offence) = coded {
            assert!(!offence.sections().is_empty());
            offence.sections().iter().for_each(again);
            for set in STATUTES.sets() {
                // What is not certain says why.
                let membership = set.membership(&offence);
                assert_eq!(
                    membership.truth.is_unknown(),
                    membership.why.is_some(),
                    "{}: {offence}",
                    set.name()
                );
            }
        }
    }
    for set in STATUTES.sets() {
        let found = grammar.mentions(text, set);
        for (at, section) in found.iter().enumerate() {
            again(section);
            assert!(!set.membership(&Offence::of(section.clone())).truth.is_no());
            assert!(!found[..at].contains(section));
        }
    }
});
