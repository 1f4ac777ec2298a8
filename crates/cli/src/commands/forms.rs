//! `vacatur forms`.

use crate::args::{Forms, FormsCommand};
use crate::failure::Failure;
use crate::screen;
use serde_json::json;
use std::borrow::Cow;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use vacatur_forms::{Blank, Facts, FieldMap, Filler, Flatten, Kind, Moved, Was, What, draft};
use vacatur_ingest::source::read_whole;
use vacatur_policy::nearest;

/// The most bytes of a form, of a map and of a file of facts that are read.
const LARGEST_FORM: u64 = 32 << 20;
const LARGEST_TEXT: u64 = 4 << 20;

pub(crate) fn run(args: &Forms) -> Result<ExitCode, Failure> {
    match &args.command {
        FormsCommand::List { json } => list(*json),
        FormsCommand::Inspect { file, draft, json } => inspect(file, *draft, *json),
        FormsCommand::Check { file, map } => check(file, map.as_deref()),
        FormsCommand::Fill { file, facts, map, out, flatten } => {
            fill(file, facts, map.as_deref(), out, if *flatten { Flatten::Yes } else { Flatten::No })
        }
    }
}

fn list(json: bool) -> Result<ExitCode, Failure> {
    let mut text = String::new();
    let mut all = Vec::new();
    for shipped in FieldMap::shipped() {
        let map = &shipped.map;
        if json {
            all.push(json!({
                "form": map.form(), "revision": map.revision(), "title": map.title(), "whose": map.whose(),
                "status": map.status().name(), "source": map.source(), "field_hash": map.field_hash(),
                "facts": map.facts(),
            }));
        } else {
            text.push_str(&format!(
                "{:<17} {:<11} {:<11} {}  {}\n",
                map.form(),
                map.revision(),
                map.status().name(),
                map.field_hash().get(..16).unwrap_or(""),
                map.title()
            ));
        }
    }
    if json {
        text = format!("{:#}\n", serde_json::Value::Array(all));
    } else {
        text.insert_str(
            0,
            &format!("{:<17} {:<11} {:<11} {:<16}  {}\n", "form", "revision", "status", "fields", "title"),
        );
    }
    screen::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn open(file: &Path) -> Result<Blank, Failure> {
    let bytes = read_whole(file, LARGEST_FORM)
        .map_err(|error| Failure::said(format_args!("{}: {error}", file.display())))?;
    Blank::open_flat(bytes).map_err(|error| Failure::said(format_args!("{}: {error}", file.display())))
}

fn read_text(path: &Path) -> Result<String, Failure> {
    let said = |error: &dyn std::fmt::Display| Failure::said(format_args!("{}: {error}", path.display()));
    let bytes = if path == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin()
            .lock()
            .take(LARGEST_TEXT + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| said(&error))?;
        if bytes.len() as u64 > LARGEST_TEXT {
            return Err(said(&"more than 4 MB"));
        }
        bytes
    } else {
        read_whole(path, LARGEST_TEXT).map_err(|error| said(&error))?
    };
    String::from_utf8(bytes).map_err(|_| said(&"this is not UTF-8 text"))
}

/// The map that was named, or the one that was made for these fields.
fn map_for(blank: &Blank, named: Option<&str>) -> Result<Cow<'static, FieldMap>, Failure> {
    let Some(named) = named else {
        let hash = blank.field_hash();
        return FieldMap::of_fields(&hash).map(Cow::Borrowed).ok_or_else(|| {
            Failure::said(
                "no map that comes with the program was made for the fields of this PDF; name one with --map (`vacatur forms list`), or draft one with `vacatur forms inspect FILE --draft`",
            )
        });
    };
    if let Some(map) = FieldMap::of_form(named) {
        return Ok(Cow::Borrowed(map));
    }
    let path = Path::new(named);
    if path.exists() {
        let text = read_text(path)?;
        return FieldMap::parse(&text).map(Cow::Owned).map_err(|errors| {
            let lines: Vec<String> =
                errors.0.iter().map(|error| format!("{named}:{}: {}", error.line, error.message)).collect();
            Failure::said(lines.join("\n"))
        });
    }
    let names = FieldMap::shipped().map(|shipped| shipped.map.form());
    let hint = nearest(&named.to_uppercase(), names).map_or_else(
        || "`vacatur forms list` shows the forms".to_owned(),
        |near| format!("did you mean `{near}`?"),
    );
    Err(Failure::said(format_args!("there is no map `{named}`, neither of that form nor as a file; {hint}")))
}

fn inspect(file: &Path, as_draft: bool, json: bool) -> Result<ExitCode, Failure> {
    let blank = open(file)?;
    let hash = blank.field_hash();
    let known = FieldMap::of_fields(&hash);
    if as_draft {
        screen::print(&draft(&blank))?;
        return Ok(ExitCode::SUCCESS);
    }
    if json {
        let fields: Vec<serde_json::Value> = blank
            .fields()
            .iter()
            .map(|field| {
                json!({
                    "name": field.name, "kind": field.kind.name(), "states": field.states(),
                    "places": field.widgets.iter().map(|widget| json!({"page": widget.page, "rect": widget.rect}))
                        .collect::<Vec<_>>(),
                    "max_len": field.max_len, "multiline": field.multiline, "tooltip": field.tooltip,
                })
            })
            .collect();
        let shown = json!({"pages": blank.pages(), "field_hash": hash, "fields": fields,
            "map": known.map(|map| json!({"form": map.form(), "revision": map.revision()}))});
        screen::print(&format!("{shown:#}\n"))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut text = format!(
        "{}: {} pages, {} fields, field hash {hash}\n{}\n\n",
        file.display(),
        blank.pages(),
        blank.fields().len(),
        known.map_or_else(
            || "no map that comes with the program was made for these fields".to_owned(),
            |map| format!("the map of {} of {} was made for these fields", map.form(), map.revision())
        )
    );
    if blank.fields().is_empty() {
        text.push_str(
            "The PDF has no fields. A map can print at places: `at = [page, left, bottom, right, top]`.\n",
        );
    }
    for field in blank.fields() {
        let [left, bottom, right, top] = field.rect();
        let mut more = Vec::new();
        if !field.states().is_empty() {
            more.push(format!("states {}", field.states().join(", ")));
        }
        if let Some(most) = field.max_len {
            more.push(format!("at most {most} letters"));
        }
        if field.multiline {
            more.push("several lines".to_owned());
        }
        if field.widgets.len() > 1 {
            more.push(format!("{} places", field.widgets.len()));
        }
        if let Some(tooltip) = &field.tooltip
            && *tooltip != field.name
        {
            more.push(format!("“{}”", one_line(tooltip, 60)));
        }
        text.push_str(&format!(
            "{:>3}  {:<9} {:>4.0} {:>4.0} {:>4.0} {:>4.0}  {}{}{}\n",
            field.page(),
            field.kind.name(),
            left,
            bottom,
            right,
            top,
            one_line(&field.name, 200),
            if more.is_empty() { "" } else { "   " },
            more.join("; ")
        ));
    }
    screen::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// A text of the file on one line: no control character of it reaches the terminal.
fn one_line(text: &str, most: usize) -> String {
    let mut out: String =
        text.chars().take(most).map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    if text.chars().count() > most {
        out.push('…');
    }
    out
}

fn check(file: &Path, named: Option<&str>) -> Result<ExitCode, Failure> {
    let blank = open(file)?;
    let map = map_for(&blank, named)?;
    let Moved { missing, new, changed, places, pages } = map.check(&blank);
    let mut text = String::new();
    for (field, filled) in &missing {
        let what = if *filled { "missing, and the map fills it" } else { "missing" };
        text.push_str(&format!("{what}: {}\n", one_line(field, 200)));
    }
    new.iter().for_each(|field| text.push_str(&format!("new: {}\n", one_line(field, 200))));
    for (what, all) in [("other", &changed), ("moved", &places)] {
        for Was { field, before, now } in all {
            text.push_str(&format!("{what}: {}: was {before}, is {now}\n", one_line(field, 200)));
        }
    }
    pages.iter().for_each(|page| text.push_str(&format!("missing, and the map prints there: page {page}\n")));
    let fits = text.is_empty();
    text.push_str(&format!(
        "{}: {} the map of {} of {}\n",
        file.display(),
        if fits { "fits" } else { "does not fit" },
        map.form(),
        map.revision()
    ));
    screen::print(&text)?;
    Ok(if fits { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn fill(
    file: &Path,
    facts: &Path,
    named: Option<&str>,
    out: &Path,
    flatten: Flatten,
) -> Result<ExitCode, Failure> {
    let blank = open(file)?;
    let map = map_for(&blank, named)?;
    let filler = Filler::new(&blank, &map).map_err(Failure::said)?;
    let given = Facts::from_json(&read_text(facts)?)
        .map_err(|error| Failure::said(format_args!("{}: {error}", facts.display())))?;
    let filled = filler
        .fill(&given, flatten)
        .map_err(|error| Failure::said(format_args!("{}: {error}", facts.display())))?;
    let names: Vec<PathBuf> = (0..filled.copies.len()).map(|copy| name_of(out, copy)).collect();
    write_all(&names, &filled.copies)?;
    let mut text = String::new();
    for (name, bytes) in names.iter().zip(&filled.copies) {
        text.push_str(&format!("{}: {} bytes\n", name.display(), bytes.len()));
    }
    for note in &filled.notes {
        let what = match note.what {
            What::Shrunk => "smaller letters than the form asks for",
            What::Overflowed => "did not fit, and stands in the addendum",
            What::NoLetter => "BLANK: a letter is in none of the fonts; fill it by hand",
        };
        let copy = if names.len() > 1 { format!("copy {}, ", note.copy) } else { String::new() };
        text.push_str(&format!("  {copy}{}: {what}\n", one_line(&note.field, 200)));
    }
    for field in filler.ticked_in_blank() {
        text.push_str(&format!("  {}: came ticked in the blank, and was unticked\n", one_line(field, 200)));
    }
    let known = map.facts();
    let unused: Vec<&str> = given.names().filter(|name| known.iter().all(|fact| fact != name)).collect();
    if !unused.is_empty() {
        text.push_str(&format!("  not used by this form: {}\n", unused.join(", ")));
    }
    let by_hand = blank.fields().iter().filter(|field| field.kind != Kind::Button);
    let by_hand = by_hand.filter(|field| map.attests().any(|(name, _)| name == field.name)).count();
    if by_hand > 0 {
        text.push_str(&format!(
            "  {by_hand} fields are left to a person: oaths, signatures and their dates, waivers, orders\n"
        ));
    }
    screen::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// The name of a copy, the first being 0.
fn name_of(out: &Path, copy: usize) -> PathBuf {
    if copy == 0 {
        return out.to_owned();
    }
    let mut name = out.file_stem().unwrap_or_default().to_os_string();
    name.push(format!("-{}", copy + 1));
    if let Some(extension) = out.extension() {
        name.push(".");
        name.push(extension);
    }
    out.with_file_name(name)
}

/// Writes all copies under other names first, and then renames them: nothing half-written stands under a final name, and
/// nothing that is there is overwritten.
fn write_all(names: &[PathBuf], copies: &[Vec<u8>]) -> Result<(), Failure> {
    for name in names {
        if name.symlink_metadata().is_ok() {
            return Err(Failure::said(format_args!(
                "{}: is there already, and no file is overwritten; name another --out",
                name.display()
            )));
        }
    }
    for (name, bytes) in names.iter().zip(copies) {
        let folder = match name.parent() {
            Some(folder) if folder != Path::new("") => folder,
            _ => Path::new("."),
        };
        let failed = |error: &std::io::Error| {
            Failure::said(format_args!("{}: cannot be written: {error}", name.display()))
        };
        let mut file = tempfile::Builder::new()
            .prefix(".vacatur-form-")
            .tempfile_in(folder)
            .map_err(|error| failed(&error))?;
        file.write_all(bytes).and_then(|()| file.as_file().sync_all()).map_err(|error| failed(&error))?;
        file.persist_noclobber(name).map_err(|error| failed(&error.error))?;
    }
    Ok(())
}
