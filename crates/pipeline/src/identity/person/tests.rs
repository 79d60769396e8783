//! ID tokens that are believed, and every way of forging one that is known.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hub_domain::Timestamp;
use serde_json::{Value, json};

use super::{Accepted, Expectation, Rules, Unbelieved, accept};
use crate::identity::Role;

const ISSUER: &str = "https://login.example/council/v2.0";
const CLIENT: &str = "hub";
const NOW: &str = "2026-11-16T05:00:00Z";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn expected() -> Expectation {
    Expectation::of("a secret of this browser")
}

/// Two issuers' keys: the right one's, and somebody's of the same kind.
struct Keys {
    own: Ed25519KeyPair,
    other: Ed25519KeyPair,
    rsa: RsaKeyPair,
}

impl Keys {
    fn make() -> Self {
        let ed25519 = || Ed25519KeyPair::generate().unwrap();
        Self { own: ed25519(), other: ed25519(), rsa: RsaKeyPair::generate(KeySize::Rsa2048).unwrap() }
    }

    /// The key set as the issuer publishes it.
    fn set(&self) -> String {
        let x = URL_SAFE_NO_PAD.encode(self.own.public_key().as_ref());
        let public = self.rsa.public_key();
        let n = URL_SAFE_NO_PAD.encode(public.modulus().big_endian_without_leading_zero());
        let e = URL_SAFE_NO_PAD.encode(public.exponent().big_endian_without_leading_zero());
        let keys = json!({ "keys": [
            { "kty": "OKP", "crv": "Ed25519", "x": x, "kid": "ed", "use": "sig" },
            { "kty": "RSA", "n": n, "e": e, "kid": "rsa", "use": "sig", "x5c": ["MIIC"], "x5t": "abc" },
            { "kty": "RSA", "n": n, "e": e, "kid": "enc", "use": "enc" },
        ] });
        keys.to_string()
    }
}

fn claims() -> Value {
    let at = now().as_second();
    json!({
        "iss": ISSUER, "aud": CLIENT, "sub": "7b1", "name": "Pat Made-Up", "nonce": expected().nonce(),
        "iat": at - 5, "nbf": at - 5, "exp": at + 3_600, "roles": ["host"], "authorities": ["E10000016"],
    })
}

fn with(changes: &Value) -> Value {
    let mut all = claims();
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            all.as_object_mut().unwrap().remove(name);
        } else {
            all[name] = value.clone();
        }
    }
    all
}

fn token(head: &Value, claims: &Value, sign: impl Fn(&[u8]) -> Vec<u8>) -> String {
    let text = format!("{}.{}", encode(head), encode(claims));
    let signature = sign(text.as_bytes());
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn encode(part: &Value) -> String {
    URL_SAFE_NO_PAD.encode(part.to_string())
}

fn by(key: &Ed25519KeyPair) -> impl Fn(&[u8]) -> Vec<u8> {
    |text| key.sign(text).as_ref().to_vec()
}

fn judge(token: &str, keys: &str) -> Result<Accepted, Unbelieved> {
    accept(token, keys, (ISSUER, CLIENT), &expected(), (&Rules::default(), now()))
}

#[test]
fn what_the_issuer_signed_for_this_browser_is_believed() {
    let keys = Keys::make();
    let accepted =
        judge(&token(&json!({ "alg": "EdDSA", "kid": "ed" }), &claims(), by(&keys.own)), &keys.set()).unwrap();
    assert_eq!((accepted.subject.as_str(), accepted.name.as_str()), ("7b1", "Pat Made-Up"));
    assert!(accepted.roles.contains(Role::Host) && accepted.authorities.len() == 1);
    let rsa = |text: &[u8]| {
        let mut signature = vec![0; keys.rsa.public_modulus_len()];
        keys.rsa.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text, &mut signature).unwrap();
        signature
    };
    // As Entra ID heads its own.
    let head = json!({ "typ": "JWT", "alg": "RS256", "kid": "rsa" });
    assert!(judge(&token(&head, &claims(), rsa), &keys.set()).is_ok());
    let several = with(&json!({ "aud": [CLIENT, "another"], "azp": CLIENT }));
    assert!(judge(&token(&json!({ "alg": "EdDSA", "kid": "ed" }), &several, by(&keys.own)), &keys.set()).is_ok());
}

#[test]
fn claims_that_are_wrong_are_not_believed() {
    let keys = Keys::make();
    let at = now().as_second();
    let wrong = [
        json!({ "iss": "https://login.example/council/v2.0/" }),
        json!({ "iss": "https://evil.example" }),
        json!({ "aud": "another" }),
        json!({ "aud": [CLIENT, "another"] }),
        json!({ "azp": "another" }),
        json!({ "nonce": Expectation::of("another browser's").nonce() }),
        json!({ "nonce": null }),
        json!({ "exp": at - 31 }),
        json!({ "exp": null }),
        json!({ "iat": at + 31 }),
        json!({ "iat": null }),
        json!({ "nbf": at + 31 }),
        json!({ "sub": null }),
        json!({ "sub": "" }),
    ];
    for changes in wrong {
        let forged = token(&json!({ "alg": "EdDSA", "kid": "ed" }), &with(&changes), by(&keys.own));
        assert!(matches!(judge(&forged, &keys.set()), Err(Unbelieved::Token(_))), "{changes}");
    }
}

#[test]
fn a_token_that_chooses_its_own_key_or_reading_is_not_believed() {
    let keys = Keys::make();
    let good = json!({ "alg": "EdDSA", "kid": "ed" });
    let table = [
        (json!({ "alg": "none" }), "no algorithm"),
        (json!({ "alg": "none", "kid": "ed" }), "no algorithm"),
        (json!({ "alg": "HS256", "kid": "ed" }), "the public key as a shared secret"),
        (json!({ "alg": "RS256", "kid": "ed" }), "another algorithm than the key's"),
        (json!({ "alg": "EdDSA", "kid": "rsa" }), "another key than the one that signed"),
        (json!({ "alg": "EdDSA", "kid": "enc" }), "a key that does not sign"),
        (json!({ "alg": "EdDSA" }), "no key named, and several there"),
        (json!({ "alg": "EdDSA", "kid": "ed", "jwk": {} }), "a key of its own"),
        (json!({ "alg": "EdDSA", "kid": "ed", "jku": "https://evil.example" }), "a key set of its own"),
        (json!({ "alg": "EdDSA", "kid": "ed", "crit": ["exp"] }), "a reading of its own"),
    ];
    for (head, why) in table {
        assert!(judge(&token(&head, &claims(), by(&keys.own)), &keys.set()).is_err(), "{why}");
    }
    assert!(judge(&token(&good, &claims(), by(&keys.other)), &keys.set()).is_err(), "another's signature");
    let whole = token(&good, &claims(), by(&keys.own));
    let (text, _) = whole.rsplit_once('.').unwrap();
    assert!(judge(&format!("{text}."), &keys.set()).is_err(), "no signature");
    let other = encode(&with(&json!({ "roles": ["operator"] })));
    let mut parts: Vec<&str> = whole.split('.').collect();
    parts[1] = &other;
    assert!(judge(&parts.join("."), &keys.set()).is_err(), "other claims under the same signature");
}

#[test]
fn a_key_that_is_not_there_yet_is_told_apart() {
    let keys = Keys::make();
    let newer = token(&json!({ "alg": "EdDSA", "kid": "newer" }), &claims(), by(&keys.own));
    assert_eq!(judge(&newer, &keys.set()).unwrap_err(), Unbelieved::UnknownKey);
}

#[test]
fn all_that_a_sign_in_waits_for_follows_from_its_cookie_and_differs() {
    let (one, other) = (Expectation::of("one"), Expectation::of("other"));
    let parts = [one.state(), one.nonce(), one.verifier(), &one.challenge(), other.state(), other.nonce()];
    let different: std::collections::BTreeSet<&str> = parts.into_iter().collect();
    assert_eq!(different.len(), 6);
    assert_eq!(one.verifier().len(), 43);
    assert_eq!(Expectation::of("one").state(), one.state());
    assert!(!format!("{one:?}").contains(one.verifier()));
}
