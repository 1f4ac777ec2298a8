//! Those who may sign runs: public keys in a file.
//!
//! The file is that of `ssh-keygen -Y verify`, a line for each key with names before it, or simply lines of public keys as
//! they stand in `.pub` files. What such a line can say that we do not obey is refused rather than passed over.

use crate::error::RunError;
use ssh_key::PublicKey;
use ssh_key::public::KeyData;
use std::path::Path;

/// Public keys whose signatures count.
#[derive(Debug)]
pub struct Signers(Vec<Signer>);

/// One of them.
#[derive(Debug)]
pub(super) struct Signer {
    /// The names before the key, or the comment after it.
    pub(super) name: String,
    key: KeyData,
    namespaces: Option<Vec<String>>,
}

impl Signer {
    pub(super) fn may_sign(&self, namespace: &str) -> bool {
        self.namespaces.as_ref().is_none_or(|all| all.iter().any(|one| one == namespace || one == "*"))
    }
}

impl Signers {
    /// Reads a file of public keys.
    ///
    /// # Errors
    /// A file that cannot be read, holds no key, or has a line that is none.
    pub fn read(path: &Path) -> Result<Self, RunError> {
        let refuse = |what: String| RunError::Key { file: path.display().to_string(), what };
        let text = std::fs::read_to_string(path)
            .map_err(|error| refuse(format!("the file of signers cannot be read: {error}")))?;
        Self::parse(&text).map_err(refuse)
    }

    fn parse(text: &str) -> Result<Self, String> {
        let mut signers = Vec::new();
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.contains("PRIVATE KEY") {
                return Err("this is a private key; name the file of public keys".into());
            }
            if !line.is_empty() && !line.starts_with('#') {
                signers.push(signer(line).map_err(|what| format!("line {}: {what}", number + 1))?);
            }
        }
        if signers.is_empty() { Err("the file holds no public key".into()) } else { Ok(Self(signers)) }
    }

    /// Whose key this is. If several lines have it, one that lets it sign here.
    pub(super) fn of(&self, key: &KeyData) -> Option<&Signer> {
        let mut known = self.0.iter().filter(|signer| signer.key == *key);
        let first = known.next()?;
        if first.may_sign(super::NAMESPACE) {
            return Some(first);
        }
        known.find(|signer| signer.may_sign(super::NAMESPACE)).or(Some(first))
    }
}

fn signer(line: &str) -> Result<Signer, String> {
    let words = words(line)?;
    let is_kind =
        |word: &&str| word.starts_with("ssh-") || word.starts_with("ecdsa-sha2-") || word.starts_with("sk-");
    let at = words.iter().position(|word| is_kind(&word.as_str())).filter(|&at| at <= 2);
    let Some(at) = at else {
        return Err("there is no public key of OpenSSH in it".into());
    };
    let key = words.get(at..).unwrap_or_default().iter().take(2).map(String::as_str).collect::<Vec<_>>();
    let key = PublicKey::from_openssh(&key.join(" "))
        .map_err(|_| "the public key in it cannot be read".to_owned())?;
    let comment = words.get(at + 2..).unwrap_or_default().join(" ");
    let principals = words.first().filter(|_| at > 0).map(|name| name.trim_matches('"').to_owned());
    let mut namespaces = None;
    for option in words.get(1).filter(|_| at == 2).map(|word| options(word)).into_iter().flatten() {
        match option.split_once('=') {
            Some((name, list)) if name.eq_ignore_ascii_case("namespaces") => {
                let list = list.trim_matches('"').split(',').map(|one| one.trim().to_owned());
                namespaces = Some(list.collect());
            }
            _ => {
                let name = option.split('=').next().unwrap_or_default();
                return Err(format!("the option `{name}` is not understood here; only `namespaces` is"));
            }
        }
    }
    let name = principals.unwrap_or(comment);
    let name = if name.is_empty() { "the owner of the key".to_owned() } else { name };
    Ok(Signer {
        name: name.chars().filter(|c| !c.is_control()).collect(),
        key: key.key_data().clone(),
        namespaces,
    })
}

/// Words between blanks, where a blank in quotes divides nothing.
fn words(line: &str) -> Result<Vec<String>, String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        quoted ^= c == '"';
        if c.is_whitespace() && !quoted {
            if words.last().is_some_and(|word| !word.is_empty()) {
                words.push(String::new());
            }
        } else if let Some(word) = words.last_mut() {
            word.push(c);
        }
    }
    if quoted { Err("a quotation mark is not closed".into()) } else { Ok(words) }
}

/// Options between commas, where a comma in quotes divides nothing.
fn options(word: &str) -> Vec<&str> {
    let mut quoted = false;
    word.split(|c: char| {
        quoted ^= c == '"';
        c == ',' && !quoted
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILM+rvN+ot98qgEN796jTiQfZfG1KaT0PtFDJ/XFSqti";

    fn parse(line: &str) -> Result<(String, bool), String> {
        let signers = Signers::parse(line)?;
        Ok((signers.0[0].name.clone(), signers.0[0].may_sign(crate::sign::NAMESPACE)))
    }

    #[test]
    fn lines_of_signers() {
        let good = |line: String| parse(&line).expect("a signer");
        assert_eq!(good(format!("{KEY} R. Clerk")), ("R. Clerk".into(), true));
        assert_eq!(good(KEY.to_owned()), ("the owner of the key".into(), true));
        assert_eq!(good(format!("clerk@county.example {KEY} old")), ("clerk@county.example".into(), true));
        let with = |options: &str| good(format!("# who\n\nclerk@county.example {options} {KEY}"));
        assert!(with("namespaces=\"git,vacatur-manifest\"").1);
        assert!(!with("namespaces=\"git, file\"").1);
        assert!(with("namespaces=\"*\"").1);
    }

    #[test]
    fn lines_that_are_refused() {
        let bad = |line: String| parse(&line).expect_err("an error");
        insta::assert_snapshot!([
            bad(String::new()),
            bad("clerk@county.example".into()),
            bad(format!("clerk cert-authority {KEY}")),
            bad(format!("clerk namespaces=\"file\",valid-before=\"20300101\" {KEY}")),
            bad(format!("clerk namespaces=\"file {KEY}")),
            bad("ssh-ed25519 AAAAC3Nz".into()),
            bad("-----BEGIN OPENSSH PRIVATE KEY-----".into()),
        ].join("\n"), @"
        the file holds no public key
        line 1: there is no public key of OpenSSH in it
        line 1: the option `cert-authority` is not understood here; only `namespaces` is
        line 1: the option `valid-before` is not understood here; only `namespaces` is
        line 1: a quotation mark is not closed
        line 1: the public key in it cannot be read
        this is a private key; name the file of public keys
        ");
    }
}
