//! Standard Webhooks 1.0: our signatures against an independent implementation, and its refusals.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up should stop")]

use hub_domain::{Clock as _, SystemClock};
use hub_webhook::keys::KeyError;
use hub_webhook::{Received, SharedSecret, Signer, SigningKey, Unverified, Verifier, VerifyingKey, sign, verify};
use jiff::{SignedDuration, Timestamp};
use secrecy::ExposeSecret as _;

const BODY: &[u8] = br#"{"type":"uk.sufficiencyhub.notice.raised.v1"}"#;

fn now() -> Timestamp {
    "2026-11-20T06:00:00.25Z".parse().unwrap()
}

fn received(headers: &hub_webhook::SignedHeaders) -> (String, String, String) {
    (headers.id.clone(), headers.timestamp.to_string(), headers.signature.clone())
}

fn check(signers: &[Signer], verifiers: &[Verifier], body: &[u8], later: i64) -> Result<(), Unverified> {
    let (id, timestamp, signature) = received(&sign("msg_1", now(), BODY, signers));
    let headers = Received { id: &id, timestamp: &timestamp, signature: &signature };
    verify(&headers, body, verifiers, now() + SignedDuration::from_secs(later))
}

fn ed(seed: u8) -> (Signer, Verifier) {
    let key = SigningKey::from_seed(&[seed; 32]).unwrap();
    let public = key.verifying_key();
    (Signer::Ed25519(key), Verifier::Ed25519(public))
}

fn hmac(byte: u8) -> (Signer, Verifier) {
    let secret = SharedSecret::from_bytes(vec![byte; 32]).unwrap();
    (Signer::Hmac(secret.clone()), Verifier::Hmac(secret))
}

#[test]
fn v1_agrees_with_the_reference_library() {
    let secret = SharedSecret::from_bytes((0..32).collect()).unwrap();
    let oracle = standardwebhooks::Webhook::new(secret.to_secret().expose_secret()).unwrap();
    let ours = sign("msg_1", now(), BODY, &[Signer::Hmac(secret)]);
    let theirs = oracle.sign("msg_1", now().as_second(), BODY).unwrap();
    assert_eq!(ours.signature, theirs);
}

#[test]
fn the_reference_library_believes_a_rotation() {
    let secret = SharedSecret::from_bytes((0..32).collect()).unwrap();
    let oracle = standardwebhooks::Webhook::new(secret.to_secret().expose_secret()).unwrap();
    let signers = [ed(1).0, hmac(9).0, Signer::Hmac(secret)];
    // The library asks the machine for the time, so this one signature is made by it too.
    let headers = sign("msg_1", SystemClock.now(), BODY, &signers);
    let mut map = reqwest::header::HeaderMap::new();
    map.insert("webhook-id", headers.id.parse().unwrap());
    map.insert("webhook-timestamp", headers.timestamp.into());
    map.insert("webhook-signature", headers.signature.parse().unwrap());
    oracle.verify(BODY, &map).unwrap();
    assert!(oracle.verify(b"{}", &map).is_err());
}

#[test]
fn v1a_is_the_ed25519_of_rfc_8032() {
    // Section 7.1, test 1: this seed has this public key.
    let seed = hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
    let public = hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    let key = SigningKey::from_seed(&seed).unwrap();
    assert_eq!(key.verifying_key(), VerifyingKey::from_bytes(public.try_into().unwrap()));
    // RFC 8037 appendix A.3: the thumbprint of that key.
    assert_eq!(key.verifying_key().kid(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    assert_eq!(key.verifying_key().to_jwk().x, "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
}

#[test]
fn both_kinds_are_believed_by_their_own_key_only() {
    let ((ed1, check1), (_, check2)) = (ed(1), ed(2));
    let ((mac1, known1), (_, known2)) = (hmac(1), hmac(2));
    for (signer, mine, others) in [(ed1, check1.clone(), [check2, known1.clone()]), (mac1, known1, [known2, check1])] {
        let signers = [signer];
        assert_eq!(check(&signers, &[mine], BODY, 0), Ok(()));
        assert_eq!(check(&signers, &others, BODY, 0), Err(Unverified::NoMatch));
        assert_eq!(check(&signers, &[], BODY, 0), Err(Unverified::NoMatch));
    }
}

#[test]
fn during_rotation_old_and_new_keys_both_believe() {
    let ((new, knows_new), (old, knows_old)) = (ed(1), ed(2));
    let signers = [new, old];
    assert_eq!(sign("m", now(), BODY, &signers).signature.matches("v1a,").count(), 2);
    assert_eq!(check(&signers, &[knows_new], BODY, 0), Ok(()));
    assert_eq!(check(&signers, &[knows_old], BODY, 0), Ok(()));
}

#[test]
fn five_minutes_either_way_and_no_more() {
    let (signer, verifier) = ed(1);
    let at = |later| check(std::slice::from_ref(&signer), std::slice::from_ref(&verifier), BODY, later);
    assert_eq!((at(300), at(-300)), (Ok(()), Ok(())));
    assert_eq!((at(301), at(-301)), (Err(Unverified::TooOld), Err(Unverified::TooNew)));
}

#[test]
fn a_changed_byte_anywhere_is_not_believed() {
    let (signer, verifier) = ed(1);
    let (id, timestamp, signature) = received(&sign("msg_1", now(), BODY, &[signer]));
    let refused = |id: &str, timestamp: &str, signature: &str, body: &[u8]| {
        verify(&Received { id, timestamp, signature }, body, std::slice::from_ref(&verifier), now())
    };
    let later = (now().as_second() + 1).to_string();
    assert_eq!(refused(&id, &timestamp, &signature, BODY), Ok(()));
    assert_eq!(refused("msg_2", &timestamp, &signature, BODY), Err(Unverified::NoMatch));
    assert_eq!(refused(&id, &later, &signature, BODY), Err(Unverified::NoMatch));
    assert_eq!(refused(&id, &timestamp, &signature, b"{}"), Err(Unverified::NoMatch));
    assert_eq!(refused(&id, &timestamp, &signature.replace("v1a,", "v1,"), BODY), Err(Unverified::NoMatch));
    assert_eq!(refused(&id, &timestamp, "", BODY), Err(Unverified::NoMatch));
    assert_eq!(refused("", &timestamp, &signature, BODY), Err(Unverified::Malformed));
    assert_eq!(refused(&id, "soon", &signature, BODY), Err(Unverified::Malformed));
    assert_eq!(refused(&id, "-9223372036854775808", &signature, BODY), Err(Unverified::TooOld));
}

#[test]
fn keys_read_back_from_their_text() {
    let key = SigningKey::generate().unwrap();
    let again = SigningKey::parse(key.to_secret().unwrap().expose_secret()).unwrap();
    let public = key.verifying_key();
    assert_eq!(again.verifying_key(), public);
    assert_eq!(VerifyingKey::parse(&public.to_text()), Ok(public));
    assert_eq!(VerifyingKey::from_jwk(&public.to_jwk()), Ok(public));
    assert!(public.to_text().starts_with("whpk_"));
    let secret = SharedSecret::generate().unwrap();
    let text = secret.to_secret();
    assert_eq!(SharedSecret::parse(text.expose_secret()).unwrap().to_secret().expose_secret(), text.expose_secret());
}

#[test]
fn keys_of_the_wrong_kind_or_length_are_refused() {
    assert_eq!(VerifyingKey::parse("whsec_AAAA"), Err(KeyError::Prefix("whpk_")));
    assert_eq!(VerifyingKey::parse("whpk_AAAA"), Err(KeyError::Length));
    assert_eq!(VerifyingKey::parse("whpk_?"), Err(KeyError::Encoding));
    assert_eq!(SharedSecret::from_bytes(vec![0; 23]).err(), Some(KeyError::Length));
    assert_eq!(SharedSecret::from_bytes(vec![0; 65]).err(), Some(KeyError::Length));
    assert_eq!(SigningKey::from_seed(&[0; 31]).err(), Some(KeyError::Length));
    assert_eq!(SigningKey::from_pkcs8(&[0; 48]).err(), Some(KeyError::Material));
    let mut jwk = SigningKey::from_seed(&[1; 32]).unwrap().verifying_key().to_jwk();
    jwk.usage = "enc".to_owned();
    assert_eq!(VerifyingKey::from_jwk(&jwk), Err(KeyError::Material));
}

#[test]
fn debug_shows_no_secret() {
    let key = SigningKey::from_seed(&[1; 32]).unwrap();
    let secret = SharedSecret::from_bytes(vec![b'x'; 32]).unwrap();
    let shown = format!("{key:?} {secret:?}");
    let seed = key.to_secret().unwrap();
    assert!(!shown.contains(&seed.expose_secret()[5..]) && !shown.contains("xxx") && !shown.contains("120"), "{shown}");
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}
