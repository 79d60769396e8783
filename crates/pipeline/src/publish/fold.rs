//! The believed records of every member, folded into the region.

use std::collections::BTreeMap;

use hub_domain::record::from_body;
use hub_domain::{AuthorityCode, Dataset, Date, london_date};
use hub_notices::timeliness;
use hub_store::{Link, StoreError, member, notice, record, submission};
use hub_sufficiency::Region;
use jiff::ToSpan as _;

use crate::notify::read;
use crate::{Fault, Hub};

/// Notices read together.
const PAGE: i64 = 2_000;

/// Months back to which ended stays are read.
const LOOK_BACK: i32 = 13;

/// Per authority and dataset, the sequence number that was read up to: the release's provenance.
pub(super) type Basis = BTreeMap<AuthorityCode, BTreeMap<Dataset, i64>>;

/// Reads what is believed now, authority by authority. Reads over all authorities are not one snapshot (schema rule 13);
/// the basis says what each was read at.
pub(super) async fn believed(hub: &Hub, as_at: Date) -> Result<(Region, Basis), Fault> {
    let mut link = hub.store.read().await?;
    let members = member::all(&mut link).await?;
    let mut region = Region::new(as_at, members.iter().map(|member| member.code));
    let mut basis = Basis::new();
    for member in &members {
        for dataset in Dataset::USUAL {
            let applied = submission::applied(&mut link, member.code, dataset).await?;
            let Some(last) = applied.iter().map(|applied| applied.seq).max() else { continue };
            basis.entry(member.code).or_default().insert(dataset, last);
            take(&mut link, &mut region, member.code, dataset).await?;
        }
        notices(hub, &mut link, &mut region, member.code).await?;
    }
    Ok((region, basis))
}

/// Folds in how an authority gave notice: of stays that end no earlier than a year and a month ago, since none other can
/// have begun in the months shown.
async fn notices(hub: &Hub, link: &mut Link, region: &mut Region, placing: AuthorityCode) -> Result<(), Fault> {
    let now = hub.clock.now();
    let since = london_date(now).checked_sub(LOOK_BACK.months()).unwrap_or(Date::MIN);
    let mut after = None;
    loop {
        let page = notice::watched(link, placing, after, since, PAGE).await?;
        after = page.last().map(|row| row.id);
        for row in &page {
            if let Some(start) = timeliness::start(&read(row)?, now, hub.calendar) {
                region.notice(start);
            }
        }
        if i64::try_from(page.len()).is_ok_and(|rows| rows < PAGE) {
            return Ok(());
        }
    }
}

/// Folds one feed into the region.
pub(crate) async fn take(
    link: &mut Link,
    region: &mut Region,
    authority: AuthorityCode,
    dataset: Dataset,
) -> Result<(), Fault> {
    let fold = |_key: &str, body: &str| {
        match dataset {
            Dataset::Placements => from_body(body).map(|row| region.placement(authority, &row)),
            Dataset::Vacancies => from_body(body).map(|row| region.vacancy(authority, row)),
            Dataset::Searches => from_body(body).map(|row| region.search(authority, &row)),
            Dataset::Quality => from_body(body).map(|row| region.quality(authority, &row)),
            // No table is made of them.
            Dataset::Admissions => Ok(()),
        }
        .map_err(|_| StoreError::Decode("a record"))
    };
    Ok(record::believed(link, authority, dataset, fold).await?)
}
