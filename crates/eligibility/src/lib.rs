//! Joins records to policies: facts of a person on one side, a policy's questions on the other, and between them a
//! [`Determination`] for each conviction in scope.
//!
//! An [`Engine`] holds the policies of a run; each thread takes a [`Worker`] from it, hands it one
//! [`vacatur_records::Person`] after another, and gets determinations that cannot exist without an
//! [`Explanation`], nor an explanation without a citation. The crate does no IO and prints nothing.
#![warn(clippy::disallowed_methods, clippy::disallowed_types)]

mod account;
mod assignment;
mod cases;
mod check;
mod compiled;
mod coverage;
mod determination;
mod difference;
mod engine;
#[cfg(test)]
mod engine_tests;
mod evidence;
mod facts;
mod histories;
mod horizon;
mod mutation;
mod offences;
mod office;
pub mod options;
mod prepared;
mod questions;
mod record;
mod search;
pub mod shelf;
mod vocabulary;

pub use account::{Account, CountAccount, FactAccount, NodeAccount, PlaceOf, RuleAccount};
pub use assignment::{Assignment, StatuteName};
pub use cases::{CaseReport, Failure, Suite, run_cases};
pub use check::{undecided, unreached};
pub use compiled::Compiled;
pub use coverage::{ConditionCoverage, CoverageReport, ParameterCoverage, RuleCoverage, coverage};
pub use determination::{Determination, Explanation};
pub use difference::{Change, Difference, Example, difference};
pub use engine::{Engine, History, Standing, Worker};
pub use evidence::{EvidenceFact, Refused, Stated, Taken, Testimony};
pub use horizon::{Turn, horizon};
pub use mutation::{Fate, KindReport, MutantReport, MutationError, MutationReport, boundaries, mutation};
pub use offences::OffenceIx;
pub use office::{Assigned, ByCounty, OFFICE};
pub use prepared::{Prepared, Setting};
pub use questions::Question;
pub use vocabulary::VOCABULARY;
