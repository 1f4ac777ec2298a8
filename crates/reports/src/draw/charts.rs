//! The charts of a report. Each is drawn of a table that stands beside it.

use vacatur_charts::{At, BLUE, GREY, INK, LINE, ORANGE, Svg, fit};

/// How wide charts are, and where the words end and the numbers begin.
const WIDE: f64 = 720.0;
const FROM: f64 = 250.0;
const TO: f64 = 580.0;
const ROW: f64 = 30.0;
const SMALL: &str = "font-size=\"12\" fill=\"#595959\"";

/// What a chart says to who cannot see it: its own name on the page, its title, and a sentence or two.
pub(crate) struct Said<'s> {
    pub(crate) id: &'s str,
    pub(crate) title: &'s str,
    pub(crate) says: &'s str,
}

/// A row of bars: its word, how long, and its number in words; `None` where it is withheld or there is nothing.
pub(crate) struct Bar {
    pub(crate) word: String,
    pub(crate) value: Option<f64>,
    pub(crate) shown: String,
}

/// Bars from 0, one below the other, each with its number.
pub(crate) fn bars(said: &Said<'_>, rows: &[Bar]) -> String {
    let most = rows.iter().filter_map(|row| row.value).fold(0.0, f64::max);
    let high = ROW * rows.len() as f64 + 14.0;
    let mut svg = Svg::new(said.id, said.title, said.says, WIDE, high);
    svg.line((FROM, 4.0), (FROM, high - 6.0), &format!("stroke=\"{GREY}\""));
    for (row, y) in rows.iter().zip((0..).map(|at| f64::from(at).mul_add(ROW, 8.0))) {
        svg.text(FROM - 10.0, y + 17.0, At::End, &ink(), &fit(&row.word, FROM - 16.0, 13.0));
        let long = row.value.filter(|_| most > 0.0).map_or(0.0, |value| (TO - FROM) * value / most);
        if long > 0.0 {
            svg.rect(FROM, y + 3.0, long.max(1.5), 20.0, &format!("fill=\"{BLUE}\""));
        }
        svg.text(FROM + long + 8.0, y + 17.0, At::Start, &ink(), &row.shown);
    }
    svg.end()
}

/// A number with its interval.
#[derive(Clone, Copy)]
pub(crate) struct Mark {
    pub(crate) value: f64,
    pub(crate) low: f64,
    pub(crate) high: f64,
}

/// A row of marks: its word, one or two marks, and what stands at its end.
pub(crate) struct Marked {
    pub(crate) word: String,
    pub(crate) marks: Vec<Option<Mark>>,
    pub(crate) shown: String,
}

/// How the numbers of marks are laid out.
pub(crate) struct Axis<'a> {
    /// Ends; on a ratio's axis equal steps multiply.
    pub(crate) from: f64,
    pub(crate) to: f64,
    pub(crate) ratio: bool,
    pub(crate) ticks: Vec<(f64, String)>,
    /// A line to compare with.
    pub(crate) line: Option<f64>,
    /// What the first and the second mark are, where there are two.
    pub(crate) names: Option<[&'a str; 2]>,
}

impl Axis<'_> {
    fn at(&self, value: f64) -> f64 {
        let value = value.clamp(self.from, self.to);
        let share = if self.ratio {
            (value / self.from).ln() / (self.to / self.from).ln()
        } else {
            (value - self.from) / (self.to - self.from)
        };
        FROM + (TO - FROM) * share
    }
}

/// Marks with their intervals. The second of a row is filled and round, the first hollow and square.
pub(crate) fn marks(said: &Said<'_>, axis: &Axis<'_>, rows: &[Marked]) -> String {
    let top = if axis.names.is_some() { 34.0 } else { 10.0 };
    let bottom = top + ROW * rows.len() as f64;
    let mut svg = Svg::new(said.id, said.title, said.says, WIDE, bottom + 30.0);
    if let Some([first, second]) = axis.names {
        square(&mut svg, FROM, 14.0);
        svg.text(FROM + 12.0, 18.0, At::Start, &ink(), first);
        svg.dot(FROM + 130.0, 14.0, 6.0, &format!("fill=\"{BLUE}\""));
        svg.text(FROM + 142.0, 18.0, At::Start, &ink(), second);
    }
    for (value, word) in &axis.ticks {
        let x = axis.at(*value);
        svg.line((x, top), (x, bottom), &format!("stroke=\"{LINE}\""));
        svg.text(x, bottom + 18.0, At::Middle, SMALL, word);
    }
    if let Some(line) = axis.line {
        let x = axis.at(line);
        svg.line((x, top), (x, bottom), &format!("stroke=\"{INK}\" stroke-dasharray=\"5 4\""));
    }
    for (row, y) in rows.iter().zip((0..).map(|at| f64::from(at).mul_add(ROW, top + ROW / 2.0))) {
        svg.text(FROM - 10.0, y + 4.0, At::End, &ink(), &fit(&row.word, FROM - 16.0, 13.0));
        svg.text(TO + 12.0, y + 4.0, At::Start, SMALL, &row.shown);
        let both: Vec<f64> = row.marks.iter().flatten().map(|mark| axis.at(mark.value)).collect();
        if let [first, second] = both.as_slice() {
            svg.line((*first, y), (*second, y), &format!("stroke=\"{GREY}\" stroke-width=\"1.2\""));
        }
        let two = row.marks.len() > 1;
        for (number, mark) in row.marks.iter().enumerate() {
            let Some(mark) = mark else { continue };
            let (first, x) = (two && number == 0, axis.at(mark.value));
            let colour = if first { ORANGE } else { BLUE };
            let (low, high) = (axis.at(mark.low), axis.at(mark.high));
            svg.line((low, y), (high, y), &format!("stroke=\"{colour}\" stroke-width=\"3\""));
            for end in [low, high] {
                svg.line(
                    (end, y - 5.0),
                    (end, y + 5.0),
                    &format!("stroke=\"{colour}\" stroke-width=\"1.5\""),
                );
            }
            if first {
                square(&mut svg, x, y);
            } else {
                svg.dot(x, y, 6.0, &format!("fill=\"{colour}\""));
            }
        }
    }
    svg.end()
}

fn square(svg: &mut Svg, x: f64, y: f64) {
    svg.rect(
        x - 5.0,
        y - 5.0,
        10.0,
        10.0,
        &format!("fill=\"#ffffff\" stroke=\"{ORANGE}\" stroke-width=\"2.5\""),
    );
}

fn ink() -> String {
    format!("fill=\"{INK}\"")
}

/// A scale for ratios that holds all of them: a half to twice, or as much more as they need.
pub(crate) fn ratio_axis(marks: impl Iterator<Item = Mark>, word: impl Fn(f64) -> String) -> Axis<'static> {
    let far = marks.flat_map(|mark| [mark.high, 1.0 / mark.low.max(0.01)]).fold(1.25, f64::max);
    let most = [1.25, 1.5, 2.0, 4.0, 8.0].into_iter().find(|most| far <= *most).unwrap_or(16.0);
    let within: &[f64] = match most {
        most if most <= 1.25 => &[0.8, 0.9, 1.0, 1.1, 1.25],
        most if most <= 1.5 => &[0.67, 0.8, 1.0, 1.25, 1.5],
        most if most <= 2.0 => &[0.5, 0.67, 1.0, 1.5, 2.0],
        most if most <= 4.0 => &[0.25, 0.5, 1.0, 2.0, 4.0],
        most if most <= 8.0 => &[0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0],
        _ => &[0.0625, 0.25, 1.0, 4.0, 16.0],
    };
    let ticks = within.iter().map(|&value| (value, word(value))).collect();
    Axis { from: 1.0 / most, to: most, ratio: true, ticks, line: Some(1.0), names: None }
}

/// A scale for shares: from nothing to the next step above the greatest.
pub(crate) fn share_axis(marks: impl Iterator<Item = Mark>, word: impl Fn(f64) -> String) -> Axis<'static> {
    let most = marks.map(|mark| mark.high).fold(0.0, f64::max);
    let to = [0.05, 0.1, 0.2, 0.4, 0.6, 0.8].into_iter().find(|to| most <= *to).unwrap_or(1.0);
    let ticks = (0..=4).map(|at| to * f64::from(at) / 4.0).map(|at| (at, word(at))).collect();
    Axis { from: 0.0, to, ratio: false, ticks, line: None, names: None }
}
