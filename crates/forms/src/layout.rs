//! Text into a rectangle: lines, the size of letters, and whether it fits at all.

use crate::font::{ASCENT, CAPITAL, DESCENT};
use crate::text::{self, Line, NoLetter};

/// Letters are not set smaller than this, unless the form itself asks for smaller ones.
pub(crate) const SMALLEST: f32 = 8.0;
/// Where a form leaves the size open.
const LARGEST: f32 = 12.0;
/// Between the edge of a field and its text.
const EDGE: f32 = 2.0;
/// From line to line, in parts of the size.
pub(crate) const LEADING: f32 = 1.15;

/// A text set into a rectangle, whose lower left corner is the origin.
pub(crate) struct Laid {
    pub(crate) size: f32,
    /// Each with the place where it begins.
    pub(crate) lines: Vec<(f32, f32, Line)>,
    /// Whether letters are smaller than the form asks for.
    pub(crate) shrunk: bool,
}

/// What a place takes.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    pub(crate) width: f32,
    pub(crate) height: f32,
    /// The size asked for; 0: as it fits.
    pub(crate) size: f32,
    pub(crate) multiline: bool,
    /// 0 left, 1 centred, 2 right.
    pub(crate) quadding: u8,
    /// A cell for each letter, so many of them.
    pub(crate) cells: Option<usize>,
}

/// Sets a text. `Ok(None)`: it does not fit.
pub(crate) fn lay(text: &str, place: Place) -> Result<Option<Laid>, NoLetter> {
    // A field that is hardly higher than a line takes one line, whatever it says of itself.
    let multiline = place.multiline && place.height >= 2.0 * LEADING * SMALLEST;
    if !multiline {
        let text = one_line(text);
        return match place.cells {
            Some(cells) => in_cells(&text, place, cells),
            None => on_one_line(&text, place),
        };
    }
    let asked = if place.size > 0.0 { place.size } else { 10.0 };
    let smallest = asked.min(SMALLEST);
    let mut size = asked;
    loop {
        let room = ((place.height - 2.0 * EDGE) / (LEADING * size)).max(1.0) as usize;
        if let Some(lines) = wrap(text, (place.width - 2.0 * EDGE) / size)?
            && lines.len() <= room
        {
            return Ok(Some(stack(lines, place, size, size < asked)?));
        }
        if size <= smallest {
            return Ok(None);
        }
        size = (size - 0.5).max(smallest);
    }
}

/// Breaks and blanks in a row are one blank on a line.
pub(crate) fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split([' ', '\n', '\r', '\t']).filter(|word| !word.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

fn on_one_line(text: &str, place: Place) -> Result<Option<Laid>, NoLetter> {
    let rtl = text::is_rtl(text);
    let line = text::line(text, rtl)?;
    let asked = if place.size > 0.0 { place.size } else { (place.height * 0.8).clamp(SMALLEST, LARGEST) };
    let room = place.width - 2.0 * EDGE.min(place.width / 8.0);
    let fits = if line.width > 0.0 { room / line.width } else { asked };
    let size = if fits >= asked { asked } else { (fits * 2.0).floor() / 2.0 };
    if size < asked.min(SMALLEST) {
        return Ok(None);
    }
    let x = beside(line.width * size, place, rtl);
    let y = baseline(place.height, size);
    Ok(Some(Laid { size, lines: vec![(x, y, line)], shrunk: size < asked }))
}

/// The base line of capitals in the middle of a field, but their tails inside it where there is room.
fn baseline(height: f32, size: f32) -> f32 {
    ((height - CAPITAL * size) / 2.0).max(((height - ASCENT * size) / 2.0).min(DESCENT * size))
}

fn beside(width: f32, place: Place, rtl: bool) -> f32 {
    let edge = EDGE.min(place.width / 8.0);
    match place.quadding {
        1 => (place.width - width) / 2.0,
        2 => place.width - edge - width,
        // A text from right to left begins at the right.
        _ if rtl => place.width - edge - width,
        _ => edge,
    }
}

fn in_cells(text: &str, place: Place, cells: usize) -> Result<Option<Laid>, NoLetter> {
    if text.chars().count() > cells || text::is_rtl(text) {
        return on_one_line(text, Place { cells: None, ..place });
    }
    let size = if place.size > 0.0 { place.size } else { (place.height * 0.8).clamp(SMALLEST, LARGEST) };
    let cell = place.width / cells as f32;
    let mut lines = Vec::with_capacity(text.len());
    let mut buffer = [0; 4];
    for (at, letter) in text.chars().enumerate() {
        let line = text::line(letter.encode_utf8(&mut buffer), false)?;
        lines.push((cell * at as f32 + (cell - line.width * size) / 2.0, baseline(place.height, size), line));
    }
    Ok(Some(Laid { size, lines, shrunk: false }))
}

fn stack(lines: Vec<String>, place: Place, size: f32, shrunk: bool) -> Result<Laid, NoLetter> {
    let mut laid = Laid { size, lines: Vec::with_capacity(lines.len()), shrunk };
    let mut y = place.height - EDGE - ASCENT * size;
    for text in lines {
        let rtl = text::is_rtl(&text);
        let line = text::line(&text, rtl)?;
        laid.lines.push((beside(line.width * size, place, rtl), y, line));
        y -= LEADING * size;
    }
    Ok(laid)
}

/// Cuts a text into lines of a greatest width. `None`: a word is wider than that.
pub(crate) fn wrap(text: &str, width: f32) -> Result<Option<Vec<String>>, NoLetter> {
    let mut lines = Vec::new();
    let blank = text::width(" ")?;
    for paragraph in text.split(['\n', '\r']) {
        let (mut line, mut so_far) = (String::new(), 0.0);
        for word in paragraph.split([' ', '\t']).filter(|word| !word.is_empty()) {
            let wide = text::width(word)?;
            if wide > width {
                return Ok(None);
            }
            if !line.is_empty() && so_far + blank + wide > width {
                lines.push(std::mem::take(&mut line));
                so_far = 0.0;
            }
            if !line.is_empty() {
                line.push(' ');
                so_far += blank;
            }
            line.push_str(word);
            so_far += wide;
        }
        lines.push(line);
    }
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    Ok(Some(lines))
}

/// The same, but a word that is too wide is cut.
pub(crate) fn wrap_anyhow(text: &str, width: f32) -> Result<Vec<String>, NoLetter> {
    if let Some(lines) = wrap(text, width)? {
        return Ok(lines);
    }
    let mut cut = String::with_capacity(text.len() + 8);
    let mut so_far = String::new();
    for letter in text.chars() {
        if letter == ' ' || letter == '\n' {
            so_far.clear();
        } else {
            so_far.push(letter);
            if text::width(&so_far)? > width && so_far.chars().count() > 1 {
                cut.push(' ');
                so_far.clear();
                so_far.push(letter);
            }
        }
        cut.push(letter);
    }
    Ok(wrap(&cut, width)?.unwrap_or_else(|| vec![cut]))
}
