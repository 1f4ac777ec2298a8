//! From the objects of a PDF to its fields.

use super::{Blank, BlankError};
use crate::field::{Field, Kind, Widget};
use lopdf::{Dictionary, Document, Object, ObjectId};
use rustc_hash::{FxHashMap, FxHashSet};

/// No form has more.
const MOST_FIELDS: usize = 20_000;
const MOST_PAGES: usize = 500;
/// Fields are nested no deeper.
const DEEPEST: usize = 32;

/// What a field takes over from those above it.
#[derive(Clone, Default)]
struct Above {
    name: String,
    kind: Option<Vec<u8>>,
    flags: i64,
    max_len: Option<i64>,
    appearance: Option<Vec<u8>>,
    quadding: i64,
    value: Option<Object>,
    tooltip: Option<String>,
    /// The nearest object with a name: the field itself.
    owner: Option<ObjectId>,
}

struct Walk<'a> {
    document: &'a Document,
    page_of: FxHashMap<ObjectId, u32>,
    fields: Vec<Field>,
    by_name: FxHashMap<String, usize>,
    seen: FxHashSet<ObjectId>,
}

pub(super) fn walk(mut document: Document, mark: [u8; 16]) -> Result<Blank, BlankError> {
    document.catalog().map_err(|_| BlankError::Damaged("it has no catalog"))?;
    let pages: Vec<ObjectId> = document.page_iter().take(MOST_PAGES + 1).collect();
    if pages.is_empty() {
        return Err(BlankError::Damaged("it has no pages"));
    }
    if pages.len() > MOST_PAGES {
        return Err(BlankError::TooLarge("500 pages"));
    }
    make_indirect(&mut document, &pages);
    let form = acro_form(&document);
    let listed: Vec<ObjectId> = form
        .and_then(|form| form.get_deref(b"Fields", &document).ok())
        .and_then(|fields| fields.as_array().ok())
        .map(|fields| fields.iter().filter_map(|field| field.as_reference().ok()).collect())
        .unwrap_or_default();
    if form.is_some_and(|form| form.has(b"XFA")) && (listed.is_empty() || is_rendered_only(&document)) {
        return Err(BlankError::XfaOnly);
    }
    let above = Above {
        appearance: form.and_then(|form| bytes(form, b"DA", &document)),
        quadding: form.and_then(|form| integer(form, b"Q", &document)).unwrap_or(0),
        ..Above::default()
    };
    let mut page_of = FxHashMap::default();
    let mut on_pages = Vec::new();
    for (page, &id) in pages.iter().enumerate() {
        for annotation in annotations(&document, id) {
            page_of.entry(annotation).or_insert(page as u32 + 1);
            on_pages.push(annotation);
        }
    }
    let mut walk = Walk {
        document: &document,
        page_of,
        fields: Vec::new(),
        by_name: FxHashMap::default(),
        seen: FxHashSet::default(),
    };
    for id in listed {
        walk.visit(id, &above, 0)?;
    }
    // A field that the form forgot to list stands on its page all the same, and viewers show it.
    for id in on_pages {
        let widget = document.get_dictionary(id).is_ok_and(|dictionary| {
            dictionary
                .get_deref(b"Subtype", &document)
                .and_then(Object::as_name)
                .is_ok_and(|name| name == b"Widget")
        });
        if widget && !walk.seen.contains(&id) {
            walk.visit(id, &above, 0)?;
        }
    }
    let Walk { mut fields, seen, .. } = walk;
    for field in &mut fields {
        field.widgets.sort_by_key(|widget| widget.page);
    }
    let mut form_objects: Vec<ObjectId> = seen.into_iter().collect();
    form_objects.sort_unstable();
    Ok(Blank { document, fields, pages, form_objects, mark })
}

/// Fields and annotations that stand inside others become objects of their own, so that each can be written apart.
fn make_indirect(document: &mut Document, pages: &[ObjectId]) {
    for &page in pages {
        let Ok(dictionary) = document.get_dictionary(page) else { continue };
        let Ok(list) = dictionary.get_deref(b"Annots", document).and_then(Object::as_array) else { continue };
        if !list.iter().any(|item| matches!(item, Object::Dictionary(_))) {
            continue;
        }
        let list: Vec<Object> = list.clone().into_iter().map(|item| indirect(document, item)).collect();
        if let Ok(dictionary) = document.get_dictionary_mut(page) {
            dictionary.set("Annots", Object::Array(list));
        }
    }
}

fn indirect(document: &mut Document, item: Object) -> Object {
    match item {
        Object::Dictionary(_) => Object::Reference(add(document, item)),
        other => other,
    }
}

/// The generation of objects that we make. No writer of PDFs gets so far.
pub(crate) const OURS: u16 = u16::MAX;

/// Adds an object under a number that is free. In a damaged file objects may be missing or have any number, so that the
/// next number after the greatest is not always one.
pub(crate) fn add(document: &mut Document, object: impl Into<Object>) -> ObjectId {
    let last = document.objects.keys().filter(|id| id.1 == OURS).map(|id| id.0).max().unwrap_or(0);
    let mut number = last.wrapping_add(1);
    while document.objects.contains_key(&(number, OURS)) {
        number = number.wrapping_add(1);
    }
    document.objects.insert((number, OURS), object.into());
    (number, OURS)
}

pub(crate) fn acro_form(document: &Document) -> Option<&Dictionary> {
    document.catalog().ok()?.get_deref(b"AcroForm", document).ok()?.as_dict().ok()
}

/// A form whose pages are only made when an XFA program opens it says so.
fn is_rendered_only(document: &Document) -> bool {
    document
        .catalog()
        .and_then(|catalog| catalog.get_deref(b"NeedsRendering", document))
        .and_then(Object::as_bool)
        .unwrap_or(false)
}

pub(crate) fn annotations(document: &Document, page: ObjectId) -> Vec<ObjectId> {
    document
        .get_dictionary(page)
        .and_then(|page| page.get_deref(b"Annots", document))
        .and_then(Object::as_array)
        .map(|list| list.iter().filter_map(|item| item.as_reference().ok()).collect())
        .unwrap_or_default()
}

impl Walk<'_> {
    fn visit(&mut self, id: ObjectId, above: &Above, depth: usize) -> Result<(), BlankError> {
        let document = self.document;
        // A reference to nothing is no field: an object that is made later may get its number.
        let Ok(dictionary) = document.get_dictionary(id) else { return Ok(()) };
        if depth > DEEPEST || !self.seen.insert(id) {
            return Ok(());
        }
        if self.seen.len() > MOST_FIELDS {
            return Err(BlankError::TooLarge("20,000 fields"));
        }
        let mut here = above.clone();
        if let Some(part) = bytes(dictionary, b"T", document).map(|part| decode(&part)) {
            here.name = if here.name.is_empty() { part } else { format!("{}.{part}", here.name) };
            here.owner = Some(id);
        }
        if let Ok(kind) = dictionary.get_deref(b"FT", document).and_then(Object::as_name) {
            here.kind = Some(kind.to_vec());
        }
        here.flags = integer(dictionary, b"Ff", document).unwrap_or(here.flags);
        here.max_len = integer(dictionary, b"MaxLen", document).or(here.max_len);
        here.appearance = bytes(dictionary, b"DA", document).or(here.appearance);
        here.quadding = integer(dictionary, b"Q", document).unwrap_or(here.quadding);
        here.tooltip = bytes(dictionary, b"TU", document).map(|text| decode(&text)).or(here.tooltip);
        if let Ok(value) = dictionary.get_deref(b"V", document) {
            here.value = Some(value.clone());
        }
        let kids: Vec<ObjectId> = dictionary
            .get_deref(b"Kids", document)
            .and_then(Object::as_array)
            .map(|kids| kids.iter().filter_map(|kid| kid.as_reference().ok()).collect())
            .unwrap_or_default();
        for &kid in &kids {
            self.visit(kid, &here, depth + 1)?;
        }
        let is_widget = dictionary.has(b"Rect");
        if kids.is_empty() || is_widget {
            self.take(id, dictionary, &here, is_widget);
        }
        Ok(())
    }

    fn take(&mut self, id: ObjectId, dictionary: &Dictionary, here: &Above, is_widget: bool) {
        let Some(kind) = kind(here) else { return };
        let Some(owner) = here.owner else { return };
        let at = *self.by_name.entry(here.name.clone()).or_insert(self.fields.len());
        if at == self.fields.len() {
            self.fields.push(Field {
                name: here.name.clone(),
                kind,
                widgets: Vec::new(),
                max_len: here.max_len.and_then(|len| usize::try_from(len).ok()).filter(|&len| len > 0),
                multiline: here.flags & (1 << 12) != 0,
                comb: here.flags & (1 << 24) != 0,
                tooltip: here.tooltip.clone(),
                id: owner,
                size: here.appearance.as_deref().map_or(0.0, size_in),
                quadding: u8::try_from(here.quadding).ok().filter(|&way| way <= 2).unwrap_or(0),
                standing: match &here.value {
                    Some(Object::String(text, _)) => {
                        Some(decode(text)).filter(|text| !text.trim().is_empty())
                    }
                    _ => None,
                },
            });
        }
        if !is_widget {
            return;
        }
        let widget = self.widget(id, dictionary, kind);
        if let Some(field) = self.fields.get_mut(at) {
            field.widgets.push(widget);
        }
    }

    fn widget(&self, id: ObjectId, dictionary: &Dictionary, kind: Kind) -> Widget {
        let document = self.document;
        let mut rect = [0.0_f32; 4];
        if let Ok(list) = dictionary.get_deref(b"Rect", document).and_then(Object::as_array) {
            for (to, from) in rect.iter_mut().zip(list) {
                *to = document
                    .dereference(from)
                    .ok()
                    .and_then(|(_, number)| number.as_float().ok())
                    .unwrap_or(0.0);
            }
        }
        let [a, b, c, d] =
            rect.map(|value| if value.is_finite() { value.clamp(-20_000.0, 20_000.0) } else { 0.0 });
        let rect = [a.min(c), b.min(d), a.max(c), b.max(d)];
        let mut states: Vec<String> = Vec::new();
        if matches!(kind, Kind::Check | Kind::Radio)
            && let Ok(normal) = dictionary
                .get_deref(b"AP", document)
                .and_then(Object::as_dict)
                .and_then(|appearance| appearance.get_deref(b"N", document))
                .and_then(Object::as_dict)
        {
            states = normal.iter().map(|(name, _)| decode(name)).filter(|name| name != "Off").collect();
            states.sort_unstable();
        }
        let look = dictionary.get_deref(b"MK", document).and_then(Object::as_dict).ok();
        let coloured = |key: &[u8]| {
            look.and_then(|look| look.get_deref(key, document).and_then(Object::as_array).ok())
                .is_some_and(|colour| !colour.is_empty())
        };
        let has_border = coloured(b"BC");
        let width = dictionary
            .get_deref(b"BS", document)
            .and_then(Object::as_dict)
            .and_then(|style| style.get_deref(b"W", document))
            .and_then(Object::as_float)
            .unwrap_or(1.0);
        let ticked = dictionary
            .get_deref(b"AS", document)
            .and_then(Object::as_name)
            .is_ok_and(|state| state != b"Off");
        Widget {
            page: self.page_of.get(&id).copied().unwrap_or(0),
            rect,
            states,
            id,
            ground: coloured(b"BG"),
            border: (has_border && width > 0.0).then_some(width.min(3.0)),
            symbol: look
                .and_then(|look| bytes(look, b"CA", document))
                .and_then(|text| text.first().copied())
                .unwrap_or(b'4'),
            ticked,
        }
    }
}

fn kind(here: &Above) -> Option<Kind> {
    Some(match here.kind.as_deref()? {
        b"Tx" => Kind::Text,
        b"Ch" => Kind::Choice,
        b"Sig" => Kind::Signature,
        b"Btn" if here.flags & (1 << 16) != 0 => Kind::Button,
        b"Btn" if here.flags & (1 << 15) != 0 => Kind::Radio,
        b"Btn" => Kind::Check,
        _ => return None,
    })
}

fn integer(dictionary: &Dictionary, key: &[u8], document: &Document) -> Option<i64> {
    dictionary.get_deref(key, document).ok()?.as_i64().ok()
}

fn bytes(dictionary: &Dictionary, key: &[u8], document: &Document) -> Option<Vec<u8>> {
    match dictionary.get_deref(key, document).ok()? {
        Object::String(text, _) => Some(text.clone()),
        _ => None,
    }
}

/// The size before `Tf` in a default appearance.
fn size_in(appearance: &[u8]) -> f32 {
    let text = String::from_utf8_lossy(appearance);
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    let at = words.iter().position(|&word| word == "Tf").and_then(|at| at.checked_sub(1));
    let size = at.and_then(|at| words.get(at)).and_then(|size| size.parse::<f32>().ok()).unwrap_or(0.0);
    if size.is_finite() { size.clamp(0.0, 72.0) } else { 0.0 }
}

/// A text string of a PDF: UTF-16 or UTF-8 with a mark, else one byte a letter.
pub(crate) fn decode(text: &[u8]) -> String {
    if let Some(rest) = text.strip_prefix(b"\xFE\xFF") {
        let units: Vec<u16> = rest
            .chunks(2)
            .map(|pair| pair.iter().fold(0, |unit, &byte| unit << 8 | u16::from(byte)))
            .collect();
        return String::from_utf16_lossy(&units);
    }
    if let Some(rest) = text.strip_prefix(b"\xEF\xBB\xBF") {
        return String::from_utf8_lossy(rest).into_owned();
    }
    // Names of states are UTF-8 by newer standards; what is not is read letter by letter.
    String::from_utf8(text.to_vec())
        .unwrap_or_else(|_| lopdf::decode_text_string(&Object::string_literal(text)).unwrap_or_default())
}
