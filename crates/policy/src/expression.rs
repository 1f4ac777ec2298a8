//! Conditions, typed and with their names resolved.

use std::ops::Range;
use vacatur_records::{Date, DateSpan, Level, Truth};

macro_rules! index {
    ($(#[$doc:meta] $name:ident),+) => {$(
        #[$doc]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u16);
        impl $name {
            /// As an index into its list.
            #[must_use]
            pub const fn at(self) -> usize { self.0 as usize }
        }
    )+};
}
index! {
    /// A fact of the vocabulary.
    FactIx,
    /// A parameter of the document.
    ParameterIx,
    /// A section set of the document.
    SetIx
}

/// What a quantifier runs over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Collection {
    /// The person's convictions, all counties.
    Convictions,
    /// All of the person's counts, arrests and dismissed charges included.
    Charges,
    /// The person's registrations.
    Registrations,
}

impl Collection {
    /// One member, as documents write it.
    #[must_use]
    pub fn singular(self) -> &'static str {
        match self {
            Self::Convictions => "conviction",
            Self::Charges => "charge",
            Self::Registrations => "registration",
        }
    }
}

/// Whose fact is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whose {
    /// The person's, or the decided conviction's.
    Decided,
    /// The member that the nearest quantifier looks at.
    Member,
}

/// A fact and whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FactRef {
    pub(crate) fact: FactIx,
    pub(crate) whose: Whose,
}

/// A comparison of two dates or two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Compare {
    Less,
    AtMost,
    Equal,
    NotEqual,
    AtLeast,
    More,
}

impl Compare {
    /// The same said of the two the other way round.
    pub(crate) fn turned_round(self) -> Self {
        match self {
            Self::Less => Self::More,
            Self::AtMost => Self::AtLeast,
            Self::AtLeast => Self::AtMost,
            Self::More => Self::Less,
            Self::Equal | Self::NotEqual => self,
        }
    }

    /// How two days compare.
    #[inline]
    pub(crate) fn of_days(self, a: DateSpan, b: DateSpan) -> Truth {
        match self {
            Self::Less => a.before(b),
            Self::AtMost => !b.before(a),
            Self::Equal => a.same_day(b),
            Self::NotEqual => !a.same_day(b),
            Self::AtLeast => !a.before(b),
            Self::More => b.before(a),
        }
    }
}

/// A unit of calendar time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Unit {
    Days,
    Months,
    Years,
}

/// A day.
#[derive(Clone, Debug)]
pub(crate) enum DateTerm {
    Fact(FactRef),
    AsOf,
    Literal(Date),
    Parameter(ParameterIx),
    Moved {
        from: Box<DateTerm>,
        by: Box<NumberTerm>,
        unit: Unit,
        back: bool,
    },
    /// The later, or the earlier, of two days.
    Either {
        one: Box<DateTerm>,
        other: Box<DateTerm>,
        later: bool,
    },
    /// The latest, or the earliest, of the days that the members have; before, or after, every day where none has one.
    Extreme {
        fact: FactRef,
        members: Quantified,
        latest: bool,
    },
}

/// A whole number.
#[derive(Clone, Debug)]
pub(crate) enum NumberTerm {
    Literal(i32),
    Parameter(ParameterIx),
    Fact(FactRef),
    /// Whole years, months or days from one day to another.
    Between {
        unit: Unit,
        from: Box<DateTerm>,
        to: Box<DateTerm>,
    },
    Count {
        members: Quantified,
        counted: Counted,
    },
}

/// What a count counts of the members that meet its condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Counted {
    /// Each of them.
    Members,
    /// The cases that have one.
    Cases,
    /// The days on which there is one.
    Days,
}

/// A condition with the text it was written as.
#[derive(Clone, Debug)]
pub(crate) struct Condition {
    pub(crate) test: Test,
    pub(crate) span: Range<usize>,
}

/// What a condition tests.
#[derive(Clone, Debug)]
pub(crate) enum Test {
    All(Vec<Condition>),
    Either(Vec<Condition>),
    Not(Box<Condition>),
    Flag(FactRef),
    FlagParameter(ParameterIx),
    IsSet(ParameterIx),
    Choice {
        parameter: ParameterIx,
        is: String,
    },
    Dates {
        left: DateTerm,
        how: Compare,
        right: DateTerm,
    },
    Numbers {
        left: NumberTerm,
        how: Compare,
        right: NumberTerm,
    },
    Level {
        fact: FactRef,
        is: Level,
    },
    InSet {
        fact: FactRef,
        set: SetIx,
    },
    County {
        fact: FactRef,
        is: CountyTerm,
    },
    Includes {
        fact: FactRef,
        label: String,
    },
    Any(Quantified),
    Every(Quantified),
    /// A condition of which the document says how to take it where it is unknown.
    Assumed {
        part: Box<Condition>,
        holds: bool,
        because: String,
    },
    /// A condition that the document defines elsewhere under this name.
    Defined(Box<Condition>),
}

/// A condition over the members of a collection.
///
/// The part of it that does not speak of the decided conviction has the same answer for all convictions of a
/// person: it is looked at once a person (`cache` numbers its place), and only the members it lets through are
/// looked at again.
#[derive(Clone, Debug)]
pub(crate) struct Quantified {
    pub(crate) of: Collection,
    pub(crate) whole: Box<Condition>,
    pub(crate) settled: Option<Box<Condition>>,
    pub(crate) rest: Option<Box<Condition>>,
    pub(crate) cache: u16,
}

impl Quantified {
    pub(crate) fn new(
        of: Collection,
        whole: Condition,
        cache: u16,
        about: &dyn Fn(FactIx) -> Decided,
    ) -> Self {
        let parts = match &whole.test {
            Test::All(parts) => parts.clone(),
            _ => vec![whole.clone()],
        };
        let (rest, settled) = parts.into_iter().partition(|part: &Condition| part.mentions_decided(about));
        Self {
            of,
            settled: all_of(settled, &whole),
            rest: all_of(rest, &whole),
            whole: Box::new(whole),
            cache,
        }
    }
}

fn all_of(mut parts: Vec<Condition>, whole: &Condition) -> Option<Box<Condition>> {
    match parts.len() {
        0 => None,
        1 => parts.pop().map(Box::new),
        _ => Some(Box::new(Condition { test: Test::All(parts), span: whole.span.clone() })),
    }
}

/// A county.
#[derive(Clone, Debug)]
pub(crate) enum CountyTerm {
    Literal(String),
    Parameter(ParameterIx),
}

impl Condition {
    /// Whether it speaks of the decided conviction: then its answer differs from conviction to conviction.
    pub(crate) fn mentions_decided(&self, about: &dyn Fn(FactIx) -> Decided) -> bool {
        self.any_fact(&|fact| match about(fact.fact) {
            Decided::Person => false,
            Decided::Pair => true,
            Decided::Conviction => fact.whose == Whose::Decided,
        })
    }

    /// Whether it names a fact anywhere. A fact of the decided conviction and the same fact of a member are one name.
    pub(crate) fn names_fact(&self, wanted: FactIx) -> bool {
        self.any_fact(&|fact| fact.fact == wanted)
    }

    /// Whether it names a section set anywhere.
    pub(crate) fn names_set(&self, wanted: SetIx) -> bool {
        self.any(&|name| matches!(name, Name::Set(set) if set == wanted))
    }

    fn any_fact(&self, is: &dyn Fn(&FactRef) -> bool) -> bool {
        self.any(&|name| matches!(name, Name::Fact(fact) if is(fact)))
    }

    /// Whether one of the names in it, at any depth, is as asked.
    fn any(&self, is: &dyn Fn(Name<'_>) -> bool) -> bool {
        match &self.test {
            Test::All(parts) | Test::Either(parts) => parts.iter().any(|part| part.any(is)),
            Test::Not(part) | Test::Defined(part) | Test::Assumed { part, .. } => part.any(is),
            Test::InSet { fact, set } => is(Name::Fact(fact)) || is(Name::Set(*set)),
            Test::Flag(fact)
            | Test::Level { fact, .. }
            | Test::County { fact, .. }
            | Test::Includes { fact, .. } => is(Name::Fact(fact)),
            Test::FlagParameter(_) | Test::IsSet(_) | Test::Choice { .. } => false,
            Test::Dates { left, right, .. } => left.any(is) || right.any(is),
            Test::Numbers { left, right, .. } => left.any(is) || right.any(is),
            Test::Any(members) | Test::Every(members) => members.whole.any(is),
        }
    }
}

impl DateTerm {
    fn any(&self, is: &dyn Fn(Name<'_>) -> bool) -> bool {
        match self {
            Self::Fact(fact) => is(Name::Fact(fact)),
            Self::AsOf | Self::Literal(_) | Self::Parameter(_) => false,
            Self::Moved { from, by, .. } => from.any(is) || by.any(is),
            Self::Either { one, other, .. } => one.any(is) || other.any(is),
            Self::Extreme { fact, members, .. } => is(Name::Fact(fact)) || members.whole.any(is),
        }
    }
}

impl NumberTerm {
    fn any(&self, is: &dyn Fn(Name<'_>) -> bool) -> bool {
        match self {
            Self::Literal(_) | Self::Parameter(_) => false,
            Self::Fact(fact) => is(Name::Fact(fact)),
            Self::Between { from, to, .. } => from.any(is) || to.any(is),
            Self::Count { members, .. } => members.whole.any(is),
        }
    }
}

/// A name in a condition.
#[derive(Clone, Copy)]
enum Name<'c> {
    Fact(&'c FactRef),
    Set(SetIx),
}

/// What a fact is about, as far as caching goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decided {
    Person,
    Pair,
    Conviction,
}
