//! What the papers say: from a packet and its numbers to the data that are typeset.

use crate::authorize::{Authorization, Authorizations};
use crate::group::Group;
use crate::job::Job;
use crate::matter::{Matter, Part};
use crate::names::Name;
use crate::office;
use crate::relief::Relief;
use jiff::civil::Date;
use vacatur_papers as papers;
use vacatur_pipeline::Manifest;

/// What is the same in all papers of a packet run.
pub(crate) struct Context<'a> {
    /// What was asked.
    pub job: &'a Job<'a>,
    /// The run's account.
    pub manifest: &'a Manifest,
    /// The BLAKE3 of the run's manifest.
    pub run_hash: &'a str,
    /// The day of the decision.
    pub as_of: Date,
    /// Who authorized what.
    pub(crate) authorized: &'a Authorizations,
    /// Convictions that could not go into a paper.
    pub to_fix: u64,
}

impl Context<'_> {
    /// What a document says of itself.
    #[must_use]
    pub(crate) fn identity(&self, file: &str) -> papers::Identity {
        papers::Identity { as_of: self.as_of, manifest_hash: self.run_hash.to_owned(), file: file.to_owned() }
    }

    /// The policy.
    #[must_use]
    pub(crate) fn authority(&self, citation: Option<String>) -> papers::Authority {
        let policy = &self.manifest.policy;
        papers::Authority {
            policy_title: policy.title.clone(),
            policy_id: policy.id.clone(),
            policy_hash: policy.blake3.clone(),
            as_of: long_date(self.as_of),
            citation,
        }
    }

    fn caption(
        &self,
        group: &Group,
        (defendants, several): (String, bool),
        case_number: String,
    ) -> papers::Caption {
        let hearing = &self.job.office.hearing;
        let set = hearing.date.is_some() || hearing.time.is_some() || hearing.department.is_some();
        papers::Caption {
            court_title: group.court.title.clone(),
            county: group.court.county_title.replace("{county}", &group.county),
            branch: None,
            people: "THE PEOPLE OF THE STATE OF CALIFORNIA".into(),
            defendants,
            several,
            case_number,
            title: None,
            hearing: set.then(|| papers::Hearing {
                date: hearing.date.clone(),
                time: hearing.time.clone(),
                department: hearing.department.clone(),
            }),
        }
    }

    /// The caption of a packet.
    #[must_use]
    pub(crate) fn bulk_caption(&self, group: &Group) -> papers::Caption {
        self.caption(group, ("PERSONS LISTED IN EXHIBIT A".into(), true), "See Exhibit A".into())
    }

    /// The attorney block of a packet.
    #[must_use]
    pub(crate) fn attorney(&self, group: &Group) -> papers::Attorney {
        attorney(&self.job.office.attorney(&group.prosecutor))
    }

    /// A motion, an order or a notice of challenges of a whole packet.
    #[must_use]
    pub(crate) fn filing(&self, group: &Group, file: &str) -> papers::Filing {
        let numbers = &group.numbers;
        papers::Filing {
            identity: self.identity(file),
            attorney: self.attorney(group),
            caption: self.bulk_caption(group),
            basis: group.basis,
            remedy: remedy(group),
            reliefs: numbers.reliefs.iter().fold(
                Vec::new(),
                |mut reliefs: Vec<papers::ReliefCount>, (relief, convictions)| {
                    let relief = relief_of(relief);
                    match reliefs.iter_mut().find(|known| known.relief == relief) {
                        Some(known) => known.convictions += convictions,
                        None => reliefs.push(papers::ReliefCount { relief, convictions: *convictions }),
                    }
                    reliefs
                },
            ),
            grounds: numbers
                .grounds
                .iter()
                .map(|(ground, convictions)| papers::GroundCount {
                    ground: ground_words(ground).to_owned(),
                    convictions: *convictions,
                })
                .collect(),
            people: numbers.people,
            cases: numbers.cases,
            convictions: numbers.convictions,
            authority: self.authority(numbers.citation.clone().flatten()),
            authorization: self.authorization(group),
            exhibit: self.exhibit(group),
            prosecutor: papers::Prosecutor { name: group.prosecutor.clone(), kind: group.kind.clone() },
            dated: self.job.dated.clone(),
        }
    }

    /// Those who authorized, or challenged, the convictions of a packet. The hash is that of the last record of the run, which
    /// stands for all.
    fn authorization(&self, group: &Group) -> papers::Authorization {
        let own =
            self.authorized.records.iter().filter(|record| group.numbers.records.contains(&record.number));
        let joined = |of: &dyn Fn(&Authorization) -> String| {
            let mut said: Vec<String> = Vec::new();
            for one in own.clone().map(of) {
                if !said.contains(&one) {
                    said.push(one);
                }
            }
            (!said.is_empty()).then(|| said.join("; "))
        };
        papers::Authorization {
            by: joined(&|record| record.by.clone()),
            title: joined(&|record| record.title.clone()),
            on: joined(&|record| record.on.parse().map_or_else(|_| record.on.clone(), long_date)),
            under: joined(&|record| record.under.clone()),
            hash: Some(self.authorized.head.clone()),
        }
    }

    fn exhibit(&self, group: &Group) -> papers::ExhibitCited {
        let machine = group.machine.iter().find(|file| file.name.ends_with(".json"));
        papers::ExhibitCited {
            letter: "A".into(),
            volumes: group
                .volumes
                .iter()
                .map(|volume| papers::VolumeCited {
                    name: plain(&volume.file.name).to_owned(),
                    rows: volume.rows,
                    pages: volume.pages,
                    sha256: volume.file.sha256.clone(),
                })
                .collect(),
            machine_file: papers::FileCited {
                name: machine.map_or_else(String::new, |file| plain(&file.name).to_owned()),
                sha256: machine.map_or_else(String::new, |file| file.sha256.clone()),
            },
        }
    }

    /// The papers of one case: the same texts, with an exhibit of its own.
    #[must_use]
    pub(crate) fn single(
        &self,
        group: &Group,
        matter: &Matter,
        exhibit: papers::ExhibitCited,
        file: &str,
    ) -> papers::Filing {
        let mut one = group.clone();
        one.numbers.reliefs.clear();
        one.numbers.grounds.clear();
        one.numbers.convictions = matter.asked.len() as u64;
        one.numbers.serving = matter.asked.iter().filter(|asked| asked.serving).count() as u64;
        one.numbers.records = matter.asked.iter().map(|asked| asked.record).collect();
        for asked in &matter.asked {
            *one.numbers.reliefs.entry(asked.relief.clone()).or_default() += 1;
        }
        let numbers = matter.case_number.clone();
        let others = &matter.other_numbers;
        let case_number =
            if others.is_empty() { numbers } else { format!("{numbers} ({})", others.join("; ")) };
        let mut filing = self.filing(&one, file);
        filing.caption = self.caption(group, (Name::of(&matter.name).spoken(), false), case_number);
        filing.people = 1;
        filing.cases = 1;
        filing.convictions = matter.asked.len() as u64;
        filing.exhibit = exhibit;
        let first = matter.asked.first().map(|asked| &asked.citation);
        let same = matter.asked.iter().all(|asked| Some(&asked.citation) == first);
        filing.authority.citation = first.filter(|_| same).cloned();
        filing
    }

    /// The proof of service.
    #[must_use]
    pub(crate) fn service(&self, group: &Group, file: &str, documents: Vec<String>) -> papers::Service {
        papers::Service {
            identity: self.identity(file),
            attorney: self.attorney(group),
            caption: self.bulk_caption(group),
            documents,
        }
    }

    /// The cover sheet.
    #[must_use]
    pub(crate) fn cover(&self, group: &Group, file: &str) -> papers::Cover {
        let numbers = &group.numbers;
        let line = |label: String, convictions, sum| papers::Total {
            label,
            convictions,
            cases: None,
            people: None,
            sum,
        };
        let mut totals: Vec<papers::Total> = numbers
            .reliefs
            .iter()
            .map(|(relief, convictions)| line(first_upper(relief.words()), *convictions, false))
            .collect();
        totals.push(papers::Total {
            cases: Some(numbers.cases),
            people: Some(numbers.people),
            ..line("In this packet".into(), numbers.convictions, true)
        });
        let volumes = group.volumes.iter().map(|volume| papers::PacketFile {
            name: plain(&volume.file.name).to_owned(),
            pages: Some(volume.pages),
            rows: Some(volume.rows),
            sha256: volume.file.sha256.clone(),
        });
        let front = group.files.iter().filter(|file| !file.name.contains("/cases/"));
        let others = group.machine.iter().chain(front).map(|file| papers::PacketFile {
            name: plain(&file.name).to_owned(),
            pages: None,
            rows: None,
            sha256: file.sha256.clone(),
        });
        let mut files: Vec<papers::PacketFile> = volumes.chain(others).collect();
        files.sort_by(|a, b| a.name.cmp(&b.name));
        papers::Cover {
            identity: self.identity(file),
            title: match group.part {
                Part::Challenged => "Convictions challenged by the prosecution".into(),
                Part::Completed => "Motion for convictions whose sentence is completed".into(),
                Part::Serving => "Motion for convictions whose sentence is being served".into(),
            },
            office: self.attorney(group).firm.unwrap_or_else(|| group.prosecutor.clone()),
            court: group.court.name_of(&group.county),
            prosecutor: group.prosecutor.clone(),
            remedy: remedy(group),
            totals,
            files,
            authority: self.authority(numbers.citation.clone().flatten()),
            authorization: self.authorization(group),
            to_settle: self.to_settle(group),
            fix_list: self.to_fix,
        }
    }

    /// What counsel should settle: the questions of the texts, and what is unconfirmed of the court.
    fn to_settle(&self, group: &Group) -> Vec<String> {
        let mut questions = self.job.papers.open_questions(group.basis);
        if group.court.status != crate::court::Status::Confirmed {
            questions.push(format!(
                "The profile of the court ({}) is not confirmed by the court: how it writes case numbers, what it imports, and which office prosecutes what.",
                group.court.id
            ));
        }
        questions.push(format!(
            "Whether a sentence is completed was reckoned as of {}. Is it still so on the day of filing?",
            long_date(self.as_of)
        ));
        if self.job.office.attorney(&group.prosecutor).name.is_none() {
            questions.push(format!(
                "The attorney block is blank: no office file names the attorney of {}.",
                group.prosecutor
            ));
        }
        questions
    }
}

/// The last part of a file's name.
#[must_use]
pub(crate) fn plain(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// `November 22, 2026`.
#[must_use]
pub(crate) fn long_date(date: Date) -> String {
    date.strftime("%B %-d, %Y").to_string()
}

fn first_upper(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

fn remedy(group: &Group) -> papers::Remedy {
    match group.numbers.serving {
        0 => papers::Remedy::Completed,
        serving if serving == group.numbers.convictions => papers::Remedy::Serving,
        _ => papers::Remedy::Mixed,
    }
}

fn relief_of(relief: &Relief) -> papers::Relief {
    match relief {
        Relief::Dismiss => papers::Relief::Dismiss,
        Relief::DismissAndSeal => papers::Relief::DismissAndSeal,
        Relief::Misdemeanor => papers::Relief::ReduceToMisdemeanor,
        Relief::Infraction => papers::Relief::ReduceToInfraction,
        Relief::Other(_) => papers::Relief::Other,
    }
}

fn ground_words(ground: &str) -> &'static str {
    match ground {
        "public-safety" => "unreasonable risk of danger to public safety",
        _ => "the criteria of the statute are not met",
    }
}

fn attorney(own: &office::Attorney) -> papers::Attorney {
    let place =
        [own.city.as_deref(), own.state.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(", ");
    let place = [place.as_str(), own.zip.as_deref().unwrap_or("")].join(" ").trim().to_owned();
    papers::Attorney {
        name: own.name.clone(),
        bar_number: own.bar_number.clone(),
        firm: own.firm.clone(),
        street: own.street.clone(),
        city_state_zip: (!place.is_empty()).then_some(place),
        phone: own.phone.clone(),
        fax: own.fax.clone(),
        email: own.email.clone(),
        attorney_for: own.attorney_for.clone(),
    }
}
