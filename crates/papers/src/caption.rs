//! What stands at the head of a paper: who files it, in which court, in which case.

use serde::Serialize;
use vacatur_records::silent_debug;

/// The block at line 1 of a pleading. What is `None` is printed as a ruled blank line, never left out or invented.
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
pub struct Attorney {
    /// Name of the attorney who files.
    pub name: Option<String>,
    /// State Bar number.
    pub bar_number: Option<String>,
    /// Office or firm.
    pub firm: Option<String>,
    /// Street and number.
    pub street: Option<String>,
    /// City, state and ZIP code in one line.
    pub city_state_zip: Option<String>,
    /// Telephone number.
    pub phone: Option<String>,
    /// Fax number.
    pub fax: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Whom the attorney represents: `the People of the State of California`.
    pub attorney_for: Option<String>,
}

/// When and where a paper is heard. What is `None` is a blank to be filled in by hand.
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
pub struct Hearing {
    /// Day of the hearing, in words.
    pub date: Option<String>,
    /// Time of the hearing.
    pub time: Option<String>,
    /// Department.
    pub department: Option<String>,
}

/// Title of the court and of the case.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Caption {
    /// `SUPERIOR COURT OF THE STATE OF CALIFORNIA`.
    pub court_title: String,
    /// `COUNTY OF LOS ANGELES`.
    pub county: String,
    /// Branch or judicial district, if the court has them.
    pub branch: Option<String>,
    /// `THE PEOPLE OF THE STATE OF CALIFORNIA`.
    pub people: String,
    /// `PERSONS LISTED IN EXHIBIT A`, or the name of the defendant of a single case.
    pub defendants: String,
    /// Whether there is more than one defendant, which changes a word.
    pub several: bool,
    /// Number of the case in the court's own format, or `See Exhibit A`.
    pub case_number: String,
    /// Title of the paper. `None` takes the one that its text states.
    pub title: Option<String>,
    /// The hearing. `None` prints no lines for one.
    pub hearing: Option<Hearing>,
}

silent_debug!(Attorney, Caption);

impl std::fmt::Debug for Hearing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hearing (private)")
    }
}

/// What a document says of itself beside its pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Identity {
    /// Day in the metadata, which archives ask for: the run's as-of day, so that the bytes do not depend on the clock.
    /// Year, month, day.
    #[serde(serialize_with = "as_numbers")]
    pub as_of: jiff::civil::Date,
    /// Hash of the run's manifest, in hexadecimal. Printed small at the foot of sheets and exhibits.
    pub manifest_hash: String,
    /// Name of the file, without a folder. The document's own identifier is made of it and of the hash.
    pub file: String,
}

fn as_numbers<S: serde::Serializer>(date: &jiff::civil::Date, serializer: S) -> Result<S::Ok, S::Error> {
    use serde::ser::SerializeMap;
    let mut map = serializer.serialize_map(Some(3))?;
    map.serialize_entry("year", &date.year())?;
    map.serialize_entry("month", &date.month())?;
    map.serialize_entry("day", &date.day())?;
    map.end()
}
