//! Shares and ratios with how sure they are.
//!
//! The people of a file are not a sample: the interval says how far such a number moves by chance alone among as few people.

use serde::{Deserialize, Serialize};

/// The 97.5th percentile of the normal distribution: intervals of 95 %.
const Z: f64 = 1.959_963_984_540_054;

/// A share of people, from 0 to 1, with its interval by Wilson's score.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// The share.
    pub share: f64,
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// A ratio of two shares, with its interval by Katz' logarithm.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ratio {
    /// The ratio.
    pub ratio: f64,
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// Six digits behind the point: more would differ between machines.
fn rounded(number: f64) -> f64 {
    (number * 1e6).round() / 1e6
}

/// `some` of `all`; everything is possible of nobody.
pub(super) fn share(some: u64, all: u64) -> Share {
    if all == 0 {
        return Share { share: 0.0, low: 0.0, high: 1.0 };
    }
    let (n, p) = (all as f64, some as f64 / all as f64);
    let z2 = Z * Z;
    let middle = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = Z / (1.0 + z2 / n) * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
    let low = if some == 0 { 0.0 } else { (middle - half).max(0.0) };
    let high = if some == all { 1.0 } else { (middle + half).min(1.0) };
    Share { share: rounded(p), low: rounded(low), high: rounded(high) }
}

/// The share of one group divided by that of another, each as some of all. `None` if one of them is nobody.
pub(super) fn ratio((a, of_a): (u64, u64), (b, of_b): (u64, u64)) -> Option<Ratio> {
    if a == 0 || b == 0 {
        return None;
    }
    let [a, of_a, b, of_b] = [a, of_a, b, of_b].map(|number| number as f64);
    let ratio = (a / of_a) / (b / of_b);
    let deviation = (1.0 / a - 1.0 / of_a + 1.0 / b - 1.0 / of_b).max(0.0).sqrt();
    let end = |sign: f64| rounded((ratio.ln() + sign * Z * deviation).exp());
    Some(Ratio { ratio: rounded(ratio), low: end(-1.0), high: end(1.0) })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Newcombe, Statistics in Medicine 17 (1998) 857-872, table I: method 3 for 81 of 263, 15 of 148, 0 of 20, 1 of 29.
    #[test]
    fn shares_are_those_of_the_literature() {
        let known = [
            ((81, 263), (0.2553, 0.3662)),
            ((15, 148), (0.0624, 0.1605)),
            ((0, 20), (0.0, 0.1611)),
            ((1, 29), (0.0061, 0.1718)),
        ];
        for ((some, all), (low, high)) in known {
            let found = share(some, all);
            let four = |number: f64| (number * 1e4).round() / 1e4;
            assert_eq!((four(found.low), four(found.high)), (low, high), "{some} of {all}");
        }
    }

    #[test]
    fn nobody_is_everything_and_all_is_one() {
        assert_eq!(share(0, 0), Share { share: 0.0, low: 0.0, high: 1.0 });
        assert_eq!(share(7, 7).high, 1.0);
        assert_eq!(ratio((0, 10), (5, 10)), None);
        assert_eq!(ratio((5, 10), (0, 10)), None);
    }

    /// Everybody in both groups: there is no chance in it.
    #[test]
    fn the_ratio_of_certainties_is_one() {
        assert_eq!(ratio((10, 10), (20, 20)), Some(Ratio { ratio: 1.0, low: 1.0, high: 1.0 }));
    }

    /// 10 of 20 beside 20 of 80: 2, and by hand ln 2 ± 1.96 √(1/10 − 1/20 + 1/20 − 1/80).
    #[test]
    fn a_ratio_worked_out_by_hand() {
        let found = ratio((10, 20), (20, 80)).unwrap();
        let deviation = (0.1f64 - 0.05 + 0.05 - 0.0125).sqrt();
        assert!((found.low - 2.0 * (-1.959964 * deviation).exp()).abs() < 1e-5);
        assert!((found.high - 2.0 * (1.959964 * deviation).exp()).abs() < 1e-5);
    }
}
