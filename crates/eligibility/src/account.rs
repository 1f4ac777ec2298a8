//! The full account of a determination: rules tried, facts with their places, sources; as data and as text.

use crate::determination::Determination;
use crate::engine::Worker;
use crate::prepared::Prepared;
use serde::Serialize;
use std::fmt::Write as _;
use vacatur_policy::{FactUse, Mode, Node, Operation, RuleIx};
use vacatur_records::{Column, Fact, Seen, Truth};

/// Turns a cell of the person's record into words: `input.csv, line 7, column 15 PRI_DOB`.
pub type PlaceOf<'f> = dyn Fn(Seen) -> String + 'f;

/// The account of one determination.
#[derive(Clone, Serialize)]
pub struct Account {
    /// The policy's name.
    pub policy: String,
    /// Its title.
    pub title: String,
    /// The hash of its bytes.
    pub policy_hash: String,
    /// The parameters as set.
    pub parameters: Vec<(String, String)>,
    /// The day of the decision.
    pub as_of: String,
    /// The count decided.
    pub count: CountAccount,
    /// The outcome.
    pub outcome: String,
    /// The outcome in full, in the document's words.
    pub relief: String,
    /// The deciding ground.
    pub reason: String,
    /// What was missing and mattered.
    pub missing: Vec<String>,
    /// What was missing and made no difference.
    pub harmless: Vec<String>,
    /// What it would be, depending on what is missing.
    pub would_be: Vec<String>,
    /// The sources of the decision.
    pub citations: Vec<String>,
    /// Why the conviction is in scope.
    pub scope: NodeAccount,
    /// Every rule, in order.
    pub rules: Vec<RuleAccount>,
    /// What else is to be known of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
    /// What the statute itself gives, where the run says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statute: Option<Box<Account>>,
    /// How they come to one outcome.
    #[serde(skip)]
    pub mode: Mode,
}

/// The count, in words.
#[derive(Clone, Serialize)]
pub struct CountAccount {
    /// The state's subject number.
    pub subject_id: String,
    /// The count number.
    pub cnt_order: String,
    /// The section in normal form.
    pub section: String,
    /// The offence as written.
    pub as_written: String,
    /// The level.
    pub level: String,
    /// The date.
    pub date: String,
    /// The county.
    pub county: String,
    /// The case number.
    pub case_number: String,
    /// Its first row.
    pub place: String,
    /// How it ended, where another document says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disposition: Option<FactAccount>,
    /// Whether it surely did not end in a conviction: an arrest, a charge that was dismissed.
    #[serde(skip)]
    pub not_convicted: bool,
}

/// A rule as it was tried.
#[derive(Clone, Debug, Serialize)]
pub struct RuleAccount {
    /// Its number in the document, from 1.
    pub number: usize,
    /// Its name.
    pub name: String,
    /// Whether its condition holds.
    pub holds: &'static str,
    /// Whether it decides.
    pub decides: bool,
    /// Whether it would decide if its condition turned out to hold.
    pub might_decide: bool,
    /// What it decides.
    pub outcome: String,
    /// Its reason.
    pub reason: String,
    /// Its sources, each with its status.
    pub citations: Vec<String>,
    /// What the document makes of an unknown condition, and why.
    pub assumption: Option<String>,
    /// Its condition; nothing for `otherwise`.
    pub condition: Option<NodeAccount>,
}

/// A condition with its answer.
#[derive(Clone, Debug, Serialize)]
pub struct NodeAccount {
    /// The words of the document.
    pub text: String,
    /// The answer.
    pub holds: &'static str,
    /// How its parts make it.
    pub operation: &'static str,
    /// The facts used.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<FactAccount>,
    /// The parts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<NodeAccount>,
}

/// A fact with its places.
#[derive(Clone, Serialize)]
pub struct FactAccount {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// What is wrong with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gap: Option<String>,
    /// What stands in for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proxy: Option<String>,
    /// The cells it was read from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<String>,
}

impl Account {
    /// The account of `determination`, which `worker` made of `prepared` under the policy with the number `policy`.
    #[must_use]
    pub fn new(
        worker: &Worker<'_>,
        prepared: &Prepared<'_, '_>,
        policy: usize,
        determination: &Determination<'_>,
        place_of: &PlaceOf<'_>,
    ) -> Self {
        let compiled = determination.compiled();
        let document = compiled.policy();
        let at = determination.count;
        let count = &prepared.person().counts[at as usize];
        let section = worker.section_number(prepared, at);
        let decision = determination.decision();
        let (scope, trees) = worker.trees(prepared, policy, at);
        let mut rules = Vec::with_capacity(document.rules.len());
        for (number, (rule, tree)) in document.rules.iter().zip(&trees).enumerate() {
            let ix = RuleIx(number as u8);
            let holds = match tree {
                Some(tree) => tree.truth,
                None => Truth::of(decision.holds.has(ix) || decision.possible.has(ix)),
            };
            rules.push(RuleAccount {
                number: number + 1,
                name: rule.name.clone(),
                holds: if tree.is_none() && holds.is_no() { "not reached" } else { holds.word() },
                decides: decision.deciding == Some(ix),
                might_decide: decision.deciding.is_none() && decision.possible.has(ix),
                outcome: rule.outcome.to_string(),
                reason: document.reason(ix, compiled.values(), section),
                citations: rule.cite.iter().map(cited).collect(),
                assumption: rule.if_unknown.as_ref().filter(|_| decision.unknown.has(ix)).map(|assumption| {
                    format!(
                        "taken to be {}: {}",
                        if assumption.holds { "so" } else { "not so" },
                        assumption.because
                    )
                }),
                condition: tree.as_ref().map(|tree| node(tree, place_of)),
            });
        }
        let normal = worker.section(prepared, at);
        let written = count.charge.offence();
        let county = &count.county.value;
        Self {
            policy: document.heading.id.clone(),
            title: document.heading.title.clone(),
            policy_hash: document.hash().digits().to_owned(),
            parameters: document
                .parameters
                .iter()
                .zip(compiled.values())
                .map(|(parameter, value)| (parameter.name.clone(), value.to_string()))
                .collect(),
            as_of: prepared.as_of().to_string(),
            count: CountAccount {
                subject_id: prepared.person().subject.expose().as_str().into_owned(),
                cnt_order: count.order.to_string(),
                section: if normal.is_empty() { "unreadable".into() } else { normal.to_owned() },
                as_written: written.as_str().into_owned(),
                level: count.level.value.map_or("level unknown", vacatur_records::Level::word).to_owned(),
                date: prepared.date_of(at).value.to_string(),
                county: if county.is_blank() {
                    "county unknown".into()
                } else {
                    county.as_str().into_owned()
                },
                case_number: count.case_number.as_str().into_owned(),
                place: place_of(Seen { row: count.row, column: Column::Row }),
                not_convicted: count.convicted.value.is_no(),
                disposition: disposition(&count.convicted, place_of),
            },
            outcome: determination.outcome().word().to_owned(),
            relief: determination.relief(),
            reason: determination.reason(section).into_owned(),
            missing: decision.missing.iter().map(|missing| missing.name().to_owned()).collect(),
            harmless: decision.harmless.iter().map(|missing| missing.name().to_owned()).collect(),
            would_be: determination
                .would_be(section)
                .map(
                    |(outcome, reason)| {
                        if reason.is_empty() { outcome.into_owned() } else { format!("{outcome}: {reason}") }
                    },
                )
                .collect(),
            citations: determination.explanation().citations().map(cited).collect(),
            scope: node(&scope, place_of),
            rules,
            remarks: Vec::new(),
            statute: None,
            mode: document.heading.mode,
        }
    }

    /// The account as text, for a screen or a file.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::new();
        let c = &self.count;
        let _ = writeln!(out, "Person {}, count {}", c.subject_id, c.cnt_order);
        let case = if c.case_number.is_empty() { String::new() } else { format!(", case {}", c.case_number) };
        let dated = match c.date.as_str() {
            "unknown" => "date unknown".into(),
            date if c.not_convicted => format!("of {date}"),
            date => format!("convicted {date}"),
        };
        let _ = writeln!(out, "  {} ({}), {dated}, {}{case}", c.section, c.level, c.county);
        let _ = writeln!(out, "  written \"{}\" in {}", c.as_written, c.place);
        if let Some(disposition) = &c.disposition {
            disposition.write(&mut out, "  ");
        }
        let _ = writeln!(out);
        let _ = writeln!(out, "Decision: {}. {}", self.relief.to_uppercase(), self.reason);
        for cite in &self.citations {
            let _ = writeln!(out, "  Source: {cite}");
        }
        if !self.missing.is_empty() {
            let _ = writeln!(out, "  Missing: {}", self.missing.join("; "));
        }
        for would in &self.would_be {
            let _ = writeln!(out, "  Depending on it: {would}");
        }
        if !self.harmless.is_empty() {
            let _ = writeln!(out, "  Unknown, but of no consequence: {}", self.harmless.join("; "));
        }
        for remark in &self.remarks {
            let _ = writeln!(out, "  Note: {remark}");
        }
        if let Some(statute) = &self.statute {
            let _ = writeln!(out);
            let _ = writeln!(
                out,
                "The statute itself gives: {}. {}",
                statute.relief.to_uppercase(),
                statute.reason
            );
            let _ = writeln!(out, "  by {}; its rules are shown by --json", statute.policy);
            for cite in &statute.citations {
                let _ = writeln!(out, "  Source: {cite}");
            }
            if !statute.missing.is_empty() {
                let _ = writeln!(out, "  Missing: {}", statute.missing.join("; "));
            }
            for would in &statute.would_be {
                let _ = writeln!(out, "  Depending on it: {would}");
            }
        }
        let _ = writeln!(out);
        let _ = writeln!(out, "Policy {}, \"{}\", as of {}", self.policy, self.title, self.as_of);
        let _ = writeln!(out, "  document {}", self.policy_hash);
        let set: Vec<String> =
            self.parameters.iter().map(|(name, value)| format!("{name} = {value}")).collect();
        if !set.is_empty() {
            let _ = writeln!(out, "  with {}", set.join("; "));
        }
        let _ = writeln!(out);
        let _ = writeln!(out, "In scope");
        self.scope.write(&mut out, 1);
        let _ = writeln!(out);
        let decides = match self.mode {
            Mode::FirstMatch => "the first that holds decides",
            Mode::BestOf => "of those that hold, the one that gives most decides",
        };
        let _ = writeln!(out, "Rules, in order; {decides}");
        for rule in &self.rules {
            let verdict = if rule.decides {
                "  <- decides"
            } else if rule.might_decide {
                "  <- may decide"
            } else {
                ""
            };
            let _ = writeln!(
                out,
                "{:>3}. {} [{}] {}: {}{verdict}",
                rule.number,
                sign(rule.holds),
                rule.name,
                rule.outcome,
                rule.reason
            );
            if let Some(condition) = &rule.condition {
                condition.write(&mut out, 2);
            }
            if let Some(assumption) = &rule.assumption {
                let _ = writeln!(out, "       The document says of the unknown: {assumption}");
            }
            if rule.decides || rule.might_decide {
                for cite in &rule.citations {
                    let _ = writeln!(out, "       Source: {cite}");
                }
            }
        }
        out
    }
}

impl FactAccount {
    fn write(&self, out: &mut String, indent: &str) {
        let gap = self.gap.as_ref().map(|gap| format!(" ({gap})")).unwrap_or_default();
        let proxy = self.proxy.as_ref().map(|proxy| format!(", taken from {proxy}")).unwrap_or_default();
        let places =
            if self.places.is_empty() { String::new() } else { format!("   [{}]", self.places.join("; ")) };
        let _ = writeln!(out, "{indent}{}: {}{gap}{proxy}{places}", self.name, self.value);
    }
}

/// How a count ended, where another document had a say in it: no rule asks for it, so that no tree shows it.
fn disposition(convicted: &Fact<Truth>, place_of: &PlaceOf<'_>) -> Option<FactAccount> {
    let told = convicted.seen.iter().flatten().any(|seen| seen.column == Column::Evidence);
    told.then(|| FactAccount {
        name: "disposition".into(),
        value: match convicted.value {
            Truth::Yes => "convicted",
            Truth::No => "not convicted",
            Truth::Unknown => "unknown",
        }
        .into(),
        gap: convicted.gap.map(|gap| gap.word().to_owned()),
        proxy: None,
        places: convicted.seen.iter().flatten().map(|seen| place_of(*seen)).collect(),
    })
}

impl NodeAccount {
    fn write(&self, out: &mut String, depth: usize) {
        let indent = "    ".repeat(depth);
        // A remark on several members at once is no answer of its own.
        let remark = self.operation == "member" && self.facts.is_empty() && self.parts.is_empty();
        let _ = writeln!(out, "{indent}{} {}", if remark { sign("") } else { sign(self.holds) }, self.text);
        for fact in &self.facts {
            fact.write(out, &format!("{indent}      "));
        }
        for part in &self.parts {
            part.write(out, depth + 1);
        }
    }
}

fn sign(holds: &str) -> &'static str {
    match holds {
        "yes" => "yes    ",
        "no" => "no     ",
        "unknown" => "unknown",
        _ => "-      ",
    }
}

fn cited(cite: &vacatur_policy::Citation) -> String {
    format!("{} [{}]", cite.text(), cite.status().word())
}

fn node(tree: &Node, place_of: &PlaceOf<'_>) -> NodeAccount {
    NodeAccount {
        text: tree.text.clone(),
        holds: tree.truth.word(),
        operation: match tree.operation {
            Operation::All => "all",
            Operation::Either => "either",
            Operation::Not => "not",
            Operation::Fact => "fact",
            Operation::Any => "any",
            Operation::Every => "every",
            Operation::Member => "member",
            Operation::Defined => "defined",
            Operation::Assumed => "assumed",
        },
        facts: tree.facts.iter().map(|used| fact(used, place_of)).collect(),
        parts: tree.parts.iter().map(|part| node(part, place_of)).collect(),
    }
}

fn fact(used: &FactUse, place_of: &PlaceOf<'_>) -> FactAccount {
    FactAccount {
        name: used.name.clone(),
        value: used.value.clone(),
        gap: used.gap.clone(),
        proxy: used.proxy.clone(),
        places: used.seen.iter().map(|seen| place_of(*seen)).collect(),
    }
}

vacatur_records::silent_debug!(Account, CountAccount, FactAccount);
