//! One feed: made, judged, and explained.

use std::fmt;

use hub_contract::{Format, Report, contract};
use hub_domain::{Dataset, Mode};

use super::sort::Sorted;
use super::{Options, PrepareError};
use crate::check::{self, errors_by_row, merge};
use crate::finding::{Finding, Place, Severity};
use crate::postcode::Directory;
use crate::report::{Group, group};
use crate::return903::{self, Converted, Setup};
use crate::source::Sheet;
use crate::trace::RowMap;

/// A feed ready to send, with what the hub will say of it.
pub struct Prepared {
    /// Which dataset.
    pub dataset: Dataset,
    /// The feed: CSV in the contract's shape. This, and nothing else, leaves the borough.
    pub csv: Vec<u8>,
    /// The hub's own verdict on it, row by row of the feed.
    pub report: Report,
    /// The same and the agent's findings, by file and line of what the borough gave.
    pub findings: Vec<Finding>,
    /// Which line each row was made from.
    pub rows: RowMap,
    /// Names of the files it was made from.
    pub files: Vec<String>,
    /// Children it is about; 0 where the dataset is not about children.
    pub children: u64,
}

impl Prepared {
    /// True when the hub would turn it away, or leave a row out.
    pub fn has_errors(&self) -> bool {
        self.report.has_errors() || self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }

    /// True when the hub would turn it away at the door: over-collection, wrong headings.
    pub const fn is_refused(&self) -> bool {
        self.report.refusal.is_some()
    }

    /// True when so many rows have errors that the hub would reject the whole.
    pub fn would_be_rejected(&self) -> bool {
        self.report.rejected_share() > contract(self.dataset).reject_share
    }

    /// Where the refusal points, in the borough's own files.
    pub(crate) fn refused_at(&self) -> Option<Place> {
        let refusal = self.report.refusal.as_ref()?;
        let at = usize::try_from(refusal.row?.checked_sub(1)?).ok()?;
        Some(self.rows.place(at, refusal.column.as_deref()))
    }

    /// The findings by rule and column, most severe first.
    pub fn groups(&self) -> Vec<Group> {
        group(&self.findings, &errors_by_row(&self.report, &self.rows))
    }
}

impl fmt::Debug for Prepared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Prepared({}, {:?}, {} findings)", self.dataset, self.report.rows, self.findings.len())
    }
}

/// Makes every feed that the files allow.
pub(super) fn make(
    sorted: &mut Sorted,
    options: &Options,
    directory: Option<&Directory>,
) -> Result<Vec<Prepared>, PrepareError> {
    let mut feeds = Vec::new();
    for dataset in Dataset::ALL {
        let has_return = dataset == Dataset::Placements && !sorted.return903.episodes.is_empty();
        if has_return {
            feeds.push(from_return(sorted, options, directory)?);
        }
        let given = sorted.feeds.iter().find(|(known, _)| *known == dataset);
        if has_return {
            if let Some((_, sheets)) = given {
                sorted.findings.extend(sheets.iter().map(set_aside));
            }
        } else if let Some((_, sheets)) = given {
            feeds.push(from_feed(dataset, sheets, options)?);
        }
    }
    Ok(feeds)
}

fn from_return(sorted: &Sorted, options: &Options, directory: Option<&Directory>) -> Result<Prepared, PrepareError> {
    let leavers = sorted.feeds.iter().find(|(dataset, _)| *dataset == Dataset::CareLeavers);
    let setup = Setup {
        authority: options.authority,
        as_at: options.as_at,
        key: &options.key,
        directory,
        leavers: leavers.map_or(&[], |(_, sheets)| sheets.as_slice()),
    };
    let mut findings = Vec::new();
    let files = &sorted.return903;
    let converted = return903::convert(files, setup, &mut findings)?;
    let sheets = files.headers.iter().chain(&files.episodes).chain(&files.uasc).chain(&files.extracts);
    judge(Dataset::Placements, converted, names(sheets), findings, options)
}

fn from_feed(dataset: Dataset, sheets: &[Sheet], options: &Options) -> Result<Prepared, PrepareError> {
    let mut findings = Vec::new();
    let owner = crate::feed::Owner { authority: options.authority, as_at: options.as_at, key: &options.key };
    let converted = crate::feed::convert(contract(dataset), sheets, owner, &mut findings)?;
    judge(dataset, converted, names(sheets.iter()), findings, options)
}

fn judge(
    dataset: Dataset,
    converted: Converted,
    files: Vec<String>,
    findings: Vec<Finding>,
    options: &Options,
) -> Result<Prepared, PrepareError> {
    let Converted { csv, rows, children } = converted;
    let settings = hub_contract::Settings {
        authority: options.authority,
        as_at: options.as_at,
        mode: options.mode,
        covers_from: options.covers_from.filter(|_| options.mode == Mode::Window),
        finding_cap: check::EVERY,
    };
    let report = check::check(contract(dataset), &settings, Format::Csv, &csv)?;
    let findings = merge(&report, &rows, findings);
    let children = u64::try_from(children).unwrap_or(u64::MAX);
    Ok(Prepared { dataset, csv, report, findings, rows, files, children })
}

fn names<'s>(sheets: impl Iterator<Item = &'s Sheet>) -> Vec<String> {
    sheets.map(|sheet| sheet.name.to_string()).collect()
}

fn set_aside(sheet: &Sheet) -> Finding {
    let message = "the file is a placements feed, and a 903 return was given too; the return is used and this is not";
    let fix = "Give one or the other.";
    Finding::new("agent-two-placements", Severity::Error, Place::file(&sheet.name), message, fix)
}
