//! Shares that were counted, and between what bounds the true share lies.

use serde::Serialize;

/// The standard deviations of a two-sided interval that holds in 95 of 100 samples.
pub const Z_95: f64 = 1.959_963_984_540_054;

/// So many of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Share {
    /// How many have it.
    pub hits: u64,
    /// Of how many.
    pub of: u64,
}

impl Share {
    /// `hits` of `of`.
    #[must_use]
    pub const fn new(hits: u64, of: u64) -> Self {
        Self { hits, of }
    }

    /// The share, from 0 to 1; `None` of nothing.
    #[must_use]
    pub fn value(self) -> Option<f64> {
        (self.of > 0).then(|| self.hits as f64 / self.of as f64)
    }

    /// Wilson's interval at 95 percent: from, to. Of nothing it is everything, from 0 to 1.
    #[must_use]
    pub fn wilson(self) -> (f64, f64) {
        wilson(self.hits as f64, self.of as f64, Z_95)
    }
}

/// Shows `0.9312 [0.9100, 0.9478] 622 of 668`, or `none`.
impl std::fmt::Display for Share {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.value() {
            Some(value) => {
                let (from, to) = self.wilson();
                write!(f, "{value:.4} [{from:.4}, {to:.4}] {} of {}", self.hits, self.of)
            }
            None => f.write_str("none"),
        }
    }
}

/// Wilson's interval of a share, `z` standard deviations wide. The counts may be fractions, for samples of which each
/// member stands for many. It never leaves 0 to 1, and holds where all or none of a few are hits.
#[must_use]
pub fn wilson(hits: f64, of: f64, z: f64) -> (f64, f64) {
    if of.is_nan() || of <= 0.0 {
        return (0.0, 1.0);
    }
    let share = (hits / of).clamp(0.0, 1.0);
    let z2 = z * z;
    let middle = share + z2 / (2.0 * of);
    let reach = z * (share * (1.0 - share) / of + z2 / (4.0 * of * of)).sqrt();
    let scale = 1.0 + z2 / of;
    (((middle - reach) / scale).max(0.0), ((middle + reach) / scale).min(1.0))
}

/// The harmonic mean of precision and recall: `None` where nothing was to be found and nothing was.
#[must_use]
pub fn f1(true_positive: u64, false_positive: u64, missed: u64) -> Option<f64> {
    let below = 2 * true_positive + false_positive + missed;
    (below > 0).then(|| 2.0 * true_positive as f64 / below as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The figures are those of Wilson's formula as worked out by hand, as in Newcombe 1998, table I.
    #[test]
    fn wilson_as_published() {
        for (hits, of, from, to) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0000, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ] {
            let (a, b) = Share::new(hits, of).wilson();
            assert!((a - from).abs() < 5e-5 && (b - to).abs() < 5e-5, "{hits} of {of}: {a} {b}");
        }
        assert_eq!(Share::new(0, 0).wilson(), (0.0, 1.0));
        assert_eq!(Share::new(0, 0).value(), None);
    }

    #[test]
    fn f1_of_nothing_is_none() {
        assert_eq!(f1(0, 0, 0), None);
        assert_eq!(f1(3, 1, 1), Some(0.75));
    }
}
