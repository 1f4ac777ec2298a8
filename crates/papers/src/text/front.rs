//! What stands above a text, between two lines of `+++`: its title, and how far it can be relied on.

use super::Signature;
use serde::Deserialize;
use toml::Spanned;

pub(super) const TITLE: &str = "title";
pub(super) const FOOTER: &str = "footer";
const FENCE: &str = "+++";

/// How sure the text's authority is, in the words of the statute tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Status {
    Confirmed,
    Observed,
    Secondary,
    Unconfirmed,
}

/// The front matter of a text.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Front {
    /// Title of the paper. Placeholders may stand in it.
    pub(super) title: Spanned<String>,
    /// The title, shortened, at the foot of each page. Placeholders may stand in it.
    pub(super) footer: Spanned<String>,
    /// Whom it leaves room to sign.
    pub(super) signature: Signature,
    /// On what the text rests.
    pub(super) authority: String,
    /// How sure that is.
    pub(super) status: Status,
    /// What counsel should settle before a paper with this text is filed.
    #[serde(default)]
    pub(super) questions: Vec<String>,
}

impl Front {
    /// Reads the front matter, and says at which byte the text below it begins.
    pub(super) fn read(source: &str) -> Result<(Self, usize), (usize, String)> {
        let inner = source.strip_prefix(FENCE).and_then(|rest| rest.strip_prefix('\n'));
        let start = FENCE.len() + 1;
        let Some(inner) = inner else {
            return Err((0, format!("the first line must be `{FENCE}`")));
        };
        let Some(length) = inner.find(&format!("\n{FENCE}\n")) else {
            return Err((0, format!("there is no second line `{FENCE}`")));
        };
        // Spaces where the first fence is, so that a place in the TOML is a place in the file.
        let text = " ".repeat(start - 1) + "\n" + inner.get(..length).unwrap_or_default();
        let front: Self = toml::from_str(&text)
            .map_err(|error| (error.span().map_or(start, |span| span.start), error.message().to_owned()))?;
        if front.authority.trim().is_empty() {
            return Err((start, "`authority` is empty: on what does the text rest?".to_owned()));
        }
        if front.status == Status::Unconfirmed && front.questions.is_empty() {
            return Err((start, "an unconfirmed text needs `questions` for counsel".to_owned()));
        }
        Ok((front, start + length + FENCE.len() + 2))
    }

    /// The parts in which placeholders may stand.
    pub(super) fn templates(&self) -> [(&'static str, &Spanned<String>); 2] {
        [(TITLE, &self.title), (FOOTER, &self.footer)]
    }
}
