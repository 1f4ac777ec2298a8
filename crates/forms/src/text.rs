//! A line of text as glyphs at places. Lengths are in parts of the size of letters.

use crate::font::{Everyday, everyday, faces};
use rustybuzz::{Direction, UnicodeBuffer};
use unicode_bidi::{BidiInfo, Level};

/// A letter that no font has. It says neither which nor where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoLetter;

/// A glyph of a font at a place from the beginning of its line.
pub(crate) struct Glyph {
    pub(crate) id: u16,
    pub(crate) x: f32,
    pub(crate) y: f32,
    /// What it stands for, to a reader.
    pub(crate) text: String,
}

pub(crate) enum Run {
    /// Glyphs of the everyday part one after another, by their numbers there.
    Everyday(Vec<u16>),
    /// Glyphs of a font, each at its own place.
    Shaped { font: usize, glyphs: Vec<Glyph> },
}

pub(crate) struct Line {
    pub(crate) runs: Vec<Run>,
    pub(crate) width: f32,
}

/// Whether a text is written from right to left.
pub(crate) fn is_rtl(text: &str) -> bool {
    matches!(unicode_bidi::get_base_direction(text), unicode_bidi::Direction::Rtl)
}

/// Sets a line.
pub(crate) fn line(text: &str, rtl: bool) -> Result<Line, NoLetter> {
    let everyday = everyday();
    if let Some(line) = everyday_line(text, everyday) {
        return Ok(line);
    }
    shaped_line(text, rtl)
}

/// The width of a line, and `NoLetter` if it cannot be set.
pub(crate) fn width(text: &str) -> Result<f32, NoLetter> {
    let everyday = everyday();
    let mut thousandths = 0_u32;
    for letter in text.chars() {
        match everyday.letter(letter) {
            Some((_, width)) => thousandths += u32::from(width),
            None => return shaped_line(text, is_rtl(text)).map(|line| line.width),
        }
    }
    Ok(thousandths as f32 / 1000.0)
}

fn everyday_line(text: &str, everyday: &Everyday) -> Option<Line> {
    let mut glyphs = Vec::with_capacity(text.len());
    let mut width = 0_u32;
    for letter in text.chars() {
        let (number, wide) = everyday.letter(letter)?;
        glyphs.push(number);
        width += u32::from(wide);
    }
    Some(Line { runs: vec![Run::Everyday(glyphs)], width: width as f32 / 1000.0 })
}

fn shaped_line(text: &str, rtl: bool) -> Result<Line, NoLetter> {
    let base = if rtl { Level::rtl() } else { Level::ltr() };
    let info = BidiInfo::new(text, Some(base));
    let mut line = Line { runs: Vec::new(), width: 0.0 };
    for paragraph in &info.paragraphs {
        let (levels, runs) = info.visual_runs(paragraph, paragraph.range.clone());
        for range in runs {
            let rtl = levels.get(range.start).is_some_and(|level| level.is_rtl());
            let mut parts = by_font(text.get(range).unwrap_or(""))?;
            if rtl {
                parts.reverse();
            }
            for (font, part) in parts {
                shape(&mut line, font, part, rtl)?;
            }
        }
    }
    Ok(line)
}

/// Cuts a text where another font has to be taken.
fn by_font(text: &str) -> Result<Vec<(usize, &str)>, NoLetter> {
    let mut parts: Vec<(usize, &str)> = Vec::new();
    let (mut from, mut font) = (0, None);
    for (at, letter) in text.char_indices() {
        if letter.is_control() {
            return Err(NoLetter);
        }
        let here = match font {
            Some(font) if sticks(letter) && (has(font, letter) || is_invisible(letter)) => font,
            _ if is_invisible(letter) => font.unwrap_or(0),
            _ => (0..faces().0.len()).find(|&font| has(font, letter)).ok_or(NoLetter)?,
        };
        match font {
            Some(before) if before != here => {
                parts.push((before, text.get(from..at).unwrap_or("")));
                from = at;
            }
            _ => {}
        }
        font = Some(here);
    }
    if let Some(font) = font {
        parts.push((font, text.get(from..).unwrap_or("")));
    }
    Ok(parts)
}

fn has(font: usize, letter: char) -> bool {
    faces().0.get(font).is_some_and(|face| face.glyph_index(letter).is_some())
}

/// Marks stay in the font of the letter that they stand on.
fn sticks(letter: char) -> bool {
    is_invisible(letter)
        || matches!(u32::from(letter), 0x300..=0x36F | 0x591..=0x5C7 | 0x610..=0x61A | 0x64B..=0x65F | 0x670 | 0x6D6..=0x6ED | 0x1AB0..=0x1AFF | 0x1DC0..=0x1DFF | 0x20D0..=0x20FF)
}

/// Signs that only say how others are to be set.
fn is_invisible(letter: char) -> bool {
    matches!(u32::from(letter), 0xAD | 0x34F | 0x61C | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x2069 | 0xFE00..=0xFE0F | 0xFEFF)
}

fn shape(line: &mut Line, font: usize, text: &str, rtl: bool) -> Result<(), NoLetter> {
    let Some(face) = faces().0.get(font) else { return Err(NoLetter) };
    let mut buffer = UnicodeBuffer::new();
    buffer.push_str(text);
    buffer.guess_segment_properties();
    buffer.set_direction(if rtl { Direction::RightToLeft } else { Direction::LeftToRight });
    let shaped = rustybuzz::shape(face, &[], buffer);
    let per_em = face.units_per_em().max(1) as f32;
    let (infos, places) = (shaped.glyph_infos(), shaped.glyph_positions());
    let mut starts: Vec<usize> = infos.iter().map(|info| info.cluster as usize).collect();
    starts.push(text.len());
    starts.sort_unstable();
    starts.dedup();
    let mut glyphs = Vec::with_capacity(infos.len());
    for (at, (info, place)) in infos.iter().zip(places).enumerate() {
        let Ok(id) = u16::try_from(info.glyph_id) else { return Err(NoLetter) };
        if id == 0 {
            return Err(NoLetter);
        }
        // The first glyph of a cluster stands for all of its letters, the others for none.
        let cluster = info.cluster as usize;
        let first = at.checked_sub(1).and_then(|before| infos.get(before)).map(|info| info.cluster)
            != Some(info.cluster);
        let end = starts.iter().copied().find(|&start| start > cluster).unwrap_or(text.len());
        glyphs.push(Glyph {
            id,
            x: line.width + place.x_offset as f32 / per_em,
            y: place.y_offset as f32 / per_em,
            text: if first { text.get(cluster..end).unwrap_or("").to_owned() } else { String::new() },
        });
        line.width += place.x_advance as f32 / per_em;
    }
    line.runs.push(Run::Shaped { font, glyphs });
    Ok(())
}
