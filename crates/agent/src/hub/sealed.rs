//! Keys, notices and envelopes at the hub.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hub_domain::{AuthorityCode, Timestamp};
use hub_notices::SealedPart;
use hub_notices::envelope::{EnvelopeKind, Fingerprint, Recipient};
use reqwest::header::CONTENT_TYPE;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::HubClient;
use super::answer::{self, read_problem};
use super::error::HubError;

/// Longest list that is asked for at once.
const PAGE: &str = "200";

/// A host's public key as the hub shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisteredKey {
    /// Its id at the hub.
    pub id: Uuid,
    /// The key.
    pub recipient: Recipient,
    /// When it was registered.
    pub registered_at: Timestamp,
    /// By which client.
    pub registered_by: String,
    /// When it was retired, if it was.
    pub retired_at: Option<Timestamp>,
}

/// An envelope as the hub knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptEnvelope {
    /// Its number.
    pub n: i64,
    /// Details, or a protected address.
    pub kind: EnvelopeKind,
    /// Whom it is sealed for.
    pub host: AuthorityCode,
    /// For which keys.
    pub fingerprints: Vec<Fingerprint>,
    /// What its sender says it contains.
    pub contains: Vec<SealedPart>,
    /// SHA-256, hexadecimal.
    pub digest: String,
    /// Whose key its sender says the contents are signed with.
    #[serde(default)]
    pub signed_by: Option<Fingerprint>,
    /// It is handed out only once somebody has said who will read it and why.
    #[serde(default)]
    pub opening_needed: bool,
    /// Which one took its place.
    pub superseded_by: Option<i64>,
}

/// One side of a notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Side {
    /// GSS code.
    pub code: AuthorityCode,
    /// Its name.
    pub name: Option<String>,
}

/// A notice, as far as the agent looks at it.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct KnownNotice {
    /// Its id.
    pub id: Uuid,
    /// Where it has got to.
    pub state: String,
    /// Who placed the child.
    pub placing: Side,
    /// In whose area.
    pub host: Side,
    /// First day of the stay.
    pub start: String,
    /// When the host must have been told.
    pub due_at: Option<Timestamp>,
    /// Everything else.
    #[serde(flatten)]
    pub rest: serde_json::Map<String, Value>,
}

impl std::fmt::Debug for KnownNotice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KnownNotice").field("id", &self.id).field("state", &self.state).finish_non_exhaustive()
    }
}

/// An envelope to leave with a notice.
#[derive(Clone, Copy)]
pub struct NewEnvelope<'a> {
    /// The notice.
    pub notice: Uuid,
    /// Details, or a protected address.
    pub kind: EnvelopeKind,
    /// What it contains.
    pub parts: &'a [SealedPart],
    /// For which keys it is sealed.
    pub fingerprints: &'a [Fingerprint],
    /// Whose key signed what is in it.
    pub signed_by: &'a Fingerprint,
    /// The age file.
    pub bytes: &'a [u8],
}

impl std::fmt::Debug for NewEnvelope<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NewEnvelope({} {}, {} bytes)", self.notice, self.kind, self.bytes.len())
    }
}

/// A page of a list.
#[derive(Deserialize)]
struct Items<T> {
    items: Vec<T>,
}

impl HubClient {
    /// The keys that an authority has registered, retired ones among them, oldest first.
    pub async fn sealing_keys(&self, owner: AuthorityCode) -> Result<Vec<RegisteredKey>, HubError> {
        let keys: Items<_> = self.fetch(self.url(&format!("v1/authorities/{owner}/sealing-keys"))?).await?;
        Ok(keys.items)
    }

    /// Registers a public key of the client's own authority.
    pub async fn register_sealing_key(&self, owner: AuthorityCode, key: &Recipient) -> Result<RegisteredKey, HubError> {
        self.put("v1/keys/sealing", &json!({ "recipient": key, "authority": owner })).await
    }

    /// Retires one of the client's own keys.
    pub async fn retire_sealing_key(&self, id: Uuid) -> Result<RegisteredKey, HubError> {
        self.put(&format!("v1/keys/sealing/{id}/retire"), &json!({})).await
    }

    /// Raises a notice: what is sent is tier 1 and 2, in clear.
    pub async fn raise(&self, notice: &Value) -> Result<KnownNotice, HubError> {
        self.put("v1/notices", notice).await
    }

    /// One notice, for either side of it.
    pub async fn notice(&self, id: Uuid) -> Result<KnownNotice, HubError> {
        self.fetch(self.url(&format!("v1/notices/{id}"))?).await
    }

    /// The newest notices of the inbox, as the hub gives them.
    pub async fn inbox(&self, authority: AuthorityCode, open: bool) -> Result<Vec<KnownNotice>, HubError> {
        let mut url = self.url("v1/inbox")?;
        let open = open.to_string();
        url.query_pairs_mut().extend_pairs([("authority", authority.as_str()), ("open", &open), ("limit", PAGE)]);
        Ok(self.fetch::<Items<_>>(url).await?.items)
    }

    /// What has happened that concerns the client's authority, oldest first: kind and data.
    pub async fn events(&self) -> Result<Vec<Value>, HubError> {
        let mut all = Vec::new();
        let mut next = Some(format!("v1/events?limit={PAGE}"));
        while let Some(path) = next {
            let page: Value = self.fetch(self.url(path.trim_start_matches('/'))?).await?;
            all.extend(page.get("items").and_then(Value::as_array).cloned().unwrap_or_default());
            next = page.get("next").and_then(Value::as_str).map(str::to_owned);
        }
        Ok(all)
    }

    /// The envelopes of a notice, first to last.
    pub async fn envelopes(&self, notice: Uuid) -> Result<Vec<KeptEnvelope>, HubError> {
        let all: Items<_> = self.fetch(self.url(&format!("v1/notices/{notice}/envelopes"))?).await?;
        Ok(all.items)
    }

    /// Leaves an envelope with a notice.
    pub async fn leave(&self, new: &NewEnvelope<'_>) -> Result<KeptEnvelope, HubError> {
        let digest = format!("sha-256=:{}:", STANDARD.encode(Sha256::digest(new.bytes)));
        let mut url = self.url(&format!("v1/notices/{}/envelopes", new.notice))?;
        url.query_pairs_mut().extend_pairs([
            ("kind", new.kind.as_str()),
            ("contains", &joined(new.parts)),
            ("recipients", &joined(new.fingerprints)),
            ("signed_by", new.signed_by.as_str()),
        ]);
        let make = || {
            let request = self.http.post(url.clone()).header(CONTENT_TYPE, "application/age");
            request.header("Content-Digest", &digest).body(new.bytes.to_vec())
        };
        answer::read(self.send(&make).await?).await
    }

    /// An envelope's bytes. The hub writes into the notice's history that they were fetched.
    pub async fn envelope(&self, notice: Uuid, n: i64) -> Result<Vec<u8>, HubError> {
        let url = self.url(&format!("v1/notices/{notice}/envelopes/{n}"))?;
        let response = self.send(&|| self.http.get(url.clone())).await?;
        if !response.status().is_success() {
            return Err(HubError::Refused(Box::new(read_problem(response).await)));
        }
        let bytes = response.bytes().await;
        Ok(bytes.map_err(|_| HubError::NotAHub("the envelope broke off".to_owned()))?.to_vec())
    }

    /// Records who will read a protected address, and why.
    pub async fn open_protected(&self, notice: Uuid, n: i64, officer: &str, reason: &str) -> Result<(), HubError> {
        let said = json!({ "officer": officer, "reason": reason });
        self.put::<Value>(&format!("v1/notices/{notice}/envelopes/{n}/open"), &said).await.map(drop)
    }

    async fn put<T: serde::de::DeserializeOwned>(&self, path: &str, document: &Value) -> Result<T, HubError> {
        let url = self.url(path)?;
        answer::read(self.send(&|| self.http.post(url.clone()).json(document)).await?).await
    }
}

fn joined<T: ToString>(words: &[T]) -> String {
    words.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}
