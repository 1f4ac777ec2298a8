//! Charges in running text.

use crate::clean::clean;
use crate::grammar::Grammar;
use crate::reader::Reader;
use crate::{CodeSection, Coded, SectionSet};
use vacatur_records::Truth;

impl Grammar {
    /// The first charge that a comment speaks of.
    ///
    /// A number counts as a charge if it has code letters, is an attempt or conspiracy joined to another, is one of
    /// the numbers that mean one section only, or stands at the very beginning before a dash. Numbers of counts and
    /// files, and sections of procedure ("DISM PER 1203.4 PC"), are passed over.
    #[must_use]
    pub fn parse_comment(&self, text: &str) -> Coded {
        let text = clean(text);
        if let Some(none) = self.without_a_charge(&text) {
            return none;
        }
        for (start, word) in words(&text) {
            let Some(charge) = self.reader_in(&text, start).charge() else { continue };
            let mut offence = charge.offence;
            let whole = word.iter().take_while(|byte| byte.is_ascii_digit()).count();
            let previous = last_word(&text[..start]);
            let has_code = offence.sections().iter().any(|section| section.code().is_some());
            let known =
                offence.sections().iter().any(|section| self.code_of_unique(section.number()).is_some());
            let is_marked = offence.has_target() && (offence.attempt || offence.conspiracy);
            let heads =
                start == first_word(&text) && heads_description(&text[charge.end..]) && !is_year(word);
            if ((1..=2).contains(&whole) && is_one_of(previous, &self.words.counters))
                || (!has_code && is_one_of(previous, &self.words.file_words))
                || !(has_code || known || is_marked || heads)
                || self.is_procedure(&offence)
            {
                continue;
            }
            offence.attempt |= is_one_of(previous, &self.attempt.words);
            offence.conspiracy |= is_one_of(previous, &self.conspiracy.words);
            return Coded::Offence(offence);
        }
        Coded::Unrecognized
    }

    /// Every section of `of` that stands anywhere in `text`, once each, in the order of the text.
    ///
    /// Only whole numbers count: `111357` and `11357.5` do not mention 11357. A number without code letters counts if
    /// it can mean one section only.
    #[must_use]
    pub fn mentions(&self, text: &str, of: &SectionSet) -> Vec<CodeSection> {
        let text = clean(text);
        let mut found: Vec<CodeSection> = Vec::new();
        let mut read_to = 0;
        for (start, _) in words(&text) {
            if start < read_to {
                continue;
            }
            let filed = is_one_of(last_word(&text[..start]), &self.words.file_words);
            let sections = match self.reader_in(&text, start).charge() {
                Some(charge) => {
                    read_to = charge.end;
                    charge.offence.sections().to_vec()
                }
                // A list that cannot be read as a whole may still begin with a section that can.
                None => self.reader_in(&text, start).one().into_iter().collect(),
            };
            for section in sections {
                let has_code = section.code().is_some();
                let possible = match of.holds(&section) {
                    Truth::Yes => true,
                    Truth::Unknown => has_code || self.code_of_unique(section.number()).is_some(),
                    Truth::No => false,
                };
                if possible && (has_code || !filed) && !found.contains(&section) {
                    found.push(section);
                }
            }
        }
        found
    }

    fn reader_in<'a>(&'a self, text: &'a [u8], at: usize) -> Reader<'a> {
        Reader { free: true, ..Reader::new(self, text, at) }
    }
}

impl Reader<'_> {
    /// The one section that begins here, with its own letters alone.
    fn one(&mut self) -> Option<CodeSection> {
        let (_, raw) = self.sections().ok()??;
        let glued = self.peek(0).is_ascii_alphanumeric() || self.peek(0) == b'?';
        if glued { None } else { raw.section(self.grammar, raw.code).ok() }
    }
}

/// Where a section could begin: every run of letters and digits that no number, amount or name runs into.
fn words(text: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            while text.get(at).is_some_and(|byte| !byte.is_ascii_alphanumeric()) {
                at += 1;
            }
            let start = at;
            while text.get(at).is_some_and(u8::is_ascii_alphanumeric) {
                at += 1;
            }
            if start == at {
                return None;
            }
            let before =
                |back: usize| start.checked_sub(back).and_then(|at| text.get(at)).copied().unwrap_or(b' ');
            // `$500`, `#11357`, and `1.11357` or `1,500` as a whole are no sections.
            let runs_in =
                b"$#?".contains(&before(1)) || (b".,".contains(&before(1)) && before(2).is_ascii_digit());
            if !runs_in {
                return Some((start, &text[start..at]));
            }
        }
    })
}

/// Whether the rest of a comment reads like the description of a charge: `-ROBBERY`, or nothing.
fn heads_description(rest: &[u8]) -> bool {
    match rest.trim_ascii_start() {
        [] => true,
        [b'-', described @ ..] => described.trim_ascii_start().first().is_some_and(u8::is_ascii_uppercase),
        _ => false,
    }
}

/// `2003 - TRANSFERRED` is a year.
fn is_year(word: &[u8]) -> bool {
    word.len() == 4
        && (word.starts_with(b"19") || word.starts_with(b"20"))
        && word.iter().all(u8::is_ascii_digit)
}

fn first_word(text: &[u8]) -> usize {
    text.iter().position(u8::is_ascii_alphanumeric).unwrap_or(text.len())
}

/// The word before a place, without the marks between: `CHRG` before `CHRG-`. No list has words as long as 16 letters.
fn last_word(before: &[u8]) -> &[u8] {
    let marks = before.iter().rev().take(3).take_while(|byte| b" -:.#/".contains(byte)).count();
    let end = before.len() - marks;
    let letters = before[..end].iter().rev().take(16).take_while(|byte| byte.is_ascii_uppercase()).count();
    &before[end - letters..end]
}

fn is_one_of(word: &[u8], list: &[Box<[u8]>]) -> bool {
    list.iter().any(|listed| &**listed == word)
}
