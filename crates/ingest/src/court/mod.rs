//! Extracts of county courts: from files of any declared shape to cases.
//!
//! No two courts export alike. What a file looks like and what its codes mean is declared in a [`CourtLayout`], a TOML
//! document as those in `layouts/us-ca/courts/`; the code knows shapes, and no court. [`read`] gives a
//! [`CourtCase`](vacatur_records::CourtCase) for each defendant of each case, in the order of the first row of each.
//!
//! Rows of one case may stand anywhere in a file: they are set down in the scratch directory and sorted there, so that
//! memory does not grow with the file. What cannot be read is in the [`CourtAccount`]: lines as rejects, cells as gaps,
//! codes that the layout does not list with their counts. Neither holds anything of a person.
//!
//! ```
//! use vacatur_ingest::{court::{CourtLayout, read_sources}, source::Source};
//!
//! let layout = CourtLayout::parse(r#"
//!     name = "example"
//!     title = "An example"
//!     format = "csv"
//!     row = "charge"
//!     dates = { formats = ["MM/DD/YYYY"] }
//!     [[column]]
//!     name = "CASE"
//!     is = "case-number"
//!     [[column]]
//!     name = "DEFENDANT"
//!     is = "name"
//!     [[column]]
//!     name = "SECTION"
//!     is = "section"
//! "#, "example.toml")?;
//! let text = "CASE,DEFENDANT,SECTION\nF-12345,\"QUARTZ, OBERON\",HS 11359\nF-12345,\"QUARTZ, OBERON\",HS 11357(a)\n";
//! let sources = [Source::from_bytes("example.csv", text.into())];
//! let mut cases = Vec::new();
//! let account = read_sources(&sources, &layout, &std::env::temp_dir(), &mut |case| cases.push(case))?;
//! assert_eq!((account.rows, account.used, account.cases), (2, 2, 1));
//! assert_eq!(cases[0].party.name.expose().last, "QUARTZ");
//! assert_eq!(cases[0].charges[1].charged, "HS 11357(a)");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod account;
mod build;
mod dates;
mod delimited;
mod error;
mod fixed;
mod fold;
mod group;
mod header;
mod infer;
mod layout;
mod lines;
mod meaning;
mod names;
mod number;
mod read;
mod section;
mod sentence;
mod sheet;
mod table;
#[cfg(test)]
mod tests;
mod tree;
mod tree_cases;
mod values;
mod xml;

pub use account::{CourtAccount, CourtGap, CourtPlace, CourtReject, CourtRejectReason, UnlistedCode};
pub use error::{CourtError, LayoutProblem};
pub use infer::{LayoutDraft, infer};
pub use layout::{Court, CourtLayout, Format, RowIs};
pub use names::NameOrder;
pub use number::{CaseKey, CasePattern};
pub use read::{open, read, read_sources};
