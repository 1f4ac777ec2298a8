//! What changes from one document to another, in words and on the smallest history that shows it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;
use vacatur_eligibility::{Difference, VOCABULARY, difference, shelf, unreached};
use vacatur_policy::Policy;
use vacatur_statutes::Statutes;

fn policy(text: &str) -> Arc<Policy> {
    match Policy::parse_with(text, &VOCABULARY, &shelf::library) {
        Ok((policy, _)) => Arc::new(policy),
        Err(errors) => panic!("{}", errors.iter().map(|error| error.render("it", text)).collect::<String>()),
    }
}

fn shown(difference: &Difference) -> String {
    let mut out = String::new();
    for change in &difference.changes {
        out.push_str(&format!("{}\n", change.says));
        if let Some(example) = &change.example {
            out.push_str(&format!("{}one: {}\nother: {}\n", example.history, example.one, example.other));
        } else if change.tried {
            out.push_str("no history found\n");
        }
        out.push('\n');
    }
    out
}

#[test]
fn variants_of_los_angeles() {
    let statutes = Arc::new(Statutes::us_ca().unwrap());
    let whole = policy(shelf::policy("us-ca/los-angeles-2020").unwrap());
    for name in ["no-super-strike", "no-registrable-offence", "no-date", "no-two-priors"] {
        let text = std::fs::read_to_string(format!(
            "{}/../../policies/us-ca/variants/los-angeles-2020-{name}.md",
            env!("CARGO_MANIFEST_DIR")
        ))
        .unwrap();
        let found = difference(&whole, &policy(&text), &statutes, None).unwrap();
        insta::assert_snapshot!(name, shown(&found));
    }
    for remark in unreached(&whole, &statutes).unwrap() {
        println!("{}", remark.message);
    }
}
