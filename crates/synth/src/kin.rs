//! People who resemble each other: twins, father and son of one name, siblings, and namesakes who are no kin.

use crate::calendar::{day, plus_years};
use crate::identity::Identity;
use crate::names::{NameSettings, Parts};
use crate::random::Dice;

/// How one person resembles another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kin {
    Twin,
    Junior,
    Sibling,
    Namesake,
}

/// Draws how a person resembles the one before, if at all.
pub(crate) fn how(settings: &NameSettings, dice: &mut Dice) -> Option<Kin> {
    let weights = [settings.twins, settings.juniors, settings.siblings, settings.namesakes];
    let none = 1000_u32.saturating_sub(weights.iter().sum());
    match dice.weighted([none].into_iter().chain(weights)) {
        1 => Some(Kin::Twin),
        2 => Some(Kin::Junior),
        3 => Some(Kin::Sibling),
        4 => Some(Kin::Namesake),
        _ => None,
    }
}

/// Makes `one` resemble `other`, whose names stay as they are. Nobody is born outside 1935 to 1999.
pub(crate) fn resemble(one: &mut Identity, other: &Identity, how: Kin, dice: &mut Dice) {
    // A woman's son has another family name as often as not: that is the sibling's case already.
    let how = if how == Kin::Junior && other.sex != 'M' { Kin::Sibling } else { how };
    let theirs = Parts::read(&other.name);
    let mut own = Parts::read(&one.name);
    own.last = theirs.last;
    if how != Kin::Namesake {
        (one.race, one.race_words) = (other.race, other.race_words);
    }
    one.origin = other.origin;
    match how {
        Kin::Twin => one.born = other.born,
        Kin::Sibling => {
            let years = dice.pick(&[-6, -4, -3, -2, -1, 1, 2, 3, 4, 6]);
            one.born = day((other.born.year() + years).clamp(1935, 1999), one.born.month(), one.born.day());
        }
        Kin::Junior => {
            let years = dice.between(18, 40) as i32;
            let later = i32::from(other.born.year()) + years <= 1999;
            let own_day = one.born;
            one.born = plus_years(other.born, if later { years } else { -years });
            one.born = day(one.born.year().clamp(1935, 1999), own_day.month(), own_day.day());
            one.sex = 'M';
            own.first = theirs.first;
            if dice.permille(500) {
                own.middle = theirs.middle;
            }
            own.suffix = if later { "JR" } else { "SR" }.to_owned();
        }
        Kin::Namesake => {
            one.sex = other.sex;
            own.first = theirs.first;
        }
    }
    one.name = own.write();
    one.aliases.clear();
}
