//! What the tests of a document reach: which rules decide what they expect, and which answers each condition gave.
//!
//! Only counts of which a test expects something are looked at; whatever else is in its history is nobody's claim. A
//! rule below the one that decides is not reached, and a part of a condition behind the one that settles it is not.

use crate::cases::{Bench, Suite};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use vacatur_policy::{Decides, Diagnostic, Outline, RuleIx, Value};
use vacatur_records::Truth;

/// What the tests of a document reach.
#[derive(Clone, Debug, Serialize)]
pub struct CoverageReport {
    /// The document's name.
    pub policy: String,
    /// How many tests it has.
    pub tests: usize,
    /// How many expectations they have.
    pub expectations: usize,
    /// How many of them are about a count that came out as out of scope.
    pub out_of_scope: usize,
    /// The condition of the scope.
    pub scope: ConditionCoverage,
    /// The rules, in order.
    pub rules: Vec<RuleCoverage>,
    /// The names of the rules that decide nothing that is expected.
    pub never_decide: Vec<String>,
    /// The parameters, in order.
    pub parameters: Vec<ParameterCoverage>,
    /// The names of the parameters that no test sets to anything but the default.
    pub never_set: Vec<String>,
}

/// What the tests reach of a rule.
#[derive(Clone, Debug, Serialize)]
pub struct RuleCoverage {
    /// Its number in the document, from 1.
    pub number: usize,
    /// Its name.
    pub name: String,
    /// The line on which its block begins, from 1.
    pub line: usize,
    /// How many expectations are about a count that it decides.
    pub decides: usize,
    /// How many are about a count on which it may decide, depending on what is missing.
    pub may_decide: usize,
    /// The names of the tests in which it decides something that is expected.
    pub tests: Vec<String>,
    /// Its condition; nothing for `otherwise`.
    pub condition: Option<ConditionCoverage>,
}

/// How often the tests saw each answer of a condition.
#[derive(Clone, Debug, Serialize)]
pub struct ConditionCoverage {
    /// The words of the document.
    pub text: String,
    /// The line on which it begins, from 1.
    pub line: usize,
    /// How often it held.
    pub yes: usize,
    /// How often it did not.
    pub no: usize,
    /// How often that was unknown; `None` for a condition on parameters alone, which always has an answer.
    pub unknown: Option<usize>,
    /// Its parts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<ConditionCoverage>,
}

/// The values that the tests give a parameter.
#[derive(Clone, Debug, Serialize)]
pub struct ParameterCoverage {
    /// Its name.
    pub name: String,
    /// Its default.
    pub default: String,
    /// The other values under which something is expected, in the order of the tests.
    pub set: Vec<String>,
}

/// How often each answer was seen: yes, no, unknown.
type Seen = BTreeMap<(usize, usize), [usize; 3]>;

/// Runs the tests of a document, whether they pass or not, and reports what they reach. A test that cannot be run reaches
/// nothing.
#[must_use]
pub fn coverage(suite: &Suite) -> CoverageReport {
    let policy = suite.policy();
    let text = policy.text();
    let (mut seen, mut out_of_scope) = (Seen::new(), 0);
    let line = |at: usize| Diagnostic::warning(at..at, "").line_and_column(text).0;
    let mut rules: Vec<RuleCoverage> = policy
        .rules
        .iter()
        .enumerate()
        .map(|(at, rule)| RuleCoverage {
            number: at + 1,
            name: rule.name.clone(),
            line: line(rule.span.start),
            decides: 0,
            may_decide: 0,
            tests: Vec::new(),
            condition: None,
        })
        .collect();
    let mut values: Vec<Vec<Value>> = policy.parameters.iter().map(|_| Vec::new()).collect();
    let mut bench = Bench::new(suite);
    for at in 0..policy.cases.len() {
        // Why a test cannot be run is for the runner of tests to tell.
        let _ = bench.run(at, |tried| {
            for (seen, value) in values.iter_mut().zip(tried.compiled.values()) {
                if !seen.contains(value) {
                    seen.push(value.clone());
                }
            }
            for expected in &tried.case.expect {
                let decision = tried.determination(expected).map(|found| *found.decision());
                out_of_scope += usize::from(decision.is_none());
                if let Some(count) = tried.count(expected)
                    && (policy.heading.decides == Decides::Charges
                        || tried.prepared.convictions().contains(&count))
                {
                    let view = tried.worker.view(tried.prepared, 0, tried.case.as_of);
                    let values = tried.compiled.values();
                    policy.observe(values, &view, count, decision.as_ref(), &mut |span, truth| {
                        let seen = seen.entry((span.start, span.end)).or_default();
                        seen[match truth {
                            Truth::Yes => 0,
                            Truth::No => 1,
                            Truth::Unknown => 2,
                        }] += 1;
                    });
                }
                let Some(decision) = decision else { continue };
                if let Some(RuleIx(rule)) = decision.deciding {
                    let rule = &mut rules[usize::from(rule)];
                    rule.decides += 1;
                    if rule.tests.last() != Some(&tried.case.name) {
                        rule.tests.push(tried.case.name.clone());
                    }
                } else {
                    decision.possible.iter().for_each(|rule| rules[rule.at()].may_decide += 1);
                }
            }
        });
    }
    let (scope, conditions) = policy.outline();
    for (rule, condition) in rules.iter_mut().zip(&conditions) {
        rule.condition = condition.as_ref().map(|condition| covered(condition, &seen, &line));
    }
    let parameters: Vec<ParameterCoverage> = policy
        .parameters
        .iter()
        .zip(values)
        .map(|(parameter, values)| ParameterCoverage {
            name: parameter.name.clone(),
            default: parameter.default.to_string(),
            set: values.iter().filter(|value| **value != parameter.default).map(Value::to_string).collect(),
        })
        .collect();
    CoverageReport {
        policy: policy.heading.id.clone(),
        tests: policy.cases.len(),
        expectations: policy.cases.iter().map(|case| case.expect.len()).sum(),
        out_of_scope,
        scope: covered(&scope, &seen, &line),
        never_decide: rules.iter().filter(|rule| rule.decides == 0).map(|rule| rule.name.clone()).collect(),
        never_set: parameters.iter().filter(|it| it.set.is_empty()).map(|it| it.name.clone()).collect(),
        rules,
        parameters,
    }
}

fn covered(outline: &Outline, seen: &Seen, line: &dyn Fn(usize) -> usize) -> ConditionCoverage {
    let [yes, no, unknown] = seen.get(&(outline.span.start, outline.span.end)).copied().unwrap_or_default();
    ConditionCoverage {
        text: outline.text.clone(),
        line: line(outline.span.start),
        yes,
        no,
        unknown: outline.can_be_unknown.then_some(unknown),
        parts: outline.parts.iter().map(|part| covered(part, seen, line)).collect(),
    }
}

impl ConditionCoverage {
    /// The answers that it might have given and that no test saw.
    #[must_use]
    pub fn not_seen(&self) -> Vec<&'static str> {
        let answers = [(Some(self.yes), "yes"), (Some(self.no), "no"), (self.unknown, "unknown")];
        answers.into_iter().filter(|(times, _)| *times == Some(0)).map(|(_, word)| word).collect()
    }

    fn write(&self, out: &mut String, depth: usize) {
        let unknown = self.unknown.map_or_else(|| "-".to_owned(), |times| times.to_string());
        let indent = "  ".repeat(depth);
        let _ = writeln!(out, "{:>7}{:>7}{unknown:>9}  {indent}{}", self.yes, self.no, self.text);
        for part in &self.parts {
            part.write(out, depth + 1);
        }
    }

    fn gaps(&self, out: &mut String) {
        let not_seen = self.not_seen();
        if self.yes + self.no + self.unknown.unwrap_or(0) == 0 {
            let _ = writeln!(out, "  line {}: never reached: {}", self.line, self.text);
            return;
        }
        if !not_seen.is_empty() {
            let _ = writeln!(out, "  line {}: never {}: {}", self.line, not_seen.join(", never "), self.text);
        }
        for part in &self.parts {
            part.gaps(out);
        }
    }
}

impl CoverageReport {
    /// The report as text, for a screen or a file.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::new();
        let _ = writeln!(out, "{:>7}{:>7}{:>9}", "yes", "no", "unknown");
        let _ = writeln!(out, "scope");
        self.scope.write(&mut out, 0);
        for rule in &self.rules {
            let may = if rule.may_decide > 0 {
                format!(", and may decide {}", rule.may_decide)
            } else {
                String::new()
            };
            let _ = writeln!(
                out,
                "{}. {}, line {}: decides {}{may}",
                rule.number, rule.name, rule.line, rule.decides
            );
            if let Some(condition) = &rule.condition {
                condition.write(&mut out, 0);
            }
            for test in &rule.tests {
                let _ = writeln!(out, "{:>23}  in \"{test}\"", "");
            }
        }
        let mut gaps = String::new();
        for name in &self.never_decide {
            let _ = writeln!(gaps, "  the rule `{name}` decides nothing that a test expects");
        }
        for parameter in self.parameters.iter().filter(|parameter| parameter.set.is_empty()) {
            let _ = writeln!(
                gaps,
                "  no test sets `{}` to anything but its default, {}",
                parameter.name, parameter.default
            );
        }
        for condition in
            [&self.scope].into_iter().chain(self.rules.iter().filter_map(|it| it.condition.as_ref()))
        {
            condition.gaps(&mut gaps);
        }
        let _ = writeln!(out, "\nnot covered{}", if gaps.is_empty() { ": nothing" } else { "" });
        out.push_str(&gaps);
        let _ = writeln!(
            out,
            "\n{}: {} tests, {} expectations, {} of them out of scope",
            self.policy, self.tests, self.expectations, self.out_of_scope
        );
        out
    }
}
