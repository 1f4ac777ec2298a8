//! A Markdown document as prose and fenced blocks.

use crate::Diagnostic;
use crate::diagnostics::nearest;
use crate::grammar::BLOCKS;
use std::ops::Range;

/// A fenced block.
#[derive(Debug)]
pub(crate) struct Block<'a> {
    pub(crate) kind: &'static str,
    /// What follows the kind on the fence's line: the rule's or the test's name.
    pub(crate) name: &'a str,
    /// The fence's line.
    pub(crate) span: Range<usize>,
    pub(crate) body: &'a str,
    /// Where the body starts.
    pub(crate) at: usize,
}

/// A key with its text: a line that starts at the margin, and the indented lines below it.
#[derive(Debug)]
pub(crate) struct Entry<'a> {
    pub(crate) text: &'a str,
    pub(crate) at: usize,
}

impl<'a> Entry<'a> {
    pub(crate) fn span(&self) -> Range<usize> {
        self.at..self.at + self.text.trim_end().len().max(1)
    }

    /// What follows `words` at its start, with its place.
    pub(crate) fn after(&self, words: &str) -> Option<(&'a str, usize)> {
        let rest = after(self.text, words)?;
        let trimmed = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ':');
        Some((trimmed.trim_end(), self.at + self.text.len() - trimmed.len()))
    }
}

/// What follows `words` at the start of `text`. Capitals do not matter, nor how wide the blanks are.
pub(crate) fn after<'a>(text: &'a str, words: &str) -> Option<&'a str> {
    let mut rest = text;
    for (at, word) in words.split(' ').enumerate() {
        let blank = rest.len() - rest.trim_start().len();
        if (at > 0) != (blank > 0) {
            return None;
        }
        rest = &rest[blank..];
        if !rest.get(..word.len())?.eq_ignore_ascii_case(word) {
            return None;
        }
        rest = &rest[word.len()..];
    }
    let ends = rest.is_empty() || rest.starts_with(|c: char| !c.is_alphanumeric() && c != '-');
    ends.then_some(rest)
}

/// A sign that nobody sees and that would make a document say something other than it shows, or one that a word
/// processor breaks a line with.
pub(crate) fn invisible(sign: char) -> Option<&'static str> {
    match sign {
        '\t' | '\n' | '\r' => None,
        '\u{ad}' => Some("a soft hyphen"),
        '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some("a line break of a word processor"),
        '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}' | '\u{feff}' => Some("a blank without width"),
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            Some("a mark that turns the direction of the text")
        }
        _ if sign.is_control() => Some("a control character"),
        _ => None,
    }
}

/// The first sign of a block that nobody sees.
pub(crate) fn unseen(block: &Block<'_>) -> Option<Diagnostic> {
    if block.name.chars().any(|sign| invisible(sign).is_some()) {
        let says = "a sign that nobody sees stands in this name";
        return Some(Diagnostic::error(block.span.clone(), says).hint("write the name anew"));
    }
    let (from, sign, what) =
        block.body.char_indices().find_map(|(from, sign)| invisible(sign).map(|what| (from, sign, what)))?;
    let span = block.at + from..block.at + from + sign.len_utf8();
    let says = format!("{what} stands here, which nobody sees (U+{:04X})", u32::from(sign));
    let hint = "delete it, and save the document as plain text";
    Some(Diagnostic::error(span, says).hint(hint))
}

/// A fence that is open.
struct Fence<'a> {
    /// Kind and name, if the block runs.
    meant: Option<(&'static str, &'a str)>,
    span: Range<usize>,
    start: usize,
    ticks: usize,
}

/// The blocks of a document, in order, and what is wrong with its fences. `from` is where the document stands among
/// those it is read with.
pub(crate) fn blocks(document: &str, from: usize) -> (Vec<Block<'_>>, Vec<Diagnostic>) {
    let (mut blocks, mut wrong) = (Vec::new(), Vec::new());
    let mut open: Option<Fence<'_>> = None;
    let mut at = 0;
    for line in document.split_inclusive('\n') {
        // A mark that some editors begin a file with.
        let text = line.trim_start_matches('\u{feff}').trim();
        let ticks = text.bytes().take_while(|&byte| byte == b'`').count();
        let span = from + at..from + at + line.trim_end().len();
        match &open {
            None if ticks >= 3 => {
                let info = text[ticks..].trim();
                let (kind, name) = info.split_once(char::is_whitespace).unwrap_or((info, ""));
                let known = BLOCKS.into_iter().find(|known| *known == kind);
                if known.is_none() && !matches!(kind, "" | "text") {
                    let error =
                        Diagnostic::error(span.clone(), format!("there is no block of the kind `{kind}`"));
                    wrong.push(match nearest(kind, BLOCKS) {
                        Some(near) => {
                            error.hint(format!("did you mean `{near}`? A fence of prose is called `text`"))
                        }
                        None => error.hint(format!(
                            "blocks are {}; a fence of prose is called `text`",
                            BLOCKS.join(", ")
                        )),
                    });
                }
                let meant = known.map(|kind| (kind, name.trim()));
                open = Some(Fence { meant, span, start: at + line.len(), ticks });
            }
            Some(fence) if ticks >= fence.ticks && text.len() == ticks => {
                if let Some((kind, name)) = fence.meant {
                    let body = &document[fence.start..at];
                    blocks.push(Block { kind, name, span: fence.span.clone(), body, at: from + fence.start });
                }
                open = None;
            }
            _ => {}
        }
        at += line.len();
    }
    if let Some(fence) = open {
        wrong.push(
            Diagnostic::error(fence.span, "this block is never closed").hint("end it with a line of ```"),
        );
    }
    (blocks, wrong)
}

/// The entries of a block; blank lines and lines that begin with `#` are passed over.
pub(crate) fn entries<'a>(block: &Block<'a>) -> Result<Vec<Entry<'a>>, Diagnostic> {
    let mut entries: Vec<Entry<'a>> = Vec::new();
    let mut at = 0;
    for line in block.body.split_inclusive('\n') {
        let start = at;
        at += line.len();
        if line.trim().is_empty() || line.trim_start().starts_with('#') {
            continue;
        }
        if line.starts_with(char::is_whitespace) {
            let Some(last) = entries.last_mut() else {
                let span = block.at + start..block.at + start + line.trim_end().len();
                return Err(Diagnostic::error(
                    span,
                    "an indented line continues the line above it, and there is none",
                ));
            };
            let from = last.at - block.at;
            last.text = &block.body[from..at];
        } else {
            entries.push(Entry { text: line, at: block.at + start });
        }
    }
    Ok(entries)
}

/// The document's first heading.
pub(crate) fn heading(document: &str) -> Option<&str> {
    let lines = document.trim_start_matches('\u{feff}').lines();
    lines.into_iter().find_map(|line| line.strip_prefix("# ")).map(str::trim)
}
