//! From the cases of a run to matters: whose, at which court, in which part; and what has to be mended first.

use crate::authorize::{Authorizations, May};
use crate::basis::Bases;
use crate::court::{Court, Courts, Whose};
use crate::fix::Problem;
use crate::matter::{Asked, Matter, Part, Stays};
use crate::names::Name;
use crate::number::{Read, bare, read};
use crate::relief::Relief;
use vacatur_pipeline::{Case, CaseCount, DecidedCount, Defendant, Matters, Serving};
use vacatur_records::{Level, Truth};

/// What came of one conviction to which the run gives relief.
pub(crate) enum Outcome<'a> {
    /// It goes into a packet, as a part of this matter; told once for each of its convictions.
    Asked,
    /// It cannot yet.
    Fix {
        /// Its case.
        case: &'a Case,
        /// The count.
        count: &'a CaseCount,
        /// Why.
        problem: Problem,
    },
    /// Nobody has authorized it. Its key, if its place is known.
    NotAuthorized(Option<u128>),
}

/// Courts of this packet, in the order in which they first came: profile and county.
#[derive(Default)]
pub(crate) struct Seats {
    seats: Vec<(usize, String)>,
}

impl Seats {
    fn of(&mut self, profile: usize, county: &str) -> u16 {
        let at = self.seats.iter().position(|(own, named)| *own == profile && named == county);
        let at = at.unwrap_or_else(|| {
            self.seats.push((profile, county.to_owned()));
            self.seats.len() - 1
        });
        at as u16
    }

    /// The profile and the county of a court.
    #[must_use]
    pub(crate) fn get(&self, at: u16) -> Option<(usize, &str)> {
        self.seats.get(usize::from(at)).map(|(profile, county)| (*profile, county.as_str()))
    }
}

/// What is known before any case is read.
pub(crate) struct Desk<'a> {
    /// The court profiles.
    pub courts: &'a Courts,
    /// The state's counties.
    pub counties: &'a [String],
    /// The texts of papers.
    pub bases: &'a Bases,
    /// Who authorized what.
    pub authorized: &'a Authorizations,
    /// The first letter of a name that no font has.
    pub missing_letter: &'a dyn Fn(&str) -> Option<char>,
}

impl Desk<'_> {
    /// Takes the cases of a person apart.
    pub(crate) fn take<'m>(
        &self,
        person: &'m Matters,
        seats: &mut Seats,
        sequence: &mut u64,
        mut tell: impl FnMut(Outcome<'m>),
    ) -> Vec<Matter> {
        let defendant = &person.defendant;
        let mut matters: Vec<Matter> = Vec::new();
        for case in &person.cases {
            let place = self.place(defendant, case);
            for count in &case.counts {
                let Some(decided) = count.decided.as_ref().filter(|decided| decided.is_grant()) else {
                    continue;
                };
                let (may, record) = self.authorized.of(&decided.subject, &decided.order);
                let (part, ground) = match may {
                    May::Nothing => {
                        let known = place.as_ref().ok();
                        tell(Outcome::NotAuthorized(
                            known.map(|place| key(defendant, place, decided, count)),
                        ));
                        continue;
                    }
                    May::File => (None, String::new()),
                    May::Contest(ground) => (Some(Part::Challenged), ground),
                };
                let found = place
                    .as_ref()
                    .map_err(Clone::clone)
                    .and_then(|place| placed(place, case, count, decided, part, &ground));
                match (found, &place) {
                    (Ok((_, _, relief)), Ok(place)) if !fits(defendant, place, decided, &relief) => {
                        tell(Outcome::Fix { case, count, problem: Problem::TooLong });
                    }
                    (Ok((prosecutor, part, relief)), Ok(place)) => {
                        let seat = seats.of(place.profile, &place.county);
                        let basis = self.bases.of(&decided.section, &relief);
                        let key = key(defendant, place, decided, count);
                        let asked = asked(count, decided, relief, ground, key, (*sequence, record));
                        *sequence += 1;
                        let same = matters.iter_mut().find(|matter| {
                            matter.court == seat
                                && usize::from(matter.prosecutor) == prosecutor
                                && (matter.part, matter.basis) == (part, basis)
                                && matter.case_number == place.number
                        });
                        let matter = match same {
                            Some(matter) => matter,
                            None => {
                                matters.push(matter(
                                    defendant,
                                    case,
                                    place,
                                    (seat, prosecutor as u16, part, basis),
                                ));
                                let last = matters.len() - 1;
                                &mut matters[last]
                            }
                        };
                        matter.asked.push(asked);
                        tell(Outcome::Asked);
                    }
                    (Err(problem), _) => tell(Outcome::Fix { case, count, problem }),
                    (Ok(_), Err(problem)) => tell(Outcome::Fix { case, count, problem: problem.clone() }),
                }
            }
        }
        for matter in &mut matters {
            matter.stays = stays(person, matter, self.courts);
        }
        for matter in &mut matters {
            matter.deceased = defendant.deceased;
        }
        matters
    }

    /// Where a case belongs, or why that cannot be said.
    fn place<'c>(&'c self, defendant: &Defendant, case: &Case) -> Result<Place<'c>, Problem> {
        let name = defendant.name.expose();
        if name.trim().is_empty() {
            return Err(Problem::NoName);
        }
        if let Some(letter) = (self.missing_letter)(name) {
            return Err(Problem::Letter(letter));
        }
        let county = county(&case.county);
        if county.is_empty() {
            return Err(Problem::NoCounty);
        }
        if !self.counties.contains(&county) {
            return Err(Problem::County);
        }
        let profile = self.courts.of_county(&county).ok_or(Problem::NoProfile)?;
        let court = self.courts.get(profile).ok_or(Problem::NoProfile)?;
        let patterns = court.case_numbers.iter().map(|way| &way.pattern);
        match read(&case.number, patterns, |part| self.courts.written_anywhere(part)) {
            Read::Missing => Err(Problem::NoCaseNumber),
            Read::Unclear => Err(Problem::CaseNumber),
            Read::Numbers { own, others } => Ok(Place { court, profile, county, number: own, others }),
        }
    }
}

/// A county as profiles write it: in capitals, with single blanks.
fn county(recorded: &str) -> String {
    recorded.to_uppercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Where a case belongs.
struct Place<'c> {
    court: &'c Court,
    profile: usize,
    county: String,
    number: String,
    others: Vec<String>,
}

/// Whether a conviction fits its row of the exhibit.
fn fits(defendant: &Defendant, place: &Place<'_>, decided: &DecidedCount, relief: &Relief) -> bool {
    vacatur_papers::exhibit_row_fits(&vacatur_papers::ExhibitRow {
        line: 1,
        case_number: place.number.clone(),
        other_case_number: place.others.join("; "),
        defendant: Name::of(defendant.name.expose()).listed(),
        section: decided.section.clone(),
        level: decided.level.clone(),
        date: decided.date.clone(),
        relief: relief.words().to_owned(),
        ..vacatur_papers::ExhibitRow::default()
    })
}

/// The prosecutor, the part and the relief of one conviction.
fn placed(
    place: &Place<'_>,
    case: &Case,
    count: &CaseCount,
    decided: &DecidedCount,
    part: Option<Part>,
    ground: &str,
) -> Result<(usize, Part, Relief), Problem> {
    let relief = Relief::of_words(&decided.relief).ok_or(Problem::Relief)?;
    if decided.section.is_empty() {
        return Err(Problem::NoSection);
    }
    // Whoever prosecutes a felony prosecutes the rest of its case.
    let felony = case.counts.iter().any(|count| count.level == Level::Felony.word());
    let level = if felony { Level::Felony.word() } else { &decided.level };
    let prosecutor = match place.court.whose(level, &case.arrested_by) {
        Whose::Prosecutor(at) => place.court.office(at),
        Whose::NoLevel => return Err(Problem::NoLevel),
        Whose::NoAgency => return Err(Problem::NoAgency),
        Whose::Nobody => return Err(Problem::NoProsecutor),
    };
    let part = match (part, count.serving) {
        (Some(_), Serving::Completed) if ground == "public-safety" => return Err(Problem::Ground),
        (_, Serving::Unknown) => return Err(Problem::Sentence),
        (Some(part), _) => part,
        (None, Serving::Completed) => Part::Completed,
        (None, Serving::Now) => Part::Serving,
    };
    Ok((prosecutor, part, relief))
}

/// What tells a conviction from every other: not the numbers of one delivery.
fn key(defendant: &Defendant, place: &Place<'_>, decided: &DecidedCount, count: &CaseCount) -> u128 {
    let cii = defendant.cii.expose();
    let who = if cii.is_empty() {
        format!("{}|{}", Name::of(defendant.name.expose()).listed(), defendant.birth_date.expose())
    } else {
        cii.clone()
    };
    // The smallest of several numbers: their order is that of a clerk's typing.
    let numbers = std::iter::once(&place.number).chain(&place.others).map(|number| bare(number));
    let number = numbers.min().unwrap_or_default();
    let text = format!("{}|{number}|{who}|{}|{}", place.county, decided.section, count.number);
    let hash = blake3::hash(text.as_bytes());
    u128::from_le_bytes(hash.as_bytes().first_chunk().copied().unwrap_or_default())
}

fn asked(
    count: &CaseCount,
    decided: &DecidedCount,
    relief: Relief,
    ground: String,
    key: u128,
    (sequence, record): (u64, u32),
) -> Asked {
    Asked {
        key,
        sequence,
        order: count.order.clone(),
        number: count.number,
        section: decided.section.clone(),
        offence: count.offence.clone(),
        level: decided.level.clone(),
        date: decided.date.clone(),
        relief,
        reason: decided.reason.clone(),
        citation: decided.citation.clone(),
        ground,
        record,
        serving: count.serving == Serving::Now,
        place: count.place,
    }
}

fn matter(
    defendant: &Defendant,
    case: &Case,
    place: &Place<'_>,
    (seat, prosecutor, part, basis): (u16, u16, Part, u8),
) -> Matter {
    Matter {
        court: seat,
        prosecutor,
        part,
        basis,
        deceased: false,
        subject: defendant.subject.expose().clone(),
        cii: defendant.cii.expose().clone(),
        name: defendant.name.expose().clone(),
        birth_date: defendant.birth_date.expose().clone(),
        court_code: case.court_code.clone(),
        branch: place.court.branch(&case.court),
        case_number: place.number.clone(),
        other_numbers: place.others.clone(),
        asked: Vec::new(),
        stays: Vec::new(),
    }
}

/// The counts of the same case that are not in the matter.
fn stays(person: &Matters, matter: &Matter, courts: &Courts) -> Vec<Stays> {
    let mut stays = Vec::new();
    for case in &person.cases {
        let own =
            courts.of_county(&county(&case.county)).and_then(|at| courts.get(at)).is_some_and(|court| {
                let patterns = court.case_numbers.iter().map(|way| &way.pattern);
                match read(&case.number, patterns, |part| courts.written_anywhere(part)) {
                    Read::Numbers { own, .. } => own == matter.case_number,
                    _ => false,
                }
            });
        if !own {
            continue;
        }
        for count in &case.counts {
            if matter.asked.iter().any(|asked| asked.order == count.order) {
                continue;
            }
            stays.push(of_count(count));
        }
    }
    stays
}

fn of_count(count: &CaseCount) -> Stays {
    let decided = count.decided.as_ref();
    let because = match (count.convicted, decided) {
        (Truth::No, _) => format!("no conviction: {}", count.disposition),
        (Truth::Unknown, _) => "whether it ended in a conviction is not known".into(),
        (Truth::Yes, None) => "conviction outside the policy's scope".into(),
        (Truth::Yes, Some(decided)) if decided.is_grant() => {
            format!("{}: in another packet, on the fix-list, or not authorized", decided.relief)
        }
        (Truth::Yes, Some(decided)) => format!("{}: {}", decided.outcome.replace('_', " "), decided.reason),
    };
    let unqualified = count.convicted == Truth::Yes
        && !decided.is_some_and(|decided| decided.is_grant() || decided.outcome == "already_relieved");
    let section = decided.map_or("", |decided| decided.section.as_str());
    Stays {
        number: count.number,
        offence: if section.is_empty() { count.offence.clone() } else { section.to_owned() },
        level: count.level.to_owned(),
        because,
        unqualified,
    }
}
