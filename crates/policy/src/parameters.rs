//! Parameters: what an office may set without changing the document.

use crate::Diagnostic;
use crate::diagnostics::nearest;
use crate::document::{Block, Entry, after, entries};
use crate::grammar::PARAMETER_KINDS;
use crate::lex::{self, QUOTES};
use crate::reader::one_line;
use crate::vocabulary::{Scope, Vocabulary};
use std::ops::Range;
use vacatur_records::Date;

/// Words that would make a condition ambiguous if a parameter had them as its name.
pub const RESERVED: [&str; 32] = [
    "and",
    "any",
    "as-of",
    "at",
    "before",
    "after",
    "conviction",
    "count",
    "every",
    "in",
    "is",
    "no",
    "not",
    "on",
    "or",
    "person",
    "plus",
    "minus",
    "years",
    "months",
    "days",
    "section",
    "all",
    "cases",
    "charge",
    "earlier",
    "earliest",
    "if",
    "later",
    "latest",
    "registration",
    "where",
];

/// How many parameters a document may have.
const MOST: usize = 256;

/// What a parameter may be set to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A whole number within bounds, both included; it may be off.
    Number {
        /// The least.
        from: i32,
        /// The most.
        to: i32,
        /// Whether it may be off.
        may_be_off: bool,
    },
    /// Yes or no.
    Flag,
    /// One of some texts.
    Choice {
        /// The texts.
        of: Vec<String>,
    },
    /// Some of a list of code sections.
    Sections {
        /// The list.
        of: Vec<String>,
        /// Another parameter of the same kind, with which it may share none.
        apart_from: Option<String>,
    },
    /// A county, or any.
    County,
    /// A day.
    Date,
}

/// The value of a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A number; `None` for off.
    Number(Option<i32>),
    /// Yes or no.
    Flag(bool),
    /// One of the texts.
    Choice(String),
    /// Code sections, as written.
    Sections(Vec<String>),
    /// A county; `None` for any.
    County(Option<String>),
    /// A day.
    Date(Date),
}

/// One parameter.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// What it may be set to.
    pub kind: Kind,
    /// What it is unless set.
    pub default: Value,
    /// What it means.
    pub says: String,
    /// The key that sets it in an options file of the predecessors.
    pub option: Option<String>,
    /// Where it is declared.
    pub span: Range<usize>,
}

/// Why a parameter cannot be set so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParameterError {
    /// No parameter of this name.
    #[error("the policy has no parameter `{name}`{}", near.as_ref().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default())]
    Unknown {
        /// The name given.
        name: String,
        /// The nearest name.
        near: Option<String>,
    },
    /// A value that it cannot have.
    #[error("`{name}` cannot be `{value}`: it is {takes}")]
    Value {
        /// The parameter.
        name: String,
        /// The value given.
        value: String,
        /// What it takes.
        takes: String,
    },
}

impl Parameter {
    /// A value from its text, checked.
    ///
    /// # Errors
    /// A text that is not of its kind or out of its bounds.
    pub fn read(&self, text: &str) -> Result<Value, ParameterError> {
        let text = text.trim();
        let wrong = || ParameterError::Value {
            name: self.name.clone(),
            value: text.to_owned(),
            takes: self.kind.to_string(),
        };
        match &self.kind {
            Kind::Number { from, to, may_be_off } => {
                if *may_be_off && text.eq_ignore_ascii_case("off") {
                    return Ok(Value::Number(None));
                }
                let number: i32 = text.parse().map_err(|_| wrong())?;
                if (*from..=*to).contains(&number) { Ok(Value::Number(Some(number))) } else { Err(wrong()) }
            }
            Kind::Flag => match text.to_ascii_lowercase().as_str() {
                "yes" | "true" | "on" => Ok(Value::Flag(true)),
                "no" | "false" | "off" => Ok(Value::Flag(false)),
                _ => Err(wrong()),
            },
            Kind::Choice { of } => {
                let plain = choice(text);
                of.iter()
                    .find(|choice| choice.eq_ignore_ascii_case(&plain))
                    .cloned()
                    .map(Value::Choice)
                    .ok_or_else(wrong)
            }
            Kind::Sections { of, .. } => {
                let chosen: Vec<String> = list(text).filter(|section| section != "none").collect();
                if chosen.iter().all(|section| of.contains(section)) {
                    Ok(Value::Sections(chosen))
                } else {
                    Err(wrong())
                }
            }
            Kind::County => {
                let plain = choice(text).to_uppercase();
                Ok(Value::County((!plain.is_empty() && plain != "ANY").then_some(plain)))
            }
            Kind::Date => lex::day(text).map(Value::Date).ok_or_else(wrong),
        }
    }
}

/// What it takes, in words.
impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number { from, to, may_be_off } => {
                write!(f, "a whole number from {from} to {to}{}", if *may_be_off { ", or off" } else { "" })
            }
            Self::Flag => f.write_str("yes or no"),
            Self::Choice { of } => write!(f, "one of \"{}\"", of.join("\", \"")),
            Self::Sections { of, .. } => write!(f, "none or some of {}", of.join(", ")),
            Self::County => f.write_str("a county, or any"),
            Self::Date => f.write_str("a date such as 2016-11-09"),
        }
    }
}

/// As it is set on the command line.
impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(Some(number)) => write!(f, "{number}"),
            Self::Number(None) => f.write_str("off"),
            Self::Flag(flag) => f.write_str(if *flag { "yes" } else { "no" }),
            Self::Choice(text) => f.write_str(text),
            Self::Sections(sections) if sections.is_empty() => f.write_str("none"),
            Self::Sections(sections) => f.write_str(&sections.join(", ")),
            Self::County(county) => f.write_str(county.as_deref().unwrap_or("any")),
            Self::Date(day) => write!(f, "{day}"),
        }
    }
}

/// Reads a `parameters` block into `parameters`.
pub(crate) fn read(block: &Block<'_>, parameters: &mut Vec<Parameter>, wrong: &mut Vec<Diagnostic>) {
    let entries = match entries(block) {
        Ok(entries) => entries,
        Err(error) => return wrong.push(error),
    };
    for entry in entries {
        if parameters.len() == MOST {
            let says = format!("a document has at most {MOST} parameters");
            return wrong.push(Diagnostic::error(entry.span(), says));
        }
        match one(&entry) {
            Ok(parameter) if parameters.iter().any(|other| other.name == parameter.name) => wrong.push(
                Diagnostic::error(
                    parameter.span,
                    format!("the parameter `{}` is given twice", parameter.name),
                )
                .hint("keep one of them"),
            ),
            Ok(parameter) => parameters.push(parameter),
            Err(error) => wrong.push(error),
        }
    }
}

/// `age: number = 50, from 40 to 65`, then indented lines of explanation and `option KEY`.
fn one(entry: &Entry<'_>) -> Result<Parameter, Diagnostic> {
    let head = entry.text.lines().next().unwrap_or("").trim_end();
    let span = entry.at..entry.at + head.len().max(1);
    let shape = || {
        Diagnostic::error(span.clone(), "this declares no parameter").hint(
            "write `age: number = 50, from 40 to 65`, `seal: flag = no`, `youth: one of \"today\", \"conviction\" = \"today\"`, `county: county = any`",
        )
    };
    let (name, rest) = head.split_once(':').ok_or_else(shape)?;
    let name = lex::name(name);
    if name.is_empty() || !name.chars().all(|c| c.is_alphanumeric() || c == '-') {
        return Err(shape().hint("a parameter's name is made of letters, digits and hyphens"));
    }
    if RESERVED.contains(&name.as_str()) {
        return Err(Diagnostic::error(
            span,
            format!("`{name}` is a word of the language and cannot name a parameter"),
        )
        .hint(format!("choose another name, such as `{name}-limit`")));
    }
    let (kind, value) = rest.split_once('=').ok_or_else(shape)?;
    let (mut default, mut bounds) = (value.trim(), None);
    let kind = one_line(kind);
    let kind = if let Some(choices) = after(&kind, "one of") {
        Kind::Choice { of: choices.split(',').map(choice).collect() }
    } else if let Some(sections) = after(&kind, "sections of") {
        Kind::Sections { of: list(sections).collect(), apart_from: None }
    } else {
        match kind.to_lowercase().as_str() {
            "flag" => Kind::Flag,
            "county" => Kind::County,
            "date" => Kind::Date,
            "number" | "number or off" => {
                let (value, range) = default.split_once(',').ok_or_else(|| {
                    Diagnostic::error(span.clone(), "a number needs its range")
                        .hint("write `= 50, from 40 to 65`")
                })?;
                default = value.trim();
                bounds = Some(range.trim());
                let words: Vec<&str> = range.split_whitespace().collect();
                match words.as_slice() {
                    ["from", from, "to", to] => match (from.parse(), to.parse()) {
                        (Ok(from), Ok(to)) if from <= to => {
                            Kind::Number { from, to, may_be_off: kind.ends_with("off") }
                        }
                        _ => {
                            return Err(Diagnostic::error(span, "this range is no range")
                                .hint("write `from 40 to 65`"));
                        }
                    },
                    _ => {
                        return Err(Diagnostic::error(span, "a number needs its range")
                            .hint("write `= 50, from 40 to 65`"));
                    }
                }
            }
            other => {
                let error =
                    Diagnostic::error(span, format!("there is no kind of parameter called `{other}`"));
                return Err(match nearest(other, PARAMETER_KINDS) {
                    Some(near) => error.hint(format!("did you mean `{near}`?")),
                    None => error.hint(format!("kinds are {}", PARAMETER_KINDS.join(", "))),
                });
            }
        }
    };
    let mut parameter = Parameter {
        name,
        kind,
        default: Value::Flag(false),
        says: String::new(),
        option: None,
        span: span.clone(),
    };
    parameter.default = parameter.read(default).map_err(|_| {
        let range = bounds.map_or_else(|| parameter.kind.to_string(), |range| format!("a number {range}"));
        Diagnostic::error(
            span,
            format!("the default `{default}` of `{}` is out of its range", parameter.name),
        )
        .hint(format!("it is {range}"))
    })?;
    for line in
        entry.text.lines().skip(1).map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        if let Some(option) = after(line, "option") {
            parameter.option = Some(option.trim().to_owned());
        } else if let (Some(other), Kind::Sections { apart_from, .. }) =
            (after(line, "apart from"), &mut parameter.kind)
        {
            *apart_from = Some(lex::name(other));
        } else {
            if !parameter.says.is_empty() {
                parameter.says.push(' ');
            }
            parameter.says.push_str(&one_line(line));
        }
    }
    Ok(parameter)
}

/// The items of a list joined by commas.
fn list(text: &str) -> impl Iterator<Item = String> {
    text.split(',').map(one_line).filter(|item| !item.is_empty())
}

/// A choice or a county, without its quotation marks.
fn choice(text: &str) -> String {
    one_line(text.trim().trim_matches(QUOTES))
}

/// What only the parameters together show.
pub(crate) fn check(parameters: &[Parameter], vocabulary: &Vocabulary, wrong: &mut Vec<Diagnostic>) {
    for (at, parameter) in parameters.iter().enumerate() {
        let mut error = |says: String, hint: &str| {
            wrong.push(Diagnostic::error(parameter.span.clone(), says).hint(hint));
        };
        // Inside `where` facts stand without their first word.
        let inside = [Scope::Conviction, Scope::Pair, Scope::Registration];
        // A county stands after `is` alone, where no fact can.
        if parameter.kind != Kind::County
            && inside.into_iter().any(|scope| vocabulary.find(scope, &parameter.name).is_some())
        {
            let says = format!("`{}` is a fact and cannot name a parameter", parameter.name);
            error(says, "choose another name");
        }
        if let Some(option) = &parameter.option
            && parameters[..at].iter().any(|other| other.option.as_ref() == Some(option))
        {
            error(format!("the option `{option}` sets another parameter already"), "keep one of them");
        }
        if let Kind::Sections { apart_from: Some(other), .. } = &parameter.kind
            && !parameters.iter().any(|it| it.name == *other && matches!(it.kind, Kind::Sections { .. }))
        {
            let says = format!("there is no parameter `{other}` of sections to be apart from");
            error(says, "name a parameter declared as `sections of …`");
        }
    }
}

/// Checks what one value cannot show alone: lists that may share nothing.
pub(crate) fn consistent(parameters: &[Parameter], values: &[Value]) -> Result<(), ParameterError> {
    for (parameter, value) in parameters.iter().zip(values) {
        let (Kind::Sections { apart_from: Some(other), .. }, Value::Sections(mine)) =
            (&parameter.kind, value)
        else {
            continue;
        };
        let Some(Value::Sections(theirs)) =
            parameters.iter().position(|it| it.name == *other).map(|at| &values[at])
        else {
            continue;
        };
        if let Some(shared) = mine.iter().find(|section| theirs.contains(section)) {
            return Err(ParameterError::Value {
                name: parameter.name.clone(),
                value: shared.clone(),
                takes: format!("apart from `{other}`, which names {shared} too; keep it in one of them"),
            });
        }
    }
    Ok(())
}

/// Sets parameters by name; later settings replace earlier ones.
pub(crate) fn set(
    parameters: &[Parameter],
    values: &mut [Value],
    name: &str,
    text: &str,
) -> Result<(), ParameterError> {
    let Some(at) = parameters.iter().position(|parameter| parameter.name == name) else {
        let near =
            nearest(name, parameters.iter().map(|parameter| parameter.name.as_str())).map(str::to_owned);
        return Err(ParameterError::Unknown { name: name.to_owned(), near });
    };
    values[at] = parameters[at].read(text)?;
    Ok(())
}
