//! Policies made ready to run: every condition once, however often the documents write it.
//!
//! A document names a definition in many places, and the documents of one run share whole rules. Here each different
//! condition is one node, with the parameters' values put in, and its answer is remembered as long as it holds:
//!
//! - what speaks of the person alone, for the person;
//! - what speaks of one count alone, for that count, whether it is decided or only looked at;
//! - what compares two counts is asked anew for each two, unless many can be taken together (`groups`).
//!
//! What comes of it is, bit by bit, what [`crate::Policy::decide`] comes to by reading the document.

mod build;
mod groups;
mod members;
mod node;
mod run;

use crate::decide::Ranking;
use crate::parameters::Value;
use crate::policy::Policy;
use crate::vocabulary::Vocabulary;
use crate::{Decision, Record, SetIx};
use node::{Collected, Day, Node, Number, Quantifier, Ref, Test};
pub use run::Memory;
use run::Run;

/// Policies with their parameters set, as numbered conditions of which each is there once.
#[derive(Debug)]
pub struct Program {
    truths: Vec<Node<Test>>,
    dates: Vec<Node<Day>>,
    numbers: Vec<Node<Number>>,
    quantifiers: Vec<Quantifier>,
    lists: Vec<Collected>,
    plans: Vec<Plan>,
    /// How many answers are remembered of a person, and of each count.
    of_person: Slots,
    of_count: Slots,
}

/// How many answers of each kind are remembered.
#[derive(Clone, Copy, Debug, Default)]
struct Slots {
    truths: u32,
    dates: u32,
    numbers: u32,
}

/// One policy of a program.
#[derive(Debug)]
struct Plan {
    ranking: Ranking,
    scope: Ref,
    /// Of each rule; `otherwise` has none.
    rules: Box<[Option<Ref>]>,
    /// For rules that say "not yet": until when.
    until: Box<[Option<Ref>]>,
}

impl Program {
    /// A program for these policies, each with its parameters' values. `set` numbers the section sets: given the number of
    /// a policy and of a set in its document, it says under which number the record knows the set. Sets with the same
    /// sections may have one number.
    #[must_use]
    pub fn new<'p>(
        policies: impl IntoIterator<Item = (&'p Policy, &'p [Value])>,
        vocabulary: &Vocabulary,
        set: &dyn Fn(usize, SetIx) -> SetIx,
    ) -> Self {
        let mut builder = build::Builder::new(vocabulary);
        for (at, (policy, values)) in policies.into_iter().enumerate() {
            builder.policy(policy, values, &|named| set(at, named));
        }
        builder.finish()
    }

    /// Decides counts of a record one after another under the policy with the number `policy`, in the order in which they
    /// were given; `each` is told of those in scope.
    ///
    /// `memory` holds answers about this very record, as of the same day, or nothing: see [`Memory::forget`].
    pub fn decide<R: Record>(
        &self,
        policy: usize,
        record: &R,
        memory: &mut Memory,
        counts: &[u32],
        mut each: impl FnMut(u32, Decision),
    ) {
        let Some(plan) = self.plans.get(policy) else { return };
        let mut run = Run::new(self, plan, record, memory);
        for &count in counts {
            if let Some(decision) = plan.ranking.decide(&mut run, count) {
                each(count, decision);
            }
        }
    }
}
