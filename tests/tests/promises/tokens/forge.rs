//! A forger's bench: headers and claims put together by hand and signed with whatever is at hand.

use aws_lc_rs::hmac;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hub_testkit::TestHub;
use serde_json::{Value, json};

/// An Ed25519 pair.
pub(super) struct Pair(Ed25519KeyPair);

impl Pair {
    /// A thief's own.
    pub(super) fn thief() -> Self {
        Self(Ed25519KeyPair::generate().expect("a pair"))
    }

    /// The hub's own of that purpose, taken from its database: what a bug in issuing would sign with. Its id and itself.
    pub(super) async fn hubs(hub: &TestHub, purpose: &str) -> (String, Self) {
        let mut link = hub.db().store().read().await.expect("a connection");
        let keys = hub_store::identity::keys(&mut link, purpose).await.expect("keys");
        let key = keys.first().expect("a key");
        (key.kid.clone(), Self(Ed25519KeyPair::from_pkcs8(&key.private).expect("a pair")))
    }

    pub(super) fn sign(&self, header: &Value, claims: &Value) -> String {
        let message = message(header, claims);
        let signature = self.0.sign(message.as_bytes());
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    pub(super) fn public(&self) -> Vec<u8> {
        self.0.public_key().as_ref().to_vec()
    }

    pub(super) fn jwk(&self, kid: &str) -> Value {
        let x = URL_SAFE_NO_PAD.encode(self.public());
        json!({ "kty": "OKP", "crv": "Ed25519", "x": x, "kid": kid, "alg": "EdDSA", "use": "sig" })
    }
}

/// Header and claims, encoded.
pub(super) fn message(header: &Value, claims: &Value) -> String {
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}", encode(header), encode(claims))
}

/// The message under an HMAC whose secret everybody knows.
pub(super) fn mac(header: &Value, claims: &Value, secret: &[u8]) -> String {
    let message = message(&with(header, "alg", json!("HS256")), claims);
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), message.as_bytes());
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(tag))
}

/// The header and claims of a token.
pub(super) fn parts(token: &str) -> (Value, Value) {
    let mut parts = token.split('.').map(|part| URL_SAFE_NO_PAD.decode(part).unwrap_or_default());
    let mut next = || serde_json::from_slice(&parts.next().unwrap_or_default()).expect("JSON");
    (next(), next())
}

/// The value with one member changed.
pub(super) fn with(value: &Value, name: &str, to: Value) -> Value {
    let mut changed = value.clone();
    changed[name] = to;
    changed
}

/// The value without one member.
pub(super) fn without(value: &Value, name: &str) -> Value {
    let mut changed = value.clone();
    changed.as_object_mut().expect("an object").remove(name).expect("it is there to be removed");
    changed
}
