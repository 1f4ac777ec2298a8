//! Conditions, as text and as what they mean of somebody of whom everything is known.

use super::record::{AS_OF, DAYS, Person};
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;
use vacatur_policy::Collection;
use vacatur_records::{Date, DateSpan, Level, add_days, add_months, whole_months, whole_years};

/// Whose fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whose {
    Decided,
    Member,
}

/// A day that a count has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Of {
    Conviction,
    Offence,
    Completed,
}

/// A day.
#[derive(Clone, Debug)]
pub(crate) enum Day {
    Born,
    Of(Whose, Of),
    AsOf,
    On(usize),
    Moved(Box<Day>, i32, &'static str),
    MovedByCount(Box<Day>, Box<Cond>),
    /// The later, or the earlier, of two.
    Either(bool, Box<Day>, Box<Day>),
    /// The latest, or the earliest, of the members that are as asked.
    Extreme(bool, Of, Box<Members>),
}

/// Stretches of history; the last is what the parameter `timing` is set to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Window {
    Offence,
    Conviction,
    Ever,
    Chosen,
}

/// The choices of the parameter `timing`.
pub(crate) const TIMINGS: [(&str, Window); 3] = [
    ("before the offence", Window::Offence),
    ("before the conviction", Window::Conviction),
    ("ever", Window::Ever),
];

/// What stands between `any conviction` and `where`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Restriction {
    pub(crate) other: bool,
    pub(crate) case: bool,
    pub(crate) cycle: bool,
    pub(crate) same_day: bool,
    pub(crate) window: Option<Window>,
}

/// Members of a collection: which of them are meant, and what is asked of those.
#[derive(Clone, Debug)]
pub(crate) struct Members {
    pub(crate) of: Collection,
    pub(crate) meant: Restriction,
    pub(crate) asked: Cond,
}

/// What is counted of members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Counted {
    Each,
    Cases,
    Days,
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
    /// Milligrams.
    Weight(Whose, &'static str, i32),
    Plants(Whose, &'static str, i32),
    Itself,
    SameCase,
    Days(Day, &'static str, Day),
    /// `years`, `months` or `days` between two days.
    Between(&'static str, Day, Day, &'static str, i32),
    And(Vec<Cond>),
    Or(Vec<Cond>),
    Not(Box<Cond>),
    Any(Box<Members>),
    No(Box<Members>),
    Every(Box<Members>),
    Count(Counted, Box<Members>, &'static str, i32),
    AllCompleted,
    /// A definition of the document, by its number.
    Named(usize, Arc<Cond>),
    Assumed(Box<Cond>, bool),
}

impl fmt::Display for Of {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Conviction => "date",
            Self::Offence => "offence-date",
            Self::Completed => "completed",
        })
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Born => f.write_str("person.birth-date"),
            Self::Of(Whose::Decided, of) => write!(f, "conviction.{of}"),
            Self::Of(Whose::Member, of) => write!(f, "{of}"),
            Self::AsOf => f.write_str("as-of"),
            Self::On(at) => write!(f, "{}", DAYS[*at]),
            Self::Moved(day, by, unit) => {
                write!(f, "{day} {} {} {unit}", if *by < 0 { "minus" } else { "plus" }, by.abs())
            }
            Self::MovedByCount(day, of) => write!(f, "{day} plus count(convictions where {of}) years"),
            Self::Either(later, one, other) => {
                write!(f, "{}({one}, {other})", if *later { "later" } else { "earlier" })
            }
            Self::Extreme(latest, of, members) => {
                let word = if *latest { "latest" } else { "earliest" };
                write!(f, "{word}({of} of {members})")
            }
        }
    }
}

impl fmt::Display for Restriction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let window = match self.window {
            None => "",
            Some(Window::Offence) => " before the offence",
            Some(Window::Conviction) => " before the conviction",
            Some(Window::Ever) => " ever",
            Some(Window::Chosen) => " within timing",
        };
        let given =
            [(self.case, " of the case"), (self.cycle, " of the cycle"), (self.same_day, " on the same day")];
        for (_, words) in given.into_iter().filter(|(given, _)| *given) {
            f.write_str(words)?;
        }
        f.write_str(window)
    }
}

impl Members {
    fn written(&self, plural: &str, word: &str) -> String {
        let other = if self.meant.other { "other " } else { "" };
        format!("{other}{}{plural}{} {word} {}", self.of.singular(), self.meant, self.asked)
    }

    /// The members that are meant, and are as asked; each as what a condition can be asked about.
    fn meeting(&self, person: &Person, about: About) -> Vec<About> {
        self.meant(person, about).into_iter().filter(|&member| self.asked.holds(person, member)).collect()
    }

    fn meant(&self, person: &Person, about: About) -> Vec<About> {
        let mut members = members(person, about, self.of);
        members.retain(|&member| {
            let day = Day::Of(Whose::Member, Of::Conviction).of(person, member);
            let decided = &person.counts[about.decided];
            let case = |of: bool| !of || Cond::SameCase.holds(person, member);
            let cycle = |of: bool| {
                let one = &person.counts[member.member];
                !of || member.member == about.decided || one.same_cycle.and(decided.same_cycle).is_yes()
            };
            let window = match self.meant.window {
                Some(Window::Chosen) => Some(TIMINGS[about.timing].1),
                window => window,
            };
            (!self.meant.other || member.member != about.decided)
                && case(self.meant.case)
                && cycle(self.meant.cycle)
                && (!self.meant.same_day || day == known(decided.date))
                && match window {
                    Some(Window::Offence) => day < known(decided.offence),
                    Some(Window::Conviction) => day < known(decided.date),
                    _ => true,
                }
        });
        members
    }
}

/// In the plural, as `count` and `latest` take them.
impl fmt::Display for Members {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written("s", "where"))
    }
}

/// Milligrams as a document writes them.
fn grams(milligrams: i32) -> String {
    format!("{}.{:03} grams", milligrams / 1_000, milligrams % 1_000)
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
            Self::Weight(whose, how, weight) => write!(f, "{}weight {how} {}", of(whose), grams(*weight)),
            Self::Plants(whose, how, number) => write!(f, "{}plants {how} {number}", of(whose)),
            Self::Itself => f.write_str("itself"),
            Self::SameCase => f.write_str("same-case"),
            Self::Days(a, how, b) => write!(f, "{a} {how} {b}"),
            Self::Between(unit, a, b, how, number) => write!(f, "{unit} from {a} to {b} {how} {number}"),
            Self::And(parts) => write!(f, "({})", joined(parts, "and")),
            Self::Or(parts) => write!(f, "({})", joined(parts, "or")),
            Self::Not(part) => write!(f, "not {part}"),
            Self::Any(members) => write!(f, "(any {})", members.written("", "where")),
            Self::No(members) => write!(f, "(no {})", members.written("", "where")),
            Self::Every(members) => write!(f, "(every {})", members.written("", "has")),
            Self::Count(Counted::Each, members, how, number) => write!(f, "count({members}) {how} {number}"),
            Self::Count(counted, members, how, number) => {
                let what = if *counted == Counted::Cases { "cases" } else { "days" };
                write!(f, "count({what} with a {}) {how} {number}", members.written("", "where"))
            }
            Self::AllCompleted => f.write_str("all sentences completed"),
            Self::Named(at, _) => write!(f, "d{at}"),
            Self::Assumed(part, holds) => {
                write!(
                    f,
                    "({part}) if unknown assume {} because \"So it is\"",
                    if *holds { "yes" } else { "no" }
                )
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
    /// What the parameter `timing` is set to.
    pub(crate) timing: usize,
}

fn compare<T: Ord>(a: &T, how: &str, b: &T) -> bool {
    match how {
        "before" | "<" | "less than" => a < b,
        "on or before" | "at most" => a <= b,
        "on" | "=" => a == b,
        "is not" => a != b,
        "on or after" | "at least" => a >= b,
        "after" | ">" | "more than" => a > b,
        _ => panic!("{how}"),
    }
}

fn known(span: DateSpan) -> Date {
    span.known().expect("everything is known")
}

/// Where there is no day, what comes before or after every day does so when it is moved, too.
fn moved(day: Date, step: impl Fn(Date) -> Date) -> Date {
    if day == Date::MIN || day == Date::MAX { day } else { step(day) }
}

impl Day {
    pub(crate) fn of(&self, person: &Person, about: About) -> Date {
        let day_of = |at: usize, of: Of| {
            known(match of {
                Of::Conviction => person.counts[at].date,
                Of::Offence => person.counts[at].offence,
                Of::Completed => person.counts[at].completed,
            })
        };
        match self {
            Self::Born => known(person.birth),
            Self::Of(Whose::Decided, of) => day_of(about.decided, *of),
            Self::Of(Whose::Member, _) if about.registration => known(person.registrations[about.member]),
            Self::Of(Whose::Member, of) => day_of(about.member, *of),
            Self::AsOf => AS_OF,
            Self::On(at) => DAYS[*at],
            Self::Moved(day, by, unit) => moved(day.of(person, about), |day| match *unit {
                "years" => add_months(day, by * 12),
                "months" => add_months(day, *by),
                _ => add_days(day, *by),
            }),
            Self::MovedByCount(day, part) => {
                let convictions = members(person, about, Collection::Convictions);
                let years = convictions.into_iter().filter(|&member| part.holds(person, member)).count();
                moved(day.of(person, about), |day| add_months(day, years as i32 * 12))
            }
            Self::Either(later, one, other) => {
                let (one, other) = (one.of(person, about), other.of(person, about));
                if *later { one.max(other) } else { one.min(other) }
            }
            Self::Extreme(latest, of, members) => {
                let days = members.meeting(person, about).into_iter();
                let mut days = days.map(|member| Self::Of(Whose::Member, *of).of(person, member));
                match days.next() {
                    None if *latest => Date::MIN,
                    None => Date::MAX,
                    Some(first) if *latest => days.fold(first, Date::max),
                    Some(first) => days.fold(first, Date::min),
                }
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
            Self::Weight(whose, how, weight) => compare(&count(whose).weight.known().unwrap(), how, weight),
            Self::Plants(whose, how, number) => compare(&count(whose).plants.known().unwrap(), how, number),
            Self::Itself => about.member == about.decided,
            Self::SameCase => {
                let both = count(&Whose::Member).same_case.and(count(&Whose::Decided).same_case);
                about.member == about.decided || both.is_yes()
            }
            Self::Days(a, how, b) => compare(&a.of(person, about), how, &b.of(person, about)),
            Self::Between(unit, a, b, how, number) => {
                let (a, b) = (a.of(person, about), b.of(person, about));
                let between = match *unit {
                    "years" => whole_years(a, b),
                    "months" => whole_months(a, b),
                    _ => a.until(b).unwrap().get_days(),
                };
                compare(&between, how, number)
            }
            Self::And(parts) => parts.iter().all(|part| part.holds(person, about)),
            Self::Or(parts) => parts.iter().any(|part| part.holds(person, about)),
            Self::Not(part) => !part.holds(person, about),
            Self::Any(members) => !members.meeting(person, about).is_empty(),
            Self::No(members) => members.meeting(person, about).is_empty(),
            Self::Every(members) => {
                members.meant(person, about).into_iter().all(|member| members.asked.holds(person, member))
            }
            Self::Count(counted, members, how, least) => {
                let met = members.meeting(person, about);
                let number = match counted {
                    Counted::Each => met.len(),
                    Counted::Cases => {
                        met.iter().map(|met| person.counts[met.member].case).collect::<BTreeSet<_>>().len()
                    }
                    Counted::Days => {
                        let day = |met: &About| known(person.counts[met.member].date);
                        met.iter().map(day).collect::<BTreeSet<_>>().len()
                    }
                };
                compare(&(number as i32), how, least)
            }
            Self::AllCompleted => members(person, about, Collection::Convictions)
                .into_iter()
                .all(|member| known(person.counts[member.member].completed) < AS_OF),
            Self::Named(_, part) => part.holds(person, about),
            Self::Assumed(part, _) => part.holds(person, about),
        }
    }
}
