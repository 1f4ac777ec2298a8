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
