//! `vacatur forms` as a user meets it, on a form that the test makes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;
use std::process::{Command, Output};

/// A form of one page with a text field and a box.
const FORM: &str = "%PDF-1.4\n\
1 0 obj <</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R 5 0 R]>>>> endobj\n\
2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 612 792]>> endobj\n\
3 0 obj <</Type/Page/Parent 2 0 R/Annots[4 0 R 5 0 R]>> endobj\n\
4 0 obj <</Type/Annot/Subtype/Widget/FT/Tx/T(Defendant)/Rect[72 600 372 616]>> endobj\n\
5 0 obj <</Type/Annot/Subtype/Widget/FT/Btn/T(I declare under penalty of perjury)/Rect[72 500 84 512]/AP<</N<</Yes null/Off null>>>>>> endobj\n\
trailer <</Root 1 0 R/Size 6>>\n%%EOF\n";

fn forms(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_vacatur"))
        .current_dir(folder)
        .arg("forms")
        .args(arguments)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn a_form_is_drafted_checked_and_filled() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    std::fs::write(at.join("form.pdf"), FORM).unwrap();
    std::fs::write(at.join("facts.json"), r#"{"defendant.name": "ZEBEDEE O'Neil", "relief.seal": true}"#)
        .unwrap();
    let draft = forms(at, &["inspect", "form.pdf", "--draft"]);
    assert_eq!(draft.status.code(), Some(0), "{}", text(&draft.stderr));
    std::fs::write(at.join("fields.toml"), &draft.stdout).unwrap();
    assert_eq!(forms(at, &["check", "form.pdf", "--map", "fields.toml"]).status.code(), Some(0));
    let fill = ["fill", "form.pdf", "--map", "fields.toml", "--facts", "facts.json", "--out", "out.pdf"];
    let filled = forms(at, &fill);
    assert_eq!(filled.status.code(), Some(0), "{}", text(&filled.stderr));
    let said = text(&filled.stdout);
    assert!(
        said.contains("not used by this form: relief.seal") && said.contains("1 fields are left to a person"),
        "{said}"
    );
    assert!(!said.contains("ZEBEDEE"));
    let made = std::fs::read(at.join("out.pdf")).unwrap();
    assert!(made.windows(14).any(|part| part == b"ZEBEDEE O'Neil"));
    // Nothing is overwritten, and nothing half-written is left.
    let again = forms(at, &fill);
    assert_eq!(again.status.code(), Some(2));
    assert!(text(&again.stderr).contains("no file is overwritten"));
    assert_eq!(std::fs::read(at.join("out.pdf")).unwrap(), made);
    assert_eq!(std::fs::read_dir(at).unwrap().count(), 4);
}

#[test]
fn what_cannot_be_done_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    std::fs::write(at.join("form.pdf"), FORM).unwrap();
    std::fs::write(at.join("facts.json"), r#"{"defendant.name": "ZEBEDEE"}"#).unwrap();
    std::fs::write(at.join("bad.json"), r#"{"defendant.name": "ZEBEDEE"#).unwrap();
    std::fs::write(at.join("bad.toml"), "form = \"X\"\nnonsense = 1\n").unwrap();
    for (arguments, says) in [
        (&["check", "form.pdf"][..], "no map that comes with the program"),
        (&["check", "form.pdf", "--map", "CR-9999"], "there is no map `CR-9999`"),
        (&["check", "form.pdf", "--map", "bad.toml"], "bad.toml:2: unknown field"),
        (&["inspect", "facts.json"], "not a PDF"),
        (&["inspect", "missing.pdf"], "missing.pdf"),
        (
            &["fill", "form.pdf", "--map", "CR-400", "--facts", "facts.json", "--out", "o.pdf"],
            "not in this PDF",
        ),
    ] {
        let output = forms(at, arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let said = text(&output.stderr);
        assert!(said.contains(says), "{arguments:?}: {said}");
        assert!(!said.contains("ZEBEDEE") && !said.contains("panicked"));
    }
    std::fs::write(at.join("fields.toml"), forms(at, &["inspect", "form.pdf", "--draft"]).stdout).unwrap();
    for (facts, out, says) in
        [("bad.json", "o.pdf", "this is no JSON"), ("facts.json", "nowhere/o.pdf", "cannot be written")]
    {
        let output = forms(at, &["fill", "form.pdf", "--map", "fields.toml", "--facts", facts, "--out", out]);
        assert_eq!(output.status.code(), Some(2));
        let said = text(&output.stderr);
        assert!(said.contains(says) && !said.contains("ZEBEDEE"), "{said}");
    }
    assert_eq!(forms(at, &["check", "form.pdf", "--map", "CR-400"]).status.code(), Some(1));
}
