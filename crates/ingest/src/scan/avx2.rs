//! The masks by AVX2 and carry-less multiplication.
//!
//! The only module of the crate with `unsafe` in it. It holds two kinds: calling a function that needs instructions
//! which the machine was just asked for, and loading 32 bytes out of an array of 64.
#![allow(unsafe_code)]

use std::arch::x86_64::{
    __m256i, _mm_clmulepi64_si128, _mm_cvtsi128_si64, _mm_set_epi64x, _mm_set1_epi8, _mm256_cmpeq_epi8,
    _mm256_loadu_si256, _mm256_min_epu8, _mm256_movemask_epi8, _mm256_or_si256, _mm256_set1_epi8,
    _mm256_setzero_si256,
};

use super::{Carry, Masks, Sink, last_word};

/// Whether the machine has every instruction that is needed.
fn able() -> bool {
    is_x86_feature_detected!("avx2")
        && is_x86_feature_detected!("pclmulqdq")
        && is_x86_feature_detected!("bmi1")
        && is_x86_feature_detected!("bmi2")
        && is_x86_feature_detected!("popcnt")
        && is_x86_feature_detected!("lzcnt")
}

/// Scans a block that begins at the start of a row. `false`, with nothing done, if the machine lacks an instruction.
pub(super) fn scan<S: Sink>(bytes: &[u8], separator: u8, sink: &mut S) -> bool {
    let able = able();
    if able {
        // SAFETY: `able` has found on this machine every instruction set that `words` is compiled for.
        unsafe { words(bytes, separator, sink) };
    }
    able
}

/// The delimiters outside quotes of a word that begins at the start of a row. None if the machine lacks an instruction.
pub(super) fn separators(word: &[u8; 64], separator: u8) -> Option<u64> {
    // SAFETY: `able` has found on this machine every instruction set that `separators_of` is compiled for.
    able().then(|| unsafe { separators_of(word, separator) })
}

#[target_feature(enable = "avx2,pclmulqdq,bmi1,bmi2,popcnt,lzcnt")]
fn separators_of(word: &[u8; 64], separator: u8) -> u64 {
    let (low, high) = load(word);
    equal(low, high, separator) & !running_xor(equal(low, high, b'"'))
}

#[target_feature(enable = "avx2,pclmulqdq,bmi1,bmi2,popcnt,lzcnt")]
fn words<S: Sink>(bytes: &[u8], separator: u8, sink: &mut S) {
    let mut carry = Carry::at_row_start();
    let mut at = 0_u32;
    let (words, rest) = bytes.as_chunks::<64>();
    for word in words {
        let (low, high) = load(word);
        let masks = masks(low, high, separator, u64::MAX);
        if !sink.word(at, carry.resolve(masks, || equal(low, high, b'\r'))) {
            return;
        }
        at += 64;
    }
    if !rest.is_empty() {
        let (word, valid) = last_word(rest);
        let (low, high) = load(&word);
        let masks = masks(low, high, separator, valid);
        sink.word(at, carry.resolve(masks, || equal(low, high, b'\r')));
    }
}

#[inline]
#[target_feature(enable = "avx2,pclmulqdq,bmi1,bmi2,popcnt,lzcnt")]
fn load(word: &[u8; 64]) -> (__m256i, __m256i) {
    let start = word.as_ptr().cast::<__m256i>();
    // SAFETY: the array is 64 bytes long, so 32 bytes can be read at its start and at 32; the load is the unaligned one.
    unsafe { (_mm256_loadu_si256(start), _mm256_loadu_si256(start.add(1))) }
}

#[inline]
#[target_feature(enable = "avx2,pclmulqdq,bmi1,bmi2,popcnt,lzcnt")]
fn masks(low: __m256i, high: __m256i, separator: u8, valid: u64) -> Masks {
    let quotes = equal(low, high, b'"');
    // One test tells whether there is a NUL at all; there is none in a sound file.
    let zero = _mm256_cmpeq_epi8(_mm256_min_epu8(low, high), _mm256_setzero_si256());
    let nuls = if _mm256_movemask_epi8(zero) == 0 { 0 } else { equal(low, high, 0) };
    Masks {
        quotes,
        parity: running_xor(quotes),
        seps: equal(low, high, separator),
        newlines: equal(low, high, b'\n'),
        nuls,
        high: _mm256_movemask_epi8(_mm256_or_si256(low, high)) != 0,
        valid,
    }
}

/// The bytes that equal `byte`.
#[inline]
#[target_feature(enable = "avx2,pclmulqdq,bmi1,bmi2,popcnt,lzcnt")]
fn equal(low: __m256i, high: __m256i, byte: u8) -> u64 {
    let pattern = _mm256_set1_epi8(byte.cast_signed());
    let low = _mm256_movemask_epi8(_mm256_cmpeq_epi8(low, pattern)).cast_unsigned();
    let high = _mm256_movemask_epi8(_mm256_cmpeq_epi8(high, pattern)).cast_unsigned();
    u64::from(low) | (u64::from(high) << 32)
}

/// Bit `i` of the answer is the exclusive or of bits `0..=i`: a carry-less product with all ones.
#[inline]
#[target_feature(enable = "avx2,pclmulqdq,bmi1,bmi2,popcnt,lzcnt")]
fn running_xor(mask: u64) -> u64 {
    let product = _mm_clmulepi64_si128::<0>(_mm_set_epi64x(0, mask.cast_signed()), _mm_set1_epi8(-1));
    _mm_cvtsi128_si64(product).cast_unsigned()
}
