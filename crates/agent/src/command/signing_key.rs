//! `signing-key`: the key with which this authority signs what it seals.

use super::sealing_key::folder;
use super::{Done, Screen, Stop};
use crate::sealing::SigningKey;

/// Prints its fingerprint, for hosts that ring.
pub(super) fn run(screen: &mut Screen<'_>) -> Result<Done, Stop> {
    let (key, is_new) = SigningKey::of(&folder(screen))?;
    let fingerprint = key.fingerprint()?;
    if screen.json {
        writeln!(screen.out, "{:#}", serde_json::json!({ "fingerprint": fingerprint, "made": is_new }))?;
        return Ok(Done::Good);
    }
    writeln!(screen.out, "Signing key:  {fingerprint}")?;
    if is_new {
        writeln!(screen.out, "It was made now, beside the settings file: keep a copy where secrets are kept.")?;
    }
    writeln!(screen.out, "Read it out when a host rings that has details which you signed.")?;
    Ok(Done::Good)
}
