//! When a sentence was or will be completed, and when the part of it that is served in custody.

use crate::{Concurrency, Date, DateSpan, Gap, Length, Sentence, SentenceKind};

/// The day on which a sentence that began on `start` is completed, and why it is not wholly known.
///
/// Parts said to run concurrently end with the longest, parts said to run consecutively one after another; where
/// the record does not say, it lies between the two. No part, or one whose length is unknown, leaves the end open.
#[must_use]
pub fn completion(start: DateSpan, parts: &[Sentence]) -> (DateSpan, Option<Gap>) {
    end_of(start, parts, |parts| end(start, parts.iter().filter(|part| part.kind != SentenceKind::Fine)))
}

/// The day on which custody ends in a sentence that began on `start`: prison and jail, without supervision. And why it is
/// not wholly known.
///
/// It is reckoned like [`completion`], as if supervision were not there: jail is served before probation, or as a part
/// of it. A sentence without custody ends it on the day on which it begins. A part of which the record does not say
/// where it is served may be custody or not. The record does not count time served before the sentence.
#[must_use]
pub fn released(start: DateSpan, parts: &[Sentence]) -> (DateSpan, Option<Gap>) {
    let surely = |part: &&Sentence| matches!(part.kind, SentenceKind::Prison | SentenceKind::Jail);
    let perhaps = |part: &&Sentence| surely(part) || part.kind == SentenceKind::Unrecognized;
    end_of(start, parts, |parts| {
        let least = end(start, parts.iter().filter(surely))?;
        let most = end(start, parts.iter().filter(perhaps))?;
        Some(least.or(most))
    })
}

/// The end that `of` finds for a sentence that is known: open if the record has none, or `of` finds none.
fn end_of(
    start: DateSpan,
    parts: &[Sentence],
    of: impl Fn(&[Sentence]) -> Option<DateSpan>,
) -> (DateSpan, Option<Gap>) {
    if start.is_unknown() {
        return (DateSpan::UNKNOWN, Some(Gap::Unreadable));
    }
    let open = DateSpan::between(start.earliest(), Date::MAX).unwrap_or(DateSpan::UNKNOWN);
    if parts.is_empty() {
        return (open, Some(Gap::Blank));
    }
    match of(parts) {
        Some(end) => (end, partial(end)),
        None => (open, Some(Gap::Unreadable)),
    }
}

/// The end of parts that all take time; `None` if the length of one is unknown.
fn end<'p>(start: DateSpan, parts: impl Iterator<Item = &'p Sentence> + Clone) -> Option<DateSpan> {
    if parts.clone().any(|part| part.length == Length::Unknown) {
        return None;
    }
    let longest = parts.clone().fold(start, |latest, part| latest.max(after(start, part.length)));
    let in_turn = parts.clone().fold(start, |end, part| after(end, part.length));
    // How the first part runs says nothing of the others.
    let mut others = parts.skip(1);
    let Some(how) = others.next().map(|part| part.concurrency) else { return Some(longest) };
    let alike = others.all(|part| part.concurrency == how);
    Some(match how {
        Concurrency::Concurrent if alike => longest,
        Concurrency::Consecutive if alike => in_turn,
        _ => longest.or(in_turn),
    })
}

fn partial(end: DateSpan) -> Option<Gap> {
    end.known().is_none().then_some(Gap::Partial)
}

fn after(start: DateSpan, length: Length) -> DateSpan {
    match length {
        Length::Days(days) => start.plus_days(days),
        Length::Months(months) => start.plus_months(months),
        Length::Years(years) => start.plus_years(years),
        Length::Unknown => start,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{RowIx, date};
    use proptest::prelude::*;

    fn part(kind: SentenceKind, length: Length, concurrency: Concurrency) -> Sentence {
        Sentence { kind, length, concurrency, row: RowIx(0) }
    }

    #[test]
    fn parts_in_a_table() {
        use Concurrency::{Concurrent, Consecutive, Unsaid};
        use SentenceKind::{Fine, Jail, Supervision};
        let start = DateSpan::on(date(2001, 1, 31));
        let shown = |parts: &[Sentence]| {
            let (end, gap) = completion(start, parts);
            format!("{end} {}", gap.map_or("known", Gap::word))
        };
        let year = |concurrency| part(Supervision, Length::Years(1), concurrency);
        let month = |concurrency| part(Jail, Length::Months(1), concurrency);
        assert_eq!(shown(&[year(Unsaid)]), "2002-01-31 known");
        assert_eq!(shown(&[month(Unsaid)]), "2001-02-28 known");
        assert_eq!(shown(&[year(Unsaid), month(Concurrent)]), "2002-01-31 known");
        assert_eq!(shown(&[year(Unsaid), month(Consecutive)]), "2002-02-28 known");
        assert_eq!(shown(&[year(Unsaid), month(Unsaid)]), "2002-01-31 to 2002-02-28 partial");
        assert_eq!(shown(&[part(Fine, Length::Unknown, Unsaid)]), "2001-01-31 known");
        assert_eq!(shown(&[part(Jail, Length::Unknown, Unsaid)]), "on or after 2001-01-31 unreadable");
        assert_eq!(shown(&[]), "on or after 2001-01-31 blank");
        assert_eq!(completion(DateSpan::UNKNOWN, &[]).0, DateSpan::UNKNOWN);
    }

    #[test]
    fn custody_in_a_table() {
        use Concurrency::{Concurrent, Consecutive, Unsaid};
        use SentenceKind::{Fine, Jail, Prison, Supervision, Unrecognized};
        let start = DateSpan::on(date(2001, 1, 31));
        let shown = |parts: &[Sentence]| {
            let (end, gap) = released(start, parts);
            format!("{end} {}", gap.map_or("known", Gap::word))
        };
        let years = |kind, years, concurrency| part(kind, Length::Years(years), concurrency);
        let month = |kind, concurrency| part(kind, Length::Months(1), concurrency);
        assert_eq!(shown(&[years(Prison, 2, Unsaid)]), "2003-01-31 known");
        assert_eq!(shown(&[month(Jail, Unsaid)]), "2001-02-28 known");
        // Supervision and fines are no custody, however long, and however they run.
        assert_eq!(shown(&[years(Supervision, 3, Unsaid)]), "2001-01-31 known");
        assert_eq!(shown(&[part(Supervision, Length::Unknown, Unsaid)]), "2001-01-31 known");
        assert_eq!(shown(&[part(Fine, Length::Unknown, Unsaid)]), "2001-01-31 known");
        assert_eq!(shown(&[years(Supervision, 3, Unsaid), month(Jail, Unsaid)]), "2001-02-28 known");
        assert_eq!(shown(&[month(Jail, Unsaid), years(Supervision, 3, Consecutive)]), "2001-02-28 known");
        assert_eq!(shown(&[years(Supervision, 3, Unsaid), month(Jail, Consecutive)]), "2001-02-28 known");
        // Several parts of custody.
        let two = |how| [years(Prison, 1, Unsaid), month(Jail, how)];
        assert_eq!(shown(&two(Concurrent)), "2002-01-31 known");
        assert_eq!(shown(&two(Consecutive)), "2002-02-28 known");
        assert_eq!(shown(&two(Unsaid)), "2002-01-31 to 2002-02-28 partial");
        // A part served nobody knows where.
        assert_eq!(shown(&[month(Unrecognized, Unsaid)]), "2001-01-31 to 2001-02-28 partial");
        assert_eq!(
            shown(&[month(Jail, Unsaid), years(Unrecognized, 1, Concurrent)]),
            "2001-02-28 to 2002-01-31 partial"
        );
        assert_eq!(
            shown(&[part(Unrecognized, Length::Unknown, Unsaid)]),
            "on or after 2001-01-31 unreadable"
        );
        assert_eq!(shown(&[part(Jail, Length::Unknown, Unsaid)]), "on or after 2001-01-31 unreadable");
        assert_eq!(shown(&[]), "on or after 2001-01-31 blank");
        assert_eq!(released(DateSpan::UNKNOWN, &[month(Jail, Unsaid)]).0, DateSpan::UNKNOWN);
        // Some day of a month.
        let may = DateSpan::month(2001, 5).unwrap_or(DateSpan::UNKNOWN);
        assert_eq!(released(may, &[years(Supervision, 3, Unsaid)]), (may, Some(Gap::Partial)));
    }

    fn any_part() -> impl Strategy<Value = Sentence> {
        use SentenceKind::{Fine, Jail, Prison, Supervision, Unrecognized};
        let kind = prop::sample::select(vec![Prison, Jail, Supervision, Fine, Unrecognized]);
        let length = prop_oneof![
            (0..1200i32).prop_map(Length::Days),
            (0..60i32).prop_map(Length::Months),
            (0..12i32).prop_map(Length::Years),
            Just(Length::Unknown),
        ];
        let how = [Concurrency::Concurrent, Concurrency::Consecutive, Concurrency::Unsaid];
        (kind, length, prop::sample::select(how.to_vec()))
            .prop_map(|(kind, length, how)| part(kind, length, how))
    }

    fn any_start() -> impl Strategy<Value = DateSpan> {
        let month = (1960i16..2030, 1i8..=12).prop_map(|(year, month)| DateSpan::month(year, month));
        let span = (month, prop::option::of(1i8..=28)).prop_map(|(month, day)| match (month, day) {
            (Some(month), Some(day)) => {
                DateSpan::on(date(month.earliest().year(), month.earliest().month(), day))
            }
            (Some(month), None) => month,
            _ => DateSpan::UNKNOWN,
        });
        prop_oneof![9 => span, 1 => Just(DateSpan::UNKNOWN)]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

        /// Nobody is surely let out after the sentence is over, nor before it begins.
        #[test]
        fn custody_is_not_over_after_the_sentence(
            start in any_start(),
            parts in prop::collection::vec(any_part(), 0..6),
        ) {
            let ((out, gap), (over, _)) = (released(start, &parts), completion(start, &parts));
            prop_assert!(!out.after(over).is_yes(), "{out} after {over}");
            prop_assert!(out.latest() <= over.latest(), "{out}, {over}");
            prop_assert!(out.earliest() >= start.earliest(), "{out} before {start}");
            prop_assert_eq!(gap.is_none(), out.known().is_some());
        }

        /// Supervision and fines change nothing.
        #[test]
        fn custody_is_reckoned_without_the_rest(
            start in any_start(),
            parts in prop::collection::vec(any_part(), 1..6),
        ) {
            let custody: Vec<Sentence> = parts
                .iter()
                .copied()
                .filter(|part| !matches!(part.kind, SentenceKind::Supervision | SentenceKind::Fine))
                .collect();
            if !custody.is_empty() {
                prop_assert_eq!(released(start, &parts), released(start, &custody));
                if custody.iter().all(|part| part.kind != SentenceKind::Unrecognized) {
                    prop_assert_eq!(released(start, &parts), completion(start, &custody));
                }
            }
        }
    }
}
