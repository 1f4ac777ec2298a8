//! The papers themselves: data and texts in, PDF out.

use crate::case_pages::case_pages;
use crate::data::{checked, shows};
use crate::error::PaperError;
use crate::exhibit::ExhibitVolume;
use crate::exhibit_pages::exhibit_pages;
use crate::filing::{Basis, Filing, Relief, Remedy};
use crate::sheets::{CaseList, Cover, Service};
use crate::templates::{LAYOUTS, TEXTS, Text, text_name};
use crate::text::{Filled, Words};
use crate::world::{Room, Typesetter};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use typst::foundations::Smart;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

/// One paper and its data.
pub enum Paper<'a> {
    /// Notice of motion and motion.
    Motion(&'a Filing),
    /// Proposed order. Judge, day and signature are blank.
    Order(&'a Filing),
    /// Notice of the convictions that the prosecution challenges.
    Challenges(&'a Filing),
    /// A volume of the exhibit.
    Exhibit(&'a ExhibitVolume),
    /// Proof of service, to be filled in and signed by whoever serves.
    Service(&'a Service),
    /// Cover sheet of the packet, for the office.
    Cover(&'a Cover),
    /// Cases with all their counts, for the deputy.
    CaseList(&'a CaseList),
}

/// An office's own text or layout, by its name.
pub type Replaced<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Makes papers. It is made once and shared by threads.
pub struct Papers {
    words: BTreeMap<String, Words>,
    typesetter: Typesetter,
    /// Whose turn it is to be laid out.
    turn: Mutex<()>,
}

impl Papers {
    /// Reads every text and layout. `replaced` is asked for each by its name, as `us-ca/papers/hs-11361-8/motion.md`,
    /// and gives an office's own text or `None`. The names are those of [`template_names`](crate::template_names).
    ///
    /// # Errors
    ///
    /// A text with a mistake, with its name, line and column. Mistakes of a layout show when it is used.
    pub fn new(replaced: Option<Replaced<'_>>) -> Result<Self, PaperError> {
        let take = |name: &str, own: &str| replaced.and_then(|it| it(name)).unwrap_or_else(|| own.to_owned());
        let mut words = BTreeMap::new();
        for (name, own, data) in TEXTS {
            words.insert((*name).to_owned(), Words::read(name, &take(name, own), *data)?);
        }
        let layouts = LAYOUTS.iter().map(|(name, own)| ((*name).to_owned(), take(name, own))).collect();
        Ok(Self { words, typesetter: Typesetter::new(layouts)?, turn: Mutex::new(()) })
    }

    /// What counsel should settle before a packet on this basis is filed: the questions of the texts of motion, order
    /// and proof of service, each once. They belong on the cover sheet and not into the papers.
    #[must_use]
    pub fn open_questions(&self, basis: Basis) -> Vec<String> {
        self.questions(basis, &[Text::Motion, Text::Order, Text::Service])
    }

    /// The same for a packet of challenged convictions: a notice, and its proof of service.
    #[must_use]
    pub fn open_questions_of_challenges(&self, basis: Basis) -> Vec<String> {
        self.questions(basis, &[Text::Challenges, Text::Service])
    }

    fn questions(&self, basis: Basis, texts: &[Text]) -> Vec<String> {
        let words = texts.iter().filter_map(|&text| self.words.get(text_name(basis, text)));
        let mut questions: Vec<String> = Vec::new();
        for question in words.flat_map(Words::questions) {
            if !questions.contains(question) {
                questions.push(question.clone());
            }
        }
        questions
    }

    /// Makes a paper. It is tagged for readers of screens (PDF/UA-1) and fit for archives (PDF/A-2a), and the same data
    /// give the same bytes.
    ///
    /// # Errors
    ///
    /// A letter that no font has, a value too long for its place, lines of an exhibit that are not in order, or a
    /// mistake in a layout.
    pub fn pdf(&self, paper: &Paper<'_>) -> Result<Vec<u8>, PaperError> {
        let (layout, data, file) = self.data(paper)?;
        let ident = format!("{} {file}", data["identity"]["manifest_hash"].as_str().unwrap_or_default());
        self.laid_out(layout, &data, |document, room| export(document, room, (&data, &file, ident)))
    }

    /// Lays a paper out and hands it on.
    fn laid_out<T>(
        &self,
        layout: &str,
        data: &Value,
        then: impl FnOnce(&PagedDocument, &Room<'_>) -> Result<T, PaperError>,
    ) -> Result<T, PaperError> {
        laid_out(&self.typesetter, &self.turn, layout, data, then)
    }

    /// The layout of a paper, its data, and the name of its file.
    fn data(&self, paper: &Paper<'_>) -> Result<(&'static str, Value, String), PaperError> {
        let (layout, file, data) = match paper {
            Paper::Motion(filing) => self.filing(filing, Text::Motion)?,
            Paper::Order(filing) => self.filing(filing, Text::Order)?,
            Paper::Challenges(filing) => self.filing(filing, Text::Challenges)?,
            Paper::Service(service) => {
                let data = checked(*service)?;
                let words = self.words(Basis::General, Text::Service)?;
                let filled = words.fill(&minijinja::Value::from_serialize(&data))?;
                ("us-ca/papers/layout/pleading.typ", &service.identity.file, pleading(&data, &filled))
            }
            Paper::Exhibit(volume) => (
                "us-ca/papers/layout/exhibit.typ",
                &volume.identity.file,
                exhibit_pages(volume, checked(*volume)?)?,
            ),
            Paper::Cover(cover) => ("us-ca/papers/layout/cover.typ", &cover.identity.file, checked(*cover)?),
            Paper::CaseList(list) => {
                ("us-ca/papers/layout/case-list.typ", &list.identity.file, case_pages(list, checked(*list)?)?)
            }
        };
        Ok((layout, data, file.clone()))
    }

    fn words(&self, basis: Basis, text: Text) -> Result<&Words, PaperError> {
        let name = text_name(basis, text);
        self.words.get(name).ok_or_else(|| PaperError::Export {
            file: name.to_owned(),
            message: "there is no such text".to_owned(),
        })
    }

    fn filing<'a>(
        &self,
        filing: &'a Filing,
        text: Text,
    ) -> Result<(&'static str, &'a String, Value), PaperError> {
        let data = Self::filing_data(filing)?;
        let filled = self.words(filing.basis, text)?.fill(&minijinja::Value::from_serialize(&data))?;
        Ok(("us-ca/papers/layout/pleading.typ", &filing.identity.file, pleading(&data, &filled)))
    }

    /// What the placeholders of a motion, an order or a notice may name.
    fn filing_data(filing: &Filing) -> Result<Value, PaperError> {
        let mut data = checked(filing)?;
        let of = |relief: Relief| -> u64 {
            let same = filing.reliefs.iter().filter(|count| count.relief == relief);
            same.map(|count| count.convictions).sum()
        };
        data["relief"] = json!({
            "dismiss": of(Relief::Dismiss),
            "dismiss_and_seal": of(Relief::DismissAndSeal),
            "reduce_to_misdemeanor": of(Relief::ReduceToMisdemeanor),
            "reduce_to_infraction": of(Relief::ReduceToInfraction),
            "other": of(Relief::Other),
        });
        data["completed"] = json!(filing.remedy != Remedy::Serving);
        data["serving"] = json!(filing.remedy != Remedy::Completed);
        data["manifest_hash"] = json!(filing.identity.manifest_hash);
        Ok(data)
    }

    /// The text of each page, line by line, as it stands on the page: for tests.
    #[cfg(test)]
    pub(crate) fn lines(&self, paper: &Paper<'_>) -> Result<Vec<Vec<crate::lines::Line>>, PaperError> {
        let (layout, data, _) = self.data(paper)?;
        self.laid_out(layout, &data, |document, _| Ok(crate::lines::lines(document)))
    }
}

/// Lays a paper out and hands it on.
fn laid_out<T>(
    typesetter: &Typesetter,
    turn: &Mutex<()>,
    layout: &str,
    data: &Value,
    then: impl FnOnce(&PagedDocument, &Room<'_>) -> Result<T, PaperError>,
) -> Result<T, PaperError> {
    let failed = |message: &str| PaperError::Export { file: layout.to_owned(), message: message.to_owned() };
    let bytes = serde_json::to_vec(data).map_err(|_| failed("the data cannot be written"))?;
    let room = typesetter.world(layout, bytes).ok_or_else(|| failed("there is no such layout"))?;
    // The typesetter lays a paper out several times and remembers what it did, in one memory for all threads. So papers
    // are laid out one after another, each on all cores, and what is remembered is let go before the next: two at once
    // would take it from one another. Writing a paper down needs no memory and goes on beside it.
    let turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
    let document = typst::compile::<PagedDocument>(&room).output;
    comemo::evict(0);
    drop(turn);
    let document = document.map_err(|errors| first(&errors, &room, data, layout))?;
    then(&document, &room)
}

/// Writes a paper down: tagged for readers of screens (PDF/UA-1) and fit for archives (PDF/A-2a).
fn export(
    document: &PagedDocument,
    room: &Room<'_>,
    (data, file, ident): (&Value, &str, String),
) -> Result<Vec<u8>, PaperError> {
    let standards = [PdfStandard::Ua_1, PdfStandard::A_2a];
    let standards = PdfStandards::new(&standards).map_err(|error| PaperError::Export {
        file: file.to_owned(),
        message: error.message().to_string(),
    })?;
    let options = PdfOptions {
        ident: Smart::Custom(ident),
        creator: Smart::Custom(Some("Vacatur".to_owned())),
        timestamp: None,
        page_ranges: None,
        standards,
        tagged: true,
        pretty: false,
    };
    typst_pdf::pdf(document, &options).map_err(|errors| first(&errors, room, data, file))
}

/// What is not for a court: a report, a sheet for the press.
pub struct Brochure {
    typesetter: Typesetter,
    layout: String,
}

impl Brochure {
    /// Takes a layout of Typst by its name and text, and pictures (SVG) by the names under which the layout shows them. Every
    /// picture must be shown with a text for those who do not see it: without one the PDF is not made.
    ///
    /// # Errors
    ///
    /// A name that is no name of a file.
    pub fn new(layout: (&str, &str), pictures: Vec<(String, Vec<u8>)>) -> Result<Self, PaperError> {
        let layouts = vec![(layout.0.to_owned(), layout.1.to_owned())];
        Ok(Self { typesetter: Typesetter::with_pictures(layouts, pictures)?, layout: layout.0.to_owned() })
    }

    /// Makes the PDF. The layout reads `data` as `json("data.json")`; it is data and never code or markup. `ident` is a text of
    /// what it is made of, by which one PDF is told from another. The same data give the same bytes.
    ///
    /// # Errors
    ///
    /// A letter that no font has, or a mistake in the layout.
    pub fn pdf(&self, data: &Value, ident: &str) -> Result<Vec<u8>, PaperError> {
        let data = checked(data)?;
        laid_out(&self.typesetter, &Mutex::new(()), &self.layout, &data, |document, room| {
            export(document, room, (&data, &self.layout, ident.to_owned()))
        })
    }
}

/// What the layout of a pleading is given.
fn pleading(data: &Value, filled: &Filled) -> Value {
    let title = data["caption"]["title"].as_str().map_or_else(|| filled.title.clone(), str::to_owned);
    let (identity, attorney, caption) = (&data["identity"], &data["attorney"], &data["caption"]);
    json!({
        "identity": identity,
        "attorney": attorney,
        "caption": caption,
        "dated": data["dated"],
        "title": title,
        "footer": filled.footer,
        "signature": filled.signature,
        "blocks": filled.blocks,
    })
}

/// The first mistake of the typesetter, without anything of the data.
fn first(errors: &[typst::diag::SourceDiagnostic], room: &Room<'_>, data: &Value, file: &str) -> PaperError {
    match errors.first() {
        Some(error) => room.mistake(error, |message| shows(data, message)),
        None => PaperError::Export { file: file.to_owned(), message: "no reason was given".to_owned() },
    }
}

#[cfg(test)]
mod tests;
