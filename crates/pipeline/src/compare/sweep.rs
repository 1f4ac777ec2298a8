//! `--sweep age=40..65:5`: the values of a parameter that are tried out.

use vacatur_policy::{Parameter, ParameterError, ParameterKind as Kind};

/// The most values that one sweep may name.
const MOST: usize = 100_000;

/// A parameter and the values that it takes, as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sweep {
    /// The parameter.
    pub name: String,
    values: Vec<Item>,
}

/// A part of a list of values.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Item {
    /// `45`, `conviction`
    One(String),
    /// `40..65`, `40..65:5`
    Range { from: i32, to: i32, step: i32 },
    /// `*`
    All,
}

/// What is wrong with a sweep.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SweepError {
    /// It cannot be read.
    #[error("--sweep {text}\n               {}^ {what}", " ".repeat(text.chars().take(*at).count()))]
    Syntax {
        /// The text as given.
        text: String,
        /// Where, in letters from 0.
        at: usize,
        /// What is wrong there.
        what: String,
    },
    /// A value that the parameter cannot have.
    #[error(transparent)]
    Value(#[from] ParameterError),
    /// A parameter of which there are no values to list.
    #[error("`{name}` is {kind}: name the values, for example --sweep {name}={default}")]
    NoList {
        /// The parameter.
        name: String,
        /// What it takes.
        kind: String,
        /// Its default.
        default: String,
    },
}

impl Sweep {
    /// Reads `age=40..65:5`, `youth=today,conviction`, `years-old=off,1..15` or `youth=*`.
    ///
    /// # Errors
    /// A text that is none of these, with the place.
    pub fn read(text: &str) -> Result<Self, SweepError> {
        let wrong = |at: usize, what: &str| SweepError::Syntax {
            text: text.to_owned(),
            at: text.get(..at).map_or(at, |before| before.chars().count()),
            what: what.to_owned(),
        };
        let Some((name, list)) = text.split_once('=') else {
            return Err(wrong(text.len(), "write NAME=VALUES, for example age=40..65 or age=40..65:5"));
        };
        if name.trim().is_empty() {
            return Err(wrong(0, "the name of a parameter belongs here"));
        }
        let mut values = Vec::new();
        let mut at = name.len() + 1;
        for part in list.split(',') {
            let trimmed = part.trim();
            let start = at + (part.len() - part.trim_start().len());
            at += part.len() + 1;
            if trimmed.is_empty() {
                return Err(wrong(start, "a value is missing here"));
            }
            values.push(if trimmed == "*" {
                Item::All
            } else if let Some((from, rest)) = trimmed.split_once("..") {
                let (to, step) = rest.split_once(':').unwrap_or((rest, "1"));
                let end = start + from.len() + 2;
                let number = |text: &str, at: usize| {
                    let number: Result<i32, _> = text.trim().parse();
                    number.map_err(|_| {
                        wrong(at, "a range goes from one whole number to another: 40..65 or 40..65:5")
                    })
                };
                let (from, to, step) =
                    (number(from, start)?, number(to, end)?, number(step, end + to.len() + 1)?);
                if step < 1 {
                    return Err(wrong(end + rest.len() - 1, "a step is 1 or more"));
                }
                if from > to {
                    return Err(wrong(start, "this range ends before it begins"));
                }
                Item::Range { from, to, step }
            } else {
                Item::One(trimmed.to_owned())
            });
        }
        Ok(Self { name: name.trim().to_lowercase(), values })
    }

    /// How many values it names for a parameter; too many to count are as many as can be told.
    #[must_use]
    pub fn number(&self, parameter: &Parameter) -> u64 {
        self.values.iter().fold(0u64, |all, item| all.saturating_add(number(item, &parameter.kind)))
    }

    /// The values for a parameter, each once, in the order as written.
    ///
    /// # Errors
    /// A value that the parameter cannot have, a `*` for a parameter of which nobody can list all.
    pub fn values(&self, parameter: &Parameter) -> Result<Vec<String>, SweepError> {
        let mut values: Vec<String> = Vec::new();
        for item in &self.values {
            let texts: Vec<String> = match item {
                Item::One(text) => vec![text.clone()],
                Item::Range { from, to, step } => {
                    // The ends first: whoever asks for too much is told the bounds, and nothing is listed.
                    parameter.read(&from.to_string())?;
                    parameter.read(&to.to_string())?;
                    let step = usize::try_from(*step).unwrap_or(1);
                    (*from..=*to).step_by(step).take(MOST).map(|number| number.to_string()).collect()
                }
                Item::All => match &parameter.kind {
                    Kind::Flag => vec!["no".into(), "yes".into()],
                    Kind::Choice { of } => of.clone(),
                    Kind::Number { from, to, may_be_off } => {
                        let off = may_be_off.then(|| "off".to_owned());
                        off.into_iter()
                            .chain((*from..=*to).take(MOST).map(|number| number.to_string()))
                            .collect()
                    }
                    kind => {
                        return Err(SweepError::NoList {
                            name: parameter.name.clone(),
                            kind: kind.to_string(),
                            default: parameter.default.to_string(),
                        });
                    }
                },
            };
            for text in texts {
                // As the document writes it, so that the same value is one value.
                let value = parameter.read(&text)?.to_string();
                if !values.contains(&value) {
                    values.push(value);
                }
            }
        }
        Ok(values)
    }
}

fn number(item: &Item, kind: &Kind) -> u64 {
    let between = |from: i32, to: i32, step: i32| {
        (i64::from(to) - i64::from(from)).max(0) as u64 / step.max(1) as u64 + 1
    };
    match (item, kind) {
        (Item::One(_), _) => 1,
        (Item::Range { from, to, step }, _) => between(*from, *to, *step),
        (Item::All, Kind::Flag) => 2,
        (Item::All, Kind::Choice { of }) => of.len() as u64,
        (Item::All, Kind::Number { from, to, may_be_off }) => between(*from, *to, 1) + u64::from(*may_be_off),
        (Item::All, _) => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vacatur_policy::Value;

    fn parameter(kind: Kind, default: Value) -> Parameter {
        Parameter { name: "age".into(), kind, default, says: String::new(), option: None, span: 0..0 }
    }

    fn age() -> Parameter {
        parameter(Kind::Number { from: 40, to: 65, may_be_off: true }, Value::Number(Some(50)))
    }

    #[track_caller]
    fn values(text: &str, of: &Parameter) -> Vec<String> {
        let sweep = Sweep::read(text).unwrap();
        let values = sweep.values(of).unwrap();
        assert_eq!(sweep.number(of), values.len() as u64);
        values
    }

    #[test]
    fn values_are_listed_as_written() {
        assert_eq!(values("age=40..42", &age()), ["40", "41", "42"]);
        assert_eq!(values("age=40..65:10", &age()), ["40", "50", "60"]);
        assert_eq!(values("AGE = off, 60..61 ,50", &age()), ["off", "60", "61", "50"]);
        assert_eq!(values("age=*", &age()).len(), 27);
        let youth = parameter(
            Kind::Choice { of: vec!["today".into(), "conviction".into()] },
            Value::Choice("today".into()),
        );
        assert_eq!(values("age=*", &youth), ["today", "conviction"]);
        assert_eq!(values("age=conviction", &youth), ["conviction"]);
    }

    #[test]
    fn the_same_value_twice_is_one() {
        let sweep = Sweep::read("age=40,040,40..41").unwrap();
        assert_eq!(sweep.values(&age()).unwrap(), ["40", "41"]);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let wrong = [
            ("age", 3, "write NAME=VALUES"),
            ("=40", 0, "the name of a parameter"),
            ("age=40..", 8, "a range goes"),
            ("age=40..x", 8, "a range goes"),
            ("age=40,,41", 7, "a value is missing"),
            ("age=65..40", 4, "this range ends"),
            ("age=40..65:0", 11, "a step is 1"),
            ("age=", 4, "a value is missing"),
        ];
        for (text, place, words) in wrong {
            match Sweep::read(text) {
                Err(SweepError::Syntax { at, what, .. }) => {
                    assert_eq!(at, place, "{text}");
                    assert!(what.starts_with(words), "{text}: {what}");
                }
                other => panic!("{text}: {other:?}"),
            }
        }
    }

    #[test]
    fn a_value_out_of_range_is_refused_with_the_range() {
        let said = |text: &str| Sweep::read(text).unwrap().values(&age()).unwrap_err().to_string();
        assert_eq!(said("age=30..50"), "`age` cannot be `30`: it is a whole number from 40 to 65, or off");
        assert_eq!(
            said("age=40..2000000000"),
            "`age` cannot be `2000000000`: it is a whole number from 40 to 65, or off"
        );
        let county = parameter(Kind::County, Value::County(None));
        let all = Sweep::read("age=*").unwrap().values(&county).unwrap_err().to_string();
        assert_eq!(all, "`age` is a county, or any: name the values, for example --sweep age=any");
    }
}
