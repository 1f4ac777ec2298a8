//! What identifies a person never leaves the files that are meant to hold it.

#![allow(clippy::expect_used, clippy::panic)]

mod common;

use common::{Desk, Run, clean_of_hashes, conviction, extract, with};
use std::collections::BTreeSet;
use vacatur_synth::{ExtractOptions, Population, Profile, columns, write_extract};

/// Columns that identify a person.
const IDENTIFYING: [&str; 14] = [
    "SUBJECT_ID",
    "REQ_CII_NUMBER",
    "REQ_NAME",
    "REQ_DOB",
    "REQ_CDL",
    "REQ_SSN",
    "CII_NUMBER",
    "PRI_NAME",
    "PRI_DOB",
    "PRI_SSN",
    "PRI_CDL",
    "PRI_IDN",
    "PRI_INN",
    "FBI_NUMBER",
];

/// What a run shows to others than those who work with its rows.
fn shown(run: &Run) -> Vec<(&'static str, String)> {
    ["manifest.json", "summary.json", "summary.txt", "rejects.csv"]
        .into_iter()
        .map(|name| (name, clean_of_hashes(&run.text(name))))
        .collect()
}

/// Whether the words of `text` hold `secret` as words of their own.
fn tells(text: &str, secret: &str) -> bool {
    let inner = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    text.match_indices(secret).any(|(at, _)| {
        let (before, after) = (text[..at].chars().next_back(), text[at + secret.len()..].chars().next());
        !inner(before) && !inner(after)
    })
}

#[test]
fn nothing_that_identifies_a_person_is_shown() {
    let population = Population::new(Profile::named("hostile").expect("a profile"), 21, 250);
    let mut bytes = Vec::new();
    write_extract(&population, &mut bytes, &mut std::io::sink(), &ExtractOptions::default(), &mut |_| {})
        .expect("memory");
    let desk = Desk::new();
    let input = desk.file("input.dat", &bytes);
    let said = desk.decide(&[&input], "run", &["--county", "LOS ANGELES"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let run = Run::at(&desk.path("run"));
    assert!(run.count("rejects") > 20, "the file is not hostile enough");

    let mut secrets: BTreeSet<String> = BTreeSet::new();
    let mut words: BTreeSet<String> = BTreeSet::new();
    for person in population.iter() {
        for row in &person.rows {
            for name in IDENTIFYING {
                let value =
                    row.field(columns().iter().position(|known| *known == name).expect("a column")).trim();
                if value.chars().filter(|c| c.is_alphanumeric()).count() < 5 || value.starts_with("0000") {
                    continue;
                }
                secrets.insert(value.to_owned());
                if name.ends_with("NAME") {
                    secrets.extend(
                        value.split([',', ' ']).filter(|part| part.chars().count() > 4).map(str::to_owned),
                    );
                }
            }
            // A word that is in an offence, an agency or a county too says nothing of anybody.
            for name in
                ["OFFENSE_DESCR", "CONV_OFFENSE_DESCR", "STP_ORI_CNTY_NAME", "STP_ORI_DESCR", "DISP_DESCR"]
            {
                let value = row.field(columns().iter().position(|known| *known == name).expect("a column"));
                words.extend(value.split(|c: char| !c.is_alphanumeric()).map(str::to_uppercase));
            }
        }
    }
    assert!(secrets.len() > 1_000, "only {} secrets", secrets.len());
    let mut all = shown(&run);
    all.push(("standard output", clean_of_hashes(&said.out)));
    all.push(("standard error", said.err.clone()));
    let mut told = Vec::new();
    for (place, text) in &all {
        let upper = text.to_uppercase();
        told.extend(
            secrets
                .iter()
                .filter(|secret| {
                    !words.contains(&secret.to_uppercase()) && tells(&upper, &secret.to_uppercase())
                })
                .map(|secret| format!("{place}: {secret}")),
        );
    }
    assert!(told.is_empty(), "{} told: {:?}", told.len(), &told[..told.len().min(20)]);
}

#[test]
fn a_name_that_slipped_into_another_column_is_not_shown() {
    // A name without its quotes is two cells; with the last cell lost the row has 95 again, all of them one to the right.
    let desk = Desk::new();
    let mut row = conviction("7", "101001001000", "11358 HS-CULTIVATE", "20010101");
    let name = common::column("PRI_NAME");
    row[name] = "ZEBEDEE".into();
    row.insert(name + 1, "WILHELMINA".into());
    row.pop();
    // The same with more: the race and the offence hold a name.
    let two = with(
        conviction("8", "101001001000", "ZEBEDEE,WILHELMINA 19600101", "20010101"),
        &[("RACE_DESCR", "ZEBEDEE,WILHELMINA")],
    );
    let input = desk.file("input.dat", extract(&[row, two]));
    let said = desk.decide(&[&input], "run", &[]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let run = Run::at(&desk.path("run"));
    let mut all = shown(&run);
    all.push(("standard output", said.out));
    all.push(("standard error", said.err));
    for (place, text) in all {
        for secret in ["ZEBEDEE", "WILHELMINA", "19600101"] {
            assert!(!text.contains(secret), "{secret} is in {place}");
        }
    }
}

#[test]
fn what_stands_where_a_county_should_is_not_shown() {
    let desk = Desk::new();
    let row = with(
        conviction("7", "101001001000", "11358 HS-CULTIVATE", "20010101"),
        &[("STP_ORI_CNTY_NAME", "ZEBEDEE,WILHELMINA")],
    );
    let input = desk.file("input.dat", extract(&[row]));
    let said = desk.decide(&[&input], "run", &["--county", "YOLO"]);
    assert_eq!(said.code, Some(2));
    assert!(!said.err.contains("ZEBEDEE"), "{}", said.err);
}

#[test]
fn errors_about_a_person_do_not_repeat_who_it_is() {
    let desk = Desk::new();
    let input = desk.file(
        "input.dat",
        extract(&[conviction("7001234", "101001001000", "11358 HS-CULTIVATE", "20010101")]),
    );
    desk.run(&[&input], "run", &[]);
    let said = desk.vacatur(["explain", "run", "--person", "A9999999"]);
    said.refused(&["nobody in this run"]);
    assert!(!said.err.contains("A9999999"));
    let said = desk.vacatur(["explain", "run", "--person", "7001234", "--count", "999"]);
    said.refused(&["no count 999", "101001001000"]);
    assert!(!said.err.contains("7001234") && !said.err.contains("EXAMPLE"));
}
