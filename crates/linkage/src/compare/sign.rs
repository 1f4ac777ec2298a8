//! A number for each text that often tells that two texts are different without looking at them.

use super::text::class;

/// Which characters a text has (38 bits), whether it is a name with words (bit 38) or with short forms (bit 39), its
/// first character (bits 40 to 45), its length up to 63 (bits 48 to 53), and a
/// hash of its first three characters (bits 54 to 63).
#[derive(Clone, Copy, Default)]
pub(crate) struct Sign(u64);

const CHARACTERS: u64 = (1 << 38) - 1;
const WORDS: u64 = 1 << 38;
const FORMS: u64 = 1 << 39;

impl Sign {
    pub(crate) fn new(text: &[u8], words: bool, forms: bool) -> Self {
        let characters = text.iter().fold(0, |bits, byte| bits | 1_u64 << class(*byte));
        let first = text.first().map_or(63, |byte| class(*byte)) as u64;
        let flags = if words { WORDS } else { 0 } | if forms { FORMS } else { 0 };
        let start = text.iter().take(3).fold(0_u32, |hash, byte| hash * 38 + class(*byte) as u32);
        let start = u64::from(start.wrapping_mul(0x9e37_79b9) >> 22);
        Self(characters | flags | first << 40 | (text.len().min(63) as u64) << 48 | start << 54)
    }

    /// The length of the text, 63 for every longer one.
    #[inline]
    pub(crate) fn length(self) -> u32 {
        (self.0 >> 48 & 63) as u32
    }

    /// Whether the first three characters of both may be the same.
    #[inline]
    pub(crate) fn may_start_alike(self, other: Self) -> bool {
        (self.0 ^ other.0) >> 54 == 0
    }

    /// Whether both have short forms or are such.
    #[inline]
    pub(crate) fn may_be_forms(self, other: Self) -> bool {
        self.0 & other.0 & FORMS != 0
    }

    /// Whether one of them has words, or is one of another name's words.
    #[inline]
    pub(crate) fn may_share_words(self, other: Self) -> bool {
        (self.0 | other.0) & WORDS != 0
    }

    /// Whether one of them is a single letter.
    #[inline]
    pub(crate) fn may_be_initial(self, other: Self) -> bool {
        self.length() == 1 || other.length() == 1
    }

    /// Whether one edit may make one of the other.
    #[inline]
    pub(crate) fn may_be_one_edit(self, other: Self) -> bool {
        let (ours, theirs) = (self.0 & CHARACTERS, other.0 & CHARACTERS);
        self.length().abs_diff(other.length()) <= 1
            && (ours & !theirs).count_ones() <= 1
            && (theirs & !ours).count_ones() <= 1
    }
}

/// For two lengths, how many common characters two texts must have for a Jaro-Winkler similarity of at least so much.
pub(crate) struct Need {
    /// By the first length, the second, and whether the first characters are the same; more than a text has where no
    /// count is enough.
    counts: Vec<u8>,
}

impl Need {
    pub(crate) fn new(least: f64) -> Self {
        let mut counts = vec![0_u8; 64 * 64 * 2];
        for (at, count) in counts.iter_mut().enumerate() {
            let (a, b, same_start) = ((at >> 7) as f64, (at >> 1 & 63) as f64, at & 1 == 1);
            // Texts of 63 characters and more, and blanks, are always looked at.
            if a >= 63.0 || b >= 63.0 || a == 0.0 || b == 0.0 {
                continue;
            }
            let reaches = |common: &u8| {
                let common = f64::from(*common);
                let jaro = if common == 0.0 { 0.0 } else { (common / a + common / b + 1.0) / 3.0 };
                // A prefix of four letters at most, and none if the first letters differ. Sums here and there round
                // differently.
                jaro + if same_start { 0.4 * (1.0 - jaro) } else { 0.0 } + 1e-9 >= least
            };
            *count = (0..=a.min(b) as u8).find(reaches).unwrap_or(64);
        }
        Self { counts }
    }

    /// Whether two texts may be that similar.
    #[inline]
    pub(crate) fn may_reach(&self, one: Sign, other: Sign) -> bool {
        let (ours, theirs) = (one.0 & CHARACTERS, other.0 & CHARACTERS);
        let (short, long) = (one.length(), other.length());
        // A character that the other has not at all is no common one.
        let common = short
            .saturating_sub((ours & !theirs).count_ones())
            .min(long.saturating_sub((theirs & !ours).count_ones()));
        let same_start = (one.0 ^ other.0) >> 40 & 63 == 0;
        let at = (short as usize) << 7 | (long as usize) << 1 | usize::from(same_start);
        self.counts.get(at).is_none_or(|need| common >= u32::from(*need))
    }
}
