//! Texts kept once, each under a number.

use crate::compare::{Nicknames, Sign};
use rustc_hash::{FxHashMap, FxHashSet, FxHasher};
use std::hash::Hasher;

/// Texts by number. Number 0 is the blank, and every other text has the next number at its first sight, so that the
/// numbers depend on the order of the records and on nothing else.
pub(crate) struct Pool {
    bytes: String,
    /// Where each text ends; the blank at 0.
    ends: Vec<u32>,
    /// Open addressing; 0 is a free slot. The length is a power of two.
    slots: Vec<u32>,
    /// A sign for each text, once all are in.
    signs: Vec<Sign>,
}

impl Pool {
    pub(crate) fn new() -> Self {
        Self { bytes: String::new(), ends: vec![0], slots: vec![0; 64], signs: Vec::new() }
    }

    /// How many numbers are given, the blank's included.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    #[inline]
    pub(crate) fn get(&self, id: u32) -> &str {
        let id = id as usize;
        let end = self.ends.get(id).copied().unwrap_or(0) as usize;
        let start = id.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0) as usize;
        self.bytes.get(start..end).unwrap_or_default()
    }

    fn hash(text: &str) -> usize {
        let mut hasher = FxHasher::default();
        hasher.write(text.as_bytes());
        hasher.finish() as usize
    }

    /// The number of a text, given now if it has none. `None` when 4 GB of texts are reached.
    pub(crate) fn intern(&mut self, text: &str) -> Option<u32> {
        if text.is_empty() {
            return Some(0);
        }
        if self.ends.len() * 2 > self.slots.len() {
            self.grow();
        }
        let mask = self.slots.len() - 1;
        let mut at = Self::hash(text) & mask;
        loop {
            match self.slots.get(at).copied() {
                Some(0) | None => break,
                Some(id) if self.get(id) == text => return Some(id),
                Some(_) => at = (at + 1) & mask,
            }
        }
        let id = u32::try_from(self.ends.len()).ok()?;
        let end = u32::try_from(self.bytes.len() + text.len()).ok()?;
        self.bytes.push_str(text);
        self.ends.push(end);
        if let Some(slot) = self.slots.get_mut(at) {
            *slot = id;
        }
        Some(id)
    }

    /// The number of a text that is there; only before [`Pool::seal`].
    pub(crate) fn find(&self, text: &str) -> Option<u32> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut at = Self::hash(text) & mask;
        loop {
            match self.slots.get(at).copied() {
                Some(0) | None => return None,
                Some(id) if self.get(id) == text => return Some(id),
                Some(_) => at = (at + 1) & mask,
            }
        }
    }

    fn grow(&mut self) {
        let mask = self.slots.len() * 2 - 1;
        let mut slots = vec![0_u32; mask + 1];
        for id in 1..self.ends.len() as u32 {
            let mut at = Self::hash(self.get(id)) & mask;
            while slots.get(at).is_some_and(|slot| *slot != 0) {
                at = (at + 1) & mask;
            }
            if let Some(slot) = slots.get_mut(at) {
                *slot = id;
            }
        }
        self.slots = slots;
    }

    /// All texts are in: makes their signs, and gives up what is only needed to add texts.
    pub(crate) fn seal(&mut self, parts: &FxHashMap<u32, Vec<u32>>, nicknames: &Nicknames) {
        let words: FxHashSet<u32> = parts.values().flatten().copied().collect();
        let sign = |id: u32| {
            let with_words = parts.contains_key(&id) || words.contains(&id);
            Sign::new(self.get(id).as_bytes(), with_words, !nicknames.forms(id).is_empty())
        };
        self.signs = (0..self.ends.len() as u32).map(sign).collect();
        self.slots = Vec::new();
        self.bytes.shrink_to_fit();
        self.ends.shrink_to_fit();
    }

    #[inline]
    pub(crate) fn sign(&self, id: u32) -> Sign {
        self.signs.get(id as usize).copied().unwrap_or_default()
    }
}
