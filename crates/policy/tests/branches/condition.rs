//! Conditions at random, as text and as what they mean of somebody of whom everything is known.

use super::record::{AS_OF, DAYS, Person};
use proptest::prelude::*;
use std::fmt;
use vacatur_policy::Collection;
use vacatur_records::{Date, DateSpan, Level, add_months, whole_years};

/// Whose fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whose {
    Decided,
    Member,
}

/// A day.
#[derive(Clone, Debug)]
pub(crate) enum Day {
    Born,
    Of(Whose),
    AsOf,
    On(usize),
    Moved(Box<Day>, i32),
    MovedByCount(Box<Day>, Box<Cond>),
}

/// A condition.
#[derive(Clone, Debug)]
pub(crate) enum Cond {
    Deceased,
    Attempt(Whose),
    Level(Whose, bool, Level),
    Listed(Whose, bool),
    InYolo(Whose, bool),
    Relieved(Whose),
    Itself,
    SameCase,
    Days(Day, &'static str, Day),
    Years(Day, Day, &'static str, i32),
    And(Vec<Cond>),
    Or(Vec<Cond>),
    Not(Box<Cond>),
    Any(Collection, Box<Cond>),
    No(Collection, Box<Cond>),
    Every(Collection, Box<Cond>),
    Count(Collection, Box<Cond>, &'static str, i32),
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Born => f.write_str("person.birth-date"),
            Self::Of(Whose::Decided) => f.write_str("conviction.date"),
            Self::Of(Whose::Member) => f.write_str("date"),
            Self::AsOf => f.write_str("as-of"),
            Self::On(at) => write!(f, "{}", DAYS[*at]),
            Self::Moved(day, months) if *months < 0 => write!(f, "{day} minus {} months", -months),
            Self::Moved(day, months) => write!(f, "{day} plus {months} months"),
            Self::MovedByCount(day, of) => write!(f, "{day} plus count(convictions where {of}) years"),
        }
    }
}

impl fmt::Display for Cond {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = |whose: &Whose| if *whose == Whose::Decided { "conviction." } else { "" };
        let not = |not: &bool| if *not { "not " } else { "" };
        let joined = |parts: &[Cond], word: &str| {
            parts.iter().map(ToString::to_string).collect::<Vec<_>>().join(&format!(" {word} "))
        };
        match self {
            Self::Deceased => f.write_str("person.deceased"),
            Self::Attempt(whose) => write!(f, "{}attempt", of(whose)),
            Self::Level(whose, no, level) => write!(f, "{}level is {}{}", of(whose), not(no), level.word()),
            Self::Listed(whose, no) => write!(f, "{}section {}in listed", of(whose), not(no)),
            Self::InYolo(whose, no) => write!(f, "{}county is {}\"YOLO\"", of(whose), not(no)),
            Self::Relieved(whose) => write!(f, "{}relief includes \"PC 1203.4\"", of(whose)),
            Self::Itself => f.write_str("itself"),
            Self::SameCase => f.write_str("same-case"),
            Self::Days(a, how, b) => write!(f, "{a} {how} {b}"),
            Self::Years(a, b, how, years) => write!(f, "years from {a} to {b} {how} {years}"),
            Self::And(parts) => write!(f, "({})", joined(parts, "and")),
            Self::Or(parts) => write!(f, "({})", joined(parts, "or")),
            Self::Not(part) => write!(f, "not {part}"),
            Self::Any(of, part) => write!(f, "(any {} where {part})", of.singular()),
            Self::No(of, part) => write!(f, "(no {} where {part})", of.singular()),
            Self::Every(of, part) => write!(f, "(every {} has {part})", of.singular()),
            Self::Count(of, part, how, number) => {
                write!(f, "count({}s where {part}) {how} {number}", of.singular())
            }
        }
    }
}

/// Who is asked about: the count that is decided, and the member that is looked at.
#[derive(Clone, Copy)]
pub(crate) struct About {
    pub(crate) decided: usize,
    pub(crate) member: usize,
    /// Whether the member is a registration.
    pub(crate) registration: bool,
}

fn compare<T: Ord>(a: &T, how: &str, b: &T) -> bool {
    match how {
        "before" | "<" => a < b,
        "on or before" | "at most" => a <= b,
        "on" | "=" => a == b,
        "is not" => a != b,
        "on or after" | "at least" => a >= b,
        "after" | ">" => a > b,
        _ => panic!("{how}"),
    }
}

fn known(span: DateSpan) -> Date {
    span.known().expect("everything is known")
}

impl Day {
    fn of(&self, person: &Person, about: About) -> Date {
        match self {
            Self::Born => known(person.birth),
            Self::Of(Whose::Decided) => known(person.counts[about.decided].date),
            Self::Of(Whose::Member) if about.registration => known(person.registrations[about.member]),
            Self::Of(Whose::Member) => known(person.counts[about.member].date),
            Self::AsOf => AS_OF,
            Self::On(at) => DAYS[*at],
            Self::Moved(day, months) => add_months(day.of(person, about), *months),
            Self::MovedByCount(day, part) => {
                let years = number(person, about, Collection::Convictions, part);
                add_months(day.of(person, about), years * 12)
            }
        }
    }
}

/// The members of a collection, each as what a condition can be asked about.
fn members(person: &Person, about: About, of: Collection) -> Vec<About> {
    let registration = of == Collection::Registrations;
    let count = if registration { person.registrations.len() } else { person.counts.len() };
    (0..count)
        .filter(|&at| of != Collection::Convictions || person.counts[at].convicted.is_yes())
        .map(|member| About { member, registration, ..about })
        .collect()
}

fn number(person: &Person, about: About, of: Collection, part: &Cond) -> i32 {
    members(person, about, of).into_iter().filter(|&member| part.holds(person, member)).count() as i32
}

impl Cond {
    /// Whether it holds of somebody of whom everything is known.
    pub(crate) fn holds(&self, person: &Person, about: About) -> bool {
        let count = |whose: &Whose| {
            &person.counts[if *whose == Whose::Decided { about.decided } else { about.member }]
        };
        match self {
            Self::Deceased => person.deceased.is_yes(),
            Self::Attempt(whose) => count(whose).attempt.is_yes(),
            Self::Level(whose, no, level) => (count(whose).level == Some(*level)) != *no,
            Self::Listed(whose, no) => count(whose).listed.is_yes() != *no,
            Self::InYolo(whose, no) => count(whose).in_yolo.is_yes() != *no,
            Self::Relieved(whose) => count(whose).relieved.is_yes(),
            Self::Itself => about.member == about.decided,
            Self::SameCase => {
                let both = count(&Whose::Member).same_case.and(count(&Whose::Decided).same_case);
                about.member == about.decided || both.is_yes()
            }
            Self::Days(a, how, b) => compare(&a.of(person, about), how, &b.of(person, about)),
            Self::Years(a, b, how, years) => {
                compare(&whole_years(a.of(person, about), b.of(person, about)), how, years)
            }
            Self::And(parts) => parts.iter().all(|part| part.holds(person, about)),
            Self::Or(parts) => parts.iter().any(|part| part.holds(person, about)),
            Self::Not(part) => !part.holds(person, about),
            Self::Any(of, part) => {
                members(person, about, *of).into_iter().any(|member| part.holds(person, member))
            }
            Self::No(of, part) => {
                !members(person, about, *of).into_iter().any(|member| part.holds(person, member))
            }
            Self::Every(of, part) => {
                members(person, about, *of).into_iter().all(|member| part.holds(person, member))
            }
            Self::Count(of, part, how, least) => compare(&number(person, about, *of, part), how, least),
        }
    }
}

const LEVELS: [Level; 3] = [Level::Felony, Level::Misdemeanor, Level::Infraction];
const ORDER: [&str; 6] = ["before", "on or before", "on", "is not", "on or after", "after"];
const SIZES: [&str; 6] = ["<", "at most", "=", "is not", "at least", ">"];

/// Where a condition stands: which facts it can name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Outside,
    Count,
    Registration,
}

fn day(place: Place) -> BoxedStrategy<Day> {
    let mut days = vec![Day::Born, Day::Of(Whose::Decided), Day::AsOf];
    if place != Place::Outside {
        days.extend([Day::Of(Whose::Member), Day::Of(Whose::Member)]);
    }
    let plain = prop_oneof![3 => prop::sample::select(days), 1 => (0..DAYS.len()).prop_map(Day::On)].boxed();
    let months = prop::sample::select(vec![-240, -12, -1, 6, 12, 120]);
    let moved = (plain.clone(), months).prop_map(|(day, months)| Day::Moved(Box::new(day), months));
    prop_oneof![4 => plain, 1 => moved].boxed()
}

fn leaf(place: Place) -> BoxedStrategy<Cond> {
    let whose = if place == Place::Count {
        prop_oneof![1 => Just(Whose::Decided), 3 => Just(Whose::Member)].boxed()
    } else {
        Just(Whose::Decided).boxed()
    };
    let days = (day(place), prop::sample::select(&ORDER[..]), day(place))
        .prop_map(|(a, how, b)| Cond::Days(a, how, b));
    let years = (day(place), day(place), prop::sample::select(&SIZES[..]), 0..25)
        .prop_map(|(a, b, how, years)| Cond::Years(a, b, how, years));
    let flags = (whose, any::<bool>(), prop::sample::select(&LEVELS[..]), 0..6).prop_map(
        move |(whose, no, level, which)| match which {
            0 => Cond::Deceased,
            1 => Cond::Attempt(whose),
            2 => Cond::Level(whose, no, level),
            3 => Cond::Listed(whose, no),
            4 => Cond::InYolo(whose, no),
            _ => Cond::Relieved(whose),
        },
    );
    if place == Place::Count {
        let pair = prop::sample::select(vec![Cond::Itself, Cond::SameCase]);
        prop_oneof![2 => days, 1 => years, 3 => flags, 2 => pair].boxed()
    } else {
        prop_oneof![2 => days, 1 => years, 3 => flags].boxed()
    }
}

fn at(place: Place, quantifiers: u32) -> BoxedStrategy<Cond> {
    let leaf = leaf(place);
    let one = if quantifiers == 0 {
        leaf
    } else {
        let of_counts = (
            prop::sample::select(vec![Collection::Convictions, Collection::Charges]),
            at(Place::Count, quantifiers - 1),
        );
        let of_registrations = (Just(Collection::Registrations), at(Place::Registration, quantifiers - 1));
        let members = prop_oneof![3 => of_counts, 1 => of_registrations];
        let quantified = (members, prop::sample::select(&SIZES[..]), 0..4, 0..4).prop_map(
            |((of, part), how, number, which)| {
                let part = Box::new(part);
                match which {
                    0 => Cond::Any(of, part),
                    1 => Cond::No(of, part),
                    2 => Cond::Every(of, part),
                    _ => Cond::Count(of, part, how, number),
                }
            },
        );
        let moved =
            (day(place), prop::sample::select(&ORDER[..]), day(place), at(Place::Count, quantifiers - 1))
                .prop_map(|(a, how, b, part)| {
                    Cond::Days(Day::MovedByCount(Box::new(a), Box::new(part)), how, b)
                });
        prop_oneof![4 => leaf, 3 => quantified, 1 => moved].boxed()
    };
    // Small parts inside, so that the whole stays readable.
    let (depth, size) = if place == Place::Outside { (2, 5) } else { (1, 3) };
    one.prop_recursive(depth, size, 2, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..=3).prop_map(Cond::And),
            prop::collection::vec(inner.clone(), 2..=3).prop_map(Cond::Or),
            inner.prop_map(|part| Cond::Not(Box::new(part))),
        ]
    })
    .boxed()
}

/// A condition of a rule, with quantifiers up to two deep.
pub(crate) fn condition() -> BoxedStrategy<Cond> {
    at(Place::Outside, 2)
}
