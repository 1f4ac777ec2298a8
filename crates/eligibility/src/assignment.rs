//! The document that says which policy decides for which county.
//!
//! ```toml
//! title = "Cannabis convictions, county by county"
//! default = "us-ca/hs-11361-8"
//!
//! [[office]]
//! counties = ["LOS ANGELES"]
//! policy = "us-ca/los-angeles-2020"
//! set = { age = 45 }
//! ```

use crate::compiled::Compiled;
use crate::office::Assigned;
use crate::prepared::same_county;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use toml::Spanned;
use vacatur_policy::{Diagnostic, ParameterError, ParameterKind, Policy, nearest};
use vacatur_statutes::Statutes;

/// The word for counties that nobody decides.
const NONE: &str = "none";

/// The most bytes of such a document. All counties with all parameters take a few thousand.
const LARGEST: usize = 1 << 20;

/// A document that says which policy decides for which county.
#[derive(Debug)]
pub struct Assignment {
    text: String,
    id: String,
    title: String,
    /// For each county, in the order of the list of counties, the number of its choice.
    of: Vec<Option<usize>>,
    choices: Vec<Choice>,
    statute: Option<Spanned<String>>,
}

/// A policy with parameters, as the document chooses it.
#[derive(Debug)]
struct Choice {
    policy: Spanned<String>,
    set: Vec<(Spanned<String>, String, Range<usize>)>,
}

/// Which policy says what the statute itself gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatuteName {
    /// Its name.
    pub name: String,
    /// The policy that names it; none if the assignment itself does.
    pub named_by: Option<String>,
    /// Where the assignment speaks of it.
    pub span: Range<usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Document {
    #[serde(default)]
    id: Option<Spanned<String>>,
    #[serde(default)]
    title: Option<String>,
    default: Spanned<String>,
    #[serde(default)]
    default_set: BTreeMap<Spanned<String>, Spanned<toml::Value>>,
    #[serde(default)]
    statute: Option<Spanned<String>>,
    #[serde(default)]
    office: Vec<Office>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Office {
    counties: Spanned<Vec<Spanned<String>>>,
    policy: Spanned<String>,
    #[serde(default)]
    set: BTreeMap<Spanned<String>, Spanned<toml::Value>>,
}

impl Assignment {
    /// Reads a document; `counties` are all that there are.
    ///
    /// # Errors
    /// Every mistake with its place: no TOML, an unknown key, a county that is none or stands there twice.
    pub fn parse(text: &str, counties: &[String]) -> Result<Self, Vec<Diagnostic>> {
        if text.len() > LARGEST {
            let what = format!("it has {} bytes; a list of counties has a few thousand", text.len());
            return Err(vec![Diagnostic::error(0..0, what)]);
        }
        let document: Document = toml::from_str(text).map_err(|error| {
            let span = error.span().unwrap_or(0..0);
            vec![Diagnostic::error(span, error.message().trim_end().to_owned()).hint(
                "a list of counties has `default` and, for each office, [[office]] with `counties`, `policy` and `set`",
            )]
        })?;
        let mut wrong = Vec::new();
        let id = document.id.as_ref().map_or("by-county", |id| id.get_ref().as_str()).to_owned();
        if !id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'/' | b'_' | b'.'))
            || id.is_empty()
        {
            let span = document.id.as_ref().map_or(0..0, Spanned::span);
            wrong.push(Diagnostic::error(span, "an id is made of letters, digits, `-`, `_`, `.` and `/`"));
        }
        let mut choices: Vec<Choice> = Vec::new();
        let default_is_none = document.default.get_ref() == NONE;
        let default = (!default_is_none).then(|| {
            choices.push(Choice {
                policy: document.default.clone(),
                set: set(document.default_set, &mut wrong),
            });
            0
        });
        let mut of: Vec<Option<usize>> = vec![default; counties.len()];
        let mut first: Vec<Option<Range<usize>>> = vec![None; counties.len()];
        for office in document.office {
            let number = choices.len();
            if office.counties.get_ref().is_empty() {
                let error = Diagnostic::error(office.counties.span(), "this office has no county");
                wrong.push(error.hint("name them: counties = [\"LOS ANGELES\"]"));
            }
            for county in office.counties.get_ref() {
                let known = counties
                    .iter()
                    .position(|known| same_county(known.as_bytes(), county.get_ref().as_bytes()));
                let Some(at) = known else {
                    let error =
                        Diagnostic::error(county.span(), format!("`{}` is no county", county.get_ref()));
                    wrong.push(match nearest(county.get_ref(), counties.iter().map(String::as_str)) {
                        Some(near) => error.hint(format!("did you mean `{near}`?")),
                        None => error.hint(format!(
                            "the {} counties are those of layouts/us-ca/counties.txt",
                            counties.len()
                        )),
                    });
                    continue;
                };
                match first.get_mut(at) {
                    Some(Some(before)) => {
                        let line = 1 + text.get(..before.start).map_or(0, |text| text.matches('\n').count());
                        let what = format!("`{}` has a policy already, on line {line}", county.get_ref());
                        wrong.push(
                            Diagnostic::error(county.span(), what)
                                .hint("a county has one policy; take it out of one of the two"),
                        );
                    }
                    Some(room) => *room = Some(county.span()),
                    None => {}
                }
                if let Some(place) = of.get_mut(at) {
                    *place = Some(number);
                }
            }
            choices.push(Choice { policy: office.policy, set: set(office.set, &mut wrong) });
        }
        if choices.is_empty() {
            let error = Diagnostic::error(document.default.span(), "nobody decides for any county");
            wrong.push(error.hint("name a policy for `default`, or an [[office]] with its counties"));
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let title = document.title.unwrap_or_else(|| "For each county the policy of its own".into());
        Ok(Self { text: text.to_owned(), id, title, of, choices, statute: document.statute })
    }

    /// Joins the policies to the statutes, each set to its county. `find` gives the document of a name, or says why there
    /// is none; it is asked once for each name.
    ///
    /// # Errors
    /// Every policy that is not there or fails its check, and every parameter that there is not or that cannot be so.
    pub fn compile(
        &self,
        counties: &[String],
        statutes: &Statutes,
        find: &mut dyn FnMut(&str) -> Result<Policy, String>,
    ) -> Result<(Assigned, Option<StatuteName>), Vec<Diagnostic>> {
        let mut wrong = Vec::new();
        let mut documents: BTreeMap<&str, Option<Arc<Policy>>> = BTreeMap::new();
        let mut policies: Vec<Option<Arc<Policy>>> = Vec::with_capacity(self.choices.len());
        for choice in &self.choices {
            let name = choice.policy.get_ref().as_str();
            let policy = match documents.get(name) {
                Some(known) => known.clone(),
                None => {
                    let found = find(name).map(Arc::new).map_err(|what| {
                        wrong.push(Diagnostic::error(choice.policy.span(), what));
                    });
                    documents.insert(name, found.clone().ok());
                    found.ok()
                }
            };
            policies.push(policy);
        }
        let mut compiled: Vec<Option<Compiled>> = Vec::with_capacity(counties.len());
        let mut told: Vec<usize> = Vec::new();
        for (of, county) in self.of.iter().zip(counties) {
            let chosen = of.and_then(|at| Some((at, self.choices.get(at)?, policies.get(at)?.as_ref()?)));
            let Some((at, choice, policy)) = chosen else {
                compiled.push(None);
                continue;
            };
            match choice.set_to(county, policy, statutes) {
                Ok(one) => compiled.push(Some(one)),
                Err(errors) => {
                    compiled.push(None);
                    // What is wrong with a choice is wrong for each of its counties.
                    if !told.contains(&at) {
                        told.push(at);
                        wrong.extend(errors);
                    }
                }
            }
        }
        let statute = self.statute_name(&policies).map_err(|error| wrong.push(error)).ok().flatten();
        if !wrong.is_empty() {
            wrong.sort_by_key(|error| error.span.start);
            return Err(wrong);
        }
        let (id, title, text) = (self.id.clone(), self.title.clone(), self.text.clone());
        Ok((Assigned { id, title, text, counties: compiled }, statute))
    }

    /// The policy that says what the statute itself gives: as the document says, else as all of its policies do that name
    /// one.
    fn statute_name(&self, policies: &[Option<Arc<Policy>>]) -> Result<Option<StatuteName>, Diagnostic> {
        if let Some(statute) = &self.statute {
            let name = statute.get_ref().clone();
            return Ok((name != NONE).then(|| StatuteName { name, named_by: None, span: statute.span() }));
        }
        let mut found: Option<StatuteName> = None;
        for (choice, policy) in self.choices.iter().zip(policies) {
            let Some(name) = policy.as_ref().and_then(|policy| policy.heading.statute.clone()) else {
                continue;
            };
            let one = choice.policy.get_ref();
            match &found {
                None => {
                    found =
                        Some(StatuteName { name, named_by: Some(one.clone()), span: choice.policy.span() });
                }
                Some(first) if first.name == name => {}
                Some(first) => {
                    let what = format!(
                        "{one} names `{name}` for what the statute itself gives, and {} `{}`",
                        first.named_by.as_deref().unwrap_or_default(),
                        first.name
                    );
                    return Err(Diagnostic::error(choice.policy.span(), what)
                        .hint(format!("choose one for the whole run: statute = \"{name}\"")));
                }
            }
        }
        Ok(found)
    }
}

impl Choice {
    /// The policy with its parameters, set to a county.
    fn set_to(
        &self,
        county: &str,
        policy: &Arc<Policy>,
        statutes: &Statutes,
    ) -> Result<Compiled, Vec<Diagnostic>> {
        let mut wrong = Vec::new();
        let of_county = policy.parameters.iter().find(|it| matches!(it.kind, ParameterKind::County));
        for (name, _, span) in &self.set {
            if of_county.is_some_and(|it| it.name == *name.get_ref()) {
                let error = Diagnostic::error(span.clone(), "the county is set by the list of counties");
                wrong.push(error.hint("take it out: each policy is set to the county for which it decides"));
            }
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let mut given: Vec<(&str, &str)> =
            self.set.iter().map(|(name, value, _)| (name.get_ref().as_str(), value.as_str())).collect();
        given.extend(of_county.map(|it| (it.name.as_str(), county)));
        let place = |error: &ParameterError| {
            let (ParameterError::Unknown { name, .. } | ParameterError::Value { name, .. }) = error;
            let of = self.set.iter().find(|(known, ..)| known.get_ref() == name);
            match (error, of) {
                (ParameterError::Unknown { .. }, Some((name, ..))) => name.span(),
                (_, Some((_, _, span))) => span.clone(),
                (_, None) => self.policy.span(),
            }
        };
        let values = policy
            .values(given)
            .map_err(|error| vec![Diagnostic::error(place(&error), error.to_string())])?;
        Compiled::new(Arc::clone(policy), values, statutes).map_err(|errors| {
            let first = errors.first().map(|error| error.message.clone()).unwrap_or_default();
            let what = format!("{} fails its check: {first}", self.policy.get_ref());
            vec![Diagnostic::error(self.policy.span(), what).hint("`vacatur policy check` shows every error")]
        })
    }
}

/// Parameters as text, each with the place of its value.
fn set(
    given: BTreeMap<Spanned<String>, Spanned<toml::Value>>,
    wrong: &mut Vec<Diagnostic>,
) -> Vec<(Spanned<String>, String, Range<usize>)> {
    let mut set: Vec<_> = given
        .into_iter()
        .filter_map(|(name, value)| match as_text(value.get_ref()) {
            Some(text) => Some((name, text, value.span())),
            None => {
                let error = Diagnostic::error(
                    value.span(),
                    "a parameter is a number, a word, yes or no, a day, or a list",
                );
                wrong.push(error);
                None
            }
        })
        .collect();
    set.sort_by_key(|(_, _, span)| span.start);
    set
}

fn as_text(value: &toml::Value) -> Option<String> {
    Some(match value {
        toml::Value::String(text) => text.clone(),
        toml::Value::Integer(number) => number.to_string(),
        toml::Value::Boolean(yes) => if *yes { "yes" } else { "no" }.into(),
        toml::Value::Datetime(day) => day.to_string(),
        toml::Value::Array(all) => all.iter().map(as_text).collect::<Option<Vec<_>>>()?.join(", "),
        toml::Value::Float(_) | toml::Value::Table(_) => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shelf;
    use crate::vocabulary::VOCABULARY;
    use std::fmt::Write as _;

    /// What is wrong with a document, each mistake with its line and a caret.
    fn wrong_with(text: &str) -> String {
        let counties: Vec<String> = shelf::counties().map(str::to_owned).collect();
        let statutes = Statutes::us_ca().unwrap();
        let found = Assignment::parse(text, &counties).and_then(|assignment| {
            assignment.compile(&counties, &statutes, &mut |name| {
                let text = shelf::policy(name).ok_or_else(|| format!("there is no policy `{name}`"))?;
                Policy::parse_with(text, &VOCABULARY, &shelf::library)
                    .map(|(policy, _)| policy)
                    .map_err(|_| "it fails its check".into())
            })
        });
        match found {
            Ok((assigned, statute)) => {
                let mut told = String::new();
                for (county, compiled) in counties.iter().zip(&assigned.counties) {
                    let set = compiled.as_ref().map(|compiled| {
                        let names = compiled.policy().parameters.iter().zip(compiled.values());
                        let set: Vec<String> =
                            names.map(|(name, value)| format!("{} = {value}", name.name)).collect();
                        format!("{}: {}", compiled.policy().heading.id, set.join("; "))
                    });
                    if ["ALPINE", "LOS ANGELES", "YOLO"].contains(&county.as_str()) {
                        let _ = writeln!(told, "{county}: {}", set.unwrap_or_else(|| "nobody".into()));
                    }
                }
                let _ = write!(told, "statute: {}", statute.map_or("none".into(), |it| it.name));
                told
            }
            Err(errors) => errors.iter().map(|error| error.render("counties.toml", text)).collect(),
        }
    }

    #[test]
    fn each_policy_is_set_to_its_county() {
        insta::assert_snapshot!(wrong_with(
            "default = \"us-ca/dismiss-all-prop64\"\n\n[[office]]\ncounties = [\"Los  Angeles\"]\npolicy = \"us-ca/los-angeles-2020\"\nset = { age = 45, youth = \"conviction\" }\n"
        ));
    }

    #[test]
    fn who_is_not_named_may_be_left_to_nobody() {
        insta::assert_snapshot!(wrong_with(
            "default = \"none\"\n[[office]]\ncounties = [\"YOLO\"]\npolicy = \"us-ca/san-francisco-2018\"\n"
        ));
    }

    #[test]
    fn every_mistake_has_its_place() {
        insta::assert_snapshot!(wrong_with(
            "default = \"none\"\n[[office]]\ncounties = [\"LOS ANGELS\", \"YOLO\"]\npolicy = \"us-ca/los-angeles-2020\"\n\n[[office]]\ncounties = [\"Yolo\", \"ORLANDO\"]\npolicy = \"us-ca/bear\"\nset = { age = 45.5 }\n\n[[office]]\ncounties = []\npolicy = \"us-ca/bear\"\n"
        ));
    }

    #[test]
    fn policies_and_parameters_that_there_are_not() {
        insta::assert_snapshot!(wrong_with(
            "default = \"us-ca/nobody\"\n[[office]]\ncounties = [\"YOLO\", \"NAPA\"]\npolicy = \"us-ca/los-angeles-2020\"\nset = { age = 99 }\n[[office]]\ncounties = [\"KERN\"]\npolicy = \"us-ca/los-angeles-2020\"\nset = { ago = 50 }\n[[office]]\ncounties = [\"INYO\"]\npolicy = \"us-ca/los-angeles-2020\"\nset = { county = \"INYO\" }\n"
        ));
    }

    #[test]
    fn what_is_no_such_document() {
        insta::assert_snapshot!(
            [
                wrong_with("default = \"none\"\n"),
                wrong_with("default = us-ca/bear\n"),
                wrong_with("[[office]]\ncounties = [\"YOLO\"]\npolicy = \"us-ca/bear\"\n"),
                wrong_with("default = \"us-ca/bear\"\ndefaults = 1\n"),
            ]
            .join("\n")
        );
    }
}
