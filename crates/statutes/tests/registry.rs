//! Every table, walked: what is there is cited, and what is wrong does not load.
#![allow(clippy::unwrap_used, clippy::panic)]

use vacatur_records::{Date, DateSpan};
use vacatur_statutes::{Rule, Status, Statutes};

const CODES: &str = include_str!("../../../statutes/us-ca/codes.toml");

#[test]
fn every_entry_is_cited_once() {
    let statutes = Statutes::us_ca().unwrap();
    let names: Vec<&str> = statutes.names().collect();
    assert_eq!(
        names,
        [
            "cannabis",
            "former-cannabis",
            "cannabis-excluded-san-francisco-2018",
            "cannabis-never",
            "possession-of-concentrate",
            "possession-of-an-ounce-or-less",
            "possession-of-more-than-an-ounce",
            "possession-at-school",
            "possession-without-subdivision",
            "cultivation",
            "possession-for-sale",
            "sale-or-transport",
            "gift-or-transport-of-an-ounce",
            "super-strikes",
            "super-strikes-los-angeles-2019",
            "pc-290",
            "pc-290-los-angeles-2019",
            "serious-felonies",
            "violent-felonies",
            "related-charges-2019",
            "related-charges-flagged-2019",
            "plea-bargains-san-francisco-2018",
        ]
    );
    for set in statutes.sets() {
        assert!(!set.title().is_empty() && !set.note().is_empty() && !set.jurisdiction().is_empty());
        for entry in set.entries() {
            let place = format!("{}, {}", set.name(), entry.section());
            let provenance = entry.provenance().unwrap_or_else(|| panic!("{place}: no provenance"));
            assert!(!provenance.cite.is_empty() && !provenance.source.is_empty(), "{place}");
            assert!(!entry.title().is_empty(), "{place}: no title");
            assert!(provenance.checked.is_some(), "{place}: never checked");
            assert!(entry.section().code().is_some(), "{place}: no code");
            // What somebody merely remembers has not been read anywhere.
            if provenance.source.starts_with("general knowledge") {
                assert_eq!(provenance.status, Status::Unconfirmed, "{place}");
            }
        }
    }
}

#[test]
fn every_entry_is_found_by_its_own_section() {
    let statutes = Statutes::us_ca().unwrap();
    for set in statutes.sets() {
        for entry in set.entries().iter().filter(|entry| entry.with().is_empty()) {
            let text = entry.section().to_string();
            let coded = statutes.grammar.parse(&text);
            // Of a dated table the entry's own time is asked for.
            let day = entry.from().unwrap_or(Date::MIN);
            let set = set.in_era(*set.eras_of(DateSpan::on(day)).start());
            let answer = set.membership(coded.offence().unwrap());
            assert!(!answer.truth.is_no(), "{}, {text}: not in its own list", set.name());
            assert_eq!(answer.truth.is_yes(), entry.needs().is_none(), "{}, {text}", set.name());
        }
    }
}

#[test]
fn los_angeles_holds_every_registrable_offence() {
    let statutes = Statutes::us_ca().unwrap();
    let los_angeles = statutes.set("pc-290-los-angeles-2019").unwrap();
    for entry in statutes.set("pc-290").unwrap().entries() {
        let coded = statutes.grammar.parse(&entry.section().to_string());
        assert!(!los_angeles.membership(coded.offence().unwrap()).truth.is_no(), "{}", entry.section());
    }
}

/// Super strikes that the statute names are serious or violent felonies, as it says of itself.
#[test]
fn super_strikes_are_serious_or_violent() {
    let statutes = Statutes::us_ca().unwrap();
    let lists = ["serious-felonies", "violent-felonies"].map(|name| statutes.set(name).unwrap());
    for entry in statutes.set("super-strikes").unwrap().entries() {
        // Clause (V) is a super strike by its name alone, and a companion makes others.
        let alone = ["PC 653f(b)", "PC 11418(a)(1)"].contains(&entry.section().to_string().as_str());
        if alone || !entry.with().is_empty() || entry.needs().is_some() {
            continue;
        }
        let coded = statutes.grammar.parse(&entry.section().to_string());
        let listed = lists.iter().any(|list| !list.membership(coded.offence().unwrap()).truth.is_no());
        assert!(listed, "{}", entry.section());
    }
}

#[test]
fn homicide_attempts_count() {
    let statutes = Statutes::us_ca().unwrap();
    for name in ["super-strikes", "super-strikes-los-angeles-2019"] {
        let set = statutes.set(name).unwrap();
        let murder = statutes.grammar.parse("PC 187");
        let at = set.membership(murder.offence().unwrap()).entry.unwrap();
        assert_eq!(set.entries()[at].attempts(), Rule::Count);
    }
}

/// The error for a table whose only entry is `entry`.
#[track_caller]
fn refused(entry: &str) -> String {
    refused_table(&format!(
        "title = 'T'\njurisdiction = 'J'\nnote = 'N'\ncite = 'C'\nsource = 'S'\nstatus = 'observed'\n[[table.entry]]\ntitle = 'E'\n{entry}"
    ))
}

#[track_caller]
fn refused_table(table: &str) -> String {
    let text = format!("[[table]]\nname = 'list'\n{table}");
    Statutes::parse(&[("codes.toml", CODES), ("x.toml", &text)]).unwrap_err().to_string()
}

#[test]
fn faults_name_file_entry_and_reason() {
    assert_eq!(
        refused("section = '187'"),
        "x.toml: list, 187: \"187\" cannot be read as one section with its code letters"
    );
    assert_eq!(refused("section = 'PC 1'\nstatus = 'sure'").split(": \"").next(), Some("x.toml: list, PC 1"));
    assert_eq!(
        refused("section = 'PC 187'\nstatus = 'sure'"),
        "x.toml: list, PC 187: status \"sure\" is not confirmed, observed, secondary or unconfirmed"
    );
    assert_eq!(
        refused("section = 'PC 187'\nfrom = 2016-01-01\nuntil = 2016-01-01"),
        "x.toml: list, PC 187: from 2016-01-01 is not before until 2016-01-01"
    );
    assert_eq!(
        refused("section = 'PC 187'\n[[table.entry]]\ntitle = 'F'\nsection = 'PC 187'"),
        "x.toml: list, PC 187: listed twice for the same time (also: \"E\")"
    );
    assert_eq!(
        refused("section = 'PC 187'\nattempts = 'maybe'"),
        "x.toml: list, PC 187: attempts \"maybe\" is not count, unclear or do not count"
    );
    assert_eq!(refused("section = 'PC 187'\ncite = ' '"), "x.toml: list, PC 187: cite is blank");
    assert_eq!(
        refused("section = 'PC 191'\nthrough = 'PC 187'"),
        "x.toml: list, PC 191: a range from PC 191 through PC 187 is none"
    );
    assert!(refused("section = 'PC 187'\ncolour = 'red'").contains("unknown field `colour`"));
    assert_eq!(
        refused_table(
            "title = 'T'\njurisdiction = 'J'\nnote = 'N'\nsource = 'S'\nstatus = 'observed'\n[[table.entry]]\ntitle = 'E'\nsection = 'PC 187'"
        ),
        "x.toml: list, PC 187: no cite"
    );
    assert_eq!(
        refused_table(
            "title = 'T'\njurisdiction = 'J'\nnote = 'N'\nsource = 'S'\ncite = 'C'\n[[table.entry]]\ntitle = 'E'\nsection = 'PC 187'"
        ),
        "x.toml: list, PC 187: no status"
    );
}

#[test]
fn the_same_section_may_stand_in_two_eras() {
    let entry = |era: &str| format!("[[table.entry]]\ntitle = 'E'\nsection = 'PC 187'\n{era}\n");
    let head = "[[table]]\nname = 'list'\ntitle = 'T'\njurisdiction = 'J'\nnote = 'N'\ncite = 'C'\nsource = 'S'\nstatus = 'observed'\n";
    let text = format!("{head}{}{}", entry("until = 2000-01-01"), entry("from = 2000-01-01"));
    assert!(Statutes::parse(&[("codes.toml", CODES), ("x.toml", &text)]).is_ok());
}

#[test]
fn names_are_unique_and_codes_are_needed() {
    let table = "[[table]]\nname = 'list'\ntitle = 'T'\njurisdiction = 'J'\nnote = 'N'\ncite = 'C'\nsource = 'S'\nstatus = 'observed'\n[[table.entry]]\ntitle = 'E'\nsection = 'PC 187'\n";
    let twice = Statutes::parse(&[("codes.toml", CODES), ("x.toml", table), ("y.toml", table)]).unwrap_err();
    assert_eq!(twice.to_string(), "y.toml: list: a table of this name exists already");
    let none = Statutes::parse(&[("x.toml", table)]).unwrap_err();
    assert_eq!(none.to_string(), "codes.toml: file: missing: no section can be read without it");
}
