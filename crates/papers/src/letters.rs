//! The fonts that come with the program, which letters they have, and how wide a text is.

use std::sync::LazyLock;
use ttf_parser::Face;
use typst::foundations::Bytes;
use typst::text::Font;
use unicode_segmentation::UnicodeSegmentation as _;

/// The files of the fonts. The first three are asked for their letters here.
static FILES: [&[u8]; 7] = [
    include_bytes!("../../../forms/fonts/LiberationSans-Regular.ttf"),
    include_bytes!("../../../forms/fonts/LiberationSerif-Regular.ttf"),
    include_bytes!("../../../forms/fonts/DejaVuSans.ttf"),
    include_bytes!("../../../forms/fonts/LiberationSans-Bold.ttf"),
    include_bytes!("../../../forms/fonts/LiberationSerif-Bold.ttf"),
    include_bytes!("../../../forms/fonts/LiberationSerif-Italic.ttf"),
    include_bytes!("../../../forms/fonts/LiberationSerif-BoldItalic.ttf"),
];

/// The fonts, in the order in which they are numbered.
pub(crate) static FONTS: LazyLock<Vec<Font>> =
    LazyLock::new(|| FILES.into_iter().flat_map(|file| Font::iter(Bytes::new(file))).collect());

static FACES: LazyLock<Vec<Face<'static>>> =
    LazyLock::new(|| FILES.iter().take(3).filter_map(|file| Face::parse(file, 0).ok()).collect());

const SANS: usize = 0;
const SERIF: usize = 1;
const LAST_RESORT: usize = 2;

/// The first letter of a text that a paper cannot show, because no font has it or because it is none: a control
/// character, one that turns the direction of what follows, or one of a private area. Whoever has such a name keeps it
/// out of the papers and tells somebody; a box in its place would name somebody else.
///
/// ```
/// use vacatur_papers::missing_letters;
/// assert_eq!(missing_letters("Núñez-O’Brien, Đặng, Šimić, Ωμέγα, שרה"), None);
/// assert_eq!(missing_letters("王"), Some('王'));
/// assert_eq!(missing_letters("A\u{202E}B"), Some('\u{202E}'));
/// ```
#[must_use]
pub fn missing_letters(text: &str) -> Option<char> {
    // Nearly every name is of these letters, which all the fonts have.
    if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return None;
    }
    // A letter and its marks must come from one font, or they do not stand together.
    text.graphemes(true).find_map(|cluster| {
        if let Some(letter) = cluster.chars().find(|&letter| unprintable(letter)) {
            return Some(letter);
        }
        let lacks = |font: usize| cluster.chars().find(|&letter| !has(font, letter));
        lacks(LAST_RESORT)?;
        lacks(SANS).or_else(|| lacks(SERIF))
    })
}

fn unprintable(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{E000}'..='\u{F8FF}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
            | '\u{FFF0}'..='\u{FFFF}' | '\u{E0000}'..='\u{10FFFF}')
}

fn has(font: usize, letter: char) -> bool {
    FACES.get(font).is_some_and(|face| face.glyph_index(letter).is_some_and(|glyph| glyph.0 != 0))
}

/// Widths of the ASCII letters in the sans serif, in parts of the size of the font.
static ASCII: LazyLock<[f64; 128]> =
    LazyLock::new(|| std::array::from_fn(|code| u8::try_from(code).map_or(0.0, |code| look_up(code.into()))));

fn look_up(letter: char) -> f64 {
    let of = |font: usize| {
        let face = FACES.get(font)?;
        let advance = face.glyph_hor_advance(face.glyph_index(letter)?)?;
        Some(f64::from(advance) / f64::from(face.units_per_em()))
    };
    of(SANS).or_else(|| of(LAST_RESORT)).unwrap_or(1.0)
}

/// How wide a letter is in the sans serif, in parts of the size of the font.
fn width(letter: char) -> f64 {
    ASCII.get(letter as usize).copied().unwrap_or_else(|| look_up(letter))
}

/// A text cut so that it fits a cell.
#[derive(Debug, PartialEq)]
pub(crate) enum Fitted {
    /// On one line in the size of the table.
    AsItIs,
    /// On these lines, in a size in points.
    Lines(f64, Vec<String>),
}

/// The sizes that are tried, in points, with the lines for which a row of the exhibit has room then.
const SIZES: [(f64, usize); 6] = [(8.5, 1), (7.6, 2), (7.0, 2), (6.4, 2), (5.8, 3), (5.0, 3)];

/// Finds the largest size at which a text fits a cell of a width in points. `None` if it fits at no size that can be
/// read. Lines are broken here, between words if that can be, so that the height of a row is known without asking the
/// typesetter.
pub(crate) fn fit(text: &str, points: f64) -> Option<Fitted> {
    let whole: f64 = text.chars().map(width).sum();
    // Kerning can make a text a little wider than its letters.
    let room = points * 0.985;
    let [(first, _), smaller @ ..] = SIZES;
    if whole * first <= room {
        return Some(Fitted::AsItIs);
    }
    smaller
        .into_iter()
        .find_map(|(size, most)| wrap(text, room / size, most).map(|lines| Fitted::Lines(size, lines)))
}

/// Breaks a text into at most so many lines, of a width in parts of the size of the font.
fn wrap(text: &str, room: f64, most: usize) -> Option<Vec<String>> {
    let mut lines = vec![String::new()];
    let mut used = 0.0;
    // After a blank, a comma or a hyphen a line may end. A longer word is cut where the line is full.
    for word in text.split_inclusive([' ', '-', ',', '/']) {
        let long: f64 = word.chars().map(width).sum();
        let bare: f64 = word.trim_end().chars().map(width).sum();
        if used > 0.0 && used + bare > room {
            lines.push(String::new());
            used = 0.0;
        }
        if bare <= room {
            lines.last_mut()?.push_str(word);
            used += long;
        } else {
            for cluster in word.graphemes(true) {
                let wide: f64 = cluster.chars().map(width).sum();
                if used > 0.0 && used + wide > room {
                    lines.push(String::new());
                    used = 0.0;
                }
                lines.last_mut()?.push_str(cluster);
                used += wide;
            }
        }
        if lines.len() > most {
            return None;
        }
    }
    Some(lines.into_iter().map(|line| line.trim_end().to_owned()).collect())
}

#[cfg(test)]
mod tests;
