//! Who is who in two files, or in one: blocking, comparison levels, match weights, clusters.
//!
//! Records are compared field by field; each comparison ends at a named level, and each level has a weight: the
//! logarithm of how much more often it is seen of one person than of two. The sum of the weights, with the prior, is
//! what speaks for a link. The crate reads no file and knows nothing of eligibility.
#![warn(clippy::disallowed_methods, clippy::disallowed_types)]

pub mod assign;
pub mod calibrate;
pub mod clerical;
pub mod cluster;
pub mod evaluate;
pub mod interval;
mod pair;
mod spreadsheet;
mod waterfall;

pub use pair::{NoSuchRecord, Pair};
pub use waterfall::{Step, Waterfall};
