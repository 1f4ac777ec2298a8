//! A Markdown document as prose and fenced blocks.

use crate::Diagnostic;
use crate::diagnostics::nearest;
use std::ops::Range;

/// The blocks that run. Fences of any other kind are an error, but for plain ones and `text`, which are prose.
const KINDS: [&str; 8] =
    ["policy", "parameters", "sections", "definitions", "scope", "rule", "without", "test"];

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

    /// What follows `word` at its start, with its place.
    pub(crate) fn after(&self, word: &str) -> Option<(&'a str, usize)> {
        let head = self.text.get(..word.len())?;
        let rest = &self.text[word.len()..];
        let ends = rest.is_empty() || rest.starts_with(|c: char| !c.is_alphanumeric() && c != '-');
        (head.eq_ignore_ascii_case(word) && ends).then(|| {
            let trimmed = rest.trim_start_matches([' ', '\t', ':']);
            (trimmed.trim_end(), self.at + self.text.len() - trimmed.len())
        })
    }
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
        let text = line.trim();
        let ticks = text.bytes().take_while(|&byte| byte == b'`').count();
        let span = from + at..from + at + line.trim_end().len();
        match &open {
            None if ticks >= 3 => {
                let info = text[ticks..].trim();
                let (kind, name) = info.split_once(char::is_whitespace).unwrap_or((info, ""));
                let known = KINDS.into_iter().find(|known| *known == kind);
                if known.is_none() && !matches!(kind, "" | "text") {
                    let error =
                        Diagnostic::error(span.clone(), format!("there is no block of the kind `{kind}`"));
                    wrong.push(match nearest(kind, KINDS) {
                        Some(near) => {
                            error.hint(format!("did you mean `{near}`? A fence of prose is called `text`"))
                        }
                        None => error.hint(format!(
                            "blocks are {}; a fence of prose is called `text`",
                            KINDS.join(", ")
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
        if line.starts_with([' ', '\t']) {
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
    document.lines().find_map(|line| line.strip_prefix("# ")).map(str::trim)
}
