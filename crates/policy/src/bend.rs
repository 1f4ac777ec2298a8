//! Bends single facts of a history: a section, a flag, a day, a number.

use crate::SetIx;
use crate::cases::CaseCharge;
use crate::expression::{Compare, DateTerm, FactRef, NumberTerm, Unit};
use crate::grammar::BEGINNINGS;
use crate::parameters::Value;
use crate::witness::{Maker, part};
use vacatur_records::{Date, DateSpan, FindingKind, ReliefKind, add_days, add_months, add_years};

impl Maker<'_> {
    pub(crate) fn section(&mut self, fact: &FactRef, set: SetIx, want: bool, of: usize) {
        let examples = (self.examples)(set);
        let text = if want {
            if examples.is_empty() {
                return;
            }
            examples[self.random.usize(..examples.len())].clone()
        } else {
            let other = self.random.usize(..self.policy.sets.len() + 1);
            let others =
                if other < self.policy.sets.len() { (self.examples)(SetIx(other as u16)) } else { &[] };
            let others: Vec<&String> = others.iter().filter(|text| !examples.contains(text)).collect();
            match others.len() {
                0 => "PC 459".into(),
                some => others[self.random.usize(..some)].clone(),
            }
        };
        if self.name(fact.fact).scope == crate::Scope::Registration {
            if let Some(registered) = self.case.registered.get_mut(of) {
                registered.0 = text;
            }
            return;
        }
        let at = self.whose(fact, of);
        self.case.charges[at].offence = text;
    }

    pub(crate) fn label(&mut self, fact: &FactRef, label: &str, want: bool, of: usize) {
        let (at, name) = (self.whose(fact, of), self.name(fact.fact).name);
        let day = self.case.charges[at].date.known().unwrap_or(self.case.as_of);
        let charge = &mut self.case.charges[at];
        match name {
            "sentence" if want => {
                let kind = match label {
                    "prison" => "prison",
                    "jail" => "jail",
                    _ => "probation",
                };
                charge.sentence.get_or_insert_default().push(part(1, "years", kind));
            }
            "sentence" => {
                charge.sentence =
                    Some(vec![part(1, "years", if label == "jail" { "prison" } else { "jail" })])
            }
            "ended" if want => {
                if let Some((words, ..)) = BEGINNINGS.iter().find(|(_, _, ended)| *ended == Some(label)) {
                    begins(charge, words);
                }
            }
            "ended" => begins(charge, "convicted of"),
            _ if want => {
                let by = (ReliefKind::Vacated, label.to_owned(), DateSpan::on(add_months(day, 30)));
                charge.relief = Some(by);
            }
            _ => charge.relief = None,
        }
    }

    pub(crate) fn flag(&mut self, fact: &FactRef, want: bool, of: usize) {
        let name = self.name(fact.fact).name;
        if name == "deceased" {
            self.case.died = want.then(|| DateSpan::on(add_days(self.case.as_of, -90)));
            return;
        }
        let at = self.whose(fact, of);
        let decided = self.case.charges[0].clone();
        let charge = &mut self.case.charges[at];
        let prefixed = |text: &str, prefix: &str| {
            let bare = text.trim_start_matches("664/").trim_start_matches("182/").to_owned();
            if want { format!("{prefix}{bare}") } else { bare }
        };
        let mut found = |kind| {
            charge.findings.retain(|(other, _)| *other != kind);
            charge.findings.push((kind, i32::from(want)));
        };
        match name {
            "attempt" => charge.offence = prefixed(&charge.offence, "664/"),
            "conspiracy" => charge.offence = prefixed(&charge.offence, "182/"),
            "same-case" if at > 0 => charge.same_case = want.then(|| decided.label.clone()),
            "same-cycle" if at > 0 => charge.same_cycle = want.then(|| decided.label.clone()),
            "same-section" if at > 0 => {
                charge.offence = if want { decided.offence.clone() } else { "PC 459".into() };
            }
            "earlier" if at > 0 => {
                if let Some(day) = decided.date.known() {
                    charge.date = DateSpan::on(add_days(day, if want { -30 } else { 30 }));
                }
            }
            "convicted" => begins(charge, if want { "convicted of" } else { "dismissed" }),
            "arrest" => begins(charge, if want { "arrested for" } else { "convicted of" }),
            "open" => begins(charge, if want { "charged with" } else { "convicted of" }),
            "revoked" => charge.revoked = want,
            "paid" => found(FindingKind::Paid),
            "buyer-under-18" => found(FindingKind::Minor),
            "imported" => found(FindingKind::Import),
            "environmental-harm" => found(FindingKind::Environment),
            _ => {}
        }
    }

    pub(crate) fn dates(&mut self, left: &DateTerm, how: Compare, right: &DateTerm, want: bool, of: usize) {
        // The day itself and its neighbours are where documents differ.
        let step = [1, 1, 1, 30, 400, 4_000][self.random.usize(..6)];
        let offset = match (how, want) {
            (Compare::Less, true) | (Compare::AtLeast, false) => -step,
            (Compare::More, true) | (Compare::AtMost, false) => step,
            (Compare::AtMost, true) | (Compare::More, false) => [0, 0, -step][self.random.usize(..3)],
            (Compare::AtLeast, true) | (Compare::Less, false) => [0, 0, step][self.random.usize(..3)],
            (Compare::Equal, true) | (Compare::NotEqual, false) => 0,
            (Compare::Equal, false) | (Compare::NotEqual, true) => [step, -step][self.random.usize(..2)],
        };
        // One side is moved to where the other stands; which one is a matter of luck.
        let move_left = self.random.bool();
        for turn in [move_left, !move_left] {
            let (moved, fixed, offset) = if turn { (left, right, offset) } else { (right, left, -offset) };
            if let Some(fixed) = self.day(fixed, of)
                && self.move_to(moved, add_days(fixed, offset), of)
            {
                return;
            }
        }
    }

    /// What a day comes to in the history as it stands.
    fn day(&self, term: &DateTerm, of: usize) -> Option<Date> {
        match term {
            DateTerm::Fact(fact) => self.fact_day(fact, of),
            DateTerm::AsOf => Some(self.case.as_of),
            DateTerm::Literal(day) => Some(*day),
            DateTerm::Parameter(at) => match &self.values[at.at()] {
                Value::Date(day) => Some(*day),
                _ => None,
            },
            DateTerm::Moved { from, by, unit, back } => {
                let by = self.number(by)?;
                Some(shift(self.day(from, of)?, if *back { -by } else { by }, *unit))
            }
            DateTerm::Either { one, other, later } => {
                let (one, other) = (self.day(one, of)?, self.day(other, of)?);
                Some(if *later { one.max(other) } else { one.min(other) })
            }
            DateTerm::Extreme { fact, latest, .. } => {
                let days = (0..self.case.charges.len()).filter_map(|at| self.fact_day(fact, at));
                if *latest { days.max() } else { days.min() }
            }
        }
    }

    fn fact_day(&self, fact: &FactRef, of: usize) -> Option<Date> {
        let def = self.name(fact.fact);
        if def.scope == crate::Scope::Registration {
            return self.case.registered.get(of)?.1.known();
        }
        let charge = &self.case.charges[self.whose(fact, of)];
        match def.name {
            "birth-date" => self.case.born?.known(),
            "offence-date" | "arrest-date" => charge.arrested?.known(),
            "completed" | "released" => {
                let first = charge.sentence.as_ref()?.first()?;
                let unit = match first.unit.as_str() {
                    "days" => Unit::Days,
                    "months" => Unit::Months,
                    _ => Unit::Years,
                };
                Some(shift(charge.date.known()?, first.length, unit))
            }
            _ => charge.date.known(),
        }
    }

    /// Moves the fact inside a day so that the day comes to `to`; no where it has none that can be moved.
    fn move_to(&mut self, term: &DateTerm, to: Date, of: usize) -> bool {
        match term {
            DateTerm::Fact(fact) => self.set_day(fact, to, of),
            DateTerm::AsOf | DateTerm::Literal(_) | DateTerm::Parameter(_) => false,
            DateTerm::Moved { from, by, unit, back } => {
                let Some(by) = self.number(by) else { return false };
                self.move_to(from, shift(to, if *back { by } else { -by }, *unit), of)
            }
            DateTerm::Either { one, other, .. } => {
                let first = self.random.bool();
                let (one, other) = if first { (one, other) } else { (other, one) };
                self.move_to(one, to, of) || self.move_to(other, to, of)
            }
            DateTerm::Extreme { fact, .. } => {
                let at = self.random.usize(..self.case.charges.len());
                self.set_day(fact, to, at)
            }
        }
    }

    fn set_day(&mut self, fact: &FactRef, to: Date, of: usize) -> bool {
        let def = self.name(fact.fact);
        if def.scope == crate::Scope::Registration {
            if let Some(registered) = self.case.registered.get_mut(of) {
                registered.1 = DateSpan::on(to);
            }
            return true;
        }
        let at = self.whose(fact, of);
        let as_of = self.case.as_of;
        let charge = &mut self.case.charges[at];
        match def.name {
            "birth-date" => self.case.born = Some(DateSpan::on(to)),
            "offence-date" | "arrest-date" => {
                charge.arrested = Some(DateSpan::on(to));
                if charge.date.known().is_some_and(|day| day < to) {
                    charge.date = DateSpan::on(add_days(to, 60).min(as_of));
                }
            }
            "completed" | "released" => {
                let kind = if def.name == "released" { "jail" } else { "probation" };
                let start = match charge.date.known() {
                    Some(day) if day < to => day,
                    _ => add_days(to, -365).min(as_of),
                };
                charge.date = DateSpan::on(start);
                let days = to.since(start).map_or(0, |span| span.get_days());
                charge.sentence = Some(vec![part(days, "days", kind)]);
            }
            _ => {
                charge.date = DateSpan::on(to);
                if charge.arrested.and_then(DateSpan::known).is_some_and(|day| day > to) {
                    charge.arrested = Some(DateSpan::on(add_days(to, -60)));
                }
            }
        }
        true
    }

    fn number(&self, term: &NumberTerm) -> Option<i32> {
        match term {
            NumberTerm::Literal(number) => Some(*number),
            NumberTerm::Parameter(at) => match &self.values[at.at()] {
                Value::Number(number) => *number,
                _ => None,
            },
            _ => None,
        }
    }

    pub(crate) fn numbers(
        &mut self,
        left: &NumberTerm,
        how: Compare,
        right: &NumberTerm,
        want: bool,
        of: usize,
        plain: bool,
    ) {
        let (term, how, number) = match (self.number(left), self.number(right)) {
            (None, Some(number)) => (left, how, number),
            (Some(number), None) => (right, turned(how), number),
            _ => return,
        };
        let target = match (how, want) {
            (Compare::Less, true) | (Compare::AtLeast, false) => number - 1,
            (Compare::More, true) | (Compare::AtMost, false) => number + 1,
            (Compare::Equal, false) | (Compare::NotEqual, true) => number + 1,
            _ => number,
        };
        match term {
            NumberTerm::Fact(fact) => self.found(fact, target.max(0), of),
            NumberTerm::Count { members, .. } => {
                if target <= 0 {
                    self.members(members, false, 0, plain);
                } else {
                    self.members(members, true, target as usize, plain);
                }
            }
            NumberTerm::Between { unit, from, to } => {
                // On the day on which the number is full, the day before, or some time after.
                let offset = [0, 0, -1, 1, 100][self.random.usize(..5)];
                let (start, end) = (self.day(from, of), self.day(to, of));
                let moved = end
                    .is_some_and(|end| self.move_to(from, add_days(shift(end, -target, *unit), -offset), of));
                if !moved && let Some(start) = start {
                    self.move_to(to, add_days(shift(start, target, *unit), offset), of);
                }
            }
            NumberTerm::Literal(_) | NumberTerm::Parameter(_) => {}
        }
    }

    fn found(&mut self, fact: &FactRef, value: i32, of: usize) {
        let kind = match self.name(fact.fact).name {
            "weight" => FindingKind::Weight,
            "concentrate" => FindingKind::Concentrate,
            "plants" => FindingKind::Plants,
            _ => return,
        };
        let at = self.whose(fact, of);
        let findings = &mut self.case.charges[at].findings;
        findings.retain(|(other, _)| *other != kind);
        findings.push((kind, value));
    }
}

/// Makes a count one that begins with these words in a test: how it ended follows from them, as when it is read.
fn begins(charge: &mut CaseCharge, words: &str) {
    if let Some((_, kind, ended)) = BEGINNINGS.iter().find(|(known, ..)| *known == words) {
        (charge.kind, charge.ended) = (*kind, *ended);
    }
}

fn shift(day: Date, by: i32, unit: Unit) -> Date {
    match unit {
        Unit::Days => add_days(day, by),
        Unit::Months => add_months(day, by),
        Unit::Years => add_years(day, by),
    }
}

/// The comparison with its sides exchanged.
fn turned(how: Compare) -> Compare {
    match how {
        Compare::Less => Compare::More,
        Compare::AtMost => Compare::AtLeast,
        Compare::AtLeast => Compare::AtMost,
        Compare::More => Compare::Less,
        same => same,
    }
}
