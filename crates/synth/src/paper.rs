//! Writes a life down as the rows of the file, faithfully. What goes wrong in it comes afterwards.

use jiff::civil::Date;

use crate::calendar::{age, push_digits, push_number};
use crate::career::charged_level;
use crate::columns::*;
use crate::fill;
use crate::identity::Identity;
use crate::life::{Charge, Count, Kind, Life, Part, Update, push_order};
use crate::lists::lists;
use crate::profile::{Fill, Profile};
use crate::random::Dice;
use crate::row::Row;
use crate::spelling::Spelling;

/// The rows of a person, in the order of their numbers.
pub(crate) fn rows(
    profile: &Profile,
    number: u64,
    identity: &Identity,
    life: &Life,
    dice: &mut Dice,
) -> Vec<Row> {
    let fill = profile.layout.fill;
    let blank = person(fill, number, identity);
    let repeated = dice.permille(profile.sentence.repeated_order);
    let mut rows = Vec::with_capacity(life.counts.len() * 2);
    let mut cycle = (0, Date::MIN);
    for (at, count) in life.counts.iter().enumerate() {
        if cycle.0 != count.number[0] {
            cycle = (count.number[0], count.on);
        }
        let mut row = blank.copy();
        row.count = at;
        step(profile, &mut row, identity, count, cycle.1, dice);
        offence(profile, &mut row, count);
        let parts = count.sentence.iter().map(Some).chain(count.sentence.is_empty().then_some(None));
        let mut written = 0;
        for part in parts {
            let mut row = row.copy();
            order(&mut row, count.number, if repeated { 0 } else { written });
            sentence(&mut row, part, written);
            rows.push(row);
            written += 1;
        }
        for (at, update) in count.updates.iter().enumerate() {
            let mut row = row.copy();
            later(profile, &mut row, count, update, at);
            match update.step {
                Some(step) => order(&mut row, [count.number[0], step, count.number[2]], 0),
                None => order(&mut row, count.number, if repeated { 0 } else { written }),
            }
            written += 1;
            rows.push(row);
        }
    }
    if life.counts.iter().any(|count| count.updates.iter().any(|update| update.step.is_some())) {
        rows.sort_by(|a, b| a.field(CNT_ORDER).cmp(b.field(CNT_ORDER)));
    }
    rows
}

/// The columns that are the same on every row of a person.
fn person(fill: Fill, number: u64, identity: &Identity) -> Row {
    let mut row = Row::new();
    row.set(SUBJECT_ID, &identity.subject_id);
    row.set(CII_NUMBER, &identity.cii);
    row.set(PRI_NAME, &identity.name);
    row.with(GENDER, |text| text.push(identity.sex));
    row.with(PRI_DOB, |text| push_digits(text, identity.born));
    row.set(PRI_SSN, &identity.ssn);
    row.set(PRI_CDL, &identity.cdl);
    row.set(RACE_CODE, identity.race);
    row.set(RACE_DESCR, identity.race_words);
    row.set(END_OF_REC, "#");
    fill::person(fill, &mut row, number, identity);
    row
}

fn step(profile: &Profile, row: &mut Row, identity: &Identity, count: &Count, cycle: Date, dice: &mut Dice) {
    // A person who has other names gave them at some arrests.
    let names = identity.aliases.len() + 1;
    if let Some(alias) = identity.aliases.get(usize::from(count.number[0]) % names) {
        row.set(REQ_NAME, alias);
    }
    row.with(CYC_ORDER, |text| push_number(text, count.number[0].into(), 3));
    row.with(CYC_DATE, |text| push_digits(text, cycle));
    row.with(STP_ORDER, |text| push_number(text, count.number[1].into(), 3));
    row.with(STP_EVENT_DATE, |text| push_digits(text, count.on));
    row.set(STP_TYPE_DESCR, count.step_type);
    let place = count.place;
    row.with(STP_ORI_DESCR, |text| {
        let county = lists().counties.get(usize::from(place.county));
        let town = county.and_then(|county| county.towns.get(usize::from(place.town))).copied().unwrap_or("");
        text.push_str("CA");
        text.push_str(place.agency);
        text.push_str(match place.agency {
            "PD" | "HP" | "MC" => town,
            "CD" => "CORRECTIONS",
            _ => count.county(),
        });
    });
    row.set(STP_ORI_CNTY_NAME, count.county());
    if dice.permille(profile.layout.cyc_age) {
        row.with(CYC_AGE, |text| push_number(text, age(identity.born, cycle), 1));
    }
    fill::step(profile.layout.fill, row, identity, count);
}

fn offence(profile: &Profile, row: &mut Row, count: &Count) {
    let fill = profile.layout.fill;
    if count.kind.is_court() || !count.disposition.is_empty() {
        row.with(DISP_DATE, |text| push_digits(text, count.on));
    }
    if count.kind.is_court() && (count.number[2] == 1 || profile.layout.case_number_on_every_count) {
        row.set(OFN, &count.case_number);
    }
    row.set(DISP_DESCR, count.disposition);
    let Some(charged) = count.charged else {
        row.set(OFFENSE_DESCR, count.text);
        return;
    };
    let level = count.level.map_or("", |level| level.letter());
    row.with(OFFENSE_DESCR, |text| count.spelling.push(text, charged));
    row.set(OFFENSE_TOC, charged_level(charged.offence).letter());
    row.with(COMMENT_TEXT, |text| comment(text, count, charged));
    if count.kind == Kind::Conviction {
        row.set(CONV_STAT_DESCR, count.level.map_or("", |level| level.capitals()));
        if let Some(convicted) = count.offence.filter(|offence| *offence != charged || fill == Fill::Full) {
            row.set(CONV_OFFENSE_ORDER, "001");
            // Never `SEE COMMENT`: this column says what the comment does not.
            row.with(CONV_OFFENSE_DESCR, |text| Spelling::default().push(text, convicted));
            row.set(CONV_OFFENSE_TOC, level);
        }
    }
    fill::offence(fill, row, count, charged);
}

fn comment(text: &mut String, count: &Count, charged: Charge) {
    if count.spelling.in_comment() {
        count.spelling.push_charge(text, charged);
        if !count.comment.is_empty() {
            text.push_str("; ");
        }
    }
    text.push_str(count.comment);
}

fn sentence(row: &mut Row, part: Option<&Part>, at: u16) {
    let Some(part) = part else { return };
    row.with(SENT_ORDER, |text| push_number(text, u32::from(at) + 1, 3));
    row.with(SENT_LOC_CODE, |text| text.push(part.place));
    row.set(
        SENT_LOC_DESCR,
        match part.place {
            'J' => "JAIL",
            'P' => "PROBATION",
            'S' => "PRISON",
            _ => "FINE",
        },
    );
    if part.length == 0 {
        return;
    }
    row.with(SENT_LENGTH, |text| push_number(text, part.length, 1));
    row.with(SENT_TIME_CODE, |text| text.push(part.unit));
    row.set(
        SENT_TIME_DESCR,
        match part.unit {
            'D' => "DAYS",
            'M' => "MONTHS",
            _ => "YEARS",
        },
    );
}

/// Turns a copy of a count's row into a later line: its own date and words, no level and no first sentence.
fn later(profile: &Profile, row: &mut Row, count: &Count, update: &Update, at: usize) {
    for column in [STP_EVENT_DATE, DISP_DATE] {
        row.with(column, |text| push_digits(text, update.on));
    }
    row.set(OFN, &count.case_number);
    row.set(DISP_DESCR, update.disposition);
    fill::disposition(profile.layout.fill, row, update.disposition);
    row.with(DISP_ORDER, |text| push_number(text, at as u32 + 2, 3));
    for column in [CONV_STAT_CODE, CONV_STAT_DESCR] {
        row.clear(column);
    }
    if let Some(step) = update.step {
        row.with(STP_ORDER, |text| push_number(text, step.into(), 3));
    }
    sentence(row, update.part.as_ref(), 0);
}

fn order(row: &mut Row, number: [u16; 3], part: u16) {
    row.with(CNT_ORDER, |text| push_order(text, number, part));
}
