//! What is asked of the court for a conviction.

use serde::{Deserialize, Serialize};

/// The relief that a run gives, as the court is asked for it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relief {
    /// Dismiss.
    Dismiss,
    /// Dismiss, and seal the record.
    DismissAndSeal,
    /// Redesignate as a misdemeanor.
    Misdemeanor,
    /// Redesignate as an infraction.
    Infraction,
    /// Relief of another kind, in the policy's words.
    Other(String),
}

impl Relief {
    /// The words of the kinds that a court can have a code for.
    pub const WORDS: [&'static str; 4] =
        ["dismiss", "dismiss and seal", "reduce to misdemeanor", "reduce to infraction"];

    /// By the words of the `relief` column of `determinations.csv`, which are a closed list but for those of a grant.
    #[must_use]
    pub fn of_words(words: &str) -> Option<Self> {
        let grant = words.strip_prefix("grant \"").and_then(|rest| rest.strip_suffix('"'));
        Some(match (words, grant) {
            ("dismiss", _) => Self::Dismiss,
            ("dismiss and seal", _) => Self::DismissAndSeal,
            ("reduce to misdemeanor", _) => Self::Misdemeanor,
            ("reduce to infraction", _) => Self::Infraction,
            (_, Some(relief)) => Self::Other(relief.to_owned()),
            _ => return None,
        })
    }

    /// A number for its kind.
    #[must_use]
    pub(crate) fn number(&self) -> u8 {
        match self {
            Self::Dismiss => 0,
            Self::DismissAndSeal => 1,
            Self::Misdemeanor => 2,
            Self::Infraction => 3,
            Self::Other(_) => 4,
        }
    }

    /// In words.
    #[must_use]
    pub fn words(&self) -> &str {
        match self {
            Self::Dismiss => "dismiss",
            Self::DismissAndSeal => "dismiss and seal",
            Self::Misdemeanor => "reduce to misdemeanor",
            Self::Infraction => "reduce to infraction",
            Self::Other(relief) => relief,
        }
    }

    /// Whether the record is to be sealed.
    #[must_use]
    pub fn seals(&self) -> bool {
        matches!(self, Self::DismissAndSeal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_the_tables_are_known() {
        for word in Relief::WORDS {
            assert_eq!(Relief::of_words(word).unwrap().words(), word);
        }
        assert_eq!(Relief::of_words("grant \"notation\"").unwrap().words(), "notation");
        for word in ["", "review", "not eligible", "refer to \"City Attorneys\"", "Dismiss"] {
            assert_eq!(Relief::of_words(word), None);
        }
    }
}
