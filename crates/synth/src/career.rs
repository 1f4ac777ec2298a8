//! Draws a life: arrests, what the courts made of them, and what came after.

use jiff::civil::Date;

use crate::calendar::{day, days_between, plus_days, plus_years, some_day};
use crate::identity::Identity;
use crate::life::{Charge, Count, Kind, Level, Life, Place, Rejected};
use crate::lists::{Family, Offence, lists};
use crate::profile::{Profile, band};
use crate::random::Dice;
use crate::spelling::Spelling;
use crate::{courts, sequel};

/// The day Proposition 64 took effect.
pub(crate) const PROPOSITION_64: Date = jiff::civil::date(2016, 11, 9);

/// Draws the life of a person.
pub(crate) fn life(profile: &Profile, identity: &Identity, dice: &mut Dice) -> Life {
    let career = &profile.career;
    let grown = plus_years(identity.born, 18).max(day(1953, 1, 1));
    let end = profile.extract_date;
    let anchor = anchor(profile, grown, dice);
    // Nobody dies before the cannabis case is over, and nothing happens after death.
    let died = (dice.permille(profile.population.deceased))
        .then(|| some_day(dice, plus_days(anchor, 500), end))
        .filter(|died| *died <= end);
    let last = died.unwrap_or(end);
    let mut dates = vec![(anchor, true)];
    for _ in 1..band(&career.episodes, dice) {
        let span = days_between(grown, last);
        // The lesser of two throws: offending falls with age.
        let at = dice.below(span).min(dice.below(span));
        dates.push((plus_days(grown, at as i32), false));
    }
    dates.sort_unstable();
    let mut teller =
        Teller { profile, home: 0, dice, counts: Vec::new(), cycle: 100, step: 0, last, registered: false };
    teller.home = teller.home();
    for (date, anchor) in dates {
        teller.episode(date, anchor);
    }
    if teller.dice.permille(career.stray_registration) {
        let date = some_day(teller.dice, plus_days(anchor, 1), last);
        teller.open_cycle();
        let home = teller.place(teller.home, "PD");
        sequel::register(&mut teller, home, date, true);
    }
    if let Some(died) = died {
        teller.open_cycle();
        let home = teller.place(teller.home, "SO");
        let count = teller.count(Kind::Deceased, "DECEASED", died, home, 1);
        teller.counts.push(count);
    }
    let Teller { counts, registered, .. } = teller;
    Life { counts, died, registered }
}

/// One case before the court of the profile's county, of whoever it is: arrested on this day, and convicted of an offence
/// of cannabis if `cannabis`. Only the court's counts.
pub(crate) fn court_case(profile: &Profile, date: Date, cannabis: bool, dice: &mut Dice) -> Vec<Count> {
    let last = profile.extract_date;
    let home = profile.county as u16;
    let mut teller =
        Teller { profile, home, dice, counts: Vec::new(), cycle: 0, step: 0, last, registered: false };
    teller.open_cycle();
    let number = band(&profile.career.charges, teller.dice).max(1);
    let charges: Vec<Charge> = (0..number)
        .map(|at| teller.charge(date, (cannabis && at == 0).then_some(Family::Cannabis)))
        .collect();
    let offence_date = plus_days(date, -(teller.offence_delay() as i32));
    courts::judge(&mut teller, date, offence_date, profile.county as u16, &charges, cannabis);
    teller.counts.retain(|count| count.kind.is_court());
    teller.counts
}

/// The day of the arrest for the cannabis conviction that brings the person into the file.
fn anchor(profile: &Profile, grown: Date, dice: &mut Dice) -> Date {
    let (early, late) = (day(1974, 12, 31), day(2016, 6, 30));
    // The case must be over by the day of the extract.
    let end = plus_days(profile.extract_date, -60);
    if grown < early && dice.permille(profile.career.before_1975) {
        return some_day(dice, grown.max(day(1960, 1, 1)), early);
    }
    if grown > late || dice.permille(profile.career.after_2016) {
        return some_day(dice, grown.max(PROPOSITION_64), end).min(end);
    }
    let start = grown.max(plus_days(early, 1));
    let span = days_between(start, late);
    let at = if dice.permille(600) { dice.below(span).min(dice.below(span)) } else { dice.below(span) };
    plus_days(start, at as i32)
}

/// Tells one life, episode by episode.
pub(crate) struct Teller<'a> {
    pub(crate) profile: &'a Profile,
    /// The county in which the person lives, by its place in the list.
    home: u16,
    pub(crate) dice: &'a mut Dice,
    pub(crate) counts: Vec<Count>,
    cycle: u16,
    step: u16,
    /// The last day on which anything can happen.
    pub(crate) last: Date,
    pub(crate) registered: bool,
}

impl Teller<'_> {
    /// Where the person lives. Nothing is drawn for a profile in which everybody lives in one county.
    fn home(&mut self) -> u16 {
        match &self.profile.homes {
            Some(homes) if self.dice.permille(homes.anywhere) => self.any_county(),
            _ => self.profile.county as u16,
        }
    }

    /// A county by its weight.
    fn any_county(&mut self) -> u16 {
        self.dice.weighted(lists().counties.iter().map(|county| county.weight)) as u16
    }

    /// An arrest and what the courts made of it.
    fn episode(&mut self, date: Date, anchor: bool) {
        let career = &self.profile.career;
        let away = !anchor && self.dice.permille(career.out_of_county);
        let county = if away { self.any_county() } else { self.home };
        let about = (anchor || self.dice.permille(career.cannabis_again)).then_some(Family::Cannabis);
        let number = band(&career.charges, self.dice).max(1);
        let charges: Vec<Charge> =
            (0..number).map(|at| self.charge(date, about.filter(|_| at == 0))).collect();
        let to_court = anchor || !self.dice.permille(career.no_court);
        self.open_cycle();
        let offence_date = plus_days(date, -(self.offence_delay() as i32));
        if !(to_court && self.dice.permille(career.court_without_arrest)) {
            self.arrest(date, offence_date, county, &charges, to_court);
        }
        if to_court {
            courts::judge(self, date, offence_date, county, &charges, anchor);
        }
    }

    /// Days from the offence to the arrest: mostly none.
    fn offence_delay(&mut self) -> u32 {
        if self.dice.permille(850) { 0 } else { self.dice.between(1, 40) }
    }

    fn arrest(&mut self, date: Date, offence_date: Date, county: u16, charges: &[Charge], to_court: bool) {
        let agency = self.dice.pick(&["PD", "PD", "PD", "SO", "SO", "HP"]);
        let place = self.place(county, agency);
        self.next_step();
        let disposition = match (to_court, self.dice.below(10)) {
            (true, _) => "",
            (_, 0..=2) => "PROS REJ-LACK OF SUFFICIENT EVIDENCE",
            (_, 3) => "PROS REJ-COMB W/OTHER CNTS",
            (_, 4) => "RELEASED/DETENTION ONLY",
            (_, 5) => "REL/TOT OTHER JURIS/AUTH",
            _ => "",
        };
        for (at, charge) in charges.iter().enumerate() {
            let mut count = self.count(Kind::Arrest, "ARREST/DETAINED/CITED", date, place, at as u16 + 1);
            count.disposition = disposition;
            count.offence_date = Some(offence_date);
            count.level = Some(charged_level(charge.offence));
            self.set_charge(&mut count, *charge);
            self.counts.push(count);
        }
    }

    /// A charge of the day: of the family, or of any.
    fn charge(&mut self, date: Date, family: Option<Family>) -> Charge {
        let career = &self.profile.career;
        let family = family.unwrap_or_else(|| {
            let index = self.dice.weighted(career.families.weights().into_iter());
            Family::OTHERS[index]
        });
        let offence = self.offence(date, family);
        // An offence that is already two sections is not wrapped in a third.
        let single = !offence.section.contains('+') && family != Family::Near;
        let attempt = single && self.dice.permille(career.attempt);
        let conspiracy = single && !attempt && self.dice.permille(career.conspiracy);
        Charge { offence, attempt, conspiracy }
    }

    /// An offence of a family that was charged that year; a petty one if the family had none yet.
    pub(crate) fn offence(&mut self, date: Date, family: Family) -> &'static Offence {
        // The old numbers were charged until the end of 2016, the new ones from the year after.
        let year = date.year();
        let weight = |offence: &Offence| {
            if (offence.years.0..=offence.years.1).contains(&year) { offence.weight } else { 0 }
        };
        let mut offences = lists().of(family);
        if !offences.iter().any(|offence| weight(offence) > 0) {
            offences = lists().of(Family::Petty);
        }
        &offences[self.dice.weighted(offences.iter().map(weight))]
    }

    /// The level at which an offence is convicted.
    pub(crate) fn level(&mut self, offence: &Offence) -> Level {
        match charged_level(offence) {
            Level::Felony if offence.level == 'W' && self.dice.permille(400) => Level::Misdemeanor,
            level => level,
        }
    }

    pub(crate) fn set_charge(&mut self, count: &mut Count, charge: Charge) {
        count.charged = Some(charge);
        count.offence = Some(charge);
        count.spelling = Spelling::draw(&self.profile.spelling, self.dice);
    }

    pub(crate) fn place(&mut self, county: u16, agency: &'static str) -> Place {
        let towns = lists().counties.get(usize::from(county)).map_or(1, |county| county.towns.len());
        Place { county, town: self.dice.below(towns as u32) as u16, agency }
    }

    pub(crate) fn open_cycle(&mut self) {
        self.cycle += 1;
        self.step = 0;
    }

    /// The number of the next step of the cycle.
    pub(crate) fn next_step(&mut self) -> u16 {
        self.step += 1;
        self.step
    }

    /// A count of the current step, with nothing but its place in the record.
    pub(crate) fn count(
        &self,
        kind: Kind,
        step_type: &'static str,
        on: Date,
        place: Place,
        number: u16,
    ) -> Count {
        Count {
            number: [self.cycle, self.step.max(1), number],
            kind,
            charged: None,
            offence: None,
            level: None,
            on,
            offence_date: None,
            sentence: Vec::new(),
            sentence_end: None,
            relief: Vec::new(),
            case_number: String::new(),
            defects: Vec::new(),
            rejected: Rejected::No,
            place,
            step_type,
            disposition: "",
            comment: "",
            text: "",
            spelling: Spelling::default(),
            updates: Vec::new(),
        }
    }
}

/// The level at which an offence is charged: a felony, if it may be one.
pub(crate) fn charged_level(offence: &Offence) -> Level {
    match offence.level {
        'M' => Level::Misdemeanor,
        'I' => Level::Infraction,
        _ => Level::Felony,
    }
}
