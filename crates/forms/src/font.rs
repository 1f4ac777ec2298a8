//! The letters of what is filled in. The fonts are compiled in and embedded in every paper, so that it looks the same in
//! every viewer.

use crate::write;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use rustc_hash::FxHashMap;
use std::io::Write;
use std::sync::OnceLock;
use subsetter::GlyphRemapper;

/// The fonts, the first that has a letter is taken.
pub(crate) const FONTS: [(&str, &[u8]); 2] = [
    ("LiberationSans", include_bytes!("../../../forms/fonts/LiberationSans-Regular.ttf")),
    ("DejaVuSans", include_bytes!("../../../forms/fonts/DejaVuSans.ttf")),
];

/// How far letters reach above and below the line, in parts of the size. Of Liberation Sans, as of Arial.
pub(crate) const ASCENT: f32 = 0.905;
pub(crate) const DESCENT: f32 = 0.212;
pub(crate) const CAPITAL: f32 = 0.729;

/// Letters of Windows-1252 above ASCII that are not at their own number in Unicode.
const TYPOGRAPHIC: &str = "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ";

/// How many objects of a PDF a font takes.
pub(crate) const FONT_OBJECTS: u32 = 5;

/// The fonts as they are read, once for the program.
pub(crate) struct Faces(pub(crate) Vec<rustybuzz::Face<'static>>);

pub(crate) fn faces() -> &'static Faces {
    static FACES: OnceLock<Faces> = OnceLock::new();
    FACES.get_or_init(|| {
        Faces(FONTS.iter().filter_map(|(_, bytes)| rustybuzz::Face::from_slice(bytes, 0)).collect())
    })
}

/// The letters that nearly every name is written with: a part of the first font, made once.
pub(crate) struct Everyday {
    /// For each letter, its number in the part and its width in thousandths of the size.
    letters: FxHashMap<char, (u16, u16)>,
    low: Vec<(u16, u16)>,
    pub(crate) embedded: Embedded,
}

/// A part of a font, ready to be written into any paper.
pub(crate) struct Embedded {
    name: String,
    /// The part of the font, packed.
    file: Vec<u8>,
    unpacked: usize,
    /// Widths of the glyphs in order, in thousandths.
    widths: Vec<u16>,
    to_unicode: Vec<u8>,
    descriptor: String,
}

pub(crate) fn everyday() -> &'static Everyday {
    static EVERYDAY: OnceLock<Everyday> = OnceLock::new();
    EVERYDAY.get_or_init(|| {
        let mut mapper = GlyphRemapper::new();
        let mut letters = FxHashMap::default();
        let mut low = vec![(0, 0); 256];
        let mut texts: Vec<(u16, String)> = Vec::new();
        let ascii_and_latin = (0x20..0x7F_u32).chain(0xA0..0x100).filter(|&code| code != 0xAD);
        let all = ascii_and_latin.filter_map(char::from_u32).chain(TYPOGRAPHIC.chars());
        if let Some(face) = faces().0.first() {
            for letter in all {
                let Some(glyph) = face.glyph_index(letter) else { continue };
                let number = mapper.remap(glyph.0);
                let width = thousandths(face, glyph.0);
                letters.insert(letter, (number, width));
                if let Some(slot) = low.get_mut(letter as usize) {
                    *slot = (number, width);
                }
                // The no-break space has the blank's own glyph: the first letter names it.
                if texts.iter().all(|(named, _)| *named != number) {
                    texts.push((number, letter.to_string()));
                }
            }
        }
        Everyday { letters, low, embedded: embed(0, &mapper, &texts) }
    })
}

impl Everyday {
    /// The letter's number and width, if it is an everyday one.
    pub(crate) fn letter(&self, letter: char) -> Option<(u16, u16)> {
        match self.low.get(letter as usize) {
            Some((0, _)) => None,
            Some(&found) => Some(found),
            None => self.letters.get(&letter).copied(),
        }
    }
}

/// The width of a glyph in thousandths of the size.
pub(crate) fn thousandths(face: &rustybuzz::Face<'_>, glyph: u16) -> u16 {
    let advance = u32::from(face.glyph_hor_advance(rustybuzz::ttf_parser::GlyphId(glyph)).unwrap_or(0));
    let per_em = u32::try_from(face.units_per_em()).unwrap_or(1000).max(1);
    u16::try_from((advance * 1000 + per_em / 2) / per_em).unwrap_or(u16::MAX)
}

/// Cuts a part out of a font. `texts` says of each glyph, by its number in the part, what it is to a reader.
pub(crate) fn embed(font: usize, mapper: &GlyphRemapper, texts: &[(u16, String)]) -> Embedded {
    let (name, bytes) = FONTS.get(font).copied().unwrap_or(("", &[]));
    let part = subsetter::subset(bytes, 0, mapper).unwrap_or_default();
    let mut widths = Vec::new();
    let mut descriptor = String::new();
    if let Some(face) = faces().0.get(font) {
        widths = mapper.remapped_gids().map(|glyph| thousandths(face, glyph)).collect();
        let per_em = face.units_per_em().max(1);
        let scale = |value: i16| i32::from(value) * 1000 / per_em;
        let bounds = face.global_bounding_box();
        descriptor = format!(
            "/Flags 4/FontBBox[{} {} {} {}]/ItalicAngle 0/Ascent {}/Descent {}/CapHeight {}/StemV 80",
            scale(bounds.x_min),
            scale(bounds.y_min),
            scale(bounds.x_max),
            scale(bounds.y_max),
            scale(face.ascender()),
            scale(face.descender()),
            scale(face.capital_height().unwrap_or(1409)),
        );
    }
    // Six letters before the name mark a part of a font. They are made of what the part holds.
    let digest = blake3::hash(&part);
    let tag: String = digest.as_bytes().iter().take(6).map(|byte| char::from(b'A' + byte % 26)).collect();
    Embedded {
        name: format!("{tag}+{name}"),
        file: pack(&part),
        unpacked: part.len(),
        widths,
        to_unicode: pack(to_unicode(texts).as_bytes()),
        descriptor,
    }
}

fn pack(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::with_capacity(bytes.len() / 2), Compression::default());
    // Writing to memory does not fail.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}

fn to_unicode(texts: &[(u16, String)]) -> String {
    let mut map = String::from(
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo <</Registry (Adobe)/Ordering (UCS)/Supplement 0>> def\n/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n",
    );
    for some in texts.chunks(100) {
        map.push_str(&format!("{} beginbfchar\n", some.len()));
        for (glyph, text) in some {
            map.push_str(&format!("<{glyph:04X}> <"));
            for unit in text.encode_utf16() {
                map.push_str(&format!("{unit:04X}"));
            }
            map.push_str(">\n");
        }
        map.push_str("endbfchar\n");
    }
    map.push_str("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n");
    map
}

impl Embedded {
    /// Writes the font as [`FONT_OBJECTS`] objects from `first`; the first of them is the font itself.
    pub(crate) fn write(&self, paper: &mut write::Paper, first: u32) {
        let name = &self.name;
        let (inner, descriptor, file, map) = (first + 1, first + 2, first + 3, first + 4);
        let mut object = |number: u32, text: String| {
            paper.begin(number);
            paper.bytes.extend_from_slice(text.as_bytes());
            paper.end();
        };
        object(
            first,
            format!(
                "<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/Identity-H/DescendantFonts[{inner} 0 R]/ToUnicode {map} 0 R>>"
            ),
        );
        let widths: Vec<String> = self.widths.iter().map(u16::to_string).collect();
        object(
            inner,
            format!(
                "<</Type/Font/Subtype/CIDFontType2/BaseFont/{name}/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor {descriptor} 0 R/CIDToGIDMap/Identity/DW 0/W[0[{}]]>>",
                widths.join(" ")
            ),
        );
        object(
            descriptor,
            format!("<</Type/FontDescriptor/FontName/{name}{}/FontFile2 {file} 0 R>>", self.descriptor),
        );
        paper.begin(file);
        write::plain_stream(
            &mut paper.bytes,
            &format!("/Filter/FlateDecode/Length1 {}", self.unpacked),
            &self.file,
        );
        paper.end();
        paper.begin(map);
        write::plain_stream(&mut paper.bytes, "/Filter/FlateDecode", &self.to_unicode);
        paper.end();
    }
}
