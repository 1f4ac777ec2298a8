//! What follows a judgment: supervision, registration, changes of the sentence, relief.

use jiff::civil::Date;

use crate::calendar::{day, plus_days, some_day};
use crate::career::{PROPOSITION_64, Teller};
use crate::life::{Kind, Level, Part, Place, Relief, Update};
use crate::lists::Family;

const PROPOSITION_47: Date = jiff::civil::date(2014, 11, 5);

/// What follows the counts from `first` on, which are those of one court step.
pub(crate) fn follow(teller: &mut Teller<'_>, first: usize) {
    let judged = first..teller.counts.len();
    let Some(lead) = judged.clone().find(|at| teller.counts[*at].kind == Kind::Conviction) else { return };
    for at in judged.clone() {
        change_sentence(teller, at);
        relieve(teller, at);
    }
    let (on, place) = (teller.counts[lead].on, teller.counts[lead].place);
    let convicted_of = |teller: &Teller<'_>, wanted: &[Family]| {
        teller.counts[judged.clone()].iter().any(|count| {
            count.kind == Kind::Conviction
                && count.offence.is_some_and(|charge| wanted.contains(&charge.offence.family))
        })
    };
    // Most registrations are on file; some are not, and the conviction alone must tell.
    if convicted_of(teller, &[Family::Sex]) && teller.dice.permille(900) {
        let on = plus_days(on, teller.dice.between(1, 60) as i32).min(teller.last);
        register(teller, place, on, true);
    }
    if convicted_of(teller, &[Family::Drug, Family::Cannabis])
        && teller.dice.permille(teller.profile.career.narcotics_registration)
    {
        let on = plus_days(on, teller.dice.between(1, 60) as i32).min(teller.last);
        register(teller, place, on, false);
    }
    if teller.dice.permille(teller.profile.career.supervision_step) {
        supervise(teller, lead);
    }
}

/// A registration step: as a sex offender, or of a narcotics offender.
pub(crate) fn register(teller: &mut Teller<'_>, place: Place, on: Date, sex: bool) {
    teller.next_step();
    let place = Place { agency: "PD", ..place };
    let mut count = teller.count(Kind::Registration, "REGISTRATION", on, place, 1);
    count.text = if sex {
        teller.registered = true;
        "290 PC-REGISTRATION OF SEX OFFENDER"
    } else {
        "11590 HS-REGISTRATION OF CNTL SUB OFFENDER"
    };
    teller.counts.push(count);
}

/// A PROBATION or CUSTODY step that repeats a conviction's charge and convicts nobody.
fn supervise(teller: &mut Teller<'_>, lead: usize) {
    let conviction = teller.counts[lead].clone();
    let prison = conviction.disposition == "CONVICTED-PRISON";
    let (step_type, agency) = if prison { ("CUSTODY", "CD") } else { ("PROBATION", "PR") };
    let on = plus_days(conviction.on, teller.dice.between(1, 30) as i32).min(teller.last);
    teller.next_step();
    let place = Place { agency, ..conviction.place };
    let mut count = teller.count(Kind::Supervision, step_type, on, place, 1);
    count.charged = conviction.offence;
    count.offence = conviction.offence;
    count.level = conviction.level;
    count.offence_date = conviction.offence_date;
    count.spelling = conviction.spelling;
    count.comment = if prison { "RECEIVED BY DEPT OF CORRECTIONS" } else { "PLACED ON PROBATION" };
    teller.counts.push(count);
}

/// A probation that is revoked or prolonged.
fn change_sentence(teller: &mut Teller<'_>, at: usize) {
    let rates = &teller.profile.sentence;
    let (revoked, modified) = (teller.dice.permille(rates.revoked), teller.dice.permille(rates.modified));
    let count = &mut teller.counts[at];
    let Some(probation) = count.sentence.iter().find(|part| part.place == 'P').copied() else { return };
    let Some(end) = count.sentence_end else { return };
    let on = some_day(teller.dice, plus_days(count.on, 30), end);
    if !(revoked || modified) || on > end || on > teller.last {
        return;
    }
    let (disposition, part, start) = if revoked {
        let length = teller.dice.pick(&[30, 60, 90, 120, 180, 365]);
        ("PROBATION REVOKED", Part { place: 'J', length, unit: 'D' }, on)
    } else {
        ("SENTENCE MODIFIED", Part { length: probation.length * 2, ..probation }, count.on)
    };
    // A revocation ends the probation; a longer one takes the place of the first.
    let rest = count.sentence.iter().filter(|part| part.place != 'P').map(|part| part.end(count.on));
    count.sentence_end = Some(rest.fold(part.end(start), Date::max));
    count.updates.push(Update { on, disposition, part: Some(part), step: None });
}

/// Reliefs that the person was granted, each at most once.
fn relieve(teller: &mut Teller<'_>, at: usize) {
    let rates = &teller.profile.relief;
    let count = &teller.counts[at];
    let (Some(end), Some(charge)) = (count.sentence_end, count.offence) else { return };
    let revoked = count.updates.iter().any(|update| update.disposition == "PROBATION REVOKED");
    let probation = count.sentence.iter().any(|part| part.place == 'P') && !revoked;
    let felony = count.level == Some(Level::Felony);
    let family = charge.offence.family;
    let old_cannabis = family == Family::Cannabis && count.on < PROPOSITION_64;
    let simple = matches!(family, Family::Petty | Family::Drug | Family::Property);
    // Only what could have been a misdemeanor from the start.
    let wobbler = felony && charge.offence.level == 'W';
    let offers: [(bool, u32, Date, &'static str, &'static str); 4] = [
        (
            probation && wobbler,
            rates.reduced,
            day(1967, 1, 1),
            "PC 17(b)",
            "REDUCED TO MISDEMEANOR PER 17(B) PC",
        ),
        (probation, rates.set_aside, day(1967, 1, 1), "PC 1203.4", "CONV SET ASIDE & DISM PER 1203.4 PC"),
        (simple && felony, rates.resentenced, PROPOSITION_47, "PC 1170.18", "RESENTENCED PER 1170.18 PC"),
        (old_cannabis, rates.vacated, PROPOSITION_64, "HS 11361.8", "DISM PER 11361.8 HS PROP 64"),
    ];
    let mut after = end;
    for (open, rate, since, by, disposition) in offers {
        if !(open && teller.dice.permille(rate)) {
            continue;
        }
        let on = plus_days(after.max(since), teller.dice.between(20, 1800) as i32);
        if on > teller.last {
            continue;
        }
        after = on;
        let step = teller.dice.permille(teller.profile.relief.later_step).then(|| teller.next_step());
        teller.counts[at].relief.push(Relief { by, on });
        teller.counts[at].updates.push(Update { on, disposition, part: None, step });
    }
}
