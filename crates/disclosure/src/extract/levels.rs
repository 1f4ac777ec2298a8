//! How each column is made coarser, step by step.

use rustc_hash::FxHashMap;
use serde::Deserialize;

const RACE: &str = include_str!("../../../../reports/us-ca/race.toml");
const REGIONS: &str = include_str!("../../../../reports/us-ca/regions.toml");

/// What a blank or unreadable cell becomes.
pub(crate) const NOT_KNOWN: &str = "not known";
/// What everything becomes in the end.
pub(crate) const ANY: &str = "any";
const OTHER: &str = "other";

#[derive(Deserialize)]
struct RaceFile {
    group: Vec<Group>,
}

#[derive(Deserialize)]
struct Group {
    key: String,
    words: Vec<String>,
}

#[derive(Deserialize)]
struct RegionFile {
    region: Vec<Region>,
}

#[derive(Deserialize)]
struct Region {
    name: String,
    counties: Vec<String>,
}

/// The words that cells are read by.
pub(crate) struct Words {
    race: FxHashMap<String, String>,
    region: FxHashMap<String, String>,
}

impl Words {
    /// Those that come with the program; empty lists would only make everything `other`.
    pub(crate) fn shipped() -> Self {
        let race: Vec<Group> =
            toml::from_str::<RaceFile>(RACE).map_or_else(|_| Vec::new(), |file| file.group);
        let regions: Vec<Region> =
            toml::from_str::<RegionFile>(REGIONS).map_or_else(|_| Vec::new(), |file| file.region);
        let race = race.into_iter().flat_map(|group| {
            group.words.into_iter().map(move |word| (word, group.key.replace('_', " "))).collect::<Vec<_>>()
        });
        let region = regions.into_iter().flat_map(|region| {
            region.counties.into_iter().map(move |county| (county, region.name.clone())).collect::<Vec<_>>()
        });
        Self { race: race.collect(), region: region.collect() }
    }

    pub(crate) fn race(&self, cell: &str) -> String {
        match (cell, self.race.get(cell)) {
            ("", _) => NOT_KNOWN.into(),
            (_, Some(group)) if group == "unknown" => NOT_KNOWN.into(),
            (_, Some(group)) => group.clone(),
            _ => OTHER.into(),
        }
    }

    pub(crate) fn sex(&self, cell: &str) -> String {
        match cell {
            "F" | "FEMALE" => "female",
            "M" | "MALE" => "male",
            "" | "U" | "UNKNOWN" => NOT_KNOWN,
            _ => OTHER,
        }
        .into()
    }

    /// The county as the list has it. What is not one of the 58 is not repeated: a cell may hold anything.
    pub(crate) fn county(&self, cell: &str) -> String {
        let upper = cell.trim().to_uppercase();
        if self.region.contains_key(&upper) { upper } else { NOT_KNOWN.into() }
    }

    /// The counties of somebody, one or several.
    pub(crate) fn counties(&self, cell: &str) -> String {
        let mut known: Vec<String> = cell.split("; ").map(|one| self.county(one)).collect();
        known.sort_unstable();
        known.dedup();
        match known.as_slice() {
            [one] => one.clone(),
            _ => SEVERAL.into(),
        }
    }

    /// One step further than the cell's own word, or several: the word at a level of its column.
    pub(crate) fn at(&self, column: Column, word: &str, level: usize) -> String {
        if level + 1 >= column.levels().len() {
            return ANY.into();
        }
        if level == 0 || word == NOT_KNOWN {
            return word.into();
        }
        match column {
            Column::Race => match word {
                "hispanic" | "black" | "white" => word.into(),
                _ => OTHER.into(),
            },
            Column::Age => band(word, level, &[(10, 20, 80), (20, 20, 60)]),
            Column::Year | Column::FirstYear => band(word, level, &[(10, 1960, 2030), (20, 1980, 2020)]),
            Column::County if word == SEVERAL => word.into(),
            Column::County => self.region.get(word).cloned().unwrap_or_else(|| NOT_KNOWN.into()),
            Column::Sex | Column::Level | Column::Section => word.into(),
        }
    }
}

const SEVERAL: &str = "several counties";

/// A column that others may know of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    Race,
    Sex,
    Age,
    County,
    Year,
    FirstYear,
    Level,
    Section,
}

impl Column {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Race => "race",
            Self::Sex => "sex",
            Self::Age => "age",
            Self::County => "county",
            Self::Year => "conviction_year",
            Self::FirstYear => "first_conviction_year",
            Self::Level => "level",
            Self::Section => "section",
        }
    }

    /// What a bit of it counts for. Whom a rule reaches is what an extract is asked for.
    pub(crate) fn weight(self) -> f64 {
        match self {
            Self::Race => 3.0,
            Self::Level => 2.0,
            _ => 1.0,
        }
    }

    pub(crate) fn says(self) -> &'static str {
        match self {
            Self::Race => {
                "Race as recorded by police, courts and prisons, in groups; often wrong, see the report's note"
            }
            Self::Sex => "Sex as recorded",
            Self::Age => "Whole years on the day of the decision, in bands",
            Self::County => {
                "County of the conviction, or its region; of people, of all their decided convictions"
            }
            Self::Year => "Year of the conviction, in bands",
            Self::FirstYear => "Year of the person's earliest conviction on record, in bands",
            Self::Level => "Level of the offence before the relief",
            Self::Section => "Code section without its subdivisions",
        }
    }

    /// The levels, finest first; the last one always says nothing.
    pub(crate) fn levels(self) -> &'static [&'static str] {
        match self {
            Self::Race => &["recorded group", "hispanic, black, white or other", "any"],
            Self::Sex => &["as recorded", "any"],
            Self::Age => &["bands of 5 years", "bands of 10 years", "bands of 20 years", "any"],
            Self::County => &["county", "region", "any"],
            Self::Year | Self::FirstYear => &["bands of 5 years", "decades", "bands of 20 years", "any"],
            Self::Level => &["felony, misdemeanor or infraction", "any"],
            Self::Section => &["section without subdivisions", "any"],
        }
    }
}

/// A number as the band of five that it is in; open below and above, so that nobody stands alone at an end.
pub(crate) fn five(number: Option<i64>, first: i64, end: i64) -> String {
    number.map_or_else(|| NOT_KNOWN.into(), |number| label(number, 5, first, end))
}

pub(crate) fn age(number: Option<i64>) -> String {
    five(number, 20, 80)
}

pub(crate) fn year(number: Option<i64>) -> String {
    five(number, 1960, 2030)
}

fn label(number: i64, width: i64, first: i64, end: i64) -> String {
    if number < first {
        format!("below {first}")
    } else if number >= end {
        format!("{end} and above")
    } else {
        let from = first + (number - first) / width * width;
        format!("{from} to {}", from + width - 1)
    }
}

/// A band of five as the wider band that it is in.
fn band(word: &str, level: usize, wider: &[(i64, i64, i64)]) -> String {
    let digits = |text: &str| text.split(' ').find_map(|part| part.parse::<i64>().ok());
    let (Some(number), Some(&(width, first, end))) = (digits(word), wider.get(level - 1)) else {
        return NOT_KNOWN.into();
    };
    label(if word.starts_with("below") { number - 1 } else { number }, width, first, end)
}

/// A code section without its subdivisions, as `HS 11357`; what does not look like one is not repeated.
pub(crate) fn section(cell: &str) -> String {
    let base = cell.split('(').next().unwrap_or_default().trim();
    let looks = base.split_once(' ').is_some_and(|(code, number)| {
        (1..=4).contains(&code.len())
            && code.bytes().all(|byte| byte.is_ascii_uppercase())
            && (1..=8).contains(&number.len())
            && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
    });
    if looks { base.into() } else { NOT_KNOWN.into() }
}

/// A word of a closed list, or nothing.
pub(crate) fn one_of(cell: &str, words: &[&str]) -> String {
    if words.contains(&cell) { cell.into() } else { NOT_KNOWN.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_level_is_a_coarser_one_of_the_one_before() {
        let words = Words::shipped();
        let all: [(Column, Vec<String>); 4] = [
            (Column::Age, (0..120).map(|number| age(Some(number))).chain([age(None)]).collect()),
            (Column::Year, (1900..2050).map(|number| year(Some(number))).collect()),
            (
                Column::County,
                words.region.keys().cloned().chain([SEVERAL.into(), NOT_KNOWN.into()]).collect(),
            ),
            (Column::Race, words.race.keys().map(|word| words.race(word)).collect()),
        ];
        for (column, known) in all {
            for level in 1..column.levels().len() {
                let mut up: FxHashMap<String, String> = FxHashMap::default();
                for word in &known {
                    let (below, here) = (words.at(column, word, level - 1), words.at(column, word, level));
                    assert!(
                        *up.entry(below.clone()).or_insert_with(|| here.clone()) == here,
                        "{column:?} {below} is cut apart at level {level}"
                    );
                }
            }
        }
        assert_eq!(words.region.len(), 58);
        assert_eq!(words.race("B"), words.race("BLACK"));
    }

    #[test]
    fn a_cell_that_is_no_section_is_not_repeated() {
        assert_eq!(section("HS 11360(a)(2)"), "HS 11360");
        for cell in ["", "DOE,JOHN", "=1+1", "PC", "HS 11357 OR 11358"] {
            assert_eq!(section(cell), NOT_KNOWN, "{cell}");
        }
    }
}
