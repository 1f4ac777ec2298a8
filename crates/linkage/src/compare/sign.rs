//! A number for each text that often tells that two texts are different without looking at them.

use super::text::class;

/// Which characters a text has (38 bits), whether it is a name with words (bit 38) or with short forms (bit 39), its
/// first character (bits 40 to 45), and its length up to 63 (bits 48 to 53).
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
        Self(characters | flags | first << 40 | (text.len().min(63) as u64) << 48)
    }

    fn length(self) -> u32 {
        (self.0 >> 48) as u32
    }

    /// Whether both have short forms or are such.
    pub(crate) fn may_be_forms(self, other: Self) -> bool {
        self.0 & other.0 & FORMS != 0
    }

    /// Whether one of them has words, or is one of another name's words.
    pub(crate) fn may_share_words(self, other: Self) -> bool {
        (self.0 | other.0) & WORDS != 0
    }

    /// Whether one of them is a single letter.
    pub(crate) fn may_be_initial(self, other: Self) -> bool {
        self.length() == 1 || other.length() == 1
    }

    /// Whether one edit may make one of the other.
    pub(crate) fn may_be_one_edit(self, other: Self) -> bool {
        let (ours, theirs) = (self.0 & CHARACTERS, other.0 & CHARACTERS);
        self.length().abs_diff(other.length()) <= 1
            && (ours & !theirs).count_ones() <= 1
            && (theirs & !ours).count_ones() <= 1
    }

    /// No less than the Jaro-Winkler similarity of the two.
    pub(crate) fn most_similar(self, other: Self) -> f64 {
        let (short, long) = (f64::from(self.length()), f64::from(other.length()));
        if short >= 63.0 || long >= 63.0 || short == 0.0 || long == 0.0 {
            return 1.0;
        }
        let (ours, theirs) = (self.0 & CHARACTERS, other.0 & CHARACTERS);
        let common = (short - f64::from((ours & !theirs).count_ones()))
            .min(long - f64::from((theirs & !ours).count_ones()));
        if common <= 0.0 {
            return 0.0;
        }
        let jaro = (common / short + common / long + 1.0) / 3.0;
        // A prefix of four letters at most, and none if the first letters differ.
        let same_start = (self.0 ^ other.0) >> 40 & 63 == 0;
        let boost = if same_start { 0.4 * (1.0 - jaro) } else { 0.0 };
        // The sums here and there round differently.
        jaro + boost + 1e-9
    }
}
