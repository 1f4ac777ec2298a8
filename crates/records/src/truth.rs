//! Three values: yes, no, and *cannot tell*.

/// Whether something holds, by Kleene's strong logic: an unknown operand makes the answer unknown only where the
/// other operands do not settle it.
///
/// ```
/// use vacatur_records::Truth::*;
/// assert_eq!(No.and(Unknown), No);
/// assert_eq!(Yes.and(Unknown), Unknown);
/// assert_eq!(Yes.or(Unknown), Yes);
/// assert_eq!(!Unknown, Unknown);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Truth {
    /// It surely does not hold.
    No,
    /// The record does not tell.
    Unknown,
    /// It surely holds.
    Yes,
}

impl Truth {
    /// Both hold.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.min(other)
    }

    /// At least one holds.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.max(other)
    }

    /// `Yes` for `true`, `No` for `false`.
    #[must_use]
    pub fn of(sure: bool) -> Self {
        if sure { Self::Yes } else { Self::No }
    }

    /// True only for [`Truth::Yes`].
    #[must_use]
    pub fn is_yes(self) -> bool {
        self == Self::Yes
    }

    /// True only for [`Truth::No`].
    #[must_use]
    pub fn is_no(self) -> bool {
        self == Self::No
    }

    /// True only for [`Truth::Unknown`].
    #[must_use]
    pub fn is_unknown(self) -> bool {
        self == Self::Unknown
    }

    /// `yes`, `no` or `unknown`, as the outputs and explanations write it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::Unknown => "unknown",
            Self::Yes => "yes",
        }
    }
}

impl std::ops::Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Unknown => Self::Unknown,
            Self::Yes => Self::No,
        }
    }
}
