//! Mutants of a condition, from its words.

use super::joined::{self, Group};
use super::{Maker, MutantKind};
use crate::lex::{Kind, Token};
use crate::vocabulary::{FactKind, Scope};
use std::ops::Range;

/// Comparisons and their neighbours. Where one begins another, the longer stands first.
const COMPARISONS: [(&[&str], &str, MutantKind); 18] = [
    (&["is", "on", "or", "before"], "is before", MutantKind::DayBoundary),
    (&["is", "on", "or", "after"], "is after", MutantKind::DayBoundary),
    (&["on", "or", "before"], "before", MutantKind::DayBoundary),
    (&["on", "or", "after"], "after", MutantKind::DayBoundary),
    (&["is", "before"], "is on or before", MutantKind::DayBoundary),
    (&["is", "after"], "is on or after", MutantKind::DayBoundary),
    (&["before"], "on or before", MutantKind::DayBoundary),
    (&["after"], "on or after", MutantKind::DayBoundary),
    (&["is", "at", "least"], ">", MutantKind::NumberBoundary),
    (&["is", "at", "most"], "<", MutantKind::NumberBoundary),
    (&["is", "more", "than"], ">=", MutantKind::NumberBoundary),
    (&["is", "less", "than"], "<=", MutantKind::NumberBoundary),
    (&["more", "than"], ">=", MutantKind::NumberBoundary),
    (&["less", "than"], "<=", MutantKind::NumberBoundary),
    (&["at", "least"], ">", MutantKind::NumberBoundary),
    (&["at", "most"], "<", MutantKind::NumberBoundary),
    (&["is"], "is not", MutantKind::Comparison),
    (&["on"], "before", MutantKind::Comparison),
];

/// The same in signs, which compare numbers too: [`Maker::sign`].
const SIGNS: [(Kind, &str, MutantKind); 5] = [
    (Kind::Less, "<=", MutantKind::DayBoundary),
    (Kind::AtMost, "<", MutantKind::DayBoundary),
    (Kind::More, ">=", MutantKind::DayBoundary),
    (Kind::AtLeast, ">", MutantKind::DayBoundary),
    (Kind::Equal, "is not", MutantKind::Comparison),
];

/// Words that stand for one another wherever they are found in a condition.
const WORDS: [(&str, &str, MutantKind); 8] = [
    ("years", "months", MutantKind::Move),
    ("year", "month", MutantKind::Move),
    ("months", "years", MutantKind::Move),
    ("month", "year", MutantKind::Move),
    ("days", "months", MutantKind::Move),
    ("day", "month", MutantKind::Move),
    ("plus", "minus", MutantKind::Move),
    ("minus", "plus", MutantKind::Move),
];

/// Words about which members are meant, and others that could stand there.
const MEANT: [(&[&str], &[&str]); 9] = [
    (&["before", "the", "offence"], &["before the conviction", "ever"]),
    (&["before", "the", "conviction"], &["before the offence", "ever"]),
    (&["on", "the", "same", "day"], &["of the case", "of the cycle"]),
    (&["of", "the", "case"], &["of the cycle", "on the same day"]),
    (&["of", "the", "cycle"], &["of the case"]),
    (&["ever"], &["before the conviction"]),
    (&["other"], &[""]),
    (&["cases", "with", "a"], &["", "days with a"]),
    (&["days", "with", "a"], &["", "cases with a"]),
];

/// Words before a parenthesis that pick one of several days.
const PICKED: [(&str, &str); 4] =
    [("latest", "earliest"), ("earliest", "latest"), ("later", "earlier"), ("earlier", "later")];

/// The collections that have the same facts.
const COLLECTIONS: [(&str, &str); 4] = [
    ("conviction", "charge"),
    ("convictions", "charges"),
    ("charge", "conviction"),
    ("charges", "convictions"),
];

const LEVELS: [&str; 3] = ["felony", "misdemeanor", "infraction"];

/// Words that open the condition on the members of a collection.
pub(super) const OPENING: [&str; 2] = ["where", "has"];

/// How far from its quantifier a `where` may stand: `any other conviction of the case before the offence where`.
const QUANTIFIER_REACH: usize = 9;

/// The text that takes the place of a text which no list tells alternatives of. No provision and no county is so called.
const NO_TEXT: &str = "nothing";

/// Where a word stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    /// In a condition, where a fact has its first word.
    Condition,
    /// In a definition: a fact without its first word is that of whatever the definition is said of, mostly the
    /// conviction decided.
    Definition,
    /// After `where` or `has`: a fact without its first word is that of the member looked at.
    Members,
}

impl Within {
    fn of(definition: bool) -> Self {
        if definition { Self::Definition } else { Self::Condition }
    }
}

/// The words of one condition.
pub(super) struct Words<'t>(&'t [Token]);

impl Words<'_> {
    /// How many there are, the end among them.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn is(&self, at: usize, word: &str) -> bool {
        self.get(at) == Some(word)
    }

    fn get(&self, at: usize) -> Option<&str> {
        match self.0.get(at).map(|token| &token.kind) {
            Some(Kind::Word(word)) => Some(word),
            _ => None,
        }
    }

    fn before(&self, at: usize) -> Option<&str> {
        at.checked_sub(1).and_then(|at| self.get(at))
    }

    pub(super) fn kind(&self, at: usize) -> Option<&Kind> {
        self.0.get(at).map(|token| &token.kind)
    }

    fn span(&self, from: usize, to: usize) -> Range<usize> {
        let last = self.0.len() - 1;
        self.0[from.min(last)].span.start..self.0[to.min(last)].span.end
    }

    /// The first word from `at` on that is one of `words`, not too far away.
    pub(super) fn soon(&self, at: usize, words: &[&str]) -> Option<usize> {
        (at..at + QUANTIFIER_REACH).find(|&at| self.get(at).is_some_and(|word| words.contains(&word)))
    }

    pub(super) fn is_quantifier(&self, at: usize) -> bool {
        matches!(self.get(at), Some("any" | "no" | "every")) && self.soon(at + 1, &OPENING).is_some()
    }

    /// Whether an `or` joins conditions: that of `on or before` does not.
    pub(super) fn joins(&self, at: usize) -> bool {
        self.is(at, "and") || self.is(at, "or") && self.before(at) != Some("on")
    }
}

impl Maker<'_, '_> {
    /// The mutants of a condition; `tokens` end with [`Kind::End`].
    /// The mutants of a condition. In a definition facts have no first word, from its beginning on.
    pub(super) fn condition(&mut self, tokens: &[Token], definition: bool) {
        if tokens.is_empty() {
            return;
        }
        let words = Words(tokens);
        self.joinings(&words);
        let (mut at, mut registrations, mut within) = (0, false, Within::of(definition));
        while at < tokens.len() {
            let token = &tokens[at];
            let span = token.span.clone();
            match &token.kind {
                Kind::Number(number) => self.number(*number, &span),
                Kind::Decimal(thousandths) => {
                    for other in [thousandths + 1, thousandths - 1] {
                        let other = format!("{}.{:03}", other / 1_000, other % 1_000);
                        self.replace(MutantKind::Number, span.clone(), other);
                    }
                }
                Kind::Date(day) => self.day(*day, &span, MutantKind::Day),
                Kind::Text(text) => self.text(&words, at, text),
                Kind::Word(word) => {
                    if OPENING.contains(&word.as_str()) {
                        within = Within::Members;
                    }
                    if within_a_collection(&words, at) {
                        registrations = word.starts_with("registration");
                    }
                    at += self.word(&words, at, within, registrations);
                    continue;
                }
                sign => self.sign(&words, at, sign),
            }
            at += 1;
        }
    }

    fn number(&mut self, number: i32, span: &Range<usize>) {
        for other in [number.checked_add(1), number.checked_sub(1)].into_iter().flatten() {
            // The language has no sign for a number below zero.
            if other >= 0 {
                self.replace(MutantKind::Number, span.clone(), other.to_string());
            }
        }
    }

    /// A day becomes the one before and the one after it.
    pub(super) fn day(&mut self, day: vacatur_records::Date, span: &Range<usize>, kind: MutantKind) {
        for other in [day.yesterday(), day.tomorrow()].into_iter().flatten() {
            self.replace(kind, span.clone(), other.to_string());
        }
    }

    fn sign(&mut self, words: &Words<'_>, at: usize, sign: &Kind) {
        let Some((_, other, kind)) = SIGNS.iter().find(|(known, ..)| known == sign) else { return };
        let number = match words.kind(at + 1) {
            Some(Kind::Number(_)) => true,
            Some(Kind::Word(word)) => {
                self.names.numbers.contains(word) || matches!(word.as_str(), "years" | "count")
            }
            _ => false,
        };
        let kind = match kind {
            MutantKind::DayBoundary if number => MutantKind::NumberBoundary,
            kind => *kind,
        };
        self.replace(kind, words.span(at, at), *other);
    }

    fn text(&mut self, words: &Words<'_>, at: usize, text: &str) {
        let span = words.span(at, at);
        // `NAME is "…"`, `NAME is not "…"`
        let back = if words.before(at) == Some("not") { 3 } else { 2 };
        let name = at.checked_sub(back).and_then(|at| words.get(at));
        let choices = self.names.choices.iter().find(|(known, _)| name == Some(known)).map(|(_, of)| of);
        match choices.cloned() {
            Some(of) => {
                for other in of.iter().filter(|other| *other != text) {
                    self.replace(MutantKind::Choice, span.clone(), format!("\"{other}\""));
                }
            }
            None => self.replace(MutantKind::Text, span, format!("\"{NO_TEXT}\"")),
        }
    }

    /// The mutants of the word at `at`, and how many words they are about.
    fn word(&mut self, words: &Words<'_>, at: usize, within: Within, registrations: bool) -> usize {
        let Some(word) = words.get(at) else { return 1 };
        let here = words.span(at, at);
        if word == "if" && words.is(at + 1, "unknown") {
            return self.assumed(words, at);
        }
        if words.is_quantifier(at) {
            self.quantifier(words, at);
            return 1;
        }
        let stands =
            |phrase: &[&str]| phrase.iter().enumerate().all(|(ahead, part)| words.is(at + ahead, part));
        if let Some((phrase, others)) = MEANT.iter().find(|(phrase, _)| stands(phrase)) {
            for other in *others {
                self.replace(MutantKind::Collection, words.span(at, at + phrase.len() - 1), *other);
            }
            return phrase.len();
        }
        if let Some((_, other)) = PICKED.iter().find(|(known, _)| *known == word)
            && words.kind(at + 1) == Some(&Kind::Open)
        {
            self.replace(MutantKind::Fact, here, *other);
            return 1;
        }
        if let Some((_, other)) = COLLECTIONS.iter().find(|(known, _)| *known == word)
            && within_a_collection(words, at)
        {
            self.replace(MutantKind::Collection, here, *other);
            return 1;
        }
        if word == "not" {
            let kind = if words.is(at + 1, "in") { MutantKind::Membership } else { MutantKind::Negation };
            let gap = here.start..words.span(at + 1, at + 1).start;
            let says = "`not` is left out".to_owned();
            self.change(kind, gap, String::new(), says);
            return 1;
        }
        if word == "in" {
            if words.before(at) != Some("not") {
                self.replace(MutantKind::Membership, here, "not in");
            }
            self.set(words, at + 1);
            return 2;
        }
        // `NAME is set`, `NAME is not …`: a `not` is put before the name, or taken out by itself.
        if word == "is" && words.is(at + 1, "set") {
            if let Some(from) = at.checked_sub(1) {
                let span = words.span(from, at + 1);
                let text = self.document.get(span.clone()).unwrap_or("").to_owned();
                self.replace(MutantKind::Negation, span, format!("not {text}"));
            }
            return 2;
        }
        if word == "is" && words.is(at + 1, "not") {
            return 1;
        }
        let comparison = COMPARISONS
            .iter()
            .find(|(phrase, ..)| phrase.iter().enumerate().all(|(ahead, part)| words.is(at + ahead, part)));
        if let Some((phrase, other, kind)) = comparison {
            self.replace(*kind, words.span(at, at + phrase.len() - 1), *other);
            return phrase.len();
        }
        // `years from` is a number and no unit.
        if let Some((_, other, kind)) = WORDS.iter().find(|(known, ..)| *known == word)
            && !words.is(at + 1, "from")
        {
            self.replace(*kind, here, *other);
            return 1;
        }
        if LEVELS.contains(&word) && matches!(words.before(at), Some("is" | "not" | "a" | "an")) {
            for other in LEVELS.iter().filter(|other| **other != word) {
                self.replace(MutantKind::Level, here.clone(), *other);
            }
            return 1;
        }
        self.name(words, at, within, registrations)
    }

    /// `if unknown assume no because "…"`: the other way, and not at all. The reason is for the reader.
    fn assumed(&mut self, words: &Words<'_>, at: usize) -> usize {
        match words.get(at + 3) {
            Some("yes") => self.replace(MutantKind::Assumption, words.span(at + 3, at + 3), "no"),
            Some("no") => self.replace(MutantKind::Assumption, words.span(at + 3, at + 3), "yes"),
            _ => {}
        }
        let says = "what is made of the unknown is left out".to_owned();
        self.change(MutantKind::Assumption, words.span(at, at + 5), String::new(), says);
        6
    }

    fn quantifier(&mut self, words: &Words<'_>, at: usize) {
        let Some(opening) = words.soon(at + 1, &OPENING) else { return };
        let here = words.span(at, at);
        let whole = words.span(at, opening);
        let between = here.end..words.span(opening, opening).start;
        let between = self.document.get(between).unwrap_or(" ").to_owned();
        match words.get(at) {
            Some("any") => {
                self.replace(MutantKind::Quantifier, here, "no");
                self.replace(MutantKind::Quantifier, whole, format!("every{between}has"));
            }
            Some("no") => self.replace(MutantKind::Quantifier, here, "any"),
            Some("every") => {
                self.replace(MutantKind::Quantifier, here, "not every");
                self.replace(MutantKind::Quantifier, whole, format!("any{between}where"));
            }
            _ => {}
        }
    }

    /// The name of a section set, after `in`.
    fn set(&mut self, words: &Words<'_>, at: usize) {
        let Some(word) = words.get(at).filter(|_| self.wants(MutantKind::Set)) else { return };
        for other in self.names.sets.clone().iter().filter(|other| *other != word) {
            self.replace(MutantKind::Set, words.span(at, at), other.as_str());
        }
    }

    /// A fact or a parameter.
    fn name(&mut self, words: &Words<'_>, at: usize, within: Within, registrations: bool) -> usize {
        let Some(word) = words.get(at) else { return 1 };
        let vocabulary = self.alternatives.vocabulary;
        let here = words.span(at, at);
        if words.kind(at + 1) == Some(&Kind::Dot)
            && let Some(name) = words.get(at + 2)
        {
            let scope = if word == "person" { Scope::Person } else { Scope::Conviction };
            let whole = words.span(at, at + 2);
            let found = vocabulary.find(scope, name).map(|fact| vocabulary.fact(fact).kind);
            if let Some(kind) = found {
                self.siblings(scope, kind, name, words.span(at + 2, at + 2));
                self.negated_flag(words, at, kind, &whole);
                if kind == FactKind::Date && scope == Scope::Conviction {
                    self.replace(MutantKind::Fact, whole.clone(), "as-of");
                }
                if within == Within::Members && !registrations && scope == Scope::Conviction {
                    self.replace(MutantKind::Fact, whole, name);
                }
            }
            return 3;
        }
        if word == "as-of" {
            let date = vocabulary
                .facts()
                .iter()
                .find(|fact| fact.scope == Scope::Conviction && fact.kind == FactKind::Date);
            if let Some(date) = date {
                self.replace(MutantKind::Fact, here, format!("conviction.{}", date.name));
            }
            return 1;
        }
        if self.names.flags.iter().any(|flag| flag == word) {
            self.negated_flag(words, at, FactKind::Flag, &here);
            return 1;
        }
        if within == Within::Condition || self.names.is_parameter(word) {
            return 1;
        }
        let scopes: &[Scope] =
            if registrations { &[Scope::Registration] } else { &[Scope::Conviction, Scope::Pair] };
        for &scope in scopes {
            let Some(fact) = vocabulary.find(scope, word) else { continue };
            let kind = vocabulary.fact(fact).kind;
            self.siblings(scope, kind, word, here.clone());
            self.negated_flag(words, at, kind, &here);
            if scope == Scope::Conviction && within == Within::Members {
                self.replace(MutantKind::Fact, here.clone(), format!("conviction.{word}"));
            }
        }
        1
    }

    /// The other facts of the same scope and type.
    fn siblings(&mut self, scope: Scope, kind: FactKind, name: &str, span: Range<usize>) {
        let facts = self.alternatives.vocabulary.facts();
        // Of a conviction the two are the same by their meaning.
        let same = |other: &str| {
            !self.charges && [name, other].iter().all(|it| matches!(*it, "offence-date" | "arrest-date"))
        };
        let others: Vec<&str> = facts
            .iter()
            .filter(|fact| fact.scope == scope && fact.kind == kind && fact.name != name && !same(fact.name))
            .map(|fact| fact.name)
            .collect();
        for other in others {
            self.replace(MutantKind::Fact, span.clone(), other);
        }
    }

    /// What stands alone as a condition gets a `not` before it, unless it has one.
    fn negated_flag(&mut self, words: &Words<'_>, at: usize, kind: FactKind, span: &Range<usize>) {
        if kind == FactKind::Flag && words.before(at) != Some("not") {
            let text = self.document.get(span.clone()).unwrap_or("").to_owned();
            self.replace(MutantKind::Negation, span.clone(), format!("not {text}"));
        }
    }

    /// `and` becomes `or` and `or` becomes `and`, and each of the parts that they join is left out.
    fn joinings(&mut self, words: &Words<'_>) {
        if !self.wants(MutantKind::Joining) && !self.wants(MutantKind::PartLeftOut) {
            return;
        }
        for Group { word, parts, members } in joined::groups(words) {
            let other = if word == "and" { "or" } else { "and" };
            for (before, after) in parts.iter().zip(&parts[1..]) {
                let here = words.span(before.end, before.end);
                if !members {
                    self.replace(MutantKind::Joining, here.clone(), other);
                } else if let (Some(first), Some(last)) = (parts.first(), parts.last()) {
                    // Where a `where` would end at the `or`, what belongs to it gets parentheses, so that the change is
                    // of the word and not of what it reaches.
                    let whole = words.span(first.start, last.end - 1);
                    let text = |span: Range<usize>| self.document.get(span).unwrap_or("");
                    let (left, right) = (text(whole.start..here.start), text(here.end..whole.end));
                    let replacement = format!("({left}{other}{right})");
                    let says = format!("`{word}` becomes `{other}`");
                    self.change(MutantKind::Joining, whole, replacement, says);
                }
                let (left, right) = (words.span(before.start, before.end - 1), after.clone());
                let right = words.span(right.start, right.end - 1);
                if before.start == parts[0].start {
                    self.left_out(left.start..right.start, &left);
                }
                self.left_out(left.end..right.end, &right);
            }
        }
    }

    fn left_out(&mut self, span: Range<usize>, part: &Range<usize>) {
        let part = super::one_line(self.document.get(part.clone()).unwrap_or(""));
        self.change(MutantKind::PartLeftOut, span, String::new(), format!("`{part}` is left out"));
    }
}

/// Whether a word names what a quantifier or a count runs over: `any conviction`, `count(charges`.
fn within_a_collection(words: &Words<'_>, at: usize) -> bool {
    let named = words.get(at).is_some_and(|word| {
        COLLECTIONS.iter().any(|(known, _)| *known == word) || word.starts_with("registration")
    });
    named && words.kind(at + 1) != Some(&Kind::Dot) && words.soon(at + 1, &OPENING).is_some()
}
