//! Whether an offence belongs to a list.

use crate::set::{Entry, Rule, SectionSet};
use crate::{CodeSection, Offence};
use std::fmt;
use vacatur_records::{DateSpan, Truth};

/// Whether an offence belongs to a list, and why that may be in doubt.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Membership {
    /// Whether it does.
    pub truth: Truth,
    /// The entry that decides, or that could.
    pub entry: Option<usize>,
    /// An entry that would make it [`Truth::Yes`] if [`SectionSet::pair_holds`] for another offence of the same case.
    pub paired: Option<usize>,
    /// Why it is not certain.
    pub why: Option<Doubt>,
}

/// Why membership is unknown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Doubt {
    /// The record names the section without the subdivision that the entry asks for.
    LessSpecific,
    /// The record names a subdivision of a section that the list names as a whole and perhaps not in all its parts.
    MoreSpecific,
    /// The record gives no code letters, and the number occurs in more than one code.
    NoCode,
    /// The number can mean one section only, and the record gives the letters of another code.
    OtherCode,
    /// An attempt, of which neither law nor list is clear.
    Attempt,
    /// A conspiracy, of which neither law nor list is clear.
    Conspiracy,
    /// An attempt or conspiracy that does not say to commit what.
    NoTarget,
    /// Something beyond the section must be known.
    Needs(Box<str>),
}

/// A clause to follow "unknown because".
impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LessSpecific => f.write_str("the record does not give the subdivision"),
            Self::MoreSpecific => f.write_str("the list names the section without its subdivisions"),
            Self::NoCode => f.write_str("the record does not give the code"),
            Self::OtherCode => f.write_str("the record gives the letters of another code"),
            Self::Attempt => f.write_str("it is an attempt"),
            Self::Conspiracy => f.write_str("it is a conspiracy"),
            Self::NoTarget => f.write_str("the record does not say which offence was attempted or agreed on"),
            Self::Needs(what) => write!(f, "it depends on {what}"),
        }
    }
}

/// One answer with the reason why it is not better.
#[derive(Clone)]
struct Answer {
    truth: Truth,
    why: Option<Doubt>,
}

impl Answer {
    const NO: Self = Self { truth: Truth::No, why: None };
    const YES: Self = Self { truth: Truth::Yes, why: None };

    fn or(self, other: Self) -> Self {
        if other.truth > self.truth { other } else { self }
    }

    fn and(self, other: Self) -> Self {
        match self.truth.and(other.truth) {
            Truth::Unknown => Self { truth: Truth::Unknown, why: self.why.or(other.why) },
            Truth::Yes => Self::YES,
            Truth::No => Self::NO,
        }
    }

    /// The answer under a further rule; the first doubt is the one to tell.
    fn under(self, rule: Rule, doubt: Doubt) -> Self {
        match rule.limit(self.truth) {
            Truth::Unknown => Self { truth: Truth::Unknown, why: self.why.or(Some(doubt)) },
            Truth::Yes => self,
            Truth::No => Self::NO,
        }
    }
}

impl SectionSet {
    /// Whether `offence` belongs to the list: if any of its sections does.
    ///
    /// Nothing is known here of the rest of the case. An entry that must stand beside another therefore answers
    /// [`Truth::No`] with the entry in [`Membership::paired`], or [`Truth::Unknown`] if the offence itself is in doubt.
    ///
    /// Nor is anything known of the day: of a dated list this is membership at any time. [`SectionSet::in_era`] has it
    /// for one era.
    #[must_use]
    pub fn membership(&self, offence: &Offence) -> Membership {
        self.decide(offence, None)
    }

    /// Whether `offence` belongs to the list, given all other offences of its case.
    #[must_use]
    pub fn membership_in_case(&self, offence: &Offence, others: &[&Offence]) -> Membership {
        self.decide(offence, Some(others))
    }

    fn decide(&self, offence: &Offence, others: Option<&[&Offence]>) -> Membership {
        // The surest answer; among those the entry that covers what is printed, and of them the most specific.
        let mut best: Option<(usize, (Truth, bool, usize), Answer)> = None;
        let mut paired = None;
        for (at, entry) in self.entries.iter().enumerate() {
            let mut answer = entry.answer(offence);
            if !entry.with.is_empty() && !answer.truth.is_no() {
                let beside = others
                    .unwrap_or_default()
                    .iter()
                    .map(|other| entry.beside(other))
                    .fold(entry.beside(offence), Answer::or);
                match others {
                    None if beside.truth.is_yes() => {}
                    None if answer.truth.is_yes() => {
                        paired = paired.or(Some(at));
                        answer = beside;
                    }
                    // The pair could still make something of it.
                    None => {}
                    Some(_) => answer = answer.and(beside),
                }
            }
            let rank = (answer.truth, answer.why != Some(Doubt::LessSpecific), entry.section.tail().len());
            let better = best.as_ref().is_none_or(|(_, held, _)| rank > *held);
            if !answer.truth.is_no() && better {
                best = Some((at, rank, answer));
            }
        }
        match best {
            Some((at, _, Answer { truth, why })) => Membership { truth, entry: Some(at), paired, why },
            None if self.target_may_be_listed(offence) => {
                Membership { truth: Truth::Unknown, entry: None, paired, why: Some(Doubt::NoTarget) }
            }
            None => Membership { truth: Truth::No, entry: None, paired, why: None },
        }
    }

    /// Whether another offence of the same case completes the pair that entry `entry` asks for.
    #[must_use]
    pub fn pair_holds(&self, entry: usize, in_same_case: &Offence) -> Truth {
        self.entries.get(entry).map_or(Truth::No, |entry| entry.beside(in_same_case).truth)
    }

    /// The entry that says most about a section on a day: the most specific that covers it and surely stood there.
    #[must_use]
    pub fn entry_on(&self, section: &CodeSection, day: DateSpan) -> Option<&Entry> {
        self.entries
            .iter()
            .filter(|entry| entry.touch(section).truth.is_yes() && entry.in_force(day).is_yes())
            .reduce(
                |best, next| if next.section.tail().len() > best.section.tail().len() { next } else { best },
            )
    }

    /// Whether a section by itself, completed, belongs to the list.
    pub(crate) fn holds(&self, section: &CodeSection) -> Truth {
        self.entries.iter().map(|entry| entry.touch(section).truth).max().unwrap_or(Truth::No)
    }

    fn target_may_be_listed(&self, offence: &Offence) -> bool {
        let counts =
            |rule: fn(&Entry) -> Rule| self.entries.iter().any(|entry| rule(entry) != Rule::DoNotCount);
        !offence.has_target()
            && self.unread_targets != Rule::DoNotCount
            && (!offence.attempt || counts(Entry::attempts))
            && (!offence.conspiracy || counts(Entry::conspiracies))
    }
}

impl Entry {
    /// Whether any section of `offence` falls under this entry, leaving aside what must stand beside it.
    fn answer(&self, offence: &Offence) -> Answer {
        let mut answer = offence
            .sections()
            .iter()
            .map(|section| self.touch(section))
            .reduce(Answer::or)
            .unwrap_or(Answer::NO);
        // Without a target the sections are those of attempt and conspiracy themselves.
        if offence.has_target() {
            if offence.attempt {
                answer = answer.under(self.attempts, Doubt::Attempt);
            }
            if offence.conspiracy {
                answer = answer.under(self.conspiracies, Doubt::Conspiracy);
            }
        }
        answer
    }

    /// Whether `section`, completed, falls under this entry.
    fn touch(&self, section: &CodeSection) -> Answer {
        if !self.has_number(section) {
            return Answer::NO;
        }
        let mut answer = Answer::YES;
        match section.code() {
            code if code == self.section.code() => {}
            Some(_) if self.number_is_unique => answer = answer.under(Rule::Unclear, Doubt::OtherCode),
            Some(_) => return Answer::NO,
            None if self.number_is_unique => {}
            None => answer = answer.under(Rule::Unclear, Doubt::NoCode),
        }
        answer = match section.tail().strip_prefix(self.section.tail()) {
            Some("") => answer,
            Some(_) if self.bare => return Answer::NO,
            Some(_) => answer.under(self.subdivisions, Doubt::MoreSpecific),
            None if self.section.tail().starts_with(section.tail()) => {
                answer.under(Rule::Unclear, Doubt::LessSpecific)
            }
            None => return Answer::NO,
        };
        match &self.needs {
            Some(needs) => answer.under(Rule::Unclear, Doubt::Needs(needs.clone())),
            None => answer,
        }
    }

    fn has_number(&self, section: &CodeSection) -> bool {
        match &self.through {
            Some(last) => (self.section.place()..=last.place()).contains(&section.place()),
            None => self.section.number() == section.number(),
        }
    }

    /// Whether `offence` holds one of the sections that must stand beside this entry.
    fn beside(&self, offence: &Offence) -> Answer {
        let mut best = Answer::NO;
        for companion in &self.with {
            let companion = Entry::of(companion.clone());
            for section in offence.sections() {
                best = best.or(companion.touch(section));
            }
        }
        best
    }
}
