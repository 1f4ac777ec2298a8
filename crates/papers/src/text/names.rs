//! What placeholders may name. A text that names something else is refused when it is read, not when it is needed.

use super::Data;

/// Names that every paper has.
const COMMON: &[&str] = &[
    "attorney.name",
    "attorney.bar_number",
    "attorney.firm",
    "attorney.street",
    "attorney.city_state_zip",
    "attorney.phone",
    "attorney.fax",
    "attorney.email",
    "attorney.attorney_for",
    "caption.court_title",
    "caption.county",
    "caption.branch",
    "caption.people",
    "caption.defendants",
    "caption.several",
    "caption.case_number",
    "caption.hearing.date",
    "caption.hearing.time",
    "caption.hearing.department",
];

/// Names of a motion, an order and a notice of challenges.
const FILING: &[&str] = &[
    "completed",
    "serving",
    "relief.dismiss",
    "relief.dismiss_and_seal",
    "relief.reduce_to_misdemeanor",
    "relief.reduce_to_infraction",
    "relief.other",
    "grounds",
    "people",
    "cases",
    "convictions",
    "authority.policy_title",
    "authority.policy_id",
    "authority.policy_hash",
    "authority.as_of",
    "authority.citation",
    "authorization.by",
    "authorization.title",
    "authorization.on",
    "authorization.under",
    "authorization.hash",
    "exhibit.letter",
    "exhibit.volumes",
    "exhibit.machine_file.name",
    "exhibit.machine_file.sha256",
    "prosecutor.name",
    "prosecutor.kind",
    "manifest_hash",
    "dated",
];

/// Names of a proof of service.
const SERVICE: &[&str] = &["documents"];

/// Whether a text of this kind of data may name something.
pub(super) fn known(data: Data, name: &str) -> bool {
    let own = match data {
        Data::Filing => FILING,
        Data::Service => SERVICE,
    };
    COMMON.iter().chain(own).any(|known| {
        // `exhibit` alone, or something of a list, as `documents.0`.
        let [name, known] = [name, known].map(|it| it.split('.'));
        known.zip(name).all(|(known, name)| known == name)
    })
}

/// All names of a filing.
#[cfg(test)]
pub(crate) fn filing_names() -> impl Iterator<Item = &'static str> {
    COMMON.iter().chain(FILING).copied()
}
