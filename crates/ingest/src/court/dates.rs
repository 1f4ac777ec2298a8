//! Dates as courts write them, by declared formats.

use vacatur_records::{Date, DateSpan, Dated, Gap};

/// A way to write a date: `YYYY`, `YY`, `MM`, `DD`, `MON` (`JAN`, `JANUARY`), and the signs between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct DateFormat {
    pub(super) text: String,
    parts: Vec<Part>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Year4,
    Year2,
    Month,
    MonthName,
    Day,
    Sign(char),
}

/// The first year of which a date is believed.
const FIRST_YEAR: i16 = 1850;
/// The last.
const LAST_YEAR: i16 = 2199;

const MONTHS: [&str; 12] = [
    "JANUARY",
    "FEBRUARY",
    "MARCH",
    "APRIL",
    "MAY",
    "JUNE",
    "JULY",
    "AUGUST",
    "SEPTEMBER",
    "OCTOBER",
    "NOVEMBER",
    "DECEMBER",
];

impl DateFormat {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        const WORDS: [(&str, Part); 5] = [
            ("YYYY", Part::Year4),
            ("YY", Part::Year2),
            ("MON", Part::MonthName),
            ("MM", Part::Month),
            ("DD", Part::Day),
        ];
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            if let Some((word, part)) = WORDS.iter().find(|(word, _)| rest.starts_with(word)) {
                parts.push(*part);
                rest = rest.get(word.len()..).unwrap_or_default();
            } else if first.is_ascii_alphanumeric() || !(first.is_ascii_graphic() || first == ' ') {
                return Err(format!(
                    "the date format `{text}` is not known: it is made of YYYY, YY, MM, MON, DD and signs, as MM/DD/YYYY"
                ));
            } else {
                parts.push(Part::Sign(first));
                rest = rest.get(first.len_utf8()..).unwrap_or_default();
            }
        }
        let times = |wanted: &[Part]| parts.iter().filter(|part| wanted.contains(part)).count();
        if times(&[Part::Year4, Part::Year2]) != 1
            || times(&[Part::Month, Part::MonthName]) > 1
            || times(&[Part::Day]) > 1
            || (times(&[Part::Day]) == 1 && times(&[Part::Month, Part::MonthName]) == 0)
        {
            return Err(format!("the date format `{text}` needs a year, and at most one month and one day"));
        }
        Ok(Self { text: text.to_owned(), parts })
    }

    /// `None` if the text does not fit. `pivot`: two digits up to it are of this century, more of the last.
    pub(super) fn read(&self, text: &str, pivot: u8) -> Option<Dated> {
        let (mut year, mut month, mut day) = (None, None, None);
        let mut rest = text;
        for (at, part) in self.parts.iter().enumerate() {
            // Where a sign ends the part, leading zeros may be missing: 3/4/1985.
            let closed = self.parts.get(at + 1).is_none_or(|next| matches!(next, Part::Sign(_)));
            let opened = at
                .checked_sub(1)
                .and_then(|at| self.parts.get(at))
                .is_none_or(|p| matches!(p, Part::Sign(_)));
            let least = if closed && opened { 1 } else { 2 };
            match part {
                Part::Sign(' ') => rest = rest.strip_prefix(' ')?.trim_start(),
                Part::Sign(sign) => rest = rest.strip_prefix(*sign)?,
                Part::Year4 => year = Some(number(&mut rest, 4, 4)?),
                Part::Year2 => {
                    let short = number(&mut rest, 2, 2)?;
                    year = Some(if short <= u16::from(pivot) { 2000 + short } else { 1900 + short });
                }
                Part::Month => month = Some(number(&mut rest, least, 2)?),
                Part::Day => day = Some(number(&mut rest, least, 2)?),
                Part::MonthName => month = Some(month_name(&mut rest)?),
            }
        }
        rest.is_empty().then(|| span(year, month, day))
    }
}

/// Zero stands for a part that is not known.
fn span(year: Option<u16>, month: Option<u16>, day: Option<u16>) -> Dated {
    let impossible = (DateSpan::UNKNOWN, Some(Gap::Impossible));
    let year = year.unwrap_or(0) as i16;
    if year == 0 && month.unwrap_or(0) == 0 && day.unwrap_or(0) == 0 {
        return (DateSpan::UNKNOWN, Some(Gap::Blank));
    }
    if year == 0 {
        return (DateSpan::UNKNOWN, Some(Gap::Partial));
    }
    if !(FIRST_YEAR..=LAST_YEAR).contains(&year) {
        return impossible;
    }
    let (month, day) = (month.unwrap_or(0) as i8, day.unwrap_or(0) as i8);
    let partial = |span: Option<DateSpan>| span.map_or(impossible, |span| (span, Some(Gap::Partial)));
    match (month, day) {
        (0, 0) => partial(DateSpan::year(year)),
        (0, _) if day <= 31 => partial(DateSpan::year(year)),
        (_, 0) => partial(DateSpan::month(year, month)),
        _ => Date::new(year, month, day).map_or(impossible, |day| (DateSpan::on(day), None)),
    }
}

/// Takes digits from the front.
fn number(rest: &mut &str, least: usize, most: usize) -> Option<u16> {
    let digits = rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
    if digits < least {
        return None;
    }
    let (taken, after) = rest.split_at_checked(digits)?;
    *rest = after;
    taken.parse().ok()
}

fn month_name(rest: &mut &str) -> Option<u16> {
    let letters = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (word, after) = rest.split_at_checked(letters)?;
    if word.len() < 3 {
        return None;
    }
    let at = MONTHS
        .iter()
        .position(|name| name.get(..word.len()).is_some_and(|n| n.eq_ignore_ascii_case(word)))?;
    *rest = after.strip_prefix('.').unwrap_or(after);
    u16::try_from(at + 1).ok()
}

/// A cell read by the first format that fits. The text is trimmed and not empty. A time of day after it is left out.
pub(super) fn read(text: &str, formats: &[DateFormat], pivot: u8) -> Dated {
    let fits = |text: &str| formats.iter().find_map(|format| format.read(text, pivot));
    fits(text).or_else(|| fits(without_time(text)?)).unwrap_or((DateSpan::UNKNOWN, Some(Gap::Unreadable)))
}

/// The text before `T00:00:00`, ` 12:00 AM` and the like; `None` if it does not end so.
fn without_time(text: &str) -> Option<&str> {
    let colon = text.find(':')?;
    let before = text.get(..colon)?;
    let at = before.rfind([' ', 'T'])?;
    let (date, time) = text.split_at_checked(at)?;
    let time = time.get(1..)?;
    let marks =
        |c: char| c.is_ascii_digit() || matches!(c, ':' | '.' | ' ' | '+' | '-' | 'Z' | 'A' | 'P' | 'M');
    (time.len() <= 20 && time.to_ascii_uppercase().chars().all(marks)).then(|| date.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str, formats: &[&str]) -> String {
        let formats: Vec<DateFormat> = formats.iter().map(|f| DateFormat::parse(f).unwrap()).collect();
        let (span, gap) = read(text, &formats, 30);
        let days = match span.known() {
            Some(day) => day.to_string(),
            None if span.is_unknown() => "any day".to_owned(),
            None => format!("{}..{}", span.earliest(), span.latest()),
        };
        gap.map_or(days.clone(), |gap| format!("{days}, {}", gap.word()))
    }

    #[test]
    fn three_formats_in_one_column() {
        let formats = ["MM/DD/YYYY", "MM/DD/YY", "YYYYMMDD", "DD-MON-YYYY", "MM/YYYY", "YYYY"];
        let table = [
            ("03/04/1985", "1985-03-04"),
            ("3/4/1985", "1985-03-04"),
            ("03/04/85", "1985-03-04"),
            ("03/04/30", "2030-03-04"),
            ("03/04/31", "1931-03-04"),
            ("19850304", "1985-03-04"),
            ("04-Mar-1985", "1985-03-04"),
            ("4-MARCH-1985", "1985-03-04"),
            ("1985-03-04", "any day, unreadable"),
            ("03/1985", "1985-03-01..1985-03-31, partial"),
            ("1985", "1985-01-01..1985-12-31, partial"),
            ("00/00/1985", "1985-01-01..1985-12-31, partial"),
            ("03/00/1985", "1985-03-01..1985-03-31, partial"),
            ("00/00/0000", "any day, blank"),
            ("02/30/1985", "any day, impossible"),
            ("13/04/1985", "any day, impossible"),
            ("03/04/1485", "any day, impossible"),
            ("03/04/1985 00:00:00", "1985-03-04"),
            ("3/4/1985 12:00 AM", "1985-03-04"),
            ("03/04/1985 or so", "any day, unreadable"),
            ("03/04/198", "any day, unreadable"),
            ("03/04/19855", "any day, unreadable"),
            ("٠٣/٠٤/١٩٨٥", "any day, unreadable"),
        ];
        for (text, expected) in table {
            assert_eq!(said(text, &formats), expected, "{text}");
        }
    }

    #[test]
    fn the_declared_order_decides() {
        assert_eq!(said("03/04/1985", &["DD/MM/YYYY", "MM/DD/YYYY"]), "1985-04-03");
        assert_eq!(said("1998-04-02T00:00:00Z", &["YYYY-MM-DD"]), "1998-04-02");
    }

    #[test]
    fn formats_that_are_none() {
        for text in ["", "MM/DD", "YYYYYY", "DD YYYY", "hh:mm", "MM/MM/YYYY", "YYYY-MM-DDThh"] {
            assert!(DateFormat::parse(text).is_err(), "{text}");
        }
    }
}
