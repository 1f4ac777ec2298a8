//! From words to typed conditions.
//!
//! Names are resolved while parsing, so that each error can say what was meant to stand there. A word that a
//! quantifier opens (`where`, `has`) reaches over `and` to the next `or`, the next quantifier, or the closing
//! parenthesis: `any conviction where A and B or any registration where C` is two conditions, as it reads.

use crate::diagnostics::nearest;
use crate::expression::{
    Collection, Compare, Condition, CountyTerm, DateTerm, Decided, FactRef, NumberTerm, Quantified, SetIx,
    Test, Unit, Whose,
};
use crate::lex::{Kind, Token};
use crate::parameters::{Kind as ParameterKind, Parameter};
use crate::vocabulary::{FactKind, Scope, Vocabulary};
use crate::{Diagnostic, FactIx, ParameterIx};
use std::ops::Range;
use vacatur_records::Level;

/// How deep parentheses, `not` and quantifiers may nest: more than any lawyer needs, less than a stack.
const DEEPEST: usize = 40;

/// How deep quantifiers may nest. Each level costs as many looks as there are convictions.
const QUANTIFIERS: usize = 3;

/// How often a date may be moved: `plus 1 years minus 3 days`.
const MOVES: usize = 8;

/// The names that a condition may use.
pub(crate) struct Names<'a> {
    pub(crate) vocabulary: &'a Vocabulary,
    pub(crate) parameters: &'a [Parameter],
    pub(crate) sets: &'a [String],
}

/// Reads one condition from `tokens`.
pub(crate) struct Parser<'a> {
    names: &'a Names<'a>,
    pub(crate) tokens: &'a [Token],
    pub(crate) at: usize,
    depth: usize,
    /// The collections of the quantifiers around.
    within: Vec<Collection>,
    /// Whether an open `where` has no parenthesis around it: then it ends at the next quantifier.
    open_where: bool,
    /// How many quantifiers the document has had so far.
    caches: &'a mut u16,
}

pub(crate) type Parsed<T> = Result<T, Diagnostic>;

enum Operand {
    Date(DateTerm),
    Number(NumberTerm),
}

impl<'a> Parser<'a> {
    pub(crate) fn new(names: &'a Names<'a>, tokens: &'a [Token], caches: &'a mut u16) -> Self {
        Self { names, tokens, at: 0, depth: 0, within: Vec::new(), open_where: false, caches }
    }

    /// The whole text as one condition.
    pub(crate) fn condition(mut self) -> Parsed<Condition> {
        let condition = self.either()?;
        match self.peek() {
            Kind::End => Ok(condition),
            other => {
                let other = other.shown();
                Err(self
                    .error(format!("did not expect {other} here"))
                    .hint("join conditions by `and` or `or`; put parentheses around a part"))
            }
        }
    }

    fn either(&mut self) -> Parsed<Condition> {
        self.joined("or", Self::all, Test::Either)
    }

    fn all(&mut self) -> Parsed<Condition> {
        self.joined("and", Self::negated, Test::All)
    }

    fn joined(
        &mut self,
        word: &str,
        part: fn(&mut Self) -> Parsed<Condition>,
        join: fn(Vec<Condition>) -> Test,
    ) -> Parsed<Condition> {
        let first = part(self)?;
        if !self.next_is(word) {
            return Ok(first);
        }
        let start = first.span.start;
        let mut parts = vec![first];
        while self.next_is(word) && !(self.open_where && self.quantifier_follows()) {
            self.at += 1;
            parts.push(part(self)?);
        }
        if parts.len() == 1 {
            return Ok(parts.remove(0));
        }
        Ok(Condition { test: join(parts), span: start..self.end() })
    }

    /// Whether a quantifier stands after the `and` that comes next.
    fn quantifier_follows(&self) -> bool {
        let after = self.tokens.get(self.at + 1).map(|token| &token.kind);
        matches!(after, Some(Kind::Word(word)) if matches!(word.as_str(), "any" | "no" | "every"))
    }

    fn negated(&mut self) -> Parsed<Condition> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self
                .error("this condition is nested too deeply")
                .hint("split it into several rules"));
        }
        let start = self.start();
        let condition = if self.take("not") {
            let inner = self.negated()?;
            Condition { test: Test::Not(Box::new(inner)), span: start..self.end() }
        } else {
            self.simple()?
        };
        self.depth -= 1;
        Ok(condition)
    }

    fn simple(&mut self) -> Parsed<Condition> {
        let start = self.start();
        if *self.peek() == Kind::Open {
            self.at += 1;
            let open_where = std::mem::replace(&mut self.open_where, false);
            let inner = self.either();
            self.open_where = open_where;
            let inner = inner?;
            self.close()?;
            return Ok(Condition { span: start..self.end(), ..inner });
        }
        let negated = if self.take("any") {
            Some(false)
        } else if self.next_is("no") {
            self.at += 1;
            Some(true)
        } else {
            None
        };
        if let Some(negated) = negated {
            let of = self.collection()?;
            self.word("where")?;
            let members = self.members(of, start, true)?;
            let span = start..self.end();
            let any = Condition { test: Test::Any(members), span: span.clone() };
            return Ok(if negated { Condition { test: Test::Not(Box::new(any)), span } } else { any });
        }
        if self.take("every") {
            let of = self.collection()?;
            self.word("has")?;
            let members = self.members(of, start, true)?;
            return Ok(Condition { test: Test::Every(members), span: start..self.end() });
        }
        let test = self.comparison()?;
        Ok(Condition { test, span: start..self.end() })
    }

    /// The condition on the members of a collection, in `where …` and `has …`.
    fn members(&mut self, of: Collection, start: usize, open: bool) -> Parsed<Quantified> {
        self.within.push(of);
        if self.within.len() > QUANTIFIERS {
            return Err(self
                .error("quantifiers are nested too deeply here")
                .hint("split the condition into several rules"));
        }
        let open_where = std::mem::replace(&mut self.open_where, open);
        let whole = if open { self.all() } else { self.either() };
        self.open_where = open_where;
        self.within.pop();
        let whole = whole?;
        let cache = *self.caches;
        *self.caches = cache
            .checked_add(1)
            .ok_or_else(|| Diagnostic::error(start..self.end(), "too many quantifiers"))?;
        let vocabulary = self.names.vocabulary;
        Ok(Quantified::new(of, whole, cache, &|fact| match vocabulary.fact(fact).scope {
            Scope::Person => Decided::Person,
            Scope::Pair => Decided::Pair,
            Scope::Conviction | Scope::Registration => Decided::Conviction,
        }))
    }

    fn collection(&mut self) -> Parsed<Collection> {
        for of in [Collection::Convictions, Collection::Charges, Collection::Registrations] {
            if self.take(of.singular()) || self.take(&format!("{}s", of.singular())) {
                return Ok(of);
            }
        }
        let found = self.peek().shown();
        Err(self.error(format!("expected `conviction`, `charge` or `registration`, found {found}")))
    }

    fn comparison(&mut self) -> Parsed<Test> {
        let start = self.start();
        let parameter = match self.peek() {
            Kind::Word(word) => self.parameter(word),
            _ => None,
        };
        if let Some((at, parameter)) = parameter {
            let flag = matches!(parameter.kind, ParameterKind::Flag);
            let choice = matches!(parameter.kind, ParameterKind::Choice { .. });
            let sections = matches!(parameter.kind, ParameterKind::Sections { .. });
            let next = self.tokens.get(self.at + 1..self.at + 3).unwrap_or(&[]);
            if matches!(next, [a, b] if a.kind == Kind::Word("is".into()) && b.kind == Kind::Word("set".into()))
            {
                self.at += 3;
                return Ok(Test::IsSet(at));
            }
            if flag {
                self.at += 1;
                return Ok(Test::FlagParameter(at));
            }
            if choice {
                self.at += 1;
                self.word("is")?;
                return self.choice(at, start);
            }
            if sections {
                return Err(self
                    .error("a list of sections is not a condition")
                    .hint("write `section in NAME`"));
            }
        }
        if let Some((fact, kind)) = self.fact()? {
            match kind {
                FactKind::Date => {
                    let left = self.moved(DateTerm::Fact(fact))?;
                    return self.compare(Operand::Date(left));
                }
                FactKind::Flag => return Ok(Test::Flag(fact)),
                FactKind::Level => {
                    let negated = self.is()?;
                    let is = self.level()?;
                    return Ok(negate(negated, Test::Level { fact, is }, start..self.end()));
                }
                FactKind::Section => {
                    let negated = self.take("not");
                    self.word("in")?;
                    let set = self.set()?;
                    return Ok(negate(negated, Test::InSet { fact, set }, start..self.end()));
                }
                FactKind::County => {
                    let negated = self.is()?;
                    let is = self.county()?;
                    return Ok(negate(negated, Test::County { fact, is }, start..self.end()));
                }
                FactKind::Labels => {
                    self.word("includes")?;
                    let label = self.text()?;
                    return Ok(Test::Includes { fact, label });
                }
            }
        }
        let left = self.operand()?;
        self.compare(left)
    }

    fn choice(&mut self, at: ParameterIx, start: usize) -> Parsed<Test> {
        let negated = self.take("not");
        let is = self.text()?;
        let span = self.tokens[self.at - 1].span.clone();
        if let ParameterKind::Choice { of } = &self.names.parameters[at.at()].kind
            && !of.contains(&is)
        {
            let known = of.iter().map(|text| format!("\"{text}\"")).collect::<Vec<_>>().join(", ");
            return Err(Diagnostic::error(span, format!("\"{is}\" is not one of its choices"))
                .hint(format!("it is one of {known}")));
        }
        Ok(negate(negated, Test::Choice { parameter: at, is }, start..self.end()))
    }

    /// Two dates or two numbers and the word between them.
    fn compare(&mut self, left: Operand) -> Parsed<Test> {
        let at = self.start();
        let how = self.relation()?;
        let right = self.operand()?;
        match (left, right) {
            (Operand::Date(left), Operand::Date(right)) => Ok(Test::Dates { left, how, right }),
            (Operand::Number(left), Operand::Number(right)) => Ok(Test::Numbers { left, how, right }),
            (Operand::Date(_), Operand::Number(_)) => {
                Err(Diagnostic::error(at..self.end(), "this compares a date with a number")
                    .hint("`years from DATE to DATE` is a number; `DATE plus 10 years` is a date"))
            }
            (Operand::Number(_), Operand::Date(_)) => {
                Err(Diagnostic::error(at..self.end(), "this compares a number with a date")
                    .hint("`years from DATE to DATE` is a number; `DATE plus 10 years` is a date"))
            }
        }
    }

    fn relation(&mut self) -> Parsed<Compare> {
        let words: [(&[&str], Compare); 13] = [
            (&["on", "or", "before"], Compare::AtMost),
            (&["on", "or", "after"], Compare::AtLeast),
            (&["is", "on", "or", "before"], Compare::AtMost),
            (&["is", "on", "or", "after"], Compare::AtLeast),
            (&["is", "before"], Compare::Less),
            (&["is", "after"], Compare::More),
            (&["is", "not"], Compare::NotEqual),
            (&["before"], Compare::Less),
            (&["after"], Compare::More),
            (&["at", "least"], Compare::AtLeast),
            (&["at", "most"], Compare::AtMost),
            (&["on"], Compare::Equal),
            (&["is"], Compare::Equal),
        ];
        for (phrase, how) in words {
            let matches = phrase.iter().enumerate().all(|(ahead, word)| {
                matches!(self.tokens.get(self.at + ahead).map(|token| &token.kind), Some(Kind::Word(found)) if found == word)
            });
            if matches {
                self.at += phrase.len();
                return Ok(how);
            }
        }
        let how = match self.peek() {
            Kind::Less => Compare::Less,
            Kind::AtMost => Compare::AtMost,
            Kind::Equal => Compare::Equal,
            Kind::AtLeast => Compare::AtLeast,
            Kind::More => Compare::More,
            other => {
                let other = other.shown();
                return Err(self.error(format!("expected a comparison, found {other}")).hint(
                    "dates: before, after, on, on or before, on or after; numbers: <, <=, =, >=, >, at least, at most",
                ));
            }
        };
        self.at += 1;
        Ok(how)
    }

    fn operand(&mut self) -> Parsed<Operand> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self
                .error("this is nested too deeply")
                .hint("split the condition into several rules"));
        }
        let operand = self.bare_operand();
        self.depth -= 1;
        operand
    }

    fn bare_operand(&mut self) -> Parsed<Operand> {
        let start = self.start();
        if self.take("years") {
            self.word("from")?;
            let from = self.date()?;
            self.word("to")?;
            let to = self.date()?;
            return Ok(Operand::Number(NumberTerm::Years { from: Box::new(from), to: Box::new(to) }));
        }
        if self.take("count") {
            self.open()?;
            let of = self.collection()?;
            self.word("where")?;
            let members = self.members(of, start, false)?;
            self.close()?;
            return Ok(Operand::Number(NumberTerm::Count(members)));
        }
        if let Kind::Number(number) = *self.peek() {
            self.at += 1;
            return Ok(Operand::Number(NumberTerm::Literal(number)));
        }
        if let Kind::Word(word) = self.peek()
            && let Some((at, parameter)) = self.parameter(word)
            && matches!(parameter.kind, ParameterKind::Number { .. })
        {
            self.at += 1;
            return Ok(Operand::Number(NumberTerm::Parameter(at)));
        }
        self.date().map(Operand::Date)
    }

    fn date(&mut self) -> Parsed<DateTerm> {
        let term = match self.peek() {
            Kind::Date(day) => {
                let day = *day;
                self.at += 1;
                DateTerm::Literal(day)
            }
            Kind::Word(word) if word == "as-of" => {
                self.at += 1;
                DateTerm::AsOf
            }
            Kind::Word(word) => {
                if let Some((at, parameter)) = self.parameter(word)
                    && matches!(parameter.kind, ParameterKind::Date)
                {
                    self.at += 1;
                    DateTerm::Parameter(at)
                } else {
                    let start = self.start();
                    match self.fact()? {
                        Some((fact, FactKind::Date)) => DateTerm::Fact(fact),
                        Some((_, kind)) => {
                            return Err(Diagnostic::error(
                                start..self.end(),
                                format!("this is {}, not a date", kind.word()),
                            ));
                        }
                        None => return Err(self.unknown_name()),
                    }
                }
            }
            other => {
                let other = other.shown();
                return Err(self.error(format!("expected a fact, a date or a number, found {other}")));
            }
        };
        self.moved(term)
    }

    /// `… plus 10 years`, `… minus 6 months`, any number of times.
    fn moved(&mut self, mut term: DateTerm) -> Parsed<DateTerm> {
        let mut moves = 0;
        loop {
            let back = match self.peek() {
                Kind::Word(word) if word == "plus" => false,
                Kind::Word(word) if word == "minus" => true,
                _ => return Ok(term),
            };
            self.at += 1;
            moves += 1;
            if moves > MOVES {
                return Err(self
                    .error("this date is moved too often")
                    .hint("add the years, months and days up"));
            }
            let by = match self.operand()? {
                Operand::Number(by) => by,
                Operand::Date(_) => return Err(self.error("expected a number of days, months or years")),
            };
            let unit = match self.peek() {
                Kind::Word(word) if word == "year" || word == "years" => Unit::Years,
                Kind::Word(word) if word == "month" || word == "months" => Unit::Months,
                Kind::Word(word) if word == "day" || word == "days" => Unit::Days,
                other => {
                    let other = other.shown();
                    return Err(self.error(format!("expected days, months or years, found {other}")));
                }
            };
            self.at += 1;
            term = DateTerm::Moved { from: Box::new(term), by: Box::new(by), unit, back };
        }
    }

    /// A fact, if one stands here: `person.deceased`, `conviction.level`, and `level` inside a quantifier.
    fn fact(&mut self) -> Parsed<Option<(FactRef, FactKind)>> {
        let Kind::Word(word) = self.peek() else { return Ok(None) };
        let (scope, whose, name_at) =
            match (word.as_str(), self.tokens.get(self.at + 1).map(|token| &token.kind)) {
                ("person", Some(Kind::Dot)) => (Scope::Person, Whose::Decided, self.at + 2),
                ("conviction", Some(Kind::Dot)) => (Scope::Conviction, Whose::Decided, self.at + 2),
                _ => {
                    let Some(of) = self.within.last() else { return Ok(None) };
                    let scopes: &[Scope] = if *of == Collection::Registrations {
                        &[Scope::Registration]
                    } else {
                        &[Scope::Conviction, Scope::Pair]
                    };
                    let Some(found) =
                        scopes.iter().find_map(|&scope| self.names.vocabulary.find(scope, word))
                    else {
                        return Ok(None);
                    };
                    self.at += 1;
                    return Ok(Some(self.typed(found, Whose::Member)));
                }
            };
        let Some(Token { kind: Kind::Word(name), span }) = self.tokens.get(name_at) else {
            return Err(self.error("expected the name of a fact after the dot"));
        };
        let Some(found) = self.names.vocabulary.find(scope, name) else {
            let known: Vec<_> = self.names.vocabulary.names(scope).collect();
            let hint = match nearest(name, known.iter().copied()) {
                Some(near) => format!("did you mean `{word}.{near}`?"),
                None => format!("the facts of a {word} are {}", known.join(", ")),
            };
            return Err(
                Diagnostic::error(span.clone(), format!("there is no fact `{word}.{name}`")).hint(hint)
            );
        };
        self.at = name_at + 1;
        Ok(Some(self.typed(found, whose)))
    }

    fn typed(&self, fact: FactIx, whose: Whose) -> (FactRef, FactKind) {
        (FactRef { fact, whose }, self.names.vocabulary.fact(fact).kind)
    }

    fn is(&mut self) -> Parsed<bool> {
        self.word("is")?;
        Ok(self.take("not"))
    }

    fn level(&mut self) -> Parsed<Level> {
        self.take("a");
        for level in [Level::Felony, Level::Misdemeanor, Level::Infraction] {
            if self.take(level.word()) {
                return Ok(level);
            }
        }
        let found = self.peek().shown();
        Err(self.error(format!("expected felony, misdemeanor or infraction, found {found}")))
    }

    fn county(&mut self) -> Parsed<CountyTerm> {
        if let Kind::Word(word) = self.peek()
            && let Some((at, parameter)) = self.parameter(word)
            && matches!(parameter.kind, ParameterKind::County)
        {
            self.at += 1;
            return Ok(CountyTerm::Parameter(at));
        }
        self.text().map(CountyTerm::Literal)
    }

    fn set(&mut self) -> Parsed<SetIx> {
        let Kind::Word(word) = self.peek() else {
            let found = self.peek().shown();
            return Err(self.error(format!("expected the name of a section set, found {found}")));
        };
        if let Some(at) = self.names.sets.iter().position(|set| set == word) {
            self.at += 1;
            return Ok(SetIx(at as u16));
        }
        let error = self.error(format!("there is no section set `{word}`"));
        Err(match nearest(word, self.names.sets.iter().map(String::as_str)) {
            Some(near) => error.hint(format!("did you mean `{near}`?")),
            None => error.hint("name it in a ```sections block"),
        })
    }

    fn parameter(&self, name: &str) -> Option<(ParameterIx, &'a Parameter)> {
        let at = self.names.parameters.iter().position(|parameter| parameter.name == name)?;
        Some((ParameterIx(at as u16), &self.names.parameters[at]))
    }

    /// The error for a word that is neither fact nor parameter.
    fn unknown_name(&self) -> Diagnostic {
        let Kind::Word(word) = self.peek() else { return self.error("expected a fact") };
        let mut known: Vec<String> =
            self.names.parameters.iter().map(|parameter| parameter.name.clone()).collect();
        known.push("as-of".into());
        for (scope, prefix) in [(Scope::Person, "person."), (Scope::Conviction, "conviction.")] {
            known.extend(self.names.vocabulary.names(scope).map(|name| format!("{prefix}{name}")));
        }
        for of in &self.within {
            let scopes: &[Scope] = if *of == Collection::Registrations {
                &[Scope::Registration]
            } else {
                &[Scope::Conviction, Scope::Pair]
            };
            known.extend(
                scopes.iter().flat_map(|&scope| self.names.vocabulary.names(scope)).map(str::to_owned),
            );
        }
        let written = match (self.tokens.get(self.at + 1), self.tokens.get(self.at + 2)) {
            (Some(Token { kind: Kind::Dot, .. }), Some(Token { kind: Kind::Word(name), .. })) => {
                format!("{word}.{name}")
            }
            _ => word.clone(),
        };
        let bare = known.iter().find(|name| name.ends_with(&format!(".{word}"))).cloned();
        let hint = bare.or_else(|| nearest(&written, known.iter().map(String::as_str)).map(str::to_owned));
        let error = self.error(format!("there is no fact or parameter `{written}`"));
        let alone = self.within.is_empty() && *self.caches > 0;
        if alone && self.names.vocabulary.find(Scope::Conviction, word).is_some() {
            return error.hint(
                "a `where` ends at the next `or`: put parentheses around all that belongs to it; or write `conviction.` before the fact",
            );
        }
        match hint {
            Some(near) => error.hint(format!("did you mean `{near}`?")),
            None => error.hint("`vacatur policy facts` lists the facts a document can name"),
        }
    }
}

fn negate(negated: bool, test: Test, span: Range<usize>) -> Test {
    if negated { Test::Not(Box::new(Condition { test, span })) } else { test }
}
