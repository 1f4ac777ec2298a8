//! A document that builds on another: whose rules, parameters and sets it takes over, and what it replaces.
//!
//! The documents are read as one text, the newest first, so that every place in any of them is one number.

use crate::Diagnostic;
use crate::diagnostics::nearest;
use crate::document::{self, Block};
use crate::heading::builds_on;
use crate::policy::{LARGEST, Removed};
use crate::reader::{one_line, plain, quoted};
use std::ops::Range;

/// How many documents may build on one another.
const LONGEST: usize = 8;

/// Finds a document by its name, for those that build on it.
pub type Library<'l> = dyn Fn(&str) -> Option<String> + Sync + 'l;

/// One of the documents of a chain.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    /// Its name; empty for the document itself.
    pub(crate) name: String,
    /// Where it stands in the whole text.
    pub(crate) range: Range<usize>,
}

/// A document with those it builds on.
pub(crate) struct Chain {
    /// All texts, the document itself first.
    pub(crate) text: String,
    pub(crate) sources: Vec<Source>,
    /// Where the document says what it builds on.
    pub(crate) said: Range<usize>,
}

impl Chain {
    /// Fetches what a document builds on.
    pub(crate) fn of(document: &str, library: &Library<'_>) -> Result<Self, Vec<Diagnostic>> {
        let mut chain = Self {
            text: document.to_owned(),
            sources: vec![Source { name: String::new(), range: 0..document.len() }],
            said: 0..0,
        };
        let mut next = builds_on(&document::blocks(document, 0).0);
        if let Some((_, said)) = &next {
            chain.said = said.clone();
        }
        while let Some((name, _)) = next {
            let wrong = |says: String| vec![Diagnostic::error(chain.said.clone(), says)];
            if name.is_empty() {
                return Err(wrong("`builds on` does not say which document".into()));
            }
            let itself = chain.names_itself(&name);
            if itself || chain.sources.iter().any(|source| source.name == name) {
                if chain.sources.len() == 1 {
                    return Err(wrong("this document builds on itself".into()));
                }
                let names: Vec<String> =
                    chain.sources.iter().skip(1).map(|source| format!("`{}`", source.name)).collect();
                return Err(wrong(format!(
                    "documents build on one another in a circle: this one on {}, that on `{name}`{}",
                    names.join(", that on "),
                    if itself { ", which is this one" } else { " again" }
                )));
            }
            if chain.sources.len() > LONGEST {
                return Err(wrong(format!("more than {LONGEST} documents build on one another here")));
            }
            let Some(text) = library(&name) else {
                return Err(wrong(format!("there is no document `{name}` to build on"))
                    .into_iter()
                    .map(|error| {
                        error.hint(
                            "name a policy from `vacatur policy list`, or a path from this document's folder",
                        )
                    })
                    .collect());
            };
            if text.len() > LARGEST {
                return Err(wrong(format!("the document `{name}` has more than {LARGEST} bytes")));
            }
            let start = chain.text.len() + 1;
            chain.text.push('\n');
            chain.text.push_str(&text);
            next = builds_on(&document::blocks(&text, start).0);
            chain.sources.push(Source { name, range: start..start + text.len() });
        }
        Ok(chain)
    }

    /// Whether the document itself goes by this name.
    fn names_itself(&self, name: &str) -> bool {
        let own = &self.text[self.sources[0].range.clone()];
        let (blocks, _) = document::blocks(own, 0);
        blocks.iter().filter(|block| block.kind == "policy").any(|block| {
            document::entries(block).is_ok_and(|entries| {
                entries.iter().any(|entry| entry.after("id").is_some_and(|(id, _)| plain(id) == name))
            })
        })
    }

    /// An error in a document that this one builds on is told where this one names it.
    pub(crate) fn place(&self, error: Diagnostic) -> Diagnostic {
        place(&self.sources, &self.text, &self.said, error)
    }
}

/// An error in a document that another builds on is told where that one names it.
pub(crate) fn place(sources: &[Source], text: &str, said: &Range<usize>, error: Diagnostic) -> Diagnostic {
    let found = sources.iter().skip(1).find(|source| source.range.contains(&error.span.start));
    let Some(source) = found else { return error };
    let within = error.span.start - source.range.start;
    let line = text[source.range.clone()].get(..within).map_or(1, |before| before.matches('\n').count() + 1);
    let says = format!("line {line} of `{}`, on which this document builds: {}", source.name, error.message);
    Diagnostic { message: says, span: said.clone(), ..error }
}

/// Puts the rules of a document among those it builds on. `base` is empty for a document that builds on none.
pub(crate) fn rules<'b, 'a>(
    base: Vec<&'b Block<'a>>,
    own: &[&'b Block<'a>],
    derived: bool,
    wrong: &mut Vec<Diagnostic>,
) -> Vec<&'b Block<'a>> {
    let mut rules = base;
    // A rule may stand beside another new one, which is put in its place before.
    for &block in own {
        let placed = placement(block);
        if !derived {
            if let Some(Placement { span, .. }) = placed.first() {
                wrong.push(
                    Diagnostic::error(
                        span.clone(),
                        "this document builds on none, so its rules stand as written",
                    )
                    .hint("say what it builds on in the ```policy block: `builds on: us-ca/…`"),
                );
            }
            rules.push(block);
            continue;
        }
        let [Placement { how, name, span }] = placed.as_slice() else {
            let says = format!("the rule `{}` does not say where it stands", block.name);
            wrong.push(match placed.get(1) {
                Some(second) => Diagnostic::error(second.span.clone(), "a rule stands in one place")
                    .hint("keep one of `replaces`, `before` and `after`"),
                None => Diagnostic::error(block.span.clone(), says).hint(
                    "add a line `replaces NAME`, `before NAME` or `after NAME`, with a rule of the document it builds on",
                ),
            });
            continue;
        };
        let Some(at) = rules.iter().position(|rule| plain(rule.name) == *name) else {
            wrong.push(no_rule(name, &rules, span.clone()));
            continue;
        };
        match how {
            How::Replaces => rules[at] = block,
            How::Before => rules.insert(at, block),
            How::After => rules.insert(at + 1, block),
        }
    }
    rules
}

/// Takes out the rules that `without` blocks name.
pub(crate) fn without<'b, 'a>(
    rules: &mut Vec<&'b Block<'a>>,
    blocks: &[&Block<'_>],
    derived: bool,
    wrong: &mut Vec<Diagnostic>,
) -> Vec<Removed> {
    let mut removed = Vec::new();
    for block in blocks {
        if !derived {
            let says = "only a document that builds on another can leave out a rule";
            wrong.push(Diagnostic::error(block.span.clone(), says));
            continue;
        }
        let mut because = None;
        match document::entries(block) {
            Ok(entries) => {
                for entry in entries {
                    match entry.after("because") {
                        Some((text, _)) => because = quoted(&one_line(text)),
                        None => {
                            wrong.push(Diagnostic::error(entry.span(), "this block has only `because …`"))
                        }
                    }
                }
            }
            Err(error) => wrong.push(error),
        }
        if block.name.is_empty() {
            let error =
                Diagnostic::error(block.span.clone(), "this block does not name the rule that it leaves out");
            wrong.push(error.hint("write it after the fence: ```without fifty-or-older"));
            continue;
        }
        let Some(because) = because.filter(|because| !because.is_empty()) else {
            let says = format!("this does not say why the rule `{}` is left out", block.name);
            wrong.push(Diagnostic::error(block.span.clone(), says).hint("add a line `because \"…\"`"));
            continue;
        };
        let name = plain(block.name);
        match rules.iter().position(|rule| plain(rule.name) == name) {
            Some(at) => {
                rules.remove(at);
                removed.push(Removed { rule: name, because });
            }
            None => wrong.push(no_rule(&name, rules, block.span.clone())),
        }
    }
    removed
}

fn no_rule(name: &str, rules: &[&Block<'_>], span: Range<usize>) -> Diagnostic {
    let error = Diagnostic::error(span, format!("the document this one builds on has no rule `{name}`"));
    match nearest(name, rules.iter().map(|rule| rule.name)) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => {
            let names: Vec<&str> = rules.iter().map(|rule| rule.name).collect();
            error.hint(format!("its rules are {}", names.join(", ")))
        }
    }
}

enum How {
    Replaces,
    Before,
    After,
}

struct Placement {
    how: How,
    name: String,
    span: Range<usize>,
}

/// What a rule says of its place.
fn placement(block: &Block<'_>) -> Vec<Placement> {
    let Ok(entries) = document::entries(block) else { return Vec::new() };
    let mut placed = Vec::new();
    for entry in entries {
        for (word, how) in [("replaces", How::Replaces), ("before", How::Before), ("after", How::After)] {
            if let Some((name, _)) = entry.after(word) {
                placed.push(Placement { how, name: plain(name), span: entry.span() });
            }
        }
    }
    placed
}
