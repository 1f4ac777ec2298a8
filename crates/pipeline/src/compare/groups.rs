//! By what a comparison counts: the groups of convictions and of people.

use vacatur_records::{DateSpan, Level, NumberSpan};

/// By what is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dimension {
    /// Everything together.
    All,
    /// The section's number.
    Section,
    /// Felony, misdemeanor, infraction.
    Level,
    /// The year of the conviction.
    Year,
    /// The county of the conviction.
    County,
    /// The person's age on the day of the decision.
    Age,
    /// Sex as recorded.
    Sex,
    /// Race as recorded.
    Race,
}

impl Dimension {
    pub(super) const ALL: [Self; 8] =
        [Self::All, Self::Section, Self::Level, Self::Year, Self::County, Self::Age, Self::Sex, Self::Race];
    /// Those of which a person is in one group.
    pub(super) const OF_PEOPLE: [Self; 4] = [Self::All, Self::Age, Self::Sex, Self::Race];

    /// The word in tables.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Section => "section",
            Self::Level => "level",
            Self::Year => "year",
            Self::County => "county",
            Self::Age => "age",
            Self::Sex => "sex",
            Self::Race => "race",
        }
    }

    /// Whether a person is in one of its groups, and a conviction in its person's.
    pub(super) fn is_of_people(self) -> bool {
        Self::OF_PEOPLE.contains(&self)
    }
}

/// The group of whatever is not recorded.
pub(super) const NOT_RECORDED: &str = "not recorded";
/// The group of a text that the layout does not list.
pub(super) const OTHER: &str = "other text";
/// The group of a section that cannot be read.
pub(super) const UNREADABLE: &str = "unreadable";
/// The group of what is not surely one thing.
pub(super) const UNCERTAIN: &str = "not certain";

/// The group of a level.
pub(super) fn level(level: Option<Level>) -> &'static str {
    level.map_or(NOT_RECORDED, Level::word)
}

/// The year of a date, if it is surely one.
pub(super) fn year(date: DateSpan) -> Option<i16> {
    let (first, last) = (date.earliest().year(), date.latest().year());
    (!date.is_unknown() && first == last).then_some(first)
}

/// The group of an age in years.
pub(super) fn age(years: NumberSpan) -> &'static str {
    match years.known() {
        None => NOT_RECORDED,
        Some(..=20) => "under 21",
        Some(21..=29) => "21 to 29",
        Some(30..=39) => "30 to 39",
        Some(40..=49) => "40 to 49",
        Some(50..=59) => "50 to 59",
        Some(60..=69) => "60 to 69",
        Some(_) => "70 and older",
    }
}

/// Where a group stands in a list: ages from young to old, others by name, and what is not recorded last.
pub(super) fn order(group: &str) -> (u8, u8, &str) {
    let rank = match group {
        "under 21" => 0,
        "70 and older" => 2,
        _ => 1,
    };
    (u8::from([NOT_RECORDED, OTHER, UNREADABLE, UNCERTAIN].contains(&group)), rank, group)
}
