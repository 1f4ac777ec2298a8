//! The parser's place among the words: looking ahead, taking, and saying what was expected.

use crate::Diagnostic;
use crate::lex::Kind;
use crate::parse::{Parsed, Parser};

impl<'a> Parser<'a, '_> {
    pub(crate) fn peek(&self) -> &'a Kind {
        &self.tokens[self.at.min(self.tokens.len() - 1)].kind
    }

    pub(crate) fn next_is(&self, word: &str) -> bool {
        matches!(self.peek(), Kind::Word(found) if found == word)
    }

    pub(crate) fn take(&mut self, word: &str) -> bool {
        let taken = self.next_is(word);
        self.at += usize::from(taken);
        taken
    }

    /// Takes several words, if all of them stand here.
    pub(crate) fn takes(&mut self, phrase: &str) -> bool {
        let words: Vec<&str> = phrase.split(' ').collect();
        let stand = words.iter().enumerate().all(|(ahead, word)| {
            matches!(self.tokens.get(self.at + ahead).map(|token| &token.kind), Some(Kind::Word(found)) if found == word)
        });
        if stand {
            self.at += words.len();
        }
        stand
    }

    pub(crate) fn word(&mut self, word: &str) -> Parsed<()> {
        if self.take(word) {
            return Ok(());
        }
        let found = self.peek().shown();
        Err(self.error(format!("expected `{word}`, found {found}")))
    }

    pub(crate) fn open(&mut self) -> Parsed<()> {
        self.sign(&Kind::Open)
    }

    pub(crate) fn close(&mut self) -> Parsed<()> {
        self.sign(&Kind::Close)
    }

    pub(crate) fn sign(&mut self, sign: &Kind) -> Parsed<()> {
        if self.peek() == sign {
            self.at += 1;
            return Ok(());
        }
        let found = self.peek().shown();
        Err(self.error(format!("expected {}, found {found}", sign.shown())))
    }

    pub(crate) fn start(&self) -> usize {
        self.tokens[self.at.min(self.tokens.len() - 1)].span.start
    }

    pub(crate) fn end(&self) -> usize {
        self.tokens[self.at.saturating_sub(1)].span.end
    }

    pub(crate) fn error(&self, message: impl Into<String>) -> Diagnostic {
        let span = self.tokens[self.at.min(self.tokens.len() - 1)].span.clone();
        Diagnostic::error(span, message)
    }

    pub(crate) fn text(&mut self) -> Parsed<String> {
        if let Kind::Text(text) = self.peek() {
            let text = text.clone();
            self.at += 1;
            return Ok(text);
        }
        let found = self.peek().shown();
        Err(self.error(format!("expected words between quotation marks, found {found}")))
    }
}
