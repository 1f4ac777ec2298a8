//! Court profiles: what a court's file holds beside the state's, and how it is written.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::defect::{CourtDefect, CourtRates};
use crate::names::NameSettings;
use crate::profile::ProfileError;

/// How a court's file is made of a population. See the files in `profiles/court/` for every setting.
#[derive(Clone, Debug)]
pub struct CourtProfile {
    pub(crate) people: People,
    pub(crate) identifiers: Identifiers,
    pub(crate) rates: CourtRates,
}

macro_rules! settings {
    ($($name:ident $table:literal { $($field:ident),+ $(,)? })+) => {$(
        #[derive(Clone, Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(crate) struct $name { $(pub(crate) $field: u32),+ }

        impl $name {
            fn shares(&self) -> Vec<(&'static str, u32)> {
                vec![$((concat!($table, ".", stringify!($field)), self.$field)),+]
            }
        }
    )+};
}

settings! {
    People "people" {
        court_only, further_case, cannabis, twins, juniors, siblings, namesakes, older, purged, purged_before_1985,
        codefendants, codefendant_known,
    }
    Identifiers "identifiers" {
        cii_before_1985, cii_before_2005, cii_since, licence, ssn_last_four, booking, aliases, zip,
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    people: People,
    identifiers: Identifiers,
    errors: BTreeMap<String, u32>,
}

const BUILT_IN: [(&str, &str); 3] = [
    ("clean", include_str!("../../profiles/court/clean.toml")),
    ("county", include_str!("../../profiles/court/county.toml")),
    ("hard", include_str!("../../profiles/court/hard.toml")),
];

impl CourtProfile {
    /// A built-in court profile: one of [`CourtProfile::names`].
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::source(name).and_then(|text| Self::parse(text).ok())
    }

    /// The text of a built-in court profile, to be changed and given to [`CourtProfile::parse`].
    #[must_use]
    pub fn source(name: &str) -> Option<&'static str> {
        BUILT_IN.iter().find(|(built_in, _)| *built_in == name).map(|(_, text)| *text)
    }

    /// The names of the built-in court profiles.
    #[must_use]
    pub fn names() -> &'static [&'static str] {
        &["clean", "county", "hard"]
    }

    /// Reads a court profile.
    ///
    /// # Errors
    /// When a key is missing, unknown or of the wrong type, or a share is above 1000.
    pub fn parse(text: &str) -> Result<Self, ProfileError> {
        let Document { people, identifiers, errors } = toml::from_str(text)?;
        let mut rates = CourtRates::default();
        for (name, rate) in &errors {
            let kind = CourtDefect::named(name)
                .ok_or_else(|| ProfileError::UnknownDefect { table: "errors", name: name.clone() })?;
            rates.set(kind, *rate);
        }
        let mut shares: Vec<(String, u32)> = people
            .shares()
            .into_iter()
            .chain(identifiers.shares())
            .map(|(key, rate)| (key.to_owned(), rate))
            .collect();
        shares.extend(errors.into_iter().map(|(name, rate)| (format!("errors.{name}"), rate)));
        for (key, rate) in shares {
            // Of the people that the court alone knows there can be more than of the state's.
            if rate > 1000 && key != "people.court_only" {
                return Err(ProfileError::Value { key, problem: "is above 1000" });
            }
        }
        if people.court_only > 20_000 {
            let key = "people.court_only".to_owned();
            return Err(ProfileError::Value { key, problem: "is above 20000" });
        }
        Ok(Self { people, identifiers, rates })
    }

    /// The rate of a kind of defect, in thousandths of those to whom it can happen.
    #[must_use]
    pub fn rate(&self, kind: CourtDefect) -> u32 {
        self.rates.of(kind)
    }

    /// How court-only people resemble people of the population.
    pub(crate) fn resemblance(&self) -> NameSettings {
        let People { twins, juniors, siblings, namesakes, .. } = self.people;
        NameSettings { middle: 0, middle_whole: 0, compound: 0, twins, juniors, siblings, namesakes }
    }
}
