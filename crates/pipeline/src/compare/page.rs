//! `comparison.html`.

use super::results::Comparison;

pub(super) fn page(comparison: &Comparison) -> String {
    let _ = comparison;
    String::new()
}
