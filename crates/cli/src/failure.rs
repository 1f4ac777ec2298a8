//! What goes wrong, as the user sees it.

use crate::screen;
use std::process::ExitCode;

/// An error that ends a command with exit code 2.
pub(crate) enum Failure {
    /// Words.
    Said(String),
    /// Already shown, a document's errors for one.
    Shown,
    /// Whoever was to read the output has gone: no error at all.
    NobodyReads,
}

impl Failure {
    pub(crate) fn said(message: impl std::fmt::Display) -> Self {
        Self::Said(message.to_string())
    }

    pub(crate) fn report(self) -> ExitCode {
        match self {
            Self::Said(message) => screen::complain(format!("error: {message}\n").as_bytes()),
            Self::Shown => {}
            Self::NobodyReads => return ExitCode::SUCCESS,
        }
        ExitCode::from(2)
    }
}

macro_rules! from {
    ($($error:ty),+ $(,)?) => {$(
        impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                Self::said(error)
            }
        }
    )+};
}
from!(
    vacatur_pipeline::RunError,
    vacatur_packet::AuthorizeError,
    vacatur_packet::CourtError,
    vacatur_packet::PacketError,
    vacatur_papers::PaperError,
    vacatur_reconcile::ReconcileError,
    vacatur_reports::ReportError,
    vacatur_statutes::TableError,
    vacatur_ingest::doj::WordsError,
    vacatur_policy::ParameterError,
);
