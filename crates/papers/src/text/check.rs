//! Looks at a text before any value is there, so that a mistake is told with its line and column.

/// Checks that the Markdown has nothing that a paper cannot show.
pub(super) fn markdown(text: &str) -> Result<(), (usize, String)> {
    super::blocks::read(&without_placeholders(text)).map(drop)
}

/// The text with placeholders turned into letters, and statements and comments into blanks, of the same length.
fn without_placeholders(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = ["{{", "{%", "{#"].into_iter().filter_map(|open| rest.find(open)).min() {
        let (before, tag) = rest.split_at(at);
        out.push_str(before);
        let (close, filler) = match tag.as_bytes().get(1) {
            Some(b'{') => ("}}", 'x'),
            Some(b'%') => ("%}", ' '),
            _ => ("#}", ' '),
        };
        let end = tag.find(close).map_or(tag.len(), |end| end + close.len());
        let (tag, after) = tag.split_at(end);
        out.extend(tag.bytes().map(|byte| if byte == b'\n' { '\n' } else { filler }));
        rest = after;
    }
    out + rest
}
