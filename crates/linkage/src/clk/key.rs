//! The secret that both sides share.

/// A key shorter than this can be found by trying.
const LEAST: usize = 32;

/// The secret from which all places of bits come. It is never written anywhere, and shows nothing of itself.
#[derive(Clone)]
pub struct Key([u8; 32]);

vacatur_records::silent_debug!(Key);

/// Why a key is not taken. The text holds nothing of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WeakKey {
    /// Too short.
    #[error("the key has {0} bytes, and must have at least {LEAST}")]
    Short(usize),
    /// Not drawn at random.
    #[error("the key has only {0} different bytes: it is not one that was drawn at random")]
    Uniform(usize),
}

impl Key {
    /// A key of at least 32 bytes drawn at random, as `openssl rand -hex 32` makes it. A line break at the end is no part
    /// of it, so that both sides may keep it in a text file.
    ///
    /// # Errors
    /// If it is too short, or plainly not drawn at random.
    pub fn new(secret: &[u8]) -> Result<Self, WeakKey> {
        let secret = secret.trim_ascii_end();
        if secret.len() < LEAST {
            return Err(WeakKey::Short(secret.len()));
        }
        let mut seen = [false; 256];
        secret.iter().for_each(|&byte| seen[usize::from(byte)] = true);
        let different = seen.iter().filter(|&&seen| seen).count();
        if different < 8 {
            return Err(WeakKey::Uniform(different));
        }
        Ok(Self(blake3::derive_key("vacatur 2026-11 linkage filters v1", secret)))
    }

    /// The places of a part of a value: as many as `hashes`, some of them perhaps the same, each below `bits`.
    ///
    /// Each comes from a keyed hash of its own (BLAKE3, of which the output is as long as is needed). The usual way of two
    /// hashes and their multiples makes patterns by which filters were broken.
    pub(super) fn places(
        &self,
        domain: &str,
        salt: &str,
        part: &str,
        hashes: u32,
        bits: u32,
        mut set: impl FnMut(u32),
    ) {
        let mut hasher = blake3::Hasher::new_keyed(&self.0);
        for text in [domain, salt, part] {
            hasher.update(&(text.len() as u64).to_le_bytes());
            hasher.update(text.as_bytes());
        }
        let mut output = hasher.finalize_xof();
        // As much at a time as the hash makes at once.
        let mut block = [0u8; 64];
        for number in 0..hashes as usize {
            if number.is_multiple_of(16) {
                output.fill(&mut block);
            }
            let word = block.as_chunks::<4>().0.get(number % 16).copied().unwrap_or_default();
            // A product instead of a remainder: as even, and without a division.
            set(((u64::from(u32::from_le_bytes(word)) * u64::from(bits)) >> 32) as u32);
        }
    }

    /// An order of so many bits that only the key tells: Fisher and Yates's shuffle.
    pub(super) fn order(&self, bits: u32) -> Vec<u32> {
        let mut hasher = blake3::Hasher::new_keyed(&self.0);
        hasher.update(b"order");
        let mut output = hasher.finalize_xof();
        let mut order: Vec<u32> = (0..bits).collect();
        let mut bytes = [0u8; 8];
        for last in (1..order.len()).rev() {
            output.fill(&mut bytes);
            let other = ((u128::from(u64::from_le_bytes(bytes)) * (last as u128 + 1)) >> 64) as usize;
            order.swap(last, other);
        }
        order
    }
}
