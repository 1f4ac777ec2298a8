//! A case and its charges as the court's file has them, whatever its format.

use jiff::civil::Date;

use super::clerk::{Clerk, Party};
use super::defect::CourtDefect as D;
use super::{CourtTotals, Courthouse};
use crate::calendar::{plus_days, push_number};
use crate::career::PROPOSITION_64;
use crate::life::{Charge, Count, Kind, Level, Part, Relief};

/// A case as written.
pub(crate) struct Written {
    /// Without a defendant's number.
    pub(crate) number: String,
    /// Whether the defendant's number stands after it.
    pub(crate) suffixed: bool,
    /// The true number, letters and digits only.
    pub(crate) clean: String,
    pub(crate) court: Courthouse,
    pub(crate) filed: Option<Date>,
    /// The day of the judgment: it decides how old the page is.
    pub(crate) on: Date,
    pub(crate) defendants: Vec<WrittenDefendant>,
}

impl Written {
    /// The case number as it stands with a defendant, who is counted from 0.
    pub(crate) fn number_of(&self, defendant: usize) -> String {
        let mut number = self.number.clone();
        if self.suffixed {
            number.push('-');
            push_number(&mut number, defendant as u32 + 1, 2);
        }
        number
    }
}

/// A defendant as written.
pub(crate) struct WrittenDefendant {
    pub(crate) party: Party,
    pub(crate) charges: Vec<WrittenCharge>,
}

/// What the court decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Guilty,
    NoContest,
    Verdict,
    Dismissed,
    /// In furtherance of justice, PC 1385.
    Interest,
    Acquitted,
    Diverted,
}

impl Outcome {
    pub(crate) fn is_conviction(self) -> bool {
        matches!(self, Self::Guilty | Self::NoContest | Self::Verdict)
    }

    /// As the truth writes it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Guilty | Self::NoContest | Self::Verdict => "conviction",
            Self::Dismissed => "dismissed",
            Self::Interest => "dismissed_1385",
            Self::Acquitted => "acquitted",
            Self::Diverted => "diversion",
        }
    }
}

/// A charge as written.
pub(crate) struct WrittenCharge {
    pub(crate) number: u16,
    /// The letters of the code: `HS`.
    pub(crate) code: &'static str,
    /// The section of which the person was convicted, else the one charged; blank if left out.
    pub(crate) section: String,
    /// The section charged, where it is another one.
    pub(crate) charged: Option<(&'static str, String)>,
    pub(crate) words: &'static str,
    /// `F`, `M`, `I` or blank.
    pub(crate) level: &'static str,
    pub(crate) offence_date: Option<Date>,
    /// What became of it in truth.
    pub(crate) outcome: Outcome,
    /// The disposition is left out.
    pub(crate) silent: bool,
    pub(crate) disposed: Option<Date>,
    pub(crate) sentence: Vec<Part>,
    pub(crate) sentence_end: Option<Date>,
    /// Reliefs in the court's file, in order of time.
    pub(crate) relief: Vec<Relief>,
    pub(crate) defects: Vec<D>,
}

impl Clerk<'_> {
    /// Writes a charge down. `case` and `party` are the errors that were made before, for the whole case.
    pub(crate) fn charge(&mut self, count: &Count, case: &[D], party: &[D]) -> WrittenCharge {
        self.marks.extend(case.iter().chain(party));
        let outcome = self.outcome(count);
        let convicted = count.offence;
        let (code, section) = self.section(convicted);
        let charged = count
            .charged
            .filter(|charge| count.kind == Kind::Conviction && Some(*charge) != convicted)
            .map(|charge| (charge.offence.code, plain(charge)));
        let level = match count.level {
            _ if self.does(D::LevelBlank) => "",
            Some(level) if self.does(D::LevelWrong) => other_level(level).letter(),
            level => level.map_or("", Level::letter),
        };
        let relief = if outcome.is_conviction() { self.relief(count) } else { Vec::new() };
        let mut disposed = Some(count.on);
        if self.does(D::DateBlank) {
            disposed = None;
        } else if self.does(D::DateOff) {
            let days = self.dice.between(1, 14) as i32;
            disposed = Some(plus_days(count.on, if self.dice.permille(700) { days } else { -days }));
        }
        let offence_date = count.offence_date.filter(|_| !self.does(D::OffenceDateBlank));
        let silent = self.does(D::DispositionBlank);
        let sentence = if outcome.is_conviction() { count.sentence.clone() } else { Vec::new() };
        WrittenCharge {
            number: count.number[2],
            code,
            section,
            charged,
            words: convicted.map_or("", |charge| charge.offence.words),
            level,
            offence_date,
            outcome,
            silent,
            disposed,
            sentence,
            sentence_end: count.sentence_end,
            relief,
            defects: std::mem::take(&mut self.marks),
        }
    }

    fn outcome(&mut self, count: &Count) -> Outcome {
        match count.kind {
            Kind::Conviction if self.does(D::DispositionConflict) => Outcome::Interest,
            Kind::Conviction => match self.dice.below(100) {
                0..60 => Outcome::Guilty,
                60..95 => Outcome::NoContest,
                _ => Outcome::Verdict,
            },
            Kind::Acquitted => Outcome::Acquitted,
            Kind::Diversion => Outcome::Diverted,
            _ if count.disposition.contains("JUSTICE") => Outcome::Interest,
            _ => Outcome::Dismissed,
        }
    }

    fn section(&mut self, charge: Option<Charge>) -> (&'static str, String) {
        let Some(charge) = charge else { return ("", String::new()) };
        let mut text = plain(charge);
        if self.does(D::SectionBlank) {
            return ("", String::new());
        }
        let single = !text.contains('/') && !text.contains('+');
        match text.split_once('(').map(|(bare, _)| bare.to_owned()) {
            Some(bare) if single && self.does(D::SectionCut) => text = bare,
            Some(_) if self.does(D::SectionCompact) => text.retain(|letter| !matches!(letter, '(' | ')')),
            _ if self.does(D::SectionSpaced) => text = text.to_lowercase().replacen('(', " (", 1),
            _ => {}
        }
        (charge.offence.code, text)
    }

    /// The reliefs that the court knows: the state's, some of them not, and now and then one more.
    fn relief(&mut self, count: &Count) -> Vec<Relief> {
        let mut relief = Vec::new();
        for one in &count.relief {
            if !self.does(D::ReliefAbsent) {
                relief.push(*one);
            }
        }
        let probation = count.sentence.iter().any(|part| part.place == 'P');
        let cannabis = count.offence.is_some_and(|charge| charge.offence.cannabis);
        let by = match () {
            () if cannabis && count.on < PROPOSITION_64 && self.dice.permille(300) => "HS 11361.8",
            () if probation => "PC 1203.4",
            () => return relief,
        };
        if let Some(end) = count.sentence_end
            && !count.relief.iter().any(|one| one.by == by)
            && self.happens(D::ReliefUnreported)
        {
            let since = if by == "HS 11361.8" { end.max(PROPOSITION_64) } else { end };
            let on = plus_days(since, self.dice.between(20, 1200) as i32);
            if on < self.docket.end() {
                relief.push(Relief { by, on });
                relief.sort_by_key(|one| one.on);
                self.marks.push(D::ReliefUnreported);
            }
        }
        relief
    }
}

fn other_level(level: Level) -> Level {
    if level == Level::Misdemeanor { Level::Felony } else { Level::Misdemeanor }
}

/// `11357(A)`, `664/11358`, `182/11359`.
fn plain(charge: Charge) -> String {
    let before = match (charge.attempt, charge.conspiracy) {
        (true, _) => "664/",
        (_, true) => "182/",
        _ => "",
    };
    format!("{before}{}", charge.offence.number)
}

/// A case number without the number of the defendant that the state's file now and then has after it.
pub(crate) fn without_suffix(number: &str) -> &str {
    match number.rsplit_once('-') {
        Some((rest, tail)) if tail.len() == 2 && rest.len() > 6 && !rest.contains('-') => rest,
        _ => number,
    }
}

/// The true number as letters and digits, without a defendant's number.
pub(crate) fn clean(number: &str) -> String {
    without_suffix(number).chars().filter(char::is_ascii_alphanumeric).collect()
}

/// Counts a conviction of the truth.
pub(crate) fn tally(totals: &mut CourtTotals, in_state: super::docket::InState) {
    use super::docket::InState;
    *match in_state {
        InState::Yes => &mut totals.convictions_in_state,
        InState::CaseMissing => &mut totals.convictions_missing,
        InState::PersonUnknown => &mut totals.convictions_of_unknown,
    } += 1;
}

/// `MM/DD/YYYY`, or `MM/DD/YY` on old pages.
pub(crate) fn slashed(date: Option<Date>, short: bool) -> String {
    let Some(date) = date else { return String::new() };
    let mut text = String::with_capacity(10);
    push_number(&mut text, date.month() as u32, 2);
    text.push('/');
    push_number(&mut text, date.day() as u32, 2);
    text.push('/');
    if short {
        push_number(&mut text, date.year().rem_euclid(100) as u32, 2);
    } else {
        push_number(&mut text, date.year() as u32, 4);
    }
    text
}

/// `36 MO PROB; 90 DA JAIL; FINE`.
pub(crate) fn sentence(parts: &[Part]) -> String {
    let mut text = String::new();
    for part in parts {
        if !text.is_empty() {
            text.push_str("; ");
        }
        if part.length > 0 {
            push_number(&mut text, part.length, 1);
            text.push_str(match part.unit {
                'D' => " DA ",
                'M' => " MO ",
                _ => " YR ",
            });
        }
        text.push_str(match part.place {
            'J' => "JAIL",
            'P' => "PROB",
            'S' => "PRISON",
            _ => "FINE",
        });
    }
    text
}

/// `FAMILY, GIVEN MIDDLE JR`.
pub(crate) fn whole_name(name: &crate::names::Parts) -> String {
    let mut text = format!("{},", name.last);
    for part in [&name.first, &name.middle, &name.suffix] {
        if !part.is_empty() {
            text.push(' ');
            text.push_str(part);
        }
    }
    text
}
