//! The hub's own signing keys: made, and read back from the store.

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hub_domain::Timestamp;
use hub_store::identity::SigningKey as Stored;
use jiff::SignedDuration;
use jsonwebtoken::EncodingKey;
use serde::{Deserialize, Serialize};

use super::jws::{Opener, Untrusted};

/// A new key is published this long before it signs, so that every replica and every receiver that reads the key set
/// has it when the first signature arrives.
pub(crate) const PUBLISHED_FIRST: SignedDuration = SignedDuration::from_mins(2);

/// What a key of the hub's signs. One key never serves two uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Access tokens.
    Token,
    /// Receipts for submissions.
    Receipt,
    /// Webhooks (`v1a`).
    Webhook,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 3] = [Self::Token, Self::Receipt, Self::Webhook];

    /// The purpose's name in the store and the key set.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Receipt => "receipt",
            Self::Webhook => "webhook",
        }
    }

    /// How long a replaced key stays in the key set after its successor begins to sign: longer than anything it
    /// signed is worth. Receipts are evidence and are checked years later, so their keys stay until retired by hand.
    pub(crate) const fn overlap(self) -> Option<SignedDuration> {
        match self {
            Self::Token => Some(SignedDuration::from_mins(15)),
            Self::Receipt => None,
            Self::Webhook => Some(SignedDuration::from_hours(24 * 7)),
        }
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A public key of the hub's in the key set (RFC 7517, RFC 8037).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicKey {
    /// Always `OKP`.
    pub kty: String,
    /// Always `Ed25519`.
    pub crv: String,
    /// The key, base64url.
    pub x: String,
    /// Its RFC 7638 thumbprint.
    pub kid: String,
    /// Always `sig`.
    #[serde(rename = "use")]
    pub usage: String,
    /// Always `EdDSA`.
    pub alg: String,
    /// What it signs: `token`, `receipt` or `webhook`.
    pub purpose: Purpose,
}

/// A key of the hub's, ready for use.
pub(crate) struct Held {
    pub(crate) public: PublicKey,
    pub(crate) opener: Opener,
    pub(crate) signer: EncodingKey,
    pub(crate) created_at: Timestamp,
    pub(crate) retired_at: Option<Timestamp>,
    pkcs8: Vec<u8>,
}

impl Held {
    pub(crate) fn read(stored: Stored) -> Result<Self, Untrusted> {
        let public: PublicKey = serde_json::from_str(&stored.public).map_err(|_| Untrusted("stored key"))?;
        Ok(Self {
            opener: Opener::ed25519(&public.x)?,
            signer: EncodingKey::from_ed_der(&stored.private),
            created_at: stored.created_at,
            retired_at: stored.retired_at,
            pkcs8: stored.private,
            public,
        })
    }

    /// The key as `hub-webhook` wants it.
    pub(crate) fn webhook(&self) -> Result<hub_webhook::SigningKey, Untrusted> {
        hub_webhook::SigningKey::from_pkcs8(&self.pkcs8).map_err(|_| Untrusted("stored key"))
    }

    /// Whether signatures of this key are still good at `now`: it has not been retired, and if `next` followed it, what
    /// it signed last has not yet outlived its use.
    pub(crate) fn stands(&self, next: Option<Timestamp>, now: Timestamp) -> bool {
        let retired = self.retired_at.is_some_and(|at| at <= now);
        let replaced = next.zip(self.public.purpose.overlap()).is_some_and(|(next, overlap)| {
            let over = next.saturating_add(PUBLISHED_FIRST).and_then(|signs| signs.saturating_add(overlap));
            over.is_ok_and(|over| over <= now)
        });
        !retired && !replaced
    }
}

impl fmt::Debug for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Held").field(&self.public.kid).finish()
    }
}

/// A fresh Ed25519 key, its thumbprint as `kid`.
pub(crate) fn make(purpose: Purpose, now: Timestamp) -> Result<Stored, Untrusted> {
    let pair = Ed25519KeyPair::generate().map_err(|_| Untrusted("random source"))?;
    let private = pair.to_pkcs8().map_err(|_| Untrusted("random source"))?;
    let x = URL_SAFE_NO_PAD.encode(pair.public_key().as_ref());
    let kid = thumbprint(&format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#));
    let public = PublicKey {
        kty: "OKP".to_owned(),
        crv: "Ed25519".to_owned(),
        x,
        kid: kid.clone(),
        usage: "sig".to_owned(),
        alg: "EdDSA".to_owned(),
        purpose,
    };
    Ok(Stored {
        kid,
        purpose: purpose.as_str().to_owned(),
        algorithm: "EdDSA".to_owned(),
        private: private.as_ref().to_vec(),
        public: serde_json::to_string(&public).map_err(|_| Untrusted("key"))?,
        created_at: now,
        retired_at: None,
    })
}

/// The RFC 7638 thumbprint of a key's required members in their fixed order.
pub(crate) fn thumbprint(members: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, members.as_bytes()))
}
