//! Offence texts, each read once and compared once with each section set.

use rustc_hash::FxHashMap;
use vacatur_records::{Charge, Truth};
use vacatur_statutes::{CodeSection, Coded, Grammar, Membership, Offence, SectionSet};

/// How many distinct texts are kept. Honest files have a few thousand; a hostile one makes the memory start anew.
const MOST: usize = 1 << 16;

/// An offence text that has been read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OffenceIx(u32);

/// What a text says, and how it stands to every section set.
#[derive(Debug)]
struct Known {
    coded: Coded,
    shown: Box<str>,
    memberships: Box<[Membership]>,
}

/// The texts read so far. One for each thread.
pub(crate) struct Offences<'s> {
    grammar: &'s Grammar,
    sets: Vec<&'s SectionSet>,
    known: Vec<Known>,
    by_text: FxHashMap<Box<[u8]>, OffenceIx>,
    key: Vec<u8>,
}

impl<'s> Offences<'s> {
    pub(crate) fn new(grammar: &'s Grammar, sets: Vec<&'s SectionSet>) -> Self {
        Self { grammar, sets, known: Vec::new(), by_text: FxHashMap::default(), key: Vec::new() }
    }

    /// Makes room between two persons.
    pub(crate) fn make_room(&mut self) {
        if self.known.len() > MOST {
            self.known.clear();
            self.by_text.clear();
        }
    }

    /// The offence of a charge: of the conviction where the record gives one beside the charge; from the comment
    /// where the cell is blank or points there.
    pub(crate) fn read(&mut self, charge: &Charge<'_>) -> OffenceIx {
        let text = if charge.convicted.is_blank() { &charge.charged } else { &charge.convicted };
        let found = match self.by_text.get(text.bytes()) {
            Some(&found) => found,
            None => {
                let coded = self.grammar.parse(&text.as_str());
                self.keep(text.bytes().into(), coded)
            }
        };
        let points_to_comment =
            matches!(self.known[found.0 as usize].coded, Coded::SeeComment | Coded::Blank);
        if !points_to_comment || charge.comment.is_blank() {
            return found;
        }
        self.key.clear();
        self.key.push(0);
        self.key.extend_from_slice(charge.comment.bytes());
        if let Some(&found) = self.by_text.get(self.key.as_slice()) {
            return found;
        }
        let coded = self.grammar.parse_comment(&charge.comment.as_str());
        self.keep(self.key.as_slice().into(), coded)
    }

    fn keep(&mut self, key: Box<[u8]>, coded: Coded) -> OffenceIx {
        let shown = coded.offence().map(|offence| offence.to_string().into_boxed_str()).unwrap_or_default();
        let memberships = match coded.offence() {
            Some(offence) => self.sets.iter().map(|set| set.membership(offence)).collect(),
            None => self
                .sets
                .iter()
                .map(|_| Membership { truth: Truth::Unknown, entry: None, paired: None, why: None })
                .collect(),
        };
        let ix = OffenceIx(self.known.len() as u32);
        self.known.push(Known { coded, shown, memberships });
        self.by_text.insert(key, ix);
        ix
    }

    pub(crate) fn offence(&self, at: OffenceIx) -> Option<&Offence> {
        self.known[at.0 as usize].coded.offence()
    }

    /// How the offence stands to the set with the number `set` among all sets.
    pub(crate) fn membership(&self, at: OffenceIx, set: usize) -> &Membership {
        &self.known[at.0 as usize].memberships[set]
    }

    pub(crate) fn grammar(&self) -> &'s Grammar {
        self.grammar
    }

    pub(crate) fn set(&self, set: usize) -> &'s SectionSet {
        self.sets[set]
    }

    /// The section in normal form: `HS 11357(c)`; empty for a text that cannot be read.
    pub(crate) fn shown(&self, at: OffenceIx) -> &str {
        &self.known[at.0 as usize].shown
    }

    /// The section's first number, without subdivisions: `11357`; empty for a text that cannot be read.
    pub(crate) fn number(&self, at: OffenceIx) -> &str {
        self.offence(at).and_then(|offence| offence.sections().first()).map_or("", CodeSection::number)
    }

    /// Whether two offences are for the same section.
    pub(crate) fn same_section(&self, one: OffenceIx, two: OffenceIx) -> Truth {
        let (Some(one), Some(two)) = (self.offence(one), self.offence(two)) else { return Truth::Unknown };
        let mut answer = Truth::No;
        for a in one.sections() {
            for b in two.sections() {
                answer = answer.or(match (a.code(), b.code()) {
                    _ if a.number() != b.number() => Truth::No,
                    (Some(x), Some(y)) => Truth::of(x == y),
                    _ => Truth::Unknown,
                });
            }
        }
        answer
    }
}
