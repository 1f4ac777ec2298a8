//! A clerk writes down who a defendant is, and which case it is: with all that goes wrong in it.

use jiff::civil::Date;

use super::defect::CourtDefect as D;
use super::docket::{Case, Defendant, Docket};
use super::profile::CourtProfile;
use crate::calendar::{day, plus_days, plus_years, push_number};
use crate::names::{self, Origin, Parts};
use crate::random::{Dice, mixed};

/// A defendant as the court's file has it.
pub(crate) struct Party {
    pub(crate) name: Parts,
    pub(crate) also: Vec<Parts>,
    pub(crate) birth: Option<Date>,
    pub(crate) sex: &'static str,
    pub(crate) race: &'static str,
    pub(crate) cii: String,
    pub(crate) licence: String,
    pub(crate) ssn_last_four: String,
    pub(crate) booking: String,
    pub(crate) zip: String,
}

/// Writes with errors, and notes them.
pub(crate) struct Clerk<'a> {
    pub(crate) profile: &'a CourtProfile,
    pub(crate) dice: &'a mut Dice,
    pub(crate) marks: Vec<D>,
    pub(crate) docket: &'a Docket<'a>,
}

impl Clerk<'_> {
    /// Whether an error happens. It is noted by whoever could make it.
    pub(crate) fn happens(&mut self, kind: D) -> bool {
        self.dice.permille(self.profile.rate(kind))
    }

    /// Whether an error happens that can always be made; notes it.
    pub(crate) fn does(&mut self, kind: D) -> bool {
        let happens = self.happens(kind);
        if happens {
            self.marks.push(kind);
        }
        happens
    }

    /// Changes a text, and notes the error if it did change.
    fn alter(&mut self, kind: D, text: &mut String, change: impl FnOnce(&str, &mut Dice) -> String) {
        if !text.is_empty() && self.happens(kind) {
            let changed = change(text, self.dice);
            if changed != *text {
                *text = changed;
                self.marks.push(kind);
            }
        }
    }

    pub(crate) fn party(&mut self, case: &Case, who: &Defendant) -> Party {
        let identity = &who.identity;
        let name = self.name(case, who);
        let also = if !identity.aliases.is_empty() && self.dice.permille(self.profile.identifiers.aliases) {
            identity.aliases.iter().map(|alias| Parts::read(alias)).collect()
        } else {
            Vec::new()
        };
        let birth = self.birth(identity.born);
        let other = if identity.sex == 'M' { "F" } else { "M" };
        let own = if identity.sex == 'M' { "M" } else { "F" };
        let sex = match () {
            () if self.does(D::SexBlank) => "",
            () if self.does(D::SexWrong) => other,
            () => own,
        };
        let race = self.race(identity.race);
        let ids = &self.profile.identifiers;
        let printed = match case.filed.year() {
            ..1985 => ids.cii_before_1985,
            1985..2005 => ids.cii_before_2005,
            _ => ids.cii_since,
        };
        let cii = if self.dice.permille(printed) { self.cii(&identity.cii) } else { String::new() };
        let mut licence = String::new();
        if self.dice.permille(ids.licence) {
            licence.push_str(&identity.cdl);
            self.alter(D::LicenceTypo, &mut licence, digit_typo);
        }
        let mut ssn_last_four = String::new();
        if self.dice.permille(ids.ssn_last_four) {
            ssn_last_four.push_str(identity.ssn.get(5..).unwrap_or_default());
        }
        let mut booking = String::new();
        if self.dice.permille(ids.booking) {
            let cycle = who.counts.first().map_or(0, |count| count.number[0]);
            push_number(&mut booking, identity.arrest_file(cycle), 7);
        }
        let mut zip = String::new();
        if self.dice.permille(ids.zip) {
            push_number(&mut zip, 90_001 + identity.looks % 600, 5);
        }
        Party { name, also, birth, sex, race, cii, licence, ssn_last_four, booking, zip }
    }

    fn name(&mut self, case: &Case, who: &Defendant) -> Parts {
        let identity = &who.identity;
        if self.does(D::NamePlaceholder) {
            let first = if identity.sex == 'F' { "JANE" } else { "JOHN" };
            return Parts { last: "DOE".to_owned(), first: first.to_owned(), ..Parts::default() };
        }
        let mut name = Parts::read(&identity.name);
        if !identity.aliases.is_empty() && self.does(D::NameAlias) {
            name = Parts::read(&self.other_name(&identity.aliases));
        } else if identity.sex == 'F' {
            self.maiden(case, who, &mut name);
        }
        if !name.middle.is_empty() && self.does(D::FirstMiddle) {
            std::mem::swap(&mut name.first, &mut name.middle);
        }
        match () {
            () if self.does(D::FirstMissing) => name.first.clear(),
            () if self.happens(D::FirstInitial) => {
                self.marks.push(D::FirstInitial);
                name.first = name.first.chars().take(1).collect();
            }
            () => {
                self.alter(D::FirstNickname, &mut name.first, nickname);
                self.alter(D::FirstTypo, &mut name.first, typo);
            }
        }
        self.alter(D::LastTypo, &mut name.last, typo);
        if let Some((one, other)) = name.last.split_once([' ', '-']) {
            let (one, other) = (one.to_owned(), other.to_owned());
            if self.does(D::CompoundCut) {
                // The first of two is the father's, and the one that is kept.
                name.last = if self.dice.permille(800) { one } else { other };
            } else if self.does(D::CompoundJoined) {
                let sign = if name.last.contains(' ') { "-" } else { " " };
                name.last = if self.dice.permille(400) { one + &other } else { one + sign + &other };
            }
        }
        self.alter(D::MiddleMissing, &mut name.middle, |_, _| String::new());
        self.alter(D::MiddleInitial, &mut name.middle, |text, _| text.chars().take(1).collect());
        self.alter(D::SuffixDropped, &mut name.suffix, |_, _| String::new());
        if !name.first.is_empty() && self.does(D::NameSwapped) {
            std::mem::swap(&mut name.first, &mut name.last);
        }
        name
    }

    fn other_name(&mut self, aliases: &[String]) -> String {
        let at = self.dice.below(aliases.len() as u32) as usize;
        aliases.get(at).cloned().unwrap_or_default()
    }

    /// The same other family name on all of a woman's cases before the same day.
    fn maiden(&mut self, case: &Case, who: &Defendant, name: &mut Parts) {
        let mut own = Dice::new(mixed(&mut who.lot.wrapping_add(0x6d61_6964)), 0);
        if !own.permille(self.profile.rate(D::NameMaiden)) {
            return;
        }
        let origin = match who.identity.origin {
            "hispanic" => Origin::Hispanic,
            "east_asian" => Origin::EastAsian,
            _ => Origin::European,
        };
        let last = names::family(origin, &mut own);
        let until = plus_years(who.identity.born, own.between(20, 45) as i32);
        if case.on < until && last != name.last {
            name.last = last;
            self.marks.push(D::NameMaiden);
        }
    }

    /// At most one error of the birth date.
    fn birth(&mut self, born: Date) -> Option<Date> {
        let kinds = [
            D::BirthMissing,
            D::BirthSwapped,
            D::BirthTypo,
            D::BirthYearOff,
            D::BirthDayOff,
            D::BirthFirstJanuary,
            D::BirthDecadeOff,
            D::BirthFalse,
        ];
        let Some(kind) = kinds.into_iter().find(|kind| self.dice.permille(self.profile.rate(*kind))) else {
            return Some(born);
        };
        let sign = if self.dice.permille(500) { 1 } else { -1 };
        let written = match kind {
            D::BirthMissing => {
                self.marks.push(kind);
                return None;
            }
            D::BirthSwapped => Date::new(born.year(), born.day(), born.month()).unwrap_or(born),
            D::BirthTypo => {
                let mut digits = String::new();
                crate::calendar::push_digits(&mut digits, born);
                // A digit of the year's end, of the month or of the day; what is no date is not written.
                let wrong = digit_typo(&digits, self.dice);
                let part = |from, to| wrong.get(from..to).and_then(|text: &str| text.parse().ok());
                let year = part(0, 4).unwrap_or(0);
                let date = Date::new(year, part(4, 6).unwrap_or(0) as i8, part(6, 8).unwrap_or(0) as i8);
                date.ok().filter(|_| (1900..2010).contains(&year)).unwrap_or(born)
            }
            D::BirthYearOff => plus_years(born, sign),
            D::BirthDayOff => plus_days(born, sign),
            D::BirthFirstJanuary => day(born.year(), 1, 1),
            D::BirthDecadeOff => plus_years(born, 10 * sign),
            _ => plus_days(born, sign * self.dice.between(200, 4000) as i32),
        };
        if written != born {
            self.marks.push(kind);
        }
        Some(written)
    }

    fn race(&mut self, race: &'static str) -> &'static str {
        if race.is_empty() || self.does(D::RaceBlank) {
            return "";
        }
        if self.happens(D::RaceWrong) {
            // The usual mistakes are not spread evenly: Hispanic people are called White.
            let wrong = match race {
                "H" => self.dice.pick(&["W", "W", "W", "O"]),
                "W" => self.dice.pick(&["H", "O"]),
                _ => self.dice.pick(&["W", "O", "H", "B"]),
            };
            if wrong != race {
                self.marks.push(D::RaceWrong);
                return wrong;
            }
        }
        race
    }

    fn cii(&mut self, cii: &str) -> String {
        let mut written = cii.to_owned();
        if !cii.is_empty() && self.does(D::CiiOther) {
            // Somebody's of the population as often as a stranger's.
            if self.dice.permille(500) && self.docket.known_people() > 0 {
                let other = self.dice.below(self.docket.known_people().min(u64::from(u32::MAX)) as u32);
                written = self.docket.cii(other.into());
            } else {
                written = String::from("A");
                push_number(&mut written, self.dice.below(40_000_000), 8);
            }
        } else {
            self.alter(D::CiiTypo, &mut written, digit_typo);
        }
        written
    }

    /// The case number as it is written here, without the defendant's number. `court` is the court's code.
    pub(crate) fn number(&mut self, number: &str, court: &str, on: Date) -> String {
        let mut text = number.to_owned();
        let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
        let year = format!("{:02}", on.year().rem_euclid(100));
        if let Some(rest) = text.strip_prefix("CR-").filter(|rest| rest.starts_with(&year)) {
            if self.happens(D::NumberLongYear) {
                text = format!("CR-{}{}", on.year() / 100, rest);
                self.marks.push(D::NumberLongYear);
            }
        } else if letters > 0 && !text.contains('-') {
            let digits = text.split_off(letters);
            if self.does(D::NumberZeros) {
                text.push_str(if self.dice.permille(700) { "0" } else { "00" });
            }
            text.push_str(&digits);
            if self.does(D::NumberDashed) {
                text.insert(letters, '-');
            } else if self.does(D::NumberSpaced) {
                text.insert(letters, ' ');
            }
        } else if text.contains('-') && self.does(D::NumberDashed) {
            text.retain(|letter| letter != '-');
        }
        self.alter(D::NumberTypo, &mut text, digit_typo);
        if self.does(D::NumberPrefixed) {
            text = format!("{court} {text}");
        }
        text
    }
}

/// A digit wrong, or two neighbours in each other's place.
pub(crate) fn digit_typo(text: &str, dice: &mut Dice) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let places: Vec<usize> = (0..letters.len()).filter(|at| letters[*at].is_ascii_digit()).collect();
    if places.is_empty() {
        return text.to_owned();
    }
    let at = dice.pick(&places);
    if at + 1 < letters.len() && letters[at + 1].is_ascii_digit() && dice.permille(300) {
        letters.swap(at, at + 1);
    } else {
        letters[at] = char::from(b'0' + dice.below(10) as u8);
    }
    letters.into_iter().collect()
}

/// A letter wrong, left out, doubled, added, or two in each other's place.
fn typo(text: &str, dice: &mut Dice) -> String {
    const SOUNDS: [(&str, &str); 10] = [
        ("PH", "F"),
        ("CK", "K"),
        ("K", "C"),
        ("S", "Z"),
        ("Z", "S"),
        ("TH", "T"),
        ("V", "B"),
        ("LL", "L"),
        ("EA", "EE"),
        ("I", "Y"),
    ];
    let mut letters: Vec<char> = text.chars().collect();
    if letters.len() < 2 {
        return text.to_owned();
    }
    let at = dice.below(letters.len() as u32) as usize;
    match dice.below(100) {
        0..30 => letters[at] = char::from(b'A' + dice.below(26) as u8),
        30..52 => {
            letters.remove(at);
        }
        52..62 => letters.insert(at, letters[at]),
        62..72 => letters.insert(at, dice.pick(&['A', 'E', 'I', 'O', 'R', 'S', 'T', 'L', 'N'])),
        72..88 => {
            let at = at.min(letters.len() - 2);
            letters.swap(at, at + 1);
        }
        _ => {
            let fitting: Vec<_> = SOUNDS.into_iter().filter(|(from, _)| text.contains(from)).collect();
            if !fitting.is_empty() {
                let (from, to) = dice.pick(&fitting);
                return text.replacen(from, to, 1);
            }
            letters.remove(at);
        }
    }
    letters.into_iter().collect()
}

/// A short form: the beginning of the name, often with a `Y` or an `IE` after it.
fn nickname(text: &str, dice: &mut Dice) -> String {
    let letters: Vec<char> = text.chars().collect();
    if letters.len() < 5 {
        return text.to_owned();
    }
    let mut short: String = letters.iter().take(dice.between(3, 4) as usize).collect();
    short.push_str(dice.pick(&["", "", "Y", "IE"]));
    short
}
