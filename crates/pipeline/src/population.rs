//! Loading estimates of how many children live where: the denominators of published rates.

use std::collections::BTreeSet;

use aws_lc_rs::digest::{SHA256, digest};
use hub_domain::population::{Vintage, Wrong, read};
use hub_store::population::{self as kept, Loaded};

use crate::receive::hex;
use crate::{Fault, Hub, boxed};

/// Why nothing was loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadRefusal {
    /// The file does not read.
    #[error("the file does not read as estimates of population")]
    File(Vec<Wrong>),
    /// A vintage of that name was loaded with other figures: a revised estimate is a vintage of its own.
    #[error(
        "{0} was loaded before with other figures; a vintage is never changed, so give the revised one a name of its own"
    )]
    Edited(String),
    /// The hub failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// What was loaded, or would be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The vintage.
    pub loaded: Loaded,
    /// It had been loaded before, with the same figures.
    pub known: bool,
}

/// Loads a vintage from the text of an estimates file; with `rehearse` it is read and compared, and nothing is kept. Rates
/// use it from the next release.
#[boxed]
pub async fn load(hub: &Hub, text: &str, rehearse: bool) -> Result<Outcome, LoadRefusal> {
    let vintage = read(text).map_err(LoadRefusal::File)?;
    let loaded = describe(hub, &vintage)?;
    let mut tx = hub.store.begin().await.map_err(Fault::from)?;
    let before = kept::all(&mut tx).await.map_err(Fault::from)?;
    if let Some(before) = before.into_iter().find(|before| before.vintage == loaded.vintage) {
        if before.digest != loaded.digest {
            return Err(LoadRefusal::Edited(loaded.vintage));
        }
        return Ok(Outcome { loaded: before, known: true });
    }
    if !rehearse {
        kept::insert(&mut tx, &loaded, &vintage).await.map_err(Fault::from)?;
        tx.commit().await.map_err(Fault::from)?;
        tracing::info!(vintage = loaded.vintage, authorities = loaded.authorities, "population loaded");
    }
    Ok(Outcome { loaded, known: false })
}

fn describe(hub: &Hub, vintage: &Vintage) -> Result<Loaded, Fault> {
    let text = serde_json::to_vec(vintage).map_err(|_| Fault::Inconsistent("a vintage"))?;
    let authorities: BTreeSet<_> = vintage.estimates.iter().map(|estimate| estimate.authority).collect();
    Ok(Loaded {
        vintage: vintage.name.clone(),
        estimated_on: vintage.estimated_on,
        digest: hex(digest(&SHA256, &text).as_ref()),
        authorities: i64::try_from(authorities.len()).unwrap_or(i64::MAX),
        loaded_at: hub.clock.now(),
    })
}
