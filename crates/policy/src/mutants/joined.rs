//! What `and` and `or` join in a condition, from its words alone.
//!
//! It is read as the parser reads it: `and` binds more tightly than `or`, and a `where` reaches over `and` to the next
//! `or`, the next quantifier or the closing parenthesis.

use super::condition::{OPENING, Words};
use crate::lex::Kind;
use std::ops::Range;

/// Deeper than a document may nest, so that a longer row of parentheses is no matter.
const DEEPEST: usize = 64;

/// Parts joined by the same word, as ranges of words. At least two.
pub(super) struct Group {
    /// `and`, `or`.
    pub(super) word: &'static str,
    pub(super) parts: Vec<Range<usize>>,
    /// Whether they are all that a `where` without parentheses reaches.
    pub(super) members: bool,
}

/// The groups of a condition, the inner ones first.
pub(super) fn groups(words: &Words<'_>) -> Vec<Group> {
    let mut reader = Reader { words, depth: 0, found: Vec::new() };
    let mut at = 0;
    // Where a condition is no condition, reading goes on behind what cannot be read.
    while at < words.len() {
        at = reader.either(at).max(at) + 1;
    }
    reader.found
}

struct Reader<'w, 't> {
    words: &'w Words<'t>,
    depth: usize,
    found: Vec<Group>,
}

impl Reader<'_, '_> {
    /// Reads from `at` on, and says where it ended: at the word that is no more of it.
    fn either(&mut self, at: usize) -> usize {
        self.joined("or", at, false, |reader, at| reader.all(at, false))
    }

    fn all(&mut self, at: usize, members: bool) -> usize {
        self.joined("and", at, members, Self::simple)
    }

    fn joined(
        &mut self,
        word: &'static str,
        at: usize,
        members: bool,
        part: impl Fn(&mut Self, usize) -> usize,
    ) -> usize {
        let mut parts: Vec<Range<usize>> = Vec::new();
        let mut at = at;
        loop {
            let end = part(self, at);
            parts.push(at..end);
            let goes_on = self.words.is(end, word)
                && self.words.joins(end)
                && !(members && self.words.is_quantifier(end + 1));
            if !goes_on {
                if parts.len() > 1 && parts.iter().all(|part| !part.is_empty()) {
                    self.found.push(Group { word, parts, members });
                }
                return end;
            }
            at = end + 1;
        }
    }

    fn simple(&mut self, at: usize) -> usize {
        if self.depth == DEEPEST {
            return self.words.len();
        }
        self.depth += 1;
        let end = self.one(at);
        self.depth -= 1;
        end
    }

    fn one(&mut self, mut at: usize) -> usize {
        while self.words.is(at, "not") {
            at += 1;
        }
        if self.words.kind(at) == Some(&Kind::Open) {
            let end = self.either(at + 1);
            return end + usize::from(self.words.kind(end) == Some(&Kind::Close));
        }
        if self.words.is_quantifier(at)
            && let Some(opening) = self.words.soon(at + 1, &OPENING)
        {
            return self.all(opening + 1, true);
        }
        loop {
            match self.words.kind(at) {
                None | Some(Kind::Close | Kind::End) => return at.min(self.words.len()),
                Some(Kind::Word(_)) if self.words.joins(at) => return at,
                // `count(charges where … )`: everything in it belongs to the members.
                Some(Kind::Open) => {
                    let from = self.words.soon(at + 1, &OPENING).unwrap_or(at) + 1;
                    let end = self.either(from);
                    at = end.max(at) + 1;
                }
                Some(_) => at += 1,
            }
        }
    }
}
