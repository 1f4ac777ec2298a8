//! Standard output, and standard error.

use crate::failure::Failure;
use std::io::{self, Write};

/// Writes text to standard output. A reader who has gone away ends the command without an error.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(Failure::NobodyReads),
        Err(error) => Err(Failure::said(format_args!("writing to standard output failed: {error}"))),
    }
}

/// Writes to standard error, whole lines at once. Nobody need be reading it: what cannot be written is lost, where the
/// macro of the standard library would panic.
pub(crate) fn complain(text: &[u8]) {
    let _ = io::stderr().lock().write_all(text);
}
