//! Conditions as documents write them, made nodes.

use super::node::{About, At, Collected, Day, NOWHERE, Node, Number, Quantifier, Ref, Shape, Test};
use super::{Plan, Program, Slots};
use crate::SetIx;
use crate::decide::Ranking;
use crate::expression::{self, Condition, CountyTerm, DateTerm, FactRef, NumberTerm, Quantified, Whose};
use crate::parameters::Value;
use crate::policy::Policy;
use crate::vocabulary::{Scope, Vocabulary};
use rustc_hash::FxHashMap;
use std::hash::Hash;
use vacatur_records::Truth;

/// Nodes of one kind, each different one once.
struct Nodes<T> {
    all: Vec<Node<T>>,
    numbers: FxHashMap<(T, About), u32>,
}

impl<T: Clone + Eq + Hash> Nodes<T> {
    fn new() -> Self {
        Self { all: Vec::new(), numbers: FxHashMap::default() }
    }

    fn add(&mut self, what: T, about: About, at: At, assumes: bool, effort: u32) -> Ref {
        let all = &mut self.all;
        let node = *self.numbers.entry((what, about)).or_insert_with_key(|(what, _)| {
            all.push(Node { what: what.clone(), about, assumes, slot: NOWHERE, effort });
            (all.len() - 1) as u32
        });
        Ref { node, at }
    }
}

/// Different things with their numbers.
struct Numbered<T>(Vec<T>);

impl<T: PartialEq> Numbered<T> {
    fn add(&mut self, item: T) -> u32 {
        let at = self.0.iter().position(|known| *known == item).unwrap_or_else(|| {
            self.0.push(item);
            self.0.len() - 1
        });
        at as u32
    }
}

/// Makes a program of documents.
pub(super) struct Builder<'v> {
    vocabulary: &'v Vocabulary,
    truths: Nodes<Test>,
    dates: Nodes<Day>,
    numbers: Nodes<Number>,
    quantifiers: Numbered<Quantifier>,
    lists: Numbered<Collected>,
    plans: Vec<Plan>,
}

/// The document that is read, and where in it.
#[derive(Clone, Copy)]
struct Reading<'r> {
    values: &'r [Value],
    set: &'r dyn Fn(SetIx) -> SetIx,
    /// Whether no quantifier is around: then there is no member, and every fact of a count is that of the decided one.
    outside: bool,
}

impl Reading<'_> {
    fn inside(self) -> Self {
        Self { outside: false, ..self }
    }
}

/// Whom something speaks of that is made of these, which then are told for whom they are asked within it.
fn whom<const N: usize>(mut parts: [&mut Ref; N]) -> (About, At) {
    whom_all(&mut parts)
}

fn whom_all(parts: &mut [&mut Ref]) -> (About, At) {
    let of = |wanted| parts.iter().any(|part| part.at == wanted);
    let at = match (of(At::Decided), of(At::Member), of(At::Both)) {
        (false, false, false) => return (About::Person, At::Person),
        (true, false, false) => At::Decided,
        (false, true, false) => At::Member,
        _ => return (About::Two, At::Both),
    };
    for part in parts.iter_mut().filter(|part| part.at != At::Person) {
        part.at = At::Member;
    }
    (About::One, at)
}

impl<'v> Builder<'v> {
    pub(super) fn new(vocabulary: &'v Vocabulary) -> Self {
        Self {
            vocabulary,
            truths: Nodes::new(),
            dates: Nodes::new(),
            numbers: Nodes::new(),
            quantifiers: Numbered(Vec::new()),
            lists: Numbered(Vec::new()),
            plans: Vec::new(),
        }
    }

    pub(super) fn policy(&mut self, policy: &Policy, values: &[Value], set: &dyn Fn(SetIx) -> SetIx) {
        let reading = Reading { values, set, outside: true };
        let scope = self.truth(&policy.scope.condition, reading);
        let rules = policy
            .rules
            .iter()
            .map(|rule| rule.condition.as_ref().map(|condition| self.truth(condition, reading)))
            .collect();
        let until =
            policy.rules.iter().map(|rule| rule.until.as_ref().map(|day| self.date(day, reading))).collect();
        self.plans.push(Plan { ranking: Ranking::of(policy), scope, rules, until });
    }

    fn known(&mut self, truth: Truth) -> Ref {
        self.truths.add(Test::Known(truth), About::Person, At::Person, false, 0)
    }

    fn is_known(&self, part: Ref) -> Option<Truth> {
        match self.truths.all[part.node as usize].what {
            Test::Known(truth) => Some(truth),
            _ => None,
        }
    }

    fn of_fact(&self, fact: FactRef, reading: Reading<'_>) -> (About, At) {
        match self.vocabulary.fact(fact.fact).scope {
            Scope::Person => (About::Person, At::Person),
            Scope::Pair if !reading.outside => (About::Two, At::Both),
            _ if reading.outside || fact.whose == Whose::Decided => (About::One, At::Decided),
            _ => (About::One, At::Member),
        }
    }

    fn fact(&mut self, fact: FactRef, test: Test, effort: u32, reading: Reading<'_>) -> Ref {
        let (about, at) = self.of_fact(fact, reading);
        self.truths.add(test, about, at, false, effort)
    }

    fn truth(&mut self, condition: &Condition, reading: Reading<'_>) -> Ref {
        use expression::Test as Written;
        match &condition.test {
            Written::All(parts) => self.joined(parts, Truth::No, reading),
            Written::Either(parts) => self.joined(parts, Truth::Yes, reading),
            Written::Not(part) => {
                let part = self.truth(part, reading);
                self.not(part)
            }
            Written::Flag(fact) => self.fact(*fact, Test::Flag(fact.fact), 2, reading),
            Written::FlagParameter(at) => {
                self.known(Truth::of(matches!(reading.values[at.at()], Value::Flag(true))))
            }
            Written::IsSet(at) => {
                let off = matches!(reading.values[at.at()], Value::Number(None) | Value::County(None));
                self.known(Truth::of(!off))
            }
            Written::Choice { parameter, is } => {
                let chosen = matches!(&reading.values[parameter.at()], Value::Choice(value) if value == is);
                self.known(Truth::of(chosen))
            }
            Written::Dates { left, how, right } => {
                let (mut left, mut right) = (self.date(left, reading), self.date(right, reading));
                let (about, at) = whom([&mut left, &mut right]);
                let (one, two) = (&self.dates.all[left.node as usize], &self.dates.all[right.node as usize]);
                let (assumes, effort) = (one.assumes || two.assumes, one.effort + two.effort + 1);
                self.truths.add(Test::Dates(left, *how, right), about, at, assumes, effort)
            }
            Written::Numbers { left, how, right } => {
                let (mut left, mut right) = (self.number(left, reading), self.number(right, reading));
                let (about, at) = whom([&mut left, &mut right]);
                let (one, two) =
                    (&self.numbers.all[left.node as usize], &self.numbers.all[right.node as usize]);
                let (assumes, effort) = (one.assumes || two.assumes, one.effort + two.effort + 1);
                self.truths.add(Test::Numbers(left, *how, right), about, at, assumes, effort)
            }
            Written::Level { fact, is } => self.fact(*fact, Test::Level(fact.fact, *is), 1, reading),
            Written::InSet { fact, set } => {
                self.fact(*fact, Test::InSet(fact.fact, (reading.set)(*set)), 2, reading)
            }
            Written::County { fact, is } => {
                let county = match is {
                    CountyTerm::Literal(county) => Some(county.as_str()),
                    CountyTerm::Parameter(at) => match &reading.values[at.at()] {
                        Value::County(county) => county.as_deref(),
                        _ => None,
                    },
                };
                match county {
                    Some(county) => self.fact(*fact, Test::County(fact.fact, county.into()), 3, reading),
                    None => self.known(Truth::Yes),
                }
            }
            Written::Includes { fact, label } => {
                self.fact(*fact, Test::Includes(fact.fact, label.as_str().into()), 3, reading)
            }
            Written::Any(members) => self.quantified(members, false, reading),
            Written::Every(members) => self.quantified(members, true, reading),
            Written::Assumed { part, holds, .. } => {
                let mut part = self.truth(part, reading);
                if self.is_known(part).is_some_and(|truth| !truth.is_unknown()) {
                    return part;
                }
                let (about, at) = whom([&mut part]);
                let effort = self.truths.all[part.node as usize].effort;
                self.truths.add(Test::Assumed(part, *holds), about, at, true, effort)
            }
            Written::Defined(part) => self.truth(part, reading),
        }
    }

    fn joined(&mut self, parts: &[Condition], settles: Truth, reading: Reading<'_>) -> Ref {
        let parts = parts.iter().map(|part| self.truth(part, reading)).collect();
        self.join(parts, settles)
    }

    /// Parts of which one that answers `settles` settles the whole.
    fn join(&mut self, written: Vec<Ref>, settles: Truth) -> Ref {
        let mut parts = Vec::with_capacity(written.len());
        let mut settled = false;
        for part in written {
            match self.is_known(part) {
                // What comes after it is never looked at.
                Some(truth) if truth == settles => {
                    settled = true;
                    parts.push(part);
                    break;
                }
                Some(truth) if !truth.is_unknown() => {}
                _ => parts.push(part),
            }
        }
        let assumes = parts.iter().any(|part| self.truths.all[part.node as usize].assumes);
        if !assumes {
            if settled {
                return self.known(settles);
            }
            // Nothing but the answer comes of it, and for that the order makes no difference: the least effort first.
            parts.sort_by_key(|part| (self.truths.all[part.node as usize].effort, *part));
            parts.dedup();
        }
        match parts.as_slice() {
            [] => return self.known(!settles),
            [one] => return *one,
            _ => {}
        }
        let effort = parts.iter().map(|part| self.truths.all[part.node as usize].effort).sum();
        let (about, at) = whom_all(&mut parts.iter_mut().collect::<Vec<_>>());
        let parts = parts.into_boxed_slice();
        let test = if settles.is_no() { Test::All(parts) } else { Test::Either(parts) };
        self.truths.add(test, about, at, assumes, effort)
    }

    fn quantified(&mut self, written: &Quantified, every: bool, reading: Reading<'_>) -> Ref {
        let (members, at, assumes, effort) = self.members(written, every, reading);
        let about = if at == At::Person { About::Person } else { About::One };
        if every && assumes {
            return self.truths.add(Test::Every(members), about, at, assumes, effort);
        }
        let any = self.truths.add(Test::Any(members), about, at, assumes, effort);
        if every { self.not(any) } else { any }
    }

    fn not(&mut self, mut part: Ref) -> Ref {
        let inner = &self.truths.all[part.node as usize];
        let (assumes, effort) = (inner.assumes, inner.effort);
        match inner.what {
            Test::Known(truth) => return self.known(!truth),
            // Said twice, and of the same counts: what is asked within it is asked of "the member".
            Test::Not(twice) if twice.at == At::Person || part.at == At::Both => return twice,
            Test::Not(twice) => return Ref { at: part.at, ..twice },
            _ => {}
        }
        let (about, at) = whom([&mut part]);
        self.truths.add(Test::Not(part), about, at, assumes, effort)
    }

    /// What does not hold where a condition does, with the negation as far inside as it will go.
    fn opposite(&mut self, part: Ref) -> Ref {
        let (parts, settles) = match &self.truths.all[part.node as usize].what {
            Test::All(parts) => (parts.clone(), Truth::Yes),
            Test::Either(parts) => (parts.clone(), Truth::No),
            _ => return self.not(part),
        };
        // Within it, the one count that it speaks of is always "the member".
        let seen = |one: Ref| {
            if one.at == At::Person || part.at == At::Both { one } else { Ref { at: part.at, ..one } }
        };
        let parts = parts.iter().map(|&one| self.not(seen(one))).collect();
        self.join(parts, settles)
    }

    /// A quantifier, for whom it is asked, whether it assumes something, and its effort.
    fn members(&mut self, written: &Quantified, every: bool, reading: Reading<'_>) -> (u32, At, bool, u32) {
        let reading = reading.inside();
        let mut settled = written.settled.as_deref().map(|part| self.truth(part, reading));
        let mut rest = written.rest.as_deref().map(|part| self.truth(part, reading));
        let assumes = |builder: &Self, part: Option<Ref>| {
            part.is_some_and(|part| builder.truths.all[part.node as usize].assumes)
        };
        let assuming = assumes(self, settled) || assumes(self, rest);
        let (turned, every) = (every && !assuming, every && assuming);
        if !assuming {
            let mut open: Vec<Ref> = [settled, rest].into_iter().flatten().collect();
            if turned {
                // Every member has it if none is without it.
                let whole = self.join(open, Truth::No);
                open = vec![self.opposite(whole)];
            }
            // With the parameters' values put in, more of it may be settled once a person.
            let mut parts: Vec<Ref> = Vec::new();
            while let Some(part) = open.pop() {
                match &self.truths.all[part.node as usize] {
                    Node { what: Test::All(inner), about: About::Two, .. } => open.extend(inner),
                    _ => parts.push(part),
                }
            }
            let (of_member, of_both): (Vec<Ref>, Vec<Ref>) =
                parts.into_iter().partition(|part| matches!(part.at, At::Person | At::Member));
            let all = |builder: &mut Self, parts: Vec<Ref>| {
                let joined = builder.join(parts, Truth::No);
                (builder.is_known(joined) != Some(Truth::Yes)).then_some(joined)
            };
            settled = all(self, of_member);
            rest = all(self, of_both);
        }
        // Members for which the part about them alone has this answer cannot matter.
        let drop = if !every {
            Some(Truth::No)
        } else if rest.is_none() {
            Some(Truth::Yes)
        } else {
            None
        };
        let list = self.lists.add(Collected { of: written.of, settled, drop });
        let effort = [settled, rest].into_iter().flatten();
        let effort = 20 + effort.map(|part| 3 * self.truths.all[part.node as usize].effort).sum::<u32>();
        let at = match rest {
            Some(Ref { at: At::Decided | At::Both, .. }) => At::Decided,
            _ => At::Person,
        };
        let shape = rest.filter(|_| !assuming).and_then(|rest| self.shape(rest));
        (self.quantifiers.add(Quantifier { list, rest, shape }), at, assuming, effort)
    }

    /// What is asked of a member beside the decided count, taken apart; nothing if it is of another kind.
    fn shape(&self, rest: Ref) -> Option<Shape> {
        let mut shape = Shape::default();
        let mut open = vec![rest];
        while let Some(part) = open.pop() {
            if part.at == At::Decided {
                shape.own.push(part);
                continue;
            }
            match &self.truths.all[part.node as usize].what {
                Test::All(parts) => open.extend(parts),
                Test::Flag(fact) => shape.flags.push(*fact),
                Test::Not(inner) => match self.truths.all[inner.node as usize].what {
                    Test::Flag(fact) if shape.other.is_none() => shape.other = Some(fact),
                    _ => return None,
                },
                Test::Dates(left, how, right) => {
                    let (member, how, decided) = match (left.at, right.at) {
                        (At::Member, At::Decided) => (*left, *how, *right),
                        (At::Decided, At::Member) => (*right, how.turned_round(), *left),
                        _ => return None,
                    };
                    if *shape.day.get_or_insert(member) != member {
                        return None;
                    }
                    shape.days.push((how, decided));
                }
                _ => return None,
            }
        }
        (shape.flags.len() <= 2).then_some(shape)
    }

    fn date(&mut self, written: &DateTerm, reading: Reading<'_>) -> Ref {
        let (about, at, assumes, effort, day) = match written {
            DateTerm::Fact(fact) => {
                let (about, at) = self.of_fact(*fact, reading);
                (about, at, false, 2, Day::Fact(fact.fact))
            }
            DateTerm::AsOf => (About::Person, At::Person, false, 0, Day::AsOf),
            DateTerm::Literal(day) => (About::Person, At::Person, false, 0, Day::On(*day)),
            DateTerm::Parameter(at) => {
                let day = match &reading.values[at.at()] {
                    Value::Date(day) => Day::On(*day),
                    _ => Day::Unknown,
                };
                (About::Person, At::Person, false, 0, day)
            }
            DateTerm::Moved { from, by, unit, back } => {
                let (mut from, mut by) = (self.date(from, reading), self.number(by, reading));
                let (about, at) = whom([&mut from, &mut by]);
                let (one, two) = (&self.dates.all[from.node as usize], &self.numbers.all[by.node as usize]);
                let (assumes, effort) = (one.assumes || two.assumes, one.effort + two.effort + 2);
                (about, at, assumes, effort, Day::Moved { from, by, unit: *unit, back: *back })
            }
            DateTerm::Either { one, other, later } => {
                let (mut one, mut other) = (self.date(one, reading), self.date(other, reading));
                let (about, at) = whom([&mut one, &mut other]);
                let (a, b) = (&self.dates.all[one.node as usize], &self.dates.all[other.node as usize]);
                let (assumes, effort) = (a.assumes || b.assumes, a.effort + b.effort + 1);
                (about, at, assumes, effort, Day::Either { one, other, later: *later })
            }
            DateTerm::Extreme { fact, members, latest } => {
                let (members, mut at, assumes, effort) = self.members(members, false, reading);
                let (about, of) = self.of_fact(*fact, reading.inside());
                let day = self.dates.add(Day::Fact(fact.fact), about, of, false, 2);
                if matches!(of, At::Decided | At::Both) {
                    at = At::Decided;
                }
                let about = if at == At::Person { About::Person } else { About::One };
                (about, at, assumes, effort, Day::Extreme { day, members, latest: *latest })
            }
        };
        self.dates.add(day, about, at, assumes, effort)
    }

    fn number(&mut self, written: &NumberTerm, reading: Reading<'_>) -> Ref {
        let (about, at, assumes, effort, number) = match written {
            NumberTerm::Literal(number) => (About::Person, At::Person, false, 0, Number::Known(*number)),
            NumberTerm::Parameter(at) => {
                let number = match &reading.values[at.at()] {
                    Value::Number(Some(number)) => Number::Known(*number),
                    _ => Number::Unknown,
                };
                (About::Person, At::Person, false, 0, number)
            }
            NumberTerm::Fact(fact) => {
                let (about, at) = self.of_fact(*fact, reading);
                (about, at, false, 3, Number::Fact(fact.fact))
            }
            NumberTerm::Between { unit, from, to } => {
                let (mut from, mut to) = (self.date(from, reading), self.date(to, reading));
                let (about, at) = whom([&mut from, &mut to]);
                let (one, two) = (&self.dates.all[from.node as usize], &self.dates.all[to.node as usize]);
                let (assumes, effort) = (one.assumes || two.assumes, one.effort + two.effort + 3);
                (about, at, assumes, effort, Number::Between { unit: *unit, from, to })
            }
            NumberTerm::Count { members, counted } => {
                let (members, at, assumes, effort) = self.members(members, false, reading);
                let about = if at == At::Person { About::Person } else { About::One };
                (about, at, assumes, effort, Number::Count { members, counted: *counted })
            }
        };
        self.numbers.add(number, about, at, assumes, effort)
    }

    /// The program, with a place for each answer that will be asked for more than once.
    pub(super) fn finish(mut self) -> Program {
        let places = Places::of(&self);
        let (mut of_person, mut of_count) = (Slots::default(), Slots::default());
        let mut place = |about: About, of: fn(&mut Slots) -> &mut u32| {
            let next = of(if about == About::Person { &mut of_person } else { &mut of_count });
            *next += 1;
            *next - 1
        };
        for (at, node) in self.truths.all.iter_mut().enumerate() {
            let leaf = matches!(node.what, Test::Known(_) | Test::Level(..));
            if !leaf && node.about != About::Two && places.truths[at] > 1 {
                node.slot = place(node.about, |slots| &mut slots.truths);
            }
        }
        for (at, node) in self.dates.all.iter_mut().enumerate() {
            let leaf = match node.what {
                Day::Unknown | Day::On(_) | Day::AsOf => true,
                Day::Fact(_) => node.about == About::Person,
                _ => false,
            };
            if !leaf && node.about != About::Two && places.dates[at] > 1 {
                node.slot = place(node.about, |slots| &mut slots.dates);
            }
        }
        for (at, node) in self.numbers.all.iter_mut().enumerate() {
            let leaf = matches!(node.what, Number::Unknown | Number::Known(_));
            if !leaf && node.about != About::Two && places.numbers[at] > 1 {
                node.slot = place(node.about, |slots| &mut slots.numbers);
            }
        }
        Program {
            truths: self.truths.all,
            dates: self.dates.all,
            numbers: self.numbers.all,
            quantifiers: self.quantifiers.0,
            lists: self.lists.0,
            plans: self.plans,
            of_person,
            of_count,
        }
    }
}

/// How often each node is asked for the same thing; two stands for "more than once".
struct Places {
    truths: Vec<u32>,
    dates: Vec<u32>,
    numbers: Vec<u32>,
}

impl Places {
    fn of(builder: &Builder<'_>) -> Self {
        let mut places = Self {
            truths: vec![0; builder.truths.all.len()],
            dates: vec![0; builder.dates.all.len()],
            numbers: vec![0; builder.numbers.all.len()],
        };
        // What speaks of the person alone is asked for each count again, and what speaks of one count alone for each pair.
        let times = |part: Ref, by: About| match by {
            About::Person => 1,
            About::One if part.at != At::Person => 1,
            _ => 2,
        };
        for node in &builder.truths.all {
            let by = node.about;
            match &node.what {
                Test::All(parts) | Test::Either(parts) => {
                    for &part in parts {
                        places.truths[part.node as usize] += times(part, by);
                    }
                }
                Test::Not(part) | Test::Assumed(part, _) => {
                    places.truths[part.node as usize] += times(*part, by);
                }
                Test::Dates(left, _, right) => {
                    for part in [left, right] {
                        places.dates[part.node as usize] += times(*part, by);
                    }
                }
                Test::Numbers(left, _, right) => {
                    for part in [left, right] {
                        places.numbers[part.node as usize] += times(*part, by);
                    }
                }
                _ => {}
            }
        }
        for node in &builder.dates.all {
            let by = node.about;
            match &node.what {
                Day::Moved { from, by: number, .. } => {
                    places.dates[from.node as usize] += times(*from, by);
                    places.numbers[number.node as usize] += times(*number, by);
                }
                Day::Either { one, other, .. } => {
                    for part in [one, other] {
                        places.dates[part.node as usize] += times(*part, by);
                    }
                }
                Day::Extreme { day, .. } => places.dates[day.node as usize] += 2,
                _ => {}
            }
        }
        for node in &builder.numbers.all {
            if let Number::Between { from, to, .. } = &node.what {
                for part in [from, to] {
                    places.dates[part.node as usize] += times(*part, node.about);
                }
            }
        }
        for quantifier in &builder.quantifiers.0 {
            if let Some(rest) = quantifier.rest {
                places.truths[rest.node as usize] += 2;
            }
        }
        for list in &builder.lists.0 {
            if let Some(settled) = list.settled {
                places.truths[settled.node as usize] += if settled.at == At::Person { 2 } else { 1 };
            }
        }
        for plan in &builder.plans {
            let asked = plan.rules.iter().flatten().chain([&plan.scope]);
            for &part in asked {
                places.truths[part.node as usize] += times(part, About::One);
            }
            for &part in plan.until.iter().flatten() {
                places.dates[part.node as usize] += times(part, About::One);
            }
        }
        places
    }
}
