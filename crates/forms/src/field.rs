//! A field of a form.

use lopdf::ObjectId;

/// What a field takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Words.
    Text,
    /// A tick.
    Check,
    /// One tick of several.
    Radio,
    /// One entry of a list.
    Choice,
    /// A signature.
    Signature,
    /// Nothing: it does something on a screen.
    Button,
}

impl Kind {
    /// The word for it in maps.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Check => "check",
            Self::Radio => "radio",
            Self::Choice => "choice",
            Self::Signature => "signature",
            Self::Button => "button",
        }
    }
}

/// A place of a field on a page. A field may have several, which all show the same.
#[derive(Clone, Debug)]
pub struct Widget {
    /// The page, from 1. 0: on none, and never shown.
    pub page: u32,
    /// Left, bottom, right and top, in points from the page's lower left corner.
    pub rect: [f32; 4],
    /// What it can be ticked to, without `Off`.
    pub states: Vec<String>,
    pub(crate) id: ObjectId,
    pub(crate) border: Option<f32>,
    /// Whether its ground is coloured in, which hides what the page has there.
    pub(crate) ground: bool,
    pub(crate) symbol: u8,
    /// Set to be ticked, or pre-ticked, in the file.
    pub(crate) ticked: bool,
}

/// A field, with what the file says of it.
#[derive(Clone)]
pub struct Field {
    /// The full name, with dots.
    pub name: String,
    /// What it takes.
    pub kind: Kind,
    /// Where it stands, in the order of the pages.
    pub widgets: Vec<Widget>,
    /// The greatest number of letters, if there is one.
    pub max_len: Option<usize>,
    /// Whether a text may run over several lines.
    pub multiline: bool,
    /// Whether each letter has a cell of its own.
    pub comb: bool,
    /// What a screen reader says of it.
    pub tooltip: Option<String>,
    pub(crate) id: ObjectId,
    /// The size of letters that the file asks for; 0: as it fits.
    pub(crate) size: f32,
    /// 0 left, 1 centred, 2 right.
    pub(crate) quadding: u8,
    /// What stands in it already.
    pub(crate) standing: Option<String>,
}

vacatur_records::silent_debug!(Field);

impl Field {
    /// The first page it stands on, from 1. 0: none.
    #[must_use]
    pub fn page(&self) -> u32 {
        self.widgets.first().map_or(0, |widget| widget.page)
    }

    /// The first place: left, bottom, right and top, in points.
    #[must_use]
    pub fn rect(&self) -> [f32; 4] {
        self.widgets.first().map_or([0.0; 4], |widget| widget.rect)
    }

    /// All that it can be ticked to, without `Off` and without repetition.
    #[must_use]
    pub fn states(&self) -> Vec<&str> {
        let mut all: Vec<&str> = Vec::new();
        for state in self.widgets.iter().flat_map(|widget| &widget.states) {
            if !all.contains(&state.as_str()) {
                all.push(state);
            }
        }
        all
    }
}
