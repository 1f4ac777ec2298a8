//! What an interrupted packet left and this one does not name goes away, so that nothing stale is ever filed.

use crate::account::Account;
use crate::error::PacketError;
use crate::folder::{Folder, PROGRESS};
use rustc_hash::FxHashSet;
use std::path::Path;

/// Removes every file of the folder that the account does not list.
pub(crate) fn sweep(folder: &Folder, account: &Account) -> Result<(), PacketError> {
    let failed = PacketError::read(folder.path());
    let mut named: FxHashSet<String> = account
        .groups
        .iter()
        .flat_map(|group| &group.files)
        .chain(&account.files)
        .map(|file| file.name.clone())
        .collect();
    named.insert(PROGRESS.to_owned());
    let papers = folder.path().join(crate::single::FILES);
    let mut reader = csv::Reader::from_path(&papers).map_err(PacketError::read(&papers))?;
    for record in reader.records() {
        let record = record.map_err(PacketError::read(&papers))?;
        named.insert(vacatur_pipeline::plain_cell(record.get(0).unwrap_or_default()).to_owned());
    }
    below(folder.path(), "", &named).map_err(failed)
}

/// Whether anything is left in a folder is asked of the file system: an empty one cannot hold a paper.
fn below(folder: &Path, name: &str, named: &FxHashSet<String>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let own = entry.file_name().to_string_lossy().into_owned();
        let inner = if name.is_empty() { own } else { format!("{name}/{own}") };
        if entry.file_type()?.is_dir() {
            below(&entry.path(), &inner, named)?;
            // It fails where something is left, as it should.
            let _ = std::fs::remove_dir(entry.path());
        } else if !named.contains(&inner) {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}
