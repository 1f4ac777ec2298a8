//! The same evaluation as a tree that a person can read.

use crate::evaluate::{Evaluator, Of, Record, whose};
use crate::expression::{Condition, DateTerm, FactRef, NumberTerm, Quantified, Test, Unit, Whose};
use std::ops::Range;
use vacatur_records::{Date, Seen, Truth};

/// A fact that a condition used.
#[derive(Clone, PartialEq, Eq)]
pub struct FactUse {
    /// Its name: `birth date`.
    pub name: String,
    /// Its value in words.
    pub value: String,
    /// What is wrong with it: `blank`, `partial`, `in conflict`.
    pub gap: Option<String>,
    /// The fact that stands in for it, if one does.
    pub proxy: Option<String>,
    /// The cells it was read from.
    pub seen: Vec<Seen>,
}

/// The name and the place, and never the value: it may be a birth date.
impl std::fmt::Debug for FactUse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { name, value: _, gap, proxy: _, seen } = self;
        f.debug_struct("FactUse")
            .field("name", name)
            .field("gap", gap)
            .field("seen", seen)
            .finish_non_exhaustive()
    }
}

/// All but the day until which it holds, from which a birth date could be reckoned.
impl std::fmt::Debug for crate::evaluate::Decision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Decision")
            .field("scope", &self.scope)
            .field("outcome", &self.outcome)
            .field("deciding", &self.deciding)
            .field("holds", &self.holds)
            .field("unknown", &self.unknown)
            .field("possible", &self.possible)
            .field("assumed", &self.assumed)
            .field("missing", &self.missing)
            .field("harmless", &self.harmless)
            .finish_non_exhaustive()
    }
}

/// How a node's parts make its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// All parts must hold.
    All,
    /// One part must hold.
    Either,
    /// The part must not hold.
    Not,
    /// What a name of the document's own stands for.
    Defined,
    /// The part decides, and the document says how to take it where it is unknown.
    Assumed,
    /// A test of facts.
    Fact,
    /// At least one member must meet the condition.
    Any,
    /// Every member must meet the condition.
    Every,
    /// One member that was looked at.
    Member,
}

/// A condition with its answer, the facts it used and its parts.
#[derive(Clone, Debug)]
pub struct Node {
    /// The words of the document.
    pub text: String,
    /// Where they stand: a range of bytes of the document. Of a member it is the condition that it is asked for.
    pub span: Range<usize>,
    /// The answer.
    pub truth: Truth,
    /// How the parts make it.
    pub operation: Operation,
    /// The facts used.
    pub facts: Vec<FactUse>,
    /// The parts.
    pub parts: Vec<Node>,
}

/// How many members of a collection an explanation shows before it only counts the rest.
const MEMBERS_SHOWN: usize = 12;

impl<R: Record> Evaluator<'_, R> {
    /// The tree of a condition.
    pub(crate) fn tree(&mut self, condition: &Condition, of: Of, document: &str, record: &R) -> Node {
        let (truth, _) = self.truth(condition, of);
        let text = words(document, condition);
        let span = condition.span.clone();
        let node = |operation, facts, parts| Node { text, span, truth, operation, facts, parts };
        match &condition.test {
            // The part that settles it is the last that is looked at.
            Test::All(parts) => {
                node(Operation::All, Vec::new(), self.until(parts, Truth::No, of, document, record))
            }
            Test::Either(parts) => {
                node(Operation::Either, Vec::new(), self.until(parts, Truth::Yes, of, document, record))
            }
            // `is not`, `no … where`: the words are the same, and the facts are those of the part.
            Test::Not(part) if part.span == condition.span => {
                let inner = self.tree(part, of, document, record);
                Node { truth, ..inner }
            }
            Test::Not(part) => {
                let parts = vec![self.tree(part, of, document, record)];
                node(Operation::Not, Vec::new(), parts)
            }
            Test::Defined(part) => {
                let parts = vec![self.tree(part, of, document, record)];
                node(Operation::Defined, Vec::new(), parts)
            }
            Test::Assumed { part, holds, because } => {
                let inner = self.tree(part, of, document, record);
                let mut facts = Vec::new();
                if inner.truth.is_unknown() {
                    let taken = if *holds { "taken to be so" } else { "taken not to be so" };
                    facts.push(plain("the document says of the unknown", format!("{taken}: {because}")));
                }
                node(Operation::Assumed, facts, vec![inner])
            }
            Test::Any(members) => {
                let parts = self.members(members, of, document, record, Truth::No);
                node(Operation::Any, Vec::new(), parts)
            }
            Test::Every(members) => {
                let parts = self.members(members, of, document, record, Truth::Yes);
                node(Operation::Every, Vec::new(), parts)
            }
            test => {
                let (mut facts, mut parts) = (Vec::new(), Vec::new());
                match test {
                    Test::Flag(fact) | Test::Level { fact, .. } => used(*fact, of, record, &mut facts),
                    Test::InSet { fact, set } => {
                        used(*fact, of, record, &mut facts);
                        if let Some(day) = record.set_is_dated_by(fact.fact, *set) {
                            used(FactRef { fact: day, ..*fact }, of, record, &mut facts);
                        }
                    }
                    Test::County { fact, .. } | Test::Includes { fact, .. } => {
                        used(*fact, of, record, &mut facts)
                    }
                    Test::Dates { left, right, .. } => {
                        self.dates(left, of, document, record, &mut facts, &mut parts);
                        self.dates(right, of, document, record, &mut facts, &mut parts);
                    }
                    Test::Numbers { left, right, .. } => {
                        self.numbers(left, of, document, record, &mut facts, &mut parts);
                        self.numbers(right, of, document, record, &mut facts, &mut parts);
                    }
                    Test::FlagParameter(at) | Test::IsSet(at) | Test::Choice { parameter: at, .. } => {
                        facts.push(self.parameter(*at))
                    }
                    _ => {}
                }
                node(Operation::Fact, facts, parts)
            }
        }
    }

    /// The trees of parts, up to the first that answers `settles`.
    fn until(
        &mut self,
        parts: &[Condition],
        settles: Truth,
        of: Of,
        document: &str,
        record: &R,
    ) -> Vec<Node> {
        let mut trees = Vec::with_capacity(parts.len());
        for part in parts {
            let tree = self.tree(part, of, document, record);
            let settled = tree.truth == settles;
            trees.push(tree);
            if settled {
                break;
            }
        }
        trees
    }

    /// The members that make the answer: those for which it is not the uninteresting one.
    fn members(
        &mut self,
        members: &Quantified,
        of: Of,
        document: &str,
        record: &R,
        dull: Truth,
    ) -> Vec<Node> {
        let mut shown = Vec::new();
        let (mut more, mut passed) = (0usize, 0usize);
        for &member in record.members(members.of) {
            let inner = Of { decided: of.decided, subject: member };
            let (truth, _) = self.truth(&members.whole, inner);
            let (belongs, _) = record.belongs(members.of, member);
            let answer = if dull.is_no() { truth.and(belongs) } else { truth.or(!belongs) };
            if answer == dull {
                passed += 1;
            } else if shown.len() < MEMBERS_SHOWN {
                let tree = self.tree(&members.whole, inner, document, record);
                let mut facts = Vec::new();
                if belongs.is_unknown() {
                    facts.push(FactUse {
                        name: "conviction".into(),
                        value: "it is unknown whether this count ended in one".into(),
                        gap: None,
                        proxy: None,
                        seen: Vec::new(),
                    });
                }
                shown.push(Node {
                    text: record.named(members.of, member),
                    span: members.whole.span.clone(),
                    truth: answer,
                    operation: Operation::Member,
                    facts,
                    parts: vec![tree],
                });
            } else {
                more += 1;
            }
        }
        let remark = |text: String, truth| Node {
            text,
            span: members.whole.span.clone(),
            truth,
            operation: Operation::Member,
            facts: Vec::new(),
            parts: Vec::new(),
        };
        if shown.is_empty() && passed == 0 && more == 0 {
            shown.push(remark(format!("there is no {} on record", members.of.singular()), dull));
        }
        if more > 0 {
            shown.push(remark(format!("and {more} more"), !dull));
        }
        if passed > 0 {
            let noun = members.of.singular();
            shown.push(remark(
                match (dull.is_no(), passed) {
                    (true, 1) => format!("the 1 {noun} looked at does not meet it"),
                    (true, _) => format!("{passed} {noun}s looked at do not meet it"),
                    (false, 1) => format!("the 1 {noun} looked at meets it"),
                    (false, _) => format!("{passed} {noun}s looked at meet it"),
                },
                dull,
            ));
        }
        if !record.gaps().is_empty() {
            shown.push(remark(
                "a row of this person could not be used: what it held is unknown".into(),
                Truth::Unknown,
            ));
        }
        shown
    }

    fn parameter(&self, at: crate::ParameterIx) -> FactUse {
        let (name, value) = self.setting(at);
        plain(&format!("parameter {name}"), value)
    }

    fn dates(
        &mut self,
        term: &DateTerm,
        of: Of,
        document: &str,
        record: &R,
        facts: &mut Vec<FactUse>,
        parts: &mut Vec<Node>,
    ) {
        match term {
            DateTerm::Fact(fact) => used(*fact, of, record, facts),
            DateTerm::AsOf => facts.push(plain("as-of", record.as_of().to_string())),
            DateTerm::Literal(_) => {}
            DateTerm::Parameter(at) => facts.push(self.parameter(*at)),
            DateTerm::Moved { from, by, .. } => {
                self.dates(from, of, document, record, facts, parts);
                self.numbers(by, of, document, record, facts, parts);
            }
            DateTerm::Either { one, other, .. } => {
                self.dates(one, of, document, record, facts, parts);
                self.dates(other, of, document, record, facts, parts);
            }
            DateTerm::Extreme { members, latest, .. } => {
                let found = self.date(term, of);
                let shown = match found.known() {
                    Some(Date::MIN | Date::MAX) => "there is none".into(),
                    _ => found.to_string(),
                };
                facts.push(plain(if *latest { "the latest" } else { "the earliest" }, shown));
                parts.extend(self.members(members, of, document, record, Truth::No));
            }
        }
    }

    fn numbers(
        &mut self,
        term: &NumberTerm,
        of: Of,
        document: &str,
        record: &R,
        facts: &mut Vec<FactUse>,
        parts: &mut Vec<Node>,
    ) {
        match term {
            NumberTerm::Literal(_) => {}
            NumberTerm::Parameter(at) => facts.push(self.parameter(*at)),
            NumberTerm::Fact(fact) => used(*fact, of, record, facts),
            NumberTerm::Between { unit, from, to } => {
                self.dates(from, of, document, record, facts, parts);
                self.dates(to, of, document, record, facts, parts);
                let between = self.number(term, of).0;
                let unit = match unit {
                    Unit::Years => "years between",
                    Unit::Months => "months between",
                    Unit::Days => "days between",
                };
                facts.push(plain(unit, between.to_string()));
            }
            NumberTerm::Count { members, .. } => {
                let number = self.number(term, of).0;
                facts.push(plain("counted", number.to_string()));
                parts.extend(self.members(members, of, document, record, Truth::No));
            }
        }
    }
}

fn plain(name: &str, value: String) -> FactUse {
    FactUse { name: name.into(), value, gap: None, proxy: None, seen: Vec::new() }
}

fn used<R: Record>(fact: FactRef, of: Of, record: &R, facts: &mut Vec<FactUse>) {
    let mut shown = record.shown(fact.fact, whose(fact, of));
    // Two convictions side by side: say whose fact it is.
    if fact.whose == Whose::Decided && of.subject != of.decided && record.is_of_conviction(fact.fact) {
        shown.name.push_str(" of the count decided");
    }
    facts.push(shown);
}

/// The document's own words, on one line.
fn words(document: &str, condition: &Condition) -> String {
    document.get(condition.span.clone()).unwrap_or("").split_whitespace().collect::<Vec<_>>().join(" ")
}
