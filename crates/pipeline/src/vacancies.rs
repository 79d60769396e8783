//! The live vacancy board, for authorised brokers: kept in memory, rebuilt when a feed it rests on has changed.

use std::collections::BTreeMap;
use std::sync::Arc;

use hub_domain::record::from_body;
use hub_domain::{AuthorityCode, Dataset, Date, PlacementRow, Timestamp, VacancyRow, london_date};
use hub_store::{Link, StoreError, member, record, submission};
use hub_sufficiency::{Board, Past, Region, Starts};

use crate::publish::take;
use crate::{Fault, Hub, boxed};

/// The feeds that the board rests on; of placements, only who has lately moved in where.
const FEEDS: [Dataset; 3] = [Dataset::Vacancies, Dataset::Quality, Dataset::Placements];

/// The board, and what it was built from.
#[derive(Debug)]
pub struct Built {
    /// When each feed it rests on last changed.
    basis: Vec<Option<Timestamp>>,
    /// Who has lately moved in where, by authority, and when its placements last changed: the longest feed is read again
    /// only where it changed.
    starts: BTreeMap<AuthorityCode, (Option<Timestamp>, Arc<Starts>)>,
    /// What was said of vacancies before, by authority, and when its vacancies last changed.
    past: BTreeMap<AuthorityCode, (Option<Timestamp>, Arc<Past>)>,
    /// The board.
    pub board: Board,
}

/// The board as it stands.
#[boxed]
pub async fn board(hub: &Hub) -> Result<Arc<Built>, Fault> {
    let as_at = london_date(hub.clock.now());
    let mut link = hub.store.read().await?;
    let members = member::all(&mut link).await?;
    let mut basis = Vec::new();
    for member in &members {
        for dataset in FEEDS {
            basis.push(submission::last_decided(&mut link, member.code, dataset).await?);
        }
    }
    let register = submission::last_decided(&mut link, AuthorityCode::REGION, Dataset::Regulator).await?;
    basis.push(register);
    let last = hub.board.load_full().filter(|built| built.board.as_at() == as_at);
    if let Some(built) = last.as_ref().filter(|built| built.basis == basis) {
        return Ok(Arc::clone(built));
    }
    let mut region = Region::new(as_at, members.iter().map(|member| member.code));
    let (mut starts, mut past) = (BTreeMap::new(), BTreeMap::new());
    for (member, changes) in members.iter().zip(basis.chunks(FEEDS.len())) {
        let told = changes.first().copied().flatten();
        let known = last.as_ref().and_then(|built| built.past.get(&member.code)).filter(|(at, _)| *at == told);
        let before = match known {
            Some((_, before)) => Arc::clone(before),
            None => Arc::new(replaced(&mut link, member.code, as_at).await?),
        };
        region.past(&before);
        past.insert(member.code, (told, before));
        let changed = changes.last().copied().flatten();
        let known = last.as_ref().and_then(|built| built.starts.get(&member.code)).filter(|(at, _)| *at == changed);
        let lately = match known {
            Some((_, lately)) => Arc::clone(lately),
            None => Arc::new(moves(&mut link, member.code, as_at).await?),
        };
        region.starts(&lately);
        starts.insert(member.code, (changed, lately));
        for dataset in [Dataset::Vacancies, Dataset::Quality] {
            take(&mut link, &mut region, member.code, dataset).await?;
        }
    }
    if register.is_some() {
        take(&mut link, &mut region, AuthorityCode::REGION, Dataset::Regulator).await?;
    }
    let built = Arc::new(Built { basis, starts, past, board: region.finish().board() });
    hub.board.store(Some(Arc::clone(&built)));
    Ok(built)
}

/// What one authority lately said of vacancies, and said otherwise or no longer since.
async fn replaced(link: &mut Link, authority: AuthorityCode, as_at: Date) -> Result<Past, Fault> {
    let mut past = Past::new(as_at);
    let since = past.since();
    let fold = |body: &str, day: Date| {
        let row = from_body::<VacancyRow>(body).map_err(|_| StoreError::Decode("a record"))?;
        past.add(authority, &row, day);
        Ok(())
    };
    record::replaced_vacancies(link, authority, since, fold).await?;
    Ok(past)
}

/// Who of one authority's children has lately moved in where.
async fn moves(link: &mut Link, authority: AuthorityCode, as_at: Date) -> Result<Starts, Fault> {
    let mut starts = Starts::new(as_at);
    let fold = |_key: &str, body: &str| {
        let row = from_body::<PlacementRow>(body).map_err(|_| StoreError::Decode("a record"))?;
        starts.add(&row);
        Ok(())
    };
    record::believed(link, authority, Dataset::Placements, fold).await?;
    Ok(starts)
}
