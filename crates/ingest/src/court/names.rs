//! Names as courts write them, taken apart.

use vacatur_records::{PartyKind, PartyName};

/// In which order the parts of a name stand in one cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NameOrder {
    /// `LAST, FIRST MIDDLE SUFFIX`. Without a comma it is not known where the family name ends: the first word is it,
    /// with the particles before it.
    #[default]
    LastFirst,
    /// `FIRST MIDDLE LAST SUFFIX`. A name with a comma is read as `LAST, FIRST` all the same, unless a suffix stands
    /// behind the comma.
    FirstLast,
}

/// The words by which names are taken apart.
#[derive(Clone, Debug)]
pub(super) struct NameRules {
    pub(super) order: NameOrder,
    pub(super) particles: Vec<String>,
    pub(super) organizations: Vec<String>,
    pub(super) placeholders: Vec<String>,
    pub(super) aka: Vec<String>,
}

/// Generations: what is written, and the one form of it.
const SUFFIXES: [(&str, &str); 14] = [
    ("JR", "JR"),
    ("JUNIOR", "JR"),
    ("SR", "SR"),
    ("SENIOR", "SR"),
    ("II", "II"),
    ("2ND", "II"),
    ("III", "III"),
    ("3RD", "III"),
    ("IV", "IV"),
    ("4TH", "IV"),
    ("V", "V"),
    ("5TH", "V"),
    ("VI", "VI"),
    ("6TH", "VI"),
];

/// Particles that begin a family name.
const PARTICLES: [&str; 27] = [
    "DE", "DEL", "DE LA", "DE LAS", "DE LOS", "DE LE", "LA", "LE", "LAS", "LOS", "VAN", "VAN DE", "VAN DEN",
    "VAN DER", "VON", "VON DER", "DA", "DAS", "DI", "DO", "DOS", "DU", "SAN", "SANTA", "ST", "ST.", "MAC",
];

const ORGANIZATIONS: [&str; 24] = [
    "INC",
    "INCORPORATED",
    "LLC",
    "LLP",
    "LP",
    "LTD",
    "CORP",
    "CORPORATION",
    "CO",
    "COMPANY",
    "CHURCH",
    "FOUNDATION",
    "ASSOCIATION",
    "ASSN",
    "ASSOCIATES",
    "PARTNERSHIP",
    "ENTERPRISES",
    "COLLECTIVE",
    "COOPERATIVE",
    "DISPENSARY",
    "MINISTRIES",
    "VESSEL",
    "DBA",
    "TRUST",
];

const PLACEHOLDERS: [&str; 17] = [
    "DOE",
    "UNKNOWN",
    "UNK",
    "TRANSIENT",
    "UNIDENTIFIED",
    "UNNAMED",
    "REFUSED",
    "WITHHELD",
    "SEALED",
    "CONFIDENTIAL",
    "JOHN DOE",
    "JANE DOE",
    "NO NAME",
    "NAME UNKNOWN",
    "TO BE DETERMINED",
    "TBD",
    "N/A",
];

const AKA: [&str; 7] = ["AKA", "A/K/A", "A.K.A.", "AKA:", "ALSO KNOWN AS", "TN", "TRUE NAME"];

impl Default for NameRules {
    fn default() -> Self {
        let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        Self {
            order: NameOrder::LastFirst,
            particles: owned(&PARTICLES),
            organizations: owned(&ORGANIZATIONS),
            placeholders: owned(&PLACEHOLDERS),
            aka: owned(&AKA),
        }
    }
}

/// What a name cell says.
#[derive(Default)]
pub(super) struct ReadName {
    pub(super) kind: PartyKind,
    pub(super) name: PartyName,
    pub(super) also: Vec<PartyName>,
}

vacatur_records::silent_debug!(ReadName);

impl NameRules {
    /// A whole name in one cell, other names behind `AKA` among it.
    pub(super) fn read(&self, text: &str) -> ReadName {
        let text = clean(text);
        let mut parts = self.split_aka(&text).into_iter();
        let main = parts.next().unwrap_or_default();
        let mut found = self.one(&main);
        for part in parts {
            let other = self.one(&part);
            if other.kind == PartyKind::Person {
                let mut name = other.name;
                // `AKA OBIE` is another given name and no family name.
                if name.first.is_empty() && !part.contains(',') && !part.contains(' ') {
                    name.first = std::mem::replace(&mut name.last, found.name.last.clone());
                }
                push_new(&mut found.also, name, &found.name);
            }
        }
        found
    }

    /// A name whose parts stand in cells of their own.
    pub(super) fn parts(&self, last: &str, first: &str, middle: &str, suffix: &str) -> ReadName {
        let [last, first, middle, suffix] = [last, first, middle, suffix].map(clean);
        let whole = [&first, &last]
            .iter()
            .filter(|p| !p.is_empty())
            .map(|p| p.as_str())
            .collect::<Vec<_>>()
            .join(" ");
        let kind = self.kind(&whole, &last, &first);
        let mut found = ReadName { kind, ..ReadName::default() };
        if kind == PartyKind::Blank {
            return found;
        }
        if kind == PartyKind::Organization {
            found.name.last = whole;
            return found;
        }
        let mut also = self.split_aka(&last).into_iter();
        let mut words: Vec<String> = also.next().unwrap_or_default().split(' ').map(str::to_owned).collect();
        found.name.suffix = suffix_of(&suffix).map_or(suffix.trim_end_matches('.').to_owned(), str::to_owned);
        take_suffix(&mut words, &mut found.name.suffix, 1);
        found.name.last = words.join(" ").trim_end_matches(',').to_owned();
        let mut given: Vec<String> = [first, middle]
            .iter()
            .flat_map(|p| p.split(' ').map(str::to_owned))
            .filter(|w| !w.is_empty())
            .collect();
        let one_given = given.len() == 1;
        if !one_given {
            take_suffix(&mut given, &mut found.name.suffix, 1);
        }
        let mut given = given.into_iter();
        found.name.first = given.next().unwrap_or_default();
        found.name.middle = given.collect::<Vec<_>>().join(" ");
        for part in also {
            let other = self.one(&part);
            if other.kind == PartyKind::Person {
                push_new(&mut found.also, other.name, &found.name);
            }
        }
        found
    }

    fn one(&self, text: &str) -> ReadName {
        let mut found = ReadName::default();
        let text = text.trim_matches([',', ' ', ';']);
        let (before, behind) = text.split_once(',').map_or((text, ""), |(a, b)| (a.trim(), b.trim()));
        found.kind = self.kind(text, before, behind);
        match found.kind {
            PartyKind::Blank => return found,
            PartyKind::Organization => {
                found.name.last = text.to_owned();
                return found;
            }
            PartyKind::Person | PartyKind::Placeholder => {}
        }
        let mut words = |text: &str, keep: usize| -> Vec<String> {
            let mut words: Vec<String> =
                text.split([' ', ',']).filter(|w| !w.is_empty()).map(str::to_owned).collect();
            take_suffix(&mut words, &mut found.name.suffix, keep);
            words
        };
        let comma = !behind.is_empty();
        let (last, given) = if comma && suffix_of(behind).is_none() {
            (words(before, 1), words(behind, 1))
        } else {
            // No comma, or one before a suffix alone.
            let mut all = words(text, 1);
            let given = match self.order {
                NameOrder::LastFirst => {
                    let last = self.particle(&all) + 1;
                    if last < all.len() { all.split_off(last) } else { Vec::new() }
                }
                NameOrder::FirstLast if all.len() > 1 => {
                    let from = (1..all.len() - 1)
                        .find(|&at| self.particle(all.get(at..).unwrap_or_default()) > 0)
                        .unwrap_or(all.len() - 1);
                    let last = all.split_off(from);
                    std::mem::replace(&mut all, last)
                }
                NameOrder::FirstLast => Vec::new(),
            };
            (all, given)
        };
        let mut given = given.into_iter();
        found.name.last = last.join(" ");
        found.name.first = given.next().unwrap_or_default();
        found.name.middle = given.collect::<Vec<_>>().join(" ");
        found
    }

    /// How many words at the front are a particle of the family name that follows.
    fn particle(&self, words: &[String]) -> usize {
        (1..=2_usize.min(words.len().saturating_sub(1)))
            .rev()
            .find(|&count| {
                let begin = words.get(..count).unwrap_or_default().join(" ");
                self.particles.contains(&begin)
            })
            .unwrap_or(0)
    }

    fn kind(&self, whole: &str, last: &str, first: &str) -> PartyKind {
        if !whole.chars().any(char::is_alphanumeric) {
            return PartyKind::Blank;
        }
        let bare = |word: &str| word.trim_matches(['.', ',', ':', '&']).replace('.', "");
        let words: Vec<String> = whole.split([' ', ',']).map(bare).filter(|w| !w.is_empty()).collect();
        // `CHURCH, FRANK` and `CO, MINH` are people: a word of a company alone before the comma is a family name.
        let persons = !last.is_empty() && !first.is_empty() && !last.contains(' ');
        let company = |word: &String| self.organizations.contains(word);
        let surely =
            words.iter().any(|w| matches!(w.as_str(), "INC" | "LLC" | "LLP" | "DBA" | "INCORPORATED"));
        let behind_comma = suffix_of(first).is_none() && first.split(' ').map(bare).any(|w| company(&w));
        if words.len() > 1 && (surely || behind_comma || (!persons && words.iter().skip(1).any(company))) {
            return PartyKind::Organization;
        }
        let letters: Vec<&String> = words.iter().filter(|w| w.chars().any(char::is_alphabetic)).collect();
        if letters.is_empty() {
            return PartyKind::Placeholder;
        }
        let is = |text: &str| self.placeholders.iter().any(|p| p == text);
        let spaced = letters.iter().map(|w| w.as_str()).collect::<Vec<_>>().join(" ");
        let first_word = letters.first().map_or("", |w| w.as_str());
        let given: Vec<&str> = letters.iter().skip(1).map(|w| w.as_str()).collect();
        // `DOE, JOHN`, `DOE JANE 3`, `UNKNOWN, UNKNOWN`; but `SEALED` alone is the word and `SEALED, ANNA` a person.
        let nobody =
            |word: &str| is(word) || matches!(word, "JOHN" | "JANE" | "MALE" | "FEMALE" | "DEFENDANT");
        if is(&spaced)
            || (is(first_word) && given.iter().all(|word| nobody(word) || word.len() == 1))
            || (matches!(first_word, "JOHN" | "JANE") && given == ["DOE"])
        {
            return PartyKind::Placeholder;
        }
        PartyKind::Person
    }

    /// The name, and the other names behind it.
    fn split_aka(&self, text: &str) -> Vec<String> {
        let mut parts: Vec<String> = Vec::new();
        let mut current: Vec<&str> = Vec::new();
        let words: Vec<&str> = text.split(' ').collect();
        let mut at = 0;
        while let Some(word) = words.get(at) {
            let marker = (1..=3_usize).rev().find(|&count| {
                words.get(at..at + count).is_some_and(|words| {
                    let joined = words.join(" ");
                    let bare = joined.trim_matches(['(', ')', ';', ':', ',']);
                    self.aka.iter().any(|aka| aka.trim_end_matches(':') == bare)
                        // `TN` may be an initial or a family name: it needs its colon or bracket.
                        && (bare.len() > 2 || bare != joined)
                })
            });
            match marker {
                Some(count) if at > 0 => {
                    parts.push(std::mem::take(&mut current).join(" "));
                    at += count;
                }
                _ => {
                    current.push(word);
                    at += 1;
                }
            }
        }
        parts.push(current.join(" "));
        // Several behind one marker: `AKA A, B; C, D`.
        let mut parts = parts.into_iter();
        let main = parts.next().unwrap_or_default();
        std::iter::once(main)
            .chain(parts.flat_map(|p| p.split(';').map(|p| p.trim().to_owned()).collect::<Vec<_>>()))
            .map(|part| part.trim_matches(['(', ')', ' ', ';']).to_owned())
            .enumerate()
            .filter(|(at, part)| *at == 0 || !part.is_empty())
            .map(|(_, part)| part)
            .collect()
    }
}

/// Adds a name that is not there yet.
pub(super) fn push_new(to: &mut Vec<PartyName>, name: PartyName, than: &PartyName) {
    if name != *than && !to.contains(&name) && !(name.last.is_empty() && name.first.is_empty()) {
        to.push(name);
    }
}

/// In capitals, one blank between words, apostrophes of one kind.
fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_uppercase) {
        match c {
            '’' | '‘' | '`' | '´' => out.push('\''),
            '"' | '*' => {}
            c if c.is_whitespace() || c.is_control() => {
                if !out.is_empty() && !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            c => out.push(c),
        }
    }
    out.truncate(out.trim_end().len());
    out
}

fn suffix_of(word: &str) -> Option<&'static str> {
    let word = word.trim_matches(['.', ',', ' ']).replace('.', "");
    SUFFIXES.iter().find(|(written, _)| *written == word).map(|(_, form)| *form)
}

/// Takes a suffix out of words, wherever it stands but for the first `keep` of them. A `V` is an initial unless it ends a
/// name of three words.
fn take_suffix(words: &mut Vec<String>, into: &mut String, keep: usize) {
    let count = words.len();
    let found = words.iter().enumerate().skip(keep).find_map(|(at, word)| {
        let form = suffix_of(word)?;
        (form != "V" || (at + 1 == count && count > 2)).then_some((at, form))
    });
    if let Some((at, form)) = found {
        words.remove(at);
        if into.is_empty() {
            form.clone_into(into);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(name: &PartyName) -> String {
        [&name.last, &name.first, &name.middle, &name.suffix].map(String::as_str).join("|")
    }

    fn said(text: &str, order: NameOrder) -> String {
        let found = NameRules { order, ..NameRules::default() }.read(text);
        let mut out = format!("{:?} {}", found.kind, shown(&found.name));
        for also in &found.also {
            out += &format!(" aka {}", shown(also));
        }
        out
    }

    #[test]
    fn last_first() {
        for (text, expected) in [
            ("QUARTZ, OBERON", "Person QUARTZ|OBERON||"),
            ("Quartz,Oberon  M", "Person QUARTZ|OBERON|M|"),
            ("QUARTZ, OBERON MILES JR", "Person QUARTZ|OBERON|MILES|JR"),
            ("QUARTZ JR., OBERON", "Person QUARTZ|OBERON||JR"),
            ("QUARTZ, OBERON, III", "Person QUARTZ|OBERON||III"),
            ("QUARTZ, OBERON JR MILES", "Person QUARTZ|OBERON|MILES|JR"),
            ("QUARTZ, OBERON V", "Person QUARTZ|OBERON|V|"),
            ("DE LA CRUZ, MARIA", "Person DE LA CRUZ|MARIA||"),
            ("DE LA CRUZ MARIA ELENA", "Person DE LA CRUZ|MARIA|ELENA|"),
            ("O'NEIL, SEAN", "Person O'NEIL|SEAN||"),
            ("O’NEIL, SEAN", "Person O'NEIL|SEAN||"),
            ("VAN DYKE, PIET", "Person VAN DYKE|PIET||"),
            ("GARCIA LOPEZ, JOSE", "Person GARCIA LOPEZ|JOSE||"),
            ("SMITH-JONES, ANN", "Person SMITH-JONES|ANN||"),
            ("NUÑEZ, JOSÉ", "Person NUÑEZ|JOSÉ||"),
            ("QUARTZ OBERON", "Person QUARTZ|OBERON||"),
            ("QUARTZ", "Person QUARTZ|||"),
            ("CHURCH, FRANK", "Person CHURCH|FRANK||"),
            ("CO, MINH", "Person CO|MINH||"),
            ("TRUST, GRACE", "Person TRUST|GRACE||"),
            ("QUARTZ, OBERON AKA BERYL, TITUS", "Person QUARTZ|OBERON|| aka BERYL|TITUS||"),
            ("QUARTZ, OBERON AKA: OBIE", "Person QUARTZ|OBERON|| aka QUARTZ|OBIE||"),
            (
                "QUARTZ, OBERON (AKA BERYL, TITUS; ONYX, T)",
                "Person QUARTZ|OBERON|| aka BERYL|TITUS|| aka ONYX|T||",
            ),
            ("TN, MINH", "Person TN|MINH||"),
        ] {
            assert_eq!(said(text, NameOrder::LastFirst), expected, "{text}");
        }
    }

    #[test]
    fn first_last() {
        for (text, expected) in [
            ("OBERON QUARTZ", "Person QUARTZ|OBERON||"),
            ("OBERON MILES QUARTZ", "Person QUARTZ|OBERON|MILES|"),
            ("OBERON QUARTZ JR", "Person QUARTZ|OBERON||JR"),
            ("OBERON QUARTZ, JR", "Person QUARTZ|OBERON||JR"),
            ("MARIA ELENA DE LA CRUZ", "Person DE LA CRUZ|MARIA|ELENA|"),
            ("PIET VAN DYKE", "Person VAN DYKE|PIET||"),
            ("QUARTZ, OBERON", "Person QUARTZ|OBERON||"),
            ("QUARTZ", "Person QUARTZ|||"),
        ] {
            assert_eq!(said(text, NameOrder::FirstLast), expected, "{text}");
        }
    }

    #[test]
    fn nobody_and_companies() {
        for (text, expected) in [
            ("", "Blank |||"),
            ("---", "Blank |||"),
            ("DOE, JOHN", "Placeholder DOE|JOHN||"),
            ("JOHN DOE", "Placeholder JOHN|DOE||"),
            ("DOE, JANE 3", "Placeholder DOE|JANE|3|"),
            ("UNKNOWN", "Placeholder UNKNOWN|||"),
            ("UNKNOWN, UNKNOWN", "Placeholder UNKNOWN|UNKNOWN||"),
            ("TRANSIENT", "Placeholder TRANSIENT|||"),
            ("12345", "Placeholder 12345|||"),
            ("DOE, AMELIA", "Person DOE|AMELIA||"),
            ("GREEN LEAF COLLECTIVE INC", "Organization GREEN LEAF COLLECTIVE INC|||"),
            ("GREEN LEAF, LLC", "Organization GREEN LEAF, LLC|||"),
            ("GREEN LEAF, INC.", "Organization GREEN LEAF, INC.|||"),
            ("FIRST CHURCH OF HEMP", "Organization FIRST CHURCH OF HEMP|||"),
            ("LEAF CORP", "Organization LEAF CORP|||"),
        ] {
            assert_eq!(said(text, NameOrder::LastFirst), expected, "{text}");
        }
    }

    #[test]
    fn parts() {
        let rules = NameRules::default();
        let said = |last, first, middle, suffix| {
            let found = rules.parts(last, first, middle, suffix);
            format!("{:?} {}", found.kind, shown(&found.name))
        };
        assert_eq!(said("Quartz", "Oberon", "M.", ""), "Person QUARTZ|OBERON|M.|");
        assert_eq!(said("Quartz Jr.", "Oberon", "", ""), "Person QUARTZ|OBERON||JR");
        assert_eq!(said("Quartz", "Oberon Miles", "", "Jr."), "Person QUARTZ|OBERON|MILES|JR");
        assert_eq!(said("Green Leaf LLC", "", "", ""), "Organization GREEN LEAF LLC|||");
        assert_eq!(said("Church", "Frank", "", ""), "Person CHURCH|FRANK||");
        assert_eq!(said("Doe", "John", "", ""), "Placeholder DOE|JOHN||");
        assert_eq!(said("", "", "", ""), "Blank |||");
    }

    proptest! {
        #[test]
        fn no_text_makes_it_fail(text in ".{0,60}") {
            let _ = NameRules::default().read(&text);
            let _ = NameRules { order: NameOrder::FirstLast, ..NameRules::default() }.read(&text);
        }

        #[test]
        fn words_are_kept(last in "[A-Z]{3,8}", first in "[A-Z]{3,8}") {
            let found = NameRules::default().read(&format!("{last}, {first}"));
            if found.kind == PartyKind::Person && found.name.suffix.is_empty() {
                prop_assert_eq!((found.name.last, found.name.first), (last, first));
            }
        }
    }
}
