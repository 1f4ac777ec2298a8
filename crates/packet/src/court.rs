//! Court profiles: what a court is called, how it writes case numbers, what it imports, and who prosecutes there.
//!
//! A profile is a file of `forms/us-ca/courts/`. Nothing of a court is in code.

use crate::number::Pattern;
use crate::relief::Relief;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The profiles that come with the program, by file name.
const SHIPPED: &[(&str, &str)] = &[
    ("los-angeles", include_str!("../../../forms/us-ca/courts/los-angeles.toml")),
    ("default", include_str!("../../../forms/us-ca/courts/default.toml")),
];

/// A court profile that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{file}: {what}")]
pub struct CourtError {
    /// The file.
    pub file: String,
    /// What is wrong, with the place.
    pub what: String,
}

/// How a court writes a case number.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseNumber {
    /// `#` is a digit, `@` a letter, `(…)` may be left out; all else stands for itself.
    pub pattern: Pattern,
    /// When and where it was used.
    pub doc: String,
}

/// A column of the machine-readable exhibit.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnOf {
    /// Its heading.
    pub name: String,
    /// What stands in it.
    pub value: Cell,
}

/// What a column of the machine-readable exhibit can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cell {
    /// The line of the exhibit.
    Line,
    /// Its page.
    Page,
    /// The case number as the court writes it.
    CaseNumber,
    /// Further numbers of the same case.
    OtherCaseNumbers,
    /// The court's code.
    CourtCode,
    /// The court's branch.
    Branch,
    /// The name, LAST, FIRST MIDDLE.
    Defendant,
    /// The birth date.
    BirthDate,
    /// The CII number.
    Cii,
    /// The number of the count.
    Count,
    /// The code section.
    Section,
    /// felony, misdemeanor, infraction.
    Level,
    /// The date of the conviction.
    Date,
    /// The relief in words.
    Relief,
    /// The court's code for the relief.
    ReliefCode,
}

/// How the exhibit is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// By branch of the court.
    Branch,
    /// By case number.
    CaseNumber,
    /// By name.
    Defendant,
    /// By the year of the conviction.
    Year,
}

/// The machine-readable exhibit.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExhibitOf {
    /// What it is sorted by, the first first.
    pub order: Vec<Order>,
    /// Its columns.
    #[serde(rename = "column")]
    pub columns: Vec<ColumnOf>,
    /// How dates are written: `2003-05-17` or `05/17/2003`.
    #[serde(default)]
    pub dates: Dates,
}

/// How dates are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum Dates {
    /// `2003-05-17`
    #[default]
    #[serde(rename = "YYYY-MM-DD")]
    Iso,
    /// `05/17/2003`
    #[serde(rename = "MM/DD/YYYY")]
    American,
}

/// Who prosecutes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Prosecutor {
    /// The name of the office.
    pub name: String,
    /// `district attorney`, `city attorney`.
    pub kind: String,
    /// The levels it prosecutes.
    pub levels: Vec<String>,
    /// The arresting agencies whose cases are its own, as recorded, or their codes; a `*` at the end stands for anything. Empty: all.
    #[serde(default)]
    pub arrested_by: Vec<String>,
    /// Where this was found.
    pub source: String,
    /// `confirmed`, `observed`, `secondary`, `unconfirmed`.
    pub status: Status,
}

/// How sure an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// By the source itself.
    Confirmed,
    /// Seen in practice.
    Observed,
    /// By another's account of it.
    Secondary,
    /// By nobody yet.
    Unconfirmed,
}

/// A court profile.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Court {
    /// Its name in file names.
    pub id: String,
    /// Its name in words; `{county}` is the county.
    pub name: String,
    /// The first line of a caption.
    pub title: String,
    /// The second; `{county}` is the county.
    pub county_title: String,
    /// The county as records write it; `*` for any that has no profile of its own.
    pub county: String,
    /// The words before a place in a recorded court's name, which are no part of the branch: `CASC`.
    #[serde(default)]
    pub court_prefixes: Vec<String>,
    /// How it writes case numbers.
    #[serde(rename = "case-number")]
    pub case_numbers: Vec<CaseNumber>,
    /// Its machine-readable exhibit.
    pub exhibit: ExhibitOf,
    /// Its codes for relief, by the words `dismiss`, `dismiss and seal`, `reduce to misdemeanor`, `reduce to infraction`.
    #[serde(default)]
    pub relief_codes: BTreeMap<String, String>,
    /// Who prosecutes, the first that fits.
    #[serde(rename = "prosecutor")]
    pub prosecutors: Vec<Prosecutor>,
    /// Where this was found.
    pub source: String,
    /// How sure it is.
    pub status: Status,
}

/// Whose case it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// That of the prosecutor with this number.
    Prosecutor(usize),
    /// The level is not known, so that it may be one or the other's.
    NoLevel,
    /// The record does not say who arrested, and it may be one or the other's.
    NoAgency,
    /// No prosecutor of the profile fits.
    Nobody,
}

impl Court {
    /// Reads a profile.
    ///
    /// # Errors
    /// What is wrong, with the place.
    pub fn parse(file: &str, text: &str) -> Result<Self, CourtError> {
        let broken = |what: String| CourtError { file: file.to_owned(), what };
        let mut court: Self = toml::from_str(text).map_err(|error| broken(error.to_string()))?;
        court.county = court.county.to_uppercase().split_whitespace().collect::<Vec<_>>().join(" ");
        for one in &court.prosecutors {
            let slug = crate::group::slug(&one.name);
            let other = court
                .prosecutors
                .iter()
                .find(|other| other.name != one.name && crate::group::slug(&other.name) == slug);
            if other.is_some() || slug == "unnamed" {
                return Err(broken(format!(
                    "the prosecutor `{}` has no name of its own in letters a to z",
                    one.name
                )));
            }
        }
        if court.id.is_empty() || !court.id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-') {
            return Err(broken("`id` is letters a to z and hyphens: it becomes the name of a folder".into()));
        }
        if court.case_numbers.is_empty() || court.prosecutors.is_empty() || court.exhibit.columns.is_empty() {
            return Err(broken(
                "a profile has at least one [[case-number]], one [[prosecutor]] and one [[exhibit.column]]"
                    .into(),
            ));
        }
        if let Some(word) = court.relief_codes.keys().find(|word| !Relief::WORDS.contains(&word.as_str())) {
            return Err(broken(format!(
                "[relief-codes] has `{word}`, which is none of {}",
                Relief::WORDS.join(", ")
            )));
        }
        Ok(court)
    }

    /// The court's name of a county.
    #[must_use]
    pub fn name_of(&self, county: &str) -> String {
        self.name.replace("{county}", &crate::names::title_case(county))
    }

    /// The branch in a recorded court's name: `West Covina` of `CAMCWEST COVINA`.
    #[must_use]
    pub fn branch(&self, recorded: &str) -> String {
        let place = self.court_prefixes.iter().find_map(|prefix| recorded.strip_prefix(prefix.as_str()));
        crate::names::title_case(place.unwrap_or(recorded).trim())
    }

    /// The first prosecutor of the same name: one office may stand in several entries.
    #[must_use]
    pub fn office(&self, at: usize) -> usize {
        let name = self.prosecutors.get(at).map(|one| &one.name);
        self.prosecutors.iter().position(|one| Some(&one.name) == name).unwrap_or(at)
    }

    /// The name of a prosecutor in a county.
    #[must_use]
    pub fn prosecutor_name(&self, at: usize, county: &str) -> String {
        let name = self.prosecutors.get(at).map_or("", |one| one.name.as_str());
        name.replace("{county}", &crate::names::title_case(county))
    }

    /// Who prosecuted a count of this level, by the agencies that made the arrest.
    #[must_use]
    pub fn whose(&self, level: &str, arrested_by: &[(String, String)]) -> Whose {
        // A prosecutor who has everything needs to know nothing.
        if let [only] = self.prosecutors.as_slice()
            && only.arrested_by.is_empty()
            && ["felony", "misdemeanor", "infraction"]
                .iter()
                .all(|level| only.levels.iter().any(|own| own == level))
        {
            return Whose::Prosecutor(0);
        }
        if level.is_empty() {
            return Whose::NoLevel;
        }
        let of_level: Vec<(usize, &Prosecutor)> = self
            .prosecutors
            .iter()
            .enumerate()
            .filter(|(_, one)| one.levels.iter().any(|own| own == level))
            .collect();
        match of_level.as_slice() {
            [] => return Whose::Nobody,
            [(only, one)] if one.arrested_by.is_empty() => return Whose::Prosecutor(*only),
            _ => {}
        }
        if arrested_by.iter().all(|(code, name)| code.is_empty() && name.is_empty()) {
            return Whose::NoAgency;
        }
        let takes = |agency| of_level.iter().find(|(_, one)| one.takes(agency)).map(|(at, _)| *at);
        let each: Vec<Option<usize>> = arrested_by.iter().map(takes).collect();
        // One that is nobody's may have been anybody's.
        if each.iter().any(Option::is_some) && each.iter().any(Option::is_none) {
            return Whose::NoAgency;
        }
        let mut found: Vec<usize> = each.into_iter().flatten().collect();
        found.sort_unstable();
        found.dedup();
        match found.as_slice() {
            [one] => Whose::Prosecutor(*one),
            [] => Whose::Nobody,
            // Two agencies of two prosecutors arrested in the same cycle.
            _ => Whose::NoAgency,
        }
    }
}

impl Prosecutor {
    fn takes(&self, (code, name): &(String, String)) -> bool {
        self.arrested_by.is_empty()
            || self.arrested_by.iter().any(|wanted| match wanted.strip_suffix('*') {
                Some(start) => name.starts_with(start) || code.starts_with(start),
                None => name == wanted || code == wanted,
            })
    }
}

/// The profiles of a packet.
#[derive(Clone, Debug)]
pub struct Courts(Vec<Court>);

impl Courts {
    /// Those that come with the program, and before them those of the office: a profile of the same county replaces ours.
    ///
    /// # Errors
    /// A profile that cannot be used.
    pub fn with(own: &[(String, String)]) -> Result<Self, CourtError> {
        let mut courts: Vec<Court> = Vec::new();
        for (file, text) in own {
            let court = Court::parse(file, text)?;
            // Two of one name would write over each other's papers.
            if courts.iter().any(|other| other.id == court.id || other.county == court.county) {
                let what =
                    format!("another profile has the id `{}` or the county `{}`", court.id, court.county);
                return Err(CourtError { file: file.clone(), what });
            }
            courts.push(court);
        }
        for (file, text) in SHIPPED {
            let court = Court::parse(file, text)?;
            if !courts.iter().any(|other| other.county == court.county) {
                courts.push(court);
            }
        }
        Ok(Self(courts))
    }

    /// The profile of a county: its own, else that for any.
    #[must_use]
    pub fn of_county(&self, county: &str) -> Option<usize> {
        let named = |wanted: &str| self.0.iter().position(|court| court.county == wanted);
        if county.is_empty() { None } else { named(county).or_else(|| named("*")) }
    }

    /// The case number as any of the courts writes it, if only one way of writing it fits.
    #[must_use]
    pub fn written_anywhere(&self, recorded: &str) -> Option<String> {
        let mut ways =
            self.0.iter().flat_map(|court| &court.case_numbers).filter_map(|way| way.pattern.write(recorded));
        let first = ways.next()?;
        ways.all(|other| other == first).then_some(first)
    }

    /// A profile by number.
    #[must_use]
    pub fn get(&self, at: usize) -> Option<&Court> {
        self.0.get(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_profiles_that_come_with_the_program_load_and_name_sources() {
        let courts = Courts::with(&[]).unwrap();
        assert_eq!(courts.0.len(), SHIPPED.len());
        for court in &courts.0 {
            assert!(!court.source.is_empty() && !court.prosecutors.is_empty(), "{}", court.id);
            for prosecutor in &court.prosecutors {
                assert!(!prosecutor.source.is_empty(), "{}: {}", court.id, prosecutor.name);
            }
        }
        assert_eq!(courts.of_county("LOS ANGELES"), Some(0));
        assert_eq!(courts.of_county("ALPINE"), Some(1));
        assert_eq!(courts.of_county(""), None);
    }

    #[test]
    fn whose_case_it_is() {
        let courts = Courts::with(&[]).unwrap();
        let said = |county: &str, level: &str, agencies: &[&str]| {
            let court = courts.get(courts.of_county(county).unwrap()).unwrap();
            let agencies: Vec<_> = agencies.iter().map(|name| (String::new(), (*name).to_owned())).collect();
            match court.whose(level, &agencies) {
                Whose::Prosecutor(at) => court.prosecutor_name(court.office(at), county),
                Whose::NoLevel => "no level".into(),
                Whose::NoAgency => "no agency".into(),
                Whose::Nobody => "nobody".into(),
            }
        };
        for (county, level, agencies, expected) in [
            ("LOS ANGELES", "felony", &[] as &[&str], "Los Angeles County District Attorney"),
            ("LOS ANGELES", "misdemeanor", &["CAPDTORRANCE"], "Torrance City Attorney"),
            ("LOS ANGELES", "infraction", &["CAPDVAN NUYS"], "Los Angeles City Attorney"),
            ("LOS ANGELES", "misdemeanor", &["CASOLOS ANGELES"], "Los Angeles County District Attorney"),
            ("LOS ANGELES", "misdemeanor", &["CAPDTORRANCE", "CAPDTORRANCE"], "Torrance City Attorney"),
            ("LOS ANGELES", "misdemeanor", &["CAPDTORRANCE", "CAPDPASADENA"], "no agency"),
            ("LOS ANGELES", "misdemeanor", &["CAHPTORRANCE"], "nobody"),
            ("LOS ANGELES", "misdemeanor", &["CAPDTORRANCE", "CAHPTORRANCE"], "no agency"),
            ("LOS ANGELES", "misdemeanor", &["CAPDTORRANCE", ""], "no agency"),
            ("LOS ANGELES", "misdemeanor", &["CASOSAN BERNARDINO"], "nobody"),
            ("LOS ANGELES", "misdemeanor", &[""], "no agency"),
            ("LOS ANGELES", "misdemeanor", &[], "no agency"),
            ("LOS ANGELES", "", &["CAPDTORRANCE"], "no level"),
            ("ALPINE", "", &[], "Alpine County District Attorney"),
        ] {
            assert_eq!(said(county, level, agencies), expected, "{county} {level} {agencies:?}");
        }
    }

    #[test]
    fn an_office_replaces_the_profile_of_a_county() {
        let own = include_str!("../../../forms/us-ca/courts/default.toml")
            .replace("county = \"*\"", "county = \"LOS ANGELES\"")
            .replace("id = \"superior-court\"", "id = \"own\"");
        let courts = Courts::with(&[("own.toml".into(), own)]).unwrap();
        assert_eq!(courts.get(courts.of_county("LOS ANGELES").unwrap()).unwrap().id, "own");
    }

    #[test]
    fn a_profile_with_a_mistake_says_where() {
        let good = include_str!("../../../forms/us-ca/courts/default.toml");
        for (from, to, said) in [
            ("id = \"superior-court\"", "id = \"../up\"", "`id` is letters"),
            ("value = \"line\"", "value = \"lime\"", "unknown variant `lime`"),
            ("pattern = \"######\"", "pattern = \"@@\"", "at least three digits"),
            ("[relief-codes]", "[relief-codes]\nforgive = \"F\"", "none of dismiss"),
            ("status = \"unconfirmed\"", "status = \"sure\"", "unknown variant `sure`"),
        ] {
            let error = Court::parse("x.toml", &good.replacen(from, to, 1)).unwrap_err().to_string();
            assert!(error.starts_with("x.toml: ") && error.contains(said), "{error}");
        }
    }

    #[test]
    fn two_profiles_of_one_name_are_refused() {
        let own = include_str!("../../../forms/us-ca/courts/los-angeles.toml").to_owned();
        let twice = [("a.toml".into(), own.clone()), ("b.toml".into(), own)];
        assert!(Courts::with(&twice).unwrap_err().to_string().starts_with("b.toml: another profile"));
    }

    #[test]
    fn branches_are_places() {
        let courts = Courts::with(&[]).unwrap();
        assert_eq!(courts.get(0).unwrap().branch("CAMCWEST COVINA"), "West Covina");
        assert_eq!(courts.get(0).unwrap().branch("SUPERIOR COURT"), "Superior Court");
    }
}
