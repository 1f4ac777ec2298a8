//! Case numbers: as recorded, and as a court writes them.

use serde::Deserialize;

/// A way to write a case number: `#` is a digit, `@` a letter, `(…)` may be left out; all else stands for itself.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Pattern {
    text: String,
    /// With the part in brackets and without, the longest first.
    ways: Vec<Vec<Mark>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    Digit,
    Letter,
    /// A letter or digit that stands for itself.
    Own(char),
    /// A sign that the court writes and records may leave out.
    Sign(char),
}

impl TryFrom<String> for Pattern {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let marks = |part: &str| -> Vec<Mark> {
            part.chars()
                .map(|c| match c {
                    '#' => Mark::Digit,
                    '@' => Mark::Letter,
                    c if c.is_alphanumeric() => Mark::Own(c.to_ascii_uppercase()),
                    c => Mark::Sign(c),
                })
                .collect()
        };
        let ways = match text.split_once('(') {
            None => vec![marks(&text)],
            Some((before, rest)) => {
                let Some((within, after)) = rest.split_once(')') else {
                    return Err(format!("the pattern `{text}` has `(` without `)`"));
                };
                if after.contains(['(', ')']) || within.contains('(') {
                    return Err(format!("the pattern `{text}` has more than one part in brackets"));
                }
                vec![marks(&format!("{before}{within}{after}")), marks(&format!("{before}{after}"))]
            }
        };
        if ways.iter().any(|way| way.iter().filter(|mark| matches!(mark, Mark::Digit)).count() < 3) {
            return Err(format!(
                "the pattern `{text}` needs at least three digits, or it would fit what is no case number"
            ));
        }
        if ways
            .iter()
            .flatten()
            .any(|mark| matches!(mark, Mark::Sign(c) if !c.is_ascii_graphic() && *c != ' '))
        {
            return Err(format!("the pattern `{text}` has a sign that no case number has"));
        }
        Ok(Self { text, ways })
    }
}

impl Pattern {
    /// As the profile writes it.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The number as the court writes it; none if it does not fit. Letter case, spaces and signs do not matter in what is
    /// recorded.
    #[must_use]
    pub fn write(&self, recorded: &str) -> Option<String> {
        let bare = bare(recorded);
        self.ways.iter().find_map(|way| {
            let mut bare = bare.chars();
            let mut written = String::with_capacity(way.len());
            for mark in way {
                written.push(match mark {
                    Mark::Sign(sign) => *sign,
                    Mark::Digit => bare.next().filter(char::is_ascii_digit)?,
                    Mark::Letter => bare.next().filter(char::is_ascii_uppercase)?,
                    Mark::Own(own) => bare.next().filter(|c| c == own)?,
                });
            }
            bare.next().is_none().then_some(written)
        })
    }
}

/// Letters and digits, in capitals.
#[must_use]
pub(crate) fn bare(recorded: &str) -> String {
    recorded.chars().filter(|c| c.is_alphanumeric()).map(|c| c.to_ascii_uppercase()).collect()
}

/// What a recorded case number says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Read {
    /// There is none.
    #[default]
    Missing,
    /// It does not fit this court, or fits two ways of writing it.
    Unclear,
    /// The number as the court writes it, and further numbers of the same case: consolidated, or given by another county
    /// to which probation was transferred.
    Numbers {
        /// The first that fits this court.
        own: String,
        /// The others.
        others: Vec<String>,
    },
}

/// Reads a recorded case number by the patterns of its court. `elsewhere` says how another court writes one.
#[must_use]
pub(crate) fn read<'p>(
    recorded: &str,
    patterns: impl Iterator<Item = &'p Pattern> + Clone,
    elsewhere: impl Fn(&str) -> Option<String>,
) -> Read {
    let parts = recorded.split([';', ',', '/', '&']).map(str::trim).filter(|part| !part.is_empty());
    let (mut own, mut others) = (None, Vec::new());
    let mut any = false;
    for part in parts {
        any = true;
        let mut ways: Vec<String> = patterns.clone().filter_map(|pattern| pattern.write(part)).collect();
        // What is recorded just as one pattern writes it is meant so.
        let as_is = ways.iter().position(|way| way.eq_ignore_ascii_case(part));
        let written = match as_is {
            Some(at) => Some(ways.swap_remove(at)),
            // Two patterns that write it otherwise: which of them is meant cannot be told.
            None if ways.iter().any(|way| Some(way) != ways.first()) => return Read::Unclear,
            None => ways.pop(),
        };
        match written {
            Some(written) if own.is_none() => own = Some(written),
            Some(written) => others.push(written),
            None => match elsewhere(part) {
                Some(written) => others.push(written),
                None => return Read::Unclear,
            },
        }
    }
    match own {
        Some(own) => {
            others.retain(|other| *other != own);
            Read::Numbers { own, others }
        }
        None if any => Read::Unclear,
        None => Read::Missing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn patterns() -> Vec<Pattern> {
        ["BA######(-##)", "F-#####", "@@####", "######"]
            .map(|text| text.to_owned().try_into().unwrap())
            .to_vec()
    }

    fn said(recorded: &str) -> String {
        let elsewhere = |part: &str| Pattern::try_from("SC######A".to_owned()).unwrap().write(part);
        match read(recorded, patterns().iter(), elsewhere) {
            Read::Missing => "missing".into(),
            Read::Unclear => "unclear".into(),
            Read::Numbers { own, others } if others.is_empty() => own,
            Read::Numbers { own, others } => format!("{own} and {}", others.join(", ")),
        }
    }

    #[test]
    fn as_the_court_writes_it() {
        for (recorded, expected) in [
            ("BA123456", "BA123456"),
            (" ba 123456 ", "BA123456"),
            ("BA12345601", "BA123456-01"),
            ("BA-123456-01", "BA123456-01"),
            ("F12345", "F-12345"),
            ("140194; 140195", "140194 and 140195"),
            ("140194; 140194", "140194"),
            ("140194/SC123456A", "140194 and SC123456A"),
            ("SC123456A", "unclear"),
            ("140194; UNKNOWN", "unclear"),
            ("", "missing"),
            (" ;; ", "missing"),
            ("NONE", "unclear"),
            ("1234567890123", "unclear"),
            ("١٤٠١٩٤", "unclear"),
        ] {
            assert_eq!(said(recorded), expected, "{recorded}");
        }
    }

    #[test]
    fn a_number_that_two_patterns_write_otherwise_is_unclear() {
        let patterns: Vec<Pattern> =
            ["##-####", "####-##"].map(|text| text.to_owned().try_into().unwrap()).to_vec();
        assert_eq!(read("123456", patterns.iter(), |_| None), Read::Unclear);
        let own = Read::Numbers { own: "1234-56".into(), others: Vec::new() };
        assert_eq!(read("1234-56", patterns.iter(), |_| None), own);
    }

    #[test]
    fn patterns_that_fit_anything_are_refused() {
        for text in ["", "@@@@", "##", "#(##)", "((###))", "(###", "###\u{0}"] {
            assert!(Pattern::try_from(text.to_owned()).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again_as_itself(recorded in "[A-Z0-9 -]{0,14}") {
            if let Read::Numbers { own, others } = read(&recorded, patterns().iter(), |_| None) {
                prop_assert_eq!(bare(&own), bare(&recorded));
                prop_assert_eq!(read(&own, patterns().iter(), |_| None), Read::Numbers { own, others });
            }
        }

        #[test]
        fn no_text_makes_it_fail(recorded in ".{0,40}") {
            let _ = read(&recorded, patterns().iter(), |_| None);
        }
    }
}
