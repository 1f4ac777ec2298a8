//! XML documents, one element for each case. Nothing in them is expanded: a document that declares entities is refused.

use std::io::{BufReader, Read};

use quick_xml::events::{BytesRef, BytesStart, Event};

use super::account::CourtPlace;
use super::error::CourtError;
use super::lines::Stream;
use super::read::Reading;
use super::tree::{TEXT, Tree};
use super::tree_cases::LONGEST_ELEMENT;
use crate::source::Source;

/// How deep elements may stand in one another.
const DEEPEST: usize = 64;
/// How many bytes may come without the end of a tag: the reader holds that many.
const LONGEST_EVENT: u64 = 8 << 20;

/// An element that is not closed yet.
struct Open {
    name: String,
    entries: Vec<(String, Tree)>,
    text: String,
}

impl Open {
    fn close(self) -> (String, Tree) {
        let text = self.text.trim().to_owned();
        let tree = match (self.entries.is_empty(), text.is_empty()) {
            (true, true) => Tree::Nothing,
            (true, false) => Tree::Text(text),
            (false, true) => Tree::Object(self.entries),
            (false, false) => {
                let mut entries = self.entries;
                entries.push((TEXT.to_owned(), Tree::Text(text)));
                Tree::Object(entries)
            }
        };
        (self.name, tree)
    }

    /// Elements of one name are a list.
    fn add(&mut self, name: String, value: Tree) {
        match self.entries.iter_mut().find(|(known, _)| *known == name) {
            None => self.entries.push((name, value)),
            Some((_, Tree::List(elements))) => elements.push(value),
            Some((_, only)) => {
                let first = std::mem::replace(only, Tree::Nothing);
                *only = Tree::List(vec![first, value]);
            }
        }
    }
}

/// A reader that gives out no more than an allowance, which is renewed for each event.
struct Allowance<R> {
    inner: R,
    left: u64,
    spent: bool,
}

impl<R: Read> Read for Allowance<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let most = into.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        if most == 0 && !into.is_empty() {
            self.spent = true;
        }
        let read = self.inner.read(into.get_mut(..most).unwrap_or_default())?;
        self.left -= read as u64;
        Ok(read)
    }
}

fn local(name: &str) -> String {
    name.rsplit_once(':').map_or(name, |(_, local)| local).to_owned()
}

impl Reading<'_> {
    pub(super) fn xml(&mut self, file: u32, source: &Source) -> Result<(), CourtError> {
        let stream = Allowance { inner: Stream::new(source), left: LONGEST_EVENT, spent: false };
        let mut reader = quick_xml::Reader::from_reader(BufReader::new(stream));
        reader.config_mut().check_end_names = true;
        let mut line: u64 = 1;
        let damaged = |line: u64, what: &str| CourtError::Damaged {
            name: source.name().to_owned(),
            line,
            what: what.to_owned(),
        };
        let mut open: Vec<Open> = Vec::new();
        // How many of the open elements stand above the case, and where it begins.
        let mut outside = 0_usize;
        let mut began: Option<(u64, usize)> = None;
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            reader.get_mut().get_mut().left = LONGEST_EVENT;
            let event = reader.read_event_into(&mut buffer);
            let Ok(event) = event else {
                return Err(damaged(line, "the XML is not well formed from here on; fetch the file again"));
            };
            let bytes: &str = &event;
            let lines = bytes.matches('\n').count() as u64;
            if let Some((_, size)) = &mut began {
                *size += bytes.len();
                if *size > LONGEST_ELEMENT {
                    return Err(damaged(line, "an element for a case is longer than any case"));
                }
            }
            let record = self.layout.0.record.as_str();
            match &event {
                Event::DocType(_) => {
                    return Err(damaged(
                        line,
                        "the document has a DOCTYPE, by which it could be made to grow without end; remove it",
                    ));
                }
                Event::Start(tag) | Event::Empty(tag) => {
                    let name = local(tag.name().as_ref());
                    if began.is_none() && name == record {
                        began = Some((line, 0));
                    }
                    let closed = matches!(event, Event::Empty(_));
                    if began.is_none() {
                        outside += usize::from(!closed);
                    } else {
                        let element = self.element(tag, name).ok_or_else(|| {
                            damaged(
                                line,
                                "an attribute is not well formed or has an entity that is not known",
                            )
                        })?;
                        open.push(element);
                    }
                    if open.len() + outside > DEEPEST {
                        return Err(damaged(line, "elements are nested deeper than in any case"));
                    }
                    if closed && began.is_some() {
                        self.closed(&mut open, &mut began, file, source)?;
                    }
                }
                Event::End(_) if began.is_none() => outside = outside.saturating_sub(1),
                Event::End(_) => self.closed(&mut open, &mut began, file, source)?,
                Event::Text(text) => {
                    if let Some(element) = open.last_mut() {
                        element.text.push_str(text);
                    }
                }
                Event::CData(text) => {
                    if let Some(element) = open.last_mut() {
                        element.text.push_str(text);
                    }
                }
                Event::GeneralRef(reference) => {
                    if let Some(element) = open.last_mut() {
                        let Some(c) = resolved(reference) else {
                            return Err(damaged(line, "an entity is not one of the five that XML knows"));
                        };
                        element.text.push_str(&c);
                    }
                }
                Event::Eof => {
                    if reader.get_ref().get_ref().spent {
                        return Err(damaged(line, "a tag or text is longer than any value"));
                    }
                    if began.is_some() || outside > 0 {
                        return Err(damaged(
                            line,
                            "the document ends within an element; fetch the file again",
                        ));
                    }
                    return Ok(());
                }
                Event::Comment(_) | Event::PI(_) | Event::Decl(_) => {}
            }
            line += lines;
        }
    }

    fn element(&self, tag: &BytesStart<'_>, name: String) -> Option<Open> {
        let mut element = Open { name, entries: Vec::new(), text: String::new() };
        for attribute in tag.attributes() {
            let attribute = attribute.ok()?;
            let name = attribute.key.as_ref();
            if name.starts_with("xmlns") {
                continue;
            }
            let value = quick_xml::escape::unescape(attribute.value.as_ref()).ok()?;
            element.add(format!("@{}", local(name)), Tree::Text(value.trim().to_owned()));
        }
        Some(element)
    }

    fn closed(
        &mut self,
        open: &mut Vec<Open>,
        began: &mut Option<(u64, usize)>,
        file: u32,
        source: &Source,
    ) -> Result<(), CourtError> {
        let Some(element) = open.pop() else { return Ok(()) };
        let (name, tree) = element.close();
        match (open.last_mut(), *began) {
            (Some(above), _) => above.add(name, tree),
            (None, Some((line, _))) => {
                *began = None;
                self.tree(CourtPlace { file, line, column: None }, &tree, source)?;
            }
            (None, None) => {}
        }
        Ok(())
    }
}

/// The character that a reference stands for, of those that XML knows without a declaration.
fn resolved(reference: &BytesRef<'_>) -> Option<String> {
    if let Ok(Some(c)) = reference.resolve_char_ref() {
        return Some(c.to_string());
    }
    let name: &str = reference;
    quick_xml::escape::resolve_predefined_entity(name).map(str::to_owned)
}
