//! The office that files: its attorney block and what it sets for its papers.

use serde::{Deserialize, Serialize};

/// The attorney block. What is absent is left as a blank line: nothing is made up.
#[derive(Clone, Default, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Attorney {
    /// The name.
    pub name: Option<String>,
    /// The number at the State Bar.
    pub bar_number: Option<String>,
    /// The office.
    pub firm: Option<String>,
    /// The street.
    pub street: Option<String>,
    /// The city.
    pub city: Option<String>,
    /// The state, in two letters.
    pub state: Option<String>,
    /// The postal code.
    pub zip: Option<String>,
    /// The telephone number.
    pub phone: Option<String>,
    /// The fax number.
    pub fax: Option<String>,
    /// The e-mail address.
    pub email: Option<String>,
    /// Whom the attorney is for.
    #[serde(rename = "for")]
    pub attorney_for: Option<String>,
}

/// A hearing, if one is set.
#[derive(Clone, Default, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Hearing {
    /// The date in words.
    pub date: Option<String>,
    /// The time.
    pub time: Option<String>,
    /// The department.
    pub department: Option<String>,
}

/// What an office sets: a TOML file.
#[derive(Clone, Default, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Office {
    /// The prosecutor that the attorney block is for, as the court profile names it; absent: for any.
    pub prosecutor: Option<String>,
    /// The attorney block.
    pub attorney: Attorney,
    /// Attorney blocks by the name of a prosecutor, for packets that others file.
    pub attorneys: std::collections::BTreeMap<String, Attorney>,
    /// The hearing.
    pub hearing: Hearing,
}

impl Office {
    /// Reads the file.
    ///
    /// # Errors
    /// What is wrong, with the place.
    pub fn parse(text: &str) -> Result<Self, String> {
        let office: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        let set = [&office.hearing.date, &office.hearing.time, &office.hearing.department];
        if set.iter().any(|one| one.is_some()) && set.iter().any(|one| one.is_none()) {
            return Err("[hearing] needs date, time and department, or none of them".into());
        }
        Ok(office)
    }

    /// The attorney block of a prosecutor; a blank one if the office speaks for another.
    #[must_use]
    pub fn attorney(&self, prosecutor: &str) -> Attorney {
        let own = self.attorneys.get(prosecutor);
        let for_it = self.prosecutor.as_deref().is_none_or(|named| named == prosecutor);
        own.or(for_it.then_some(&self.attorney)).cloned().unwrap_or_default()
    }
}
