//! Files that are no blanks, and damaged ones: each is refused with what to do, and none ends the program.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod common;

use common::{check, form, map, page, save, text};
use lopdf::{Object, dictionary};
use vacatur_forms::{Blank, BlankError, Facts, FieldMap, Filler, Flatten, Kind, draft};

fn refused(bytes: &[u8]) -> BlankError {
    Blank::open(bytes.to_vec()).map(|_| ()).unwrap_err()
}

#[test]
fn what_is_no_blank_is_named() {
    assert_eq!(refused(b""), BlankError::NotPdf);
    assert_eq!(refused(b"PK\x03\x04 a spreadsheet"), BlankError::NotPdf);
    assert!(matches!(refused(b"%PDF-1.7\nand nothing else"), BlankError::Damaged(_)));
    assert_eq!(refused(&save(page().0)), BlankError::NoFields);
    assert_eq!(refused(&vec![b' '; 33 << 20]), BlankError::TooLarge("32 MB"));
}

#[test]
fn an_encrypted_form_is_named_even_if_anybody_may_read_it() {
    use lopdf::{EncryptionState, EncryptionVersion, Permissions};
    let mut document = lopdf::Document::load_mem(&form(vec![text("name", [72, 600, 372, 616])])).unwrap();
    document.trailer.set("ID", vec![Object::string_literal("a"), Object::string_literal("a")]);
    for user in ["", "secret"] {
        let mut document = document.clone();
        let version = EncryptionVersion::V2 {
            document: &document,
            owner_password: "owner",
            user_password: user,
            key_length: 128,
            permissions: Permissions::all(),
        };
        let state = EncryptionState::try_from(version).unwrap();
        document.encrypt(&state).unwrap();
        let error = refused(&save(document));
        assert_eq!(error, BlankError::Encrypted, "user password {user:?}");
        assert!(error.to_string().contains("without protection"));
    }
}

#[test]
fn an_xfa_form_is_named_unless_it_has_fields_too() {
    let xfa = |fields: bool| {
        let bytes = form(if fields { vec![text("name", [72, 600, 372, 616])] } else { Vec::new() });
        let mut document = lopdf::Document::load_mem(&bytes).unwrap();
        let mut acro = document.catalog().unwrap().get(b"AcroForm").unwrap().as_dict().unwrap().clone();
        acro.set("XFA", Object::string_literal("<xdp/>"));
        document.catalog_mut().unwrap().set("AcroForm", acro);
        save(document)
    };
    assert_eq!(refused(&xfa(false)), BlankError::XfaOnly);
    let blank = Blank::open(xfa(true)).unwrap();
    let map = map("[[text]]\nfield = \"name\"\nfact = \"defendant.name\"\n");
    let filled = Filler::new(&blank, &map).unwrap().fill(&Facts::new(), Flatten::No).unwrap();
    assert!(!filled.copies[0].windows(4).any(|four| four == b"/XFA"), "XFA would win over the fields");
}

#[test]
fn fields_are_told_with_what_they_take() {
    let (mut document, page) = page();
    let parent = document.new_object_id();
    let kids: Vec<Object> = [("A", 72), ("B", 92)]
        .iter()
        .map(|(state, x)| {
            let states = dictionary! { *state => Object::Null, "Off" => Object::Null };
            let kid = dictionary! {
                "Subtype" => "Widget", "Parent" => parent, "AP" => dictionary! { "N" => states },
                "Rect" => vec![(*x).into(), 500.into(), (x + 12).into(), 512.into()],
            };
            Object::Reference(document.add_object(kid))
        })
        .collect();
    let radio = dictionary! { "T" => Object::string_literal("way"), "FT" => "Btn", "Ff" => 1 << 15, "Kids" => kids.clone() };
    document.objects.insert(parent, Object::Dictionary(radio));
    document.get_dictionary_mut(page).unwrap().set("Annots", kids);
    let acro = dictionary! { "Fields" => vec![Object::Reference(parent)] };
    document.catalog_mut().unwrap().set("AcroForm", acro);
    let blank = Blank::open(save(document)).unwrap();
    let field = &blank.fields()[0];
    assert_eq!((field.name.as_str(), field.kind, field.page()), ("way", Kind::Radio, 1));
    assert_eq!(field.states(), ["A", "B"]);
    assert_eq!(field.rect(), [72.0, 500.0, 84.0, 512.0]);
    let map = map("[[check]]\nfield = \"way\"\nstate = \"B\"\ntick-if = \"remedy.serving\"\n");
    let mut facts = Facts::new();
    facts.set("remedy.serving", vacatur_forms::Value::Flag(true));
    let filled = Filler::new(&blank, &map).unwrap().fill(&facts, Flatten::No).unwrap();
    assert_eq!(common::values(&filled.copies[0]), [("way".to_owned(), "B".to_owned())]);
}

/// Objects that lead to themselves are walked once.
#[test]
fn a_form_whose_objects_go_in_circles_is_read() {
    let (mut document, page) = page();
    let (one, other) = (document.new_object_id(), document.new_object_id());
    let round = |kid| dictionary! { "T" => Object::string_literal("a"), "FT" => "Tx", "Kids" => vec![Object::Reference(kid)], "Rect" => vec![0.into(), 0.into(), 9.into(), 9.into()] };
    document.objects.insert(one, Object::Dictionary(round(other)));
    document.objects.insert(other, Object::Dictionary(round(one)));
    document
        .get_dictionary_mut(page)
        .unwrap()
        .set("Annots", vec![Object::Reference(one), Object::Reference(other)]);
    document.catalog_mut().unwrap().set("AcroForm", dictionary! { "Fields" => vec![Object::Reference(one)] });
    let blank = Blank::open(save(document)).unwrap();
    assert_eq!(blank.fields().len(), 2);
}

/// Opens and fills whatever can be opened.
fn try_all(bytes: Vec<u8>, map: &FieldMap) -> bool {
    let Ok(blank) = Blank::open(bytes) else { return false };
    assert!(!draft(&blank).is_empty() && blank.field_hash().len() == 64);
    let _ = map.check(&blank);
    let mut facts = Facts::new();
    facts.set("defendant.name", vacatur_forms::Value::Text("Łukasz O'Neil".into()));
    if let Ok(filler) = Filler::new(&blank, map) {
        for flatten in [Flatten::Yes, Flatten::No] {
            assert!(!filler.fill(&facts, flatten).unwrap().copies.is_empty());
        }
    }
    true
}

#[test]
fn a_damaged_form_is_an_error_or_is_filled() {
    let bytes = form(vec![text("name", [72, 600, 372, 616]), check("box", [72, 510, 84, 522])]);
    let map = map("[[text]]\nfield = \"name\"\nfact = \"defendant.name\"\n");
    assert!(try_all(bytes.clone(), &map));
    let mut opened = 0;
    for end in (0..bytes.len()).step_by(7) {
        opened += usize::from(try_all(bytes[..end].to_vec(), &map));
    }
    for at in (0..bytes.len()).step_by(3) {
        for value in [0, b'9', b'/', b'<', 0xFF] {
            let mut spoilt = bytes.clone();
            spoilt[at] = value;
            opened += usize::from(try_all(spoilt, &map));
        }
    }
    assert!(opened > 0);
}

#[test]
fn damaged_official_blanks_end_nothing() {
    let Some(folder) = common::blanks() else { return };
    for shipped in FieldMap::shipped() {
        let bytes = std::fs::read(folder.join(common::file_of(shipped.path))).unwrap();
        // A generator of our own, so that the same bytes are spoilt every time.
        let mut state = 0x9E37_79B9_u64;
        for _ in 0..12 {
            let mut spoilt = bytes.clone();
            for _ in 0..20 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let at = (state >> 20) as usize % spoilt.len();
                spoilt[at] = (state >> 11) as u8;
            }
            try_all(spoilt, &shipped.map);
            let end = (state >> 20) as usize % bytes.len();
            try_all(bytes[..end].to_vec(), &shipped.map);
        }
    }
}

/// A reference to an object that is not there was taken for a field, and the first object of our own got its number.
#[test]
fn a_field_that_is_not_there_takes_no_number() {
    let mut document = lopdf::Document::load_mem(&form(vec![text("name", [72, 600, 372, 616])])).unwrap();
    let next = document.objects.keys().map(|id| id.0).max().unwrap() + 1;
    let mut acro = document.catalog().unwrap().get(b"AcroForm").unwrap().as_dict().unwrap().clone();
    let mut fields = acro.get(b"Fields").unwrap().as_array().unwrap().clone();
    fields.extend((next..next + 9).map(|id| Object::Reference((id, 0))));
    acro.set("Fields", fields);
    document.catalog_mut().unwrap().set("AcroForm", acro);
    assert!(try_all(save(document), &map("[[text]]\nfield = \"name\"\nfact = \"defendant.name\"\n")));
}
