//! How many pairs each rule makes, before any is made.

use super::{BlockError, Index, Rules};
use crate::model::Model;
use crate::sides::Sides;
use serde::Serialize;

/// The pairs of one rule, counted from its keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleCount {
    /// The rule.
    pub rule: String,
    /// Pairs with a key in common. A pair of a rule with several keys for a record counts once for each.
    pub pairs: u64,
    /// Blocks, that is keys with a pair.
    pub blocks: u64,
    /// Pairs of the largest block.
    pub largest: u64,
    /// Blocks that had more pairs than the limit and were tightened.
    pub tightened: u64,
    /// Records that a tightened block leaves out, because what it is tightened by is blank.
    pub left_out: u64,
}

/// What blocking will cost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BlockingCounts {
    /// Each rule, in the order of the model.
    pub rules: Vec<RuleCount>,
    /// All pairs that there are without blocking.
    pub all: u64,
}

impl BlockingCounts {
    /// The pairs of all rules. A pair that several rules make counts once for each, so that it is more than will be
    /// compared.
    #[must_use]
    pub fn pairs(&self) -> u64 {
        self.rules.iter().map(|rule| rule.pairs).sum()
    }
}

/// Counts the pairs of each rule exactly.
///
/// # Errors
/// [`BlockError::Explosion`] for the first rule that makes more than the model's limits allow; [`BlockError::Model`] where
/// the records were read for another model.
pub fn blocking_counts(sides: &Sides, model: &Model) -> Result<BlockingCounts, BlockError> {
    sides.check(model)?;
    let mut rules = Rules::new(sides, model);
    let mut counts = Vec::new();
    for (number, rule) in model.rules.iter().enumerate() {
        let index = Index::new(sides, model, &mut rules, number)?;
        counts.push(RuleCount {
            rule: rule.name.clone(),
            pairs: index.pairs,
            blocks: index.runs.len() as u64,
            largest: index.largest,
            tightened: index.tightened,
            left_out: index.left_out,
        });
    }
    Ok(BlockingCounts { rules: counts, all: sides.pairs() })
}
