//! The policies of a run in which each county has one of its own: in the folder, in the manifest, and read from them again.

use crate::error::RunError;
use crate::folder::Folder;
use crate::manifest::{CountiesRecord, CountyRecord, DocumentRecord, PolicyRecord};
use std::sync::Arc;
use vacatur_eligibility::{Assigned, ByCounty, Compiled, Engine, VOCABULARY};
use vacatur_policy::Policy;
use vacatur_statutes::Statutes;

/// The copy of the document that says which policy decides for which county.
pub(crate) const COUNTIES: &str = "counties.toml";

/// The copy of a policy document, by its number from 0.
fn document_file(at: usize) -> String {
    format!("policy-{}.md", at + 1)
}

/// The copy of a document that it builds on.
fn base_file(at: usize, base: usize) -> String {
    format!("policy-{}-base-{}.md", at + 1, base + 1)
}

/// The different documents, in the order of the counties that have them first, and the document of each county.
fn documents<'e>(office: &ByCounty, engine: &'e Engine) -> (Vec<&'e Compiled>, Vec<Option<usize>>) {
    let mut documents: Vec<&Compiled> = Vec::new();
    let of = office
        .policies()
        .map(|policy| {
            let compiled = engine.policies().get(policy?)?;
            let same = |one: &&Compiled| one.policy().hash() == compiled.policy().hash();
            Some(documents.iter().position(same).unwrap_or_else(|| {
                documents.push(compiled);
                documents.len() - 1
            }))
        })
        .collect();
    (documents, of)
}

/// What the manifest says of them.
pub(crate) fn record(office: &ByCounty, engine: &Engine) -> (PolicyRecord, CountiesRecord) {
    let as_of = engine.setting().as_of;
    let (documents, of) = documents(office, engine);
    let documents: Vec<DocumentRecord> = documents
        .into_iter()
        .enumerate()
        .map(|(at, compiled)| {
            let PolicyRecord { id, title, blake3, builds_on, effective, in_force, .. } =
                PolicyRecord::of(compiled, as_of);
            DocumentRecord { file: document_file(at), id, title, blake3, builds_on, effective, in_force }
        })
        .collect();
    let counties = engine.setting().counties.iter().zip(office.policies()).zip(of);
    let counties = counties
        .map(|((county, policy), document)| CountyRecord {
            county: county.clone(),
            document,
            parameters: policy
                .and_then(|policy| engine.policies().get(policy))
                .map(|compiled| PolicyRecord::of(compiled, as_of).parameters)
                .unwrap_or_default(),
        })
        .collect();
    let assignment = PolicyRecord {
        id: office.id.clone(),
        title: office.title.clone(),
        blake3: blake3::hash(office.text.as_bytes()).to_hex().to_string(),
        builds_on: Vec::new(),
        effective: "as the policy of each county says".into(),
        in_force: documents.iter().all(|document| document.in_force),
        parameters: Vec::new(),
    };
    (assignment, CountiesRecord { documents, counties })
}

/// Writes the documents into the folder of a run.
pub(crate) fn write(office: &ByCounty, engine: &Engine, folder: &mut Folder<'_>) -> Result<(), RunError> {
    folder.whole(COUNTIES, office.text.as_bytes())?;
    let (documents, _) = documents(office, engine);
    for (at, compiled) in documents.into_iter().enumerate() {
        folder.whole(&document_file(at), compiled.policy().text().as_bytes())?;
        for (base, (_, text)) in compiled.policy().bases().enumerate() {
            folder.whole(&base_file(at, base), text.as_bytes())?;
        }
    }
    Ok(())
}

/// The policies again, from the files of a folder.
pub(crate) fn read(
    record: &CountiesRecord,
    assignment: &PolicyRecord,
    counties: &[String],
    statutes: &Statutes,
    file: &dyn Fn(&str) -> Result<String, String>,
) -> Result<Assigned, String> {
    let text = file(COUNTIES)?;
    if blake3::hash(text.as_bytes()).to_hex().as_str() != assignment.blake3 {
        return Err(format!("{COUNTIES} is not the document that the manifest names"));
    }
    let same = record.counties.len() == counties.len()
        && record.counties.iter().zip(counties).all(|(one, county)| one.county == *county);
    if !same {
        return Err("the manifest has other counties than this program".into());
    }
    let mut documents: Vec<Arc<Policy>> = Vec::new();
    for (at, document) in record.documents.iter().enumerate() {
        let name = document_file(at);
        let mut bases = Vec::new();
        for (base, called) in document.builds_on.iter().enumerate() {
            bases.push((called.as_str(), file(&base_file(at, base))?));
        }
        let library =
            |called: &str| bases.iter().find(|(base, _)| *base == called).map(|(_, text)| text.clone());
        let (policy, _) = Policy::parse_with(&file(&name)?, &VOCABULARY, &library).map_err(|errors| {
            errors.first().map_or_else(String::new, |error| format!("{name}: {}", error.message))
        })?;
        if policy.hash().digits() != document.blake3 {
            return Err(format!("{name} is not the document that the manifest names"));
        }
        documents.push(Arc::new(policy));
    }
    let compiled = |one: &CountyRecord| -> Result<Option<Compiled>, String> {
        let Some(at) = one.document else { return Ok(None) };
        let policy = documents.get(at).ok_or("the manifest names a document that it does not list")?;
        let given = one.parameters.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let values = policy.values(given).map_err(|error| error.to_string())?;
        Compiled::new(Arc::clone(policy), values, statutes)
            .map(Some)
            .map_err(|errors| errors.first().map_or_else(String::new, |error| error.message.clone()))
    };
    let counties = record.counties.iter().map(compiled).collect::<Result<_, _>>()?;
    Ok(Assigned { id: assignment.id.clone(), title: assignment.title.clone(), text, counties })
}
