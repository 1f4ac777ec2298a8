//! Papers of single cases, beside the bulk motion: the same texts with one name, and official forms filled in.

use crate::error::PacketError;
use crate::folder::{Folder, Written};
use crate::group::{Group, slug};
use crate::matter::{Matter, Part};
use crate::names::Name;
use crate::progress::Done;
use crate::relief::Relief;
use crate::tables::Table;
use crate::writing::{Context, plain};
use std::collections::BTreeMap;
use vacatur_forms::{Blank, Facts, FieldMap, Filler, FitError, Flatten, Value, What};
use vacatur_papers::{Basis, ExhibitCited, ExhibitRow, ExhibitVolume, FileCited, Filing, Paper, VolumeCited};

/// Cases in a folder of single papers: more than some thousands in one are hard to open.
const PER_FOLDER: u64 = 1000;

/// Which cases get papers of their own.
#[derive(Clone, Default)]
pub enum Cases {
    /// None.
    #[default]
    None,
    /// Every one.
    All,
    /// The first of each packet, to be looked at.
    First,
    /// Those with this number, compared by letters and digits.
    Number(String),
}

/// An official form.
pub struct Form<'a> {
    /// Its number: `CR-400`.
    pub name: String,
    /// Its blank and its map.
    pub filler: Filler<'a>,
    /// The sections for which it has something of its own, as facts name them: `hs-11357`.
    pub sections: Vec<String>,
    /// Whether it has a place for other sections.
    pub other: bool,
}

impl<'a> Form<'a> {
    /// A form whose map fits its blank.
    ///
    /// # Errors
    /// What does not fit.
    pub fn new(blank: &'a Blank, map: &'a FieldMap) -> Result<Self, FitError> {
        let sections = map.facts();
        let other = sections.iter().any(|fact| fact == "section.other" || fact == "other-sections");
        let sections =
            sections.iter().filter_map(|fact| fact.strip_prefix("section.")).filter(|own| *own != "other");
        let sections = sections.map(str::to_owned).collect();
        Ok(Self { name: map.form().to_owned(), filler: Filler::new(blank, map)?, sections, other })
    }
}

/// Papers of single cases.
#[derive(Default)]
pub struct Single<'a> {
    /// For which cases motion and order are typeset.
    pub cases: Cases,
    /// The forms that are filled for every case that is filed.
    pub forms: Vec<Form<'a>>,
    /// Whether values become a part of the page.
    pub flatten: bool,
}

impl Single<'_> {
    /// Whether a case gets any.
    #[must_use]
    pub fn wants(&self, matter: &Matter, line: u64) -> bool {
        matter.part != Part::Challenged && (!self.forms.is_empty() || self.typeset(matter, line))
    }

    fn typeset(&self, matter: &Matter, line: u64) -> bool {
        match &self.cases {
            Cases::None => false,
            Cases::All => true,
            Cases::First => line == 1,
            Cases::Number(number) => {
                let same = |own: &String| crate::number::bare(number) == crate::number::bare(own);
                same(&matter.case_number) || matter.other_numbers.iter().any(same)
            }
        }
    }
}

/// What was made for some cases.
#[derive(Default)]
pub(crate) struct Made {
    /// The files.
    pub files: Vec<Written>,
    /// What could not be put on a form.
    pub notes: Vec<Note>,
}

/// What could not be put on the form of a case.
pub(crate) struct Note {
    /// The file, without which nobody would know which case it is.
    pub file: String,
    /// The field.
    pub field: String,
    /// What happened.
    pub what: &'static str,
}

/// Makes papers of single cases.
pub(crate) struct Singles<'a> {
    context: &'a Context<'a>,
    folder: &'a Folder,
    done: &'a Done,
}

impl<'a> Singles<'a> {
    /// Ready.
    #[must_use]
    pub(crate) fn new(context: &'a Context<'a>, folder: &'a Folder, done: &'a Done) -> Self {
        Self { context, folder, done }
    }

    /// The papers of some cases, each with the first line on which it stands in the exhibit.
    ///
    /// # Errors
    /// A paper that cannot be typeset, a file that cannot be written. What does not fit a form is a note.
    pub(crate) fn make(&self, group: &Group, matters: &[(u64, Matter)]) -> Result<Made, PacketError> {
        let mut made = Made::default();
        for (line, matter) in matters {
            let batch = line.saturating_sub(1) / PER_FOLDER + 1;
            // The line tells cases of one number and several people apart.
            let own = format!("{}/cases/{batch:04}/{}-line-{line}", group.place, slug(&matter.case_number));
            if self.context.job.single.typeset(matter, *line)
                && self.typeset(group, matter, &own, &mut made).is_err()
            {
                let what = "could not be typeset or written";
                made.notes.push(Note { file: own.clone(), field: String::new(), what });
            }
            for form in &self.context.job.single.forms {
                self.fill(group, matter, &own, form, &mut made)?;
            }
        }
        Ok(made)
    }

    fn typeset(&self, group: &Group, matter: &Matter, own: &str, made: &mut Made) -> Result<(), PacketError> {
        let rows = matter
            .asked
            .iter()
            .zip(1_u64..)
            .map(|(asked, line)| ExhibitRow {
                line,
                case_number: matter.case_number.clone(),
                other_case_number: matter.other_numbers.join("; "),
                defendant: Name::of(&matter.name).listed(),
                count: asked.number.to_string(),
                section: asked.section.clone(),
                level: asked.level.clone(),
                date: asked.date.clone(),
                relief: asked.relief.words().to_owned(),
            })
            .collect::<Vec<_>>();
        let number = rows.len() as u64;
        let name = format!("{own}-exhibit-a.pdf");
        let volume = ExhibitVolume {
            identity: self.context.identity(&name),
            letter: "A".into(),
            volume: 1,
            volumes: 1,
            caption: format!("People v. {}", Name::of(&matter.name).spoken()),
            court: group.court.name_of(&group.county),
            prosecutor: group.prosecutor.clone(),
            rows_in_all: number,
            rows,
        };
        let exhibit = self.paper(&name, &volume, &Paper::Exhibit(&volume))?;
        // The machine-readable exhibit is that of the whole packet, and names others.
        let cited = ExhibitCited {
            letter: "A".into(),
            volumes: vec![VolumeCited {
                name: plain(&exhibit.name).to_owned(),
                rows: number,
                pages: vacatur_papers::exhibit_page(number),
                sha256: exhibit.sha256.clone(),
            }],
            machine_file: FileCited { name: String::new(), sha256: String::new() },
        };
        made.files.push(exhibit);
        type Kind = for<'f> fn(&'f Filing) -> Paper<'f>;
        let kinds: [(&str, Kind); 2] =
            [("motion", |it| Paper::Motion(it)), ("proposed-order", |it| Paper::Order(it))];
        for (word, kind) in kinds {
            let name = format!("{own}-{word}.pdf");
            let filing = self.context.single(group, matter, cited.clone(), &name);
            made.files.push(self.paper(&name, &filing, &kind(&filing))?);
        }
        Ok(())
    }

    fn paper(
        &self,
        name: &str,
        data: &impl serde::Serialize,
        paper: &Paper<'_>,
    ) -> Result<Written, PacketError> {
        self.done.or_make(self.folder, name, data, || {
            let papers = self.context.job.papers;
            papers
                .pdf(paper)
                .map_err(|error| PacketError::Paper { paper: name.to_owned(), what: error.to_string() })
        })
    }

    fn fill(
        &self,
        group: &Group,
        matter: &Matter,
        own: &str,
        form: &Form<'_>,
        made: &mut Made,
    ) -> Result<(), PacketError> {
        let base = format!("{own}-{}", slug(&form.name));
        // A form that has boxes for sections is for these and for no other.
        let whole = |section: &str| section_fact(section);
        let other = matter.asked.iter().any(|asked| !form.sections.contains(&whole(&asked.section)));
        if !form.sections.is_empty() && !form.other && (other || group.basis == Basis::General) {
            let what = "the form is not for all sections of this case, and was not filled";
            made.notes.push(Note { file: base, field: String::new(), what });
            return Ok(());
        }
        let facts = self.facts(group, matter, &form.sections);
        let flatten = if self.context.job.single.flatten { Flatten::Yes } else { Flatten::No };
        let filled = match form.filler.fill(&facts, flatten) {
            Ok(filled) => filled,
            Err(_) => {
                made.notes.push(Note {
                    file: base,
                    field: String::new(),
                    what: "the form could not be filled",
                });
                return Ok(());
            }
        };
        let several = filled.copies.len() > 1;
        for (at, copy) in (1..).zip(&filled.copies) {
            let name = if several { format!("{base}-{at}.pdf") } else { format!("{base}.pdf") };
            made.files.push(self.folder.write(&name, copy)?);
        }
        made.notes.extend(filled.notes.iter().filter_map(|note| {
            let what = match note.what {
                What::Shrunk => return None,
                What::Overflowed => "did not fit, and stands in the addendum",
                What::NoLetter => "has a letter that no font has: the field is blank",
            };
            Some(Note { file: base.clone(), field: note.field.clone(), what })
        }));
        Ok(())
    }

    /// What is known of a case, by the names that field maps use. What is not known is not there.
    #[must_use]
    pub(crate) fn facts(&self, group: &Group, matter: &Matter, boxes: &[String]) -> Facts {
        let mut facts = Facts::new();
        let mut text = |name: &str, value: &str| {
            if !value.trim().is_empty() {
                facts.set(name, Value::Text(value.to_owned()));
            }
        };
        let attorney = self.context.job.office.attorney(&group.prosecutor);
        for (name, value) in [
            ("attorney.name", &attorney.name),
            ("attorney.bar-number", &attorney.bar_number),
            ("attorney.firm", &attorney.firm),
            ("attorney.street", &attorney.street),
            ("attorney.city", &attorney.city),
            ("attorney.state", &attorney.state),
            ("attorney.zip", &attorney.zip),
            ("attorney.phone", &attorney.phone),
            ("attorney.fax", &attorney.fax),
            ("attorney.email", &attorney.email),
            ("attorney.for", &attorney.attorney_for),
        ] {
            text(name, value.as_deref().unwrap_or(""));
        }
        let name = Name::of(&matter.name);
        text("court.name", &group.court.name_of(&group.county));
        text("court.county", &crate::names::title_case(&group.county));
        text("court.branch", &matter.branch);
        text("case.number", &matter.case_number);
        text("case.other-number", &matter.other_numbers.join("; "));
        text("defendant.name", &name.spoken());
        text("defendant.first", &name.first);
        text("defendant.middle", &name.middle);
        text("defendant.last", &name.last);
        text("defendant.cii", &matter.cii);
        // One day for the whole case, or none.
        let first = matter.asked.first().map(|asked| asked.date.as_str()).unwrap_or_default();
        if let Ok(date) = first.parse()
            && matter.asked.iter().all(|asked| asked.date == first)
        {
            facts.set("case.conviction-date", Value::Date(date));
        }
        if let Ok(birth) = matter.birth_date.parse() {
            facts.set("defendant.birth-date", Value::Date(birth));
        }
        facts.set("remedy.serving", Value::Flag(matter.part == Part::Serving));
        facts.set("remedy.completed", Value::Flag(matter.part == Part::Completed));
        let any = |wanted: &dyn Fn(&Relief) -> bool| matter.asked.iter().any(|asked| wanted(&asked.relief));
        let dismiss = any(&|relief| matches!(relief, Relief::Dismiss | Relief::DismissAndSeal));
        facts.set("relief.dismiss", Value::Flag(dismiss));
        facts.set("relief.seal", Value::Flag(any(&Relief::seals)));
        facts.set("relief.misdemeanor", Value::Flag(any(&|relief| matches!(relief, Relief::Misdemeanor))));
        facts.set("relief.infraction", Value::Flag(any(&|relief| matches!(relief, Relief::Infraction))));
        sections(&mut facts, matter, boxes);
        let rows = matter.asked.iter().map(|asked| {
            let mut row = Facts::new();
            row.set("count.number", Value::Text(asked.number.to_string()));
            row.set("count.section", Value::Text(asked.section.clone()));
            if let Some((letters, number)) = asked.section.split_once(' ')
                && let Some(code) = self.context.job.codes.get(letters)
            {
                row.set("count.section-number", Value::Text(number.to_owned()));
                row.set("count.code", Value::Text(code.clone()));
                row.set("count.code-short", Value::Text(letters.to_owned()));
            }
            row.set("count.level", Value::Text(asked.level.clone()));
            match asked.date.parse() {
                Ok(date) => row.set("count.date", Value::Date(date)),
                Err(_) => row.set("count.date", Value::Text(asked.date.clone())),
            }
            row.set("count.offense", Value::Text(asked.offence.clone()));
            row.set("count.relief", Value::Text(asked.relief.words().to_owned()));
            row
        });
        facts.set("counts", Value::Rows(rows.collect()));
        facts
    }
}

/// A section as facts name it, its subdivisions left out: `hs-11360`.
fn section_fact(section: &str) -> String {
    let whole = section.split('(').next().unwrap_or(section).trim();
    whole.to_ascii_lowercase().replace(' ', "-")
}

/// `section.hs-11359` and `count-of.hs-11359` for every section of the case, its subdivisions left out; and those for
/// which forms have no box.
fn sections(facts: &mut Facts, matter: &Matter, boxes: &[String]) {
    let mut counts: BTreeMap<String, i64> = BTreeMap::new();
    for asked in &matter.asked {
        *counts.entry(section_fact(&asked.section)).or_default() += 1;
    }
    let mut others = Vec::new();
    for (section, number) in counts {
        facts.set(format!("count-of.{section}"), Value::Number(number));
        if !boxes.contains(&section) {
            others.push(section.to_ascii_uppercase().replacen('-', " ", 1));
        }
        facts.set(format!("section.{section}"), Value::Flag(true));
    }
    for known in boxes {
        if facts.get(&format!("section.{known}")).is_none() {
            facts.set(format!("section.{known}"), Value::Flag(false));
        }
    }
    facts.set("section.other", Value::Flag(!others.is_empty()));
    if !others.is_empty() {
        facts.set("other-sections", Value::Text(others.join(", ")));
    }
}

/// What was made for single cases, noted as it comes: there may be very many.
pub(crate) struct SinglesMade {
    files: Table,
    remarks: Table,
    notes: u64,
    groups: BTreeMap<usize, u64>,
}

impl SinglesMade {
    /// Begins the lists.
    ///
    /// # Errors
    /// Files that cannot be made.
    pub(crate) fn begin(folder: &Folder) -> Result<Self, PacketError> {
        Ok(Self {
            files: Table::begin(folder, FILES, &["file", "bytes", "sha256"])?,
            remarks: Table::begin(folder, NOTES, &["file", "field", "what"])?,
            notes: 0,
            groups: BTreeMap::new(),
        })
    }

    /// What was made for some cases of a packet.
    ///
    /// # Errors
    /// A full disk.
    pub(crate) fn add(&mut self, group: usize, made: &Made) -> Result<(), PacketError> {
        for file in &made.files {
            self.files.row([file.name.as_str(), &file.bytes.to_string(), &file.sha256])?;
            *self.groups.entry(group).or_default() += 1;
        }
        for note in &made.notes {
            self.remarks.row([note.file.as_str(), &note.field, note.what])?;
            self.notes += 1;
        }
        Ok(())
    }

    /// How many papers a packet has.
    pub(crate) fn of_group(&self, group: usize) -> u64 {
        self.groups.get(&group).copied().unwrap_or(0)
    }

    /// How many remarks there are.
    pub(crate) fn notes(&self) -> u64 {
        self.notes
    }

    /// Finishes the lists.
    ///
    /// # Errors
    /// A full disk.
    pub(crate) fn finish(self) -> Result<Vec<Written>, PacketError> {
        Ok(vec![self.files.finish()?.0, self.remarks.finish()?.0])
    }
}

/// The list of papers of single cases.
pub(crate) const FILES: &str = "case-papers.csv";

/// What could not be put on them.
pub(crate) const NOTES: &str = "form-notes.csv";
