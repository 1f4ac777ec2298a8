//! A layout document as it is written.

use serde::Deserialize;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Document {
    pub(super) name: Spanned<String>,
    pub(super) title: String,
    #[serde(default)]
    pub(super) version: String,
    #[serde(default)]
    pub(super) jurisdiction: String,
    #[serde(default)]
    pub(super) source: String,
    pub(super) status: Option<Spanned<String>>,
    pub(super) format: Spanned<String>,
    pub(super) row: Spanned<String>,
    pub(super) delimiter: Option<Spanned<String>>,
    pub(super) quote: Option<Spanned<String>>,
    pub(super) encoding: Option<Spanned<String>>,
    pub(super) header: Option<bool>,
    pub(super) header_rows: Option<Spanned<u8>>,
    #[serde(default)]
    pub(super) skip: u32,
    pub(super) sheet: Option<String>,
    pub(super) record_length: Option<u32>,
    pub(super) short_lines: Option<Spanned<String>>,
    pub(super) other_columns: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) blank: Vec<String>,
    pub(super) tree: Option<TreeDocument>,
    #[serde(default)]
    pub(super) dates: DatesDocument,
    #[serde(default)]
    pub(super) names: NamesDocument,
    #[serde(default)]
    pub(super) sections: SectionsDocument,
    pub(super) column: Vec<Spanned<ColumnDocument>>,
    #[serde(default)]
    pub(super) court: Vec<Spanned<CourtDocument>>,
    #[serde(default)]
    pub(super) disposition: Vec<Spanned<Entry>>,
    #[serde(default)]
    pub(super) relief: Vec<Spanned<Entry>>,
    #[serde(default)]
    pub(super) level: Vec<Spanned<Entry>>,
    #[serde(default)]
    pub(super) sex: Vec<Spanned<Entry>>,
    #[serde(default)]
    pub(super) race: Vec<Spanned<Entry>>,
    #[serde(default)]
    pub(super) section_code: Vec<Spanned<Entry>>,
    #[serde(default)]
    pub(super) section: Vec<Spanned<Entry>>,
    #[serde(default)]
    pub(super) sentence: Vec<Spanned<Entry>>,
    #[serde(default)]
    pub(super) unit: Vec<Spanned<Entry>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct TreeDocument {
    #[serde(default)]
    pub(super) record: String,
    #[serde(default)]
    pub(super) parties: String,
    #[serde(default)]
    pub(super) charges: String,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct DatesDocument {
    #[serde(default)]
    pub(super) formats: Vec<Spanned<String>>,
    pub(super) pivot: Option<Spanned<u8>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct NamesDocument {
    pub(super) order: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) particles: Vec<String>,
    #[serde(default)]
    pub(super) organizations: Vec<String>,
    #[serde(default)]
    pub(super) placeholders: Vec<String>,
    #[serde(default)]
    pub(super) aka: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct SectionsDocument {
    #[serde(default)]
    pub(super) default_code: String,
    #[serde(default)]
    pub(super) subdivided: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct ColumnDocument {
    pub(super) name: String,
    pub(super) is: String,
    #[serde(default)]
    pub(super) group: u16,
    pub(super) optional: Option<bool>,
    #[serde(default)]
    pub(super) formats: Vec<String>,
    pub(super) pivot: Option<u8>,
    pub(super) start: Option<u32>,
    pub(super) width: Option<u32>,
    pub(super) unit: Option<String>,
    #[serde(default)]
    pub(super) code: String,
    #[serde(default)]
    pub(super) blank: Vec<String>,
    #[serde(default)]
    #[expect(dead_code, reason = "for whoever reads the document")]
    pub(super) doc: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct CourtDocument {
    pub(super) name: String,
    #[serde(default)]
    pub(super) ori: String,
    #[serde(default)]
    pub(super) county: String,
    #[serde(default)]
    pub(super) codes: Vec<String>,
    #[serde(default)]
    pub(super) case_numbers: Vec<String>,
    pub(super) status: Option<String>,
    #[serde(default)]
    #[expect(dead_code, reason = "for whoever reads the document")]
    pub(super) doc: String,
}

/// Codes and what they mean.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Entry {
    pub(super) codes: Vec<String>,
    pub(super) is: String,
    /// Of a relief: the provision by which it is granted.
    #[serde(default)]
    pub(super) by: String,
    pub(super) status: Option<String>,
    #[serde(default)]
    #[expect(dead_code, reason = "for whoever reads the document")]
    pub(super) doc: String,
}
