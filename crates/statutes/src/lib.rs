//! California's code sections: how records write them, how they compare, and dated tables of them.
//!
//! [`Grammar`] reads the text of an offence field into an [`Offence`], a list of [`CodeSection`]s in one normal form
//! with the attempt and the conspiracy taken out. A [`SectionSet`] is a named list of sections with a citation for
//! each entry, and says in three values whether an offence belongs to it. [`Statutes`] holds the tables that come with
//! the program. The crate reads no file at run time, knows no file layout and no policy.
//!
//! ```
//! use vacatur_records::Truth;
//! use vacatur_statutes::{Coded, Statutes};
//! let statutes = Statutes::us_ca()?;
//! let Coded::Offence(offence) = statutes.grammar.parse("664-11357(c) HS-POSS") else { unreachable!() };
//! assert_eq!(offence.to_string(), "HS 11357(c) (attempt)");
//! let Coded::Offence(other) = statutes.grammar.parse("11357.5 HS") else { unreachable!() };
//! assert_eq!(statutes.set("cannabis").map(|set| set.membership(&other).truth), Some(Truth::No));
//! # Ok::<(), vacatur_statutes::TableError>(())
//! ```
#![warn(clippy::disallowed_methods, clippy::disallowed_types)]

mod charges;
mod clean;
mod code;
mod codes;
mod comment;
mod deadlines;
mod eras;
mod grammar;
mod membership;
mod offence;
mod raw;
mod reader;
mod section;
mod set;
mod status;
mod statutes;
mod tables;
mod treating;

pub use code::Code;
pub use deadlines::{Deadline, Deadlines, OnRecord, Step};
pub use grammar::Grammar;
pub use membership::{Doubt, Membership};
pub use offence::{Coded, Offence};
pub use section::CodeSection;
pub use set::{DatedLevel, Entry, Provenance, Rule, SectionSet};
pub use status::{Level, Status};
pub use statutes::{Statutes, code_titles};
pub use tables::TableError;
