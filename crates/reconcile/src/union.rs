//! What the court's file adds to the state's, as rows of the state's layout: a run reads both together.
//!
//! A case that the state does not have becomes a step of its own in a cycle of its own. Relief that was not reported
//! becomes a later row of the count. A record that may be somebody's becomes one row that says no more than that.

use vacatur_ingest::layout::Layout;
use vacatur_records::{
    CountOrder, CourtCase, CourtCharge, CourtRelief, CourtSentence, DateSpan, Dated, DispositionKind, Length,
    Level, PartyName, ReliefKind, SentenceKind,
};

/// Cycles that the linker gives to cases of the court begin here; deliveries of the state stay far below.
const FIRST_CYCLE: u16 = 900;

/// Parts of a count that the court entered later begin here.
pub(crate) const LATER: u16 = 900;
/// So many of them have a number of their own.
pub(crate) const MOST_LATER: usize = 98;

/// Writes rows of the state's layout.
pub(crate) struct Rows<'l> {
    layout: &'l Layout,
    out: csv::Writer<Vec<u8>>,
    rows: u64,
}

/// A court, as its rows name it.
#[derive(Clone, Copy)]
pub(crate) struct Seat<'s> {
    /// Its name.
    pub(crate) name: &'s str,
    /// Its code.
    pub(crate) ori: &'s str,
    /// Its county, in capitals.
    pub(crate) county: &'s str,
}

/// Whose rows are written.
pub(crate) enum Whose<'w> {
    /// Somebody in the state's file. What it says of the person stands there.
    State {
        /// The subject number.
        subject: &'w str,
    },
    /// Somebody whom only the court knows.
    CourtOnly {
        /// The number given to the person.
        subject: &'w str,
        /// The case that says who it is.
        case: &'w CourtCase,
    },
}

impl Whose<'_> {
    fn subject(&self) -> &str {
        match self {
            Self::State { subject } | Self::CourtOnly { subject, .. } => subject,
        }
    }
}

impl<'l> Rows<'l> {
    pub(crate) fn new(layout: &'l Layout) -> Self {
        Self { layout, out: in_memory(), rows: 0 }
    }

    /// The bytes and how many rows they are.
    pub(crate) fn take(&mut self) -> Vec<u8> {
        std::mem::replace(&mut self.out, in_memory()).into_inner().unwrap_or_default()
    }

    pub(crate) fn rows(&self) -> u64 {
        self.rows
    }

    /// A charge of a case that the state does not have, or that its case lacks. `order` has part 0.
    pub(crate) fn charge(
        &mut self,
        whose: &Whose<'_>,
        (seat, place): (Seat<'_>, &str),
        case: &CourtCase,
        charge: &CourtCharge,
        order: CountOrder,
    ) {
        let convicted = charge.is_conviction();
        let mut parts: Vec<Option<CourtSentence>> = charge.sentence.iter().copied().map(Some).collect();
        if parts.is_empty() {
            parts.push(None);
        }
        // A count's parts have three digits; later entries begin at 900.
        for (at, part) in parts.into_iter().take(usize::from(LATER)).enumerate() {
            let mut row = self.step(whose, (seat, place), case);
            let number = CountOrder::new(order.cycle(), order.step(), order.count(), at as u16);
            row.set("count_order", &number.to_string());
            // The day of filing is no day of a conviction.
            let day = if convicted { charge.disposed } else { charge.disposed.or(case.filed) };
            row.set("event_date", &digits(day));
            row.set("disposition_date", &digits(charge.disposed));
            row.set("charge", &charge.charged);
            row.set("disposition", &words(charge));
            if let (Some(level), None) = (charge.level, charge.level_gap) {
                row.set("charge_toc", letter(level));
                if convicted {
                    row.set("level", capitals(level));
                }
            } else if charge.level_gap == Some(vacatur_records::Gap::Unreadable) && convicted {
                row.set("level", "NOT READ");
            }
            if !charge.convicted.is_empty() {
                row.set("conviction_offence", &charge.convicted);
                if let (Some(level), None) = (charge.level, charge.level_gap) {
                    row.set("conviction_toc", letter(level));
                }
            }
            if let Some(part) = part {
                row.set("sentence_order", &format!("{:03}", at + 1));
                row.sentence(part);
            }
            self.push(row);
        }
        for (at, relief) in charge.relief.iter().enumerate() {
            let order = CountOrder::new(
                order.cycle(),
                order.step(),
                order.count(),
                LATER + at.min(MOST_LATER) as u16,
            );
            self.relief(whose, (seat, place), case, relief, order);
        }
        if charge.relief_unclear {
            let order = CountOrder::new(order.cycle(), order.step(), order.count(), 999);
            self.unread(whose, (seat, place), case, order);
        }
    }

    /// A relief that the court granted: a later row of the count.
    pub(crate) fn relief(
        &mut self,
        whose: &Whose<'_>,
        (seat, place): (Seat<'_>, &str),
        case: &CourtCase,
        relief: &CourtRelief,
        order: CountOrder,
    ) {
        let mut row = self.step(whose, (seat, place), case);
        row.set("count_order", &order.to_string());
        row.set("event_date", &digits(Some(relief.date)));
        row.set("disposition_date", &digits(Some(relief.date)));
        row.set("disposition_order", "900");
        let words = match relief.kind {
            ReliefKind::SetAside => "SET ASIDE",
            ReliefKind::Reduced => "REDUCED TO MISDEMEANOR",
            ReliefKind::Resentenced => "RESENTENCED",
            ReliefKind::Vacated => "CONVICTION VACATED",
        };
        let by = if relief.by.is_empty() { String::new() } else { format!(" PER {}", relief.by) };
        row.set("disposition", &format!("{words}{by}"));
        self.push(row);
    }

    /// Something that the court entered later and that the layout does not list: it may have undone the conviction.
    pub(crate) fn unread(
        &mut self,
        whose: &Whose<'_>,
        (seat, place): (Seat<'_>, &str),
        case: &CourtCase,
        order: CountOrder,
    ) {
        let mut row = self.step(whose, (seat, place), case);
        row.set("count_order", &order.to_string());
        row.set("disposition_order", "900");
        row.set("disposition", "COURT CODE NOT LISTED");
        self.push(row);
    }

    /// A record that may be this person's or another's.
    pub(crate) fn possible(&mut self, whose: &Whose<'_>, place: &str) {
        let mut row = self.person(whose, place);
        row.set("step_type", "POSSIBLE RECORD");
        self.push(row);
    }

    fn person(&self, whose: &Whose<'_>, place: &str) -> Cells<'l> {
        let mut row = Cells { layout: self.layout, cells: vec![String::new(); self.layout.width()] };
        row.set("record_id", place);
        row.set("subject_id", whose.subject());
        if let Whose::CourtOnly { case, .. } = whose {
            let party = &case.party;
            row.set("name", &written(party.name.expose()));
            row.set("cii", party.cii.expose());
            row.set("sex", &party.sex);
            row.set("race", &party.race);
            row.set("birth_date", &digits(*party.birth.expose()));
        }
        row
    }

    fn step(&self, whose: &Whose<'_>, (seat, place): (Seat<'_>, &str), case: &CourtCase) -> Cells<'l> {
        let mut row = self.person(whose, place);
        row.set("step_type", "COURT ACTION");
        row.set("agency", seat.name);
        row.set("agency_code", seat.ori);
        row.set("county", seat.county);
        row.set("offence_number", &case.number);
        row
    }

    fn push(&mut self, row: Cells<'_>) {
        for cell in &row.cells {
            // A row is a line.
            let mut plain = cell.replace(['\n', '\r', '\0'], " ");
            // No spreadsheet program takes a cell that begins with a blank for a formula, and readers of the layout
            // take outer blanks away.
            if plain.starts_with(['=', '+', '-', '@', '\t']) {
                plain.insert(0, ' ');
            }
            // Writing to memory cannot fail.
            let _ = self.out.write_field(plain);
        }
        let _ = self.out.write_record(None::<&[u8]>);
        self.rows += 1;
    }
}

/// The state's layout has every cell in quotes.
fn in_memory() -> csv::Writer<Vec<u8>> {
    csv::WriterBuilder::new().quote_style(csv::QuoteStyle::Always).from_writer(Vec::new())
}

struct Cells<'l> {
    layout: &'l Layout,
    cells: Vec<String>,
}

impl Cells<'_> {
    fn set(&mut self, meaning: &str, text: &str) {
        let column = self.layout.field(meaning);
        if let Some(cell) = column.and_then(|column| self.cells.get_mut(column)) {
            text.clone_into(cell);
        }
    }

    fn sentence(&mut self, part: CourtSentence) {
        self.set(
            "sentence_kind",
            match part.kind {
                SentenceKind::Prison => "PRISON",
                SentenceKind::Jail => "JAIL",
                SentenceKind::Supervision => "PROBATION",
                SentenceKind::Fine => "FINE",
                SentenceKind::Unrecognized => "OTHER",
            },
        );
        let (number, unit) = match part.length {
            Length::Days(days) => (days, "DAYS"),
            Length::Months(months) => (months, "MONTHS"),
            Length::Years(years) => (years, "YEARS"),
            Length::Unknown => return,
        };
        self.set("sentence_length", &number.to_string());
        self.set("sentence_unit_name", unit);
        self.set("sentence_unit", unit.get(..1).unwrap_or_default());
    }
}

/// Numbers for cases that are added to a record: of cycles that it does not use.
pub(crate) fn free_cycles(used: &[u16]) -> impl Iterator<Item = u16> {
    let upper = FIRST_CYCLE..=999;
    let lower = (1..FIRST_CYCLE).rev();
    upper.chain(lower).filter(move |cycle| used.binary_search(cycle).is_err())
}

/// `LAST,FIRST MIDDLE SUFFIX`.
pub(crate) fn written(name: &PartyName) -> String {
    let mut text = name.last.clone();
    for (at, part) in
        [&name.first, &name.middle, &name.suffix].into_iter().filter(|part| !part.is_empty()).enumerate()
    {
        text.push(if at == 0 { ',' } else { ' ' });
        text.push_str(part);
    }
    text
}

/// A date as the layout writes it: eight digits, `00` for parts that are not known; empty if it cannot be read.
fn digits(date: Option<Dated>) -> String {
    let Some((span, _)) = date else { return String::new() };
    span_digits(span)
}

/// The same of a span: a day, a month or a year; anything else says nothing.
pub(crate) fn span_digits(span: DateSpan) -> String {
    if span.is_unknown() {
        return String::new();
    }
    let (from, to) = (span.earliest(), span.latest());
    if from == to {
        format!("{:04}{:02}{:02}", from.year(), from.month(), from.day())
    } else if from.first_of_month() == from && to.last_of_month() == to && from.year() == to.year() {
        if from.month() == to.month() {
            format!("{:04}{:02}00", from.year(), from.month())
        } else if from.month() == 1 && to.month() == 12 {
            format!("{:04}0000", from.year())
        } else {
            String::new()
        }
    } else {
        String::new()
    }
}

/// The disposition in the words of the layout.
fn words(charge: &CourtCharge) -> String {
    match charge.disposition {
        Some(DispositionKind::Convicted) => "CONVICTED".to_owned(),
        Some(DispositionKind::NotConvicted) => "DISMISSED".to_owned(),
        Some(DispositionKind::Juvenile) => "JUVENILE".to_owned(),
        Some(DispositionKind::Pending) => "WARRANT ISSUED".to_owned(),
        None | Some(DispositionKind::Blank) => String::new(),
        // It must not be taken for a word of the state's.
        Some(_) => format!("COURT CODE {}", charge.disposition_text),
    }
}

fn letter(level: Level) -> &'static str {
    match level {
        Level::Felony => "F",
        Level::Misdemeanor => "M",
        Level::Infraction => "I",
    }
}

fn capitals(level: Level) -> &'static str {
    match level {
        Level::Felony => "FELONY",
        Level::Misdemeanor => "MISDEMEANOR",
        Level::Infraction => "INFRACTION",
    }
}
