//! Calendar arithmetic that cannot fail: an impossible day becomes the nearest possible one.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::random::Dice;

/// The day, or the last day of a month that is too short for it.
pub(crate) fn day(year: i16, month: i8, of_month: i8) -> Date {
    let first = jiff::civil::date(year.clamp(1, 9998), month.clamp(1, 12), 1);
    Date::new(first.year(), first.month(), of_month).unwrap_or(first.last_of_month())
}

/// So many days later (earlier, if negative).
pub(crate) fn plus_days(from: Date, days: i32) -> Date {
    from.saturating_add(days.clamp(-1_000_000, 1_000_000).days())
}

/// So many calendar months later; the last day of the month where the day does not exist.
pub(crate) fn plus_months(from: Date, months: i32) -> Date {
    let month = i32::from(from.year()) * 12 + i32::from(from.month()) - 1 + months;
    day(month.div_euclid(12) as i16, (month.rem_euclid(12) + 1) as i8, from.day())
}

/// So many calendar years later.
pub(crate) fn plus_years(from: Date, years: i32) -> Date {
    plus_months(from, years * 12)
}

/// How many days `to` is after `from`; 0 if it is before.
pub(crate) fn days_between(from: Date, to: Date) -> u32 {
    from.duration_until(to).as_hours().div_euclid(24).clamp(0, 100_000) as u32
}

/// Completed years of life.
pub(crate) fn age(born: Date, on: Date) -> u32 {
    let had_birthday = (on.month(), on.day()) >= (born.month(), born.day());
    (i32::from(on.year()) - i32::from(born.year()) - i32::from(!had_birthday)).max(0) as u32
}

/// A day from `from` to `to`, each as likely; `from` if `to` is before it.
pub(crate) fn some_day(dice: &mut Dice, from: Date, to: Date) -> Date {
    plus_days(from, dice.between(0, days_between(from, to)) as i32)
}

/// Writes the eight digits that the file writes a date in.
pub(crate) fn push_digits(to: &mut String, date: Date) {
    push_number(to, date.year() as u32, 4);
    push_number(to, date.month() as u32, 2);
    push_number(to, date.day() as u32, 2);
}

/// Writes a number with at least so many digits.
pub(crate) fn push_number(to: &mut String, number: u32, digits: usize) {
    let mut text = [b'0'; 10];
    let (mut at, mut left) = (10, number);
    while left > 0 {
        at -= 1;
        text[at] = b'0' + (left % 10) as u8;
        left /= 10;
    }
    at = at.min(10 - digits.min(10));
    for digit in &text[at..] {
        to.push(char::from(*digit));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_that_do_not_exist_become_the_last_of_the_month() {
        assert_eq!(plus_years(day(2000, 2, 29), 1), day(2001, 2, 28));
        assert_eq!(plus_months(day(2003, 1, 31), 1), day(2003, 2, 28));
        assert_eq!(day(2003, 4, 31), day(2003, 4, 30));
    }

    #[test]
    fn ages_turn_on_the_birthday() {
        let born = day(1980, 6, 15);
        assert_eq!((age(born, day(2001, 6, 14)), age(born, day(2001, 6, 15))), (20, 21));
        assert_eq!(days_between(day(2020, 2, 28), day(2020, 3, 1)), 2);
        assert_eq!(days_between(day(2020, 3, 1), day(2020, 2, 28)), 0);
    }

    #[test]
    fn numbers_are_padded_and_never_cut() {
        let mut text = String::new();
        push_digits(&mut text, day(1979, 5, 2));
        push_number(&mut text, 0, 3);
        push_number(&mut text, 12345, 2);
        push_number(&mut text, 0, 0);
        assert_eq!(text, "1979050200012345");
    }
}
