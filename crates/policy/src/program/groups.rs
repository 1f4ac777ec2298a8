//! Many members, looked at together.
//!
//! Whether a conviction was "before the one decided, of the same section" is asked of each two of a person's convictions:
//! of ten thousand that is a hundred million times. Where the question is made of days and of what groups the members,
//! such as their case, those that can only be answered alike are one *class*, and the classes of a group stand in the
//! order of their days. So only those between two places are asked, and often the first of them settles it.

use super::Run;
use super::members::{Entry, Filled, Met};
use super::node::{Quantifier, Ref, Shape};
use crate::answer::known;
use crate::evaluate::{Kin, Of, Record};
use crate::expression::Compare;
use crate::{FactIx, MissingSet};
use rustc_hash::FxHashMap;
use std::ops::Range;
use vacatur_records::{Date, DateSpan, Truth};

/// How a member stands to others, by each of two facts.
type Key = [(bool, u32); 2];

/// The members of a list, as one quantifier asks for them.
#[derive(Debug, Default)]
pub(super) struct Groups {
    /// The members, those of a class together.
    members: Vec<u32>,
    classes: Vec<Class>,
    /// Members of which nothing is known beforehand, as entries of the list.
    alone: Vec<Entry>,
    groups: Vec<Group>,
    /// The groups by their keys, if every key says for sure whom a member stands with.
    by_key: Option<FxHashMap<(Key, bool), u32>>,
}

/// Members that stand alike to every count, but for their days.
#[derive(Debug)]
struct Group {
    key: Key,
    /// Whether it is of members whose day may be any later one. They would hide among the others which of those are too
    /// early.
    open: bool,
    /// One of them.
    member: u32,
    classes: Range<u32>,
}

/// Members of a group that are alike in their day, too, and in all that is settled of them.
struct Class {
    entry: Entry,
    day: DateSpan,
    unknown: MissingSet,
    /// The latest day of this class and those before it in the group.
    latest: Date,
    members: Range<u32>,
}

vacatur_records::silent_debug!(Class);

/// What the decided count brings to a question.
struct Asked {
    of: Of,
    /// What is asked of it alone.
    own: (Truth, MissingSet),
    days: Vec<(Compare, DateSpan, MissingSet)>,
    other: bool,
}

/// A member on the way into its class.
struct Placed {
    key: Key,
    day: DateSpan,
    unknown: MissingSet,
    entry: Entry,
}

impl Placed {
    /// What members of a class have in common, in an order in which the days of a group go up.
    fn sorts_by(&self) -> ((Key, bool), Date, Date, [u32; 3], [Truth; 2], u32) {
        let (one, group) = (&self.entry, (self.key, self.open()));
        let missing = [self.unknown.bits(), one.missing.bits(), one.doubt.bits()];
        (group, self.day.earliest(), self.day.latest(), missing, [one.settled, one.belongs], one.member)
    }

    fn open(&self) -> bool {
        self.day.latest() == Date::MAX
    }

    fn alike(&self, other: &Self) -> bool {
        let (one, two) = (self.sorts_by(), other.sorts_by());
        (one.0, one.1, one.2, one.3, one.4) == (two.0, two.1, two.2, two.3, two.4)
    }
}

impl<R: Record> Run<'_, R> {
    /// Tells `each` of the members that meet the condition or may meet it, many at once, until it has heard enough. False
    /// if these members have to be asked one by one.
    pub(super) fn meeting_together(
        &mut self,
        members: u32,
        filled: Filled,
        of: Of,
        each: &mut dyn FnMut(&mut Self, Met<'_>) -> bool,
    ) -> bool {
        let program = self.program;
        let quantifier = &program.quantifiers[members as usize];
        let Some(shape) = &quantifier.shape else { return false };
        let itself = |fact: FactIx| self.record.kin(fact, of.decided) == Kin::Itself;
        if !shape.other.is_none_or(itself) {
            return false;
        }
        let Some(key) = self.key(shape, of.decided) else { return false };
        let groups = match self.memory.groups[members as usize].take() {
            Some(groups) => groups,
            None => self.gather(shape, filled),
        };
        self.among(quantifier, &groups, key, of, each);
        self.memory.groups[members as usize] = Some(groups);
        true
    }

    /// How a count stands to others; nothing if that is not known beforehand.
    fn key(&self, shape: &Shape, count: u32) -> Option<Key> {
        let mut key = [(true, 0); 2];
        for (place, &fact) in key.iter_mut().zip(&shape.flags) {
            *place = match self.record.kin(fact, count) {
                Kin::Group(number) => (true, number),
                Kin::Kind(number) => (false, number),
                Kin::Itself | Kin::Alone => return None,
            };
        }
        Some(key)
    }

    fn gather(&mut self, shape: &Shape, filled: Filled) -> Groups {
        let mut placed = Vec::with_capacity((filled.end - filled.start) as usize);
        let mut groups = Groups::default();
        for at in filled.start..filled.end {
            let entry = self.memory.entries[at as usize];
            let Some(key) = self.key(shape, entry.member) else {
                groups.alone.push(entry);
                continue;
            };
            let (day, unknown) = match shape.day {
                Some(day) => self.date(day, Of { decided: u32::MAX, subject: entry.member }),
                None => (DateSpan::UNKNOWN, MissingSet::NONE),
            };
            placed.push(Placed { key, day, unknown, entry });
        }
        placed.sort_unstable_by_key(Placed::sorts_by);
        groups.members = placed.iter().map(|one| one.entry.member).collect();
        let mut end = 0;
        for class in placed.chunk_by(Placed::alike) {
            let Some(first) = class.first() else { continue };
            let (start, at) = (end, groups.classes.len() as u32);
            end += class.len() as u32;
            let mut latest = first.day.latest();
            let same = |group: &&mut Group| (group.key, group.open) == (first.key, first.open());
            match groups.groups.last_mut().filter(same) {
                Some(group) => {
                    group.classes.end = at + 1;
                    latest = groups.classes.last().map_or(latest, |before| before.latest.max(latest));
                }
                None => {
                    let (key, open, member) = (first.key, first.open(), first.entry.member);
                    groups.groups.push(Group { key, open, member, classes: at..at + 1 });
                }
            }
            groups.classes.push(Class {
                entry: first.entry,
                day: first.day,
                unknown: first.unknown,
                latest,
                members: start..end,
            });
        }
        if groups.groups.iter().all(|group| group.key.iter().all(|(sure, _)| *sure)) {
            let numbered = groups.groups.iter().zip(0..);
            let by_key = numbered.map(|(group, at)| ((group.key, group.open), at));
            groups.by_key = Some(by_key.collect());
        }
        groups
    }

    fn among(
        &mut self,
        quantifier: &Quantifier,
        groups: &Groups,
        key: Key,
        of: Of,
        each: &mut dyn FnMut(&mut Self, Met<'_>) -> bool,
    ) {
        let Some(shape) = &quantifier.shape else { return };
        let mut own = known(Truth::Yes);
        for &part in &shape.own {
            let (truth, missing) = self.truth(part, of);
            own = (own.0.and(truth), own.1.and(missing));
        }
        if own.0.is_no() {
            return;
        }
        let days = shape.days.iter().map(|&(how, day)| {
            let (day, unknown) = self.date(day, of);
            (how, day, unknown)
        });
        let days = days.collect();
        let asked = Asked { of, own, days, other: shape.other.is_some() };
        let sure = key.iter().all(|(sure, _)| *sure);
        match &groups.by_key {
            Some(by_key) if sure => {
                for open in [false, true] {
                    let group = by_key.get(&(key, open)).and_then(|&at| groups.groups.get(at as usize));
                    if let Some(group) = group
                        && self.in_group(groups, group, known(Truth::Yes), &asked, each)
                    {
                        return;
                    }
                }
            }
            _ => {
                for group in &groups.groups {
                    let stands = self.stands(shape, group, key, of);
                    if !stands.0.is_no() && self.in_group(groups, group, stands, &asked, each) {
                        return;
                    }
                }
            }
        }
        for &entry in &groups.alone {
            if self.one_by_one(quantifier.rest, entry, of, each) {
                return;
            }
        }
    }

    /// Whether the members of a group stand to the decided count as is asked.
    fn stands(&self, shape: &Shape, group: &Group, key: Key, of: Of) -> (Truth, MissingSet) {
        let mut answer = known(Truth::Yes);
        for ((&fact, its), own) in shape.flags.iter().zip(group.key).zip(key) {
            let truth = match (its, own) {
                ((true, its), (true, own)) => Truth::of(its == own),
                _ => self.record.flag(fact, Of { decided: of.decided, subject: group.member }),
            };
            let missing = match truth {
                Truth::Unknown => {
                    self.record.missing(fact, Of { decided: of.decided, subject: group.member })
                }
                _ => MissingSet::NONE,
            };
            answer = (answer.0.and(truth), answer.1.and(missing));
        }
        answer
    }

    /// Tells of the members of a group; whether enough was heard.
    fn in_group(
        &mut self,
        groups: &Groups,
        group: &Group,
        stands: (Truth, MissingSet),
        asked: &Asked,
        each: &mut dyn FnMut(&mut Self, Met<'_>) -> bool,
    ) -> bool {
        let classes = groups.classes.get(group.classes.start as usize..group.classes.end as usize);
        for class in between(classes.unwrap_or_default(), &asked.days) {
            let mut rest = (asked.own.0.and(stands.0), asked.own.1.and(stands.1));
            for &(how, day, unknown) in &asked.days {
                let truth = how.of_days(class.day, day);
                rest.0 = rest.0.and(truth);
                if truth.is_unknown() {
                    rest.1 = rest.1.and(class.unknown).and(unknown);
                }
            }
            let one = class.entry;
            let truth = rest.0.and(one.settled);
            if truth.and(one.belongs).is_no() {
                continue;
            }
            let missing = if truth.is_yes() { MissingSet::NONE } else { one.missing.and(rest.1) };
            let members = groups.members.get(class.members.start as usize..class.members.end as usize);
            let members = members.unwrap_or_default();
            let except = asked.of.decided;
            let except = (asked.other && members.binary_search(&except).is_ok()).then_some(except);
            let met = Met { members, except, truth: truth.and(one.belongs), missing: missing.and(one.doubt) };
            if met.how_many() > 0 && each(self, met) {
                return true;
            }
        }
        false
    }

    /// Tells of one member; whether enough was heard.
    pub(super) fn one_by_one(
        &mut self,
        rest: Option<Ref>,
        entry: Entry,
        of: Of,
        each: &mut dyn FnMut(&mut Self, Met<'_>) -> bool,
    ) -> bool {
        let (truth, missing) = self.member(rest, entry, of);
        match truth.and(entry.belongs) {
            Truth::No => false,
            truth => {
                let missing = missing.and(entry.doubt);
                each(self, Met { members: &[entry.member], except: None, truth, missing })
            }
        }
    }
}

/// The classes of a group without those at its ends whose days surely do not compare as is asked.
fn between<'c>(classes: &'c [Class], days: &[(Compare, DateSpan, MissingSet)]) -> &'c [Class] {
    let (mut start, mut end) = (0, classes.len());
    for &(how, day, _) in days {
        let (from, until) = match how {
            Compare::Less => (0, classes.partition_point(|class| class.day.earliest() < day.latest())),
            Compare::AtMost => (0, classes.partition_point(|class| class.day.earliest() <= day.latest())),
            Compare::More => (classes.partition_point(|class| class.latest <= day.earliest()), classes.len()),
            Compare::AtLeast => {
                (classes.partition_point(|class| class.latest < day.earliest()), classes.len())
            }
            Compare::Equal => (
                classes.partition_point(|class| class.latest < day.earliest()),
                classes.partition_point(|class| class.day.earliest() <= day.latest()),
            ),
            Compare::NotEqual => (0, classes.len()),
        };
        (start, end) = (start.max(from), end.min(until));
    }
    classes.get(start..end).unwrap_or_default()
}
