//! The options file of the former tool, under the policy that is that tool.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use serde_json::{Value as Json, json};
use vacatur_eligibility::{VOCABULARY, options, shelf};
use vacatur_policy::{Policy, Value};

fn policy(name: &str) -> Policy {
    Policy::parse(shelf::policy(name).unwrap(), &VOCABULARY).unwrap().0
}

/// A parameter's value under an options file, as `--set` would write it.
fn set(text: &str) -> impl Fn(&str) -> String {
    let policy = policy("us-ca/bear");
    let settings = options::read(&policy, text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let values = policy.values(settings.iter().map(|(name, value)| (name.as_str(), value.as_str()))).unwrap();
    move |name| {
        let at = policy.parameters.iter().position(|parameter| parameter.name == name).unwrap();
        values[at].to_string()
    }
}

/// What is said of a file that cannot be used.
fn refused(text: &str) -> String {
    match options::read(&policy("us-ca/bear"), text) {
        Ok(settings) => panic!("it was taken: {settings:?}"),
        Err(error) => error.to_string(),
    }
}

/// A file with one key of the second section.
fn relief(key: &str, value: Json) -> String {
    json!({ "additionalRelief": { key: value } }).to_string()
}

/// A file with one key of the first section.
fn baseline(key: &str, value: Json) -> String {
    json!({ "baselineEligibility": { key: value } }).to_string()
}

const ALL: &str = r#"{
  "baselineEligibility": { "dismiss": ["11357", "11358"], "reduce": ["11359", "11360"] },
  "additionalRelief": {
    "subjectUnder21AtConviction": true,
    "subjectAgeThreshold": 57,
    "yearsSinceConvictionThreshold": 10,
    "yearsCrimeFreeThreshold": 5,
    "subjectHasOnlyProp64Charges": true,
    "subjectIsDeceased": true
  }
}"#;

#[test]
fn every_key() {
    let set = set(ALL);
    let found = [
        "dismissed",
        "reduced",
        "under-21",
        "age",
        "years-old",
        "years-clean",
        "only-cannabis",
        "when-deceased",
    ]
    .map(|name| format!("{name} = {}", set(name)));
    insta::assert_snapshot!(found.join("\n"), @r"
    dismissed = HS 11357, HS 11358
    reduced = HS 11359, HS 11360
    under-21 = yes
    age = 57
    years-old = 10
    years-clean = 5
    only-cannabis = yes
    when-deceased = yes
    ");
}

/// Whatever the document's defaults are.
#[test]
fn what_is_absent_is_off() {
    for text in
        ["{}", r#"{"additionalRelief": {}}"#, r#"{"baselineEligibility": {}, "additionalRelief": {}}"#]
    {
        let set = set(text);
        let found = [
            "dismissed",
            "reduced",
            "under-21",
            "age",
            "years-old",
            "years-clean",
            "only-cannabis",
            "when-deceased",
        ]
        .map(&set);
        assert_eq!(found, ["none", "none", "no", "off", "off", "off", "no", "no"], "{text}");
    }
    // The document's own defaults are others, and the county is no business of the file.
    let policy = policy("us-ca/bear");
    let default = |name: &str| {
        policy.parameters.iter().find(|parameter| parameter.name == name).unwrap().default.clone()
    };
    assert_eq!((default("years-old"), default("only-cannabis")), (Value::Number(Some(5)), Value::Flag(true)));
    assert!(!options::read(&policy, "{}").unwrap().iter().any(|(name, _)| name == "county"));
}

#[test]
fn zero_is_off() {
    for (key, name) in [
        ("subjectAgeThreshold", "age"),
        ("yearsSinceConvictionThreshold", "years-old"),
        ("yearsCrimeFreeThreshold", "years-clean"),
    ] {
        assert_eq!(set(&relief(key, json!(0)))(name), "off");
        assert_ne!(set(&relief(key, json!(if name == "age" { 40 } else { 1 })))(name), "off");
    }
}

#[test]
fn both_ends_of_a_range_are_in_it() {
    for (key, name, from, to) in [
        ("subjectAgeThreshold", "age", 40, 65),
        ("yearsSinceConvictionThreshold", "years-old", 1, 15),
        ("yearsCrimeFreeThreshold", "years-clean", 1, 15),
    ] {
        for inside in [from, to] {
            assert_eq!(set(&relief(key, json!(inside)))(name), inside.to_string());
        }
        for outside in [from - 1, to + 1, -from].into_iter().filter(|number| *number != 0) {
            let error = refused(&relief(key, json!(outside)));
            assert_eq!(
                error,
                format!(
                    "the option `additionalRelief.{key}`: `{name}` cannot be `{outside}`: it is a whole number from {from} to {to}, or off"
                )
            );
        }
    }
    // Beyond what a number can be.
    assert!(
        refused(&relief("subjectAgeThreshold", json!(99_999_999_999_u64)))
            .contains("additionalRelief.subjectAgeThreshold")
    );
    assert!(
        refused(&relief("subjectAgeThreshold", json!(u64::MAX)))
            .contains("additionalRelief.subjectAgeThreshold")
    );
}

#[test]
fn an_unknown_key_is_named_with_the_nearest_one() {
    let found = [
        json!({ "baselineEligibilty": {} }),
        json!({ "additionalRelieve": { "subjectAgeThreshold": 57 } }),
        json!({ "additionalRelief": { "subjectAgeTreshold": 57 } }),
        json!({ "baselineEligibility": { "dismissed": ["11357"] } }),
        json!({ "additionalRelief": { "more": { "subjectIsDeceased": true } } }),
        json!({ "version": 2 }),
        json!({ "": {} }),
    ]
    .map(|file| refused(&file.to_string()));
    insta::assert_snapshot!(found.join("\n"), @r"
    the options file has the key `baselineEligibilty`, which this policy does not know; did you mean `baselineEligibility`?
    the options file has the key `additionalRelieve`, which this policy does not know; did you mean `additionalRelief`?
    the options file has the key `additionalRelief.subjectAgeTreshold`, which this policy does not know; did you mean `additionalRelief.subjectAgeThreshold`?
    the options file has the key `baselineEligibility.dismissed`, which this policy does not know; did you mean `baselineEligibility.dismiss`?
    the options file has the key `additionalRelief.more`, which this policy does not know; did you mean `additionalRelief`?
    the options file has the key `version`, which this policy does not know
    the options file has the key ``, which this policy does not know
    ");
}

/// A key that the policy knows, with an object for its value: the value is wrong, and not the key.
#[test]
fn an_object_where_a_value_belongs() {
    for (file, takes) in [
        (baseline("dismiss", json!({ "11357": true })), "a list of sections in quotation marks"),
        (relief("subjectIsDeceased", json!({ "value": true })), "true or false"),
        (relief("subjectAgeThreshold", json!({})), "a whole number"),
    ] {
        let error = refused(&file);
        assert!(error.contains(&format!("must be {takes}")), "{error}");
    }
}

#[test]
fn wrong_types() {
    let found = [
        relief("subjectUnder21AtConviction", json!(1)),
        relief("subjectUnder21AtConviction", json!("true")),
        relief("subjectIsDeceased", json!(null)),
        relief("subjectAgeThreshold", json!("57")),
        relief("subjectAgeThreshold", json!(57.5)),
        relief("subjectAgeThreshold", json!(57.0)),
        relief("subjectAgeThreshold", json!(null)),
        relief("yearsCrimeFreeThreshold", json!(true)),
        baseline("dismiss", json!("11357")),
        baseline("dismiss", json!([11357])),
        baseline("reduce", json!(null)),
        baseline("reduce", json!([["11357"]])),
        json!({ "baselineEligibility": [] }).to_string(),
        json!({ "additionalRelief": null }).to_string(),
        json!({ "additionalRelief": "a text that is far too long to be shown in an error message as a whole" }).to_string(),
    ]
    .map(|file| refused(&file));
    insta::assert_snapshot!(found.join("\n"), @r#"
    the option `additionalRelief.subjectUnder21AtConviction` must be true or false, not 1
    the option `additionalRelief.subjectUnder21AtConviction` must be true or false, not "true"
    the option `additionalRelief.subjectIsDeceased` must be true or false, not null
    the option `additionalRelief.subjectAgeThreshold` must be a whole number, not "57"
    the option `additionalRelief.subjectAgeThreshold` must be a whole number, not 57.5
    the option `additionalRelief.subjectAgeThreshold` must be a whole number, not 57.0
    the option `additionalRelief.subjectAgeThreshold` must be a whole number, not null
    the option `additionalRelief.yearsCrimeFreeThreshold` must be a whole number, not true
    the option `baselineEligibility.dismiss` must be a list of sections in quotation marks, not "11357"
    the option `baselineEligibility.dismiss` must be a list of sections in quotation marks, not [11357]
    the option `baselineEligibility.reduce` must be a list of sections in quotation marks, not null
    the option `baselineEligibility.reduce` must be a list of sections in quotation marks, not [["11357"]]
    the option `baselineEligibility` must be an object { … }, not []
    the option `additionalRelief` must be an object { … }, not null
    the option `additionalRelief` must be an object { … }, not "a text that is far too long to be shown…
    "#);
}

#[test]
fn sections_with_and_without_their_letters() {
    for written in ["11357", "HS 11357", " 11357 "] {
        assert_eq!(set(&baseline("dismiss", json!([written])))("dismissed"), "HS 11357");
    }
    for all in [json!([]), json!(["11357", "11358", "11359", "11360"])] {
        let shown = set(&baseline("reduce", all.clone()))("reduced");
        assert_eq!(
            shown.split(", ").filter(|section| *section != "none").count(),
            all.as_array().unwrap().len()
        );
    }
    let found = ["11357(a)", "11361", "", "PC 11357", "hs 11357", "HS"]
        .map(|section| refused(&baseline("dismiss", json!([section]))));
    insta::assert_snapshot!(found.join("\n"), @r"
    the option `baselineEligibility.dismiss`: `dismissed` cannot be `11357(a)`: it is none or some of HS 11357, HS 11358, HS 11359, HS 11360
    the option `baselineEligibility.dismiss`: `dismissed` cannot be `11361`: it is none or some of HS 11357, HS 11358, HS 11359, HS 11360
    the option `baselineEligibility.dismiss`: `dismissed` cannot be ``: it is none or some of HS 11357, HS 11358, HS 11359, HS 11360
    the option `baselineEligibility.dismiss`: `dismissed` cannot be `PC 11357`: it is none or some of HS 11357, HS 11358, HS 11359, HS 11360
    the option `baselineEligibility.dismiss`: `dismissed` cannot be `hs 11357`: it is none or some of HS 11357, HS 11358, HS 11359, HS 11360
    the option `baselineEligibility.dismiss`: `dismissed` cannot be `HS`: it is none or some of HS 11357, HS 11358, HS 11359, HS 11360
    ");
}

#[test]
fn a_section_in_both_lists() {
    let policy = policy("us-ca/bear");
    let file = json!({ "baselineEligibility": { "dismiss": ["11357", "11359"], "reduce": ["HS 11359"] } })
        .to_string();
    let settings = options::read(&policy, &file).unwrap();
    let error =
        policy.values(settings.iter().map(|(name, value)| (name.as_str(), value.as_str()))).unwrap_err();
    insta::assert_snapshot!(error, @r"`reduced` cannot be `HS 11359`: it is apart from `dismissed`, which names HS 11359 too; keep it in one of them");
}

#[test]
fn a_setting_after_the_file_replaces_it() {
    let policy = policy("us-ca/bear");
    let settings = options::read(&policy, ALL).unwrap();
    let given = settings
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .chain([("age", "60"), ("reduced", "none")]);
    let values = policy.values(given).unwrap();
    let value =
        |name: &str| &values[policy.parameters.iter().position(|parameter| parameter.name == name).unwrap()];
    assert_eq!((value("age"), value("reduced")), (&Value::Number(Some(60)), &Value::Sections(Vec::new())));
}

#[test]
fn not_json() {
    let found = [
        "",
        "dismiss: 11357",
        "{\"additionalRelief\": {}",
        "{} {}",
        "{'additionalRelief': {}}",
        "{\"a\": 1,}",
    ]
    .map(refused);
    insta::assert_snapshot!(found.join("\n"), @r"
    the options file is not JSON: EOF while parsing a value at line 1 column 0
    the options file is not JSON: expected value at line 1 column 1
    the options file is not JSON: EOF while parsing an object at line 1 column 23
    the options file is not JSON: trailing characters at line 1 column 4
    the options file is not JSON: key must be a string at line 1 column 2
    the options file is not JSON: trailing comma at line 1 column 9
    ");
    for other in ["[]", "null", "57", "\"additionalRelief\""] {
        assert_eq!(refused(other), "the options file must hold one object { … }");
    }
}

#[test]
fn a_byte_order_mark_is_passed_over() {
    assert_eq!(set(&format!("\u{feff}{ALL}"))("age"), "57");
    assert_eq!(set(&format!("\u{feff}\r\n{}", ALL.replace('\n', "\r\n")))("age"), "57");
}

#[test]
fn a_policy_without_such_keys_takes_no_file() {
    let error = options::read(&policy("us-ca/los-angeles-2020"), ALL).unwrap_err().to_string();
    assert_eq!(
        error,
        "the policy us-ca/los-angeles-2020 takes no options file; set its parameters with --set NAME=VALUE"
    );
    // That the file is no JSON is said first.
    assert!(
        options::read(&policy("us-ca/los-angeles-2020"), "").unwrap_err().to_string().contains("not JSON")
    );
}
