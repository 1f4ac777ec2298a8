//! The log: what the program does, on standard error. Off unless asked for, and never anything of a record.

use crate::args::{LogFormat, LogLevel};
use crate::failure::Failure;
use crate::screen;
use clap::ValueEnum;
use std::io::{self, Write};
use tracing_subscriber::filter::LevelFilter;

/// The variable that asks for a log where `--log` does not.
pub(crate) const VARIABLE: &str = "VACATUR_LOG";

/// Starts the log, if one is asked for. Returns whether one was.
pub(crate) fn start(asked: Option<LogLevel>, format: LogFormat) -> Result<bool, Failure> {
    let level = match asked {
        Some(level) => level,
        None => from_environment()?,
    };
    let Some(level) = filter(level) else { return Ok(false) };
    let log = tracing_subscriber::fmt().with_max_level(level).with_writer(|| Lines).with_ansi(false);
    // It is set once, before anything else is done.
    let _ = match format {
        LogFormat::Text => tracing::subscriber::set_global_default(log.finish()),
        LogFormat::Json => tracing::subscriber::set_global_default(log.json().flatten_event(true).finish()),
    };
    Ok(true)
}

fn from_environment() -> Result<LogLevel, Failure> {
    match std::env::var(VARIABLE) {
        Ok(word) if word.is_empty() => Ok(LogLevel::Off),
        Ok(word) => LogLevel::from_str(&word, true).map_err(|_| {
            Failure::said(format_args!(
                "the variable {VARIABLE} holds no level: write off, error, warn, info, debug or trace"
            ))
        }),
        Err(_) => Ok(LogLevel::Off),
    }
}

fn filter(level: LogLevel) -> Option<LevelFilter> {
    match level {
        LogLevel::Off => None,
        LogLevel::Error => Some(LevelFilter::ERROR),
        LogLevel::Warn => Some(LevelFilter::WARN),
        LogLevel::Info => Some(LevelFilter::INFO),
        LogLevel::Debug => Some(LevelFilter::DEBUG),
        LogLevel::Trace => Some(LevelFilter::TRACE),
    }
}

/// Standard error, of which nobody need be reading: a log that cannot be written is lost, and the run goes on.
struct Lines;

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        screen::complain(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
