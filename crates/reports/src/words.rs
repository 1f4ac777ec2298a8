//! Words of a column as small numbers.

use crate::groups::OTHER_TEXT;
use rustc_hash::FxHashMap;

/// More different words than this in one column are put together: a column that holds so many is no column of words, and
/// memory must not grow with the file.
const MOST: usize = 1 << 16;

/// The words of a column in the order in which they came.
#[derive(Debug, Default)]
pub(crate) struct Words {
    of: FxHashMap<Vec<u8>, u32>,
    pub(crate) words: Vec<String>,
    other: Option<u32>,
}

impl Words {
    /// The number of a word.
    pub(crate) fn number(&mut self, word: &[u8]) -> u32 {
        if let Some(number) = self.of.get(word) {
            return *number;
        }
        if self.words.len() >= MOST {
            let next = self.words.len() as u32;
            let other = *self.other.get_or_insert(next);
            if other == next {
                self.words.push(OTHER_TEXT.into());
            }
            return other;
        }
        let number = self.words.len() as u32;
        self.words.push(String::from_utf8_lossy(word).into_owned());
        self.of.insert(word.to_vec(), number);
        number
    }

    /// The word of a number.
    pub(crate) fn word(&self, number: u32) -> &str {
        self.words.get(number as usize).map_or("", String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_of_endlessly_many_words_is_cut() {
        let mut words = Words::default();
        for number in 0..(MOST as u32 + 10) {
            words.number(number.to_string().as_bytes());
        }
        assert_eq!(words.words.len(), MOST + 1);
        let late = words.number(b"one more");
        assert_eq!(words.word(late), OTHER_TEXT);
        let early = words.number(b"7");
        assert_eq!(words.word(early), "7");
    }
}
