//! Data on their way to a layout: every text in them can be printed, and no message shows one.

use crate::error::PaperError;
use crate::letters::missing_letters;
use serde::Serialize;
use serde_json::Value;
use std::fmt::Write as _;

/// The data of a paper, if every text in it can be printed.
pub(crate) fn checked<T: Serialize>(paper: &T) -> Result<Value, PaperError> {
    let data = serde_json::to_value(paper).map_err(|_| PaperError::Export {
        file: String::new(),
        message: "the data cannot be written".to_owned(),
    })?;
    check(&data, &mut String::new())?;
    Ok(data)
}

/// Looks for letters that cannot be printed, and names the field.
fn check(data: &Value, field: &mut String) -> Result<(), PaperError> {
    let length = field.len();
    match data {
        Value::String(text) => {
            if let Some(letter) = missing_letters(text) {
                return Err(PaperError::Letter { field: field.clone(), letter });
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                let _ = write!(field, "[{at}]");
                check(item, field)?;
                field.truncate(length);
            }
        }
        Value::Object(fields) => {
            for (name, value) in fields {
                if length > 0 {
                    field.push('.');
                }
                field.push_str(name);
                check(value, field)?;
                field.truncate(length);
            }
        }
        _ => {}
    }
    Ok(())
}

/// Whether a message holds a text of the data that is long enough to be somebody's.
pub(crate) fn shows(data: &Value, message: &str) -> bool {
    match data {
        Value::String(text) => text.chars().count() > 2 && message.contains(text.as_str()),
        Value::Array(items) => items.iter().any(|item| shows(item, message)),
        Value::Object(fields) => fields.values().any(|value| shows(value, message)),
        _ => false,
    }
}
