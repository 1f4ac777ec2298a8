//! How values are cut into parts.

/// How the value of a field is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// A name: letters in capitals, cut into pairs of neighbours, with a mark at either end.
    Name,
    /// A date of digits `YYYYMMDD` or `YYYY-MM-DD`: each pair of neighbouring digits with its place, and year, month and
    /// day as such, so that one wrong digit or a swapped day and month still leaves much in common.
    Date,
    /// A number or a code: each letter or digit with its place.
    Code,
    /// A word that is the same or not: sex, race.
    Whole,
}

/// A field: its name, which is part of what is hashed, and how it is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field<'a> {
    /// The name, the same on both sides. Two fields of one name share bits for what they have in common: give first and
    /// last name one name to find them swapped.
    pub name: &'a str,
    /// How its values are cut.
    pub reading: Reading,
}

impl Field<'_> {
    /// The parts of a value; none of a value without letters and digits.
    pub(super) fn parts(self, value: &str) -> Vec<String> {
        let letters: Vec<char> =
            value.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_uppercase).collect();
        if letters.is_empty() {
            return Vec::new();
        }
        match self.reading {
            Reading::Name => {
                let marked: Vec<char> = std::iter::once('_').chain(letters).chain(['_']).collect();
                numbered(marked.windows(2).map(|pair| pair.iter().collect()))
            }
            Reading::Date => {
                let text: String = letters.iter().collect();
                let mut parts: Vec<String> = text
                    .char_indices()
                    .zip(text.char_indices().skip(1))
                    .map(|((at, a), (_, b))| format!("{at}{a}{b}"))
                    .collect();
                if letters.len() == 8
                    && let (Some(year), Some(month), Some(day)) =
                        (text.get(..4), text.get(4..6), text.get(6..))
                {
                    // Month and day are not told apart here: swapped, they are the same two parts.
                    parts.extend(numbered(
                        [format!("y{year}"), format!("d{month}"), format!("d{day}")].into_iter(),
                    ));
                }
                parts
            }
            Reading::Code => {
                letters.iter().enumerate().map(|(place, letter)| format!("{place}{letter}")).collect()
            }
            Reading::Whole => vec![letters.into_iter().collect()],
        }
    }
}

/// A part that comes again is another part: ANNA has two of `_A`'s kind and should not look like AN.
fn numbered(parts: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    let mut found = Vec::new();
    for part in parts {
        let before = seen.iter().filter(|other| **other == part).count();
        found.push(if before == 0 { part.clone() } else { format!("{part}#{before}") });
        seen.push(part);
    }
    found
}
