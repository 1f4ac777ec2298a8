//! A ZIP file for each court, in place of its folder.

use crate::account::Account;
use crate::error::PacketError;
use crate::folder::{Folder, Written};
use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::path::Path;
use zip::write::SimpleFileOptions;

/// Packs every court's folder and removes it.
pub(crate) fn courts(folder: &Folder, account: &mut Account) -> Result<(), PacketError> {
    let courts: BTreeSet<String> =
        account.groups.iter().filter_map(|group| group.folder.split('/').next()).map(str::to_owned).collect();
    for court in courts {
        let inside = folder.path().join(&court);
        let mut names = Vec::new();
        list(&inside, &court, &mut names).map_err(PacketError::read(&inside))?;
        names.sort();
        account.files.push(pack(folder, &court, &names)?);
        std::fs::remove_dir_all(&inside).map_err(PacketError::write(&inside))?;
    }
    Ok(())
}

fn pack(folder: &Folder, court: &str, names: &[String]) -> Result<Written, PacketError> {
    let name = format!("{court}.zip");
    let path = folder.path().join(&name);
    let failed = |error: io::Error| PacketError::write(&path)(error);
    // An archive is written with places to return to, so it is hashed when it is finished.
    let part = folder.path().join(format!(".{name}.partial"));
    let mut zip = zip::ZipWriter::new(crate::folder::private_file(&part).map_err(failed)?);
    // The day that the format begins with: the bytes do not hang on the clock.
    let options = SimpleFileOptions::default()
        .last_modified_time(zip::DateTime::default())
        .unix_permissions(0o600)
        .large_file(false);
    for inner in names {
        let source = folder.path().join(inner);
        let mut file = File::open(&source).map_err(PacketError::read(&source))?;
        let large = file.metadata().map(|about| about.len() > u64::from(u32::MAX)).unwrap_or(false);
        zip.start_file(inner, options.large_file(large)).map_err(|error| failed(error.into()))?;
        io::copy(&mut file, &mut zip).map_err(failed)?;
    }
    let file = zip.finish().map_err(|error| failed(error.into()))?;
    file.sync_all().map_err(failed)?;
    drop(file);
    std::fs::rename(&part, &path).map_err(failed)?;
    let (bytes, sha256) = crate::folder::sha256_of_file(&path).map_err(failed)?;
    Ok(Written { name, bytes, sha256 })
}

fn list(folder: &Path, name: &str, into: &mut Vec<String>) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let inner = format!("{name}/{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            list(&entry.path(), &inner, into)?;
        } else {
            into.push(inner);
        }
    }
    Ok(())
}
