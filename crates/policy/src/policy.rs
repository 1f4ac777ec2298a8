//! A whole policy document.

use crate::document;
use crate::evaluate::{Decision, Evaluator, Of, Record};
use crate::explain::Node;
use crate::expression::{Condition, Name};
use crate::outcome::Outcome;
use crate::parameters::{self, Kind as ParameterKind, Parameter, ParameterError, Value};
use crate::parse::Names;
use crate::reader::{Parts, Reader, heading, whole};
use crate::sections::{self, NamedSet, SetSource};
use crate::vocabulary::Vocabulary;
use crate::{Case, Diagnostic, FactIx, ParameterIx, SetIx, cases};
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
    pub(crate) const ALL: [Self; 4] = [Self::Confirmed, Self::Observed, Self::Secondary, Self::Unconfirmed];

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
    pub(crate) fn new(text: &str, status: Status) -> Option<Self> {
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
            return Err(vec![Diagnostic::error(
                0..0,
                format!("this document has {} bytes; a policy has at most {LARGEST}", text.len()),
            )]);
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
                if parts.sets.iter().any(|set| set.name == parameter.name) {
                    let says = format!("`{}` is the name of a section set already", parameter.name);
                    wrong.push(
                        Diagnostic::error(parameter.span.clone(), says).hint("give one of them another name"),
                    );
                }
                parts.sets.push(NamedSet {
                    name: parameter.name.clone(),
                    source: SetSource::Parameter(ParameterIx(at as u16)),
                    attempts: None,
                    conspiracies: None,
                    span: parameter.span.clone(),
                });
            }
        }
        parameters::check(&parts.parameters, vocabulary, &mut wrong);
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
                    Diagnostic::warning(
                        rule.span.clone(),
                        format!("the rule `{}` rests on a source nobody has read: {}", rule.name, cite.text),
                    )
                    .hint("read the official text, then write [confirmed] after the citation"),
                );
            }
        }
        match (heading, scope) {
            (Some(heading), Some(scope)) if wrong.is_empty() => {
                let hash = Hash(blake3::hash(text.as_bytes()).to_hex().to_string());
                let Parts { parameters, sets, cases, .. } = parts;
                let policy = Self {
                    heading,
                    parameters,
                    sets,
                    rules,
                    cases,
                    scope,
                    quantifiers,
                    text: text.to_owned(),
                    hash,
                };
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
    pub fn values<'a>(
        &self,
        given: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Vec<Value>, ParameterError> {
        let mut values: Vec<Value> =
            self.parameters.iter().map(|parameter| parameter.default.clone()).collect();
        for (name, text) in given {
            parameters::set(&self.parameters, &mut values, name, text)?;
        }
        parameters::consistent(&self.parameters, &values)?;
        Ok(values)
    }

    /// Decides the counts of a record one after another; `None` for one that is out of scope.
    pub fn decide<'a, R: Record>(
        &'a self,
        values: &'a [Value],
        record: &'a R,
    ) -> impl FnMut(u32) -> Option<Decision> + use<'a, R> {
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
            .map(|rule| {
                rule.condition.as_ref().map(|condition| evaluator.tree(condition, of, &self.text, record))
            })
            .collect();
        (scope, rules)
    }

    /// Whether a condition of the document names a fact.
    #[must_use]
    pub fn names_fact(&self, fact: FactIx) -> bool {
        self.names(Name::Fact(fact))
    }

    /// Whether a condition of the document asks for a section set.
    #[must_use]
    pub fn names_set(&self, set: SetIx) -> bool {
        self.names(Name::Set(set))
    }

    fn names(&self, wanted: Name) -> bool {
        let conditions = self.rules.iter().filter_map(|rule| rule.condition.as_ref());
        conditions.chain([&self.scope.condition]).any(|condition| condition.names(wanted))
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
