//! Values within values: what JSON and XML come to.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// A value of a tree. Numbers are kept as they are written.
#[derive(Clone, PartialEq)]
pub(super) enum Tree {
    Nothing,
    Text(String),
    List(Vec<Tree>),
    /// In the order of the file; no name twice.
    Object(Vec<(String, Tree)>),
}

vacatur_records::silent_debug!(Tree);

/// Why text is no tree; the word is found again in the library's message.
pub(super) const TWICE: &str = "a name twice";

/// Where the text of an XML element with attributes stands.
pub(super) const TEXT: &str = "#text";

impl Tree {
    /// The value under a name.
    fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(entries) => entries.iter().find(|(key, _)| key == name).map(|(_, value)| value),
            _ => None,
        }
    }

    /// All values at a dotted path; lists on the way stand for their elements.
    pub(super) fn at<'t>(&'t self, path: &str, into: &mut Vec<&'t Self>) {
        match self {
            Self::List(elements) => elements.iter().for_each(|element| element.at(path, into)),
            _ if path.is_empty() => {
                if !matches!(self, Self::Nothing) {
                    into.push(self);
                }
            }
            _ => {
                let (name, rest) = path.split_once('.').unwrap_or((path, ""));
                if let Some(value) = self.get(name) {
                    value.at(rest, into);
                }
            }
        }
    }

    /// The text of a scalar; `None` for what is none.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Nothing => Some(""),
            Self::Object(_) => self.get(TEXT).and_then(Self::text),
            Self::List(_) => None,
        }
    }

    /// The paths of all scalars, each once, lists left out of account.
    pub(super) fn paths(&self, before: &str, found: &mut dyn FnMut(&str)) {
        match self {
            Self::Nothing => {}
            Self::Text(_) => found(before),
            Self::List(elements) => elements.iter().for_each(|element| element.paths(before, found)),
            Self::Object(entries) => {
                for (name, value) in entries {
                    let path = match (before.is_empty(), name == TEXT) {
                        (_, true) => before.to_owned(),
                        (true, _) => name.clone(),
                        (false, _) => format!("{before}.{name}"),
                    };
                    value.paths(&path, found);
                }
            }
        }
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Grower)
    }
}

struct Grower;

impl<'de> Visitor<'de> for Grower {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Nothing)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Tree, E> {
        Ok(Tree::Text(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Tree, E> {
        Ok(Tree::Text(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Tree, E> {
        Ok(Tree::Text(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Tree, E> {
        Ok(Tree::Text(value.to_string()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Tree, E> {
        Ok(Tree::Text(value.trim().to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Tree, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = from.next_element()? {
            elements.push(element);
        }
        Ok(Tree::List(elements))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Tree, A::Error> {
        let mut entries: Vec<(String, Tree)> = Vec::new();
        while let Some((name, value)) = from.next_entry::<String, Tree>()? {
            // Of two values of one name, one would be lost without a word.
            if entries.iter().any(|(known, _)| *known == name) {
                return Err(A::Error::custom(TWICE));
            }
            entries.push((name, value));
        }
        Ok(Tree::Object(entries))
    }
}
