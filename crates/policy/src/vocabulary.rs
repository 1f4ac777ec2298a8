//! The facts that a document may name.

use crate::{FactIx, Missing};

/// What a fact is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The person: `person.birth-date`.
    Person,
    /// A conviction or charge: `conviction.level`, and `level` inside `where`.
    Conviction,
    /// A conviction beside the one that is decided: `same-case`, only inside `where`.
    Pair,
    /// A registration, only inside `any registration where`.
    Registration,
}

/// The type of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactKind {
    /// Holds, does not hold, or cannot tell.
    Flag,
    /// A day.
    Date,
    /// Felony, misdemeanor, infraction.
    Level,
    /// An offence, compared by `in`.
    Section,
    /// A county, compared by `is`.
    County,
    /// A list of words, such as the provisions under which relief was granted, compared by `includes`.
    Labels,
    /// A whole number.
    Number,
    /// A weight, in milligrams; documents write grams.
    Weight,
}

impl FactKind {
    /// In words, for an error.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Flag => "a condition",
            Self::Date => "a date",
            Self::Level => "a level",
            Self::Section => "a code section",
            Self::County => "a county",
            Self::Labels => "a list of words",
            Self::Number => "a number",
            Self::Weight => "a weight",
        }
    }
}

/// One fact: its name and what it means.
#[derive(Clone, Copy, Debug)]
pub struct FactDef {
    /// The name in documents, without `person.` or `conviction.`.
    pub name: &'static str,
    /// What it is about.
    pub scope: Scope,
    /// Its type.
    pub kind: FactKind,
    /// What is reported missing when it is unknown.
    pub missing: Missing,
    /// What it means, in a sentence.
    pub says: &'static str,
}

/// All facts, in a fixed order.
#[derive(Clone, Copy, Debug)]
pub struct Vocabulary {
    facts: &'static [FactDef],
}

impl Vocabulary {
    /// A vocabulary of these facts.
    #[must_use]
    pub const fn new(facts: &'static [FactDef]) -> Self {
        Self { facts }
    }

    /// The facts, in order.
    #[must_use]
    pub fn facts(&self) -> &'static [FactDef] {
        self.facts
    }

    /// A fact by its index.
    #[must_use]
    pub fn fact(&self, at: FactIx) -> &'static FactDef {
        &self.facts[usize::from(at.0)]
    }

    /// A fact by scope and name.
    #[must_use]
    pub fn find(&self, scope: Scope, name: &str) -> Option<FactIx> {
        let at = self.facts.iter().position(|fact| fact.scope == scope && fact.name == name)?;
        Some(FactIx(at as u16))
    }

    /// The names of a scope.
    pub fn names(&self, scope: Scope) -> impl Iterator<Item = &'static str> + use<> {
        self.facts.iter().filter(move |fact| fact.scope == scope).map(|fact| fact.name)
    }
}
