//! What is kept of a scan: the ends of rows for the survey, the ends of all fields for reading cells.

use super::{Found, Sink, scan};

/// One row end, as the survey needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RowEnd {
    /// Place of the newline that ends the row.
    pub(crate) end: u32,
    /// Delimiters in the row, outside quotes.
    pub(crate) seps: u32,
    /// Newlines in the row, its own among them.
    pub(crate) lines: u32,
    /// Whether a byte near the row is not ASCII; `false` is certain.
    pub(crate) high: bool,
}

/// The row ends of a block. Fields are counted, not written down: that is why a survey is nearly as fast as counting
/// newlines.
#[derive(Debug, Default)]
pub(crate) struct RowEnds {
    /// The rows that end before the first bad byte.
    pub(crate) rows: Vec<RowEnd>,
    /// The first bad byte; the scan stopped there, and it lies in the row after the last of `rows`.
    pub(crate) bad: Option<usize>,
    seps: u32,
    lines: u32,
    high: bool,
}

impl RowEnds {
    /// Scans a block that begins at the start of a row. The block must be shorter than 4 GiB.
    pub(crate) fn scan(&mut self, bytes: &[u8], separator: u8) {
        self.reset();
        scan(bytes, separator, self);
    }

    /// As [`scan`](Self::scan), with the portable back end.
    #[cfg(test)]
    pub(crate) fn scan_portably(&mut self, bytes: &[u8], separator: u8) {
        self.reset();
        super::portable::scan(bytes, separator, self);
    }

    fn reset(&mut self) {
        self.rows.clear();
        (self.bad, self.seps, self.lines, self.high) = (None, 0, 0, false);
    }
}

impl Sink for RowEnds {
    #[inline(always)]
    fn word(&mut self, at: u32, found: Found) -> bool {
        let Found { mut seps, mut ends, mut newlines, bad, .. } = found;
        self.high |= found.high;
        if bad != 0 {
            // Nothing from the first bad byte on can be trusted.
            let before = (bad & bad.wrapping_neg()) - 1;
            (seps, ends, newlines) = (seps & before, ends & before, newlines & before);
        }
        while ends != 0 {
            let upto = ends ^ (ends - 1);
            self.rows.push(RowEnd {
                end: at + ends.trailing_zeros(),
                seps: self.seps + (seps & upto).count_ones(),
                lines: self.lines + (newlines & upto).count_ones(),
                high: self.high,
            });
            (self.seps, self.lines, self.high) = (0, 0, found.high);
            seps &= !upto;
            newlines &= !upto;
            ends &= ends - 1;
        }
        self.seps += seps.count_ones();
        self.lines += newlines.count_ones();
        if bad != 0 {
            self.bad = Some((at + bad.trailing_zeros()) as usize);
            return false;
        }
        true
    }
}

/// The place of every field end of a block, delimiters and row ends alike, in order.
#[derive(Debug, Default)]
pub(crate) struct FieldIndex {
    /// Longer than `used`, so that a word's ends can be written eight at a time without asking how many there are.
    places: Vec<u32>,
    used: usize,
    /// Row ends in the block.
    pub(crate) rows: usize,
    /// Newlines in the block, quoted ones among them.
    pub(crate) lines: usize,
    /// Whether some byte breaks the quoting rule.
    pub(crate) bad: bool,
    /// The second quote of each `""`.
    pub(crate) escapes: Vec<u32>,
}

impl FieldIndex {
    /// Scans a block that begins at the start of a row. The block must be shorter than 4 GiB.
    pub(crate) fn scan(&mut self, bytes: &[u8], separator: u8) {
        self.reset();
        scan(bytes, separator, self);
    }

    /// As [`scan`](Self::scan), with the portable back end.
    #[cfg(test)]
    pub(crate) fn scan_portably(&mut self, bytes: &[u8], separator: u8) {
        self.reset();
        super::portable::scan(bytes, separator, self);
    }

    fn reset(&mut self) {
        (self.used, self.rows, self.lines, self.bad) = (0, 0, 0, false);
        self.escapes.clear();
    }

    /// The places found.
    #[inline]
    pub(crate) fn places(&self) -> &[u32] {
        &self.places[..self.used]
    }
}

impl Sink for FieldIndex {
    #[inline(always)]
    fn word(&mut self, at: u32, found: Found) -> bool {
        self.rows += found.ends.count_ones() as usize;
        self.lines += found.newlines.count_ones() as usize;
        self.bad |= found.bad != 0;
        if found.escapes != 0 {
            let mut bits = found.escapes;
            while bits != 0 {
                self.escapes.push(at + bits.trailing_zeros());
                bits &= bits - 1;
            }
        }
        let mut bits = found.seps | found.ends;
        let count = bits.count_ones() as usize;
        if self.places.len() < self.used + 64 {
            let longer = (self.places.len() * 2).max(4096);
            self.places.resize(longer, 0);
        }
        let slots = &mut self.places[self.used..self.used + 64];
        // A word of the extract holds eight ends or so, seldom more than twelve. Writing some too many costs less than
        // a branch that is mispredicted every other time.
        for slot in &mut slots[..12] {
            *slot = at + bits.trailing_zeros();
            bits &= bits.wrapping_sub(1);
        }
        if count > 12 {
            for slot in &mut slots[12..count] {
                *slot = at + bits.trailing_zeros();
                bits &= bits.wrapping_sub(1);
            }
        }
        self.used += count;
        true
    }
}
