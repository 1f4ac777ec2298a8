//! One person's case in one packet: what is asked, and what of the case stays.

use crate::relief::Relief;
use serde::{Deserialize, Serialize};

/// Which packet of a court and a prosecutor a conviction belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// The sentence is completed.
    Completed,
    /// It is being served.
    Serving,
    /// The prosecution contests the relief.
    Challenged,
}

impl Part {
    /// Its folder.
    #[must_use]
    pub fn folder(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::Serving => "serving",
            Self::Challenged => "challenged",
        }
    }

    /// In words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Completed => "sentence completed",
            Self::Serving => "currently serving",
            Self::Challenged => "challenged by the prosecution",
        }
    }
}

/// A conviction for which relief is asked.
#[derive(Clone, Serialize, Deserialize)]
pub struct Asked {
    /// What tells it from every other, in this packet and in earlier ones.
    pub key: u128,
    /// Its number among all that were gathered.
    pub sequence: u64,
    /// Its twelve digits.
    pub order: String,
    /// Its number in the case.
    pub number: u16,
    /// The code section in normal form.
    pub section: String,
    /// As recorded.
    pub offence: String,
    /// `felony`, `misdemeanor`, `infraction`.
    pub level: String,
    /// The date of the conviction, as far as it is known.
    pub date: String,
    /// What is asked.
    pub relief: Relief,
    /// Why, in the policy document's words.
    pub reason: String,
    /// The source, with its status.
    pub citation: String,
    /// The record that authorizes or challenges it, by number.
    pub(crate) record: u32,
    /// Whether its sentence is being served.
    pub(crate) serving: bool,
    /// The ground of the challenge, if it is contested.
    pub ground: String,
    /// The input by number, and the line.
    pub place: (u32, u64),
}

vacatur_records::silent_debug!(Asked);

/// Another count of the case: it stays as it is.
#[derive(Clone, Serialize, Deserialize)]
pub struct Stays {
    /// Its number in the case.
    pub number: u16,
    /// The code section, or the offence as recorded.
    pub offence: String,
    /// The level.
    pub level: String,
    /// What became of it in this run, in words.
    pub because: String,
    /// Whether it is a conviction that does not qualify.
    pub unqualified: bool,
}

vacatur_records::silent_debug!(Stays);

/// One person's case in one packet.
#[derive(Clone, Serialize, Deserialize)]
pub struct Matter {
    /// The court, by its number in the packet.
    pub court: u16,
    /// The prosecutor, by number in the court's profile.
    pub prosecutor: u16,
    /// Which part.
    pub part: Part,
    /// The texts of its papers, by number in `papers.toml`.
    pub basis: u8,
    /// Whether the record says that the person has died.
    pub(crate) deceased: bool,
    /// The subject number in this delivery.
    pub subject: String,
    /// The CII number.
    pub cii: String,
    /// The name as recorded.
    pub name: String,
    /// The birth date, as far as it is known.
    pub birth_date: String,
    /// The court's code.
    pub court_code: String,
    /// The court's branch.
    pub branch: String,
    /// The case number as the court writes it.
    pub case_number: String,
    /// Further numbers of the case.
    pub other_numbers: Vec<String>,
    /// The counts for which relief is asked.
    pub asked: Vec<Asked>,
    /// The other counts.
    pub stays: Vec<Stays>,
}

vacatur_records::silent_debug!(Matter);

impl Matter {
    /// The packet that it belongs to: court, prosecutor, part with texts.
    #[must_use]
    pub fn group(&self) -> (u16, u16, u8) {
        (self.court, self.prosecutor, self.part as u8 + 4 * self.basis)
    }

    /// Who it is, whatever the delivery: the CII number, else name and birth date.
    #[must_use]
    pub fn who(&self) -> String {
        if self.cii.is_empty() { format!("{}|{}", self.name, self.birth_date) } else { self.cii.clone() }
    }

    /// Whether a conviction of the case does not qualify.
    #[must_use]
    pub fn is_mixed(&self) -> bool {
        self.stays.iter().any(|count| count.unqualified)
    }
}
