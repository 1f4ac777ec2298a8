//! A list as a policy wants it read.

use crate::set::{Rule, SectionSet};

impl SectionSet {
    /// The same list with one rule for all attempts, and one for all conspiracies, where the policy gives them.
    #[must_use]
    pub fn treating(mut self, attempts: Option<Rule>, conspiracies: Option<Rule>) -> Self {
        for entry in &mut self.entries {
            entry.attempts = attempts.unwrap_or(entry.attempts);
            entry.conspiracies = conspiracies.unwrap_or(entry.conspiracies);
        }
        self
    }
}
