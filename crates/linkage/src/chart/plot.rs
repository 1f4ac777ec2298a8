//! The frame of a chart with two axes.

use vacatur_charts::{At, GREY, INK, Svg, tick, ticks};

pub(super) const WIDE: f64 = 820.0;
const HIGH: f64 = 440.0;
const LEFT: f64 = 84.0;
const RIGHT: f64 = 30.0;
/// Room for the title, and for two rows of names of marks.
const TOP: f64 = 80.0;
const BOTTOM: f64 = 60.0;

/// A chart with two axes while it is drawn.
pub(super) struct Plot {
    pub(super) svg: Svg,
    x: (f64, f64),
    y: (f64, f64),
    room: f64,
}

/// An axis: its name, its ends, and how a tick is written.
pub(super) struct Axis<'a> {
    pub(super) name: &'a str,
    pub(super) from: f64,
    pub(super) to: f64,
    pub(super) ticks: Vec<(f64, String)>,
}

impl<'a> Axis<'a> {
    /// Numbers as they are.
    pub(super) fn plain(name: &'a str, from: f64, to: f64) -> Self {
        let to = if to > from { to } else { from + 1.0 };
        Self {
            name,
            from,
            to,
            ticks: ticks(from, to, 8).into_iter().map(|value| (value, tick(value))).collect(),
        }
    }

    /// Shares from 0 up, as percent.
    pub(super) fn shares(name: &'a str, to: f64) -> Self {
        let text = |value: f64| format!("{}\u{a0}%", tick(value * 100.0));
        let ticks = ticks(0.0, to, 6).into_iter().map(|value| (value, text(value))).collect();
        Self { name, from: 0.0, to, ticks }
    }
}

impl Plot {
    /// `room` is kept free at the right, for the names of lines.
    pub(super) fn new(
        id: &str,
        title: &str,
        description: &str,
        x: &Axis<'_>,
        y: &Axis<'_>,
        room: f64,
    ) -> Self {
        let mut svg = Svg::new(id, title, description, WIDE, HIGH);
        svg.text(12.0, 24.0, At::Start, "font-weight=\"bold\" font-size=\"15\" fill=\"#1a1a1a\"", title);
        let mut plot = Self { svg, x: (x.from, x.to), y: (y.from, y.to), room };
        let small = format!("font-size=\"12\" fill=\"{GREY}\"");
        for (value, text) in &y.ticks {
            let (_, high) = plot.at(x.from, *value);
            plot.svg.line((LEFT, high), (WIDE - RIGHT - room, high), "stroke=\"#e3e3e3\"");
            plot.svg.text(LEFT - 8.0, high + 4.0, At::End, &small, text);
        }
        let bottom = HIGH - BOTTOM;
        for (value, text) in &x.ticks {
            let (at, _) = plot.at(*value, y.from);
            plot.svg.line((at, bottom), (at, bottom + 5.0), &format!("stroke=\"{GREY}\""));
            plot.svg.text(at, bottom + 20.0, At::Middle, &small, text);
        }
        plot.svg.line((LEFT, bottom), (WIDE - RIGHT - room, bottom), &format!("stroke=\"{GREY}\""));
        let ink = format!("fill=\"{INK}\"");
        plot.svg.text((LEFT + WIDE - RIGHT - room) / 2.0, HIGH - 16.0, At::Middle, &ink, x.name);
        plot.svg.upwards(18.0, (TOP + bottom) / 2.0, y.name);
        plot
    }

    /// Where a point stands.
    pub(super) fn at(&self, x: f64, y: f64) -> (f64, f64) {
        let along = |value: f64, (from, to): (f64, f64)| {
            if value.is_nan() { 0.0 } else { ((value - from) / (to - from)).clamp(0.0, 1.0) }
        };
        (
            LEFT + along(x, self.x) * (WIDE - RIGHT - self.room - LEFT),
            HIGH - BOTTOM - along(y, self.y) * (HIGH - BOTTOM - TOP),
        )
    }

    /// A line through points.
    pub(super) fn line(&mut self, points: impl IntoIterator<Item = (f64, f64)>, style: &str) {
        let points: Vec<(f64, f64)> = points.into_iter().map(|(x, y)| self.at(x, y)).collect();
        self.svg.path(&points, style);
    }

    /// A line from top to bottom with its name above the frame; `row` 0 or 1 keeps two names apart.
    pub(super) fn mark(&mut self, x: f64, name: &str, row: usize) {
        if x < self.x.0 || x > self.x.1 || !x.is_finite() {
            return;
        }
        let (at, bottom) = self.at(x, self.y.0);
        let top = TOP - 38.0 + 15.0 * row as f64;
        // White below it, so that it shows before a bar too.
        self.svg.line((at, top), (at, bottom), "stroke=\"#ffffff\" stroke-width=\"3\"");
        self.svg.line((at, top), (at, bottom), &format!("stroke=\"{INK}\" stroke-dasharray=\"6 3\""));
        let late = at > (LEFT + WIDE - RIGHT - self.room) / 2.0;
        let (place, anchor) = if late { (at - 5.0, At::End) } else { (at + 5.0, At::Start) };
        self.svg.text(place, top + 9.0, anchor, &format!("font-size=\"12\" fill=\"{INK}\""), name);
    }

    /// The name of a line at its right end.
    pub(super) fn name(&mut self, y: f64, colour: &str, name: &str) {
        let (x, _) = self.at(self.x.1, self.y.0);
        self.svg.text(x + 8.0, y + 4.0, At::Start, &format!("fill=\"{colour}\" font-weight=\"bold\""), name);
    }
}
