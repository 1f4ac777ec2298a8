//! What the typesetter sees: the layouts, one file of data, pictures where a paper has some, and the fonts. There is nothing
//! else, and no day.

use crate::error::PaperError;
use crate::letters::FONTS;
use std::sync::Arc;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt as _, World, WorldExt as _};

/// The data's name for the layouts.
const DATA: &str = "data.json";

/// What is the same for every paper.
pub(crate) struct Typesetter {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    /// Name and text of each layout.
    layouts: Vec<(String, Source)>,
    data: FileId,
    pictures: Vec<(FileId, Bytes)>,
}

impl Typesetter {
    /// Takes the layouts by name. A name that is no path is the mistake of a caller in this crate.
    pub(crate) fn new(layouts: Vec<(String, String)>) -> Result<Self, PaperError> {
        Self::with_pictures(layouts, Vec::new())
    }

    /// The same with pictures by name.
    pub(crate) fn with_pictures(
        layouts: Vec<(String, String)>,
        pictures: Vec<(String, Vec<u8>)>,
    ) -> Result<Self, PaperError> {
        let id = |name: &str| {
            let path = VirtualPath::new(name).map_err(|_| PaperError::Template {
                name: name.to_owned(),
                line: 1,
                column: 1,
                message: "not a name of a file".to_owned(),
            })?;
            Ok::<_, PaperError>(RootedPath::new(VirtualRoot::Project, path).intern())
        };
        let mut sources = Vec::new();
        for (name, text) in layouts {
            let short = name.rsplit('/').next().unwrap_or_default();
            sources.push((name.clone(), Source::new(id(short)?, text)));
        }
        let pictures = pictures
            .into_iter()
            .map(|(name, bytes)| Ok((id(&name)?, Bytes::new(Arc::<[u8]>::from(bytes)))))
            .collect::<Result<_, PaperError>>()?;
        Ok(Self {
            library: LazyHash::new(Library::default()),
            book: LazyHash::new(FontBook::from_fonts(FONTS.iter())),
            layouts: sources,
            data: id(DATA)?,
            pictures,
        })
    }

    /// The world in which a layout sees its data.
    pub(crate) fn world<'a>(&'a self, layout: &str, data: Vec<u8>) -> Option<Room<'a>> {
        let main = self.layouts.iter().find(|(name, _)| name == layout)?.1.id();
        Some(Room { setter: self, main, data: Bytes::new(Arc::<[u8]>::from(data)) })
    }
}

/// The world of one paper.
pub(crate) struct Room<'a> {
    setter: &'a Typesetter,
    main: FileId,
    data: Bytes,
}

impl World for Room<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.setter.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.setter.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let found = self.setter.layouts.iter().find(|(_, source)| source.id() == id);
        found.map(|(_, source)| source.clone()).ok_or(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.setter.data {
            return Ok(self.data.clone());
        }
        let picture = self.setter.pictures.iter().find(|(known, _)| *known == id);
        picture.map(|(_, bytes)| bytes.clone()).ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

impl Room<'_> {
    /// A mistake with the place in the layout. `secret` says whether a message shows something of the data.
    pub(crate) fn mistake(&self, of: &SourceDiagnostic, secret: impl Fn(&str) -> bool) -> PaperError {
        let message = if secret(&of.message) {
            "a mistake whose message shows something of the data, and is left out".to_owned()
        } else {
            of.message.to_string()
        };
        let source = of.span.id().and_then(|id| self.setter.layouts.iter().find(|(_, it)| it.id() == id));
        let main = || self.setter.layouts.iter().find(|(_, it)| it.id() == self.main);
        let (name, place) = match source.or_else(main) {
            Some((name, source)) => {
                let start = self.range(of.span).map(|range| range.start);
                (name.clone(), start.and_then(|start| source.lines().byte_to_line_column(start)))
            }
            None => (String::new(), None),
        };
        let (line, column) = place.unwrap_or_default();
        PaperError::Template { name, line: line + 1, column: column + 1, message }
    }
}
