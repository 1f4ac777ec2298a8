//! Sections as a court writes them, made into one text with its code. What a section is, is for others to say.

use std::collections::BTreeMap;

use super::values::squeezed;

/// How a layout's sections are to be read.
#[derive(Clone, Debug, Default)]
pub(super) struct Sections {
    /// The code of a section without one.
    pub(super) default_code: String,
    /// Codes as written, to code letters.
    pub(super) codes: BTreeMap<String, String>,
    /// Whole texts as written, to a section.
    pub(super) whole: BTreeMap<String, String>,
    /// Sections of which a letter right behind the number is a subdivision: `HS 11357`.
    pub(super) subdivided: Vec<String>,
}

/// A section with its code, and whether the code is one that the layout does not list.
pub(super) struct ReadSection<'a> {
    pub(super) text: String,
    pub(super) unlisted: Option<&'a str>,
}

impl Sections {
    /// The code before a number, if the layout lists it, and what follows.
    fn with_code<'t>(&self, section: &'t str) -> (&'t str, &'t str) {
        let at = section.find(|c: char| c.is_ascii_digit()).unwrap_or(0);
        match section.split_at_checked(at) {
            Some((code, number)) if self.codes.contains_key(&squeezed(code)) => (code.trim(), number),
            _ => ("", section),
        }
    }

    /// Both texts are trimmed; either may be empty.
    pub(super) fn read<'a>(&self, code: &'a str, section: &'a str) -> ReadSection<'a> {
        if section.is_empty() {
            return ReadSection { text: String::new(), unlisted: None };
        }
        let squeezed_section = squeezed(section);
        let whole = [format!("{} {squeezed_section}", squeezed(code)), squeezed_section.clone()];
        if let Some(found) = whole.iter().find_map(|text| self.whole.get(text.trim())) {
            return ReadSection { text: found.clone(), unlisted: None };
        }
        // A code before the number says more than one in a column of its own: that is of the charge, and this may have
        // been amended.
        let (own, number) = self.with_code(section);
        let (section, code) = if own.is_empty() { (section, code) } else { (number, own) };
        let (letters, unlisted) = if code.is_empty() {
            if section.starts_with(|c: char| c.is_ascii_digit()) && !ends_with_code(section, &self.codes) {
                (self.default_code.clone(), None)
            } else {
                (String::new(), None)
            }
        } else {
            match self.codes.get(&squeezed(code)) {
                Some(letters) => (letters.clone(), None),
                None => (code.to_owned(), Some(code)),
            }
        };
        let text = self.with_brackets(&letters, section);
        let text = if letters.is_empty() { text } else { format!("{letters} {text}") };
        ReadSection { text, unlisted }
    }

    /// `11357A` and `11357(A)` as `11357(a)`, where the layout says that the letter is a subdivision.
    fn with_brackets(&self, code: &str, section: &str) -> String {
        let digits = section.bytes().take_while(|b| b.is_ascii_digit() || *b == b'.').count();
        let (number, rest) = section.split_at_checked(digits).unwrap_or((section, ""));
        let known = self.subdivided.iter().any(|s| s.split_once(' ') == Some((code, number)));
        if !known {
            return section.to_owned();
        }
        let rest = rest.trim();
        let inner = rest.strip_prefix('(').map_or(rest, |inner| inner);
        let mut out = number.to_owned();
        // Letters and figures one after another, in brackets or not: A, (A), A1, (A)(1).
        let mut parts: Vec<String> = Vec::new();
        for c in inner.chars().filter(|c| !matches!(c, '(' | ')' | ' ' | '.')) {
            let kind = |c: char| c.is_ascii_digit();
            match parts.last_mut() {
                Some(part) if c.is_ascii_digit() && part.chars().all(kind) => part.push(c),
                _ if c.is_ascii_alphanumeric() => parts.push(c.to_ascii_lowercase().to_string()),
                // Words or signs: no subdivision, and kept as it is.
                _ => return section.to_owned(),
            }
        }
        if parts.len() > 3 || parts.windows(2).any(both_letters) {
            return section.to_owned();
        }
        for part in parts {
            out += &format!("({part})");
        }
        out
    }
}

fn both_letters(pair: &[String]) -> bool {
    pair.iter().all(|part| part.chars().all(|c| c.is_ascii_alphabetic()))
}

/// Whether a code stands behind the section: `11357(a) HS`.
fn ends_with_code(section: &str, codes: &BTreeMap<String, String>) -> bool {
    let letters: String = section
        .chars()
        .rev()
        .take_while(|c| c.is_ascii_alphabetic() || matches!(c, '&' | ' '))
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect();
    let bare = squeezed(&letters);
    bare.len() >= 2 && (codes.contains_key(&bare) || codes.values().any(|code| *code == bare))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_text_with_its_code() {
        let map =
            |pairs: &[(&str, &str)]| pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        let sections = Sections {
            default_code: "PC".to_owned(),
            codes: map(&[("HS", "HS"), ("H&S", "HS"), ("PC", "PC")]),
            whole: map(&[("11357X", "HS 11357(a)"), ("HS 999", "HS 11360(a)")]),
            subdivided: vec!["HS 11357".to_owned()],
        };
        for (code, section, expected) in [
            ("HS", "11357(A)", "HS 11357(a)"),
            ("H&S", "11357A", "HS 11357(a)"),
            ("h & s", "11357 a", "HS 11357(a)"),
            ("HS", "11357(A)(1)", "HS 11357(a)(1)"),
            ("HS", "11357A1", "HS 11357(a)(1)"),
            ("HS", "11357", "HS 11357"),
            ("HS", "11357.5(A)", "HS 11357.5(A)"),
            ("HS", "11357 ATTEMPTED", "HS 11357 ATTEMPTED"),
            ("HS", "11359", "HS 11359"),
            ("PC", "273A", "PC 273A"),
            ("PC", "664/11357A", "PC 664/11357A"),
            ("", "187", "PC 187"),
            ("", "11357(a) HS", "11357(a) HS"),
            ("", "11357X", "HS 11357(a)"),
            ("HS", "999", "HS 11360(a)"),
            ("", "HS 11357A", "HS 11357(a)"),
            ("PC", "H&S 11357(A)", "HS 11357(a)"),
            ("", "BP 4060", "BP 4060"),
            ("HS", "", ""),
        ] {
            let found = sections.read(code, section);
            assert_eq!(found.text, expected, "{code} {section}");
            assert!(found.unlisted.is_none(), "{code}");
        }
        let odd = sections.read("ZZ", "12");
        assert_eq!((odd.text.as_str(), odd.unlisted), ("ZZ 12", Some("ZZ")));
    }
}
