use super::*;
use crate::account::tests::example;
use crate::calibrate::{Labelled, calibration};
use crate::evaluate::{Point, Score};

fn levels() -> Vec<LevelWeight> {
    let level = |comparison: &str, level: &str, m: f64, u: f64| LevelWeight {
        comparison: comparison.to_owned(),
        level: level.to_owned(),
        m,
        u,
    };
    vec![
        level("family name", "same", 0.88, 0.000_12),
        level("family name", "one letter differs (Jaro-Winkler at least .92)", 0.07, 0.000_9),
        level("family name", "different", 0.05, 0.99898),
        level("date of birth", "same", 0.9, 0.000_04),
        level("date of birth", "day and month swapped", 0.02, 0.000_01),
        level("date of birth", "different", 0.08, 0.99995),
        level("sex", "same", 0.985, 0.62),
        level("sex", "different", 0.015, 0.38),
    ]
}

/// Numbers that fill 0 to 1 evenly.
fn even(count: u32) -> impl Iterator<Item = f64> {
    (0..count).map(|number| (f64::from(number) * 0.618_033_988_749_895).fract())
}

fn all() -> Vec<Chart> {
    let point = |number: u32| {
        let weight = number as f32 - 10.0;
        let right = 990 - u64::from(number * number) / 4;
        Point { weight, score: Score { right, wrong: 600 >> (number / 2), missed: 1000 - right } }
    };
    let points: Vec<Point> = (0..40).map(point).collect();
    let marks = [Mark { weight: 0.0, name: "clerical" }, Mark { weight: 7.0, name: "link" }];
    let own: Vec<f32> = even(3000).map(|even| (28.0 - 30.0 * even.powi(6)) as f32).collect();
    let weights: Vec<f32> = even(90_000)
        .map(|even| if even < 0.03 { 15.0 + 400.0 * even } else { -32.0 + 30.0 * even.powi(3) } as f32)
        .collect();
    let labels: Vec<Labelled> = even(2000)
        .zip(0..)
        .map(|(even, number)| {
            let weight = -10.0 + f64::from(number) / 100.0;
            Labelled::new(weight as f32, even < crate::calibrate::probability(weight * 0.6))
        })
        .collect();
    vec![
        waterfall("waterfall", &example()),
        match_weights("weights", &levels()),
        m_and_u("m-and-u", &levels()),
        thresholds("thresholds", &points, &marks),
        unlinkables("unlinkables", &own, &marks),
        histogram("histogram", &weights, &marks),
        reliability("reliability", &calibration(&labels, None, 2.0).unwrap()),
    ]
}

/// Every chart is XML with a title and a description, and the same each time. `CHARTS_SHOWN_IN=/some/folder` writes them,
/// to be looked at.
#[test]
fn every_chart() {
    let charts = all();
    for (one, other) in charts.iter().zip(all()) {
        assert!(*one == other, "{}: drawn differently the second time", one.title);
        let xml = one.svg.as_str();
        assert!(xml.contains("<title id=") && xml.contains("<desc id=") && xml.contains("role=\"img\""));
        assert!(!xml.contains("NaN") && !xml.contains("inf"), "{}", one.title);
        assert!(one.rows.iter().all(|row| row.len() == one.head.len()), "{}", one.title);
        well_formed(xml);
    }
    let html = page("A model", "Made of invented data.", &charts);
    assert!(!html.contains("<script") && !html.contains("http://www.w3.org/1999"));
    if let Some(folder) = option_env!("CHARTS_SHOWN_IN") {
        for (number, chart) in charts.iter().enumerate() {
            write(&format!("{folder}/chart-{number}.svg"), &chart.svg);
        }
        write(&format!("{folder}/page.html"), &html);
    }
}

/// A pure crate writes no file; its tests may, where they are asked to.
#[expect(clippy::disallowed_methods, reason = "to be looked at")]
fn write(path: &str, text: &str) {
    std::fs::write(path, text).unwrap();
}

/// Elements open and close in order, and nothing but known entities begins with an ampersand.
fn well_formed(xml: &str) {
    let mut open: Vec<&str> = Vec::new();
    for part in xml.split('<').skip(1) {
        let (tag, text) = part.split_once('>').expect("a tag ends");
        assert!(!text.contains('>'));
        let name = tag.split_whitespace().next().unwrap();
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name));
        } else if !tag.ends_with('/') {
            open.push(name);
        }
        for entity in part.split('&').skip(1) {
            let known = ["amp;", "lt;", "gt;", "quot;", "#39;"];
            assert!(known.iter().any(|known| entity.starts_with(known)), "{entity}");
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn what_comes_from_outside_is_escaped() {
    let chart = waterfall("w", &example());
    assert!(!chart.svg.contains("<script"));
    let html = page("<b>", "\"&'", &[chart]);
    assert!(html.contains("&lt;script&gt;") && !html.contains("<script"));
    assert!(html.contains("<title>&lt;b&gt;</title>") && html.contains("<p>&quot;&amp;&#39;</p>"));
    assert_eq!(vacatur_charts::escape("a\u{0}\u{1b}\u{202e}b\nc"), "a\u{fffd}\u{fffd}\u{fffd}b c");
}

#[test]
fn nothing_to_show_is_no_mistake() {
    for chart in [
        match_weights("a", &[]),
        m_and_u("b", &[]),
        thresholds("c", &[], &[]),
        unlinkables("d", &[], &[]),
        unlinkables("d", &[f32::NAN, 3.0], &[]),
        histogram("e", &[], &[]),
        histogram("e", &[1.0; 3], &[]),
        histogram("e", &[-1e30, 1e30], &[]),
        match_weights("f", &[LevelWeight { m: 0.0, u: 0.0, ..levels()[0].clone() }]),
        match_weights("f", &[LevelWeight { m: 1.0, u: 0.0, ..levels()[0].clone() }]),
    ] {
        well_formed(&chart.svg);
        assert!(
            !chart.svg.contains("\"NaN") && !chart.svg.contains("\"inf") && !chart.svg.contains("\"-inf"),
            "{}",
            chart.svg
        );
    }
}

#[test]
fn nothing_is_shown_as_certain_that_is_not() {
    assert_eq!(percent(1.0 - 35f64.exp2().recip()), "over 99.9999\u{a0}%");
    assert_eq!(percent(0.999_999), "99.9999\u{a0}%");
}

#[test]
fn numbers_as_people_read_them() {
    assert_eq!(
        [percent(0.5), percent(0.9996), percent(1.0), percent(0.0)],
        ["50\u{a0}%", "99.96\u{a0}%", "100\u{a0}%", "0\u{a0}%"]
    );
    assert_eq!([share(0.000_04), share(0.0), share(f64::NAN)], ["1 in 25\u{202f}000", "0\u{a0}%", "none"]);
    assert_eq!([signed(-0.001), signed(3.0), signed(-2.5)], ["0.00", "+3.00", "\u{2212}2.50"]);
    assert_eq!(vacatur_charts::ticks(-3.2, 12.0, 7), [0.0, 5.0, 10.0]);
}
