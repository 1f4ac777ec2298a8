//! A page that holds charts, each with its table.

use super::Chart;
use std::fmt::Write;
use vacatur_charts::escape;

const STYLE: &str = "\
body{font-family:Helvetica,Arial,'Liberation Sans','DejaVu Sans',sans-serif;color:#1a1a1a;background:#fff;\
max-width:860px;margin:2rem auto;padding:0 1rem;line-height:1.45}\
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2.5rem}\
svg{max-width:100%;height:auto}\
nav ul{padding-left:1.2rem}\
.scroll{overflow-x:auto}\
table{border-collapse:collapse;font-size:.85rem;margin:.5rem 0}\
th,td{text-align:left;padding:.2rem .7rem .2rem 0;border-bottom:1px solid #c8c8c8;vertical-align:top}\
summary{cursor:pointer}\
a{color:#005a8c}\
@media print{body{max-width:none;margin:0}section{break-inside:avoid-page}details>summary{display:none}}";

/// A page of its own, in HTML: a title, what it is about, and the charts with their tables. It loads nothing, runs nothing,
/// and says so to the browser. What it shows of records is as private as these.
#[must_use]
pub fn page(title: &str, about: &str, charts: &[Chart]) -> String {
    let title = escape(title);
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n<p>{}</p>\n",
        escape(about)
    );
    if charts.len() > 1 {
        page.push_str("<nav aria-label=\"Charts\">\n<ul>\n");
        for (number, chart) in charts.iter().enumerate() {
            let _ = writeln!(page, "<li><a href=\"#chart-{number}\">{}</a></li>", escape(&chart.title));
        }
        page.push_str("</ul>\n</nav>\n");
    }
    for (number, chart) in charts.iter().enumerate() {
        let _ = write!(
            page,
            "<section id=\"chart-{number}\">\n<h2>{}</h2>\n<p>{}</p>\n{}",
            escape(&chart.title),
            escape(&chart.description),
            chart.svg
        );
        table(&mut page, chart);
        page.push_str("</section>\n");
    }
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

fn table(page: &mut String, chart: &Chart) {
    page.push_str(
        "<details open>\n<summary>The figures</summary>\n<div class=\"scroll\">\n<table>\n<thead><tr>",
    );
    for name in &chart.head {
        let _ = write!(page, "<th scope=\"col\">{}</th>", escape(name));
    }
    page.push_str("</tr></thead>\n<tbody>\n");
    for row in &chart.rows {
        page.push_str("<tr>");
        for cell in row {
            let _ = write!(page, "<td>{}</td>", escape(cell));
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</tbody>\n</table>\n</div>\n</details>\n");
}
