//! One packet: a court, a prosecutor, a part; its numbers and its files.

use crate::court::Court;
use crate::folder::Written;
use crate::matter::Part;
use crate::relief::Relief;
use serde::Serialize;
use std::collections::BTreeMap;
use vacatur_papers::Basis;

/// What a packet is: the number of the court, of the prosecutor, and the part.
pub(crate) type GroupKey = (u16, u16, u8);

/// Its numbers, which its papers state.
#[derive(Clone, Default)]
pub(crate) struct Numbers {
    /// People, each once.
    pub people: u64,
    /// Cases, each once.
    pub cases: u64,
    /// Convictions: the lines of the exhibit.
    pub convictions: u64,
    /// Cases of which a conviction does not qualify.
    pub mixed_cases: u64,
    /// Convictions by relief.
    pub reliefs: BTreeMap<Relief, u64>,
    /// Convictions by ground of challenge.
    pub grounds: BTreeMap<String, u64>,
    /// Convictions whose sentence is being served.
    pub(crate) serving: u64,
    /// The records that authorize or challenge them, by number.
    pub(crate) records: std::collections::BTreeSet<u32>,
    /// What the policy cites, if it is the same for every conviction.
    pub citation: Option<Option<String>>,
}

impl Numbers {
    /// Notes what a conviction rests on.
    pub(crate) fn cite(&mut self, citation: &str) {
        match &self.citation {
            None => self.citation = Some(Some(citation.to_owned())),
            Some(Some(same)) if same == citation => {}
            Some(_) => self.citation = Some(None),
        }
    }
}

/// A packet.
#[derive(Clone)]
pub(crate) struct Group {
    /// Its folder in the packet.
    pub place: String,
    /// The court's profile.
    pub court: Court,
    /// The county as recorded.
    pub county: String,
    /// The prosecutor's name.
    pub prosecutor: String,
    /// `district attorney`, `city attorney`.
    pub kind: String,
    /// Which part.
    pub part: Part,
    /// Lines of its exhibit.
    pub lines: u64,
    /// Its numbers, once all of it has been seen.
    pub numbers: Numbers,
    /// The texts of its papers.
    pub basis: Basis,
    /// Its volumes, in order.
    pub volumes: Vec<Volume>,
    /// Its machine-readable exhibit.
    pub machine: Vec<Written>,
    /// How many papers of single cases it has.
    pub(crate) singles: u64,
    /// Its other files.
    pub files: Vec<Written>,
}

/// A volume of an exhibit, made.
#[derive(Clone)]
pub(crate) struct Volume {
    /// The file.
    pub file: Written,
    /// Its lines.
    pub rows: u64,
    /// Its pages.
    pub pages: u64,
}

/// How many people, cases and convictions: in `packet.json`.
#[derive(Clone, Serialize)]
pub struct GroupAccount {
    /// The folder.
    pub folder: String,
    /// The court.
    pub court: String,
    /// The county.
    pub county: String,
    /// The prosecutor.
    pub prosecutor: String,
    /// `completed`, `serving`, `challenged`.
    pub part: &'static str,
    /// The texts of its papers.
    pub texts: &'static str,
    /// People, each once.
    pub people: u64,
    /// Cases, each once.
    pub cases: u64,
    /// Convictions.
    pub convictions: u64,
    /// Cases of which a conviction does not qualify.
    pub mixed_cases: u64,
    /// Convictions by relief.
    pub reliefs: BTreeMap<String, u64>,
    /// Volumes of the exhibit.
    pub volumes: u64,
    /// Papers of single cases, which stand in `case-papers.csv`.
    pub case_papers: u64,
    /// Its other files.
    pub files: Vec<Written>,
}

impl Group {
    /// Its account.
    #[must_use]
    pub(crate) fn account(&self) -> GroupAccount {
        let mut files: Vec<Written> = self.volumes.iter().map(|volume| volume.file.clone()).collect();
        files.extend(self.machine.iter().cloned());
        files.extend(self.files.iter().cloned());
        files.sort_by(|a, b| a.name.cmp(&b.name));
        GroupAccount {
            folder: self.place.clone(),
            court: self.court.name_of(&self.county),
            county: self.county.clone(),
            prosecutor: self.prosecutor.clone(),
            part: self.part.folder(),
            texts: self.basis.folder(),
            people: self.numbers.people,
            cases: self.numbers.cases,
            convictions: self.numbers.convictions,
            mixed_cases: self.numbers.mixed_cases,
            reliefs: self
                .numbers
                .reliefs
                .iter()
                .map(|(relief, number)| (relief.words().to_owned(), *number))
                .collect(),
            volumes: self.volumes.len() as u64,
            case_papers: self.singles,
            files,
        }
    }
}

/// The folder of a packet: letters, digits and hyphens.
#[must_use]
pub(crate) fn place(court: &Court, county: &str, prosecutor: &str, part: Part, basis: Basis) -> String {
    let court_id =
        if court.county == "*" { format!("{}-{}", court.id, slug(county)) } else { court.id.clone() };
    // The texts of the field's own statute need no word.
    let texts = if basis == Basis::General { "-general" } else { "" };
    format!("{court_id}/{}/{}{texts}", slug(prosecutor), part.folder())
}

/// A name as a folder has it.
#[must_use]
pub(crate) fn slug(name: &str) -> String {
    let mut slug = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "unnamed".into() } else { slug.to_owned() }
}
