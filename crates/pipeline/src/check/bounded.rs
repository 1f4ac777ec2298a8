//! Counts by text in bounded memory, whatever a file holds.

use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::xxh3_64;

/// Counts that can be added up.
pub(crate) trait Add: Default {
    /// Adds what another holds.
    fn add(&mut self, other: Self);
}

/// Counts for each text, of at most `limit` texts; those of the others are added up in one.
///
/// Which texts are kept does not depend on the order in which they come, nor on the threads: they are those with the
/// smallest hashes. An honest file stays far below the limit.
pub(crate) struct Bounded<T> {
    kept: FxHashMap<Box<str>, T>,
    rest: T,
    limit: usize,
    /// Texts with a greater hash are among the rest.
    highest: u64,
}

impl<T: Add> Bounded<T> {
    pub(crate) fn new(limit: usize) -> Self {
        Self { kept: FxHashMap::default(), rest: T::default(), limit, highest: u64::MAX }
    }

    pub(crate) fn add(&mut self, text: &str, value: T) {
        if let Some(known) = self.kept.get_mut(text) {
            known.add(value);
            return;
        }
        if xxh3_64(text.as_bytes()) > self.highest {
            self.rest.add(value);
            return;
        }
        self.kept.insert(text.into(), value);
        // Twice the limit, so that what is to go is looked for seldom.
        if self.kept.len() > self.limit * 2 {
            self.prune();
        }
    }

    fn prune(&mut self) {
        if self.kept.len() <= self.limit {
            return;
        }
        let mut hashes: Vec<u64> = self.kept.keys().map(|text| xxh3_64(text.as_bytes())).collect();
        let (_, &mut highest, _) = hashes.select_nth_unstable(self.limit.saturating_sub(1));
        self.highest = highest;
        for (text, value) in std::mem::take(&mut self.kept) {
            if xxh3_64(text.as_bytes()) > highest {
                self.rest.add(value);
            } else {
                self.kept.insert(text, value);
            }
        }
    }

    /// Each text with its counts, in the order of the texts, and the counts of all others together.
    pub(crate) fn finish(mut self) -> (Vec<(Box<str>, T)>, T) {
        self.prune();
        let mut all: Vec<(Box<str>, T)> = self.kept.into_iter().collect();
        all.sort_unstable_by(|one, other| one.0.cmp(&other.0));
        (all, self.rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
    struct Number(u64);
    impl Add for Number {
        fn add(&mut self, other: Self) {
            self.0 += other.0;
        }
    }

    proptest! {
        #[test]
        fn neither_order_nor_parts_change_what_is_kept(
            mut texts in prop::collection::vec("[a-e]{1,3}", 0..200),
            limit in 1usize..20,
            cut in 0usize..200,
        ) {
            let count = |texts: &[String]| {
                let mut bounded = Bounded::new(limit);
                for text in texts {
                    bounded.add(text, Number(1));
                }
                bounded.finish()
            };
            let whole = count(&texts);
            prop_assert!(whole.0.len() <= limit);
            let sum: u64 = whole.0.iter().map(|(_, number)| number.0).sum();
            prop_assert_eq!(sum + whole.1.0, texts.len() as u64);
            let cut = cut.min(texts.len());
            texts.rotate_left(cut);
            prop_assert_eq!(count(&texts), whole);
        }
    }
}
