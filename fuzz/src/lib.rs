//! What several targets share.

pub mod extract;
pub mod record;
