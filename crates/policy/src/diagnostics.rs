//! Errors and remarks about a document, each with its place and what to do.

use crate::document;
use std::ops::Range;

/// How much a diagnostic matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The document cannot run.
    Error,
    /// The document runs; somebody should look.
    Warning,
}

/// Something about a document, with its place as a range of bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong, in a sentence.
    pub message: String,
    /// Where: a range of bytes of the document.
    pub span: Range<usize>,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Diagnostic {
    /// An error at `span`.
    #[must_use]
    pub fn error(span: Range<usize>, message: impl Into<String>) -> Self {
        Self { severity: Severity::Error, message: message.into(), span, hint: None }
    }

    /// A warning at `span`.
    #[must_use]
    pub fn warning(span: Range<usize>, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, message: message.into(), span, hint: None }
    }

    /// The same with advice.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Line and column of its start, counted from 1, columns in characters.
    #[must_use]
    pub fn line_and_column(&self, document: &str) -> (usize, usize) {
        let at = (0..=self.span.start.min(document.len()))
            .rev()
            .find(|&at| document.is_char_boundary(at))
            .unwrap_or(0);
        let before = &document[..at];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }

    /// The diagnostic as text: message, line with a caret, hint.
    #[must_use]
    pub fn render(&self, name: &str, document: &str) -> String {
        let (line, column) = self.line_and_column(document);
        // What nobody sees would show the line as it is not, or move the cursor.
        let visible = |sign: char| if document::invisible(sign).is_some() { '\u{fffd}' } else { sign };
        let text: String = document.lines().nth(line - 1).unwrap_or("").chars().map(visible).collect();
        let rest = text.chars().count().saturating_sub(column - 1).max(1);
        let width = document.get(self.span.clone()).map_or(1, |text| text.chars().count()).clamp(1, rest);
        let word = if self.severity == Severity::Error { "error" } else { "warning" };
        let gutter = " ".repeat(line.to_string().len());
        let mut shown = format!(
            "{word}: {}\n{gutter}--> {name}:{line}:{column}\n{gutter} |\n{line} | {text}\n{gutter} | {}{}\n",
            self.message,
            text.chars().take(column - 1).map(|c| if c == '\t' { '\t' } else { ' ' }).collect::<String>(),
            "^".repeat(width),
        );
        if let Some(hint) = &self.hint {
            shown.push_str(&format!("{gutter} = {hint}\n"));
        }
        shown
    }
}

/// The name among `known` that looks most like `given`, if one looks like it at all.
#[must_use]
pub fn nearest<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Nobody names anything at such length, and comparing takes the product of the lengths.
    const LONGEST: usize = 64;
    known
        .into_iter()
        .filter(|name| given.len() <= LONGEST && name.len() <= LONGEST)
        .map(|name| {
            (strsim::normalized_damerau_levenshtein(&given.to_lowercase(), &name.to_lowercase()), name)
        })
        .filter(|(likeness, _)| *likeness >= 0.5)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}
