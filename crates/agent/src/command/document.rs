//! A preparation as one JSON document, written as it is made: the findings of a whole return are many.

use hub_contract::{NotRun, Refusal, RowCounts};
use hub_domain::Dataset;
use serde::Serialize;
use serde_json::Value;

use super::cost::Cost;
use super::{Screen, Stop};
use crate::finding::Finding;
use crate::prepare::{FileNote, Preparation, Prepared};
use crate::report::Group;
use crate::returned::Returned;

/// The document.
#[derive(Serialize)]
pub(super) struct Document<'d> {
    files: &'d [FileNote],
    findings: &'d [Finding],
    feeds: Vec<Feed<'d>>,
    /// What DfE's rules say of the return itself.
    #[serde(rename = "return")]
    returned: Option<OfReturn>,
    /// What the run cost, where that was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cost: Option<Cost>,
    /// Where it was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) hub: Option<String>,
    /// What became of each feed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sent: Option<Vec<Value>>,
}

#[derive(Serialize)]
struct Feed<'d> {
    dataset: Dataset,
    files: &'d [String],
    children: u64,
    rows: &'d RowCounts,
    contract_version: &'d str,
    refusal: Option<&'d Refusal>,
    would_be_rejected: bool,
    rules: Vec<Group>,
    findings: &'d [Finding],
}

#[derive(Serialize)]
struct OfReturn {
    year: String,
    ran: usize,
    not_run: Vec<Unasked>,
    findings: usize,
    rules: Vec<Group>,
}

#[derive(Serialize)]
struct Unasked {
    rule: String,
    why: String,
}

impl<'d> Document<'d> {
    /// Of a preparation.
    pub(super) fn of(preparation: &'d Preparation) -> Self {
        let feeds = preparation.feeds.iter().map(Feed::of).collect();
        let Preparation { files, findings, .. } = preparation;
        let returned = preparation.returned.as_ref().map(OfReturn::of);
        Self { files, findings, feeds, returned, cost: None, hub: None, sent: None }
    }

    /// Writes it.
    pub(super) fn print(&self, screen: &mut Screen<'_>) -> Result<(), Stop> {
        let mut out = std::io::BufWriter::new(&mut *screen.out);
        serde_json::to_writer_pretty(&mut out, self).map_err(std::io::Error::from)?;
        std::io::Write::write_all(&mut out, b"\n")?;
        std::io::Write::flush(&mut out)?;
        Ok(())
    }
}

impl OfReturn {
    fn of(returned: &Returned) -> Self {
        let unasked = |not: &NotRun| Unasked { rule: format!("903-{}", not.rule.id), why: not.to_string() };
        Self {
            year: returned.year.clone(),
            ran: returned.ran().len(),
            not_run: returned.not_run().iter().map(unasked).collect(),
            findings: returned.count(),
            rules: returned.groups(),
        }
    }
}

impl<'d> Feed<'d> {
    fn of(feed: &'d Prepared) -> Self {
        Self {
            dataset: feed.dataset,
            files: &feed.files,
            children: feed.children,
            rows: &feed.report.rows,
            contract_version: &feed.report.contract_version,
            refusal: feed.report.refusal.as_ref(),
            would_be_rejected: feed.would_be_rejected(),
            rules: feed.groups(),
            findings: &feed.findings,
        }
    }
}
