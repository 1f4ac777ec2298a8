//! A small vocabulary, and documents around it.
#![allow(dead_code, reason = "no test file uses all of it")]

use vacatur_policy::{FactDef, FactKind, Missing, Scope, Vocabulary};

const fn fact(name: &'static str, scope: Scope, kind: FactKind, missing: Missing) -> FactDef {
    FactDef { name, scope, kind, missing, says: "A fact." }
}

/// Each kind of fact, and each kind of subject.
pub(crate) const FACTS: &[FactDef] = &[
    fact("deceased", Scope::Person, FactKind::Flag, Missing::Death),
    fact("birth-date", Scope::Person, FactKind::Date, Missing::BirthDate),
    fact("date", Scope::Conviction, FactKind::Date, Missing::ConvictionDate),
    fact("level", Scope::Conviction, FactKind::Level, Missing::Level),
    fact("section", Scope::Conviction, FactKind::Section, Missing::Section),
    fact("attempt", Scope::Conviction, FactKind::Flag, Missing::Sentence),
    fact("county", Scope::Conviction, FactKind::County, Missing::County),
    fact("relief", Scope::Conviction, FactKind::Labels, Missing::Disposition),
    fact("itself", Scope::Pair, FactKind::Flag, Missing::Section),
    fact("same-case", Scope::Pair, FactKind::Flag, Missing::Section),
    fact("date", Scope::Registration, FactKind::Date, Missing::RegistrationDate),
];

/// The vocabulary of these facts.
pub(crate) const VOCABULARY: Vocabulary = Vocabulary::new(FACTS);

/// The same facts, and those that windows, clocks and weights ask for.
pub(crate) const MORE_FACTS: &[FactDef] = &[
    FACTS[0],
    FACTS[1],
    FACTS[2],
    FACTS[3],
    FACTS[4],
    FACTS[5],
    FACTS[6],
    FACTS[7],
    fact("offence-date", Scope::Conviction, FactKind::Date, Missing::Environment),
    fact("completed", Scope::Conviction, FactKind::Date, Missing::Payment),
    fact("weight", Scope::Conviction, FactKind::Weight, Missing::Weight),
    fact("plants", Scope::Conviction, FactKind::Number, Missing::Plants),
    FACTS[8],
    FACTS[9],
    fact("same-cycle", Scope::Pair, FactKind::Flag, Missing::Import),
    FACTS[10],
];

/// The vocabulary of those.
pub(crate) const LARGER: Vocabulary = Vocabulary::new(MORE_FACTS);

/// The block that says what a document is.
pub(crate) const HEADING: &str = "```policy
id: test
title: A test
jurisdiction: us-ca
authority: nobody
effective: always
source: this test
status: confirmed
```
";

/// One set.
pub(crate) const SECTIONS: &str = "```sections
listed = HS 11357, HS 11358
```
";

/// Everything is in scope.
pub(crate) const SCOPE: &str = "```scope
when conviction.section in listed
cite A source
```
";

/// The last rule.
pub(crate) const OTHERWISE: &str = "```rule otherwise
otherwise
then review
reason \"No rule applies\"
cite A source
```
";

/// A rule of this name and condition, which dismisses.
pub(crate) fn rule(name: &str, when: &str) -> String {
    format!("```rule {name}\nwhen {when}\nthen dismiss\nreason \"Because\"\ncite A source\n```\n")
}

/// A sound document with `blocks` before its last rule.
pub(crate) fn document(blocks: &str) -> String {
    [HEADING, SECTIONS, SCOPE, blocks, OTHERWISE].concat()
}
