//! Looks at a text before any value is there, so that a mistake is told with its line and column.

/// Checks that the Markdown has nothing that a paper cannot show.
pub(super) fn markdown(text: &str) -> Result<(), (usize, String)> {
    let (plain, lines) = without_placeholders(text);
    super::blocks::read(&plain).map(drop).map_err(|(at, message)| {
        let line = lines.partition_point(|(start, _)| *start <= at).saturating_sub(1);
        let (start, source) = lines.get(line).copied().unwrap_or_default();
        (source + at.saturating_sub(start), message)
    })
}

/// The text with letters in the place of placeholders and statements. Lines of nothing but statements go, as they do
/// when values are filled in. With it, where each line that is left begins, here and in the text.
fn without_placeholders(text: &str) -> (String, Vec<(usize, usize)>) {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = ["{{", "{%", "{#"].into_iter().filter_map(|open| rest.find(open)).min() {
        let (before, tag) = rest.split_at(at);
        filled.push_str(before);
        let (close, filler) = match tag.as_bytes().get(1) {
            Some(b'{') => ("}}", 'x'),
            Some(b'%') => ("%}", GONE),
            _ => ("#}", GONE),
        };
        let end = tag.find(close).map_or(tag.len(), |end| end + close.len());
        let (tag, after) = tag.split_at(end);
        filled.extend(tag.bytes().map(|byte| if byte == b'\n' { '\n' } else { filler }));
        rest = after;
    }
    filled.push_str(rest);
    let (mut out, mut lines, mut at) = (String::new(), Vec::new(), 0);
    for line in filled.split_inclusive('\n') {
        let only_statements = line.contains(GONE) && line.trim_matches([GONE, ' ', '\n']).is_empty();
        if !only_statements {
            lines.push((out.len(), at));
            out.extend(line.chars().map(|letter| if letter == GONE { 'x' } else { letter }));
        }
        at += line.len();
    }
    (out, lines)
}

/// Stands for a letter of a statement: of one byte, so that places do not move, and in no text that can be read.
const GONE: char = '\u{1}';
