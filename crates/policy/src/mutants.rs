//! Mutants: a document with one thing in it changed.
//!
//! A test that passes on every mutant of a rule says nothing of that rule. So each thing that runs is changed to its
//! neighbour, one at a time: a number by one, a date by one day, `before` to `on or before`, a set to another set, a
//! rule left out. Prose, tests, titles, reasons and sources stay as they are.
//!
//! Mutants are made from words and text, not from the parsed document: a change that makes no sense in its place gives
//! a document that does not pass its check, which costs nothing but the attempt. A new word of the language needs a
//! line in a table here ([`condition`], [`blocks`]), or none.

mod blocks;
mod condition;
mod joined;

use crate::Vocabulary;
use crate::document;
use std::collections::BTreeSet;
use std::ops::Range;

/// What a mutant changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MutantKind {
    /// A comparison of dates that holds on the day itself, and then does not; or the reverse.
    DayBoundary,
    /// A comparison of numbers that holds for the number itself, and then does not; or the reverse.
    NumberBoundary,
    /// A comparison in another way: `is` to `is not`, `on` to `before`.
    Comparison,
    /// A number in a condition, by one.
    Number,
    /// A date in a condition or a section set, by one day.
    Day,
    /// Days, months and years; `plus` and `minus`.
    Move,
    /// `in` and `not in`.
    Membership,
    /// `and` and `or`.
    Joining,
    /// A part of a condition left out, with the `and` or `or` beside it.
    PartLeftOut,
    /// A `not` taken out or put in.
    Negation,
    /// `any`, `no` and `every`.
    Quantifier,
    /// Convictions and charges.
    Collection,
    /// Felony, misdemeanor and infraction.
    Level,
    /// A fact and another of its type; whose fact it is.
    Fact,
    /// A section set and another of the document.
    Set,
    /// The sections of a set.
    Sections,
    /// What becomes of attempts and conspiracies.
    Treatment,
    /// A choice and another of its parameter.
    Choice,
    /// Words between quotation marks in a condition.
    Text,
    /// The default of a parameter.
    Default,
    /// The outcome of a rule.
    Outcome,
    /// What is made of an unknown condition.
    Assumption,
    /// A rule left out.
    RuleLeftOut,
    /// Two rules in the other order.
    RuleOrder,
}

impl MutantKind {
    /// All of them, in the order in which tables list them.
    pub const ALL: [Self; 24] = [
        Self::DayBoundary,
        Self::NumberBoundary,
        Self::Comparison,
        Self::Number,
        Self::Day,
        Self::Move,
        Self::Membership,
        Self::Joining,
        Self::PartLeftOut,
        Self::Negation,
        Self::Quantifier,
        Self::Collection,
        Self::Level,
        Self::Fact,
        Self::Set,
        Self::Sections,
        Self::Treatment,
        Self::Choice,
        Self::Text,
        Self::Default,
        Self::Outcome,
        Self::Assumption,
        Self::RuleLeftOut,
        Self::RuleOrder,
    ];

    /// Its name in tables.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::DayBoundary => "day boundary",
            Self::NumberBoundary => "number boundary",
            Self::Comparison => "comparison",
            Self::Number => "number",
            Self::Day => "day",
            Self::Move => "move",
            Self::Membership => "membership",
            Self::Joining => "and, or",
            Self::PartLeftOut => "part left out",
            Self::Negation => "negation",
            Self::Quantifier => "quantifier",
            Self::Collection => "collection",
            Self::Level => "level",
            Self::Fact => "fact",
            Self::Set => "set",
            Self::Sections => "sections",
            Self::Treatment => "treatment",
            Self::Choice => "choice",
            Self::Text => "text",
            Self::Default => "default",
            Self::Outcome => "outcome",
            Self::Assumption => "assumption",
            Self::RuleLeftOut => "rule left out",
            Self::RuleOrder => "rule order",
        }
    }
}

/// One change of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mutant {
    /// The bytes of the document that are replaced.
    pub span: Range<usize>,
    /// What stands there instead.
    pub replacement: String,
    /// What kind of change it is.
    pub kind: MutantKind,
    /// The change in words: `` `before` becomes `on or before` ``.
    pub says: String,
}

impl Mutant {
    /// The document with the change made. A span that is not of this document changes nothing.
    #[must_use]
    pub fn apply(&self, document: &str) -> String {
        match (document.get(..self.span.start), document.get(self.span.end..)) {
            (Some(before), Some(after)) => [before, &self.replacement, after].concat(),
            _ => document.to_owned(),
        }
    }
}

/// What may be put in place of what a document says, beside the names that it gives itself.
#[derive(Clone, Debug)]
pub struct Alternatives<'a> {
    /// The facts: one may stand in for another of its type.
    pub vocabulary: &'a Vocabulary,
    /// The names of the statute tables.
    pub tables: Vec<&'a str>,
    /// A code section that no record has. A set of it is empty, which cannot be written otherwise.
    pub nothing: &'a str,
}

/// Every change of one thing in the blocks of `document` that run, of the kinds asked for ([`MutantKind::ALL`]), in the
/// order of the document.
///
/// Any text will do: what cannot be read as a block, an entry or a condition is passed over. Not every mutant passes
/// the check of a document.
#[must_use]
pub fn mutants(document: &str, kinds: &[MutantKind], alternatives: &Alternatives<'_>) -> Vec<Mutant> {
    let (blocks, _) = document::blocks(document, 0);
    let names = blocks::names(&blocks);
    let charges = blocks.iter().filter(|block| block.kind == "policy").any(|block| {
        let entries = document::entries(block).unwrap_or_default();
        entries.iter().any(|entry| entry.after("decides").is_some_and(|(what, _)| what == "charges"))
    });
    let mut maker = Maker { document, kinds, alternatives, names, charges, found: Vec::new() };
    for block in &blocks {
        match block.kind {
            "policy" | "test" => {}
            "parameters" => maker.parameters(block),
            "sections" => maker.sections(block),
            "definitions" => maker.definitions(block),
            _ => maker.conditions(block),
        }
    }
    maker.rules(&blocks);
    let mut found = maker.found;
    let mut seen = BTreeSet::new();
    found.retain(|mutant| {
        document.get(mutant.span.clone()).is_some_and(|before| before != mutant.replacement)
            && seen.insert((mutant.span.start, mutant.span.end, mutant.replacement.clone()))
    });
    found.sort_by_key(|mutant| mutant.span.start);
    found
}

/// The names that a document gives, and what each stands for as far as mutants need to know.
#[derive(Default)]
struct Names {
    sets: Vec<String>,
    flags: Vec<String>,
    /// Each with its choices.
    choices: Vec<(String, Vec<String>)>,
    numbers: Vec<String>,
    /// Of any other kind.
    others: Vec<String>,
}

impl Names {
    fn is_parameter(&self, word: &str) -> bool {
        self.flags.iter().chain(&self.numbers).chain(&self.others).any(|name| name == word)
            || self.choices.iter().any(|(name, _)| name == word)
    }
}

/// Collects mutants.
struct Maker<'d, 'n> {
    document: &'d str,
    kinds: &'n [MutantKind],
    alternatives: &'n Alternatives<'n>,
    names: Names,
    /// Whether the document decides arrests and charges too.
    charges: bool,
    found: Vec<Mutant>,
}

impl Maker<'_, '_> {
    /// Whether mutants of a kind are asked for. Those that would be many are not made for nothing.
    fn wants(&self, kind: MutantKind) -> bool {
        self.kinds.contains(&kind)
    }

    /// The bytes of `span` become `replacement`.
    fn replace(&mut self, kind: MutantKind, span: Range<usize>, replacement: impl Into<String>) {
        if !self.wants(kind) {
            return;
        }
        let replacement = replacement.into();
        let before = self.document.get(span.clone()).unwrap_or("");
        let says = format!("`{}` becomes `{}`", one_line(before), one_line(&replacement));
        self.found.push(Mutant { span, replacement, kind, says });
    }

    /// The same, told in other words.
    fn change(&mut self, kind: MutantKind, span: Range<usize>, replacement: String, says: String) {
        if self.wants(kind) {
            self.found.push(Mutant { span, replacement, kind, says });
        }
    }
}

/// A text on one line, for a sentence.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
