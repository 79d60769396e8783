//! The public keys a client registers.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use super::jws::{Opener, Untrusted};
use super::key::thumbprint;

/// Keys of one client at once: the present one and the one that follows it.
const MOST: usize = 2;

/// Why a client's key set cannot be registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeySetRefusal {
    /// It is neither a JWK nor a JWK set.
    #[error("the file is neither a JWK nor a JWK set")]
    Unreadable,
    /// A private key. It has left its owner's hands and must not be used any more.
    #[error("the file holds a private key: make a new pair, and register its public half only")]
    Private,
    /// Something other than Ed25519 or P-256, for signing.
    #[error("a key must be Ed25519 (EdDSA) or P-256 (ES256), for signing")]
    Kind,
    /// None, or more than two.
    #[error("a client has one key, or two while it changes them")]
    Number,
    /// Two keys under one id.
    #[error("two keys have the same kid")]
    Twice,
}

/// A registered key: its kind, and with it the one algorithm it is used with, is settled when it is registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "alg")]
pub(crate) enum ClientKey {
    /// Ed25519.
    #[serde(rename = "EdDSA")]
    Ed25519 { kid: String, x: String },
    /// P-256.
    #[serde(rename = "ES256")]
    P256 { kid: String, x: String, y: String },
}

impl ClientKey {
    pub(crate) fn kid(&self) -> &str {
        match self {
            Self::Ed25519 { kid, .. } | Self::P256 { kid, .. } => kid,
        }
    }

    pub(crate) fn opener(&self) -> Result<Opener, Untrusted> {
        match self {
            Self::Ed25519 { x, .. } => Opener::ed25519(x),
            Self::P256 { x, y, .. } => Opener::p256(x, y),
        }
    }
}

/// Reads what a client's owner hands over: a JWK, or a set of them.
pub(crate) fn read(text: &str) -> Result<Vec<ClientKey>, KeySetRefusal> {
    let value: serde_json::Value = serde_json::from_str(text).map_err(|_| KeySetRefusal::Unreadable)?;
    let keys = match value.get("keys").and_then(serde_json::Value::as_array) {
        Some(keys) => keys.iter().map(one).collect::<Result<Vec<_>, _>>()?,
        None => vec![one(&value)?],
    };
    check(keys)
}

/// Refuses none, too many, or two under one id.
pub(crate) fn check(keys: Vec<ClientKey>) -> Result<Vec<ClientKey>, KeySetRefusal> {
    match keys.as_slice() {
        [_] => Ok(keys),
        [a, b] if a.kid() == b.kid() => Err(KeySetRefusal::Twice),
        all if all.is_empty() || all.len() > MOST => Err(KeySetRefusal::Number),
        _ => Ok(keys),
    }
}

#[derive(Deserialize)]
struct Offered {
    kty: String,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
    kid: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    d: Option<serde_json::Value>,
    k: Option<serde_json::Value>,
}

fn one(value: &serde_json::Value) -> Result<ClientKey, KeySetRefusal> {
    let offered = Offered::deserialize(value).map_err(|_| KeySetRefusal::Unreadable)?;
    if offered.d.is_some() || offered.k.is_some() {
        return Err(KeySetRefusal::Private);
    }
    if offered.usage.as_deref().is_some_and(|usage| usage != "sig") {
        return Err(KeySetRefusal::Kind);
    }
    let alg = offered.alg.as_deref();
    let kid = offered.kid.filter(|kid| super::is_plain(kid));
    match (offered.kty.as_str(), offered.crv.as_deref(), offered.x, offered.y) {
        ("OKP", Some("Ed25519"), Some(x), None) if matches!(alg, None | Some("EdDSA" | "Ed25519")) => {
            coordinate(&x)?;
            let kid = kid.unwrap_or_else(|| thumbprint(&format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#)));
            Ok(ClientKey::Ed25519 { kid, x })
        }
        ("EC", Some("P-256"), Some(x), Some(y)) if matches!(alg, None | Some("ES256")) => {
            coordinate(&x)?;
            coordinate(&y)?;
            let members = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
            Ok(ClientKey::P256 { kid: kid.unwrap_or_else(|| thumbprint(&members)), x, y })
        }
        _ => Err(KeySetRefusal::Kind),
    }
}

/// Both kinds of key have coordinates of 32 bytes.
fn coordinate(text: &str) -> Result<(), KeySetRefusal> {
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| KeySetRefusal::Kind)?;
    if bytes.len() == 32 { Ok(()) } else { Err(KeySetRefusal::Kind) }
}
