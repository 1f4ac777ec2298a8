//! Section sets that depend on the day of the offence.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use vacatur_eligibility::{Compiled, VOCABULARY, run_cases};
use vacatur_policy::Policy;
use vacatur_statutes::Statutes;

/// A policy with a dated set, a set that is not, and these tests.
fn document(tests: &str) -> String {
    format!(
        "```policy
id: test
title: A test
jurisdiction: us-ca
authority: nobody
effective: always
source: this test
status: confirmed
```
```sections
possession = HS 11357
concentrate = HS 11357(a) from 1976-01-01 until 2016-11-09, HS 11359
    attempts do not count
registered = PC 290 from 1990-01-01
super-strikes = table super-strikes
```
```scope
when not conviction.section in super-strikes
cite A source
```
```rule registered
when any registration where section in registered
then not eligible
reason \"Registered\"
cite A source
```
```rule concentrate
when conviction.section in concentrate
then dismiss
reason \"Concentrate\"
cite A source
```
```rule several
when count(convictions where section in concentrate and not itself) at least 1
then refer to \"Counsel\"
reason \"Another count of concentrate\"
cite A source
```
```rule otherwise
otherwise
then reduce to misdemeanor
reason \"No concentrate\"
cite A source
```
{tests}"
    )
}

#[track_caller]
fn passes(tests: &str) {
    let text = document(tests);
    if let Err(errors) = Policy::parse(&text, &VOCABULARY) {
        panic!("{}", errors.iter().map(|error| error.render("test.md", &text)).collect::<String>());
    }
    let reports = run_cases(&text, &Statutes::us_ca().unwrap());
    assert!(!reports.is_empty());
    for report in reports {
        let failures: Vec<_> = report.failures.iter().map(|failure| &failure.message).collect();
        assert!(failures.is_empty(), "{}: {failures:?}", report.name);
    }
}

/// A test of one conviction of 2001 or later, for which somebody was arrested on `arrested`.
fn arrested(arrested: &str, expect: &str) -> String {
    format!(
        "```test Arrested {arrested}\nas of 2020-07-01\nA: convicted of 11357(A) HS, felony, on 2017-05-04\n\
         B: arrested for 11357(A) HS, on {arrested}, same case as A\nexpect A: {expect}\n```\n"
    )
}

#[test]
fn the_day_of_the_offence_decides() {
    let known = [
        ("1975-12-31", "reduce"),
        ("1976-01-01", "dismiss"),
        ("1976-01-02", "dismiss"),
        ("2016-11-08", "dismiss"),
        ("2016-11-09", "reduce"),
        ("2016-11-10", "reduce"),
        // A month or a year of which each day gives the same answer.
        ("1975-12", "reduce"),
        ("1976", "dismiss"),
        ("2016-10", "dismiss"),
        ("2017", "reduce"),
        // And one that does not.
        ("2016-11", "review, missing conviction date"),
        ("2016", "review, missing conviction date"),
    ];
    passes(&known.map(|(day, expect)| arrested(day, expect)).concat());
}

#[test]
fn without_an_arrest_the_offence_lies_before_the_conviction() {
    passes(
        "```test No arrest
as of 2020-07-01
A: convicted of 11357(A) HS, felony, on 2010-05-04
B: convicted of 11357(A) HS, felony
expect A: review, missing conviction date
expect B: review, missing conviction date
```
```test No arrest, and a conviction from before the letter
as of 2020-07-01
A: convicted of 11357(A) HS, felony, on 1975-12-31
expect A: reduce
```
",
    );
}

/// Of two arrests of one cycle one has no date. It may be the later one, so that the other settles nothing.
#[test]
fn an_arrest_without_a_date_leaves_the_day_of_the_offence_open() {
    passes(
        "```test Two arrests, one of them without a date
as of 2020-07-01
A: convicted of 11357(A) HS, felony, on 2017-05-04, arrested on 2015-01-04
B: arrested for 11357(A) HS, same cycle as A
C: convicted of 11357(A) HS, felony, on 2016-05-04, arrested on 2015-01-04
expect A: review, missing conviction date
expect C: dismiss
```
",
    );
}

#[test]
fn what_is_certain_on_every_day_needs_none() {
    passes(
        "```test Sections of which the day says nothing
as of 2020-07-01
A: convicted of 11359 HS, felony
expect A: dismiss
```
```test Sections that were never listed
as of 2020-07-01
A: convicted of 11358 HS, felony
B: convicted of 664/11357(A) HS, felony
expect A: reduce
expect B: reduce
```
",
    );
}

#[test]
fn a_section_that_cannot_be_told_is_missing_as_the_section() {
    let missing = |offence: &str, arrested: &str, expect: &str| {
        format!(
            "```test {offence} {arrested}\nas of 2020-07-01\nA: convicted of {offence}, felony, on 2017-05-04\n\
             B: arrested for {offence}, on {arrested}, same case as A\nexpect A: {expect}\n```\n"
        )
    };
    passes(
        &[
            missing("11357 HS", "2000-01-01", "review, missing section"),
            missing("an unreadable section", "2000-01-01", "review, missing section"),
            // The day would settle it, and so would the subdivision.
            missing("11357 HS", "2016-11", "review, missing section"),
            missing("11357 HS", "2016-11", "review, missing conviction date"),
            missing("11357 HS", "1970-01-01", "reduce"),
        ]
        .concat(),
    );
    // Where the day is known the date is not asked for, where the letter is known the section is not.
    let lacks = |test: String, missing: &str| {
        let text = document(&test);
        let reports = run_cases(&text, &Statutes::us_ca().unwrap());
        assert_eq!(reports[0].failures.len(), 1, "{missing} is said to be missing");
    };
    lacks(missing("11357 HS", "2000-01-01", "review, missing conviction date"), "conviction date");
    lacks(arrested("2016", "review, missing section"), "section");
}

#[test]
fn each_member_of_a_quantifier_has_its_own_day() {
    passes(
        "```test Two counts of two times
as of 2020-07-01
A: convicted of 11357(A) HS, felony, on 2015-05-04
B: arrested for 11357(A) HS, on 2015-01-04, same case as A
C: convicted of 11357(A) HS, felony, on 2018-05-04
D: arrested for 11357(A) HS, on 2018-01-04, same case as C
E: convicted of 11358 HS, felony, on 2018-05-04
expect A: dismiss
expect C: refer
expect E: refer
```
",
    );
}

#[test]
fn a_registration_is_read_on_its_own_day() {
    passes(
        "```test Before
as of 2020-07-01
registered 290 PC on 1989-12-31
A: convicted of 11358 HS, felony, on 2010-05-04
expect A: reduce
```
```test On the day
as of 2020-07-01
registered 290 PC on 1990-01-01
A: convicted of 11358 HS, felony, on 2010-05-04
expect A: not eligible
```
```test On an unknown day
as of 2020-07-01
registered 290 PC on unknown
A: convicted of 11358 HS, felony, on 2010-05-04
expect A: review, missing registration date
```
",
    );
}

fn compiled(text: &str) -> Compiled {
    let (policy, _) = Policy::parse(text, &VOCABULARY).unwrap();
    let values = policy.values([]).unwrap();
    Compiled::new(policy, values, &Statutes::us_ca().unwrap()).unwrap()
}

#[test]
fn a_dated_set_uses_the_day_of_the_offence() {
    assert!(compiled(&document("")).uses_offence_date());
    let undated =
        document("").replace(" from 1976-01-01 until 2016-11-09", "").replace(" from 1990-01-01", "");
    assert!(!compiled(&undated).uses_offence_date());
    // A dated set that no condition asks for.
    let unused = document("").replace(
        "concentrate = HS 11357(a) from 1976-01-01 until 2016-11-09, HS 11359",
        "concentrate = HS 11357(a)\nunused = HS 11358 from 1976-01-01",
    );
    let unused = unused.replace(" from 1990-01-01", "");
    assert!(!compiled(&unused).uses_offence_date());
}

#[test]
fn an_explanation_shows_the_day() {
    let text = document(&arrested("2000-01-01", "review"));
    let reports = run_cases(&text, &Statutes::us_ca().unwrap());
    let account = reports[0].failures[0].account.as_ref().unwrap().text();
    let line = account.lines().find(|line| line.contains("offence date")).unwrap();
    assert!(line.contains("2000-01-01") && line.contains("arrest"), "{line}");
}
