//! The borough's files as they come: any encoding, any line end, headings in any order and case.
//!
//! Tolerance lives here and nowhere else; what leaves this module is text cells with line numbers.

mod kind;
mod sheet;
mod text;
mod value;

use std::fmt;

pub use kind::FileKind;
pub(crate) use kind::recognise;
pub(crate) use sheet::{Record, Sheet, canonical, show_headings};
pub(crate) use value::{Reading, boolean, date, timestamp};

/// A file as the borough handed it over.
#[derive(Clone, PartialEq, Eq)]
pub struct Input {
    /// Name to use in the report.
    pub name: String,
    /// Its bytes, untouched.
    pub bytes: Vec<u8>,
}

impl Input {
    /// Reads a file; the report will call it by its file name alone.
    pub fn read(path: &std::path::Path) -> std::io::Result<Self> {
        let bytes = std::fs::read(path)?;
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        Ok(Self { name, bytes })
    }
}

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Input").field("name", &self.name).field("bytes", &self.bytes.len()).finish()
    }
}
