//! The text of a laid out document, line by line: for tests.

use typst::layout::{Abs, Frame, FrameItem, Point};
use typst_layout::PagedDocument;

/// A line of text on a page.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    /// The baseline, in points from the top.
    pub(crate) y: f64,
    /// Where it begins, in points from the left.
    pub(crate) x: f64,
    /// Where it ends.
    pub(crate) end: f64,
    /// The words.
    pub(crate) text: String,
    /// The smallest size in it, in points.
    pub(crate) size: f64,
}

/// The lines of each page, from top to bottom. Pieces on one baseline are one line.
pub(crate) fn lines(document: &PagedDocument) -> Vec<Vec<Line>> {
    document
        .pages()
        .iter()
        .map(|page| {
            let mut pieces = Vec::new();
            collect(&page.frame, Point::zero(), &mut pieces);
            pieces.sort_by(|a, b| (a.y, a.x).partial_cmp(&(b.y, b.x)).unwrap_or(std::cmp::Ordering::Equal));
            let mut lines: Vec<Line> = Vec::new();
            for piece in pieces {
                match lines.last_mut() {
                    Some(line) if (line.y - piece.y).abs() < 0.5 => {
                        line.text.push_str(if piece.x - line.end > 6.0 { "   " } else { "" });
                        line.text.push_str(&piece.text);
                        line.end = piece.end;
                        line.size = line.size.min(piece.size);
                    }
                    _ => lines.push(piece),
                }
            }
            lines
        })
        .collect()
}

fn collect(frame: &Frame, at: Point, pieces: &mut Vec<Line>) {
    for (place, item) in frame.items() {
        let place = Point::new(at.x + place.x, at.y + place.y);
        match item {
            FrameItem::Group(group) => collect(&group.frame, place, pieces),
            FrameItem::Text(text) => pieces.push(Line {
                y: round(place.y),
                x: round(place.x),
                end: round(place.x + text.width()),
                text: text.text.to_string(),
                size: text.size.to_pt(),
            }),
            _ => {}
        }
    }
}

fn round(length: Abs) -> f64 {
    (length.to_pt() * 10.0).round() / 10.0
}
