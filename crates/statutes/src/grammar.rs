//! The grammar: what the words and letters of offence fields mean, built from data.

use crate::clean::{clean, is_placeholder};
use crate::reader::Reader;
use crate::{Code, CodeSection, Coded, Offence};
use std::collections::HashSet;

/// A spelling of a code's letters.
#[derive(Debug, Clone)]
pub(crate) struct Spelling {
    pub(crate) text: Box<[u8]>,
    pub(crate) code: Code,
    /// Trusted in running text too.
    pub(crate) in_free_text: bool,
}

/// How attempts, or conspiracies, are written.
#[derive(Debug, Clone)]
pub(crate) struct Marker {
    /// The code of the section that punishes it.
    pub(crate) code: Code,
    /// Its number.
    pub(crate) number: Box<str>,
    /// Words for it, the longest first.
    pub(crate) words: Vec<Box<[u8]>>,
}

/// Lists of words, each in upper case.
#[derive(Debug, Clone, Default)]
pub(crate) struct Words {
    pub(crate) blank: Vec<Box<[u8]>>,
    pub(crate) see_comment: Vec<Box<[u8]>>,
    pub(crate) fillers: Vec<Box<[u8]>>,
    pub(crate) joining: Vec<Box<[u8]>>,
    pub(crate) units: Vec<Box<[u8]>>,
    pub(crate) counters: Vec<Box<[u8]>>,
    pub(crate) file_words: Vec<Box<[u8]>>,
}

/// Reads code sections as records write them.
#[derive(Debug, Clone)]
pub struct Grammar {
    /// By their first letter, and the longest first.
    pub(crate) spellings: Vec<Spelling>,
    /// Sections whose number ends in a letter.
    pub(crate) lettered: HashSet<(Code, Box<str>)>,
    /// Their numbers, whatever the code.
    pub(crate) lettered_anywhere: HashSet<Box<str>>,
    pub(crate) attempt: Marker,
    pub(crate) conspiracy: Marker,
    pub(crate) words: Words,
    /// Sections that comments name as an authority.
    pub(crate) procedure: Vec<CodeSection>,
    /// Numbers that mean one section only, even without code letters, with the code of that section.
    pub(crate) unique: Vec<(Box<str>, Code)>,
}

impl Grammar {
    /// Reads the text of an offence field. Takes time in proportion to the text, whatever it holds.
    #[must_use]
    pub fn parse(&self, text: &str) -> Coded {
        let text = clean(text);
        if let Some(none) = self.without_a_charge(&text) {
            return none;
        }
        let start = text.iter().position(|byte| !b" *-.:,;#=(".contains(byte)).unwrap_or(text.len());
        let mut reader = Reader::new(self, &text, start);
        reader.count_number();
        reader.charge().map_or(Coded::Unrecognized, |charge| Coded::Offence(charge.offence))
    }

    /// The one section that `text` names, with its code letters, and nothing else: for tables and policies.
    ///
    /// ```
    /// # let statutes = vacatur_statutes::Statutes::us_ca()?;
    /// let named = |text| statutes.grammar.section(text).map(|section| section.to_string());
    /// assert_eq!(named("pc 186.22(B)(4)").as_deref(), Some("PC 186.22(b)(4)"));
    /// assert_eq!(named("11357"), None);
    /// assert_eq!(named("HS 11357-POSSESSION"), None);
    /// # Ok::<(), vacatur_statutes::TableError>(())
    /// ```
    #[must_use]
    pub fn section(&self, text: &str) -> Option<CodeSection> {
        let text = clean(text);
        let charge = Reader::new(self, &text, 0).charge()?;
        match charge.offence.sections() {
            [section] if charge.end == text.len() && charge.plain && section.code().is_some() => {
                Some(section.clone())
            }
            _ => None,
        }
    }

    /// Whether a number without code letters can mean one section only, as the tables declare for the five-digit
    /// cannabis sections; and that section's code.
    #[must_use]
    pub fn code_of_unique(&self, number: &str) -> Option<Code> {
        self.unique.iter().find(|(unique, _)| &**unique == number).map(|&(_, code)| code)
    }

    /// Every code of the table, by its normal letters.
    pub fn codes(&self) -> impl Iterator<Item = Code> {
        let mut codes: Vec<Code> = self.spellings.iter().map(|spelling| spelling.code).collect();
        codes.sort_unstable();
        codes.dedup();
        codes.into_iter()
    }

    /// What a text without any charge says, if it is one.
    pub(crate) fn without_a_charge(&self, text: &[u8]) -> Option<Coded> {
        let bare = text.trim_ascii();
        let bare = trim(bare, b"-.*( )");
        if is_placeholder(text) || self.words.blank.iter().any(|word| &**word == bare) {
            Some(Coded::Blank)
        } else if self.words.see_comment.iter().any(|word| bare.starts_with(word)) {
            Some(Coded::SeeComment)
        } else {
            None
        }
    }

    /// The spellings that begin with a letter, the longest first.
    pub(crate) fn spellings_with(&self, letter: u8) -> &[Spelling] {
        let first = |spelling: &Spelling| spelling.text.first().copied().unwrap_or(0);
        let from = self.spellings.partition_point(|spelling| first(spelling) < letter);
        let to = self.spellings.partition_point(|spelling| first(spelling) <= letter);
        self.spellings.get(from..to).unwrap_or_default()
    }

    /// Which of attempt and conspiracy a section stands for, if its number is one of theirs.
    pub(crate) fn marks(&self, number: &str) -> Option<Mark> {
        if *number == *self.attempt.number {
            Some(Mark::Attempt)
        } else if *number == *self.conspiracy.number {
            Some(Mark::Conspiracy)
        } else {
            None
        }
    }

    /// How a mark is written.
    pub(crate) fn marker(&self, mark: Mark) -> &Marker {
        match mark {
            Mark::Attempt => &self.attempt,
            Mark::Conspiracy => &self.conspiracy,
        }
    }

    /// Whether `number` with its closing letters is a section of its own.
    pub(crate) fn is_lettered(&self, code: Option<Code>, number: &str) -> bool {
        match code {
            Some(code) => self.lettered.contains(&(code, Box::from(number))),
            None => self.lettered_anywhere.contains(number),
        }
    }

    /// Whether an offence names nothing but procedure.
    pub(crate) fn is_procedure(&self, offence: &Offence) -> bool {
        offence.sections().iter().all(|section| {
            self.procedure.iter().any(|authority| {
                authority.number() == section.number()
                    && section.code().is_none_or(|code| Some(code) == authority.code())
                    && section.tail().starts_with(authority.tail())
            })
        })
    }
}

/// What PC 664 and PC 182 make of the sections that they are joined to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Mark {
    Attempt,
    Conspiracy,
}

/// `text` without any of `marks` at its ends.
fn trim<'t>(mut text: &'t [u8], marks: &[u8]) -> &'t [u8] {
    while let [first, rest @ ..] = text
        && marks.contains(first)
    {
        text = rest;
    }
    while let [rest @ .., last] = text
        && marks.contains(last)
    {
        text = rest;
    }
    text
}
