//! The columns by which nothing is decided: descriptions and codes that make a row as wide as real ones are.
//! Their values follow from the person and the count, without dice, so that they never move anything else.

use crate::calendar::{push_digits, push_number};
use crate::columns::*;
use crate::identity::Identity;
use crate::life::{Charge, Count, Kind};
use crate::profile::Fill;
use crate::row::Row;

const EYES: [(&str, &str); 5] =
    [("BRO", "BROWN"), ("BLU", "BLUE"), ("GRN", "GREEN"), ("HAZ", "HAZEL"), ("BLK", "BLACK")];
const HAIR: [(&str, &str); 5] =
    [("BLK", "BLACK"), ("BRO", "BROWN"), ("BLN", "BLOND"), ("RED", "RED"), ("GRY", "GRAY")];
const BIRTHPLACES: [(&str, &str, &str); 5] = [
    ("CA", "CALIFORNIA", "STATE"),
    ("MM", "MEXICO", "COUNTRY"),
    ("TX", "TEXAS", "STATE"),
    ("NV", "NEVADA", "STATE"),
    ("XX", "UNKNOWN", "UNKNOWN"),
];

pub(crate) fn person(fill: Fill, row: &mut Row, number: u64, identity: &Identity) {
    if fill == Fill::Sparse {
        return;
    }
    let looks = identity.looks;
    let any = |table: usize, salt: u32| (looks / salt) as usize % table;
    for column in [REQ_SEG_SEP, PII_SEG_SEP, PDR_SEG_SEP, CYC_SEG_SEP, STP_SEG_SEP, CNT_SEG_SEP, SENT_SEG_SEP]
    {
        row.set(column, "#");
    }
    row.set(REQ_CII_NUMBER, &identity.cii);
    let (eye, eyes) = EYES[any(EYES.len(), 3)];
    row.set(EYE_COLOR_CODE, eye);
    let (hair, hairs) = HAIR[any(HAIR.len(), 17)];
    row.set(HAIR_COLOR_CODE, hair);
    row.with(HEIGHT, |text| push_number(text, 500 + looks / 91 % 12 + looks / 7 % 2 * 100, 3));
    row.with(WEIGHT, |text| push_number(text, 100 + looks / 53 % 150, 3));
    let (pob, place, place_kind) = BIRTHPLACES[any(BIRTHPLACES.len(), 29)];
    row.set(POB_CODE, pob);
    row.with(FBI_NUMBER, |text| {
        push_number(text, looks % 1_000_000, 6);
        text.push_str("ZZ");
        push_number(text, looks / 1_000_003 % 10, 1);
    });
    if fill != Fill::Full {
        return;
    }
    row.with(RECORD_ID, |text| push_number(text, (number % 1_000_000_000) as u32, 10));
    row.set(SUBJECT_STATUS, "ACTIVE");
    row.with(REQ_GENDER, |text| text.push(identity.sex));
    row.with(REQ_DOB, |text| push_digits(text, identity.born));
    row.set(REQ_CDL, &identity.cdl);
    row.set(REQ_SSN, &identity.ssn);
    row.with(PRI_IDN, |text| push_number(text, looks % 100_000_000, 8));
    row.with(PRI_INN, |text| push_number(text, looks / 7 % 100_000_000, 8));
    row.set(EYE_COLOR_DESCR, eyes);
    row.set(HAIR_COLOR_DESCR, hairs);
    row.set(SINGLE_SOURCE, "Y");
    row.set(MULTI_SOURCE, "N");
    row.set(POB_NAME, place);
    row.set(POB_TYPE, place_kind);
    row.set(CITIZENSHIP_LIST, "UNITED STATES");
    row.set(CII_TYPE, "AUTOMATED");
    row.set(CII_TYPE_ALPHA, "A");
}

pub(crate) fn step(fill: Fill, row: &mut Row, identity: &Identity, count: &Count) {
    if fill == Fill::Sparse {
        return;
    }
    let kind = match count.step_type {
        "ARREST/DETAINED/CITED" => "A",
        "COURT ACTION" => "C",
        "REGISTRATION" => "R",
        "DECEASED" => "D",
        _ => "S",
    };
    row.set(STP_TYPE_CODE, kind);
    let place = count.place;
    row.with(STP_ORI_CNTY_CODE, |text| push_number(text, u32::from(place.county) + 1, 2));
    row.set(STP_ORI_CODE, &place.ori());
    if count.kind == Kind::Arrest {
        // The agency's own number, which is no court's.
        row.with(OFN, |text| push_number(text, identity.arrest_file(count.number[0]), 7));
    }
    if fill != Fill::Full {
        return;
    }
    row.set(STP_ORI_TYPE, place.agency);
    row.set(
        STP_ORI_TYPE_DESCR,
        match place.agency {
            "PD" => "POLICE DEPARTMENT",
            "SO" => "SHERIFF OFFICE",
            "HP" => "HIGHWAY PATROL",
            "SC" => "SUPERIOR COURT",
            "MC" => "MUNICIPAL COURT",
            "PR" => "PROBATION DEPARTMENT",
            _ => "DEPT OF CORRECTIONS",
        },
    );
    let file = identity.looks.wrapping_add(u32::from(count.number[0]) * 7919);
    row.set(FE_NUM_ORDER, "001");
    for (column, salt, digits) in [
        (FE_NUM_ARR_AGY, 3, 7),
        (FE_NUM_BNCH_WARR, 5, 8),
        (FE_NUM_CITE, 11, 8),
        (FE_NUM_DOCKET, 13, 9),
        (FE_NUM_INCIDENT, 17, 9),
        (FE_NUM_BOOKING, 19, 7),
        (FE_NUM_NUMBER, 23, 6),
        (FE_NUM_REMAND, 29, 6),
        (FE_NUM_OOS_INN, 31, 6),
        (FE_NUM_WARRANT, 37, 8),
    ] {
        row.with(column, |text| push_number(text, file / salt % 10_u32.pow(digits), digits as usize));
    }
    row.set(FE_NUM_CRT_CASE, &count.case_number);
}

pub(crate) fn offence(fill: Fill, row: &mut Row, count: &Count, charged: Charge) {
    if fill == Fill::Sparse {
        return;
    }
    let code = |charge: Charge| 10_000 + charge.offence.ordinal * 37;
    row.with(OFFENSE_CODE, |text| push_number(text, code(charged), 5));
    if !count.disposition.is_empty() {
        row.set(DISP_ORDER, "001");
        disposition(fill, row, count.disposition);
    }
    if !row.field(CONV_STAT_DESCR).is_empty() {
        row.set(CONV_STAT_CODE, count.level.map_or("", |level| level.letter()));
    }
    if !row.field(CONV_OFFENSE_DESCR).is_empty() {
        row.with(CONV_OFFENSE_CODE, |text| push_number(text, code(count.offence.unwrap_or(charged)), 5));
    }
    if fill != Fill::Full {
        return;
    }
    row.set(OFFENSE_QUAL_LST, if charged.attempt { "ATTEMPTED" } else { "NONE" });
    if count.kind.is_court() {
        let level = row.field(OFFENSE_TOC).to_owned();
        row.with(DISP_OFFENSE_CODE, |text| push_number(text, code(charged), 5));
        row.with(DISP_OFFENSE_DESCR, |text| count.spelling.push(text, charged));
        row.set(DISP_OFFENSE_TOC, &level);
        row.set(DISP_OFFENSE_QUAL_LST, "NONE");
        row.set(CONV_OFFENSE_QUAL_LST, "NONE");
    }
}

/// The code of a disposition: this crate's own, and the same for the same words.
pub(crate) fn disposition(fill: Fill, row: &mut Row, words: &str) {
    if fill != Fill::Sparse {
        let sum: u32 = words.bytes().map(u32::from).sum();
        row.with(DISP_CODE, |text| push_number(text, sum % 1000, 3));
    }
}
