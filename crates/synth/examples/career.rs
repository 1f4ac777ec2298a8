//! A few people with very long careers: `career PEOPLE ARRESTS CHARGES FILE`, an arrest having so many charges, all of
//! them ending in a conviction. For measuring how the cost grows with the convictions of one person.
//!
//! It is the profile `dense` with other careers: the first charge of every arrest is of cannabis, so that one conviction
//! in `CHARGES` is decided and all of them are looked at. The last line printed is
//! `{"people":N,"rows":N,"counts":N,"convictions":N,"cannabis":N}`.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs::File;
use std::io::{self, BufWriter};
use toml::{Table, Value};
use vacatur_synth::{ExtractOptions, Population, Profile, write_extract};

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [people, arrests, charges, file] = words.as_slice() else {
        eprintln!("usage: career PEOPLE ARRESTS CHARGES FILE");
        std::process::exit(2);
    };
    let band = |number: &str| -> Value {
        let number: i64 = number.parse().expect("a number");
        let ends = [("from", number), ("to", number), ("weight", 1)];
        vec![Table::from_iter(ends.map(|(key, value)| (key.to_owned(), value.into())))].into()
    };
    let mut profile: Table = Profile::source("dense").expect("a built-in profile").parse().unwrap();
    let career = profile["career"].as_table_mut().expect("a table");
    for (key, value) in [
        ("episodes", band(arrests)),
        ("charges", band(charges)),
        ("cannabis_again", 1000.into()),
        ("convicted", 1000.into()),
        ("no_court", 0.into()),
        ("out_of_county", 0.into()),
    ] {
        assert!(career.insert(key.to_owned(), value).is_some(), "the profile has no {key}");
    }
    let profile = Profile::parse(&profile.to_string()).expect("the profile as changed");
    let population = Population::new(profile, 1, people.parse().expect("a number of people"));
    let convictions: usize = population
        .iter()
        .map(|person| person.counts.iter().filter(|count| count.conviction_date().is_some()).count())
        .sum();
    let mut out = BufWriter::new(File::create(file).unwrap());
    let totals =
        write_extract(&population, &mut out, &mut io::sink(), &ExtractOptions::default(), &mut |_| {})
            .unwrap();
    println!(
        "{{\"people\":{},\"rows\":{},\"counts\":{},\"convictions\":{convictions},\"cannabis\":{}}}",
        totals.people, totals.rows, totals.counts, totals.cannabis_convictions
    );
}
