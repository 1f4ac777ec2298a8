use std::io::{Cursor, Write};

use flate2::Compression as Level;
use flate2::write::GzEncoder;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

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
        let limits = Limits { expansion: 300, unpacked_floor: 1 << 20 };
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
