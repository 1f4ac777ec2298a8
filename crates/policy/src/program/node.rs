//! What a program is made of.

use crate::expression::{Compare, Counted, Unit};
use crate::{Collection, FactIx, SetIx};
use vacatur_records::{Date, Level, Truth};

/// For whom a node is asked, seen from where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum At {
    /// It speaks of the person alone.
    Person,
    /// For the count that is decided.
    Decided,
    /// For the member that is looked at.
    Member,
    /// For the two of them.
    Both,
}

/// A node, and for whom it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Ref {
    pub(super) node: u32,
    pub(super) at: At,
}

/// What a node's answer depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum About {
    /// The person.
    Person,
    /// One count or registration: who asks for it says which.
    One,
    /// The decided count, and a member.
    Two,
}

/// The place of an answer that is not remembered.
pub(super) const NOWHERE: u32 = u32::MAX;

/// A condition, a day or a number, with what is known of it beforehand.
#[derive(Debug)]
pub(super) struct Node<T> {
    pub(super) what: T,
    pub(super) about: About,
    /// Whether something unknown in it may be taken as the document says.
    pub(super) assumes: bool,
    /// Where its answer is remembered.
    pub(super) slot: u32,
    /// Roughly how much there is to look at.
    pub(super) effort: u32,
}

/// What a condition tests.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Test {
    Known(Truth),
    All(Box<[Ref]>),
    Either(Box<[Ref]>),
    Not(Ref),
    Flag(FactIx),
    Level(FactIx, Level),
    InSet(FactIx, SetIx),
    County(FactIx, Box<str>),
    Includes(FactIx, Box<str>),
    Dates(Ref, Compare, Ref),
    Numbers(Ref, Compare, Ref),
    Assumed(Ref, bool),
    Any(u32),
    Every(u32),
}

/// How a day is found.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Day {
    Unknown,
    On(Date),
    AsOf,
    Fact(FactIx),
    Moved { from: Ref, by: Ref, unit: Unit, back: bool },
    Either { one: Ref, other: Ref, later: bool },
    Extreme { day: Ref, members: u32, latest: bool },
}

/// How a number is found.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Number {
    Unknown,
    Known(i32),
    Fact(FactIx),
    Between { unit: Unit, from: Ref, to: Ref },
    Count { members: u32, counted: Counted },
}

/// A condition on the members of a collection.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Quantifier {
    /// The members that it looks at: those that the part about them alone lets through.
    pub(super) list: u32,
    /// What is asked of them beside the count that is decided.
    pub(super) rest: Option<Ref>,
    /// The same taken apart, if it is of a kind that many members can be asked together.
    pub(super) shape: Option<Shape>,
}

/// What is asked of a member beside the count that is decided: all of these.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Shape {
    /// What is asked of the decided count alone.
    pub(super) own: Vec<Ref>,
    /// How the two stand to each other.
    pub(super) flags: Vec<FactIx>,
    /// That they are not one and the same, by the fact that says they are.
    pub(super) other: Option<FactIx>,
    /// How the member's day stands to days of the decided count.
    pub(super) day: Option<Ref>,
    pub(super) days: Vec<(Compare, Ref)>,
}

/// Members of a collection for which a condition has not the answer `drop`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Collected {
    pub(super) of: Collection,
    pub(super) settled: Option<Ref>,
    pub(super) drop: Option<Truth>,
}
