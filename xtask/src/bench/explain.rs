//! How long it takes to explain one count of a large run.

use super::measure::{self, Cost};
use std::ffi::OsString;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

/// The costs of explaining one count.
pub(super) struct Explained {
    /// The input of the run.
    pub(super) input: String,
    pub(super) costs: Vec<Cost>,
}

impl Explained {
    /// Seconds by the clock in the middle of all rounds.
    pub(super) fn wall(&self) -> f64 {
        let mut all: Vec<f64> = self.costs.iter().map(|cost| cost.wall).collect();
        all.sort_by(f64::total_cmp);
        all.get(all.len() / 2).copied().unwrap_or(f64::NAN)
    }
}

/// Explains the count in the middle of the run's determinations several times.
///
/// # Errors
/// A sentence: the run has no determination, or explaining failed.
pub(super) fn series(vacatur: &Path, run: &Path, input: &str, rounds: usize) -> Result<Explained, String> {
    let (person, count) = middle(&run.join("determinations.csv"))?;
    let words: [OsString; 6] =
        ["explain".into(), run.into(), "--person".into(), person.into(), "--count".into(), count.into()];
    // Once to bring what it reads into memory; not measured.
    measure::run(vacatur, &words)?;
    let costs = (0..rounds.max(5)).map(|_| measure::run(vacatur, &words).map(|ran| ran.cost));
    Ok(Explained { input: input.to_owned(), costs: costs.collect::<Result<_, _>>()? })
}

/// Subject and count of the line in the middle of `determinations.csv`.
fn middle(path: &Path) -> Result<(String, String), String> {
    let failed = |error: std::io::Error| format!("determinations.csv: {error}");
    let mut file = File::open(path).map_err(failed)?;
    let mut head = vec![0; 4096];
    let got = file.read(&mut head).map_err(failed)?;
    let half = file.metadata().map_err(failed)?.len() / 2;
    file.seek(SeekFrom::Start(half)).map_err(failed)?;
    let mut text = Vec::new();
    file.take(1 << 20).read_to_end(&mut text).map_err(failed)?;
    let (head, text) = (String::from_utf8_lossy(&head[..got]), String::from_utf8_lossy(&text));
    found(&head, &text).ok_or_else(|| "determinations.csv: no count to explain was found".to_owned())
}

/// Subject and count of the first whole line in `text`, by the columns that `head` names. Both columns must stand before
/// any that may hold a comma.
fn found(head: &str, text: &str) -> Option<(String, String)> {
    let columns: Vec<&str> = head.lines().next()?.split(',').collect();
    let place = |name: &str| columns.iter().position(|column| column.trim_matches('"') == name);
    let (person, count) = (place("subject_id")?, place("cnt_order")?);
    text.lines().skip(1).find_map(|line| {
        let cell = |at: usize| line.split(',').nth(at).map(|cell| cell.trim_matches('"').to_owned());
        let is_number = |cell: &String| !cell.is_empty() && cell.bytes().all(|byte| byte.is_ascii_digit());
        Some((cell(person).filter(is_number)?, cell(count).filter(is_number)?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_whole_line_with_both_numbers() {
        let head = "subject_id,cnt_order,outcome\n1,2,x\n";
        let text = "half of, a line\r\n,101001001000,review\r\n700,\"101002001000\",dismiss\r\n";
        assert_eq!(found(head, text), Some(("700".into(), "101002001000".into())));
        assert_eq!(found("a,b\n", text), None);
        assert_eq!(found(head, "only half a line"), None);
    }
}
