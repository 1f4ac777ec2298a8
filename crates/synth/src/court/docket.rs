//! Which cases the court holds, and of whom: what is true, before any of it is written down.

use jiff::civil::Date;

use super::profile::CourtProfile;
use crate::calendar::{day, days_between, plus_days, plus_years, some_day};
use crate::career;
use crate::identity::{Identity, identity, numbers};
use crate::kin;
use crate::life::{Count, Place};
use crate::names::NameSettings;
use crate::population::Population;
use crate::profile::Profile;
use crate::random::Dice;

/// Whether the state's file has a court's case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InState {
    Yes,
    /// The person is in the file and the case is not.
    CaseMissing,
    /// Nothing of the person is in the file.
    PersonUnknown,
}

impl InState {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::CaseMissing => "case_missing",
            Self::PersonUnknown => "person_unknown",
        }
    }
}

/// A case as it truly is.
pub(crate) struct Case {
    pub(crate) number: String,
    pub(crate) place: Place,
    /// The day of the judgment.
    pub(crate) on: Date,
    pub(crate) filed: Date,
    pub(crate) defendants: Vec<Defendant>,
}

/// A defendant of a case, and what became of the charges.
pub(crate) struct Defendant {
    /// The number in the population, or `C` and a number.
    pub(crate) person: String,
    pub(crate) identity: Identity,
    pub(crate) in_state: InState,
    /// Whether the state's truth has the counts under their numbers.
    pub(crate) in_truth: bool,
    pub(crate) counts: Vec<Count>,
    /// Decides what the person does throughout all cases, such as a change of the family name.
    pub(crate) lot: u64,
}

/// Draws the cases of one county, person by person.
pub(crate) struct Docket<'a> {
    population: &'a Population,
    /// The population's profile, with the court's county as the main one.
    local: Profile,
    profile: &'a CourtProfile,
    resemblance: NameSettings,
    county: u16,
    strangers: u64,
}

/// Sets the dice of courts apart from those of lives.
const COURT: u64 = 0x636f_7572_7421_0001;
const STRANGERS: u64 = 0x7374_7261_6e67_6572;

impl<'a> Docket<'a> {
    pub(crate) fn new(population: &'a Population, county: usize, profile: &'a CourtProfile) -> Self {
        let local = Profile { county, ..population.profile().clone() };
        let strangers = population.people().saturating_mul(u64::from(profile.people.court_only)) / 1000;
        let resemblance = profile.resemblance();
        Self { population, local, profile, resemblance, county: county as u16, strangers }
    }

    /// How many people there are in all: first those of the population, then those whom only the court knows.
    pub(crate) fn people(&self) -> u64 {
        self.population.people() + self.strangers
    }

    /// The dice of a person's lines in the court's file.
    pub(crate) fn dice(&self, n: u64) -> Dice {
        Dice::new(self.population.seed() ^ COURT, n)
    }

    /// How many people the population has.
    pub(crate) fn known_people(&self) -> u64 {
        self.population.people()
    }

    /// The CII number of person `n` of the population.
    pub(crate) fn cii(&self, n: u64) -> String {
        numbers(self.population.seed(), n).1
    }

    /// The last day on which anything happens.
    pub(crate) fn end(&self) -> Date {
        self.local.extract_date
    }

    /// The cases of person `n`.
    pub(crate) fn cases(&self, n: u64, dice: &mut Dice) -> Vec<Case> {
        let mut cases = match n.checked_sub(self.population.people()) {
            None => self.known(n, dice),
            Some(stranger) => self.unknown(stranger, dice),
        };
        for (at, case) in cases.iter_mut().enumerate() {
            if dice.permille(self.profile.people.codefendants) {
                self.join(case, n, at as u64, dice);
            }
        }
        cases
    }

    /// Somebody of the population: what the court has of it, and perhaps a case older than all of it.
    fn known(&self, n: u64, dice: &mut Dice) -> Vec<Case> {
        let (identity, life) = self.population.life(n);
        let standing = standing(&life.counts);
        let mut cases: Vec<Case> = Vec::new();
        let people = &self.profile.people;
        let first = life.counts.iter().map(|count| count.on).min().unwrap_or(self.local.extract_date);
        let mut step = None;
        let mut kept = true;
        for count in life.counts {
            if !count.kind.is_court() || count.place.county != self.county {
                continue;
            }
            let own = Some([count.number[0], count.number[1]]);
            if step == own {
                if kept && let Some(defendant) = cases.last_mut().and_then(|case| case.defendants.last_mut())
                {
                    defendant.counts.push(count);
                }
                continue;
            }
            step = own;
            let old = count.on < day(1985, 1, 1);
            kept = !dice.permille(if old { people.purged_before_1985 } else { people.purged });
            if kept {
                let in_state = if count.is_reported() { InState::Yes } else { standing };
                let person = (n.to_string(), identity.clone(), in_state, true);
                cases.push(case(person, vec![count], n, dice));
            }
        }
        if dice.permille(people.older) {
            let (from, to) = (grown(&identity), plus_days(first, -600));
            if from < to {
                let counts = self.further(some_day(dice, from, to), dice);
                cases.extend(self.of(n.to_string(), &identity, standing, counts, n, dice));
            }
        }
        cases
    }

    /// Somebody whom only the court knows: cited and released, never printed.
    fn unknown(&self, stranger: u64, dice: &mut Dice) -> Vec<Case> {
        let mut identity = self.stranger(stranger);
        let among = self.population.people();
        if among > 0
            && let Some(how) = kin::how(&self.resemblance, dice)
        {
            let other = u64::from(dice.below(among.min(u64::from(u32::MAX)) as u32));
            kin::resemble(&mut identity, &self.population.life(other).0, how, dice);
        }
        let mut cases = Vec::new();
        loop {
            let (from, to) = (grown(&identity), plus_days(self.local.extract_date, -60));
            let span = days_between(from, to);
            let date = plus_days(from, dice.below(span).min(dice.below(span)) as i32);
            let counts = self.further(date, dice);
            let lot = among + stranger;
            cases.extend(self.of(
                format!("C{stranger}"),
                &identity,
                InState::PersonUnknown,
                counts,
                lot,
                dice,
            ));
            if cases.len() > 8 || !dice.permille(self.profile.people.further_case) {
                return cases;
            }
        }
    }

    fn stranger(&self, number: u64) -> Identity {
        let seed = self.population.seed() ^ STRANGERS;
        // Never printed: the state has given out no number.
        let mut identity = identity(&self.local, seed, number, &mut Dice::new(seed, number << 1));
        identity.cii.clear();
        identity.subject_id.clear();
        identity
    }

    fn further(&self, date: Date, dice: &mut Dice) -> Vec<Count> {
        let cannabis = dice.permille(self.profile.people.cannabis);
        career::court_case(&self.local, date, cannabis, dice)
    }

    fn of(
        &self,
        person: String,
        identity: &Identity,
        in_state: InState,
        counts: Vec<Count>,
        lot: u64,
        dice: &mut Dice,
    ) -> Option<Case> {
        (!counts.is_empty()).then(|| case((person, identity.clone(), in_state, false), counts, lot, dice))
    }

    /// Puts a second defendant into a case: under the same number and the same charges.
    fn join(&self, case: &mut Case, n: u64, at: u64, dice: &mut Dice) {
        let Some(first) = case.defendants.first() else { return };
        let mut counts = first.counts.clone();
        for count in &mut counts {
            count.defects.clear();
        }
        let people = self.population.people();
        let of_age = |identity: &Identity| grown(identity) <= case.filed;
        let mut found = None;
        if dice.permille(self.profile.people.codefendant_known) {
            let other = u64::from(dice.below(people.min(u64::from(u32::MAX)) as u32));
            if other != n {
                let (identity, life) = self.population.life(other);
                found = Some((other.to_string(), identity, standing(&life.counts), other));
            }
        }
        // Numbers far above all others: nobody else's.
        let number = self.strangers + n * 16 + at.min(15);
        let (person, identity, in_state, lot) = found.unwrap_or_else(|| {
            (format!("C{number}"), self.stranger(number), InState::PersonUnknown, people + number)
        });
        if of_age(&identity) {
            case.defendants.push(Defendant { person, identity, in_state, in_truth: false, counts, lot });
        }
    }
}

/// Whether the state's file has anything of a person.
fn standing(counts: &[Count]) -> InState {
    if counts.iter().any(Count::is_reported) { InState::CaseMissing } else { InState::PersonUnknown }
}

/// The first day on which somebody can be before the court.
fn grown(identity: &Identity) -> Date {
    plus_years(identity.born, 18).max(day(1953, 1, 1))
}

fn case(who: (String, Identity, InState, bool), counts: Vec<Count>, lot: u64, dice: &mut Dice) -> Case {
    let (person, identity, in_state, in_truth) = who;
    let first = counts.first();
    let on = first.map_or(Date::MIN, |count| count.on);
    let offence = first.and_then(|count| count.offence_date).unwrap_or(on);
    let number = first.map(|count| count.case_number.clone()).unwrap_or_default();
    let nowhere = Place { county: 0, town: 0, agency: "SC" };
    let place = first.map_or(nowhere, |count| count.place);
    let filed = plus_days(offence, dice.below(days_between(offence, on).min(60) + 1) as i32);
    let defendants = vec![Defendant { person, identity, in_state, in_truth, counts, lot }];
    Case { number, place, on, filed, defendants }
}
