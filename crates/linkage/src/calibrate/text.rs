//! A calibration as a terminal shows it.

use super::Calibration;
use std::fmt::Write;

/// The figures, and a line for each bin: how sure the model was, what was seen, and whether the two agree.
#[must_use]
pub fn text(calibration: &Calibration) -> String {
    let mut text = format!(
        "{} labelled pairs, {} of one person. Brier score {:.5}, log loss {:.5} bits.\n\n",
        calibration.labelled, calibration.same, calibration.brier, calibration.log_loss
    );
    let _ = writeln!(
        text,
        "{:>16}  {:>8}  {:>10}  {:>7}  {:>7}  between",
        "bits", "labelled", "stand for", "said", "seen"
    );
    for bin in &calibration.bins {
        let verdict = match bin.holds() {
            true => "",
            false if bin.said > bin.seen => "  too sure",
            false => "  not sure enough",
        };
        let _ = writeln!(
            text,
            "{:>16}  {:>8}  {:>10.0}  {:>7.4}  {:>7.4}  [{:.4}, {:.4}]{verdict}",
            format!("{} to {}", bin.from, bin.to),
            bin.labelled,
            bin.pairs,
            bin.said,
            bin.seen,
            bin.interval.0,
            bin.interval.1
        );
    }
    text
}
