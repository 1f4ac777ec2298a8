//! Charts of bars: the account of a pair, and what a model gives for each level.

use super::{Chart, head, percent, share, signed};
use crate::{Model, Waterfall};
use vacatur_charts::{At, BLUE, GREY, INK, LINE, ORANGE, Svg, fit, tick, ticks, width};

const WIDE: f64 = 820.0;
/// Where the bars begin and end; words are left of it, numbers right.
const FROM: f64 = 330.0;
const TO: f64 = 740.0;
const BOLD: &str = "font-weight=\"bold\" fill=\"#1a1a1a\"";
const SMALL: &str = "font-size=\"12\" fill=\"#595959\"";
const PLAIN: &str = "fill=\"#1a1a1a\"";

/// The place of a number between two ends.
struct Scale {
    from: f64,
    to: f64,
}

impl Scale {
    /// Wide enough for all numbers and zero, with a little room at both ends.
    fn around(numbers: impl Iterator<Item = f64>) -> Self {
        let (mut from, mut to) = (0f64, 0f64);
        for number in numbers.filter(|number| number.is_finite()) {
            (from, to) = (from.min(number), to.max(number));
        }
        let room = ((to - from) * 0.04).max(0.5);
        Self { from: from - room, to: to + room }
    }

    fn at(&self, number: f64) -> f64 {
        let number = if number.is_finite() { number.clamp(self.from, self.to) } else { 0.0 };
        FROM + (number - self.from) / (self.to - self.from) * (TO - FROM)
    }

    /// Lines from top to bottom, with their numbers below.
    fn grid(&self, svg: &mut Svg, top: f64, bottom: f64, name: &str) {
        for value in ticks(self.from, self.to, 7) {
            let x = self.at(value);
            let style =
                if value == 0.0 { "stroke=\"#595959\" stroke-width=\"1.2\"" } else { "stroke=\"#e3e3e3\"" };
            svg.line((x, top), (x, bottom), style);
            svg.text(x, bottom + 16.0, At::Middle, SMALL, &tick(value));
        }
        svg.text((FROM + TO) / 2.0, bottom + 34.0, At::Middle, PLAIN, name);
    }
}

/// A bar from one number to another, and its sign as text.
fn bar(svg: &mut Svg, scale: &Scale, (from, to): (f64, f64), y: f64, high: f64) {
    let (a, b) = (scale.at(from.min(to)), scale.at(from.max(to)));
    let colour = if to >= from { BLUE } else { ORANGE };
    svg.rect(a, y, (b - a).max(1.5), high, &format!("fill=\"{colour}\""));
}

/// The account of one pair: from the prior by each comparison to the match weight. `id` is the chart's own on its page:
/// letters, digits and dashes. It shows the values that were compared, so that it is as private as these.
#[must_use]
pub fn waterfall(id: &str, waterfall: &Waterfall) -> Chart {
    const ROW: f64 = 40.0;
    let title = "How the match weight of this pair comes about".to_owned();
    let description = format!(
        "Beginning with the prior of {} bits, each comparison adds or takes away; the sum is {} bits, a probability of {}.",
        signed(waterfall.prior),
        signed(waterfall.weight),
        share(waterfall.probability)
    );
    let (top, rows) = (40.0, waterfall.steps.len() + 2);
    let bottom = top + ROW * rows as f64;
    let mut sums = vec![waterfall.prior];
    for step in &waterfall.steps {
        sums.push(sums.last().copied().unwrap_or(0.0) + step.weight + step.rarity);
    }
    let scale = Scale::around(sums.iter().copied().chain([waterfall.weight]));
    let mut svg = Svg::new(id, &title, &description, WIDE, bottom + 48.0);
    svg.text(12.0, 24.0, At::Start, "font-weight=\"bold\" font-size=\"15\" fill=\"#1a1a1a\"", &title);
    scale.grid(&mut svg, top, bottom, "bits: each one doubles the odds that the two are one person");
    let mut table = vec![vec![
        "prior".to_owned(),
        String::new(),
        String::new(),
        String::new(),
        signed(waterfall.prior),
        signed(waterfall.prior),
    ]];
    let middle = |row: usize| top + ROW * row as f64 + ROW / 2.0;

    svg.text(12.0, middle(0) + 4.0, At::Start, BOLD, "prior");
    bar(&mut svg, &scale, (0.0, waterfall.prior), middle(0) - 9.0, 18.0);
    svg.text(WIDE - 12.0, middle(0) + 4.0, At::End, PLAIN, &signed(waterfall.prior));
    let mut before = waterfall.prior;
    for (number, step) in waterfall.steps.iter().enumerate() {
        let y = middle(number + 1);
        svg.line((12.0, y - ROW / 2.0), (WIDE - 12.0, y - ROW / 2.0), "stroke=\"#eeeeee\"");
        let name = fit(&step.comparison, 150.0, 13.5);
        svg.text(12.0, y - 5.0, At::Start, BOLD, &name);
        let level = fit(&step.level, FROM - 34.0 - width(&name, 13.5), 12.0);
        svg.text(22.0 + width(&name, 13.5), y - 5.0, At::Start, "font-size=\"12\" fill=\"#1a1a1a\"", &level);
        let compared = match (step.left.is_empty(), step.right.is_empty()) {
            (true, true) => String::new(),
            (false, true) => format!("{} | (blank)", step.left),
            (true, false) => format!("(blank) | {}", step.right),
            (false, false) => format!("{} | {}", step.left, step.right),
        };
        svg.text(12.0, y + 11.0, At::Start, SMALL, &fit(&compared, FROM - 28.0, 12.0));
        let link = |svg: &mut Svg, at: f64| {
            svg.line(
                (scale.at(at), y - ROW + 9.0),
                (scale.at(at), y - 9.0),
                "stroke=\"#595959\" stroke-dasharray=\"2 2\"",
            );
        };
        link(&mut svg, before);
        let level_sum = before + step.weight;
        let sum = level_sum + step.rarity;
        if step.weight != 0.0 {
            bar(&mut svg, &scale, (before, level_sum), y - 9.0, 18.0);
        }
        if step.rarity != 0.0 {
            // What rarity adds is a narrower bar of the same row, so that the two can be told apart in grey.
            bar(&mut svg, &scale, (level_sum, sum), y - 4.0, 8.0);
        }
        if step.weight == 0.0 && step.rarity == 0.0 {
            svg.dot(scale.at(before), y, 3.0, &format!("fill=\"{GREY}\""));
        }
        svg.text(WIDE - 12.0, y + 4.0, At::End, PLAIN, &signed(step.weight + step.rarity));
        table.push(vec![
            step.comparison.clone(),
            step.level.clone(),
            step.left.clone(),
            step.right.clone(),
            if step.rarity == 0.0 {
                signed(step.weight)
            } else {
                format!("{} and {} for rarity", signed(step.weight), signed(step.rarity))
            },
            signed(sum),
        ]);
        before = sum;
    }
    let y = middle(waterfall.steps.len() + 1);
    svg.line((12.0, y - ROW / 2.0), (WIDE - 12.0, y - ROW / 2.0), &format!("stroke=\"{LINE}\""));
    svg.text(12.0, y + 4.0, At::Start, BOLD, "match weight");
    svg.text(118.0, y + 4.0, At::Start, PLAIN, &format!("probability {}", share(waterfall.probability)));
    bar(&mut svg, &scale, (0.0, waterfall.weight), y - 9.0, 18.0);
    svg.text(WIDE - 12.0, y + 4.0, At::End, BOLD, &signed(waterfall.weight));
    table.push(vec![
        "match weight".to_owned(),
        format!("probability {}", share(waterfall.probability)),
        String::new(),
        String::new(),
        String::new(),
        signed(waterfall.weight),
    ]);
    Chart {
        title,
        description,
        svg: svg.end(),
        head: head(&["comparison", "level", "left", "right", "bits", "sum"]),
        rows: table,
    }
}

/// A level of a comparison, as a model has it.
#[derive(Clone, PartialEq)]
pub struct LevelWeight {
    /// The comparison: `family name`.
    pub comparison: String,
    /// The level, in words.
    pub level: String,
    /// How often it is seen among pairs of one person, from 0 to 1.
    pub m: f64,
    /// How often it is seen among pairs of two persons.
    pub u: f64,
}

impl LevelWeight {
    /// The levels of a trained model, in its order; those that have no m and u yet are left out.
    #[must_use]
    pub fn of(model: &Model) -> Vec<Self> {
        let levels = model.comparisons.iter().flat_map(|comparison| {
            comparison.levels.iter().filter_map(|level| {
                let (comparison, words) = (comparison.name.clone(), level.words.clone());
                Some(Self { comparison, level: words, m: level.m?, u: level.u? })
            })
        });
        levels.collect()
    }

    /// What the level adds, in bits.
    fn weight(&self) -> f64 {
        (self.m / self.u).log2()
    }
}

const ROW: f64 = 22.0;
const GAP: f64 = 26.0;

/// Rows of levels with the names of their comparisons above; gives the height at which each level stands, and the end.
fn rows(levels: &[LevelWeight], top: f64) -> (Vec<(Option<f64>, f64)>, f64) {
    let mut y = top;
    let mut places = Vec::new();
    let mut before: Option<&str> = None;
    for level in levels {
        let first = before != Some(&level.comparison);
        let name = first.then_some(y + 17.0);
        if first {
            y += GAP;
        }
        places.push((name, y));
        y += ROW;
        before = Some(&level.comparison);
    }
    (places, y + 8.0)
}

fn names(svg: &mut Svg, levels: &[LevelWeight], places: &[(Option<f64>, f64)]) {
    for (level, (name, y)) in levels.iter().zip(places) {
        if let Some(name) = name {
            svg.text(12.0, *name, At::Start, BOLD, &fit(&level.comparison, FROM - 24.0, 13.5));
        }
        svg.text(
            FROM - 10.0,
            y + 15.0,
            At::End,
            "font-size=\"12\" fill=\"#1a1a1a\"",
            &fit(&level.level, FROM - 34.0, 12.0),
        );
    }
}

/// What each level of a model adds to or takes from the weight, in bits.
#[must_use]
pub fn match_weights(id: &str, levels: &[LevelWeight]) -> Chart {
    let title = "What each level adds, in bits".to_owned();
    let description = "For each comparison of the model its levels, from the best agreement down. A bar to the right speaks \
                       for one person, a bar to the left against."
        .to_owned();
    let top = 40.0;
    let (places, bottom) = rows(levels, top);
    let scale = Scale::around(levels.iter().map(LevelWeight::weight));
    let mut svg = Svg::new(id, &title, &description, WIDE, bottom + 48.0);
    svg.text(12.0, 24.0, At::Start, "font-weight=\"bold\" font-size=\"15\" fill=\"#1a1a1a\"", &title);
    scale.grid(&mut svg, top, bottom, "bits: the logarithm to base 2 of m over u");
    names(&mut svg, levels, &places);
    let mut table = Vec::new();
    for (level, (_, y)) in levels.iter().zip(&places) {
        let weight = level.weight();
        bar(&mut svg, &scale, (0.0, weight), y + 3.0, ROW - 7.0);
        svg.text(WIDE - 12.0, y + 15.0, At::End, PLAIN, &signed(weight));
        table.push(vec![
            level.comparison.clone(),
            level.level.clone(),
            share(level.m),
            share(level.u),
            signed(weight),
        ]);
    }
    Chart {
        title,
        description,
        svg: svg.end(),
        head: head(&["comparison", "level", "m", "u", "bits"]),
        rows: table,
    }
}

/// How often each level is seen among pairs of one person (m) and among pairs of two (u).
#[must_use]
pub fn m_and_u(id: &str, levels: &[LevelWeight]) -> Chart {
    let title = "How often each level is seen".to_owned();
    let description = "Bars to the right show the share of each level among pairs of one person, m; bars to the left among \
                       pairs of two persons, u."
        .to_owned();
    const HALF: f64 = 150.0;
    const NUMBER: f64 = 76.0;
    // In the middle stands nothing but the line: u grows to the left of it, m to the right, the numbers outside.
    let middle = FROM + NUMBER + HALF;
    let top = 62.0;
    let (places, bottom) = rows(levels, top);
    let mut svg = Svg::new(id, &title, &description, WIDE, bottom + 40.0);
    svg.text(12.0, 24.0, At::Start, "font-weight=\"bold\" font-size=\"15\" fill=\"#1a1a1a\"", &title);
    svg.text(
        middle - 8.0,
        52.0,
        At::End,
        &format!("fill=\"{ORANGE}\" font-weight=\"bold\""),
        "u: of two persons",
    );
    svg.text(
        middle + 8.0,
        52.0,
        At::Start,
        &format!("fill=\"{BLUE}\" font-weight=\"bold\""),
        "m: of one person",
    );
    for (part, name) in [(0.5, "50 %"), (1.0, "100 %")] {
        for side in [-1.0, 1.0] {
            let x = middle + side * part * HALF;
            svg.line((x, top), (x, bottom), "stroke=\"#e3e3e3\"");
            svg.text(x, bottom + 16.0, At::Middle, SMALL, name);
        }
    }
    svg.line((middle, top), (middle, bottom), &format!("stroke=\"{GREY}\""));
    svg.text(middle, bottom + 16.0, At::Middle, SMALL, "0");
    names(&mut svg, levels, &places);
    let mut table = Vec::new();
    for (level, (_, y)) in levels.iter().zip(&places) {
        let long = |share: f64| if share.is_finite() { (share.clamp(0.0, 1.0) * HALF).max(1.0) } else { 0.0 };
        svg.rect(middle - long(level.u), y + 3.0, long(level.u), ROW - 7.0, &format!("fill=\"{ORANGE}\""));
        svg.rect(middle, y + 3.0, long(level.m), ROW - 7.0, &format!("fill=\"{BLUE}\""));
        let small = format!("font-size=\"12\" fill=\"{INK}\"");
        svg.text(middle - HALF - 8.0, y + 15.0, At::End, &small, &share(level.u));
        svg.text(middle + HALF + 8.0, y + 15.0, At::Start, &small, &share(level.m));
        table.push(vec![level.comparison.clone(), level.level.clone(), percent(level.m), share(level.u)]);
    }
    Chart { title, description, svg: svg.end(), head: head(&["comparison", "level", "m", "u"]), rows: table }
}
