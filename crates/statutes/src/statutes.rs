//! The tables that come with the program, and others read from texts.

use crate::set::Entry;
use crate::tables::{self, TableError};
use crate::{CodeSection, Grammar, SectionSet, codes};
use std::collections::BTreeMap;
use vacatur_records::Date;

/// The file that the grammar is built from.
const CODES: &str = "codes.toml";

/// The files of California.
const US_CA: &[(&str, &str)] = &[
    ("statutes/us-ca/codes.toml", include_str!("../../../statutes/us-ca/codes.toml")),
    ("statutes/us-ca/cannabis.toml", include_str!("../../../statutes/us-ca/cannabis.toml")),
    ("statutes/us-ca/cannabis-by-era.toml", include_str!("../../../statutes/us-ca/cannabis-by-era.toml")),
    ("statutes/us-ca/super-strikes.toml", include_str!("../../../statutes/us-ca/super-strikes.toml")),
    ("statutes/us-ca/pc-290.toml", include_str!("../../../statutes/us-ca/pc-290.toml")),
    ("statutes/us-ca/serious-felonies.toml", include_str!("../../../statutes/us-ca/serious-felonies.toml")),
    ("statutes/us-ca/violent-felonies.toml", include_str!("../../../statutes/us-ca/violent-felonies.toml")),
    ("statutes/us-ca/related-charges.toml", include_str!("../../../statutes/us-ca/related-charges.toml")),
];

/// The titles of the codes by their letters: `HS` is the Health and Safety Code.
///
/// # Errors
/// If the file of codes is not fit for use; the tests see to it that it is.
pub fn code_titles() -> Result<BTreeMap<String, String>, TableError> {
    let codes = US_CA.iter().find(|(file, _)| file.ends_with(CODES));
    codes.map_or_else(|| Ok(BTreeMap::new()), |(file, text)| codes::titles(file, text))
}

/// A grammar and the lists written in it.
#[derive(Debug, Clone)]
pub struct Statutes {
    /// Reads sections as records write them.
    pub grammar: Grammar,
    sets: Vec<SectionSet>,
}

impl Statutes {
    /// California, as the tables of this program have it.
    ///
    /// # Errors
    /// If a table is not fit for use; the tests see to it that none is.
    pub fn us_ca() -> Result<Self, TableError> {
        Self::parse(US_CA)
    }

    /// The files of [`Statutes::us_ca`], by name.
    pub fn files() -> impl Iterator<Item = (&'static str, &'static str)> {
        US_CA.iter().copied()
    }

    /// Tables from texts, each with its file name. The one called `codes.toml` holds the grammar.
    ///
    /// # Errors
    /// Names the file, the table and entry, and what is wrong with it.
    pub fn parse(files: &[(&str, &str)]) -> Result<Self, TableError> {
        let is_codes = |file: &str| file.rsplit(['/', '\\']).next() == Some(CODES);
        let (file, text) = files
            .iter()
            .find(|(file, _)| is_codes(file))
            .ok_or_else(|| TableError::new(CODES, "file", "missing: no section can be read without it"))?;
        let mut grammar = codes::read(file, text)?;
        let mut sets: Vec<SectionSet> = Vec::new();
        for (file, text) in files.iter().filter(|(file, _)| !is_codes(file)) {
            for set in tables::read(&grammar, file, text)? {
                if sets.iter().any(|other| other.name() == set.name()) {
                    return Err(TableError::new(file, set.name(), "a table of this name exists already"));
                }
                sets.push(set);
            }
        }
        for entry in sets.iter().flat_map(|set| set.entries()).filter(|entry| entry.number_is_unique()) {
            let number = entry.section().number();
            if let Some(code) = entry.section().code()
                && grammar.code_of_unique(number).is_none()
            {
                grammar.unique.push((number.into(), code));
            }
        }
        Ok(Self { grammar, sets })
    }

    /// The list of that name.
    #[must_use]
    pub fn set(&self, name: &str) -> Option<&SectionSet> {
        self.sets.iter().find(|set| set.name() == name)
    }

    /// The names of all lists.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.sets.iter().map(SectionSet::name)
    }

    /// All lists.
    #[must_use]
    pub fn sets(&self) -> &[SectionSet] {
        &self.sets
    }

    /// A list of these sections, knowing which numbers mean one section only: for the lists that a policy makes.
    #[must_use]
    pub fn set_of(&self, sections: &[CodeSection]) -> SectionSet {
        self.knowing_numbers(SectionSet::of(sections))
    }

    /// The same for sections each of which is listed from one day until before another, as [`SectionSet::of_dated`].
    #[must_use]
    pub fn set_of_dated(&self, sections: &[(CodeSection, Option<Date>, Option<Date>)]) -> SectionSet {
        self.knowing_numbers(SectionSet::of_dated(sections))
    }

    fn knowing_numbers(&self, mut set: SectionSet) -> SectionSet {
        for Entry { section, number_is_unique, .. } in &mut set.entries {
            *number_is_unique = self
                .grammar
                .code_of_unique(section.number())
                .is_some_and(|code| Some(code) == section.code());
        }
        set
    }
}
