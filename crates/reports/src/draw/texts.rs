//! What a report says, in the language of its readers.

use crate::error::ReportError;
use serde_json::Value;

/// A language that reports are written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Spanish, as it is written in the United States and Mexico.
    Spanish,
}

const EN: &str = include_str!("../../../../reports/texts/en.toml");
const ES: &str = include_str!("../../../../reports/texts/es.toml");

/// The texts of a language.
#[derive(Debug)]
pub(crate) struct Texts {
    all: Value,
}

impl Texts {
    /// # Errors
    /// None that the texts in the program have.
    pub(crate) fn of(language: Language) -> Result<Self, ReportError> {
        let text = match language {
            Language::English => EN,
            Language::Spanish => ES,
        };
        let all = toml::from_str(text).map_err(|error| ReportError::Drawing { what: error.to_string() })?;
        Ok(Self { all })
    }

    /// The text at a path; where there is none, the last name of the path as it is.
    pub(crate) fn get<'t>(&'t self, path: &[&'t str]) -> &'t str {
        self.find(path).unwrap_or_else(|| path.last().copied().unwrap_or_default())
    }

    pub(crate) fn find(&self, path: &[&str]) -> Option<&str> {
        path.iter().try_fold(&self.all, |at, name| at.get(name))?.as_str()
    }

    /// The text with values in the places of their names.
    pub(crate) fn fill(&self, path: &[&str], values: &[(&str, &str)]) -> String {
        fill(self.get(path), values)
    }

    /// All texts under a name, in the order of their names.
    pub(crate) fn under(&self, name: &str) -> impl Iterator<Item = (&str, &str)> {
        let texts = self.all.get(name).and_then(Value::as_object).into_iter().flatten();
        texts.filter_map(|(name, text)| Some((name.as_str(), text.as_str()?)))
    }

    /// A whole number with its thousands apart.
    pub(crate) fn count(&self, number: u64) -> String {
        let digits = number.to_string();
        let mut text = String::with_capacity(digits.len() + 3);
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                text.push_str(self.get(&["thousands"]));
            }
            text.push(digit);
        }
        text
    }

    /// A number with so many decimals.
    pub(crate) fn decimal(&self, number: f64, decimals: usize) -> String {
        format!("{number:.decimals$}").replace('.', self.get(&["decimal"]))
    }

    /// A share in percent. What is not all or nothing is not shown as such.
    pub(crate) fn percent(&self, share: f64) -> String {
        let percent = share * 100.0;
        let text = self.decimal(percent, 1);
        let (none, all) = (self.decimal(0.0, 1), self.decimal(100.0, 1));
        let shown = if percent > 0.0 && text == none {
            format!("<{}", self.decimal(0.1, 1))
        } else if percent < 100.0 && text == all {
            format!(">{}", self.decimal(99.9, 1))
        } else {
            text
        };
        format!("{shown}\u{a0}%")
    }
}

/// A text with values in the places of their names. What is put in is never looked at again.
fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let (before, after) = rest.split_at(open);
        filled.push_str(before);
        let close = after.find('}').map_or(after.len(), |at| at + 1);
        let (name, beyond) = after.split_at(close);
        let known = values.iter().find(|(known, _)| name.trim_matches(['{', '}']) == *known);
        filled.push_str(known.map_or(name, |(_, value)| value));
        rest = beyond;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn all(value: &Value, at: String, found: &mut BTreeMap<String, String>) {
        match value {
            Value::Object(inner) => {
                for (name, value) in inner {
                    all(value, format!("{at}/{name}"), found);
                }
            }
            other => {
                found.insert(at, other.as_str().unwrap_or_default().to_owned());
            }
        }
    }

    #[test]
    fn both_languages_say_the_same_things_with_the_same_values() {
        let texts = [Language::English, Language::Spanish].map(|language| {
            let mut found = BTreeMap::new();
            all(&Texts::of(language).unwrap().all, String::new(), &mut found);
            found
        });
        let [english, spanish] = texts;
        assert_eq!(english.keys().collect::<Vec<_>>(), spanish.keys().collect::<Vec<_>>());
        for (name, text) in &english {
            let places = |text: &str| {
                let mut names: Vec<String> =
                    text.split('{').skip(1).map(|it| it.split('}').next().unwrap().to_owned()).collect();
                names.sort();
                names
            };
            assert_eq!(places(text), places(&spanish[name]), "{name}");
        }
    }

    #[test]
    fn a_value_is_not_filled_again() {
        assert_eq!(fill("{a} and {b} and {c", &[("a", "{b}"), ("b", "x")]), "{b} and x and {c");
    }

    #[test]
    fn numbers_in_words_of_the_language() {
        let texts = Texts::of(Language::Spanish).unwrap();
        assert_eq!([0, 999, 1_000, 1_234_567].map(|it| texts.count(it)), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!(
            [0.0, 0.000_1, 0.5364, 0.999_9, 1.0].map(|it| texts.percent(it)),
            ["0.0\u{a0}%", "<0.1\u{a0}%", "53.6\u{a0}%", ">99.9\u{a0}%", "100.0\u{a0}%"]
        );
    }
}
