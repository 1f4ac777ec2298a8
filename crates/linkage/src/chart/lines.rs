//! Charts with two axes: thresholds, unlinkables, weights, calibration.

use super::plot::{Axis, Plot};
use super::{Chart, count, head, percent, share, signed};
use crate::calibrate::Calibration;
use crate::evaluate::Point;
use vacatur_charts::{BLUE, GREEN, GREY, ORANGE};

/// A weight worth a line from top to bottom, as a threshold.
#[derive(Clone, Copy, Debug)]
pub struct Mark<'a> {
    /// The weight, in bits.
    pub weight: f32,
    /// What it is: `link`.
    pub name: &'a str,
}

fn marks(plot: &mut Plot, marks: &[Mark<'_>]) {
    for (number, mark) in marks.iter().enumerate() {
        plot.mark(f64::from(mark.weight), mark.name, number % 2);
    }
}

/// Precision, recall and F1 at each threshold, from [`sweep`](crate::evaluate::sweep).
#[must_use]
pub fn thresholds(id: &str, points: &[Point], at: &[Mark<'_>]) -> Chart {
    let title = "Precision and recall at each threshold".to_owned();
    let best = points.iter().filter_map(|point| Some((point.score.f1()?, point.weight)));
    let best = best.fold(
        None,
        |best: Option<(f64, f32)>, next| {
            if best.is_none_or(|best| next.0 > best.0) { Some(next) } else { best }
        },
    );
    let description = match best {
        Some((f1, weight)) => format!("F1 is greatest, {f1:.4}, at a threshold of {weight} bits."),
        None => "No pair is labelled.".to_owned(),
    };
    let ends = points.first().zip(points.last());
    let (from, to) =
        ends.map_or((0.0, 1.0), |(first, last)| (f64::from(first.weight), f64::from(last.weight)));
    let x = Axis::plain("threshold, in bits", from, to);
    let y = Axis::shares("share", 1.0);
    let mut plot = Plot::new(id, &title, &description, &x, &y, 84.0);
    type Of = fn(&Point) -> Option<f64>;
    let lines: [(&str, &str, &str, Of); 3] = [
        ("precision", BLUE, "", |point| point.score.precision().value()),
        ("recall", ORANGE, "stroke-dasharray=\"8 4\"", |point| point.score.recall().value()),
        ("F1", GREEN, "stroke-dasharray=\"2 3\"", |point| point.score.f1()),
    ];
    let mut names: Vec<(f64, &str, &str)> = Vec::new();
    for (name, colour, dash, of) in lines {
        let drawn: Vec<(f64, f64)> =
            points.iter().filter_map(|point| Some((f64::from(point.weight), of(point)?))).collect();
        if let Some(&(_, last)) = drawn.last() {
            names.push((plot.at(0.0, last).1, colour, name));
        }
        plot.line(drawn, &format!("stroke=\"{colour}\" stroke-width=\"2.4\" {dash}"));
    }
    // Names at the ends of their lines, pushed down where they would stand on one another.
    names.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut least = f64::NEG_INFINITY;
    for (y, colour, name) in names {
        let y = y.max(least);
        plot.name(y, colour, name);
        least = y + 16.0;
    }
    marks(&mut plot, at);
    let row = |point: &Point| {
        let score = point.score;
        let share =
            |value: Option<f64>| value.map_or_else(|| "none".to_owned(), |value| format!("{value:.4}"));
        vec![
            signed(f64::from(point.weight)),
            share(score.precision().value()),
            share(score.recall().value()),
            share(score.f1()),
            count(score.right),
            count(score.wrong),
            count(score.missed),
        ]
    };
    Chart {
        title,
        description,
        svg: plot.svg.end(),
        head: head(&["bits", "precision", "recall", "F1", "right", "wrong", "missed"]),
        rows: points.iter().map(row).collect(),
    }
}

/// Of how many records the pair with itself stays below a threshold: they hold too little to be linked to anybody.
/// `weights` are for each record the weight that it gets with itself, in bits.
#[must_use]
pub fn unlinkables(id: &str, weights: &[f32], at: &[Mark<'_>]) -> Chart {
    let title = "Records that say too little to be linked".to_owned();
    let mut sorted: Vec<f32> = weights.iter().copied().filter(|weight| weight.is_finite()).collect();
    sorted.sort_unstable_by(f32::total_cmp);
    let below = |weight: f32| sorted.partition_point(|&other| other < weight);
    let part = |number: usize| if sorted.is_empty() { 0.0 } else { number as f64 / sorted.len() as f64 };
    let said: Vec<String> = at
        .iter()
        .map(|mark| {
            format!("Below {} ({} bits) stay {}.", mark.name, mark.weight, share(part(below(mark.weight))))
        })
        .collect();
    let description = format!(
        "For each threshold the share of the {} records that stay below it even when compared with themselves. {}",
        count(sorted.len() as u64),
        said.join(" ")
    );
    let (from, to) = ends(&sorted);
    let x = Axis::plain("threshold, in bits", from, to);
    let most = at.iter().map(|mark| part(below(mark.weight))).fold(0.0, f64::max);
    // Where the thresholds lose little, only little is shown: else the line would lie on the axis.
    let y = Axis::shares("share of records below", if most < 0.2 { (most * 2.0).max(0.02) } else { 1.0 });
    let mut plot = Plot::new(id, &title, &description, &x, &y, 0.0);
    let steps = 400;
    let points: Vec<(f64, f64)> = (0..=steps)
        .map(|step| from + (to - from) * f64::from(step) / f64::from(steps))
        .map(|weight| (weight, part(below(weight as f32))))
        .take_while(|(_, share)| *share <= y.to)
        .collect();
    plot.line(points, &format!("stroke=\"{BLUE}\" stroke-width=\"2.4\""));
    marks(&mut plot, at);
    let rows = vacatur_charts::ticks(from, to, 16).into_iter().map(|weight| {
        let number = below(weight as f32);
        vec![signed(weight), count(number as u64), share(part(number))]
    });
    Chart {
        title,
        description,
        svg: plot.svg.end(),
        head: head(&["bits", "records below", "share"]),
        rows: rows.collect(),
    }
}

fn ends(sorted: &[f32]) -> (f64, f64) {
    let ends = sorted.first().zip(sorted.last());
    ends.map_or((0.0, 1.0), |(&from, &to)| {
        (f64::from(from).floor(), f64::from(to).ceil().max(f64::from(from).floor() + 1.0))
    })
}

/// How many pairs have which weight, on a scale of tens, since there are many more non-links than links.
#[must_use]
pub fn histogram(id: &str, weights: &[f32], at: &[Mark<'_>]) -> Chart {
    let title = "How many pairs have which weight".to_owned();
    let mut sorted: Vec<f32> = weights.iter().copied().filter(|weight| weight.is_finite()).collect();
    sorted.sort_unstable_by(f32::total_cmp);
    let (from, to) = ends(&sorted);
    // So many bars that they can be told apart, each of a whole number of bits or a half, quarter or eighth of one.
    let step = [0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0].into_iter().find(|step| (to - from) / step <= 80.0);
    let step = step.unwrap_or((to - from) / 80.0);
    let mut counts: Vec<(f64, u64)> = Vec::new();
    for &weight in &sorted {
        let place = (f64::from(weight) / step).floor() * step;
        match counts.last_mut().filter(|bar| bar.0 == place) {
            Some(bar) => bar.1 += 1,
            None => counts.push((place, 1)),
        }
    }
    let most = counts.iter().map(|bar| bar.1).max().unwrap_or(1);
    let description = format!(
        "{} pairs in bars of {step} bits; the height grows with the logarithm of the number.",
        count(sorted.len() as u64)
    );
    let x = Axis::plain("match weight, in bits", from, to);
    let power = (most as f64).log10().ceil().max(1.0);
    let ticks = (0..=power as u32).map(|power| (f64::from(power), count(10u64.saturating_pow(power))));
    // A bar of one pair must be seen, so that the scale begins below one.
    let y = Axis { name: "pairs", from: -0.3, to: power, ticks: ticks.collect() };
    let mut plot = Plot::new(id, &title, &description, &x, &y, 0.0);
    for &(place, number) in &counts {
        let (left, top) = plot.at(place, (number as f64).log10());
        let (right, bottom) = plot.at(place + step, -0.3);
        plot.svg.rect(left + 0.5, top, right - left - 1.0, bottom - top, &format!("fill=\"{BLUE}\""));
    }
    marks(&mut plot, at);
    let row = |&(place, number): &(f64, u64)| {
        vec![format!("{} to {}", signed(place), signed(place + step)), count(number)]
    };
    Chart {
        title,
        description,
        svg: plot.svg.end(),
        head: head(&["bits", "pairs"]),
        rows: counts.iter().map(row).collect(),
    }
}

/// Whether probabilities are what they say: for each bin what the model says and what was seen, with the interval.
#[must_use]
pub fn reliability(id: &str, calibration: &Calibration) -> Chart {
    let title = "Whether a weight means what it says".to_owned();
    let off = calibration.bins.iter().filter(|bin| !bin.holds()).count();
    let description = format!(
        "The line is what the model says; the dots are what was seen among {} labelled pairs, with intervals at 95 percent. \
         In {off} of {} bins the model lies outside. Brier score {:.5}, log loss {:.5} bits.",
        count(calibration.labelled),
        calibration.bins.len(),
        calibration.brier,
        calibration.log_loss
    );
    let ends = calibration.bins.first().zip(calibration.bins.last());
    let (from, to) = ends.map_or((0.0, 1.0), |(first, last)| (first.from, last.to));
    let x = Axis::plain("match weight, in bits", from, to);
    let y = Axis::shares("pairs of one person", 1.0);
    let mut plot = Plot::new(id, &title, &description, &x, &y, 84.0);
    let said: Vec<(f64, f64)> =
        calibration.bins.iter().map(|bin| ((bin.from + bin.to) / 2.0, bin.said)).collect();
    let (last_said, last_seen) = (
        said.last().map(|point| plot.at(point.0, point.1).1),
        calibration.bins.last().map(|bin| plot.at(bin.to, bin.seen).1),
    );
    plot.line(said, &format!("stroke=\"{GREY}\" stroke-width=\"2\" stroke-dasharray=\"8 4\""));
    for bin in &calibration.bins {
        let middle = (bin.from + bin.to) / 2.0;
        let ((x, low), (_, high)) = (plot.at(middle, bin.interval.0), plot.at(middle, bin.interval.1));
        let colour = if bin.holds() { BLUE } else { ORANGE };
        let stroke = format!("stroke=\"{colour}\" stroke-width=\"1.6\"");
        plot.svg.line((x, low), (x, high), &stroke);
        for end in [low, high] {
            plot.svg.line((x - 4.0, end), (x + 4.0, end), &stroke);
        }
        let (_, y) = plot.at(middle, bin.seen);
        // A hollow dot is one that the model misses, for those who do not see the colour.
        let fill = if bin.holds() { colour } else { "#ffffff" };
        plot.svg.dot(x, y, 4.0, &format!("fill=\"{fill}\" {stroke}"));
    }
    if let (Some(said), Some(seen)) = (last_said, last_seen) {
        let seen = if (seen - said).abs() < 16.0 { said + 16.0 } else { seen };
        plot.name(said, GREY, "said");
        plot.name(seen, BLUE, "seen");
    }
    let rows = calibration.bins.iter().map(|bin| {
        vec![
            format!("{} to {}", signed(bin.from), signed(bin.to)),
            count(bin.labelled),
            percent(bin.said),
            percent(bin.seen),
            format!("{} to {}", percent(bin.interval.0), percent(bin.interval.1)),
            if bin.holds() { "yes" } else { "no" }.to_owned(),
        ]
    });
    Chart {
        title,
        description,
        svg: plot.svg.end(),
        head: head(&["bits", "labelled", "said", "seen", "between", "holds"]),
        rows: rows.collect(),
    }
}
