//! `vacatur link model`.

use super::link::model_of;
use crate::args::LinkModel;
use crate::failure::Failure;
use crate::screen;
use std::fmt::Write as _;
use std::process::ExitCode;

/// What a model has learned, in words and numbers.
pub(crate) fn model(args: &LinkModel) -> Result<ExitCode, Failure> {
    let model = model_of(&args.model)?;
    let mut text = format!("{} {}: {}\n", model.model, model.version, model.about);
    match &model.training {
        None => text += "not trained: m, u and the prior are learned from the files that are linked\n",
        Some(training) => {
            let _ = writeln!(
                text,
                "trained on {}: {} and {} records; of all pairs {:.3e} are of one person ({:.1} bits)",
                training.on,
                training.records[0],
                training.records[1],
                training.prior,
                (training.prior / (1.0 - training.prior)).log2()
            );
            for session in &training.sessions {
                let _ = writeln!(
                    text,
                    "  session '{}': {} pairs, {:.0} of one person, settled after {} rounds",
                    session.name, session.pairs, session.matches, session.rounds
                );
            }
        }
    }
    let _ = writeln!(
        text,
        "linked at {} and above, asked about from {}",
        model.thresholds.link, model.thresholds.clerical
    );
    for comparison in &model.comparisons {
        let _ = writeln!(text, "\n{:<48} {:>10} {:>10} {:>8}", comparison.name, "m", "u", "bits");
        for level in &comparison.levels {
            let number =
                |share: Option<f64>| share.map_or_else(|| "-".to_owned(), |share| format!("{share:.6}"));
            let _ = writeln!(
                text,
                "  {:<46} {:>10} {:>10} {:>8}",
                level.words,
                number(level.m),
                number(level.u),
                level.weight().map_or_else(|| "-".to_owned(), |weight| format!("{weight:+.2}"))
            );
        }
    }
    screen::print(&text)?;
    Ok(ExitCode::SUCCESS)
}
