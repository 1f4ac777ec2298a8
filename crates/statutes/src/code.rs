//! The letters of a code.

use std::fmt;

/// The letters of one code of statutes, as the state's repository prints them: `HS`, `PC`, `VC`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code([u8; 4]);

impl Code {
    /// The code with these letters: one to four ASCII letters, in either case.
    ///
    /// ```
    /// # use vacatur_statutes::Code;
    /// assert_eq!(Code::new("hs").map(|code| code.to_string()).as_deref(), Some("HS"));
    /// assert_eq!(Code::new("H&S"), None);
    /// ```
    #[must_use]
    pub fn new(letters: &str) -> Option<Self> {
        let mut packed = [0; 4];
        if letters.is_empty() || letters.len() > packed.len() {
            return None;
        }
        for (slot, letter) in packed.iter_mut().zip(letters.bytes()) {
            if !letter.is_ascii_alphabetic() {
                return None;
            }
            *slot = letter.to_ascii_uppercase();
        }
        Some(Self(packed))
    }

    /// The letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let end = self.0.iter().position(|&byte| byte == 0).unwrap_or(self.0.len());
        // Only ASCII letters ever go in.
        std::str::from_utf8(&self.0[..end]).unwrap_or_default()
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
