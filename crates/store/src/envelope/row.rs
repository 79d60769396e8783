//! What the hub knows of an envelope.

use std::collections::BTreeSet;

use hub_domain::{AuthorityCode, Timestamp};
use hub_notices::SealedPart;
use hub_notices::envelope::{EnvelopeKind, Fingerprint};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::db::{Row, args, json, statements};
use crate::{Link, StoreError, Tx};

macro_rules! columns {
    () => {
        "e.authority, e.notice, e.n, e.host, e.kind, e.parts, e.fingerprints, e.bytes, e.digest, e.sealed_at, \
         e.sealed_by, e.superseded_by, e.signed_by"
    };
}

statements! {
    INSERT = "envelope.insert",
        "INSERT INTO envelope (authority, notice, n, host, kind, parts, fingerprints, bytes, digest, sealed_at, \
         sealed_by, signed_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    SUPERSEDE = "envelope.supersede",
        "UPDATE envelope SET superseded_by = $4 WHERE authority = $1 AND notice = $2 AND n = $3 \
         AND superseded_by IS NULL";
    LIST = "envelope.list",
        concat!("SELECT ", columns!(), " FROM envelope AS e WHERE e.authority = $1 AND e.notice = $2 ORDER BY e.n");
    BY_HOST = "envelope.by_host",
        concat!("SELECT ", columns!(), " FROM envelope AS e JOIN notice AS n ON n.authority = e.authority \
                 AND n.id = e.notice WHERE e.host = $1 AND e.superseded_by IS NULL AND n.live = 1 \
                 ORDER BY e.authority, e.notice, e.n");
}

/// An envelope, from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// The placing authority.
    pub authority: AuthorityCode,
    /// The notice.
    pub notice: Uuid,
    /// Its number among the notice's envelopes, from 1.
    pub n: i64,
    /// The authority it is sealed for.
    pub host: AuthorityCode,
    /// Details, or a protected address.
    pub kind: EnvelopeKind,
    /// What its sender says it contains.
    pub parts: BTreeSet<SealedPart>,
    /// For which keys its sender says it is sealed.
    pub fingerprints: BTreeSet<Fingerprint>,
    /// Its length.
    pub bytes: i64,
    /// SHA-256 of it, hexadecimal.
    pub digest: String,
    /// When the hub had it.
    pub sealed_at: Timestamp,
    /// From which client.
    pub sealed_by: String,
    /// Whose key its sender says signed what is in it.
    pub signed_by: Option<Fingerprint>,
    /// The number of the envelope that took its place; its bytes are then gone.
    pub superseded_by: Option<i64>,
}

/// Keeps what is known of a new envelope; its bytes are kept apart.
pub async fn insert(tx: &mut Tx, envelope: &Envelope) -> Result<(), StoreError> {
    let Envelope { authority, notice, n, host, kind, bytes, digest, sealed_at, sealed_by, .. } = envelope;
    let notice = notice.to_string();
    let (parts, fingerprints) = (json(&envelope.parts)?, json(&envelope.fingerprints)?);
    let (at, kind) = (sealed_at.as_microsecond(), kind.as_str());
    let (authority, host) = (authority.as_str(), host.as_str());
    let signed_by = envelope.signed_by.as_ref().map(Fingerprint::as_str);
    let values =
        args![authority, &notice, *n, host, kind, &parts, &fingerprints, *bytes, digest, at, sealed_by, signed_by];
    tx.run(&INSERT, values).await?;
    Ok(())
}

/// Says which envelope took an earlier one's place.
pub async fn supersede(tx: &mut Tx, earlier: &Envelope, by: i64) -> Result<(), StoreError> {
    let notice = earlier.notice.to_string();
    tx.run(&SUPERSEDE, args![earlier.authority.as_str(), &notice, earlier.n, by]).await?;
    Ok(())
}

/// Every envelope of a notice of the placing authority, first to last. A host first finds the notice for itself.
pub async fn list(link: &mut Link, placing: AuthorityCode, notice: Uuid) -> Result<Vec<Envelope>, StoreError> {
    let rows = link.all(&LIST, args![placing.as_str(), &notice.to_string()]).await?;
    rows.iter().map(read).collect()
}

/// The envelopes that the host would want to open: not superseded, of notices that are live; by placing authority.
pub async fn by_host(link: &mut Link, host: AuthorityCode) -> Result<Vec<Envelope>, StoreError> {
    link.all(&BY_HOST, args![host.as_str()]).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Envelope, StoreError> {
    Ok(Envelope {
        authority: row.parsed(0, "an authority code")?,
        notice: row.parsed(1, "an id")?,
        n: row.int(2)?,
        host: row.parsed(3, "an authority code")?,
        kind: row.parsed(4, "a kind of envelope")?,
        parts: listed(row, 5)?,
        fingerprints: listed(row, 6)?,
        bytes: row.int(7)?,
        digest: row.text(8)?,
        sealed_at: row.time(9)?,
        sealed_by: row.text(10)?,
        superseded_by: row.maybe_int(11)?,
        signed_by: row.maybe_parsed(12, "a fingerprint")?,
    })
}

fn listed<T: DeserializeOwned>(row: &Row, at: usize) -> Result<T, StoreError> {
    row.maybe_json(at, "a list")?.ok_or(StoreError::Decode("a list"))
}
