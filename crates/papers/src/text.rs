//! The words of a paper: Markdown with placeholders, filled in and cut into blocks.
//!
//! A value never becomes markup. While placeholders are filled in, each value is written in letters of a private area
//! of Unicode, which mean nothing to Markdown; they are turned back into the value when the blocks are made. So it does
//! not matter what a name is made of.

mod blocks;
mod check;
mod front;
mod names;
mod values;

pub(crate) use blocks::Block;
#[cfg(test)]
pub(crate) use names::filing_names;

use crate::error::PaperError;
use front::Front;
use minijinja::{Environment, UndefinedBehavior};

/// Whom a paper leaves room to sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Signature {
    /// The attorney who files.
    Attorney,
    /// The judge.
    Judge,
    /// Whoever serves the papers.
    Server,
    /// Nobody.
    None,
}

/// Which data the placeholders of a text may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Data {
    Filing,
    Service,
}

/// A text, read and checked.
pub(crate) struct Words {
    name: String,
    source: String,
    front: Front,
    environment: Environment<'static>,
}

/// A text with its values, ready to be typeset.
#[derive(serde::Serialize)]
pub(crate) struct Filled {
    pub(crate) title: String,
    pub(crate) footer: String,
    pub(crate) signature: Signature,
    pub(crate) blocks: Vec<Block>,
}

impl Words {
    /// Reads a text. Mistakes are found here as far as they can be without values.
    pub(crate) fn read(name: &str, source: &str, data: Data) -> Result<Self, PaperError> {
        let source = source.replace("\r\n", "\n");
        let place = |at: usize, message: String| template_error(name, &source, at, message);
        if let Some(at) = source.find(values::is_private) {
            return Err(place(
                at,
                "this letter is of a private area of Unicode and means nothing".to_owned(),
            ));
        }
        let (front, body) = Front::read(&source).map_err(|(at, message)| place(at, message))?;
        // As many empty lines as the front matter has, so that a line of the body keeps its number.
        let lead = source.get(..body).map_or(0, |front| front.matches('\n').count());
        let text = "\n".repeat(lead) + source.get(body..).unwrap_or_default();
        check::markdown(&text).map_err(|(at, message)| template_error(name, &text, at, message))?;

        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_trim_blocks(true);
        environment.set_lstrip_blocks(true);
        environment.set_debug(true);
        environment.set_formatter(values::write);
        environment
            .add_template_owned("body", text.clone())
            .map_err(|error| jinja_error(name, &text, &error, None))?;
        for (part, value) in front.templates() {
            environment
                .add_template_owned(part, value.get_ref().clone())
                .map_err(|error| jinja_error(name, &source, &error, Some(value.span().start)))?;
        }
        for (_, template) in environment.templates() {
            let mut unknown: Vec<_> = template
                .undeclared_variables(true)
                .into_iter()
                .filter(|it| !names::known(data, it))
                .collect();
            unknown.sort();
            if let Some(unknown) = unknown.first() {
                let at = source.find(unknown.as_str()).unwrap_or(0);
                return Err(place(at, format!("there is no `{unknown}`")));
            }
        }
        Ok(Self { name: name.to_owned(), source: text, front, environment })
    }

    /// What counsel is asked to settle before a paper with this text is filed.
    pub(crate) fn questions(&self) -> &[String] {
        &self.front.questions
    }

    /// Fills in the values.
    pub(crate) fn fill(&self, values: &minijinja::Value) -> Result<Filled, PaperError> {
        let render = |part: &str| {
            let template = self.environment.get_template(part)?;
            template.render(values)
        };
        let line = |part: &str, at: usize| {
            let text =
                render(part).map_err(|error| jinja_error(&self.name, &self.source, &error, Some(at)))?;
            Ok::<_, PaperError>(values::plain(&text))
        };
        let title = line(front::TITLE, self.front.title.span().start)?;
        let footer = line(front::FOOTER, self.front.footer.span().start)?;
        let text = render("body").map_err(|error| jinja_error(&self.name, &self.source, &error, None))?;
        let blocks = blocks::read(&text).map_err(|(at, message)| {
            template_error(&self.name, &text, at, format!("{message}, once the values are filled in"))
        })?;
        Ok(Filled { title, footer, signature: self.front.signature, blocks })
    }
}

/// A mistake at a byte of a text.
fn template_error(name: &str, source: &str, at: usize, message: String) -> PaperError {
    let before = source.get(..at).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    PaperError::Template {
        name: name.to_owned(),
        line: before.matches('\n').count() + 1,
        column: before.get(start..).map_or(0, |text| text.chars().count()) + 1,
        message,
    }
}

/// A mistake of a placeholder. `at` is where its line of the front matter stands.
fn jinja_error(name: &str, source: &str, error: &minijinja::Error, at: Option<usize>) -> PaperError {
    // Only the kind and our own words: a detail of a filter can hold the value that it was given.
    let message = match (error.kind(), error.detail()) {
        (minijinja::ErrorKind::SyntaxError, Some(detail)) => format!("syntax error: {detail}"),
        (kind, _) => kind.to_string(),
    };
    if let Some(at) = at.or_else(|| error.range().map(|range| range.start)) {
        return template_error(name, source, at, message);
    }
    PaperError::Template { name: name.to_owned(), line: error.line().unwrap_or(1), column: 1, message }
}

#[cfg(test)]
mod tests;
