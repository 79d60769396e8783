//! One placement at a distance as it should be: the host is consulted, notice is given, the details travel sealed, and the
//! host opens them.

use std::collections::BTreeSet;
use std::sync::Arc;

use hub_agent::hub::NewEnvelope;
use hub_agent::sealing::{Contents, EnvelopeKind, Identities, Recipient, SealedPart, SigningKey, open, seal};
use hub_agent::settings::Proof;
use hub_agent::{Connection, HubClient, HubError};
use hub_domain::Date;
use jiff::ToSpan as _;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::notices::people;
use super::{Callers, PlayError, Stage, borough};
use crate::cast::pseudonym_key;
use crate::region::{Member, NIGHT};

/// Days from the night to the first day of the placement.
const AHEAD: i32 = 9;

/// The two sides of the placement.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pair {
    pub(crate) placing: &'static Member,
    pub(crate) host: &'static Member,
}

/// What came of it at the host.
#[derive(Debug, Clone)]
pub(crate) struct Opened {
    pub(crate) pair: Pair,
    pub(crate) notice: Uuid,
    /// Names of the parts that were sealed.
    pub(crate) sealed: Vec<String>,
    /// Names of those that came out, where the signature inside is the placing authority's.
    pub(crate) read: Vec<String>,
}

#[derive(Deserialize)]
struct Noticed {
    id: Uuid,
}

fn start() -> Date {
    NIGHT.checked_add(AHEAD.days()).unwrap_or(NIGHT)
}

/// The host is consulted on it; which notice that is.
pub(super) async fn consult(stage: &Stage, callers: &Callers, pair: Pair) -> Result<Uuid, PlayError> {
    let said = whole(stage, pair, "consult");
    let noticed: Noticed = callers.of_member(pair.placing)?.post("/v1/notices", &said).await?;
    Ok(noticed.id)
}

/// The host has no objection, and notice is given.
pub(super) async fn give(stage: &Stage, callers: &Callers, (pair, notice): (Pair, Uuid)) -> Result<(), PlayError> {
    let path = format!("/v1/notices/{notice}/acknowledge");
    let _: IgnoredAny = callers.of_member(pair.host)?.post(&path, &json!({})).await?;
    let said = whole(stage, pair, "placement");
    let _: IgnoredAny = callers.of_member(pair.placing)?.post("/v1/notices", &said).await?;
    Ok(())
}

/// The details are sealed at the placing authority to a key that the host has registered; the host fetches and opens them.
pub(super) async fn seal_and_open(
    stage: &Stage,
    callers: &Callers,
    (pair, notice): (Pair, Uuid),
) -> Result<Opened, PlayError> {
    let now = stage.clock.now();
    let identities = Identities::none().with_new(now).map_err(sealing)?;
    let key = identities.newest().map_err(sealing)?;
    let at_host = callers.of_member(pair.host)?;
    let _: IgnoredAny = at_host.post("/v1/keys/sealing", &json!({ "recipient": key })).await?;

    let signer = SigningKey::generate().map_err(sealing)?;
    let signed_by = signer.fingerprint().map_err(sealing)?;
    let sides = (pair.placing.authority(), pair.host.authority());
    let contents = Contents::new((notice, EnvelopeKind::Details), sides, now, details(), Vec::new());
    let asked = |source: HubError| PlayError::Push { borough: pair.placing.name(), source };
    let client = borough::client(stage, pair.placing)?;
    let keys = client.sealing_keys(pair.host.authority()).await.map_err(asked)?;
    let keys: Vec<_> = keys.into_iter().map(|key| key.recipient).collect();
    let bytes = seal(&keys, &contents.pack(Some(&signer)).map_err(sealing)?).map_err(sealing)?;
    let parts: Vec<_> = contents.parts().into_iter().collect();
    let fingerprints: Vec<_> = keys.iter().map(Recipient::fingerprint).collect();
    let (kind, fingerprints) = (EnvelopeKind::Details, &fingerprints[..]);
    let new = NewEnvelope { notice, kind, parts: &parts, fingerprints, signed_by: &signed_by, bytes: &bytes };
    let kept = client.leave(&new).await.map_err(asked)?;

    let fetched = at_desk(stage, pair.host)?.envelope(notice, kept.n).await.map_err(asked)?;
    let read = Contents::unpack(&open(&identities, &fetched).map_err(sealing)?).map_err(sealing)?;
    let opened = if read.signed_by == Some(signed_by) { read.parts() } else { BTreeSet::new() };
    let path = format!("/v1/notices/{notice}/acknowledge");
    let _: IgnoredAny = at_host.post(&path, &json!({})).await?;
    let name = |part: &SealedPart| part.label().to_lowercase();
    let (sealed, opened) = (parts.iter().map(name).collect(), opened.iter().map(name).collect());
    Ok(Opened { pair, notice, sealed, read: opened })
}

/// The host's people, with the agent's own client.
fn at_desk(stage: &Stage, host: &'static Member) -> Result<HubClient, PlayError> {
    let id = host.slug();
    let secret = stage.secrets.get(&id).cloned().ok_or_else(|| PlayError::Unregistered(id.clone()))?;
    let failed = |source: HubError| PlayError::Push { borough: host.name(), source };
    let connection = Connection::new(&stage.base_url, &id, Proof::Secret(secret));
    HubClient::new(connection, Arc::clone(&stage.clock)).map_err(failed)
}

fn sealing(source: impl std::error::Error + Send + Sync + 'static) -> PlayError {
    PlayError::Sealing(Box::new(source))
}

/// Tiers 1 and 2: everything that is wanted before a notice is complete.
fn whole(stage: &Stage, pair: Pair, kind: &str) -> Value {
    let child = pseudonym_key(stage.seed, pair.placing).child_ref(pair.placing.authority(), "consulted on");
    let roles = ["child", "parent", "health_now", "health_there", "gp_now", "gp_there", "education", "iro"];
    let told: Vec<Value> = roles.map(|role| json!({ "role": role, "told_on": NIGHT })).into();
    let mut said = json!({
        "type": kind,
        "authority": pair.placing.code,
        "child_ref": child,
        "host": pair.host.code,
        "class": "at_a_distance",
        "approver_role": "director",
        "approver_ref": "made-up-decision",
        "approved_on": NIGHT,
        "placement_start": start(),
        "start_time_known": true,
        "emergency": false,
        "legal_status": "C2",
        "section_20": false,
        "section_31": true,
        "uasc": false,
        "placement_type": "K2",
        "placement_provider": "PR4",
        "urn": "SC990002",
        "provider_urn": "9900002",
        "registration": "registered",
        "placement_sector": "ME99 9",
        "address_protected": false,
        "distance_reason": "not_available",
        "deprivation_of_liberty": false,
        "solo_required": false,
        "solo": false,
        "contact_restrictions": false,
        "key_stage_4": false,
        "ehcp": false,
        "education_plan": "A place at a school nearby is asked for.",
        "originating_icb": "Made-up ICB of the borough",
        "host_icb": "Made-up ICB of the county",
        "gp_arranged": true,
        "gp_now": "A made-up practice of the borough",
        "gp_there": "A made-up practice of the county",
        "camhs_open": false,
        "health_assessment_due": start(),
        "care_plan_given_on": NIGHT,
        "recipients": told,
    });
    if let (Some(said), Value::Object(more)) = (said.as_object_mut(), people()) {
        said.extend(more);
    }
    said
}

/// Tier 3. Nobody in it exists; the number is Ofcom's, for drama.
fn details() -> Map<String, Value> {
    let details = [
        ("name", json!({ "given": "Made", "family": "Upton" })),
        ("date_of_birth", json!("2012-02-30")),
        ("sex", json!("F")),
        ("address", json!({ "lines": ["1 Nowhere Lane"], "postcode": "ME99 9ZZ" })),
        ("carer", json!({ "name": "P. Nobody", "phone_day_and_night": "020 7946 0004" })),
        ("needs", json!({ "summary": "Made up.", "why_most_suitable": "Made up." })),
        ("risks", json!("None, as far as anybody has made up.")),
    ];
    details.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
