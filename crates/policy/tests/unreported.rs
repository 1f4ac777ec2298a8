//! What a document gets wrong and must be told of: else it would run, and do something other than it says. And what is
//! right, though a word processor wrote it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{VOCABULARY, document, rule};
use vacatur_policy::Policy;

fn passes(text: &str) -> bool {
    Policy::parse(text, &VOCABULARY).is_ok()
}

/// `otherwise` takes no condition. One that is written behind it would be passed over.
#[test]
fn a_condition_behind_otherwise() {
    assert!(passes(&document("")));
    let text = document("").replace("otherwise\nthen", "otherwise person.deceased\nthen");
    assert!(!passes(&text), "the words behind `otherwise` are passed over without an error");
}

/// Of two conditions of a scope only the last would be asked.
#[test]
fn two_conditions_of_a_scope() {
    let text = document("").replace(
        "when conviction.section in listed\n",
        "when conviction.section in listed\nwhen conviction.attempt\n",
    );
    assert!(!passes(&text), "of two `when` in a scope the first is passed over without an error");
}

/// Of two titles only the first would be printed.
#[test]
fn two_titles() {
    let text = document("").replace("title: A test\n", "title: A test\ntitle: Another\n");
    assert!(!passes(&text), "of two titles the second is passed over without an error");
}

/// `in listed` would mean the block's set, and what an office sets would have no effect.
#[test]
fn a_parameter_named_as_a_section_set() {
    let named = |name: &str| document(&format!("```parameters\n{name}: sections of HS 11359 = none\n```\n"));
    assert!(passes(&named("others")));
    assert!(!passes(&named("listed")), "a parameter is hidden by a section set of its name without an error");
}

/// Inside `where`, `itself` would mean the parameter, and no longer the fact.
#[test]
fn a_parameter_named_as_a_fact() {
    let facts = ["itself: flag = no", "attempt: flag = no", "date: date = 2016-11-09"];
    let passed: Vec<&str> = facts
        .into_iter()
        .filter(|entry| passes(&document(&format!("```parameters\n{entry}\n```\n"))))
        .collect();
    assert!(passed.is_empty(), "parameters hide facts without an error: {passed:?}");
}

/// The lists could then share sections after all.
#[test]
fn apart_from_a_parameter_that_does_not_exist() {
    let lists = |apart: &str| {
        document(&format!(
            "```parameters\ndismissed: sections of HS 11357 = none\nreduced: sections of HS 11357 = none\n    apart from {apart}\n```\n"
        ))
    };
    assert!(passes(&lists("dismissed")));
    assert!(
        !passes(&lists("dismised")),
        "`apart from` a name that is no parameter is passed over without an error"
    );
}

/// An options file would set one of them, and leave the other at its default.
#[test]
fn two_parameters_of_one_option() {
    let options = |two: &str| {
        document(&format!(
            "```parameters\none: flag = no\n    option key\ntwo: flag = no\n    option {two}\n```\n"
        ))
    };
    assert!(passes(&options("other")));
    assert!(!passes(&options("key")), "two parameters have the same `option` without an error");
}

/// An expectation of the second would be held against the first.
#[test]
fn two_counts_of_one_label() {
    let counts = |two: &str| {
        let counts = format!("A: convicted of 11357 HS\n{two}: convicted of 11358 HS");
        document(&format!("```test Two counts\nas of 2020-07-01\n{counts}\nexpect A: review\n```\n"))
    };
    assert!(passes(&counts("B")));
    assert!(!passes(&counts("A")), "two counts have the same label without an error");
}

/// Of two days only the last would count.
#[test]
fn a_line_of_a_test_given_twice() {
    let test = |lines: &str| {
        document(&format!("```test Twice\n{lines}\nA: convicted of 11357 HS\nexpect A: review\n```\n"))
    };
    let day = "as of 2020-07-01";
    for line in ["born 1980-01-01", "died 2019-01-01"] {
        assert!(passes(&test(&format!("{day}\n{line}"))));
        assert!(
            !passes(&test(&format!("{day}\n{line}\n{line}"))),
            "`{line}` twice is passed without an error"
        );
    }
    assert!(!passes(&test(&format!("{day}\n{day}"))), "`{day}` twice is passed without an error");
}

/// A remark between the lines of a condition is no part of it.
#[test]
fn a_remark_between_the_lines_of_an_entry() {
    let text = document(&rule("one", "person.deceased\n# a remark\n  and conviction.attempt"));
    assert!(passes(&text), "a line that begins with `#` is read as a part of the condition");
    let text = document(
        &rule("one", "person.deceased").replace("cite A source", "cite A source,\n  # a remark\n  page 2"),
    );
    let (policy, _) = Policy::parse(&text, &VOCABULARY).unwrap();
    assert_eq!(policy.rules[0].cite[0].text(), "A source, page 2");
}

/// Word processors make long dashes and unbreakable hyphens of hyphens.
#[test]
fn dashes_of_a_word_processor() {
    for dash in ['\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}'] {
        let dashed = |when: &str| document(&rule("one", &when.replace('-', &dash.to_string())));
        assert!(
            passes(&dashed("years from person.birth-date to as-of > 3")),
            "{dash} in a word is not read as a hyphen"
        );
        assert!(
            passes(&dashed("conviction.date before 2016-11-09")),
            "{dash} in a date is not read as a hyphen"
        );
    }
}

/// The caret stands below the mistake: the line under it begins with the same tabs.
#[test]
fn a_caret_below_a_line_with_tabs() {
    let text = document(&rule("one", "person.deceased and\n\t\tconviction.atempt"));
    let errors = Policy::parse(&text, &VOCABULARY).map(|_| ()).unwrap_err();
    let shown = errors[0].render("policy.md", &text);
    let caret = shown.lines().find(|line| line.ends_with("^^^^^^")).unwrap();
    assert!(caret.contains("| \t\t           ^"), "{shown}");
}

/// The rule that comes too late is the one mistake. That nothing decides in the end is not so.
#[test]
fn a_rule_after_otherwise_is_one_mistake() {
    let text = document("") + &rule("late", "person.deceased");
    let errors = Policy::parse(&text, &VOCABULARY).map(|_| ()).unwrap_err();
    let messages: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
    assert_eq!(messages, ["the rule `late` can never fire: `otherwise` above it decides everything"]);
}
