//! Bits, and how like two filters are.

/// The bits of a value. What it shows of itself is nothing: a filter is as private as what it was made of.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Filter(Box<[u64]>);

vacatur_records::silent_debug!(Filter);

/// A text that is no filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It has other characters than hexadecimal digits.
    #[error("a filter is written in hexadecimal digits, and this has others")]
    Digits,
    /// It has another length than the others.
    #[error("the filter has {0} bits, and {1} are expected")]
    Length(usize, usize),
}

impl Filter {
    pub(super) fn empty(bits: u32) -> Self {
        Self(vec![0; bits as usize / 64].into())
    }

    pub(super) fn set(&mut self, place: u32) {
        if let Some(word) = self.0.get_mut(place as usize / 64) {
            *word |= 1 << (place % 64);
        }
    }

    fn has(&self, place: u32) -> bool {
        self.0.get(place as usize / 64).is_some_and(|word| word >> (place % 64) & 1 == 1)
    }

    /// Whether no bit is set: there was nothing to encode.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|&word| word == 0)
    }

    /// How many bits it has.
    #[must_use]
    pub fn bits(&self) -> usize {
        self.0.len() * 64
    }

    /// How many are set.
    #[must_use]
    pub fn ones(&self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }

    /// Dice's coefficient: twice the bits in common over the bits of both, from 0 to 1. `None` if either is empty or their
    /// lengths differ: nothing can be compared.
    #[must_use]
    pub fn dice(&self, other: &Self) -> Option<f32> {
        if self.0.len() != other.0.len() {
            return None;
        }
        let (mut common, mut one, mut two) = (0u32, 0u32, 0u32);
        for (a, b) in self.0.iter().zip(&other.0) {
            common += (a & b).count_ones();
            one += a.count_ones();
            two += b.count_ones();
        }
        (one > 0 && two > 0).then(|| 2.0 * common as f32 / (one + two) as f32)
    }

    /// The filter and its opposite, mixed: as many bits are set as are not.
    pub(super) fn balanced(&self, order: &[u32]) -> Self {
        let bits = self.bits() as u32;
        let mut mixed = Self::empty(bits * 2);
        for (from, &to) in (0..).zip(order) {
            let is_set = if from < bits { self.has(from) } else { !self.has(from - bits) };
            if is_set {
                mixed.set(to);
            }
        }
        mixed
    }

    /// The halves laid over one another: set where exactly one of the two is.
    pub(super) fn folded(&self) -> Self {
        let (one, other) = self.0.split_at(self.0.len() / 2);
        let mut folded: Box<[u64]> = one.iter().zip(other).map(|(a, b)| a ^ b).collect();
        // All bits may cancel; the filter must still say that there was a value.
        if folded.iter().all(|&word| word == 0)
            && let Some(first) = folded.first_mut()
        {
            *first = 1;
        }
        Self(folded)
    }

    /// The filter as hexadecimal digits, for a column of a CSV file.
    #[must_use]
    pub fn hex(&self) -> String {
        use std::fmt::Write;
        let mut text = String::with_capacity(self.0.len() * 16);
        for word in &self.0 {
            let _ = write!(text, "{word:016x}");
        }
        text
    }

    /// A filter from hexadecimal digits; `bits` is how many it must have.
    ///
    /// # Errors
    /// If there are other characters, or the length is another.
    pub fn from_hex(text: &str, bits: usize) -> Result<Self, Unreadable> {
        if !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(Unreadable::Digits);
        }
        if text.len() * 4 != bits || !bits.is_multiple_of(64) {
            return Err(Unreadable::Length(text.len() * 4, bits));
        }
        let word = |place: usize| {
            text.get(place * 16..place * 16 + 16).and_then(|word| u64::from_str_radix(word, 16).ok())
        };
        let words: Option<Box<[u64]>> = (0..bits / 64).map(word).collect();
        words.map(Self).ok_or(Unreadable::Digits)
    }
}
