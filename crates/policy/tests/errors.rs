//! Bad documents in, rendered errors out: each with its line, a caret, and what to do about it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{HEADING, OTHERWISE, SCOPE, SECTIONS, VOCABULARY, document, rule};
use vacatur_policy::Policy;

const PARAMETERS: &str = "```parameters
age: number or off = 50, from 40 to 65
youth: one of \"today\", \"conviction\" = \"today\"
some: sections of HS 11357, HS 11358 = none
```
";

/// A document with a block of parameters.
fn parameters(entries: &str) -> String {
    document(&format!("```parameters\n{entries}\n```\n"))
}

/// A document with a test.
fn test(lines: &str) -> String {
    document(&format!("```test A test\n{lines}\n```\n"))
}

/// A document whose first rule lacks a line.
fn without(line: &str) -> String {
    document(&rule("one", "person.deceased").replace(line, ""))
}

/// All errors of a document as they are shown.
fn errors(document: &str) -> String {
    match Policy::parse(document, &VOCABULARY) {
        Ok(_) => panic!("it passed its check"),
        Err(errors) => errors.iter().map(|error| error.render("policy.md", document)).collect(),
    }
}

macro_rules! rendered {
    ($($group:ident: $($what:literal = $document:expr;)+)+) => {$(
        #[test]
        fn $group() {
            let shown = [$(format!("# {}\n\n{}", $what, errors(&$document))),+];
            insta::with_settings!({ omit_expression => true }, {
                insta::assert_snapshot!(stringify!($group), shown.join("\n"));
            });
        }
    )+};
}

rendered! {
    names:
    "unknown fact" = document(&rule("one", "person.deceasd"));
    "unknown fact of a conviction" = document(&rule("one", "conviction.levl is felony"));
    "fact without its first word" = document(&rule("one", "deceased"));
    "unknown set" = document(&rule("one", "conviction.section in lysted"));
    "unknown set without any" = document(&rule("one", "conviction.section in listed")).replace(SECTIONS, "");
    "unknown parameter" = document(&rule("one", "agee is set"));
    "unknown parameter with a near one" = document(&format!("{}{}", PARAMETERS, rule("one", "years from person.birth-date to as-of >= agee")));
    "unknown parameter in a reason" = document(&format!("{}{}", PARAMETERS, rule("one", "person.deceased").replace("Because", "{agee} or older")));
    "no such choice" = document(&format!("{}{}", PARAMETERS, rule("one", "youth is \"tomorrow\"")));

    types:
    "date against number" = document(&rule("one", "conviction.date >= 10"));
    "number against date" = document(&rule("one", "years from person.birth-date to as-of before 2016-11-09"));
    "level as a date" = document(&rule("one", "conviction.date before conviction.level"));
    "flag as a date" = document(&rule("one", "years from person.deceased to as-of > 3"));
    "no such level" = document(&rule("one", "conviction.level is grave"));
    "no such day" = document(&rule("one", "conviction.date before 2015-02-29"));
    "number too large" = document(&rule("one", "years from person.birth-date to as-of > 99999999999"));
    "sections as a condition" = document(&format!("{}{}", PARAMETERS, rule("one", "some")));

    conditions:
    "unclosed quote" = document(&rule("one", "conviction.county is \"YOLO"));
    "unclosed parenthesis" = document(&rule("one", "(person.deceased or conviction.attempt"));
    "parenthesis too many" = document(&rule("one", "person.deceased)"));
    "two conditions unjoined" = document(&rule("one", "person.deceased conviction.attempt"));
    "condition that ends early" = document(&rule("one", "person.deceased and"));
    "too deep in parentheses" = document(&rule("one", &format!("{}person.deceased{}", "(".repeat(41), ")".repeat(41))));
    "too deep in not" = document(&rule("one", &format!("{}person.deceased", "not ".repeat(41))));
    "or after where" = document(&rule("one", "any conviction where section in listed or level is felony"));
    "fact after the where has ended" = document(&rule("one", "any conviction where attempt or level is felony"));
    "quantifier over nothing" = document(&rule("one", "any person where date before as-of"));
    "has after any" = document(&rule("one", "any conviction has level is felony"));

    rules:
    "missing citation" = without("cite A source\n");
    "missing reason" = without("reason \"Because\"\n");
    "missing then" = without("then dismiss\n");
    "missing when" = without("when person.deceased\n");
    "missing otherwise" = document(&rule("one", "person.deceased")).replace(OTHERWISE, "");

    "two rules of one name" = document(&(rule("one", "person.deceased") + &rule("one", "conviction.attempt")));
    "rule without a name" = document(&rule("", "person.deceased"));
    "no rule" = [HEADING, SECTIONS, SCOPE].concat();
    "key given twice" = document(&rule("one", "person.deceased").replace("then dismiss", "then dismiss\nthen review"));
    "key misspelt" = document(&rule("one", "person.deceased").replace("reason", "raeson"));
    "bad outcome" = document(&rule("one", "person.deceased").replace("then dismiss", "then dismis"));
    "bad outcome like none" = document(&rule("one", "person.deceased").replace("then dismiss", "then ask the judge"));
    "assumption without a reason" = document(&rule("one", "person.deceased").replace("then", "if unknown assume no\nthen"));
    "assumption of neither" = document(&rule("one", "person.deceased").replace("then", "if unknown assume maybe because \"Who knows\"\nthen"));
    "unknown status of a citation" = document(&rule("one", "person.deceased").replace("cite A source", "cite A source [sure]"));

    parameters_and_sections:
    "default out of range" = parameters("age: number = 70, from 40 to 65");
    "range the wrong way round" = parameters("age: number = 50, from 65 to 40");
    "number without a range" = parameters("age: number = 50");
    "parameter twice" = parameters("age: number = 50, from 40 to 65\nseal: flag = no\nage: flag = no");
    "reserved parameter name" = parameters("years: number = 50, from 40 to 65");
    "parameter of no kind" = parameters("seal: flagg = no");
    "parameter without a default" = parameters("seal: flag");
    "section twice" = document("```sections\nlisted = HS 11360\n```\n");
    "set without a section" = document("```sections\nmore = HS 11360,, HS 11357\n```\n");
    "listed from no day" = document("```sections\nmore = HS 11360 from, HS 11357\n```\n");
    "listed until a year" = document("```sections\nmore = HS 11360 until 2016\n```\n");
    "listed until no day of the calendar" = document("```sections\nmore = HS 11360 until 2015-02-29\n```\n");
    "listed until before it is" = document("```sections\nmore = HS 11360 from 2016-11-09 until 2016-11-09\n```\n");
    "listed from two days" = document("```sections\nmore = HS 11360 from 2016-11-09 from 2016-11-10\n```\n");
    "days of no section" = document("```sections\nmore = HS 11357, from 2016-11-09\n```\n");
    "two sections without a comma" = document("```sections\nmore = HS 11357 from 1976-01-01 HS 11359\n```\n");
    "set that treats attempts otherwise" = document("```sections\nmore = HS 11360\n    attempts sometimes\n```\n");

    documents:
    "unknown fence" = document("```rul one\nwhen person.deceased\n```\n");
    "unknown fence like none" = document("```python\nprint()\n```\n");
    "unclosed fence" = document("") + "```rule last\nwhen person.deceased\n";
    "indented first line" = document("```rule one\n  when person.deceased\nthen dismiss\nreason \"Because\"\ncite A source\n```\n");
    "missing scope" = document("").replace(SCOPE, "");
    "two scopes" = document(SCOPE);
    "scope without a source" = document("").replacen("cite A source\n", "", 1);
    "scope without a condition" = document("").replace("when conviction.section in listed\n", "");
    "missing heading" = document("").replace(HEADING, "");
    "two headings" = document(HEADING);
    "heading without a source" = document("").replace("source: this test\n", "");
    "heading with a key misspelt" = document("").replace("authority:", "authorty:");
    "unknown status" = document("").replace("status: confirmed", "status: sure");
    "empty" = "";
    "carriage returns" = document(&rule("one", "person.deceasd")).replace('\n', "\r\n");

    tests:
    "test without as of" = test("A: convicted of 11357 HS\nexpect A: review");
    "test that expects nothing" = test("as of 2020-07-01\nA: convicted of 11357 HS");
    "test without a name" = document("```test\nas of 2020-07-01\n```\n");
    "expectation of an unknown label" = test("as of 2020-07-01\nA: convicted of 11357 HS\nexpect B: review");
    "expectation of no outcome" = test("as of 2020-07-01\nA: convicted of 11357 HS\nexpect A: freedom");
    "expectation of nothing missing" = test("as of 2020-07-01\nA: convicted of 11357 HS\nexpect A: review, missing birthday");
    "test with half a date" = test("as of 2020-07\nA: convicted of 11357 HS\nexpect A: review");
    "count that begins otherwise" = test("as of 2020-07-01\nA: guilty of 11357 HS\nexpect A: review");
    "clause that means nothing" = test("as of 2020-07-01\nA: convicted of 11357 HS, grave\nexpect A: review");
    "line that means nothing" = test("as of 2020-07-01\nB convicted of 11357 HS");

    word_processors:
    "curly quotes unclosed" = document(&rule("one", "conviction.county is “YOLO"));
    "section sign" = document(&rule("one", "conviction.section in § 11357"));
    "en dash for minus" = document(&rule("one", "conviction.date – 10 years before as-of"));
}

#[test]
fn a_document_of_five_megabytes_is_refused_at_once() {
    // Of errors: were it read, there would be more than a million of them.
    let text = "```x\n".repeat(1 << 20);
    let found = Policy::parse(&text, &VOCABULARY).map(|_| ()).unwrap_err();
    let shown: String = found.iter().map(|error| error.render("policy.md", &text)).collect();
    insta::assert_snapshot!(shown, @r"
    error: this document has 5242880 bytes; a policy has at most 1048576
     --> policy.md:1:1
      |
    1 | ```x
      | ^
    ");
}

#[test]
fn what_a_word_processor_makes_of_plain_signs_is_read_as_plain() {
    let plain = document(&rule(
        "one",
        "conviction.county is \"YOLO\" and years from person.birth-date to as-of >= 50",
    ));
    let typeset =
        plain.replace("\"YOLO\"", "“YOLO”").replace("birth-date", "birth\u{2011}date").replace(">=", "≥");
    let typeset = typeset.replace("years from", "years\u{a0}from").replace("\"Because\"", "“Because”");
    let read = |text: &str| {
        Policy::parse(text, &VOCABULARY).map(|(policy, _)| policy).map_err(|_| errors(text)).unwrap()
    };
    let (plain, typeset) = (read(&plain), read(&typeset));
    assert_eq!(plain.rules[0].reason, typeset.rules[0].reason);
    // In words, there is nothing between the conditions but the signs themselves.
    let words = |policy: &Policy| policy.condition_text(vacatur_policy::RuleIx(0)).unwrap();
    assert_eq!(
        words(&plain).replace('"', ""),
        words(&typeset).replace(['“', '”'], "").replace('\u{2011}', "-").replace('≥', ">=")
    );
}

#[test]
fn carriage_returns_make_no_difference() {
    let plain = document(&rule("one", "person.deceased\n  and conviction.attempt"));
    let returns = plain.replace('\n', "\r\n");
    let read = |text: &str| {
        Policy::parse(text, &VOCABULARY).map(|(policy, _)| policy).map_err(|_| errors(text)).unwrap()
    };
    let (plain, returns) = (read(&plain), read(&returns));
    for (one, two) in plain.rules.iter().zip(&returns.rules) {
        assert_eq!(
            (&one.name, &one.outcome, &one.reason, &one.cite),
            (&two.name, &two.outcome, &two.reason, &two.cite)
        );
    }
    assert_eq!(plain.heading.status, returns.heading.status);
    // Not the same bytes: not the same document to sign.
    assert_ne!(plain.hash(), returns.hash());
}

#[test]
fn every_error_is_reported_and_in_the_order_of_the_text() {
    let text = document(
        &[rule("one", "person.deceasd"), rule("two", "conviction.attempt").replace("then dismiss\n", "")]
            .concat(),
    )
    .replace("status: confirmed", "status: sure");
    let found = Policy::parse(&text, &VOCABULARY).map(|_| ()).unwrap_err();
    let starts: Vec<usize> = found.iter().map(|error| error.span.start).collect();
    assert_eq!(starts.len(), 3, "{}", errors(&text));
    assert!(starts.is_sorted());
}

#[test]
fn an_unconfirmed_source_is_a_remark() {
    let text =
        document(&rule("one", "person.deceased").replace("cite A source", "cite A source [unconfirmed]"));
    let (_, remarks) = Policy::parse(&text, &VOCABULARY).map_err(|_| errors(&text)).unwrap();
    let shown: String = remarks.iter().map(|remark| remark.render("policy.md", &text)).collect();
    insta::assert_snapshot!(shown, @r"
    warning: the rule `one` rests on a source nobody has read: A source
      --> policy.md:17:1
       |
    17 | ```rule one
       | ^^^^^^^^^^^
       = read the official text, then write [confirmed] after the citation
    ");
}
