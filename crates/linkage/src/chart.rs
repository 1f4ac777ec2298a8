//! Charts of a model and its links, as SVG text, each with the table of its figures.
//!
//! They need no script and no network, can be printed in grey and told apart by the colour-blind: what a colour says, a
//! place, a sign, a dash or a word says too. Everything that comes from outside is escaped. The same figures make the
//! same bytes.

mod bars;
mod lines;
mod page;
mod plot;

pub use bars::{LevelWeight, m_and_u, match_weights, waterfall};
pub use lines::{Mark, histogram, reliability, thresholds, unlinkables};
pub use page::page;

/// A chart: what it shows, in words, as a picture and as a table.
#[derive(Clone, PartialEq)]
pub struct Chart {
    /// What it is.
    pub title: String,
    /// What is to be seen in it, in a sentence or two, for whoever cannot see it.
    pub description: String,
    /// An `<svg>` element.
    pub svg: String,
    /// The names of the table's columns.
    pub head: Vec<String>,
    /// The table's rows, plain text.
    pub rows: Vec<Vec<String>>,
}

vacatur_records::silent_debug!(Chart, LevelWeight);

fn head(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// A number of bits with its sign, a real minus.
fn signed(bits: f64) -> String {
    let text = format!("{bits:+.2}");
    match text.as_str() {
        "+0.00" | "-0.00" => "0.00".to_owned(),
        _ => text.replace('-', "\u{2212}"),
    }
}

/// A count with blanks between the thousands that do not break a line.
fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

/// A share as people read it: `97.3 %`, and for the very small `1 in 12 000`.
fn share(share: f64) -> String {
    if !share.is_finite() {
        return "none".to_owned();
    }
    if share > 0.0 && share < 0.001 {
        format!("1 in {}", count((1.0 / share).round() as u64))
    } else {
        percent(share)
    }
}

/// Percent, with as many digits as tell it from 100.
fn percent(share: f64) -> String {
    let percent = share * 100.0;
    let digits = match 100.0 - percent {
        left if left <= 0.0 || left >= 0.95 => 1,
        left if left >= 0.095 => 2,
        left if left >= 0.0095 => 3,
        _ => 4,
    };
    // What is not certain is never shown as certain.
    if share < 1.0 && 100.0 - percent < 0.000_1 {
        return "over 99.9999\u{a0}%".to_owned();
    }
    let text = format!("{percent:.digits$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    format!("{text}\u{a0}%")
}

#[cfg(test)]
mod tests;
