//! What a column may be, by its name and its values.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::court::account::CourtAccount;
use crate::court::dates::DateFormat;
use crate::court::meaning::Meaning;
use crate::court::values::squeezed;

/// How many different texts of a column are counted; more are no codes.
const TEXTS: usize = 2_000;
/// How many codes of a list are written down.
const CODES: usize = 80;

const DATES: [&str; 8] =
    ["MM/DD/YYYY", "MM/DD/YY", "YYYY-MM-DD", "YYYYMMDD", "DD-MON-YYYY", "MM-DD-YYYY", "DD/MM/YYYY", "YYYY"];

/// Words in the name of a column, all of them, and what they mean; the first line that fits.
const WORDS: [(&[&str], Meaning); 58] = [
    (&["ALIAS", "LAST"], Meaning::AkaLast),
    (&["ALIAS", "FIRST"], Meaning::AkaFirst),
    (&["ALIAS", "MIDDLE"], Meaning::AkaMiddle),
    (&["ALIAS", "SUFFIX"], Meaning::AkaSuffix),
    (&["ALIAS"], Meaning::Aka),
    (&["AKA"], Meaning::Aka),
    (&["RELIEF", "DATE"], Meaning::ReliefDate),
    (&["POST", "DISP", "DATE"], Meaning::ReliefDate),
    (&["POST", "DISP"], Meaning::Relief),
    (&["RELIEF"], Meaning::Relief),
    (&["CASENUM"], Meaning::CaseNumber),
    (&["CASENO"], Meaning::CaseNumber),
    (&["COURTNUM"], Meaning::CaseNumber),
    (&["DOCKET"], Meaning::CaseNumber),
    (&["BOOKING"], Meaning::Booking),
    (&["ORI"], Meaning::CourtOri),
    (&["COURT"], Meaning::Court),
    (&["LASTNAME"], Meaning::Last),
    (&["SURNAME"], Meaning::Last),
    (&["FIRSTNAME"], Meaning::First),
    (&["GIVENNAME"], Meaning::First),
    (&["MIDDLE"], Meaning::Middle),
    (&["SUFFIX"], Meaning::Suffix),
    (&["DEFENDANTNAME"], Meaning::Name),
    (&["DEFENDANTNO"], Meaning::Defendant),
    (&["DEFNO"], Meaning::Defendant),
    (&["PARTYNUM"], Meaning::Defendant),
    (&["DOB"], Meaning::Birth),
    (&["BIRTH"], Meaning::Birth),
    (&["SEX"], Meaning::Sex),
    (&["GENDER"], Meaning::Sex),
    (&["RACE"], Meaning::Race),
    (&["CII"], Meaning::Cii),
    (&["STATEID"], Meaning::Cii),
    (&["FBI"], Meaning::Fbi),
    (&["LICENSE"], Meaning::License),
    (&["ZIP"], Meaning::Zip),
    (&["FILED"], Meaning::Filed),
    (&["FILING"], Meaning::Filed),
    (&["VIOLATIONDATE"], Meaning::OffenceDate),
    (&["OFFENSEDATE"], Meaning::OffenceDate),
    (&["DISP", "DATE"], Meaning::Disposed),
    (&["CONVICTIONDATE"], Meaning::Disposed),
    (&["SENTENCE", "TYPE"], Meaning::SentenceKind),
    (&["SENTENCE", "LENGTH"], Meaning::SentenceLength),
    (&["SENTENCE", "UNIT"], Meaning::SentenceUnit),
    (&["SENTENCE"], Meaning::Sentence),
    (&["AMENDED", "SECTION"], Meaning::ConvictedSection),
    (&["DISP"], Meaning::Disposition),
    (&["SEVERITY"], Meaning::Level),
    (&["LEVEL"], Meaning::Level),
    (&["DEGREE"], Meaning::Level),
    (&["CHARGECODE"], Meaning::SectionCode),
    (&["STATUTE"], Meaning::Section),
    (&["SECTION"], Meaning::Section),
    (&["DESCRIPTION"], Meaning::Description),
    (&["COUNT"], Meaning::Count),
    (&["NAME"], Meaning::Name),
];

/// A text as TOML writes it.
pub(super) fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

fn bare(name: &str) -> String {
    name.chars().filter(|c| c.is_ascii_alphabetic() || *c == '.').map(|c| c.to_ascii_uppercase()).collect()
}

fn by_name(name: &str) -> Option<Meaning> {
    let bare = bare(name);
    if bare.ends_with("CHARGES.CODE") {
        return Some(Meaning::SectionCode);
    }
    if bare == "CHARGE" || bare == "OFFENSE" {
        return Some(Meaning::Section);
    }
    let flat = bare.replace('.', "");
    WORDS.iter().find(|(words, _)| words.iter().all(|word| flat.contains(word))).map(|(_, meaning)| *meaning)
}

/// Whether a cell looks like the name of a column and not like a value.
pub(super) fn is_name_of_column(cell: &str) -> bool {
    by_name(cell).is_some()
}

/// What was seen in a column.
pub(super) struct Column {
    pub(super) name: String,
    /// Rows with a value.
    pub(super) filled: u64,
    texts: BTreeMap<String, u64>,
    /// For each of [`DATES`], how many values it fits.
    dates: [u64; DATES.len()],
    shapes: BTreeMap<String, u64>,
}

vacatur_records::silent_debug!(Column);

impl Column {
    pub(super) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            filled: 0,
            texts: BTreeMap::new(),
            dates: [0; DATES.len()],
            shapes: BTreeMap::new(),
        }
    }

    pub(super) fn add(&mut self, cell: &str) {
        if cell.is_empty() {
            return;
        }
        self.filled += 1;
        if self.texts.len() < TEXTS || self.texts.contains_key(cell) {
            *self.texts.entry(cell.to_owned()).or_default() += 1;
        }
        if cell.len() <= 30 && cell.bytes().any(|b| b.is_ascii_digit()) {
            for (text, count) in DATES.iter().zip(&mut self.dates) {
                let fits = DateFormat::parse(text).ok().and_then(|format| format.read(cell, 30));
                *count +=
                    u64::from(fits.is_some_and(|(_, gap)| gap != Some(vacatur_records::Gap::Impossible)));
            }
            let shape: String = cell
                .chars()
                .map(|c| match c {
                    c if c.is_ascii_digit() => '#',
                    c if c.is_alphabetic() => '@',
                    c => c,
                })
                .collect();
            if self.shapes.len() < TEXTS || self.shapes.contains_key(&shape) {
                *self.shapes.entry(shape).or_default() += 1;
            }
        }
    }

    /// The formats of a date column, those that fit most first.
    pub(super) fn dates(&self, rows: u64) -> String {
        let mut found: Vec<(u64, &str)> =
            self.dates.iter().copied().zip(DATES).filter(|(count, _)| *count > 0).collect();
        // Of equals, the order of the list: months before days.
        found.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
        let both =
            self.dates.first().zip(self.dates.get(6)).is_some_and(|(month, day)| *month > 0 && month == day);
        if found.iter().any(|(_, text)| *text == "MM/DD/YYYY") && !both {
            found.retain(|(_, text)| *text != "DD/MM/YYYY");
        }
        if found.is_empty() {
            return "formats = [\"MM/DD/YYYY\"]   # TODO no format that is known fits\n".to_owned();
        }
        let formats: Vec<String> = found.iter().map(|(_, text)| quoted(text)).collect();
        let shares: Vec<String> = found
            .iter()
            .map(|(count, text)| format!("{text} {}%", count * 100 / self.filled.max(1)))
            .collect();
        let mut said = format!(
            "formats = [{}]   # {} of {rows} rows: {}",
            formats.join(", "),
            self.filled,
            shares.join(", ")
        );
        if both {
            said += "; TODO no value tells day and month apart";
        }
        said + "\n"
    }

    /// Ways to write case numbers, with how often each was seen.
    pub(super) fn patterns(&self) -> String {
        let mut shapes: Vec<(&String, u64)> =
            self.shapes.iter().map(|(shape, count)| (shape, *count)).collect();
        shapes.sort_by_key(|(shape, count)| (std::cmp::Reverse(*count), (*shape).clone()));
        let mut said = String::from("case-numbers = [\n");
        for (shape, count) in shapes.into_iter().take(30) {
            let sound = crate::court::number::CasePattern::parse(shape).is_ok();
            if count >= CourtAccount::SHOWN_FROM && sound {
                let _ = writeln!(said, "  {},   # {count} rows", quoted(shape));
            }
        }
        said + "]   # TODO which letters are of a branch, and which figures of a defendant? Put those into (…)\n\n"
    }

    /// The codes of a column that is one, as entries to be completed.
    pub(super) fn codes(&self, meaning: Meaning) -> String {
        let (list, answers) = match meaning {
            Meaning::Disposition => {
                ("disposition", "convicted, not_convicted, pending, sentence_changed, juvenile, or a relief")
            }
            Meaning::Relief => ("relief", "set_aside, reduced, resentenced, vacated"),
            Meaning::Level => ("level", "felony, misdemeanor, infraction"),
            Meaning::Sex => ("sex", "M, F, X or nothing"),
            Meaning::Race => ("race", "the word to be used"),
            Meaning::SectionCode => ("section-code", "the letters of the code: HS, PC"),
            Meaning::SentenceKind => ("sentence", "prison, jail, supervision, fine"),
            Meaning::SentenceUnit => ("unit", "days, months, years"),
            _ => return String::new(),
        };
        let mut codes: Vec<(&String, u64)> = self
            .texts
            .iter()
            .map(|(text, count)| (text, *count))
            .filter(|(text, count)| {
                *count >= CourtAccount::SHOWN_FROM && text.chars().count() <= CourtAccount::SHOWN_TO
            })
            .collect();
        codes.sort_by_key(|(text, count)| (std::cmp::Reverse(*count), (*text).clone()));
        let rare = self.texts.len() - codes.len();
        let mut said = format!("# The codes of {}. TODO each is one of: {answers}.\n", quoted(&self.name));
        for (text, count) in codes.iter().take(CODES) {
            let _ =
                writeln!(said, "# [[{list}]]   # {count} rows\n# codes = [{}]\n# is = \"\"", quoted(text));
        }
        if rare > 0 || codes.len() > CODES {
            let _ =
                writeln!(said, "# {} other texts stand there too", rare + codes.len().saturating_sub(CODES));
        }
        said + "\n"
    }

    /// The codes by which a file names its courts.
    pub(super) fn court_codes(&self) -> String {
        let often = |(text, count): &(&String, &u64)| {
            **count >= CourtAccount::SHOWN_FROM && text.chars().count() <= CourtAccount::SHOWN_TO
        };
        let codes: Vec<String> =
            self.texts.iter().filter(often).take(CODES).map(|(text, _)| quoted(text)).collect();
        format!(
            "codes = [{}]   # TODO are these all of one court? Else write a [[court]] for each\n",
            codes.join(", ")
        )
    }

    fn share(&self, fits: impl Fn(&str) -> bool) -> f64 {
        let all: u64 = self.texts.values().sum();
        let found: u64 = self.texts.iter().filter(|(text, _)| fits(text)).map(|(_, count)| *count).sum();
        if all == 0 { 0.0 } else { found as f64 / all as f64 }
    }

    /// What its values look like, where its name says nothing.
    fn by_values(&self) -> Option<Meaning> {
        if self.filled == 0 {
            return None;
        }
        let sex = |text: &str| matches!(squeezed(text).as_str(), "M" | "F" | "X" | "MALE" | "FEMALE");
        let level = |text: &str| {
            matches!(squeezed(text).as_str(), "F" | "M" | "I" | "FELONY" | "MISDEMEANOR" | "INFRACTION")
        };
        let name = |text: &str| {
            text.contains(',') && text.bytes().filter(u8::is_ascii_alphabetic).count() * 3 > text.len() * 2
        };
        let section = |text: &str| {
            let digits = text.bytes().filter(u8::is_ascii_digit).count();
            (2..=6).contains(&digits)
                && (text.contains('(') || text.contains("HS") || text.contains("PC") || text.contains("VC"))
        };
        let has = |word: &str| self.texts.keys().any(|text| squeezed(text) == word);
        if self.share(sex) > 0.9
            && has("M")
            && !has("I")
            && self.texts.len() > 1
            && !(level("I") && has("FELONY"))
        {
            return Some(Meaning::Sex);
        }
        if self.share(level) > 0.9 {
            return Some(Meaning::Level);
        }
        if self.share(name) > 0.8 {
            return Some(Meaning::Name);
        }
        if self.share(section) > 0.6 {
            return Some(Meaning::Section);
        }
        None
    }
}

/// What each column means, and of which group of charges it is. No two of a group mean the same.
pub(super) fn meanings(columns: &[Column], is_tree: bool) -> Vec<(Meaning, u16)> {
    let mut taken: Vec<(Meaning, u16)> = Vec::new();
    let mut found = Vec::new();
    for column in columns {
        let number: String = column.name.chars().filter(char::is_ascii_digit).collect();
        let mut meaning = by_name(&column.name).or_else(|| column.by_values()).unwrap_or(Meaning::Ignored);
        let is_charge = meaning.level() == crate::court::meaning::Level::Charge;
        let group = if is_charge && !is_tree { number.parse().unwrap_or(0) } else { 0 };
        let best_date = column.dates.iter().max().copied().unwrap_or(0);
        // A date that is none, by most of its values.
        if meaning.is_date() && column.filled > 0 && best_date * 2 < column.filled {
            meaning = Meaning::Ignored;
        }
        let several = matches!(meaning, Meaning::Defendant | Meaning::Booking | Meaning::Aka);
        if taken.contains(&(meaning, group)) && !(several && is_tree) {
            meaning = Meaning::Ignored;
        }
        let whole_and_parts = match meaning {
            Meaning::Name => taken.iter().any(|(of, _)| *of == Meaning::Last),
            Meaning::Last => taken.iter().any(|(of, _)| *of == Meaning::Name),
            _ => false,
        };
        if whole_and_parts {
            meaning = Meaning::Ignored;
        }
        let group = if meaning == Meaning::Ignored { 0 } else { group };
        taken.push((meaning, group));
        found.push((meaning, group));
    }
    found
}
