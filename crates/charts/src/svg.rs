//! SVG text.

use std::fmt::Write;

/// What speaks for one person: Okabe and Ito's blue.
pub const BLUE: &str = "#0072B2";
/// What speaks against: their vermilion, which is lighter in grey.
pub const ORANGE: &str = "#D55E00";
/// Their green, for a third.
pub const GREEN: &str = "#00795A";
/// Text.
pub const INK: &str = "#1a1a1a";
/// Lesser text; it has contrast enough on white.
pub const GREY: &str = "#595959";
/// Lines of the frame.
pub const LINE: &str = "#c8c8c8";

/// Text as it may stand in XML, without what no XML may hold.
#[must_use]
pub fn escape(text: &str) -> String {
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

/// About how wide a text is, in units: the letters of a common sans serif, a little on the wide side.
#[must_use]
pub fn width(text: &str, size: f64) -> f64 {
    let of = |letter: char| match letter {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | '\'' | ':' | ';' | '|' | '!' | '\u{202f}' => 0.3,
        'f' | 't' | 'r' | ' ' | '(' | ')' | '-' | '/' => 0.37,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 0.9,
        'A'..='Z' => 0.7,
        '\u{2e80}'.. => 1.05,
        _ => 0.58,
    };
    text.chars().map(of).sum::<f64>() * size
}

/// The text, or as much of it as has room, with an ellipsis. The whole is in the chart's table.
#[must_use]
pub fn fit(text: &str, room: f64, size: f64) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    let mut kept = String::new();
    for letter in text.chars() {
        kept.push(letter);
        if width(&kept, size) + size > room {
            kept.pop();
            break;
        }
    }
    format!("{}…", kept.trim_end())
}

/// How a text stands at its place.
#[derive(Clone, Copy, Debug)]
pub enum At {
    /// Begins there.
    Start,
    /// Its middle is there.
    Middle,
    /// Ends there.
    End,
}

/// An `<svg>` element while it is written.
#[derive(Debug)]
pub struct Svg {
    text: String,
}

impl Svg {
    /// `id` is for the element's own title and description, and must differ between the charts of a page.
    #[must_use]
    pub fn new(id: &str, title: &str, description: &str, wide: f64, high: f64) -> Self {
        let (title, description) = (escape(title), escape(description));
        let text = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\" \
             viewBox=\"0 0 {wide:.0} {high:.0}\" width=\"{wide:.0}\" height=\"{high:.0}\" \
             font-family=\"Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif\" font-size=\"13\">\n\
             <title id=\"{id}-title\">{title}</title>\n<desc id=\"{id}-desc\">{description}</desc>\n\
             <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n"
        );
        Self { text }
    }

    /// A text; `style` are attributes.
    pub fn text(&mut self, x: f64, y: f64, at: At, style: &str, text: &str) {
        let anchor = match at {
            At::Start => "start",
            At::Middle => "middle",
            At::End => "end",
        };
        let text = escape(text);
        let _ = writeln!(
            self.text,
            "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" {style}>{text}</text>"
        );
    }

    /// Text that reads upwards.
    pub fn upwards(&mut self, x: f64, y: f64, text: &str) {
        let text = escape(text);
        let _ = writeln!(
            self.text,
            "<text transform=\"translate({x:.1} {y:.1}) rotate(-90)\" text-anchor=\"middle\" fill=\"{INK}\">{text}</text>"
        );
    }

    /// A rectangle; `style` are attributes.
    pub fn rect(&mut self, x: f64, y: f64, wide: f64, high: f64, style: &str) {
        let (wide, high) = (wide.max(0.0), high.max(0.0));
        let _ = writeln!(
            self.text,
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{wide:.1}\" height=\"{high:.1}\" {style}/>"
        );
    }

    /// A line from one place to another.
    pub fn line(&mut self, from: (f64, f64), to: (f64, f64), style: &str) {
        let ((x1, y1), (x2, y2)) = (from, to);
        let _ = writeln!(
            self.text,
            "<line x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\" {style}/>"
        );
    }

    /// A line through places.
    pub fn path(&mut self, points: &[(f64, f64)], style: &str) {
        let points: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        let _ = writeln!(self.text, "<polyline points=\"{}\" fill=\"none\" {style}/>", points.join(" "));
    }

    /// A filled circle.
    pub fn dot(&mut self, x: f64, y: f64, radius: f64, style: &str) {
        let _ = writeln!(self.text, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.1}\" {style}/>");
    }

    /// An outline as the attribute `d` of a path has it; `title` is shown where somebody points at it.
    pub fn outline(&mut self, d: &str, style: &str, title: &str) {
        let (d, title) = (escape(d), escape(title));
        let _ = writeln!(self.text, "<path d=\"{d}\" {style}><title>{title}</title></path>");
    }

    /// What SVG has and this does not, as it is: the caller answers for it.
    pub fn raw(&mut self, svg: &str) {
        self.text.push_str(svg);
    }

    /// The finished element.
    #[must_use]
    pub fn end(mut self) -> String {
        self.text.push_str("</svg>\n");
        self.text
    }
}

/// Round numbers from one to another, about as many as wished: multiples of 1, 2 or 5 times a power of ten.
#[must_use]
pub fn ticks(from: f64, to: f64, wished: usize) -> Vec<f64> {
    let span = to - from;
    if !span.is_finite() || span <= 0.0 {
        return vec![from];
    }
    let rough = span / wished.max(1) as f64;
    let power = 10f64.powf(rough.log10().floor());
    let step =
        [1.0, 2.0, 5.0, 10.0].into_iter().map(|by| by * power).find(|step| *step >= rough).unwrap_or(rough);
    let first = (from / step - 1e-9).ceil() as i64;
    let last = (to / step + 1e-9).floor() as i64;
    (first..=last).take(60).map(|number| number as f64 * step).collect()
}

/// A tick as text, without digits that say nothing.
#[must_use]
pub fn tick(value: f64) -> String {
    let text = format!("{value:.3}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.replace('-', "\u{2212}") }
}
