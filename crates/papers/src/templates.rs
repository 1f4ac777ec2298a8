//! The texts and layouts that come with the program, by the names under which an office can replace them.

use crate::filing::Basis;
use crate::text::Data;

/// A text of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Text {
    Motion,
    Order,
    Challenges,
    Service,
}

macro_rules! own {
    ($name:literal) => {
        ($name, include_str!(concat!("../../../forms/", $name)))
    };
    ($name:literal, $data:expr) => {
        ($name, include_str!(concat!("../../../forms/", $name)), $data)
    };
}

/// Name, text and data of each text.
pub(crate) const TEXTS: &[(&str, &str, Data)] = &[
    own!("us-ca/papers/hs-11361-8/motion.md", Data::Filing),
    own!("us-ca/papers/hs-11361-8/order.md", Data::Filing),
    own!("us-ca/papers/hs-11361-8/challenges.md", Data::Filing),
    own!("us-ca/papers/general/motion.md", Data::Filing),
    own!("us-ca/papers/general/order.md", Data::Filing),
    own!("us-ca/papers/general/challenges.md", Data::Filing),
    own!("us-ca/papers/service.md", Data::Service),
];

/// Name and text of each layout.
pub(crate) const LAYOUTS: &[(&str, &str)] = &[
    own!("us-ca/papers/layout/pleading.typ"),
    own!("us-ca/papers/layout/exhibit.typ"),
    own!("us-ca/papers/layout/cover.typ"),
    own!("us-ca/papers/layout/case-list.typ"),
    own!("us-ca/papers/layout/sheet.typ"),
];

/// The name of a text.
pub(crate) const fn text_name(basis: Basis, text: Text) -> &'static str {
    match (basis, text) {
        (_, Text::Service) => "us-ca/papers/service.md",
        (Basis::Hs11361_8, Text::Motion) => "us-ca/papers/hs-11361-8/motion.md",
        (Basis::Hs11361_8, Text::Order) => "us-ca/papers/hs-11361-8/order.md",
        (Basis::Hs11361_8, Text::Challenges) => "us-ca/papers/hs-11361-8/challenges.md",
        (Basis::General, Text::Motion) => "us-ca/papers/general/motion.md",
        (Basis::General, Text::Order) => "us-ca/papers/general/order.md",
        (Basis::General, Text::Challenges) => "us-ca/papers/general/challenges.md",
    }
}

/// The names of all texts and layouts, as paths below `forms/`: what an office can replace.
pub fn template_names() -> impl Iterator<Item = &'static str> {
    TEXTS.iter().map(|(name, ..)| *name).chain(LAYOUTS.iter().map(|(name, _)| *name))
}

/// The text of a template as it comes with the program, to begin an office's own with.
#[must_use]
pub fn template(name: &str) -> Option<&'static str> {
    let text = TEXTS.iter().find(|(it, ..)| *it == name).map(|(_, text, _)| *text);
    text.or_else(|| LAYOUTS.iter().find(|(it, _)| *it == name).map(|(_, text)| *text))
}
