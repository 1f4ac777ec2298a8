//! Text in the alphabet that the grammar reads.

/// `text` in upper case ASCII, with runs of blanks as one blank and none at the ends.
///
/// Typographic dashes become `-`, other brackets round ones, other slashes `/`, and a section sign a blank. Any other
/// character outside ASCII becomes `?`, which no rule of the grammar accepts, so that it cannot be overlooked.
pub(crate) fn clean(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for c in text.chars() {
        let byte = match c {
            '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ad}' => b'-',
            '[' | '{' => b'(',
            ']' | '}' => b')',
            '\\' | '|' => b'/',
            '§' | '\u{feff}' => b' ',
            c if c.is_whitespace() || c.is_control() => b' ',
            c if c.is_ascii() => (c as u8).to_ascii_uppercase(),
            _ => b'?',
        };
        if byte != b' ' || out.last().is_some_and(|&last| last != b' ') {
            out.push(byte);
        }
    }
    if out.last() == Some(&b' ') {
        out.pop();
    }
    out
}

/// Whether `text` holds nothing but marks that stand for "nothing here".
pub(crate) fn is_placeholder(text: &[u8]) -> bool {
    text.iter().all(|byte| b" -_.*/=~,:\"'".contains(byte))
}
