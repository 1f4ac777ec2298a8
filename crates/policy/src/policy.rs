//! A whole policy document.

use crate::document::{self, Block, Entry};
use crate::evaluate::{Decision, Evaluator, Of, Record};
use crate::explain::Node;
use crate::expression::Condition;
use crate::outcome::Outcome;
use crate::parameters::{self, Kind as ParameterKind, Parameter, ParameterError, Value};
use crate::parse::{Names, Parser};
use crate::sections::{self, NamedSet, SetSource};
use crate::vocabulary::Vocabulary;
use crate::{Case, Diagnostic, ParameterIx, RuleSet, cases, diagnostics::nearest, lex};
use std::collections::BTreeMap;
use std::ops::Range;

/// A document larger than this is refused: no policy is.
const LARGEST: usize = 1 << 20;

/// A rule of a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleIx(pub u8);

impl RuleIx {
    /// As an index into [`Policy::rules`].
    #[must_use]
    pub const fn at(self) -> usize {
        self.0 as usize
    }
}

/// How sure it is that a source says what the document says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// The official text was read.
    Confirmed,
    /// A public program did so; it shows what an office did, not what the law says.
    Observed,
    /// A third party's summary.
    Secondary,
    /// Nobody has read the official text.
    Unconfirmed,
}

impl Status {
    const ALL: [Self; 4] = [Self::Confirmed, Self::Observed, Self::Secondary, Self::Unconfirmed];

    /// The word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Observed => "observed",
            Self::Secondary => "secondary",
            Self::Unconfirmed => "unconfirmed",
        }
    }
}

/// The source a rule rests on. It cannot be empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Citation {
    text: String,
    status: Status,
}

impl Citation {
    fn new(text: &str, status: Status) -> Option<Self> {
        let text = text.trim();
        (!text.is_empty()).then(|| Self { text: text.to_owned(), status })
    }

    /// The source.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How sure it is.
    #[must_use]
    pub fn status(&self) -> Status {
        self.status
    }
}

/// What a document says of itself.
#[derive(Clone, Debug)]
pub struct Heading {
    /// Its name: `us-ca/los-angeles-2020`.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Whose law: `us-ca`.
    pub jurisdiction: String,
    /// Who adopted it.
    pub authority: String,
    /// From when, and until when.
    pub effective: String,
    /// Where it is taken from.
    pub source: Vec<String>,
    /// How sure its sources are, unless a citation says otherwise.
    pub status: Status,
}

/// A BLAKE3 hash of a document, as 64 hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Hash(String);

impl Hash {
    /// The digits.
    #[must_use]
    pub fn digits(&self) -> &str {
        &self.0
    }
}

/// What a document says is to be made of an unknown condition.
#[derive(Clone, Debug)]
pub struct Assumption {
    /// Whether it is taken to hold.
    pub holds: bool,
    /// Why.
    pub because: String,
}

/// Which convictions a policy decides.
#[derive(Debug)]
pub(crate) struct ScopeRule {
    pub(crate) condition: Condition,
    pub(crate) cite: Vec<Citation>,
}

/// One rule.
#[derive(Debug)]
pub struct Rule {
    /// Its name.
    pub name: String,
    pub(crate) condition: Option<Condition>,
    /// What is made of an unknown condition, if the document says.
    pub if_unknown: Option<Assumption>,
    /// What it decides.
    pub outcome: Outcome,
    /// The reason, with `{…}` where a value stands.
    pub reason: String,
    /// The sources: at least one.
    pub cite: Vec<Citation>,
    /// A note to the reader.
    pub note: Option<String>,
    /// Where it stands.
    pub span: Range<usize>,
}

/// A policy that has passed its check.
#[derive(Debug)]
pub struct Policy {
    /// What it says of itself.
    pub heading: Heading,
    /// Its parameters.
    pub parameters: Vec<Parameter>,
    /// Its section sets, parameters that are sets among them.
    pub sets: Vec<NamedSet>,
    /// Its rules, in order; the last is `otherwise`.
    pub rules: Vec<Rule>,
    /// Its tests.
    pub cases: Vec<Case>,
    pub(crate) scope: ScopeRule,
    pub(crate) quantifiers: u16,
    text: String,
    hash: Hash,
}

impl Policy {
    /// Reads a document. With the policy come remarks that do not stop it from running.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with its place.
    pub fn parse(text: &str, vocabulary: &Vocabulary) -> Result<(Self, Vec<Diagnostic>), Vec<Diagnostic>> {
        if text.len() > LARGEST {
            return Err(vec![Diagnostic::error(0..0, format!("this document has {} bytes; a policy has at most {LARGEST}", text.len()))]);
        }
        let (blocks, mut wrong) = document::blocks(text);
        let mut parts = Parts::default();
        for block in &blocks {
            match block.kind {
                "policy" => parts.headings.push(block),
                "parameters" => parameters::read(block, &mut parts.parameters, &mut wrong),
                "sections" => sections::read(block, &mut parts.sets, &mut wrong),
                "scope" => parts.scopes.push(block),
                "rule" => parts.rules.push(block),
                _ => match cases::read(block) {
                    Ok(case) => parts.cases.push(case),
                    Err(error) => wrong.push(error),
                },
            }
        }
        for (at, parameter) in parts.parameters.iter().enumerate() {
            if matches!(parameter.kind, ParameterKind::Sections { .. }) {
                parts.sets.push(NamedSet {
                    name: parameter.name.clone(),
                    source: SetSource::Parameter(ParameterIx(at as u16)),
                    attempts: None,
                    conspiracies: None,
                    span: parameter.span.clone(),
                });
            }
        }
        let heading = heading(&parts.headings, text, &mut wrong);
        let status = heading.as_ref().map_or(Status::Unconfirmed, |heading| heading.status);
        let set_names: Vec<String> = parts.sets.iter().map(|set| set.name.clone()).collect();
        let names = Names { vocabulary, parameters: &parts.parameters, sets: &set_names };
        let mut reader = Reader { names, status, caches: 0, wrong };
        let scope = reader.scope(&parts.scopes);
        let rules: Vec<Rule> = parts.rules.iter().filter_map(|block| reader.rule(block)).collect();
        let quantifiers = reader.caches;
        let mut wrong = reader.wrong;
        whole(&rules, &parts, &mut wrong);
        let mut remarks = Vec::new();
        for rule in &rules {
            for cite in rule.cite.iter().filter(|cite| cite.status == Status::Unconfirmed) {
                remarks.push(
                    Diagnostic::warning(rule.span.clone(), format!("the rule `{}` rests on a source nobody has read: {}", rule.name, cite.text))
                        .hint("read the official text, then write [confirmed] after the citation"),
                );
            }
        }
        match (heading, scope) {
            (Some(heading), Some(scope)) if wrong.is_empty() => {
                let hash = Hash(blake3::hash(text.as_bytes()).to_hex().to_string());
                let Parts { parameters, sets, cases, .. } = parts;
                let policy = Self { heading, parameters, sets, rules, cases, scope, quantifiers, text: text.to_owned(), hash };
                Ok((policy, remarks))
            }
            _ => {
                wrong.sort_by_key(|error| error.span.start);
                Err(wrong)
            }
        }
    }

    /// The document.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The hash of the document's bytes.
    #[must_use]
    pub fn hash(&self) -> &Hash {
        &self.hash
    }

    /// A rule by its index.
    #[must_use]
    pub fn rule(&self, at: RuleIx) -> &Rule {
        &self.rules[at.at()]
    }

    /// The sources of the scope.
    #[must_use]
    pub fn scope_citations(&self) -> &[Citation] {
        &self.scope.cite
    }

    /// The parameters' values, by name where given, else their defaults.
    ///
    /// # Errors
    /// A name or value that the policy does not know.
    pub fn values<'a>(&self, given: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Vec<Value>, ParameterError> {
        let mut values: Vec<Value> = self.parameters.iter().map(|parameter| parameter.default.clone()).collect();
        for (name, text) in given {
            parameters::set(&self.parameters, &mut values, name, text)?;
        }
        parameters::consistent(&self.parameters, &values)?;
        Ok(values)
    }

    /// Decides the counts of a record one after another; `None` for one that is out of scope.
    pub fn decide<'a, R: Record>(&'a self, values: &'a [Value], record: &'a R) -> impl FnMut(u32) -> Option<Decision> + use<'a, R> {
        let mut evaluator = Evaluator::new(self, values, record);
        move |count| evaluator.decide(count)
    }

    /// The evaluation of a count as trees: of the scope, and of each rule that has a condition.
    #[must_use]
    pub fn explain<R: Record>(&self, values: &[Value], record: &R, count: u32) -> (Node, Vec<Option<Node>>) {
        let mut evaluator = Evaluator::new(self, values, record);
        let of = Of { decided: count, subject: count };
        let scope = evaluator.tree(&self.scope.condition, of, &self.text, record);
        let rules = self
            .rules
            .iter()
            .map(|rule| rule.condition.as_ref().map(|condition| evaluator.tree(condition, of, &self.text, record)))
            .collect();
        (scope, rules)
    }

    /// A rule's condition as the document writes it; `None` for `otherwise`.
    #[must_use]
    pub fn condition_text(&self, rule: RuleIx) -> Option<String> {
        let condition = self.rules[rule.at()].condition.as_ref()?;
        let text = self.text.get(condition.span.clone())?;
        Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// A rule's reason with its values filled in; `section` is the number of the section decided.
    #[must_use]
    pub fn reason(&self, rule: RuleIx, values: &[Value], section: &str) -> String {
        let template = &self.rules[rule.at()].reason;
        let mut filled = String::with_capacity(template.len() + 8);
        let mut rest = template.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            filled.push_str(before);
            let (name, after) = after.split_once('}').unwrap_or((after, ""));
            if name == "section" {
                filled.push_str(section);
            } else if let Some(at) = self.parameters.iter().position(|parameter| parameter.name == name) {
                filled.push_str(&values[at].to_string());
            }
            rest = after;
        }
        filled.push_str(rest);
        filled
    }
}

/// What the blocks of a document hold.
#[derive(Default)]
struct Parts<'b, 'a> {
    headings: Vec<&'b Block<'a>>,
    parameters: Vec<Parameter>,
    sets: Vec<NamedSet>,
    scopes: Vec<&'b Block<'a>>,
    rules: Vec<&'b Block<'a>>,
    cases: Vec<Case>,
}

fn heading(blocks: &[&Block<'_>], text: &str, wrong: &mut Vec<Diagnostic>) -> Option<Heading> {
    let [block] = blocks else {
        wrong.push(match blocks.get(1) {
            None => Diagnostic::error(0..0, "this document has no ```policy block").hint("begin it with id, title, jurisdiction, authority, effective, source and status"),
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
                wrong.push(Diagnostic::error(block.span.clone(), format!("the policy does not give its {key}")).hint(format!("add a line `{key}: …`")));
                String::new()
            }
        }
    };
    let (id, jurisdiction, authority, effective) = (one("id"), one("jurisdiction"), one("authority"), one("effective"));
    one("source");
    let status_word = one("status");
    let title = found.get("title").and_then(|title| title.first()).map(|(text, _)| *text).or_else(|| document::heading(text));
    let status = Status::ALL.into_iter().find(|status| status.word() == status_word);
    if status.is_none() && !status_word.is_empty() {
        let span = found["status"][0].1.clone();
        wrong.push(Diagnostic::error(span, format!("there is no status `{status_word}`")).hint("it is confirmed, observed, secondary or unconfirmed"));
    }
    let source = found.get("source").map(|all| all.iter().map(|(text, _)| (*text).to_owned()).collect()).unwrap_or_default();
    let title = title.unwrap_or(&id).to_owned();
    Some(Heading { title, id, jurisdiction, authority, effective, source, status: status.unwrap_or(Status::Unconfirmed) })
}

/// Reads scope and rules.
struct Reader<'a> {
    names: Names<'a>,
    status: Status,
    caches: u16,
    wrong: Vec<Diagnostic>,
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
                        Diagnostic::error(span, format!("there is no status `{word}`")).hint("it is confirmed, observed, secondary or unconfirmed"),
                    );
                    return None;
                }
            },
            None => (text, self.status),
        };
        Citation::new(&one_line(text), status)
    }

    fn scope(&mut self, blocks: &[&Block<'_>]) -> Option<ScopeRule> {
        let [block] = blocks else {
            self.wrong.push(match blocks.get(1) {
                None => Diagnostic::error(0..0, "this document has no ```scope block").hint("say which convictions it decides: `when conviction.section in cannabis`"),
                Some(second) => Diagnostic::error(second.span.clone(), "a document has one ```scope block"),
            });
            return None;
        };
        let (mut condition, mut cite) = (None, Vec::new());
        for entry in self.entries(block) {
            if let Some((text, at)) = entry.after("when") {
                condition = Some(self.condition(text, at)?);
            } else if let Some((text, _)) = entry.after("cite") {
                cite.extend(self.cite(text, entry.span()));
            } else {
                self.wrong.push(Diagnostic::error(entry.span(), "a scope has `when …` and `cite …`"));
            }
        }
        if cite.is_empty() {
            self.wrong.push(Diagnostic::error(block.span.clone(), "the scope cites no source").hint("add a line `cite …`"));
        }
        if condition.is_none() {
            self.wrong.push(Diagnostic::error(block.span.clone(), "the scope has no condition").hint("add a line `when …`"));
        }
        Some(ScopeRule { condition: condition?, cite })
    }

    fn rule(&mut self, block: &Block<'_>) -> Option<Rule> {
        let before = self.wrong.len();
        let name = block.name.to_owned();
        if name.is_empty() {
            self.wrong.push(Diagnostic::error(block.span.clone(), "a rule needs a name").hint("write it after the fence: ```rule fifty-or-older"));
        }
        let (mut condition, mut otherwise, mut if_unknown, mut outcome, mut reason) = (None, false, None, None, None);
        let (mut cite, mut note) = (Vec::new(), None);
        let mut seen: Vec<&str> = Vec::new();
        for entry in self.entries(block) {
            let Some((key, (text, at))) = RULE_KEYS.iter().find_map(|key| entry.after(key).map(|rest| (*key, rest))) else {
                let word = entry.text.split([' ', ':']).next().unwrap_or("").trim();
                let error = Diagnostic::error(entry.span(), format!("`{word}` means nothing in a rule"));
                self.wrong.push(match nearest(word, RULE_KEYS) {
                    Some(near) => error.hint(format!("did you mean `{near}`?")),
                    None => error.hint(format!("a rule has {}; indent a line to continue the one above", RULE_KEYS.join(", "))),
                });
                continue;
            };
            if key != "cite" && seen.contains(&key) {
                self.wrong.push(Diagnostic::error(entry.span(), format!("`{key}` is given twice in this rule")));
            }
            seen.push(key);
            match key {
                "when" => condition = self.condition(text, at),
                "otherwise" => otherwise = true,
                "then" => outcome = self.outcome(&one_line(text), entry.span()),
                "reason" => reason = self.reason(&one_line(text), entry.span()),
                "cite" => cite.extend(self.cite(text, entry.span())),
                "note" => note = Some(one_line(text)),
                _ => if_unknown = self.assumption(&one_line(text), entry.span()),
            }
        }
        for (given, what) in [(seen.contains(&"then"), "then"), (seen.contains(&"reason"), "reason"), (!cite.is_empty(), "cite")] {
            if !given {
                let says = if what == "cite" { "cites no source".to_owned() } else { format!("gives no `{what}`") };
                self.wrong.push(Diagnostic::error(block.span.clone(), format!("the rule `{name}` {says}")).hint(format!("add a line `{what} …`")));
            }
        }
        if otherwise == seen.contains(&"when") {
            self.wrong.push(Diagnostic::error(block.span.clone(), format!("the rule `{name}` needs either `when …` or `otherwise`")));
        }
        if self.wrong.len() > before {
            return None;
        }
        Some(Rule { name, condition, if_unknown, outcome: outcome?, reason: reason?, cite, note, span: block.span.clone() })
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
                    const KNOWN: [&str; 8] = ["dismiss", "dismiss and seal", "reduce to misdemeanor", "reduce to infraction", "not eligible", "already relieved", "review", "refer to \"…\""];
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
                let known: Vec<&str> = self.names.parameters.iter().map(|parameter| parameter.name.as_str()).chain(["section"]).collect();
                let error = Diagnostic::error(span, format!("the reason names `{{{name}}}`, which is no parameter"));
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
                Diagnostic::error(span, "an assumption needs its reason").hint("write `if unknown assume no because \"…\"`"),
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
fn whole(rules: &[Rule], parts: &Parts<'_, '_>, wrong: &mut Vec<Diagnostic>) {
    if parts.rules.is_empty() {
        wrong.push(Diagnostic::error(0..0, "this document has no rule"));
    }
    if rules.len() > RuleSet::MOST {
        wrong.push(Diagnostic::error(rules[RuleSet::MOST].span.clone(), format!("a policy has at most {} rules", RuleSet::MOST)));
    }
    for (at, rule) in rules.iter().enumerate() {
        if rules[..at].iter().any(|other| other.name == rule.name) {
            wrong.push(Diagnostic::error(rule.span.clone(), format!("two rules are called `{}`", rule.name)));
        }
        if rule.condition.is_none()
            && let Some(after) = rules.get(at + 1)
        {
            wrong.push(
                Diagnostic::error(after.span.clone(), format!("the rule `{}` can never fire: `{}` above it decides everything", after.name, rule.name))
                    .hint("put the `otherwise` rule last"),
            );
        }
    }
    // Where a rule failed to parse, the last one may be the missing one.
    if rules.len() == parts.rules.len()
        && let Some(last) = rules.last().filter(|last| last.condition.is_some())
    {
        wrong.push(
            Diagnostic::error(last.span.clone(), "a conviction that meets no rule would have no decision")
                .hint("end with a rule that has `otherwise` in place of `when`"),
        );
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn quoted(text: &str) -> String {
    text.trim().trim_matches(['"', '“', '”']).trim().to_owned()
}
