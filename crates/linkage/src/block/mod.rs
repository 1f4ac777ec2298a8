//! Which pairs are looked at.
//!
//! A rule gives each record a key for each value of its parts, and every two records with a key in common are a pair. A
//! pair that several rules make belongs to the first of them, so that none is looked at twice and no table of pairs is
//! kept: the sum of all rules is the union.

mod counts;
mod index;
mod keys;

pub use counts::{BlockingCounts, RuleCount, blocking_counts};
pub(crate) use index::{Index, Run};
pub(crate) use keys::Rules;

use crate::model::ModelError;

/// Why the pairs cannot be made.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum BlockError {
    /// A rule makes more pairs than the model allows.
    #[error(
        "block '{rule}' makes {pairs} pairs, of which {largest} share one key; the model allows {limit}: add a part to \
         `on` or to `tighten`, or raise limits.{which}"
    )]
    Explosion {
        /// The rule.
        rule: String,
        /// All pairs of the rule.
        pairs: u64,
        /// The pairs of its largest block.
        largest: u64,
        /// The limit that is passed.
        limit: u64,
        /// Which limit: `rule` or `block`.
        which: &'static str,
    },
    /// The model does not fit the records.
    #[error(transparent)]
    Model(#[from] ModelError),
}
