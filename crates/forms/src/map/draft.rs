//! A first draft of a map, from the names of a blank's fields.

use super::check::as_known;
use crate::blank::Blank;
use crate::field::{Field, Kind};

/// What the names and tooltips of fields often hold, and the fact it may be. The first that fits.
const GUESSES: &[(&[&str], &str)] = &[
    (&["barno", "bar no", "bar number", "sbn", "ca sb"], "attorney.bar-number"),
    (&["firm"], "attorney.firm"),
    (&["fax"], "attorney.fax"),
    (&["mail address", "email", "e mail", "e-mail"], "attorney.email"),
    (&["phone", "telno", "telephone"], "attorney.phone"),
    (&["attyfor", "attorneyfor", "attorney for"], "attorney.for"),
    (&["street"], "attorney.street"),
    (&["zip"], "attorney.zip"),
    (&["attycity", "city"], "attorney.city"),
    (&["attystate", "state"], "attorney.state"),
    (&["attyname", "nameofperson"], "attorney.name"),
    (&["case number", "casenumber", "caseno", "case_number", "case no"], "case.number"),
    (&["scn"], "case.scn"),
    (&["mcn"], "case.mcn"),
    (&["dob", "birth"], "defendant.birth-date"),
    (&["defendant"], "defendant.name"),
    (&["county"], "court.county"),
    (&["11357"], "section.hs-11357"),
    (&["11358"], "section.hs-11358"),
    (&["11359"], "section.hs-11359"),
    (&["11360"], "section.hs-11360"),
    (&["11362"], "section.hs-11362.1"),
];

/// What marks a field that only a person may fill.
pub(crate) const ATTESTS: &[&str] = &[
    "signature",
    "sign here",
    "signed",
    "perjury",
    "declare",
    "sworn",
    "swear",
    "certif",
    "executed",
    "dated",
    "waive",
    "verif",
    "judge",
    "judicial officer",
    "finds",
    "grants",
    "under penalty",
];

/// Whether a field's name or tooltip is of an oath, a signature, a waiver or an order.
pub(crate) fn looks_attesting(field: &Field) -> bool {
    let words = format!("{} {}", field.name, field.tooltip.as_deref().unwrap_or("")).to_lowercase();
    field.kind == Kind::Signature || ATTESTS.iter().any(|word| words.contains(word))
}

/// A draft of a map for a blank: every field, with the fact that its name suggests. All of it has to be read by somebody
/// who has the form before them.
#[must_use]
pub fn draft(blank: &Blank) -> String {
    let mut out = String::from(
        "# A draft from the names of the fields. GUESS: the fact is guessed. Check every line against the form.\n\
         form = \"FORM\"\ntitle = \"TITLE\"\nrevision = \"undated\"\nwhose = \"WHO SIGNS IT\"\nsource = \"WHERE THE BLANK IS FROM\"\nstatus = \"unconfirmed\"\n",
    );
    let (mut attests, mut leave) = (Vec::new(), Vec::new());
    for field in blank.fields() {
        if field.kind == Kind::Button {
            continue;
        }
        if looks_attesting(field) {
            attests.push(&field.name);
            continue;
        }
        let words = format!("{} {}", field.name, field.tooltip.as_deref().unwrap_or("")).to_lowercase();
        let guess = GUESSES.iter().find(|(marks, fact)| {
            let is_flag = fact.starts_with("section.");
            is_flag == (field.kind != Kind::Text) && marks.iter().any(|mark| words.contains(mark))
        });
        match (guess, field.kind) {
            (Some((_, fact)), Kind::Text) => {
                out.push_str(&format!(
                    "\n[[text]] # GUESS\nfield = {}\nfact = \"{fact}\"\n",
                    quoted(&field.name)
                ));
            }
            (Some((_, fact)), _) => {
                out.push_str(&format!(
                    "\n[[check]] # GUESS\nfield = {}\ntick-if = \"{fact}\"\n",
                    quoted(&field.name)
                ));
            }
            (None, _) => leave.push(&field.name),
        }
    }
    group(&mut out, "attests", "GUESS: by its words an oath, a signature, a waiver or an order", &attests);
    group(&mut out, "leave", "nothing known", &leave);
    out.push_str(&blank_part(blank));
    out
}

fn group(out: &mut String, name: &str, reason: &str, fields: &[&String]) {
    if fields.is_empty() {
        return;
    }
    out.push_str(&format!("\n[[{name}]]\nreason = \"{reason}\"\nfields = [\n"));
    fields.iter().for_each(|field| out.push_str(&format!("    {},\n", quoted(field))));
    out.push_str("]\n");
}

/// The part of a map that says how the blank was, by which a new revision is compared.
#[must_use]
pub(crate) fn blank_part(blank: &Blank) -> String {
    let mut out = format!("\n[blank]\nhash = \"{}\"\nfields = [\n", blank.field_hash());
    for field in blank.fields() {
        let known = as_known(field);
        let places: Vec<String> =
            known.at.iter().map(|[a, b, c, d, e]| format!("[{a}, {b}, {c}, {d}, {e}]")).collect();
        out.push_str(&format!(
            "    {{ name = {}, kind = \"{}\", at = [{}]",
            quoted(&known.name),
            known.kind.name(),
            places.join(", ")
        ));
        if !known.states.is_empty() {
            let states: Vec<String> = known.states.iter().map(|state| quoted(state)).collect();
            out.push_str(&format!(", states = [{}]", states.join(", ")));
        }
        out.push_str(" },\n");
    }
    out.push_str("]\n");
    out
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
