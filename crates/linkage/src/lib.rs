//! Who is who in two files, or in one: blocking, comparison levels, match weights, clusters.
//!
//! Records are compared field by field; each comparison ends at a named level, and each level has a weight: the
//! logarithm of how much more often it is seen of one person than of two. The sum of the weights, with the prior, is
//! what speaks for a link. The crate reads no file and knows nothing of eligibility.
#![warn(clippy::disallowed_methods, clippy::disallowed_types)]

mod account;
pub mod assign;
mod block;
pub mod calibrate;
pub mod chart;
pub mod clerical;
pub mod clk;
pub mod cluster;
mod compare;
pub mod evaluate;
pub mod interval;
pub mod model;
mod pair;
mod score;
mod sides;
pub mod standard;
mod train;
mod walk;
mod waterfall;
mod weights;

pub use account::WATERFALL_SCHEMA;
pub use block::{BlockError, BlockingCounts, RuleCount, blocking_counts};
pub use model::{Model, ModelError};
pub use pair::{NoSuchRecord, Pair};
pub use score::{Scorer, score, waterfall};
pub use sides::{Side, Sides, SidesBuilder, SidesError};
pub use train::{FitError, TrainError, TrainOptions, Trained, train};
pub use waterfall::{Step, Waterfall};
