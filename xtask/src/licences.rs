//! The licences of everything the workspace depends on, against the list in `deny.toml`.
//!
//! A light stand-in for cargo-deny, which need not be installed: it believes what the manifests declare.

use crate::{Complaints, steps};
use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// What is wrong with the licences.
pub(crate) fn check(root: &Path) -> Complaints {
    let text = match std::fs::read_to_string(root.join("deny.toml")) {
        Ok(text) => text,
        Err(error) => return vec![format!("deny.toml cannot be read: {error}")],
    };
    let allowed = allowed(&text);
    if allowed.is_empty() {
        return vec!["deny.toml allows no licence: [licenses] needs allow = [\"…\"]".into()];
    }
    match packages(root) {
        Ok(packages) => {
            let complaints: Complaints =
                packages.iter().filter_map(|package| package.complaint(&allowed)).collect();
            println!("  {} packages, {} licences allowed", packages.len(), allowed.len());
            complaints
        }
        Err(error) => vec![error],
    }
}

/// A package and what it says of its licence.
struct Package {
    name: String,
    version: String,
    licence: Option<String>,
}

impl Package {
    fn complaint(&self, allowed: &[String]) -> Option<String> {
        let Self { name, version, licence } = self;
        let Some(licence) = licence else {
            return Some(format!("{name} {version}: declares no licence; read its text and decide"));
        };
        match is_allowed(licence, allowed) {
            Some(true) => None,
            Some(false) => {
                Some(format!("{name} {version}: {licence} is not among the licences of deny.toml"))
            }
            None => Some(format!("{name} {version}: `{licence}` cannot be read as a licence expression")),
        }
    }
}

/// Every package that a build on any machine or a test can pull in.
fn packages(root: &Path) -> Result<Vec<Package>, String> {
    let output = Command::new(steps::program())
        .args(["metadata", "--format-version", "1", "--locked"])
        .current_dir(root)
        .output()
        .map_err(|error| format!("cargo cannot be started: {error}"))?;
    if !output.status.success() {
        return Err(format!("cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr).trim()));
    }
    let metadata: Value = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("cargo metadata is no JSON: {error}"))?;
    let word = |package: &Value, key: &str| package.get(key).and_then(Value::as_str).map(str::to_owned);
    let found =
        metadata.get("packages").and_then(Value::as_array).ok_or("cargo metadata lists no packages")?;
    Ok(found
        .iter()
        .map(|package| Package {
            name: word(package, "name").unwrap_or_default(),
            version: word(package, "version").unwrap_or_default(),
            licence: word(package, "license"),
        })
        .collect())
}

/// The licences of `allow` in the table `[licenses]`: all that is needed of TOML.
fn allowed(deny: &str) -> Vec<String> {
    let table = deny.lines().map(str::trim).skip_while(|line| *line != "[licenses]").skip(1);
    let list = table.take_while(|line| !line.starts_with('[')).skip_while(|line| !line.starts_with("allow"));
    let mut found = Vec::new();
    for line in list {
        let line = line.split('#').next().unwrap_or_default();
        // Every second piece stands between quotes.
        found.extend(line.split('"').skip(1).step_by(2).map(str::to_owned));
        if line.contains(']') {
            break;
        }
    }
    found
}

/// Whether a licence expression can be met with the licences allowed; `None` if it is no expression.
fn is_allowed(expression: &str, allowed: &[String]) -> Option<bool> {
    // `MIT/Apache-2.0` is how older manifests write OR.
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut reader = Reader { words: &words, allowed };
    let met = reader.either()?;
    reader.words.is_empty().then_some(met)
}

struct Reader<'a> {
    words: &'a [&'a str],
    allowed: &'a [String],
}

impl Reader<'_> {
    fn take(&mut self, word: &str) -> bool {
        match self.words.split_first() {
            Some((first, rest)) if *first == word => {
                self.words = rest;
                true
            }
            _ => false,
        }
    }

    fn either(&mut self) -> Option<bool> {
        let mut met = self.all()?;
        while self.take("OR") {
            met |= self.all()?;
        }
        Some(met)
    }

    fn all(&mut self) -> Option<bool> {
        let mut met = self.one()?;
        while self.take("AND") {
            met &= self.one()?;
        }
        Some(met)
    }

    fn one(&mut self) -> Option<bool> {
        if self.take("(") {
            let met = self.either()?;
            return self.take(")").then_some(met);
        }
        let mut licence = self.name()?;
        if self.take("WITH") {
            licence = format!("{licence} WITH {}", self.name()?);
        }
        Some(self.allowed.contains(&licence))
    }

    fn name(&mut self) -> Option<String> {
        let (first, rest) = self.words.split_first()?;
        if matches!(*first, "(" | ")" | "AND" | "OR" | "WITH") {
            return None;
        }
        self.words = rest;
        Some((*first).to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_in_a_table() {
        let allowed = ["MIT", "Apache-2.0 WITH LLVM-exception", "Unicode-3.0"].map(str::to_owned);
        for (expression, expected) in [
            ("MIT", Some(true)),
            ("GPL-3.0-only", Some(false)),
            ("MIT OR GPL-3.0-only", Some(true)),
            ("MIT/Apache-2.0", Some(true)),
            ("MIT AND GPL-3.0-only", Some(false)),
            ("(MIT OR Apache-2.0) AND Unicode-3.0", Some(true)),
            ("GPL-2.0-only OR MIT AND GPL-3.0-only", Some(false)),
            ("Apache-2.0 WITH LLVM-exception OR Apache-2.0", Some(true)),
            ("Apache-2.0", Some(false)),
            ("MIT OR", None),
            ("(MIT", None),
            ("MIT MIT", None),
            ("", None),
        ] {
            assert_eq!(is_allowed(expression, &allowed), expected, "{expression}");
        }
    }

    #[test]
    fn the_list_is_read_from_the_right_table() {
        let deny = "[bans]\nallow = [\"x\"]\n[licenses]\nversion = 2\nallow = [\n  \"MIT\", # \"ISC\"\n  \"Zlib\",\n]\nother = \"y\"\n[sources]\nallow = [\"z\"]\n";
        assert_eq!(allowed(deny), ["MIT", "Zlib"]);
    }
}
