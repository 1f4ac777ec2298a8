//! Codes to their meanings, by the layout's lists.

use std::collections::BTreeMap;

/// A text as codes are compared: in capitals, without blanks.
pub(super) fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_uppercase).collect()
}

/// A list of codes and what each means.
#[derive(Clone, Debug)]
pub(super) struct Codes<T>(BTreeMap<String, T>);

impl<T> Default for Codes<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T: Copy> Codes<T> {
    /// Whether it is new.
    pub(super) fn add(&mut self, code: &str, meaning: T) -> bool {
        self.0.insert(squeezed(code), meaning).is_none()
    }

    pub(super) fn find(&self, text: &str) -> Option<T> {
        match self.0.get(text) {
            Some(found) => Some(*found),
            None => self.0.get(&squeezed(text)).copied(),
        }
    }
}
