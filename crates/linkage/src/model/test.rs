//! When a pair is at a level.

use serde::{Deserialize, Serialize};

/// The test of a level. In a model it is written in words, given here behind each.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Test {
    /// `same`: equal once both are in one form.
    Same,
    /// `nickname`: one is a short or pet form of the other.
    Nickname,
    /// `similar 0.92`: Jaro-Winkler similarity of at least that.
    Similar(f64),
    /// `other name`: equal to one of the other names that the other record lists.
    OtherName,
    /// `initial`: one is the first letter of the other.
    Initial,
    /// `swapped`: this field of each is the swapped field of the other.
    Swapped,
    /// `part`: a word of one is a word of the other.
    Part,
    /// `sounds alike`: the same by the Soundex code.
    SoundsAlike,
    /// `one edit`: one letter or digit changed, left out or put in, or two neighbours exchanged.
    OneEdit,
    /// `starts alike 3`: the same first so many characters.
    StartsAlike(usize),
    /// `day and month swapped`: the same year, day and month exchanged.
    DayMonthSwapped,
    /// `same month and day`: only the year differs.
    SameMonthDay,
    /// `same year`: only month or day differ.
    SameYear,
    /// `within 31 days`: two whole dates not farther apart.
    WithinDays(u32),
    /// `first of january`: the same year, and one of them is 1 January, which stands for an unknown day.
    FirstOfJanuary,
    /// `partial`: what is known of both is the same, and not all is known.
    Partial,
    /// `else`: everything else.
    Else,
}

impl Test {
    /// About how often pairs of one person are at such a level, from which training sets out.
    #[must_use]
    pub fn typical(self) -> f64 {
        match self {
            Self::Same => 0.85,
            Self::Nickname | Self::OtherName => 0.03,
            Self::Similar(from) if from >= 0.9 => 0.04,
            Self::Similar(from) if from >= 0.8 => 0.015,
            Self::Initial | Self::Part | Self::OneEdit | Self::Partial => 0.02,
            Self::DayMonthSwapped | Self::SameYear | Self::StartsAlike(_) | Self::WithinDays(_) => 0.01,
            Self::Similar(_)
            | Self::Swapped
            | Self::SoundsAlike
            | Self::SameMonthDay
            | Self::FirstOfJanuary => 0.005,
            Self::Else => 0.03,
        }
    }

    /// Whether the level is one of a scale from equal to different, on which a closer level never speaks less for a
    /// pair than a farther one.
    #[must_use]
    pub fn is_graded(self) -> bool {
        matches!(self, Self::Same | Self::Similar(_) | Self::StartsAlike(_) | Self::Else)
    }
}

impl TryFrom<String> for Test {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let simple = match text.as_str() {
            "same" => Self::Same,
            "nickname" => Self::Nickname,
            "other name" => Self::OtherName,
            "initial" => Self::Initial,
            "swapped" => Self::Swapped,
            "part" => Self::Part,
            "sounds alike" => Self::SoundsAlike,
            "one edit" => Self::OneEdit,
            "day and month swapped" => Self::DayMonthSwapped,
            "same month and day" => Self::SameMonthDay,
            "same year" => Self::SameYear,
            "first of january" => Self::FirstOfJanuary,
            "partial" => Self::Partial,
            "else" => Self::Else,
            other => {
                if let Some(from) = other.strip_prefix("similar ").and_then(|from| from.parse().ok())
                    && (0.0..=1.0).contains(&from)
                {
                    return Ok(Self::Similar(from));
                }
                if let Some(count) = other.strip_prefix("starts alike ").and_then(|count| count.parse().ok())
                    && count > 0
                {
                    return Ok(Self::StartsAlike(count));
                }
                if let Some(days) = other.strip_prefix("within ").and_then(|rest| rest.strip_suffix(" days"))
                    && let Ok(days) = days.parse()
                {
                    return Ok(Self::WithinDays(days));
                }
                return Err(format!(
                    "there is no test '{other}'; tests are: same, nickname, similar 0.92, other name, initial, swapped, \
                     part, sounds alike, one edit, starts alike 3, day and month swapped, same month and day, same \
                     year, within 31 days, first of january, partial, else"
                ));
            }
        };
        Ok(simple)
    }
}

impl From<Test> for String {
    fn from(test: Test) -> Self {
        match test {
            Test::Same => "same".into(),
            Test::Nickname => "nickname".into(),
            Test::Similar(from) => format!("similar {from}"),
            Test::OtherName => "other name".into(),
            Test::Initial => "initial".into(),
            Test::Swapped => "swapped".into(),
            Test::Part => "part".into(),
            Test::SoundsAlike => "sounds alike".into(),
            Test::OneEdit => "one edit".into(),
            Test::StartsAlike(count) => format!("starts alike {count}"),
            Test::DayMonthSwapped => "day and month swapped".into(),
            Test::SameMonthDay => "same month and day".into(),
            Test::SameYear => "same year".into(),
            Test::WithinDays(days) => format!("within {days} days"),
            Test::FirstOfJanuary => "first of january".into(),
            Test::Partial => "partial".into(),
            Test::Else => "else".into(),
        }
    }
}
