//! Checks that no one borough can make: of a child whom two authorities show, of a home with more children than places, of
//! children where the regulator has stopped placements, of placements that nobody told the host of; and DfE's rules about
//! providers, which need the regulator's register.
//!
//! Checked of what is believed of every member, kept in memory and made anew when a feed it rests on changes. An authority
//! reads what concerns its own children, and of anybody else's neither reference nor number.

mod kind;
mod provider;
mod region;
mod stay;

use std::collections::BTreeMap;
use std::sync::Arc;

use hub_domain::record::from_body;
use hub_domain::{AuthorityCode, Dataset, Date, RegulatorRow, Timestamp, london_date};
use hub_notices::reconcile::{Discrepancy, DiscrepancyKind, Side};
use hub_store::reconciliation::{self, Filter, Night};
use hub_store::{Link, StoreError, member, record, submission};
use serde::Serialize;

use crate::{Fault, Hub, boxed};

pub use kind::Check;

use provider::Register;
use stay::Stay;

/// Discrepancies read together.
const MOST: i64 = 10_000;

/// Something to look at, of one authority's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Concern {
    /// What was asked.
    pub check: Check,
    /// The authority's own pseudonym for the child; none where it is about a home.
    pub child_ref: Option<String>,
    /// Start of the episode concerned.
    pub episode_start: Option<Date>,
    /// The provider.
    pub urn: Option<String>,
    /// The other authority, where it is about two.
    pub with: Option<AuthorityCode>,
    /// Since when it has been so, as far as that is known.
    pub since: Option<Date>,
    /// The authority's own children there, of a home.
    pub own: Option<usize>,
    /// Places registered, of a home.
    pub places: Option<i64>,
}

/// A check that could not be made, and why. Nothing is known of it: it is not passed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotMade {
    /// Which.
    pub check: Check,
    /// Why.
    pub why: &'static str,
}

/// What was found, and what it was made from.
#[derive(Debug)]
pub struct Checked {
    basis: Vec<Option<Timestamp>>,
    night: Date,
    found: BTreeMap<AuthorityCode, Vec<Concern>>,
    not_made: Vec<NotMade>,
}

/// What one authority reads.
#[derive(Debug, Clone, Default)]
pub struct Own {
    /// What is to be looked at, by check.
    pub concerns: Vec<Concern>,
    /// The checks that could not be made.
    pub not_made: Vec<NotMade>,
}

/// What concerns an authority as the region stands now.
#[boxed]
pub async fn own(hub: &Hub, authority: AuthorityCode) -> Result<Own, Fault> {
    let made = made(hub).await?;
    let mut concerns = made.found.get(&authority).cloned().unwrap_or_default();
    concerns.extend(unnoticed(hub, authority).await?);
    Ok(Own { concerns, not_made: made.not_made.clone() })
}

async fn made(hub: &Hub) -> Result<Arc<Checked>, Fault> {
    let night = london_date(hub.clock.now());
    let mut link = hub.store.read().await?;
    let members: Vec<AuthorityCode> = member::all(&mut link).await?.iter().map(|member| member.code).collect();
    let mut basis = Vec::new();
    for member in &members {
        basis.push(submission::last_decided(&mut link, *member, Dataset::Placements).await?);
    }
    let told = submission::last_decided(&mut link, AuthorityCode::REGION, Dataset::Regulator).await?;
    basis.push(told);
    if let Some(made) = hub.checks.load_full().filter(|made| made.night == night && made.basis == basis) {
        return Ok(made);
    }
    let mut stays = Vec::new();
    for member in &members {
        read_stays(&mut link, *member, night, &mut stays).await?;
    }
    let register = register(&mut link).await?;
    drop(link);
    let judge = move || {
        let mut found = region::same_child(&stays);
        let not_made = if register.is_empty() {
            Check::ALL.iter().filter(|check| check.asks_the_register()).map(|check| unasked(*check)).collect()
        } else {
            found.extend(region::homes(&stays, &register));
            found.extend(provider::check(&stays, &register, night));
            vec![NotMade { check: Check::ProviderPostcode, why: "the register's feed has no addresses" }]
        };
        (gathered(found), not_made)
    };
    let (found, not_made) = hub.blocking(judge).await?;
    let made = Arc::new(Checked { basis, night, found, not_made });
    hub.checks.store(Some(Arc::clone(&made)));
    Ok(made)
}

const fn unasked(check: Check) -> NotMade {
    NotMade { check, why: "the region has no feed of the regulator's register" }
}

/// By authority, and in the order of the checks.
fn gathered(found: Vec<(AuthorityCode, Concern)>) -> BTreeMap<AuthorityCode, Vec<Concern>> {
    let mut by_authority: BTreeMap<AuthorityCode, Vec<Concern>> = BTreeMap::new();
    for (authority, concern) in found {
        by_authority.entry(authority).or_default().push(concern);
    }
    for own in by_authority.values_mut() {
        own.sort_by(|a, b| {
            (a.check, &a.child_ref, a.episode_start, &a.urn).cmp(&(b.check, &b.child_ref, b.episode_start, &b.urn))
        });
    }
    by_authority
}

/// The episodes that are open, and those that ended since 1 April: what DfE asks of.
async fn read_stays(link: &mut Link, authority: AuthorityCode, night: Date, into: &mut Vec<Stay>) -> Result<(), Fault> {
    let year = hub_domain::codes::collection_year(night);
    let since = hub_domain::codes::year_start(year).unwrap_or(night);
    let take = |_: &str, body: &str| {
        let row = from_body(body).map_err(|_| StoreError::Decode("a record"))?;
        into.extend(Stay::of(authority, row).filter(|stay| stay.end.is_none_or(|end| end > since)));
        Ok(())
    };
    Ok(record::believed(link, authority, Dataset::Placements, take).await?)
}

async fn register(link: &mut Link) -> Result<Register, Fault> {
    let mut register = Register::default();
    let take = |_: &str, body: &str| {
        register.add(from_body::<RegulatorRow>(body).map_err(|_| StoreError::Decode("an entry of the register"))?);
        Ok(())
    };
    record::believed(link, AuthorityCode::REGION, Dataset::Regulator, take).await?;
    Ok(register)
}

/// Episodes out of area of which the last reconciliation found no notice.
async fn unnoticed(hub: &Hub, authority: AuthorityCode) -> Result<Vec<Concern>, Fault> {
    let filter = Filter {
        side: Side::Placing,
        night: Night::Latest,
        standing: true,
        cleared: false,
        kind: Some(DiscrepancyKind::MissingNotice),
        before: None,
        limit: MOST,
    };
    let mut link = hub.store.read_as(authority).await?;
    let kept = reconciliation::list(&mut link, authority, &filter).await?;
    let read = |body: &str| {
        let found: Discrepancy = serde_json::from_str(body).map_err(|_| Fault::Inconsistent("a discrepancy"))?;
        let concern = Concern::of(Check::NoNotice);
        Ok(Concern {
            child_ref: found.child_ref,
            episode_start: Some(found.since),
            since: Some(found.since),
            ..concern
        })
    };
    kept.iter().map(|kept| read(&kept.body)).collect()
}

impl Concern {
    pub(crate) const fn of(check: Check) -> Self {
        Self {
            check,
            child_ref: None,
            episode_start: None,
            urn: None,
            with: None,
            since: None,
            own: None,
            places: None,
        }
    }

    /// Of one of the authority's own children.
    fn about(check: Check, stay: &Stay) -> Self {
        Self {
            child_ref: Some(stay.child_ref.clone()),
            episode_start: Some(stay.start),
            urn: stay.urn.clone(),
            ..Self::of(check)
        }
    }
}
