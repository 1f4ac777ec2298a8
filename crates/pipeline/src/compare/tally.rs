//! What a thread counts while it compares: by numbers that stand for texts, so that one more policy costs a few additions
//! for each conviction. Tallies of threads add up to the same whole in any order.

use super::groups::Dimension;
use super::public::Helped;
use crate::table::Cells;
use rustc_hash::FxHashMap;
use vacatur_policy::{Missing, MissingSet, OutcomeKind, RuleIx};

/// How many different rows of answers are kept before they are counted pair by pair.
const PATTERNS: usize = 8_192;

/// The number of outcomes.
pub(super) const OUTCOMES: usize = OutcomeKind::ALL.len();

/// The place of an outcome among all.
pub(super) fn place(outcome: OutcomeKind) -> usize {
    OutcomeKind::ALL.iter().position(|kind| *kind == outcome).unwrap_or_default()
}

/// Texts and the numbers that stand for them here.
#[derive(Default)]
pub(super) struct Names {
    ids: FxHashMap<Box<str>, u32>,
    texts: Vec<Box<str>>,
}

impl Names {
    pub(super) fn id(&mut self, text: &str) -> u32 {
        if let Some(id) = self.ids.get(text) {
            return *id;
        }
        let id = self.texts.len() as u32;
        self.texts.push(text.into());
        self.ids.insert(text.into(), id);
        id
    }

    pub(super) fn text(&self, id: u32) -> &str {
        self.texts.get(id as usize).map_or("", |text| text)
    }
}

/// What a candidate says of a count: nothing, or an outcome with its reason.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Answer {
    /// The place of the outcome in [`OutcomeKind::ALL`]; `None` out of scope.
    pub(super) outcome: Option<u8>,
    pub(super) reason: Box<str>,
}

impl Answer {
    /// The outcome's word.
    pub(super) fn word(&self) -> &'static str {
        let kind = self.outcome.and_then(|at| OutcomeKind::ALL.get(usize::from(at)));
        kind.map_or(crate::batch::OUT_OF_SCOPE, |kind| kind.word())
    }
}

/// Answers by number. The number 0 is that of a count out of scope.
pub(super) struct Answers {
    ids: FxHashMap<Answer, u32>,
    all: Vec<Answer>,
    /// The number of the answer by what it is made of.
    known: FxHashMap<Made, u32>,
}

/// What an answer's words are made of: candidate, deciding rule, outcome, what is missing, section.
pub(super) type Made = (u16, Option<RuleIx>, OutcomeKind, MissingSet, u32);

/// The answer of a count out of scope.
pub(super) const NONE: u32 = 0;

impl Default for Answers {
    fn default() -> Self {
        let none = Answer { outcome: None, reason: "".into() };
        Self {
            ids: FxHashMap::from_iter([(none.clone(), NONE)]),
            all: vec![none],
            known: FxHashMap::default(),
        }
    }
}

impl Answers {
    /// The number of the answer made of `made`; `reason` is only asked for the first time.
    pub(super) fn id(&mut self, made: Made, reason: impl FnOnce() -> Box<str>) -> u32 {
        if let Some(id) = self.known.get(&made) {
            return *id;
        }
        let id = self.add(Answer { outcome: Some(place(made.2) as u8), reason: reason() });
        self.known.insert(made, id);
        id
    }

    fn add(&mut self, answer: Answer) -> u32 {
        if let Some(id) = self.ids.get(&answer) {
            return *id;
        }
        let id = self.all.len() as u32;
        self.all.push(answer.clone());
        self.ids.insert(answer, id);
        id
    }

    pub(super) fn get(&self, id: u32) -> Option<&Answer> {
        self.all.get(id as usize)
    }

    /// The place of the outcome of an answer; `None` out of scope.
    pub(super) fn outcome(&self, id: u32) -> Option<u8> {
        self.get(id).and_then(|answer| answer.outcome)
    }
}

/// People of a group whom a candidate does something for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct PeopleOf {
    /// With a conviction in scope.
    pub(super) in_scope: u64,
    /// With relief from at least one.
    pub(super) helped: u64,
    /// With at least one review.
    pub(super) review: u64,
    /// With a felony before and surely none after.
    pub(super) felony_free: u64,
    /// Helped, and it cannot be told whether a felony is left.
    pub(super) felony_unclear: u64,
    /// With a conviction before and surely none after.
    pub(super) record_free: u64,
    /// Helped, and it cannot be told whether a conviction is left.
    pub(super) record_unclear: u64,
    /// With a conviction in the last seven years before and surely none after.
    pub(super) recent_free: u64,
}

impl PeopleOf {
    pub(super) fn add(&mut self, other: Self) {
        self.in_scope += other.in_scope;
        self.helped += other.helped;
        self.review += other.review;
        self.felony_free += other.felony_free;
        self.felony_unclear += other.felony_unclear;
        self.record_free += other.record_free;
        self.record_unclear += other.record_unclear;
        self.recent_free += other.recent_free;
    }
}

/// A dimension's groups, with what each candidate does in each.
#[derive(Default)]
pub(super) struct Table {
    pub(super) names: Names,
    /// People in the file by group.
    pub(super) in_file: Vec<u64>,
    /// People with a conviction in the scope of at least one candidate, by group.
    pub(super) concerned: Vec<u64>,
    /// Convictions by outcome: of group `g` and candidate `c` at `g * candidates + c`.
    pub(super) convictions: Vec<[u64; OUTCOMES]>,
    /// People likewise.
    pub(super) people: Vec<PeopleOf>,
}

impl Table {
    /// The number of a group; there is room for it afterwards.
    pub(super) fn group(&mut self, name: &str, candidates: usize) -> usize {
        let id = self.names.id(name) as usize;
        if self.in_file.len() <= id {
            self.in_file.resize(id + 1, 0);
            self.concerned.resize(id + 1, 0);
            self.convictions.resize((id + 1) * candidates, [0; OUTCOMES]);
            self.people.resize((id + 1) * candidates, PeopleOf::default());
        }
        id
    }

    fn add(&mut self, other: Self, candidates: usize) {
        for (at, name) in other.names.texts.iter().enumerate() {
            let id = self.group(name, candidates);
            for (own, others) in
                [(&mut self.in_file, &other.in_file), (&mut self.concerned, &other.concerned)]
            {
                if let (Some(own), Some(more)) = (own.get_mut(id), others.get(at)) {
                    *own += more;
                }
            }
            for candidate in 0..candidates {
                let (to, from) = (id * candidates + candidate, at * candidates + candidate);
                if let (Some(own), Some(more)) = (self.convictions.get_mut(to), other.convictions.get(from)) {
                    own.iter_mut().zip(more).for_each(|(own, more)| *own += more);
                }
                if let (Some(own), Some(more)) = (self.people.get_mut(to), other.people.get(from)) {
                    own.add(*more);
                }
            }
        }
    }
}

/// How many people have one conviction relieved, two, three, four, five or more.
pub(super) type Relieved = [u64; 5];

/// A row of answers, one for each candidate, and how often it came.
#[derive(Default)]
pub(super) struct Pattern {
    pub(super) convictions: u64,
    /// The row's cells in `differences`, made when they are first asked for.
    pub(super) cells: Option<Cells>,
}

/// Two candidates with two different outcomes: their numbers, and their answers'.
pub(super) type Differing = (u16, u16, u32, u32);

/// All that is counted.
pub(crate) struct Tally {
    candidates: usize,
    pub(super) people: u64,
    pub(super) convictions_on_record: u64,
    pub(super) rows_used: u64,
    pub(super) duplicates: u64,
    pub(super) unnamed: u64,
    pub(super) differing: u64,
    pub(super) sections: Names,
    pub(super) answers: Answers,
    pub(super) tables: [Table; Dimension::ALL.len()],
    pub(super) relieved: Vec<Relieved>,
    pub(super) missing: FxHashMap<(u16, MissingSet), u64>,
    pub(super) patterns: FxHashMap<Box<[u32]>, Pattern>,
    pub(super) pairs: FxHashMap<Differing, u64>,
    /// People by whom they are helped, for the public table: by dimension and group.
    pub(super) helped: FxHashMap<(u8, u32, Helped), u64>,
    /// Counts of each county as recorded where the setting lists it, to notice a county that is in no row.
    pub(super) counties: FxHashMap<Box<str>, u64>,
    /// Counts that name no county.
    pub(super) without_county: u64,
}

impl Tally {
    pub(super) fn new(candidates: usize) -> Self {
        Self {
            candidates,
            people: 0,
            convictions_on_record: 0,
            rows_used: 0,
            duplicates: 0,
            unnamed: 0,
            differing: 0,
            sections: Names::default(),
            answers: Answers::default(),
            tables: Default::default(),
            relieved: vec![[0; 5]; candidates],
            missing: FxHashMap::default(),
            patterns: FxHashMap::default(),
            pairs: FxHashMap::default(),
            helped: FxHashMap::default(),
            counties: FxHashMap::default(),
            without_county: 0,
        }
    }

    /// A row of answers, one for each candidate.
    pub(super) fn pattern(&mut self, answers: &[u32]) -> &mut Pattern {
        if !self.patterns.contains_key(answers) {
            if self.patterns.len() >= PATTERNS {
                self.settle();
            }
            self.patterns.insert(answers.into(), Pattern::default());
        }
        // It is there: it was looked for, and put there if it was not.
        self.patterns.entry(answers.into()).or_default()
    }

    /// Counts what differs in the rows of answers, pair by pair, and forgets them.
    pub(super) fn settle(&mut self) {
        let patterns = std::mem::take(&mut self.patterns);
        let mut outcomes: Vec<Option<u8>> = Vec::with_capacity(self.candidates);
        for (answers, pattern) in patterns {
            outcomes.clear();
            outcomes.extend(answers.iter().map(|&id| self.answers.outcome(id)));
            for (one, (answer, outcome)) in answers.iter().zip(&outcomes).enumerate() {
                for (other, (beside, its)) in answers.iter().zip(&outcomes).enumerate().skip(one + 1) {
                    if outcome != its {
                        let differing = (one as u16, other as u16, *answer, *beside);
                        *self.pairs.entry(differing).or_default() += pattern.convictions;
                    }
                }
            }
        }
    }

    /// Adds what another thread counted.
    pub(super) fn add(&mut self, mut other: Self) {
        self.settle();
        other.settle();
        self.people += other.people;
        self.convictions_on_record += other.convictions_on_record;
        self.rows_used += other.rows_used;
        self.duplicates += other.duplicates;
        self.unnamed += other.unnamed;
        self.differing += other.differing;
        let ids: Vec<u32> = other.answers.all.into_iter().map(|answer| self.answers.add(answer)).collect();
        let id = |of: u32| ids.get(of as usize).copied().unwrap_or(NONE);
        for ((one, two, answer, beside), number) in other.pairs {
            *self.pairs.entry((one, two, id(answer), id(beside))).or_default() += number;
        }
        for ((dimension, group, helped), number) in other.helped {
            let at = usize::from(dimension);
            let (Some(own), Some(table)) = (self.tables.get_mut(at), other.tables.get(at)) else { continue };
            let group = own.group(table.names.text(group), self.candidates) as u32;
            *self.helped.entry((dimension, group, helped)).or_default() += number;
        }
        for (own, table) in self.tables.iter_mut().zip(other.tables) {
            own.add(table, self.candidates);
        }
        for (own, more) in self.relieved.iter_mut().flatten().zip(other.relieved.iter().flatten()) {
            *own += more;
        }
        for (key, number) in other.missing {
            *self.missing.entry(key).or_default() += number;
        }
        for (county, number) in other.counties {
            *self.counties.entry(county).or_default() += number;
        }
        self.without_county += other.without_county;
    }

    /// The reviews of a candidate that miss a fact: all of them, and those that miss nothing else.
    pub(super) fn reviews_missing(&self, candidate: u16, missing: Missing) -> (u64, u64) {
        let own = self.missing.iter().filter(|((of, set), _)| *of == candidate && set.has(missing));
        own.fold((0, 0), |(all, alone), ((_, set), number)| {
            (all + number, alone + if set.iter().count() == 1 { *number } else { 0 })
        })
    }
}

vacatur_records::silent_debug!(Answer);
