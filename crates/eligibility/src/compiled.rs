//! A policy joined to the statute tables, with its parameters set.

use std::sync::Arc;
use vacatur_policy::{Diagnostic, NamedSet, Policy, SetIx, SetSource, Treatment, Value, nearest};
use vacatur_statutes::{CodeSection, Rule, SectionSet, Statutes};

/// A policy that is ready to decide.
#[derive(Debug)]
pub struct Compiled {
    policy: Arc<Policy>,
    values: Vec<Value>,
    sets: Vec<SectionSet>,
    uses_offence_date: bool,
}

impl Compiled {
    /// Joins a policy to the tables of `statutes`, with `values` from [`Policy::values`]. Policies that differ in
    /// their values only may share one document.
    ///
    /// # Errors
    /// A set that names a table that does not exist, or a section that cannot be read, with its place.
    pub fn new(
        policy: impl Into<Arc<Policy>>,
        values: Vec<Value>,
        statutes: &Statutes,
    ) -> Result<Self, Vec<Diagnostic>> {
        let policy = policy.into();
        let mut wrong = Vec::new();
        let sets: Vec<SectionSet> =
            policy.sets.iter().map(|set| resolve(set, &values, statutes, &mut wrong)).collect();
        let asks_dated_set = |(at, set): (usize, &SectionSet)| {
            set.is_dated() && u16::try_from(at).is_ok_and(|at| policy.names_set(SetIx(at)))
        };
        let uses_offence_date = policy.names_fact(crate::vocabulary::OFFENCE_DATE)
            || policy.names_fact(crate::vocabulary::ARREST_DATE)
            || sets.iter().enumerate().any(asks_dated_set);
        if wrong.is_empty() {
            Ok(Self { policy, values, sets, uses_offence_date })
        } else {
            Err(wrong.into_iter().map(|error| policy.place(error)).collect())
        }
    }

    /// The policy.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The values of its parameters.
    #[must_use]
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    /// A section set by its index.
    #[must_use]
    pub fn set(&self, at: SetIx) -> &SectionSet {
        &self.sets[at.at()]
    }

    /// Its section sets, in order.
    #[must_use]
    pub fn sets(&self) -> &[SectionSet] {
        &self.sets
    }

    /// Whether the policy looks at the day of the offence, by itself or through a dated set; an arrest stands in for it.
    #[must_use]
    pub fn uses_offence_date(&self) -> bool {
        self.uses_offence_date
    }

    /// The county that the policy was set to, if it has such a parameter and one is set.
    #[must_use]
    pub fn county(&self) -> Option<&str> {
        self.values.iter().find_map(|value| match value {
            Value::County(county) => county.as_deref(),
            _ => None,
        })
    }
}

fn resolve(set: &NamedSet, values: &[Value], statutes: &Statutes, wrong: &mut Vec<Diagnostic>) -> SectionSet {
    let section =
        |text: &str, span: &std::ops::Range<usize>, wrong: &mut Vec<Diagnostic>| -> Option<CodeSection> {
            let found = statutes.grammar.section(text);
            if found.is_none() {
                wrong.push(
                    Diagnostic::error(span.clone(), format!("`{text}` is no code section"))
                        .hint("write the code first: HS 11357(a), PC 187, VC 23152(b)"),
                );
            }
            found
        };
    let resolved = match &set.source {
        SetSource::Table(name) => match statutes.set(name) {
            Some(table) => table.clone(),
            None => {
                let error =
                    Diagnostic::error(set.span.clone(), format!("there is no statute table `{name}`"));
                wrong.push(match nearest(name, statutes.names()) {
                    Some(near) => error.hint(format!("did you mean `{near}`?")),
                    None => error
                        .hint(format!("the tables are {}", statutes.names().collect::<Vec<_>>().join(", "))),
                });
                SectionSet::of(&[])
            }
        },
        SetSource::Listed(listed) => {
            let sections: Vec<_> = listed
                .iter()
                .filter_map(|one| Some((section(&one.section, &one.span, wrong)?, one.from, one.until)))
                .collect();
            statutes.set_of_dated(&sections)
        }
        SetSource::Parameter(at) => {
            let texts = match &values[at.at()] {
                Value::Sections(texts) => texts.as_slice(),
                _ => &[],
            };
            let sections: Vec<CodeSection> =
                texts.iter().filter_map(|text| section(text, &set.span, wrong)).collect();
            statutes.set_of(&sections)
        }
    };
    let rule = |treatment| match treatment {
        Treatment::Count => Rule::Count,
        Treatment::Unclear => Rule::Unclear,
        Treatment::DoNotCount => Rule::DoNotCount,
    };
    resolved.treating(set.attempts.map(rule), set.conspiracies.map(rule))
}
