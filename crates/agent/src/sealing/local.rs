//! Small JSON files beside the settings file: replaced whole, readable by their owner alone.

use std::io::{Error, ErrorKind, Write as _};
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

/// What the file holds; the default when there is none.
pub(super) fn read<T: DeserializeOwned + Default>(path: &Path) -> Result<T, Error> {
    match std::fs::read(path) {
        Ok(bytes) => serde_json::from_slice(&bytes).map_err(Error::from),
        Err(fault) if fault.kind() == ErrorKind::NotFound => Ok(T::default()),
        Err(fault) => Err(fault),
    }
}

/// Puts a file in the place of what was there, whole or not at all.
pub(super) fn write<T: Serialize>(path: &Path, value: &T) -> Result<(), Error> {
    let beside = path.with_extension("json.new");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside)?;
    serde_json::to_writer_pretty(&mut file, value).map_err(Error::from)?;
    file.write_all(b"\n")?;
    file.sync_all()?;
    std::fs::rename(&beside, path)
}
