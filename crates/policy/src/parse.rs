//! From words to typed conditions.
//!
//! Names are resolved while parsing, so that each error can say what was meant to stand there. A word that a
//! quantifier opens (`where`, `has`) reaches over `and` to the next `or`, the next quantifier, or the closing
//! parenthesis: `any conviction where A and B or any registration where C` is two conditions, as it reads.

use crate::definitions::Definition;
use crate::diagnostics::nearest;
use crate::expression::{Collection, Compare, Condition, CountyTerm, DateTerm, NumberTerm, SetIx, Test};
use crate::grammar::RELATIONS;
use crate::lex::{Kind, Token};
use crate::parameters::{Kind as ParameterKind, Parameter};
use crate::vocabulary::{FactKind, Vocabulary};
use crate::{Diagnostic, ParameterIx};
use std::ops::Range;
use vacatur_records::Level;

/// How deep parentheses, `not` and quantifiers may nest: more than any lawyer needs, less than a stack.
pub(crate) const DEEPEST: usize = 40;

/// How many conditions a document may come to once its definitions are put in where they are named. Definitions that
/// name one another twice each would double it with every line.
const CONDITIONS: u32 = 5_000;

/// The names that a condition may use.
#[derive(Clone, Copy)]
pub(crate) struct Names<'a> {
    pub(crate) vocabulary: &'a Vocabulary,
    pub(crate) parameters: &'a [Parameter],
    pub(crate) sets: &'a [String],
    pub(crate) definitions: &'a [Definition],
}

/// What grows over all conditions of a document.
#[derive(Default)]
pub(crate) struct Used {
    /// Quantifiers: each has a place in the cache of a person.
    pub(crate) caches: u16,
    conditions: u32,
}

/// Reads one condition from `tokens`.
pub(crate) struct Parser<'a, 'u> {
    pub(crate) names: &'a Names<'a>,
    pub(crate) tokens: &'a [Token],
    pub(crate) at: usize,
    pub(crate) depth: usize,
    /// The collections of the quantifiers around.
    pub(crate) within: Vec<Collection>,
    /// Whether an open `where` has no parenthesis around it: then it ends at the next quantifier.
    pub(crate) open_where: bool,
    /// Whether these are the words of a definition, where it is named.
    pub(crate) named: bool,
    pub(crate) used: &'u mut Used,
}

pub(crate) type Parsed<T> = Result<T, Diagnostic>;

pub(crate) enum Operand {
    Date(DateTerm),
    Number(NumberTerm),
    Weight(NumberTerm),
}

impl Operand {
    fn word(&self) -> &'static str {
        match self {
            Self::Date(_) => "a date",
            Self::Number(_) => "a number",
            Self::Weight(_) => "a weight",
        }
    }
}

impl<'a, 'u> Parser<'a, 'u> {
    pub(crate) fn new(names: &'a Names<'a>, tokens: &'a [Token], used: &'u mut Used) -> Self {
        Self { names, tokens, at: 0, depth: 0, within: Vec::new(), open_where: false, named: false, used }
    }

    /// The whole text as one condition.
    pub(crate) fn condition(mut self) -> Parsed<Condition> {
        let condition = self.either()?;
        self.ended("join conditions by `and` or `or`; put parentheses around a part")?;
        Ok(condition)
    }

    /// The whole text as what a name is to mean: facts without a first word are those of the conviction it is said of.
    pub(crate) fn definition(mut self) -> Parsed<Condition> {
        self.within.push(Collection::Convictions);
        self.condition()
    }

    /// The whole text as a day.
    pub(crate) fn day(mut self) -> Parsed<DateTerm> {
        let day = self.date()?;
        self.ended("write one day, such as `conviction.completed plus 4 years`")?;
        Ok(day)
    }

    fn ended(&self, hint: &str) -> Parsed<()> {
        match self.peek() {
            Kind::End => Ok(()),
            other => {
                let other = other.shown();
                Err(self.error(format!("did not expect {other} here")).hint(hint))
            }
        }
    }

    pub(crate) fn either(&mut self) -> Parsed<Condition> {
        self.joined("or", Self::all, Test::Either)
    }

    pub(crate) fn all(&mut self) -> Parsed<Condition> {
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
        matches!(after, Some(Kind::Word(word)) if matches!(word.as_str(), "any" | "no" | "every" | "all"))
    }

    fn negated(&mut self) -> Parsed<Condition> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self
                .error("this condition is nested too deeply")
                .hint("split it into several rules"));
        }
        self.used.conditions += 1;
        if self.used.conditions > CONDITIONS {
            return Err(self
                .error("this document has too many conditions")
                .hint("a definition counts as often as it is named; name it less often"));
        }
        let start = self.start();
        let mut condition = if self.take("not") {
            let inner = self.negated()?;
            Condition { test: Test::Not(Box::new(inner)), span: start..self.end() }
        } else {
            self.simple()?
        };
        if self.next_is("if") {
            let (holds, because) = self.assumption()?;
            let span = start..self.end();
            condition = Condition { test: Test::Assumed { part: Box::new(condition), holds, because }, span };
        }
        self.depth -= 1;
        Ok(condition)
    }

    /// `if unknown assume no because "…"`, after the condition it is about.
    fn assumption(&mut self) -> Parsed<(bool, String)> {
        let hint = "write `if unknown assume no because \"…\"` after the condition it is about";
        let words = |parser: &mut Self| -> Parsed<(bool, String)> {
            parser.word("if")?;
            parser.word("unknown")?;
            parser.word("assume")?;
            let holds = parser.take("yes");
            if !holds && !parser.take("no") {
                let found = parser.peek().shown();
                return Err(parser.error(format!("expected `yes` or `no`, found {found}")));
            }
            parser.word("because")?;
            Ok((holds, parser.text()?))
        };
        let (holds, because) = words(self).map_err(|error| error.hint(hint))?;
        if because.trim().is_empty() {
            let span = self.tokens[self.at - 1].span.clone();
            return Err(Diagnostic::error(span, "an assumption needs its reason").hint(hint));
        }
        Ok((holds, because))
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
        if let Some(quantified) = self.quantified()? {
            return Ok(quantified);
        }
        if let Some(defined) = self.defined()? {
            return Ok(defined);
        }
        let test = self.comparison()?;
        Ok(Condition { test, span: start..self.end() })
    }

    /// What a name of the document's own stands for, put in its place.
    fn defined(&mut self) -> Parsed<Option<Condition>> {
        let Kind::Word(word) = self.peek() else { return Ok(None) };
        let all = self.names.definitions;
        let Some(at) = all.iter().position(|known| known.name == *word) else { return Ok(None) };
        let definition = &all[at];
        let span = self.tokens[self.at].span.clone();
        self.at += 1;
        if definition.broken.get() {
            return Ok(Some(Condition { test: Test::All(Vec::new()), span }));
        }
        // What a definition says can name those above it, and so never itself.
        let names = Names { definitions: &all[..at], ..*self.names };
        let within = if self.within.is_empty() { vec![Collection::Convictions] } else { self.within.clone() };
        let inner = Parser {
            names: &names,
            tokens: &definition.tokens,
            at: 0,
            depth: self.depth,
            within,
            open_where: false,
            named: true,
            used: &mut *self.used,
        };
        let inner = inner.condition().map_err(|error| {
            if self.named {
                return Diagnostic { span: span.clone(), ..error };
            }
            let says = format!("`{word}` cannot be said here: {}", error.message);
            let hint = if self.within.last() == Some(&Collection::Registrations) {
                Some(
                    "a definition that names facts of a conviction can be said of convictions and charges"
                        .into(),
                )
            } else {
                error.hint
            };
            Diagnostic { hint, ..Diagnostic::error(span.clone(), says) }
        })?;
        Ok(Some(Condition { test: Test::Defined(Box::new(inner)), span }))
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
                FactKind::Number => return self.compare(Operand::Number(NumberTerm::Fact(fact))),
                FactKind::Weight => return self.compare(Operand::Weight(NumberTerm::Fact(fact))),
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
            (Operand::Weight(left), Operand::Weight(right)) => Ok(Test::Numbers { left, how, right }),
            (left, right) => {
                let says = format!("this compares {} with {}", left.word(), right.word());
                let hint = match (&left, &right) {
                    (Operand::Weight(_), _) | (_, Operand::Weight(_)) => {
                        "a weight is written `28.5 grams`, a number without a unit"
                    }
                    _ => "`years from DATE to DATE` is a number; `DATE plus 10 years` is a date",
                };
                Err(Diagnostic::error(at..self.end(), says).hint(hint))
            }
        }
    }

    fn relation(&mut self) -> Parsed<Compare> {
        if let Some((_, how)) = RELATIONS.into_iter().find(|(words, _)| self.takes(words)) {
            return Ok(how);
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
                    "dates: before, after, on, on or before, on or after; numbers: <, <=, =, >=, >, at least, at most, more than, less than",
                ));
            }
        };
        self.at += 1;
        Ok(how)
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

    pub(crate) fn parameter(&self, name: &str) -> Option<(ParameterIx, &'a Parameter)> {
        let at = self.names.parameters.iter().position(|parameter| parameter.name == name)?;
        Some((ParameterIx(at as u16), &self.names.parameters[at]))
    }
}

fn negate(negated: bool, test: Test, span: Range<usize>) -> Test {
    if negated { Test::Not(Box::new(Condition { test, span })) } else { test }
}
