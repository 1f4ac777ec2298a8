//! Writes a population as the state's file, with the truth beside it.

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::defect::Defect;
use crate::encode::{Encoding, Style};
use crate::population::{Population, Synthetic};
use crate::random::mixed;
use crate::row::Row;
use crate::truth::{self, TRUTH_COLUMNS};

/// What may differ from the profile.
#[derive(Clone, Copy, Debug, Default)]
pub struct ExtractOptions {
    /// Whether a line of column names comes first.
    pub header: Option<bool>,
    /// Whether lines end in CR LF.
    pub crlf: Option<bool>,
    /// How letters are written.
    pub encoding: Encoding,
    /// The share of people, from 0 to 1, whose rows do not stand together.
    pub scatter: Option<f64>,
}

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// People.
    pub people: u64,
    /// Rows, repeated ones and a cut one at the end included, the header and junk lines not.
    pub rows: u64,
    /// Rows that no reader can use, the cut one included.
    pub unusable_rows: u64,
    /// Lines that are no rows.
    pub junk_lines: u64,
    /// Counts, which is lines of the truth without its header.
    pub counts: u64,
    /// Convictions of a cannabis offence, in any county.
    pub cannabis_convictions: u64,
    /// Bytes of the file, without the truth.
    pub bytes: u64,
}

/// How many people later a scattered row comes at most: what is held back stays small however large the file is.
const REACH: u64 = 400;

/// Writes the file to `out` and the truth to `truth`, and tells `progress` now and then how many people are done.
///
/// # Errors
/// When a writer fails.
pub fn write_extract(
    population: &Population,
    out: &mut dyn Write,
    truth: &mut dyn Write,
    options: &ExtractOptions,
    progress: &mut dyn FnMut(u64),
) -> io::Result<Totals> {
    let profile = population.profile();
    let layout = &profile.layout;
    let style =
        Style { quote: layout.quote, crlf: options.crlf.unwrap_or(layout.crlf), encoding: options.encoding };
    let scatter = match options.scatter {
        // A multiplication and a cut: the same on every machine.
        Some(share) => (share.clamp(0.0, 1.0) * 1_000_000.0) as u32,
        None => profile.rate(Defect::Scattered),
    };
    let mut sheet = Sheet {
        style,
        out,
        bytes: Vec::with_capacity(1 << 16),
        held: BTreeMap::new(),
        totals: Totals::default(),
    };
    let mut lines = String::with_capacity(1 << 14);
    if options.header.unwrap_or(layout.header) {
        style.header(&mut sheet.bytes);
    }
    lines.push_str(TRUTH_COLUMNS);
    lines.push('\n');
    for (n, person) in population.iter().enumerate() {
        let n = n as u64;
        sheet.release(n)?;
        let scattered = person.lot < scatter && person.rows.len() > 1;
        truth::push(&mut lines, &person, scattered);
        truth.write_all(lines.as_bytes())?;
        lines.clear();
        sheet.person(&person, scattered);
        sheet.totals.people += 1;
        sheet.totals.counts += person.counts.len() as u64;
        sheet.totals.cannabis_convictions +=
            person.counts.iter().filter(|count| count.is_cannabis_conviction()).count() as u64;
        if n % 512 == 511 {
            progress(n + 1);
        }
    }
    truth.write_all(lines.as_bytes())?;
    sheet.release(u64::MAX)?;
    if profile.rate(Defect::TruncatedEnd) > 0 && population.people() > 0 {
        sheet.cut(&population.person(0));
    }
    sheet.flush()?;
    progress(population.people());
    truth.flush()?;
    sheet.out.flush()?;
    Ok(sheet.totals)
}

/// The file as it grows.
struct Sheet<'a> {
    style: Style,
    out: &'a mut dyn Write,
    bytes: Vec<u8>,
    /// Rows that come later, by the person before whom they come.
    held: BTreeMap<(u64, u64), Vec<u8>>,
    totals: Totals,
}

impl Sheet<'_> {
    fn person(&mut self, person: &Synthetic, scattered: bool) {
        for row in &person.rows {
            self.totals.rows += 1;
            self.totals.unusable_rows += u64::from(row.is_unusable());
            self.totals.junk_lines += u64::from(row.quirks.junk_before.is_some());
        }
        if !scattered {
            for row in &person.rows {
                self.style.row(row, &mut self.bytes);
            }
            return;
        }
        let mut chance = u64::from(person.tear);
        let stay = 1 + person.tear as usize % (person.rows.len() - 1);
        let mut held = 0;
        let mut at = 0;
        while at < person.rows.len() {
            // A row with an open quote goes with the row that it may swallow.
            let end = block_end(&person.rows, at);
            if at < stay {
                person.rows[at..end].iter().for_each(|row| self.style.row(row, &mut self.bytes));
            } else {
                let mut bytes = Vec::new();
                person.rows[at..end].iter().for_each(|row| self.style.row(row, &mut bytes));
                let later = person.number + 1 + mixed(&mut chance) % REACH;
                // Two people's rows never share a key.
                self.held.insert((later, person.number << 16 | held), bytes);
                held += 1;
            }
            at = end;
        }
    }

    /// Writes what was held back for the people before number `n`, and what has gathered.
    fn release(&mut self, n: u64) -> io::Result<()> {
        while let Some(entry) = self.held.first_entry() {
            if entry.key().0 > n {
                break;
            }
            let bytes = entry.remove();
            self.bytes.extend_from_slice(&bytes);
        }
        if self.bytes.len() > 1 << 15 || n == u64::MAX { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.totals.bytes += self.bytes.len() as u64;
        let done = self.out.write_all(&self.bytes);
        self.bytes.clear();
        done
    }

    /// Ends the file in the middle of a line: half of an earlier row, written again.
    fn cut(&mut self, person: &Synthetic) {
        let Some(row) = person.rows.first() else { return };
        let mut plain = row.clone();
        plain.quirks = crate::row::Quirks::default();
        let mut bytes = Vec::new();
        self.style.row(&plain, &mut bytes);
        bytes.truncate(bytes.len() / 2);
        self.bytes.extend_from_slice(&bytes);
        self.totals.rows += 1;
        self.totals.unusable_rows += 1;
    }
}

fn block_end(rows: &[Row], at: usize) -> usize {
    let mut end = at + 1;
    while end < rows.len() && rows[end - 1].quirks.unclosed.is_some() {
        end += 1;
    }
    end
}
