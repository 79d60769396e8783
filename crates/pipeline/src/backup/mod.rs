//! Backup and restore: every table of the hub as a file that anybody can read, with a manifest that says what each must be.
//!
//! A backup is a folder: `manifest.json`, `SHA256SUMS` (which `sha256sum -c` reads), and a file for each table, a JSON array
//! a line, compressed with zstd. It is taken from one moment of the database while that goes on being written, and is the same
//! for SQLite and PostgreSQL: what one gave, the other takes (decision 0033). A restore is one transaction: all of it, read back
//! and found to be what the manifest says, or nothing.

mod check;
mod line;
mod restore;
mod take;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use hub_domain::{AuthorityCode, Timestamp};
use hub_store::StoreError;
use hub_store::tables::Column;
use serde::{Deserialize, Serialize};

use crate::Fault;
use crate::audit::Head;

pub use check::check;
pub use restore::{Restored, restore};
pub use take::{folder_of, prune, take};

/// The form of backups that this program writes and reads.
pub const FORM: u32 = 1;
/// The manifest's name in its folder.
pub const MANIFEST: &str = "manifest.json";
/// The name of the list of digests.
pub const SUMS: &str = "SHA256SUMS";

/// What a backup holds.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Manifest {
    /// The form of the folder: [`FORM`].
    pub form: u32,
    /// The version of the program that made it.
    pub program: String,
    /// When it was begun: the moment of the database that it shows.
    pub made_at: Timestamp,
    /// `sqlite` or `postgres`.
    pub database: String,
    /// The level of the schema.
    pub schema: i64,
    /// The last number given out in each authority: what was acknowledged under a later one is not in here.
    pub sequences: BTreeMap<AuthorityCode, i64>,
    /// Where each authority's audit chain had come to.
    pub audit: BTreeMap<AuthorityCode, Head>,
    /// The consortium's last release: its number and digest.
    pub release: Option<LastRelease>,
    /// Its tables, in order of name.
    pub tables: Vec<TableFile>,
}

/// A release, by which somebody can tell that a restored hub serves what it did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastRelease {
    /// Its number.
    pub number: i64,
    /// Digest of all its tables.
    pub digest: String,
}

/// A table's file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableFile {
    /// The table's name; the file's is this with `.ndjson.zst`, in the folder `tables`.
    pub name: String,
    /// Its columns, in the order of each line. Bytes are in base64.
    pub columns: Vec<Column>,
    /// Rows.
    pub rows: u64,
    /// Bytes of the file.
    pub bytes: u64,
    /// SHA-256 of the file, hexadecimal.
    pub sha256: String,
    /// The sum, modulo 2^256, of the SHA-256 of each line: what the rows are, in whatever order. Hexadecimal.
    pub content: String,
}

impl TableFile {
    /// Where it is in the backup.
    fn path(&self) -> String {
        path_of(&self.name)
    }
}

fn path_of(table: &str) -> String {
    format!("tables/{table}.ndjson.zst")
}

impl Manifest {
    /// Rows of all tables.
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|table| table.rows).sum()
    }

    /// Bytes of all files.
    pub fn bytes(&self) -> u64 {
        self.tables.iter().map(|table| table.bytes).sum()
    }
}

/// Why a backup is not made, or not taken.
#[derive(Debug, thiserror::Error)]
pub enum BackupRefusal {
    /// A file of the backup cannot be made or read.
    #[error("{path} cannot be {verb}")]
    File {
        /// Which.
        path: PathBuf,
        /// Made, or read.
        verb: &'static str,
        /// Why not.
        source: io::Error,
    },
    /// There is something of that name already.
    #[error("{0} is there already: a backup is never written over another")]
    There(PathBuf),
    /// The folder has no manifest: it is no backup, or one that was cut short while it was made.
    #[error("{0} holds no manifest: it is no backup of a hub, or was cut short while it was made")]
    NoManifest(PathBuf),
    /// The manifest is of a form that this program does not know.
    #[error("the backup is of form {0}, which this program does not read: install the version that made it")]
    Form(u32),
    /// A file is not what was written.
    #[error(
        "the backup is damaged: {file} {why}. Nothing was restored; take another backup, or another copy of this one"
    )]
    Damaged {
        /// Which file.
        file: String,
        /// What is wrong with it.
        why: String,
    },
    /// It was made by an older program.
    #[error(
        "the backup's schema is at level {made} and this program's at {own}: restore it with version {program}, which made \
         it, and then run `hub migrate` of this one"
    )]
    Older {
        /// The backup's level.
        made: i64,
        /// The program's own.
        own: i64,
        /// The version that made it.
        program: String,
    },
    /// It was made by a newer program.
    #[error(
        "the backup's schema is at level {made}, which this program does not know (its own is {own}): install version {program} \
         or later"
    )]
    Newer {
        /// The backup's level.
        made: i64,
        /// The program's own.
        own: i64,
        /// The version that made it.
        program: String,
    },
    /// The database to restore into is not empty.
    #[error("the database is not empty ({0} has rows): name an empty one, for what is there would be lost or mixed")]
    NotEmpty(String),
    /// The database's tables are not those of the backup.
    #[error("the database's tables are not the backup's ({0}): name an empty database that nothing else uses")]
    OtherTables(String),
    /// What was written does not read back as what the backup holds.
    #[error("{0} does not read back as the backup holds it: nothing was restored")]
    Differs(String),
    /// The audit chain in the backup is broken.
    #[error("the audit chain of {authority} is broken at entry {n} ({why}): nothing was restored")]
    Chain {
        /// Whose.
        authority: AuthorityCode,
        /// Where.
        n: i64,
        /// How.
        why: &'static str,
    },
    /// The hub or its database failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<StoreError> for BackupRefusal {
    fn from(error: StoreError) -> Self {
        Self::Fault(error.into())
    }
}

impl BackupRefusal {
    fn reading(path: &Path, source: io::Error) -> Self {
        Self::File { path: path.to_owned(), verb: "read", source }
    }

    fn making(path: &Path, source: io::Error) -> Self {
        Self::File { path: path.to_owned(), verb: "made", source }
    }
}
