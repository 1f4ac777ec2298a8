//! Relief against the load of reviews, as SVG: a point for each policy, those that nothing betters joined.

use super::Role;
use super::results::Comparison;
use super::text::{hours, thousands};
use std::fmt::Write as _;

/// Okabe and Ito's blue, for what is on the frontier; a grey for what is bettered; an ink for text.
const BLUE: &str = "#0072B2";
const GREY: &str = "#595959";
const INK: &str = "#1a1a1a";
const LINE: &str = "#c8c8c8";

/// The picture in units.
const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 420.0;
/// Its frame.
const LEFT: f64 = 84.0;
const RIGHT: f64 = 700.0;
const TOP: f64 = 24.0;
const BOTTOM: f64 = 360.0;

/// Text as it may stand in HTML and in SVG.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\t' | '\n' | '\r' => escaped.push(' '),
            '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            // Marks that turn the direction of writing could make a text read as another.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => escaped.push('\u{fffd}'),
            letter => escaped.push(letter),
        }
    }
    escaped
}

/// A round number at or above `most`, and how far apart the lines of the grid are.
fn scale(most: f64) -> (f64, f64) {
    let step = [1.0, 2.0, 2.5, 5.0, 10.0]
        .into_iter()
        .map(|round| round * 10f64.powf((most.max(1.0) / 5.0).log10().floor()))
        .find(|step| step * 5.0 >= most)
        .unwrap_or(1.0)
        .max(1.0);
    ((most / step).ceil().max(1.0) * step, step)
}

/// The chart, with a title and a description for whoever cannot see it.
pub(super) fn frontier(comparison: &Comparison) -> String {
    let points = &comparison.frontier.points;
    let most_hours = points.iter().map(|point| point.minutes).max().unwrap_or(0) as f64 / 60.0;
    let most_people = points.iter().map(|point| point.people_helped).max().unwrap_or(0) as f64;
    let ((right, step_x), (top, step_y)) = (scale(most_hours), scale(most_people));
    let x = |minutes: u64| LEFT + (RIGHT - LEFT) * (minutes as f64 / 60.0) / right;
    let y = |people: u64| BOTTOM - (BOTTOM - TOP) * people as f64 / top;
    let mut svg = format!(
        "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-labelledby=\"frontier-title frontier-desc\" xmlns=\"http://www.w3.org/2000/svg\" font-family=\"sans-serif\" font-size=\"13\">\n<title id=\"frontier-title\">People helped against hours of review</title>\n<desc id=\"frontier-desc\">{}</desc>\n",
        escape(&description(comparison))
    );
    // Writing to a string cannot fail.
    for (at, number) in grid(right, step_x) {
        let place = LEFT + (RIGHT - LEFT) * at;
        let _ = writeln!(
            svg,
            "<line x1=\"{place:.1}\" y1=\"{TOP}\" x2=\"{place:.1}\" y2=\"{BOTTOM}\" stroke=\"{LINE}\"/><text x=\"{place:.1}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"{GREY}\">{}</text>",
            BOTTOM + 18.0,
            thousands(number)
        );
    }
    for (at, number) in grid(top, step_y) {
        let place = BOTTOM - (BOTTOM - TOP) * at;
        let _ = writeln!(
            svg,
            "<line x1=\"{LEFT}\" y1=\"{place:.1}\" x2=\"{RIGHT}\" y2=\"{place:.1}\" stroke=\"{LINE}\"/><text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\" fill=\"{GREY}\">{}</text>",
            LEFT - 8.0,
            place + 4.0,
            thousands(number)
        );
    }
    let _ = writeln!(
        svg,
        "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"{INK}\">Hours of review</text><text x=\"18\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"{INK}\" transform=\"rotate(-90 18 {:.1})\">People helped</text>",
        (LEFT + RIGHT) / 2.0,
        HEIGHT - 16.0,
        (TOP + BOTTOM) / 2.0,
        (TOP + BOTTOM) / 2.0
    );
    let best: Vec<String> = comparison
        .frontier
        .undominated
        .iter()
        .filter_map(|number| points.iter().find(|point| point.number == *number))
        .map(|point| format!("{:.1},{:.1}", x(point.minutes), y(point.people_helped)))
        .collect();
    if best.len() > 1 {
        let _ = writeln!(
            svg,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{BLUE}\" stroke-width=\"2\"/>",
            best.join(" ")
        );
    }
    // Points that lie on one another share a label.
    let mut labels: Vec<((i64, i64), Vec<usize>)> = Vec::new();
    for point in points {
        let (x, y) = (x(point.minutes), y(point.people_helped));
        let role = comparison.candidates.iter().find(|one| one.number == point.number).map(|one| one.role);
        let _ = match (role, point.bettered_by) {
            (Some(Role::Chosen), None) => {
                writeln!(svg, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"6\" fill=\"{BLUE}\"/>")
            }
            (Some(Role::Chosen), Some(_)) => writeln!(
                svg,
                "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"5\" fill=\"#fff\" stroke=\"{GREY}\" stroke-width=\"2\"/>"
            ),
            _ => writeln!(
                svg,
                "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"15\" height=\"15\" fill=\"none\" stroke=\"{INK}\" stroke-width=\"2\"/>",
                x - 7.5,
                y - 7.5
            ),
        };
        let place = ((x / 26.0).round() as i64, (y / 14.0).round() as i64);
        match labels.iter_mut().find(|(at, _)| *at == place) {
            Some((_, numbers)) => numbers.push(point.number),
            None => labels.push((place, vec![point.number])),
        }
    }
    for (_, numbers) in &labels {
        let Some(first) = numbers.first().and_then(|number| points.iter().find(|one| one.number == *number))
        else {
            continue;
        };
        let mut text: Vec<String> = numbers.iter().take(4).map(|number| format!("#{number}")).collect();
        if numbers.len() > 4 {
            text.push(format!("and {} more", numbers.len() - 4));
        }
        let (x, y) = (x(first.minutes), y(first.people_helped));
        let (x, anchor) = if x > RIGHT - 120.0 { (x - 10.0, "end") } else { (x + 10.0, "start") };
        let _ = writeln!(
            svg,
            "<text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"{anchor}\" fill=\"{INK}\" stroke=\"#fff\" stroke-width=\"3\" paint-order=\"stroke\">{}</text>",
            y - 8.0,
            text.join(" ")
        );
    }
    svg.push_str("</svg>\n");
    svg
}

/// The lines of a grid: their place from 0 to 1, and their number.
fn grid(most: f64, step: f64) -> Vec<(f64, u64)> {
    let lines = (most / step).round().clamp(1.0, 20.0) as u32;
    (0..=lines).map(|at| (f64::from(at) / f64::from(lines), (f64::from(at) * step) as u64)).collect()
}

/// What is to be seen, in words.
fn description(comparison: &Comparison) -> String {
    let of = |number: &usize| {
        let one = comparison.candidates.iter().find(|one| one.number == *number)?;
        Some(format!(
            "#{} {}: {} people for {} hours",
            one.number,
            one.label,
            thousands(one.people_helped),
            hours(one.reviews.minutes)
        ))
    };
    let best: Vec<String> = comparison.frontier.undominated.iter().filter_map(of).take(12).collect();
    format!(
        "A point for each of {} policies. No other chosen policy betters these, from the fewest hours to the most: {}. Filled points are on the frontier, hollow ones are bettered, squares are baselines.",
        comparison.candidates.len(),
        best.join("; ")
    )
}
