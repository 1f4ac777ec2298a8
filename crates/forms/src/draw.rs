//! What is drawn on a page, as a viewer reads it.

use crate::field::Widget;
use crate::font::FONTS;
use crate::layout::Laid;
use crate::text::Run;
use crate::write;
use std::collections::BTreeMap;
use subsetter::GlyphRemapper;

/// The name of the everyday part in what is drawn.
pub(crate) const EVERYDAY: &str = "VacE";

/// Letters beyond the everyday ones that a paper needs: a part of each font they are in.
#[derive(Default)]
pub(crate) struct Rare {
    pub(crate) parts: BTreeMap<usize, Part>,
}

/// The glyphs taken from a font so far, and what they stand for.
#[derive(Default)]
pub(crate) struct Part {
    pub(crate) mapper: GlyphRemapper,
    pub(crate) texts: BTreeMap<u16, String>,
}

impl Rare {
    /// The name of a font in what is drawn.
    pub(crate) fn name(font: usize) -> String {
        format!("VacR{font}")
    }

    fn glyph(&mut self, font: usize, id: u16, text: &str) -> u16 {
        let part = self.parts.entry(font.min(FONTS.len())).or_default();
        let number = part.mapper.remap(id);
        // The first meaning stays: what a value says is in the field itself.
        part.texts.entry(number).or_insert_with(|| text.to_owned());
        number
    }
}

/// Draws a text at a place.
pub(crate) fn text(out: &mut Vec<u8>, laid: &Laid, at: (f32, f32), rare: &mut Rare) {
    if laid.lines.is_empty() {
        return;
    }
    out.extend_from_slice(b"BT 0 g\n");
    let mut font = None;
    for (x, y, line) in &laid.lines {
        for run in &line.runs {
            match run {
                Run::Everyday(glyphs) => {
                    choose(out, &mut font, usize::MAX, laid.size);
                    out.extend_from_slice(b"1 0 0 1 ");
                    write::numbers(out, &[at.0 + x, at.1 + y]);
                    out.extend_from_slice(b"Tm<");
                    glyphs.iter().for_each(|&glyph| write::hex16(out, glyph));
                    out.extend_from_slice(b">Tj\n");
                }
                Run::Shaped { font: which, glyphs } => {
                    choose(out, &mut font, *which, laid.size);
                    for glyph in glyphs {
                        let number = rare.glyph(*which, glyph.id, &glyph.text);
                        out.extend_from_slice(b"1 0 0 1 ");
                        write::numbers(
                            out,
                            &[at.0 + x + glyph.x * laid.size, at.1 + y + glyph.y * laid.size],
                        );
                        out.extend_from_slice(b"Tm<");
                        write::hex16(out, number);
                        out.extend_from_slice(b">Tj\n");
                    }
                }
            }
        }
    }
    out.extend_from_slice(b"ET\n");
}

fn choose(out: &mut Vec<u8>, now: &mut Option<usize>, font: usize, size: f32) {
    if *now == Some(font) {
        return;
    }
    *now = Some(font);
    let name = if font == usize::MAX { EVERYDAY.to_owned() } else { Rare::name(font) };
    out.extend_from_slice(format!("/{name} ").as_bytes());
    write::number(out, size);
    out.extend_from_slice(b" Tf\n");
}

/// Draws a box that is not ticked, as far as the page does not have it.
pub(crate) fn empty_box(out: &mut Vec<u8>, at: [f32; 4], widget: &Widget) {
    let [left, bottom, right, top] = at;
    if widget.ground {
        // White, whatever colour the form has on a screen.
        out.extend_from_slice(b"1 g ");
        write::numbers(out, &[left, bottom, right - left, top - bottom]);
        out.extend_from_slice(b"re f\n");
    }
    if let Some(border) = widget.border {
        frame(out, at, border);
    }
}

/// Draws the frame of a box, of a width.
fn frame(out: &mut Vec<u8>, at: [f32; 4], width: f32) {
    let [left, bottom, right, top] = at;
    let half = width / 2.0;
    out.extend_from_slice(b"0 G ");
    write::number(out, width);
    out.extend_from_slice(b" w ");
    write::numbers(
        out,
        &[left + half, bottom + half, (right - left - width).max(0.0), (top - bottom - width).max(0.0)],
    );
    out.extend_from_slice(b"re S\n");
}

/// Draws a tick into a box: the sign that the form asks for, as lines, so that no font is needed.
pub(crate) fn tick(out: &mut Vec<u8>, at: [f32; 4], symbol: u8) {
    let [left, bottom, right, top] = at;
    let side = (right - left).min(top - bottom);
    let (x0, y0) = ((left + right - side) / 2.0, (bottom + top - side) / 2.0);
    let point = |x: f32, y: f32| [x0 + x * side, y0 + y * side];
    let lines: &[&[(f32, f32)]] = match symbol {
        b'l' | b'n' | b'u' | b'H' => {
            // A filled sign inside the box.
            out.extend_from_slice(b"0 g ");
            let [x, y] = point(0.2, 0.2);
            write::numbers(out, &[x, y, side * 0.6, side * 0.6]);
            out.extend_from_slice(b"re f\n");
            return;
        }
        b'8' | b'5' | b'6' | b'7' => &[&[(0.2, 0.2), (0.8, 0.8)], &[(0.2, 0.8), (0.8, 0.2)]],
        _ => &[&[(0.18, 0.48), (0.4, 0.22), (0.84, 0.82)]],
    };
    out.extend_from_slice(b"0 G ");
    write::number(out, (side * 0.13).clamp(0.8, 2.0));
    out.extend_from_slice(b" w 1 J 1 j ");
    for line in lines {
        for (nth, &(x, y)) in line.iter().enumerate() {
            write::numbers(out, &point(x, y));
            out.extend_from_slice(if nth == 0 { b"m " } else { b"l " });
        }
        out.extend_from_slice(b"S\n");
    }
}
