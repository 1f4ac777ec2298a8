//! Objects of a PDF as bytes.

use lopdf::{Dictionary, Object, ObjectId, Stream};

/// Where references of the blank lead in what is written. `None`: to nothing.
pub(crate) type Renumber<'a> = &'a dyn Fn(ObjectId) -> Option<u32>;

/// Objects are nested no deeper than this, whatever the file says.
const DEEPEST: usize = 128;

pub(crate) fn object(out: &mut Vec<u8>, object: &Object, renumber: Renumber<'_>) {
    write(out, object, renumber, 0);
}

/// A dictionary without its closing brackets, so that entries can be added.
pub(crate) fn open_dictionary(out: &mut Vec<u8>, dictionary: &Dictionary, renumber: Renumber<'_>) {
    entries(out, dictionary, renumber, 0);
}

fn write(out: &mut Vec<u8>, object: &Object, renumber: Renumber<'_>, depth: usize) {
    if depth > DEEPEST {
        out.extend_from_slice(b"null");
        return;
    }
    match object {
        Object::Null => out.extend_from_slice(b"null"),
        Object::Boolean(true) => out.extend_from_slice(b"true"),
        Object::Boolean(false) => out.extend_from_slice(b"false"),
        Object::Integer(number) => out.extend_from_slice(number.to_string().as_bytes()),
        Object::Real(number) if number.is_finite() => out.extend_from_slice(format!("{number}").as_bytes()),
        Object::Real(_) => out.push(b'0'),
        Object::Name(bytes) => name(out, bytes),
        Object::String(bytes, _) => string(out, bytes),
        Object::Array(items) => {
            out.push(b'[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(b' ');
                }
                write(out, item, renumber, depth + 1);
            }
            out.push(b']');
        }
        Object::Dictionary(dictionary) => {
            entries(out, dictionary, renumber, depth);
            out.extend_from_slice(b">>");
        }
        Object::Stream(stream) => self::stream(out, stream, renumber, depth),
        Object::Reference(id) => match renumber(*id) {
            Some(number) => reference(out, number),
            None => out.extend_from_slice(b"null"),
        },
    }
}

fn entries(out: &mut Vec<u8>, dictionary: &Dictionary, renumber: Renumber<'_>, depth: usize) {
    out.extend_from_slice(b"<<");
    for (key, value) in dictionary.iter() {
        name(out, key);
        out.push(b' ');
        write(out, value, renumber, depth + 1);
    }
}

fn stream(out: &mut Vec<u8>, stream: &Stream, renumber: Renumber<'_>, depth: usize) {
    out.extend_from_slice(b"<<");
    for (key, value) in stream.dict.iter().filter(|(key, _)| key.as_slice() != b"Length") {
        name(out, key);
        out.push(b' ');
        write(out, value, renumber, depth + 1);
    }
    out.extend_from_slice(format!("/Length {}>>stream\n", stream.content.len()).as_bytes());
    out.extend_from_slice(&stream.content);
    out.extend_from_slice(b"\nendstream");
}

/// A stream of our own, as it is.
pub(crate) fn plain_stream(out: &mut Vec<u8>, entries: &str, content: &[u8]) {
    out.extend_from_slice(format!("<<{entries}/Length {}>>stream\n", content.len()).as_bytes());
    out.extend_from_slice(content);
    out.extend_from_slice(b"\nendstream");
}

pub(crate) fn reference(out: &mut Vec<u8>, number: u32) {
    out.extend_from_slice(number.to_string().as_bytes());
    out.extend_from_slice(b" 0 R");
}

pub(crate) fn name(out: &mut Vec<u8>, bytes: &[u8]) {
    out.push(b'/');
    for &byte in bytes {
        let regular = byte.is_ascii_graphic() && !b"()<>[]{}/%#".contains(&byte);
        if regular {
            out.push(byte);
        } else {
            out.push(b'#');
            hex(out, byte);
        }
    }
}

pub(crate) fn string(out: &mut Vec<u8>, bytes: &[u8]) {
    out.push(b'(');
    for &byte in bytes {
        match byte {
            b'(' | b')' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\n' => out.extend_from_slice(b"\\n"),
            _ => out.push(byte),
        }
    }
    out.push(b')');
}

/// A text for people: as it is if it is plain, else in UTF-16.
pub(crate) fn text(out: &mut Vec<u8>, text: &str) {
    if text.bytes().all(|byte| byte == b'\n' || (0x20..0x7F).contains(&byte)) {
        string(out, text.as_bytes());
        return;
    }
    out.extend_from_slice(b"<FEFF");
    for unit in text.encode_utf16() {
        hex16(out, unit);
    }
    out.push(b'>');
}

pub(crate) fn hex16(out: &mut Vec<u8>, unit: u16) {
    let [high, low] = unit.to_be_bytes();
    hex(out, high);
    hex(out, low);
}

fn hex(out: &mut Vec<u8>, byte: u8) {
    let digit = |value: u8| if value < 10 { b'0' + value } else { b'A' + value - 10 };
    out.push(digit(byte >> 4));
    out.push(digit(byte & 15));
}

/// A length or place in points, to the hundredth: no float's own way of being written gets into a paper.
pub(crate) fn number(out: &mut Vec<u8>, value: f32) {
    let hundredths = if value.is_finite() { (f64::from(value) * 100.0).round() as i64 } else { 0 };
    if hundredths < 0 {
        out.push(b'-');
    }
    let size = hundredths.unsigned_abs();
    out.extend_from_slice((size / 100).to_string().as_bytes());
    if !size.is_multiple_of(100) {
        out.push(b'.');
        out.push(b'0' + (size / 10 % 10) as u8);
        if !size.is_multiple_of(10) {
            out.push(b'0' + (size % 10) as u8);
        }
    }
}

pub(crate) fn numbers(out: &mut Vec<u8>, values: &[f32]) {
    for &value in values {
        number(out, value);
        out.push(b' ');
    }
}

/// A PDF being written: objects at the end, where they begin remembered, and the table of them last.
pub(crate) struct Paper {
    pub(crate) bytes: Vec<u8>,
    /// For each object from 1, where it begins. 0: it is not there.
    pub(crate) places: Vec<u32>,
}

impl Paper {
    /// Begins an object. Its number must have been given out before.
    pub(crate) fn begin(&mut self, number: u32) {
        let at = self.bytes.len() as u32;
        let slot = number as usize - 1;
        if slot >= self.places.len() {
            self.places.resize(slot + 1, 0);
        }
        if let Some(place) = self.places.get_mut(slot) {
            *place = at;
        }
        self.bytes.extend_from_slice(number.to_string().as_bytes());
        self.bytes.extend_from_slice(b" 0 obj\n");
    }

    pub(crate) fn end(&mut self) {
        self.bytes.extend_from_slice(b"\nendobj\n");
    }

    /// The table of the objects, and the end. The file's identifier is made of what is in it.
    pub(crate) fn finish(mut self, root: u32, info: Option<u32>, blank: &[u8; 16]) -> Vec<u8> {
        let start = self.bytes.len();
        let digest = blake3::hash(&self.bytes);
        let out = &mut self.bytes;
        out.extend_from_slice(format!("xref\n0 {}\n0000000000 65535 f \n", self.places.len() + 1).as_bytes());
        for &place in &self.places {
            let mut line = *b"0000000000 00000 n \n";
            if place == 0 {
                line = *b"0000000000 65535 f \n";
            }
            let mut rest = place;
            for digit in line.iter_mut().take(10).rev() {
                *digit = b'0' + (rest % 10) as u8;
                rest /= 10;
            }
            out.extend_from_slice(&line);
        }
        out.extend_from_slice(
            format!("trailer\n<</Size {}/Root {root} 0 R", self.places.len() + 1).as_bytes(),
        );
        if let Some(info) = info {
            out.extend_from_slice(format!("/Info {info} 0 R").as_bytes());
        }
        out.extend_from_slice(b"/ID[<");
        blank.iter().for_each(|&byte| hex(out, byte));
        out.extend_from_slice(b"><");
        digest.as_bytes().iter().take(16).for_each(|&byte| hex(out, byte));
        out.extend_from_slice(format!(">]>>\nstartxref\n{start}\n%%EOF\n").as_bytes());
        self.bytes
    }
}
