//! Defects that befall a person or a count: the rows are well formed and say too little, or something untrue.

use jiff::civil::Date;

use crate::calendar::{plus_days, push_digits, push_number};
use crate::columns::*;
use crate::defect::Defect;
use crate::identity::Identity;
use crate::life::{Count, Kind};
use crate::profile::Profile;
use crate::random::Dice;
use crate::row::Row;

/// Corrupts the rows and notes in the counts what was done.
pub(crate) fn corrupt(
    profile: &Profile,
    who: &Identity,
    counts: &mut [Count],
    rows: &mut [Row],
    dice: &mut Dice,
) {
    birth(profile, who, counts, rows, dice);
    let mut hand = Hand { profile, who, rows, dice };
    // Rows may be in another order than counts; whoever looks for a count's rows passes over the others.
    for at in 0..counts.len() {
        let (before, rest) = counts.split_at_mut(at);
        if let Some((count, after)) = rest.split_first_mut() {
            hand.count(at, count, before.iter().chain(&*after));
        }
    }
}

/// At most one defect of the birth date, on all rows or on some.
fn birth(profile: &Profile, who: &Identity, counts: &mut [Count], rows: &mut [Row], dice: &mut Dice) {
    use Defect::{BirthConflict, BirthMissing, BirthPartial, BirthUnreadable};
    let kinds = [BirthMissing, BirthPartial, BirthConflict, BirthUnreadable];
    let Some(kind) = kinds.into_iter().find(|kind| dice.ppm(profile.rate(*kind))) else { return };
    if kind == BirthConflict && rows.len() < 2 {
        return;
    }
    let mut text = String::with_capacity(8);
    let year = who.born.year() as u32;
    match kind {
        BirthMissing => {}
        BirthPartial => partial(&mut text, who.born, dice),
        BirthConflict => {
            let days = dice.between(20, 5000) as i32;
            push_digits(&mut text, plus_days(who.born, if dice.permille(500) { days } else { -days }));
        }
        _ => match dice.below(3) {
            0 => text.push_str("UNKNOWN"),
            1 => {
                push_number(&mut text, year, 4);
                text.push_str("1399");
            }
            _ => {
                push_number(&mut text, year, 4);
                text.push_str("0O1l");
            }
        },
    }
    let total = rows.len() as u32;
    let changed = if kind == BirthConflict { dice.between(1, total - 1) } else { total };
    for row in rows.iter_mut().take(changed as usize) {
        row.set(PRI_DOB, &text);
        if !row.field(REQ_DOB).is_empty() {
            row.set(REQ_DOB, &text);
        }
    }
    for count in counts {
        count.defects.push((kind, "PRI_DOB"));
    }
}

/// `YYYYMM00` or `YYYY0000`.
fn partial(text: &mut String, date: Date, dice: &mut Dice) {
    push_number(text, date.year() as u32, 4);
    push_number(text, if dice.permille(500) { date.month() as u32 } else { 0 }, 2);
    text.push_str("00");
}

struct Hand<'a> {
    profile: &'a Profile,
    who: &'a Identity,
    rows: &'a mut [Row],
    dice: &'a mut Dice,
}

impl Hand<'_> {
    fn happens(&mut self, kind: Defect) -> bool {
        self.dice.ppm(self.profile.rate(kind))
    }

    fn each(&mut self, count: usize, change: impl Fn(&mut Row)) {
        self.rows.iter_mut().filter(|row| row.count == count).for_each(change);
    }

    fn count<'c>(&mut self, at: usize, count: &mut Count, others: impl Iterator<Item = &'c Count>) {
        if count.charged.is_some() {
            if self.happens(Defect::LevelMissing) {
                self.each(at, |row| {
                    for column in
                        [OFFENSE_TOC, DISP_OFFENSE_TOC, CONV_OFFENSE_TOC, CONV_STAT_CODE, CONV_STAT_DESCR]
                    {
                        row.clear(column);
                    }
                });
                count.defects.push((Defect::LevelMissing, "CONV_STAT_DESCR"));
            }
            self.section(at, count);
        }
        if count.kind.is_court() && self.happens(Defect::DispositionMissing) {
            let words = count.disposition;
            self.each(at, |row| {
                if row.field(DISP_DESCR) == words {
                    row.clear(DISP_DESCR);
                    row.clear(DISP_CODE);
                }
            });
            count.defects.push((Defect::DispositionMissing, "DISP_DESCR"));
        }
        if count.sentence.iter().any(|part| part.length > 0) && self.happens(Defect::SentenceUnreadable) {
            let text = self.dice.pick(&["", "X", "LIFE", "0O6", "??"]);
            self.each(at, |row| {
                if !row.field(SENT_LENGTH).is_empty() {
                    row.set(SENT_LENGTH, text);
                }
            });
            count.defects.push((Defect::SentenceUnreadable, "SENT_LENGTH"));
        }
        self.date(at, count, others);
    }

    fn section(&mut self, at: usize, count: &mut Count) {
        let column = if count.spelling.in_comment() { "COMMENT_TEXT" } else { "OFFENSE_DESCR" };
        let written = [OFFENSE_DESCR, DISP_OFFENSE_DESCR, CONV_OFFENSE_DESCR];
        if self.happens(Defect::SectionUnreadable) {
            let text = self.dice.pick(&["1I3S? H5-???", "ILLEGIBLE", "H&S ----", "NARC VIOL", "#####"]);
            self.each(at, |row| {
                for column in written {
                    if !row.field(column).is_empty() {
                        row.set(column, text);
                    }
                }
            });
            self.uncomment(at, count);
            count.defects.push((Defect::SectionUnreadable, column));
        } else if self.happens(Defect::SectionBlank) {
            self.each(at, |row| written.into_iter().for_each(|column| row.clear(column)));
            self.uncomment(at, count);
            count.defects.push((Defect::SectionBlank, column));
        }
    }

    /// Takes the charge out of the comment and leaves what else it says.
    fn uncomment(&mut self, at: usize, count: &Count) {
        if count.spelling.in_comment() {
            self.each(at, |row| row.set(COMMENT_TEXT, count.comment));
        }
    }

    /// At most one defect of the date of the count's own rows; later lines keep theirs.
    fn date<'c>(&mut self, at: usize, count: &mut Count, mut others: impl Iterator<Item = &'c Count>) {
        use Defect::*;
        let general = [
            DateMissing,
            DatePartial,
            DateFuture,
            DateDashed,
            DateImpossible,
            DateTwoDigitYear,
            DateBeforeBirth,
        ];
        let found = general.into_iter().find(|kind| self.happens(*kind));
        let late = count.kind == Kind::Arrest && self.happens(ArrestAfterConviction);
        let mut text = String::with_capacity(10);
        let kind = if late {
            let same = |other: &&Count| other.kind == Kind::Conviction && other.number[0] == count.number[0];
            let Some(conviction) = others.find(same) else { return };
            push_digits(&mut text, plus_days(conviction.on, self.dice.between(1, 300) as i32));
            ArrestAfterConviction
        } else {
            match found {
                Some(DateBeforeBirth) if count.kind != Kind::Conviction => return,
                Some(kind) => {
                    self.wrong_date(kind, count.on, &mut text);
                    kind
                }
                None => return,
            }
        };
        let mut own = String::with_capacity(8);
        push_digits(&mut own, count.on);
        let both = kind == DateBeforeBirth || self.dice.permille(500);
        self.each(at, |row| {
            if row.field(STP_EVENT_DATE) == own {
                row.set(STP_EVENT_DATE, &text);
                if both && !row.field(DISP_DATE).is_empty() {
                    row.set(DISP_DATE, &text);
                }
            }
        });
        count.defects.push((kind, "STP_EVENT_DATE"));
        if both && (count.kind.is_court() || !count.disposition.is_empty()) {
            count.defects.push((kind, "DISP_DATE"));
        }
    }

    fn wrong_date(&mut self, kind: Defect, on: Date, text: &mut String) {
        let (year, month, day) = (on.year() as u32, on.month() as u32, on.day() as u32);
        match kind {
            Defect::DatePartial => partial(text, on, self.dice),
            Defect::DateFuture => {
                push_number(text, self.profile.extract_date.year() as u32 + self.dice.between(20, 70), 4);
                push_number(text, month * 100 + day, 4);
            }
            Defect::DateDashed => {
                push_number(text, year, 4);
                text.push('-');
                push_number(text, month, 2);
                text.push('-');
                push_number(text, day, 2);
            }
            Defect::DateImpossible => {
                let (month, day) = if self.dice.permille(500) { (13, day) } else { (month, 32) };
                push_number(text, year * 10_000 + month * 100 + day, 8);
            }
            Defect::DateTwoDigitYear => push_number(text, year % 100 * 10_000 + month * 100 + day, 6),
            Defect::DateBeforeBirth => {
                let before = self.who.born.year() as u32 - self.dice.between(1, 30);
                push_number(text, before * 10_000 + month * 100 + day.min(28), 8);
            }
            _ => {}
        }
    }
}
