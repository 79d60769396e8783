//! The secrets of endpoints that share one, and their rotation.

use hub_domain::AuthorityCode;
use hub_store::endpoint::{self, Rotation, Scheme};
use hub_webhook::SharedSecret;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::{EndpointRefusal, Registered, change, sealed, there};
use crate::{Fault, Hub, boxed};

/// How long two secrets sign side by side unless another time is asked for.
pub const USUAL_OVERLAP: SignedDuration = SignedDuration::from_hours(24);
/// How long they may at most.
pub const LONGEST_OVERLAP: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Gives an endpoint a new secret, shown this once. For `overlap` every letter bears two signatures, by the new secret
/// and by the old; with none at all the old is worthless at once, as it should be when it has leaked.
#[boxed]
pub async fn rotate(
    hub: &Hub,
    host: AuthorityCode,
    id: Uuid,
    overlap: SignedDuration,
) -> Result<Registered, EndpointRefusal> {
    if overlap.is_negative() || overlap > LONGEST_OVERLAP {
        return Err(EndpointRefusal::Overlap);
    }
    let secret = fresh()?;
    let bytes = sealed::close(&hub.seal, (host, id), &secret)?;
    let old_until = hub.clock.now().saturating_add(overlap).unwrap_or(Timestamp::MAX);
    let endpoint = change(hub, host, id, async |tx| {
        if there(tx, host, id).await?.scheme != Scheme::V1 {
            return Err(EndpointRefusal::NoSecret);
        }
        Ok(endpoint::rotate(tx, host, id, Rotation { secret: &bytes, old_until }).await?)
    })
    .await?;
    Ok(Registered { endpoint, secret: Some(secret.to_secret()) })
}

/// A fresh secret.
pub(super) fn fresh() -> Result<SharedSecret, Fault> {
    SharedSecret::generate().map_err(|_| Fault::Inconsistent("no randomness"))
}
