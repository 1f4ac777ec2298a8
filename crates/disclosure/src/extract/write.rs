//! The folder of an extract.

use super::classes::{Classes, Levels};
use super::error::ExtractError;
use super::{Extract, Of, OfRun, Options, check, hash};
use parquet::basic::{Compression, ZstdLevel};
use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use serde_json::json;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub(crate) const CSV: &str = "extract.csv";
pub(crate) const PARQUET: &str = "extract.parquet";
const GROUP: usize = 1 << 15;

/// Writes all files, checks them, and gives the folder its name.
pub(crate) fn write(
    run: &Path,
    of_run: &OfRun,
    options: &Options,
    levels: &Levels,
    classes: &Classes,
    extract: &Extract,
) -> Result<(), ExtractError> {
    let making = Making::create(&extract.folder)?;
    let dir = making.path.as_path();
    let names: Vec<&str> = options.columns().iter().map(|column| column.name()).chain(["outcome"]).collect();
    let path = dir.join(CSV);
    write_csv(&path, &names, classes).map_err(ExtractError::unwritable(&path))?;
    let path = dir.join(PARQUET);
    write_parquet(&path, &names, classes).map_err(ExtractError::unwritable(&path))?;
    check::check(run, dir, options, levels, &names)?;
    let codebook = codebook(of_run, options, levels, extract);
    let text = serde_json::to_string_pretty(&codebook).unwrap_or_default() + "\n";
    put(dir, "codebook.json", &text)?;
    put(dir, "codebook.md", &said(options, levels, extract, of_run))?;
    let mut outputs = Vec::new();
    for name in ["codebook.json", "codebook.md", CSV, PARQUET] {
        let path = dir.join(name);
        let hash = hash(&path).map_err(ExtractError::unreadable(&path))?;
        let bytes = fs::metadata(&path).map_err(ExtractError::unreadable(&path))?.len();
        outputs.push(json!({ "name": name, "bytes": bytes, "blake3": hash }));
    }
    let manifest = json!({
        "program": { "name": "vacatur", "version": env!("CARGO_PKG_VERSION") },
        "made_of": { "manifest_blake3": of_run.manifest, "policy": of_run.policy, "as_of": of_run.as_of },
        "settings": {
            "rows": rows_of(options), "k": options.k, "most_lost": options.most_lost, "without": options.without,
        },
        "outputs": outputs,
    });
    put(dir, "manifest.json", &(serde_json::to_string_pretty(&manifest).unwrap_or_default() + "\n"))?;
    making.finish(&extract.folder)
}

fn put(dir: &Path, name: &str, text: &str) -> Result<(), ExtractError> {
    let path = dir.join(name);
    fs::write(&path, text).map_err(ExtractError::unwritable(&path))
}

fn rows_of(options: &Options) -> &'static str {
    match options.of {
        Of::Convictions => "convictions",
        Of::People => "people",
    }
}

/// The rows in the order of their words: that of the run would put a person's rows beside each other.
fn rows(classes: &Classes) -> impl Iterator<Item = (&[String], &str)> {
    classes.iter().flat_map(|(words, class)| {
        class
            .outcomes
            .iter()
            .flat_map(move |(outcome, rows)| (0..*rows).map(move |_| (words.as_slice(), outcome.as_str())))
    })
}

fn write_csv(path: &Path, names: &[&str], classes: &Classes) -> Result<(), csv::Error> {
    // All words are of closed lists or look like a code section, so that none is a formula.
    let mut writer = csv::Writer::from_path(path)?;
    writer.write_record(names)?;
    for (words, outcome) in rows(classes) {
        writer.write_record(words.iter().map(String::as_str).chain([outcome]))?;
    }
    writer.flush()?;
    Ok(())
}

fn write_parquet(path: &Path, names: &[&str], classes: &Classes) -> Result<(), ParquetError> {
    let fields: Vec<String> =
        names.iter().map(|name| format!("REQUIRED BYTE_ARRAY {name} (UTF8);")).collect();
    let schema = parse_message_type(&format!("message extract {{ {} }}", fields.join(" ")))?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?))
        .set_created_by(format!("vacatur {}", env!("CARGO_PKG_VERSION")))
        .build();
    let mut writer = SerializedFileWriter::new(File::create(path)?, Arc::new(schema), Arc::new(properties))?;
    let mut all = rows(classes).peekable();
    while all.peek().is_some() {
        let mut columns: Vec<Vec<ByteArray>> = vec![Vec::new(); names.len()];
        for (words, outcome) in all.by_ref().take(GROUP) {
            for (column, word) in columns.iter_mut().zip(words.iter().map(String::as_str).chain([outcome])) {
                column.push(word.into());
            }
        }
        let mut group = writer.next_row_group()?;
        for values in &columns {
            if let Some(mut column) = group.next_column()? {
                column.typed::<ByteArrayType>().write_batch(values, None, None)?;
                column.close()?;
            }
        }
        group.close()?;
    }
    writer.close()?;
    Ok(())
}

fn codebook(of_run: &OfRun, options: &Options, levels: &Levels, extract: &Extract) -> serde_json::Value {
    let columns: Vec<_> = options
        .columns()
        .iter()
        .zip(levels)
        .map(|(column, level)| {
            json!({
                "name": column.name(), "says": column.says(), "level": level,
                "at": column.levels().get(*level), "levels": column.levels(),
            })
        })
        .collect();
    let all = extract.rows + extract.rows_lost;
    json!({
        "rows_of": rows_of(options),
        "policy": of_run.policy,
        "as_of": of_run.as_of,
        "k": options.k,
        "known_columns": columns,
        "sensitive_column": "outcome",
        "rows": extract.rows,
        "rows_left_out": extract.rows_lost,
        "share_left_out": extract.rows_lost as f64 / all.max(1) as f64,
        "people_who_lost_a_row": extract.people_lost,
        "combinations": extract.classes,
        "fewest_people_in_a_combination": extract.fewest,
        "combinations_of_one_outcome": extract.one_outcome,
        "rows_of_these": extract.rows_of_one_outcome,
    })
}

fn said(options: &Options, levels: &Levels, extract: &Extract, of_run: &OfRun) -> String {
    let mut text = String::from("# Codebook\n\n");
    let _ = writeln!(
        text,
        "A row is {}. Decided by {} as of {}. No row holds a name, a number of a person or a case, or a day, and no two \
         rows can be joined to one person.\n",
        match options.of {
            Of::Convictions => "one decided conviction",
            Of::People => "one person with a decided conviction",
        },
        of_run.policy,
        of_run.as_of
    );
    text += "| column | what it says | as it is here | levels, finest first |\n|---|---|---|---|\n";
    for (column, level) in options.columns().iter().zip(levels) {
        let at = column.levels().get(*level).copied().unwrap_or_default();
        let _ = writeln!(
            text,
            "| `{}` | {} | {at} | {} |",
            column.name(),
            column.says(),
            column.levels().join("; ")
        );
    }
    let outcomes = match options.of {
        Of::Convictions => {
            "What the policy decides: dismiss, reduce, grant, not_eligible, not_yet, refer, already_relieved or review"
        }
        Of::People => {
            "helped (relief from one conviction at least), undecided (a review and no relief) or not helped"
        }
    };
    let _ = writeln!(text, "| `outcome` | {outcomes} | in full | |\n");
    let _ = writeln!(
        text,
        "`not known` is said where the record is blank or cannot be read. It is no answer, and never means no.\n\n\
         For every combination of the columns but `outcome` there are at least {} different people ({} in the smallest), \
         however many rows each has. {} rows in {} combinations are here; {} rows of {} people were left out, since they would \
         have been too few. They are not a random part of all: who is rare is missing.\n\n\
         In {} combinations ({} rows) all rows have one outcome. Whoever is known to be in one of them is known to have it.",
        options.k,
        extract.fewest,
        extract.rows,
        extract.classes,
        extract.rows_lost,
        extract.people_lost,
        extract.one_outcome,
        extract.rows_of_one_outcome
    );
    text
}

/// A folder that has its name only when it is complete.
struct Making {
    path: PathBuf,
}

impl Making {
    fn create(finished: &Path) -> Result<Self, ExtractError> {
        let mut name = finished.as_os_str().to_owned();
        name.push(".partial");
        let path = PathBuf::from(name);
        if let Some(parent) = finished.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            fs::create_dir_all(parent).map_err(ExtractError::unwritable(parent))?;
        }
        fs::create_dir(&path).map_err(ExtractError::unwritable(&path))?;
        Ok(Self { path })
    }

    fn finish(self, finished: &Path) -> Result<(), ExtractError> {
        fs::rename(&self.path, finished).map_err(ExtractError::unwritable(finished))
    }
}

impl Drop for Making {
    fn drop(&mut self) {
        // After the renaming there is nothing of this name.
        let _ = fs::remove_dir_all(&self.path);
    }
}
