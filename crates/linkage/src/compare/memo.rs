//! What two values came to when they were compared before.

/// A table of as many pairs as fit near the processor; a newer pair takes the place of an older one.
pub(crate) struct Memo {
    /// The pair and its level, in one number each: 28 bits, 28 bits and 8 bits.
    slots: Vec<u64>,
}

/// As many slots as that, if any: 64 KB.
const SLOTS: usize = 1 << 13;

impl Memo {
    pub(crate) fn new(used: bool) -> Self {
        Self { slots: vec![0; if used { SLOTS } else { 0 }] }
    }

    fn key(low: u32, high: u32) -> Option<u64> {
        // Larger numbers are not remembered: two pairs would share a key.
        (high < 1 << 28).then(|| u64::from(low) << 28 | u64::from(high))
    }

    fn slot(key: u64) -> usize {
        (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 51) as usize
    }

    #[inline]
    pub(crate) fn get(&self, low: u32, high: u32) -> Option<u8> {
        let key = Self::key(low, high)?;
        let found = *self.slots.get(Self::slot(key))?;
        (found >> 8 == key && found != 0).then_some(found as u8)
    }

    #[inline]
    pub(crate) fn set(&mut self, low: u32, high: u32, level: u8) {
        if let Some(key) = Self::key(low, high)
            && let Some(slot) = self.slots.get_mut(Self::slot(key))
        {
            *slot = key << 8 | u64::from(level);
        }
    }
}
