//! How sure an entry is, and how an offence is punished.

use std::fmt;

/// How well an entry of a table is supported.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum Status {
    /// Known in general; nobody has read the official text for it yet.
    Unconfirmed,
    /// Told by a third party's summary.
    Secondary,
    /// Read out of a program that an office used: what was done, not what the law says.
    Observed,
    /// The text was read.
    Confirmed,
}

impl Status {
    /// The word that the tables use.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Unconfirmed => "unconfirmed",
            Self::Secondary => "secondary",
            Self::Observed => "observed",
            Self::Confirmed => "confirmed",
        }
    }

    /// The status called `word`.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        [Self::Unconfirmed, Self::Secondary, Self::Observed, Self::Confirmed]
            .into_iter()
            .find(|s| s.word() == word)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// How the statute classes an offence.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum Level {
    /// Fine only, or services in place of it.
    Infraction,
    /// Misdemeanor.
    Misdemeanor,
    /// Felony or misdemeanor, as it is charged or sentenced.
    Wobbler,
    /// Felony.
    Felony,
}

impl Level {
    /// The word that the tables use.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Infraction => "infraction",
            Self::Misdemeanor => "misdemeanor",
            Self::Wobbler => "wobbler",
            Self::Felony => "felony",
        }
    }

    /// The level called `word`.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        [Self::Infraction, Self::Misdemeanor, Self::Wobbler, Self::Felony]
            .into_iter()
            .find(|l| l.word() == word)
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}
