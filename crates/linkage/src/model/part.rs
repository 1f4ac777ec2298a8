//! The parts of a blocking rule.

use serde::{Deserialize, Serialize};

/// How much of a field counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// All of it.
    Whole,
    /// `first 3 of FIELD`: its first characters; a shorter value counts whole.
    First(usize),
    /// `year of FIELD`.
    Year,
    /// `month and day of FIELD`.
    MonthDay,
    /// `any of FIELD`: the value, each word of it, and the same of the other names. One key each.
    Any,
    /// `nickname of FIELD`: the value and every name that it is a form of. One key each.
    Nickname,
    /// `sound of FIELD`: its Soundex code.
    Sound,
}

/// A part of a rule: what must be equal. In a model it is written `birth date`, `first 3 of given name`, or, where the
/// two sides differ, `given name = family name`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Part {
    /// How much of the field counts.
    pub way: Way,
    /// The field on the left.
    pub left: String,
    /// The field on the right, mostly the same.
    pub right: String,
}

impl TryFrom<String> for Part {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let (way, rest) = if let Some(rest) = text.strip_prefix("year of ") {
            (Way::Year, rest)
        } else if let Some(rest) = text.strip_prefix("month and day of ") {
            (Way::MonthDay, rest)
        } else if let Some(rest) = text.strip_prefix("any of ") {
            (Way::Any, rest)
        } else if let Some(rest) = text.strip_prefix("nickname of ") {
            (Way::Nickname, rest)
        } else if let Some(rest) = text.strip_prefix("sound of ") {
            (Way::Sound, rest)
        } else if let Some((count, rest)) =
            text.strip_prefix("first ").and_then(|rest| rest.split_once(" of "))
        {
            let count = count.parse().ok().filter(|count| (1..=8).contains(count));
            let count = count.ok_or_else(|| format!("'{text}': from 1 to 8 characters can count"))?;
            (Way::First(count), rest)
        } else {
            (Way::Whole, text.as_str())
        };
        let (left, right) = rest.split_once(" = ").unwrap_or((rest, rest));
        if left.is_empty() || right.is_empty() {
            return Err(format!("'{text}' names no field"));
        }
        Ok(Self { way, left: left.to_owned(), right: right.to_owned() })
    }
}

impl From<Part> for String {
    fn from(part: Part) -> Self {
        let way = match part.way {
            Way::Whole => String::new(),
            Way::First(count) => format!("first {count} of "),
            Way::Year => "year of ".into(),
            Way::MonthDay => "month and day of ".into(),
            Way::Any => "any of ".into(),
            Way::Nickname => "nickname of ".into(),
            Way::Sound => "sound of ".into(),
        };
        if part.left == part.right {
            format!("{way}{}", part.left)
        } else {
            format!("{way}{} = {}", part.left, part.right)
        }
    }
}
