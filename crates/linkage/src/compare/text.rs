//! How alike two texts are: Jaro-Winkler similarity, one edit, Soundex.
//!
//! All texts here are folded: capitals, digits and blanks. That is 37 characters, so that a table with a place for each
//! is small, and the places at which a character stands are the bits of one number.

/// The number of a folded character; everything that is none shares the last.
#[inline]
pub(super) fn class(byte: u8) -> usize {
    match byte {
        b'A'..=b'Z' => usize::from(byte - b'A'),
        b'0'..=b'9' => usize::from(byte - b'0') + 26,
        b' ' => 36,
        _ => 37,
    }
}

/// Counts common characters of folded texts; it keeps its table from one call to the next.
pub(crate) struct Jaro {
    /// For each character, the places at which it stands in the second text.
    places: [u64; 64],
}

impl Jaro {
    pub(crate) fn new() -> Self {
        Self { places: [0; 64] }
    }

    /// The Jaro-Winkler similarity of two folded texts, from 0 to 1: prefix scale 0.1, at most four letters of prefix, and
    /// only above 0.7. The same whichever text comes first.
    pub(crate) fn winkler(&mut self, a: &[u8], b: &[u8]) -> f64 {
        // The count of common characters may differ with the order: the shorter first, then the lesser.
        let (a, b) = if (a.len(), a) <= (b.len(), b) { (a, b) } else { (b, a) };
        let similarity = if b.len() <= 64 { self.jaro(a, b) } else { slow(a, b) };
        if similarity > 0.7 {
            let prefix = a.iter().zip(b).take(4).take_while(|(a, b)| a == b).count();
            similarity + 0.1 * prefix as f64 * (1.0 - similarity)
        } else {
            similarity
        }
    }

    fn jaro(&mut self, a: &[u8], b: &[u8]) -> f64 {
        if a.is_empty() || b.is_empty() {
            return if a.is_empty() && b.is_empty() { 1.0 } else { 0.0 };
        }
        for (at, byte) in b.iter().enumerate() {
            self.places[class(*byte) & 63] |= 1 << at;
        }
        let range = (a.len().max(b.len()) / 2).saturating_sub(1);
        let mut window: u64 = (1 << range) | ((1_u64 << range) - 1);
        let mut taken: u64 = 0;
        // The common characters of the first text, as bits of it.
        let mut common: u64 = 0;
        for (at, byte) in a.iter().enumerate() {
            let free = self.places[class(*byte) & 63] & window & !taken;
            let first = free & free.wrapping_neg();
            taken |= first;
            common |= u64::from(first != 0) << at;
            // The window grows to its full width and then moves.
            window = if at < range { window << 1 | 1 } else { window << 1 };
        }
        let matches = taken.count_ones();
        let mut similarity = 0.0;
        if matches > 0 {
            let mut misplaced = 0;
            let mut rest = taken;
            while common != 0 {
                let at = common.trailing_zeros() as usize;
                let opposite = rest & rest.wrapping_neg();
                let byte = a.get(at).copied().unwrap_or(0);
                misplaced += u32::from(self.places[class(byte) & 63] & opposite == 0);
                common &= common - 1;
                rest &= rest.wrapping_sub(1);
            }
            let count = f64::from(matches);
            let in_place = f64::from(matches - misplaced / 2);
            similarity = (count / a.len() as f64 + count / b.len() as f64 + in_place / count) / 3.0;
        }
        for byte in b {
            self.places[class(*byte) & 63] = 0;
        }
        similarity
    }
}

/// The same for texts of more than 64 characters.
fn slow(a: &[u8], b: &[u8]) -> f64 {
    let range = (a.len().max(b.len()) / 2).saturating_sub(1);
    let mut taken = vec![false; b.len()];
    let mut common = Vec::new();
    for (at, byte) in a.iter().enumerate() {
        let from = at.saturating_sub(range);
        let found = b
            .iter()
            .zip(taken.iter_mut())
            .take(at + range + 1)
            .skip(from)
            .find(|(other, taken)| *other == byte && !**taken);
        if let Some((_, taken)) = found {
            *taken = true;
            common.push(*byte);
        }
    }
    if common.is_empty() {
        return 0.0;
    }
    let opposite = b.iter().zip(&taken).filter(|(_, taken)| **taken).map(|(byte, _)| byte);
    let misplaced = common.iter().zip(opposite).filter(|(a, b)| a != b).count();
    let count = common.len() as f64;
    (count / a.len() as f64 + count / b.len() as f64 + (common.len() - misplaced / 2) as f64 / count) / 3.0
}

/// Whether one becomes the other by one edit at most: a character changed, left out or put in, or two neighbours
/// exchanged.
pub(crate) fn within_one_edit(a: &[u8], b: &[u8]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if long.len() - short.len() > 1 {
        return false;
    }
    let before = short.iter().zip(long).take_while(|(a, b)| a == b).count();
    let after = short
        .iter()
        .rev()
        .zip(long.iter().rev())
        .take_while(|(a, b)| a == b)
        .count()
        .min(short.len() - before);
    let middle = |text: &[u8]| text.len() - before - after;
    match (middle(short), middle(long)) {
        (0, _) | (_, 1) => true,
        (2, 2) => {
            let pair = |text: &[u8]| (text.get(before).copied(), text.get(before + 1).copied());
            let (first, second) = pair(short);
            pair(long) == (second, first)
        }
        _ => false,
    }
}

/// Whether two dates in hexadecimal digits differ by one digit, or by two neighbours exchanged.
pub(crate) fn dates_within_one_edit(a: u32, b: u32) -> bool {
    let differ = a ^ b;
    if differ == 0 {
        return true;
    }
    let low = differ.trailing_zeros() / 4 * 4;
    let rest = differ >> low;
    if rest <= 0xf {
        return true;
    }
    let (first, second) = (a >> low & 0xff, b >> low & 0xff);
    rest <= 0xff && first == (second >> 4 | (second & 0xf) << 4)
}

/// The Soundex code of a folded name, as a number: its first letter and three digits. 0 for a text that begins with no
/// letter.
pub(crate) fn soundex(name: &[u8]) -> u32 {
    let digit = |byte: u8| match byte {
        b'B' | b'F' | b'P' | b'V' => 1,
        b'C' | b'G' | b'J' | b'K' | b'Q' | b'S' | b'X' | b'Z' => 2,
        b'D' | b'T' => 3,
        b'L' => 4,
        b'M' | b'N' => 5,
        b'R' => 6,
        // H and W do not part two letters of one code; vowels do.
        b'H' | b'W' => 7,
        _ => 0,
    };
    let Some((first, rest)) = name.split_first().filter(|(first, _)| first.is_ascii_uppercase()) else {
        return 0;
    };
    let mut code = u32::from(*first);
    let mut digits = 0;
    let mut last = digit(*first);
    for byte in rest {
        let now = digit(*byte);
        if now == 7 {
            continue;
        }
        if now != 0 && now != last && digits < 3 {
            code = code << 4 | now;
            digits += 1;
        }
        last = now;
    }
    code << (4 * (3 - digits))
}

#[cfg(test)]
#[path = "text_tests.rs"]
mod tests;
