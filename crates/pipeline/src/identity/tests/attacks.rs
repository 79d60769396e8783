//! Published attacks on tokens, each against a token or assertion that is right in every other way.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use super::stage::{CLIENT, ISSUER, Pair, Stage, message, parts};
use crate::identity::jws::sign;
use crate::identity::key::Purpose;
use crate::identity::{Denied, TokenRefusal};

fn with(value: &Value, name: &str, to: Value) -> Value {
    let mut changed = value.clone();
    changed[name] = to;
    changed
}

fn without(value: &Value, name: &str) -> Value {
    let mut changed = value.clone();
    changed.as_object_mut().unwrap().remove(name).expect("the claim is there to be removed");
    changed
}

/// Signs an access token's claims with the hub's own key: what a bug in issuing would make.
fn resigned(stage: &Stage, kind: &str, claims: &Value) -> String {
    let keys = stage.issuer.ring.keys();
    let key = keys.signing(Purpose::Token, stage.now(), stage.now()).unwrap();
    sign(kind, &key.public.kid, &key.signer, claims).unwrap()
}

#[tokio::test]
async fn a_right_token_is_taken_and_says_who() {
    let stage = Stage::set().await;
    let token = stage.token().await;
    let principal = stage.issuer.verify(&token).await.unwrap();
    assert_eq!(principal.client().as_ref(), CLIENT);
    assert!(principal.borough_for(super::stage::lewisham()).is_ok());
    assert!(principal.borough_for("E09000008".parse().unwrap()).is_err());
    assert!(principal.operator().is_err());
    let (header, claims) = parts(&token);
    assert_eq!(header["typ"], "at+jwt");
    assert_eq!(header["alg"], "EdDSA");
    assert_eq!(claims["aud"], format!("{ISSUER}/v1"));
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 600);
}

#[tokio::test]
async fn a_header_that_chooses_its_own_key_or_algorithm_is_refused() {
    let stage = Stage::set().await;
    let token = stage.token().await;
    let (header, claims) = parts(&token);
    let thief = Pair::ed25519();
    let own = thief.jwk(header["kid"].as_str().unwrap());
    let forged = [
        format!("{}.", message(&with(&header, "alg", json!("none")), &claims)),
        format!("{}.", message(&with(&header, "alg", json!("None")), &claims)),
        thief.sign(&header, &claims),
        thief.sign(&with(&header, "jwk", own), &claims),
        thief.sign(&with(&header, "jku", json!("https://thief.example/jwks")), &claims),
        thief.sign(&with(&header, "x5u", json!("https://thief.example/chain")), &claims),
        thief.sign(&with(&header, "x5c", json!(["MIIB"])), &claims),
        thief.sign(&with(&header, "kid", json!("../../../dev/null")), &claims),
        thief.sign(&with(&header, "kid", json!("x' OR '1'='1")), &claims),
        thief.sign(&with(&header, "alg", json!("ES256")), &claims),
        thief.sign(&without(&header, "kid"), &claims),
    ];
    for token in forged {
        assert!(stage.issuer.verify(&token).await.is_err(), "{token}");
    }
}

#[tokio::test]
async fn the_public_key_used_as_an_hmac_secret_is_refused() {
    let stage = Stage::set().await;
    let (header, claims) = parts(&stage.token().await);
    let public = stage.issuer.key_set().into_iter().find(|key| key.purpose == Purpose::Token).unwrap();
    let bytes = URL_SAFE_NO_PAD.decode(&public.x).unwrap();
    for secret in [bytes.as_slice(), public.x.as_bytes(), serde_json::to_string(&public).unwrap().as_bytes()] {
        let message = message(&with(&header, "alg", json!("HS256")), &claims);
        let mac = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), message.as_bytes());
        let token = format!("{message}.{}", URL_SAFE_NO_PAD.encode(mac));
        assert_eq!(stage.issuer.verify(&token).await.unwrap_err(), Denied("algorithm"));
    }
}

#[tokio::test]
async fn critical_or_unknown_header_members_are_refused_even_under_the_hubs_own_signature() {
    let stage = Stage::set().await;
    let token = stage.token().await;
    let (header, claims) = parts(&token);
    let keys = stage.issuer.ring.keys();
    let key = keys.signing(Purpose::Token, stage.now(), stage.now()).unwrap();
    for (name, value) in [("crit", json!(["b64"])), ("b64", json!(false)), ("zip", json!("DEF")), ("cty", json!("JWT"))]
    {
        let message = message(&with(&header, name, value), &claims);
        let signature =
            jsonwebtoken::crypto::sign(message.as_bytes(), &key.signer, jsonwebtoken::Algorithm::EdDSA).unwrap();
        let denied = stage.issuer.verify(&format!("{message}.{signature}")).await.unwrap_err();
        assert_eq!(denied, Denied("header"), "{name}");
    }
}

#[tokio::test]
async fn a_token_changed_in_one_bit_is_refused() {
    let stage = Stage::set().await;
    let token = stage.token().await;
    stage.issuer.verify(&token).await.unwrap();
    for at in (0..token.len()).step_by(7) {
        let mut bytes = token.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(bytes).unwrap();
        if changed != token {
            assert!(stage.issuer.verify(&changed).await.is_err(), "position {at}");
        }
    }
    for junk in ["", ".", "..", "...", "a.b.c", "é.é.é", &"A".repeat(9_000)] {
        assert!(stage.issuer.verify(junk).await.is_err());
    }
}

#[tokio::test]
async fn every_claim_is_required_and_must_be_right() {
    let stage = Stage::set().await;
    let (_, claims) = parts(&stage.token().await);
    assert!(stage.issuer.verify(&resigned(&stage, "at+jwt", &claims)).await.is_ok(), "the control is taken");
    for name in ["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "client_id", "roles", "authorities"] {
        let token = resigned(&stage, "at+jwt", &without(&claims, name));
        assert!(stage.issuer.verify(&token).await.is_err(), "without {name}");
    }
    let now = stage.now().as_second();
    let wrong = [
        ("iss", json!("https://other.example")),
        ("aud", json!("https://other.example/v1")),
        ("aud", json!([format!("{ISSUER}/v1")])),
        ("aud", json!([format!("{ISSUER}/v1"), "https://other.example"])),
        ("exp", json!(now - 31)),
        ("exp", json!(now + 100_000)),
        ("exp", json!("soon")),
        ("nbf", json!(now + 31)),
        ("iat", json!(now + 31)),
        ("client_id", json!("somebody-else")),
        ("jti", json!("")),
        ("roles", json!(["borough", "emperor"])),
        ("authorities", json!(["Lewisham"])),
    ];
    for (name, value) in wrong {
        let token = resigned(&stage, "at+jwt", &with(&claims, name, value.clone()));
        assert!(stage.issuer.verify(&token).await.is_err(), "{name} = {value}");
    }
    assert!(stage.issuer.verify(&resigned(&stage, "JWT", &claims)).await.is_err(), "another type of token");
}

#[tokio::test]
async fn a_claim_that_stands_twice_is_refused() {
    let stage = Stage::set().await;
    let (header, claims) = parts(&stage.token().await);
    let keys = stage.issuer.ring.keys();
    let key = keys.signing(Purpose::Token, stage.now(), stage.now()).unwrap();
    let twice = claims.to_string().replacen('{', r#"{"sub":"operator","#, 1);
    let encode = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let message = format!("{}.{}", encode(&header.to_string()), encode(&twice));
    let signature =
        jsonwebtoken::crypto::sign(message.as_bytes(), &key.signer, jsonwebtoken::Algorithm::EdDSA).unwrap();
    assert!(stage.issuer.verify(&format!("{message}.{signature}")).await.is_err());
}

#[tokio::test]
async fn a_token_ends_after_ten_minutes_also_when_it_was_remembered() {
    let stage = Stage::set().await;
    let token = stage.token().await;
    stage.issuer.verify(&token).await.unwrap();
    stage.clock.advance(599);
    stage.issuer.ring.reload(&stage.store, stage.now()).await.unwrap();
    stage.issuer.verify(&token).await.unwrap();
    stage.clock.advance(31);
    assert_eq!(stage.issuer.verify(&token).await.unwrap_err(), Denied("expired"));
}

#[tokio::test]
async fn a_receipt_or_an_assertion_is_no_access_token() {
    let stage = Stage::set().await;
    let pair = Pair::ed25519();
    stage.client(pair.credential("k1")).await;
    let assertion = pair.assertion(&stage.claims("a"));
    assert!(stage.issuer.verify(&assertion).await.is_err());
    let token = stage.by_assertion(&assertion).await.unwrap();
    let (_, claims) = parts(token.access_token.expose_secret());
    let keys = stage.issuer.ring.keys();
    let receipt_key = keys.signing(Purpose::Receipt, stage.now(), stage.now()).unwrap();
    let crossed = sign("at+jwt", &receipt_key.public.kid, &receipt_key.signer, &claims).unwrap();
    assert!(stage.issuer.verify(&crossed).await.is_err(), "a key signs for one purpose only");
}

#[tokio::test]
async fn an_assertion_works_once() {
    for pair in [Pair::ed25519(), Pair::p256()] {
        let stage = Stage::set().await;
        stage.client(pair.credential("k1")).await;
        let assertion = pair.assertion(&stage.claims("once"));
        let token = stage.by_assertion(&assertion).await.unwrap();
        stage.issuer.verify(token.access_token.expose_secret()).await.unwrap();
        assert!(matches!(stage.by_assertion(&assertion).await, Err(TokenRefusal::Assertion(_))), "replay");
        stage.by_assertion(&pair.assertion(&stage.claims("twice"))).await.unwrap();
    }
}

#[tokio::test]
async fn an_assertion_with_wrong_or_missing_claims_is_refused() {
    let stage = Stage::set().await;
    let pair = Pair::p256();
    stage.client(pair.credential("k1")).await;
    let right = stage.claims("j");
    for name in ["iss", "sub", "aud", "exp", "jti"] {
        assert!(stage.by_assertion(&pair.assertion(&without(&right, name))).await.is_err(), "without {name}");
    }
    let now = stage.now().as_second();
    let wrong = [
        ("aud", json!(format!("{ISSUER}/oauth/token"))),
        ("aud", json!([ISSUER])),
        ("aud", json!([ISSUER, "https://other.example"])),
        ("aud", json!("https://other.example")),
        ("iss", json!("somebody-else")),
        ("sub", json!("somebody-else")),
        ("sub", json!("a\u{0}b")),
        ("exp", json!(now - 31)),
        ("exp", json!(now + 301)),
        ("exp", json!(now + 86_400)),
        ("iat", json!(now + 31)),
        ("nbf", json!(now + 31)),
        ("jti", json!("")),
        ("jti", json!("a\u{0}b")),
        ("jti", json!("x".repeat(129))),
    ];
    for (name, value) in wrong {
        let refused = stage.by_assertion(&pair.assertion(&with(&right, name, value.clone()))).await;
        assert!(matches!(refused, Err(TokenRefusal::Client(_) | TokenRefusal::Assertion(_))), "{name} = {value}");
    }
    let endless = with(&without(&right, "iat"), "exp", json!(now + 400));
    assert!(stage.by_assertion(&pair.assertion(&endless)).await.is_err(), "leaving out iat lengthens nothing");
    stage.by_assertion(&pair.assertion(&right)).await.expect("the control is taken");
}

#[tokio::test]
async fn an_assertion_under_another_key_or_algorithm_is_refused() {
    let stage = Stage::set().await;
    let (pair, thief) = (Pair::p256(), Pair::ed25519());
    stage.client(pair.credential("k1")).await;
    let claims = stage.claims("j");
    let header = json!({ "typ": "JWT", "alg": "ES256", "kid": "k1" });
    let mac = |secret: &[u8]| {
        let message = message(&with(&header, "alg", json!("HS256")), &claims);
        let mac = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), message.as_bytes());
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(mac))
    };
    let forged = [
        format!("{}.", message(&with(&header, "alg", json!("none")), &claims)),
        thief.sign(&header, &claims),
        thief.sign(&with(&header, "alg", json!("EdDSA")), &claims),
        thief.sign(&with(&with(&header, "alg", json!("EdDSA")), "jwk", thief.jwk("k1")), &claims),
        mac(&pair.public()),
        mac(pair.jwk("k1").to_string().as_bytes()),
        pair.sign(&with(&header, "kid", json!("k2")), &claims),
        pair.sign(&with(&header, "crit", json!(["exp"])), &claims),
        pair.sign(&with(&header, "typ", json!("at+jwt")), &claims),
    ];
    for assertion in forged {
        let refused = stage.by_assertion(&assertion).await;
        assert!(matches!(refused, Err(TokenRefusal::Client(_))), "{assertion}");
    }
    stage
        .by_assertion(&pair.sign(&without(&header, "kid"), &claims))
        .await
        .expect("a client with one key may leave kid out");
}
