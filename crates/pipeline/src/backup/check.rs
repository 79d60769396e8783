//! Whether a backup is whole.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use aws_lc_rs::digest::{Context, SHA256, digest};

use super::{BackupRefusal, FORM, MANIFEST, Manifest, SUMS};
use crate::receive::hex;

/// Reads a backup's manifest and every file of it: each is there, whole, and what was written. Looks at no database.
pub fn check(folder: &Path) -> Result<Manifest, BackupRefusal> {
    let manifest = manifest(folder)?;
    for table in &manifest.tables {
        let path = folder.join(table.path());
        let (bytes, sha256) = sum(&path).map_err(|error| {
            if error.kind() == io::ErrorKind::NotFound {
                damaged(&table.path(), "is missing")
            } else {
                BackupRefusal::reading(&path, error)
            }
        })?;
        if bytes != table.bytes {
            return Err(damaged(&table.path(), &format!("has {bytes} bytes and not {}", table.bytes)));
        }
        if sha256 != table.sha256 {
            return Err(damaged(&table.path(), "is not what was written: its SHA-256 is another"));
        }
    }
    Ok(manifest)
}

/// The manifest, once it is certain that it is the one that was written.
fn manifest(folder: &Path) -> Result<Manifest, BackupRefusal> {
    let path = folder.join(MANIFEST);
    let text = std::fs::read(&path).map_err(|error| {
        if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) {
            BackupRefusal::NoManifest(folder.to_owned())
        } else {
            BackupRefusal::reading(&path, error)
        }
    })?;
    let sums = std::fs::read_to_string(folder.join(SUMS)).map_err(|_| damaged(SUMS, "is missing, or is no text"))?;
    let own = format!("{}  {MANIFEST}", hex(digest(&SHA256, &text).as_ref()));
    if !sums.lines().any(|line| line == own) {
        return Err(damaged(MANIFEST, &format!("is not what was written: {SUMS} names another SHA-256")));
    }
    let form: Form = serde_json::from_slice(&text).map_err(|_| damaged(MANIFEST, "is no manifest"))?;
    if form.form != FORM {
        return Err(BackupRefusal::Form(form.form));
    }
    serde_json::from_slice(&text).map_err(|_| damaged(MANIFEST, "is no manifest"))
}

/// What every manifest has, of whatever form.
#[derive(serde::Deserialize)]
struct Form {
    form: u32,
}

fn sum(path: &Path) -> io::Result<(u64, String)> {
    let (mut file, mut context, mut bytes) = (File::open(path)?, Context::new(&SHA256), 0);
    let mut piece = vec![0; 1 << 16];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok((bytes, hex(context.finish().as_ref()))),
            count => {
                context.update(piece.get(..count).unwrap_or_default());
                bytes += count as u64;
            }
        }
    }
}

pub(super) fn damaged(file: &str, why: &str) -> BackupRefusal {
    BackupRefusal::Damaged { file: file.to_owned(), why: why.to_owned() }
}
