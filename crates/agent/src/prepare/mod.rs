//! From the borough's files to feeds, each judged by its contract and ready to send.

mod feed;
mod sort;

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use hub_domain::{AuthorityCode, Dataset, Date, Mode};
use serde::Serialize;

use crate::check::CheckError;
use crate::finding::Finding;
use crate::mapping::{Mapping, With};
use crate::postcode::{Directory, DirectoryError, Postcode};
use crate::pseudonym::PseudonymKey;
use crate::returned::{self, Returned};
use crate::source::{FileKind, Input};

pub use feed::Prepared;

/// What a preparation is told.
#[derive(Debug, Clone)]
pub struct Options {
    /// Whose feeds they are.
    pub authority: AuthorityCode,
    /// The day the files describe.
    pub as_at: Date,
    /// How much they cover.
    pub mode: Mode,
    /// From when a `window` covers.
    pub covers_from: Option<Date>,
    /// The borough's pseudonym key.
    pub key: PseudonymKey,
    /// A postcode directory of ONS or Ordnance Survey, or a folder of its files.
    pub postcodes: Option<PathBuf>,
    /// Mappings of the borough's own tables.
    pub mappings: Vec<Mapping>,
}

/// The preparation could not be done; no fault of the files'.
#[derive(Debug, thiserror::Error)]
pub enum PrepareError {
    /// The postcode directory cannot be used.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    /// The postcode directory cannot be opened.
    #[error("the postcode directory {} cannot be opened", path.display())]
    Open {
        /// Where it was looked for.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A feed could not be written to memory.
    #[error("a feed cannot be written")]
    Write(#[from] csv::Error),
    /// A feed could not be judged.
    #[error(transparent)]
    Check(#[from] CheckError),
}

/// A file, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileNote {
    /// Its name as given.
    pub name: String,
    /// What its headings say it is.
    pub kind: FileKind,
    /// Rows with something in them.
    pub rows: u64,
    /// True when a feed is made from it.
    pub is_used: bool,
}

/// Everything made from the files given.
#[derive(Debug)]
pub struct Preparation {
    /// The files.
    pub files: Vec<FileNote>,
    /// What is wrong about the files as files.
    pub findings: Vec<Finding>,
    /// The feeds, in the order of [`Dataset::ALL`].
    pub feeds: Vec<Prepared>,
    /// What DfE's rules say of the return itself, where one was given.
    pub returned: Option<Returned>,
}

impl FileNote {
    /// Why a file that was recognised is not used.
    pub const fn why(&self) -> &'static str {
        match self.kind {
            FileKind::Other903(_) => "read for the rules; nothing of it is sent",
            FileKind::Unknown => "its headings are those of no file the agent knows",
            FileKind::Header | FileKind::Uasc | FileKind::Extract => "not used without an episodes file",
            FileKind::Episodes | FileKind::Feed(_) => "",
        }
    }
}

impl Preparation {
    /// True when any feed would be turned away, or any row left out, or a file cannot be used.
    pub fn has_errors(&self) -> bool {
        let is_error = |finding: &Finding| finding.severity == crate::finding::Severity::Error;
        self.findings.iter().any(is_error) || self.feeds.iter().any(Prepared::has_errors)
    }

    /// The feed of a dataset.
    pub fn feed(&self, dataset: Dataset) -> Option<&Prepared> {
        self.feeds.iter().find(|feed| feed.dataset == dataset)
    }
}

/// Recognises the files, joins, degrades and pseudonymises them, and judges each feed.
///
/// Nothing leaves the machine. Whatever is wrong about a file or a row is a finding; an error means
/// the work itself could not be done.
pub fn prepare(inputs: &[Input], options: &Options) -> Result<Preparation, PrepareError> {
    let mut sorted = sort::sort(inputs, &options.mappings);
    let directory = match &options.postcodes {
        Some(path) => Some(open(path, &sorted.postcodes(&options.mappings))?),
        None => None,
    };
    sorted.map(&options.mappings, With { directory: directory.as_ref(), key: &options.key });
    let feeds = feed::make(&mut sorted, options, directory.as_ref())?;
    let leavers = sorted.feeds.iter().find(|(dataset, _)| *dataset == Dataset::CareLeavers);
    let told = sorted.findings.iter().chain(feeds.iter().flat_map(|feed| &feed.findings));
    let leavers = leavers.map_or(&[][..], |(_, sheets)| sheets);
    let returned = returned::check(&sorted.return903, leavers, options.as_at, told);
    Ok(Preparation { files: sorted.notes, findings: sorted.findings, feeds, returned })
}

fn open(path: &Path, wanted: &HashSet<Postcode>) -> Result<Directory, PrepareError> {
    Directory::open(path, wanted).map_err(|error| {
        if let DirectoryError::Open(source) = error {
            return PrepareError::Open { path: path.to_owned(), source };
        }
        PrepareError::Directory(error)
    })
}
