//! An official form as it was published: a PDF with fields, and nothing filled in.

mod walk;

use crate::field::Field;
use lopdf::{Document, LoadOptions, ObjectId};
pub(crate) use walk::{OURS, acro_form, add, annotations};

/// A blank of more bytes than this is none.
const LARGEST: usize = 32 << 20;
/// What one packed part of it may unpack to.
const LARGEST_UNPACKED: usize = 64 << 20;

/// Why a file is no blank that can be filled. Each says what to do.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum BlankError {
    /// No PDF at all.
    #[error("not a PDF: the file does not begin with %PDF; take the form from the court's site again")]
    NotPdf,
    /// A PDF that cannot be read.
    #[error("the PDF is damaged: {0}; take the form from the court's site again")]
    Damaged(&'static str),
    /// Protected, even if only against changes.
    #[error(
        "the PDF is encrypted, as many official forms are to keep them from being changed; where the publisher allows it, make a copy without protection (`qpdf --decrypt FORM.pdf COPY.pdf`, or print to PDF and add a map by places) and name that copy"
    )]
    Encrypted,
    /// Fields in XFA alone, which only one maker's programs show.
    #[error(
        "the form's fields are XFA only, which no form filler but Adobe's reads; ask the publisher for an AcroForm version, or save it as a static PDF and add a map that prints at places (`at = …`)"
    )]
    XfaOnly,
    /// No fields at all.
    #[error(
        "the PDF has no fields to fill; it can be filled by a map that prints at places (`at = …`): name the map with --map"
    )]
    NoFields,
    /// More than a form has.
    #[error("the PDF is larger than any form: more than {0}")]
    TooLarge(&'static str),
}

/// A form as published, read once and filled as often as needed.
pub struct Blank {
    pub(crate) document: Document,
    pub(crate) fields: Vec<Field>,
    pub(crate) pages: Vec<ObjectId>,
    /// The objects that are fields or places of fields.
    pub(crate) form_objects: Vec<ObjectId>,
    /// Hash of the file, which marks what was made of it.
    pub(crate) mark: [u8; 16],
}

vacatur_records::silent_debug!(Blank);

impl Blank {
    /// Reads a form.
    ///
    /// # Errors
    ///
    /// The file cannot be filled: see [`BlankError`]. A PDF without fields is one of them; [`Blank::open_flat`] takes it.
    pub fn open(bytes: Vec<u8>) -> Result<Self, BlankError> {
        let blank = Self::open_flat(bytes)?;
        if blank.fields.is_empty() { Err(BlankError::NoFields) } else { Ok(blank) }
    }

    /// Reads a form that may be without fields, to be filled by a map that prints at places.
    ///
    /// # Errors
    ///
    /// The file cannot be filled: see [`BlankError`].
    pub fn open_flat(bytes: Vec<u8>) -> Result<Self, BlankError> {
        if bytes.len() > LARGEST {
            return Err(BlankError::TooLarge("32 MB"));
        }
        // A few stray bytes before the head are common, and every reader forgives them.
        if !bytes
            .iter()
            .take(1024)
            .collect::<Vec<_>>()
            .windows(5)
            .any(|five| five.iter().copied().eq(b"%PDF-"))
        {
            return Err(BlankError::NotPdf);
        }
        let hash = blake3::hash(&bytes);
        let options = LoadOptions { max_decompressed_size: Some(LARGEST_UNPACKED), ..LoadOptions::default() };
        let document = match Document::load_mem_with_options(&bytes, options) {
            Ok(document) => document,
            Err(lopdf::Error::InvalidPassword | lopdf::Error::Decryption(_)) => {
                return Err(BlankError::Encrypted);
            }
            Err(lopdf::Error::Decompress(lopdf::DecompressError::MemoryLimitExceeded { .. })) => {
                return Err(BlankError::TooLarge("64 MB when unpacked"));
            }
            Err(_) => return Err(BlankError::Damaged("its table of objects cannot be read")),
        };
        if document.is_encrypted() || document.was_encrypted() || document.trailer.has(b"Encrypt") {
            return Err(BlankError::Encrypted);
        }
        let mut mark = [0; 16];
        mark.iter_mut().zip(hash.as_bytes()).for_each(|(to, from)| *to = *from);
        walk::walk(document, mark)
    }

    /// The fields, in the order of the form.
    #[must_use]
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// How many pages it has.
    #[must_use]
    pub fn pages(&self) -> usize {
        self.pages.len()
    }

    /// What identifies the fields: a hash of all names, kinds and states, in hex. It does not depend on the order of
    /// the fields and not on where they stand.
    #[must_use]
    pub fn field_hash(&self) -> String {
        let mut lines: Vec<String> = self
            .fields
            .iter()
            .map(|field| {
                let mut states: Vec<&str> =
                    field.widgets.iter().flat_map(|widget| &widget.states).map(String::as_str).collect();
                states.sort_unstable();
                states.dedup();
                format!("{}\0{}\0{}\n", field.name, field.kind.name(), states.join("\0"))
            })
            .collect();
        lines.sort_unstable();
        blake3::hash(lines.concat().as_bytes()).to_hex().to_string()
    }
}
