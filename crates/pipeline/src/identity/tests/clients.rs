use hub_store::identity;
use secrecy::ExposeSecret as _;
use serde_json::json;

use super::stage::{CLIENT, Pair, Stage, lewisham};
use crate::identity::{
    ClientRefusal, Credential, KeySetRefusal, NewClient, Role, TokenRefusal, TokenRequest, add, revoke, rotate,
};

#[tokio::test]
async fn a_secret_works_and_a_wrong_one_does_not() {
    let stage = Stage::set().await;
    let secret = stage.client(Credential::Secret).await.unwrap();
    stage.by_secret(secret.expose_secret()).await.unwrap();
    for wrong in ["", "hubsec_", CLIENT, &secret.expose_secret()[..40]] {
        assert!(matches!(stage.by_secret(wrong).await, Err(TokenRefusal::Client(_))));
    }
}

#[tokio::test]
async fn a_rotated_secret_may_overlap_the_one_before() {
    let stage = Stage::set().await;
    let first = stage.client(Credential::Secret).await.unwrap();
    let second = rotate(&stage.store, CLIENT, &Credential::Secret, true, stage.now()).await.unwrap().unwrap();
    stage.by_secret(first.expose_secret()).await.unwrap();
    stage.by_secret(second.expose_secret()).await.unwrap();
    let third = rotate(&stage.store, CLIENT, &Credential::Secret, true, stage.now()).await.unwrap().unwrap();
    assert!(stage.by_secret(first.expose_secret()).await.is_err(), "two at most");
    stage.by_secret(second.expose_secret()).await.unwrap();
    let fourth = rotate(&stage.store, CLIENT, &Credential::Secret, false, stage.now()).await.unwrap().unwrap();
    assert!(stage.by_secret(third.expose_secret()).await.is_err(), "without overlap the one before ends");
    stage.by_secret(fourth.expose_secret()).await.unwrap();
}

#[tokio::test]
async fn a_rotated_key_may_overlap_the_one_before() {
    let stage = Stage::set().await;
    let (old, new) = (Pair::ed25519(), Pair::p256());
    stage.client(old.credential("k1")).await;
    rotate(&stage.store, CLIENT, &new.credential("k2"), true, stage.now()).await.unwrap();
    stage.by_assertion(&old.assertion(&stage.claims("a"))).await.unwrap();
    let signed = new.sign(&json!({ "alg": "ES256", "kid": "k2" }), &stage.claims("b"));
    stage.by_assertion(&signed).await.unwrap();
    rotate(&stage.store, CLIENT, &new.credential("k2"), false, stage.now()).await.unwrap();
    assert!(stage.by_assertion(&old.assertion(&stage.claims("c"))).await.is_err());
}

/// What a client says is kept with the key by which it proved itself; a secret has no name.
#[tokio::test]
async fn a_token_remembers_the_key_that_proved_its_client() {
    let stage = Stage::set().await;
    let key = async |token: crate::identity::Token| {
        let principal = stage.issuer.verify(token.access_token.expose_secret()).await.unwrap();
        principal.borough_for(lewisham()).unwrap().key().map(str::to_owned)
    };
    let secret = stage.client(Credential::Secret).await.unwrap();
    assert_eq!(key(stage.by_secret(secret.expose_secret()).await.unwrap()).await, None);
    let pair = Pair::ed25519();
    rotate(&stage.store, CLIENT, &pair.credential("k1"), false, stage.now()).await.unwrap();
    let token = stage.by_assertion(&pair.assertion(&stage.claims("a"))).await.unwrap();
    assert_eq!(key(token).await.as_deref(), Some("k1"));
}

#[tokio::test]
async fn a_revoked_client_gets_no_token_and_its_id_is_not_used_again() {
    let stage = Stage::set().await;
    let secret = stage.client(Credential::Secret).await.unwrap();
    revoke(&stage.store, CLIENT, stage.now()).await.unwrap();
    assert!(matches!(stage.by_secret(secret.expose_secret()).await, Err(TokenRefusal::Client(_))));
    assert!(matches!(revoke(&stage.store, CLIENT, stage.now()).await, Err(ClientRefusal::Unknown)));
    let again = NewClient {
        id: CLIENT.to_owned(),
        name: String::new(),
        roles: vec![Role::Operator],
        authorities: vec![],
        credential: Credential::Secret,
    };
    assert!(matches!(add(&stage.store, again, stage.now()).await, Err(ClientRefusal::Taken)));
}

#[tokio::test]
async fn a_client_in_the_state_revoked_gets_no_token_even_if_its_secret_is_still_kept() {
    let stage = Stage::set().await;
    let secret = stage.client(Credential::Secret).await.unwrap();
    let mut tx = stage.store.begin().await.unwrap();
    let mut kept = identity::client(&mut tx, CLIENT).await.unwrap().unwrap();
    kept.state = identity::State::Revoked;
    identity::upsert_client(&mut tx, &kept).await.unwrap();
    tx.commit().await.unwrap();
    assert!(matches!(stage.by_secret(secret.expose_secret()).await, Err(TokenRefusal::Client(_))));
}

#[tokio::test]
async fn a_client_that_could_not_work_is_refused() {
    let stage = Stage::set().await;
    let right = NewClient {
        id: "x".to_owned(),
        name: "X".to_owned(),
        roles: vec![Role::Borough],
        authorities: vec![lewisham()],
        credential: Credential::Secret,
    };
    let tried = |change: fn(&mut NewClient)| {
        let mut new = right.clone();
        change(&mut new);
        add(&stage.store, new, stage.now())
    };
    assert!(matches!(tried(|new| new.id = "a b".to_owned()).await, Err(ClientRefusal::Id)));
    assert!(matches!(tried(|new| new.id.clear()).await, Err(ClientRefusal::Id)));
    assert!(matches!(tried(|new| new.roles.clear()).await, Err(ClientRefusal::NoRole)));
    assert!(matches!(tried(|new| new.authorities.clear()).await, Err(ClientRefusal::NoAuthority)));
    assert!(tried(|_| ()).await.is_ok());
}

#[tokio::test]
async fn key_sets_that_are_private_weak_or_unclear_are_refused() {
    let stage = Stage::set().await;
    let (one, other) = (Pair::ed25519(), Pair::p256());
    let mut private = one.jwk("k1");
    private["d"] = json!("AAAA");
    let mut encryption = one.jwk("k1");
    encryption["use"] = json!("enc");
    let mut short = one.jwk("k1");
    short["x"] = json!("AAAA");
    let mut mixed = one.jwk("k1");
    mixed["alg"] = json!("ES256");
    let table = [
        ("{".to_owned(), KeySetRefusal::Unreadable),
        (private.to_string(), KeySetRefusal::Private),
        (json!({ "kty": "oct", "k": "c2VjcmV0" }).to_string(), KeySetRefusal::Private),
        (json!({ "kty": "RSA", "n": "AQAB", "e": "AQAB" }).to_string(), KeySetRefusal::Kind),
        (encryption.to_string(), KeySetRefusal::Kind),
        (short.to_string(), KeySetRefusal::Kind),
        (mixed.to_string(), KeySetRefusal::Kind),
        (json!({ "keys": [] }).to_string(), KeySetRefusal::Number),
        (json!({ "keys": [one.jwk("a"), other.jwk("b"), one.jwk("c")] }).to_string(), KeySetRefusal::Number),
        (json!({ "keys": [one.jwk("a"), other.jwk("a")] }).to_string(), KeySetRefusal::Twice),
    ];
    for (text, expected) in table {
        let new = NewClient {
            id: "keyed".to_owned(),
            name: "Keyed".to_owned(),
            roles: vec![Role::Operator],
            authorities: vec![],
            credential: Credential::Keys(text.clone()),
        };
        match add(&stage.store, new, stage.now()).await {
            Err(ClientRefusal::Keys(refusal)) => assert_eq!(refusal, expected, "{text}"),
            other => panic!("{text}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn a_request_that_is_not_client_credentials_is_refused_by_name() {
    let stage = Stage::set().await;
    let base = || TokenRequest { grant_type: Some("client_credentials".to_owned()), ..TokenRequest::default() };
    let table = [
        (TokenRequest::default(), "unsupported_grant_type"),
        (TokenRequest { grant_type: Some("password".to_owned()), ..base() }, "unsupported_grant_type"),
        (base(), "invalid_request"),
        (TokenRequest { client_secret: Some("s".into()), ..base() }, "invalid_request"),
        (TokenRequest { client_assertion: Some("a.b.c".into()), ..base() }, "invalid_request"),
        (
            TokenRequest { client_secret: Some("s".into()), client_assertion: Some("a.b.c".into()), ..base() },
            "invalid_request",
        ),
        (TokenRequest { resource: Some("https://other.example".to_owned()), ..base() }, "invalid_target"),
        (
            TokenRequest { client_secret: Some("s".into()), client_id: Some("a\u{0}b".to_owned()), ..base() },
            "invalid_client",
        ),
    ];
    for (request, expected) in table {
        assert_eq!(stage.issuer.token(request).await.unwrap_err().oauth(), Some(expected));
    }
}
