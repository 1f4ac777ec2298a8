//! Reads extracts of criminal histories: from files of any wrapping to rows and cells, fast and without losing a line.
//!
//! Reading is in two passes over plain bytes. [`survey::survey`] goes over everything once: it finds where rows
//! begin and end, whose they are, and which lines are no rows, and says what each file is. [`rows::Block`] then loads
//! the rows of a few people at a time and gives their cells. Which column means what is data ([`layout`]).
//!
//! The crate decides nothing about what it reads, and no error text holds anything of a file's content.
//!
//! ```
//! use vacatur_ingest::{layout::Layout, rows::Block, source::Source, survey};
//!
//! let layout = Layout::us_ca_doj();
//! let line = format!("x,x,700001{}\n", ",\"NULL  \"".repeat(92));
//! let sources = [Source::from_bytes("example.csv", format!("{line}{line}one \"bad\" line\n").into_bytes())];
//!
//! let found = survey::survey(&sources, &layout, 1, &|_| {})?;
//! assert_eq!((found.rows(), found.rejects.len()), (2, 1));
//! assert_eq!(found.rejects[0].line, 3);
//!
//! let mut block = Block::new(&layout);
//! for person in survey::group(&found.runs).iter() {
//!     block.load(&sources, person.runs.iter().map(|&run| &found.runs[run as usize]))?;
//!     for row in block.rows() {
//!         assert_eq!(row.field(layout.subject()), b"700001");
//!         assert_eq!(row.field(94), b"");
//!     }
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod cell;
pub mod court;
pub mod doj;
pub mod header;
pub mod layout;
pub mod ordered;
pub mod people;
mod recover;
pub mod reject;
pub mod rows;
mod scan;
pub mod sorter;
pub mod source;
pub mod survey;
#[cfg(test)]
mod testing;
