//! Room on the disks, and the file of the key.

use std::path::{Path, PathBuf};

use super::Check;
use crate::settings::sqlite_file;

/// A disk with less than this share free is worth saying.
const TIGHT: u64 = 10;

/// Free room where the database is, if that is a file, and where uploads are spooled.
pub(super) fn disks(url: &str, least_mib: u64) -> Vec<Check> {
    let database = sqlite_file(url).map(|file| folder_of(&file));
    let spool = std::env::temp_dir();
    let mut checks: Vec<Check> = database.iter().filter_map(|folder| disk("disk", folder, least_mib)).collect();
    checks.extend(disk("spool", &spool, least_mib));
    checks
}

fn folder_of(file: &Path) -> PathBuf {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned()
}

/// `None` where the folder is not there, or the system does not say: another check speaks of that.
fn disk(what: &'static str, folder: &Path, least_mib: u64) -> Option<Check> {
    let told = rustix::fs::statvfs(folder).ok()?;
    let (free, all) = (told.f_bavail * told.f_frsize, told.f_blocks * told.f_frsize);
    Some(judge(what, folder, (free, all), least_mib))
}

fn judge(what: &'static str, folder: &Path, (free, all): (u64, u64), least_mib: u64) -> Check {
    let (mib, shown) = (free >> 20, folder.display());
    let says = format!("{mib} MiB are free at {shown}");
    if mib < least_mib {
        let mend =
            "make room now: the hub answers 507 and keeps nothing until there is some (docs/operations/full-disk.md)";
        return Check::bad(what, says, mend);
    }
    if free < all / TIGHT {
        return Check::look(what, format!("{says}, less than a tenth"), "make room, or a larger disk, this week");
    }
    Check::good(what, says)
}

/// The file of the key that seals keys and secrets: there, readable, and its owner's alone.
pub(super) fn key_file(file: Option<&Path>) -> Option<Check> {
    let path = file?;
    let shown = path.display();
    let metadata = match std::fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) => {
            let mend = "put back the copy that was kept apart from the database; without it the hub's keys are lost \
                        (docs/operations/lost-key.md)";
            return Some(Check::bad("key file", format!("{shown} cannot be looked at: {error}"), mend));
        }
    };
    Some(if is_open(&metadata) {
        Check::bad("key file", format!("others on this machine can read {shown}"), format!("run: chmod 600 {shown}"))
    } else {
        Check::good("key file", format!("{shown} is its owner's alone"))
    })
}

#[cfg(unix)]
fn is_open(metadata: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    metadata.permissions().mode() & 0o077 != 0
}

#[cfg(not(unix))]
fn is_open(_: &std::fs::Metadata) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;

    #[test]
    fn a_disk_is_judged_by_what_is_free() {
        let table = [
            ((400_u64 << 20, 1 << 40), State::Bad),
            ((600 << 20, 1 << 40), State::Look),
            ((600 << 20, 5_000 << 20), State::Good),
        ];
        for (room, state) in table {
            assert_eq!(judge("disk", Path::new("/var/lib/hub"), room, 512).state, state, "{room:?}");
        }
    }
}
