//! A section as the record writes it, and how it becomes one in normal form.

use crate::grammar::Grammar;
use crate::{Code, CodeSection};

/// A text that looks like a section and cannot be read as one with certainty.
pub(crate) struct Unreadable;

/// A section as it stands in the text, before the letters of its neighbours are known.
pub(crate) struct Raw {
    pub(crate) code: Option<Code>,
    /// The code stands behind the number: a dash after it begins a description.
    pub(crate) code_behind: bool,
    /// Whole number and decimals.
    pub(crate) number: String,
    /// Letters and digits glued to the number: `A2` of `11360A2`.
    pub(crate) suffix: String,
    pub(crate) subdivisions: Vec<String>,
}

impl Raw {
    /// The section in normal form, with the letters that the whole charge settles on.
    pub(crate) fn section(&self, grammar: &Grammar, code: Option<Code>) -> Result<CodeSection, Unreadable> {
        let letters = self.suffix.bytes().take_while(u8::is_ascii_uppercase).count();
        let (letters, rest) = self.suffix.split_at(letters);
        let mut subdivisions = Vec::new();
        let own = format!("{}{}", self.number, letters.to_ascii_lowercase());
        if self.is_misread_digit(grammar) {
            return Err(Unreadable);
        }
        let number = if !letters.is_empty() && grammar.is_lettered(code, &own) {
            own
        } else if letters.len() <= 1 {
            if !letters.is_empty() {
                subdivisions.push(letters.to_owned());
            }
            self.number.clone()
        } else {
            return Err(Unreadable);
        };
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, last) = rest.split_at(digits);
        subdivisions.extend([digits, last].into_iter().filter(|part| !part.is_empty()).map(str::to_owned));
        subdivisions.extend(self.subdivisions.iter().cloned());
        // `11357(A)(B)` is a list of two subdivisions: below a lettered one stands a number.
        if let [first, second, ..] = subdivisions.as_slice()
            && [first, second].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_uppercase()))
        {
            return Err(Unreadable);
        }
        CodeSection::new(code, &number, &subdivisions).ok_or(Unreadable)
    }

    /// `1136O HS`, `1135B HS`: a letter glued to the number that a scan makes of a digit, or that no section comes to.
    fn is_misread_digit(&self, grammar: &Grammar) -> bool {
        let digit = match self.suffix.as_bytes() {
            [] => return false,
            [b'I' | b'O' | b'Q' | b'S' | b'X' | b'Y' | b'Z', ..] => {
                let own = format!("{}{}", self.number, self.suffix.to_ascii_lowercase());
                return !grammar.is_lettered(None, &own);
            }
            [b'B'] => '8',
            [b'G'] => '6',
            [b'L'] => '1',
            [b'D'] => '0',
            _ => return false,
        };
        grammar.code_of_unique(&format!("{}{digit}", self.number)).is_some()
    }
}

/// What one pair of brackets holds: a letter (`A`, `AA`), a Roman numeral, a number, or a letter and a number.
pub(crate) fn parts(inside: &str) -> Option<Vec<String>> {
    let letters = inside.bytes().take_while(u8::is_ascii_uppercase).count();
    let (alphabetic, numeric) = inside.split_at(letters);
    let same = alphabetic.bytes().all(|byte| Some(byte) == alphabetic.bytes().next());
    let is_letter =
        letters == 1 || (letters == 2 && same) || alphabetic.bytes().all(|byte| b"IVX".contains(&byte));
    let is_number = numeric.len() <= 2 && numeric.bytes().all(|byte| byte.is_ascii_digit());
    match (letters, numeric.len()) {
        (0, 1..) if is_number => Some(vec![numeric.into()]),
        (1.., 0) if is_letter => Some(vec![alphabetic.into()]),
        (1, 1..) if is_number => Some(vec![alphabetic.into(), numeric.into()]),
        _ => None,
    }
}
