//! What a motion asks for and an order grants: numbers, authority and exhibits, and no person but by reference.

use crate::caption::{Attorney, Caption, Identity};
use serde::Serialize;
use vacatur_records::silent_debug;

/// Which texts a paper is made of: the folder below `forms/us-ca/papers/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// Health and Safety Code section 11361.8: `hs-11361-8`.
    #[serde(rename = "hs-11361-8")]
    Hs11361_8,
    /// Any other authority, which the policy's own citation names: `general`.
    General,
}

impl Basis {
    /// The folder of its texts.
    #[must_use]
    pub const fn folder(self) -> &'static str {
        match self {
            Self::Hs11361_8 => "hs-11361-8",
            Self::General => "general",
        }
    }
}

/// Whether the sentences of the convictions are over. The statute has another remedy for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Remedy {
    /// Completed: dismissal and sealing, or redesignation.
    Completed,
    /// Currently served: recall, and dismissal or resentencing.
    Serving,
    /// Both kinds in one packet.
    Mixed,
}

/// What is asked for a conviction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relief {
    /// Dismissal without sealing.
    Dismiss,
    /// Dismissal and sealing.
    DismissAndSeal,
    /// Redesignation, or resentencing, as a misdemeanor.
    ReduceToMisdemeanor,
    /// Redesignation, or resentencing, as an infraction.
    ReduceToInfraction,
    /// Other relief, as the exhibit states it for each conviction.
    Other,
}

/// How many convictions one relief is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ReliefCount {
    /// The relief.
    pub relief: Relief,
    /// Convictions in the exhibit with it.
    pub convictions: u64,
}

/// On how many convictions one ground of challenge is stated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GroundCount {
    /// The ground, in words.
    pub ground: String,
    /// Convictions with it.
    pub convictions: u64,
}

/// The document by which the convictions were decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Authority {
    /// Title of the policy.
    pub policy_title: String,
    /// Its name: `us-ca/los-angeles-2020`.
    pub policy_id: String,
    /// Hash of its text, in hexadecimal.
    pub policy_hash: String,
    /// Day as of which it decided, in words: `November 22, 2026`.
    pub as_of: String,
    /// What the policy cites as its ground, for papers of [`Basis::General`]. `None` prints a blank.
    pub citation: Option<String>,
}

/// Who authorized the filing. What is `None` is printed as a blank.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Authorization {
    /// Name of the official.
    pub by: Option<String>,
    /// Title of the official.
    pub title: Option<String>,
    /// Day of the authorization, in words.
    pub on: Option<String>,
    /// Under what: a policy, a statute, a delegation.
    pub under: Option<String>,
    /// Hash of the signed authorization, in hexadecimal.
    pub hash: Option<String>,
}

/// A file that a paper cites.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileCited {
    /// Name, without a folder.
    pub name: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

/// A volume of the exhibit, as a paper cites it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VolumeCited {
    /// Name of the file.
    pub name: String,
    /// Lines in it.
    pub rows: u64,
    /// Pages of it.
    pub pages: u64,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

/// The exhibit, as a paper cites it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExhibitCited {
    /// `A`.
    pub letter: String,
    /// Its volumes in order.
    pub volumes: Vec<VolumeCited>,
    /// The same lines as data.
    pub machine_file: FileCited,
}

/// Who prosecutes the cases of the packet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Prosecutor {
    /// `Los Angeles County District Attorney`.
    pub name: String,
    /// `District Attorney`, `City Attorney`.
    pub kind: String,
}

/// A motion, the order proposed with it, or the notice of challenged convictions. The three state the same numbers, so
/// that they have the same data.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Filing {
    /// What the document says of itself.
    pub identity: Identity,
    /// Who files.
    pub attorney: Attorney,
    /// Court and case.
    pub caption: Caption,
    /// Which texts.
    pub basis: Basis,
    /// Whether the sentences are over.
    pub remedy: Remedy,
    /// Each relief that occurs, with its number.
    pub reliefs: Vec<ReliefCount>,
    /// Each ground of challenge that occurs, with its number. Empty but in the notice of challenges.
    pub grounds: Vec<GroundCount>,
    /// People in the exhibit.
    pub people: u64,
    /// Cases in the exhibit.
    pub cases: u64,
    /// Convictions in the exhibit, which are its lines.
    pub convictions: u64,
    /// By what they were decided.
    pub authority: Authority,
    /// Who authorized the filing.
    pub authorization: Authorization,
    /// The exhibit.
    pub exhibit: ExhibitCited,
    /// Who prosecutes.
    pub prosecutor: Prosecutor,
    /// Day of the paper, in words. `None` is a blank, to be filled in by whoever signs.
    pub dated: Option<String>,
}

/// A motion's data.
pub type Motion = Filing;
/// A proposed order's data. The judge's name, date and signature are always blank.
pub type Order = Filing;
/// A notice's data: what the prosecution challenges.
pub type Challenges = Filing;

silent_debug!(Filing);
