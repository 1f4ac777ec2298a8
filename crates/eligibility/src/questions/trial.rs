//! Deciding again with an answer that nobody has given yet.

use crate::compiled::Compiled;
use crate::determination::Determination;
use crate::engine::Worker;
use crate::evidence::{EvidenceFact, Known, Stated, Taken, Testimony};
use crate::prepared::Prepared;
use rustc_hash::FxHashMap;
use vacatur_policy::{Decision, Missing, MissingSet, RuleIx, RuleSet};
use vacatur_records::{CountIx, FileIx, Gap, Person, Row, Truth};

/// What an answer would do, as far as it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// There is nothing to decide: no conviction, or out of scope.
    Nothing,
    /// The rule decides; of several with the same outcome and reason it is the first.
    Decided(RuleIx),
    /// It stays open, and this is missing.
    Open(MissingSet),
    /// The answer contradicts the record.
    Contradicts,
}

/// What was read off one trial.
pub(super) type Reading = super::spans::Reading<Option<Decision>, Effect, RuleSet>;

/// What was decided of one open count, and whether the answer contradicts the record.
type Tried = (Option<Decision>, bool);

/// A person's record in which one fact is tried out.
pub(super) struct Trial<'t, 'p, 'a, 'e> {
    pub(super) worker: &'t mut Worker<'e>,
    prepared: &'t Prepared<'p, 'a>,
    base: &'p Person<'a>,
    person: Person<'a>,
    before: Known,
    known: Known,
    policy: usize,
    /// For each rule the first with the same outcome and reason.
    same: Vec<RuleIx>,
    missing: Missing,
    /// The open counts that miss the fact, in order.
    open: Vec<u32>,
    fact: EvidenceFact,
    count: u32,
    /// The counts for which it is tried: what is of the person for all open ones at once, else one after another.
    decided: Vec<u32>,
    /// What was tried of this fact and count, for each of these.
    tried: FxHashMap<(i32, i32), Vec<Tried>>,
    /// How many counts were looked at.
    effort: usize,
}

/// How many counts are looked at in all trials of one person. Few people come to a tenth of it; it keeps somebody
/// with a thousand open counts from holding up the run.
const EFFORT: usize = 1_000_000;

impl<'t, 'p, 'a, 'e> Trial<'t, 'p, 'a, 'e> {
    pub(super) fn new(
        worker: &'t mut Worker<'e>,
        prepared: &'t Prepared<'p, 'a>,
        policy: usize,
        compiled: &'e Compiled,
    ) -> Self {
        let rules = &compiled.policy().rules;
        let same = rules
            .iter()
            .map(|rule| {
                let first = rules
                    .iter()
                    .position(|other| other.outcome == rule.outcome && other.reason == rule.reason);
                RuleIx(first.unwrap_or_default() as u8)
            })
            .collect();
        let (before, base) = (Known::of(prepared), prepared.person);
        Self {
            worker,
            prepared,
            base,
            person: base.clone(),
            known: before.clone(),
            before,
            policy,
            same,
            missing: Missing::UnusableRow,
            open: Vec::new(),
            fact: EvidenceFact::BirthDate,
            count: 0,
            decided: Vec::new(),
            tried: FxHashMap::default(),
            effort: 0,
        }
    }

    /// From now on `missing` is asked for, which these counts miss.
    pub(super) fn ask_for(&mut self, missing: Missing, open: &[u32]) {
        self.missing = missing;
        self.open = open.to_vec();
        self.tried.clear();
    }

    /// From now on answers are about this fact of this count, and their effect is that on `decided`.
    pub(super) fn about(&mut self, fact: EvidenceFact, count: u32, decided: u32) {
        let same = if fact.is_of_person() {
            self.fact == fact && self.decided == self.open
        } else {
            self.fact == fact && self.count == count && self.decided == [decided]
        };
        if same {
            return;
        }
        self.reset();
        self.tried.clear();
        (self.fact, self.count) = (fact, count);
        self.decided = if fact.is_of_person() { self.open.clone() } else { vec![decided] };
    }

    /// Whether so much was tried of this person that the rest is told in words.
    pub(super) fn is_spent(&self) -> bool {
        self.effort >= EFFORT
    }

    /// The counts of which a fact is in doubt: convictions first, then other charges.
    pub(super) fn doubtful(&self, fact: EvidenceFact) -> Vec<u32> {
        let counts = &self.base.counts;
        let convicts = |at: &u32| !counts[*at as usize].convicted.value.is_no();
        let all = || 0..counts.len() as u32;
        let in_order = all().filter(convicts).chain(all().filter(|at| !convicts(at)));
        in_order.filter(|&count| self.in_doubt(fact, count)).collect()
    }

    /// What is decided now.
    pub(super) fn base(&self, determination: &Determination<'_>) -> Effect {
        self.effect(Some(*determination.decision()))
    }

    /// Whether the fact of a count is not wholly known.
    fn in_doubt(&self, fact: EvidenceFact, at: u32) -> bool {
        let prepared = self.prepared;
        let count = &self.base.counts[at as usize];
        let ready = &prepared.ready[at as usize];
        match fact {
            EvidenceFact::ConvictionDate => ready.date.value.known().is_none(),
            EvidenceFact::Sentence => {
                !count.convicted.value.is_no() && ready.completed.value.known().is_none()
            }
            EvidenceFact::OffenceDate => {
                let date = prepared.offence_date(at);
                date.value.known().is_none() || date.gap.is_some()
            }
            EvidenceFact::Level => count.level.value.is_none(),
            EvidenceFact::Section => self.worker.section_in_doubt(prepared, self.policy, at),
            EvidenceFact::County => !ready.county_readable,
            EvidenceFact::Disposition => count.convicted.value.is_unknown() || count.relief_unclear,
            EvidenceFact::RegistrationDate => self.base.registrations.iter().any(|registration| {
                count.rows.contains(&registration.row.0) && registration.date.value.known().is_none()
            }),
            EvidenceFact::Found(kind) => {
                !count.convicted.value.is_no() && self.base.finding(CountIx(at), kind).value.known().is_none()
            }
            EvidenceFact::BirthDate | EvidenceFact::Death => true,
        }
    }

    /// What one answer would do to the decision on a count.
    pub(super) fn answer(&mut self, says: Stated, decided: u32) -> (Stated, Effect) {
        let found = self.decide(says.clone());
        (says, self.reading(&found, decided).effect)
    }

    /// What an answer between two values would do; the values are remembered.
    pub(super) fn read(&mut self, between: (i32, i32), says: Stated, decided: u32) -> Reading {
        if !self.tried.contains_key(&between) {
            let found = self.decide(says);
            self.tried.insert(between, found);
        }
        let found = self.tried.get(&between).map_or(&[][..], Vec::as_slice);
        self.reading(found, decided)
    }

    /// What would be decided on one count if another were no conviction.
    pub(super) fn without(&mut self, count: u32, decided: u32) -> Effect {
        self.reset();
        self.person.counts[count as usize].convicted.value = Truth::No;
        let found = self.evaluate(false);
        self.person.counts[count as usize].convicted = self.base.counts[count as usize].convicted;
        self.reading(&found, decided).effect
    }

    fn reading(&self, found: &[Tried], decided: u32) -> Reading {
        let at = self.decided.binary_search(&decided).ok();
        let (decision, contradicts) = at.and_then(|at| found.get(at)).copied().unwrap_or((None, true));
        let effect = self.effect(decision);
        let effect =
            if contradicts && matches!(effect, Effect::Open(_)) { Effect::Contradicts } else { effect };
        // A span that contradicts the record does so with each of its values.
        let settled = effect == Effect::Contradicts
            || decision.is_none_or(|decision| {
                !decision.missing.has(self.missing) && !decision.harmless.has(self.missing)
            });
        // A rule that the document tells how to take while it is unknown is in none of the two.
        let assumed = decision.map(|decision| decision.assumed).unwrap_or_default();
        // For a span the fact is missing that is known for each of its values: which rules hold, which are open and what
        // else is missing tell whether the two decide alike.
        let this = MissingSet::of(self.missing);
        let decision = decision.map(|decision| Decision {
            missing: decision.missing.without(this),
            harmless: decision.harmless.without(this),
            ..decision
        });
        Reading { decision, effect, settled, assumed }
    }

    fn effect(&self, decision: Option<Decision>) -> Effect {
        match decision {
            None => Effect::Nothing,
            Some(decision) => match decision.deciding {
                Some(rule) => Effect::Decided(self.same.get(rule.at()).copied().unwrap_or(rule)),
                None => Effect::Open(decision.missing),
            },
        }
    }

    /// Takes the answer as evidence, and decides.
    fn decide(&mut self, says: Stated) -> Vec<Tried> {
        self.reset();
        let of_person = self.fact.is_of_person();
        let told = Testimony {
            fact: self.fact,
            count: (!of_person).then(|| self.base.counts[self.count as usize].order),
            says,
            corrects: false,
            row: Row { file: FileIx(u32::MAX), line: 0, offset: 0, bytes: 0 },
        };
        let verdict = self.worker.take(&mut self.person, &mut self.known, std::slice::from_ref(&told));
        let refused = !matches!(verdict.first(), Some(Ok(taken)) if *taken != Taken::Conflict);
        self.evaluate(refused)
    }

    fn evaluate(&mut self, refused: bool) -> Vec<Tried> {
        let prepared = self.worker.prepare_like(self.prepared, &self.person);
        let in_conflict = |gap| matches!(gap, Some(Gap::Conflict | Gap::Impossible));
        let contradicts = refused
            || match self.fact {
                EvidenceFact::ConvictionDate => in_conflict(prepared.ready[self.count as usize].date.gap),
                EvidenceFact::BirthDate => in_conflict(prepared.birth.gap),
                EvidenceFact::Death => prepared.deceased.value.is_unknown(),
                _ => false,
            };
        let convicts = |count: &&u32| !self.person.counts[**count as usize].convicted.value.is_no();
        let counts: Vec<u32> = self.decided.iter().filter(convicts).copied().collect();
        self.effort += self.base.counts.len() * (1 + counts.len());
        let mut found: Vec<(u32, Decision)> = Vec::with_capacity(counts.len());
        self.worker.determine_of(&prepared, self.policy, prepared.as_of, &counts, |one| {
            found.push((one.count, *one.decision()));
        });
        self.worker.done_with(prepared);
        // Both are in the order of the counts.
        let mut found = found.into_iter().peekable();
        self.decided
            .iter()
            .map(|count| {
                (found.next_if(|(found, _)| found == count).map(|(_, decision)| decision), contradicts)
            })
            .collect()
    }

    /// The record as it is, without the last answer.
    fn reset(&mut self) {
        let (person, base, at) = (&mut self.person, self.base, self.count as usize);
        person.birth = base.birth;
        person.deceased = base.deceased;
        person.died = base.died;
        person.rows.truncate(base.rows.len());
        person.offences_found.truncate(base.offences_found.len());
        person.offence_dates.truncate(base.offence_dates.len());
        person.unrelieved.truncate(base.unrelieved.len());
        if person.findings != base.findings {
            person.findings.clone_from(&base.findings);
        }
        for (mine, recorded) in person.registrations.iter_mut().zip(&base.registrations) {
            mine.date = recorded.date;
        }
        if let (Some(mine), Some(recorded)) = (person.counts.get_mut(at), base.counts.get(at)) {
            mine.level = recorded.level;
            mine.date = recorded.date;
            mine.completed = recorded.completed;
            mine.convicted = recorded.convicted;
            mine.relief_unclear = recorded.relief_unclear;
        }
        self.known.undo(&self.before, Some(at));
    }
}
