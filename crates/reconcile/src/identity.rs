//! Who somebody is, as cells of the linker's columns.

use crate::state::StateIdentity;
use crate::union::{span_digits, written};
use vacatur_records::{CourtCase, Gap, PartyKind, PartyName};

/// The columns that both sides fill, by the names that models know them by.
pub(crate) const COLUMNS: [&str; 13] =
    ["first", "middle", "last", "suffix", "dob", "sex", "race", "zip", "ssn", "dl", "cii", "fbi", "aka"];

/// The cells of somebody in the state's file.
pub(crate) fn of_state(who: &StateIdentity) -> [String; 13] {
    let name = parted(&who.name);
    let also: Vec<String> = who.also.iter().map(|other| other_name(&parted(other))).collect();
    [
        name.first,
        name.middle,
        name.last,
        name.suffix,
        who.born.clone(),
        who.sex.clone(),
        race(&who.race).to_owned(),
        String::new(),
        who.ssn.clone(),
        who.license.clone(),
        who.cii.clone(),
        who.fbi.clone(),
        also.join("|"),
    ]
}

/// The cells of the defendant of a case.
pub(crate) fn of_court(case: &CourtCase) -> [String; 13] {
    let party = &case.party;
    let name = party.name.expose();
    let born = match party.birth.expose() {
        Some((span, None | Some(Gap::Partial))) => span_digits(*span),
        _ => String::new(),
    };
    let also: Vec<String> = party.also.expose().iter().map(other_name).collect();
    [
        name.first.clone(),
        name.middle.clone(),
        name.last.clone(),
        name.suffix.clone(),
        born,
        party.sex.clone(),
        race(&party.race).to_owned(),
        party.zip.expose().clone(),
        party.ssn.expose().clone(),
        party.license.expose().clone(),
        party.cii.expose().clone(),
        party.fbi.expose().clone(),
        also.join("|"),
    ]
}

/// Whether the record names a person.
pub(crate) fn is_named(case: &CourtCase) -> bool {
    let name = case.party.name.expose();
    case.party.kind == PartyKind::Person && !(name.last.is_empty() && name.first.is_empty())
}

/// For tables: the name as the state's layout writes it.
pub(crate) fn name_of(case: &CourtCase) -> String {
    written(case.party.name.expose())
}

fn other_name(name: &PartyName) -> String {
    format!("{} {}", name.first, name.last).trim().to_owned()
}

/// Race in one letter, so that words and codes of two agencies compare; empty if it is unknown. Agencies put it down by
/// eye: what is told apart here is what they tell apart most often.
fn race(text: &str) -> &'static str {
    let text = text.trim().to_uppercase();
    let starts = |words: &[&str]| words.iter().any(|word| text.starts_with(word));
    match text.as_str() {
        "" | "U" | "X" | "UNKNOWN" | "UNK" => "",
        "B" => "B",
        "H" => "H",
        "W" => "W",
        "I" => "I",
        "O" | "OTHER" => "O",
        _ if starts(&["BLACK", "AFRICAN"]) => "B",
        _ if starts(&["HISPANIC", "LATIN", "MEXICAN"]) => "H",
        _ if starts(&["WHITE", "CAUCASIAN"]) => "W",
        _ if starts(&["AMERICAN INDIAN", "NATIVE"]) => "I",
        _ => "A",
    }
}

/// `LAST,FIRST MIDDLE SUFFIX` in its parts.
pub(crate) fn parted(text: &str) -> PartyName {
    let (last, given) = text.split_once(',').unwrap_or((text, ""));
    let mut last: Vec<&str> = last.split_whitespace().collect();
    let mut given: Vec<&str> = given.split_whitespace().collect();
    let mut suffix = String::new();
    for words in [&mut given, &mut last] {
        if words.len() > 1
            && let Some(word) = words.last().filter(|word| is_suffix(word))
        {
            suffix = word.trim_end_matches('.').to_uppercase();
            words.pop();
        }
    }
    let mut given = given.into_iter();
    PartyName {
        last: last.join(" "),
        first: given.next().unwrap_or_default().to_owned(),
        middle: given.collect::<Vec<_>>().join(" "),
        suffix,
    }
}

fn is_suffix(word: &str) -> bool {
    let word = word.trim_end_matches('.');
    ["JR", "SR", "II", "III", "IV"].iter().any(|suffix| word.eq_ignore_ascii_case(suffix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_parts() {
        let mut shown = String::new();
        for text in [
            "QUARTZ,OBERON T",
            "QUARTZ,OBERON T JR",
            "DE LA PEDRA, LUMEN",
            "QUARTZ JR,OBERON",
            "QUARTZ",
            "",
            "II,ZED",
        ] {
            let name = parted(text);
            shown +=
                &format!("{text:<20} {} | {} | {} | {}\n", name.last, name.first, name.middle, name.suffix);
        }
        insta::assert_snapshot!(shown, @"
        QUARTZ,OBERON T      QUARTZ | OBERON | T | 
        QUARTZ,OBERON T JR   QUARTZ | OBERON | T | JR
        DE LA PEDRA, LUMEN   DE LA PEDRA | LUMEN |  | 
        QUARTZ JR,OBERON     QUARTZ | OBERON |  | JR
        QUARTZ               QUARTZ |  |  | 
                              |  |  | 
        II,ZED               II | ZED |  |
        ");
    }
}
