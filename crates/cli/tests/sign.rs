//! `vacatur sign`, and what `vacatur verify --signer` and OpenSSH make of it.

#![allow(clippy::expect_used, clippy::panic)]

mod common;

use common::evidence::FIRST;
use common::{Desk, Said, conviction};
use std::process::{Command, Stdio};

/// A run and a key.
fn desk() -> Desk {
    let desk = Desk::new();
    desk.run_rows(&[conviction("1", FIRST, "11358 HS", "20100101")], "run", &[]);
    made(&desk, "key", &[]);
    desk
}

fn made(desk: &Desk, name: &str, more: &[&str]) {
    let said = desk.vacatur(["sign", "--new-key", name, "--comment", "Records unit"].iter().chain(more));
    assert_eq!(said.code, Some(0), "{}", said.err);
    let public = std::fs::read_to_string(desk.path(&format!("{name}.pub"))).expect("a public key");
    assert!(said.out.starts_with(&public), "{}", said.out);
}

fn sign(desk: &Desk, more: &[&str]) -> Said {
    desk.vacatur(["sign", "run"].iter().chain(more))
}

fn verify(desk: &Desk, signer: &str) -> Said {
    desk.vacatur(["verify", "run", "--signer", signer])
}

#[track_caller]
fn bad(said: &Said, part: &str) {
    assert_eq!(said.code, Some(1), "{}{}", said.out, said.err);
    assert!(
        said.out.contains("Signature: NOT GOOD") && said.out.contains(part),
        "`{part}` is not in: {}",
        said.out
    );
}

fn allow(desk: &Desk, name: &str, options: &str) {
    let public = std::fs::read_to_string(desk.path("key.pub")).expect("a public key");
    desk.file(name, format!("# who may sign\nclerk@county.example {options}{public}"));
}

#[test]
fn a_signed_run_says_who_signed() {
    let desk = desk();
    bad(&verify(&desk, "key.pub"), "the run is not signed");
    let said = sign(&desk, &["--key", "key"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let said = verify(&desk, "key.pub");
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    assert!(said.out.contains("Signature: good, by Records unit with the key SHA256:"), "{}", said.out);
    allow(&desk, "allowed", "");
    let said = verify(&desk, "allowed");
    assert!(said.out.contains("good, by clerk@county.example"), "{}", said.out);
    // Without --signer the signature is none of the files that are not of this run, and is spoken of.
    let said = desk.vacatur(["verify", "run"]);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    assert!(said.out.contains("the signature was not checked"), "{}", said.out);
    sign(&desk, &["--key", "key"]).refused(&["signed already"]);
}

#[cfg(unix)]
#[test]
fn the_private_key_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let desk = desk();
    let mode = std::fs::metadata(desk.path("key")).expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    desk.vacatur(["sign", "--new-key", "key"]).refused(&["key", "exists"]);
}

#[test]
fn one_changed_byte_is_noticed() {
    let desk = desk();
    assert_eq!(sign(&desk, &["--key", "key"]).code, Some(0));
    for (file, part) in [
        ("manifest.json", "does not fit manifest.json"),
        ("manifest.json.sig", "is no signature"),
        ("determinations.csv", "determinations.csv was changed"),
    ] {
        let path = desk.path("run").join(file);
        let bytes = std::fs::read(&path).expect("a file");
        let mut changed = bytes.clone();
        // In the manifest a letter of the title; in the signature one of its armour.
        let at = match file {
            "manifest.json" => bytes.windows(5).position(|word| word == b"title").expect("a title") + 9,
            "manifest.json.sig" => 3,
            _ => bytes.len() - 5,
        };
        changed[at] ^= 1;
        std::fs::write(&path, changed).expect("written");
        let said = verify(&desk, "key.pub");
        assert_eq!(said.code, Some(1), "{file}: {}{}", said.out, said.err);
        assert!(said.out.contains(part), "`{part}` is not in: {}", said.out);
        std::fs::write(&path, bytes).expect("written");
    }
    assert_eq!(verify(&desk, "key.pub").code, Some(0));
}

#[test]
fn others_may_not_sign() {
    let desk = desk();
    made(&desk, "other", &[]);
    assert_eq!(sign(&desk, &["--key", "other"]).code, Some(0));
    bad(&verify(&desk, "key.pub"), "which is not among the allowed signers");
    std::fs::remove_file(desk.path("run/manifest.json.sig")).expect("removed");
    assert_eq!(sign(&desk, &["--key", "key"]).code, Some(0));
    allow(&desk, "allowed", "namespaces=\"git\" ");
    bad(&verify(&desk, "allowed"), "may not sign for `vacatur-manifest`");
    allow(&desk, "allowed", "valid-before=\"20300101\" ");
    verify(&desk, "allowed").refused(&["line 2", "valid-before"]);
    verify(&desk, "key").refused(&["private key"]);
    desk.file("nothing", "# nobody\n");
    verify(&desk, "nothing").refused(&["holds no public key"]);
    verify(&desk, "nowhere").refused(&["nowhere", "cannot be read"]);
}

#[test]
fn a_key_that_cannot_sign_is_refused() {
    let desk = desk();
    sign(&desk, &["--key", "key.pub"]).refused(&["this is the public key"]);
    desk.file("text", "hello");
    sign(&desk, &["--key", "text"]).refused(&["no private key", "--new-key"]);
    sign(&desk, &["--key", "nowhere"]).refused(&["nowhere", "cannot be read"]);
    sign(&desk, &[]).refused(&["--key"]);
}

#[test]
fn a_key_with_a_passphrase_asks_for_it() {
    let desk = desk();
    desk.file("word", "correct horse\n");
    desk.file("wrong", "battery\n");
    desk.file("empty", "\n");
    made(&desk, "locked", &["--passphrase-file", "word"]);
    sign(&desk, &["--key", "locked", "--passphrase-file", "wrong"]).refused(&["passphrase does not open"]);
    sign(&desk, &["--key", "locked", "--passphrase-file", "empty"]).refused(&["is empty"]);
    let said = sign(&desk, &["--key", "locked", "--passphrase-file", "word"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_eq!(verify(&desk, "locked.pub").code, Some(0));
}

#[test]
fn a_run_that_was_changed_is_not_signed() {
    let desk = desk();
    let path = desk.path("run/summary.txt");
    std::fs::write(&path, "better numbers").expect("written");
    sign(&desk, &["--key", "key"]).refused(&["not those that its manifest lists", "not signed"]);
    assert!(!desk.path("run/manifest.json.sig").exists());
}

/// `ssh-keygen` in the desk's folder; nothing where OpenSSH is not installed.
fn openssh(desk: &Desk, args: &[&str], input: Option<&str>) -> Option<bool> {
    let input = match input {
        Some(name) => Stdio::from(std::fs::File::open(desk.path(name)).expect("a file")),
        None => Stdio::null(),
    };
    let folder = desk.path("run");
    let folder = folder.parent().expect("a folder");
    let done = Command::new("ssh-keygen").args(args).current_dir(folder).stdin(input).output();
    match done {
        Ok(done) => Some(done.status.success()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            eprintln!("ssh-keygen is not installed: its side is not tried");
            None
        }
        Err(error) => panic!("ssh-keygen: {error}"),
    }
}

#[test]
fn openssh_checks_our_signature_and_we_its() {
    let desk = desk();
    assert_eq!(sign(&desk, &["--key", "key"]).code, Some(0));
    allow(&desk, "allowed", "");
    let check = [
        "-Y",
        "verify",
        "-f",
        "allowed",
        "-I",
        "clerk@county.example",
        "-n",
        "vacatur-manifest",
        "-s",
        "run/manifest.json.sig",
    ];
    let Some(checked) = openssh(&desk, &check, Some("run/manifest.json")) else { return };
    assert!(checked, "ssh-keygen does not take our signature");
    assert_eq!(openssh(&desk, &check, Some("run/summary.json")), Some(false));

    for kind in [&["-t", "ed25519"][..], &["-t", "ecdsa", "-b", "256"]] {
        let key = format!("of-openssh-{}", kind[1]);
        assert_eq!(
            openssh(&desk, &[kind, &["-q", "-N", "", "-C", "from OpenSSH", "-f", &key]].concat(), None),
            Some(true)
        );
        for (namespace, part) in [("vacatur-manifest", None), ("file", Some("is a signature for `file`"))] {
            std::fs::remove_file(desk.path("run/manifest.json.sig")).expect("removed");
            let signs = ["-Y", "sign", "-f", &key, "-n", namespace, "run/manifest.json"];
            assert_eq!(openssh(&desk, &signs, None), Some(true));
            let said = verify(&desk, &format!("{key}.pub"));
            match part {
                None => assert!(said.out.contains("good, by from OpenSSH"), "{}{}", said.out, said.err),
                Some(part) => bad(&said, part),
            }
        }
        // And our own signature with its key.
        std::fs::remove_file(desk.path("run/manifest.json.sig")).expect("removed");
        let said = sign(&desk, &["--key", &key]);
        assert_eq!(said.code, Some(0), "{}", said.err);
        assert_eq!(verify(&desk, &format!("{key}.pub")).code, Some(0));
    }
}
