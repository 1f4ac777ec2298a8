//! Pages at the end, for what the form has no room for.

use crate::draw::{self, Rare};
use crate::facts::{Facts, Value};
use crate::layout::{LEADING, Laid, wrap_anyhow};
use crate::map::FieldMap;
use crate::text::{self, Line, NoLetter};

const LEFT: f32 = 72.0;
const TOP: f32 = 720.0;
const BOTTOM: f32 = 72.0;
const WIDTH: f32 = 612.0 - 2.0 * LEFT;
const SIZE: f32 = 10.5;

/// Something that did not fit.
pub(crate) struct Item {
    /// What it is, in the form's own words.
    pub(crate) label: String,
    pub(crate) text: String,
}

/// The pages, set.
pub(crate) struct Addendum {
    pages: Vec<Laid>,
    /// Labels of items with letters that no font has.
    pub(crate) unset: Vec<String>,
}

impl Addendum {
    pub(crate) fn lay(map: &FieldMap, facts: &Facts, items: &[Item]) -> Self {
        let mut lines: Vec<(f32, String)> = vec![(0.0, format!("ADDENDUM TO {}", map.form))];
        let title = lines_of(&map.title, WIDTH / SIZE).unwrap_or_default();
        lines.extend(title.into_iter().map(|line| (0.0, line)));
        for (fact, before) in [("defendant.name", "People v. "), ("case.number", "Case number: ")] {
            if let Some(Value::Text(text)) = facts.get(fact)
                && let Ok(some) = lines_of(&format!("{before}{text}"), WIDTH / SIZE)
            {
                lines.extend(some.into_iter().map(|line| (0.0, line)));
            }
        }
        let mut unset = Vec::new();
        for (at, item) in items.iter().enumerate() {
            lines.push((0.0, String::new()));
            let head = lines_of(&format!("{}. {}", at + 1, item.label), WIDTH / SIZE).unwrap_or_default();
            match lines_of(&item.text, (WIDTH - 18.0) / SIZE) {
                Ok(body) => {
                    lines.extend(head.into_iter().map(|line| (0.0, line)));
                    lines.extend(body.into_iter().map(|line| (18.0, line)));
                }
                Err(NoLetter) => unset.push(item.label.clone()),
            }
        }
        let mut pages: Vec<Laid> = Vec::new();
        let mut y = 0.0;
        for (indent, line) in lines {
            if y < BOTTOM {
                pages.push(Laid { size: SIZE, lines: Vec::new(), shrunk: false });
                y = TOP;
            }
            let rtl = text::is_rtl(&line);
            if let (Some(page), Ok(line)) = (pages.last_mut(), text::line(&line, rtl)) {
                let x = if rtl { LEFT + WIDTH - line.width * SIZE } else { LEFT + indent };
                page.lines.push((x, y, line));
            }
            y -= LEADING * 1.15 * SIZE;
        }
        Self { pages, unset }
    }

    /// What is drawn on each page.
    pub(crate) fn draw(mut self, rare: &mut Rare) -> Vec<Vec<u8>> {
        let many = self.pages.len();
        let mut all = Vec::with_capacity(many);
        for (at, page) in self.pages.iter_mut().enumerate() {
            if let Ok(line) = text::line(&format!("Addendum, page {} of {many}", at + 1), false) {
                let line: Line = line;
                page.lines.push((LEFT, 40.0, line));
            }
            let mut out = Vec::new();
            draw::text(&mut out, page, (0.0, 0.0), rare);
            all.push(out);
        }
        all
    }
}

/// Paragraphs cut into lines.
fn lines_of(text: &str, width: f32) -> Result<Vec<String>, NoLetter> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        lines.extend(wrap_anyhow(paragraph, width)?);
    }
    Ok(lines)
}
