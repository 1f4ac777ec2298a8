//! The masks by plain 64-bit integers, eight bytes a step: for machines without AVX2.

use super::{Carry, Masks, Sink, last_word};

const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
const ONES: u64 = 0x0101_0101_0101_0101;

/// Scans a block that begins at the start of a row.
pub(super) fn scan<S: Sink>(bytes: &[u8], separator: u8, sink: &mut S) {
    let mut carry = Carry::at_row_start();
    let mut at = 0_u32;
    let (words, rest) = bytes.as_chunks::<64>();
    for word in words {
        let masks = masks(word, separator, u64::MAX);
        if !sink.word(at, carry.resolve(masks, || equal(word, b'\r'))) {
            return;
        }
        at += 64;
    }
    if !rest.is_empty() {
        let (word, valid) = last_word(rest);
        let masks = masks(&word, separator, valid);
        sink.word(at, carry.resolve(masks, || equal(&word, b'\r')));
    }
}

/// The delimiters outside quotes of a word that begins at the start of a row.
pub(super) fn separators(word: &[u8; 64], separator: u8) -> u64 {
    equal(word, separator) & !running_xor(equal(word, b'"'))
}

fn masks(word: &[u8; 64], separator: u8, valid: u64) -> Masks {
    let quotes = equal(word, b'"');
    Masks {
        quotes,
        parity: running_xor(quotes),
        seps: equal(word, separator),
        newlines: equal(word, b'\n'),
        nuls: equal(word, 0),
        high: !word.is_ascii(),
        valid,
    }
}

/// The bytes of the word that equal `byte`.
fn equal(word: &[u8; 64], byte: u8) -> u64 {
    let pattern = ONES * u64::from(byte);
    let (eights, _) = word.as_chunks::<8>();
    let mut mask = 0;
    for (place, eight) in eights.iter().enumerate() {
        let difference = u64::from_le_bytes(*eight) ^ pattern;
        // The top bit of each byte is set if and only if the byte is zero; no carry leaves a byte.
        let zero = !(((difference & LOW) + LOW) | difference | LOW);
        // Gathers the eight top bits into one byte, the first byte's lowest.
        mask |= ((zero >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56) << (place * 8);
    }
    mask
}

/// Bit `i` of the answer is the exclusive or of bits `0..=i`.
fn running_xor(mut mask: u64) -> u64 {
    for shift in [1, 2, 4, 8, 16, 32] {
        mask ^= mask << shift;
    }
    mask
}
