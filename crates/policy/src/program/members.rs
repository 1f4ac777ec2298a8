//! Conditions on many members of a record.

use super::Run;
use super::node::Ref;
use crate::MissingSet;
use crate::answer::{Answer, known};
use crate::evaluate::{Of, Record};
use crate::expression::Counted;
use crate::quantify::{Extreme, Tally, incomplete};
use vacatur_records::{DateSpan, NumberSpan, Truth};

/// A member that a list lets through.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) member: u32,
    /// What the part about the member alone comes to, and what is missing of it.
    pub(super) settled: Truth,
    pub(super) missing: MissingSet,
    /// Whether it surely belongs to the collection, and what is missing if not.
    pub(super) belongs: Truth,
    pub(super) doubt: MissingSet,
}

/// Members that meet a condition, or of which it is unknown whether they do.
pub(super) struct Met<'m> {
    pub(super) members: &'m [u32],
    /// One of them that does not.
    pub(super) except: Option<u32>,
    pub(super) truth: Truth,
    pub(super) missing: MissingSet,
}

impl Met<'_> {
    pub(super) fn how_many(&self) -> usize {
        self.members.len() - usize::from(self.except.is_some())
    }

    fn all(&self) -> impl Iterator<Item = u32> {
        self.members.iter().copied().filter(|member| Some(*member) != self.except)
    }
}

/// A list that has been drawn up: where it is among all entries.
#[derive(Clone, Copy, Debug)]
pub(super) struct Filled {
    pub(super) start: u32,
    pub(super) end: u32,
    /// Whether something unknown was taken as the document says on the way.
    assumed: bool,
}

impl<'r, R: Record> Run<'r, R> {
    /// Draws up a list, if that has not been done.
    fn list(&mut self, list: u32) -> Filled {
        if let Some(filled) = self.memory.lists[list as usize] {
            self.assumed |= filled.assumed;
            return filled;
        }
        let before = std::mem::replace(&mut self.assumed, false);
        let (program, record) = (self.program, self.record);
        let collected = &program.lists[list as usize];
        // The lists within it are drawn up meanwhile.
        let mut found = self.memory.spare.pop().unwrap_or_default();
        for &member in record.members(collected.of) {
            let (settled, missing) = match collected.settled {
                Some(part) => self.truth(part, Of { decided: u32::MAX, subject: member }),
                None => known(Truth::Yes),
            };
            if Some(settled) != collected.drop {
                let (belongs, doubt) = record.belongs(collected.of, member);
                found.push(Entry { member, settled, missing, belongs, doubt });
            }
        }
        let memory = &mut *self.memory;
        let start = memory.entries.len() as u32;
        memory.entries.append(&mut found);
        memory.spare.push(found);
        let filled = Filled { start, end: memory.entries.len() as u32, assumed: self.assumed };
        memory.lists[list as usize] = Some(filled);
        self.assumed |= before;
        filled
    }

    /// Whether the member makes the whole condition hold, whether or not it belongs.
    pub(super) fn member(&mut self, rest: Option<Ref>, one: Entry, of: Of) -> Answer {
        let rest = match rest {
            Some(part) => self.truth(part, Of { decided: of.decided, subject: one.member }),
            None => known(Truth::Yes),
        };
        match (one.settled, rest.0) {
            (_, Truth::No) | (Truth::No, _) => known(Truth::No),
            (Truth::Yes, Truth::Yes) => known(Truth::Yes),
            _ => (Truth::Unknown, one.missing.and(rest.1)),
        }
    }

    pub(super) fn any(&mut self, members: u32, of: Of) -> Answer {
        let mut answer = known(Truth::No);
        self.meeting(members, of, &mut |_, met| {
            answer = match met.truth {
                Truth::Yes => known(Truth::Yes),
                _ => (Truth::Unknown, answer.1.and(met.missing)),
            };
            met.truth.is_yes()
        });
        incomplete(answer, Truth::No, self.record.gaps())
    }

    pub(super) fn every(&mut self, members: u32, of: Of) -> Answer {
        let quantifier = &self.program.quantifiers[members as usize];
        let filled = self.list(quantifier.list);
        let mut answer = known(Truth::Yes);
        for at in filled.start..filled.end {
            let one = self.memory.entries[at as usize];
            let (truth, missing) = self.member(quantifier.rest, one, of);
            if truth.is_yes() {
                continue;
            }
            match truth.or(!one.belongs) {
                Truth::No => return known(Truth::No),
                Truth::Unknown => answer = (Truth::Unknown, answer.1.and(missing).and(one.doubt)),
                Truth::Yes => {}
            }
        }
        incomplete(answer, Truth::Yes, self.record.gaps())
    }

    /// Tells `each` of every member that meets the condition or may meet it, until it has heard enough.
    fn meeting(&mut self, members: u32, of: Of, each: &mut dyn FnMut(&mut Self, Met<'_>) -> bool) {
        let program = self.program;
        let quantifier = &program.quantifiers[members as usize];
        let drawn_up = self.memory.lists[quantifier.list as usize].is_some();
        if quantifier.rest.is_none() && !drawn_up && !self.assumes(quantifier.list) {
            self.meeting_in_passing(quantifier.list, of, each);
            return;
        }
        let filled = self.list(quantifier.list);
        let many = filled.end - filled.start >= self.memory.many;
        if many && quantifier.rest.is_some() && self.meeting_together(members, filled, of, each) {
            return;
        }
        for at in filled.start..filled.end {
            let one = self.memory.entries[at as usize];
            if self.one_by_one(quantifier.rest, one, of, each) {
                return;
            }
        }
    }

    /// Whether something unknown of a member may be taken as the document says. Then each of them has to be looked at.
    fn assumes(&self, list: u32) -> bool {
        let settled = self.program.lists[list as usize].settled;
        settled.is_some_and(|part| self.program.truths[part.node as usize].assumes)
    }

    /// Where a question is about the members alone it is asked once a person, and no list of them is needed.
    fn meeting_in_passing(&mut self, list: u32, of: Of, each: &mut dyn FnMut(&mut Self, Met<'_>) -> bool) {
        let (program, record) = (self.program, self.record);
        let collected = &program.lists[list as usize];
        for &member in record.members(collected.of) {
            let (settled, missing) = match collected.settled {
                Some(part) => self.truth(part, Of { decided: u32::MAX, subject: member }),
                None => known(Truth::Yes),
            };
            if settled.is_no() {
                continue;
            }
            let (belongs, doubt) = record.belongs(collected.of, member);
            let entry = Entry { member, settled, missing, belongs, doubt };
            if self.one_by_one(None, entry, of, each) {
                return;
            }
        }
    }

    /// A count of members; `enough` is a number beyond which it makes no difference how many there are.
    pub(super) fn counted(
        &mut self,
        members: u32,
        counted: Counted,
        enough: i32,
        of: Of,
    ) -> (NumberSpan, MissingSet) {
        let mut tally = Tally::new(counted);
        self.meeting(members, of, &mut |run, met| {
            if let Tally::Members { least, most, missing } = &mut tally {
                let many = i32::try_from(met.how_many()).unwrap_or(i32::MAX);
                *most = most.saturating_add(many);
                if met.truth.is_yes() {
                    *least = least.saturating_add(many);
                } else {
                    *missing = missing.and(met.missing);
                }
                return *least > enough;
            }
            for member in met.all() {
                tally.add(run.record, member, met.truth, met.missing);
                if tally.surely_more_than(enough) {
                    return true;
                }
            }
            false
        });
        if tally.surely_more_than(enough) {
            return (NumberSpan { least: enough.saturating_add(1), most: i32::MAX }, MissingSet::NONE);
        }
        tally.end(self.record.gaps())
    }

    pub(super) fn extreme(&mut self, day: Ref, members: u32, latest: bool, of: Of) -> (DateSpan, MissingSet) {
        let mut extreme = Extreme::new(latest);
        self.meeting(members, of, &mut |run, met| {
            for member in met.all() {
                let (day, unknown) = run.date(day, Of { decided: of.decided, subject: member });
                extreme.add(day, unknown, met.truth, met.missing);
            }
            false
        });
        extreme.end(self.record.gaps())
    }
}
