//! What one borough's systems export: the SSDA903 files, its own extract, and its vacancies, searches and quality files.

mod demand;
mod quality;
mod ssda903;
mod supply;

use std::io;
use std::path::{Path, PathBuf};

use crate::child::{self, Child};
use crate::home::Home;
use crate::part::Part;
use crate::region::{Member, NIGHT};

/// The files of one borough, by name.
#[derive(Debug)]
pub struct Files {
    files: Vec<(&'static str, Vec<u8>)>,
}

impl Files {
    /// Each file's name and bytes.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &[u8])> {
        self.files.iter().map(|(name, bytes)| (*name, bytes.as_slice()))
    }

    /// Writes the files into `folder`, which is made if need be; their paths.
    pub fn write(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        std::fs::create_dir_all(folder)?;
        let write = |(name, bytes): &(&'static str, Vec<u8>)| {
            let path = folder.join(name);
            std::fs::write(&path, bytes).map(|()| path)
        };
        self.files.iter().map(write).collect()
    }
}

/// One borough and everything drawn for it.
pub(crate) struct Borough<'a> {
    pub(crate) member: &'a Member,
    pub(crate) homes: Vec<&'a Home>,
    pub(crate) children: Vec<Child>,
}

impl Borough<'_> {
    /// Children living in each home tonight, by its setting reference.
    pub(crate) fn living_in(&self, setting: &str) -> i32 {
        let here = self
            .children
            .iter()
            .filter(|child| child.stays.last().is_some_and(|stay| stay.end.is_none() && stay.setting == setting));
        i32::try_from(here.count()).unwrap_or(i32::MAX)
    }
}

pub(crate) fn export(seed: u64, member: &Member, homes: &[Home]) -> Files {
    let mut part = Part::of(seed, member.code);
    let own: Vec<&Home> = homes.iter().filter(|home| home.teller == member.code).collect();
    let children = (0..member.children).map(|number| child::draw(&mut part, member, &own, number)).collect();
    let borough = Borough { member, homes: own, children };
    let mut searches = Part::of(seed, &format!("{} searches", member.code));
    let mut vacancies = Part::of(seed, &format!("{} vacancies", member.code));
    let mut quality = Part::of(seed, &format!("{} quality", member.code));
    Files {
        files: vec![
            ("header.csv", ssda903::header(&borough)),
            ("episodes.csv", ssda903::episodes(&borough)),
            ("uasc.csv", ssda903::uasc(&borough)),
            ("extract.csv", ssda903::extract(&borough)),
            ("postcodes.csv", ssda903::postcodes(&borough)),
            ("vacancies.csv", supply::vacancies(&mut vacancies, &borough)),
            ("searches.csv", demand::searches(&mut searches, &borough)),
            ("quality.csv", quality::quality(&mut quality, &borough)),
        ],
    }
}

/// `days` before the night.
pub(crate) fn ago(days: i32) -> jiff::civil::Date {
    use jiff::ToSpan;
    NIGHT.checked_sub(days.days()).unwrap_or(NIGHT)
}
