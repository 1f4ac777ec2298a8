//! The names of what a record may lack.

/// A fact that was unknown or in conflict and mattered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Missing {
    /// The date of a conviction.
    ConvictionDate,
    /// The date of birth.
    BirthDate,
    /// Felony, misdemeanor or infraction.
    Level,
    /// The code section.
    Section,
    /// The county.
    County,
    /// Whether a count ended in a conviction.
    Disposition,
    /// When a sentence was completed.
    Sentence,
    /// Whether the person has died.
    Death,
    /// What stood in a row that could not be used.
    UnusableRow,
    /// The date of a registration.
    RegistrationDate,
    /// How much cannabis it was.
    Weight,
    /// How much concentrated cannabis it was.
    Concentrate,
    /// How many plants there were.
    Plants,
    /// Whether what was owed is paid.
    Payment,
    /// Whether a buyer or helper was under 18.
    BuyerAge,
    /// Whether it was brought into or out of the state.
    Import,
    /// Whether the environment was harmed.
    Environment,
}

impl Missing {
    /// All of them, in the order in which outputs list them.
    pub const ALL: [Self; 17] = [
        Self::ConvictionDate,
        Self::BirthDate,
        Self::Level,
        Self::Section,
        Self::County,
        Self::Disposition,
        Self::Sentence,
        Self::Death,
        Self::UnusableRow,
        Self::RegistrationDate,
        Self::Weight,
        Self::Concentrate,
        Self::Plants,
        Self::Payment,
        Self::BuyerAge,
        Self::Import,
        Self::Environment,
    ];

    /// The name, as outputs and policy documents write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ConvictionDate => "conviction date",
            Self::BirthDate => "birth date",
            Self::Level => "level",
            Self::Section => "section",
            Self::County => "county",
            Self::Disposition => "disposition",
            Self::Sentence => "sentence",
            Self::Death => "death",
            Self::UnusableRow => "unusable row",
            Self::RegistrationDate => "registration date",
            Self::Weight => "weight",
            Self::Concentrate => "concentrate weight",
            Self::Plants => "plants",
            Self::Payment => "payment",
            Self::BuyerAge => "age of buyer",
            Self::Import => "import or export",
            Self::Environment => "environmental harm",
        }
    }

    /// By its name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|missing| missing.name() == name)
    }
}

/// A set of [`Missing`] facts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct MissingSet(u32);

impl MissingSet {
    /// Nothing is missing.
    pub const NONE: Self = Self(0);

    /// One fact.
    #[must_use]
    pub const fn of(missing: Missing) -> Self {
        Self(1 << missing as u8)
    }

    /// Both sets together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// This set without the facts of another.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// As a number, in which each fact is the bit of its place in [`Missing::ALL`].
    pub(crate) const fn bits(self) -> u32 {
        self.0
    }

    /// The set of such a number.
    pub(crate) const fn of_bits(bits: u32) -> Self {
        Self(bits)
    }

    /// Whether nothing is missing.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether `missing` is in it.
    #[must_use]
    pub const fn has(self, missing: Missing) -> bool {
        self.0 & (1 << missing as u8) != 0
    }

    /// The facts, in the order of [`Missing::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Missing> {
        Missing::ALL.into_iter().filter(move |&missing| self.has(missing))
    }
}

/// The names, joined by `; `.
impl std::fmt::Display for MissingSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (at, missing) in self.iter().enumerate() {
            if at > 0 {
                f.write_str("; ")?;
            }
            f.write_str(missing.name())?;
        }
        Ok(())
    }
}
