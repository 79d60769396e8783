//! The bytes of feeds that are on their way, each in a file of its own.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Makes the folder, for its owner alone.
pub(super) fn make(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Writes a feed's bytes: there whole, or not there.
pub(super) fn write(folder: &Path, key: &str, body: &[u8]) -> std::io::Result<()> {
    replace(&path(folder, key), body)
}

/// Puts a file in the place of what was there, whole or not at all.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let beside = path.with_extension("new");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&beside, path)?;
    // A name is as lasting as its folder. Windows has no such thing to ask for.
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        std::fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// Reads them back.
pub(super) fn read(folder: &Path, key: &str) -> std::io::Result<Vec<u8>> {
    std::fs::read(path(folder, key))
}

/// Lets them go.
pub(super) fn remove(folder: &Path, key: &str) -> std::io::Result<()> {
    match std::fs::remove_file(path(folder, key)) {
        Err(fault) if fault.kind() != std::io::ErrorKind::NotFound => Err(fault),
        _ => Ok(()),
    }
}

/// A key is letters, digits, `-` and `_` by how it is made; whatever else a journal may say, no other file is meant.
fn path(folder: &Path, key: &str) -> PathBuf {
    let plain: String =
        key.chars().filter(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_')).collect();
    folder.join(format!("{plain}.csv.zst"))
}
