//! What is known of a case, by name. What is not there is unknown, and stays blank on the paper.

use jiff::civil::Date;
use std::collections::BTreeMap;

/// A fact's value.
#[derive(Clone, PartialEq, Eq)]
pub enum Value {
    /// Words.
    Text(String),
    /// A day.
    Date(Date),
    /// A number of things.
    Number(i64),
    /// Whether something is so.
    Flag(bool),
    /// One set of facts for each of several things, such as the counts of a case.
    Rows(Vec<Facts>),
}

/// The facts of a case, or of one row of it, by name: `defendant.name`, `case.number`, `count.section`.
///
/// ```
/// use vacatur_forms::{Facts, Value};
/// let mut facts = Facts::new();
/// facts.set("defendant.name", Value::Text("OBERON QUARTZ".into()));
/// assert!(facts.get("defendant.name").is_some());
/// assert!(facts.get("defendant.birth-date").is_none());
/// assert_eq!(format!("{facts:?}"), "Facts (private)");
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Facts(BTreeMap<String, Value>);

vacatur_records::silent_debug!(Value, Facts);

/// Why a text is no set of facts. It names facts and places, never a value.
#[derive(Debug, thiserror::Error)]
pub enum FactsError {
    /// The text is no JSON.
    #[error("line {line}, column {column}: this is no JSON")]
    NotJson {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// JSON, but no object at the top.
    #[error("the facts must be an object: {{\"defendant.name\": \"…\", …}}")]
    NoObject,
    /// A key that is no name of a fact. It may hold anything, so that it is not shown.
    #[error(
        "key {at} of an object is no name of a fact: names are small letters, digits, dots and hyphens, as in defendant.birth-date"
    )]
    Name {
        /// Which key of its object, from 1.
        at: usize,
    },
    /// A value that is nothing a form could show.
    #[error("{fact}: must be {expected}")]
    Kind {
        /// The fact.
        fact: String,
        /// What it should have been.
        expected: &'static str,
    },
}

impl Facts {
    /// No facts.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in a fact, in place of one of that name.
    pub fn set(&mut self, name: impl Into<String>, value: Value) {
        self.0.insert(name.into(), value);
    }

    /// A fact, or `None` if it is unknown.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// The names of all facts that are known, in alphabetical order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Reads facts from JSON: an object of names and values. A text of the shape YYYY-MM-DD is a day, `true` and `false`
    /// are flags, whole numbers are numbers, lists of objects are rows, and `null` is unknown. An object inside is
    /// short for names with a dot: `{"case": {"number": "…"}}` is `case.number`.
    ///
    /// # Errors
    ///
    /// The text is no JSON, or something in it is no fact.
    pub fn from_json(text: &str) -> Result<Self, FactsError> {
        let value: serde_json::Value = serde_json::from_str(text)
            .map_err(|error| FactsError::NotJson { line: error.line(), column: error.column() })?;
        let serde_json::Value::Object(object) = value else { return Err(FactsError::NoObject) };
        let mut facts = Self::new();
        facts.take(None, &object)?;
        Ok(facts)
    }

    fn take(
        &mut self,
        within: Option<&str>,
        object: &serde_json::Map<String, serde_json::Value>,
    ) -> Result<(), FactsError> {
        for (at, (key, value)) in object.iter().enumerate() {
            if !is_fact_name(key) {
                return Err(FactsError::Name { at: at + 1 });
            }
            let name = within.map_or_else(|| key.clone(), |within| format!("{within}.{key}"));
            let value = match value {
                serde_json::Value::Null => continue,
                serde_json::Value::Object(inner) => {
                    self.take(Some(&name), inner)?;
                    continue;
                }
                serde_json::Value::Bool(flag) => Value::Flag(*flag),
                serde_json::Value::Number(number) => match number.as_i64() {
                    Some(number) => Value::Number(number),
                    None => return Err(FactsError::Kind { fact: name, expected: "a whole number" }),
                },
                serde_json::Value::String(text) => match is_day(text).then(|| text.parse::<Date>()) {
                    Some(Ok(day)) => Value::Date(day),
                    Some(Err(_)) => {
                        return Err(FactsError::Kind { fact: name, expected: "a day of the calendar" });
                    }
                    None => Value::Text(text.clone()),
                },
                serde_json::Value::Array(list) => {
                    let mut rows = Vec::with_capacity(list.len());
                    for item in list {
                        let serde_json::Value::Object(item) = item else {
                            return Err(FactsError::Kind { fact: name, expected: "a list of objects" });
                        };
                        let mut row = Self::new();
                        row.take(None, item)?;
                        rows.push(row);
                    }
                    Value::Rows(rows)
                }
            };
            self.set(name, value);
        }
        Ok(())
    }
}

/// Whether a text can be the name of a fact.
pub(crate) fn is_fact_name(text: &str) -> bool {
    text.len() <= 80
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-'))
}

fn is_day(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_read_and_null_is_unknown() {
        let facts = Facts::from_json(
            r#"{"case": {"number": "A-1", "other-number": null}, "relief.seal": true, "count-of.hs-11357": 2,
                "defendant.birth-date": "1961-02-23", "counts": [{"count.section": "HS 11357"}]}"#,
        )
        .unwrap();
        assert_eq!(
            facts.names().collect::<Vec<_>>(),
            ["case.number", "count-of.hs-11357", "counts", "defendant.birth-date", "relief.seal"]
        );
        assert!(matches!(facts.get("defendant.birth-date"), Some(Value::Date(_))));
        assert!(matches!(facts.get("counts"), Some(Value::Rows(rows)) if rows.len() == 1));
    }

    #[test]
    fn no_error_shows_what_stands_in_the_text() {
        for text in [
            "ZEBEDEE",
            r#"{"defendant.name": "ZEBEDEE"#,
            r#"["ZEBEDEE"]"#,
            r#"{"ZEBEDEE": 1}"#,
            r#"{"defendant.name": 1.5}"#,
            r#"{"count.date": "2001-02-30"}"#,
            r#"{"counts": ["ZEBEDEE"]}"#,
        ] {
            let error = Facts::from_json(text).unwrap_err().to_string();
            assert!(!error.contains("ZEBEDEE") && !error.contains("02-30"), "{error}");
        }
    }
}
