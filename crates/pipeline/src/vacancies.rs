//! The live vacancy board, for authorised brokers: kept in memory, rebuilt when a feed it rests on has changed.

use std::sync::Arc;

use hub_domain::{Dataset, Timestamp, london_date};
use hub_store::{member, submission};
use hub_sufficiency::{Board, Region};

use crate::publish::take;
use crate::{Fault, Hub};

/// The feeds that the board rests on.
const FEEDS: [Dataset; 2] = [Dataset::Vacancies, Dataset::Quality];

/// The board, and what it was built from.
#[derive(Debug)]
pub struct Built {
    /// When each feed it rests on last changed.
    basis: Vec<Option<Timestamp>>,
    /// The board.
    pub board: Board,
}

/// The board as it stands.
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
    if let Some(built) = hub.board.load_full().filter(|built| built.basis == basis && built.board.as_at() == as_at) {
        return Ok(built);
    }
    let mut region = Region::new(as_at, members.iter().map(|member| member.code));
    for member in &members {
        for dataset in FEEDS {
            take(&mut link, &mut region, member.code, dataset).await?;
        }
    }
    let built = Arc::new(Built { basis, board: region.finish().board() });
    hub.board.store(Some(Arc::clone(&built)));
    Ok(built)
}
