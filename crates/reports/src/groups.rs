//! The groups that people are counted by.

use crate::error::ReportError;
use crate::sql;
use rustc_hash::FxHashMap;
use serde::Deserialize;

/// The groups of race, as they come with the program.
const US_CA_RACE: &str = include_str!("../../../reports/us-ca/race.toml");

/// Neither a listed word nor nothing: what `people.csv` calls so.
pub(crate) const OTHER_TEXT: &str = "other text";

/// Groups of a column's words.
#[derive(Debug)]
pub(crate) struct Groups {
    /// Their names, in the order in which they are shown; the empty one is for what is not recorded.
    pub(crate) keys: Vec<String>,
    of: FxHashMap<String, usize>,
    other: usize,
    blank: usize,
    column: &'static str,
}

impl Groups {
    fn new(column: &'static str, groups: &[(&str, Vec<String>)]) -> Self {
        let mut keys: Vec<String> = groups.iter().map(|(key, _)| (*key).to_owned()).collect();
        let mut of = FxHashMap::default();
        for (at, (_, words)) in groups.iter().enumerate() {
            of.extend(words.iter().map(|word| (word.clone(), at)));
        }
        let other = keys.len();
        keys.push(OTHER_TEXT.into());
        let blank = keys.len();
        keys.push(String::new());
        Self { keys, of, other, blank, column }
    }

    /// The groups of race.
    pub(crate) fn race() -> Result<Self, ReportError> {
        let file = RaceFile::shipped()?;
        let groups: Vec<(&str, Vec<String>)> =
            file.group.iter().map(|group| (group.key.as_str(), group.words.clone())).collect();
        Ok(Self::new("race", &groups))
    }

    /// The groups of sex.
    pub(crate) fn sex() -> Self {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        Self::new(
            "sex",
            &[
                ("female", words(&["F", "FEMALE"])),
                ("male", words(&["M", "MALE"])),
                ("nonbinary", words(&["NONBINARY", "X"])),
                ("unknown", words(&["U", "UNKNOWN"])),
            ],
        )
    }

    /// The group of a word.
    pub(crate) fn group(&self, word: &str) -> usize {
        if word.is_empty() {
            return self.blank;
        }
        self.of.get(word).copied().unwrap_or(self.other)
    }

    /// The same as a query has it.
    pub(crate) fn sql(&self) -> String {
        let mut cases = format!("CASE WHEN {} = '' THEN ''", self.column);
        for (at, key) in self.keys.iter().enumerate() {
            let mut words: Vec<&str> =
                self.of.iter().filter(|(_, of)| **of == at).map(|(word, _)| word.as_str()).collect();
            words.sort_unstable();
            if !words.is_empty() {
                let words: Vec<String> = words.into_iter().map(sql::text).collect();
                cases += &format!(" WHEN {} IN ({}) THEN {}", self.column, words.join(", "), sql::text(key));
            }
        }
        cases + &format!(" ELSE {} END", sql::text(OTHER_TEXT))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RaceFile {
    source: String,
    status: String,
    group: Vec<GroupEntry>,
    error: Vec<KnownError>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupEntry {
    key: String,
    words: Vec<String>,
}

/// What is known of how wrong recorded race is.
#[derive(Clone, Debug, PartialEq, Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
pub struct KnownError {
    /// What is known.
    pub says: String,
    /// The same in Spanish.
    pub says_es: String,
    /// Where it stands.
    pub source: String,
    /// How sure the source is: unconfirmed, secondary, observed or confirmed.
    pub status: String,
}

impl RaceFile {
    fn shipped() -> Result<Self, ReportError> {
        let file: Self =
            toml::from_str(US_CA_RACE).map_err(|error| ReportError::Groups { what: error.to_string() })?;
        let sources = file.error.iter().map(|error| (&error.source, &error.status));
        for (source, status) in sources.chain([(&file.source, &file.status)]) {
            if source.is_empty()
                || !["unconfirmed", "secondary", "observed", "confirmed"].contains(&&**status)
            {
                return Err(ReportError::Groups { what: "an entry lacks its source or its status".into() });
            }
        }
        Ok(file)
    }
}

/// What is known of how wrong recorded race is, with sources.
///
/// # Errors
/// The file that comes with the program cannot be read.
pub fn known_errors_of_race() -> Result<Vec<KnownError>, ReportError> {
    Ok(RaceFile::shipped()?.error)
}

/// Bands of age: the first age of each after the first, and their names.
const BANDS: [i64; 5] = [30, 40, 50, 60, 70];
pub(crate) const AGES: [&str; 7] = ["under_30", "30_39", "40_49", "50_59", "60_69", "70_and_over", ""];

/// The band of an age in whole years.
pub(crate) fn age_band(age: Option<i64>) -> usize {
    age.map_or(BANDS.len() + 1, |age| BANDS.iter().filter(|first| age >= **first).count())
}

/// The same as a query has it.
pub(crate) fn age_sql() -> String {
    let mut cases = String::from("CASE WHEN age IS NULL THEN ''");
    for (first, key) in BANDS.iter().zip(AGES) {
        cases += &format!(" WHEN age < {first} THEN '{key}'");
    }
    cases + &format!(" ELSE '{}' END", AGES.get(BANDS.len()).unwrap_or(&""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_and_a_word_that_mean_the_same_are_one_group() {
        let race = Groups::race().unwrap();
        let key = |word: &str| race.keys[race.group(word)].as_str();
        assert_eq!((key("B"), key("BLACK")), ("black", "black"));
        assert_eq!((key(""), key("other text"), key("X")), ("", "other text", "unknown"));
        let listed: toml::Table =
            toml::from_str(include_str!("../../../layouts/us-ca/doj-words.toml")).unwrap();
        for word in listed["races"].as_array().unwrap() {
            assert_ne!(key(word.as_str().unwrap()), OTHER_TEXT, "{word} has no group");
        }
        let sex = Groups::sex();
        for word in listed["sexes"].as_array().unwrap() {
            assert_ne!(sex.keys[sex.group(word.as_str().unwrap())], OTHER_TEXT, "{word} has no group");
        }
    }

    #[test]
    fn ages_fall_into_bands() {
        let band = |age| AGES[age_band(age)];
        let seen: Vec<&str> = [Some(29), Some(30), Some(39), Some(69), Some(70), None].map(band).to_vec();
        assert_eq!(seen, ["under_30", "30_39", "30_39", "60_69", "70_and_over", ""]);
    }
}
