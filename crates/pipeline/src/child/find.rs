//! Finding what is held of one child.

use hub_contract::Contract;
use hub_domain::{AuthorityCode, Dataset};
use hub_notices::reconcile::Discrepancy;
use hub_store::notice::{self, NoticeRow};
use hub_store::retention::{self, Kept, Worded};
use hub_store::{Link, StoreError};
use serde_json::value::RawValue;

use crate::Fault;

/// Columns that hold the borough's pseudonym of a child, whatever the dataset calls it.
const NAMES: [&str; 2] = ["child_ref", "person_ref"];

/// Everything held of one child of one authority. No `Debug`.
pub(super) struct Found {
    pub(super) records: Vec<(Dataset, Kept)>,
    pub(super) notices: Vec<NoticeRow>,
    /// What did not agree about the child, as each authority concerned was told.
    pub(super) discrepancies: Vec<Worded>,
}

impl Found {
    pub(super) fn is_nothing(&self) -> bool {
        self.records.is_empty() && self.notices.is_empty() && self.discrepancies.is_empty()
    }
}

/// Where a dataset names a child, if it does.
pub(super) fn column(contract: &Contract) -> Option<usize> {
    contract.columns.iter().position(|column| NAMES.contains(&column.name.as_str()))
}

/// Reads every version of every record of the authority that names the child, and its notices.
pub(super) async fn find(link: &mut Link, authority: AuthorityCode, child_ref: &str) -> Result<Found, Fault> {
    let mut records = Vec::new();
    for dataset in Dataset::ALL {
        let Some(at) = column(hub_contract::contract(dataset)) else { continue };
        retention::each_version(link, authority, dataset, |kept| {
            if names(&kept.body, at, child_ref)? {
                records.push((dataset, kept));
            }
            Ok(())
        })
        .await?;
    }
    let notices = notice::by_children(link, authority, &[child_ref.to_owned()]).await?;
    let mut discrepancies = retention::worded(link, child_ref).await?;
    discrepancies.retain(|one| is_about(&one.body, authority, child_ref));
    Ok(Found { records, notices, discrepancies })
}

/// Whether a discrepancy is about this authority's child: the store finds its words, which may be another's too.
fn is_about(body: &str, placing: AuthorityCode, child_ref: &str) -> bool {
    let read: Result<Discrepancy, _> = serde_json::from_str(body);
    read.is_ok_and(|read| read.placing == Some(placing) && read.child_ref.as_deref() == Some(child_ref))
}

/// Whether the cell of a stored body is the child.
fn names(body: &str, at: usize, child_ref: &str) -> Result<bool, StoreError> {
    let cells: Vec<&RawValue> = serde_json::from_str(body).map_err(|_| StoreError::Decode("a record's body"))?;
    let Some(cell) = cells.get(at).filter(|cell| cell.get() != "null") else { return Ok(false) };
    let text: String = serde_json::from_str(cell.get()).map_err(|_| StoreError::Decode("a child's reference"))?;
    Ok(text == child_ref)
}
