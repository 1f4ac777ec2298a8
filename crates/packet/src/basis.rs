//! Which texts the papers are made of, by `forms/us-ca/papers.toml`.

use crate::relief::Relief;
use serde::Deserialize;
use vacatur_papers::Basis;

const TEXT: &str = include_str!("../../../forms/us-ca/papers.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    basis: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Entry {
    texts: String,
    sections: Vec<String>,
    other_relief: bool,
    #[allow(dead_code, reason = "for the reader of the file; the test asks for it")]
    source: String,
    #[allow(dead_code, reason = "for the reader of the file; the test asks for it")]
    status: crate::court::Status,
}

/// The sections of each basis, read once.
pub(crate) struct Bases(Vec<(Basis, Entry)>);

impl Bases {
    /// Those that come with the program.
    ///
    /// # Errors
    /// A file with a mistake: one of the program.
    pub(crate) fn shipped() -> Result<Self, String> {
        let file: File = toml::from_str(TEXT).map_err(|error| error.to_string())?;
        let of = |entry: Entry| {
            let basis =
                [Basis::Hs11361_8, Basis::General].into_iter().find(|one| one.folder() == entry.texts);
            basis
                .map(|basis| (basis, entry))
                .ok_or_else(|| "papers.toml names texts that are not there".to_owned())
        };
        file.basis.into_iter().map(of).collect::<Result<_, _>>().map(Self)
    }

    /// The number of the first that holds a conviction.
    #[must_use]
    pub(crate) fn of(&self, section: &str, relief: &Relief) -> u8 {
        let other = matches!(relief, Relief::Other(_));
        let holds = |entry: &Entry| {
            (entry.other_relief || !other)
                && entry.sections.iter().any(|own| own == "*" || is_within(section, own))
        };
        let last = self.0.len().saturating_sub(1);
        self.0.iter().position(|(_, entry)| holds(entry)).unwrap_or(last) as u8
    }

    /// A basis by number.
    #[must_use]
    pub(crate) fn get(&self, at: u8) -> Basis {
        self.0.get(usize::from(at)).map_or(Basis::General, |(basis, _)| *basis)
    }
}

/// Whether a section in normal form is a section of the list, or a subdivision of it.
fn is_within(section: &str, own: &str) -> bool {
    let subdivision = |rest: &str| rest.starts_with('(') && !rest.contains([' ', ';']);
    section.strip_prefix(own).is_some_and(|rest| rest.is_empty() || subdivision(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_conviction_has_its_texts() {
        let bases = Bases::shipped().unwrap();
        let of = |section: &str, relief: Relief| bases.get(bases.of(section, &relief));
        for (section, expected) in [
            ("HS 11359", Basis::Hs11361_8),
            ("HS 11360(a)(2)", Basis::Hs11361_8),
            ("HS 11360(a) (attempt)", Basis::General),
            ("HS 11359 (conspiracy)", Basis::General),
            ("HS 11377", Basis::General),
            ("HS 113591", Basis::General),
            ("HS 11359.5", Basis::General),
            ("HS 11359; HS 11377", Basis::General),
        ] {
            assert_eq!(of(section, Relief::Dismiss), expected, "{section}");
        }
        assert_eq!(of("HS 11359", Relief::Other("notation".into())), Basis::General);
    }
}
