//! Files that are made to break the program: each is refused or read with a clear message, in bounded memory and time,
//! and nothing is left behind. Archives are tried in `crates/ingest/src/source/tests.rs`.

#![allow(clippy::expect_used, clippy::panic)]

mod common;

use common::{Desk, Row, conviction, extract};
use std::path::{Path, PathBuf};

fn clean(subject: &str) -> Row {
    conviction(subject, "101001001000", "11358 HS-CULTIVATE", "20010101")
}

/// Clean records around some bytes; the last of them is no neighbour of theirs.
fn around(bad: &[u8]) -> Vec<u8> {
    [extract(&[clean("1")]), bad.to_vec(), extract(&[clean("2"), clean("3")])].concat()
}

/// One line is rejected for this reason, and the people around it are decided.
#[track_caller]
fn one_reject(bytes: &[u8], kind: &str) {
    let desk = Desk::new();
    let input = desk.file("input.dat", bytes);
    let run = desk.run(&[&input], "run", &["--threads", "2"]);
    assert_eq!(run.count("rejects"), 1);
    assert_eq!((run.rejects()[0]["kind"].as_str(), run.rejects()[0]["line"].as_str()), (kind, "2"));
    assert_eq!(run.outcome("3", "101001001000"), "dismiss");
}

// ------------------------------------------------------------------------------------------------------------- extracts

#[test]
fn a_row_of_a_million_columns() {
    one_reject(&around(format!("{}\n", ",".repeat(999_999)).as_bytes()), "too_many_columns");
    one_reject(&around(format!("{}\n", "\"\",".repeat(349_000)).as_bytes()), "too_many_columns");
}

#[test]
fn a_line_of_many_mebibytes() {
    one_reject(&around(&[vec![b'x'; 40 << 20], b"\n".to_vec()].concat()), "line_too_long");
    // In quotes that are never closed.
    let desk = Desk::new();
    let input =
        desk.file("input.dat", around(&[b"\"".to_vec(), vec![b'x'; 40 << 20], b"\n".to_vec()].concat()));
    let run = desk.run(&[&input], "run", &["--threads", "2"]);
    assert_eq!((run.count("rejects"), run.outcome("3", "101001001000").as_str()), (1, "dismiss"));
}

#[test]
fn a_header_of_a_million_columns() {
    let desk = Desk::new();
    let names = wide_names(999_999);
    let input = desk.file("wide.csv", [names.as_bytes(), b"\n", &extract(&[clean("1")])].concat());
    let said = desk.decide(&[&input], "run", &[]);
    // A line of eight mebibytes is no header, and no row.
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_eq!(common::Run::at(&desk.path("run")).count("rejects"), 1);
    let names = format!("{},{}", vacatur_synth::columns().join(","), "RECORD_ID,".repeat(60_000));
    let input = desk.file("long.csv", [names.as_bytes(), b"\n", &extract(&[clean("1")])].concat());
    let said = desk.decide(&[&input], "run-2", &[]);
    said.refused(&["long.csv, line 1", "60001 columns differ", "column 96: found a further cell"]);
    assert!(said.err.len() < 2_000);
    desk.nothing_of("run-2");
}

fn wide_names(columns: usize) -> String {
    (0..columns).map(|at| format!("C{at},")).collect()
}

#[test]
fn no_line_end_at_all() {
    let desk = Desk::new();
    let input = desk.file("one.dat", vec![b'x'; 5 << 20]);
    desk.decide(&[&input], "run", &["--threads", "2"]).refused(&["one.dat", "none of its 1 lines is a row"]);
    desk.nothing_of("run");
    let commas = desk.file("commas.dat", ",".repeat(5 << 20));
    desk.decide(&[&commas], "run", &[]).refused(&["commas.dat"]);
    desk.nothing_of("run");
    // One row, whole.
    let row = extract(&[clean("1")]);
    let input = desk.file("row.dat", row.strip_suffix(b"\n").expect("a line end"));
    assert_eq!(desk.run(&[&input], "whole", &[]).outcome("1", "101001001000"), "dismiss");
}

#[test]
fn nul_bytes_in_lines_and_between_them() {
    one_reject(&around(b"\0\n"), "nul_byte");
    let holes = around(&[vec![0_u8; 40], b"\n".to_vec()].concat());
    one_reject(&holes, "nul_byte");
}

#[test]
fn two_byte_lines_cost_a_reject_each_and_no_more() {
    let desk = Desk::new();
    let bad: Vec<u8> = b"x\n\"\n,\n".repeat(30_000);
    let input = desk.file("input.dat", around(&bad));
    let run = desk.run(&[&input], "run", &["--threads", "2"]);
    assert_eq!(run.count("rejects"), 90_000);
}

// -------------------------------------------------------------------------------------------- things that are no files

#[cfg(unix)]
#[test]
fn links_devices_and_pipes() {
    use std::os::unix::fs::symlink;
    let desk = Desk::new();
    symlink(desk.path("b"), desk.path("a")).expect("a link");
    symlink(desk.path("a"), desk.path("b")).expect("a link");
    desk.decide(&[&desk.path("a")], "run", &[]).refused(&["cannot be read"]);
    symlink(desk.path("nothing"), desk.path("dangling")).expect("a link");
    desk.decide(&[&desk.path("dangling")], "run", &[]).refused(&["dangling: there is no such file"]);
    desk.decide(&[Path::new("/dev/null")], "run", &[]).refused(&["/dev/null: the file is empty"]);
    if Path::new("/dev/zero").exists() {
        desk.decide(&[Path::new("/dev/zero")], "run", &[]).refused(&["/dev/zero", "not a text file"]);
    }
    desk.nothing_of("run");
    let real = desk.file("real.dat", extract(&[clean("1")]));
    symlink(&real, desk.path("link.dat")).expect("a link");
    assert_eq!(desk.run(&[&desk.path("link.dat")], "linked", &[]).count("people"), 1);
}

#[cfg(unix)]
fn pipe(desk: &Desk, name: &str) -> PathBuf {
    let path = desk.path(name);
    let made = std::process::Command::new("mkfifo").arg(&path).status().expect("mkfifo");
    assert!(made.success());
    path
}

/// A run reads a file and then waits for a pipe; meanwhile somebody writes to the file.
#[cfg(unix)]
fn written_while_read(change: impl FnOnce(&Path)) -> (Desk, common::Said) {
    let desk = Desk::new();
    let input = desk.file("input.dat", extract(&[clean("1"), clean("2")]));
    let pipe = pipe(&desk, "pipe.dat");
    let (args, folder) = (desk.args(&[&input, &pipe], "run", &[]), desk.path(""));
    let run = std::thread::spawn(move || {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_vacatur"));
        common::Said::of(command.args(args).current_dir(folder).output().expect("the program runs"))
    });
    // Opening the pipe for writing succeeds once the program has opened it for reading: after the file before it.
    let mut end = std::fs::OpenOptions::new().write(true).open(&pipe).expect("the pipe");
    change(&input);
    std::io::Write::write_all(&mut end, &extract(&[clean("3")])).expect("the pipe takes it");
    drop(end);
    (desk, run.join().expect("the run ends"))
}

#[cfg(unix)]
#[test]
fn a_file_that_grows_while_it_is_read_is_not_half_decided() {
    let (desk, said) = written_while_read(|path| {
        let mut file = std::fs::OpenOptions::new().append(true).open(path).expect("the file");
        std::io::Write::write_all(&mut file, &extract(&[clean("4")])).expect("the file takes it");
    });
    said.refused(&["input.dat", "the file changed while it was being read", "start again"]);
    desk.nothing_of("run");
}

#[cfg(unix)]
#[test]
fn a_file_that_shrinks_while_it_is_read_is_not_half_decided() {
    let (desk, said) = written_while_read(|path| {
        let file = std::fs::OpenOptions::new().write(true).open(path).expect("the file");
        file.set_len(1000).expect("it is cut");
    });
    said.refused(&["input.dat", "the file changed while it was being read"]);
    desk.nothing_of("run");
}

// ----------------------------------------------------------------------------------------------------- the output folder

#[cfg(unix)]
#[test]
fn an_output_folder_that_is_a_link_is_not_followed() {
    use std::os::unix::fs::symlink;
    let desk = Desk::new();
    let input = desk.file("input.dat", extract(&[clean("1")]));
    let elsewhere = desk.file("elsewhere/keep.txt", "mine");
    let elsewhere = elsewhere.parent().expect("a folder");
    symlink(elsewhere, desk.path("run")).expect("a link");
    desk.decide(&[&input], "run", &[]).refused(&["the output folder exists"]);
    symlink(desk.path("nowhere"), desk.path("dangling")).expect("a link");
    desk.decide(&[&input], "dangling", &[]).refused(&["the output folder exists"]);
    // The folder in the making, as a link to somebody's files, even with our mark in it.
    symlink(elsewhere, desk.path("other.partial")).expect("a link");
    let said = desk.decide(&[&input], "other", &[]);
    said.refused(&["other.partial"]);
    std::fs::write(elsewhere.join(".vacatur-run"), "").expect("a file");
    let said = desk.decide(&[&input], "other", &[]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_eq!(std::fs::read_to_string(elsewhere.join("keep.txt")).expect("the file is there"), "mine");
    // A link above the folder is the user's own choice.
    symlink(desk.path("elsewhere"), desk.path("disk")).expect("a link");
    assert_eq!(desk.run(&[&input], "disk/run", &[]).count("people"), 1);
}

#[cfg(unix)]
#[test]
fn an_output_folder_that_cannot_be_written_to() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::new();
    let input = desk.file("input.dat", extract(&[clean("1")]));
    std::fs::create_dir(desk.path("closed")).expect("a folder");
    let mode = |mode| std::fs::set_permissions(desk.path("closed"), std::fs::Permissions::from_mode(mode));
    mode(0o500).expect("permissions");
    // Root may write everywhere: then the file system of the kernel stands in.
    let out = if std::fs::write(desk.path("closed/try"), "").is_ok() {
        PathBuf::from("/proc/vacatur-run")
    } else {
        desk.path("closed/run")
    };
    let said = desk.vacatur([
        "decide",
        &input.display().to_string(),
        "--policy",
        common::LOS_ANGELES,
        "--as-of",
        common::AS_OF,
        "--out",
        &out.display().to_string(),
    ]);
    said.refused(&["making the folder failed"]);
    mode(0o700).expect("permissions");
}

// ------------------------------------------------------------------------------------------------------------- documents

const HEAD: &str = "```policy\nid: x\ntitle: X\njurisdiction: us-ca\nauthority: a\neffective: always\nsource: s\n\
                    status: unconfirmed\n```\n```scope\nwhen conviction.date is known\ncite s\n```\n";

#[track_caller]
fn document(text: &str, says: &[&str]) {
    let desk = Desk::new();
    let path = desk.file("policy.md", text);
    let said = desk.vacatur(["policy", "check", &path.display().to_string()]);
    assert_eq!(said.code, Some(2), "{}{}", said.out, said.err);
    for part in says {
        assert!(said.err.contains(part), "`{part}` is not in: {}", &said.err[..said.err.len().min(2_000)]);
    }
    assert!(said.err.len() < 100_000, "{} bytes are said of it", said.err.len());
}

#[test]
fn a_document_of_ten_megabytes() {
    document(
        &format!("{HEAD}{}", "prose without end. ".repeat(600_000)),
        &["policy.md", "more than 2097152 bytes"],
    );
}

#[test]
fn a_document_that_never_ends() {
    if Path::new("/dev/zero").exists() {
        let desk = Desk::new();
        desk.vacatur(["policy", "check", "/dev/zero"]).refused(&["/dev/zero", "more than 2097152 bytes"]);
        let base = desk.file(
            "policy.md",
            HEAD.replace("title: X", "title: X\nbuilds on: ../../../../../../../dev/zero"),
        );
        assert_eq!(desk.vacatur(["policy", "check", &base.display().to_string()]).code, Some(2));
    }
}

#[test]
fn parentheses_without_end() {
    for open in ["(", "not (", "not "] {
        let deep = format!(
            "{HEAD}```rule a\nwhen {}yes\nthen dismiss\nreason \"r\"\ncite s\n```\n",
            open.repeat(100_000)
        );
        document(&deep, &["policy.md"]);
    }
    let any = "any conviction where (".repeat(30_000);
    document(
        &format!("{HEAD}```rule a\nwhen {any}\nthen dismiss\nreason \"r\"\ncite s\n```\n"),
        &["policy.md"],
    );
}

#[test]
fn rules_without_end() {
    let rule = |at: usize| {
        format!(
            "```rule r{at}\nwhen conviction.date before 2000-01-01\nthen dismiss\nreason \"r\"\ncite s\n```\n"
        )
    };
    let many: String = (0..9_000).map(rule).collect();
    document(&format!("{HEAD}{many}"), &["rules"]);
}

#[test]
fn documents_that_build_on_each_other() {
    let desk = Desk::new();
    let document = |id: &str, on: &str| {
        HEAD.replace("title: X", &format!("title: X\nbuilds on: {on}")).replace("id: x", &format!("id: {id}"))
    };
    desk.file("a.md", document("a", "b.md"));
    desk.file("b.md", document("b", "a.md"));
    desk.file("self.md", document("self", "self.md"));
    for name in ["a.md", "self.md"] {
        let said = desk.vacatur(["policy", "check", &desk.path(name).display().to_string()]);
        assert_eq!(said.code, Some(2), "{}", said.err);
        assert!(said.err.contains("builds on"), "{}", said.err);
    }
}

// ------------------------------------------------------------------------------------------------- evidence and options

const EVIDENCE: &str = "subject_id,cnt_order,fact,value,document,said_by,said_on,how\n";
const ANSWER: &str = "1,101001001000,level,felony,Minute order,R. Clerk,,\n";

/// A run with this evidence.
fn with_evidence(bytes: &[u8]) -> (Desk, common::Said) {
    let desk = Desk::new();
    let input = desk.file("input.dat", extract(&[clean("1")]));
    let evidence = desk.file("evidence.csv", bytes);
    let said = desk.decide(&[&input], "run", &["--evidence", &evidence.display().to_string()]);
    (desk, said)
}

#[test]
fn evidence_with_a_line_without_end_or_a_million_columns() {
    for bad in [vec![b'x'; 20 << 20], vec![b','; 1_000_000], [b"\"".to_vec(), vec![b'x'; 20 << 20]].concat()]
    {
        let bytes = [EVIDENCE.as_bytes(), &bad, b"\n", ANSWER.as_bytes()].concat();
        let (desk, said) = with_evidence(&bytes);
        assert_eq!(said.code, Some(0), "{}", said.err);
        let run = common::Run::at(&desk.path("run"));
        let about = &run.json("manifest.json")["evidence"][0];
        // A line of nothing but commas is not answered; the others are rejects.
        assert_eq!((about["lines"].as_u64(), about["used"].as_u64()), (Some(2), Some(1)), "{about}");
    }
    let (desk, said) = with_evidence(format!("{}{EVIDENCE}{ANSWER}", "x,".repeat(1_000_000)).as_bytes());
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_eq!(common::Run::at(&desk.path("run")).json("manifest.json")["evidence"][0]["lines"], 1);
}

#[test]
fn evidence_in_another_encoding_or_no_text_at_all() {
    let wide: Vec<u8> = [0xff_u8, 0xfe]
        .into_iter()
        .chain(format!("{EVIDENCE}{ANSWER}").encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let (desk, said) = with_evidence(&wide);
    said.refused(&["evidence.csv", "UTF-16"]);
    desk.nothing_of("run");
    // Windows-1252 is read as such.
    let (desk, said) = with_evidence(
        &[EVIDENCE.as_bytes(), &common::windows_1252(&ANSWER.replace("R. Clerk", "R. Peña"))].concat(),
    );
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(common::Run::at(&desk.path("run")).text("evidence.csv").contains("R. Peña"));
    for bytes in [&b"\x1f\x8b\x08\0\0\0"[..], b"PK\x03\x04", &[0; 4096]] {
        let (desk, said) = with_evidence(bytes);
        said.refused(&["evidence.csv", "it must begin with a header row"]);
        desk.nothing_of("run");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn evidence_that_never_ends() {
    let desk = Desk::new();
    let input = desk.file("input.dat", extract(&[clean("1")]));
    let said = desk.decide(&[&input], "run", &["--evidence", "/dev/zero"]);
    said.refused(&["/dev/zero", "more than 268435456 bytes"]);
    desk.nothing_of("run");
}

#[test]
fn options_nested_without_end_or_too_long() {
    let desk = Desk::new();
    let input = desk.file("input.dat", extract(&[clean("1")]));
    for (text, says) in [
        ("[".repeat(500_000), "options.json"),
        ("{\"a\":".repeat(150_000), "options.json"),
        (format!("{{\"baselineEligibility\":{}", "{\"dismiss\":".repeat(60_000)), "options.json"),
        (format!("\"{}\"", "x".repeat(2 << 20)), "more than 1048576 bytes"),
    ] {
        let options = desk.file("options.json", text);
        let said = desk.decide(
            &[&input],
            "run",
            &["--policy", common::BEAR, "--options", &options.display().to_string()],
        );
        said.refused(&["options.json", says]);
        assert!(said.err.len() < 2_000, "{}", said.err.len());
        desk.nothing_of("run");
    }
}

// ------------------------------------------------------------------------------------------------------- a run's folder

#[test]
fn a_run_that_was_tampered_with_is_refused() {
    let desk = Desk::new();
    let input = desk.file("input.dat", extract(&[clean("7001234")]));
    let run = desk.run(&[&input], "run", &[]);
    let whole = run.bytes("people.idx");
    let explain = |desk: &Desk| desk.vacatur(["explain", "run", "--person", "7001234"]);
    assert_eq!(explain(&desk).code, Some(0));
    // Every number of the one stretch, as large as it goes: the source, rows, offset, bytes, first line.
    let stretch = whole.len() - 32;
    for (at, len) in [(0, 4), (4, 4), (8, 8), (16, 8), (8, 16)] {
        let mut bytes = whole.clone();
        bytes[stretch + at..stretch + at + len].fill(0xff);
        std::fs::write(desk.path("run/people.idx"), &bytes).expect("the index");
        let said = explain(&desk);
        assert_eq!(said.code, Some(2), "{at}: {}{}", said.out, said.err);
        assert!(!said.err.contains("7001234") && !said.err.contains("EXAMPLE"), "{}", said.err);
    }
    for cut in [0, 8, 31, 40, whole.len() - 1] {
        std::fs::write(desk.path("run/people.idx"), &whole[..cut]).expect("the index");
        explain(&desk).refused(&["this is not a finished run"]);
    }
    std::fs::write(desk.path("run/people.idx"), &whole).expect("the index");
    for (name, text) in [
        ("manifest.json", "[".repeat(100_000)),
        ("inputs.json", "{}".to_owned()),
        ("manifest.json", String::new()),
    ] {
        let kept = run.bytes(name);
        std::fs::write(desk.path("run").join(name), text).expect("the file");
        explain(&desk).refused(&["this is not a finished run", name]);
        std::fs::write(desk.path("run").join(name), kept).expect("the file");
    }
    assert_eq!(explain(&desk).code, Some(0));
}
