//! A waterfall as JSON and as text.
//!
//! The JSON is the audit record of a link. Its names do not change:
//!
//! ```text
//! {
//!   "prior": -19.93,                  bits before anything is compared
//!   "steps": [                        in the order of the model
//!     {
//!       "comparison": "family name",
//!       "level": "same",
//!       "left": "QUARTZ",             the values as compared
//!       "right": "QUARTZ",
//!       "m": 0.94,                    null where nothing was compared
//!       "u": 0.00012,
//!       "weight": 12.94,              log2(m / u), 0 where nothing was compared
//!       "rarity": 1.5                 what the rarity of the value adds, in bits
//!     }
//!   ],
//!   "weight": -5.49,                  the sum
//!   "probability": 0.0217
//! }
//! ```

use crate::Waterfall;
use std::fmt::Write;

/// The schema of the JSON, JSON Schema 2020-12.
pub const WATERFALL_SCHEMA: &str = include_str!("account/waterfall.schema.json");

impl Waterfall {
    /// The account as one line of JSON. It holds the values that were compared.
    #[must_use]
    pub fn json(&self) -> String {
        // Numbers, texts and lists: there is nothing in it that JSON does not have.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The account for a terminal, a line for each step, aligned.
    #[must_use]
    pub fn text(&self) -> String {
        let mut lines: Vec<[String; 5]> =
            vec![["prior".into(), String::new(), bits(self.prior), bits(self.prior), String::new()]];
        let mut sum = self.prior;
        for step in &self.steps {
            sum += step.weight + step.rarity;
            let mut adds = bits(step.weight);
            if step.rarity != 0.0 {
                let _ = write!(adds, " {} rarity", bits(step.rarity));
            }
            let shown = |value: &str| if value.is_empty() { "(blank)".to_owned() } else { plain(value) };
            let values = format!("{} | {}", shown(&step.left), shown(&step.right));
            lines.push([plain(&step.comparison), plain(&step.level), adds, bits(sum), values]);
        }
        let said = format!("probability {:.6}", self.probability);
        lines.push(["match weight".into(), said, String::new(), bits(self.weight), String::new()]);
        let mut wide = [0usize; 5];
        for line in &lines {
            for (wide, cell) in wide.iter_mut().zip(line) {
                *wide = (*wide).max(cell.chars().count());
            }
        }
        let [a, b, c, d, _] = wide;
        let mut text = String::new();
        for [name, level, adds, sum, values] in lines {
            let line = format!("{name:<a$}  {level:<b$}  {adds:<c$}  {sum:>d$}  {values}");
            let _ = writeln!(text, "{}", line.trim_end());
        }
        text
    }
}

fn bits(bits: f64) -> String {
    format!("{bits:+.2}")
}

/// Without what would move the cursor of a terminal, or turn the direction of writing.
fn plain(text: &str) -> String {
    let is_plain = |letter: char| {
        !letter.is_control() && !matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().map(|letter| if is_plain(letter) { letter } else { '\u{fffd}' }).collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use crate::{Step, Waterfall};

    pub(crate) fn example() -> Waterfall {
        let step =
            |comparison: &str, level: &str, left: &str, right: &str, m: f64, u: f64, rarity: f64| Step {
                comparison: comparison.to_owned(),
                level: level.to_owned(),
                left: left.to_owned(),
                right: right.to_owned(),
                m: Some(m),
                u: Some(u),
                weight: (m / u).log2(),
                rarity,
            };
        let mut steps = vec![
            step("family name", "same", "QUARTZ", "QUARTZ", 0.941, 0.000_12, 1.5),
            step("given name", "same but for a nickname", "ELIZABETH ANNE", "BETTY", 0.05, 0.000_9, 0.0),
            step("date of birth", "same but for one digit", "1971-03-04", "1977-03-04", 0.03, 0.000_3, 0.0),
            step("sex", "different", "F", "M", 0.01, 0.36, 0.0),
        ];
        steps.push(Step {
            comparison: "social security number".to_owned(),
            level: "not on both sides".to_owned(),
            left: String::new(),
            right: "<script>alert(1)</script> & a value that is far too long for its place".to_owned(),
            m: None,
            u: None,
            weight: 0.0,
            rarity: 0.0,
        });
        let weight = -14.0 + steps.iter().map(|step| step.weight + step.rarity).sum::<f64>();
        Waterfall { prior: -14.0, steps, weight, probability: 1.0 / (1.0 + (-weight).exp2()) }
    }

    #[test]
    fn a_waterfall_as_text_and_json() {
        insta::assert_snapshot!(example().text());
        insta::assert_snapshot!(example().json());
    }

    /// Every name of the JSON is in the schema, and the other way round.
    #[test]
    fn the_schema_has_every_name() {
        let schema: serde_json::Value = serde_json::from_str(super::WATERFALL_SCHEMA).unwrap();
        let json: serde_json::Value = serde_json::from_str(&example().json()).unwrap();
        let names = |value: &serde_json::Value| {
            let mut names: Vec<String> = value.as_object().unwrap().keys().cloned().collect();
            names.sort();
            names
        };
        assert_eq!(names(&json), names(&schema["properties"]));
        assert_eq!(names(&json["steps"][0]), names(&schema["properties"]["steps"]["items"]["properties"]));
    }

    #[test]
    fn a_value_cannot_move_the_cursor() {
        let mut waterfall = example();
        waterfall.steps[0].left = "\u{1b}[2J\u{202e}ZTRAUQ".to_owned();
        let text = waterfall.text();
        assert!(!text.contains(['\u{1b}', '\u{202e}']));
    }
}
