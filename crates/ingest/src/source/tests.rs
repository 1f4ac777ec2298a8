use std::io::{Cursor, Write};

use flate2::Compression as Level;
use flate2::write::GzEncoder;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::*;

const TEXT: &str = "a,b,c\n1,2,3\n";

fn text_of(source: &Source) -> Vec<u8> {
    let mut bytes = vec![0; usize::try_from(source.len()).unwrap()];
    assert_eq!(source.read_at(0, &mut bytes).unwrap(), bytes.len());
    bytes
}

fn opened(content: &[u8]) -> Result<Vec<Source>, SourceError> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("input.csv");
    std::fs::write(&path, content).unwrap();
    open(&[Input::Path(path)], dir.path())
}

fn only(content: &[u8]) -> Source {
    let mut sources = opened(content).unwrap();
    assert_eq!(sources.len(), 1);
    sources.remove(0)
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Level::best());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn zip_of(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in members {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn utf16le(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[test]
fn the_same_text_comes_out_of_every_wrapping() {
    let marked = [b"\xef\xbb\xbf", TEXT.as_bytes()].concat();
    let wide = [b"\xff\xfe", utf16le(TEXT).as_slice()].concat();
    let two_parts = [gzip(&TEXT.as_bytes()[..5]), gzip(&TEXT.as_bytes()[5..])].concat();
    for content in [
        TEXT.as_bytes().to_vec(),
        marked,
        gzip(TEXT.as_bytes()),
        two_parts,
        zip_of(&[("x.csv", TEXT.as_bytes())]),
        zip_of(&[("x.csv.gz", &gzip(TEXT.as_bytes()))]),
        wide.clone(),
        gzip(&wide),
        utf16le(TEXT),
        TEXT.replace('\n', "\r").into_bytes(),
    ] {
        assert_eq!(text_of(&only(&content)), TEXT.as_bytes());
    }
}

#[test]
fn members_of_an_archive_are_separate_sources_in_the_order_of_their_names() {
    let content =
        zip_of(&[("b/2.csv", b"two\n"), ("../../etc/1.csv", b"one\n"), ("__MACOSX/._2.csv", b"\0\x05")]);
    let sources = opened(&content).unwrap();
    assert_eq!(
        sources.iter().map(|s| s.member().unwrap()).collect::<Vec<_>>(),
        ["../../etc/1.csv", "b/2.csv"]
    );
    assert!(sources[0].name().ends_with("input.csv/../../etc/1.csv"));
    assert_eq!(text_of(&sources[0]), b"one\n");
}

#[test]
fn a_bomb_is_given_up_early() {
    let dir = tempfile::tempdir().unwrap();
    for (name, content) in
        [("a.gz", gzip(&vec![b'a'; 4 << 20])), ("a.zip", zip_of(&[("a", &vec![b'a'; 4 << 20])]))]
    {
        let path = dir.path().join(name);
        std::fs::write(&path, content).unwrap();
        let limits = Limits { unpacked_floor: 1 << 20, ..Limits::default() };
        let result = open_within(&[Input::Path(path)], dir.path(), &limits);
        assert!(matches!(result, Err(SourceError::Bomb { .. })), "{name}");
    }
}

#[test]
fn what_cannot_be_read_says_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    let missing = open(&[Input::Path(dir.path().join("none.csv"))], dir.path()).unwrap_err();
    assert!(matches!(missing, SourceError::Missing { .. }));
    let folder = open(&[Input::Path(dir.path().to_owned())], dir.path()).unwrap_err();
    assert!(matches!(folder, SourceError::Directory { .. }));
    let whole = gzip(TEXT.repeat(100).as_bytes());
    let cases: [(&[u8], &str); 8] = [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"%PDF-1.4\n", "PDF"),
        (&zip_of(&[("[Content_Types].xml", b"<x/>")]), "Excel"),
        (&whole[..whole.len() - 9], "cut off"),
        (&gzip(&gzip(TEXT.as_bytes())), "inside an archive"),
        (&zip_of(&[]), "no files"),
        (b"PK\x03\x04 no archive at all", "zip archive"),
    ];
    for (content, words) in cases {
        let said = opened(content).unwrap_err().to_string();
        assert!(said.contains(words), "{words}: {said}");
    }
}

#[cfg(unix)]
#[test]
fn a_pipe_is_read_once_and_kept() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
    let to = path.clone();
    let writer = std::thread::spawn(move || std::fs::write(to, gzip(TEXT.as_bytes())).unwrap());
    let sources = open(&[Input::Path(path)], dir.path()).unwrap();
    writer.join().unwrap();
    assert_eq!(text_of(&sources[0]), TEXT.as_bytes());
    assert_eq!(sources[0].notes(), [Note::Piped]);
    assert_eq!(sources[0].compression(), Compression::Gzip);
    // Nothing with a name is left in the scratch directory.
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
}

#[test]
fn reading_past_the_end_gives_what_there_is() {
    let source = only(TEXT.as_bytes());
    let mut bytes = [0; 8];
    assert_eq!(source.read_at(10, &mut bytes).unwrap(), 2);
    assert_eq!(source.read_at(100, &mut bytes).unwrap(), 0);
}

// ------------------------------------------------------------------------------------------------ hostile archives

fn opened_within(content: &[u8], limits: Limits) -> Result<Vec<Source>, SourceError> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("input.zip");
    std::fs::write(&path, content).unwrap();
    open_within(&[Input::Path(path)], dir.path(), &limits)
}

fn small() -> Limits {
    Limits { unpacked_floor: 1 << 20, ..Limits::default() }
}

/// Puts other bytes in the place of some, which must be there as often as is said.
fn patched(mut bytes: Vec<u8>, from: &[u8], to: &[u8], times: usize) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let places: Vec<usize> =
        (0..bytes.len().saturating_sub(from.len() - 1)).filter(|&at| bytes[at..].starts_with(from)).collect();
    assert_eq!(places.len(), times);
    for at in places {
        bytes[at..at + to.len()].copy_from_slice(to);
    }
    bytes
}

#[test]
fn a_bomb_in_many_members_is_one_bomb() {
    // Each member alone stays below the floor from which the ratio counts.
    let zeros = vec![b'a'; 600 << 10];
    let members: Vec<(String, &[u8])> = (0..8).map(|at| (format!("{at}.csv"), zeros.as_slice())).collect();
    let content = zip_of(&members.iter().map(|(name, text)| (name.as_str(), *text)).collect::<Vec<_>>());
    assert!(content.len() < 16 << 10);
    assert!(matches!(opened_within(&content, small()), Err(SourceError::Bomb { .. })));
    // One of them alone is a small file.
    assert!(opened_within(&zip_of(&[("0.csv", &zeros)]), small()).is_ok());
}

#[test]
fn a_gzip_bomb_inside_a_zip_is_a_bomb() {
    let content = zip_of(&[("a.csv.gz", &gzip(&vec![b'a'; 4 << 20]))]);
    assert!(matches!(opened_within(&content, small()), Err(SourceError::Bomb { .. })));
}

#[test]
fn members_over_one_another_are_refused() {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file("0.csv", SimpleFileOptions::default()).unwrap();
    writer.write_all(TEXT.repeat(1000).as_bytes()).unwrap();
    for at in 1..100 {
        writer.shallow_copy_file("0.csv", &format!("{at}.csv")).unwrap();
    }
    let content = writer.finish().unwrap().into_inner();
    let said = opened_within(&content, small()).unwrap_err().to_string();
    assert!(said.contains("lie over one another"), "{said}");
}

#[test]
fn two_members_of_one_name_are_refused_and_none_is_lost() {
    // The reader's table has one place for a name: the rows of the other member would be gone without a word.
    let content =
        patched(zip_of(&[("one.csv", b"first\n"), ("two.csv", b"second\n")]), b"two.csv", b"one.csv", 2);
    let said = opened_within(&content, small()).unwrap_err().to_string();
    assert!(said.contains("two of its files have one name"), "{said}");
}

#[test]
fn archives_inside_archives_are_not_unpacked() {
    let inner = zip_of(&[("a.csv", TEXT.as_bytes())]);
    let said = opened_within(&zip_of(&[("inner.zip", &inner)]), small()).unwrap_err().to_string();
    assert!(said.contains("inner.zip: this is an archive inside an archive"), "{said}");
}

#[test]
fn sizes_that_lie_lose_no_text_in_silence() {
    let text = TEXT.repeat(500);
    let good = zip_of(&[("a.csv", text.as_bytes())]);
    let size = (text.len() as u32).to_le_bytes();
    for lie in [0_u32, 3, 12, u32::MAX - 1] {
        let content = patched(good.clone(), &size, &lie.to_le_bytes(), 2);
        match opened_within(&content, small()) {
            Ok(sources) => assert_eq!(text_of(&sources[0]), text.as_bytes(), "{lie}"),
            Err(error) => {
                let kind = matches!(error, SourceError::Damaged { .. } | SourceError::Archive { .. });
                assert!(kind, "{lie}: {error}");
            }
        }
    }
    // The packed size: less than there is, and more than there is.
    let packed =
        ZipArchive::new(Cursor::new(&good)).unwrap().by_index_data(0).unwrap().compressed_size() as u32;
    for lie in [1, packed - 1, packed + 1, packed + 60, 1 << 30] {
        let content = patched(good.clone(), &packed.to_le_bytes(), &lie.to_le_bytes(), 2);
        match opened_within(&content, small()) {
            Ok(sources) => assert_eq!(text_of(&sources[0]), text.as_bytes(), "{lie}"),
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
}

#[test]
fn a_link_in_an_archive_is_no_file() {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.add_symlink("county.csv", "/etc/passwd", SimpleFileOptions::default()).unwrap();
    let content = writer.finish().unwrap().into_inner();
    let said = opened_within(&content, small()).unwrap_err().to_string();
    assert!(said.contains("county.csv: this is a link to another file"), "{said}");
    assert!(!said.contains("passwd"));
}

#[test]
fn an_archive_of_very_many_files_is_refused_before_one_is_opened() {
    let names: Vec<String> = (0..=Limits::default().members).map(|at| format!("{at}.csv")).collect();
    let members: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b"a,b\n"[..])).collect();
    let said = opened_within(&zip_of(&members), Limits::default()).unwrap_err().to_string();
    assert!(said.contains("holds 501 files, more than 500"), "{said}");
    assert_eq!(opened_within(&zip_of(&members[1..]), Limits::default()).unwrap().len(), 500);
}

#[test]
fn names_of_members_are_words_and_never_places() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("input.zip");
    let long = "x".repeat(60_000);
    let names =
        ["../../../../tmp/vacatur-was-here", "/vacatur-was-here", "a\u{1b}[2Jb.csv", "C:\\x.csv", &long];
    let members: Vec<(&str, &[u8])> = names.iter().map(|name| (*name, &b"a,b\n"[..])).collect();
    std::fs::write(&path, zip_of(&members)).unwrap();
    let sources = open(&[Input::Path(path)], dir.path()).unwrap();
    assert_eq!(sources.len(), names.len());
    assert!(sources.iter().all(|source| !source.name().contains('\u{1b}')));
    assert!(!Path::new("/vacatur-was-here").exists() && !Path::new("/tmp/vacatur-was-here").exists());
    // Nothing but the archive has a name in the folder.
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
}

#[test]
fn a_file_that_grows_or_shrinks_after_it_was_opened_has_changed() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("input.csv");
    for (then, reads) in [(format!("{TEXT}{TEXT}"), true), ("a,b\n".to_owned(), false)] {
        std::fs::write(&path, TEXT).unwrap();
        let source = open(&[Input::Path(path.clone())], dir.path()).unwrap().remove(0);
        assert!(!source.has_changed().unwrap());
        std::fs::write(&path, then).unwrap();
        assert!(source.has_changed().unwrap());
        assert_eq!(source.read_at(0, &mut [0; 12]).is_ok(), reads);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_small_file_is_read_to_its_limit_and_no_further() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("small");
    std::fs::write(&path, "12345678").unwrap();
    assert_eq!(read_whole(&path, 8).unwrap(), b"12345678");
    assert_eq!(read_whole(&path, 7).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
    // A device that never ends.
    assert_eq!(read_whole(Path::new("/dev/zero"), 1 << 20).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
    assert!(read_whole(dir.path(), 8).is_err());
}
