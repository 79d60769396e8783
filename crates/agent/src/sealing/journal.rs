//! Which details file each notice was sealed from, so that it can be sealed again when its host has another key. Paths
//! alone: nothing of what the files hold is copied anywhere.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::local;

/// Name of the journal, beside the settings file.
const FILE: &str = "sealed-journal.json";

/// The details files, by notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Journal {
    path: PathBuf,
    notices: BTreeMap<Uuid, Files>,
}

/// Where the details of one notice were read from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Files {
    /// The details file.
    pub details: PathBuf,
    /// The file of the sealed part, when it is another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sealed: Option<PathBuf>,
}

/// The journal cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the journal {} cannot be used", path.display())]
pub struct JournalError {
    path: PathBuf,
    source: std::io::Error,
}

impl Journal {
    /// Reads the journal of a settings folder; there may be none yet.
    pub fn read(folder: &Path) -> Result<Self, JournalError> {
        let path = folder.join(FILE);
        match local::read(&path) {
            Ok(notices) => Ok(Self { path, notices }),
            Err(source) => Err(JournalError { path, source }),
        }
    }

    /// Where the details of a notice were read from, if that was on this machine.
    pub fn files(&self, notice: Uuid) -> Option<&Files> {
        self.notices.get(&notice)
    }

    /// Remembers where the details of a notice were read from.
    pub fn remember(&mut self, notice: Uuid, files: Files) -> Result<(), JournalError> {
        self.notices.insert(notice, files);
        local::write(&self.path, &self.notices).map_err(|source| JournalError { path: self.path.clone(), source })
    }
}
