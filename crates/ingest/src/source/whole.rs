//! Small files, read whole: policy documents, options, evidence.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// The bytes of a file that has at most `limit` of them. A device or a pipe that never ends is read that far and no
/// further.
///
/// # Errors
/// Whatever the operating system says, and [`io::ErrorKind::FileTooLarge`] for a file that has more. The text holds
/// nothing of the file.
pub fn read_whole(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let file = File::open(path)?;
    let about = file.metadata()?;
    let too_large = || {
        let what = format!("the file has more than {limit} bytes; check that the right file was named");
        io::Error::new(io::ErrorKind::FileTooLarge, what)
    };
    if about.is_file() && about.len() > limit {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit { Err(too_large()) } else { Ok(bytes) }
}
