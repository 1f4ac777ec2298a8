//! Markdown as blocks. What a paper cannot show is a mistake, not left out.

use super::values::{Piece, pieces};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use serde::Serialize;

/// A block of a paper.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(crate) enum Block {
    /// A heading. Level one is the title of the paper, which is not in its text; these begin at two.
    Heading { level: u8, body: Vec<Inline> },
    /// A paragraph.
    Paragraph { body: Vec<Inline> },
    /// A list, with the number of its first item if it has numbers.
    List { start: Option<u64>, items: Vec<Vec<Block>> },
    /// A quotation, which is set close.
    Quote { blocks: Vec<Block> },
}

/// A piece of a line.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Inline {
    /// A place to be filled in by hand.
    Blank,
    /// A new line.
    Break,
    /// Words in one style.
    #[serde(untagged)]
    Text { text: String, bold: bool, italic: bool },
}

/// What is open while blocks are read.
enum Open {
    Heading(u8),
    Paragraph,
    List(Option<u64>, Vec<Vec<Block>>),
    Item,
    Quote,
}

struct Reader {
    /// What is open, outermost first, each with the blocks inside it.
    open: Vec<(Open, Vec<Block>)>,
    done: Vec<Block>,
    inlines: Vec<Inline>,
    /// Words since the last change of style.
    words: String,
    bold: u32,
    italic: u32,
}

/// Reads Markdown. The error has the byte at which it stands.
pub(super) fn read(text: &str) -> Result<Vec<Block>, (usize, String)> {
    let mut reader = Reader {
        open: Vec::new(),
        done: Vec::new(),
        inlines: Vec::new(),
        words: String::new(),
        bold: 0,
        italic: 0,
    };
    for (event, place) in Parser::new_ext(text, Options::ENABLE_SMART_PUNCTUATION).into_offset_iter() {
        reader.take(event).map_err(|what| (place.start, format!("a paper has no {what}")))?;
    }
    Ok(reader.done)
}

impl Reader {
    fn take(&mut self, event: Event<'_>) -> Result<(), &'static str> {
        match event {
            Event::Start(tag) => self.start(&tag)?,
            Event::End(tag) => self.end(tag),
            Event::Text(text) => {
                self.implied_paragraph();
                self.words.push_str(&text);
            }
            Event::SoftBreak => self.words.push(' '),
            Event::HardBreak => self.inline(Inline::Break),
            Event::Code(_) => return Err("code"),
            Event::Html(_) | Event::InlineHtml(_) => return Err("HTML"),
            Event::Rule => return Err("horizontal rule"),
            _ => {
                return Err(
                    "such Markdown: headings, paragraphs, lists, quotations, bold and italics are all",
                );
            }
        }
        Ok(())
    }

    fn start(&mut self, tag: &Tag<'_>) -> Result<(), &'static str> {
        let open = match tag {
            Tag::Strong => {
                self.implied_paragraph();
                self.flush();
                self.bold += 1;
                return Ok(());
            }
            Tag::Emphasis => {
                self.implied_paragraph();
                self.flush();
                self.italic += 1;
                return Ok(());
            }
            Tag::Heading { level, .. } => Open::Heading((*level as u8).max(2)),
            Tag::Paragraph => Open::Paragraph,
            Tag::List(start) => Open::List(*start, Vec::new()),
            Tag::Item => Open::Item,
            Tag::BlockQuote(_) => Open::Quote,
            Tag::Link { .. } => return Err("link"),
            Tag::Image { .. } => return Err("image"),
            Tag::CodeBlock(_) => return Err("code: is a line indented by four blanks?"),
            Tag::HtmlBlock => return Err("HTML"),
            _ => {
                return Err(
                    "such Markdown: headings, paragraphs, lists, quotations, bold and italics are all",
                );
            }
        };
        // A list or a quotation in a tight item ends the words before it.
        self.close_implied();
        self.open.push((open, Vec::new()));
        Ok(())
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Strong => {
                self.flush();
                self.bold = self.bold.saturating_sub(1);
                return;
            }
            TagEnd::Emphasis => {
                self.flush();
                self.italic = self.italic.saturating_sub(1);
                return;
            }
            TagEnd::Item => self.close_implied(),
            _ => {}
        }
        self.close();
    }

    /// An item of a tight list has words without a paragraph around them.
    fn implied_paragraph(&mut self) {
        if matches!(self.open.last(), Some((Open::Item, _))) {
            self.open.push((Open::Paragraph, Vec::new()));
        }
    }

    fn close_implied(&mut self) {
        if matches!(self.open.last(), Some((Open::Paragraph, _))) {
            self.close();
        }
    }

    fn close(&mut self) {
        self.flush();
        let Some((open, blocks)) = self.open.pop() else { return };
        let body = std::mem::take(&mut self.inlines);
        let block = match open {
            Open::Heading(level) => Block::Heading { level, body },
            // Where a condition did not hold, nothing may be left of a paragraph.
            Open::Paragraph if body.is_empty() => return,
            Open::Paragraph => Block::Paragraph { body },
            Open::List(start, items) => Block::List { start, items },
            Open::Quote => Block::Quote { blocks },
            Open::Item => {
                if let Some((Open::List(_, items), _)) = self.open.last_mut() {
                    items.push(blocks);
                }
                return;
            }
        };
        match self.open.last_mut() {
            Some((_, blocks)) => blocks.push(block),
            None => self.done.push(block),
        }
    }

    fn inline(&mut self, inline: Inline) {
        self.flush();
        self.inlines.push(inline);
    }

    /// Makes inlines of the words so far, with their values.
    fn flush(&mut self) {
        let words = std::mem::take(&mut self.words);
        let (bold, italic) = (self.bold > 0, self.italic > 0);
        for piece in pieces(&words) {
            let text = match piece {
                Piece::Own(own) => own.to_owned(),
                Piece::Value(value) => value,
                Piece::Blank => {
                    self.inlines.push(Inline::Blank);
                    continue;
                }
            };
            match self.inlines.last_mut() {
                Some(Inline::Text { text: last, bold: was_bold, italic: was_italic })
                    if (*was_bold, *was_italic) == (bold, italic) =>
                {
                    last.push_str(&text);
                }
                _ => self.inlines.push(Inline::Text { text, bold, italic }),
            }
        }
    }
}
