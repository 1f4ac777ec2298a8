//! Quantifiers: conditions on the whole record, and which of its members they are about.

use crate::Diagnostic;
use crate::FactIx;
use crate::expression::{
    Collection, Compare, Condition, Counted, DateTerm, Decided, FactRef, NumberTerm, Quantified, Test, Whose,
};
use crate::grammar::{RESERVED, RESTRICTIONS, WINDOWS};
use crate::lex::Kind;
use crate::parameters::Kind as ParameterKind;
use crate::parse::{Operand, Parsed, Parser};
use crate::vocabulary::{FactKind, Scope};
use std::ops::Range;

/// How deep quantifiers may nest. Each level costs as many looks as there are convictions.
const QUANTIFIERS: usize = 3;

/// What the words between `any conviction` and `where` ask of a member.
struct Restriction {
    parts: Vec<Condition>,
    given: bool,
    /// Where the words about the member begin.
    start: usize,
}

impl Parser<'_, '_> {
    /// `any …`, `no …`, `every …` or `all sentences completed`, if one stands here.
    pub(crate) fn quantified(&mut self) -> Parsed<Option<Condition>> {
        let start = self.start();
        let negated = match self.peek() {
            Kind::Word(word) if word == "any" => false,
            Kind::Word(word) if word == "no" => true,
            Kind::Word(word) if word == "every" => return self.every(start).map(Some),
            Kind::Word(word) if word == "all" => return self.all_completed(start).map(Some),
            _ => return Ok(None),
        };
        self.at += 1;
        let (of, restriction) = self.collection()?;
        let members = if restriction.given && !self.next_is("where") {
            self.quantify(of, restriction, None, start)?
        } else {
            self.word("where").map_err(|error| {
                error.hint(format!(
                    "write `any {0} where …`, or say which are meant: `any other {0}`",
                    of.singular()
                ))
            })?;
            let asked = self.asked(of, true)?;
            self.quantify(of, restriction, Some(asked), start)?
        };
        let span = start..self.end();
        let any = Condition { test: Test::Any(members), span: span.clone() };
        Ok(Some(if negated { Condition { test: Test::Not(Box::new(any)), span } } else { any }))
    }

    fn every(&mut self, start: usize) -> Parsed<Condition> {
        self.word("every")?;
        let from = self.start();
        let (of, restriction) = self.collection()?;
        self.word("has").map_err(|error| error.hint(format!("write `every {} has …`", of.singular())))?;
        let asked = self.asked(of, true)?;
        let span = from..asked.span.end;
        let whole = match both(restriction.parts, None, &span) {
            // A member that the words do not mean may be as it likes.
            Some(meant) => {
                let meant = Condition { test: Test::Not(Box::new(meant)), span: span.clone() };
                Condition { test: Test::Either(vec![meant, asked]), span }
            }
            None => asked,
        };
        let members = self.place(of, whole, start)?;
        Ok(Condition { test: Test::Every(members), span: start..self.end() })
    }

    /// `all sentences completed`: every conviction's sentence ended before the day of the decision.
    fn all_completed(&mut self, start: usize) -> Parsed<Condition> {
        for word in ["all", "sentences", "completed"] {
            self.word(word).map_err(|error| error.hint("write `all sentences completed`"))?;
        }
        let completed = self.member_fact(Scope::Conviction, "completed", start)?;
        let span = start..self.end();
        let test = Test::Dates { left: DateTerm::Fact(completed), how: Compare::Less, right: DateTerm::AsOf };
        let whole = Condition { test, span: span.clone() };
        let members = self.place(Collection::Convictions, whole, start)?;
        Ok(Condition { test: Test::Every(members), span })
    }

    /// `count(convictions where …)`, `count(cases with a conviction where …)`.
    pub(crate) fn count(&mut self, start: usize) -> Parsed<Operand> {
        self.open()?;
        let counted = match self.peek() {
            Kind::Word(word) if word == "cases" => Counted::Cases,
            Kind::Word(word) if word == "days" => Counted::Days,
            _ => Counted::Members,
        };
        if counted != Counted::Members {
            self.at += 1;
            for word in ["with", "a"] {
                let hint = "write `count(cases with a conviction where …)`";
                self.word(word).map_err(|error| error.hint(hint))?;
            }
        }
        let members = self.enclosed(start)?;
        if counted != Counted::Members && members.of == Collection::Registrations {
            let what = if counted == Counted::Cases { "case" } else { "day" };
            let says = format!("registrations are not counted by the {what}");
            return Err(
                Diagnostic::error(start..self.end(), says).hint("write `count(registrations where …)`")
            );
        }
        self.close()?;
        Ok(Operand::Number(NumberTerm::Count { members, counted }))
    }

    /// `latest(date of convictions where …)`.
    pub(crate) fn extreme(&mut self, latest: bool, start: usize) -> Parsed<DateTerm> {
        let word = if latest { "latest" } else { "earliest" };
        let shape = |error: Diagnostic| error.hint(format!("write `{word}(date of convictions where …)`"));
        self.open().map_err(shape)?;
        let Kind::Word(name) = self.peek().clone() else {
            let error = self.error("expected a date that convictions have, such as `date` or `completed`");
            return Err(shape(error));
        };
        let named = self.tokens[self.at].span.clone();
        self.at += 1;
        self.word("of").map_err(shape)?;
        let members = self.enclosed(start)?;
        self.close().map_err(shape)?;
        let scope = scope_of(members.of);
        let vocabulary = self.names.vocabulary;
        let is_date = |fact: FactIx| vocabulary.fact(fact).kind == FactKind::Date;
        match vocabulary.find(scope, &name).filter(|&fact| is_date(fact)) {
            Some(fact) => {
                Ok(DateTerm::Extreme { fact: FactRef { fact, whose: Whose::Member }, members, latest })
            }
            None => {
                let dates = vocabulary
                    .facts()
                    .iter()
                    .filter(|fact| fact.scope == scope && fact.kind == FactKind::Date);
                let dates: Vec<&str> = dates.map(|fact| fact.name).collect();
                let says = format!("`{name}` is no date that a {} has", members.of.singular());
                Err(Diagnostic::error(named, says).hint(format!("it has {}", dates.join(", "))))
            }
        }
    }

    /// The members that a pair of parentheses is about; the opening one is taken already.
    fn enclosed(&mut self, start: usize) -> Parsed<Quantified> {
        let (of, restriction) = self.collection()?;
        let asked = if self.take("where") { Some(self.asked(of, false)?) } else { None };
        self.quantify(of, restriction, asked, start)
    }

    /// The condition after `where` or `has`.
    fn asked(&mut self, of: Collection, open: bool) -> Parsed<Condition> {
        self.within.push(of);
        if self.within.len() > QUANTIFIERS {
            return Err(self
                .error("quantifiers are nested too deeply here")
                .hint("split the condition into several rules"));
        }
        let open_where = std::mem::replace(&mut self.open_where, open);
        let asked = if open { self.all() } else { self.either() };
        self.open_where = open_where;
        self.within.pop();
        asked
    }

    /// The members that the words mean and that are as asked.
    fn quantify(
        &mut self,
        of: Collection,
        restriction: Restriction,
        asked: Option<Condition>,
        start: usize,
    ) -> Parsed<Quantified> {
        let span = restriction.start..self.end();
        let whole = match asked {
            Some(asked) if restriction.parts.is_empty() => asked,
            asked => both(restriction.parts, asked, &span)
                .unwrap_or(Condition { test: Test::All(Vec::new()), span }),
        };
        self.place(of, whole, start)
    }

    /// A quantifier with a place in the cache.
    fn place(&mut self, of: Collection, whole: Condition, start: usize) -> Parsed<Quantified> {
        let cache = self.used.caches;
        self.used.caches = cache
            .checked_add(1)
            .ok_or_else(|| Diagnostic::error(start..self.end(), "too many quantifiers"))?;
        let vocabulary = self.names.vocabulary;
        Ok(Quantified::new(of, whole, cache, &|fact| match vocabulary.fact(fact).scope {
            Scope::Person => Decided::Person,
            Scope::Pair => Decided::Pair,
            Scope::Conviction | Scope::Registration => Decided::Conviction,
        }))
    }

    /// `conviction`, `other conviction of the case`, `charges before the offence`.
    fn collection(&mut self) -> Parsed<(Collection, Restriction)> {
        let start = self.start();
        let mut restriction = Restriction { parts: Vec::new(), given: false, start };
        let other = self.take("other");
        let known = [Collection::Convictions, Collection::Charges, Collection::Registrations];
        let Some(of) = known
            .into_iter()
            .find(|of| self.take(of.singular()) || self.take(&format!("{}s", of.singular())))
        else {
            let found = self.peek().shown();
            let error =
                self.error(format!("expected `conviction`, `charge` or `registration`, found {found}"));
            return Err(error.hint("`charge` means every count, arrests and dismissed ones too"));
        };
        if other {
            restriction.given = true;
            let itself = self.pair("itself", of, start)?;
            let span = itself.span.clone();
            restriction.parts.push(Condition { test: Test::Not(Box::new(itself)), span });
        }
        loop {
            let at = self.start();
            match RESTRICTIONS.into_iter().chain(WINDOWS).find(|words| self.takes(words)) {
                Some("of the case") => restriction.parts.push(self.pair("same-case", of, at)?),
                Some("of the cycle") => restriction.parts.push(self.pair("same-cycle", of, at)?),
                Some("on the same day") => {
                    let date = self.member_fact(scope_of(of), "date", at)?;
                    let decided = self.decided_fact("date", at)?;
                    let test = Test::Dates {
                        left: DateTerm::Fact(date),
                        how: Compare::Equal,
                        right: DateTerm::Fact(decided),
                    };
                    restriction.parts.push(Condition { test, span: at..self.end() });
                }
                Some("within") => restriction.parts.push(self.chosen_window(of, at)?),
                Some(window) => restriction.parts.extend(self.window(window, of, at..self.end())?),
                // Only a restriction can stand here; `where`, `has` or nothing comes after all of them.
                None if ["of", "on", "before"].into_iter().any(|word| self.next_is(word)) => {
                    let error = self.error(format!("this does not say which {}s are meant", of.singular()));
                    return Err(error.hint(format!(
                        "after `{}` may stand `{}`, `{}`, and `within` with the name of a parameter",
                        of.singular(),
                        WINDOWS.join("`, `"),
                        RESTRICTIONS[..3].join("`, `"),
                    )));
                }
                None => return Ok((of, restriction)),
            }
            restriction.given = true;
        }
    }

    /// `within PARAMETER`, whose choices are stretches of history.
    fn chosen_window(&mut self, of: Collection, start: usize) -> Parsed<Condition> {
        let hint = format!("declare it: `timing: one of \"{}\" = \"ever\"`", WINDOWS.join("\", \""));
        let Kind::Word(name) = self.peek() else {
            return Err(self.error("expected the name of a parameter").hint(hint));
        };
        let Some((at, parameter)) = self.parameter(name) else {
            let says = if RESERVED.contains(&name.as_str()) {
                format!("expected the name of a parameter after `within`, found `{name}`")
            } else {
                format!("there is no parameter `{name}`")
            };
            return Err(self.error(says).hint(hint));
        };
        let ParameterKind::Choice { of: choices } = &parameter.kind else {
            return Err(self
                .error(format!("the parameter `{name}` does not choose a stretch of history"))
                .hint(hint));
        };
        if let Some(strange) = choices.iter().find(|choice| !WINDOWS.contains(&choice.as_str())) {
            return Err(self
                .error(format!("\"{strange}\", a choice of `{name}`, is no stretch of history"))
                .hint(hint));
        }
        self.at += 1;
        let span = start..self.end();
        let mut either = Vec::new();
        for choice in choices {
            let chosen = Test::Choice { parameter: at, is: choice.clone() };
            let chosen = Condition { test: chosen, span: span.clone() };
            let window = self.window(choice, of, span.clone())?;
            either.extend(both(window.into_iter().collect(), Some(chosen), &span));
        }
        Ok(Condition { test: Test::Either(either), span })
    }

    /// What a stretch of history asks of a member; nothing for `ever`.
    fn window(&self, window: &str, of: Collection, span: Range<usize>) -> Parsed<Option<Condition>> {
        let until = match window {
            "before the offence" => "offence-date",
            "before the conviction" => "date",
            _ => return Ok(None),
        };
        let test = Test::Dates {
            left: DateTerm::Fact(self.member_fact(scope_of(of), "date", span.start)?),
            how: Compare::Less,
            right: DateTerm::Fact(self.decided_fact(until, span.start)?),
        };
        Ok(Some(Condition { test, span }))
    }

    fn pair(&self, name: &str, of: Collection, start: usize) -> Parsed<Condition> {
        if of == Collection::Registrations {
            let says = "a registration belongs to no case, and is none of the convictions";
            return Err(Diagnostic::error(start..self.end(), says).hint(format!(
                "after `registration` may stand `on the same day`, `{}`",
                WINDOWS.join("`, `")
            )));
        }
        let fact = self.member_fact(Scope::Pair, name, start)?;
        Ok(Condition { test: Test::Flag(fact), span: start..self.end() })
    }

    fn member_fact(&self, scope: Scope, name: &str, start: usize) -> Parsed<FactRef> {
        self.vocabulary_fact(scope, name, Whose::Member, start)
    }

    fn decided_fact(&self, name: &str, start: usize) -> Parsed<FactRef> {
        self.vocabulary_fact(Scope::Conviction, name, Whose::Decided, start)
    }

    fn vocabulary_fact(&self, scope: Scope, name: &str, whose: Whose, start: usize) -> Parsed<FactRef> {
        let fact =
            self.names.vocabulary.find(scope, name).ok_or_else(|| {
                Diagnostic::error(start..self.end(), format!("there is no fact `{name}` here"))
            })?;
        Ok(FactRef { fact, whose })
    }
}

fn scope_of(of: Collection) -> Scope {
    if of == Collection::Registrations { Scope::Registration } else { Scope::Conviction }
}

/// All of several conditions; nothing if there is none.
fn both(mut parts: Vec<Condition>, asked: Option<Condition>, span: &Range<usize>) -> Option<Condition> {
    // The parts of what is asked stand beside the others, so that what is settled once a person is found among them.
    match asked {
        Some(Condition { test: Test::All(more), .. }) => parts.extend(more),
        Some(one) => parts.push(one),
        None => {}
    }
    match parts.len() {
        0 => None,
        1 => parts.pop(),
        _ => Some(Condition { test: Test::All(parts), span: span.clone() }),
    }
}
