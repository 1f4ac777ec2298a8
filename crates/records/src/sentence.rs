//! When a sentence was or will be completed.

use crate::{Concurrency, Date, DateSpan, Gap, Length, Sentence, SentenceKind};

/// The day on which a sentence that began on `start` is completed, and why it is not wholly known.
///
/// Parts said to run concurrently end with the longest, parts said to run consecutively one after another; where
/// the record does not say, it lies between the two. No part, or one whose length is unknown, leaves the end open.
#[must_use]
pub fn completion(start: DateSpan, parts: &[Sentence]) -> (DateSpan, Option<Gap>) {
    if start.is_unknown() {
        return (DateSpan::UNKNOWN, Some(Gap::Unreadable));
    }
    let open = DateSpan::between(start.earliest(), Date::MAX).unwrap_or(DateSpan::UNKNOWN);
    if parts.is_empty() {
        return (open, Some(Gap::Blank));
    }
    let timed = || parts.iter().filter(|part| part.kind != SentenceKind::Fine);
    if timed().any(|part| part.length == Length::Unknown) {
        return (open, Some(Gap::Unreadable));
    }
    let longest = timed().fold(start, |latest, part| latest.max(after(start, part.length)));
    if timed().count() <= 1 {
        return (longest, partial(longest));
    }
    let in_turn = timed().fold(start, |end, part| after(end, part.length));
    let all = |how| timed().skip(1).all(|part| part.concurrency == how);
    let end = if all(Concurrency::Concurrent) {
        longest
    } else if all(Concurrency::Consecutive) {
        in_turn
    } else {
        longest.or(in_turn)
    };
    (end, partial(end))
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
}
