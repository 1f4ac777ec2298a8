//! What a court made of the charges: judgment and sentence.

use jiff::civil::Date;

use crate::calendar::{plus_days, push_number};
use crate::career::{Teller, charged_level};
use crate::life::{Charge, Count, Kind, Level, Part};
use crate::lists::Family;
use crate::random::Dice;
use crate::sequel;

/// The ways in which a case number is written: `#` a digit, `@` a letter, `Y` the two digits of the year.
const CASE_NUMBERS: [&str; 12] = [
    "BA######",
    "A######",
    "#@@#####",
    "YM#####",
    "@@####",
    "F-#####",
    "#######",
    "NA######-01",
    "CR-Y-####",
    "Y@######",
    "SC######A",
    "######",
];

/// One court step: every charge is judged. On the anchor of a life, the first one is a conviction.
pub(crate) fn judge(
    teller: &mut Teller<'_>,
    arrested: Date,
    offence_date: Date,
    county: u16,
    charges: &[Charge],
    anchor: bool,
) {
    let career = &teller.profile.career;
    let wait = teller.dice.between(1, 420).min(teller.dice.between(1, 420)) as i32;
    // Not on the day of the extract or of the death itself, which leaves room for the step before.
    let on = plus_days(arrested, wait).min(teller.last).max(arrested);
    teller.next_step();
    let levels: Vec<Level> = charges.iter().map(|charge| teller.level(charge.offence)).collect();
    // Municipal courts, which heard misdemeanors, were merged into the superior courts by 2001.
    let minor = on.year() < 2001 && !levels.contains(&Level::Felony);
    let place = teller.place(county, if minor { "MC" } else { "SC" });
    let case_number = case_number(on, teller.dice);
    let first = teller.counts.len();
    for (at, (charge, level)) in charges.iter().zip(levels).enumerate() {
        let sure = anchor && at == 0;
        let kind = if sure || teller.dice.permille(career.convicted) {
            Kind::Conviction
        } else {
            ended(teller.dice)
        };
        let mut count = teller.count(kind, "COURT ACTION", on, place, at as u16 + 1);
        count.offence_date = Some(offence_date);
        count.case_number.clone_from(&case_number);
        count.level = Some(level);
        teller.set_charge(&mut count, *charge);
        if kind == Kind::Conviction {
            if teller.dice.permille(career.charge_changed) {
                change_charge(teller, &mut count, arrested);
            }
            sentence(teller, &mut count, first);
        } else {
            count.level = Some(charged_level(charge.offence));
            count.disposition = ending_words(kind, teller.dice);
        }
        teller.counts.push(count);
    }
    sequel::follow(teller, first);
}

fn ended(dice: &mut Dice) -> Kind {
    match dice.below(100) {
        0..=84 => Kind::Dismissed,
        85..=89 => Kind::Acquitted,
        _ => Kind::Diversion,
    }
}

fn ending_words(kind: Kind, dice: &mut Dice) -> &'static str {
    match kind {
        Kind::Acquitted => "ACQUITTED",
        Kind::Diversion => dice.pick(&["DIVERSION", "DIVERTED PER 1000 PC"]),
        _ => dice.pick(&[
            "DISMISSED/FURTHERANCE OF JUSTICE",
            "DISMISSED/FURTHERANCE OF JUSTICE",
            "DISMISSED/CHARGE DROPPED",
            "DISMISSED/LACK OF EVIDENCE",
            "DISMISSED/PLEA TO OTHER CHARGE",
        ]),
    }
}

/// A plea to another offence of the same kind.
fn change_charge(teller: &mut Teller<'_>, count: &mut Count, arrested: Date) {
    let Some(charged) = count.charged else { return };
    let family = charged.offence.family;
    // A plea does not turn a case into a murder.
    if matches!(family, Family::SuperStrike | Family::Gang | Family::Sex | Family::Near) {
        return;
    }
    let other = teller.offence(arrested, family);
    if other.section == charged.offence.section {
        return;
    }
    count.offence = Some(Charge { offence: other, attempt: false, conspiracy: false });
    count.level = Some(teller.level(other));
}

/// Draws the sentence of a conviction; `first` is where the counts of the same step begin.
fn sentence(teller: &mut Teller<'_>, count: &mut Count, first: usize) {
    let rates = &teller.profile.sentence;
    let dice = &mut *teller.dice;
    let grave = count.offence.is_some_and(|charge| {
        matches!(charge.offence.family, Family::SuperStrike | Family::Gang)
            || charge.offence.section.contains("288")
    });
    let draw = dice.below(100);
    let felony = match (count.level, draw) {
        (Some(Level::Infraction), _) => None,
        (Some(Level::Felony), _) if grave => Some(("CONVICTED-PRISON", true)),
        (Some(Level::Felony), 0..=51) => Some(("CONVICTED-PROB/JAIL", true)),
        (Some(Level::Felony), 52..=61) => Some(("CONVICTED-PROBATION", true)),
        (Some(Level::Felony), 62..=73) => Some(("CONVICTED-JAIL", true)),
        (Some(Level::Felony), _) => Some(("CONVICTED-PRISON", true)),
        (_, 0..=39) => Some(("CONVICTED-PROB/JAIL", false)),
        (_, 40..=64) => Some(("CONVICTED-PROBATION", false)),
        (_, 65..=89) => Some(("CONVICTED-JAIL", false)),
        _ => None,
    };
    count.disposition = felony.map_or("CONVICTED", |(words, _)| words);
    if !dice.permille(rates.unsaid) {
        let grown = felony.is_some_and(|(_, felony)| felony);
        if count.disposition.contains("PROB") {
            count.sentence.push(probation(grown, dice));
        }
        if count.disposition.ends_with("JAIL") {
            count.sentence.push(Part { place: 'J', length: days(grown, dice), unit: 'D' });
        }
        if count.disposition.ends_with("PRISON") {
            count.sentence.push(prison(grave, dice));
        }
        if count.disposition == "CONVICTED" || dice.permille(150) {
            count.sentence.push(Part { place: 'F', length: 0, unit: ' ' });
        }
    }
    // The file says of some further counts how they run beside the one before.
    let before = teller.counts[first..].iter().rev().find_map(|other| other.sentence_end);
    let mut start = count.on;
    if let Some(before) = before {
        if dice.permille(rates.consecutive) {
            count.comment = "CONSECUTIVE";
            start = before;
        } else if dice.permille(rates.concurrent_said) {
            count.comment = "SENTENCE CONCURRENT";
        }
    }
    count.sentence_end = Some(count.sentence.iter().map(|part| part.end(start)).fold(start, Date::max));
}

fn probation(felony: bool, dice: &mut Dice) -> Part {
    match (felony, dice.below(4)) {
        (true, 0) => Part { place: 'P', length: 5, unit: 'Y' },
        (true, 1) => Part { place: 'P', length: dice.pick(&[24, 36, 48, 60]), unit: 'M' },
        (true, _) => Part { place: 'P', length: 3, unit: 'Y' },
        (_, 0) => Part { place: 'P', length: dice.pick(&[6, 12, 18, 24, 36]), unit: 'M' },
        _ => Part { place: 'P', length: dice.between(1, 3), unit: 'Y' },
    }
}

fn days(felony: bool, dice: &mut Dice) -> u32 {
    if felony {
        dice.pick(&[60, 90, 120, 180, 240, 270, 365])
    } else {
        dice.pick(&[1, 2, 5, 10, 15, 30, 45, 60, 90, 180])
    }
}

fn prison(grave: bool, dice: &mut Dice) -> Part {
    match (grave, dice.below(5)) {
        (true, _) => Part { place: 'S', length: dice.pick(&[6, 8, 12, 15, 25]), unit: 'Y' },
        (_, 0) => Part { place: 'S', length: dice.pick(&[16, 28, 32]), unit: 'M' },
        _ => Part { place: 'S', length: dice.between(2, 4), unit: 'Y' },
    }
}

fn case_number(on: Date, dice: &mut Dice) -> String {
    let mut number = String::with_capacity(12);
    for mark in dice.pick(&CASE_NUMBERS).chars() {
        match mark {
            '#' => number.push(char::from(b'0' + dice.below(10) as u8)),
            '@' => number.push(char::from(b'A' + dice.below(26) as u8)),
            'Y' => push_number(&mut number, on.year().rem_euclid(100) as u32, 2),
            other => number.push(other),
        }
    }
    number
}
