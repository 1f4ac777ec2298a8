//! From the blocks of a document to its scope and rules.

use crate::chain::Chain;
use crate::document::{self, Block, Entry};
use crate::expression::{Compare, Condition, DateTerm, Test};
use crate::grammar::{OUTCOMES, RULE_KEYS};
use crate::lex::{Kind, QUOTES};
use crate::outcome::Outcome;
use crate::parse::{Names, Parser, Used};
use crate::policy::{Assumption, Citation, Rule, ScopeRule, Status};
use crate::{Diagnostic, RuleSet, diagnostics::nearest, lex};
use std::ops::Range;

/// The day of `not yet until …`, with its place.
type Until = (DateTerm, Range<usize>);

/// Reads scope and rules.
pub(crate) struct Reader<'a> {
    pub(crate) names: Names<'a>,
    pub(crate) status: Status,
    pub(crate) used: Used,
    pub(crate) wrong: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn condition(&mut self, text: &str, at: usize) -> Option<Condition> {
        let parsed = lex::tokens(text, at)
            .and_then(|tokens| Parser::new(&self.names, &tokens, &mut self.used).condition());
        parsed.map_err(|error| self.wrong.push(error)).ok()
    }

    /// Looks at every definition by itself, so that what is wrong with one is said once and at its own place. A
    /// definition sees those above it.
    pub(crate) fn definitions(&mut self) {
        let all = self.names.definitions;
        for (at, definition) in all.iter().enumerate() {
            let names = Names { definitions: &all[..at], ..self.names };
            let mut used = Used::default();
            let Err(mut error) = Parser::new(&names, &definition.tokens, &mut used).definition() else {
                continue;
            };
            definition.broken.set(true);
            let named = definition.tokens.iter().find(|token| token.span == error.span);
            if let Some(Kind::Word(word)) = named.map(|token| &token.kind)
                && let Some(later) = all[at..].iter().find(|later| later.name == *word)
            {
                let says = if later.name == definition.name {
                    format!("`{word}` is defined by itself")
                } else {
                    format!("`{word}` is defined below `{}`", definition.name)
                };
                error = Diagnostic::error(error.span, says).hint("a definition can name those above it");
            }
            self.wrong.push(error);
        }
    }

    fn cite(&mut self, text: &str, span: Range<usize>) -> Option<Citation> {
        let (text, status) = match text.trim_end().strip_suffix(']').and_then(|text| text.rsplit_once('[')) {
            Some((text, word)) => match Status::ALL.into_iter().find(|status| status.word() == word) {
                Some(status) => (text, status),
                None => {
                    self.wrong.push(
                        Diagnostic::error(span, format!("there is no status `{word}`"))
                            .hint("it is confirmed, observed, secondary or unconfirmed"),
                    );
                    return None;
                }
            },
            None => (text, self.status),
        };
        Citation::new(&one_line(text), status)
    }

    pub(crate) fn scope(&mut self, blocks: &[&Block<'_>]) -> Option<ScopeRule> {
        let [block] = blocks else {
            self.wrong.push(match blocks.get(1) {
                None => Diagnostic::error(0..0, "this document has no ```scope block")
                    .hint("say which convictions it decides: `when conviction.section in cannabis`"),
                Some(second) => Diagnostic::error(second.span.clone(), "a document has one ```scope block"),
            });
            return None;
        };
        let (mut condition, mut cite) = (None, Vec::new());
        for entry in self.entries(block) {
            if let Some((text, at)) = entry.after("when") {
                if condition.is_some() {
                    let error = Diagnostic::error(entry.span(), "`when` is given twice in the scope");
                    self.wrong.push(error.hint("join the two by `and` or `or`"));
                }
                condition = Some(self.condition(text, at)?);
            } else if let Some((text, _)) = entry.after("cite") {
                cite.extend(self.cite(text, entry.span()));
            } else {
                self.wrong.push(Diagnostic::error(entry.span(), "a scope has `when …` and `cite …`"));
            }
        }
        if cite.is_empty() {
            self.wrong.push(
                Diagnostic::error(block.span.clone(), "the scope cites no source")
                    .hint("add a line `cite …`"),
            );
        }
        if condition.is_none() {
            self.wrong.push(
                Diagnostic::error(block.span.clone(), "the scope has no condition")
                    .hint("add a line `when …`"),
            );
        }
        Some(ScopeRule { condition: condition?, cite })
    }

    pub(crate) fn rule(&mut self, block: &Block<'_>) -> Option<Rule> {
        let before = self.wrong.len();
        let name = plain(block.name);
        if name.is_empty() {
            self.wrong.push(
                Diagnostic::error(block.span.clone(), "a rule needs a name")
                    .hint("write it after the fence: ```rule fifty-or-older"),
            );
        }
        let (mut condition, mut otherwise, mut if_unknown, mut outcome, mut reason) =
            (None, false, None, None, None);
        let (mut cite, mut note, mut replaces) = (Vec::new(), None, None);
        let mut seen: Vec<&str> = Vec::new();
        for entry in self.entries(block) {
            let Some((key, (text, at))) =
                RULE_KEYS.iter().find_map(|key| entry.after(key).map(|rest| (*key, rest)))
            else {
                let word = entry.text.split([' ', ':']).next().unwrap_or("").trim();
                let error = Diagnostic::error(entry.span(), format!("`{word}` means nothing in a rule"));
                self.wrong.push(match nearest(word, RULE_KEYS) {
                    Some(near) => error.hint(format!("did you mean `{near}`?")),
                    None => error.hint(format!(
                        "a rule has {}; indent a line to continue the one above",
                        RULE_KEYS.join(", ")
                    )),
                });
                continue;
            };
            if key != "cite" && seen.contains(&key) {
                self.wrong
                    .push(Diagnostic::error(entry.span(), format!("`{key}` is given twice in this rule")));
            }
            seen.push(key);
            match key {
                "when" => condition = self.condition(text, at),
                "otherwise" => {
                    otherwise = true;
                    if !text.is_empty() {
                        self.wrong.push(
                            Diagnostic::error(
                                entry.span(),
                                "`otherwise` stands alone: it decides whatever is left",
                            )
                            .hint("write the condition after `when`"),
                        );
                    }
                }
                "then" => outcome = self.outcome(text, at, entry.span()),
                "reason" => reason = self.reason(&one_line(text), entry.span()),
                "cite" => cite.extend(self.cite(text, entry.span())),
                "note" => note = Some(one_line(text)),
                "replaces" => replaces = Some(plain(text)),
                "before" | "after" => {}
                _ => if_unknown = self.assumption(&one_line(text), entry.span()),
            }
        }
        for (given, what) in [
            (seen.contains(&"then"), "then"),
            (seen.contains(&"reason"), "reason"),
            (!cite.is_empty(), "cite"),
        ] {
            if !given {
                let says =
                    if what == "cite" { "cites no source".to_owned() } else { format!("gives no `{what}`") };
                self.wrong.push(
                    Diagnostic::error(block.span.clone(), format!("the rule `{name}` {says}"))
                        .hint(format!("add a line `{what} …`")),
                );
            }
        }
        if otherwise == seen.contains(&"when") {
            self.wrong.push(Diagnostic::error(
                block.span.clone(),
                format!("the rule `{name}` needs either `when …` or `otherwise`"),
            ));
        }
        if self.wrong.len() > before {
            return None;
        }
        let (outcome, until) = outcome?;
        if let (Some((_, at)), true) = (&until, otherwise) {
            let says = "`not yet` decides only before its day, and the last rule decides whatever is left";
            self.wrong.push(Diagnostic::error(at.clone(), says).hint("put a rule with `when` above it"));
            return None;
        }
        if let Some((until, at)) = &until {
            // "Not yet until a day" says nothing from that day on.
            let open = Test::Dates { left: until.clone(), how: Compare::More, right: DateTerm::AsOf };
            let open = Condition { test: open, span: at.clone() };
            condition = Some(match condition {
                Some(when) => {
                    let span = when.span.clone();
                    Condition { test: Test::All(vec![when, open]), span }
                }
                None => open,
            });
        }
        Some(Rule {
            name,
            condition,
            if_unknown,
            outcome,
            until_text: until.as_ref().map(|(_, span)| span.clone()),
            until: until.map(|(until, _)| until),
            replaces,
            reason: reason?,
            cite,
            note,
            span: block.span.clone(),
        })
    }

    /// An outcome, and for `not yet until …` the day with its place.
    fn outcome(&mut self, text: &str, at: usize, span: Range<usize>) -> Option<(Outcome, Option<Until>)> {
        if let Some(day) = document::after(text, "not yet until").map(str::trim_start) {
            let from = at + text.len() - day.len();
            let parsed = lex::tokens(day, from)
                .and_then(|tokens| Parser::new(&self.names, &tokens, &mut self.used).day());
            return match parsed {
                // In an explanation: "no, until the day", "yes, until the day".
                Ok(until) => {
                    let word = text.to_ascii_lowercase().find("until").map_or(from, |word| at + word);
                    Some((Outcome::NotYet, Some((until, word..from + day.trim_end().len()))))
                }
                Err(error) => {
                    self.wrong.push(error);
                    None
                }
            };
        }
        let text = one_line(text);
        let plain = text.to_lowercase();
        if plain == "not yet" {
            let error = Diagnostic::error(span, "`not yet` needs the day until which");
            self.wrong.push(error.hint("write `then not yet until conviction.completed plus 4 years`"));
            return None;
        }
        let outcome = match plain.as_str() {
            "dismiss" => Outcome::Dismiss { seal: false },
            "dismiss and seal" => Outcome::Dismiss { seal: true },
            "reduce to misdemeanor" => Outcome::ReduceToMisdemeanor,
            "reduce to infraction" => Outcome::ReduceToInfraction,
            "not eligible" => Outcome::NotEligible,
            "already relieved" => Outcome::AlreadyRelieved,
            "review" => Outcome::Review,
            _ => {
                let named = |words: &str| {
                    document::after(&text, words).and_then(quoted).filter(|name| !name.is_empty())
                };
                if let Some(to) = named("refer to") {
                    Outcome::Refer { to }
                } else if let Some(relief) = named("grant") {
                    Outcome::Grant { relief }
                } else {
                    let error = Diagnostic::error(span, format!("there is no outcome `{text}`"));
                    self.wrong.push(match nearest(&plain, OUTCOMES) {
                        Some(near) => error.hint(format!("did you mean `{near}`?")),
                        None => error.hint(format!("outcomes are {}", OUTCOMES.join(", "))),
                    });
                    return None;
                }
            }
        };
        Some((outcome, None))
    }

    fn reason(&mut self, text: &str, span: Range<usize>) -> Option<String> {
        let reason = quoted(text);
        let Some(reason) = reason.clone().filter(|reason| !reason.is_empty()) else {
            let says = match reason {
                Some(_) => "this reason is empty",
                None => "a reason stands between two quotation marks",
            };
            self.wrong.push(Diagnostic::error(span, says).hint("write `reason \"50 years or older\"`"));
            return None;
        };
        for part in reason.split('{').skip(1) {
            let name = lex::name(part.split('}').next().unwrap_or(""));
            let name = name.as_str();
            if name != "section" && !self.names.parameters.iter().any(|parameter| parameter.name == name) {
                let known: Vec<&str> = self
                    .names
                    .parameters
                    .iter()
                    .map(|parameter| parameter.name.as_str())
                    .chain(["section"])
                    .collect();
                let error =
                    Diagnostic::error(span, format!("the reason names `{{{name}}}`, which is no parameter"));
                self.wrong.push(error.hint(match nearest(name, known.iter().copied()) {
                    Some(near) => format!("did you mean `{{{near}}}`?"),
                    None => format!("it can name {}", known.join(", ")),
                }));
                return None;
            }
        }
        Some(reason)
    }

    fn assumption(&mut self, text: &str, span: Range<usize>) -> Option<Assumption> {
        let parsed = document::after(text, "assume").and_then(|rest| {
            let rest = rest.trim_start();
            let (holds, rest) = match document::after(rest, "yes") {
                Some(rest) => (true, rest),
                None => (false, document::after(rest, "no")?),
            };
            let because = document::after(rest.trim_start(), "because")?;
            Some(Assumption { holds, because: quoted(because).filter(|because| !because.is_empty())? })
        });
        if parsed.is_none() {
            self.wrong.push(
                Diagnostic::error(span, "an assumption is `yes` or `no`, and needs its reason")
                    .hint("write `if unknown assume no because \"…\"`"),
            );
        }
        parsed
    }

    fn entries<'a>(&mut self, block: &Block<'a>) -> Vec<Entry<'a>> {
        document::entries(block).unwrap_or_else(|error| {
            self.wrong.push(error);
            Vec::new()
        })
    }
}

/// What only the whole document shows: `blocks` is how many rules it has, those included that could not be read.
pub(crate) fn whole(rules: &[Rule], blocks: usize, chain: &Chain, wrong: &mut Vec<Diagnostic>) {
    // Where a rule of this document and one of a document that it builds on do not go together, this one is told.
    let own = |rule: &Rule| chain.sources[0].range.contains(&rule.span.start);
    let of_both = |rule: &Rule, other: &Rule| if own(rule) { rule.span.clone() } else { other.span.clone() };
    if blocks == 0 {
        wrong.push(Diagnostic::error(0..0, "this document has no rule"));
    }
    if rules.len() > RuleSet::MOST {
        wrong.push(Diagnostic::error(
            rules[RuleSet::MOST].span.clone(),
            format!("a policy has at most {} rules", RuleSet::MOST),
        ));
    }
    let mut last_word: Option<&Rule> = None;
    for (at, rule) in rules.iter().enumerate() {
        if let Some(other) = rules[..at].iter().find(|other| other.name == rule.name) {
            wrong.push(
                Diagnostic::error(of_both(rule, other), format!("two rules are called `{}`", rule.name)).hint(
                    "give one of them another name; `replaces NAME` puts a rule in the place of one of a document below",
                ),
            );
        }
        if let Some(last) = last_word {
            let (says, hint) = if rule.condition.is_none() {
                (
                    format!("two rules claim the last word: `{}` and `{}`", last.name, rule.name),
                    "keep one rule with `otherwise`; `replaces NAME` puts it in the place of one of a document below",
                )
            } else {
                (
                    format!(
                        "the rule `{}` can never fire: `{}` above it decides everything",
                        rule.name, last.name
                    ),
                    "put the `otherwise` rule last",
                )
            };
            wrong.push(Diagnostic::error(of_both(rule, last), says).hint(hint));
        } else if rule.condition.is_none() {
            last_word = Some(rule);
        }
    }
    // Where a rule failed to parse, the last one may be the missing one.
    if rules.len() == blocks
        && last_word.is_none()
        && let Some(last) = rules.last()
    {
        let span = if own(last) { last.span.clone() } else { chain.said.clone() };
        wrong.push(
            Diagnostic::error(span, "a conviction that meets no rule would have no decision")
                .hint("end with a rule that has `otherwise` in place of `when`"),
        );
    }
}

/// The name of a rule, whatever the dashes in it.
pub(crate) fn plain(name: &str) -> String {
    one_line(name).replace(lex::is_dash, "-")
}

/// An entry's text on one line, without remarks.
pub(crate) fn one_line(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.trim_start().starts_with('#'));
    lines.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
}

/// The text between two quotation marks, or without any; nothing if one of the two is missing.
pub(crate) fn quoted(text: &str) -> Option<String> {
    let text = text.trim();
    let inner = match text.strip_prefix(QUOTES) {
        Some(rest) => rest.strip_suffix(QUOTES)?,
        None if text.ends_with(QUOTES) => return None,
        None => text,
    };
    Some(inner.trim().to_owned())
}
