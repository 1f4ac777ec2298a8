//! Civil dates, partial dates as intervals of days, and whole numbers known within bounds.
//!
//! Years and months are calendar years and months; a day that the target month lacks becomes its last day, so
//! that one year after 29 February is 28 February.

use crate::Truth;
use jiff::civil::Date;

/// The day `year`-`month`-`day`, for constants known to exist; a day that does not exist is the nearest before it.
#[must_use]
pub const fn date(year: i16, month: i8, day: i8) -> Date {
    jiff::civil::date(year, month, day)
}

/// `day` moved by `years` calendar years; 29 February becomes 28 February in a common year. Beyond the years
/// −9999 to 9999 it stays at the end of the calendar.
#[must_use]
pub fn add_years(day: Date, years: i32) -> Date {
    add_months(day, years.saturating_mul(12))
}

/// `day` moved by `months` calendar months, to the last day of a month that is too short.
#[must_use]
pub fn add_months(day: Date, months: i32) -> Date {
    let total = i32::from(day.year()) * 12 + i32::from(day.month()) - 1;
    let total = total.saturating_add(months);
    let (year, month) = (total.div_euclid(12), total.rem_euclid(12) + 1);
    if year > i32::from(Date::MAX.year()) {
        return Date::MAX;
    }
    if year < i32::from(Date::MIN.year()) {
        return Date::MIN;
    }
    let first = jiff::civil::date(year as i16, month as i8, 1);
    jiff::civil::date(year as i16, month as i8, day.day().min(first.days_in_month()))
}

/// `day` moved by `days`, staying within the calendar.
#[must_use]
pub fn add_days(day: Date, days: i32) -> Date {
    let end = if days < 0 { Date::MIN } else { Date::MAX };
    day.checked_add(jiff::Span::new().days(days.clamp(-7_000_000, 7_000_000))).unwrap_or(end)
}

/// The number of whole calendar years from `from` to `to`: an age, on the day `to`, of somebody born on `from`.
/// The year is full on the anniversary itself; somebody born on 29 February completes it on 28 February of a
/// common year, as [`add_years`] counts. Negative before `from`.
#[must_use]
pub fn whole_years(from: Date, to: Date) -> i32 {
    let years = i32::from(to.year()) - i32::from(from.year());
    if add_years(from, years) > to { years - 1 } else { years }
}

/// The number of whole calendar months from `from` to `to`; the month is full on the day that [`add_months`] gives.
/// Negative before `from`.
#[must_use]
pub fn whole_months(from: Date, to: Date) -> i32 {
    let months = (i32::from(to.year()) - i32::from(from.year())) * 12 + i32::from(to.month())
        - i32::from(from.month());
    if add_months(from, months) > to { months - 1 } else { months }
}

/// The number of days from `from` to `to`; negative before `from`.
fn days(from: Date, to: Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}

/// A day known to lie between two days, both included: a known day, a month, a year, or any day at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DateSpan {
    earliest: Date,
    latest: Date,
}

impl DateSpan {
    /// Any day: nothing is known.
    pub const UNKNOWN: Self = Self { earliest: Date::MIN, latest: Date::MAX };

    /// One known day.
    #[must_use]
    pub const fn on(day: Date) -> Self {
        Self { earliest: day, latest: day }
    }

    /// A day between `earliest` and `latest`, both included; `None` if they are the wrong way round.
    #[must_use]
    pub fn between(earliest: Date, latest: Date) -> Option<Self> {
        (earliest <= latest).then_some(Self { earliest, latest })
    }

    /// Some day of a year; `None` for a year outside the calendar.
    #[must_use]
    pub fn year(year: i16) -> Option<Self> {
        Self::between(Date::new(year, 1, 1).ok()?, Date::new(year, 12, 31).ok()?)
    }

    /// Some day of a month; `None` for a month that does not exist.
    #[must_use]
    pub fn month(year: i16, month: i8) -> Option<Self> {
        let first = Date::new(year, month, 1).ok()?;
        Self::between(first, first.last_of_month())
    }

    /// The earliest day it can be.
    #[must_use]
    pub const fn earliest(self) -> Date {
        self.earliest
    }

    /// The latest day it can be.
    #[must_use]
    pub const fn latest(self) -> Date {
        self.latest
    }

    /// The day itself, where it is known.
    #[must_use]
    pub fn known(self) -> Option<Date> {
        (self.earliest == self.latest).then_some(self.earliest)
    }

    /// Whether nothing at all is known of it.
    #[must_use]
    pub fn is_unknown(self) -> bool {
        self == Self::UNKNOWN
    }

    /// Strictly earlier.
    #[must_use]
    pub fn before(self, other: Self) -> Truth {
        if self.latest < other.earliest {
            Truth::Yes
        } else if self.earliest >= other.latest {
            Truth::No
        } else {
            Truth::Unknown
        }
    }

    /// Strictly later.
    #[must_use]
    pub fn after(self, other: Self) -> Truth {
        other.before(self)
    }

    /// The same day.
    #[must_use]
    pub fn same_day(self, other: Self) -> Truth {
        if self.latest < other.earliest || other.latest < self.earliest {
            Truth::No
        } else if self.known().is_some() && self == other {
            Truth::Yes
        } else {
            Truth::Unknown
        }
    }

    /// Moved by calendar years.
    #[must_use]
    pub fn plus_years(self, years: i32) -> Self {
        self.map(|day| add_years(day, years))
    }

    /// Moved by calendar months.
    #[must_use]
    pub fn plus_months(self, months: i32) -> Self {
        self.map(|day| add_months(day, months))
    }

    /// Moved by days.
    #[must_use]
    pub fn plus_days(self, days: i32) -> Self {
        self.map(|day| add_days(day, days))
    }

    /// The later of two days.
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        Self { earliest: self.earliest.max(other.earliest), latest: self.latest.max(other.latest) }
    }

    /// The earlier of two days.
    #[must_use]
    pub fn min(self, other: Self) -> Self {
        Self { earliest: self.earliest.min(other.earliest), latest: self.latest.min(other.latest) }
    }

    /// The smallest span that holds both.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self { earliest: self.earliest.min(other.earliest), latest: self.latest.max(other.latest) }
    }

    /// The days that lie in both; `None` if there is none.
    #[must_use]
    pub fn both(self, other: Self) -> Option<Self> {
        Self::between(self.earliest.max(other.earliest), self.latest.min(other.latest))
    }

    /// Whole calendar years from this day to `to`.
    #[must_use]
    pub fn years_until(self, to: Self) -> NumberSpan {
        if self.is_unknown() || to.is_unknown() {
            return NumberSpan::UNKNOWN;
        }
        NumberSpan {
            least: whole_years(self.latest, to.earliest),
            most: whole_years(self.earliest, to.latest),
        }
    }

    /// Whole calendar months from this day to `to`.
    #[must_use]
    pub fn months_until(self, to: Self) -> NumberSpan {
        if self.is_unknown() || to.is_unknown() {
            return NumberSpan::UNKNOWN;
        }
        NumberSpan {
            least: whole_months(self.latest, to.earliest),
            most: whole_months(self.earliest, to.latest),
        }
    }

    /// Days from this day to `to`.
    #[must_use]
    pub fn days_until(self, to: Self) -> NumberSpan {
        if self.is_unknown() || to.is_unknown() {
            return NumberSpan::UNKNOWN;
        }
        NumberSpan { least: days(self.latest, to.earliest), most: days(self.earliest, to.latest) }
    }

    /// Moves both ends; the ends of the calendar, which stand for "not known" or for "there is none", stay where they are.
    fn map(self, step: impl Fn(Date) -> Date) -> Self {
        let moved = |day: Date| if day == Date::MIN || day == Date::MAX { day } else { step(day) };
        Self { earliest: moved(self.earliest), latest: moved(self.latest) }
    }
}

/// `2003-05-12`, `2003-05` for a month, `2003` for a year, `2003-05-01 to 2003-07-31`, or `unknown`.
impl std::fmt::Display for DateSpan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (a, b) = (self.earliest, self.latest);
        if let Some(day) = self.known() {
            write!(f, "{day}")
        } else if self.is_unknown() {
            f.write_str("unknown")
        } else if Self::month(a.year(), a.month()) == Some(*self) {
            write!(f, "{:04}-{:02}", a.year(), a.month())
        } else if Self::year(a.year()) == Some(*self) {
            write!(f, "{:04}", a.year())
        } else if a == Date::MIN {
            write!(f, "on or before {b}")
        } else if b == Date::MAX {
            write!(f, "on or after {a}")
        } else {
            write!(f, "{a} to {b}")
        }
    }
}

/// A whole number known to lie between two numbers, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NumberSpan {
    /// The least it can be.
    pub least: i32,
    /// The most it can be.
    pub most: i32,
}

impl NumberSpan {
    /// Any number: nothing is known.
    pub const UNKNOWN: Self = Self { least: i32::MIN, most: i32::MAX };

    /// One known number.
    #[must_use]
    pub const fn exactly(number: i32) -> Self {
        Self { least: number, most: number }
    }

    /// The number itself, where it is known.
    #[must_use]
    pub fn known(self) -> Option<i32> {
        (self.least == self.most).then_some(self.least)
    }

    /// Strictly less.
    #[must_use]
    pub fn less(self, other: Self) -> Truth {
        if self.most < other.least {
            Truth::Yes
        } else if self.least >= other.most {
            Truth::No
        } else {
            Truth::Unknown
        }
    }

    /// The same number.
    #[must_use]
    pub fn equals(self, other: Self) -> Truth {
        if self.most < other.least || other.most < self.least {
            Truth::No
        } else if self.known().is_some() && self == other {
            Truth::Yes
        } else {
            Truth::Unknown
        }
    }
}

/// `7`, `7 to 9`, or `unknown`.
impl std::fmt::Display for NumberSpan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.known(), *self == Self::UNKNOWN) {
            (Some(number), _) => write!(f, "{number}"),
            (None, true) => f.write_str("unknown"),
            (None, false) if self.most == i32::MAX => write!(f, "{} or more", self.least),
            (None, false) => write!(f, "{} to {}", self.least, self.most),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_are_full_on_the_day() {
        let born = date(1970, 7, 1);
        assert_eq!(whole_years(born, date(2020, 6, 30)), 49);
        assert_eq!(whole_years(born, date(2020, 7, 1)), 50);
        assert_eq!(whole_years(born, date(2020, 7, 2)), 50);
    }

    #[test]
    fn months_and_days_are_full_on_the_day() {
        let from = DateSpan::on(date(2020, 1, 31));
        let to = |year, month, day| DateSpan::on(date(year, month, day));
        assert_eq!(from.months_until(to(2020, 2, 28)).known(), Some(0));
        assert_eq!(from.months_until(to(2020, 2, 29)).known(), Some(1));
        assert_eq!(from.months_until(to(2021, 1, 30)).known(), Some(11));
        assert_eq!(from.months_until(to(2019, 12, 31)).known(), Some(-1));
        assert_eq!(from.days_until(to(2021, 1, 31)).known(), Some(366));
        assert_eq!(from.days_until(to(2020, 1, 30)).known(), Some(-1));
        assert_eq!(from.days_until(DateSpan::UNKNOWN), NumberSpan::UNKNOWN);
    }

    #[test]
    fn leap_days() {
        let born = date(2000, 2, 29);
        assert_eq!(whole_years(born, date(2021, 2, 27)), 20);
        assert_eq!(whole_years(born, date(2021, 2, 28)), 21);
        assert_eq!(add_years(born, 1), date(2001, 2, 28));
        assert_eq!(add_years(born, 4), date(2004, 2, 29));
        assert_eq!(add_months(date(2001, 1, 31), 1), date(2001, 2, 28));
        assert_eq!(add_months(date(2001, 1, 31), -11), date(2000, 2, 29));
    }

    #[test]
    fn partial_dates_compare_as_intervals() {
        let in_2010 = DateSpan::year(2010).unwrap();
        assert_eq!(in_2010.before(DateSpan::on(date(2011, 1, 1))), Truth::Yes);
        assert_eq!(in_2010.before(DateSpan::on(date(2010, 12, 31))), Truth::Unknown);
        assert_eq!(in_2010.before(DateSpan::on(date(2010, 1, 1))), Truth::No);
        assert_eq!(DateSpan::UNKNOWN.before(in_2010), Truth::Unknown);
        assert_eq!(in_2010.before(DateSpan::UNKNOWN), Truth::Unknown);
    }

    /// Before every day is before every day when it is moved, too; so is after.
    #[test]
    fn the_ends_of_the_calendar_do_not_move() {
        for end in [Date::MIN, Date::MAX].map(DateSpan::on) {
            assert_eq!([end.plus_years(7), end.plus_months(-7), end.plus_days(7)], [end; 3]);
        }
        let until_2010 = DateSpan::between(Date::MIN, date(2010, 3, 1)).unwrap();
        assert_eq!(until_2010.plus_years(1), DateSpan::between(Date::MIN, date(2011, 3, 1)).unwrap());
    }

    #[test]
    fn words() {
        let shown = [
            DateSpan::on(date(2003, 5, 12)),
            DateSpan::month(2003, 5).unwrap(),
            DateSpan::year(2003).unwrap(),
            DateSpan::between(date(2003, 5, 1), date(2003, 7, 31)).unwrap(),
            DateSpan::UNKNOWN,
        ]
        .map(|span| span.to_string());
        assert_eq!(shown, ["2003-05-12", "2003-05", "2003", "2003-05-01 to 2003-07-31", "unknown"]);
    }

    proptest::proptest! {
        /// Whatever day an unknown day turns out to be, a certain answer stays right.
        #[test]
        fn certain_answers_hold_for_every_day(a in 0i32..4000, b in 0i32..4000, c in 0i32..4000, d in 0i32..4000, x in 0.0..1.0f64, y in 0.0..1.0f64) {
            let day = |n: i32| add_days(date(2000, 1, 1), n);
            let (one, two) = (DateSpan::between(day(a.min(b)), day(a.max(b))).unwrap(), DateSpan::between(day(c.min(d)), day(c.max(d))).unwrap());
            let pick = |lo: i32, hi: i32, at: f64| lo + (f64::from(hi - lo) * at) as i32;
            let (p, q) = (day(pick(a.min(b), a.max(b), x)), day(pick(c.min(d), c.max(d), y)));
            match one.before(two) {
                Truth::Yes => assert!(p < q),
                Truth::No => assert!(p >= q),
                Truth::Unknown => {}
            }
            let years = one.years_until(two);
            assert!((years.least..=years.most).contains(&whole_years(p, q)));
        }
    }
}
