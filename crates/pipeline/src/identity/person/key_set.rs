//! An issuer's public keys (RFC 7517). The algorithm follows from a key's kind, never from a token's header.

use serde::Deserialize;

use super::accept::Unbelieved;
use crate::identity::jws::Opener;

#[derive(Deserialize)]
struct KeySet {
    keys: Vec<Key>,
}

/// A key's members that matter. Others, certificates among them, are left where they are.
#[derive(Deserialize)]
struct Key {
    kty: String,
    kid: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    alg: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

/// What opens a token whose header names that key; a set of one key needs no name.
pub(super) fn opener(set: &str, kid: Option<&str>) -> Result<Opener, Unbelieved> {
    let set: KeySet = serde_json::from_str(set).map_err(|_| Unbelieved::Token("the key set cannot be read"))?;
    let signs = |key: &&Key| key.usage.as_deref().is_none_or(|usage| usage == "sig");
    let mut fitting = set.keys.iter().filter(signs).filter(|key| kid.is_none() || key.kid.as_deref() == kid);
    match (fitting.next(), fitting.next()) {
        (Some(key), None) => key.opener(),
        (None, _) => Err(Unbelieved::UnknownKey),
        (Some(_), Some(_)) => Err(Unbelieved::Token("two keys fit")),
    }
}

impl Key {
    fn opener(&self) -> Result<Opener, Unbelieved> {
        let kind = (self.kty.as_str(), self.crv.as_deref(), self.alg.as_deref());
        let made = match (kind, &self.n, &self.e, &self.x, &self.y) {
            (("RSA", None, None | Some("RS256")), Some(n), Some(e), None, None) => Opener::rs256(n, e),
            (("EC", Some("P-256"), None | Some("ES256")), None, None, Some(x), Some(y)) => Opener::p256(x, y),
            (("OKP", Some("Ed25519"), None | Some("EdDSA" | "Ed25519")), None, None, Some(x), None) => {
                Opener::ed25519(x)
            }
            _ => return Err(Unbelieved::Token("a kind of key that is not used here")),
        };
        made.map_err(|untrusted| Unbelieved::Token(untrusted.0))
    }
}
