//! Builds the grammar from `codes.toml`.

use crate::grammar::{Grammar, Marker, Spelling, Words};
use crate::{Code, Status, TableError};
use serde::Deserialize;
use std::collections::{BTreeMap, HashSet};

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCodes {
    title: String,
    jurisdiction: String,
    cite: String,
    source: String,
    status: String,
    checked: String,
    attempt: RawMarker,
    conspiracy: RawMarker,
    words: RawWords,
    procedure: RawProcedure,
    code: Vec<RawCode>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawMarker {
    section: String,
    words: Vec<String>,
    cite: String,
    source: String,
    status: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWords {
    blank: Vec<String>,
    see_comment: Vec<String>,
    fillers: Vec<String>,
    joining: Vec<String>,
    units: Vec<String>,
    counters: Vec<String>,
    file_words: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawProcedure {
    sections: Vec<String>,
    cite: String,
    source: String,
    status: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCode {
    letters: String,
    title: String,
    spellings: Vec<String>,
    lettered: Vec<String>,
    in_free_text: Option<bool>,
}

/// The titles of the codes by their letters, as `text` has them.
pub(crate) fn titles(file: &str, text: &str) -> Result<BTreeMap<String, String>, TableError> {
    #[derive(Deserialize)]
    struct Titles {
        code: Vec<Title>,
    }
    #[derive(Deserialize)]
    struct Title {
        letters: String,
        title: String,
    }
    let titles: Titles =
        toml::from_str(text).map_err(|error| TableError::new(file, "code", error.to_string()))?;
    Ok(titles.code.into_iter().map(|code| (code.letters, code.title)).collect())
}

/// The grammar that `text` describes.
pub(crate) fn read(file: &str, text: &str) -> Result<Grammar, TableError> {
    let raw: RawCodes =
        toml::from_str(text).map_err(|error| TableError::new(file, "file", error.to_string().trim_end()))?;
    supported(
        file,
        "file",
        [&raw.title, &raw.jurisdiction, &raw.cite, &raw.source, &raw.checked],
        &raw.status,
    )?;
    let mut grammar = Grammar {
        spellings: Vec::new(),
        lettered: HashSet::new(),
        lettered_anywhere: HashSet::new(),
        attempt: marker(file, "attempt", &raw.attempt)?,
        conspiracy: marker(file, "conspiracy", &raw.conspiracy)?,
        words: Words {
            blank: words(&raw.words.blank),
            see_comment: words(&raw.words.see_comment),
            fillers: words(&raw.words.fillers),
            joining: words(&raw.words.joining),
            units: words(&raw.words.units),
            counters: words(&raw.words.counters),
            file_words: words(&raw.words.file_words),
        },
        procedure: Vec::new(),
        unique: Vec::new(),
    };
    for code in &raw.code {
        add_code(&mut grammar, file, code)?;
    }
    grammar
        .spellings
        .sort_by_key(|spelling| (spelling.text.first().copied(), std::cmp::Reverse(spelling.text.len())));
    let procedure = &raw.procedure;
    supported(file, "procedure", [&procedure.cite, &procedure.source], &procedure.status)?;
    for text in &procedure.sections {
        let section = grammar.section(text).ok_or_else(|| {
            TableError::new(
                file,
                "procedure",
                format!("{text:?} cannot be read as one section with its code letters"),
            )
        })?;
        grammar.procedure.push(section);
    }
    Ok(grammar)
}

/// Refuses blank texts and a status that is none.
fn supported<const N: usize>(
    file: &str,
    entry: &str,
    texts: [&String; N],
    status: &str,
) -> Result<(), TableError> {
    if texts.iter().any(|text| text.trim().is_empty()) {
        return Err(TableError::new(file, entry, "title, citation and source may not be blank"));
    }
    match Status::of(status) {
        Some(_) => Ok(()),
        None => Err(TableError::new(file, entry, format!("status {status:?} is not known"))),
    }
}

/// Words in upper case, the longest first, so that the first that fits is the one that is meant.
fn words(listed: &[String]) -> Vec<Box<[u8]>> {
    let mut words: Vec<Box<[u8]>> =
        listed.iter().map(|word| word.to_ascii_uppercase().into_bytes().into()).collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words
}

fn marker(file: &str, entry: &str, raw: &RawMarker) -> Result<Marker, TableError> {
    supported(file, entry, [&raw.cite, &raw.source], &raw.status)?;
    let read = raw.section.split_once(' ').and_then(|(code, number)| {
        let whole = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        Some((Code::new(code)?, whole.then_some(number)?))
    });
    let (code, number) =
        read.ok_or_else(|| TableError::new(file, entry, format!("{:?} is not a section", raw.section)))?;
    Ok(Marker { code, number: number.into(), words: words(&raw.words) })
}

fn add_code(grammar: &mut Grammar, file: &str, raw: &RawCode) -> Result<(), TableError> {
    let error = |what: String| TableError::new(file, raw.letters.clone(), what);
    let code =
        Code::new(&raw.letters).ok_or_else(|| error("letters of a code are one to four letters".into()))?;
    if raw.title.trim().is_empty() {
        return Err(error("no title".into()));
    }
    for spelling in std::iter::once(&raw.letters).chain(&raw.spellings) {
        let text: Box<[u8]> = spelling.to_ascii_uppercase().into_bytes().into();
        if text.len() < 2 || !text.is_ascii() {
            return Err(error(format!("spelling {spelling:?} is too short or not ASCII")));
        }
        if let Some(other) = grammar.spellings.iter().find(|other| other.text == text) {
            return Err(error(format!("spelling {spelling:?} stands for {} already", other.code)));
        }
        grammar.spellings.push(Spelling { text, code, in_free_text: raw.in_free_text.unwrap_or(true) });
    }
    for number in &raw.lettered {
        let number: Box<str> = number.to_ascii_lowercase().into();
        if !number.ends_with(|c: char| c.is_ascii_lowercase())
            || !number.starts_with(|c: char| c.is_ascii_digit())
        {
            return Err(error(format!("{number:?} is not a section number that ends in a letter")));
        }
        if !grammar.lettered.insert((code, number.clone())) {
            return Err(error(format!("{number:?} is listed twice")));
        }
        grammar.lettered_anywhere.insert(number);
    }
    Ok(())
}
