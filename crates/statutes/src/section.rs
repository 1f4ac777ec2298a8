//! One section of one code, in normal form.

use crate::Code;
use std::fmt;

/// One section of one code: `HS 11357(a)`.
///
/// The number and the subdivisions are kept as one text, so that "covers" is "begins with". Letters are written by
/// the Californian convention for their depth, whatever the record's own case: `(a)(3)(D)(iv)`.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct CodeSection {
    code: Option<Code>,
    number_len: u8,
    text: Box<str>,
}

impl CodeSection {
    /// `number` with these subdivisions, both in any case.
    pub(crate) fn new<S: AsRef<str>>(code: Option<Code>, number: &str, subdivisions: &[S]) -> Option<Self> {
        let number_len = u8::try_from(number.len()).ok()?;
        let mut text = number.to_ascii_lowercase();
        let mut lettered_levels = 0;
        for subdivision in subdivisions {
            let subdivision = subdivision.as_ref();
            text.push('(');
            if subdivision.bytes().all(|byte| byte.is_ascii_digit()) {
                let significant = subdivision.trim_start_matches('0');
                text.push_str(if significant.is_empty() { "0" } else { significant });
            } else {
                let upper = lettered_levels % 2 == 1;
                lettered_levels += 1;
                text.extend(subdivision.chars().map(|letter| {
                    if upper { letter.to_ascii_uppercase() } else { letter.to_ascii_lowercase() }
                }));
            }
            text.push(')');
        }
        Some(Self { code, number_len, text: text.into() })
    }

    /// The letters of the code, where the record gives them.
    #[must_use]
    pub fn code(&self) -> Option<Code> {
        self.code
    }

    /// The section without its subdivisions: `11357`, `11357.5`, `1203.4`, `288a`.
    #[must_use]
    pub fn number(&self) -> &str {
        &self.text[..usize::from(self.number_len)]
    }

    /// The subdivisions from the outermost inwards, without their brackets.
    pub fn subdivisions(&self) -> impl Iterator<Item = &str> {
        self.tail().split_terminator(')').map(|part| part.trim_start_matches('('))
    }

    /// The subdivisions as written: `(a)(3)(D)`, or nothing.
    pub(crate) fn tail(&self) -> &str {
        &self.text[usize::from(self.number_len)..]
    }

    /// Where the number stands among the sections of its code: 190 < 190.05 < 190.1 < 191, and 288 < 288a < 288.2.
    pub(crate) fn place(&self) -> (u32, &str, &str) {
        let number = self.number();
        let (number, letters) = match number.find(|c: char| c.is_ascii_alphabetic()) {
            Some(at) => number.split_at(at),
            None => (number, ""),
        };
        let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
        (whole.parse().unwrap_or(u32::MAX), decimals, letters)
    }
}

/// `HS 11357(c)`, or `11357(c)` where the record gives no code.
impl fmt::Display for CodeSection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(code) = self.code {
            write!(f, "{code} ")?;
        }
        f.write_str(&self.text)
    }
}
