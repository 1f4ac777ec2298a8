//! The options file of the tool that all counties had: a JSON document whose keys a policy's parameters name.

use serde_json::Value as Json;
use vacatur_policy::{ParameterError, ParameterKind, Policy, nearest};

/// Why an options file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OptionsError {
    /// It is not JSON.
    #[error("the options file is not JSON: {0}")]
    Json(String),
    /// It is JSON, but not an object.
    #[error("the options file must hold one object {{ … }}")]
    Shape,
    /// A key that no parameter of the policy names.
    #[error("the options file has the key `{key}`, which this policy does not know{}", near.as_ref().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default())]
    UnknownKey {
        /// The key, from the outermost object, joined by dots.
        key: String,
        /// The nearest known key.
        near: Option<String>,
    },
    /// A value that is not of the right type.
    #[error("the option `{key}` must be {takes}, not {found}")]
    Type {
        /// The key.
        key: String,
        /// What it takes.
        takes: &'static str,
        /// What was found.
        found: String,
    },
    /// A value that the parameter cannot have.
    #[error("the option `{key}`: {error}")]
    Value {
        /// The key.
        key: String,
        /// What is wrong.
        error: ParameterError,
    },
    /// The policy takes no options file.
    #[error("the policy {policy} takes no options file; set its parameters with --set NAME=VALUE")]
    None {
        /// The policy.
        policy: String,
    },
}

/// The settings that an options file makes, as name and text for [`Policy::values`].
///
/// # Errors
/// A file that is not JSON, a key the policy does not know, a value it does not take; each by name.
pub fn read(policy: &Policy, text: &str) -> Result<Vec<(String, String)>, OptionsError> {
    let json: Json = serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|error| OptionsError::Json(error.to_string()))?;
    let Json::Object(_) = &json else { return Err(OptionsError::Shape) };
    let known: Vec<&str> =
        policy.parameters.iter().filter_map(|parameter| parameter.option.as_deref()).collect();
    if known.is_empty() {
        return Err(OptionsError::None { policy: policy.heading.id.clone() });
    }
    let mut leaves = Vec::new();
    flatten("", &json, &known, &mut leaves)?;
    // What the file leaves out is off there, whatever the document's default.
    let mut settings: Vec<(String, String)> = policy
        .parameters
        .iter()
        .filter(|parameter| parameter.option.is_some())
        .filter_map(|parameter| {
            let nothing = match &parameter.kind {
                ParameterKind::Number { may_be_off: true, .. } => "off",
                ParameterKind::Flag => "no",
                ParameterKind::Sections { .. } => "none",
                _ => return None,
            };
            Some((parameter.name.clone(), nothing.to_owned()))
        })
        .collect();
    for (key, value) in leaves {
        let Some(parameter) =
            policy.parameters.iter().find(|parameter| parameter.option.as_deref() == Some(key.as_str()))
        else {
            let near = nearest(&key, known.iter().copied()).map(str::to_owned);
            return Err(OptionsError::UnknownKey { key, near });
        };
        let wrong = |takes| OptionsError::Type { key: key.clone(), takes, found: short(value) };
        let text = match (&parameter.kind, value) {
            (ParameterKind::Flag, Json::Bool(flag)) => if *flag { "yes" } else { "no" }.to_owned(),
            (ParameterKind::Flag, _) => return Err(wrong("true or false")),
            (ParameterKind::Number { may_be_off: true, .. }, Json::Number(number))
                if number.as_u64() == Some(0) =>
            {
                "off".into()
            }
            (ParameterKind::Number { .. }, Json::Number(number)) if number.is_i64() => number.to_string(),
            (ParameterKind::Number { .. }, _) => return Err(wrong("a whole number")),
            (ParameterKind::Sections { of, .. }, Json::Array(items)) => {
                let mut sections = Vec::new();
                for item in items {
                    let Json::String(section) = item else {
                        return Err(wrong("a list of sections in quotation marks"));
                    };
                    let section = section.trim();
                    // The tool's files leave the code letters out.
                    let full =
                        of.iter().find(|full| *full == section || full.rsplit(' ').next() == Some(section));
                    match full {
                        Some(full) => sections.push(full.clone()),
                        None => {
                            let error = ParameterError::Value {
                                name: parameter.name.clone(),
                                value: section.to_owned(),
                                takes: parameter.kind.to_string(),
                            };
                            return Err(OptionsError::Value { key: key.clone(), error });
                        }
                    }
                }
                sections.join(", ")
            }
            (ParameterKind::Sections { .. }, _) => {
                return Err(wrong("a list of sections in quotation marks"));
            }
            (_, Json::String(text)) => text.clone(),
            _ => return Err(wrong("a text in quotation marks")),
        };
        parameter.read(&text).map_err(|error| OptionsError::Value { key: key.clone(), error })?;
        settings.push((parameter.name.clone(), text));
    }
    Ok(settings)
}

/// The keys down to those the policy knows, or to where an object ends.
fn flatten<'j>(
    prefix: &str,
    json: &'j Json,
    known: &[&str],
    leaves: &mut Vec<(String, &'j Json)>,
) -> Result<(), OptionsError> {
    let Json::Object(map) = json else {
        leaves.push((prefix.to_owned(), json));
        return Ok(());
    };
    for (key, value) in map {
        let full = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        let leads = known.iter().any(|known| known.starts_with(&format!("{full}.")));
        // A value that the policy knows: whether it is of the right type is looked at with the others.
        if known.contains(&full.as_str()) {
            leaves.push((full, value));
            continue;
        }
        if value.is_object() && !leads {
            let near =
                nearest(&full, known.iter().filter_map(|known| known.split('.').next())).map(str::to_owned);
            return Err(OptionsError::UnknownKey { key: full, near });
        }
        if leads && !value.is_object() {
            return Err(OptionsError::Type { key: full, takes: "an object { … }", found: short(value) });
        }
        flatten(&full, value, known, leaves)?;
    }
    Ok(())
}

/// A value cut to a length that fits an error.
fn short(value: &Json) -> String {
    let text = value.to_string();
    if text.chars().count() > 40 { format!("{}…", text.chars().take(40).collect::<String>()) } else { text }
}
