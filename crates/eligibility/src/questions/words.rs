//! Questions and answers in words.

use super::trial::Effect;
use super::{Answers, Question};
use crate::determination::Determination;
use crate::engine::Worker;
use crate::evidence::{EvidenceFact, Stated};
use crate::prepared::Prepared;
use std::fmt::Write as _;
use vacatur_policy::{Missing, MissingSet};
use vacatur_records::{DateSpan, FindingKind, Gap, NumberSpan, add_days};

/// What the words of a question are made of.
pub(super) struct Words<'q, 'p, 'a, 'e> {
    pub(super) prepared: &'q Prepared<'p, 'a>,
    pub(super) determination: &'q Determination<'e>,
    pub(super) missing: Missing,
}

impl Words<'_, '_, '_, '_> {
    /// A question to which no file of evidence can hold the answer.
    pub(super) fn without_answers(&self) -> Question {
        let text = match self.missing {
            Missing::UnusableRow => {
                let person = self.prepared.person;
                let rows = "What stands in the rows that could not be used? See rejects.csv";
                let records = "Is the court's record that was linked in doubt this person's? See review-links.csv of the linked folder";
                match person.possible as usize {
                    0 => rows.to_owned(),
                    possible if possible < person.rejected.len() => format!("{records}. {rows}"),
                    _ => records.to_owned(),
                }
            }
            other => format!("What is the {}?", other.name()),
        };
        let count = self.determination.count;
        Question { decided: count, count, fact: self.missing.name(), text, answers: String::new() }
    }

    /// A question whose answers cannot be listed: what it may come to is what the determination says.
    pub(super) fn in_words(&self, worker: &Worker<'_>, fact: EvidenceFact, count: u32) -> Question {
        let number = worker.section_number(self.prepared, self.determination.count);
        let what = match fact {
            EvidenceFact::Section => "the section as it stands in the court's file",
            EvidenceFact::County => "the county as it stands in the court's file",
            _ => "what stands in the court's file",
        };
        let may: Vec<String> =
            self.determination.would_be(number).map(|(outcome, reason)| decided(&outcome, &reason)).collect();
        let answers = format!("{what} decides between: {}", may.join(" | "));
        self.asked(worker, fact, count, answers)
    }

    /// A question with what each answer would do.
    pub(super) fn question(&self, worker: &Worker<'_>, asked: &Answers) -> Question {
        let Answers { fact, count, effects, bounds, .. } = asked;
        let number = worker.section_number(self.prepared, self.determination.count);
        let mut answers = String::new();
        for (at, (says, effect)) in effects.iter().enumerate() {
            if at > 0 {
                answers.push_str(" | ");
            }
            let place = Place { first: at == 0 && !bounds.0, last: at + 1 == effects.len() && !bounds.1 };
            let before = at.checked_sub(1).and_then(|at| effects.get(at)).map(|(says, _)| says);
            let _ =
                write!(answers, "{}: {}", answer(*fact, says, before, place), self.effect(*effect, number));
        }
        self.asked(worker, *fact, *count, answers)
    }

    fn asked(&self, worker: &Worker<'_>, fact: EvidenceFact, count: u32, answers: String) -> Question {
        let text = self.text(worker, fact, count).to_owned();
        Question { decided: self.determination.count, count, fact: fact.name(), text, answers }
    }

    fn text(&self, worker: &Worker<'_>, fact: EvidenceFact, count: u32) -> &'static str {
        let ready = &self.prepared.ready[count as usize];
        let recorded = &self.prepared.person.counts[count as usize];
        let contradicted = |gap: Option<Gap>| gap == Some(Gap::Conflict);
        match fact {
            EvidenceFact::ConvictionDate if contradicted(ready.date.gap) => {
                "Dates in the record contradict one another. On what day was the person convicted?"
            }
            EvidenceFact::ConvictionDate => "On what day was the person convicted?",
            EvidenceFact::OffenceDate => "On what day was the offence committed?",
            EvidenceFact::BirthDate if contradicted(self.prepared.birth.gap) => {
                "Dates in the record contradict one another. On what day was the person born?"
            }
            EvidenceFact::BirthDate => "On what day was the person born?",
            EvidenceFact::Level => "Was the conviction a felony, a misdemeanor or an infraction?",
            EvidenceFact::Section if ready.other.is_some() => {
                "The record names more than one section. Which code section, with its subdivision, was the conviction for?"
            }
            EvidenceFact::Section if worker.is_attempt_or_conspiracy(self.prepared, count) => {
                "The record names an attempt or a conspiracy, and whether that counts here is a question of law. Which code section, with its subdivision, was the conviction for?"
            }
            EvidenceFact::Section => "Which code section, with its subdivision, was the conviction for?",
            EvidenceFact::County => "In which county was the court?",
            EvidenceFact::Disposition if recorded.convicted.value.is_unknown() => {
                "Did this count end in a conviction?"
            }
            EvidenceFact::Disposition => {
                "The record may hold a relief from this conviction, and it is unclear whether it is for this count. Was any relief granted from it?"
            }
            EvidenceFact::Sentence => "On what day was, or will be, the sentence completed?",
            EvidenceFact::RegistrationDate => "On what day was the person registered?",
            EvidenceFact::Death => "Has the person died?",
            EvidenceFact::Found(FindingKind::Weight) => {
                "How many grams of cannabis, other than concentrate, was it?"
            }
            EvidenceFact::Found(FindingKind::Concentrate) => {
                "How many grams of concentrated cannabis was it?"
            }
            EvidenceFact::Found(FindingKind::Plants) => "How many living plants were there?",
            EvidenceFact::Found(FindingKind::Paid) => "Are all fines, fees and restitution paid?",
            EvidenceFact::Found(FindingKind::Minor) => "Was a buyer or helper under 18?",
            EvidenceFact::Found(FindingKind::Import) => {
                "Was it brought into the state, or out of it for sale?"
            }
            EvidenceFact::Found(FindingKind::Environment) => {
                "Was the environment harmed in a way that the statute names?"
            }
        }
    }

    fn effect(&self, effect: Effect, number: &str) -> String {
        let policy = self.determination.compiled().policy();
        match effect {
            Effect::Nothing => "nothing to decide".into(),
            Effect::Contradicts => "still a review: it contradicts the record".into(),
            Effect::Decided(rule) => {
                let reason = policy.reason(rule, self.determination.compiled().values(), number);
                decided(&policy.rule(rule).outcome.to_string(), &reason)
            }
            Effect::Open(missing) => {
                let others = missing.without(MissingSet::of(self.missing));
                let again = missing.has(self.missing).then(|| format!("another {}", self.missing.name()));
                let needs: Vec<String> =
                    again.into_iter().chain(others.iter().map(|other| other.name().to_owned())).collect();
                format!("still a review: also needs {}", needs.join("; "))
            }
        }
    }
}

/// `dismiss "50 years or older"`; `refer to "City Attorneys", "Misdemeanor or Infraction"`.
fn decided(outcome: &str, reason: &str) -> String {
    if reason.is_empty() {
        return outcome.to_owned();
    }
    let comma = if outcome.ends_with('"') { "," } else { "" };
    format!("{outcome}{comma} \"{reason}\"")
}

/// Where an answer stands among the answers: whether anything lies before it, and anything after it. Where the record
/// itself draws the line, what lies beyond would contradict it.
#[derive(Clone, Copy)]
struct Place {
    first: bool,
    last: bool,
}

/// An answer as somebody would give it: `felony`, `before 2016-11-09`, `more than 28.5 g`.
fn answer(fact: EvidenceFact, says: &Stated, before: Option<&Stated>, place: Place) -> String {
    match says {
        Stated::Level(level) => level.word().into(),
        Stated::Flag(yes) => if *yes { "yes" } else { "no" }.into(),
        Stated::Disposition { convicted: false, .. } => "not convicted".into(),
        Stated::Disposition { unrelieved: false, .. } => "convicted".into(),
        Stated::Disposition { unrelieved: true, .. } => "convicted, no relief".into(),
        Stated::Section(text) | Stated::County(text) => text.as_str().into_owned(),
        Stated::Date(days) => day(*days, place),
        Stated::Number(amount) if fact == EvidenceFact::Found(FindingKind::Plants) => plants(*amount, place),
        Stated::Number(amount) => {
            let least_before = match before {
                Some(Stated::Number(before)) => before.most,
                _ => 0,
            };
            grams(*amount, least_before, place)
        }
    }
}

fn day(days: DateSpan, Place { first, last }: Place) -> String {
    let (from, to) = (days.earliest(), days.latest());
    match (first, last) {
        (true, true) => "any day".into(),
        (true, false) => format!("before {}", add_days(to, 1)),
        (false, true) => format!("on or after {from}"),
        (false, false) if from == to => format!("on {from}"),
        (false, false) => format!("{from} to {to}"),
    }
}

fn plants(NumberSpan { least, most }: NumberSpan, Place { first, last }: Place) -> String {
    match (first, last) {
        (true, true) => "any number".into(),
        (_, true) => format!("{least} or more"),
        _ if least == most => format!("{least}"),
        (true, false) => format!("up to {most}"),
        (false, false) => format!("{least} to {most}"),
    }
}

/// Spans of milligrams in grams. A limit is written as the rounder of its two sides: `more than 28.5 g`, not
/// `28.501 g or more`.
fn grams(NumberSpan { least, most }: NumberSpan, before: i32, Place { first, last }: Place) -> String {
    let rounder =
        |one: i32, other: i32| vacatur_records::grams(one).len() <= vacatur_records::grams(other).len();
    let from = if rounder(before, least) {
        format!("more than {} g", vacatur_records::grams(before))
    } else {
        format!("{} g or more", vacatur_records::grams(least))
    };
    let next = most.saturating_add(1);
    let to = if rounder(most, next) {
        format!("up to {} g", vacatur_records::grams(most))
    } else {
        format!("less than {} g", vacatur_records::grams(next))
    };
    match (first, last) {
        (true, true) => "any weight".into(),
        (true, false) => to,
        (false, true) => from,
        (false, false) => format!("{from} and {to}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_written_as_their_rounder_side() {
        let (first, last) = (Place { first: true, last: false }, Place { first: false, last: true });
        let between = Place { first: false, last: false };
        let span = |least, most| NumberSpan { least, most };
        assert_eq!(grams(span(0, 28_500), 0, first), "up to 28.5 g");
        assert_eq!(grams(span(28_501, i32::MAX), 28_500, last), "more than 28.5 g");
        assert_eq!(grams(span(0, 3_999), 0, first), "less than 4 g");
        assert_eq!(grams(span(4_000, 8_000), 3_999, between), "4 g or more and up to 8 g");
        assert_eq!(plants(span(0, 6), first), "up to 6");
        assert_eq!(plants(span(7, i32::MAX), last), "7 or more");
        assert_eq!(plants(span(0, 0), first), "0");
    }

    #[test]
    fn spans_of_days() {
        let of = |a: &str, b: &str| DateSpan::between(a.parse().unwrap(), b.parse().unwrap()).unwrap();
        let place = |first, last| Place { first, last };
        assert_eq!(day(of("1850-01-01", "2016-11-08"), place(true, false)), "before 2016-11-09");
        assert_eq!(day(of("2016-11-09", "2020-01-01"), place(false, true)), "on or after 2016-11-09");
        assert_eq!(day(of("2001-02-03", "2004-05-06"), place(false, false)), "2001-02-03 to 2004-05-06");
    }

    #[test]
    fn an_outcome_and_its_reason() {
        assert_eq!(decided("dismiss", "50 years or older"), "dismiss \"50 years or older\"");
        assert_eq!(
            decided("refer to \"City Attorneys\"", "Misdemeanor"),
            "refer to \"City Attorneys\", \"Misdemeanor\""
        );
        assert_eq!(decided("out of scope", ""), "out of scope");
    }
}
