//! The secrets that endpoints share with the hub, as they lie in the database and as they sign.

use std::sync::Arc;

use hub_pipeline::Hub;
use hub_pipeline::endpoints::{self, Lying, Registration, lying, seal_again};
use hub_pipeline::identity::Seal;
use hub_store::endpoint::{self, Endpoint, Scheme, State};
use hub_webhook::{Guard, SharedSecret, Verifier};
use jiff::SignedDuration;
use secrecy::{ExposeSecret as _, SecretString};
use uuid::Uuid;

use crate::rig::{KENT, Receiver, Rig, away, code, episode, on};

fn line() -> String {
    Seal::fresh().unwrap().expose_secret().to_owned()
}

fn verifier(secret: Option<SecretString>) -> Verifier {
    Verifier::Hmac(SharedSecret::parse(secret.unwrap().expose_secret()).unwrap())
}

/// A receiver that shares a secret with that hub, and has proved itself.
async fn listen(rig: &Rig, hub: &Arc<Hub>) -> (Receiver, Uuid, Verifier) {
    let receiver = Receiver::start().await;
    let asked = Registration::of(&receiver.url, Scheme::V1);
    let done = endpoints::register(hub, &Guard::for_demonstration(), code(KENT), &asked).await.unwrap();
    assert_eq!(rig.deliver_from(hub).await, 1, "its challenge, signed");
    let id = done.endpoint.id;
    assert_eq!(found(rig, id).await.state, State::Active);
    (receiver, id, verifier(done.secret))
}

async fn found(rig: &Rig, id: Uuid) -> Endpoint {
    endpoint::find(&mut *rig.link().await, code(KENT), id).await.unwrap().unwrap()
}

async fn rotate(hub: &Hub, id: Uuid) -> Verifier {
    verifier(endpoints::rotate(hub, code(KENT), id, SignedDuration::from_hours(24)).await.unwrap().secret)
}

/// A notice for Kent.
async fn place(rig: &Rig, child: &str) {
    let home = (0..5).map(|n| episode(&format!("home{n}"), "2026-03-02"));
    let rows: Vec<_> = home.chain([away(child, "2026-07-01", KENT)]).collect();
    rig.apply(&on("2026-07-20", &rows)).await;
}

hub_testdb::on_both! {
    async fn a_secret_lies_sealed_and_signs_all_the_same(db: TestDb) {
        let rig = Rig::over(db).await;
        let hub = rig.sealed_by(Seal::read(&line()).unwrap());
        let (receiver, id, old) = listen(&rig, &hub).await;
        let new = rotate(&hub, id).await;
        let kept = found(&rig, id).await;
        for bytes in [kept.secret.as_ref().unwrap(), kept.old_secret.as_ref().unwrap()] {
            assert!(Seal::is_sealed(bytes) && !bytes.windows(6).any(|six| six == b"whsec_"));
        }
        assert_eq!((lying(&kept, &hub.seal), lying(&kept, &Seal::none())), (Lying::Sealed, Lying::Lost));
        place(&rig, "a").await;
        assert_eq!(rig.deliver_from(&hub).await, 1);
        let post = receiver.take().remove(0);
        assert_eq!(post.signature.matches("v1,").count(), 2);
        assert!(post.verify(&old, rig.now()).is_ok() && post.verify(&new, rig.now()).is_ok());
    }

    async fn what_lay_unsealed_or_under_a_former_key_is_sealed_at_the_next_start(db: TestDb) {
        let rig = Rig::over(db).await;
        let (receiver, id, old) = listen(&rig, &rig.hub).await;
        let new = rotate(&rig.hub, id).await;
        assert_eq!(lying(&found(&rig, id).await, &Seal::none()), Lying::Clear);
        seal_again(&rig.hub).await.unwrap();
        assert_eq!(lying(&found(&rig, id).await, &Seal::none()), Lying::Clear, "without a key file nothing is done");
        let (first, second) = (line(), line());
        let [one, both, two] = [first.clone(), format!("{second}\n{first}"), second].map(|text| Seal::read(&text).unwrap());
        for seal in [&one, &one, &both] {
            seal_again(&rig.sealed_by(seal.clone())).await.unwrap();
            assert_eq!(lying(&found(&rig, id).await, seal), Lying::Sealed);
        }
        let kept = found(&rig, id).await;
        assert_eq!((lying(&kept, &two), lying(&kept, &one)), (Lying::Sealed, Lying::Lost), "the old line can go");
        seal_again(&rig.sealed_by(one)).await.unwrap();
        assert_eq!(found(&rig, id).await, kept, "what cannot be opened is left as it is");
        place(&rig, "a").await;
        rig.deliver_from(&rig.sealed_by(two)).await;
        let post = receiver.take().remove(0);
        assert!(post.verify(&old, rig.now()).is_ok() && post.verify(&new, rig.now()).is_ok(), "the same secrets");
    }

    async fn a_replica_without_the_key_sends_nothing_unsigned_and_loses_nothing(db: TestDb) {
        let rig = Rig::over(db).await;
        let hub = rig.sealed_by(Seal::read(&line()).unwrap());
        let (receiver, _, secret) = listen(&rig, &hub).await;
        let other = rig.host(KENT, Scheme::V1a).await;
        place(&rig, "a").await;
        assert_eq!(rig.deliver().await, 2, "one of them cannot be signed");
        assert_eq!((receiver.count(), other.count()), (0, 1));
        let waiting = rig.deliveries(KENT).await.into_iter().find(|one| one.finished_at.is_none()).unwrap();
        assert_eq!(waiting.error.as_deref(), Some("no-signing-key"));
        rig.clock.set(waiting.next_at);
        assert_eq!(rig.deliver_from(&hub).await, 1);
        assert!(receiver.take().remove(0).verify(&secret, rig.now()).is_ok());
    }

    async fn a_sealed_secret_is_no_good_in_anothers_place(db: TestDb) {
        let rig = Rig::over(db).await;
        let hub = rig.sealed_by(Seal::read(&line()).unwrap());
        let (_, one, _) = listen(&rig, &hub).await;
        let (_, other, _) = listen(&rig, &hub).await;
        let moved = Endpoint { secret: found(&rig, one).await.secret, ..found(&rig, other).await };
        assert_eq!(lying(&moved, &hub.seal), Lying::Lost);
    }
}
