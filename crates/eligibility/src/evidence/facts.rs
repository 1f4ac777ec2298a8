//! What evidence can speak of, and what becomes of it.

use vacatur_policy::Missing;
use vacatur_records::{CountOrder, DateSpan, FindingKind, Level, NumberSpan, Row, Text};

/// A fact that a document can settle. The order is that in which evidence is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EvidenceFact {
    /// The date of birth.
    BirthDate,
    /// Whether the person has died.
    Death,
    /// The day of the conviction.
    ConvictionDate,
    /// Felony, misdemeanor or infraction.
    Level,
    /// The code section.
    Section,
    /// The county of the court.
    County,
    /// Whether the count ended in a conviction.
    Disposition,
    /// The day on which the sentence was or will be completed.
    Sentence,
    /// The day of the offence.
    OffenceDate,
    /// The day of a registration.
    RegistrationDate,
    /// What no extract holds.
    Found(FindingKind),
}

impl EvidenceFact {
    /// All of them.
    pub const ALL: [Self; 17] = [
        Self::ConvictionDate,
        Self::OffenceDate,
        Self::BirthDate,
        Self::Level,
        Self::Section,
        Self::County,
        Self::Disposition,
        Self::Sentence,
        Self::Death,
        Self::RegistrationDate,
        Self::Found(FindingKind::Weight),
        Self::Found(FindingKind::Concentrate),
        Self::Found(FindingKind::Plants),
        Self::Found(FindingKind::Paid),
        Self::Found(FindingKind::Minor),
        Self::Found(FindingKind::Import),
        Self::Found(FindingKind::Environment),
    ];

    /// The name, as the column `missing` has it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ConvictionDate => Missing::ConvictionDate.name(),
            Self::OffenceDate => "offence date",
            Self::BirthDate => Missing::BirthDate.name(),
            Self::Level => Missing::Level.name(),
            Self::Section => Missing::Section.name(),
            Self::County => Missing::County.name(),
            Self::Disposition => Missing::Disposition.name(),
            Self::Sentence => Missing::Sentence.name(),
            Self::Death => Missing::Death.name(),
            Self::RegistrationDate => Missing::RegistrationDate.name(),
            Self::Found(FindingKind::Weight) => Missing::Weight.name(),
            Self::Found(FindingKind::Concentrate) => Missing::Concentrate.name(),
            Self::Found(FindingKind::Plants) => Missing::Plants.name(),
            Self::Found(FindingKind::Paid) => Missing::Payment.name(),
            Self::Found(FindingKind::Minor) => Missing::BuyerAge.name(),
            Self::Found(FindingKind::Import) => Missing::Import.name(),
            Self::Found(FindingKind::Environment) => Missing::Environment.name(),
        }
    }

    /// By its name, whatever the case of its letters.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fact| fact.name().eq_ignore_ascii_case(name))
    }

    /// Whether it is of the person and of no single count.
    #[must_use]
    pub fn is_of_person(self) -> bool {
        matches!(self, Self::BirthDate | Self::Death)
    }
}

/// What a document states.
#[derive(Clone, PartialEq, Eq)]
pub enum Stated {
    /// A day; or a month or year, where it says no more.
    Date(DateSpan),
    /// A level.
    Level(Level),
    /// A code section, as written.
    Section(Text<'static>),
    /// A county, as the list of counties writes it.
    County(Text<'static>),
    /// How the count ended.
    Disposition {
        /// Whether in a conviction.
        convicted: bool,
        /// Whether the document shows that no relief was granted from it.
        unrelieved: bool,
    },
    /// Yes or no.
    Flag(bool),
    /// How much: milligrams, or plants.
    Number(NumberSpan),
}

/// One statement of one document.
#[derive(Clone, Debug)]
pub struct Testimony {
    /// What it is about.
    pub fact: EvidenceFact,
    /// The count; of the person as a whole without one.
    pub count: Option<CountOrder>,
    /// What it says.
    pub says: Stated,
    /// Whether the document shows that the record is wrong.
    pub corrects: bool,
    /// The line of the file of evidence.
    pub row: Row,
}

/// What became of a statement that could be taken.
#[derive(serde::Serialize, serde::Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// The record left it unknown, or less exact; now it is known.
    Filled,
    /// The record says the same.
    Agreed,
    /// The record said something else; the document takes its place.
    Corrected,
    /// The record, or another statement, says something else: now it is unknown.
    Conflict,
}

impl Taken {
    /// In words, for the copy of the evidence.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Filled => "filled",
            Self::Agreed => "agreed",
            Self::Corrected => "corrected",
            Self::Conflict => "in conflict",
        }
    }

    /// Whether the record's fact is another one than before.
    pub(crate) fn changes(self) -> bool {
        self != Self::Agreed
    }
}

/// Why a statement cannot be true of this person's record.
#[derive(serde::Serialize, serde::Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The person has no such count.
    NoSuchCount,
    /// No registration stands under the count.
    NoRegistration,
    /// The day lies before the birth.
    BeforeBirth,
    /// The sentence would have been completed before the conviction.
    BeforeConviction,
    /// The offence would have come after the conviction.
    AfterConviction,
}

impl Refused {
    /// A word that does not change, for a program that reads the rejects.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NoSuchCount => "unknown_count",
            Self::NoRegistration => "no_registration",
            Self::BeforeBirth | Self::BeforeConviction | Self::AfterConviction => "impossible",
        }
    }
}

/// What is wrong, without any value.
impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NoSuchCount => "this person has no count with this number in the input",
            Self::NoRegistration => "no registration stands under this count",
            Self::BeforeBirth => {
                "the day lies before the person's birth; if the record's date of birth is wrong, correct that too"
            }
            Self::BeforeConviction => {
                "the sentence cannot have been completed before the conviction; if the record's date is wrong, correct that too"
            }
            Self::AfterConviction => {
                "the offence cannot have come after the conviction; if the record's date is wrong, correct that too"
            }
        })
    }
}

vacatur_records::silent_debug!(Stated);
