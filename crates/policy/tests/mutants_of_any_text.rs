//! Whatever the text, its mutants have their place in it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{VOCABULARY, document, rule};
use proptest::prelude::*;
use vacatur_policy::{Alternatives, Mutant, MutantKind, Policy, mutants};

fn all(document: &str) -> Vec<Mutant> {
    let alternatives = Alternatives { vocabulary: &VOCABULARY, tables: vec!["one", "two"], nothing: "PC 0" };
    mutants(document, &MutantKind::ALL, &alternatives)
}

const PIECES: &[&str] = &[
    "```rule r\n",
    "```sections\n",
    "```parameters\n",
    "```scope\n",
    "```test t\n",
    "```\n",
    "````\n",
    "\n",
    "    ",
    "when ",
    "then ",
    "otherwise\n",
    "if unknown ",
    "assume ",
    "yes ",
    "no ",
    "any ",
    "every ",
    "charge ",
    "convictions ",
    "registration ",
    "where ",
    "has ",
    "count",
    "(",
    ")",
    ",",
    ".",
    "and ",
    "or ",
    "not ",
    "in ",
    "is ",
    "set ",
    "on ",
    "before ",
    "after ",
    "at ",
    "least ",
    "years ",
    "from ",
    "plus ",
    "minus ",
    "person.",
    "conviction.",
    "date ",
    "itself ",
    "deceased ",
    "listed ",
    "listed = ",
    "table one",
    "HS 11357(a)",
    "attempts ",
    "count ",
    "do not count",
    "é",
    "“",
    "\"",
    "≥",
    "<",
    "=",
    "10 ",
    "2147483647 ",
    "2016-11-09 ",
    "9999-12-31 ",
    "-9999-01-01 ",
    "a: flag = no",
    "b: number = 5, from 1 to 9",
    "c: one of x, y = x",
    "#",
    "\r\n",
    "\u{2013}",
    "felony ",
    "dismiss ",
];

fn piece() -> impl Strategy<Value = String> {
    prop_oneof![9 => prop::sample::select(PIECES).prop_map(str::to_owned), 1 => any::<String>()]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any text has mutants or none; each has a place in it, and differs from it.
    #[test]
    fn any_text_has_mutants_within_it(pieces in prop::collection::vec(piece(), 0..60)) {
        let text = pieces.concat();
        for mutant in all(&text) {
            prop_assert!(mutant.span.start <= mutant.span.end && mutant.span.end <= text.len());
            prop_assert!(text.is_char_boundary(mutant.span.start) && text.is_char_boundary(mutant.span.end));
            prop_assert_ne!(mutant.apply(&text), text.clone());
            prop_assert!(!mutant.says.is_empty() && !mutant.says.contains('\n'));
            let _ = Policy::parse(&mutant.apply(&text), &VOCABULARY);
        }
    }

    /// The same inside a rule of a sound document, where more of the words are read.
    #[test]
    fn any_condition_has_mutants_within_it(pieces in prop::collection::vec(piece(), 0..30)) {
        let when = pieces.concat().replace(['\n', '`'], " ");
        let text = document(&rule("one", &when));
        for mutant in all(&text) {
            prop_assert_ne!(mutant.apply(&text), text.clone());
        }
    }
}

/// Parentheses, quantifiers and joined parts without end: more than a document may have, and no more than a moment.
#[test]
fn hostile_conditions() {
    for when in [
        "(".repeat(200_000),
        "not ".repeat(200_000),
        "any charge where ".repeat(50_000),
        "count(charges where ".repeat(50_000),
        "attempt or ".repeat(20_000),
        ")".repeat(200_000),
    ] {
        let kinds = [MutantKind::DayBoundary, MutantKind::PartLeftOut];
        let alternatives = Alternatives { vocabulary: &VOCABULARY, tables: Vec::new(), nothing: "PC 0" };
        let _ = mutants(&document(&rule("one", &when)), &kinds, &alternatives);
    }
}
