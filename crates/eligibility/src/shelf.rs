//! The policies that come with the program.

/// A policy of the shelf: its name and its document.
#[derive(Clone, Copy, Debug)]
pub struct Shelved {
    /// `us-ca/los-angeles-2020`.
    pub name: &'static str,
    /// The Markdown document.
    pub text: &'static str,
}

/// All of them, by name.
pub const POLICIES: &[Shelved] = &[
    Shelved { name: "us-ca/bear", text: include_str!("../../../policies/us-ca/bear.md") },
    Shelved {
        name: "us-ca/los-angeles-2020",
        text: include_str!("../../../policies/us-ca/los-angeles-2020.md"),
    },
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
