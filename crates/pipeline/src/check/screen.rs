//! What a check found, for a screen of a hundred columns.

use super::quality::{AgencyQuality, FieldQuality, Quality};
use super::verdict::percent_text;
use std::fmt::Write as _;

/// How many agencies, words and the like are shown; all of them are in the JSON.
const SHOWN: usize = 10;
/// How many reasons of the verdict.
const REASONS: usize = 3;
/// A line is at most so wide.
const WIDTH: usize = 100;

/// A number with its thousands apart.
pub(crate) fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A text cut to a width.
fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(width.saturating_sub(1)).collect();
    short.push('…');
    short
}

/// The end of a path, which tells files apart.
fn tail(text: &str, width: usize) -> String {
    let letters = text.chars().count();
    if letters <= width {
        return text.to_owned();
    }
    std::iter::once('…').chain(text.chars().skip(letters + 1 - width)).collect()
}

/// A number, or a dot where there is none.
fn dotted(count: u64) -> String {
    if count == 0 { "·".into() } else { number(count) }
}

/// Lines of words, none longer than the screen.
fn wrapped(out: &mut String, first: &str, indent: &str, text: &str) {
    let mut line = first.to_owned();
    let mut empty = true;
    for word in text.split_whitespace() {
        if !empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
            let _ = writeln!(out, "{line}");
            line = indent.to_owned();
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    let _ = writeln!(out, "{line}");
}

impl Quality {
    /// The report for a screen: no line is longer than a hundred columns.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::new();
        let _ = writeln!(out, "{}", self.verdict.grade.words());
        if let Some(header) = &self.header {
            self.header_text(&mut out, header);
            return out;
        }
        wrapped(&mut out, "  ", "  ", &self.verdict.meaning);
        let reasons = &self.verdict.reasons;
        for reason in reasons.iter().take(REASONS) {
            wrapped(&mut out, "  - ", "    ", reason);
        }
        if reasons.len() > REASONS {
            let more = reasons.len() - REASONS;
            let _ = writeln!(
                out,
                "  - and {more} more {} over the limit",
                if more == 1 { "measure" } else { "measures" }
            );
        }
        self.head(&mut out);
        self.fields_text(&mut out);
        self.years_text(&mut out);
        self.agencies_text(&mut out);
        self.words_text(&mut out);
        self.reviews_text(&mut out);
        self.drift_text(&mut out);
        out
    }

    fn header_text(&self, out: &mut String, header: &super::header::HeaderDrift) {
        wrapped(
            out,
            "  - ",
            "    ",
            &format!(
                "the header row of {}, line {}, is not that of the layout {}: nothing below it was read, for every value \
                 might be taken for another",
                header.file, header.line, self.layout
            ),
        );
        let _ = writeln!(
            out,
            "\nHeader row: {} columns where the layout has {}",
            header.columns, header.expected
        );
        let more = |out: &mut String, all: usize| {
            if all > SHOWN {
                let _ = writeln!(out, "  {:<9} and {} more", "", all - SHOWN);
            }
        };
        for (at, name) in header.new.iter().take(SHOWN) {
            let _ = writeln!(out, "  {:<9} column {at}: {name}", "new");
        }
        more(out, header.new.len());
        for (at, name) in header.gone.iter().take(SHOWN) {
            let _ = writeln!(out, "  {:<9} {name}, which belongs in column {at}", "gone");
        }
        more(out, header.gone.len());
        for (at, name, place) in header.moved.iter().take(SHOWN) {
            let _ = writeln!(out, "  {:<9} {name} stands in column {at} and belongs in {place}", "moved");
        }
        more(out, header.moved.len());
        let _ = writeln!(out, "\nAsk for the file in the known layout, or for what has changed.");
    }

    fn head(&self, out: &mut String) {
        let c = &self.counts;
        let _ = writeln!(out, "\nDelivery");
        for file in self.inputs.iter().take(SHOWN) {
            let _ = writeln!(
                out,
                "  {}: {} rows, {} bytes, {}, {} header row",
                tail(&file.name, 40),
                number(file.rows),
                number(file.bytes),
                file.encoding,
                if file.header { "a" } else { "no" }
            );
            for note in &file.notes {
                wrapped(out, "    ", "    ", note);
            }
        }
        if self.inputs.len() > SHOWN {
            let _ = writeln!(out, "  and {} more files", self.inputs.len() - SHOWN);
        }
        let _ = writeln!(
            out,
            "  rows     {:>12} = {} used + {} rejected (of these {} repeat another row)",
            number(c.rows_in),
            number(c.rows_used),
            number(c.rejects),
            number(c.duplicate_rows)
        );
        let _ = writeln!(
            out,
            "  people   {:>12}; {} counts, {} of a court, {} convictions or perhaps",
            number(c.people),
            number(c.counts),
            number(c.court_counts),
            number(c.convictions)
        );
        if c.people_without_number > 0 {
            let _ = writeln!(
                out,
                "           {:>12}  of them rows without a subject number, each taken for a person of its own",
                number(c.people_without_number)
            );
        }
        if let Some([first, last]) = &self.dates {
            let _ = writeln!(out, "  dates      {first} to {last}");
        }
        let from = if self.reference_day_given {
            "as given with --as-of".to_owned()
        } else {
            "found in the file; --as-of names another".to_owned()
        };
        let _ = writeln!(out, "             after {} is the future ({from})", self.reference_day);
        let counties = self.words.iter().find(|words| words.column == self.column_of("county"));
        if let Some(counties) = counties {
            let listed = counties.words.iter().filter(|word| word.listed).count();
            let _ = writeln!(out, "  counties {listed:>12}");
        }
        if !self.rejects.is_empty() {
            let list: Vec<String> = self
                .rejects
                .iter()
                .map(|(reason, count)| format!("{} {}", number(*count), reason.replace('_', " ")))
                .collect();
            wrapped(out, "  rejects    ", "             ", &list.join(", "));
        }
    }

    fn column_of(&self, field: &str) -> &str {
        self.fields.iter().find(|known| known.field == field).map_or("", |known| known.column.as_str())
    }

    fn fields_text(&self, out: &mut String) {
        let kinds = ["missing", "malformed", "partial", "impossible", "unrecognised", "conflicting"];
        let widths = [9, 10, 9, 11, 13, 12];
        let _ = writeln!(out, "\nFields: how many entries need them, and what is amiss");
        let head: String = kinds
            .iter()
            .zip(widths)
            .fold(String::new(), |head, (kind, width)| format!("{head}{kind:>width$}"));
        let (mut sound, mut columns, mut table) = (0, Vec::new(), String::new());
        for field in &self.fields {
            let of = |kind: &str| -> u64 {
                field.defects.iter().filter(|known| known.kind == kind).map(|known| known.count).sum()
            };
            let counts = kinds.map(of);
            if counts.iter().all(|count| *count == 0) {
                if field.needed > 0 {
                    sound += 1;
                }
                continue;
            }
            columns.push(field);
            let needed = if field.needed == 0 { String::new() } else { number(field.needed) };
            let line = counts
                .iter()
                .zip(widths)
                .fold(String::new(), |line, (count, width)| format!("{line}{:>width$}", dotted(*count)));
            let _ = writeln!(table, "  {:<18}{needed:>12}{line}", cut(&field.column, 18));
        }
        if columns.is_empty() {
            let _ = writeln!(out, "  Nothing is amiss with the {sound} fields that are needed.");
        } else {
            let _ = writeln!(out, "  {:<18}{:>12}{head}", "", "needed by");
            out.push_str(&table);
            if sound > 0 {
                let _ = writeln!(out, "  Nothing is amiss with the other {sound} fields that are needed.");
            }
        }
        self.details(out, &columns);
        let said =
            self.count("charge", "only_in_comment") + self.count("conviction_offence", "only_in_comment");
        let more = self.count("comment", "more_in_comment");
        if said > 0 {
            let text = format!(
                "In comments: {} counts have their charge in the comment alone, from where it is read.",
                number(said)
            );
            wrapped(out, "  ", "               ", &text);
        }
        if more > 0 {
            let text = format!(
                "In comments: {} counts whose comment names a cannabis section that the charge does not.",
                number(more)
            );
            wrapped(out, "  ", "               ", &text);
        }
    }

    /// The kinds of what is impossible or conflicting, for they need more words than a column has.
    fn details(&self, out: &mut String, fields: &[&FieldQuality]) {
        let parts: Vec<String> = fields
            .iter()
            .flat_map(|field| {
                let told = field
                    .defects
                    .iter()
                    .filter(|known| known.kind == "impossible" || known.defect == "shared");
                told.map(|known| {
                    format!("{} {} {}", field.column, number(known.count), known.defect.replace('_', " "))
                })
            })
            .collect();
        if !parts.is_empty() {
            wrapped(out, "  In detail: ", "             ", &parts.join("; "));
        }
    }

    fn years_text(&self, out: &mut String) {
        if self.years.is_empty() {
            return;
        }
        let mut decades: Vec<(String, u64, u64)> = Vec::new();
        // Those without a date come last.
        let dated = |wanted: bool| self.years.iter().filter(move |year| year.year.is_empty() != wanted);
        for year in dated(true).chain(dated(false)) {
            let name = match year.year.get(..3) {
                Some(decade) => format!("{decade}0s"),
                None => "no date".to_owned(),
            };
            match decades.last_mut() {
                Some((known, entries, defective)) if *known == name => {
                    *entries += year.entries;
                    *defective += year.defective;
                }
                _ => decades.push((name, year.entries, year.defective)),
            }
        }
        let _ = writeln!(out, "\nBy the date of the entry (a count, or a row of no count)");
        let _ = writeln!(out, "  {:<18}{:>12}{:>18}{:>12}", "", "entries", "with a defect", "share");
        for (name, entries, defective) in decades {
            let _ = writeln!(
                out,
                "  {name:<18}{:>12}{:>18}{:>12}",
                number(entries),
                number(defective),
                percent_text(defective, entries)
            );
        }
    }

    fn agencies_text(&self, out: &mut String) {
        let mut agencies: Vec<&AgencyQuality> =
            self.agencies.iter().filter(|agency| agency.defective > 0).collect();
        if agencies.is_empty() {
            return;
        }
        agencies.sort_by(|one, other| {
            other.defective.cmp(&one.defective).then_with(|| one.agency.cmp(&other.agency))
        });
        let _ = writeln!(
            out,
            "\nAgencies with the most entries that have a defect ({} of {})",
            agencies.len().min(SHOWN),
            agencies.len()
        );
        let _ = writeln!(out, "  {:<30}{:>10}{:>10}{:>9}  most often", "", "entries", "defective", "share");
        for agency in agencies.iter().take(SHOWN) {
            let most = agency
                .defects
                .iter()
                .filter(|known| {
                    super::kinds::Defect::of_word(&known.defect).is_some_and(|it| !it.is_harmless())
                })
                .max_by_key(|known| known.count);
            let most = most
                .map_or(String::new(), |most| format!("{} {}", most.column, most.defect.replace('_', " ")));
            let _ = writeln!(
                out,
                "  {:<30}{:>10}{:>10}{:>9}  {}",
                cut(&agency.agency, 30),
                number(agency.entries),
                number(agency.defective),
                percent_text(agency.defective, agency.entries),
                cut(&most, 37)
            );
        }
    }

    fn words_text(&self, out: &mut String) {
        let mut words: Vec<(&str, &str, u64)> = self
            .words
            .iter()
            .flat_map(|column| {
                let unlisted = column.words.iter().filter(|word| !word.listed);
                unlisted.map(|word| (column.column.as_str(), word.text.as_str(), word.rows))
            })
            .chain(self.unread_offences.most_frequent.iter().map(|word| ("offence", &*word.text, word.rows)))
            .collect();
        words.sort_by(|one, other| other.2.cmp(&one.2).then_with(|| one.cmp(other)));
        if words.is_empty() {
            return;
        }
        let _ = writeln!(out, "\nTexts that are not recognised, in at least five people's records");
        for (column, text, rows) in words.iter().take(SHOWN) {
            let _ = writeln!(out, "  {:>10}  {:<18}  {}", number(*rows), column, cut(text, 60));
        }
        if words.len() > SHOWN {
            let _ = writeln!(out, "  {:>10}  more", number((words.len() - SHOWN) as u64));
        }
    }

    fn reviews_text(&self, out: &mut String) {
        let Some(reviews) = &self.reviews else { return };
        let _ = writeln!(out, "\nReviews under {}", reviews.policy);
        wrapped(
            out,
            "  ",
            "  ",
            &format!(
                "{} of {} determinations are reviews: {} because a rule of the policy says so, {} because of a defect of the \
                 file, {} because of facts that the file does not tell.",
                number(reviews.reviews),
                number(reviews.determinations),
                number(reviews.by_rule),
                number(reviews.by_defects),
                number(reviews.reviews.saturating_sub(reviews.by_rule + reviews.by_defects))
            ),
        );
        if reviews.reviews == reviews.by_rule {
            return;
        }
        let _ = writeln!(out, "  {:<50}{:>15}{:>20}", "", "reviews with it", "with nothing else");
        for cause in reviews.defects.iter().take(SHOWN) {
            let name = format!("{} {}", cause.column, cause.defect.replace('_', " "));
            let _ = writeln!(out, "  {name:<50}{:>15}{:>20}", number(cause.reviews), number(cause.alone));
        }
        if reviews.defects.len() > SHOWN {
            let _ = writeln!(out, "  and {} more", reviews.defects.len() - SHOWN);
        }
        for fact in &reviews.without_defect {
            let name = format!("{}, which the file does not tell", fact.missing);
            let _ = writeln!(out, "  {name:<50}{:>15}{:>20}", number(fact.reviews), number(fact.alone));
        }
    }

    fn drift_text(&self, out: &mut String) {
        let Some(drift) = &self.drift else { return };
        let _ = writeln!(
            out,
            "\nAgainst the previous delivery ({} rows, {} people)",
            number(drift.rows_before),
            number(drift.people_before)
        );
        if drift.changes.is_empty() {
            let _ = writeln!(out, "  Nothing of note differs.");
        }
        let mut last = "";
        for change in &drift.changes {
            let kind = change.kind.replace('_', " ");
            let shown = if change.kind == last { String::new() } else { kind };
            last = &change.kind;
            let _ = writeln!(
                out,
                "  {shown:<12}{:<38} {} -> {}",
                cut(&change.subject, 38),
                change.before,
                change.now
            );
        }
    }
}
