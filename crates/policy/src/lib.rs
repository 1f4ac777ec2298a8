//! Policy documents: Markdown that a district attorney can sign and a machine can run.
//!
//! A [`Policy`] is parsed from a document against a [`Vocabulary`] of facts, with every error placed
//! ([`Diagnostic`]); [`Policy::decide`] evaluates it in three values, following both branches of whatever is
//! unknown, and [`Policy::explain`] shows the same evaluation as a tree with the facts used. The crate knows no
//! file layout, does no IO, and holds no legal number: those stand in the documents.
//!
//! The language is described in `docs/src/policy-language.md`.
#![warn(clippy::disallowed_methods, clippy::disallowed_types)]

mod answer;
mod bend;
mod cases;
mod chain;
mod clauses;
mod coverage;
mod cursor;
mod decide;
mod definitions;
mod diagnostics;
mod document;
mod evaluate;
mod explain;
mod expression;
pub mod grammar;
mod heading;
mod lex;
mod members;
mod missing;
mod mutants;
mod outcome;
mod parameters;
mod parse;
mod policy;
mod program;
mod quantify;
mod reader;
mod sections;
mod terms;
mod vocabulary;
mod witness;
mod write_case;

pub use cases::{Case, CaseCharge, CaseKind, CaseSentence, Expectation};
pub use chain::Library;
pub use coverage::Outline;
pub use diagnostics::{Diagnostic, Severity, nearest};
pub use evaluate::{Decision, Kin, Of, Record, RuleSet};
pub use explain::{FactUse, Node, Operation};
pub use expression::{Collection, FactIx, ParameterIx, SetIx};
pub use heading::{Decides, Heading, Mode, Period};
pub use missing::{Missing, MissingSet};
pub use mutants::{Alternatives, Mutant, MutantKind, mutants};
pub use outcome::{Outcome, OutcomeKind};
pub use parameters::{Kind as ParameterKind, Parameter, ParameterError, Value};
pub use policy::{Assumption, Citation, Hash, Policy, Removed, Rule, RuleIx, Status};
pub use program::{Memory, Program};
pub use sections::{ListedSection, NamedSet, SetSource, Treatment};
pub use vocabulary::{FactDef, FactKind, Scope, Vocabulary};
pub use witness::{DECIDED, Examples, Goal, Maker};
