//! `vacatur packet`.

use crate::args::Packet;
use crate::failure::Failure;
use crate::progress::Bar;
use crate::screen;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use vacatur_eligibility::shelf;
use vacatur_forms::{Blank, FieldMap};
use vacatur_ingest::doj::Words;
use vacatur_ingest::layout::Layout;
use vacatur_packet::{Account, Cases, Courts, Form, Job, Office, Single, grouped, many, packet};
use vacatur_papers::{Papers, template_names};
use vacatur_statutes::{Statutes, code_titles};

/// The form that is filled if none is named: the petition of Health and Safety Code, section 11361.8.
const FORM: &str = "CR-400";

/// A blank larger than this is no form.
const LARGEST: u64 = 64 << 20;

pub(crate) fn run(args: &Packet) -> Result<ExitCode, Failure> {
    let office = match &args.office {
        Some(path) => Office::parse(&text_of(path)?).map_err(|what| in_file(path, what))?,
        None => Office::default(),
    };
    let courts = match &args.courts {
        Some(folder) => Courts::with(&profiles(folder)?)?,
        None => Courts::with(&[])?,
    };
    let own = match &args.templates {
        Some(folder) => templates(folder)?,
        None => BTreeMap::new(),
    };
    let papers = Papers::new(Some(&|name| own.get(name).cloned()))?;
    let profiles_used = format!("{courts:?}");
    let mut settings =
        format!("{own:?}{profiles_used}{:?}{}{}{:?}", args.form, args.flatten, args.each_case, args.case);
    let blanks = match &args.forms {
        Some(folder) => blanks(folder, &args.form)?,
        None => Vec::new(),
    };
    for (_, blank, map) in &blanks {
        let _ = write!(settings, "{} {} {}", blank.field_hash(), map.form(), map.revision());
    }
    let forms = blanks
        .iter()
        .map(|(path, blank, map)| Form::new(blank, map).map_err(|error| in_file(path, error)))
        .collect::<Result<Vec<_>, _>>()?;
    let cases = match (&args.case, args.each_case) {
        (Some(number), _) => Cases::Number(number.clone()),
        (None, true) => Cases::All,
        (None, false) => Cases::None,
    };
    let bar = Bar::new(args.quiet);
    let account = make(
        &Asked {
            run: &args.run,
            out: &args.out,
            inputs: args.inputs.as_deref(),
            threads: args.threads,
            resume: args.resume,
            zip: args.zip,
            dated: args.dated.clone(),
            filed_before: &args.already_filed,
            settings,
        },
        (&office, &courts, &papers),
        Single { cases, forms, flatten: args.flatten },
        &bar,
    )?;
    drop(bar);
    screen::print(&summary(&account, &args.out))?;
    let made: u64 = account.groups.iter().map(|group| group.case_papers).sum();
    if args.case.is_some() && args.forms.is_none() && made == 0 {
        screen::complain(b"note: no case that is asked for has the number that --case gives\n");
    }
    let over = args.max_fix.is_some_and(|most| account.totals.to_fix > most);
    Ok(if over { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// What is asked of a packet, from the command line or from the demo.
pub(crate) struct Asked<'a> {
    pub(crate) run: &'a Path,
    pub(crate) out: &'a Path,
    pub(crate) inputs: Option<&'a Path>,
    pub(crate) threads: Option<usize>,
    pub(crate) resume: bool,
    pub(crate) zip: bool,
    pub(crate) dated: Option<String>,
    pub(crate) filed_before: &'a [PathBuf],
    pub(crate) settings: String,
}

pub(crate) fn make(
    asked: &Asked<'_>,
    (office, courts, papers): (&Office, &Courts, &Papers),
    single: Single<'_>,
    bar: &Bar,
) -> Result<Account, Failure> {
    let layout = Layout::us_ca_doj();
    let words = Words::us_ca_doj()?;
    let codes = code_titles()?;
    let threads = asked.threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, Into::into));
    let job = Job {
        run: asked.run,
        out: asked.out,
        inputs: asked.inputs,
        layout: &layout,
        words: &words,
        statutes: Statutes::us_ca()?,
        counties: shelf::counties().map(str::to_owned).collect(),
        codes: &codes,
        courts,
        office,
        papers,
        filed_before: asked.filed_before,
        single,
        dated: asked.dated.clone(),
        threads,
        resume: asked.resume,
        zip: asked.zip,
        settings: asked.settings.clone(),
    };
    Ok(packet(job, bar)?)
}

/// What was made, for the screen.
pub(crate) fn summary(account: &Account, out: &Path) -> String {
    let mut text = String::new();
    let totals = &account.totals;
    let _ = writeln!(text, "Convictions to which the run gives relief");
    for (label, number) in [
        ("in motions", totals.asked),
        ("challenged by the prosecution", totals.challenged),
        ("to be fixed first", totals.to_fix),
        ("filed by an earlier packet", totals.already_filed),
        ("not authorized", totals.not_authorized),
        ("in all", totals.granted),
    ] {
        let _ = writeln!(text, "  {label:<32} {:>10}", grouped(number));
    }
    if !account.problems.is_empty() {
        let _ = writeln!(text, "\nTo be fixed ({}/fix-list.csv says how)", out.display());
        for (problem, number) in &account.problems {
            let _ = writeln!(text, "  {problem:<32} {:>10}", grouped(*number));
        }
    }
    for group in &account.groups {
        let _ = writeln!(
            text,
            "\n{}\n  {}, {}: {} of {} in {}, {}",
            group.court,
            group.prosecutor,
            group.part,
            many(group.convictions, "conviction", "convictions"),
            many(group.people, "person", "people"),
            many(group.cases, "case", "cases"),
            many(group.volumes, "exhibit volume", "exhibit volumes")
        );
        if group.mixed_cases > 0 {
            let _ = writeln!(
                text,
                "  in {} of the cases a conviction stays that does not qualify: cases.csv flags it",
                grouped(group.mixed_cases)
            );
        }
        let _ = writeln!(text, "  {}/{}", out.display(), group.folder);
    }
    if account.single_case_notes > 0 {
        let _ = writeln!(
            text,
            "\n{} remarks on forms: {}/form-notes.csv",
            grouped(account.single_case_notes),
            out.display()
        );
    }
    let _ = writeln!(text, "\nOpen {}/index.html", out.display());
    text
}

fn in_file(path: &Path, what: impl std::fmt::Display) -> Failure {
    Failure::said(format_args!("{}: {what}", path.display()))
}

fn text_of(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| in_file(path, error))
}

/// The files of a folder with this ending, by name.
fn files(folder: &Path, ending: &str) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|error| in_file(folder, error))? {
        let path = entry.map_err(|error| in_file(folder, error))?.path();
        if path.extension().is_some_and(|own| own.eq_ignore_ascii_case(ending)) {
            files.push(path);
        }
    }
    files.sort();
    if files.is_empty() {
        return Err(in_file(folder, format_args!("there is no .{ending} file in this folder")));
    }
    Ok(files)
}

fn profiles(folder: &Path) -> Result<Vec<(String, String)>, Failure> {
    files(folder, "toml")?.iter().map(|path| Ok((path.display().to_string(), text_of(path)?))).collect()
}

/// The office's own texts and layouts by name. A file that replaces nothing is a mistake in its name.
fn templates(folder: &Path) -> Result<BTreeMap<String, String>, Failure> {
    let mut own = BTreeMap::new();
    for name in template_names() {
        let path = folder.join(name);
        match std::fs::read_to_string(&path) {
            Ok(text) => {
                own.insert(name.to_owned(), text);
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(in_file(&path, error)),
        }
    }
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(&next).map_err(|error| in_file(&next, error))? {
            let path = entry.map_err(|error| in_file(&next, error))?.path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let known = template_names().any(|name| folder.join(name) == path);
            if !known && path.extension().is_some_and(|own| own == "md" || own == "typ") {
                let names: Vec<String> = template_names().map(|name| format!("  {name}")).collect();
                let what = format!(
                    "this file replaces no text or layout. Their names in the folder are\n{}",
                    names.join("\n")
                );
                return Err(in_file(&path, what));
            }
        }
    }
    if own.is_empty() {
        let names: Vec<String> = template_names().map(|name| format!("  {name}")).collect();
        let what =
            format!("this folder replaces no text or layout. Their names in it are\n{}", names.join("\n"));
        return Err(in_file(folder, what));
    }
    Ok(own)
}

/// The blanks of the forms that are asked for, each with its map.
fn blanks(folder: &Path, wanted: &[String]) -> Result<Vec<(PathBuf, Blank, &'static FieldMap)>, Failure> {
    let default = [FORM.to_owned()];
    let wanted = if wanted.is_empty() { &default } else { wanted };
    let mut open = Vec::new();
    let mut unreadable = String::new();
    for path in files(folder, "pdf")? {
        let bytes =
            vacatur_ingest::source::read_whole(&path, LARGEST).map_err(|error| in_file(&path, error))?;
        match Blank::open(bytes) {
            Ok(blank) => open.push((path, blank)),
            Err(error) => {
                let _ = write!(unreadable, "\n  {}: {error}", path.display());
            }
        }
    }
    let mut found = Vec::new();
    for form in wanted {
        let map = FieldMap::of_form(form).ok_or_else(|| {
            let known: Vec<&str> = FieldMap::shipped().map(|shipped| shipped.map.form()).collect();
            Failure::said(format_args!(
                "there is no map for the form {form}; there is one for {}",
                known.join(", ")
            ))
        })?;
        // The very fields of the map first; else the blank of which most is left, so that what moved can be said.
        let at = open.iter().position(|(_, blank)| blank.field_hash() == map.field_hash()).or_else(|| {
            open.iter().position(|(path, _)| {
                path.file_stem().is_some_and(|stem| stem.to_string_lossy().eq_ignore_ascii_case(form))
            })
        });
        let Some(at) = at else {
            return Err(in_file(
                folder,
                format_args!(
                    "none of the PDF files is the blank of {form} (revision {}){unreadable}",
                    map.revision()
                ),
            ));
        };
        let (path, blank) = open.remove(at);
        found.push((path, blank, map));
    }
    Ok(found)
}
