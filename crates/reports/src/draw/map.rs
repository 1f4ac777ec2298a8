//! The map of the counties.

use super::charts::Said;
use crate::error::ReportError;
use serde::Deserialize;
use vacatur_charts::{At, INK, Svg};

const US_CA: &str = include_str!("../../../../reports/us-ca/counties.toml");

/// Five classes, light to dark, which stay apart in grey and for the colour-blind: one hue, getting darker.
const CLASSES: [&str; 5] = ["#deebf7", "#9ecae1", "#5aa5d1", "#2171b5", "#08306b"];

#[derive(Deserialize)]
struct Atlas {
    wide: f64,
    high: f64,
    county: Vec<County>,
}

#[derive(Deserialize)]
struct County {
    name: String,
    outline: String,
}

/// What a map says: of each county, by its name in capitals, a number, or nothing where it is none or withheld.
pub(crate) struct Mapped<'m> {
    pub(crate) number_of: &'m dyn Fn(&str) -> Option<u64>,
    /// A number as text.
    pub(crate) word: &'m dyn Fn(u64) -> String,
    /// A class from one number to another as text.
    pub(crate) class: &'m dyn Fn(u64, u64) -> String,
    /// What hatched means.
    pub(crate) none: &'m str,
}

/// Draws the map. Classes have about as many counties each.
pub(crate) fn map(said: &Said<'_>, mapped: &Mapped<'_>) -> Result<String, ReportError> {
    let atlas: Atlas =
        toml::from_str(US_CA).map_err(|error| ReportError::Drawing { what: error.to_string() })?;
    let number =
        |county: &County| (mapped.number_of)(&county.name.to_uppercase()).filter(|number| *number > 0);
    let mut known: Vec<u64> = atlas.county.iter().filter_map(number).collect();
    known.sort_unstable();
    let bounds = bounds(&known);
    let (wide, high) = (atlas.wide / 10.0, atlas.high / 10.0);
    let mut svg = Svg::new(said.id, said.title, said.says, wide + 160.0, high + 10.0);
    let hatch = format!("{}-hatch", said.id);
    svg.raw(&format!(
        "<defs><pattern id=\"{hatch}\" width=\"60\" height=\"60\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><rect width=\"60\" height=\"60\" fill=\"#ffffff\"/><line x1=\"0\" y1=\"0\" x2=\"0\" y2=\"60\" stroke=\"#8c8c8c\" stroke-width=\"16\"/></pattern></defs>\n<g transform=\"translate(2 5) scale(0.1)\">\n"
    ));
    for county in &atlas.county {
        let found = number(county);
        let fill = match found.and_then(|number| bounds.iter().position(|(_, last)| number <= *last)) {
            Some(class) => CLASSES.get(class).copied().unwrap_or(CLASSES[4]).to_owned(),
            None => format!("url(#{hatch})"),
        };
        let number = found.map_or_else(|| mapped.none.to_owned(), |number| (mapped.word)(number));
        let style = format!("fill=\"{fill}\" stroke=\"#ffffff\" stroke-width=\"8\"");
        let style = if found.is_none() { style.replace("#ffffff", "#8c8c8c") } else { style };
        svg.outline(&county.outline, &style, &format!("{}: {number}", county.name));
    }
    svg.raw("</g>\n");
    let ink = format!("fill=\"{INK}\"");
    let left = wide - 60.0;
    for (at, (first, last)) in bounds.iter().enumerate() {
        let y = 40.0 + 26.0 * at as f64;
        let colour = CLASSES.get(at).copied().unwrap_or(CLASSES[4]);
        svg.rect(left, y, 26.0, 18.0, &format!("fill=\"{colour}\" stroke=\"#595959\""));
        svg.text(left + 34.0, y + 14.0, At::Start, &ink, &(mapped.class)(*first, *last));
    }
    let y = 40.0 + 26.0 * bounds.len() as f64;
    svg.raw(&format!(
        "<g transform=\"translate({left:.1} {y:.1}) scale(0.1)\"><rect width=\"260\" height=\"180\" fill=\"url(#{hatch})\" stroke=\"#595959\" stroke-width=\"10\"/></g>\n"
    ));
    svg.text(left + 34.0, y + 14.0, At::Start, &ink, mapped.none);
    Ok(svg.end())
}

/// The first and last number of each class, of numbers in order.
fn bounds(numbers: &[u64]) -> Vec<(u64, u64)> {
    let classes = CLASSES.len().min(numbers.len());
    let mut bounds: Vec<(u64, u64)> = Vec::new();
    let mut start = 0;
    for class in 1..=classes {
        let mut end = numbers.len() * class / classes;
        // Equal numbers are in one class.
        while end < numbers.len() && end > 0 && numbers.get(end) == numbers.get(end - 1) {
            end += 1;
        }
        if end > start
            && let (Some(&first), Some(&last)) = (numbers.get(start), numbers.get(end - 1))
        {
            bounds.push((first, last));
            start = end;
        }
    }
    bounds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_hold_every_number_once() {
        assert_eq!(bounds(&[]), []);
        assert_eq!(bounds(&[7]), [(7, 7)]);
        assert_eq!(bounds(&[1, 1, 1, 1, 1, 9]), [(1, 1), (9, 9)]);
        assert_eq!(bounds(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]), [(1, 2), (3, 4), (5, 6), (7, 8), (9, 10)]);
    }

    #[test]
    fn all_58_counties_are_on_the_map() {
        let atlas: Atlas = toml::from_str(US_CA).unwrap();
        let mut names: Vec<String> = atlas.county.iter().map(|county| county.name.to_uppercase()).collect();
        names.sort();
        let mut listed: Vec<&str> = include_str!("../../../../layouts/us-ca/counties.txt")
            .lines()
            .filter(|line| !line.starts_with('#') && !line.is_empty())
            .collect();
        listed.sort_unstable();
        assert_eq!(names, listed);
    }
}
