//! What a document says of itself.

use crate::Diagnostic;
use crate::diagnostics::nearest;
use crate::document::{self, Block, Entry};
use crate::grammar::{HEADING_OPTIONAL as OPTIONAL, HEADING_REQUIRED as REQUIRED};
use crate::lex;
use crate::policy::Status;
use crate::reader::{one_line, plain};
use std::collections::BTreeMap;
use std::ops::Range;
use vacatur_records::Date;

/// What a document says of itself.
#[derive(Clone, Debug)]
pub struct Heading {
    /// Its name: `us-ca/los-angeles-2020`.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Whose law: `us-ca`.
    pub jurisdiction: String,
    /// Who adopted it.
    pub authority: String,
    /// From when, and until when.
    pub effective: Period,
    /// Where it is taken from.
    pub source: Vec<String>,
    /// How sure its sources are, unless a citation says otherwise.
    pub status: Status,
    /// The document it builds on, by name.
    pub builds_on: Option<String>,
    /// The name it shares with other documents, of which the one in force is taken: `us-ca/los-angeles`.
    pub family: Option<String>,
    /// The policy that says what the statute itself gives, recorded beside what this one decides.
    pub statute: Option<String>,
    /// How its rules come to one outcome.
    pub mode: Mode,
    /// What it decides.
    pub decides: Decides,
    /// Whether it gives its mode, and what it decides, itself.
    given: (bool, bool),
}

impl Heading {
    /// Takes over from a document that this one builds on what it does not give itself.
    pub(crate) fn takes_over(&mut self, base: &Self) {
        if !self.given.0 {
            self.mode = base.mode;
        }
        if !self.given.1 {
            self.decides = base.decides;
        }
        self.given = (self.given.0 || base.given.0, self.given.1 || base.given.1);
    }
}

/// How rules that hold come to one outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// The first rule that holds decides.
    #[default]
    FirstMatch,
    /// Of all rules that hold, the one that gives the person most decides.
    BestOf,
}

/// What a policy decides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Decides {
    /// Counts that ended in a conviction.
    #[default]
    Convictions,
    /// All counts: arrests and charges too.
    Charges,
}

/// The days on which something is in force.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Period {
    /// The first day; since ever if absent.
    pub from: Option<Date>,
    /// The first day no longer; for good if absent.
    pub until: Option<Date>,
}

impl Period {
    /// `always`, `from 2019-10-31`, `until 2021-01-01`, `from 2019-10-31 until 2021-01-01`.
    fn read(text: &str) -> Option<Self> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let day = lex::day;
        let period = match words.as_slice() {
            ["always"] => Self::default(),
            ["from", from] => Self { from: Some(day(from)?), until: None },
            ["until", until] => Self { from: None, until: Some(day(until)?) },
            ["from", from, "until", until] => Self { from: Some(day(from)?), until: Some(day(until)?) },
            _ => return None,
        };
        let empty = matches!((period.from, period.until), (Some(from), Some(until)) if until <= from);
        (!empty).then_some(period)
    }

    /// Whether it is in force on a day.
    #[must_use]
    pub fn holds(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day < until)
    }
}

/// As a document writes it.
impl std::fmt::Display for Period {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.from, self.until) {
            (None, None) => f.write_str("always"),
            (Some(from), None) => write!(f, "from {from}"),
            (None, Some(until)) => write!(f, "until {until}"),
            (Some(from), Some(until)) => write!(f, "from {from} until {until}"),
        }
    }
}

/// The name of the document that this one builds on, if it says so, with its place.
pub(crate) fn builds_on(blocks: &[Block<'_>]) -> Option<(String, Range<usize>)> {
    let block = blocks.iter().find(|block| block.kind == "policy")?;
    let entries = document::entries(block).ok()?;
    let entry = entries.iter().find(|entry| entry.after("builds on").is_some())?;
    let (name, _) = entry.after("builds on")?;
    Some((plain(name), entry.span()))
}

/// Reads the one `policy` block of a document.
pub(crate) fn heading(blocks: &[&Block<'_>], text: &str, wrong: &mut Vec<Diagnostic>) -> Option<Heading> {
    let [block] = blocks else {
        wrong.push(match blocks.get(1) {
            None => Diagnostic::error(0..0, "this document has no ```policy block")
                .hint("begin it with id, title, jurisdiction, authority, effective, source and status"),
            Some(second) => Diagnostic::error(second.span.clone(), "a document has one ```policy block"),
        });
        return None;
    };
    let entries = document::entries(block).map_err(|error| wrong.push(error)).ok()?;
    let mut given = Given { found: BTreeMap::new(), block, wrong };
    for entry in &entries {
        given.take(entry);
    }
    let (id, jurisdiction, authority) =
        (given.required("id"), given.required("jurisdiction"), given.required("authority"));
    let effective = given.required("effective");
    let effective = given.meaning("effective", &effective, Period::read, |_| {
        "write `from 2019-10-31`, `until 2021-01-01`, `from 2019-10-31 until 2021-01-01` or `always`; `until` is the first day on which it no longer is in force".into()
    });
    given.required("source");
    let status = given.required("status");
    let status = given.meaning("status", &status, Status::named, |_| {
        "it is confirmed, observed, secondary or unconfirmed".into()
    });
    let mode = given.optional("mode");
    let says_mode = mode.is_some();
    let mode = given.meaning("mode", mode.as_deref().unwrap_or(""), Mode::named, |_| {
        "it is `first match` or `best of`".into()
    });
    let decides = given.optional("decides");
    let says_decides = decides.is_some();
    let decides = given.meaning("decides", decides.as_deref().unwrap_or(""), Decides::named, |_| {
        "it is `convictions` or `charges`".into()
    });
    let title = given.optional("title").or_else(|| document::heading(text).map(str::to_owned));
    Some(Heading {
        title: title.unwrap_or_else(|| id.clone()),
        id,
        jurisdiction,
        authority,
        effective: effective.unwrap_or_default(),
        status: status.unwrap_or(Status::Unconfirmed),
        builds_on: given.optional("builds on"),
        family: given.optional("family"),
        statute: given.optional("statute"),
        mode: mode.unwrap_or_default(),
        decides: decides.unwrap_or_default(),
        given: (says_mode, says_decides),
        source: given
            .found
            .get("source")
            .map(|all| all.iter().map(|(text, _)| text.clone()).collect())
            .unwrap_or_default(),
    })
}

impl Mode {
    fn named(text: &str) -> Option<Self> {
        match text {
            "" | "first match" => Some(Self::FirstMatch),
            "best of" => Some(Self::BestOf),
            _ => None,
        }
    }

    /// As a document writes it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::FirstMatch => "first match",
            Self::BestOf => "best of",
        }
    }
}

impl Decides {
    fn named(text: &str) -> Option<Self> {
        match text {
            "" | "convictions" => Some(Self::Convictions),
            "charges" => Some(Self::Charges),
            _ => None,
        }
    }
}

/// The keys that were given.
struct Given<'b, 'a, 'w> {
    found: BTreeMap<&'static str, Vec<(String, Range<usize>)>>,
    block: &'b Block<'a>,
    wrong: &'w mut Vec<Diagnostic>,
}

impl Given<'_, '_, '_> {
    fn take(&mut self, entry: &Entry<'_>) {
        let known = || REQUIRED.into_iter().chain(OPTIONAL);
        match known().find_map(|key| entry.after(key).map(|(text, _)| (key, text))) {
            Some((key, text)) => {
                self.found.entry(key).or_default().push((one_line(text), entry.span()));
            }
            None => {
                let word = entry.text.split(':').next().unwrap_or("").trim();
                let error = Diagnostic::error(entry.span(), format!("a policy has no `{word}`"));
                self.wrong.push(match nearest(word, known()) {
                    Some(near) => error.hint(format!("did you mean `{near}`?")),
                    None => error.hint(format!("it has {}", known().collect::<Vec<_>>().join(", "))),
                });
            }
        }
    }

    fn optional(&mut self, key: &'static str) -> Option<String> {
        let given = self.found.get(key)?;
        if let [_, (_, second), ..] = given.as_slice()
            && key != "source"
        {
            self.wrong.push(Diagnostic::error(second.clone(), format!("`{key}` is given twice")));
        }
        given.first().map(|(text, _)| text.clone()).filter(|text| !text.is_empty())
    }

    fn required(&mut self, key: &'static str) -> String {
        self.optional(key).unwrap_or_else(|| {
            self.wrong.push(
                Diagnostic::error(self.block.span.clone(), format!("the policy does not give its {key}"))
                    .hint(format!("add a line `{key}: …`")),
            );
            String::new()
        })
    }

    /// What the text of a key means; a text that means nothing is an error at its place.
    fn meaning<T>(
        &mut self,
        key: &'static str,
        text: &str,
        read: impl Fn(&str) -> Option<T>,
        hint: impl Fn(&str) -> String,
    ) -> Option<T> {
        let meaning = read(text);
        if meaning.is_none()
            && let Some((_, span)) = self.found.get(key).and_then(|given| given.first())
            && !text.is_empty()
        {
            self.wrong.push(
                Diagnostic::error(span.clone(), format!("`{key}` cannot be `{text}`")).hint(hint(text)),
            );
        }
        meaning
    }
}
