//! Forms made by the tests themselves, so that the crate is tested without anybody's blanks.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use lopdf::{Dictionary, Document, Object, ObjectId, Stream, StringFormat, dictionary};
use std::path::PathBuf;
use vacatur_forms::{Blank, FieldMap};

/// A field of a form that a test makes.
pub(crate) struct Made {
    pub(crate) name: &'static str,
    pub(crate) entries: Dictionary,
    pub(crate) rect: [i64; 4],
}

pub(crate) fn text(name: &'static str, rect: [i64; 4]) -> Made {
    Made {
        name,
        entries: dictionary! { "FT" => "Tx", "DA" => Object::string_literal("/Helv 0 Tf 0 g") },
        rect,
    }
}

pub(crate) fn with(mut made: Made, key: &str, value: impl Into<Object>) -> Made {
    made.entries.set(key, value);
    made
}

pub(crate) fn check(name: &'static str, rect: [i64; 4]) -> Made {
    let states = dictionary! { "Yes" => Object::Null, "Off" => Object::Null };
    let entries = dictionary! { "FT" => "Btn", "AP" => dictionary! { "N" => states }, "AS" => "Off" };
    Made { name, entries, rect }
}

/// A form of one page with these fields.
pub(crate) fn form(fields: Vec<Made>) -> Vec<u8> {
    let (mut document, page) = page();
    let mut widgets = Vec::new();
    for made in fields {
        let mut entries = made.entries;
        entries.set("T", Object::String(made.name.as_bytes().to_vec(), StringFormat::Literal));
        entries.set("Type", "Annot");
        entries.set("Subtype", "Widget");
        entries.set("F", 4);
        entries.set("Rect", made.rect.iter().map(|&value| value.into()).collect::<Vec<Object>>());
        widgets.push(Object::Reference(document.add_object(entries)));
    }
    document.get_dictionary_mut(page).unwrap().set("Annots", widgets.clone());
    let acro = dictionary! { "Fields" => widgets, "NeedAppearances" => true };
    document.catalog_mut().unwrap().set("AcroForm", acro);
    save(document)
}

/// A document of one page with a line of text on it.
pub(crate) fn page() -> (Document, ObjectId) {
    let mut document = Document::with_version("1.7");
    let pages = document.new_object_id();
    let font = document
        .add_object(dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica" });
    let resources = document.add_object(dictionary! { "Font" => dictionary! { "F1" => font } });
    let content =
        Stream::new(Dictionary::new(), b"BT /F1 12 Tf 72 750 Td (A FORM OF THE TEST) Tj ET".to_vec());
    let content = document.add_object(content);
    let page =
        document.add_object(dictionary! { "Type" => "Page", "Parent" => pages, "Contents" => content });
    let tree = dictionary! {
        "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1, "Resources" => resources,
        "MediaBox" => vec![0.into(), 0.into(), 612.into(), 792.into()],
    };
    document.objects.insert(pages, Object::Dictionary(tree));
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    document.trailer.set("Root", catalog);
    (document, page)
}

pub(crate) fn save(mut document: Document) -> Vec<u8> {
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

pub(crate) fn blank(fields: Vec<Made>) -> Blank {
    Blank::open(form(fields)).unwrap()
}

/// A map with a head, and these entries.
pub(crate) fn map(entries: &str) -> FieldMap {
    FieldMap::parse(&map_text(entries)).unwrap_or_else(|errors| panic!("{errors}"))
}

pub(crate) fn map_text(entries: &str) -> String {
    format!(
        "form = \"TEST-1\"\ntitle = \"A form of the test\"\nrevision = \"2026-01-01\"\nwhose = \"nobody\"\nsource = \"the test\"\nstatus = \"observed\"\n{entries}"
    )
}

/// What the fields of a filled form hold, read with lopdf alone.
pub(crate) fn values(bytes: &[u8]) -> Vec<(String, String)> {
    let document = Document::load_mem(bytes).unwrap();
    let catalog = document.catalog().unwrap();
    let Ok(acro) = catalog.get_deref(b"AcroForm", &document).and_then(Object::as_dict) else {
        return Vec::new();
    };
    let fields = acro.get_deref(b"Fields", &document).unwrap().as_array().unwrap();
    let mut all = Vec::new();
    for field in fields {
        let field = document.get_dictionary(field.as_reference().unwrap()).unwrap();
        let name = lopdf::decode_text_string(field.get(b"T").unwrap()).unwrap();
        let value = match field.get(b"V") {
            Ok(Object::Name(name)) => String::from_utf8(name.clone()).unwrap(),
            Ok(text) => lopdf::decode_text_string(text).unwrap(),
            Err(_) => String::new(),
        };
        all.push((name, value));
    }
    all
}

/// All that can be read on the pages.
pub(crate) fn words(bytes: &[u8]) -> String {
    let document = Document::load_mem(bytes).unwrap();
    let pages: Vec<u32> = document.get_pages().keys().copied().collect();
    document.extract_text(&pages).unwrap()
}

pub(crate) fn pages(bytes: &[u8]) -> usize {
    Document::load_mem(bytes).unwrap().get_pages().len()
}

/// The official blanks, which are not in the repository, if they are at hand.
pub(crate) fn blanks() -> Option<PathBuf> {
    let beside = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/conformance/forms"));
    let given = std::env::var_os("VACATUR_FORMS").map(PathBuf::from);
    let found = [given, Some(beside)].into_iter().flatten().find(|folder| folder.is_dir());
    if found.is_none() {
        eprintln!(
            "NOT RUN: the official blanks are not at ../shared/conformance/forms, nor is VACATUR_FORMS set"
        );
    }
    found
}

/// The file name of the blank of each map that comes with the program.
pub(crate) fn file_of(path: &str) -> String {
    format!("{}.pdf", path.split('/').next().unwrap())
}
