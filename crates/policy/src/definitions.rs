//! Names that a document gives to conditions of its own.

use crate::Diagnostic;
use crate::document::{Block, after, entries};
use crate::lex::{self, Token};
use crate::parameters::{Parameter, RESERVED};
use crate::vocabulary::{Scope, Vocabulary};
use std::cell::Cell;
use std::ops::Range;

/// How many definitions a document may have. Each is looked for wherever a word could be its name.
const MOST: usize = 256;

/// A name and the words it stands for. They are put in its place wherever a condition names it.
#[derive(Debug)]
pub(crate) struct Definition {
    pub(crate) name: String,
    pub(crate) tokens: Vec<Token>,
    pub(crate) span: Range<usize>,
    /// All that it means.
    pub(crate) whole: Range<usize>,
    /// Whether something is wrong with it, which has been said: then nothing need be said where it is named.
    pub(crate) broken: Cell<bool>,
}

/// Reads a `definitions` block: `currently-serving means any conviction where completed on or after as-of`.
pub(crate) fn read(block: &Block<'_>, definitions: &mut Vec<Definition>, wrong: &mut Vec<Diagnostic>) {
    let entries = match entries(block) {
        Ok(entries) => entries,
        Err(error) => return wrong.push(error),
    };
    for entry in entries {
        let head = entry.text.lines().next().unwrap_or("").trim_end();
        let span = entry.at..entry.at + head.len().max(1);
        let shape = |says: &str| {
            Diagnostic::error(span.clone(), says.to_owned())
                .hint("write `currently-serving means any conviction where completed on or after as-of`")
        };
        let Some((name, rest)) = entry.text.split_once(char::is_whitespace) else {
            wrong.push(shape("this defines nothing"));
            continue;
        };
        let rest_at = entry.at + entry.text.len() - rest.len();
        let Some(words) = after(rest.trim_start(), "means") else {
            wrong.push(shape("a definition is a name of one word, `means`, and a condition"));
            continue;
        };
        let name = lex::name(name);
        if !name.chars().all(|c| c.is_alphanumeric() || c == '-') || !name.starts_with(char::is_alphabetic) {
            wrong.push(shape("a name is one word of letters, digits and hyphens"));
            continue;
        }
        if definitions.iter().any(|known| known.name == name) {
            wrong
                .push(Diagnostic::error(span, format!("`{name}` is defined twice")).hint("keep one of them"));
            continue;
        }
        if definitions.len() == MOST {
            wrong.push(Diagnostic::error(span, format!("a document has at most {MOST} definitions")));
            return;
        }
        let at = rest_at + rest.len() - words.len();
        match lex::tokens(words.trim_end(), at) {
            Ok(tokens) => {
                let whole = at..at + words.trim_end().len();
                definitions.push(Definition { name, tokens, span, whole, broken: Cell::new(false) });
            }
            Err(error) => wrong.push(error),
        }
    }
}

/// Puts the definitions of a newer document among those it builds on: one of the same name takes the place of what was,
/// and those above it in the newer document come to stand above it, so that it can name them.
pub(crate) fn renew(definitions: &mut Vec<Definition>, newer: Vec<Definition>) {
    let mut place = definitions.len();
    for definition in newer.into_iter().rev() {
        match definitions.iter().position(|old| old.name == definition.name) {
            Some(at) => {
                definitions[at] = definition;
                place = at;
            }
            None => definitions.insert(place, definition),
        }
    }
}

/// What only the definitions together show: names that mean something else already.
pub(crate) fn check(
    definitions: &[Definition],
    parameters: &[Parameter],
    vocabulary: &Vocabulary,
    wrong: &mut Vec<Diagnostic>,
) {
    for definition in definitions {
        let name = definition.name.as_str();
        let scopes = [Scope::Conviction, Scope::Pair, Scope::Registration];
        let taken = if RESERVED.contains(&name) {
            "a word of the language"
        } else if parameters.iter().any(|parameter| parameter.name == name) {
            "a parameter"
        } else if scopes.into_iter().any(|scope| vocabulary.find(scope, name).is_some()) {
            "a fact"
        } else {
            continue;
        };
        let says = format!("`{name}` is {taken} already");
        wrong.push(Diagnostic::error(definition.span.clone(), says).hint("define it under another name"));
    }
}
