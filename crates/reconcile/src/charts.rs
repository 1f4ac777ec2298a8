//! The charts of a linked folder's page.

use crate::calibration::Measured;
use crate::linking::{self, Linked};
use crate::page::escape;
use std::fmt::Write as _;
use vacatur_linkage::Model;
use vacatur_linkage::chart::{
    Chart, LevelWeight, Mark, histogram, m_and_u, match_weights, reliability, thresholds, unlinkables,
};

/// Appends the charts, each with its table.
pub(crate) fn charts(html: &mut String, linked: &Linked, measured: &Measured) {
    let bounds = linking::thresholds(&linked.model);
    let marks = [Mark { weight: bounds.link, name: "link" }, Mark { weight: bounds.clerical, name: "ask" }];
    let levels = levels(&linked.model);
    let weights: Vec<f32> = linked.pairs.iter().map(|pair| pair.weight).collect();
    html.push_str(
        "<h2>The linker</h2>\n<p>How the links were weighed. m and u were learned from these files.</p>\n",
    );
    let mut all = vec![
        match_weights("weights", &levels),
        m_and_u("shares", &levels),
        histogram("pairs", &weights, &marks),
        unlinkables("unlinkables", &measured.alone, &marks),
    ];
    if let Some(points) = &measured.sweep {
        all.push(thresholds("thresholds", points, &marks));
    }
    if let Some(calibration) = &measured.calibration {
        all.push(reliability("calibration", calibration));
    }
    for chart in &all {
        one(html, chart);
    }
}

fn levels(model: &Model) -> Vec<LevelWeight> {
    let each = model.comparisons.iter().flat_map(|comparison| {
        comparison.levels.iter().filter_map(|level| {
            Some(LevelWeight {
                comparison: comparison.name.clone(),
                level: level.words.clone(),
                m: level.m?,
                u: level.u?,
            })
        })
    });
    each.collect()
}

fn one(html: &mut String, chart: &Chart) {
    let _ = write!(
        html,
        "<section><h3>{}</h3>\n<p>{}</p>\n<figure>{}</figure>\n<details><summary>The figures</summary><table><thead><tr>",
        escape(&chart.title),
        escape(&chart.description),
        chart.svg
    );
    for name in &chart.head {
        let _ = write!(html, "<th scope=\"col\">{}</th>", escape(name));
    }
    html.push_str("</tr></thead><tbody>\n");
    for row in &chart.rows {
        html.push_str("<tr>");
        for cell in row {
            let _ = write!(html, "<td>{}</td>", escape(cell));
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</tbody></table></details></section>\n");
}
