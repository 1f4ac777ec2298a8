//! What stands in the cells of a line of evidence. No reason repeats what stands there: it may be a name or a date of
//! birth.

use vacatur_eligibility::{Engine, EvidenceFact, Stated};
use vacatur_policy::nearest;
use vacatur_records::{Date, DateSpan, FindingKind, Level, NumberSpan, Text, add_years};

/// What is wrong with a cell: a word that does not change, and the reason.
pub(super) type Wrong = (&'static str, String);

/// The first year that a date may have, as where the dates of an extract are read.
const FIRST_YEAR: i16 = 1850;
/// No sentence ends later than so many years after the day of the decision.
const LONGEST_SENTENCE: i32 = 100;
/// Two tonnes, in grams: what is above is a slip of the pen.
const HEAVIEST: u32 = 2_000_000;
/// The same for plants.
const MOST_PLANTS: u32 = 1_000_000;

fn wrong<T>(code: &'static str, reason: impl Into<String>) -> Result<T, Wrong> {
    Err((code, reason.into()))
}

/// The fact of a name.
pub(super) fn fact(name: &str) -> Result<EvidenceFact, Wrong> {
    if let Some(fact) = EvidenceFact::named(name) {
        return Ok(fact);
    }
    if name.eq_ignore_ascii_case(vacatur_policy::Missing::UnusableRow.name()) {
        return wrong(
            "unknown_fact",
            "what stood in an unusable row cannot be given here; correct the row in the extract and run again",
        );
    }
    let names = EvidenceFact::ALL.iter().map(|fact| fact.name());
    wrong(
        "unknown_fact",
        match nearest(name, names.clone()) {
            Some(near) => format!("there is no such fact; did you mean `{near}`?"),
            None => format!("there is no such fact; the facts are {}", names.collect::<Vec<_>>().join(", ")),
        },
    )
}

/// What a cell states of a fact.
pub(super) fn value(fact: EvidenceFact, text: &str, engine: &Engine) -> Result<Stated, Wrong> {
    match fact {
        EvidenceFact::ConvictionDate
        | EvidenceFact::OffenceDate
        | EvidenceFact::BirthDate
        | EvidenceFact::RegistrationDate
        | EvidenceFact::Sentence => date(fact, text, engine.setting().as_of),
        EvidenceFact::Level => {
            let levels = [Level::Felony, Level::Misdemeanor, Level::Infraction];
            match levels.into_iter().find(|level| level.word().eq_ignore_ascii_case(text)) {
                Some(level) => Ok(Stated::Level(level)),
                None => wrong("value", "a level is felony, misdemeanor or infraction"),
            }
        }
        EvidenceFact::Section => section(text, engine),
        EvidenceFact::County => county(text, engine),
        EvidenceFact::Disposition => {
            let words = text.to_lowercase().replace(',', " ");
            let (convicted, unrelieved) = match words.split_whitespace().collect::<Vec<_>>().as_slice() {
                ["convicted"] => (true, false),
                ["not", "convicted"] => (false, false),
                ["convicted", "no", "relief"] => (true, true),
                _ => {
                    return wrong(
                        "value",
                        "a disposition is `convicted`, `not convicted` or `convicted, no relief`",
                    );
                }
            };
            Ok(Stated::Disposition { convicted, unrelieved })
        }
        EvidenceFact::Found(FindingKind::Weight | FindingKind::Concentrate) => grams(text),
        EvidenceFact::Found(FindingKind::Plants) => plants(text),
        EvidenceFact::Death | EvidenceFact::Found(_) => match text.to_ascii_lowercase().as_str() {
            "yes" => Ok(Stated::Flag(true)),
            "no" => Ok(Stated::Flag(false)),
            _ => wrong("value", "the answer is yes or no"),
        },
    }
}

/// A whole day: `2003-05-12`.
pub(super) fn day(text: &str) -> Option<Date> {
    span(text).and_then(DateSpan::known)
}

/// `2003-05-12`, `2003-05` or `2003`.
fn span(text: &str) -> Option<DateSpan> {
    let mut parts = text.split('-');
    let mut number = |digits: usize| -> Option<Option<i16>> {
        match parts.next() {
            None => Some(None),
            Some(part) if part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit()) => {
                part.parse().ok().map(Some)
            }
            Some(_) => None,
        }
    };
    let (year, month, day) = (number(4)??, number(2)?, number(2)?);
    if parts.next().is_some() {
        return None;
    }
    match (month, day) {
        (None, _) => DateSpan::year(year),
        (Some(month), None) => DateSpan::month(year, month as i8),
        (Some(month), Some(day)) => Date::new(year, month as i8, day as i8).ok().map(DateSpan::on),
    }
}

fn date(fact: EvidenceFact, text: &str, as_of: Date) -> Result<Stated, Wrong> {
    let Some(span) = span(text) else {
        return wrong("value", "write a date as 2003-05-12, or as 2003-05 or 2003 where no more is known");
    };
    if span.earliest().year() < FIRST_YEAR {
        return wrong("impossible", "the day lies before 1850");
    }
    if fact == EvidenceFact::Sentence {
        if span.earliest() > add_years(as_of, LONGEST_SENTENCE) {
            return wrong("impossible", "the day lies more than 100 years after the day of the decision");
        }
    } else if span.earliest() > as_of {
        return wrong("impossible", "the day lies after the day of the decision");
    }
    Ok(Stated::Date(span))
}

fn section(text: &str, engine: &Engine) -> Result<Stated, Wrong> {
    let coded = engine.grammar().parse(text);
    match coded.offence() {
        Some(offence) if offence.sections().iter().all(|section| section.code().is_some()) => {
            Ok(Stated::Section(Text::owned(text.as_bytes().to_vec())))
        }
        Some(_) => wrong("value", "the section lacks the letters of its code: write HS 11357(a), PC 187"),
        None => wrong("value", "this cannot be read as a code section: write HS 11357(a), PC 187"),
    }
}

fn county(text: &str, engine: &Engine) -> Result<Stated, Wrong> {
    let normal = |name: &str| name.split_whitespace().collect::<Vec<_>>().join(" ").to_uppercase();
    let name = normal(text);
    let known = &engine.setting().counties;
    if known.is_empty() || known.contains(&name) {
        return Ok(Stated::County(Text::owned(name.into_bytes())));
    }
    wrong(
        "value",
        match nearest(&name, known.iter().map(String::as_str)) {
            Some(near) => format!("this is no county of the state; did you mean {near}?"),
            None => "this is no county of the state".to_owned(),
        },
    )
}

/// Grams with up to three decimals, in milligrams.
fn grams(text: &str) -> Result<Stated, Wrong> {
    if text.starts_with('-') {
        return wrong("impossible", "a weight cannot be negative");
    }
    let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(decimals) {
        return wrong("value", "write the weight in grams as a number: 28.5");
    }
    if decimals.len() > 3 {
        return wrong("value", "write the weight in grams with at most three decimals");
    }
    let heavy = || wrong("impossible", "a weight of more than 2,000,000 g is a slip of the pen");
    let Ok(whole) = whole.parse::<u32>() else { return heavy() };
    let milligrams = format!("{decimals:0<3}").parse::<u32>().unwrap_or(0);
    if whole > HEAVIEST || (whole == HEAVIEST && milligrams > 0) {
        return heavy();
    }
    match i32::try_from(u64::from(whole) * 1000 + u64::from(milligrams)) {
        Ok(amount) => Ok(Stated::Number(NumberSpan::exactly(amount))),
        Err(_) => heavy(),
    }
}

fn plants(text: &str) -> Result<Stated, Wrong> {
    if text.starts_with('-') {
        return wrong("impossible", "a number of plants cannot be negative");
    }
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return wrong("value", "write the number of plants as a whole number: 6");
    }
    match text.parse::<u32>().ok().filter(|number| *number <= MOST_PLANTS) {
        Some(number) => Ok(Stated::Number(NumberSpan::exactly(number as i32))),
        None => wrong("impossible", "more than 1,000,000 plants are a slip of the pen"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vacatur_records::date as on;

    #[test]
    fn dates_whole_and_partial() {
        assert_eq!(span("2003-05-12"), Some(DateSpan::on(on(2003, 5, 12))));
        assert_eq!(span("2003-05"), DateSpan::month(2003, 5));
        assert_eq!(span("2003"), DateSpan::year(2003));
        for text in
            ["", "2003-", "2003-5-12", "5/12/2003", "2003-13", "2003-02-30", "2003-05-12-01", "203", "+203"]
        {
            assert_eq!(span(text), None, "{text}");
        }
    }

    #[test]
    fn grams_are_milligrams() {
        let read = |text: &str| match grams(text) {
            Ok(Stated::Number(number)) => number.known().ok_or("span"),
            Ok(_) => Err("another kind"),
            Err((code, _)) => Err(code),
        };
        assert_eq!(read("28.5"), Ok(28_500));
        assert_eq!(read("0"), Ok(0));
        assert_eq!(read("0.001"), Ok(1));
        assert_eq!(read("2000000"), Ok(2_000_000_000));
        assert_eq!(read("2000000.001"), Err("impossible"));
        assert_eq!(read("99999999999999999999"), Err("impossible"));
        assert_eq!(read("-1"), Err("impossible"));
        for text in ["28,5", "1.2345", "28.5 g", ".5", "5.", "", "NaN", "1e3", "٣"] {
            assert_eq!(read(text), Err("value"), "{text}");
        }
    }

    #[test]
    fn numbers_of_plants() {
        assert!(plants("6").is_ok() && plants("1000000").is_ok());
        for text in ["-6", "6.5", "", "six", "1000001", "99999999999999"] {
            assert!(plants(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_fact_that_is_nearly_named() {
        assert!(fact("Conviction date").is_ok());
        let (code, reason) = fact("convicton date").unwrap_err();
        assert_eq!(
            (code, reason.as_str()),
            ("unknown_fact", "there is no such fact; did you mean `conviction date`?")
        );
        assert!(fact("unusable row").unwrap_err().1.contains("correct the row"));
    }
}
