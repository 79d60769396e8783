use std::sync::Arc;

use hub_domain::{Dataset, Mode, SequentialIds};
use hub_store::submission::{State, Submission};
use secrecy::ExposeSecret as _;

use super::stage::{CLIENT, ISSUER, Stage, lewisham, parts};
use crate::identity::{Credential, Issuer, Purpose, Seal};

fn kid(token: &str) -> String {
    parts(token).0["kid"].as_str().unwrap().to_owned()
}

fn submission(stage: &Stage) -> Submission {
    Submission {
        authority: lewisham(),
        id: uuid::Uuid::nil(),
        seq: 7,
        dataset: Dataset::Placements,
        mode: Mode::Full,
        as_at: "2026-03-01".parse().unwrap(),
        covers_from: None,
        correction: false,
        client: CLIENT.to_owned(),
        digest: "00".repeat(32),
        bytes: 1,
        format: "csv".to_owned(),
        compression: "none".to_owned(),
        contract: "placements/v1".to_owned(),
        state: State::Received,
        verdict: None,
        held_reason: None,
        counts: None,
        received_at: stage.now(),
        decided_at: None,
    }
}

#[tokio::test]
async fn rotation_never_fails_a_request_on_any_replica() {
    let stage = Stage::set().await;
    let replica = Issuer::open(
        stage.store.clone(),
        stage.clock.clone(),
        Arc::new(SequentialIds::default()),
        ISSUER,
        Seal::none(),
    );
    let replica = replica.await.unwrap();
    let secret = stage.client(Credential::Secret).await.unwrap();
    let first = kid(stage.by_secret(secret.expose_secret()).await.unwrap().access_token.expose_secret());
    stage.clock.advance(1);
    let fresh = stage.issuer.rotate_key(Purpose::Token).await.unwrap();
    let mut signed_with = Vec::new();
    for _ in 0..60 {
        let token = stage.by_secret(secret.expose_secret()).await.unwrap().access_token;
        stage.issuer.verify(token.expose_secret()).await.expect("here");
        replica.verify(token.expose_secret()).await.expect("on the other replica");
        signed_with.push(kid(token.expose_secret()));
        stage.clock.advance(20);
    }
    assert_eq!(signed_with.first(), Some(&first), "a new key is published before it signs");
    assert_eq!(signed_with.last(), Some(&fresh));
    let published: Vec<_> = stage.issuer.key_set().into_iter().filter(|key| key.purpose == Purpose::Token).collect();
    assert_eq!(published.len(), 1, "the old key has left the key set: {published:?}");
}

#[tokio::test]
async fn a_leaked_key_is_refused_at_once_and_replaced() {
    let stage = Stage::set().await;
    let secret = stage.client(Credential::Secret).await.unwrap();
    let token = stage.by_secret(secret.expose_secret()).await.unwrap().access_token;
    stage.issuer.verify(token.expose_secret()).await.unwrap();
    stage.clock.advance(1);
    stage.issuer.retire_key(&kid(token.expose_secret())).await.unwrap();
    assert!(stage.issuer.verify(token.expose_secret()).await.is_err(), "also when it was remembered");
    let again = stage.by_secret(secret.expose_secret()).await.unwrap().access_token;
    stage.issuer.verify(again.expose_secret()).await.unwrap();
}

#[tokio::test]
async fn a_receipt_signed_again_is_the_same_text_after_any_rotation() {
    let stage = Stage::set().await;
    let kept = submission(&stage);
    let receipt = stage.issuer.receipt(&kept).unwrap();
    let read = stage.issuer.read_receipt(&receipt).unwrap();
    assert_eq!((read.position, read.sender.as_str(), read.received_at), (7, CLIENT, kept.received_at));
    stage.clock.advance(1);
    stage.issuer.rotate_key(Purpose::Receipt).await.unwrap();
    stage.clock.advance(365 * 86_400);
    assert_eq!(stage.issuer.receipt(&kept).unwrap(), receipt);
    assert_eq!(stage.issuer.read_receipt(&receipt), Some(read));
    let later = submission(&stage);
    assert_ne!(kid(&stage.issuer.receipt(&later).unwrap()), kid(&receipt), "the new key signs what came later");
    let mut forged = receipt;
    forged.truncate(forged.len() - 4);
    assert_eq!(stage.issuer.read_receipt(&forged), None);
}

#[tokio::test]
async fn the_webhook_key_is_the_one_in_the_key_set() {
    let stage = Stage::set().await;
    let kids = || -> Vec<String> {
        stage.issuer.webhook_keys().unwrap().iter().map(|key| key.verifying_key().kid()).collect()
    };
    let first = kids();
    let published = stage.issuer.key_set().into_iter().find(|key| key.purpose == Purpose::Webhook).unwrap();
    assert_eq!(first, std::slice::from_ref(&published.kid));
    assert_eq!(stage.issuer.key_set().len(), 3);
    stage.clock.advance(1);
    let second = stage.issuer.rotate_key(Purpose::Webhook).await.unwrap();
    assert_eq!(kids(), first, "published, and not yet signing");
    stage.clock.advance(180);
    assert_eq!(kids(), [second.clone(), published.kid], "both, while receivers change over");
    stage.clock.advance(8 * 86_400);
    assert_eq!(kids(), [second]);
}

#[tokio::test]
async fn keys_that_lay_unsealed_are_sealed_at_the_next_start_and_sign_as_before() {
    let stage = Stage::set().await;
    let token = stage.token().await;
    let receipt = stage.issuer.receipt(&submission(&stage)).unwrap();
    let open = |seal: Seal| {
        Issuer::open(stage.store.clone(), stage.clock.clone(), Arc::new(SequentialIds::default()), ISSUER, seal)
    };
    let (old, new) = (Seal::fresh().unwrap(), Seal::fresh().unwrap());
    let (old, new) = (old.expose_secret(), new.expose_secret());
    let files = [old.to_owned(), format!("{new}\n{old}"), new.to_owned()];
    for file in files {
        let sealed = open(Seal::read(&file).unwrap()).await.unwrap();
        sealed.verify(&token).await.expect("the same keys");
        assert_eq!(sealed.receipt(&submission(&stage)).unwrap(), receipt);
        let fresh = sealed.rotate_key(Purpose::Webhook).await.unwrap();
        assert!(sealed.key_set().iter().any(|key| key.kid == fresh));
        for purpose in Purpose::ALL {
            let mut link = stage.store.read().await.unwrap();
            let keys = hub_store::identity::keys(&mut link, purpose.as_str()).await.unwrap();
            assert!(keys.iter().all(|key| Seal::is_sealed(&key.private)), "a key lies unsealed");
        }
    }
    assert!(open(Seal::none()).await.is_err(), "a copy of the database signs nothing");
    assert!(open(Seal::read(old).unwrap()).await.is_err(), "the key before has been laid down");
}
