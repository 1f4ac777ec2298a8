//! The policies that come with the program.

/// A policy of the shelf: its name and its document.
#[derive(Clone, Copy, Debug)]
pub struct Shelved {
    /// `us-ca/los-angeles-2020`.
    pub name: &'static str,
    /// The Markdown document.
    pub text: &'static str,
}

macro_rules! shelved {
    ($($name:literal),+ $(,)?) => {
        &[$(Shelved { name: $name, text: include_str!(concat!("../../../policies/", $name, ".md")) }),+]
    };
}

/// All of them, by name.
pub const POLICIES: &[Shelved] = shelved![
    "us-ca/bear",
    "us-ca/contra-costa-2019",
    "us-ca/dismiss-all-prop64",
    "us-ca/dismiss-all-prop64-and-related",
    "us-ca/hs-11361-8",
    "us-ca/los-angeles-2020",
    "us-ca/los-angeles-2021",
    "us-ca/pc-1203-425",
    "us-ca/pc-851-93",
    "us-ca/sacramento-2019",
    "us-ca/san-francisco-2018",
    "us-ca/san-joaquin-2019",
    "us-ca/variants/los-angeles-2020-no-date",
    "us-ca/variants/los-angeles-2020-no-registrable-offence",
    "us-ca/variants/los-angeles-2020-no-super-strike",
    "us-ca/variants/los-angeles-2020-no-two-priors",
];

/// The counties of California, one a line.
pub const COUNTIES: &str = include_str!("../../../layouts/us-ca/counties.txt");

/// The document of a shelved policy.
#[must_use]
pub fn policy(name: &str) -> Option<&'static str> {
    POLICIES.iter().find(|shelved| shelved.name == name).map(|shelved| shelved.text)
}

/// The shelf as a library: finds a document that another builds on.
#[must_use]
pub fn library(name: &str) -> Option<String> {
    policy(name).map(str::to_owned)
}

/// The counties of California, in upper case.
pub fn counties() -> impl Iterator<Item = &'static str> {
    COUNTIES.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}
