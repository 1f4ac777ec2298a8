//! The structural index of a block of bytes: where fields and rows end, outside quotes.
//!
//! The block is read 64 bytes at a time. For each such word the bytes that matter become bit masks, the mask of
//! quotes becomes the mask of quoted bytes by a running exclusive or, and what is left are a few operations on 64
//! bits. Two back ends make the masks, one with AVX2 and one with plain integers; what the masks mean is decided
//! once, in [`Carry::resolve`].
//!
//! The quote state is taken for *outside* at the first byte, so a scan must begin at the start of a row. A byte where
//! the quoting breaks the rule, or a NUL, is reported as bad, exactly: there is a bad byte before the end of a row if
//! and only if the strict reading of that row (`recover`) finds its quoting wrong or a NUL in it.

#[cfg(target_arch = "x86_64")]
mod avx2;
mod portable;
mod sinks;
#[cfg(test)]
mod tests;

pub(crate) use sinks::{FieldIndex, RowEnd, RowEnds};

/// What one word of 64 bytes holds; bit `i` stands for the word's byte `i`.
#[derive(Debug, Clone, Copy)]
struct Found {
    /// Delimiters outside quotes.
    seps: u64,
    /// Newlines outside quotes.
    ends: u64,
    /// All newlines.
    newlines: u64,
    /// The second quote of each `""` within a quoted field.
    escapes: u64,
    /// Bytes at which the row is known to be ill-formed.
    bad: u64,
    /// Whether a byte of the word is not ASCII.
    high: bool,
}

/// The masks of one word, before quotes are taken into account.
#[derive(Debug, Clone, Copy)]
struct Masks {
    quotes: u64,
    /// The running exclusive or of `quotes`, from the word's first byte.
    parity: u64,
    seps: u64,
    newlines: u64,
    nuls: u64,
    high: bool,
    /// The bytes of the word that belong to the block; fewer than 64 in the last word only.
    valid: u64,
}

/// Takes the words in order. Returning `false` ends the scan.
trait Sink {
    fn word(&mut self, at: u32, found: Found) -> bool;
}

/// What one word must know of the one before.
#[derive(Debug)]
struct Carry {
    /// All ones if the word begins inside quotes.
    inside: u64,
    /// Bit 0: a quote as the first byte would open a field, or be the second of a pair.
    may_open: u64,
    /// Bit 0: the byte before was a closing quote.
    closed: u64,
    /// Bit 0: the bytes before were a closing quote and a carriage return.
    returned: u64,
}

impl Carry {
    /// The state at the start of a row.
    const fn at_row_start() -> Self {
        Self { inside: 0, may_open: 1, closed: 0, returned: 0 }
    }

    /// Decides what the masks of the next word mean. `returns` gives the mask of carriage returns; it is called only
    /// where a closing quote is followed by something unusual, which is once a row at most in a sound file.
    #[inline(always)]
    fn resolve(&mut self, m: Masks, returns: impl FnOnce() -> u64) -> Found {
        let inside = m.parity ^ self.inside;
        self.inside = 0_u64.wrapping_sub(inside >> 63);
        let seps = m.seps & !inside;
        let ends = m.newlines & !inside;
        // A quote that turns "inside" on opens; one that turns it off closes. `""` within quotes is a close and an
        // open side by side, which is why an open may follow a close.
        let open = m.quotes & inside;
        let close = m.quotes & !inside;
        let may_open = seps | ends | close;
        let wrong_open = open & !((may_open << 1) | self.may_open);
        self.may_open = may_open >> 63;
        let after_close = (close << 1) | self.closed;
        let escapes = after_close & open;
        self.closed = close >> 63;
        let unusual = after_close & !(m.seps | m.newlines | m.quotes);
        let mut wrong_close = self.returned & !m.newlines;
        self.returned = 0;
        if unusual != 0 {
            let returns = unusual & returns();
            wrong_close |= (unusual & !returns) | ((returns << 1) & !m.newlines);
            self.returned = returns >> 63;
        }
        let bad = (wrong_open | wrong_close | m.nuls) & m.valid;
        Found { seps, ends, newlines: m.newlines, escapes, bad, high: m.high }
    }
}

/// Scans a block with the fastest back end that the machine has.
fn scan<S: Sink>(bytes: &[u8], separator: u8, sink: &mut S) {
    #[cfg(target_arch = "x86_64")]
    if avx2::scan(bytes, separator, sink) {
        return;
    }
    portable::scan(bytes, separator, sink);
}

/// The delimiters outside quotes among the first 64 bytes of a row.
#[inline]
pub(crate) fn separators(word: &[u8; 64], separator: u8) -> u64 {
    #[cfg(target_arch = "x86_64")]
    if let Some(mask) = avx2::separators(word, separator) {
        return mask;
    }
    portable::separators(word, separator)
}

/// Cuts the last bytes of a block out into a full word; the filling means nothing to any mask.
fn last_word(rest: &[u8]) -> ([u8; 64], u64) {
    let mut word = [b' '; 64];
    word[..rest.len()].copy_from_slice(rest);
    let valid = if rest.len() < 64 { (1_u64 << rest.len()) - 1 } else { u64::MAX };
    (word, valid)
}
