//! `vacatur link hash` and `vacatur link hashed`: linking without names.

use super::link::bytes_of;
use super::link_pairs::{failed, new_file};
use crate::args::{Harden, LinkHash, LinkHashed};
use crate::failure::Failure;
use crate::screen;
use std::collections::HashMap;
use std::path::Path;
use std::process::ExitCode;
use vacatur_linkage::clk::{Encoder, Field, Filter, Hardening, Key, Reading, Settings};
use vacatur_linkage::evaluate::{NOBODY, Truth, score, text};
use vacatur_linkage::model::FieldKind;
use vacatur_linkage::{Model, Pair};
use vacatur_pipeline::spreadsheet_cell;

/// The columns that are written beside those that are kept.
const FILTER: &str = "record_filter";
const TOKENS: [&str; 4] = ["birth_token", "name_token", "family_year_token", "given_day_token"];
/// More pairs of one token are too many to compare: the token says nothing.
const LARGEST_BLOCK: usize = 4_000_000;

/// What a record's filter is made of: fields of the model by kind, what they are hashed under, and how much they count.
/// Given and family name share a name, so that they can be found exchanged.
fn part(kind: FieldKind, name: &str) -> Option<(Field<'static>, u32)> {
    Some(match (kind, name) {
        (FieldKind::Given | FieldKind::Family, _) => (Field { name: "name", reading: Reading::Name }, 2),
        (FieldKind::Middle, _) => (Field { name: "middle", reading: Reading::Name }, 1),
        (FieldKind::Date, _) => (Field { name: "birth", reading: Reading::Date }, 2),
        (FieldKind::Code, "sex") => (Field { name: "sex", reading: Reading::Whole }, 1),
        _ => return None,
    })
}

/// Encodes a table.
pub(crate) fn hash(args: &LinkHash) -> Result<ExitCode, Failure> {
    guarded(&args.key_file)?;
    let key = Key::new(&bytes_of(&args.key_file)?).map_err(|error| failed(&args.key_file, &error))?;
    let hardening = match args.harden {
        Harden::None => Hardening::None,
        Harden::Balanced => Hardening::Balanced,
        Harden::Folded => Hardening::Folded,
    };
    let encoder = Encoder::new(key, Settings { hardening, ..Settings::default() }).map_err(Failure::said)?;
    let model = Model::people().map_err(Failure::said)?;
    let mut reader = csv::Reader::from_path(&args.file).map_err(|error| failed(&args.file, &error))?;
    let header = reader.headers().map_err(|error| failed(&args.file, &error))?.clone();
    let column = |name: &str| header.iter().position(|other| other.trim().eq_ignore_ascii_case(name));
    let wanted =
        |name: &str| column(name).ok_or_else(|| failed(&args.file, &format!("it has no column `{name}`")));
    let kept: Vec<(&str, usize)> = std::iter::once(&args.id)
        .chain(&args.keep)
        .map(|name| Ok((name.as_str(), wanted(name)?)))
        .collect::<Result<_, Failure>>()?;
    let mut parts: Vec<(Field<'_>, u32, usize)> = Vec::new();
    let mut by_kind: HashMap<&str, usize> = HashMap::new();
    for field in &model.fields {
        let place = field.columns.iter().chain([&field.name]).find_map(|name| column(name));
        if let (Some((part, weight)), Some(place)) = (part(field.kind, &field.name), place) {
            parts.push((part, weight, place));
            by_kind.insert(
                match field.kind {
                    FieldKind::Given => "given",
                    FieldKind::Family => "family",
                    FieldKind::Date => "birth",
                    _ => "other",
                },
                place,
            );
        }
    }
    for name in ["given", "family", "birth"] {
        if !by_kind.contains_key(name) {
            return Err(failed(
                &args.file,
                &format!(
                    "it has no column for the {name} name or date; the model names the columns that it knows: first, last, dob"
                ),
            ));
        }
    }
    let mut out = csv::Writer::from_writer(new_file(&args.out)?);
    let head = kept.iter().map(|(name, _)| *name).chain([FILTER]).chain(TOKENS);
    out.write_record(head).map_err(|error| failed(&args.out, &error))?;
    let mut rows = 0u64;
    for record in reader.records() {
        let record = record.map_err(|error| failed(&args.file, &error))?;
        let cell = |place: usize| record.get(place).unwrap_or_default().trim();
        let of = |name: &str| by_kind.get(name).map_or("", |place| cell(*place));
        let (given, family, birth) = (of("given"), of("family"), of("birth"));
        let digits: String = birth.chars().filter(char::is_ascii_digit).collect();
        let values: Vec<(Field<'_>, &str, u32)> =
            parts.iter().map(|(field, weight, place)| (*field, cell(*place), *weight)).collect();
        let both = |one: &str, other: &str| {
            if one.is_empty() || other.is_empty() { String::new() } else { format!("{one} {other}") }
        };
        let tokens = [
            encoder.token("birth", &digits, ""),
            encoder.token("names", &both(family, given), ""),
            encoder.token("family and year", &both(family, digits.get(..4).unwrap_or_default()), ""),
            encoder.token("given and day", &both(given, digits.get(4..).unwrap_or_default()), ""),
        ];
        let cells = kept
            .iter()
            .map(|(_, place)| spreadsheet_cell(cell(*place)).into_owned())
            .chain([encoder.record(&values, "").hex()])
            .chain(tokens);
        out.write_record(cells.collect::<Vec<_>>()).map_err(|error| failed(&args.out, &error))?;
        rows += 1;
    }
    out.flush().map_err(|error| failed(&args.out, &error))?;
    screen::print(&format!(
        "{rows} rows encoded to {}. They are pseudonyms and not anonymous: keep them as you keep the names.\n",
        args.out.display()
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// A key that others can read is no secret.
fn guarded(path: &Path) -> Result<(), Failure> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let about = std::fs::metadata(path).map_err(|error| failed(path, &error))?;
        if about.permissions().mode() & 0o077 != 0 {
            return Err(failed(path, &"others may read the key; `chmod 600` it first"));
        }
    }
    let _ = path;
    Ok(())
}

/// An encoded table.
struct Encoded {
    names: Vec<String>,
    truth: Vec<u32>,
    filters: Vec<Filter>,
    tokens: Vec<[u64; 4]>,
}

/// Links two encoded tables.
pub(crate) fn hashed(args: &LinkHashed) -> Result<ExitCode, Failure> {
    let mut known: HashMap<String, u32> = HashMap::new();
    let tables = args
        .files
        .iter()
        .map(|path| encoded(path, args.truth.as_deref(), &mut known))
        .collect::<Result<Vec<_>, _>>()?;
    let [left, right] = &tables[..] else { return Err(Failure::said("name two tables")) };
    let mut pairs: Vec<Pair> = Vec::new();
    let mut left_out = 0u64;
    for rule in 0..TOKENS.len() {
        let mut of: HashMap<u64, (Vec<u32>, Vec<u32>)> = HashMap::new();
        for (at, tokens) in left.tokens.iter().enumerate().filter(|(_, tokens)| tokens[rule] != 0) {
            of.entry(tokens[rule]).or_default().0.push(at as u32);
        }
        for (at, tokens) in right.tokens.iter().enumerate().filter(|(_, tokens)| tokens[rule] != 0) {
            if let Some(block) = of.get_mut(&tokens[rule]) {
                block.1.push(at as u32);
            }
        }
        for (ours, theirs) in of.into_values().filter(|(_, theirs)| !theirs.is_empty()) {
            if ours.len().saturating_mul(theirs.len()) > LARGEST_BLOCK {
                left_out += 1;
                continue;
            }
            for &one in &ours {
                for &other in &theirs {
                    let same = |earlier: usize| {
                        let (ours, theirs) = (left.tokens[one as usize], right.tokens[other as usize]);
                        ours[earlier] != 0 && ours[earlier] == theirs[earlier]
                    };
                    // A pair is compared by the first token that it shares.
                    if (0..rule).any(same) {
                        continue;
                    }
                    let dice = left.filters[one as usize].dice(&right.filters[other as usize]);
                    if let Some(dice) = dice.filter(|dice| f64::from(*dice) >= args.at) {
                        pairs.push(Pair { left: one, right: other, weight: dice, rule: rule as u8 });
                    }
                }
            }
        }
    }
    // The likeliest first; who is taken is taken.
    pairs.sort_by(|one, two| {
        two.weight.total_cmp(&one.weight).then((one.right, one.left).cmp(&(two.right, two.left)))
    });
    let (mut ours, mut theirs) = (vec![false; left.names.len()], vec![false; right.names.len()]);
    let mut links: Vec<Pair> = Vec::new();
    for pair in pairs {
        let (one, other) = (pair.left as usize, pair.right as usize);
        if !ours[one] && !theirs[other] {
            (ours[one], theirs[other]) = (true, true);
            links.push(pair);
        }
    }
    links.sort_by_key(|pair| (pair.right, pair.left));
    let mut out = csv::Writer::from_writer(new_file(&args.out)?);
    out.write_record(["left", "right", "dice"]).map_err(|error| failed(&args.out, &error))?;
    for link in &links {
        let name = |table: &Encoded, at: u32| {
            table.names.get(at as usize).map_or_else(String::new, |name| spreadsheet_cell(name).into_owned())
        };
        let cells = [name(left, link.left), name(right, link.right), format!("{:.4}", link.weight)];
        out.write_record(cells).map_err(|error| failed(&args.out, &error))?;
    }
    out.flush().map_err(|error| failed(&args.out, &error))?;
    let mut said = format!("{} links at {} and above\n", links.len(), args.at);
    if left_out > 0 {
        said += &format!("{left_out} tokens were left out: too many records share each of them\n");
    }
    if args.truth.is_some() {
        let truth = Truth::Two { left: &left.truth, right: &right.truth };
        said += &text("links", &[("one to one", score(links.iter().copied(), truth))]);
    }
    screen::print(&said)?;
    Ok(ExitCode::SUCCESS)
}

fn encoded(path: &Path, truth: Option<&str>, known: &mut HashMap<String, u32>) -> Result<Encoded, Failure> {
    let mut reader = csv::Reader::from_path(path).map_err(|error| failed(path, &error))?;
    let header = reader.headers().map_err(|error| failed(path, &error))?.clone();
    let place = |name: &str| {
        header.iter().position(|column| column == name).ok_or_else(|| {
            failed(path, &format!("it has no column `{name}`: is it a table that `vacatur link hash` wrote?"))
        })
    };
    let filter = place(FILTER)?;
    let tokens = TOKENS.map(place);
    let truth = truth.map(place).transpose()?;
    let mut table = Encoded { names: Vec::new(), truth: Vec::new(), filters: Vec::new(), tokens: Vec::new() };
    let mut bits = 0;
    for record in reader.records() {
        let record = record.map_err(|error| failed(path, &error))?;
        let line = record.position().map_or(0, csv::Position::line);
        let cell = |place: usize| record.get(place).unwrap_or_default();
        if bits == 0 {
            bits = cell(filter).len() * 4;
        }
        let read = Filter::from_hex(cell(filter), bits)
            .map_err(|error| failed(path, &format!("line {line}: {error}")))?;
        let mut own = [0u64; 4];
        for (slot, place) in own.iter_mut().zip(&tokens) {
            let place = place.as_ref().map_err(|_| failed(path, &"a token column is missing"))?;
            if !cell(*place).is_empty() {
                *slot = u64::from_str_radix(cell(*place), 16).map_err(|_| {
                    failed(path, &format!("line {line}: a token is not sixteen hexadecimal digits"))
                })?;
            }
        }
        table.names.push(cell(0).to_owned());
        table.truth.push(truth.map_or(NOBODY, |place| {
            let next = known.len() as u32;
            *known.entry(cell(place).to_owned()).or_insert(next)
        }));
        table.filters.push(read);
        table.tokens.push(own);
    }
    Ok(table)
}
