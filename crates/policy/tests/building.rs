//! A document that builds on another: what it takes over, and what it does not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{HEADING, VOCABULARY, document, rule};
use vacatur_policy::{Decides, Mode, Policy};

fn names(policy: &Policy) -> Vec<&str> {
    policy.rules.iter().map(|rule| rule.name.as_str()).collect()
}

/// The policy of a document that builds on the last of `library`, each of which builds on the one before it.
#[track_caller]
fn policy(text: &str, library: &[(&str, String)]) -> Policy {
    let find = |name: &str| Some(library.iter().find(|(known, _)| *known == name)?.1.clone());
    match Policy::parse_with(text, &VOCABULARY, &find) {
        Ok((policy, _)) => policy,
        Err(errors) => {
            panic!("{}", errors.iter().map(|error| error.render("policy.md", text)).collect::<String>())
        }
    }
}

fn base(heading: &str, blocks: &str) -> (&'static str, String) {
    ("base", document(blocks).replace("id: test", &format!("id: base\n{heading}")))
}

fn building_on(base: &str, blocks: &str) -> String {
    [&HEADING.replace("id: test", &format!("id: test\nbuilds on: {base}")), blocks].concat()
}

fn placed(name: &str, place: &str) -> String {
    rule(name, "conviction.attempt").replace("when", &format!("{place}\nwhen"))
}

/// How rules come to one outcome, and what is decided, is the base's, unless the document says so itself. Else a
/// document that changes one reason would turn the best of all rules into the first of them.
#[test]
fn mode_and_what_is_decided_are_taken_over() {
    let base = base("mode: best of\ndecides: charges", &rule("one", "person.deceased"));
    let taken = policy(&building_on("base", ""), std::slice::from_ref(&base));
    assert_eq!((taken.heading.mode, taken.heading.decides), (Mode::BestOf, Decides::Charges));
    let own = building_on("base", "").replace("status", "mode: first match\nstatus");
    let own = policy(&own, std::slice::from_ref(&base));
    assert_eq!((own.heading.mode, own.heading.decides), (Mode::FirstMatch, Decides::Charges));
    // And through a document between them.
    let middle = ("middle", building_on("base", "").replace("id: test", "id: middle"));
    let last = policy(&building_on("middle", ""), &[base, middle]);
    assert_eq!((last.heading.mode, last.heading.decides), (Mode::BestOf, Decides::Charges));
}

#[test]
fn rules_stand_where_they_say() {
    let base = base("", &(rule("one", "person.deceased") + &rule("two", "person.deceased")));
    let blocks = [
        placed("new", "before two"),
        placed("newer", "after new"),
        placed("uno", "replaces one"),
        "```without two\nbecause \"The office has none of it\"\n```\n".into(),
    ]
    .concat();
    let policy = policy(&building_on("base", &blocks), &[base]);
    assert_eq!(names(&policy), ["uno", "new", "newer", "otherwise"]);
    assert_eq!(policy.rules[0].replaces.as_deref(), Some("one"));
    assert_eq!(policy.removed[0].rule, "two");
    let from: Vec<Option<&str>> = policy.rules.iter().map(|rule| policy.taken_from(rule)).collect();
    assert_eq!(from, [None, None, None, Some("base")]);
}

/// A definition of the same name takes the place of the base's, wherever that is named; and it can name those that stand
/// above it in its own document.
#[test]
fn definitions_take_the_place_of_those_below() {
    let blocks =
        "```definitions\nbad means attempt\nworse means bad\n```\n".to_owned() + &rule("one", "worse");
    let base = base("", &blocks);
    let own = "```definitions\nrare means person.deceased\nbad means rare or attempt\n```\n";
    let policy = policy(&building_on("base", own), &[base]);
    assert_eq!(names(&policy), ["one", "otherwise"]);
}

/// The tests of the document below are about that one. They are not run again.
#[test]
fn tests_are_not_taken_over() {
    let test = "```test One\nas of 2020-07-01\nA: convicted of 11357 HS\nexpect A: review\n```\n";
    let base = base("", test);
    assert_eq!(policy(&base.1, &[]).cases.len(), 1);
    assert!(policy(&building_on("base", ""), &[base]).cases.is_empty());
}

/// What is signed is all that decides: another base, another hash.
#[test]
fn the_hash_is_of_all_documents() {
    let one = policy(&building_on("base", ""), &[base("", "")]);
    let other = policy(&building_on("base", ""), &[base("", "A word of prose.\n\n")]);
    assert_ne!(one.hash(), other.hash());
    assert_eq!(one.text(), other.text());
}
