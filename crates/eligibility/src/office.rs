//! Who decides: one policy for every county, or for each county the policy of its own prosecutor.
//!
//! A count is decided by the policy of its county. Where it cannot be read of which county a count is, it is decided as if
//! it were of each: if all come to the same, that is the answer, and otherwise the county is what is missing.

use crate::compiled::Compiled;
use crate::determination::{Determination, words};
use crate::engine::{Engine, Worker, log_decision, undecided_if_unconvicted};
use crate::prepared::Prepared;
use crate::record::View;
use vacatur_policy::{Decision, Missing, MissingSet, OutcomeKind, RuleIx, RuleSet};
use vacatur_records::{Date, Truth};

/// In place of a policy's number: the policy of whoever decides for the count's county.
pub const OFFICE: usize = usize::MAX;

/// How many different things an open count may come to are told; beyond them it is said that there are more.
const TOLD: usize = 12;

/// Which policy decides for which county.
#[derive(Debug)]
pub struct Assigned {
    /// Its name.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The document that assigns, as it was given.
    pub text: String,
    /// The policy of each county, in the order of the setting's counties; none for one that nobody decides.
    pub counties: Vec<Option<Compiled>>,
}

/// Who decides in an engine.
#[derive(Debug)]
pub(crate) enum Office {
    /// The first policy, for every county.
    Single,
    /// For each county another.
    ByCounty(ByCounty),
}

/// The policies of the counties.
#[derive(Debug)]
pub struct ByCounty {
    /// The name of the assignment.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The document, as it was given.
    pub text: String,
    /// The number of each county's policy, in the order of the setting's counties.
    of: Vec<Option<usize>>,
    /// The number of the policy that says what the statute itself gives.
    statute: Option<usize>,
}

impl ByCounty {
    pub(crate) fn of(assigned: Assigned, statute: Option<Compiled>) -> (Vec<Compiled>, Self) {
        let Assigned { id, title, text, counties } = assigned;
        let mut policies = Vec::with_capacity(counties.len() + 1);
        let of = counties
            .into_iter()
            .map(|compiled| {
                policies.push(compiled?);
                Some(policies.len() - 1)
            })
            .collect();
        let statute = statute.map(|compiled| {
            policies.push(compiled);
            policies.len() - 1
        });
        (policies, Self { id, title, text, of, statute })
    }

    /// The number of a county's policy, by the county's place in the setting; none if nobody decides for it.
    #[must_use]
    pub fn policy_of(&self, county: usize) -> Option<usize> {
        self.of.get(county).copied().flatten()
    }

    /// The numbers of the policies, in the order of the counties.
    pub fn policies(&self) -> impl Iterator<Item = Option<usize>> + '_ {
        self.of.iter().copied()
    }
}

impl Engine {
    /// The policies of the counties, if each has one of its own.
    #[must_use]
    pub fn counties(&self) -> Option<&ByCounty> {
        match &self.office {
            Office::Single => None,
            Office::ByCounty(office) => Some(office),
        }
    }

    /// The number of the policy that says what the statute itself gives, if the run has one.
    #[must_use]
    pub fn statute(&self) -> Option<usize> {
        match &self.office {
            Office::Single => (self.policies.len() > 1).then_some(1),
            Office::ByCounty(office) => office.statute,
        }
    }
}

/// What a count of an unknown county comes to, county by county: each different thing once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidates<'c> {
    policies: &'c [Compiled],
    rules: [(u16, RuleIx); TOLD],
    told: usize,
    more: bool,
    /// Whether it is known whose policies decide: all agree, or there is only one.
    known: bool,
}

impl<'c> Candidates<'c> {
    fn new(policies: &'c [Compiled]) -> Self {
        Self { policies, rules: [(0, RuleIx(0)); TOLD], told: 0, more: false, known: false }
    }

    fn add(&mut self, policy: usize, rule: RuleIx) {
        let number = u16::try_from(policy).unwrap_or_default();
        match self.rules.get_mut(self.told) {
            Some(room) => {
                *room = (number, rule);
                self.told += 1;
            }
            None => self.more = true,
        }
    }

    /// The rules that may decide, each with its policy.
    pub(crate) fn each(self) -> impl Iterator<Item = (&'c Compiled, RuleIx)> {
        let policies = self.policies;
        self.rules
            .into_iter()
            .take(self.told)
            .filter_map(move |(policy, rule)| Some((policies.get(usize::from(policy))?, rule)))
    }

    /// Whether there are more than it holds.
    pub(crate) fn more(self) -> bool {
        self.more
    }

    /// The names of the policies, if it is known that they decide.
    pub(crate) fn names(self) -> String {
        let mut names: Vec<&str> = Vec::new();
        for (compiled, _) in self.each().filter(|_| self.known) {
            let name = compiled.policy().heading.id.as_str();
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names.join("; ")
    }
}

impl<'e> Worker<'e> {
    /// The determinations of some counts, each by the policy of its county, in the order of the counts.
    pub(crate) fn determine_by_county(
        &self,
        office: &'e ByCounty,
        prepared: &Prepared<'_, '_>,
        day: Date,
        counts: &[u32],
        each: &mut dyn FnMut(Determination<'e>),
    ) {
        // Counts of one county mostly stand together.
        let kind = |count: &u32| {
            let convicted = !prepared.person.counts[*count as usize].convicted.value.is_no();
            (prepared.county_of(*count), convicted)
        };
        for alike in counts.chunk_by(|one, next| kind(one) == kind(next)) {
            let Some((county, convicted)) = alike.first().map(kind) else { continue };
            let Some(county) = county else {
                for &count in alike {
                    if let Some(found) = self.in_any_county(office, prepared, day, count, convicted) {
                        each(found);
                    }
                }
                continue;
            };
            let Some(policy) = office.policy_of(county) else { continue };
            if convicted || !self.decides_convictions(policy) {
                self.determine_of(prepared, policy, day, alike, &mut *each);
            }
        }
    }

    /// What is decided of a count that may be of any county.
    fn in_any_county(
        &self,
        office: &'e ByCounty,
        prepared: &Prepared<'_, '_>,
        day: Date,
        count: u32,
        convicted: bool,
    ) -> Option<Determination<'e>> {
        let decides = |policy: &usize| convicted || !self.decides_convictions(*policy);
        // Most counts are in nobody's scope, wherever they are.
        let mut in_scope = false;
        for policy in office.policies().flatten().filter(decides) {
            if !in_scope {
                self.determine_of(prepared, policy, day, &[count], |_| in_scope = true);
            }
        }
        if !in_scope {
            return None;
        }
        let names = self.engine.setting.counties.iter().map(String::as_str);
        let found: Vec<Option<(usize, Decision)>> = office
            .policies()
            .zip(names)
            .map(|(policy, county)| {
                let policy = policy.filter(decides)?;
                Some((policy, self.as_if_in(county, prepared, policy, day, count)?))
            })
            .collect();
        let determination = |policy: usize, decision: Decision| {
            Determination::new(count, policy, self.engine.policies.get(policy)?, decision)
        };
        let each = || found.iter().flatten().copied();
        let (first, decision) = each().next()?;
        let everywhere = found.iter().all(Option::is_some);
        let one = determination(first, decision)?;
        let same = everywhere
            && decision.deciding.is_some()
            && each().all(|(policy, decision)| {
                decision.deciding.is_some()
                    && determination(policy, decision).is_some_and(|other| {
                        other.outcome() == one.outcome() && other.relief() == one.relief()
                    })
            });
        let county = MissingSet::of(Missing::County);
        let mut candidates = Candidates::new(&self.engine.policies);
        if same {
            let mut known: Vec<&str> = Vec::new();
            for (policy, decision) in each() {
                let id = self.engine.policies.get(policy)?.policy().heading.id.as_str();
                if !known.contains(&id) {
                    known.push(id);
                    candidates.add(policy, decision.deciding?);
                }
            }
            candidates.known = true;
            let mut harmless = county;
            for (_, decision) in each() {
                harmless = harmless.and(decision.harmless);
            }
            let decision = Decision { harmless, ..decision };
            log_decision(one.compiled(), &decision);
            return Some(determination(first, decision)?.among(candidates));
        }
        let section = self.section_number(prepared, count);
        let (mut missing, mut said): (MissingSet, Vec<(String, String)>) = (county, Vec::new());
        let mut ids: Vec<&str> = Vec::new();
        for (policy, decision) in each() {
            let compiled = self.engine.policies.get(policy)?;
            ids.push(&compiled.policy().heading.id);
            missing = missing.and(decision.missing);
            for rule in
                decision.possible.iter().filter(|rule| decision.deciding.is_none_or(|one| one == *rule))
            {
                let outcome = compiled.policy().rule(rule).outcome.to_string();
                let told = (outcome, words(compiled, rule, section).into_owned());
                if !said.contains(&told) {
                    said.push(told);
                    candidates.add(policy, rule);
                }
            }
        }
        candidates.known = everywhere && ids.iter().all(|id| Some(id) == ids.first());
        // What holds in one county only does not surely hold.
        let decision = Decision {
            scope: if everywhere { decision.scope } else { Truth::Unknown },
            outcome: OutcomeKind::Review,
            deciding: None,
            holds: RuleSet::default(),
            unknown: RuleSet::default(),
            possible: decision.possible,
            assumed: RuleSet::default(),
            until: None,
            missing,
            harmless: MissingSet::NONE,
        };
        log_decision(one.compiled(), &decision);
        Some(determination(first, decision)?.among(candidates))
    }

    /// What a policy would decide of a count if it were of a county.
    fn as_if_in(
        &self,
        county: &str,
        prepared: &Prepared<'_, '_>,
        policy: usize,
        day: Date,
        count: u32,
    ) -> Option<Decision> {
        let (offences, sets) = (&self.offences, &self.engine.all);
        let view = View { prepared, offences, sets, as_of: day, assumed: Some((count, county)) };
        let mut memory = self.aside.take();
        memory.forget();
        let mut found = None;
        self.engine
            .program
            .decide(policy, &view, &mut memory, &[count], |_, decision| found = Some(decision));
        self.aside.set(memory);
        let found = found?;
        Some(if self.decides_convictions(policy) {
            undecided_if_unconvicted(found, prepared, count)
        } else {
            found
        })
    }
}
