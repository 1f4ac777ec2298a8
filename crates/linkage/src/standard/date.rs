//! Dates, whole or in part.

/// A date as one number, a hexadecimal digit for each decimal one: 3 February 1974 is `0x1974_0203`. A part that is
/// not known is 0: `0x1974_0000` is some day of 1974. 0 is no date at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(pub u32);

impl Date {
    /// Of a year, a month and a day, each 0 where it is not known; `None` where there is no such day.
    #[must_use]
    pub fn new(year: u32, month: u32, day: u32) -> Option<Self> {
        let fits = (year == 0 || (1850..=2100).contains(&year)) && month <= 12 && day <= days(year, month);
        let known = year != 0 || (month != 0 && day != 0);
        (fits && known).then(|| Self(hex(year) << 16 | hex(month) << 8 | hex(day)))
    }

    /// The year in the same hexadecimal form, 0 where it is not known.
    #[must_use]
    pub fn year(self) -> u32 {
        self.0 >> 16
    }

    /// Month and day together, 0 where neither is known.
    #[must_use]
    pub fn month_day(self) -> u32 {
        self.0 & 0xffff
    }

    /// Whether year, month and day are all known.
    #[must_use]
    pub fn is_whole(self) -> bool {
        self.year() != 0 && self.0 & 0xff00 != 0 && self.0 & 0xff != 0
    }

    /// The number of the day in the calendar, for differences; `None` for a date that is not whole.
    #[must_use]
    pub fn day_number(self) -> Option<u32> {
        let decimal =
            |hex: u32| (hex >> 12) * 1000 + (hex >> 8 & 15) * 100 + (hex >> 4 & 15) * 10 + (hex & 15);
        let (year, month, day) = (decimal(self.year()), decimal(self.0 >> 8 & 0xff), decimal(self.0 & 0xff));
        if !self.is_whole() {
            return None;
        }
        // Years begin in March, so that the leap day is the last.
        let (year, month) = if month < 3 { (year - 1, month + 9) } else { (year, month - 3) };
        Some(year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day)
    }

    /// The date as `1974-02-03`, with `??` for a part that is not known.
    #[must_use]
    pub fn show(self) -> String {
        let part = |value: u32, width: usize| match value {
            0 => "?".repeat(width),
            known => format!("{known:0width$x}"),
        };
        format!("{}-{}-{}", part(self.year(), 4), part(self.0 >> 8 & 0xff, 2), part(self.0 & 0xff, 2))
    }
}

fn hex(value: u32) -> u32 {
    [1000, 100, 10, 1].into_iter().fold(0, |number, place| (number << 4) | (value / place % 10))
}

/// The days of a month, 29 for a February of an unknown year, 31 where the month is unknown.
fn days(year: u32, month: u32) -> u32 {
    match month {
        2 if year != 0
            && !(year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))) =>
        {
            28
        }
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Reads a birth date: `19740203`, `1974-02-03`, `02/03/1974`, `2/3/1974`, `1974-02`, `1974`, `19740000`, a time of day
/// after it cut off. A year of two digits is not read, since the century would be a guess. `None` for 1 January 1900 and
/// everything else that stands for nothing.
#[must_use]
pub fn date(text: &str) -> Option<Date> {
    let text = text.trim();
    let text = text.split(['T', ' ']).next().unwrap_or_default();
    let mut parts = [0_u32; 3];
    let mut widths = [0_usize; 3];
    let mut count = 0;
    for part in text.split(['-', '/', '.']) {
        if part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_digit()) || part.len() > 8 {
            return None;
        }
        *parts.get_mut(count)? = part.parse().ok()?;
        *widths.get_mut(count)? = part.len();
        count += 1;
    }
    let [first, second, third] = parts;
    let read = match (count, widths) {
        (1, [8, ..]) => Date::new(first / 10_000, first / 100 % 100, first % 100),
        (1, [6, ..]) if first / 100 >= 1850 => Date::new(first / 100, first % 100, 0),
        (1, [4, ..]) => Date::new(first, 0, 0),
        (2, [4, ..]) => Date::new(first, second, 0),
        (2, [_, 4, _]) => Date::new(second, first, 0),
        (3, [4, ..]) => Date::new(first, second, third),
        (3, [_, _, 4]) => Date::new(third, first, second),
        _ => None,
    };
    read.filter(|date| date.0 != 0x1900_0101)
}
