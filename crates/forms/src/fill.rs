//! One copy of a paper: from facts to what is shown, and from that to bytes.

use crate::Flatten;
use crate::addendum::{Addendum, Item};
use crate::draw::{self, Rare};
use crate::facts::Facts;
use crate::field::{Field, Kind};
use crate::filler::{FillError, Filler, Note, Target, What, rows};
use crate::font::{FONT_OBJECTS, embed};
use crate::layout::{self, Laid, Place};
use crate::map::{Overflow, RowsEntry, WrongKind, flag};
use crate::template::{Slot, Template};
use crate::text::{self, NoLetter};
use crate::write::{self, Paper};

/// What a field shows, set: its value, and a layout for each of its places.
enum Set {
    Text(String, Vec<Laid>),
    Tick(String),
}

/// What is printed onto a page at a place.
enum Print {
    Text(usize, [f32; 4], Laid),
    Tick(usize, [f32; 4]),
}

/// A copy being filled.
pub(crate) struct Copy<'f, 'a> {
    filler: &'f Filler<'a>,
    copy: usize,
    /// What the blank itself has in its fields, which stays where the map fills nothing.
    standing: Vec<Option<String>>,
    sets: Vec<Option<Set>>,
    prints: Vec<Print>,
    items: Vec<Item>,
    notes: Vec<Note>,
}

impl From<WrongKind> for FillError {
    fn from(wrong: WrongKind) -> Self {
        Self::Kind { fact: wrong.fact, expected: wrong.expected }
    }
}

impl<'f, 'a> Copy<'f, 'a> {
    pub(crate) fn new(filler: &'f Filler<'a>, copy: usize) -> Self {
        Self {
            filler,
            copy,
            standing: filler.blank.fields.iter().map(|field| field.standing.clone()).collect(),
            sets: Vec::new(),
            prints: Vec::new(),
            items: Vec::new(),
            notes: Vec::new(),
        }
    }

    fn note(&mut self, field: &str, what: What) {
        self.notes.push(Note { copy: self.copy + 1, field: field.to_owned(), what });
    }

    /// Sets everything that the map says of these facts.
    pub(crate) fn take(&mut self, facts: &Facts) -> Result<(), FillError> {
        let filler = self.filler;
        self.sets.resize_with(filler.blank.fields.len(), || None);
        for (target, entry) in &filler.plan.texts {
            let Some(text) = entry.words.of(facts)? else { continue };
            match *target {
                Target::Field(at) => self.text(at, &text, entry.words.size, entry.label.as_deref()),
                Target::Place(page, rect) => {
                    self.print(page, rect, &text, entry.words.size, entry.label.as_deref());
                }
            }
        }
        for (target, entry, state) in &filler.plan.checks {
            if !flag(facts, &entry.tick_if)? {
                continue;
            }
            match *target {
                Target::Field(at) => self.set(at, Set::Tick(state.clone())),
                Target::Place(page, rect) => self.prints.push(Print::Tick(page, rect)),
            }
        }
        for (table, columns) in &filler.plan.rows {
            self.table(table, columns, facts)?;
        }
        for at in 0..self.standing.len() {
            if self.sets.get(at).is_some_and(Option::is_none)
                && let Some(text) = self.standing.get_mut(at).and_then(Option::take)
            {
                self.text(at, &text, None, None);
            }
        }
        Ok(())
    }

    fn set(&mut self, at: usize, set: Set) {
        if let Some(slot) = self.sets.get_mut(at) {
            *slot = Some(set);
        }
    }

    /// Sets a text into all places of a field, or refers to the addendum in all of them.
    fn text(&mut self, at: usize, text: &str, size: Option<f32>, label: Option<&str>) {
        let filler = self.filler;
        let Some(field) = filler.blank.fields.get(at) else { return };
        match lay_all(field, text, size) {
            Ok(Some(laid)) => {
                if laid.iter().any(|laid| laid.shrunk) {
                    self.note(&field.name, What::Shrunk);
                }
                self.set(at, Set::Text(text.to_owned(), laid));
            }
            Ok(None) => {
                self.note(&field.name, What::Overflowed);
                let number =
                    self.item(label.or(field.tooltip.as_deref()).unwrap_or(&field.name), text.to_owned());
                for words in pointers(number) {
                    if let Ok(Some(laid)) = lay_all(field, &words, None) {
                        self.set(at, Set::Text(words, laid));
                        break;
                    }
                }
            }
            Err(NoLetter) => self.note(&field.name, What::NoLetter),
        }
    }

    fn print(&mut self, page: usize, rect: [f32; 4], text: &str, size: Option<f32>, label: Option<&str>) {
        let [left, bottom, right, top] = rect;
        let (width, height) = (right - left, top - bottom);
        let multiline = height >= 24.0;
        let place = Place { width, height, size: size.unwrap_or(10.0), multiline, quadding: 0, cells: None };
        let name = format!("page {}", page + 1);
        match layout::lay(text, place) {
            Ok(Some(laid)) => {
                if laid.shrunk {
                    self.note(&name, What::Shrunk);
                }
                self.prints.push(Print::Text(page, rect, laid));
            }
            Ok(None) => {
                self.note(&name, What::Overflowed);
                let number = self.item(label.unwrap_or(&name), text.to_owned());
                let laid = pointers(number).find_map(|words| layout::lay(&words, place).ok().flatten());
                self.prints.extend(laid.map(|laid| Print::Text(page, rect, laid)));
            }
            Err(NoLetter) => self.note(&name, What::NoLetter),
        }
    }

    /// Adds to the addendum, and gives the number of the item.
    fn item(&mut self, label: &str, text: String) -> usize {
        self.items.push(Item { label: label.to_owned(), text });
        self.items.len()
    }

    fn table(&mut self, table: &RowsEntry, columns: &[Vec<usize>], facts: &Facts) -> Result<(), FillError> {
        let all = rows(facts, &table.of)?;
        let room = table.room();
        let (rows, beyond) = match table.overflow {
            Overflow::Copy => {
                let from = (self.copy * room).min(all.len());
                (all.get(from..(from + room).min(all.len())).unwrap_or(&[]), &[][..])
            }
            Overflow::Addendum if all.len() <= room => (all, &[][..]),
            // The last line of the form says where the others are.
            Overflow::Addendum => all.split_at(room - 1),
        };
        for (column, fields) in table.columns.iter().zip(columns) {
            for (row, &field) in rows.iter().zip(fields) {
                if let Some(text) = column.words.of(row)? {
                    self.text(field, &text, column.words.size, Some(&column.label));
                }
            }
        }
        if beyond.is_empty() {
            return Ok(());
        }
        let mut text = String::new();
        for row in beyond {
            let mut cells = Vec::new();
            for column in &table.columns {
                if let Some(words) = column.words.of(row)? {
                    cells.push(format!("{}: {words}", column.label));
                }
            }
            text.push_str(&cells.join("; "));
            text.push('\n');
        }
        let number = self.item(&table.label, text);
        self.note(&table.of, What::Overflowed);
        // The widest cell of the last line.
        let filler = self.filler;
        let last = columns.iter().filter_map(|fields| fields.last().copied());
        let widest = last
            .filter_map(|at| filler.blank.fields.get(at).map(|field| (at, field)))
            .max_by(|(_, one), (_, other)| width(one).total_cmp(&width(other)));
        if let Some((at, field)) = widest {
            for words in pointers(number) {
                if let Ok(Some(laid)) = lay_all(field, &words, None) {
                    self.set(at, Set::Text(words, laid));
                    break;
                }
            }
        }
        Ok(())
    }

    /// The paper, and what is to be said of it.
    pub(crate) fn write(
        mut self,
        template: &Template,
        facts: &Facts,
        flatten: Flatten,
    ) -> (Vec<u8>, Vec<Note>) {
        let mut rare = Rare::default();
        let mut paper = template.begin();
        let mut next = template.next();
        let mut over: Vec<Vec<u8>> = template.over.iter().map(|_| b"Q\n".to_vec()).collect();
        match flatten {
            Flatten::Yes => self.draw_fields(&mut over, &mut rare),
            Flatten::No => self.write_slots(template, &mut paper, &mut rare),
        }
        for print in &self.prints {
            match print {
                Print::Text(page, [left, bottom, ..], laid) => {
                    if let Some(out) = over.get_mut(*page) {
                        draw::text(out, laid, (*left, *bottom), &mut rare);
                    }
                }
                Print::Tick(page, rect) => {
                    if let Some(out) = over.get_mut(*page) {
                        draw::tick(out, *rect, b'4');
                    }
                }
            }
        }
        for (number, content) in template.over.iter().zip(&over) {
            if let Some(number) = number {
                paper.begin(*number);
                write::plain_stream(&mut paper.bytes, "", content);
                paper.end();
            }
        }
        let (tree, open, kids, mut count) =
            (template.tree.0, &template.tree.1, template.tree.2.clone(), template.tree.3);
        let mut kids = kids;
        if !self.items.is_empty() {
            let addendum = Addendum::lay(self.filler.map, facts, &self.items);
            let unset: Vec<String> = addendum.unset.clone();
            for label in unset {
                self.note(&label, What::NoLetter);
            }
            for page in addendum.draw(&mut rare) {
                paper.begin(next);
                paper.bytes.extend_from_slice(
                    format!(
                        "<</Type/Page/Parent {tree} 0 R/MediaBox[0 0 612 792]/CropBox[0 0 612 792]/Rotate 0/Resources {} 0 R/Contents {} 0 R>>",
                        template.resources,
                        next + 1
                    )
                    .as_bytes(),
                );
                paper.end();
                paper.begin(next + 1);
                write::plain_stream(&mut paper.bytes, "", &page);
                paper.end();
                write::reference(&mut kids, next);
                kids.push(b' ');
                next += 2;
                count += 1;
            }
        }
        paper.begin(tree);
        paper.bytes.extend_from_slice(open);
        paper.bytes.extend_from_slice(b"/Kids[");
        paper.bytes.extend_from_slice(&kids);
        paper.bytes.extend_from_slice(format!("]/Count {count}>>").as_bytes());
        paper.end();
        write_fonts(template, &mut paper, &rare, next);
        (paper.finish(template.root, template.info, &template.mark), self.notes)
    }

    /// Draws everything onto the pages.
    fn draw_fields(&self, over: &mut [Vec<u8>], rare: &mut Rare) {
        for (field, set) in self.filler.blank.fields.iter().zip(&self.sets) {
            for (nth, widget) in field.widgets.iter().enumerate() {
                let page = (widget.page as usize).checked_sub(1);
                let Some(out) = page.and_then(|page| over.get_mut(page)) else { continue };
                match set {
                    Some(Set::Text(_, laid)) => {
                        let [left, bottom, ..] = widget.rect;
                        if let Some(laid) = laid.get(nth) {
                            draw::text(out, laid, (left, bottom), rare);
                        }
                    }
                    _ if matches!(field.kind, Kind::Check | Kind::Radio) => {
                        draw::empty_box(out, widget.rect, widget);
                        if matches!(set, Some(Set::Tick(state)) if widget.states.contains(state)) {
                            draw::tick(out, widget.rect, widget.symbol);
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    /// Writes every field with its value and what it looks like.
    fn write_slots(&self, template: &Template, paper: &mut Paper, rare: &mut Rare) {
        for slot in &template.slots {
            let Some(field) = self.filler.blank.fields.get(slot.field) else { continue };
            let set = self.sets.get(slot.field).and_then(Option::as_ref);
            paper.begin(slot.number);
            let out = &mut paper.bytes;
            out.extend_from_slice(&slot.open);
            if slot.named {
                match set {
                    Some(Set::Text(text, _)) => {
                        out.extend_from_slice(b"/V ");
                        write::text(out, text);
                    }
                    Some(Set::Tick(state)) => {
                        out.extend_from_slice(b"/V ");
                        write::name(out, state.as_bytes());
                    }
                    None if matches!(field.kind, Kind::Check | Kind::Radio) => {
                        out.extend_from_slice(b"/V/Off");
                    }
                    None => {}
                }
            }
            let laid = slot.widget.and_then(|nth| match set {
                Some(Set::Text(_, laid)) => laid.get(nth),
                _ => None,
            });
            self.close_slot(slot, field, set, laid.is_some(), template, out);
            paper.end();
            if let (Some(number), Some(laid)) = (slot.look, laid) {
                let rect = slot.widget.and_then(|nth| field.widgets.get(nth)).map(|widget| widget.rect);
                look(paper, number, template.resources, rect.unwrap_or_default(), laid, rare);
            }
        }
    }

    fn close_slot(
        &self,
        slot: &Slot,
        field: &Field,
        set: Option<&Set>,
        has_look: bool,
        template: &Template,
        out: &mut Vec<u8>,
    ) {
        if let Some(look) = slot.look {
            out.extend_from_slice(b"/AP<</N ");
            write::reference(out, if has_look { look } else { template.empty });
            out.extend_from_slice(b">>");
        } else if let Some(widget) = slot.widget.and_then(|nth| field.widgets.get(nth)) {
            out.extend_from_slice(b"/AS ");
            match set {
                Some(Set::Tick(state)) if widget.states.contains(state) => {
                    write::name(out, state.as_bytes());
                }
                _ => write::name(out, b"Off"),
            }
        }
        out.extend_from_slice(b">>");
    }
}

/// What a text field looks like, as an object of its own.
fn look(paper: &mut Paper, number: u32, resources: u32, rect: [f32; 4], laid: &Laid, rare: &mut Rare) {
    let [left, bottom, right, top] = rect;
    let mut content = b"/Tx BMC\nq\n".to_vec();
    draw::text(&mut content, laid, (0.0, 0.0), rare);
    content.extend_from_slice(b"Q\nEMC");
    let mut entries = b"/Type/XObject/Subtype/Form/BBox[0 0 ".to_vec();
    write::numbers(&mut entries, &[right - left, top - bottom]);
    entries.extend_from_slice(format!("]/Resources {resources} 0 R").as_bytes());
    paper.begin(number);
    write::plain_stream(&mut paper.bytes, &String::from_utf8_lossy(&entries), &content);
    paper.end();
}

/// Writes the fonts of rare letters, and the dictionaries that name them.
fn write_fonts(template: &Template, paper: &mut Paper, rare: &Rare, mut next: u32) {
    let mut names = Vec::new();
    for (&font, part) in &rare.parts {
        let texts: Vec<(u16, String)> =
            part.texts.iter().map(|(&glyph, text)| (glyph, text.clone())).collect();
        embed(font, &part.mapper, &texts).write(paper, next);
        names.extend_from_slice(format!("/{} {next} 0 R", Rare::name(font)).as_bytes());
        next += FONT_OBJECTS;
    }
    for (number, open) in &template.fonts {
        paper.begin(*number);
        paper.bytes.extend_from_slice(open);
        paper.bytes.extend_from_slice(&names);
        paper.bytes.extend_from_slice(b">>");
        paper.end();
    }
}

fn width(field: &Field) -> f32 {
    let [left, _, right, _] = field.rect();
    right - left
}

/// How a field refers to the addendum, the longest first.
fn pointers(number: usize) -> impl Iterator<Item = String> {
    [format!("See addendum, item {number}"), format!("See addendum {number}"), format!("Add. {number}")]
        .into_iter()
}

/// Sets a text into every place of a field. `None`: it does not fit into one of them.
fn lay_all(field: &Field, text: &str, size: Option<f32>) -> Result<Option<Vec<Laid>>, NoLetter> {
    // A letter that nobody has is told apart from a text that is too long.
    text::width(&layout::one_line(text))?;
    if field.max_len.is_some_and(|most| text.chars().count() > most) {
        return Ok(None);
    }
    let mut all = Vec::with_capacity(field.widgets.len());
    for widget in &field.widgets {
        let [left, bottom, right, top] = widget.rect;
        let place = Place {
            width: right - left,
            height: top - bottom,
            size: size.unwrap_or(field.size),
            multiline: field.multiline,
            quadding: field.quadding,
            cells: field.max_len.filter(|_| field.comb),
        };
        match layout::lay(text, place)? {
            Some(laid) => all.push(laid),
            None => return Ok(None),
        }
    }
    Ok(Some(all))
}
