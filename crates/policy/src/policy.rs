//! A whole policy document.

use crate::chain::{self, Chain, Library, Source};
use crate::decide::Ranking;
use crate::document::{self, Block};
use crate::evaluate::{Decision, Evaluator, Of, Record};
use crate::explain::Node;
use crate::expression::{Condition, DateTerm};
use crate::heading::{Heading, heading};
use crate::lex;
use crate::outcome::Outcome;
use crate::parameters::{self, Kind as ParameterKind, Parameter, ParameterError, Value};
use crate::parse::{Names, Used};
use crate::reader::{Reader, whole};
use crate::sections::{self, NamedSet, SetSource};
use crate::vocabulary::Vocabulary;
use crate::{Case, Diagnostic, FactIx, ParameterIx, RuleSet, SetIx, cases, definitions};
use std::ops::Range;

/// A document larger than this is refused: no policy is.
pub(crate) const LARGEST: usize = 1 << 20;

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

    /// By its word.
    pub(crate) fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.word() == word)
    }

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
    /// For [`Outcome::NotYet`]: the day until which it does.
    pub(crate) until: Option<DateTerm>,
    /// Where the document writes that day.
    pub(crate) until_text: Option<Range<usize>>,
    /// The rule of the document this one builds on whose place it takes.
    pub replaces: Option<String>,
    /// The reason, with `{…}` where a value stands.
    pub reason: String,
    /// The sources: at least one.
    pub cite: Vec<Citation>,
    /// A note to the reader.
    pub note: Option<String>,
    /// Where it stands.
    pub span: Range<usize>,
}

/// A rule that a document leaves out of those it builds on.
#[derive(Clone, Debug)]
pub struct Removed {
    /// Its name.
    pub rule: String,
    /// Why.
    pub because: String,
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
    /// The rules it leaves out of the document it builds on.
    pub removed: Vec<Removed>,
    /// Its definitions: names, and where the document says what each means.
    pub(crate) definitions: Vec<(String, Range<usize>)>,
    pub(crate) scope: ScopeRule,
    pub(crate) quantifiers: u16,
    /// The document, and after it those it builds on.
    text: String,
    sources: Vec<Source>,
    said: Range<usize>,
    hash: Hash,
}

impl Policy {
    /// Reads a document that builds on no other. With the policy come remarks that do not stop it from running.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with its place.
    pub fn parse(text: &str, vocabulary: &Vocabulary) -> Result<(Self, Vec<Diagnostic>), Vec<Diagnostic>> {
        Self::parse_with(text, vocabulary, &|_| None)
    }

    /// Reads a document; `library` finds those it builds on. With the policy come remarks that do not stop it from
    /// running.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with its place. What is wrong in a document that it builds on has its
    /// place where this one names that.
    pub fn parse_with(
        text: &str,
        vocabulary: &Vocabulary,
        library: &Library<'_>,
    ) -> Result<(Self, Vec<Diagnostic>), Vec<Diagnostic>> {
        if text.len() > LARGEST {
            return Err(vec![Diagnostic::error(
                0..0,
                format!("this document has {} bytes; a policy has at most {LARGEST}", text.len()),
            )]);
        }
        let chain = Chain::of(text, library)?;
        let mut wrong = Vec::new();
        let parsed = read(&chain, vocabulary, &mut wrong);
        let mut wrong: Vec<Diagnostic> = wrong.into_iter().map(|error| chain.place(error)).collect();
        wrong.sort_by_key(|error| error.span.start);
        wrong.dedup();
        match parsed {
            Some(policy) if wrong.is_empty() => {
                let remarks = policy.remarks();
                Ok((policy, remarks))
            }
            _ => Err(wrong),
        }
    }

    /// What somebody should look at: sources that nobody has read.
    fn remarks(&self) -> Vec<Diagnostic> {
        let own = &self.sources[0].range;
        let mut remarks = Vec::new();
        for rule in self.rules.iter().filter(|rule| own.contains(&rule.span.start)) {
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
        remarks
    }

    /// A diagnostic of this policy as the reader of its document should see it: what is wrong in a document that it
    /// builds on has its place where this one names that.
    #[must_use]
    pub fn place(&self, error: Diagnostic) -> Diagnostic {
        chain::place(&self.sources, &self.text, &self.said, error)
    }

    /// The documents it builds on, each by name with its text, the nearest first.
    pub fn bases(&self) -> impl Iterator<Item = (&str, &str)> {
        self.sources.iter().skip(1).map(|source| (source.name.as_str(), &self.text[source.range.clone()]))
    }

    /// The name of the document that a rule stands in, if it is not this one.
    #[must_use]
    pub fn taken_from(&self, rule: &Rule) -> Option<&str> {
        let sources = self.sources.iter().skip(1);
        sources
            .filter(|source| source.range.contains(&rule.span.start))
            .map(|source| source.name.as_str())
            .next()
    }

    /// The document.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text[self.sources[0].range.clone()]
    }

    /// The document, and after it those it builds on: the text that places in it are about.
    pub(crate) fn whole_text(&self) -> &str {
        &self.text
    }

    /// The hash of the document's bytes, and of those it builds on.
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
    ///
    /// This reads the conditions as the document writes them, and is what a [`crate::Program`] is compared with. Who has
    /// many records to decide makes a program.
    pub fn decide<'a, R: Record>(
        &'a self,
        values: &'a [Value],
        record: &'a R,
    ) -> impl FnMut(u32) -> Option<Decision> + use<'a, R> {
        let (mut evaluator, ranking) = (Evaluator::new(self, values, record), Ranking::of(self));
        move |count| ranking.decide(&mut evaluator, count)
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
        self.conditions().any(|condition| condition.names_fact(fact))
    }

    /// Whether a condition of the document asks for a section set.
    #[must_use]
    pub fn names_set(&self, set: SetIx) -> bool {
        self.conditions().any(|condition| condition.names_set(set))
    }

    fn conditions(&self) -> impl Iterator<Item = &Condition> {
        let rules = self.rules.iter().filter_map(|rule| rule.condition.as_ref());
        rules.chain([&self.scope.condition])
    }

    /// A rule's condition as the document writes it; `None` for `otherwise`.
    #[must_use]
    pub fn condition_text(&self, rule: RuleIx) -> Option<String> {
        let condition = self.rules[rule.at()].condition.as_ref()?;
        Some(self.one_line(condition.span.clone()))
    }

    /// The scope's condition as the document writes it.
    #[must_use]
    pub fn scope_text(&self) -> String {
        self.one_line(self.scope.condition.span.clone())
    }

    /// What a rule decides, as the document writes it.
    #[must_use]
    pub fn outcome_text(&self, rule: &Rule) -> String {
        match &rule.until_text {
            Some(span) => format!("not yet until {}", self.one_line(span.clone())),
            None => rule.outcome.to_string(),
        }
    }

    /// What the document names, each with what the name stands for: parameters with their defaults, section sets,
    /// definitions.
    #[must_use]
    pub fn named_texts(&self) -> Vec<(String, String)> {
        let parameters = self.parameters.iter().map(|parameter| {
            let says = format!("{} = {}", parameter.kind, parameter.default);
            (format!("the parameter `{}`", parameter.name), says)
        });
        let sets = self.sets.iter().filter(|set| !matches!(set.source, SetSource::Parameter(_)));
        let sets = sets.map(|set| (format!("the set `{}`", set.name), self.one_line(set.whole.clone())));
        let definitions = self
            .definitions
            .iter()
            .map(|(name, span)| (format!("the definition of `{name}`"), self.one_line(span.clone())));
        parameters.chain(sets).chain(definitions).collect()
    }

    fn one_line(&self, span: Range<usize>) -> String {
        let text = self.text.get(span).unwrap_or("");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
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
            let name = lex::name(name);
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

/// Reads the documents of a chain as one policy; whatever is wrong with them goes to `wrong`.
fn read(chain: &Chain, vocabulary: &Vocabulary, wrong: &mut Vec<Diagnostic>) -> Option<Policy> {
    let mut documents: Vec<Vec<Block<'_>>> = Vec::with_capacity(chain.sources.len());
    for source in &chain.sources {
        let (blocks, broken) = document::blocks(&chain.text[source.range.clone()], source.range.start);
        wrong.extend(broken);
        documents.push(blocks);
    }
    let unseen: Vec<Diagnostic> = documents.iter().flatten().filter_map(document::unseen).collect();
    if !unseen.is_empty() {
        // What else is wrong may come of what nobody sees.
        wrong.extend(unseen);
        return None;
    }
    let of_kind = |at: usize, kind: &str| -> Vec<&Block<'_>> {
        documents[at].iter().filter(|block| block.kind == kind).collect()
    };
    let headings: Vec<Option<Heading>> = chain
        .sources
        .iter()
        .enumerate()
        .map(|(at, source)| heading(&of_kind(at, "policy"), &chain.text[source.range.clone()], wrong))
        .collect();
    let status = |block: &Block<'_>| {
        let at = chain.sources.iter().position(|source| source.range.contains(&block.span.start));
        at.and_then(|at| headings[at].as_ref()).map_or(Status::Unconfirmed, |heading| heading.status)
    };

    // The oldest document first: what a newer one declares again takes the place of what was.
    let (mut parameters, mut sets) = (Vec::<Parameter>::new(), Vec::<NamedSet>::new());
    let mut named = Vec::<definitions::Definition>::new();
    let (mut rules, mut scopes) = (Vec::new(), Vec::new());
    let mut removed = Vec::new();
    for at in (0..documents.len()).rev() {
        let (mut own_parameters, mut own_sets, mut own_named) = (Vec::new(), Vec::new(), Vec::new());
        for block in &documents[at] {
            match block.kind {
                "parameters" => parameters::read(block, &mut own_parameters, wrong),
                "sections" => sections::read(block, &mut own_sets, wrong),
                "definitions" => definitions::read(block, &mut own_named, wrong),
                _ => {}
            }
        }
        renew(&mut parameters, own_parameters, |parameter| &parameter.name);
        renew(&mut sets, own_sets, |set| &set.name);
        definitions::renew(&mut named, own_named);
        let own_scopes = of_kind(at, "scope");
        if !own_scopes.is_empty() {
            scopes = own_scopes;
        }
        let newer = at + 1 < documents.len();
        let mut own_rules = of_kind(at, "rule");
        if let Some(one_more) = own_rules.get(RuleSet::MOST) {
            let says = format!("a policy has at most {} rules", RuleSet::MOST);
            wrong.push(Diagnostic::error(one_more.span.clone(), says));
            own_rules.truncate(RuleSet::MOST);
        }
        rules = chain::rules(rules, &own_rules, newer, wrong);
        removed = chain::without(&mut rules, &of_kind(at, "without"), newer, wrong);
    }
    for (at, parameter) in parameters.iter().enumerate() {
        if matches!(parameter.kind, ParameterKind::Sections { .. }) {
            if sets.iter().any(|set| set.name == parameter.name) {
                let says = format!("`{}` is the name of a section set already", parameter.name);
                wrong.push(
                    Diagnostic::error(parameter.span.clone(), says).hint("give one of them another name"),
                );
            }
            sets.push(NamedSet {
                name: parameter.name.clone(),
                source: SetSource::Parameter(ParameterIx(at as u16)),
                attempts: None,
                conspiracies: None,
                span: parameter.span.clone(),
                whole: parameter.span.clone(),
            });
        }
    }
    parameters::check(&parameters, vocabulary, wrong);
    definitions::check(&named, &parameters, vocabulary, wrong);
    // The tests of a document that this one builds on are about that one.
    let mut cases = Vec::new();
    for block in of_kind(0, "test") {
        cases.extend(cases::read(block).map_err(|error| wrong.push(error)).ok());
    }

    let set_names: Vec<String> = sets.iter().map(|set| set.name.clone()).collect();
    let names = Names { vocabulary, parameters: &parameters, sets: &set_names, definitions: &named };
    let mut reader = Reader { names, status: Status::Unconfirmed, used: Used::default(), wrong: Vec::new() };
    reader.definitions();
    reader.status = scopes.first().map_or(Status::Unconfirmed, |block| status(block));
    let scope = reader.scope(&scopes);
    let blocks = rules.len();
    let rules: Vec<Rule> = rules
        .into_iter()
        .filter_map(|block| {
            reader.status = status(block);
            reader.rule(block)
        })
        .collect();
    let quantifiers = reader.used.caches;
    wrong.append(&mut reader.wrong);
    whole(&rules, blocks, chain, wrong);
    // How it decides, and what, it takes over from what it builds on, unless it says so itself.
    let mut headings = headings.into_iter().flatten();
    let mut heading = headings.next()?;
    for base in headings {
        heading.takes_over(&base);
    }
    Some(Policy {
        heading,
        parameters,
        sets,
        rules,
        cases,
        removed,
        definitions: named.into_iter().map(|definition| (definition.name, definition.whole)).collect(),
        scope: scope?,
        quantifiers,
        hash: Hash(blake3::hash(chain.text.as_bytes()).to_hex().to_string()),
        text: chain.text.clone(),
        sources: chain.sources.clone(),
        said: chain.said.clone(),
    })
}

/// Puts newer items in the place of those of the same name, and the others after them.
fn renew<T>(items: &mut Vec<T>, newer: Vec<T>, name: impl Fn(&T) -> &String) {
    for item in newer {
        match items.iter().position(|old| name(old) == name(&item)) {
            Some(at) => items[at] = item,
            None => items.push(item),
        }
    }
}
