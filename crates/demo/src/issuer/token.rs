//! ID tokens: a header, claims, and an Ed25519 signature over both.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

const KID: &str = "demonstration";

/// The issuer's key, made anew at each start.
#[derive(Debug)]
pub(super) struct Key(Ed25519KeyPair);

impl Key {
    /// A fresh key; `None` when the machine has no chance to give.
    pub(super) fn generate() -> Option<Self> {
        Ed25519KeyPair::generate().ok().map(Self)
    }

    /// The key set that it is published in.
    pub(super) fn published(&self) -> Value {
        let x = URL_SAFE_NO_PAD.encode(self.0.public_key().as_ref());
        json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "x": x, "kid": KID, "alg": "EdDSA", "use": "sig" }] })
    }

    /// The claims as a token.
    pub(super) fn sign(&self, claims: &Value) -> String {
        let head = json!({ "alg": "EdDSA", "typ": "JWT", "kid": KID });
        let [head, claims] = [&head, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
        let signature = URL_SAFE_NO_PAD.encode(self.0.sign(format!("{head}.{claims}").as_bytes()));
        format!("{head}.{claims}.{signature}")
    }
}

/// PKCE's challenge of a verifier, method S256 (RFC 7636 section 4.2).
pub(super) fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()))
}

/// A fresh code; `None` when the machine has no chance to give.
pub(super) fn code() -> Option<String> {
    let mut bytes = [0; 32];
    aws_lc_rs::rand::fill(&mut bytes).ok()?;
    Some(URL_SAFE_NO_PAD.encode(bytes))
}
