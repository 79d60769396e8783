//! Where PostgreSQL's programs are.

use std::path::PathBuf;

/// The folder that has `initdb`: one on `PATH`, or the newest of `/usr/lib/postgresql/*/bin`.
pub(crate) fn folder() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path).find(|folder| folder.join("initdb").is_file());
    // A link on PATH may stand alone: the server's other programs are where it points.
    let on_path = on_path.and_then(|folder| folder.join("initdb").canonicalize().ok()?.parent().map(PathBuf::from));
    on_path.or_else(newest_installed)
}

fn newest_installed() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    versions
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let version: u32 = entry.file_name().to_str()?.parse().ok()?;
            let folder = entry.path().join("bin");
            folder.join("initdb").is_file().then_some((version, folder))
        })
        .max()
        .map(|(_, folder)| folder)
}

/// One of the server's programs, such as `psql`, if it is installed beside `initdb`.
pub fn tool(name: &str) -> Option<PathBuf> {
    folder().map(|folder| folder.join(name)).filter(|program| program.is_file())
}
