//! A run's report: counted, and what may not be shown withheld.

use crate::conviction_tables::{self, Setting};
use crate::count::{Counted, Tick, count};
use crate::error::ReportError;
use crate::figures::figures;
use crate::ledger::Ledger;
use crate::model::{Disclosure, Head, InputHead, PolicyHead, Report};
use crate::people_tables;
use crate::run::Run;
use crate::sql;
use std::collections::BTreeSet;
use vacatur_pipeline::Manifest;

/// The least number that a public report shows, other than 0, where nothing else is asked for.
pub const LEAST: u64 = 11;

/// What report is wanted.
#[derive(Clone, Debug)]
pub struct Options<'o> {
    /// Whether it may be published: small numbers are withheld.
    pub public: bool,
    /// The least number that a public report shows, other than 0.
    pub least: u64,
    /// The county whose convictions are reported; all without one.
    pub county: Option<&'o str>,
    /// The counties that the layout lists, as it writes them.
    pub counties: &'o [&'o str],
}

impl Report {
    /// Counts a run and makes its report. The tick hears how many people are counted.
    ///
    /// # Errors
    /// Tables that cannot be read, that are not of the same run, or that differ from what the run says of itself.
    pub fn of(run: &Run, options: &Options<'_>, tick: Tick<'_>) -> Result<Self, ReportError> {
        if let Some(county) = options.county
            && options.public
        {
            return Err(ReportError::Slice { county: county.to_owned() });
        }
        let slices = options.county.as_slice();
        let counted = count(&run.dir, slices, tick)?;
        run.agrees(&counted.all)?;
        if let Some(county) = options.county
            && !counted.counties.contains_key(county)
        {
            let near = nearest(county, counted.counties.keys().map(String::as_str));
            return Err(ReportError::County { county: county.into(), near });
        }
        for (pinned, agencies) in [(true, true), (true, false), (false, false)] {
            if let Some(report) = drawn(run, &counted, options, pinned, agencies)? {
                return Ok(report);
            }
        }
        Err(ReportError::Contradiction { what: "nothing can be withheld".into() })
    }
}

/// None if the headline numbers must give way too.
fn drawn(
    run: &Run,
    counted: &Counted,
    options: &Options<'_>,
    pinned: bool,
    agencies: bool,
) -> Result<Option<Report>, ReportError> {
    let least = if options.public { options.least } else { 0 };
    let mut ledger = Ledger::new(least, pinned && options.public);
    // With fewer convictions than this, an agency's numbers could hardly be shown beside its total. If even so a small number cannot be
    // protected, no agency is told from others.
    let rare = if agencies { options.least.saturating_mul(3) } else { u64::MAX };
    let agencies = &counted.all.agencies;
    let frequent: BTreeSet<String> = agencies
        .iter()
        .filter(|(_, place)| place.convictions.all >= rare)
        .map(|(agency, _)| agency.clone())
        .collect();
    let counts = options.county.and_then(|county| counted.counties.get(county)).unwrap_or(&counted.all);
    let head = sql::head(options.county);
    let setting = Setting {
        head: &head,
        statute: run.manifest.statute.is_some(),
        rare,
        frequent: &frequent,
        listed: options.counties,
    };
    let figures = figures(&mut ledger, counts, run, &head);
    let mut tables = people_tables::tables(&mut ledger, counts, &head, setting.statute);
    tables.extend(conviction_tables::tables(&mut ledger, counts, &setting));
    let Some(withheld) = ledger.withhold(options.public)? else { return Ok(None) };
    tables.sort_by_key(|table| table.section);
    Ok(Some(Report {
        head: head_of(run),
        disclosure: Disclosure {
            public: options.public,
            least,
            small: withheld.small,
            complementary: withheld.complementary,
        },
        figures: figures.into_iter().map(|figure| figure.shown(&ledger, &withheld)).collect(),
        tables: tables.into_iter().map(|table| table.shown(&ledger, &withheld)).collect(),
    }))
}

fn head_of(run: &Run) -> Head {
    let manifest = &run.manifest;
    macro_rules! policy {
        ($record:expr) => {
            PolicyHead {
                id: $record.id.clone(),
                title: $record.title.clone(),
                blake3: $record.blake3.clone(),
                parameters: $record.parameters.iter().cloned().collect(),
                counties: Vec::new(),
            }
        };
    }
    Head {
        policies: [policy!(manifest.policy)].into_iter().chain(by_county(manifest)).collect(),
        statute: manifest.statute.as_ref().map(|record| policy!(record)),
        as_of: manifest.as_of.clone(),
        program: (manifest.program.version.clone(), manifest.program.blake3.clone()),
        inputs: manifest
            .inputs
            .iter()
            .map(|input| InputHead {
                // Where a file lies on the office's machine is nobody's business.
                name: input.name.rsplit(['/', '\\']).next().unwrap_or_default().to_owned(),
                bytes: input.bytes,
                blake3: input.blake3.clone(),
                rows: input.rows,
            })
            .collect(),
        rows: manifest.counts.rows_in,
        rejects: manifest.counts.rejects,
        manifest: run.hash.clone(),
        read: run.read.clone(),
    }
}

/// The policies of a run in which each county has its own, each with the counties that set it alike.
fn by_county(manifest: &Manifest) -> Vec<PolicyHead> {
    let Some(record) = &manifest.counties else { return Vec::new() };
    let mut heads: Vec<PolicyHead> = Vec::new();
    for county in &record.counties {
        let Some(document) = county.document.and_then(|at| record.documents.get(at)) else { continue };
        // Each is set to its county.
        let set = county.parameters.iter().filter(|(_, value)| *value != county.county).cloned();
        let head = PolicyHead {
            id: document.id.clone(),
            title: document.title.clone(),
            blake3: document.blake3.clone(),
            parameters: set.collect(),
            counties: Vec::new(),
        };
        let same =
            |known: &&mut PolicyHead| known.blake3 == head.blake3 && known.parameters == head.parameters;
        match heads.iter_mut().find(same) {
            Some(known) => known.counties.push(county.county.clone()),
            None => heads.push(PolicyHead { counties: vec![county.county.clone()], ..head }),
        }
    }
    heads
}

/// The most similar name, if one is similar at all.
pub(crate) fn nearest<'n>(name: &str, among: impl Iterator<Item = &'n str>) -> Option<String> {
    among
        .map(|known| (strsim::jaro_winkler(name, known), known))
        .filter(|(similar, _)| *similar > 0.75)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, known)| known.to_owned())
}
