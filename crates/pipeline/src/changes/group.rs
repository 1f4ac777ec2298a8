//! One person in both runs: which counts are decided otherwise, and what has changed about the person.

use super::gather::{LineMark, PersonMark};
use super::{Change, Compared, PeopleChanged};
use crate::error::RunError;
use crate::index::{Marks, Reader};
use rustc_hash::FxHashSet;
use std::path::Path;
use vacatur_ingest::rows::Block;
use vacatur_ingest::sorter::{Cursor, Fixed, Sorter};
use vacatur_ingest::survey::Run;
use vacatur_policy::OutcomeKind;
use vacatur_records::{Column, CountOrder};

/// Why a count may be decided otherwise; several of them together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Why(pub(super) u16);

impl Why {
    pub(super) const NOBODY: Self = Self(1);
    pub(super) const NO_COUNT: Self = Self(2);
    pub(super) const NEW_PERSON: Self = Self(4);
    pub(super) const ROWS: Self = Self(8);
    pub(super) const EVIDENCE: Self = Self(16);
    pub(super) const UNREAD: Self = Self(32);
    pub(super) const NO_LONGER_UNREAD: Self = Self(64);
    pub(super) const UNKNOWN: Self = Self(128);
    pub(super) const SETTINGS: Self = Self(256);
    pub(super) const SAME_CII: Self = Self(512);

    /// Each with its words, which go after "because"; the settings are said in words of their own.
    pub(super) const WORDS: [(Self, &'static str); 9] = [
        (Self::NOBODY, "nobody with this number is in this delivery"),
        (Self::SAME_CII, "somebody with the same CII number is"),
        (Self::NO_COUNT, "the count is not in this delivery"),
        (Self::NEW_PERSON, "nobody with this number was in the delivery before"),
        (Self::ROWS, "the person's rows changed"),
        (Self::EVIDENCE, "the evidence about the person changed"),
        (Self::UNREAD, "more lines that may be theirs cannot be read"),
        (Self::NO_LONGER_UNREAD, "fewer lines that may be theirs cannot be read"),
        (Self::UNKNOWN, "the run before does not tell what changed about the person"),
    ];

    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    fn when(holds: bool, why: Self) -> Self {
        if holds { why } else { Self::default() }
    }
}

/// What one of the runs says of a count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    /// A line of its table.
    Line { at: u64, bytes: u32 },
    /// The count was there, and the policy did not decide it.
    OutOfScope,
    /// Nothing.
    Nothing,
}

impl Side {
    fn of(line: &LineMark) -> Self {
        Self::Line { at: line.at, bytes: line.bytes }
    }

    fn numbers(self) -> (u64, u32) {
        match self {
            Self::Line { at, bytes } => (at, bytes),
            Self::OutOfScope => (1, 0),
            Self::Nothing => (0, 0),
        }
    }

    fn again(at: u64, bytes: u32) -> Self {
        match (at, bytes) {
            (0, 0) => Self::Nothing,
            (_, 0) => Self::OutOfScope,
            (at, bytes) => Self::Line { at, bytes },
        }
    }
}

/// A line of `changes.csv`, by the lines that it is made of. Ordered by the change, then as the counts stand in this run;
/// those that are only in the run before come last, as they stand there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Pair {
    pub(super) change: Change,
    pub(super) now: Side,
    pub(super) before: Side,
    pub(super) why: Why,
}

impl Fixed for Pair {
    const BYTES: usize = 28;

    fn put(&self, into: &mut [u8]) {
        let mut into = Cursor::new(into);
        for side in [self.now, self.before] {
            let (at, bytes) = side.numbers();
            into.u64(at).u32(bytes);
        }
        into.u16(self.change as u16).u16(self.why.0);
    }

    fn get(from: &[u8]) -> Self {
        let mut from = Cursor::new(from);
        let now = Side::again(from.u64(), from.u32());
        let before = Side::again(from.u64(), from.u32());
        let change = Change::ALL.get(usize::from(from.u16())).copied().unwrap_or(Change::New);
        Self { change, now, before, why: Why(from.u16()) }
    }
}

/// What there is to compare with, for one person after another.
pub(super) struct Groups<'g> {
    compared: &'g Compared<'g>,
    index: &'g Reader,
    pairs: &'g mut Sorter<Pair>,
    scratch: &'g Path,
    block: Block,
    settings: Why,
    pub(super) people: PeopleChanged,
}

impl<'g> Groups<'g> {
    pub(super) fn new(
        compared: &'g Compared<'g>,
        index: &'g Reader,
        pairs: &'g mut Sorter<Pair>,
        scratch: &'g Path,
    ) -> Self {
        let settings = Why::when(compared.since.decisive().next().is_some(), Why::SETTINGS);
        let people = PeopleChanged { new: Some(0), gone: Some(0), changed: Some(0), ..Default::default() };
        Self { compared, index, pairs, scratch, block: Block::new(compared.layout), settings, people }
    }

    /// Compares what both runs have of somebody.
    pub(super) fn group(&mut self, people: &[PersonMark], lines: &[LineMark]) -> Result<(), RunError> {
        let marks = |now: bool| -> Vec<Marks> {
            people.iter().filter(|person| person.now == now).map(|person| person.marks).collect()
        };
        let (before, now) = (marks(false), marks(true));
        let add = |number: &mut Option<u64>, more: usize| *number = number.map(|so_far| so_far + more as u64);
        match (before.is_empty(), now.is_empty()) {
            (true, _) => add(&mut self.people.new, now.len()),
            (_, true) => add(&mut self.people.gone, before.len()),
            _ => add(&mut self.people.changed, if before == now { 0 } else { now.len() }),
        }
        let about = self.about(&before, &now);
        let mut there: Option<FxHashSet<u64>> = None;
        for count in lines.chunk_by(|one, next| one.count == next.count) {
            let of = |now: bool| -> Vec<&LineMark> { count.iter().filter(|line| line.now == now).collect() };
            let (mut olds, mut news) = (of(false), of(true));
            // Several only where several people cannot be told apart: those that say the same belong together.
            olds.retain(|old| match news.iter().position(|new| new.says == old.says) {
                Some(same) => {
                    news.remove(same);
                    false
                }
                None => true,
            });
            for at in 0..olds.len().max(news.len()) {
                let (old, new) = (olds.get(at).copied(), news.get(at).copied());
                let only_before = new.is_none() && !now.is_empty();
                if only_before && about.has(Why::ROWS.and(Why::UNKNOWN)) && there.is_none() {
                    there = Some(self.counts_there(people)?);
                }
                // Where the rows are the same, every count is in both deliveries.
                let still =
                    there.as_ref().is_none_or(|there| old.is_some_and(|old| there.contains(&old.count)));
                let pair = self.pair(old, new, about, (before.is_empty(), now.is_empty(), still))?;
                self.pairs.push(pair).map_err(RunError::write(self.scratch, "sorting"))?;
            }
        }
        Ok(())
    }

    /// What has changed about somebody, and with the settings.
    fn about(&self, before: &[Marks], now: &[Marks]) -> Why {
        if self.compared.since.index.is_none() {
            return Why::UNKNOWN.and(self.settings);
        }
        let each = |all: &[Marks], of: fn(&Marks) -> u64| {
            let mut each: Vec<u64> = all.iter().map(of).collect();
            each.sort_unstable();
            each
        };
        let differs = |of: fn(&Marks) -> u64| each(before, of) != each(now, of);
        let unread = |all: &[Marks]| all.iter().map(|one| u64::from(one.context)).sum::<u64>();
        let rows = differs(|one| one.rows);
        Why::when(rows, Why::ROWS)
            .and(Why::when(differs(|one| one.evidence), Why::EVIDENCE))
            .and(Why::when(unread(now) > unread(before), Why::UNREAD))
            .and(Why::when(unread(now) < unread(before), Why::NO_LONGER_UNREAD))
            .and(self.settings)
    }

    /// The line for a count that the two runs do not decide alike.
    fn pair(
        &self,
        old: Option<&LineMark>,
        new: Option<&LineMark>,
        about: Why,
        (new_person, nobody, still): (bool, bool, bool),
    ) -> Result<Pair, RunError> {
        let grant =
            |line: Option<&LineMark>| line.and_then(LineMark::outcome).is_some_and(OutcomeKind::is_grant);
        let (had, has) = (grant(old), grant(new));
        let known = !about.has(Why::UNKNOWN);
        let (mut before, mut now) =
            (old.map_or(Side::Nothing, Side::of), new.map_or(Side::Nothing, Side::of));
        let mut why = about;
        if new.is_none() {
            match (nobody, still) {
                (true, _) => why = Why::NOBODY,
                (false, false) => why = Why::NO_COUNT,
                (false, true) => now = Side::OutOfScope,
            }
        } else if old.is_none() && known {
            if new_person {
                why = Why::NEW_PERSON;
            } else if !about.has(Why::ROWS) {
                before = Side::OutOfScope;
            }
        }
        if why == Why::default() {
            return Err(RunError::Stopped {
                what: "a conviction is decided otherwise than in the run before though nothing has changed"
                    .into(),
            });
        }
        let recorded = new.and_then(LineMark::outcome) == Some(OutcomeKind::AlreadyRelieved);
        let change = match (had, has) {
            (true, false) if now == Side::Nothing => Change::GoneWithGrant,
            (true, false) if recorded => Change::ReliefRecorded,
            (true, false) => Change::NoLongerEligible,
            (false, true) => Change::NewlyEligible,
            (true, true) if old.map(|line| line.relief) != new.map(|line| line.relief) => Change::OtherRelief,
            (false, false) if now == Side::Nothing => Change::Gone,
            (false, false) if before == Side::Nothing => Change::New,
            _ => Change::Changed,
        };
        Ok(Pair { change, now, before, why })
    }

    /// The counts in somebody's rows of this delivery, whether they are decided or not.
    fn counts_there(&mut self, people: &[PersonMark]) -> Result<FxHashSet<u64>, RunError> {
        let mut there = FxHashSet::default();
        let column = self.compared.columns.number(Column::CountOrder);
        for person in people.iter().filter(|person| person.now) {
            let stretches = self.index.stretches_of(person.number)?;
            let runs: Vec<Run> = stretches.iter().filter(|stretch| stretch.rows > 0).map(Run::from).collect();
            self.block.load(self.compared.sources, &runs)?;
            for row in self.block.rows() {
                let order = column.map(|column| CountOrder::parse(row.field(column)));
                there.extend(order.and_then(Result::ok).map(CountOrder::whole_count));
            }
        }
        Ok(there)
    }
}
