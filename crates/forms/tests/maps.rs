//! Maps: what is refused, with its line; and all that come with the program.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod common;

use common::{blank, check, file_of, map_text, text};
use std::path::Path;
use vacatur_forms::{Blank, Facts, FieldMap, Filler, Flatten, Kind, Value, draft};

fn refused(entries: &str) -> String {
    FieldMap::parse(&map_text(entries)).unwrap_err().to_string()
}

#[test]
fn every_mistake_has_its_line() {
    for (entries, says) in [
        ("[[text]]\nfield = \"a\"\n", "line 7: name one of `fact`, `text` and `list`"),
        ("[[text]]\nfact = \"a.b\"\n", "line 7: name either a `field` or a place with `at`"),
        ("[[text]]\nfield = \"a\"\nfact = \"A B\"\n", "line 7: \"A B\" is no name of a fact"),
        ("[[text]]\nfield = \"a\"\ntext = \"{a.b\"\n", "line 7: a { without its }"),
        ("[[text]]\nfield = \"a\"\ntext = \"[{a.b}\"\n", "line 7: a [ without its ]"),
        ("[[text]]\nfield = \"a\"\nfact = \"a.b\"\nformat = \"bold\"\n", "line 7: format must be one of"),
        ("[[text]]\nfield = \"a\"\nfact = \"a.b\"\nsize = 3.0\n", "line 7: size must be from 6 to 24"),
        ("[[text]]\nat = [1, 9, 9, 1, 1]\nfact = \"a.b\"\n", "line 7: `at` must be"),
        ("\n[[check]]\nfield = \"a\"\n", "line 8: missing field `tick-if`"),
        ("[[attests]]\nreason = \"\"\nfields = [\"a\"]\n", "line 7: a reason is needed"),
        ("nonsense = 1\n", "line 7: unknown field `nonsense`"),
        (
            "[[text]]\nfield = \"a\"\nfact = \"a.b\"\n[[text]]\nfield = \"a\"\nfact = \"a.b\"\n",
            "line 10: \"a\" stands under `filled` already",
        ),
    ] {
        let errors = refused(entries);
        assert!(errors.contains(says), "{entries}\n{errors}");
    }
}

#[test]
fn a_map_that_attests_is_refused() {
    let attests = "[[attests]]\nreason = \"sworn\"\nfields = [\"oath\"]\n";
    for entry in [
        "[[check]]\nfield = \"oath\"\ntick-if = \"relief.seal\"\n",
        "[[text]]\nfield = \"oath\"\nfact = \"attorney.name\"\n",
        "[[rows]]\nof = \"counts\"\nlabel = \"x\"\ncolumns = [{ fact = \"a.b\", label = \"x\", fields = [\"oath\"] }]\n",
    ] {
        assert!(refused(&format!("{attests}{entry}")).contains("only a person may fill it"), "{entry}");
        assert!(refused(&format!("{entry}{attests}")).contains("only a person may fill it"), "{entry}");
    }
}

#[test]
fn a_signature_of_the_blank_belongs_under_attests() {
    let known = format!(
        "[blank]\nhash = \"{}\"\nfields = [{{ name = \"sign\", kind = \"signature\", at = [] }}]\n",
        "0".repeat(64)
    );
    assert!(refused(&known).contains("neither filled"));
    let left = format!("[[leave]]\nreason = \"x\"\nfields = [\"sign\"]\n{known}");
    assert!(refused(&left).contains("belongs under `attests`"));
}

#[test]
fn a_draft_is_a_map_and_fits_what_it_was_drafted_from() {
    let blank = blank(vec![
        text("Defendant", [72, 600, 372, 616]),
        text("\"odd\" \\ name", [72, 580, 372, 596]),
        check("11357 - Possession", [72, 510, 84, 522]),
        check("I declare under penalty of perjury", [92, 510, 104, 522]),
    ]);
    let text = draft(&blank);
    let map = FieldMap::parse(&text).unwrap_or_else(|errors| panic!("{text}\n{errors}"));
    assert!(map.check(&blank).is_nothing());
    assert_eq!(map.field_hash(), blank.field_hash());
    assert_eq!(map.filled().collect::<Vec<_>>(), ["Defendant", "11357 - Possession"]);
    assert_eq!(
        map.attests().map(|(field, _)| field).collect::<Vec<_>>(),
        ["I declare under penalty of perjury"]
    );
}

#[test]
fn a_new_revision_is_compared() {
    let before = blank(vec![
        text("a", [72, 600, 372, 616]),
        text("b", [72, 580, 372, 596]),
        check("c", [72, 510, 84, 522]),
    ]);
    let map = FieldMap::parse(&draft(&before)).unwrap();
    let after = blank(vec![
        text("a", [72, 640, 372, 656]),
        check("b", [72, 580, 372, 596]),
        text("new", [72, 510, 84, 522]),
    ]);
    let moved = map.check(&after);
    assert_eq!(moved.missing, [("c".to_owned(), false)]);
    assert_eq!(moved.new, ["new"]);
    assert_eq!(moved.changed.len(), 1);
    assert_eq!((moved.changed[0].before.as_str(), moved.changed[0].now.as_str()), ("text", "check (Yes)"));
    assert_eq!(moved.places.len(), 1);
    assert_eq!(moved.places[0].before, "page 1 at 72 600 372 616");
    // Two points are the tolerance of a form that was saved again.
    let shifted = blank(vec![
        text("a", [74, 600, 372, 616]),
        text("b", [72, 580, 372, 596]),
        check("c", [72, 510, 84, 522]),
    ]);
    assert!(map.check(&shifted).is_nothing());
    let farther = blank(vec![
        text("a", [75, 600, 372, 616]),
        text("b", [72, 580, 372, 596]),
        check("c", [72, 510, 84, 522]),
    ]);
    assert_eq!(map.check(&farther).places.len(), 1);
}

#[test]
fn every_map_of_the_repository_is_shipped_and_loads() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../forms/us-ca");
    let mut found = 0;
    for form in std::fs::read_dir(&folder).unwrap() {
        let form = form.unwrap().path();
        // Beside the forms stand court profiles and texts.
        for revision in std::fs::read_dir(&form).into_iter().flatten() {
            let path = revision.unwrap().path().join("fields.toml");
            if !path.exists() && form.file_name().is_some_and(|name| name == "courts" || name == "papers") {
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let map = FieldMap::parse(&text).unwrap_or_else(|errors| panic!("{}\n{errors}", path.display()));
            let shipped = FieldMap::shipped()
                .find(|shipped| folder.join(shipped.path).ends_with(path.strip_prefix(&folder).unwrap()));
            assert_eq!(shipped.unwrap().text, text);
            assert!(path.ends_with(format!("{}/fields.toml", map.revision())));
            assert!(!map.title().is_empty() && !map.whose().is_empty() && !map.source().is_empty());
            assert_eq!(map.field_hash().len(), 64, "{}: the blank is not described", path.display());
            assert!(map.attests().next().is_some() || map.form() == "CR-181");
            found += 1;
        }
    }
    assert_eq!(found, FieldMap::shipped().count());
    assert!(FieldMap::of_form("cr-400").is_some() && FieldMap::of_form("CR-9999").is_none());
}

/// Every fact that the map uses, known and set.
fn everything(map: &FieldMap) -> Facts {
    let mut facts = Facts::new();
    let mut row = Facts::new();
    for name in map.facts() {
        let flag =
            ["relief.", "remedy.", "section.", "count.pc-"].iter().any(|prefix| name.starts_with(prefix))
                || ["service.hs-11361.8", "service.cr-180", "service.pc-1170.18"].contains(&name.as_str());
        let value = if flag {
            Value::Flag(true)
        } else if name.starts_with("count-of.") {
            Value::Number(3)
        } else if name.ends_with("-date") || name == "count.date" {
            Value::Date("2001-05-17".parse().unwrap())
        } else if name == "counts" {
            continue;
        } else {
            Value::Text("Quartz".into())
        };
        if name.starts_with("count.") { row.set(name, value) } else { facts.set(name, value) }
    }
    facts.set("counts", Value::Rows(vec![row]));
    facts
}

/// Whatever is known of a case, nothing is sworn, signed, dated or waived: no field under `attests` is filled, and no
/// box whose words attest something is ticked.
#[test]
fn nothing_is_attested_on_any_official_form() {
    let Some(folder) = common::blanks() else { return };
    for shipped in FieldMap::shipped() {
        let bytes = std::fs::read(folder.join(file_of(shipped.path))).unwrap();
        let blank = Blank::open(bytes).unwrap();
        let map = &shipped.map;
        assert!(map.check(&blank).is_nothing(), "{}: {:?}", shipped.path, map.check(&blank));
        assert_eq!(map.field_hash(), blank.field_hash());
        let filler = Filler::new(&blank, map).unwrap();
        let filled = filler.fill(&everything(map), Flatten::No).unwrap();
        let again = Blank::open(filled.copies[0].clone()).unwrap();
        let values = common::values(&filled.copies[0]);
        let attests: Vec<&str> = map.attests().map(|(field, _)| field).collect();
        let filled_fields: Vec<&str> = map.filled().collect();
        for field in again.fields() {
            let boxes = matches!(field.kind, Kind::Check | Kind::Radio);
            let listed = attests.contains(&field.name.as_str());
            let value = values.iter().find(|(name, _)| *name == field.name).map(|(_, value)| value.as_str());
            let set = value.is_some_and(|value| !value.is_empty() && value != "Off");
            assert!(!(listed && set), "{}: {} is filled", shipped.path, field.name);
            if boxes && set {
                assert!(filled_fields.contains(&field.name.as_str()));
            }
            let words = format!("{} {}", field.name, field.tooltip.as_deref().unwrap_or("")).to_lowercase();
            for word in ["perjury", "declare", "signature", "waive", "executed", "sworn", "certif"] {
                let innocent = ["waive_some_fees", "waive_all_fees"].contains(&field.name.as_str());
                if words.contains(word) && field.kind != Kind::Button && !innocent {
                    assert!(listed, "{}: {} is not under attests", shipped.path, field.name);
                }
            }
        }
        // On the page, too: of the boxes that attest none is drawn ticked. A flattened form has no fields left.
        let flat = filler.fill(&everything(map), Flatten::Yes).unwrap();
        assert!(common::values(&flat.copies[0]).is_empty());
    }
}
