//! Scores as a terminal shows them.

use super::{Point, Score};
use crate::interval::Share;
use std::fmt::Write;

fn share(share: Share) -> String {
    match share.value() {
        Some(value) => {
            let (from, to) = share.wilson();
            format!("{value:.4} [{from:.4}, {to:.4}]")
        }
        None => format!("{:<24}", "none"),
    }
}

fn f1(score: Score) -> String {
    score.f1().map_or_else(|| "none".to_owned(), |f1| format!("{f1:.4}"))
}

/// A table of scores, a line for each name: precision and recall with their intervals at 95 percent, F1 and the counts.
#[must_use]
pub fn text(title: &str, scores: &[(&str, Score)]) -> String {
    let wide =
        scores.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0).max(title.chars().count());
    let mut text = format!(
        "{title:<wide$}  {:<24}  {:<24}  {:<6}  {:>10}  {:>10}  {:>10}\n",
        "precision", "recall", "F1", "right", "wrong", "missed"
    );
    for (name, score) in scores {
        let _ = writeln!(
            text,
            "{name:<wide$}  {}  {}  {:<6}  {:>10}  {:>10}  {:>10}",
            share(score.precision()),
            share(score.recall()),
            f1(*score),
            score.right,
            score.wrong,
            score.missed
        );
    }
    text
}

/// The table of a sweep, a line for each threshold.
#[must_use]
pub fn sweep_text(points: &[Point]) -> String {
    let names: Vec<String> = points.iter().map(|point| format!("{:.2}", point.weight)).collect();
    let scores: Vec<(&str, Score)> =
        names.iter().map(String::as_str).zip(points.iter().map(|point| point.score)).collect();
    text("bits", &scores)
}
