//! Lists whose answer depends on the day of the offence.
#![allow(clippy::unwrap_used, clippy::panic)]

use proptest::prelude::*;
use std::sync::LazyLock;
use vacatur_records::{Date, DateSpan, Truth, date};
use vacatur_statutes::{CodeSection, Offence, SectionSet, Statutes};

static STATUTES: LazyLock<Statutes> = LazyLock::new(|| Statutes::us_ca().unwrap());

fn section(text: &str) -> CodeSection {
    STATUTES.grammar.section(text).unwrap()
}

/// Concentrate by the letter (a) of its time, and a section that was always listed.
fn concentrate() -> SectionSet {
    STATUTES.set_of_dated(&[
        (section("HS 11357(a)"), Some(date(1976, 1, 1)), Some(date(2016, 11, 9))),
        (section("HS 11359"), None, None),
    ])
}

/// The answers of the eras that `day` may lie in, without repetition.
fn answers(set: &SectionSet, text: &str, day: DateSpan) -> Vec<Truth> {
    let coded = STATUTES.grammar.parse(text);
    let offence = coded.offence().unwrap();
    let mut found: Vec<Truth> =
        set.eras_of(day).map(|era| set.in_era(era).membership(offence).truth).collect();
    found.dedup();
    found
}

#[test]
fn a_letter_counts_while_it_was_in_force() {
    let set = concentrate();
    assert!(set.is_dated());
    assert_eq!(set.eras(), [date(1976, 1, 1), date(2016, 11, 9)]);
    assert_eq!(set.name(), "HS 11357(a) from 1976-01-01 until 2016-11-09, HS 11359");
    let on = |y, m, d| answers(&set, "11357(A) HS", DateSpan::on(date(y, m, d)));
    assert_eq!(on(1975, 12, 31), [Truth::No]);
    assert_eq!(on(1976, 1, 1), [Truth::Yes]);
    assert_eq!(on(1976, 1, 2), [Truth::Yes]);
    assert_eq!(on(2016, 11, 8), [Truth::Yes]);
    assert_eq!(on(2016, 11, 9), [Truth::No]);
    assert_eq!(on(2016, 11, 10), [Truth::No]);
    // The number is known to mean this section only, dated or not.
    assert_eq!(answers(&set, "11357(A)", DateSpan::on(date(2000, 1, 1))), [Truth::Yes]);
}

#[test]
fn a_day_known_within_bounds_touches_several_eras() {
    let set = concentrate();
    let in_year = |text, year| answers(&set, text, DateSpan::year(year).unwrap());
    assert_eq!(in_year("11357(A) HS", 2000), [Truth::Yes]);
    assert_eq!(in_year("11357(A) HS", 2016), [Truth::Yes, Truth::No]);
    assert_eq!(in_year("11357 HS", 2016), [Truth::Unknown, Truth::No]);
    assert_eq!(in_year("11359 HS", 2016), [Truth::Yes]);
    assert_eq!(answers(&set, "11357(A) HS", DateSpan::UNKNOWN), [Truth::No, Truth::Yes, Truth::No]);
}

#[test]
fn a_list_without_days_is_not_dated() {
    let set = STATUTES.set_of(&[section("HS 11357(a)")]);
    assert!(!set.is_dated());
    assert_eq!(set.eras_of(DateSpan::UNKNOWN), 0..=0);
    assert_eq!(set.in_era(0).entries().len(), 1);
    // Entries with days do not make a table dated; the table says so.
    assert!(!STATUTES.set("cannabis").unwrap().is_dated());
}

#[test]
fn an_era_is_no_longer_dated_and_keeps_the_rest() {
    let set = concentrate();
    let era = set.in_era(1);
    assert!(!era.is_dated());
    assert_eq!(era.name(), set.name());
    assert_eq!(era.entries().len(), 2);
    assert_eq!(set.in_era(0).entries().len(), 1);
    // Past the last is the last.
    assert_eq!(set.in_era(9).entries().len(), set.in_era(2).entries().len());
}

/// Every line is `text in list on days => yes, no or unknown`, with the doubt in brackets; the days are one day or a year.
#[track_caller]
fn check(lines: &str) {
    let mut wrong = Vec::new();
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (question, expected) = line.split_once(" => ").unwrap();
        let (question, day) = question.trim().rsplit_once(" on ").unwrap();
        let (text, list) = question.rsplit_once(" in ").unwrap();
        let day = match day.parse::<Date>() {
            Ok(day) => DateSpan::on(day),
            Err(_) => DateSpan::year(day.parse().unwrap()).unwrap(),
        };
        let coded = STATUTES.grammar.parse(text.trim());
        let offence = coded.offence().unwrap_or_else(|| panic!("{text} cannot be read"));
        let set = STATUTES.set(list).unwrap();
        let mut got = Vec::new();
        for era in set.eras_of(day) {
            let answer = set.in_era(era).membership(offence);
            let why = answer.why.map(|why| format!(" ({why})")).unwrap_or_default();
            got.push(format!("{}{why}", answer.truth.word()));
        }
        got.dedup();
        if got.join(", ") != expected.trim() {
            wrong.push(format!("{question} on {day} => {}, expected {expected}", got.join(", ")));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn possession_by_the_letters_of_its_day() {
    check(
        "11357(A) HS in possession-of-concentrate on 1975-12-31        => no
        11357(A) HS  in possession-of-concentrate on 1976-01-01        => yes
        11357(A) HS  in possession-of-concentrate on 2016-11-08        => yes
        11357(A) HS  in possession-of-concentrate on 2016-11-09        => no
        11357(A) HS  in possession-of-concentrate on 2016              => yes, no
        11357(A)     in possession-of-concentrate on 2000              => yes
        11357(B) HS  in possession-of-concentrate on 2000              => no
        11357 HS     in possession-of-concentrate on 2000              => unknown (the record does not give the subdivision)
        11357 HS     in possession-of-concentrate on 1975              => no
        664-11357(A) HS in possession-of-concentrate on 2000           => unknown (it is an attempt)
        11357(B) HS  in possession-of-an-ounce-or-less on 1976-01-01   => yes
        11357(B) HS  in possession-of-an-ounce-or-less on 2016-11-09   => no
        11357(B)(2) HS in possession-of-an-ounce-or-less on 2016-11-09 => no
        11357(C) HS  in possession-of-more-than-an-ounce on 1976-01-01 => yes
        11357(C) HS  in possession-of-more-than-an-ounce on 2016-11-08 => yes
        11357(C) HS  in possession-of-more-than-an-ounce on 2016-11-09 => no
        11357(D) HS  in possession-at-school on 2016-11-08             => yes
        11357(E) HS  in possession-at-school on 2016-11-08             => yes
        11357(D) HS  in possession-at-school on 2016-11-09             => no
        11357(C) HS  in possession-at-school on 2000                   => no
        11357 HS     in possession-without-subdivision on 1974         => yes
        11357(C) HS  in possession-without-subdivision on 1975-12-31   => yes
        11357(C) HS  in possession-without-subdivision on 1976-01-01   => no
        11357 HS     in possession-without-subdivision on 1976-01-01   => yes
        11357 HS     in possession-without-subdivision on 1970         => yes
        11357 HS     in possession-without-subdivision on 2016-11-08   => yes
        11357 HS     in possession-without-subdivision on 2016-11-09   => no
        11530 HS     in possession-without-subdivision on 1970         => no
        11357.5 HS   in possession-without-subdivision on 2000         => no",
    );
}

#[test]
fn other_cannabis_offences_before_the_measure() {
    check(
        "11358 HS    in cultivation on 2016-11-08         => yes
        11358 HS     in cultivation on 2016-11-09         => no
        11358(C) HS  in cultivation on 2000               => yes
        182/11358 HS in cultivation on 2000               => unknown (it is a conspiracy)
        11359 HS     in possession-for-sale on 1980       => yes
        11359(B) HS  in possession-for-sale on 2017       => no
        11358 HS     in possession-for-sale on 1980       => no
        11360(A) HS  in sale-or-transport on 2016-11-08   => yes
        11360(A)(2) HS in sale-or-transport on 2016-11-09 => no
        11360 HS     in sale-or-transport on 2000         => unknown (the record does not give the subdivision)
        11360 HS     in sale-or-transport on 2017         => no
        11360(B) HS  in sale-or-transport on 2000         => no
        11360(B) HS  in gift-or-transport-of-an-ounce on 2000 => yes
        11360(B) HS  in gift-or-transport-of-an-ounce on 2016-11-09 => no
        11360 HS     in gift-or-transport-of-an-ounce on 2000 => unknown (the record does not give the subdivision)",
    );
}

#[test]
fn assault_by_the_words_of_its_day() {
    check(
        "245(A)(1) PC in serious-felonies on 2012-01-01 => yes
        245(A)(1) PC  in serious-felonies on 2011-12-31 => unknown (it depends on a deadly weapon, rather than force likely to produce great bodily injury)
        245(A)(4) PC  in serious-felonies on 2012-01-01 => no
        245(A)(2) PC  in serious-felonies on 2011       => yes
        245 PC        in serious-felonies on 2011       => unknown (the record does not give the subdivision)
        664/245(A)(1) PC in serious-felonies on 2012    => no",
    );
}

const HEAD: &str = "[[table]]\nname = 'list'\ntitle = 'T'\njurisdiction = 'J'\nnote = 'N'\ncite = 'C'\nsource = 'S'\nstatus = 'observed'\n";

fn read(table: &str) -> Result<Statutes, String> {
    let codes = include_str!("../../../statutes/us-ca/codes.toml");
    Statutes::parse(&[("codes.toml", codes), ("x.toml", &format!("{HEAD}{table}"))])
        .map_err(|error| error.to_string())
}

#[test]
fn a_table_says_that_it_is_dated() {
    let entry = "[[table.entry]]\nsection = 'PC 245(a)(4)'\ntitle = 'E'\n";
    let statutes = read(&format!("dated = true\n{entry}from = 2012-01-01\n")).unwrap();
    assert_eq!(statutes.set("list").unwrap().eras(), [date(2012, 1, 1)]);
    let undated = read(&format!("{entry}from = 2012-01-01\n")).unwrap();
    assert!(!undated.set("list").unwrap().is_dated());
    assert_eq!(
        read(&format!("dated = true\n{entry}")).unwrap_err(),
        "x.toml: list: dated, and no entry has `from` or `until`"
    );
    assert!(read(&format!("dated = 'yes'\n{entry}")).is_err());
}

/// Days around the breakpoints of the lists below.
fn day() -> impl Strategy<Value = Date> {
    (1970i16..1980, 1i8..=12).prop_map(|(year, month)| date(year, month, 1))
}

type Listed = (CodeSection, Option<Date>, Option<Date>);

fn listed() -> impl Strategy<Value = Vec<Listed>> {
    let section =
        prop::sample::select(vec!["HS 11357", "HS 11357(a)", "HS 11357(b)", "PC 32"]).prop_map(section);
    let one = (section, prop::option::of(day()), prop::option::of(day()));
    // A section that ends before it begins was never listed; a table with one does not load.
    let one = one.prop_filter("in order", |(_, from, until)| match (from, until) {
        (Some(from), Some(until)) => from < until,
        _ => true,
    });
    prop::collection::vec(one, 0..5)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    /// On any day the era answers like a list of the sections that stood there on that day.
    #[test]
    fn an_era_is_the_list_of_each_of_its_days(
        listed in listed(),
        day in day(),
        text in prop::sample::select(vec!["11357 HS", "11357(A) HS", "11357(B)(2) HS", "32 PC", "664/11357(A) HS"]),
    ) {
        let set = SectionSet::of_dated(&listed);
        let in_force: Vec<CodeSection> = listed
            .iter()
            .filter(|(_, from, until)| from.is_none_or(|from| from <= day) && until.is_none_or(|until| day < until))
            .map(|(section, ..)| section.clone())
            .collect();
        let coded = STATUTES.grammar.parse(text);
        let offence: &Offence = coded.offence().unwrap();
        let eras = set.eras_of(DateSpan::on(day));
        prop_assert_eq!(eras.start(), eras.end());
        let by_era = set.in_era(*eras.start()).membership(offence);
        prop_assert_eq!(by_era, SectionSet::of(&in_force).membership(offence));
    }

    /// A span touches the eras of its days and no others.
    #[test]
    fn a_span_touches_the_eras_of_its_days(listed in listed(), one in day(), two in day()) {
        let set = SectionSet::of_dated(&listed);
        let span = DateSpan::between(one.min(two), one.max(two)).unwrap();
        let eras = set.eras_of(span);
        let mut of_days: Vec<usize> = Vec::new();
        let mut day = span.earliest();
        while day <= span.latest() {
            of_days.push(*set.eras_of(DateSpan::on(day)).start());
            day = vacatur_records::add_months(day, 1);
        }
        of_days.dedup();
        prop_assert_eq!(eras.collect::<Vec<_>>(), of_days);
    }
}
