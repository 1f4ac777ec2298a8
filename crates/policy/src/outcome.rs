//! What a rule can decide.

/// The outcome of a rule, as the document states it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Dismiss the conviction, and seal it if the document says so.
    Dismiss {
        /// Whether the record is to be sealed too.
        seal: bool,
    },
    /// Reduce to a misdemeanor.
    ReduceToMisdemeanor,
    /// Reduce to an infraction.
    ReduceToInfraction,
    /// Relief of another kind, which leaves the conviction: a notation, a limit on who may see it.
    Grant {
        /// What it is, in the document's words.
        relief: String,
    },
    /// No relief.
    NotEligible,
    /// No relief before a day that the rule gives.
    NotYet,
    /// Somebody else decides.
    Refer {
        /// Who.
        to: String,
    },
    /// Relief was granted before.
    AlreadyRelieved,
    /// A person looks at it.
    Review,
}

/// The closed, machine-readable kind of an outcome: the words of the `outcome` column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OutcomeKind {
    /// `dismiss`
    Dismiss,
    /// `reduce`
    Reduce,
    /// `grant`
    Grant,
    /// `not_eligible`
    NotEligible,
    /// `not_yet`
    NotYet,
    /// `refer`
    Refer,
    /// `already_relieved`
    AlreadyRelieved,
    /// `review`
    Review,
}

impl OutcomeKind {
    /// All of them, in the order in which summaries list them.
    pub const ALL: [Self; 8] = [
        Self::Dismiss,
        Self::Reduce,
        Self::Grant,
        Self::Refer,
        Self::Review,
        Self::NotYet,
        Self::NotEligible,
        Self::AlreadyRelieved,
    ];

    /// The machine-readable word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Dismiss => "dismiss",
            Self::Reduce => "reduce",
            Self::Grant => "grant",
            Self::NotEligible => "not_eligible",
            Self::NotYet => "not_yet",
            Self::Refer => "refer",
            Self::AlreadyRelieved => "already_relieved",
            Self::Review => "review",
        }
    }

    /// By its machine-readable word.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// Whether the person gains something.
    #[must_use]
    pub fn is_grant(self) -> bool {
        matches!(self, Self::Dismiss | Self::Reduce | Self::Grant)
    }

    /// Whether the person is refused, now or for good.
    #[must_use]
    pub fn is_bar(self) -> bool {
        matches!(self, Self::NotEligible | Self::NotYet)
    }
}

impl Outcome {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> OutcomeKind {
        match self {
            Self::Dismiss { .. } => OutcomeKind::Dismiss,
            Self::ReduceToMisdemeanor | Self::ReduceToInfraction => OutcomeKind::Reduce,
            Self::Grant { .. } => OutcomeKind::Grant,
            Self::NotEligible => OutcomeKind::NotEligible,
            Self::NotYet => OutcomeKind::NotYet,
            Self::Refer { .. } => OutcomeKind::Refer,
            Self::AlreadyRelieved => OutcomeKind::AlreadyRelieved,
            Self::Review => OutcomeKind::Review,
        }
    }
}

impl Outcome {
    /// How much the person gains, for policies that take the best of all rules that hold: the higher the better.
    #[must_use]
    pub fn rank(&self) -> u8 {
        match self {
            Self::AlreadyRelieved => 9,
            Self::Dismiss { seal: true } => 8,
            Self::Dismiss { seal: false } => 7,
            Self::ReduceToInfraction => 6,
            Self::ReduceToMisdemeanor => 5,
            Self::Grant { .. } => 4,
            Self::Refer { .. } => 3,
            Self::Review => 2,
            Self::NotYet => 1,
            Self::NotEligible => 0,
        }
    }
}

/// As a document writes it: `dismiss and seal`, `refer to "City Attorneys"`.
impl std::fmt::Display for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Dismiss { seal: false } => f.write_str("dismiss"),
            Self::Dismiss { seal: true } => f.write_str("dismiss and seal"),
            Self::ReduceToMisdemeanor => f.write_str("reduce to misdemeanor"),
            Self::ReduceToInfraction => f.write_str("reduce to infraction"),
            Self::Grant { relief } => write!(f, "grant \"{relief}\""),
            Self::NotEligible => f.write_str("not eligible"),
            Self::NotYet => f.write_str("not yet"),
            Self::Refer { to } => write!(f, "refer to \"{to}\""),
            Self::AlreadyRelieved => f.write_str("already relieved"),
            Self::Review => f.write_str("review"),
        }
    }
}
