//! `packet.json`: what is in a packet, by whose authority, and that nothing was lost.

use crate::authorize::{Authorization, Scope};
use crate::error::PacketError;
use crate::folder::Written;
use crate::group::GroupAccount;
use serde::Serialize;
use std::collections::BTreeMap;

/// The account of a packet.
#[derive(Clone, Serialize)]
pub struct Account {
    /// `vacatur-packet-1`.
    pub packet: &'static str,
    /// The version of the program.
    pub program: &'static str,
    /// The run.
    pub run: RunCited,
    /// Who authorized.
    pub authorized_by: Vec<AuthorizedBy>,
    /// The BLAKE3 of the last authorization.
    pub authorization_blake3: String,
    /// Convictions.
    pub totals: Totals,
    /// Convictions in the fix-list, by problem.
    pub problems: BTreeMap<String, u64>,
    /// What could not be put on single-case papers.
    pub single_case_notes: u64,
    /// The packets.
    #[serde(rename = "packets")]
    pub groups: Vec<GroupAccount>,
    /// The files beside them.
    pub files: Vec<Written>,
}

/// The run.
#[derive(Clone, Serialize)]
pub struct RunCited {
    /// The BLAKE3 of its manifest.
    pub manifest_blake3: String,
    /// The policy, by name.
    pub policy: String,
    /// Its title.
    pub policy_title: String,
    /// Its BLAKE3.
    pub policy_blake3: String,
    /// The day of the decision.
    pub as_of: String,
}

/// Who authorized.
#[derive(Clone, Serialize)]
pub struct AuthorizedBy {
    /// The name.
    pub by: String,
    /// The office.
    pub title: String,
    /// The authority.
    pub under: String,
    /// The day.
    pub on: String,
    /// `all-grants` or `list`.
    pub scope: &'static str,
    /// How many convictions.
    pub convictions: u64,
}

impl AuthorizedBy {
    /// Of a record.
    #[must_use]
    pub fn of(record: &Authorization) -> Self {
        Self {
            by: record.by.clone(),
            title: record.title.clone(),
            under: record.under.clone(),
            on: record.on.clone(),
            scope: match record.scope {
                Scope::AllGrants => "all-grants",
                Scope::List { .. } => "list",
            },
            convictions: record.convictions,
        }
    }
}

/// Convictions. `granted` is the sum of the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// To which the run gives relief.
    pub granted: u64,
    /// Of those, that nobody authorized or that somebody withholds.
    pub not_authorized: u64,
    /// That an earlier packet asked for.
    pub already_filed: u64,
    /// In the fix-list.
    pub to_fix: u64,
    /// In an exhibit of a motion.
    pub asked: u64,
    /// In an exhibit of a notice of challenges.
    pub challenged: u64,
}

impl Totals {
    /// Nothing was lost.
    ///
    /// # Errors
    /// Numbers that do not add up.
    pub fn check(&self) -> Result<(), PacketError> {
        let sum = self.not_authorized + self.already_filed + self.to_fix + self.asked + self.challenged;
        if sum == self.granted {
            return Ok(());
        }
        Err(PacketError::Sum(format!(
            "relief is given to {}, and {} are not authorized, {} filed before, {} to be fixed, {} asked, {} challenged",
            self.granted, self.not_authorized, self.already_filed, self.to_fix, self.asked, self.challenged
        )))
    }
}
