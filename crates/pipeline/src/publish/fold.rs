//! The believed records of every member, folded into the region.

use std::collections::BTreeMap;

use hub_domain::record::from_body;
use hub_domain::timeliness::{NoticeStart, Timeliness};
use hub_domain::{AuthorityCode, Dataset, Date, london_date};
use hub_notices::timeliness;
use hub_store::{Link, StoreError, audit, member, notice, population, record, submission};
use hub_sufficiency::Region;
use jiff::{Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};

use crate::notify;
use crate::{Fault, Hub};

/// Notices read together.
const PAGE: i64 = 2_000;

/// Months back to which ended stays are read.
const LOOK_BACK: i32 = 13;

/// Per authority and dataset, the sequence number that was read up to: the release's provenance.
pub(super) type Basis = BTreeMap<AuthorityCode, BTreeMap<Dataset, i64>>;

/// What a release rests on that no record keeps as it was known: who took part, and how notice stood. Kept with the
/// release, so that it can be made again.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Inputs {
    /// When it was read: estimates of population loaded later were not known.
    at: Timestamp,
    members: Vec<AuthorityCode>,
    notices: Vec<Given>,
    /// The number of the consortium's last release then.
    pub(super) consortium: i64,
}

impl Inputs {
    /// The same, of a release made after the consortium's release of that number.
    pub(super) fn after(&self, consortium: i64) -> Self {
        Self { consortium, ..self.clone() }
    }
}

/// Placing authority, host, first day, how notice came, working days late.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Given(AuthorityCode, AuthorityCode, Date, Timeliness, Option<u32>);

/// The region as it was read, and what it rests on.
pub(super) struct Read {
    pub(super) region: Region,
    pub(super) basis: Basis,
    pub(super) inputs: Inputs,
}

/// Times that everything is read anew because a feed came in meanwhile; after that it is read as it was known.
const TRIES: usize = 3;

/// Reads what is believed now, authority by authority. Reads over all authorities are not one snapshot (schema rule 13);
/// the basis says what each was read at. What is not a feed is read as it stood at `now`, the release's one moment.
pub(super) async fn believed(hub: &Hub, now: Timestamp) -> Result<Read, Fault> {
    for _ in 0..TRIES {
        if let Some(read) = read_through(hub, now, false).await? {
            return Ok(read);
        }
    }
    read_through(hub, now, true).await?.ok_or(Fault::Overtaken)
}

/// `None` when a feed changed while it was read. As it was known it cannot change; but reading that looks at every version
/// of every record.
async fn read_through(hub: &Hub, now: Timestamp, as_known: bool) -> Result<Option<Read>, Fault> {
    let mut link = hub.store.read().await?;
    let members: Vec<AuthorityCode> = member::all(&mut link).await?.iter().map(|member| member.code).collect();
    let mut read = Read {
        region: Region::new(london_date(now), members.iter().copied()),
        basis: Basis::new(),
        inputs: Inputs { at: now, members: members.clone(), ..Inputs::default() },
    };
    read.region.populations(population::vintages(&mut link, read.inputs.at).await?);
    for (sender, dataset) in feeds(&members) {
        let Some(last) = last_applied(&mut link, sender, dataset).await? else { continue };
        read.basis.entry(sender).or_default().insert(dataset, last);
        if as_known {
            take_as_known(&mut link, &mut read.region, (sender, dataset), last).await?;
            continue;
        }
        take(&mut link, &mut read.region, sender, dataset).await?;
        if last_applied(&mut link, sender, dataset).await? != Some(last) {
            return Ok(None);
        }
    }
    for member in members {
        notices(hub, &mut link, &mut read, member).await?;
    }
    Ok(Some(read))
}

/// Every feed that tables are made of: each member's, and the region's own.
fn feeds(members: &[AuthorityCode]) -> impl Iterator<Item = (AuthorityCode, Dataset)> {
    let own = members.iter().flat_map(|&member| members_own().map(move |dataset| (member, dataset)));
    own.chain([(AuthorityCode::REGION, Dataset::Regulator)])
}

fn members_own() -> impl Iterator<Item = Dataset> {
    Dataset::TABULATED.into_iter().filter(|dataset| !dataset.is_regional())
}

async fn last_applied(link: &mut Link, member: AuthorityCode, dataset: Dataset) -> Result<Option<i64>, Fault> {
    let applied = submission::applied(link, member, dataset).await?;
    Ok(applied.iter().map(|applied| applied.seq).max())
}

/// Reads the region as a release found it.
pub(super) async fn as_known(hub: &Hub, as_at: Date, basis: &Basis, inputs: &Inputs) -> Result<Region, Fault> {
    let mut link = hub.store.read().await?;
    let mut region = Region::new(as_at, inputs.members.iter().copied());
    region.populations(population::vintages(&mut link, inputs.at).await?);
    for (&authority, datasets) in basis {
        for (&dataset, &seq) in datasets {
            if seq < audit::forgotten(&mut link, authority, dataset).await? {
                return Err(Fault::Forgotten);
            }
            take_as_known(&mut link, &mut region, (authority, dataset), seq).await?;
        }
    }
    for &Given(placing, host, on, outcome, days_late) in &inputs.notices {
        region.notice(NoticeStart { placing, host, on, outcome, days_late });
    }
    Ok(region)
}

/// Reads one authority's own children, and nobody else's, as they are believed now; what is everybody's, the regulator's
/// register and the estimates of population, beside them.
pub(super) async fn own(hub: &Hub, as_at: Date, authority: AuthorityCode) -> Result<Region, Fault> {
    let mut region = Region::new(as_at, [authority]);
    let mut link = hub.store.read_as(authority).await?;
    for dataset in members_own() {
        take(&mut link, &mut region, authority, dataset).await?;
    }
    drop(link);
    let mut link = hub.store.read().await?;
    take(&mut link, &mut region, AuthorityCode::REGION, Dataset::Regulator).await?;
    region.populations(population::vintages(&mut link, hub.clock.now()).await?);
    Ok(region)
}

/// When anything that an authority's own tables rest on last changed; `None` before anything came.
pub(super) async fn changed(hub: &Hub, authority: AuthorityCode) -> Result<Option<Timestamp>, Fault> {
    let mut last = None;
    let mut link = hub.store.read_as(authority).await?;
    for dataset in members_own() {
        last = last.max(submission::last_decided(&mut link, authority, dataset).await?);
    }
    drop(link);
    let mut link = hub.store.read().await?;
    last = last.max(submission::last_decided(&mut link, AuthorityCode::REGION, Dataset::Regulator).await?);
    let loaded = population::all(&mut link).await?;
    Ok(last.max(loaded.iter().map(|loaded| loaded.loaded_at).max()))
}

/// Folds in how an authority gave notice: of stays that end no earlier than a year and a month ago, since none other can
/// have begun in the months shown.
async fn notices(hub: &Hub, link: &mut Link, into: &mut Read, placing: AuthorityCode) -> Result<(), Fault> {
    let now = into.inputs.at;
    let since = london_date(now).checked_sub(LOOK_BACK.months()).unwrap_or(Date::MIN);
    let calendar = hub.calendar();
    let mut after = None;
    loop {
        let page = notice::watched(link, placing, after, since, PAGE).await?;
        after = page.last().map(|row| row.id);
        for row in &page {
            if let Some(start) = timeliness::start(&notify::read(row)?, now, &calendar) {
                let NoticeStart { placing, host, on, outcome, days_late } = start;
                into.inputs.notices.push(Given(placing, host, on, outcome, days_late));
                into.region.notice(start);
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
    let fold = |_key: &str, body: &str| put(region, authority, dataset, body);
    Ok(record::believed(link, authority, dataset, fold).await?)
}

/// Folds one feed into the region as it was known after submission `seq` of it.
async fn take_as_known(
    link: &mut Link,
    region: &mut Region,
    (authority, dataset): (AuthorityCode, Dataset),
    seq: i64,
) -> Result<(), Fault> {
    let fold = |_key: &str, body: &str| put(region, authority, dataset, body);
    Ok(record::as_known(link, authority, dataset, seq, fold).await?)
}

fn put(region: &mut Region, authority: AuthorityCode, dataset: Dataset, body: &str) -> Result<(), StoreError> {
    match dataset {
        Dataset::Placements => from_body(body).map(|row| region.placement(authority, &row)),
        Dataset::Vacancies => from_body(body).map(|row| region.vacancy(authority, row)),
        Dataset::Searches => from_body(body).map(|row| region.search(authority, &row)),
        Dataset::Quality => from_body(body).map(|row| region.quality(authority, &row)),
        Dataset::Regulator => from_body(body).map(|row| region.regulator(row)),
        Dataset::Fostering => from_body(body).map(|row| region.fostering(authority, row)),
        Dataset::CareLeavers => from_body(body).map(|row| region.leaver(authority, row)),
        // No table is made of them.
        Dataset::Admissions => Ok(()),
    }
    .map_err(|_| StoreError::Decode("a record"))
}
