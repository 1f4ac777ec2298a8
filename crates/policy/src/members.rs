//! Quantifiers: conditions on the whole record, and which of its members they are about.

use crate::Diagnostic;
use crate::expression::{
    Collection, Compare, Condition, Counted, DateTerm, Decided, FactRef, NumberTerm, Quantified, Test, Whose,
};
use crate::lex::Kind;
use crate::parameters::Kind as ParameterKind;
use crate::parse::{Operand, Parsed, Parser};
use crate::vocabulary::Scope;
use std::ops::Range;

/// How deep quantifiers may nest. Each level costs as many looks as there are convictions.
const QUANTIFIERS: usize = 3;

/// Stretches of a person's history, as a document may write them after `any conviction` or choose by a parameter.
const WINDOWS: [&str; 3] = ["before the offence", "before the conviction", "ever"];

/// What the words between `any conviction` and `where` ask of a member.
struct Restriction {
    parts: Vec<Condition>,
    given: bool,
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
            self.word("where")?;
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
        self.word("has")?;
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
            self.word("with")?;
            self.word("a")?;
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
        self.open()?;
        let Kind::Word(name) = self.peek().clone() else {
            return Err(self.error("expected a date that convictions have, such as `date` or `completed`"));
        };
        let named = self.start();
        self.at += 1;
        self.word("of")?;
        let members = self.enclosed(start)?;
        self.close()?;
        let scope =
            if members.of == Collection::Registrations { Scope::Registration } else { Scope::Conviction };
        let fact = self.member_fact(scope, &name, named)?;
        if self.names.vocabulary.fact(fact.fact).kind != crate::FactKind::Date {
            let span = named..named + name.len();
            return Err(Diagnostic::error(span, format!("`{name}` is no date")));
        }
        Ok(DateTerm::Extreme { fact, members, latest })
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
        let span = start..self.end();
        let whole =
            both(restriction.parts, asked, &span).unwrap_or(Condition { test: Test::All(Vec::new()), span });
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
        let mut restriction = Restriction { parts: Vec::new(), given: false };
        let other = self.take("other");
        let known = [Collection::Convictions, Collection::Charges, Collection::Registrations];
        let Some(of) = known
            .into_iter()
            .find(|of| self.take(of.singular()) || self.take(&format!("{}s", of.singular())))
        else {
            let found = self.peek().shown();
            return Err(
                self.error(format!("expected `conviction`, `charge` or `registration`, found {found}"))
            );
        };
        if other {
            restriction.given = true;
            let itself = self.pair("itself", of, start)?;
            let span = itself.span.clone();
            restriction.parts.push(Condition { test: Test::Not(Box::new(itself)), span });
        }
        loop {
            let at = self.start();
            if self.next_is("of") {
                self.at += 1;
                self.word("the")?;
                let name = if self.take("case") {
                    "same-case"
                } else {
                    self.word("cycle")
                        .map_err(|error| error.hint("write `of the case` or `of the cycle`"))?;
                    "same-cycle"
                };
                restriction.parts.push(self.pair(name, of, at)?);
            } else if self.next_is("on") {
                for word in ["on", "the", "same", "day"] {
                    self.word(word)?;
                }
                let date = self.member_fact(scope_of(of), "date", at)?;
                let decided = self.decided_fact("date", at)?;
                let test = Test::Dates {
                    left: DateTerm::Fact(date),
                    how: Compare::Equal,
                    right: DateTerm::Fact(decided),
                };
                restriction.parts.push(Condition { test, span: at..self.end() });
            } else if self.next_is("within") {
                self.at += 1;
                restriction.parts.push(self.chosen_window(of, at)?);
            } else if let Some(window) = WINDOWS.into_iter().find(|window| self.takes(window)) {
                restriction.parts.extend(self.window(window, of, at..self.end())?);
            } else {
                return Ok((of, restriction));
            }
            restriction.given = true;
        }
    }

    /// Takes several words, if all of them stand here.
    fn takes(&mut self, phrase: &str) -> bool {
        let words: Vec<&str> = phrase.split(' ').collect();
        let stand = words.iter().enumerate().all(|(ahead, word)| {
            matches!(self.tokens.get(self.at + ahead).map(|token| &token.kind), Some(Kind::Word(found)) if found == word)
        });
        if stand {
            self.at += words.len();
        }
        stand
    }

    /// `within PARAMETER`, whose choices are stretches of history.
    fn chosen_window(&mut self, of: Collection, start: usize) -> Parsed<Condition> {
        let hint = format!("declare it: `timing: one of \"{}\" = \"ever\"`", WINDOWS.join("\", \""));
        let Kind::Word(name) = self.peek() else {
            return Err(self.error("expected the name of a parameter").hint(hint));
        };
        let Some((at, parameter)) = self.parameter(name) else {
            return Err(self.error(format!("there is no parameter `{name}`")).hint(hint));
        };
        let ParameterKind::Choice { of: choices } = &parameter.kind else {
            return Err(self.error(format!("`{name}` chooses no stretch of history")).hint(hint));
        };
        if let Some(strange) = choices.iter().find(|choice| !WINDOWS.contains(&choice.as_str())) {
            return Err(self.error(format!("\"{strange}\" is no stretch of history")).hint(hint));
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
            return Err(Diagnostic::error(start..self.end(), says));
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
