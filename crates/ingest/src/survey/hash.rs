//! The hash of a source, piece by piece on several threads.
//!
//! BLAKE3 is a tree over chunks of 1024 bytes, so pieces of a power of two can be hashed apart and their values merged.

use blake3::Hasher;
use blake3::hazmat::{ChainingValue, HasherExt, Mode, merge_subtrees_non_root, merge_subtrees_root};

/// The hash of one segment on the way, fed in order while the segment is read.
#[derive(Debug)]
pub(super) struct SegmentHash {
    hasher: Hasher,
    /// The next byte to take in.
    next: u64,
    end: u64,
    whole: bool,
}

/// The hash of a finished segment.
#[derive(Debug, Clone, Copy)]
pub(super) enum Piece {
    /// The segment was the whole source.
    Whole([u8; 32]),
    /// One of several, to be merged.
    Node(ChainingValue),
}

impl SegmentHash {
    /// For the bytes from `start` to `end` of a source of `len` bytes.
    pub(super) fn new(start: u64, end: u64, len: u64) -> Self {
        let mut hasher = Hasher::new();
        let whole = start == 0 && end == len;
        if !whole {
            hasher.set_input_offset(start);
        }
        Self { hasher, next: start, end, whole }
    }

    /// Takes in bytes just read from `offset` on, as far as they are the segment's. Returns how many those are.
    pub(super) fn update(&mut self, offset: u64, bytes: &[u8]) -> u64 {
        let from = usize::try_from(self.next.saturating_sub(offset)).unwrap_or(usize::MAX).min(bytes.len());
        let to = usize::try_from(self.end.saturating_sub(offset)).unwrap_or(usize::MAX).min(bytes.len());
        let Some(own) = bytes.get(from..to) else { return 0 };
        self.hasher.update(own);
        self.next += own.len() as u64;
        own.len() as u64
    }

    /// The next byte that the hash needs, if there is one.
    pub(super) fn missing(&self) -> Option<u64> {
        (self.next < self.end).then_some(self.next)
    }

    pub(super) fn finish(&self) -> Piece {
        if self.whole {
            Piece::Whole(*self.hasher.finalize().as_bytes())
        } else {
            Piece::Node(self.hasher.finalize_non_root())
        }
    }
}

/// Whether segments of this length can be hashed apart.
pub(super) fn can_split_at(segment: u64) -> bool {
    segment.is_power_of_two() && segment >= 1024
}

/// The hash of a source from those of its segments.
pub(super) fn merge(pieces: &[Piece]) -> [u8; 32] {
    match pieces {
        [] => *blake3::hash(b"").as_bytes(),
        [Piece::Whole(hash)] => *hash,
        pieces => {
            let (left, right) = pieces.split_at(left_of(pieces.len()));
            *merge_subtrees_root(&node(left), &node(right), Mode::Hash).as_bytes()
        }
    }
}

fn node(pieces: &[Piece]) -> ChainingValue {
    match pieces {
        [] => ChainingValue::default(),
        [Piece::Whole(value) | Piece::Node(value)] => *value,
        pieces => {
            let (left, right) = pieces.split_at(left_of(pieces.len()));
            merge_subtrees_non_root(&node(left), &node(right), Mode::Hash)
        }
    }
}

/// The left subtree takes the greatest power of two that leaves something for the right.
fn left_of(count: usize) -> usize {
    1 << (count - 1).ilog2()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_merge_to_the_hash_of_the_whole() {
        let bytes: Vec<u8> = (0..40_000_u32).map(|i| ((i * i) >> 3) as u8).collect();
        for len in [0, 1, 1024, 1025, 2048, 4096, 5000, 7168, 9217, 40_000] {
            for segment in [1024_usize, 2048, 8192, 65536] {
                let pieces: Vec<_> = (0..len)
                    .step_by(segment)
                    .map(|start| {
                        let end = (start + segment).min(len);
                        let mut hash = SegmentHash::new(start as u64, end as u64, len as u64);
                        // Fed from a read that begins early and ends late.
                        let early = start.saturating_sub(7);
                        let middle = (start + end) / 2;
                        hash.update(early as u64, &bytes[early..middle]);
                        hash.update(middle as u64, &bytes[middle..(end + 9).min(len)]);
                        assert_eq!(hash.missing(), None);
                        hash.finish()
                    })
                    .collect();
                assert_eq!(merge(&pieces), *blake3::hash(&bytes[..len]).as_bytes(), "{len} by {segment}");
            }
        }
    }
}
