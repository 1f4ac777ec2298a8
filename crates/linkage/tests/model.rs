//! Models read from their files, and what is said of a bad one.

#![allow(clippy::unwrap_used)]

use vacatur_linkage::{Model, Trained};

const SMALL: &str = r#"
model = "small"
version = "1"
[thresholds]
link = 0.9
clerical = 0.5
[[field]]
name = "given"
kind = "given name"
[[field]]
name = "family"
kind = "family name"
[[field]]
name = "born"
kind = "date"
[[comparison]]
name = "given"
field = "given"
level = [{ test = "same", words = "the same" }, { test = "else", words = "different" }]
[[block]]
name = "day"
on = ["born"]
train = true
"#;

#[test]
fn the_model_of_the_program_reads_and_writes() {
    for model in [Model::people().unwrap(), Model::parse(SMALL).unwrap()] {
        assert_eq!(Model::parse(&model.write().unwrap()).unwrap(), model);
        assert!(!model.is_trained());
        assert!(Trained::new(model).is_err());
    }
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let changes = [
        ("", ""),
        ("version = \"1\"\n", ""),
        ("version = \"1\"", "version = 1"),
        ("kind = \"date\"", "kind = \"day\""),
        ("name = \"born\"\n", "name = \"family\"\n"),
        ("field = \"given\"", "field = \"first\""),
        ("test = \"same\"", "test = \"equal\""),
        ("test = \"same\"", "test = \"similar 1.5\""),
        ("test = \"same\"", "test = \"same year\""),
        ("test = \"same\"", "test = \"swapped\""),
        ("test = \"same\"", "test = \"other name\""),
        ("test = \"same\"", "test = \"else\""),
        ("{ test = \"same\", words = \"the same\" }, ", ""),
        ("words = \"the same\"", "words = \"the same\", fixed_m = 1.5"),
        ("on = [\"born\"]", "on = [\"dob\"]"),
        ("on = [\"born\"]", "on = []"),
        ("on = [\"born\"]", "on = [\"year of given\"]"),
        ("on = [\"born\"]", "on = [\"first 9 of given\"]"),
        ("on = [\"born\"]", "on = [\"born = given\"]"),
        ("train = true", "trained = true"),
        ("link = 0.9", "link = 0.4"),
        ("version = \"1\"", "version = \"1\"\nlabels = \"given\""),
        ("[thresholds]", "[thresholds"),
    ];
    let mut text = String::new();
    for (from, to) in changes {
        let said = match Model::parse(&SMALL.replacen(from, to, 1)) {
            Ok(_) => "good".to_owned(),
            Err(error) => error.to_string(),
        };
        text += &format!("{from:?} -> {to:?}\n    {said}\n");
    }
    insta::assert_snapshot!(text);
}

#[test]
fn a_trained_model_whose_fields_were_changed_is_refused() {
    let trained = format!(
        "{SMALL}\n[training]\nprior = 0.001\nrecords = [10, 10]\nseed = 1\ncolumns = \"{}\"\n",
        Model::parse(SMALL).unwrap().fingerprint()
    );
    assert!(Model::parse(&trained).is_ok());
    let error = Model::parse(&trained.replace("name = \"family\"", "name = \"surname\"")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the model was made for other columns: its fields are not those that it was trained with; read the files with this \
         model, or train a model for them"
    );
}
