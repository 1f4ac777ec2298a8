//! Intervals at 95 percent.

use crate::model::{Ratio, Share};

/// The standard deviations of a two-sided interval that holds in 95 of 100 samples.
const Z: f64 = 1.959_963_984_540_054;

/// A share with Wilson's interval, which never leaves 0 to 1 and holds where all or none of a few are counted. None of nothing.
pub(crate) fn share(count: u64, of: u64) -> Option<Share> {
    if of == 0 {
        return None;
    }
    let (hits, n) = (count as f64, of as f64);
    let (share, z2) = (hits / n, Z * Z);
    let middle = share + z2 / (2.0 * n);
    let reach = Z * (share * (1.0 - share) / n + z2 / (4.0 * n * n)).sqrt();
    let scale = 1.0 + z2 / n;
    // At either end the interval ends there, and not a rounding beside it.
    let low = if count == 0 { 0.0 } else { ((middle - reach) / scale).max(0.0) };
    let high = if count == of { 1.0 } else { ((middle + reach) / scale).min(1.0) };
    Some(Share { count, of, low, high })
}

/// Fewer people than this in either group: no ratio of their shares is given.
pub(crate) const ENOUGH: u64 = 30;

/// One share over another with Katz's interval: normal in the logarithm. None where a group is too small or nobody in it
/// is counted, since the logarithm of nothing has no interval.
pub(crate) fn ratio(one: (u64, u64), other: (u64, u64)) -> Option<Ratio> {
    let ((a, n), (b, m)) = (one, other);
    if n < ENOUGH || m < ENOUGH || a == 0 || b == 0 {
        return None;
    }
    let [a, n, b, m] = [a, n, b, m].map(|number| number as f64);
    let value = (a / n) / (b / m);
    let error = (1.0 / a - 1.0 / n + 1.0 / b - 1.0 / m).max(0.0).sqrt();
    Some(Ratio { value, low: value * (-Z * error).exp(), high: value * (Z * error).exp() })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Newcombe (1998) gives these for Wilson's interval without continuity correction.
    #[test]
    fn wilson_is_as_published() {
        let ends = |count, of| share(count, of).map(|it| format!("{:.4} {:.4}", it.low, it.high)).unwrap();
        assert_eq!(ends(81, 263), "0.2553 0.3662");
        assert_eq!(ends(15, 148), "0.0624 0.1605");
        assert_eq!(ends(0, 20), "0.0000 0.1611");
        assert_eq!(ends(1, 29), "0.0061 0.1718");
        assert_eq!(share(0, 0), None);
    }

    #[test]
    fn a_ratio_needs_enough_people() {
        let shown = |it: Option<Ratio>| {
            it.map_or_else(|| "nothing".into(), |it| format!("{:.3} {:.3} {:.3}", it.value, it.low, it.high))
        };
        // Twice as often: 1/40 − 1/100 + 1/20 − 1/100 under the root, 0.2345.
        assert_eq!(shown(ratio((40, 100), (20, 100))), "2.000 1.263 3.167");
        assert_eq!(shown(ratio((10, 29), (20, 100))), "nothing");
        assert_eq!(shown(ratio((0, 100), (20, 100))), "nothing");
        assert_eq!(shown(ratio((100, 100), (100, 100))), "1.000 1.000 1.000");
    }
}
