//! A model read from its file, checked, and written.

use super::{Comparison, FieldKind, Model, ModelError, Part, Test, Way};

/// More levels than that would not fit into a pattern.
const LEVELS: usize = 15;
/// More comparisons than that would not fit either.
const COMPARISONS: usize = 16;
/// A pair notes the number of its rule in a byte.
const RULES: usize = 64;

impl Model {
    /// Reads a model.
    ///
    /// # Errors
    /// What is wrong and where: a line for what is not TOML or has a key that no model has, the comparison or rule for
    /// what does not make sense.
    pub fn parse(text: &str) -> Result<Self, ModelError> {
        let model: Self = toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            let line = 1 + text.bytes().take(at).filter(|byte| *byte == b'\n').count();
            ModelError::Syntax { line, what: error.message().trim().to_owned() }
        })?;
        model.check()?;
        Ok(model)
    }

    /// Writes the model as a file that [`Model::parse`] reads.
    ///
    /// # Errors
    /// If the writer of TOML refuses it.
    pub fn write(&self) -> Result<String, ModelError> {
        toml::to_string(self).map_err(|error| ModelError::Unwritable(error.to_string()))
    }

    /// Checks that everything the model names is there and fits.
    ///
    /// # Errors
    /// The first thing that does not.
    pub fn check(&self) -> Result<(), ModelError> {
        let wrong =
            |place: &str, what: &str| ModelError::Meaning { place: place.to_owned(), what: what.to_owned() };
        if self.fields.is_empty() || self.comparisons.is_empty() || self.rules.is_empty() {
            return Err(wrong("the file", "it needs at least one field, one comparison and one block"));
        }
        if self.comparisons.len() > COMPARISONS || self.rules.len() > RULES {
            return Err(wrong("the file", "there may be 16 comparisons and 64 blocks, and not more"));
        }
        for (number, field) in self.fields.iter().enumerate() {
            if self.field(&field.name) != Some(number) {
                return Err(wrong(&format!("field '{}'", field.name), "two fields have this name"));
            }
        }
        if self.fields.iter().filter(|field| field.kind == FieldKind::Aliases).count() > 1 {
            return Err(wrong("the fields", "only one field can hold other names"));
        }
        for comparison in &self.comparisons {
            self.check_comparison(comparison)?;
        }
        for rule in &self.rules {
            let place = format!("block '{}'", rule.name);
            if rule.on.is_empty() {
                return Err(wrong(&place, "it is on nothing; name at least one field"));
            }
            for part in rule.on.iter().chain(&rule.tighten) {
                self.check_part(&place, part)?;
            }
            if rule.tighten.iter().any(|part| matches!(part.way, Way::Any | Way::Nickname)) {
                return Err(wrong(&place, "a block can only be tightened by parts with one value"));
            }
        }
        if let Some(labels) = &self.labels
            && self
                .field(labels)
                .is_none_or(|at| self.fields.get(at).is_none_or(|f| f.kind != FieldKind::Identifier))
        {
            return Err(wrong("labels", "labels must name a field of the kind identifier"));
        }
        let (link, clerical) = (self.thresholds.link, self.thresholds.clerical);
        if !(clerical > 0.0 && clerical <= link && link < 1.0) {
            return Err(wrong("thresholds", "0 < clerical <= link < 1 must hold"));
        }
        if let Some(training) = &self.training {
            if training.columns != self.fingerprint() {
                return Err(ModelError::Columns {
                    what: "its fields are not those that it was trained with".to_owned(),
                });
            }
            if !(training.prior > 0.0 && training.prior < 1.0) {
                return Err(wrong("training", "the prior must be between 0 and 1"));
            }
        }
        Ok(())
    }

    fn check_part(&self, place: &str, part: &Part) -> Result<(), ModelError> {
        for name in [&part.left, &part.right] {
            let kind = self.kind(place, name)?;
            let fits = match part.way {
                Way::Whole => kind != FieldKind::Aliases,
                Way::First(_) => !matches!(kind, FieldKind::Aliases | FieldKind::Date),
                Way::Year | Way::MonthDay => kind == FieldKind::Date,
                Way::Any => matches!(kind, FieldKind::Given | FieldKind::Family),
                Way::Nickname => kind == FieldKind::Given,
                Way::Sound => kind.is_name(),
            };
            if !fits {
                let what = format!("'{}' does not fit the kind of '{name}'", String::from(part.clone()));
                return Err(ModelError::Meaning { place: place.to_owned(), what });
            }
        }
        let kinds = [self.kind(place, &part.left)?, self.kind(place, &part.right)?];
        if part.left != part.right && !kinds.iter().all(|kind| kind.is_name()) {
            let what = "only names can be compared with another field".to_owned();
            return Err(ModelError::Meaning { place: place.to_owned(), what });
        }
        Ok(())
    }

    fn kind(&self, place: &str, name: &str) -> Result<FieldKind, ModelError> {
        self.fields.iter().find(|field| field.name == name).map(|field| field.kind).ok_or_else(|| {
            let known: Vec<&str> = self.fields.iter().map(|field| field.name.as_str()).collect();
            let what = format!("there is no field '{name}'; the fields are: {}", known.join(", "));
            ModelError::Meaning { place: place.to_owned(), what }
        })
    }

    fn check_comparison(&self, comparison: &Comparison) -> Result<(), ModelError> {
        let place = format!("comparison '{}'", comparison.name);
        let kind = self.kind(&place, &comparison.field)?;
        let wrong = |level: Option<usize>, what: String| {
            let place = level.map_or(place.clone(), |level| format!("{place}, level {}", level + 1));
            Err(ModelError::Meaning { place, what })
        };
        if comparison.levels.len() < 2 || comparison.levels.len() > LEVELS {
            return wrong(None, "it needs from 2 to 15 levels".into());
        }
        let last = comparison.levels.len() - 1;
        for (number, level) in comparison.levels.iter().enumerate() {
            if (level.test == Test::Else) != (number == last) {
                return wrong(
                    Some(number),
                    "'else' must be the test of the last level, and of no other".into(),
                );
            }
            let names = kind.is_name();
            let text = names || kind == FieldKind::Text;
            let fits = match level.test {
                Test::Same | Test::Else => kind != FieldKind::Aliases,
                Test::Nickname => kind == FieldKind::Given,
                Test::Similar(_) | Test::Part => text,
                Test::Initial | Test::SoundsAlike | Test::Swapped => names,
                Test::OtherName => matches!(kind, FieldKind::Given | FieldKind::Family),
                Test::OneEdit => {
                    text || matches!(kind, FieldKind::Identifier | FieldKind::Date | FieldKind::Zip)
                }
                Test::StartsAlike(_) => !matches!(kind, FieldKind::Aliases | FieldKind::Date),
                Test::DayMonthSwapped
                | Test::SameMonthDay
                | Test::SameYear
                | Test::WithinDays(_)
                | Test::FirstOfJanuary
                | Test::Partial => kind == FieldKind::Date,
            };
            if !fits {
                let test = String::from(level.test);
                return wrong(
                    Some(number),
                    format!("the test '{test}' does not fit the field '{}'", comparison.field),
                );
            }
            if level.test == Test::Swapped {
                match &comparison.swapped_with {
                    Some(other) if self.kind(&place, other)?.is_name() => {}
                    _ => {
                        return wrong(
                            Some(number),
                            "'swapped' needs swapped_with = \"the other name\"".into(),
                        );
                    }
                }
            }
            if level.test == Test::OtherName {
                match &comparison.other_names {
                    Some(other) if self.kind(&place, other)? == FieldKind::Aliases => {}
                    _ => {
                        return wrong(
                            Some(number),
                            "'other name' needs other_names = \"a field of that kind\"".into(),
                        );
                    }
                }
            }
            let shares = [level.m, level.u, level.fixed_m, level.fixed_u];
            if shares.into_iter().flatten().any(|share| !(share > 0.0 && share <= 1.0))
                || level.fixed_weight.is_some_and(|weight| !weight.is_finite())
            {
                return wrong(
                    Some(number),
                    "m and u must be above 0 and at most 1, and a weight a number".into(),
                );
            }
        }
        Ok(())
    }
}
