//! Mutants of what stands around conditions: outcomes, assumptions, the order of rules, sections, defaults.

use super::{Maker, MutantKind, Names};
use crate::definitions::{self, Definition};
use crate::document::{Block, Entry, entries};
use crate::lex;
use crate::parameters::{self, Kind, Parameter, Value};
use std::ops::Range;

/// What a rule decides, and what it decides instead. An outcome that is not here becomes a review.
const OUTCOMES: [(&str, &str); 7] = [
    ("dismiss", "review"),
    ("dismiss and seal", "dismiss"),
    ("reduce to misdemeanor", "reduce to infraction"),
    ("reduce to infraction", "reduce to misdemeanor"),
    ("not eligible", "dismiss"),
    ("already relieved", "review"),
    ("review", "dismiss"),
];

/// What may be said of attempts and conspiracies.
const TREATMENTS: [&str; 3] = ["count", "are unclear", "do not count"];

/// A county that is none.
const NO_COUNTY: &str = "nowhere";

/// The names that the blocks of a document give.
pub(super) fn names(blocks: &[Block<'_>]) -> Names {
    let mut names = Names::default();
    for block in blocks {
        match block.kind {
            "sections" => {
                let entries = entries(block).unwrap_or_default();
                names.sets.extend(entries.iter().filter_map(|entry| Some(set_of(entry)?.0)));
            }
            "parameters" => {
                for parameter in declared(block) {
                    match parameter.kind {
                        Kind::Flag => names.flags.push(parameter.name),
                        Kind::Number { .. } => names.numbers.push(parameter.name),
                        Kind::Choice { of } => names.choices.push((parameter.name, of)),
                        Kind::Sections { .. } => names.sets.push(parameter.name),
                        _ => names.others.push(parameter.name),
                    }
                }
            }
            // As a flag it can be denied wherever it is named.
            "definitions" => names.flags.extend(defined(block).into_iter().map(|definition| definition.name)),
            _ => {}
        }
    }
    names
}

/// The definitions of a block; mistakes in it are for the check to tell.
fn defined(block: &Block<'_>) -> Vec<Definition> {
    let (mut found, mut wrong) = (Vec::new(), Vec::new());
    definitions::read(block, &mut found, &mut wrong);
    found
}

/// The parameters of a block; mistakes in it are for the check to tell.
fn declared(block: &Block<'_>) -> Vec<Parameter> {
    let (mut found, mut wrong) = (Vec::new(), Vec::new());
    parameters::read(block, &mut found, &mut wrong);
    found
}

/// The name of a set and the place of what it is made of: `cannabis = table cannabis`.
fn set_of(entry: &Entry<'_>) -> Option<(String, Range<usize>)> {
    let head = entry.text.lines().next().unwrap_or("").trim_end();
    let (name, value) = head.split_once('=')?;
    let from = entry.at + head.len() - value.trim_start().len();
    Some((name.trim().to_lowercase(), from..entry.at + head.len()))
}

/// A list without the item at `left_out`; `None` where nothing would be left.
fn without(items: &[&str], left_out: usize) -> Option<String> {
    let rest = items.iter().enumerate().filter(|(at, _)| *at != left_out).map(|(_, item)| *item);
    let rest = rest.collect::<Vec<_>>().join(", ");
    (!rest.is_empty()).then_some(rest)
}

impl Maker<'_, '_> {
    /// The conditions of a block, and beside them what a rule says.
    pub(super) fn conditions(&mut self, block: &Block<'_>) {
        for entry in entries(block).unwrap_or_default() {
            if let Some((text, at)) = entry.after("when") {
                if let Ok(tokens) = lex::tokens(text, at) {
                    self.condition(&tokens, false);
                }
            } else if let Some((text, at)) = entry.after("then") {
                self.outcome(text, at);
            } else if let Some((text, at)) = entry.after("if unknown") {
                self.assumption(&entry, text, at);
            }
        }
    }

    /// What the names of a block stand for. Facts in it have no first word.
    pub(super) fn definitions(&mut self, block: &Block<'_>) {
        for definition in defined(block) {
            self.condition(&definition.tokens, true);
        }
    }

    fn outcome(&mut self, text: &str, at: usize) {
        if let Some(day) = text.strip_prefix("not yet until ")
            && let Ok(tokens) = lex::tokens(day, at + text.len() - day.len())
        {
            self.condition(&tokens, false);
        }
        let plain = super::one_line(text).to_lowercase();
        let other = OUTCOMES.iter().find(|(known, _)| *known == plain).map_or("review", |(_, other)| *other);
        self.replace(MutantKind::Outcome, at..at + text.len(), other);
    }

    fn assumption(&mut self, entry: &Entry<'_>, text: &str, at: usize) {
        if let Some(rest) = text.strip_prefix("assume ") {
            let start = at + text.len() - rest.trim_start().len();
            let word = rest.split_whitespace().next().unwrap_or("");
            let other = match word {
                "yes" => Some("no"),
                "no" => Some("yes"),
                _ => None,
            };
            if let Some(other) = other {
                let says = format!("`if unknown assume {word}` becomes `{other}`");
                self.change(MutantKind::Assumption, start..start + word.len(), other.into(), says);
            }
        }
        let whole = entry.at..entry.at + entry.text.len();
        let says = "what is made of the unknown is left out".to_owned();
        self.change(MutantKind::Assumption, whole, String::new(), says);
    }

    /// Each rule left out, and each two neighbours in the other order. The last rule, which decides whatever is left,
    /// has to stay and to stay last.
    pub(super) fn rules(&mut self, blocks: &[Block<'_>]) {
        let is_last = |block: &Block<'_>| {
            let entries = entries(block).unwrap_or_default();
            entries.iter().any(|entry| entry.after("otherwise").is_some())
        };
        let rules: Vec<(&Block<'_>, Range<usize>)> = blocks
            .iter()
            .filter(|block| block.kind == "rule" && !is_last(block))
            .map(|block| (block, self.whole(block)))
            .collect();
        for (rule, whole) in &rules {
            let says = format!("the rule `{}` is left out", rule.name);
            self.change(MutantKind::RuleLeftOut, whole.clone(), String::new(), says);
        }
        for pair in rules.windows(2).filter(|_| self.kinds.contains(&MutantKind::RuleOrder)) {
            let [(first, above), (second, below)] = pair else { continue };
            let text = |span: Range<usize>| self.document.get(span).unwrap_or("");
            let swapped = [
                text(below.clone()),
                text(above.end..below.start),
                text(above.clone()),
                // The second may end with the document, and then without a line's end.
                if text(above.clone()).ends_with('\n') { "" } else { "\n" },
            ]
            .concat();
            let says = format!("the rule `{}` is tried before `{}`", second.name, first.name);
            self.change(MutantKind::RuleOrder, above.start..below.end, swapped, says);
        }
    }

    /// A block with both its fences.
    fn whole(&self, block: &Block<'_>) -> Range<usize> {
        let body_ends = block.at + block.body.len();
        let rest = self.document.get(body_ends..).unwrap_or("");
        let closing = rest.split_inclusive('\n').next().map_or(0, str::len);
        block.span.start..body_ends + closing
    }

    /// Section sets: what they are made of, and what becomes of attempts and conspiracies.
    pub(super) fn sections(&mut self, block: &Block<'_>) {
        for entry in entries(block).unwrap_or_default() {
            let Some((name, value)) = set_of(&entry) else { continue };
            let text = self.document.get(value.clone()).unwrap_or("");
            let nothing = self.alternatives.nothing.to_owned();
            if let Some(table) = text.strip_prefix("table ") {
                let says = format!("the table of `{name}` becomes an empty list");
                self.change(MutantKind::Sections, value.clone(), nothing, says);
                let start = value.end - table.trim_start().len();
                for other in self.alternatives.tables.clone() {
                    self.replace(MutantKind::Sections, start..value.end, other);
                }
            } else {
                let items: Vec<&str> = text.split(',').map(str::trim).collect();
                for (at, item) in items.iter().enumerate() {
                    let rest = without(&items, at).unwrap_or_else(|| nothing.clone());
                    let says = format!("`{item}` is left out of `{name}`");
                    self.change(MutantKind::Sections, value.clone(), rest, says);
                    self.widened(&items, at, &value);
                }
                self.days(&value);
            }
            self.treatments(&entry);
        }
    }

    /// A section with a subdivision becomes the section as a whole.
    fn widened(&mut self, items: &[&str], at: usize, value: &Range<usize>) {
        let (Some((section, _)), Some((_, days))) = (items[at].split_once('('), items[at].rsplit_once(')'))
        else {
            return;
        };
        let whole = [section, days].concat();
        let mut wider = items.to_vec();
        wider[at] = &whole;
        let says = format!("`{}` becomes `{whole}`", items[at]);
        self.change(MutantKind::Sections, value.clone(), wider.join(", "), says);
    }

    /// The days from which and until which a section is listed.
    fn days(&mut self, value: &Range<usize>) {
        let text = self.document.get(value.clone()).unwrap_or("");
        let mut at = value.start;
        for piece in text.split_inclusive([' ', '\t', ',']) {
            let word = piece.trim_end_matches([' ', '\t', ',']);
            if let (10, Ok(day)) = (word.len(), word.parse()) {
                self.day(day, &(at..at + word.len()), MutantKind::Day);
            }
            at += piece.len();
        }
    }

    fn treatments(&mut self, entry: &Entry<'_>) {
        let mut at = entry.at;
        for line in entry.text.split_inclusive('\n') {
            let text = line.trim();
            let start = at + line.len() - line.trim_start().len();
            at += line.len();
            let Some((what, how)) = text.split_once(' ') else { continue };
            if start == entry.at || !matches!(what, "attempts" | "conspiracies") {
                continue;
            }
            let (how, end) = (how.trim(), start + text.len());
            let known = if how == "unclear" { "are unclear" } else { how };
            for other in TREATMENTS.into_iter().filter(|other| *other != known) {
                let says = format!("`{what} {how}` becomes `{what} {other}`");
                self.change(MutantKind::Treatment, end - how.len()..end, other.into(), says);
            }
        }
    }

    /// Defaults. The ranges stay: what an office may choose is not what is decided.
    pub(super) fn parameters(&mut self, block: &Block<'_>) {
        let entries = entries(block).unwrap_or_default();
        for parameter in declared(block) {
            let Some(entry) = entries.iter().find(|entry| entry.at == parameter.span.start) else { continue };
            let head = entry.text.lines().next().unwrap_or("").trim_end();
            let Some((_, value)) = head.split_once('=') else { continue };
            let start = entry.at + head.len() - value.trim_start().len();
            let mut text = value.trim();
            if matches!(parameter.kind, Kind::Number { .. }) {
                text = text.split(',').next().unwrap_or("").trim_end();
            }
            let span = start..start + text.len();
            for other in others(&parameter) {
                let says = format!("the default of `{}`, `{text}`, becomes `{other}`", parameter.name);
                self.change(MutantKind::Default, span.clone(), other, says);
            }
        }
    }
}

/// What else a parameter may be by default.
fn others(parameter: &Parameter) -> Vec<String> {
    match (&parameter.kind, &parameter.default) {
        (Kind::Number { from, to, may_be_off }, Value::Number(Some(number))) => {
            let near = [number.checked_add(1), number.checked_sub(1)].into_iter().flatten();
            let near = near.filter(|number| (from..=to).contains(&number)).map(|number| number.to_string());
            near.chain(may_be_off.then(|| "off".to_owned())).collect()
        }
        (Kind::Number { from, .. }, Value::Number(None)) => vec![from.to_string()],
        (Kind::Flag, Value::Flag(flag)) => vec![if *flag { "no" } else { "yes" }.to_owned()],
        (Kind::Choice { of }, Value::Choice(choice)) => {
            of.iter().filter(|other| *other != choice).map(|other| format!("\"{other}\"")).collect()
        }
        (Kind::Sections { of, .. }, Value::Sections(chosen)) if chosen.is_empty() => of.clone(),
        (Kind::Sections { .. }, Value::Sections(chosen)) => {
            let items: Vec<&str> = chosen.iter().map(String::as_str).collect();
            let rest = |at| without(&items, at).unwrap_or_else(|| "none".to_owned());
            (0..items.len()).map(rest).collect()
        }
        (Kind::County, Value::County(None)) => vec![NO_COUNTY.to_owned()],
        (Kind::County, Value::County(Some(_))) => vec!["any".to_owned()],
        (Kind::Date, Value::Date(day)) => {
            [day.yesterday(), day.tomorrow()].into_iter().flatten().map(|day| day.to_string()).collect()
        }
        _ => Vec::new(),
    }
}
