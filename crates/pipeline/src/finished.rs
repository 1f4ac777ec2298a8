//! A finished run, read again: its manifest, the policies and the evidence that it keeps, and the inputs it names.

use crate::counties;
use crate::decide::{STANDARD_INPUT, STATUTE, policy_base};
use crate::error::RunError;
use crate::evidence::{self, Evidence};
use crate::index::{Found, Stretch};
use crate::manifest::{Manifest, PolicyRecord};
use crate::sealed::SUFFIX;
use std::path::{Path, PathBuf};
use vacatur_eligibility::{Compiled, Engine, Setting, VOCABULARY};
use vacatur_ingest::source::{self, Input, Source};
use vacatur_ingest::survey::Run;
use vacatur_policy::Policy;
use vacatur_records::Place;
use vacatur_statutes::Statutes;

/// The account of a run.
pub(crate) const MANIFEST: &str = "manifest.json";

/// The places of its inputs on the machine on which it was made.
pub(crate) const INPUTS: &str = "inputs.json";

/// Who authorized the filing of which convictions: written after the run is finished, and chained by its own hashes.
pub const AUTHORIZATIONS: &str = "authorizations.jsonl";

/// A finished run.
pub(crate) struct Finished<'a> {
    pub(crate) dir: &'a Path,
    pub(crate) manifest: Manifest,
    /// The manifest as it stands in the folder.
    pub(crate) manifest_bytes: Vec<u8>,
}

impl<'a> Finished<'a> {
    /// Reads the manifest of a run.
    ///
    /// # Errors
    /// A folder that is no finished run, or is encrypted.
    pub(crate) fn open(dir: &'a Path) -> Result<Self, RunError> {
        let broken = |what: String| RunError::NotARun { path: dir.to_owned(), what };
        let manifest_bytes = std::fs::read(dir.join(MANIFEST)).map_err(|error| {
            if dir.join(format!("{MANIFEST}{SUFFIX}")).is_file() {
                RunError::Sealed { path: dir.to_owned() }
            } else {
                broken(format!("{MANIFEST}: {error}"))
            }
        })?;
        let manifest: Manifest = serde_json::from_slice(&manifest_bytes)
            .map_err(|error| broken(format!("{MANIFEST}: {error}")))?;
        if let Some(output) = manifest.outputs.iter().find(|output| !is_plain_name(&output.name)) {
            return Err(broken(format!(
                "{MANIFEST} lists `{}`, which is no name of a file in it",
                output.name
            )));
        }
        Ok(Self { dir, manifest, manifest_bytes })
    }

    pub(crate) fn broken(&self, what: impl Into<String>) -> RunError {
        RunError::NotARun { path: self.dir.to_owned(), what: what.into() }
    }

    fn read(&self, name: &str) -> Result<String, RunError> {
        std::fs::read_to_string(self.dir.join(name)).map_err(|error| self.broken(format!("{name}: {error}")))
    }

    /// What the reader should know of the program that made the run, if this is another one.
    pub(crate) fn version_remark(&self) -> Option<String> {
        let (then, now) = (self.manifest.program.version.as_str(), env!("CARGO_PKG_VERSION"));
        (then != now).then(|| format!("the run was made by version {then}, this is version {now}"))
    }

    /// The evidence that the run used, from the copy in its folder.
    pub(crate) fn evidence(&self, engine: &Engine) -> Result<Evidence, RunError> {
        if self.manifest.evidence.is_empty() {
            return Ok(Evidence::default());
        }
        let name = evidence::COPY;
        let bytes =
            std::fs::read(self.dir.join(name)).map_err(|error| self.broken(format!("{name}: {error}")))?;
        let hash = blake3::hash(&bytes).to_hex();
        let listed =
            |output: &crate::manifest::OutputRecord| output.name == name && output.blake3 == hash.as_str();
        if !self.manifest.outputs.iter().any(listed) {
            return Err(self.broken(format!("{name} is not the file that the manifest names")));
        }
        Evidence::of_run(&bytes, &self.manifest.evidence, engine, self.manifest.inputs.len() as u32)
            .map_err(|what| self.broken(what))
    }

    /// The policies of the run, from the documents in its folder.
    pub(crate) fn engine(&self, statutes: Statutes, counties: Vec<String>) -> Result<Engine, RunError> {
        let manifest = &self.manifest;
        let as_of = manifest
            .as_of
            .parse()
            .map_err(|_| self.broken(format!("{MANIFEST}: `{}` is no date", manifest.as_of)))?;
        if let Some(record) = &manifest.counties {
            let statute = match &manifest.statute {
                Some(record) => Some(
                    document_of(STATUTE, &self.read(STATUTE)?, record, &[], &statutes)
                        .map_err(|what| self.broken(what))?,
                ),
                None => None,
            };
            let assigned = counties::read(record, &manifest.policy, &counties, &statutes, &|name| {
                self.read(name).map_err(|error| error.to_string())
            })
            .map_err(|what| self.broken(what))?;
            let setting = Setting { as_of, counties };
            return Ok(Engine::by_county(statutes, assigned, statute, setting));
        }
        let mut bases = Vec::new();
        for (at, name) in manifest.policy.builds_on.iter().enumerate() {
            bases.push((name.as_str(), self.read(&policy_base(at))?));
        }
        let text = self.read("policy.md")?;
        let compile = |file: &str, text: &str, record: &PolicyRecord, bases: &[(&str, String)]| {
            document_of(file, text, record, bases, &statutes).map_err(|what| self.broken(what))
        };
        let mut policies = vec![compile("policy.md", &text, &manifest.policy, &bases)?];
        if let Some(record) = &manifest.statute {
            let text = self.read(STATUTE)?;
            policies.push(compile(STATUTE, &text, record, &[])?);
        }
        Ok(Engine::new(statutes, policies, Setting { as_of, counties }))
    }

    /// The inputs of the run: where they were, or in the folder named.
    pub(crate) fn inputs(&self, folder: Option<&Path>) -> Result<Vec<PathBuf>, RunError> {
        let places: Vec<Option<String>> = serde_json::from_str(&self.read(INPUTS)?)
            .map_err(|error| self.broken(format!("{INPUTS}: {error}")))?;
        let mut inputs = Vec::with_capacity(places.len());
        for place in &places {
            let path: PathBuf = match (place, folder) {
                (None, _) => self.dir.join(STANDARD_INPUT),
                (Some(was), Some(folder)) => {
                    let was = Path::new(was);
                    folder.join(was.file_name().unwrap_or(was.as_os_str()))
                }
                (Some(was), None) => PathBuf::from(was),
            };
            if !path.exists() {
                return Err(RunError::InputGone {
                    input: path.display().to_string(),
                    what: "the input of this run is not there".into(),
                });
            }
            inputs.push(path);
        }
        Ok(inputs)
    }

    /// The same, opened. Their lengths are those of the run; their content is looked at by whoever reads it.
    pub(crate) fn sources(&self, folder: Option<&Path>, scratch: &Path) -> Result<Vec<Source>, RunError> {
        let inputs: Vec<Input> = self.inputs(folder)?.into_iter().map(Input::Path).collect();
        let sources = source::open(&inputs, scratch)?;
        let recorded = &self.manifest.inputs;
        let same = sources.len() == recorded.len()
            && sources.iter().zip(recorded).all(|(source, input)| source.len() == input.text_bytes);
        if !same {
            let changed =
                sources.iter().zip(recorded).find(|(source, input)| source.len() != input.text_bytes);
            let input = changed.map_or_else(|| "an input".to_owned(), |(source, _)| source.name().to_owned());
            return Err(RunError::InputGone { input, what: "the input has changed since the run".into() });
        }
        Ok(sources)
    }
}

/// A policy from the copies of its documents, as it was when it decided.
pub(crate) fn document_of(
    file: &str,
    text: &str,
    record: &PolicyRecord,
    bases: &[(&str, String)],
    statutes: &Statutes,
) -> Result<Compiled, String> {
    let library = |name: &str| bases.iter().find(|(base, _)| *base == name).map(|(_, text)| text.clone());
    let (policy, _) = Policy::parse_with(text, &VOCABULARY, &library).map_err(|errors| {
        errors.first().map_or_else(String::new, |error| format!("{file}: {}", error.message))
    })?;
    if policy.hash().digits() != record.blake3 {
        return Err(format!("{file} is not the document that the manifest names"));
    }
    let given = record.parameters.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let values = policy.values(given).map_err(|error| error.to_string())?;
    Compiled::new(policy, values, statutes)
        .map_err(|errors| errors.first().map_or_else(String::new, |error| error.message.clone()))
}

/// A person's rows, and the places of those that could not even be read. A damaged index must not send us beyond the end
/// of an input.
pub(crate) fn runs(found: &Found, sources: &[Source]) -> Result<(Vec<Run>, Vec<Place>), RunError> {
    let (rows, unread): (Vec<&Stretch>, Vec<&Stretch>) =
        found.stretches.iter().partition(|stretch| stretch.rows > 0);
    let runs: Vec<Run> = rows
        .into_iter()
        .map(|stretch| Run {
            subject: None,
            offset: stretch.offset,
            bytes: stretch.bytes,
            first_line: stretch.first_line,
            rows: stretch.rows,
            source: stretch.source,
        })
        .collect();
    if !runs.iter().all(|run| lies_within(run, sources)) {
        return Err(RunError::NotARun {
            path: "people.idx".into(),
            what: "it names rows that the inputs do not have".into(),
        });
    }
    Ok((runs, unread.into_iter().map(|stretch| stretch.unread_place()).collect()))
}

/// Whether a run's rows are bytes of its input, each row at least one of them.
fn lies_within(run: &Run, sources: &[Source]) -> bool {
    let end = run.offset.checked_add(run.bytes);
    let len = sources.get(run.source as usize).map(Source::len);
    matches!((end, len), (Some(end), Some(len)) if end <= len) && u64::from(run.rows) <= run.bytes
}

/// Whether a name that a manifest lists is that of a file in its folder. A manifest from elsewhere must not lead out of it.
pub(crate) fn is_plain_name(name: &str) -> bool {
    !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\', ':', '\0'])
}
