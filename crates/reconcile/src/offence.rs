//! Whether two texts name the same offence.

use rustc_hash::FxHashMap;
use vacatur_statutes::{CodeSection, Coded, Grammar, Offence};

/// How two offences compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Alike {
    /// They name different sections.
    Different,
    /// One of them cannot be read.
    Unknown,
    /// The same section, of which one says a subdivision and the other none, or fewer.
    Compatible,
    /// The same.
    Same,
}

/// Reads offences, each text once.
pub struct Offences<'g> {
    grammar: &'g Grammar,
    read: FxHashMap<String, Option<Offence>>,
}

impl<'g> Offences<'g> {
    /// With a grammar, and nothing read yet.
    #[must_use]
    pub fn new(grammar: &'g Grammar) -> Self {
        Self { grammar, read: FxHashMap::default() }
    }

    /// The offence that a text names; none if it cannot be read with certainty.
    pub fn of(&mut self, text: &str) -> Option<&Offence> {
        if !self.read.contains_key(text) {
            let offence = match self.grammar.parse(text) {
                Coded::Offence(offence) => Some(offence),
                _ => None,
            };
            self.read.insert(text.to_owned(), offence);
        }
        self.read.get(text).and_then(Option::as_ref)
    }

    /// The offence in normal form; empty if it cannot be read.
    pub fn normal(&mut self, text: &str) -> String {
        self.of(text).map_or_else(String::new, ToString::to_string)
    }

    /// Compares two texts.
    pub fn alike(&mut self, one: &str, other: &str) -> Alike {
        let one = self.of(one).cloned();
        match (one, self.of(other)) {
            (Some(one), Some(other)) => alike(&one, other),
            _ => Alike::Unknown,
        }
    }
}

/// Compares two offences. An attempt is another offence than the completed one.
fn alike(one: &Offence, other: &Offence) -> Alike {
    if one.attempt != other.attempt
        || one.conspiracy != other.conspiracy
        || one.sections().len() != other.sections().len()
    {
        return Alike::Different;
    }
    if one.sections() == other.sections() {
        return Alike::Same;
    }
    let near = one.sections().iter().zip(other.sections()).all(|(one, other)| {
        let codes = one.code().is_none() || other.code().is_none() || one.code() == other.code();
        let starts = one.subdivisions().zip(other.subdivisions()).all(|(one, other)| one == other);
        codes && one.number() == other.number() && starts
    });
    if near {
        Alike::Compatible
    } else if one.sections().iter().zip(other.sections()).all(|(one, other)| may_be_compact(one, other)) {
        Alike::Unknown
    } else {
        Alike::Different
    }
}

/// Whether one may be the other written without its brackets: `PC 487a` is a section of its own, and what hurried clerks
/// write for `PC 487(a)`.
fn may_be_compact(one: &CodeSection, other: &CodeSection) -> bool {
    let joined = |section: &CodeSection| {
        let mut text = section.number().to_lowercase();
        section.subdivisions().for_each(|part| text.push_str(&part.to_lowercase()));
        text
    };
    let codes = one.code().is_none() || other.code().is_none() || one.code() == other.code();
    let (one, other) = (joined(one), joined(other));
    codes && (one.starts_with(&other) || other.starts_with(&one)) && one.len().abs_diff(other.len()) <= 1 && {
        // A further figure makes another section; a further letter may be a subdivision.
        let longer = if one.len() >= other.len() { &one } else { &other };
        one == other || longer.ends_with(|c: char| c.is_ascii_alphabetic())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vacatur_statutes::Statutes;

    #[test]
    fn offences_compare() {
        let statutes = Statutes::us_ca().unwrap();
        let mut offences = Offences::new(&statutes.grammar);
        let mut shown = String::new();
        for (one, other) in [
            ("HS 11359", "11359 HS-POSSESS MARIJUANA FOR SALE"),
            ("HS 11357(A)", "11357(a) HS"),
            ("HS 11357", "11357(a) HS"),
            ("HS 11357(B)", "11357(a) HS"),
            ("HS 11359", "664/11359 HS"),
            ("HS 11359", "SEE COMMENT FOR CHARGE"),
            ("HS 11359", "PC 459"),
            ("11359", "HS 11359"),
            ("PC 487a", "487(a) PC"),
            ("PC 4870", "487 PC"),
        ] {
            shown += &format!("{one} | {other} | {:?}\n", offences.alike(one, other));
        }
        insta::assert_snapshot!(shown, @"
        HS 11359 | 11359 HS-POSSESS MARIJUANA FOR SALE | Same
        HS 11357(A) | 11357(a) HS | Same
        HS 11357 | 11357(a) HS | Compatible
        HS 11357(B) | 11357(a) HS | Different
        HS 11359 | 664/11359 HS | Different
        HS 11359 | SEE COMMENT FOR CHARGE | Unknown
        HS 11359 | PC 459 | Different
        11359 | HS 11359 | Compatible
        PC 487a | 487(a) PC | Unknown
        PC 4870 | 487 PC | Different
        ");
    }
}
