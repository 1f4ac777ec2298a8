//! Opening inputs.

use std::cell::Cell;
use std::fs::{self, File};
use std::io::{self, Read, Seek};
use std::path::Path;

use flate2::read::MultiGzDecoder;
use zip::ZipArchive;

use super::sniff::{self, Encoding, HEAD, Kind};
use super::spool::{Counted, Decoding, Packed, head, spool};
use super::{Compression, Input, Note, Opened, Source, SourceError, Store};

/// What packed inputs may unpack to.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Unpacked text may be this many times the packed size.
    pub expansion: u64,
    /// Below this many bytes the ratio does not matter. It holds for an archive as a whole, whatever it says of itself.
    pub unpacked_floor: u64,
    /// How many files an archive may hold. Each is a working copy that stays open for the whole run.
    pub members: usize,
}

impl Default for Limits {
    fn default() -> Self {
        // An extract packs to about a tenth, one of many padded cells to a fiftieth. Deflate ends near 1:1000, which is
        // what a bomb comes to.
        Self { expansion: 300, unpacked_floor: 1 << 30, members: 500 }
    }
}

/// Opens all inputs, in the order given; a zip archive stands for its members, in the order of their names. `scratch`
/// is a directory for working copies of what cannot be read in place.
///
/// # Errors
/// [`SourceError`] for the first input that cannot be read.
pub fn open(inputs: &[Input], scratch: &Path) -> Result<Vec<Source>, SourceError> {
    open_within(inputs, scratch, &Limits::default())
}

/// As [`open`], with other limits.
///
/// # Errors
/// [`SourceError`] for the first input that cannot be read.
pub fn open_within(inputs: &[Input], scratch: &Path, limits: &Limits) -> Result<Vec<Source>, SourceError> {
    open_all(inputs, Opener { scratch, limits, xml: false, sources: Vec::new() })
}

/// As [`open_within`], for XML documents, which are else taken for a download that went wrong.
pub(crate) fn open_documents(
    inputs: &[Input],
    scratch: &Path,
    limits: &Limits,
) -> Result<Vec<Source>, SourceError> {
    open_all(inputs, Opener { scratch, limits, xml: true, sources: Vec::new() })
}

fn open_all(inputs: &[Input], mut opener: Opener<'_>) -> Result<Vec<Source>, SourceError> {
    for input in inputs {
        let name = input.name();
        match input {
            Input::Stdin => opener.stream(&name, &mut io::stdin().lock())?,
            Input::Path(path) => opener.path(&name, path)?,
        }
    }
    for source in &opener.sources {
        tracing::info!(
            input = source.name(),
            packed = %source.compression(),
            bytes = source.original_len(),
            text_bytes = source.len(),
            "input opened"
        );
    }
    Ok(opener.sources)
}

struct Opener<'a> {
    scratch: &'a Path,
    limits: &'a Limits,
    /// Whether XML is what is expected.
    xml: bool,
    sources: Vec<Source>,
}

/// What is known of a stream on its way through the wrappings.
struct Wrapped<'a> {
    name: &'a str,
    member: Option<&'a str>,
    compression: Compression,
    piped: bool,
    /// Bytes read so far of the file as it was handed in.
    original: &'a Cell<u64>,
    /// The archive that it is a member of.
    archive: Option<&'a Budget>,
}

/// What an archive has come to so far, all of its members together.
struct Budget {
    /// Its own length.
    packed: u64,
    unpacked: Cell<u64>,
}

impl Opener<'_> {
    fn path(&mut self, name: &str, path: &Path) -> Result<(), SourceError> {
        let wrong = |error| SourceError::from_io(name, error);
        let about = fs::metadata(path).map_err(wrong)?;
        if about.is_dir() {
            return Err(SourceError::Directory { name: name.to_owned() });
        }
        let mut file = File::open(path).map_err(wrong)?;
        // Of the file that is open, in case another one has taken its name in between.
        let about = file.metadata().map_err(wrong)?;
        if !about.is_file() {
            return self.stream(name, &mut file);
        }
        let head = head(&mut file, HEAD).map_err(wrong)?;
        file.rewind().map_err(wrong)?;
        match sniff::kind_of(&head, self.xml) {
            Kind::Zip => self.archive(name, file, about.len()),
            Kind::Text { encoding: Encoding::Bytes, mark } if !sniff::has_old_mac_line_ends(&head) => {
                let len = about.len().saturating_sub(mark as u64);
                if len == 0 {
                    return Err(SourceError::Empty { name: name.to_owned() });
                }
                self.sources.push(Source {
                    name: name.to_owned(),
                    member: None,
                    compression: Compression::None,
                    bytes: about.len(),
                    len,
                    notes: if mark > 0 { vec![Note::Utf8Mark] } else { Vec::new() },
                    store: Store::File { file, start: mark as u64, opened: Some(Opened::of(&about)) },
                });
                Ok(())
            }
            _ => {
                let original = Cell::new(0);
                let wrapped = Wrapped {
                    name,
                    member: None,
                    compression: Compression::None,
                    piped: false,
                    original: &original,
                    archive: None,
                };
                self.unwrap(&wrapped, &mut Counted { inner: file, count: &original })
            }
        }
    }

    /// Something that can be read once only.
    fn stream(&mut self, name: &str, stream: &mut dyn Read) -> Result<(), SourceError> {
        let original = Cell::new(0);
        let wrapped = Wrapped {
            name,
            member: None,
            compression: Compression::None,
            piped: true,
            original: &original,
            archive: None,
        };
        self.unwrap(&wrapped, &mut Counted { inner: stream, count: &original })
    }

    fn unwrap(&mut self, wrapped: &Wrapped<'_>, stream: &mut dyn Read) -> Result<(), SourceError> {
        let &Wrapped { name, compression, .. } = wrapped;
        let own_name = || name.to_owned();
        let head = head(stream, HEAD).map_err(|error| match compression {
            Compression::None => SourceError::from_io(name, error),
            Compression::Gzip | Compression::Zip => SourceError::Damaged { name: own_name(), error },
        })?;
        let mut whole = head.as_slice().chain(stream);
        match sniff::kind_of(&head, self.xml) {
            Kind::Empty => Err(SourceError::Empty { name: own_name() }),
            Kind::Other { what, hint } => Err(SourceError::NotText { name: own_name(), what, hint }),
            Kind::Gzip if compression != Compression::Gzip => {
                let inner = Wrapped { compression: Compression::Gzip, ..*wrapped };
                self.unwrap(&inner, &mut MultiGzDecoder::new(&mut whole as &mut dyn Read))
            }
            Kind::Zip if compression == Compression::None => {
                let copy = spool(&mut whole, name, Decoding::RAW, &Packed::Not, self.scratch, self.limits)?;
                self.archive(name, copy.file, copy.len)
            }
            Kind::Gzip | Kind::Zip => Err(SourceError::NotText {
                name: own_name(),
                what: "an archive inside an archive",
                hint: "unpack it first and name the file inside",
            }),
            Kind::Text { encoding, mark } => {
                let old_mac = encoding == Encoding::Bytes && sniff::has_old_mac_line_ends(&head);
                let decoding = Decoding { encoding, old_mac, mark };
                let packed = match (compression, wrapped.archive) {
                    (Compression::None, _) => Packed::Not,
                    (_, None) => Packed::Stream { read: wrapped.original },
                    (_, Some(archive)) => {
                        Packed::Member { archive: archive.packed, unpacked: &archive.unpacked }
                    }
                };
                let copy = spool(&mut whole, name, decoding, &packed, self.scratch, self.limits)?;
                if copy.len == 0 {
                    return Err(SourceError::Empty { name: own_name() });
                }
                let mut notes = Vec::new();
                if wrapped.piped {
                    notes.push(Note::Piped);
                }
                match encoding {
                    Encoding::Bytes if mark > 0 => notes.push(Note::Utf8Mark),
                    Encoding::Bytes => {}
                    Encoding::Utf16Le | Encoding::Utf16Be => {
                        notes.push(Note::Utf16 { damaged: copy.damaged })
                    }
                }
                if old_mac {
                    notes.push(Note::OldMacLineEnds);
                }
                self.sources.push(Source {
                    name: own_name(),
                    member: wrapped.member.map(str::to_owned),
                    compression,
                    bytes: wrapped.original.get(),
                    len: copy.len,
                    notes,
                    store: Store::File { file: copy.file, start: 0, opened: None },
                });
                Ok(())
            }
        }
    }

    /// All files of an archive. Members are never written under their own names, so a name with `..` in it is only
    /// something to print.
    fn archive(&mut self, name: &str, file: File, len: u64) -> Result<(), SourceError> {
        let wrong = |error| SourceError::Archive { name: name.to_owned(), error };
        let mut archive = ZipArchive::new(io::BufReader::new(file)).map_err(wrong)?;
        if archive.len() > self.limits.members {
            let (found, limit) = (archive.len(), self.limits.members);
            return Err(SourceError::TooManyMembers { name: name.to_owned(), found, limit });
        }
        // Of two members of one name only one could be reached, and the rows of the other would be lost without a word.
        if archive.has_duplicate_names() {
            return Err(SourceError::OddArchive {
                name: name.to_owned(),
                what: "two of its files have one name",
            });
        }
        // The same bytes unpacked again and again.
        if archive.has_overlapping_entries().map_err(wrong)? {
            return Err(SourceError::OddArchive {
                name: name.to_owned(),
                what: "its files lie over one another, which no packing program does",
            });
        }
        let mut members = Vec::new();
        for index in 0..archive.len() {
            let entry = archive.by_index_data(index).map_err(wrong)?;
            let member = printable(&entry.name().map_err(wrong)?);
            if member == "[Content_Types].xml" {
                return Err(SourceError::NotText {
                    name: name.to_owned(),
                    what: "an Excel workbook or another Office document",
                    hint: "open it and save the sheet as CSV",
                });
            }
            // What macOS adds to archives of its own accord is no file of the user's.
            if entry.is_dir() || member.starts_with("__MACOSX/") || member.ends_with(".DS_Store") {
                continue;
            }
            if entry.is_symlink() {
                return Err(SourceError::NotText {
                    name: format!("{name}/{member}"),
                    what: "a link to another file",
                    hint: "unpack the archive yourself and name the file",
                });
            }
            if entry.encrypted() {
                return Err(SourceError::Encrypted { name: format!("{name}/{member}") });
            }
            members.push((member, index, entry.compressed_size().min(len)));
        }
        if members.is_empty() {
            return Err(SourceError::EmptyArchive { name: name.to_owned() });
        }
        members.sort();
        let budget = Budget { packed: len, unpacked: Cell::new(0) };
        for (member, index, packed_len) in members {
            let name = format!("{name}/{member}");
            let mut stream = archive
                .by_index(index)
                .map_err(|error| SourceError::Archive { name: name.clone(), error })?;
            let original = Cell::new(packed_len);
            let wrapped = Wrapped {
                name: &name,
                member: Some(&member),
                compression: Compression::Zip,
                piped: false,
                original: &original,
                archive: Some(&budget),
            };
            self.unwrap(&wrapped, &mut stream)?;
        }
        Ok(())
    }
}

/// A member's name without control characters, which could play tricks on a terminal.
fn printable(name: &str) -> String {
    name.chars().map(|c| if c.is_control() { '?' } else { c }).collect()
}
