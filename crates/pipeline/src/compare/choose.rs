//! Which policies with which parameters are compared: what was named, what was set, and every combination of what is
//! swept. Nothing is read for it but the documents.

use super::Sweep;
use super::sweep::SweepError;
use vacatur_policy::{ParameterError, Policy, Value, nearest};

/// The most policies that may be chosen, sweeps included.
pub const MOST_CHOSEN: usize = 200;

/// A document that was named.
pub struct Named<'n> {
    /// The name as given.
    pub name: &'n str,
    /// The document.
    pub policy: &'n Policy,
    /// The parameters that were set for it alone.
    pub set: &'n [(String, String)],
}

/// A document with its parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// The number of the document among those named.
    pub document: usize,
    /// Its name, with the parameters that were set: `us-ca/los-angeles-2020[age=45]`.
    pub label: String,
    /// The values of all its parameters.
    pub values: Vec<Value>,
}

/// Why nothing can be compared.
#[derive(Debug, thiserror::Error)]
pub enum ChooseError {
    /// A parameter that no policy has.
    #[error("none of the policies has a parameter `{name}`{}", near.as_ref().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default())]
    Unknown {
        /// The parameter.
        name: String,
        /// The nearest one that a policy has.
        near: Option<String>,
    },
    /// A parameter that is swept and set, or swept twice.
    #[error("`{name}` is given twice: keep one --sweep or one --set of it")]
    Twice {
        /// The parameter.
        name: String,
    },
    /// A value that a policy's parameter cannot have.
    #[error("{policy}: {error}")]
    Set {
        /// The policy.
        policy: String,
        /// What is wrong.
        error: ParameterError,
    },
    /// A sweep that a policy's parameter cannot take.
    #[error("{policy}: {error}")]
    Sweep {
        /// The policy.
        policy: String,
        /// What is wrong.
        error: SweepError,
    },
    /// Too many combinations.
    #[error("{combinations} policies would be compared, and {MOST_CHOSEN} are the most")]
    TooMany {
        /// How many there would be.
        combinations: u64,
    },
}

/// Every document with every combination of what is swept in it, each once: what is the same document with the same values
/// is one policy. `set` and `sweeps` are for every document that has such a parameter.
///
/// # Errors
/// A parameter that no document has or a value out of its range, more combinations than [`MOST_CHOSEN`].
pub fn choose(
    named: &[Named<'_>],
    set: &[(String, String)],
    sweeps: &[Sweep],
) -> Result<Vec<Choice>, ChooseError> {
    let has = |policy: &Policy, name: &str| policy.parameters.iter().any(|parameter| parameter.name == name);
    let asked = || set.iter().map(|(name, _)| name).chain(sweeps.iter().map(|sweep| &sweep.name));
    for name in asked() {
        if !named.iter().any(|one| has(one.policy, name)) {
            let known = named.iter().flat_map(|one| &one.policy.parameters).map(|one| one.name.as_str());
            return Err(ChooseError::Unknown {
                name: name.clone(),
                near: nearest(name, known).map(str::to_owned),
            });
        }
        if asked().filter(|other| *other == name).count() > 1 {
            return Err(ChooseError::Twice { name: name.clone() });
        }
    }
    // A policy that has its own value for a parameter is not varied in it.
    let of = |one: &Named<'_>, sweep: &Sweep| {
        let own = one.set.iter().any(|(name, _)| *name == sweep.name);
        one.policy.parameters.iter().find(|parameter| parameter.name == sweep.name && !own).cloned()
    };
    let combinations = named.iter().fold(0u64, |all, one| {
        let own = sweeps.iter().filter_map(|sweep| of(one, sweep).map(|parameter| sweep.number(&parameter)));
        all.saturating_add(own.fold(1, u64::saturating_mul))
    });
    // Told before anything is listed; values named twice are counted twice here, and that is as well.
    if combinations > MOST_CHOSEN as u64 {
        return Err(ChooseError::TooMany { combinations });
    }
    let mut choices: Vec<Choice> = Vec::new();
    for (document, one) in named.iter().enumerate() {
        let own = set
            .iter()
            .filter(|(name, _)| has(one.policy, name) && !one.set.iter().any(|(other, _)| other == name));
        let mut combined: Vec<Vec<(String, String)>> = vec![one.set.iter().chain(own).cloned().collect()];
        for sweep in sweeps {
            let Some(parameter) = of(one, sweep) else { continue };
            let values = sweep
                .values(&parameter)
                .map_err(|error| ChooseError::Sweep { policy: one.name.to_owned(), error })?;
            combined = combined
                .iter()
                .flat_map(|given| {
                    values.iter().map(|value| {
                        let mut given = given.clone();
                        given.push((sweep.name.clone(), value.clone()));
                        given
                    })
                })
                .collect();
        }
        for given in combined {
            let values = one
                .policy
                .values(given.iter().map(|(name, value)| (name.as_str(), value.as_str())))
                .map_err(|error| ChooseError::Set { policy: one.name.to_owned(), error })?;
            let same = |other: &&Choice| {
                let policy = named.get(other.document).map(|other| other.policy.hash());
                policy == Some(one.policy.hash()) && other.values == values
            };
            if choices.iter().any(|other| same(&other)) {
                continue;
            }
            choices.push(Choice { document, label: label(one.name, &given), values });
        }
    }
    Ok(choices)
}

/// A policy's name with what was set: it can be given to `--policy` again.
fn label(name: &str, given: &[(String, String)]) -> String {
    if given.is_empty() {
        return name.to_owned();
    }
    let given: Vec<String> = given.iter().map(|(name, value)| format!("{name}={value}")).collect();
    format!("{name}[{}]", given.join("; "))
}

/// A policy as it was named, and the parameters that it was given.
pub type NamedAndSet<'t> = (&'t str, Vec<(String, String)>);

/// `us-ca/los-angeles-2020[age=45; youth=conviction]` as a name and what is set.
///
/// # Errors
/// A setting that is not NAME=VALUE: the setting.
pub fn name_and_settings(text: &str) -> Result<NamedAndSet<'_>, String> {
    let Some((name, list)) = text.strip_suffix(']').and_then(|text| text.split_once('[')) else {
        return Ok((text, Vec::new()));
    };
    let mut settings = Vec::new();
    for part in list.split(';').filter(|part| !part.trim().is_empty()) {
        let (name, value) = part.split_once('=').ok_or_else(|| part.trim().to_owned())?;
        settings.push((name.trim().to_lowercase(), value.trim().to_owned()));
    }
    Ok((name, settings))
}

/// About how long a comparison takes at most, and how much memory, from what was measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Seconds on one core of the machine on which it was measured.
    pub seconds: f64,
    /// Megabytes.
    pub megabytes: f64,
}

impl Estimate {
    /// Of so many policies on files of so many bytes.
    #[must_use]
    pub fn of(policies: u64, bytes: u64) -> Self {
        let (policies, gigabytes) = (policies as f64, bytes as f64 / 1e9);
        Self {
            seconds: gigabytes * (SECONDS_TO_READ + SECONDS_FOR_EACH * policies),
            megabytes: MEGABYTES + MEGABYTES_FOR_EACH * policies,
        }
    }
}

/// Seconds for a gigabyte of rows on one core, without any policy, and for each policy more. Measured on 2026-11-22 with a
/// development build on a busy machine, of a synthetic county of 34 MB: 3.5 s for one policy, 14.3 s for a hundred. An
/// optimised build on an idle machine takes less.
const SECONDS_TO_READ: f64 = 100.0;
const SECONDS_FOR_EACH: f64 = 3.2;
/// Megabytes without any policy, and for each policy more: 75 MB at most for one policy, 161 MB for a hundred.
const MEGABYTES: f64 = 74.0;
const MEGABYTES_FOR_EACH: f64 = 0.9;
