//! A blank made ready to be filled many times. What never changes is written once, as bytes; what a filling adds or
//! changes is written anew each time. No time goes into reading or copying objects.

use crate::blank::{Blank, OURS, acro_form, add, annotations};
use crate::draw::EVERYDAY;
use crate::field::{Field, Kind};
use crate::font::{FONT_OBJECTS, everyday};
use crate::write::{self, Paper};
use crate::{Flatten, draw};
use lopdf::{Dictionary, Document, Object, ObjectId, Stream};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeSet;

/// A field or a place of one, without what a filling says of it.
pub(crate) struct Slot {
    pub(crate) number: u32,
    /// The dictionary, still open.
    pub(crate) open: Vec<u8>,
    pub(crate) field: usize,
    /// Which of the field's places it is, if it is one.
    pub(crate) widget: Option<usize>,
    /// Whether it has the name, and so the value.
    pub(crate) named: bool,
    /// The number kept for what it looks like.
    pub(crate) look: Option<u32>,
}

pub(crate) struct Template {
    fixed: Vec<u8>,
    places: Vec<u32>,
    pub(crate) root: u32,
    pub(crate) info: Option<u32>,
    /// Font dictionaries, still open: rare letters add a font to each.
    pub(crate) fonts: Vec<(u32, Vec<u8>)>,
    /// The resources of what we draw into objects of its own.
    pub(crate) resources: u32,
    pub(crate) empty: u32,
    /// For each page, the number of the stream that is drawn over it.
    pub(crate) over: Vec<Option<u32>>,
    pub(crate) slots: Vec<Slot>,
    /// The root of the page tree, still open, with its pages and their number.
    pub(crate) tree: (u32, Vec<u8>, Vec<u8>, usize),
    pub(crate) mark: [u8; 16],
}

impl Template {
    /// A paper with everything in it that does not change.
    pub(crate) fn begin(&self) -> Paper {
        let mut bytes = Vec::with_capacity(self.fixed.len() + 64 * 1024);
        bytes.extend_from_slice(&self.fixed);
        Paper { bytes, places: self.places.clone() }
    }

    /// The first number that is free.
    pub(crate) fn next(&self) -> u32 {
        self.places.len() as u32 + 1
    }
}

/// Objects that are written at each filling, and the dictionaries they begin with.
struct Making<'a> {
    blank: &'a Blank,
    document: Document,
    /// Objects that are left out.
    dropped: FxHashSet<ObjectId>,
    /// Objects that are written later.
    later: FxHashSet<ObjectId>,
    /// Objects to which nothing may lead yet.
    needed: Vec<ObjectId>,
    /// The number of the last object of our own; 0: there is none yet.
    last: u32,
}

/// Makes a blank ready. `prints` are the pages, from 0, onto which a map prints.
pub(crate) fn prepare(blank: &Blank, flatten: Flatten, prints: &BTreeSet<usize>) -> Template {
    let mut making = Making {
        blank,
        document: blank.document.clone(),
        dropped: FxHashSet::default(),
        later: FxHashSet::default(),
        needed: Vec::new(),
        last: 0,
    };
    making.drop_fields(flatten);
    let everyday: Vec<ObjectId> = (0..FONT_OBJECTS).map(|_| making.placeholder()).collect();
    let everyday = everyday.first().copied().unwrap_or_default();
    let font_dictionary = making.placeholder();
    let resources = making.add(dictionary([("Font", Object::Reference(font_dictionary))]));
    let empty = making.add(look(vec![], 1.0, 1.0));
    making.needed.extend([resources, empty]);
    making.clean_catalog(flatten);
    let mut font_ids = vec![(font_dictionary, dictionary([(EVERYDAY, Object::Reference(everyday))]))];
    let over = making.cover_pages(flatten, prints, everyday, &mut font_ids);
    let looks = if flatten == Flatten::No { making.looks() } else { Vec::new() };
    making.finish(everyday, resources, empty, &font_ids, &over, looks)
}

/// A field's object and the object of what it looks like.
struct Look {
    object: ObjectId,
    field: usize,
    widget: Option<usize>,
    look: Option<ObjectId>,
    dictionary: Dictionary,
}

impl Making<'_> {
    /// Adds an object of our own. Their numbers follow each other.
    fn add(&mut self, object: impl Into<Object>) -> ObjectId {
        if self.last == 0 {
            self.last = add(&mut self.document, object).0;
            return (self.last, OURS);
        }
        loop {
            self.last = self.last.wrapping_add(1);
            if let std::collections::btree_map::Entry::Vacant(free) =
                self.document.objects.entry((self.last, OURS))
            {
                free.insert(object.into());
                return (self.last, OURS);
            }
        }
    }

    fn placeholder(&mut self) -> ObjectId {
        let id = self.add(Object::Null);
        self.later.insert(id);
        self.needed.push(id);
        id
    }

    /// Buttons only do something on a screen. On a flattened paper there are no fields at all.
    fn drop_fields(&mut self, flatten: Flatten) {
        if flatten == Flatten::Yes {
            self.dropped.extend(self.blank.form_objects.iter().copied());
        } else {
            for field in self.blank.fields.iter().filter(|field| field.kind == Kind::Button) {
                self.dropped.insert(field.id);
                self.dropped.extend(field.widgets.iter().map(|widget| widget.id));
            }
            let dropped = &self.dropped;
            for &id in &self.blank.form_objects {
                if let Ok(dictionary) = self.document.get_dictionary_mut(id)
                    && let Ok(Object::Array(kids)) = dictionary.get_mut(b"Kids")
                {
                    kids.retain(|kid| kid.as_reference().is_ok_and(|id| !dropped.contains(&id)));
                }
            }
        }
        for &page in &self.blank.pages {
            let all = annotations(&self.document, page);
            let kept: Vec<Object> =
                all.iter().filter(|id| !self.dropped.contains(id)).map(|&id| Object::Reference(id)).collect();
            if let Ok(dictionary) = self.document.get_dictionary_mut(page)
                && kept.len() != all.len()
            {
                if kept.is_empty() {
                    dictionary.remove(b"Annots");
                } else {
                    dictionary.set("Annots", Object::Array(kept));
                }
            }
        }
    }

    /// No program of the form's author runs in a filled paper, and no viewer is asked to draw the fields anew.
    fn clean_catalog(&mut self, flatten: Flatten) {
        let names = self.document.catalog().ok().and_then(|catalog| {
            let mut names =
                catalog.get_deref(b"Names", &self.document).and_then(Object::as_dict).ok()?.clone();
            names.remove(b"JavaScript")?;
            Some(names)
        });
        let mut form = acro_form(&self.document).cloned();
        if let Some(form) = &mut form {
            for key in [&b"XFA"[..], b"NeedAppearances", b"CO"] {
                form.remove(key);
            }
            if let Ok(fields) = form.get_deref(b"Fields", &self.document).and_then(Object::as_array) {
                let kept = fields
                    .iter()
                    .filter(|field| field.as_reference().is_ok_and(|id| !self.dropped.contains(&id)));
                let kept = Object::Array(kept.cloned().collect());
                form.set("Fields", kept);
            }
            self.resources_of(form);
        }
        let Ok(catalog) = self.document.catalog_mut() else { return };
        for key in [&b"OpenAction"[..], b"AA", b"Perms", b"NeedsRendering"] {
            catalog.remove(key);
        }
        if let Some(names) = names {
            catalog.set("Names", Object::Dictionary(names));
        }
        match form {
            Some(form) if flatten == Flatten::No => catalog.set("AcroForm", Object::Dictionary(form)),
            _ => {
                catalog.remove(b"AcroForm");
            }
        }
    }

    /// Some forms name fonts for their fields that they do not have. Who types into such a field later would see nothing.
    fn resources_of(&self, form: &mut Dictionary) {
        let inner = |form: &Dictionary, key: &[u8]| {
            form.get_deref(key, &self.document).and_then(Object::as_dict).cloned().unwrap_or_default()
        };
        let mut resources = inner(form, b"DR");
        let mut fonts = inner(&resources, b"Font");
        for (name, base) in [("Helv", "Helvetica"), ("ZaDb", "ZapfDingbats")] {
            if !fonts.has(name.as_bytes()) {
                let font = dictionary([
                    ("Type", Object::Name(b"Font".to_vec())),
                    ("Subtype", Object::Name(b"Type1".to_vec())),
                    ("BaseFont", Object::Name(base.as_bytes().to_vec())),
                ]);
                fonts.set(name, font);
            }
        }
        resources.set("Font", Object::Dictionary(fonts));
        form.set("DR", Object::Dictionary(resources));
        if !form.has(b"DA") {
            form.set("DA", Object::string_literal("/Helv 0 Tf 0 g"));
        }
    }

    /// Makes room over pages for what is drawn there.
    fn cover_pages(
        &mut self,
        flatten: Flatten,
        prints: &BTreeSet<usize>,
        everyday: ObjectId,
        fonts: &mut Vec<(ObjectId, Dictionary)>,
    ) -> Vec<Option<ObjectId>> {
        let save = self.add(Stream::new(Dictionary::new(), b"q\n".to_vec()));
        let pages = self.blank.pages.clone();
        let mut over = vec![None; pages.len()];
        for (page, (&id, over)) in pages.iter().zip(&mut over).enumerate() {
            if flatten == Flatten::No && !prints.contains(&page) {
                continue;
            }
            let stream = self.placeholder();
            let font_dictionary = self.placeholder();
            let mut resources = inherited(&self.document, id, b"Resources").unwrap_or_default();
            let mut page_fonts = resources
                .get_deref(b"Font", &self.document)
                .and_then(Object::as_dict)
                .cloned()
                .unwrap_or_default();
            page_fonts.set(EVERYDAY, Object::Reference(everyday));
            resources.set("Font", Object::Reference(font_dictionary));
            fonts.push((font_dictionary, page_fonts));
            let Ok(dictionary) = self.document.get_dictionary(id) else { continue };
            let mut contents = vec![Object::Reference(save)];
            match dictionary.get(b"Contents") {
                Ok(Object::Reference(inner)) => match self.document.get_object(*inner) {
                    Ok(Object::Array(list)) => contents.extend(list.iter().cloned()),
                    Ok(Object::Stream(_)) => contents.push(Object::Reference(*inner)),
                    _ => {}
                },
                Ok(Object::Array(list)) => contents.extend(list.iter().cloned()),
                _ => {}
            }
            contents.push(Object::Reference(stream));
            if let Ok(dictionary) = self.document.get_dictionary_mut(id) {
                dictionary.set("Contents", Object::Array(contents));
                dictionary.set("Resources", Object::Dictionary(resources));
            }
            *over = Some(stream);
        }
        over
    }

    /// Every field and every place of one, with what it looks like as far as that is known before it is filled.
    fn looks(&mut self) -> Vec<Look> {
        let mut looks = Vec::new();
        let mut taken = FxHashSet::default();
        let blank = self.blank;
        for (at, field) in blank.fields.iter().enumerate() {
            if matches!(field.kind, Kind::Button | Kind::Signature) {
                continue;
            }
            for (nth, widget) in field.widgets.iter().enumerate() {
                if !taken.insert(widget.id) {
                    continue;
                }
                let Ok(mut dictionary) = self.document.get_dictionary(widget.id).cloned() else { continue };
                let mut look = None;
                if matches!(field.kind, Kind::Text | Kind::Choice) {
                    look = Some(self.placeholder());
                } else {
                    let states = self.box_looks(field, nth);
                    let mut normal = Dictionary::new();
                    states.into_iter().for_each(|(state, id)| normal.set(state, Object::Reference(id)));
                    let mut appearance = Dictionary::new();
                    appearance.set("N", Object::Dictionary(normal));
                    dictionary.set("AP", Object::Dictionary(appearance));
                }
                clear(&mut dictionary, look.is_some());
                looks.push(Look { object: widget.id, field: at, widget: Some(nth), look, dictionary });
            }
            if taken.insert(field.id)
                && let Ok(mut dictionary) = self.document.get_dictionary(field.id).cloned()
            {
                clear(&mut dictionary, false);
                looks.push(Look { object: field.id, field: at, widget: None, look: None, dictionary });
            }
        }
        for look in &looks {
            self.later.insert(look.object);
        }
        looks
    }

    /// What a box looks like, ticked and not.
    fn box_looks(&mut self, field: &Field, nth: usize) -> Vec<(String, ObjectId)> {
        let Some(widget) = field.widgets.get(nth) else { return Vec::new() };
        let [left, bottom, right, top] = widget.rect;
        let (width, height) = (right - left, top - bottom);
        let at = [0.0, 0.0, width, height];
        let mut off = Vec::new();
        draw::empty_box(&mut off, at, widget);
        let mut on = off.clone();
        draw::tick(&mut on, at, widget.symbol);
        let mut all: Vec<(String, ObjectId)> = Vec::new();
        for state in &widget.states {
            all.push((state.clone(), self.add(look(on.clone(), width, height))));
        }
        all.push(("Off".into(), self.add(look(off, width, height))));
        all
    }

    /// Numbers all objects that are needed, and writes those that stay.
    fn finish(
        mut self,
        everyday_id: ObjectId,
        resources: ObjectId,
        empty: ObjectId,
        fonts: &[(ObjectId, Dictionary)],
        over: &[Option<ObjectId>],
        looks: Vec<Look>,
    ) -> Template {
        let root = self.document.trailer.get(b"Root").and_then(Object::as_reference).unwrap_or_default();
        let info = self.document.trailer.get(b"Info").and_then(Object::as_reference).ok();
        let tree_id = self
            .document
            .catalog()
            .and_then(|catalog| catalog.get(b"Pages"))
            .and_then(Object::as_reference)
            .unwrap_or_default();
        for look in &looks {
            self.document.objects.insert(look.object, Object::Dictionary(look.dictionary.clone()));
        }
        let mut from: Vec<ObjectId> = self.needed.clone();
        from.extend([root, tree_id]);
        from.extend(info);
        from.extend(looks.iter().map(|look| look.object));
        for (_, fonts) in fonts {
            references(&Object::Dictionary(fonts.clone()), &mut from, 0);
        }
        let reached = self.reach(from);
        let numbers: FxHashMap<ObjectId, u32> =
            reached.iter().enumerate().map(|(at, &id)| (id, at as u32 + 1)).collect();
        let renumber = |id: ObjectId| numbers.get(&id).copied();
        let number = |id: ObjectId| renumber(id).unwrap_or(0);

        let mut paper =
            Paper { bytes: b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec(), places: vec![0; reached.len()] };
        everyday().embedded.write(&mut paper, number(everyday_id));
        for &id in &reached {
            if self.later.contains(&id) || id == tree_id {
                continue;
            }
            let Some(object) = self.document.objects.get(&id) else { continue };
            paper.begin(number(id));
            write::object(&mut paper.bytes, object, &renumber);
            paper.end();
        }
        let open = |dictionary: &Dictionary| {
            let mut bytes = Vec::new();
            write::open_dictionary(&mut bytes, dictionary, &renumber);
            bytes
        };
        let mut tree = self.document.get_dictionary(tree_id).cloned().unwrap_or_default();
        let mut kids = Vec::new();
        if let Ok(list) = tree.get_deref(b"Kids", &self.document).and_then(Object::as_array) {
            for kid in list.iter().filter_map(|kid| kid.as_reference().ok()).filter_map(renumber) {
                write::reference(&mut kids, kid);
                kids.push(b' ');
            }
        }
        tree.remove(b"Kids");
        tree.remove(b"Count");
        let tree = (number(tree_id), open(&tree), kids, self.blank.pages.len());
        let slots = looks
            .iter()
            .map(|look| Slot {
                number: number(look.object),
                open: open(&look.dictionary),
                field: look.field,
                widget: look.widget,
                named: look.dictionary.has(b"T"),
                look: look.look.map(number),
            })
            .collect();
        Template {
            fixed: paper.bytes,
            places: paper.places,
            root: number(root),
            info: info.and_then(renumber),
            fonts: fonts.iter().map(|(id, fonts)| (number(*id), open(fonts))).collect(),
            resources: number(resources),
            empty: number(empty),
            over: over.iter().map(|over| over.map(number)).collect(),
            slots,
            tree,
            mark: self.blank.mark,
        }
    }

    /// All objects that can be reached from some, in their order.
    fn reach(&self, mut from: Vec<ObjectId>) -> Vec<ObjectId> {
        let mut reached: BTreeSet<ObjectId> = BTreeSet::new();
        while let Some(id) = from.pop() {
            let Some(object) = self.document.objects.get(&id) else { continue };
            if self.dropped.contains(&id) || !reached.insert(id) {
                continue;
            }
            references(object, &mut from, 0);
        }
        // Those of our own last, so that the objects of a font get numbers that follow each other.
        let (ours, theirs): (Vec<ObjectId>, Vec<ObjectId>) = reached.into_iter().partition(|id| id.1 == OURS);
        theirs.into_iter().chain(ours).collect()
    }
}

fn references(object: &Object, found: &mut Vec<ObjectId>, depth: usize) {
    if depth > 128 {
        return;
    }
    match object {
        Object::Reference(id) => found.push(*id),
        Object::Array(items) => items.iter().for_each(|item| references(item, found, depth + 1)),
        Object::Dictionary(dictionary) => {
            dictionary.iter().for_each(|(_, value)| references(value, found, depth + 1));
        }
        Object::Stream(stream) => {
            stream.dict.iter().for_each(|(_, value)| references(value, found, depth + 1));
        }
        _ => {}
    }
}

/// Takes out what a filling sets, and scripts that would change it again.
fn clear(dictionary: &mut Dictionary, looks_anew: bool) {
    for key in [&b"V"[..], b"AS", b"AA", b"RV", b"DV"] {
        dictionary.remove(key);
    }
    if looks_anew {
        dictionary.remove(b"AP");
    }
}

/// A value that a page may have from the tree above it.
fn inherited(document: &Document, page: ObjectId, key: &[u8]) -> Option<Dictionary> {
    let mut id = page;
    for _ in 0..32 {
        let dictionary = document.get_dictionary(id).ok()?;
        if let Ok(found) = dictionary.get_deref(key, document).and_then(Object::as_dict) {
            return Some(found.clone());
        }
        id = dictionary.get(b"Parent").and_then(Object::as_reference).ok()?;
    }
    None
}

fn look(content: Vec<u8>, width: f32, height: f32) -> Stream {
    let mut entries = Dictionary::new();
    entries.set("Type", Object::Name(b"XObject".to_vec()));
    entries.set("Subtype", Object::Name(b"Form".to_vec()));
    entries.set("BBox", Object::Array(vec![0.into(), 0.into(), Object::Real(width), Object::Real(height)]));
    entries.set("Resources", Object::Dictionary(Dictionary::new()));
    Stream::new(entries, content)
}

fn dictionary<const N: usize>(entries: [(&str, Object); N]) -> Dictionary {
    let mut dictionary = Dictionary::new();
    entries.into_iter().for_each(|(key, value)| dictionary.set(key, value));
    dictionary
}
