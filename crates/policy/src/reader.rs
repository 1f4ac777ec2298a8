//! From the blocks of a document to its heading, scope and rules.

use crate::document::{self, Block, Entry};
use crate::expression::Condition;
use crate::outcome::Outcome;
use crate::parameters::Parameter;
use crate::parse::{Names, Parser};
use crate::policy::{Assumption, Citation, Heading, Rule, ScopeRule, Status};
use crate::sections::NamedSet;
use crate::{Case, Diagnostic, RuleSet, diagnostics::nearest, lex};
use std::collections::BTreeMap;
use std::ops::Range;

/// What the blocks of a document hold.
#[derive(Default)]
pub(crate) struct Parts<'b, 'a> {
    pub(crate) headings: Vec<&'b Block<'a>>,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) sets: Vec<NamedSet>,
    pub(crate) scopes: Vec<&'b Block<'a>>,
    pub(crate) rules: Vec<&'b Block<'a>>,
    pub(crate) cases: Vec<Case>,
}

pub(crate) fn heading(blocks: &[&Block<'_>], text: &str, wrong: &mut Vec<Diagnostic>) -> Option<Heading> {
    let [block] = blocks else {
        wrong.push(match blocks.get(1) {
            None => Diagnostic::error(0..0, "this document has no ```policy block")
                .hint("begin it with id, title, jurisdiction, authority, effective, source and status"),
            Some(second) => Diagnostic::error(second.span.clone(), "a document has one ```policy block"),
        });
        return None;
    };
    const KEYS: [&str; 7] = ["id", "title", "jurisdiction", "authority", "effective", "source", "status"];
    let mut found: BTreeMap<&str, Vec<(&str, Range<usize>)>> = BTreeMap::new();
    let entries = match document::entries(block) {
        Ok(entries) => entries,
        Err(error) => {
            wrong.push(error);
            return None;
        }
    };
    for entry in &entries {
        match KEYS.iter().find_map(|key| entry.after(key).map(|(text, _)| (*key, text))) {
            Some((key, text)) => found.entry(key).or_default().push((text, entry.span())),
            None => {
                let word = entry.text.split([':', ' ']).next().unwrap_or("").trim();
                let error = Diagnostic::error(entry.span(), format!("a policy has no `{word}`"));
                wrong.push(match nearest(word, KEYS) {
                    Some(near) => error.hint(format!("did you mean `{near}`?")),
                    None => error.hint(format!("it has {}", KEYS.join(", "))),
                });
            }
        }
    }
    let mut one = |key: &str| -> String {
        match found.get(key).map(Vec::as_slice) {
            Some([(text, _)]) if !text.is_empty() => (*text).to_owned(),
            Some([_, (_, second), ..]) if key != "source" => {
                wrong.push(Diagnostic::error(second.clone(), format!("`{key}` is given twice")));
                String::new()
            }
            Some([(text, _), ..]) if !text.is_empty() => (*text).to_owned(),
            _ => {
                wrong.push(
                    Diagnostic::error(block.span.clone(), format!("the policy does not give its {key}"))
                        .hint(format!("add a line `{key}: …`")),
                );
                String::new()
            }
        }
    };
    let (id, jurisdiction, authority, effective) =
        (one("id"), one("jurisdiction"), one("authority"), one("effective"));
    one("source");
    let status_word = one("status");
    if let Some([_, (_, second), ..]) = found.get("title").map(Vec::as_slice) {
        wrong.push(Diagnostic::error(second.clone(), "`title` is given twice"));
    }
    let title = found
        .get("title")
        .and_then(|title| title.first())
        .map(|(text, _)| *text)
        .or_else(|| document::heading(text));
    let status = Status::ALL.into_iter().find(|status| status.word() == status_word);
    if status.is_none() && !status_word.is_empty() {
        let span = found["status"][0].1.clone();
        wrong.push(
            Diagnostic::error(span, format!("there is no status `{status_word}`"))
                .hint("it is confirmed, observed, secondary or unconfirmed"),
        );
    }
    let source = found
        .get("source")
        .map(|all| all.iter().map(|(text, _)| (*text).to_owned()).collect())
        .unwrap_or_default();
    let title = title.unwrap_or(&id).to_owned();
    Some(Heading {
        title,
        id,
        jurisdiction,
        authority,
        effective,
        source,
        status: status.unwrap_or(Status::Unconfirmed),
    })
}

/// Reads scope and rules.
pub(crate) struct Reader<'a> {
    pub(crate) names: Names<'a>,
    pub(crate) status: Status,
    pub(crate) caches: u16,
    pub(crate) wrong: Vec<Diagnostic>,
}

const RULE_KEYS: [&str; 7] = ["when", "otherwise", "if unknown", "then", "reason", "cite", "note"];

impl Reader<'_> {
    fn condition(&mut self, text: &str, at: usize) -> Option<Condition> {
        let parsed = lex::tokens(text, at)
            .and_then(|tokens| Parser::new(&self.names, &tokens, &mut self.caches).condition());
        parsed.map_err(|error| self.wrong.push(error)).ok()
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
        let name = block.name.to_owned();
        if name.is_empty() {
            self.wrong.push(
                Diagnostic::error(block.span.clone(), "a rule needs a name")
                    .hint("write it after the fence: ```rule fifty-or-older"),
            );
        }
        let (mut condition, mut otherwise, mut if_unknown, mut outcome, mut reason) =
            (None, false, None, None, None);
        let (mut cite, mut note) = (Vec::new(), None);
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
                "then" => outcome = self.outcome(&one_line(text), entry.span()),
                "reason" => reason = self.reason(&one_line(text), entry.span()),
                "cite" => cite.extend(self.cite(text, entry.span())),
                "note" => note = Some(one_line(text)),
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
        Some(Rule {
            name,
            condition,
            if_unknown,
            outcome: outcome?,
            reason: reason?,
            cite,
            note,
            span: block.span.clone(),
        })
    }

    fn outcome(&mut self, text: &str, span: Range<usize>) -> Option<Outcome> {
        let plain = text.to_lowercase();
        let outcome = match plain.as_str() {
            "dismiss" => Outcome::Dismiss { seal: false },
            "dismiss and seal" => Outcome::Dismiss { seal: true },
            "reduce to misdemeanor" => Outcome::ReduceToMisdemeanor,
            "reduce to infraction" => Outcome::ReduceToInfraction,
            "not eligible" => Outcome::NotEligible,
            "already relieved" => Outcome::AlreadyRelieved,
            "review" => Outcome::Review,
            _ => match text.strip_prefix("refer to ") {
                Some(to) if !quoted(to).is_empty() => Outcome::Refer { to: quoted(to) },
                _ => {
                    const KNOWN: [&str; 8] = [
                        "dismiss",
                        "dismiss and seal",
                        "reduce to misdemeanor",
                        "reduce to infraction",
                        "not eligible",
                        "already relieved",
                        "review",
                        "refer to \"…\"",
                    ];
                    let error = Diagnostic::error(span, format!("there is no outcome `{text}`"));
                    self.wrong.push(match nearest(&plain, KNOWN) {
                        Some(near) => error.hint(format!("did you mean `{near}`?")),
                        None => error.hint(format!("outcomes are {}", KNOWN.join(", "))),
                    });
                    return None;
                }
            },
        };
        Some(outcome)
    }

    fn reason(&mut self, text: &str, span: Range<usize>) -> Option<String> {
        let reason = quoted(text);
        if reason.is_empty() {
            self.wrong.push(Diagnostic::error(span, "this reason is empty"));
            return None;
        }
        for part in reason.split('{').skip(1) {
            let name = part.split('}').next().unwrap_or("");
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
        let parsed = text.strip_prefix("assume ").and_then(|rest| {
            let (word, because) = rest.split_once(" because ")?;
            let holds = match word.trim() {
                "yes" => true,
                "no" => false,
                _ => return None,
            };
            Some(Assumption { holds, because: quoted(because) })
        });
        if parsed.is_none() {
            self.wrong.push(
                Diagnostic::error(span, "an assumption needs its reason")
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

/// What only the whole document shows.
pub(crate) fn whole(rules: &[Rule], parts: &Parts<'_, '_>, wrong: &mut Vec<Diagnostic>) {
    if parts.rules.is_empty() {
        wrong.push(Diagnostic::error(0..0, "this document has no rule"));
    }
    if rules.len() > RuleSet::MOST {
        wrong.push(Diagnostic::error(
            rules[RuleSet::MOST].span.clone(),
            format!("a policy has at most {} rules", RuleSet::MOST),
        ));
    }
    for (at, rule) in rules.iter().enumerate() {
        if rules[..at].iter().any(|other| other.name == rule.name) {
            wrong.push(Diagnostic::error(rule.span.clone(), format!("two rules are called `{}`", rule.name)));
        }
        if rule.condition.is_none()
            && let Some(after) = rules.get(at + 1)
        {
            wrong.push(
                Diagnostic::error(
                    after.span.clone(),
                    format!(
                        "the rule `{}` can never fire: `{}` above it decides everything",
                        after.name, rule.name
                    ),
                )
                .hint("put the `otherwise` rule last"),
            );
        }
    }
    // Where a rule failed to parse, the last one may be the missing one.
    if rules.len() == parts.rules.len()
        && rules.iter().all(|rule| rule.condition.is_some())
        && let Some(last) = rules.last().filter(|last| last.condition.is_some())
    {
        wrong.push(
            Diagnostic::error(last.span.clone(), "a conviction that meets no rule would have no decision")
                .hint("end with a rule that has `otherwise` in place of `when`"),
        );
    }
}

/// An entry's text on one line, without remarks.
fn one_line(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.trim_start().starts_with('#'));
    lines.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
}

fn quoted(text: &str) -> String {
    text.trim().trim_matches(['"', '“', '”']).trim().to_owned()
}
