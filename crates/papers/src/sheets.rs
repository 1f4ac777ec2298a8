//! Papers that are not filed as a pleading: the proof of service's data, the cover sheet, the deputy's case list.

use crate::caption::{Attorney, Caption, Identity};
use crate::filing::{Authority, Authorization, Remedy};
use serde::Serialize;
use vacatur_records::silent_debug;

/// A proof of service. Who serves, whom, when and how, and the signature, are blanks always: they are an oath.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Service {
    /// What the document says of itself.
    pub identity: Identity,
    /// Who files.
    pub attorney: Attorney,
    /// Court and case.
    pub caption: Caption,
    /// Titles of the papers served.
    pub documents: Vec<String>,
}

/// One line of a cover sheet's totals.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Total {
    /// What is counted.
    pub label: String,
    /// Convictions.
    pub convictions: u64,
    /// Cases, if they are counted.
    pub cases: Option<u64>,
    /// People, if they are counted.
    pub people: Option<u64>,
    /// Whether the line is the sum of those above it.
    pub sum: bool,
}

/// A file of the packet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PacketFile {
    /// Name, without a folder.
    pub name: String,
    /// Pages, if it has any.
    pub pages: Option<u64>,
    /// Lines, if it is a list.
    pub rows: Option<u64>,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

/// The sheet on top of a packet. It is for the office, and not filed.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Cover {
    /// What the document says of itself.
    pub identity: Identity,
    /// Title of the packet.
    pub title: String,
    /// The office whose packet it is.
    pub office: String,
    /// The court.
    pub court: String,
    /// Who prosecutes.
    pub prosecutor: String,
    /// Whether the sentences are over.
    pub remedy: Remedy,
    /// What is in the packet, counted.
    pub totals: Vec<Total>,
    /// The files of the packet but this one.
    pub files: Vec<PacketFile>,
    /// By what the convictions were decided.
    pub authority: Authority,
    /// Who authorized the filing.
    pub authorization: Authorization,
    /// What counsel should settle before filing, in sentences. See [`crate::Papers::open_questions`].
    pub to_settle: Vec<String>,
    /// Convictions that are in no paper because something of them could not be printed or is missing.
    pub fix_list: u64,
}

/// A count of a case, for the deputy.
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
pub struct ListedCount {
    /// Number of the count.
    pub count: String,
    /// Section.
    pub section: String,
    /// Level.
    pub level: String,
    /// Day of the conviction, or of the disposition.
    pub date: String,
    /// What is asked for. `None`: the count stays as it is.
    pub asked: Option<String>,
    /// Why, or why it stays.
    pub reason: String,
    /// Whether it is a conviction of a section in scope that does not qualify.
    pub does_not_qualify: bool,
}

/// A case with all its counts.
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
pub struct ListedCase {
    /// Number of the case in the court's own format.
    pub case_number: String,
    /// Another number under which the court may have the case.
    pub other_case_number: String,
    /// Name of the defendant.
    pub defendant: String,
    /// Its counts.
    pub counts: Vec<ListedCount>,
}

/// The list by which a deputy looks at the cases of a packet. It is for the office, and not filed.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct CaseList {
    /// What the document says of itself.
    pub identity: Identity,
    /// Title of the list.
    pub title: String,
    /// The office.
    pub office: String,
    /// The court.
    pub court: String,
    /// Who prosecutes.
    pub prosecutor: String,
    /// Number of its first page, from one: a long list is made in parts.
    pub first_page: u64,
    /// The cases. They go to the layout as pages of cells.
    #[serde(skip)]
    pub cases: Vec<ListedCase>,
}

silent_debug!(Service, Cover, ListedCount, ListedCase, CaseList);
