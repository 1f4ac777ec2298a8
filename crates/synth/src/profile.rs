//! Profiles: how often what happens, in a population and in its file.

use jiff::civil::Date;
use serde::Deserialize;

use crate::defect::{Defect, Rates};
use crate::lists::lists;
use crate::names::NameSettings;
use crate::random::Dice;

/// How a population is drawn and what its file looks like. See the files in `profiles/` for every setting.
#[derive(Clone, Debug)]
pub struct Profile {
    pub(crate) population: PopulationSettings,
    pub(crate) career: Career,
    pub(crate) sentence: SentenceRates,
    pub(crate) relief: ReliefRates,
    pub(crate) spelling: SpellingWeights,
    pub(crate) layout: Layout,
    /// Where people live; without it, everybody in the main county.
    pub(crate) homes: Option<Homes>,
    /// Names as they are spread among people; without it, every name is as likely as every other.
    pub(crate) names: Option<NameSettings>,
    pub(crate) defects: Rates,
    /// The day after which nothing happens.
    pub(crate) extract_date: Date,
    /// The main county's place in the list of counties.
    pub(crate) county: usize,
}

/// Why a profile cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProfileError {
    /// Not TOML, or a key that is missing, unknown or of the wrong type. The text names it.
    #[error("profile: {0}")]
    Toml(#[from] toml::de::Error),
    /// A kind of defect that does not exist.
    #[error("profile: unknown key `{table}.{name}`")]
    UnknownDefect {
        /// The table: `defects`, or `errors` of a court profile.
        table: &'static str,
        /// The key.
        name: String,
    },
    /// A value outside its range.
    #[error("profile: `{key}` {problem}")]
    Value {
        /// The key.
        key: String,
        /// What is wrong with its value.
        problem: &'static str,
    },
}

/// A range and its share.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Band {
    from: u32,
    to: u32,
    weight: u32,
}

/// Draws from bands: a band by weight, then a number in it.
pub(crate) fn band(bands: &[Band], dice: &mut Dice) -> u32 {
    let index = dice.weighted(bands.iter().map(|band| band.weight));
    bands.get(index).map_or(0, |band| dice.between(band.from, band.to))
}

macro_rules! settings {
    ($($(#[$about:meta])* $name:ident { $($field:ident: $kind:ty),+ $(,)? })+) => {$(
        $(#[$about])*
        #[derive(Clone, Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(crate) struct $name { $(pub(crate) $field: $kind),+ }
    )+};
}

settings! {
    PopulationSettings {
        main_county: String, extract_date: String, born: Vec<Band>, male: u32, race: Races, accents: u32,
        aliases: u32, deceased: u32, ssn: u32, cdl: u32,
    }
    Career {
        episodes: Vec<Band>, charges: Vec<Band>, cannabis_again: u32, out_of_county: u32, before_1975: u32,
        after_2016: u32, no_court: u32, court_without_arrest: u32, convicted: u32, charge_changed: u32,
        attempt: u32, conspiracy: u32, supervision_step: u32, narcotics_registration: u32,
        stray_registration: u32, families: Families,
    }
    Families {
        near: u32, petty: u32, traffic: u32, property: u32, drug: u32, violent: u32, super_strike: u32,
        gang: u32, sex: u32,
    }
    SentenceRates {
        unsaid: u32, consecutive: u32, concurrent_said: u32, revoked: u32, modified: u32, repeated_order: u32,
    }
    /// Where people live.
    Homes { anywhere: u32 }
    ReliefRates { set_aside: u32, reduced: u32, resentenced: u32, vacated: u32, later_step: u32 }
    SpellingWeights { plain: u32, joined: u32, code_first: u32, spaced: u32, in_comment: u32 }
    Layout {
        header: bool, crlf: bool, quote: Quote, fill: Fill, case_number_on_every_count: bool, cyc_age: u32,
    }
}

impl Families {
    /// In the order of [`crate::lists::Family::OTHERS`].
    pub(crate) fn weights(&self) -> [u32; 9] {
        let Self { near, petty, traffic, property, drug, violent, super_strike, gang, sex } = *self;
        [near, petty, traffic, property, drug, violent, super_strike, gang, sex]
    }
}

impl SpellingWeights {
    pub(crate) fn weights(&self) -> [u32; 5] {
        [self.plain, self.joined, self.code_first, self.spaced, self.in_comment]
    }
}

/// Weights of the letters for race.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "UPPERCASE")]
pub(crate) struct Races {
    b: u32,
    h: u32,
    w: u32,
    a: u32,
    i: u32,
    o: u32,
    u: u32,
    #[serde(rename = "blank")]
    blank: u32,
}

impl Races {
    pub(crate) fn weights(&self) -> [u32; 8] {
        [self.b, self.h, self.w, self.a, self.i, self.o, self.u, self.blank]
    }
}

/// Which fields stand in quotes.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Quote {
    /// Every field.
    All,
    /// Every field that is not empty.
    Filled,
    /// A field with a comma, a quote or a line break in it.
    Needed,
}

/// How many of the columns that decide nothing are filled.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Fill {
    /// None.
    Sparse,
    /// Codes and descriptions that most rows carry.
    Usual,
    /// All of them.
    Full,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    population: PopulationSettings,
    career: Career,
    sentence: SentenceRates,
    relief: ReliefRates,
    spelling: SpellingWeights,
    layout: Layout,
    homes: Option<Homes>,
    names: Option<NameSettings>,
    defects: std::collections::BTreeMap<String, u32>,
}

const BUILT_IN: [(&str, &str); 6] = [
    ("clean", include_str!("../profiles/clean.toml")),
    ("county", include_str!("../profiles/county.toml")),
    ("hostile", include_str!("../profiles/hostile.toml")),
    ("dense", include_str!("../profiles/dense.toml")),
    // The county, and what makes it hard to know its people again.
    ("linkage", concat!(include_str!("../profiles/county.toml"), include_str!("../profiles/linkage.toml"))),
    // The county's lives, all over the state.
    ("state", concat!(include_str!("../profiles/county.toml"), include_str!("../profiles/state.toml"))),
];

impl Profile {
    /// A built-in profile: one of [`Profile::names`].
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::source(name).and_then(|text| Self::parse(text).ok())
    }

    /// The text of a built-in profile, to be changed and given to [`Profile::parse`].
    #[must_use]
    pub fn source(name: &str) -> Option<&'static str> {
        BUILT_IN.iter().find(|(built_in, _)| *built_in == name).map(|(_, text)| *text)
    }

    /// The names of the built-in profiles.
    #[must_use]
    pub fn names() -> &'static [&'static str] {
        &["clean", "county", "hostile", "dense", "linkage", "state"]
    }

    /// Reads a profile.
    ///
    /// # Errors
    /// When a key is missing, unknown or of the wrong type, or a value is outside its range.
    pub fn parse(text: &str) -> Result<Self, ProfileError> {
        let Document { population, career, sentence, relief, spelling, layout, homes, names, defects } =
            toml::from_str(text)?;
        let bad = |key: &str, problem| ProfileError::Value { key: key.to_owned(), problem };
        let extract_date: Date =
            population.extract_date.parse().map_err(|_| bad("population.extract_date", "is no date"))?;
        if !(2018..=2030).contains(&extract_date.year()) {
            return Err(bad("population.extract_date", "must be from 2018 to 2030"));
        }
        let county = lists().counties.iter().position(|county| county.name == population.main_county);
        let county = county.ok_or_else(|| bad("population.main_county", "is no county of California"))?;
        for (key, bands, range) in [
            ("population.born", &population.born, 1935..=1999),
            ("career.episodes", &career.episodes, 1..=500),
            ("career.charges", &career.charges, 1..=50),
        ] {
            let fits =
                |band: &Band| band.from <= band.to && range.contains(&band.from) && range.contains(&band.to);
            if bands.iter().map(|band| u64::from(band.weight)).sum::<u64>() == 0 || !bands.iter().all(fits) {
                return Err(bad(key, "needs bands within its range and some weight"));
            }
        }
        let spread = names.as_ref().map(NameSettings::shares).into_iter().flatten();
        let homes_share = homes.as_ref().map(|homes| ("homes.anywhere", homes.anywhere));
        let more = spread.chain(homes_share);
        for (key, rate) in shares(&population, &career, &sentence, &relief, &layout).into_iter().chain(more) {
            if rate > 1000 {
                return Err(bad(key, "is above 1000"));
            }
        }
        let mut rates = Rates::default();
        for (name, rate) in defects {
            let kind = Defect::named(&name)
                .ok_or_else(|| ProfileError::UnknownDefect { table: "defects", name: name.clone() })?;
            if rate > 1_000_000 {
                return Err(bad(&format!("defects.{name}"), "is above 1000000"));
            }
            rates.set(kind, rate);
        }
        Ok(Self {
            population,
            career,
            sentence,
            relief,
            spelling,
            layout,
            homes,
            names,
            defects: rates,
            extract_date,
            county,
        })
    }

    /// The county in which everybody has a cannabis conviction.
    #[must_use]
    pub fn main_county(&self) -> &str {
        &self.population.main_county
    }

    /// The rate of a kind of defect, in millionths.
    #[must_use]
    pub fn rate(&self, kind: Defect) -> u32 {
        self.defects.of(kind)
    }
}

/// The settings that are shares per thousand, by name.
fn shares<'a>(
    population: &PopulationSettings,
    career: &Career,
    sentence: &SentenceRates,
    relief: &ReliefRates,
    layout: &Layout,
) -> Vec<(&'a str, u32)> {
    macro_rules! named {
        ($($table:ident { $($field:ident)+ })+) => {
            vec![$($((concat!(stringify!($table), ".", stringify!($field)), $table.$field)),+),+]
        };
    }
    named! {
        population { male accents aliases deceased ssn cdl }
        career {
            cannabis_again out_of_county before_1975 after_2016 no_court court_without_arrest convicted
            charge_changed attempt conspiracy supervision_step narcotics_registration stray_registration
        }
        sentence { unsaid consecutive concurrent_said revoked modified repeated_order }
        relief { set_aside reduced resentenced vacated later_step }
        layout { cyc_age }
    }
}
