//! Progress: a bar on a terminal, lines of JSON if they are asked for, else silence.

use crate::args::ProgressFormat;
use crate::screen;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use vacatur_pipeline::{Phase, Progress};

/// How progress is shown, as the command line has it.
static FORMAT: OnceLock<(ProgressFormat, bool)> = OnceLock::new();

/// Chooses how progress is shown; once, before any command begins. A bar and a log would write over each other.
pub(crate) fn choose(format: ProgressFormat, logging: bool) {
    let _ = FORMAT.set((format, logging));
}

/// Progress on standard error: a bar with rate and time left, or lines.
pub(crate) struct Bar {
    bar: ProgressBar,
    lines: Option<Lines>,
    /// What the second pass is called.
    second_pass: &'static str,
}

/// Progress as lines: at the beginning of a part, and whenever another hundredth of it is done.
#[derive(Default)]
struct Lines {
    part: Mutex<(&'static str, &'static str)>,
    total: AtomicU64,
    done: AtomicU64,
    told: AtomicU64,
}

impl Bar {
    pub(crate) fn new(quiet: bool) -> Self {
        Self::saying(quiet, "deciding")
    }

    /// The same, with a word of its own for the second pass.
    pub(crate) fn saying(quiet: bool, second_pass: &'static str) -> Self {
        let &(format, logging) = FORMAT.get().unwrap_or(&(ProgressFormat::Bar, false));
        let json = format == ProgressFormat::Json;
        let shown = !quiet && !json && !logging && std::io::stderr().is_terminal();
        let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        Self {
            bar: ProgressBar::with_draw_target(None, target),
            lines: json.then(Lines::default),
            second_pass,
        }
    }

    /// People, for `synth`.
    pub(crate) fn people(&self, total: u64) {
        let template = "{msg:>16} [{bar:32}] {human_pos}/{human_len}  {per_sec}  {eta} left";
        self.begin("writing people", "people", total, template);
    }

    /// Mutants, for `policy mutants`.
    pub(crate) fn mutants(&self, total: u64) {
        let template = "{msg:>16} [{bar:32}] {human_pos}/{human_len}  {eta} left";
        self.begin("trying mutants", "mutants", total, template);
    }

    /// People, for `report`.
    pub(crate) fn counting(&self, total: u64) {
        let template = "{msg:>16} [{bar:32}] {human_pos}/{human_len}  {per_sec}  {eta} left";
        self.begin("counting", "people", total, template);
    }

    pub(crate) fn at(&self, position: u64) {
        self.bar.set_position(position);
        if let Some(lines) = &self.lines {
            lines.done.store(position, Ordering::Relaxed);
            lines.tell(position);
        }
    }

    pub(crate) fn done(&self) {
        self.bar.finish_and_clear();
    }

    fn begin(&self, what: &'static str, unit: &'static str, total: u64, template: &str) {
        self.bar.reset();
        self.bar.set_length(total);
        self.bar.set_message(what);
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.bar.set_style(style.progress_chars("=> "));
        }
        if let Some(lines) = &self.lines {
            lines.begin(what, unit, total);
        }
    }
}

impl Lines {
    fn begin(&self, what: &'static str, unit: &'static str, total: u64) {
        *self.part.lock().unwrap_or_else(PoisonError::into_inner) = (what, unit);
        self.total.store(total, Ordering::Relaxed);
        self.done.store(0, Ordering::Relaxed);
        self.told.store(0, Ordering::Relaxed);
        self.write(0);
    }

    /// Several threads may come here at once; each hundredth part is told by one of them.
    fn tell(&self, done: u64) {
        let step = (self.total.load(Ordering::Relaxed) / 100).max(1);
        let part = done / step;
        if self.told.fetch_max(part, Ordering::Relaxed) < part {
            self.write(done);
        }
    }

    fn write(&self, done: u64) {
        let (what, unit) = *self.part.lock().unwrap_or_else(PoisonError::into_inner);
        let total = self.total.load(Ordering::Relaxed);
        // The words are the program's own and need no escapes.
        let line =
            format!("{{\"progress\":\"{what}\",\"done\":{done},\"total\":{total},\"unit\":\"{unit}\"}}\n");
        screen::complain(line.as_bytes());
    }
}

impl Progress for Bar {
    fn phase(&self, phase: Phase, bytes: u64) {
        let what = match phase {
            Phase::Opening => "opening",
            Phase::Survey => "finding people",
            Phase::Gather => "gathering rows",
            Phase::Decide => self.second_pass,
            Phase::Compare => "comparing",
            Phase::Docket => "reading cases",
            Phase::Papers => "writing papers",
            Phase::Identities => "reading people",
            Phase::Link => "linking",
            Phase::Reconcile => "comparing cases",
            Phase::Check => "checking files",
            Phase::Decrypt => "decrypting",
        };
        let template = "{msg:>16} [{bar:32}] {bytes}/{total_bytes}  {bytes_per_sec}  {eta} left";
        self.begin(what, "bytes", bytes, template);
    }

    fn advance(&self, bytes: u64) {
        self.bar.inc(bytes);
        if let Some(lines) = &self.lines {
            let done = lines.done.fetch_add(bytes, Ordering::Relaxed) + bytes;
            lines.tell(done);
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
