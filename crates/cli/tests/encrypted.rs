//! Runs of which every file is encrypted, and `vacatur decrypt`.

#![allow(clippy::expect_used, clippy::panic)]

mod common;

use common::{Desk, Run, extract, names, synthetic};
use std::path::Path;
use std::process::Command;

/// An identity in `key.txt`, and its recipient.
fn identity(desk: &Desk, name: &str) -> String {
    let said = desk.vacatur(["decrypt", "--new-identity", name]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let recipient = said.out.lines().next().expect("a line").to_owned();
    assert!(recipient.starts_with("age1"), "{recipient}");
    recipient
}

/// A county decided twice: as it is, and encrypted.
fn both(desk: &Desk) -> (Run, Run, String) {
    let recipient = identity(desk, "key.txt");
    let input = desk.file("county.dat", extract(&synthetic("county", 5, 200)));
    let plain = desk.run(&[&input], "plain", &["--format", "bear", "--horizon", "12m"]);
    let sealed =
        desk.run(&[&input], "sealed", &["--format", "bear", "--horizon", "12m", "--encrypt-to", &recipient]);
    (plain, sealed, recipient)
}

/// The same files with the same bytes; `inputs.json` among them.
fn same(one: &Run, other: &Run) {
    assert_eq!(names(&one.dir), names(&other.dir));
    for name in names(&one.dir) {
        assert!(one.bytes(&name) == other.bytes(&name), "{name} differs");
    }
}

#[test]
fn what_is_decrypted_is_the_run() {
    let desk = Desk::new();
    let (plain, sealed, _) = both(&desk);
    let expected: Vec<String> = names(&plain.dir).into_iter().map(|name| name + ".age").collect();
    assert_eq!(names(&sealed.dir), expected);
    for name in names(&sealed.dir) {
        let bytes = sealed.bytes(&name);
        assert!(bytes.starts_with(b"age-encryption.org/v1\n"), "{name}");
        // No line of the plain file stands in the encrypted one.
        let plain = plain.bytes(name.trim_end_matches(".age"));
        for line in plain.split(|&byte| byte == b'\n').filter(|line| line.len() > 20).take(50) {
            assert!(!bytes.windows(line.len()).any(|part| part == line), "{name}");
        }
    }
    let said = desk.vacatur(["decrypt", "sealed", "--identity", "key.txt", "--out", "opened"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    same(&plain, &Run::at(&desk.path("opened")));
    let said = desk.vacatur(["verify", "opened"]);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
}

#[cfg(unix)]
#[test]
fn folders_and_keys_are_private() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::new();
    both(&desk);
    let said = desk.vacatur(["decrypt", "sealed", "--identity", "key.txt", "--out", "opened"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let mode = |name: &str| std::fs::metadata(desk.path(name)).expect("a file").permissions().mode() & 0o777;
    for (name, expected) in
        [("key.txt", 0o600), ("sealed", 0o700), ("opened", 0o700), ("opened/determinations.csv", 0o600)]
    {
        assert_eq!(mode(name), expected, "{name}");
    }
}

#[test]
fn any_of_several_recipients_can_open_it() {
    let desk = Desk::new();
    let input = desk.file("county.dat", extract(&synthetic("county", 5, 20)));
    let (one, two) = (identity(&desk, "one.txt"), identity(&desk, "two.txt"));
    identity(&desk, "three.txt");
    desk.file("recipients", format!("# the records unit\n\n{two}\n"));
    desk.run(
        &[&input],
        "sealed",
        &["--encrypt-to", &one, "--recipients-file", &desk.path("recipients").display().to_string()],
    );
    for who in ["one", "two"] {
        let said = desk.vacatur(["decrypt", "sealed", "--identity", &format!("{who}.txt"), "--out", who]);
        assert_eq!(said.code, Some(0), "{}", said.err);
    }
    desk.vacatur(["decrypt", "sealed", "--identity", "three.txt", "--out", "three"])
        .refused(&["no identity opens it"]);
    desk.nothing_of("three");
}

#[test]
fn standard_input_is_kept_encrypted() {
    let desk = Desk::new();
    let recipient = identity(&desk, "key.txt");
    let rows = extract(&synthetic("county", 5, 50));
    let said = desk.vacatur_fed(&rows, desk.args(&[Path::new("-")], "plain", &[]));
    assert_eq!(said.code, Some(0), "{}", said.err);
    let said = desk.vacatur_fed(&rows, desk.args(&[Path::new("-")], "sealed", &["--encrypt-to", &recipient]));
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(names(&desk.path("sealed")).iter().all(|name| name.ends_with(".age")));
    let said = desk.vacatur(["decrypt", "sealed", "--identity", "key.txt", "--out", "opened"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    same(&Run::at(&desk.path("plain")), &Run::at(&desk.path("opened")));
    let said = desk.vacatur(["verify", "opened"]);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
}

#[test]
fn other_commands_ask_for_decryption() {
    let desk = Desk::new();
    both(&desk);
    for args in [
        &["verify", "sealed"][..],
        &["explain", "sealed", "--person", "1"],
        &["sign", "sealed", "--key", "key.txt"],
    ] {
        desk.vacatur(args).refused(&["are encrypted", "vacatur decrypt sealed --identity FILE"]);
    }
    desk.vacatur(["decrypt", "plain", "--identity", "key.txt", "--out", "opened"])
        .refused(&["are not encrypted"]);
    desk.vacatur(["decrypt", "sealed", "--identity", "key.txt", "--out", "plain"]).refused(&["exists"]);
}

#[test]
fn a_changed_file_is_not_decrypted() {
    let desk = Desk::new();
    let (plain, sealed, recipient) = both(&desk);
    let open = || desk.vacatur(["decrypt", "sealed", "--identity", "key.txt", "--out", "opened"]);
    let path = sealed.dir.join("determinations.csv.age");
    let bytes = sealed.bytes("determinations.csv.age");
    let last = bytes.len() - 1;
    let mut flipped = bytes.clone();
    flipped[last / 2] ^= 1;
    for (what, broken) in [("flipped", flipped), ("cut off", bytes[..last - 70_000.min(last / 2)].to_vec())] {
        std::fs::write(&path, broken).expect("written");
        let said = open();
        assert_eq!(said.code, Some(2), "{what}: {}", said.out);
        assert!(said.err.contains("determinations.csv.age"), "{what}: {}", said.err);
        desk.nothing_of("opened");
    }
    // Another file that was encrypted to the same people, as anybody can who has the recipient.
    let other = desk.file("other.dat", extract(&synthetic("county", 6, 20)));
    let other = desk.run(&[&other], "other", &["--encrypt-to", &recipient]);
    std::fs::write(&path, other.bytes("determinations.csv.age")).expect("written");
    open().refused(&["determinations.csv.age does not hold the content that the manifest lists"]);
    desk.nothing_of("opened");
    std::fs::remove_file(&path).expect("removed");
    open().refused(&["determinations.csv.age"]);
    std::fs::write(&path, &bytes).expect("written");
    std::fs::write(sealed.dir.join("more.csv.age"), &bytes).expect("written");
    open().refused(&["more.csv.age", "does not list"]);
    std::fs::remove_file(sealed.dir.join("more.csv.age")).expect("removed");
    assert_eq!(open().code, Some(0));
    same(&plain, &Run::at(&desk.path("opened")));
}

#[test]
fn a_signature_goes_through() {
    let desk = Desk::new();
    let (_, sealed, _) = both(&desk);
    assert_eq!(desk.vacatur(["sign", "--new-key", "sign"]).code, Some(0));
    assert_eq!(desk.vacatur(["sign", "plain", "--key", "sign"]).code, Some(0));
    // What is signed is the plain manifest, which both have: the signature may stand beside the encrypted one.
    std::fs::copy(desk.path("plain/manifest.json.sig"), sealed.dir.join("manifest.json.sig"))
        .expect("copied");
    let said = desk.vacatur(["decrypt", "sealed", "--identity", "key.txt", "--out", "opened"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let said = desk.vacatur(["verify", "opened", "--signer", "sign.pub"]);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
}

#[test]
fn what_is_no_recipient_or_identity_is_refused() {
    let desk = Desk::new();
    let input = desk.file("county.dat", extract(&synthetic("county", 5, 5)));
    let recipient = identity(&desk, "key.txt");
    let key = std::fs::read_to_string(desk.path("key.txt")).expect("text");
    let secret = key.lines().last().expect("a line");
    let refused = |more: &[&str], parts: &[&str]| {
        let said = desk.decide(&[&input], "run", more);
        said.refused(parts);
        assert!(!said.err.contains(&secret[20..40]), "a secret key is shown");
        desk.nothing_of("run");
    };
    refused(&["--encrypt-to", "office@county.example"], &["no recipient"]);
    refused(&["--encrypt-to", secret], &["this is a secret key"]);
    let file = desk.path("key.txt").display().to_string();
    refused(&["--recipients-file", &file], &["line 2 is no recipient"]);
    let empty = desk.file("empty", "# nobody\n").display().to_string();
    refused(&["--recipients-file", &empty], &["holds no recipient"]);
    let sealed = desk.run(&[&input], "sealed", &["--encrypt-to", &recipient]);
    for (name, text, part) in [
        ("no-identity", recipient.as_bytes(), "non-identity data on line 1"),
        ("nothing", b"# nobody\n".as_slice(), "holds no identity"),
        ("locked", &sealed.bytes("summary.txt.age"), "itself is encrypted"),
    ] {
        desk.file(name, text);
        desk.vacatur(["decrypt", "sealed", "--identity", name, "--out", "opened"]).refused(&[name, part]);
        desk.nothing_of("opened");
    }
    desk.vacatur(["decrypt", "--new-identity", "key.txt"]).refused(&["exists"]);
}

#[test]
fn a_run_that_fails_leaves_nothing() {
    let desk = Desk::new();
    let recipient = identity(&desk, "key.txt");
    let input = desk.file("county.dat", extract(&synthetic("county", 5, 5)));
    desk.decide(&[&input], "run", &["--encrypt-to", &recipient, "--county", "ALPINE"]).refused(&["ALPINE"]);
    desk.nothing_of("run");
}

/// The program of the people who made the format opens what we write, and we open what it writes.
#[test]
fn age_itself_opens_it() {
    let desk = Desk::new();
    if let Err(error) = Command::new("age").arg("--version").output() {
        assert_eq!(error.kind(), std::io::ErrorKind::NotFound);
        eprintln!("age is not installed: its side is not tried");
        return;
    }
    let (plain, sealed, recipient) = both(&desk);
    for name in names(&plain.dir) {
        let done = Command::new("age")
            .args(["--decrypt", "--identity"])
            .args([desk.path("key.txt"), sealed.dir.join(format!("{name}.age"))])
            .output()
            .expect("age runs");
        assert!(done.status.success(), "{name}: {}", String::from_utf8_lossy(&done.stderr));
        assert!(done.stdout == plain.bytes(&name), "{name} differs");
    }
    let name = "summary.txt";
    let done = Command::new("age")
        .args(["--recipient", &recipient, "--output"])
        .args([sealed.dir.join(format!("{name}.age")), plain.dir.join(name)])
        .output()
        .expect("age runs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let said = desk.vacatur(["decrypt", "sealed", "--identity", "key.txt", "--out", "opened"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    same(&plain, &Run::at(&desk.path("opened")));
}
