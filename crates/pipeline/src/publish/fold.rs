//! The believed records of every member, folded into the region.

use std::collections::BTreeMap;

use hub_domain::record::from_body;
use hub_domain::{AuthorityCode, Dataset, Date};
use hub_store::{Link, StoreError, member, record, submission};
use hub_sufficiency::Region;

use crate::{Fault, Hub};

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
    }
    Ok((region, basis))
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
