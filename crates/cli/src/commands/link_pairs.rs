//! `vacatur link pairs`: two plain tables, or one with itself.

use super::link::model_of;
use crate::args::LinkPairs;
use crate::failure::Failure;
use crate::screen;
use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::process::ExitCode;
use vacatur_linkage::assign::{Mode, Thresholds, assign};
use vacatur_linkage::calibrate::bits;
use vacatur_linkage::cluster::{Constraints, Joining, Settings, cluster};
use vacatur_linkage::evaluate::{Truth, clusters, score, text};
use vacatur_linkage::{Model, Pair, Scorer, SidesBuilder, TrainOptions, Trained, blocking_counts, train};
use vacatur_pipeline::spreadsheet_cell;

/// What a pair counts that was not found, when all pairs of two groups are asked whether they agree.
const NOT_FOUND: f32 = -6.0;
/// A best pair that is ahead of the next by less than this is tied.
const MARGIN: f32 = 0.0;

/// A table's rows: what they are called and who they truly are.
#[derive(Default)]
struct Read {
    names: Vec<String>,
    truth: Vec<u32>,
}

pub(crate) fn run(args: &LinkPairs) -> Result<ExitCode, Failure> {
    let model = match &args.model {
        Some(path) => model_of(path)?,
        None => Model::people().map_err(Failure::said)?,
    };
    let threads = args.threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, Into::into));
    let mut builder = SidesBuilder::new(&model);
    let mut known = std::collections::HashMap::new();
    let mut tables = Vec::new();
    for (number, path) in args.files.iter().enumerate() {
        tables.push(read(path, number == 1, &model, args.truth.as_deref(), &mut builder, &mut known)?);
    }
    if tables.len() == 2 {
        builder.two_sides();
    }
    let sides = builder.finish();
    let counts = blocking_counts(&sides, &model).map_err(Failure::said)?;
    let mut said = format!("pairs in all {}\n", counts.all);
    for rule in &counts.rules {
        let _ = writeln!(
            said,
            "  {:<40} {:>12} pairs, the largest block {}",
            rule.rule, rule.pairs, rule.largest
        );
    }
    let trained: Trained = if model.is_trained() {
        sides.check(&model).map_err(Failure::said)?;
        Trained::new(model).map_err(Failure::said)?
    } else {
        let on: Vec<String> = args.files.iter().map(|path| path.display().to_string()).collect();
        let options = TrainOptions { threads, on: on.join(" and "), ..TrainOptions::default() };
        train(&sides, &model, &options).map_err(Failure::said)?
    };
    if let Some(training) = &trained.training {
        for session in &training.sessions {
            let _ = writeln!(
                said,
                "learned from '{}': {} pairs, {:.0} of them of one person, {} rounds",
                session.name, session.pairs, session.matches, session.rounds
            );
        }
    }
    if let Some(path) = &args.keep_model {
        let text = trained.write().map_err(Failure::said)?;
        new_file(path)?.write_all(text.as_bytes()).map_err(|error| failed(path, &error))?;
    }
    let floor = bits(args.at);
    let scorer = Scorer::new(&sides, &trained).map_err(Failure::said)?;
    let pairs = scorer.score(f64::from(floor), threads).map_err(Failure::said)?;
    let _ = writeln!(said, "pairs at {} and above: {}", args.at, pairs.len());
    let of_one = tables.len() == 1;
    let (left, right) = (&tables[0], tables.get(1).unwrap_or(&tables[0]));
    write_pairs(&args.out, &pairs, left, right)?;
    if args.truth.is_some() {
        let truth = if of_one {
            Truth::One(&left.truth)
        } else {
            Truth::Two { left: &left.truth, right: &right.truth }
        };
        said += &text(
            "links",
            &[(&format!("all pairs at {} and above", args.at), score(pairs.iter().copied(), truth))],
        );
        if of_one {
            let found = cluster(
                &pairs,
                left.names.len(),
                Settings {
                    join: floor,
                    joining: Joining::Agreeing { missing: NOT_FOUND },
                    bridge: floor,
                    margin: MARGIN,
                },
                Constraints::default(),
            )
            .map_err(Failure::said)?;
            said += &text("clusters", &[("pairs in clusters", clusters(&found.of, &left.truth).pairs)]);
        } else {
            let thresholds = Thresholds { link: floor, clerical: floor, margin: MARGIN };
            let found = assign(&pairs, left.names.len(), right.names.len(), thresholds, Mode::OneToOne)
                .map_err(Failure::said)?;
            said += &text("links", &[("one to one", score(found.links(), truth))]);
        }
    }
    screen::print(&said)?;
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn failed(path: &Path, error: &dyn std::fmt::Display) -> Failure {
    Failure::said(format_args!("{}: {error}", path.display()))
}

pub(crate) fn new_file(path: &Path) -> Result<BufWriter<std::fs::File>, Failure> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    Ok(BufWriter::new(options.open(path).map_err(|error| failed(path, &error))?))
}

/// Reads a table into one side.
fn read(
    path: &Path,
    right: bool,
    model: &Model,
    truth: Option<&str>,
    builder: &mut SidesBuilder,
    known: &mut std::collections::HashMap<String, u32>,
) -> Result<Read, Failure> {
    let mut reader = csv::ReaderBuilder::new().from_path(path).map_err(|error| failed(path, &error))?;
    let header = reader.byte_headers().map_err(|error| failed(path, &error))?.clone();
    let named = |name: &str| {
        header.iter().position(|column| {
            String::from_utf8_lossy(column).trim().trim_start_matches('\u{feff}').eq_ignore_ascii_case(name)
        })
    };
    let columns: Vec<Option<usize>> = model
        .fields
        .iter()
        .map(|field| field.columns.iter().chain([&field.name]).find_map(|name| named(name)))
        .collect();
    if columns.iter().all(Option::is_none) {
        let wanted: Vec<&str> =
            model.fields.iter().flat_map(|field| field.columns.first()).map(String::as_str).collect();
        return Err(failed(
            path,
            &format!(
                "no column of its header is one that the model '{}' knows: {}",
                model.model,
                wanted.join(", ")
            ),
        ));
    }
    let truth = truth
        .map(|name| named(name).ok_or_else(|| failed(path, &format!("it has no column `{name}`"))))
        .transpose()?;
    let id = ["rid", "id", "record_id", "unique_id"].iter().find_map(|name| named(name));
    let mut table = Read::default();
    let mut record = csv::ByteRecord::new();
    let mut texts: Vec<String> = Vec::new();
    loop {
        match reader.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => return Err(failed(path, &error)),
        }
        let text =
            |column: usize| String::from_utf8_lossy(record.get(column).unwrap_or_default()).into_owned();
        texts.clear();
        texts.extend(columns.iter().map(|column| column.map_or_else(String::new, text)));
        let cells: Vec<&str> = texts.iter().map(String::as_str).collect();
        if right { builder.right(&cells) } else { builder.left(&cells) }
            .map_err(|error| failed(path, &error))?;
        let line = record.position().map_or(0, csv::Position::line);
        table.names.push(id.map_or_else(|| line.to_string(), text));
        if let Some(column) = truth {
            let next = known.len() as u32;
            table.truth.push(*known.entry(text(column)).or_insert(next));
        }
    }
    Ok(table)
}

fn write_pairs(path: &Path, pairs: &[Pair], left: &Read, right: &Read) -> Result<(), Failure> {
    let mut out = csv::Writer::from_writer(new_file(path)?);
    let name = |table: &Read, record: u32| {
        let name = table.names.get(record as usize).map_or("", String::as_str);
        spreadsheet_cell(name).into_owned()
    };
    out.write_record(["left", "right", "weight", "probability"]).map_err(|error| failed(path, &error))?;
    for pair in pairs {
        let cells = [
            name(left, pair.left),
            name(right, pair.right),
            format!("{:.3}", pair.weight),
            format!("{:.6}", pair.probability()),
        ];
        out.write_record(&cells).map_err(|error| failed(path, &error))?;
    }
    out.flush().map_err(|error| failed(path, &error))
}
