//! What is decided of one conviction, and why.

use crate::compiled::Compiled;
use crate::office::Candidates;
use std::borrow::Cow;
use vacatur_policy::{Citation, Decision, OutcomeKind, RuleIx};
use vacatur_records::Truth;

/// Why: the rules tried and the sources they rest on. It cannot be made without a source.
#[derive(Clone, Copy, Debug)]
pub struct Explanation<'c> {
    compiled: &'c Compiled,
    decision: Decision,
    first: &'c Citation,
    more: &'c [Citation],
}

impl<'c> Explanation<'c> {
    /// The explanation of a decision, from the sources of the deciding rule; where a missing fact leaves open which
    /// rule decides, from those of the first that may. `None` if they cite nothing, which a checked policy never
    /// does.
    fn of(compiled: &'c Compiled, decision: Decision) -> Option<Self> {
        let rule = decision.deciding.or_else(|| decision.possible.iter().next());
        let cites = match rule {
            Some(rule) => compiled.policy().rule(rule).cite.as_slice(),
            None => compiled.policy().scope_citations(),
        };
        let (first, more) = cites.split_first()?;
        Some(Self { compiled, decision, first, more })
    }

    /// The sources, at least one.
    pub fn citations(&self) -> impl Iterator<Item = &'c Citation> {
        std::iter::once(self.first).chain(self.more)
    }

    /// The names of the rules whose condition surely holds, the deciding one first.
    pub fn rules(&self) -> impl Iterator<Item = &'c str> + use<'c> {
        let (compiled, decision) = (self.compiled, self.decision);
        let rest = decision.holds.iter().filter(move |rule| Some(*rule) != decision.deciding);
        decision.deciding.into_iter().chain(rest).map(move |rule| compiled.policy().rule(rule).name.as_str())
    }
}

/// What a policy decides of one conviction.
#[derive(Clone, Copy, Debug)]
pub struct Determination<'c> {
    /// The count's index in the person.
    pub count: u32,
    /// The number of the policy that decided.
    policy: u16,
    explanation: Explanation<'c>,
    /// Where it is unknown of which county the count is: what it comes to in each.
    candidates: Option<Candidates<'c>>,
}

impl<'c> Determination<'c> {
    pub(crate) fn new(count: u32, policy: usize, compiled: &'c Compiled, decision: Decision) -> Option<Self> {
        let explanation = Explanation::of(compiled, decision)?;
        Some(Self { count, policy: u16::try_from(policy).ok()?, explanation, candidates: None })
    }

    /// The same of a count whose county is unknown, with what it comes to in each county.
    pub(crate) fn among(self, candidates: Candidates<'c>) -> Self {
        Self { candidates: Some(candidates), ..self }
    }

    /// The number of the policy that decided, among those of its engine. Where it is unknown of which county the count is,
    /// it is the first of those that may have to.
    #[must_use]
    pub fn policy(&self) -> usize {
        usize::from(self.policy)
    }

    /// The names of the policies that decided, joined by `; `: more than one where the county is unknown and all come to
    /// the same. Empty where it is unknown whose policy decides.
    #[must_use]
    pub fn decided_by(&self) -> Cow<'c, str> {
        match &self.candidates {
            Some(candidates) => Cow::Owned(candidates.names()),
            None => Cow::Borrowed(&self.explanation.compiled.policy().heading.id),
        }
    }

    /// Whether it is unknown of which county the count is, so that every county's policy was asked.
    #[must_use]
    pub fn asked_every_county(&self) -> bool {
        self.candidates.is_some()
    }

    /// The one of a count among those of a person, which stand in the order of the counts.
    #[must_use]
    pub fn of_count(all: &[Self], count: u32) -> Option<&Self> {
        all.binary_search_by_key(&count, |one| one.count).ok().map(|at| &all[at])
    }

    /// The outcome.
    #[must_use]
    pub fn outcome(&self) -> OutcomeKind {
        self.explanation.decision.outcome
    }

    /// The outcome in full, in the document's words: `dismiss and seal`, `reduce to misdemeanor`.
    #[must_use]
    pub fn relief(&self) -> String {
        match self.explanation.decision.deciding {
            Some(rule) => match self.explanation.decision.until {
                Some(until) => format!("not yet until {until}"),
                None => self.explanation.compiled.policy().rule(rule).outcome.to_string(),
            },
            None => vacatur_policy::Outcome::Review.to_string(),
        }
    }

    /// The decision in full.
    #[must_use]
    pub fn decision(&self) -> &Decision {
        &self.explanation.decision
    }

    /// Why.
    #[must_use]
    pub fn explanation(&self) -> &Explanation<'c> {
        &self.explanation
    }

    /// The policy that decided.
    #[must_use]
    pub fn compiled(&self) -> &'c Compiled {
        self.explanation.compiled
    }

    /// The deciding ground in the document's words; for an open decision, what it needs.
    #[must_use]
    pub fn reason(&self, section: &str) -> Cow<'c, str> {
        match self.explanation.decision.deciding {
            Some(rule) => self.words(rule, section),
            None => Cow::Owned(format!("Needs {}", self.explanation.decision.missing)),
        }
    }

    /// A rule's reason.
    fn words(&self, rule: RuleIx, section: &str) -> Cow<'c, str> {
        words(self.explanation.compiled, rule, section)
    }

    /// The reasons of all rules that surely hold and whose outcome is of a kind: the grounds, the bars.
    pub fn reasons<'t>(
        &'t self,
        section: &'t str,
        kind: impl Fn(OutcomeKind) -> bool + 't,
    ) -> impl Iterator<Item = Cow<'c, str>> + 't {
        self.explanation
            .decision
            .holds
            .iter()
            .filter(move |rule| kind(self.explanation.compiled.policy().rule(*rule).outcome.kind()))
            .map(move |rule| self.words(rule, section))
    }

    /// For an open decision: what it would be, depending on what is missing. Each outcome with its reason.
    pub fn would_be<'t>(
        &'t self,
        section: &'t str,
    ) -> impl Iterator<Item = (Cow<'c, str>, Cow<'c, str>)> + 't {
        let open = self.explanation.decision.deciding.is_none();
        let by_county = self.candidates.iter().filter(move |_| open).flat_map(move |candidates| {
            candidates.each().map(move |(compiled, rule)| {
                let outcome = Cow::Owned(compiled.policy().rule(rule).outcome.to_string());
                (outcome, words(compiled, rule, section))
            })
        });
        let more = self.candidates.filter(|candidates| open && candidates.more());
        let more = more.map(|_| (Cow::Borrowed("what other counties' policies say"), Cow::Borrowed("")));
        let alone = open && self.candidates.is_none();
        let out = (open && self.explanation.decision.scope == Truth::Unknown)
            .then_some((Cow::Borrowed("out of scope"), Cow::Borrowed("")));
        let rules = self.explanation.decision.possible.iter().filter(move |_| alone);
        rules
            .map(move |rule| {
                let outcome = Cow::Owned(self.explanation.compiled.policy().rule(rule).outcome.to_string());
                (outcome, self.words(rule, section))
            })
            .chain(by_county)
            .chain(more)
            .chain(out)
    }
}

/// A rule's reason with the values of its policy.
pub(crate) fn words<'c>(compiled: &'c Compiled, rule: RuleIx, section: &str) -> Cow<'c, str> {
    let template = compiled.policy().rule(rule).reason.as_str();
    if template.contains('{') {
        Cow::Owned(compiled.policy().reason(rule, compiled.values(), section))
    } else {
        Cow::Borrowed(template)
    }
}
