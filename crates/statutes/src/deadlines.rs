//! Deadlines of a statute: who had to do what by when, and which steps of a conviction show that it was done.

use crate::status::Status;
use crate::tables::TableError;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::value::Datetime;
use vacatur_records::Date;

const FILE: &str = "statutes/us-ca/deadlines.toml";
const TEXT: &str = include_str!("../../../statutes/us-ca/deadlines.toml");

/// The most steps and deadlines that there may be: what is known of a conviction is held in a word of bits.
const MOST: usize = 16;

/// The deadlines of a statute.
#[derive(Clone, Debug)]
pub struct Deadlines {
    /// What they are of.
    pub title: String,
    /// The policy that says which convictions they concern.
    pub statute: String,
    /// The outcomes of that policy for what is eligible.
    pub eligible: Vec<String>,
    /// Those for what cannot be decided.
    pub undecided: Vec<String>,
    /// Those for what has had the relief already.
    pub relieved: Vec<String>,
    /// The provisions of the relief, as records name them.
    pub provisions: Vec<String>,
    /// What can happen to a conviction, in order.
    pub steps: Vec<Step>,
    /// The deadlines, in the order of their days.
    pub deadlines: Vec<Deadline>,
    /// A remark on whom the lists are for.
    pub prosecutor_note: String,
    prosecutor: String,
    prosecutors: BTreeMap<String, String>,
}

/// Something that can happen to a conviction.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its name.
    pub name: String,
    /// In words.
    pub says: String,
    /// The steps, by their place, that cannot come later.
    pub after: Vec<usize>,
    /// The steps, by their place, beside which it cannot be.
    pub against: Vec<usize>,
}

/// What a relief on the state's record means for a deadline.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum OnRecord {
    /// There is nothing left to do.
    NotDue,
    /// It was done on the day of the relief.
    Done,
    /// It was done by the day of the file at the latest.
    OnRecord,
}

/// A deadline.
#[derive(Clone, Debug)]
pub struct Deadline {
    /// Its name.
    pub name: String,
    /// The last day.
    pub by: Date,
    /// Who has the duty.
    pub who: String,
    /// The duty.
    pub duty: String,
    /// The steps, by their place, that show that it was done. None for a duty that is of no single conviction.
    pub done: Vec<usize>,
    /// The steps after which it is not due.
    pub not_due: Vec<usize>,
    /// What a relief on the state's record means for it.
    pub relief: OnRecord,
    /// Whether it is done by itself after the last day.
    pub lapse: bool,
    /// The source.
    pub cite: String,
    /// Where that was read.
    pub source: String,
    /// How sure it is.
    pub status: Status,
    /// What was checked.
    pub checked: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Raw {
    title: String,
    statute: String,
    eligible: Vec<String>,
    undecided: Vec<String>,
    relieved: Vec<String>,
    provisions: Vec<String>,
    prosecutor: String,
    prosecutor_note: String,
    prosecutors: BTreeMap<String, String>,
    step: Vec<RawStep>,
    deadline: Vec<RawDeadline>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStep {
    name: String,
    says: String,
    #[serde(default)]
    after: Vec<String>,
    #[serde(default)]
    against: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawDeadline {
    name: String,
    by: Datetime,
    who: String,
    duty: String,
    done: Vec<String>,
    #[serde(default)]
    not_due: Vec<String>,
    relief: OnRecord,
    #[serde(default)]
    lapse: bool,
    cite: String,
    source: String,
    status: String,
    checked: String,
}

impl Deadlines {
    /// Those of California's review of cannabis convictions, which come with the program.
    ///
    /// # Errors
    /// A file that is not as it should be, with the place in it. It is compiled in, and a test reads it.
    pub fn us_ca() -> Result<Self, TableError> {
        Self::parse(FILE, TEXT)
    }

    /// The file that comes with the program: its name and its text.
    #[must_use]
    pub fn file() -> (&'static str, &'static str) {
        (FILE, TEXT)
    }

    /// Reads a file of deadlines.
    ///
    /// # Errors
    /// What is missing or unknown, with its place.
    pub fn parse(file: &str, text: &str) -> Result<Self, TableError> {
        let raw: Raw = toml::from_str(text)
            .map_err(|error| TableError::new(file, "file", error.to_string().trim_end()))?;
        if raw.step.len() > MOST || raw.deadline.len() > MOST {
            return Err(TableError::new(
                file,
                "file",
                format!("there are more than {MOST} steps or deadlines"),
            ));
        }
        let names: Vec<&str> = raw.step.iter().map(|step| step.name.as_str()).collect();
        let places = |entry: &str, wanted: &[String]| -> Result<Vec<usize>, TableError> {
            let place = |name: &String| {
                let missing = || TableError::new(file, entry, format!("there is no step `{name}`"));
                names.iter().position(|known| known == name).ok_or_else(missing)
            };
            wanted.iter().map(place).collect()
        };
        let steps = raw.step.iter().map(|step| {
            Ok(Step {
                name: step.name.clone(),
                says: step.says.clone(),
                after: places(&step.name, &step.after)?,
                against: places(&step.name, &step.against)?,
            })
        });
        let deadlines = raw.deadline.iter().map(|one| {
            let wrong = |what: String| TableError::new(file, one.name.as_str(), what);
            let by = one.by.to_string().parse().map_err(|_| wrong(format!("`{}` is no day", one.by)))?;
            for (what, text) in [("cite", &one.cite), ("source", &one.source), ("checked", &one.checked)] {
                if text.trim().is_empty() {
                    return Err(wrong(format!("`{what}` is empty")));
                }
            }
            Ok(Deadline {
                name: one.name.clone(),
                by,
                who: one.who.clone(),
                duty: one.duty.clone(),
                done: places(&one.name, &one.done)?,
                not_due: places(&one.name, &one.not_due)?,
                relief: one.relief,
                lapse: one.lapse,
                cite: one.cite.clone(),
                source: one.source.clone(),
                status: Status::of(&one.status)
                    .ok_or_else(|| wrong(format!("`{}` is no status", one.status)))?,
                checked: one.checked.clone(),
            })
        });
        let (steps, deadlines): (Vec<Step>, Vec<Deadline>) =
            (steps.collect::<Result<_, TableError>>()?, deadlines.collect::<Result<_, TableError>>()?);
        if !deadlines.is_sorted_by_key(|one| one.by) {
            return Err(TableError::new(file, "file", "the deadlines are not in the order of their days"));
        }
        Ok(Self {
            title: raw.title,
            statute: raw.statute,
            eligible: raw.eligible,
            undecided: raw.undecided,
            relieved: raw.relieved,
            provisions: raw.provisions,
            steps,
            deadlines,
            prosecutor_note: raw.prosecutor_note.trim().replace('\n', " "),
            prosecutor: raw.prosecutor,
            prosecutors: raw.prosecutors,
        })
    }

    /// A step by its name.
    #[must_use]
    pub fn step(&self, name: &str) -> Option<usize> {
        self.steps.iter().position(|step| step.name == name)
    }

    /// A deadline by its name.
    #[must_use]
    pub fn deadline(&self, name: &str) -> Option<&Deadline> {
        self.deadlines.iter().find(|one| one.name == name)
    }

    /// Whom the list of a county is for. `county` is the county as the list of counties has it, `title` as one writes it.
    #[must_use]
    pub fn prosecutor(&self, county: &str, title: &str) -> String {
        match self.prosecutors.get(county) {
            Some(own) => own.clone(),
            None => self.prosecutor.replace("{county}", title),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_deadlines_that_come_with_the_program() {
        let all = Deadlines::us_ca().unwrap();
        let days: Vec<String> = all.deadlines.iter().map(|one| format!("{} {}", one.name, one.by)).collect();
        assert_eq!(
            days,
            [
                "list 2019-07-01",
                "review 2020-07-01",
                "order 2023-03-01",
                "update 2023-07-01",
                "report 2024-06-01"
            ]
        );
        assert_eq!(all.prosecutor("DEL NORTE", "Del Norte"), "District Attorney of Del Norte County");
        assert!(all.prosecutor("SAN FRANCISCO", "San Francisco").contains("City and County"));
        for step in &all.steps {
            for &other in &step.against {
                let me = all.step(&step.name).unwrap();
                assert!(all.steps[other].against.contains(&me), "{} against {other}", step.name);
            }
        }
    }

    #[test]
    fn what_is_amiss_is_named() {
        let (file, text) = Deadlines::file();
        let wrong = |from: &str, to: &str| {
            assert!(text.contains(from), "{from}");
            Deadlines::parse(file, &text.replacen(from, to, 1)).unwrap_err().to_string()
        };
        assert!(wrong("done = [\"identified\"]", "done = [\"seen\"]").contains("no step `seen`"));
        assert!(wrong("by = 2019-07-01", "by = 2029-07-01").contains("in the order of their days"));
        assert!(wrong("status = \"confirmed\"", "status = \"sure\"").contains("`sure` is no status"));
        assert!(wrong("cite = \"Health", "sight = \"Health").contains("unknown field"));
    }
}
