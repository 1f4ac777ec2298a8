//! What an offence field says.

use crate::CodeSection;
use std::fmt;

/// A charge or conviction: its sections, and whether it is an attempt or a conspiracy to commit them.
///
/// A compound charge has several sections. An attempt or conspiracy whose target cannot be read keeps the section
/// that it does name (PC 664, PC 182) and [has no target](Offence::has_target).
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Offence {
    sections: Vec<CodeSection>,
    /// An attempt to commit the sections.
    pub attempt: bool,
    /// A conspiracy to commit the sections.
    pub conspiracy: bool,
    has_target: bool,
}

impl Offence {
    /// The completed offence under one section.
    #[must_use]
    pub fn of(section: CodeSection) -> Self {
        Self { sections: vec![section], attempt: false, conspiracy: false, has_target: true }
    }

    /// Sections as they were read; repeated ones count once.
    pub(crate) fn read(
        sections: Vec<CodeSection>,
        attempt: bool,
        conspiracy: bool,
        has_target: bool,
    ) -> Self {
        let mut kept: Vec<CodeSection> = Vec::with_capacity(sections.len());
        for section in sections {
            if !kept.contains(&section) {
                kept.push(section);
            }
        }
        Self { sections: kept, attempt, conspiracy, has_target }
    }

    /// The sections, in the order of the record.
    #[must_use]
    pub fn sections(&self) -> &[CodeSection] {
        &self.sections
    }

    /// False for an attempt or a conspiracy that does not say to commit what.
    #[must_use]
    pub fn has_target(&self) -> bool {
        self.has_target
    }
}

/// `HS 11358`, `PC 187 (attempt)`, `PC 246 + PC 186.22(b)(4)`, `PC 182 (conspiracy)`.
impl fmt::Display for Offence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, section) in self.sections.iter().enumerate() {
            if at > 0 {
                f.write_str(" + ")?;
            }
            write!(f, "{section}")?;
        }
        if self.attempt {
            f.write_str(" (attempt)")?;
        }
        if self.conspiracy {
            f.write_str(" (conspiracy)")?;
        }
        Ok(())
    }
}

/// What the text of an offence field turned out to be.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Coded {
    /// An offence.
    Offence(Offence),
    /// The offence stands in the comment.
    SeeComment,
    /// Nothing was entered.
    Blank,
    /// There is a text, and it cannot be read with certainty.
    Unrecognized,
}

impl Coded {
    /// The offence, if one was read.
    #[must_use]
    pub fn offence(&self) -> Option<&Offence> {
        if let Self::Offence(offence) = self { Some(offence) } else { None }
    }
}

/// The offence in normal form, or `see comment`, `blank`, `unrecognized`.
impl fmt::Display for Coded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Offence(offence) => offence.fmt(f),
            Self::SeeComment => f.write_str("see comment"),
            Self::Blank => f.write_str("blank"),
            Self::Unrecognized => f.write_str("unrecognized"),
        }
    }
}
