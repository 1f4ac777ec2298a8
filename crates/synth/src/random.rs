//! Dice: random numbers that are the same on every machine and with every version of a library.
//!
//! ChaCha with 8 rounds is a published function of key, stream and position, so its words cannot change. What is
//! drawn from the words is done here in integers, because a library's own sampling may be improved from one
//! version to the next and then yields other values.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// A source of random choices.
pub(crate) struct Dice(ChaCha8Rng);

impl Dice {
    /// The dice of one stream under a seed.
    pub(crate) fn new(seed: u64, stream: u64) -> Self {
        let mut key = [0; 32];
        let mut state = seed;
        for word in key.chunks_exact_mut(8) {
            word.copy_from_slice(&mixed(&mut state).to_le_bytes());
        }
        let mut words = ChaCha8Rng::from_seed(key);
        words.set_stream(stream);
        Self(words)
    }

    /// A number below `end`; 0 if `end` is 0.
    ///
    /// By multiplication instead of rejection: the bias is below `end` / 2^32, and every draw costs one word.
    pub(crate) fn below(&mut self, end: u32) -> u32 {
        ((u64::from(self.0.next_u32()) * u64::from(end)) >> 32) as u32
    }

    /// A number from `from` to `to`, both included.
    pub(crate) fn between(&mut self, from: u32, to: u32) -> u32 {
        from + self.below(to.saturating_sub(from).saturating_add(1))
    }

    /// Whether an event of this probability, in thousandths, happens.
    pub(crate) fn permille(&mut self, rate: u32) -> bool {
        self.below(1000) < rate
    }

    /// Whether an event of this probability, in millionths, happens.
    pub(crate) fn ppm(&mut self, rate: u32) -> bool {
        self.below(1_000_000) < rate
    }

    /// One of these, each as likely. The slice must not be empty.
    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u32) as usize]
    }

    /// An index, each as likely as its weight says; 0 if all weights are 0.
    pub(crate) fn weighted(&mut self, weights: impl Iterator<Item = u32> + Clone) -> usize {
        let total: u64 = weights.clone().map(u64::from).sum();
        let mut left = self.below(total.min(u64::from(u32::MAX)) as u32);
        for (index, weight) in weights.enumerate() {
            if left < weight {
                return index;
            }
            left -= weight;
        }
        0
    }
}

/// The next word of SplitMix64, which spreads a small seed over a whole key.
pub(crate) fn mixed(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut word = *state;
    word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_seed_and_stream_never_change() {
        let mut dice = Dice::new(7, 3);
        let drawn: Vec<u32> = (0..8).map(|_| dice.below(1000)).collect();
        assert_eq!(drawn, DRAWN);
    }

    const DRAWN: [u32; 8] = [857, 554, 335, 962, 828, 421, 474, 862];

    #[test]
    fn bounds_are_kept() {
        let mut dice = Dice::new(1, 1);
        for _ in 0..1000 {
            assert!(dice.below(3) < 3);
            assert!((5..=6).contains(&dice.between(5, 6)));
            assert_eq!(dice.weighted([0, 4, 0].into_iter()), 1);
        }
        assert_eq!((dice.below(0), dice.permille(0), dice.ppm(1_000_000)), (0, false, true));
    }
}
