//! Dates, numbers, weights and facts inside a condition.

use crate::diagnostics::nearest;
use crate::expression::{Collection, DateTerm, FactRef, NumberTerm, Unit, Whose};
use crate::lex::{Kind, Token};
use crate::parameters::Kind as ParameterKind;
use crate::parse::{DEEPEST, Operand, Parsed, Parser};
use crate::vocabulary::{FactKind, Scope};
use crate::{Diagnostic, FactIx};

/// How often a date may be moved: `plus 1 years minus 3 days`.
const MOVES: usize = 8;

impl Parser<'_, '_> {
    pub(crate) fn operand(&mut self) -> Parsed<Operand> {
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
        if let Some(unit) = self.unit()
            && matches!(self.tokens.get(self.at + 1).map(|token| &token.kind), Some(Kind::Word(word)) if word == "from")
        {
            self.at += 1;
            self.word("from")?;
            let from = self.date()?;
            self.word("to").map_err(|error| error.hint("write `months from DATE to DATE`"))?;
            let to = self.date()?;
            return Ok(Operand::Number(NumberTerm::Between { unit, from: Box::new(from), to: Box::new(to) }));
        }
        if self.take("count") {
            return self.count(start);
        }
        match *self.peek() {
            Kind::Number(number) => {
                self.at += 1;
                if !self.take("grams") && !self.take("gram") {
                    return Ok(Operand::Number(NumberTerm::Literal(number)));
                }
                let milligrams = number.checked_mul(1_000).ok_or_else(|| {
                    Diagnostic::error(start..self.end(), "this weight is too large")
                        .hint("at most 2,000,000 grams")
                })?;
                return Ok(Operand::Weight(NumberTerm::Literal(milligrams)));
            }
            Kind::Decimal(thousandths) => {
                self.at += 1;
                if !self.take("grams") && !self.take("gram") {
                    return Err(Diagnostic::error(start..self.end(), "only weights have decimals")
                        .hint("write `28.5 grams`; other numbers are whole"));
                }
                return Ok(Operand::Weight(NumberTerm::Literal(thousandths)));
            }
            Kind::Word(_) | Kind::Date(_) => {}
            _ => {
                let found = self.peek().shown();
                return Err(self.error(format!("expected a fact, a date or a number, found {found}")));
            }
        }
        if let Kind::Word(word) = self.peek()
            && let Some((at, parameter)) = self.parameter(word)
            && matches!(parameter.kind, ParameterKind::Number { .. })
        {
            self.at += 1;
            return Ok(Operand::Number(NumberTerm::Parameter(at)));
        }
        let before = self.at;
        match self.fact()? {
            Some((fact, FactKind::Number)) => return Ok(Operand::Number(NumberTerm::Fact(fact))),
            Some((fact, FactKind::Weight)) => return Ok(Operand::Weight(NumberTerm::Fact(fact))),
            _ => self.at = before,
        }
        self.date().map(Operand::Date)
    }

    pub(crate) fn date(&mut self) -> Parsed<DateTerm> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self
                .error("this is nested too deeply")
                .hint("split the condition into several rules"));
        }
        let start = self.start();
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
            Kind::Word(word) if matches!(word.as_str(), "later" | "earlier") && self.opens() => {
                let later = word == "later";
                self.at += 1;
                self.open()?;
                let one = Box::new(self.date()?);
                let hint =
                    "two dates stand in the parentheses: `later(conviction.date, conviction.released)`";
                self.sign(&Kind::Comma).map_err(|error| error.hint(hint))?;
                let other = Box::new(self.date()?);
                self.close()?;
                DateTerm::Either { one, other, later }
            }
            Kind::Word(word) if matches!(word.as_str(), "latest" | "earliest") && self.opens() => {
                let latest = word == "latest";
                self.at += 1;
                self.extreme(latest, start)?
            }
            Kind::Word(word) => {
                if let Some((at, parameter)) = self.parameter(word)
                    && matches!(parameter.kind, ParameterKind::Date)
                {
                    self.at += 1;
                    DateTerm::Parameter(at)
                } else {
                    match self.fact()? {
                        Some((fact, FactKind::Date)) => DateTerm::Fact(fact),
                        Some((_, kind)) => {
                            let says = format!("this is {}, not a date", kind.word());
                            return Err(Diagnostic::error(start..self.end(), says));
                        }
                        None => return Err(self.unknown_name()),
                    }
                }
            }
            other => {
                let other = other.shown();
                return Err(self.error(format!("expected a date, found {other}")).hint(
                    "a date is a fact such as `conviction.date`, a day such as 2016-11-09, or `as-of`",
                ));
            }
        };
        let moved = self.moved(term);
        self.depth -= 1;
        moved
    }

    /// Whether a parenthesis opens after the word that stands here.
    fn opens(&self) -> bool {
        matches!(self.tokens.get(self.at + 1).map(|token| &token.kind), Some(Kind::Open))
    }

    /// The unit of time that stands here, if one does.
    fn unit(&self) -> Option<Unit> {
        let Kind::Word(word) = self.peek() else { return None };
        match word.as_str() {
            "year" | "years" => Some(Unit::Years),
            "month" | "months" => Some(Unit::Months),
            "day" | "days" => Some(Unit::Days),
            _ => None,
        }
    }

    /// `… plus 10 years`, `… minus 6 months`, any number of times.
    pub(crate) fn moved(&mut self, mut term: DateTerm) -> Parsed<DateTerm> {
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
                _ => return Err(self.error("expected a number of days, months or years")),
            };
            let Some(unit) = self.unit() else {
                let found = self.peek().shown();
                return Err(self.error(format!("expected days, months or years, found {found}")));
            };
            self.at += 1;
            term = DateTerm::Moved { from: Box::new(term), by: Box::new(by), unit, back };
        }
    }

    /// A fact, if one stands here: `person.deceased`, `conviction.level`, and `level` inside a quantifier.
    pub(crate) fn fact(&mut self) -> Parsed<Option<(FactRef, FactKind)>> {
        let Kind::Word(word) = self.peek() else { return Ok(None) };
        let (scope, whose, name_at) =
            match (word.as_str(), self.tokens.get(self.at + 1).map(|token| &token.kind)) {
                ("person", Some(Kind::Dot)) => (Scope::Person, Whose::Decided, self.at + 2),
                ("conviction" | "charge", Some(Kind::Dot)) => {
                    (Scope::Conviction, Whose::Decided, self.at + 2)
                }
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

    /// The error for a word that is neither fact nor parameter.
    pub(crate) fn unknown_name(&self) -> Diagnostic {
        let Kind::Word(word) = self.peek() else { return self.error("expected a fact") };
        let mut known: Vec<String> =
            self.names.parameters.iter().map(|parameter| parameter.name.clone()).collect();
        known.push("as-of".into());
        known.extend(self.names.definitions.iter().map(|definition| definition.name.clone()));
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
        let error = self.error(format!("there is no fact, parameter or definition `{written}`"));
        let alone = self.within.is_empty() && self.used.caches > 0;
        if alone && self.names.vocabulary.find(Scope::Conviction, word).is_some() {
            return error.hint(
                "a `where` ends at the next `or`: put parentheses around all that belongs to it; or write `conviction.` before the fact",
            );
        }
        match word.as_str() {
            "latest" | "earliest" => {
                return error.hint(format!("write `{word}(date of convictions where …)`"));
            }
            "later" | "earlier" => return error.hint(format!("write `{word}(DATE, DATE)`")),
            _ => {}
        }
        match hint {
            Some(near) => error.hint(format!("did you mean `{near}`?")),
            None => error.hint("`vacatur policy facts` lists the facts a document can name"),
        }
    }
}
