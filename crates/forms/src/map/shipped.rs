//! The maps that come with the program.

use super::FieldMap;
use std::sync::OnceLock;

/// A map that comes with the program.
pub struct Shipped {
    /// Where its text stands in the repository.
    pub path: &'static str,
    /// The text.
    pub text: &'static str,
    /// The map.
    pub map: FieldMap,
}

macro_rules! maps {
    ($($path:literal),* $(,)?) => {
        [$(($path, include_str!(concat!("../../../../forms/us-ca/", $path)))),*]
    };
}

/// In the order in which they are listed.
const MAPS: &[(&str, &str)] = &maps![
    "cr-180/2019-01-01/fields.toml",
    "cr-181/2017-01-01/fields.toml",
    "cr-400/2017-07-01/fields.toml",
    "fw-001/2018-03-02/fields.toml",
    "proof-of-service/undated/fields.toml",
    "sf-motion-prop64/undated/fields.toml",
];

fn all() -> &'static [Shipped] {
    static ALL: OnceLock<Vec<Shipped>> = OnceLock::new();
    // A test goes through all of them: one that does not load cannot be shipped.
    ALL.get_or_init(|| {
        MAPS.iter()
            .filter_map(|&(path, text)| Some(Shipped { path, text, map: FieldMap::parse(text).ok()? }))
            .collect()
    })
}

impl FieldMap {
    /// The maps that come with the program.
    pub fn shipped() -> impl Iterator<Item = &'static Shipped> {
        all().iter()
    }

    /// The newest map that comes with the program for a form, by its number, in capitals or not: `CR-400`.
    #[must_use]
    pub fn of_form(form: &str) -> Option<&'static Self> {
        let mut found: Vec<&'static Self> = all()
            .iter()
            .map(|shipped| &shipped.map)
            .filter(|map| map.form.eq_ignore_ascii_case(form))
            .collect();
        found.sort_by(|one, other| one.revision.cmp(&other.revision));
        found.pop()
    }

    /// The map that comes with the program for the very fields of a blank.
    #[must_use]
    pub fn of_fields(field_hash: &str) -> Option<&'static Self> {
        all().iter().map(|shipped| &shipped.map).find(|map| map.hash == field_hash)
    }
}
