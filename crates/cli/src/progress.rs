//! Progress on a terminal; silence in a pipe.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use vacatur_pipeline::{Phase, Progress};

/// A bar with rate and time left on standard error, if that is a terminal.
pub(crate) struct Bar(ProgressBar);

impl Bar {
    pub(crate) fn new(quiet: bool) -> Self {
        let shown = !quiet && std::io::stderr().is_terminal();
        let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        Self(ProgressBar::with_draw_target(None, target))
    }

    /// People, for `synth`.
    pub(crate) fn people(&self, total: u64) {
        self.begin(
            "writing people",
            total,
            "{msg:>16} [{bar:32}] {human_pos}/{human_len}  {per_sec}  {eta} left",
        );
    }

    /// Mutants, for `policy mutants`.
    pub(crate) fn mutants(&self, total: u64) {
        self.begin("trying mutants", total, "{msg:>16} [{bar:32}] {human_pos}/{human_len}  {eta} left");
    }

    pub(crate) fn at(&self, position: u64) {
        self.0.set_position(position);
    }

    pub(crate) fn done(&self) {
        self.0.finish_and_clear();
    }

    fn begin(&self, what: &'static str, total: u64, template: &str) {
        self.0.reset();
        self.0.set_length(total);
        self.0.set_message(what);
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.0.set_style(style.progress_chars("=> "));
        }
    }
}

impl Progress for Bar {
    fn phase(&self, phase: Phase, bytes: u64) {
        let what = match phase {
            Phase::Opening => "opening",
            Phase::Survey => "finding people",
            Phase::Gather => "gathering rows",
            Phase::Decide => "deciding",
            Phase::Compare => "comparing",
        };
        self.begin(what, bytes, "{msg:>16} [{bar:32}] {bytes}/{total_bytes}  {bytes_per_sec}  {eta} left");
    }

    fn advance(&self, bytes: u64) {
        self.0.inc(bytes);
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
