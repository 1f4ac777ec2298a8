//! How far an interrupted packet came: the typeset files that need not be made again.

use crate::error::PacketError;
use crate::folder::{Folder, PROGRESS, Written, sha256_of_file};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::Write;
use std::sync::{Mutex, PoisonError};

/// A line of the file: what a typeset file was made of, and what came of it.
#[derive(Serialize, Deserialize)]
struct Line {
    made_of: String,
    file: Written,
}

/// What is done, and where more of it is noted.
pub(crate) struct Done {
    known: BTreeMap<String, Line>,
    file: Mutex<std::fs::File>,
}

impl Done {
    /// Reads what an interrupted packet noted, if it was made with the same settings.
    ///
    /// # Errors
    /// An unfinished packet of something else.
    pub(crate) fn open(folder: &Folder, resumed: bool, settings: &str) -> Result<Self, PacketError> {
        let path = folder.path().join(PROGRESS);
        let mut known = BTreeMap::new();
        let mut begun = false;
        if resumed {
            let text = std::fs::read_to_string(&path).map_err(PacketError::read(&path))?;
            let mut lines = text.lines();
            begun = lines.next().is_some();
            if begun && text.lines().next() != Some(settings) {
                return Err(PacketError::Other { path: folder.path().to_owned() });
            }
            // A line that was cut off says nothing; its file is made again.
            for line in lines.filter_map(|line| serde_json::from_str::<Line>(line).ok()) {
                known.insert(line.file.name.clone(), line);
            }
        }
        let mut file = OpenOptions::new().append(true).open(&path).map_err(PacketError::write(&path))?;
        // A file system without locks loses the warning about a second program, nothing else.
        if matches!(file.try_lock(), Err(std::fs::TryLockError::WouldBlock)) {
            return Err(PacketError::Busy { path: folder.path().to_owned() });
        }
        if begun {
            // What follows must not hang on to a line that was cut off.
            file.write_all(b"\n").map_err(PacketError::write(&path))?;
        } else {
            file.write_all(format!("{settings}\n").as_bytes()).map_err(PacketError::write(&path))?;
        }
        Ok(Self { known, file: Mutex::new(file) })
    }

    /// The file, as it was made before of the same data, or made now.
    ///
    /// # Errors
    /// What making it says; a file that cannot be written.
    pub(crate) fn or_make(
        &self,
        folder: &Folder,
        name: &str,
        data: &impl Serialize,
        make: impl FnOnce() -> Result<Vec<u8>, PacketError>,
    ) -> Result<Written, PacketError> {
        let text = serde_json::to_vec(data).map_err(PacketError::read(folder.path()))?;
        let made_of = blake3::hash(&text).to_hex().to_string();
        if let Some(line) = self.known.get(name)
            && line.made_of == made_of
            && let Ok((bytes, sha256)) = sha256_of_file(&folder.path().join(name))
            && (bytes, &sha256) == (line.file.bytes, &line.file.sha256)
        {
            return Ok(line.file.clone());
        }
        let file = folder.write(name, &make()?)?;
        let line = Line { made_of, file };
        let mut text = serde_json::to_string(&line).map_err(PacketError::read(folder.path()))?;
        text.push('\n');
        let mut progress = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        progress.write_all(text.as_bytes()).map_err(PacketError::write(folder.path()))?;
        Ok(line.file)
    }
}
