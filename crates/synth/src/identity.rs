//! Who an invented person is.

use jiff::civil::Date;

use crate::calendar::{day, push_number};
use crate::kin;
use crate::lists::lists;
use crate::names::{self, Origin};
use crate::profile::{Profile, band};
use crate::random::{Dice, mixed};

/// An invented person: nobody's name, nobody's numbers.
#[derive(Clone, Debug)]
pub struct Identity {
    /// Eight digits; no two people below number 90,000,000 of a population share them.
    pub subject_id: String,
    /// `A` and eight digits; no two people below number 40,000,000 of a population share them.
    pub cii: String,
    /// `FAMILY,GIVEN M`, in capitals, now and then with letters beyond ASCII.
    pub name: String,
    /// Other names that rows may give as REQ_NAME.
    pub aliases: Vec<String>,
    /// `M` or `F`.
    pub sex: char,
    /// The letter, or a blank.
    pub race: &'static str,
    /// The letter's word, or a blank.
    pub race_words: &'static str,
    /// The day of birth.
    pub born: Date,
    /// Nine digits from 900 on, where none was ever issued; or blank.
    pub ssn: String,
    /// A letter and seven digits, or blank.
    pub cdl: String,
    /// Where the names come from: `hispanic`, `european`, `east_asian`; blank where the profile has no such names.
    pub origin: &'static str,
    /// What the columns of mere description are filled from.
    pub(crate) looks: u32,
}

impl Identity {
    /// The arresting agency's own number of the arrest in a cycle: seven digits.
    pub(crate) fn arrest_file(&self, cycle: u16) -> u32 {
        self.looks.wrapping_mul(31).wrapping_add(u32::from(cycle) * 104_729) % 10_000_000
    }
}

/// Letters and words for race, in the order of the profile's weights.
const RACES: [(&str, &str); 8] = [
    ("B", "BLACK"),
    ("H", "HISPANIC"),
    ("W", "WHITE"),
    ("A", "OTHER ASIAN"),
    ("I", "AMERICAN INDIAN"),
    ("O", "OTHER"),
    ("U", "UNKNOWN"),
    ("", ""),
];

/// Draws person `number`.
///
/// Where the profile has names as they are spread among people, a person with an odd number may be kin of the one before.
pub(crate) fn identity(profile: &Profile, seed: u64, number: u64, dice: &mut Dice) -> Identity {
    let mut identity = alone(profile, seed, number, dice);
    if let Some(settings) = profile.names.as_ref().filter(|_| number % 2 == 1) {
        let mut lot = Dice::new(seed ^ KIN, number);
        if let Some(how) = kin::how(settings, &mut lot) {
            let other = alone(profile, seed, number - 1, &mut Dice::new(seed, (number - 1) << 1));
            kin::resemble(&mut identity, &other, how, &mut lot);
        }
    }
    identity
}

/// Sets the dice of kinship apart from those of lives.
const KIN: u64 = 0x6b69_6e73_6869_7021;

fn alone(profile: &Profile, seed: u64, number: u64, dice: &mut Dice) -> Identity {
    let settings = &profile.population;
    let year = band(&settings.born, dice);
    let born = day(year as i16, dice.between(1, 12) as i8, dice.between(1, 31) as i8);
    let sex = if dice.permille(settings.male) { 'M' } else { 'F' };
    let (race, race_words) = RACES[dice.weighted(settings.race.weights().into_iter())];
    let accents = dice.permille(settings.accents);
    let (name, aliases, origin) = match &profile.names {
        None => {
            let name = name(accents, dice);
            let aliases = if dice.permille(settings.aliases) {
                (0..dice.between(1, 3)).map(|_| alias(&name, dice)).collect()
            } else {
                Vec::new()
            };
            (name, aliases, "")
        }
        Some(spread) => {
            let origin = Origin::draw(race, dice);
            let parts = names::name(spread, origin, sex, accents, dice);
            let number = if dice.permille(settings.aliases) { dice.between(1, 3) } else { 0 };
            let aliases = (0..number).map(|_| names::alias(&parts, origin, sex, dice)).collect();
            (parts.write(), aliases, origin.word())
        }
    };
    let mut ssn = String::new();
    if dice.permille(settings.ssn) {
        // The middle stays below 50: above it, the same digits could be a taxpayer's number.
        for (number, digits) in
            [(dice.between(900, 999), 3), (dice.between(1, 49), 2), (dice.between(1, 9999), 4)]
        {
            push_number(&mut ssn, number, digits);
        }
    }
    let mut cdl = String::new();
    if dice.permille(settings.cdl) {
        cdl.push(dice.pick(&['Q', 'X', 'Z']));
        push_number(&mut cdl, dice.below(10_000_000), 7);
    }
    let (subject_id, cii) = numbers(seed, number);
    Identity {
        subject_id,
        cii,
        name,
        aliases,
        sex,
        race,
        race_words,
        born,
        ssn,
        cdl,
        origin,
        looks: dice.below(u32::MAX),
    }
}

/// The two numbers of a person: steps through a circle whose size has no divisor in common with the step, so
/// that no number comes twice on one turn, and neighbours look unrelated.
pub(crate) fn numbers(seed: u64, number: u64) -> (String, String) {
    let (mut subject_id, mut cii) = (String::new(), String::from("A"));
    let mut start = seed;
    let mut place = |step: u64, size: u64| ((number % size) * step + mixed(&mut start) % size) % size;
    push_number(&mut subject_id, 10_000_000 + place(61_803_401, 90_000_000) as u32, 8);
    push_number(&mut cii, place(27_182_819, 40_000_000) as u32, 8);
    (subject_id, cii)
}

fn name(accents: bool, dice: &mut Dice) -> String {
    let words = &lists().words;
    let mut name = String::with_capacity(24);
    if accents {
        name.push_str(dice.pick(&words.accented));
        if dice.permille(300) {
            name.push('-');
            name.push_str(dice.pick(&words.family));
        }
    } else {
        name.push_str(dice.pick(&words.family));
        match dice.below(10) {
            0..=2 => {
                name.push('-');
                name.push_str(dice.pick(&words.family));
            }
            3..=5 => name.push_str(dice.pick(&["STONE", "WRIGHT", "ROOT", "LEAF", "CRAG"])),
            _ => {}
        }
    }
    name.push(',');
    given(accents, &mut name, dice);
    if dice.permille(600) {
        name.push(' ');
        name.push(char::from(b'A' + dice.below(26) as u8));
    }
    if dice.permille(30) {
        name.push_str(" JR");
    }
    name
}

fn given(accents: bool, name: &mut String, dice: &mut Dice) {
    let words = &lists().words;
    if accents && dice.permille(500) {
        name.push_str(dice.pick(&words.accented_given));
    } else {
        name.push_str(dice.pick(&words.given));
        name.push_str(dice.pick(&words.ending));
    }
}

/// Another name for the same person: another given name, or another family name.
fn alias(name: &str, dice: &mut Dice) -> String {
    let (family, rest) = name.split_once(',').unwrap_or((name, ""));
    if dice.permille(500) {
        let mut alias = format!("{family},");
        given(false, &mut alias, dice);
        alias
    } else {
        format!("{},{rest}", dice.pick(&lists().words.family))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_two_people_share_a_number() {
        let (mut subjects, mut ciis) = (HashSet::new(), HashSet::new());
        for number in 0..20_000 {
            let (subject_id, cii) = numbers(42, number);
            assert_eq!((subject_id.len(), cii.len()), (8, 9));
            assert!(subjects.insert(subject_id) && ciis.insert(cii), "person {number}");
        }
    }
}
