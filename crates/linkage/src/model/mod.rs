//! What is compared, and how: a model is a TOML file.
//!
//! An untrained model names fields, comparisons with their levels, and blocking rules. Training adds the prior and, for
//! each level, how often it is seen among pairs of one person (`m`) and of two (`u`). The trained model is written as the
//! same kind of file, so that a model is made once, looked at, kept, and used on other days.

mod error;
mod file;
mod part;
mod test;

pub use error::ModelError;
pub use part::{Part, Way};
pub use test::Test;

use serde::{Deserialize, Serialize};

/// What a field holds, which decides how its cells are brought into one form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldKind {
    /// A given name. Its words count as one name and as parts.
    #[serde(rename = "given name")]
    Given,
    /// A family name, of one word or several.
    #[serde(rename = "family name")]
    Family,
    /// A middle name, or an initial.
    #[serde(rename = "middle name")]
    Middle,
    /// JR, SR, II.
    Suffix,
    /// A date, whole or in part.
    Date,
    /// One of few values: sex, race.
    Code,
    /// A ZIP code, five digits of it.
    Zip,
    /// A number that is one person's: letters and digits.
    Identifier,
    /// Any other text.
    Text,
    /// Other names of the person, each whole, parted by `|`: `LAST,FIRST` or `FIRST LAST`.
    #[serde(rename = "other names")]
    Aliases,
}

impl FieldKind {
    /// Whether its values are names of people, which are compared with each other across fields.
    #[must_use]
    pub fn is_name(self) -> bool {
        matches!(self, Self::Given | Self::Family | Self::Middle)
    }
}

/// One field of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Its name in the model: `birth date`.
    pub name: String,
    /// What it holds.
    pub kind: FieldKind,
    /// What it may be called in the header of a file, for whoever maps columns.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
}

/// One outcome of a comparison.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// When a pair is at this level; the first level of a comparison whose test holds is the pair's.
    pub test: Test,
    /// The level in words, for explanations: `same but for a letter or two`.
    pub words: String,
    /// The share of pairs of one person that are at this level, of those where both sides have a value. Training sets it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub m: Option<f64>,
    /// The same of pairs of two persons.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub u: Option<f64>,
    /// A value of `m` that training keeps as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixed_m: Option<f64>,
    /// A value of `u` that training keeps as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixed_u: Option<f64>,
    /// A weight in bits that is used whatever `m` and `u` say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixed_weight: Option<f64>,
}

impl Level {
    /// What the level adds, in bits; `None` where it has neither a fixed weight nor `m` and `u`.
    #[must_use]
    pub fn weight(&self) -> Option<f64> {
        self.fixed_weight.or_else(|| Some((self.m? / self.u?).log2()))
    }
}

/// What is compared, and the levels that it may end at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Comparison {
    /// Its name: `family name`.
    pub name: String,
    /// The field that is compared.
    pub field: String,
    /// For the test `swapped`, the field that may hold the value by mistake.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub swapped_with: Option<String>,
    /// For the test `other name`, the field with other names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other_names: Option<String>,
    /// Whether a rare value says more than a common one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub rarity: bool,
    /// The levels, the closest agreement first; the last is `else`.
    #[serde(rename = "level")]
    pub levels: Vec<Level>,
}

/// Which pairs are looked at: those for which all parts are equal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Its name, for reports: `same birth date`.
    pub name: String,
    /// What must be equal on both sides; a blank is equal to nothing.
    pub on: Vec<Part>,
    /// What else must be equal in a block of more pairs than the limit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tighten: Vec<Part>,
    /// Whether `m` is learned from its pairs.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub train: bool,
}

/// How many pairs a rule may make.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Pairs of one rule. More, and the rule is refused.
    pub rule: u64,
    /// Pairs of one block. More, and the block is tightened, or else the rule refused.
    pub block: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { rule: 1_000_000_000, block: 10_000_000 }
    }
}

/// The two thresholds, as probabilities.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Thresholds {
    /// From here on a pair is a link.
    pub link: f64,
    /// From here on, up to `link`, somebody looks at it.
    pub clerical: f64,
}

/// What training found out beside the levels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Training {
    /// The share of all pairs that are of one person.
    pub prior: f64,
    /// Records on the left and on the right; both the same for one file with itself.
    pub records: [u64; 2],
    /// The fields that the model was trained with, in one short text: [`Model::fingerprint`].
    pub columns: String,
    /// What it was trained on, in the words of whoever trained it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub on: String,
    /// The seed of the random pairs.
    pub seed: u64,
    /// Comparisons of which no pair of one person had both values: they add nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unlearned: Vec<String>,
    /// How each session of learning went.
    #[serde(default, rename = "session", skip_serializing_if = "Vec::is_empty")]
    pub sessions: Vec<Session>,
}

/// One session of learning: the pairs of one rule, or the pairs on whose identifier both sides agree.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Session {
    /// The rule, or the identifier.
    pub name: String,
    /// How many pairs it learned from.
    pub pairs: u64,
    /// How many of them it takes for pairs of one person.
    pub matches: f64,
    /// Rounds until nothing changed any more.
    pub rounds: u32,
    /// By how much anything changed in the last round.
    pub change: f64,
}

/// A model: what is compared and how, and, once trained, what it weighs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Its name: `people`.
    pub model: String,
    /// Its version, raised by whoever changes it.
    pub version: String,
    /// What it is for, in a sentence.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub about: String,
    /// A field whose agreement marks pairs of one person to learn `m` from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub labels: Option<String>,
    /// The thresholds.
    pub thresholds: Thresholds,
    /// Limits of blocking.
    #[serde(default)]
    pub limits: Limits,
    /// What training found out; absent before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub training: Option<Training>,
    /// The fields, in the order of the cells of a record.
    #[serde(rename = "field")]
    pub fields: Vec<Field>,
    /// The comparisons, in the order of explanations.
    #[serde(rename = "comparison")]
    pub comparisons: Vec<Comparison>,
    /// The blocking rules.
    #[serde(rename = "block")]
    pub rules: Vec<Rule>,
}

impl Model {
    /// The model that comes with the program: people in criminal records, `linkage/people.toml`.
    ///
    /// # Errors
    /// None with the file as it stands; a test reads it.
    pub fn people() -> Result<Self, ModelError> {
        Self::parse(include_str!("../../../../linkage/people.toml"))
    }

    /// The number of a field.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }

    /// The fields in one short text. Models and records whose fingerprints differ do not go together.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
        for field in &self.fields {
            for byte in format!("{}\n{:?}\n", field.name, field.kind).bytes() {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            }
        }
        format!("{hash:016x}")
    }

    /// Whether the prior is known and each level has a weight.
    #[must_use]
    pub fn is_trained(&self) -> bool {
        self.training.is_some()
            && self
                .comparisons
                .iter()
                .flat_map(|comparison| &comparison.levels)
                .all(|level| level.weight().is_some())
    }
}
