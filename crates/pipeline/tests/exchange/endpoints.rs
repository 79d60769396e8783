//! Endpoints prove themselves, ask for what they want, are paused, rotated and replayed; what is late is told.

use std::collections::BTreeMap;

use hub_pipeline::endpoints::{self, EndpointRefusal, Registration};
use hub_pipeline::{deliveries, jobs};
use hub_store::delivery::{Filter, State};
use hub_store::endpoint::{self, Details, Scheme};
use hub_store::event;
use hub_webhook::{Guard, SharedSecret, Verifier};
use jiff::SignedDuration;
use secrecy::ExposeSecret as _;
use uuid::Uuid;

use crate::rig::{Answer, KENT, LEWISHAM, Receiver, Rig, away, code, episode, on};

async fn place(rig: &Rig, children: usize) {
    let home = (0..children.max(5)).map(|n| episode(&format!("home{n}"), "2026-03-02"));
    let rows: Vec<_> = home.chain((0..children).map(|n| away(&n.to_string(), "2026-07-01", KENT))).collect();
    rig.apply(&on("2026-07-20", &rows)).await;
}

/// Registers a receiver that has not been asked yet.
async fn unproved(rig: &Rig, details: Details) -> (Receiver, endpoint::Endpoint) {
    let receiver = Receiver::start().await;
    let asked = Registration { details, ..Registration::of(&receiver.url, Scheme::V1a) };
    let done = endpoints::register(&rig.hub, &Guard::for_demonstration(), code(KENT), &asked).await.unwrap();
    (receiver, done.endpoint)
}

async fn found(rig: &Rig, id: Uuid) -> endpoint::Endpoint {
    endpoint::find(&mut *rig.link().await, code(KENT), id).await.unwrap().unwrap()
}

/// Runs the job that looks for what is late.
async fn chase(rig: &Rig) {
    let payload = hub_store::job::NewJob {
        authority: code(LEWISHAM),
        id: rig.hub.ids.next(),
        kind: jobs::LATE.to_owned(),
        payload: "null".to_owned(),
        dedupe: rig.now().to_string(),
        run_at: rig.now(),
        now: rig.now(),
    };
    let mut tx = rig.hub.store.begin().await.unwrap();
    hub_store::job::enqueue(&mut tx, &payload).await.unwrap();
    tx.commit().await.unwrap();
    rig.run().await;
}

/// How many events of each kind an authority has been told of.
async fn told(rig: &Rig, authority: &str) -> BTreeMap<String, usize> {
    let mut kinds = BTreeMap::new();
    for event in
        event::list(&mut *rig.link().await, event::Reader::Operator(Some(code(authority))), None, 1_000).await.unwrap()
    {
        if event.kind.starts_with("delivery.") || event.kind.starts_with("endpoint.") {
            *kinds.entry(event.kind).or_default() += 1;
        }
    }
    kinds
}

hub_testdb::on_both! {
    async fn nothing_goes_to_an_endpoint_before_it_has_proved_itself(db: TestDb) {
        let rig = Rig::over(db).await;
        let (receiver, endpoint) = unproved(&rig, Details::default()).await;
        receiver.deny();
        place(&rig, 3).await;
        assert_eq!(rig.deliver().await, 1, "its challenge, and nothing else");
        assert_eq!((receiver.count(), found(&rig, endpoint.id).await.state), (0, endpoint::State::Unverified));
        let wrong = endpoints::confirm(&rig.hub, code(KENT), endpoint.id, "a guess").await;
        assert!(matches!(wrong, Err(EndpointRefusal::Token)), "{wrong:?}");
        receiver.prove();
        rig.clock.advance(6);
        assert_eq!(rig.deliver().await, 4, "its challenge again, then what has waited");
        assert_eq!((receiver.count(), found(&rig, endpoint.id).await.state), (3, endpoint::State::Active));
    }

    async fn its_owner_may_confirm_the_token_instead(db: TestDb) {
        let rig = Rig::over(db).await;
        let (receiver, endpoint) = unproved(&rig, Details::default()).await;
        let token = endpoint.challenge.unwrap();
        let active = endpoints::confirm(&rig.hub, code(KENT), endpoint.id, &token).await.unwrap();
        assert_eq!((active.state, active.challenge, active.verified_at), (endpoint::State::Active, None, Some(rig.now())));
        let again = endpoints::confirm(&rig.hub, code(KENT), endpoint.id, &token).await;
        assert!(matches!(again, Err(EndpointRefusal::State(endpoint::State::Active))), "a token is good once: {again:?}");
        place(&rig, 1).await;
        rig.deliver().await;
        assert_eq!(receiver.count(), 1);
    }

    async fn once_proved_it_is_challenged_no_more(db: TestDb) {
        let rig = Rig::over(db).await;
        let (receiver, endpoint) = unproved(&rig, Details::default()).await;
        receiver.deny();
        rig.deliver().await;
        endpoints::challenge(&rig.hub, code(KENT), endpoint.id).await.unwrap();
        endpoints::confirm(&rig.hub, code(KENT), endpoint.id, &endpoint.challenge.unwrap()).await.unwrap();
        rig.clock.advance(14 * 24 * 3_600);
        assert_eq!((rig.deliver().await, found(&rig, endpoint.id).await.health.failures), (0, 0));
        assert_eq!(rig.count("delivery WHERE state = 'dead' AND error = 'endpoint-verified'").await, 2);
    }

    async fn what_waits_for_an_endpoint_that_is_removed_is_not_dropped_in_silence(db: TestDb) {
        let rig = Rig::over(db).await;
        let kent = rig.listen(KENT, Scheme::V1a).await;
        kent.posts.answer(Answer::Status(503));
        place(&rig, 3).await;
        rig.deliver().await;
        endpoints::ping(&rig.hub, code(KENT), kent.id).await.unwrap();
        assert!(!endpoints::remove(&rig.hub, code(LEWISHAM), kent.id).await.unwrap(), "somebody else's");
        assert!(endpoints::remove(&rig.hub, code(KENT), kent.id).await.unwrap());
        assert!(!endpoints::remove(&rig.hub, code(KENT), kent.id).await.unwrap());
        assert_eq!(told(&rig, LEWISHAM).await, BTreeMap::from([("delivery.dead".to_owned(), 3)]), "of each notice, once");
        assert_eq!(rig.count("delivery WHERE error = 'endpoint-removed'").await, 4);
    }

    async fn an_endpoint_is_sent_what_it_asks_for(db: TestDb) {
        let rig = Rig::over(db).await;
        let only = |event: &str| Details { description: "Duty desk".into(), events: vec![event.into()] };
        let (ended, _) = unproved(&rig, only("notice.ended")).await;
        let (all, _) = unproved(&rig, only("notice.*")).await;
        rig.deliver().await;
        place(&rig, 2).await;
        rig.deliver().await;
        assert_eq!((ended.count(), all.count()), (0, 2));
    }

    async fn what_is_queued_for_a_paused_endpoint_waits(db: TestDb) {
        let rig = Rig::over(db).await;
        let kent = rig.listen(KENT, Scheme::V1a).await;
        endpoints::pause(&rig.hub, code(KENT), kent.id).await.unwrap();
        place(&rig, 2).await;
        assert_eq!((rig.deliver().await, kent.posts.count()), (0, 0));
        endpoints::ping(&rig.hub, code(KENT), kent.id).await.unwrap();
        assert_eq!((rig.deliver().await, kent.posts.count()), (1, 1), "a ping goes all the same");
        endpoints::resume(&rig.hub, code(KENT), kent.id).await.unwrap();
        assert_eq!((rig.deliver().await, kent.posts.count()), (2, 3));
        let again = endpoints::resume(&rig.hub, code(LEWISHAM), kent.id).await;
        assert!(matches!(again, Err(EndpointRefusal::NotFound)), "somebody else's: {again:?}");
    }

    async fn a_rotated_secret_signs_beside_the_old_for_as_long_as_asked(db: TestDb) {
        let rig = Rig::over(db).await;
        let kent = rig.listen(KENT, Scheme::V1).await;
        let old = Verifier::Hmac(kent.secret.unwrap());
        let rotated = endpoints::rotate(&rig.hub, code(KENT), kent.id, SignedDuration::from_hours(24)).await.unwrap();
        let new = Verifier::Hmac(SharedSecret::parse(rotated.secret.unwrap().expose_secret()).unwrap());
        place(&rig, 1).await;
        rig.deliver().await;
        let both = kent.posts.take().remove(0);
        assert_eq!(both.signature.matches("v1,").count(), 2, "{}", both.signature);
        assert!(both.verify(&old, rig.now()).is_ok() && both.verify(&new, rig.now()).is_ok());
        rig.clock.advance(24 * 3_600);
        let filter = Filter { state: Some(State::Delivered), limit: 9, ..Filter::default() };
        let notice = deliveries::log(&rig.hub, code(KENT), &filter).await.unwrap().into_iter().find(|delivery| !delivery.is_service()).unwrap();
        deliveries::replay(&rig.hub, code(KENT), notice.id).await.unwrap();
        rig.deliver().await;
        let later = kent.posts.take().remove(0);
        assert_eq!((&later.id, &later.body), (&both.id, &both.body), "a replay has the same id and bytes");
        assert!(later.verify(&new, rig.now()).is_ok() && later.verify(&old, rig.now()).is_err());
    }

    async fn a_range_is_replayed_by_a_person(db: TestDb) {
        let rig = Rig::over(db).await;
        let kent = rig.listen(KENT, Scheme::V1a).await;
        place(&rig, 3).await;
        rig.deliver().await;
        let before = rig.now() - SignedDuration::from_hours(1);
        assert_eq!(deliveries::replay_since(&rig.hub, code(KENT), kent.id, before).await.unwrap(), 3);
        assert_eq!(deliveries::replay_since(&rig.hub, code(KENT), kent.id, before).await.unwrap(), 0, "they wait already");
        rig.deliver().await;
        assert_eq!(kent.posts.count(), 6);
        let later = rig.now() + SignedDuration::from_secs(1);
        assert_eq!(deliveries::replay_since(&rig.hub, code(KENT), kent.id, later).await.unwrap(), 0);
    }

    async fn the_operator_is_told_after_four_hours_and_the_placing_authority_after_a_day(db: TestDb) {
        let rig = Rig::over(db).await;
        let kent = rig.listen(KENT, Scheme::V1a).await;
        kent.posts.answer(Answer::Status(503));
        place(&rig, 2).await;
        let mut seen = Vec::new();
        for hours in [3, 2, 1, 18, 1, 1] {
            rig.deliver().await;
            rig.clock.advance(hours * 3_600);
            chase(&rig).await;
            seen.push((told(&rig, KENT).await, told(&rig, LEWISHAM).await));
        }
        let late = |n: usize| BTreeMap::from([("delivery.late".to_owned(), n)]);
        let none = BTreeMap::new;
        let expected =
            [(none(), none()), (late(1), none()), (late(1), none()), (late(1), late(2)), (late(1), late(2)), (late(1), late(2))];
        assert_eq!(seen, expected, "each once");
        kent.posts.answer(Answer::Status(204));
        rig.clock.advance(30 * 3_600);
        rig.deliver().await;
        chase(&rig).await;
        let recovered = |n: usize| BTreeMap::from([("delivery.late".to_owned(), n), ("delivery.recovered".to_owned(), n)]);
        assert_eq!((told(&rig, KENT).await, told(&rig, LEWISHAM).await), (recovered(1), recovered(2)), "and each cleared");
    }

    async fn an_endpoint_that_only_fails_is_disabled_and_what_waits_is_a_dead_letter(db: TestDb) {
        let rig = Rig::over(db).await;
        let kent = rig.listen(KENT, Scheme::V1a).await;
        kent.posts.answer(Answer::Status(500));
        place(&rig, 2).await;
        rig.deliver().await;
        rig.clock.advance(14 * 24 * 3_600);
        chase(&rig).await;
        assert_eq!(found(&rig, kent.id).await.state, endpoint::State::Disabled);
        assert_eq!(rig.stats(KENT).await.dead, 2);
        assert!(rig.deliveries(KENT).await.iter().all(|dead| dead.error.as_deref() == Some("endpoint-disabled")));
        assert_eq!((told(&rig, KENT).await.get("endpoint.disabled"), told(&rig, LEWISHAM).await.get("delivery.dead")), (Some(&1), Some(&2)));
        kent.posts.answer(Answer::Status(204));
        endpoints::challenge(&rig.hub, code(KENT), kent.id).await.unwrap();
        rig.deliver().await;
        assert_eq!(found(&rig, kent.id).await.state, endpoint::State::Active, "it has proved itself again");
    }
}
