use std::collections::BTreeSet;

use hub_domain::{AuthorityCode, Timestamp};
use hub_store::envelope::Envelope;
use hub_store::sealing::SealingKey;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// An envelope of sealed details, from outside: the hub cannot open it.
#[derive(Serialize, ToSchema)]
#[schema(as = Envelope)]
pub(crate) struct View {
    /// The notice.
    notice: Uuid,
    /// Its number among the notice's envelopes.
    n: i64,
    /// `details` or `protected_address`.
    kind: String,
    /// The authority it is sealed for.
    #[schema(value_type = String)]
    host: AuthorityCode,
    /// What its sender says it contains.
    contains: Vec<String>,
    /// For which keys its sender says it is sealed.
    fingerprints: Vec<String>,
    /// Whose key its sender says signed what is in it, by fingerprint; the host checks that when it opens it.
    signed_by: Option<String>,
    /// Keys of the host's, by fingerprint, that it is not sealed for: it is to be sealed again.
    reseal_for: Vec<String>,
    /// The host gets it only once it has said with `open` who will read it and why.
    opening_needed: bool,
    /// Its length.
    bytes: i64,
    /// SHA-256, hexadecimal.
    digest: String,
    /// When the hub had it.
    #[schema(value_type = String, format = DateTime)]
    sealed_at: Timestamp,
    /// The number of the envelope that took its place; its bytes are gone.
    superseded_by: Option<i64>,
}

impl View {
    /// The envelope and whether it needs opening, held against the host's `keys`.
    pub(super) fn of((envelope, opening_needed): (Envelope, bool), keys: &[SealingKey]) -> Self {
        let live: BTreeSet<_> = keys.iter().filter(|key| key.is_live()).map(|key| &key.fingerprint).collect();
        let missing = live.into_iter().filter(|one| !envelope.fingerprints.contains(one)).map(ToString::to_string);
        let stands = envelope.superseded_by.is_none();
        Self {
            reseal_for: if stands { missing.collect() } else { Vec::new() },
            notice: envelope.notice,
            n: envelope.n,
            kind: envelope.kind.to_string(),
            host: envelope.host,
            contains: envelope.parts.iter().map(ToString::to_string).collect(),
            fingerprints: envelope.fingerprints.iter().map(ToString::to_string).collect(),
            signed_by: envelope.signed_by.map(|one| one.to_string()),
            opening_needed,
            bytes: envelope.bytes,
            digest: envelope.digest,
            sealed_at: envelope.sealed_at,
            superseded_by: envelope.superseded_by,
        }
    }
}
