//! From a child placed over the border to a host that knows: notices, their deliveries, their answers.

use hub_notices::{EventKind, Notice, NoticeKind, NoticeState, WithdrawalReason};
use hub_pipeline::notices::{self, Answer as Word, AnswerRefusal, Known};
use hub_pipeline::submissions;
use hub_store::delivery::State;
use hub_store::endpoint::Scheme;
use hub_store::notice::Filter;
use hub_webhook::Verifier;

use crate::rig::{
    Answer, BROMLEY, CROYDON, KENT, LEWISHAM, Post, Rig, Row, at, away, code, day, episode, on, verifier,
};

const ALL: Filter = Filter { state: None, open: false, before: None, limit: 100 };

async fn sent(rig: &Rig) -> Vec<Known> {
    notices::sent(&rig.hub, code(LEWISHAM), &ALL).await.unwrap()
}

/// The only notice that Lewisham has given.
async fn only(rig: &Rig) -> Notice {
    let mut all = sent(rig).await;
    assert_eq!(all.len(), 1);
    all.remove(0).notice
}

async fn inbox(rig: &Rig, host: &str) -> Vec<Notice> {
    let known = notices::inbox(&rig.hub, code(host), &ALL).await.unwrap();
    known.into_iter().map(|known| known.notice).collect()
}

async fn kinds(rig: &Rig, notice: &Notice) -> Vec<EventKind> {
    let known = notices::find(&rig.hub, code(LEWISHAM), notice.id).await.unwrap().unwrap();
    known.events.iter().map(|event| event.kind).collect()
}

fn word(host: &str, kind: EventKind) -> Word {
    Word { host: code(host), client: "kent-duty-desk".to_owned(), kind, note: None, reason: None }
}

/// What each request was about: `notice.raised`, and its host.
fn events(posts: &[Post]) -> Vec<(String, String)> {
    let event = |post: &Post| {
        let event = post.event();
        let kind = event["type"].as_str().unwrap();
        let kind = kind.strip_prefix("uk.sufficiencyhub.").and_then(|kind| kind.strip_suffix(".v1")).unwrap();
        (kind.to_owned(), event["data"]["host"]["code"].as_str().unwrap().to_owned())
    };
    posts.iter().map(event).collect()
}

/// A child moved in an emergency to Kent on a Friday.
fn emergency() -> Row {
    away("one", "2026-07-17", KENT).with("planned", false).with("emergency", true)
}

/// The rows of children who stay at home, so that one more or less is not a fifth of the feed.
fn with(rows: Vec<Row>) -> Vec<Row> {
    (0..20).map(|n| episode(&format!("home{n}"), "2026-03-02")).chain(rows).collect()
}

hub_testdb::on_both! {
    async fn a_placement_over_the_border_is_told_signed_and_recorded(db: TestDb) {
        let rig = Rig::over(db).await;
        let kent = rig.host(KENT, Scheme::V1a).await;
        rig.apply(&on("2026-07-20", &with(vec![emergency()]))).await;
        let notice = only(&rig).await;
        assert_eq!((notice.kind, notice.state, notice.host), (NoticeKind::Placement, NoticeState::Raised, code(KENT)));
        assert!(notice.terms.class.needs_director(), "Kent does not adjoin Lewisham");
        // Five working days after Friday the 17th end with Friday the 24th.
        assert_eq!(notice.deadline.unwrap().due_at, at("2026-07-24T23:00:00Z"));

        assert_eq!(rig.deliver().await, 1);
        let posts = kent.take();
        assert_eq!(events(&posts), [("notice.raised".to_owned(), KENT.to_owned())]);
        posts[0].verify(&verifier(), rig.now()).unwrap();
        assert_eq!(posts[0].event()["id"], posts[0].id);
        for word in ["birth_month", "2012-09", "\"sex\"", "SE13"] {
            assert!(!posts[0].body.contains(word), "{word}");
        }
        assert_eq!(only(&rig).await.state, NoticeState::Delivered);
        assert_eq!(kinds(&rig, &notice).await, [EventKind::Raised, EventKind::Delivered]);
        for side in [LEWISHAM, KENT] {
            let attempts = notices::attempts(&rig.hub, code(side), notice.id).await.unwrap().unwrap();
            assert_eq!(attempts.len(), 1, "{side}");
            let (delivery, attempts) = &attempts[0];
            assert_eq!((delivery.state, attempts.len(), attempts[0].status), (State::Delivered, 1, Some(204)), "{side}");
        }
        assert!(notices::attempts(&rig.hub, code(CROYDON), notice.id).await.unwrap().is_none());
        assert_eq!(rig.deliver().await, 0);
    }

    async fn a_planned_placement_next_door_is_due_before_it_starts(db: TestDb) {
        let rig = Rig::over(db).await;
        rig.apply(&on("2026-07-20", &with(vec![away("one", "2026-07-15", BROMLEY)]))).await;
        let notice = only(&rig).await;
        assert_eq!(notice.terms.class.as_str(), "adjoining");
        assert_eq!(notice.deadline.unwrap().due_at, at("2026-07-14T23:00:00Z"));
        assert!(notice.late_when_first_seen());
    }

    async fn a_shared_secret_signs_for_its_own_endpoint(db: TestDb) {
        let rig = Rig::over(db).await;
        let receiver = rig.listen(KENT, Scheme::V1).await;
        rig.apply(&on("2026-07-20", &with(vec![emergency()]))).await;
        rig.deliver().await;
        let posts = receiver.posts.take();
        posts[0].verify(&Verifier::Hmac(receiver.secret.unwrap()), rig.now()).unwrap();
        assert!(posts[0].verify(&verifier(), rig.now()).is_err(), "the hub's own key signs for others");
    }

    async fn the_first_load_is_a_register_without_clocks(db: TestDb) {
        let rig = Rig::over(db).await;
        let kent = rig.host(KENT, Scheme::V1a).await;
        // Lewisham joined on 1 April.
        let rows = with(vec![away("before", "2026-03-02", KENT), away("after", "2026-05-04", KENT)]);
        rig.apply(&on("2026-07-20", &rows)).await;
        rig.deliver().await;
        let mut told = events(&kent.take());
        told.sort();
        assert_eq!(told, [("notice.raised".to_owned(), KENT.to_owned()), ("notice.registered".to_owned(), KENT.to_owned())]);
        let register = sent(&rig).await.into_iter().map(|known| known.notice);
        let register: Vec<_> = register.filter(|notice| notice.kind == NoticeKind::Register).collect();
        assert_eq!(register.len(), 1);
        assert_eq!((register[0].deadline, register[0].start), (None, day("2026-03-02")));
    }

    async fn a_move_ends_one_notice_and_raises_the_next(db: TestDb) {
        let rig = Rig::over(db).await;
        let (kent, bromley) = (rig.host(KENT, Scheme::V1a).await, rig.host(BROMLEY, Scheme::V1a).await);
        rig.apply(&on("2026-07-19", &with(vec![emergency()]))).await;
        rig.deliver().await;
        let moved = vec![
            emergency().ended("2026-07-20", "X1"),
            away("one", "2026-07-20", BROMLEY).with("reason_new_episode", "P").with("setting_ref", "st-2"),
        ];
        rig.apply(&on("2026-07-20", &with(moved))).await;
        rig.deliver().await;
        assert_eq!(events(&kent.take()).last().unwrap().0, "notice.ended");
        assert_eq!(events(&bromley.take()), [("notice.raised".to_owned(), BROMLEY.to_owned())]);
        let ended = inbox(&rig, KENT).await.remove(0);
        assert_eq!(ended.ending.unwrap().destination, Some(code(BROMLEY)));
    }

    async fn the_end_of_care_is_told_with_its_own_clock(db: TestDb) {
        let rig = Rig::over(db).await;
        let kent = rig.host(KENT, Scheme::V1a).await;
        rig.apply(&on("2026-07-18", &with(vec![emergency()]))).await;
        rig.deliver().await;
        rig.apply(&on("2026-07-20", &with(vec![emergency().ended("2026-07-20", "E4A")]))).await;
        rig.deliver().await;
        let posts = kent.take();
        assert_eq!(events(&posts)[1].0, "notice.ended");
        assert_ne!(posts[0].id, posts[1].id);
        let notice = only(&rig).await;
        assert_eq!(notice.state, NoticeState::Ended);
        // Ten working days after Monday the 20th end with Monday 3 August.
        assert_eq!(notice.ending.unwrap().deadline.unwrap().due_at, at("2026-08-03T23:00:00Z"));
    }

    async fn a_withdrawn_submission_takes_its_notices_back(db: TestDb) {
        let rig = Rig::over(db).await;
        let kent = rig.host(KENT, Scheme::V1a).await;
        rig.apply(&on("2026-07-19", &with(vec![]))).await;
        let before = rig.believed().await;
        let wrong = rig.send(&on("2026-07-20", &with(vec![emergency()]))).await;
        rig.deliver().await;
        submissions::withdraw(&rig.hub, wrong.authority, wrong.id).await.unwrap();
        rig.deliver().await;
        assert_eq!(rig.believed().await, before);
        let told: Vec<String> = events(&kent.take()).into_iter().map(|(kind, _)| kind).collect();
        assert_eq!(told, ["notice.raised", "notice.withdrawn"]);
        assert_eq!(only(&rig).await.withdrawn_because, Some(WithdrawalReason::NotReported));
        // Sent again, it stands after all: the same notice, raised anew.
        rig.apply(&on("2026-07-20", &with(vec![emergency()]))).await;
        let again = only(&rig).await;
        assert_eq!((again.state, again.version), (NoticeState::Raised, 3));
    }

    async fn a_host_without_a_webhook_reads_and_answers_in_its_inbox(db: TestDb) {
        let rig = Rig::over(db).await;
        rig.apply(&on("2026-07-20", &with(vec![emergency()]))).await;
        assert!(inbox(&rig, CROYDON).await.is_empty());
        let raised = Filter { state: Some(NoticeState::Raised), ..ALL };
        let unread = notices::inbox(&rig.hub, code(KENT), &raised).await.unwrap();
        assert_eq!(unread.len(), 1, "what is asked for as unread is shown");
        assert_eq!(unread[0].notice.state, NoticeState::Delivered, "its own read is its receipt");
        assert!(notices::inbox(&rig.hub, code(KENT), &raised).await.unwrap().is_empty());
        let notice = inbox(&rig, KENT).await.remove(0);
        assert_eq!(notice.state, NoticeState::Delivered);

        let foreign = notices::answer(&rig.hub, notice.id, &word(CROYDON, EventKind::Acknowledged)).await;
        assert!(matches!(foreign, Err(AnswerRefusal::NotFound)));
        let own = notices::answer(&rig.hub, notice.id, &word(LEWISHAM, EventKind::Acknowledged)).await;
        assert!(matches!(own, Err(AnswerRefusal::NotFound)), "who placed the child does not answer for the host");
        for _ in 0..2 {
            let known = notices::answer(&rig.hub, notice.id, &word(KENT, EventKind::Acknowledged)).await.unwrap();
            assert_eq!(known.notice.state, NoticeState::Acknowledged);
        }
        let wrong = notices::answer(&rig.hub, notice.id, &word(KENT, EventKind::Raised)).await;
        assert!(matches!(wrong, Err(AnswerRefusal::State(_))));
        assert_eq!(kinds(&rig, &notice).await, [EventKind::Raised, EventKind::Delivered, EventKind::Acknowledged]);
    }

    async fn only_an_answer_of_2xx_to_the_latest_version_delivers(db: TestDb) {
        let rig = Rig::over(db).await;
        let kent = rig.host(KENT, Scheme::V1a).await;
        kent.answer_next([Answer::Status(503), Answer::Later(503, 600)]);
        rig.apply(&on("2026-07-19", &with(vec![emergency()]))).await;
        assert_eq!(rig.deliver().await, 1);
        assert_eq!(only(&rig).await.state, NoticeState::Raised);
        rig.clock.advance(1);
        rig.apply(&on("2026-07-20", &with(vec![emergency().with("legal_status", "C1")]))).await;
        assert_eq!(only(&rig).await.version, 2);
        assert_eq!(rig.deliver().await, 1);
        // The first version arrives at last; the second still waits.
        rig.clock.advance(10);
        assert_eq!(rig.deliver().await, 1);
        let told: Vec<String> = events(&kent.take()).into_iter().map(|(kind, _)| kind).collect();
        assert_eq!(told, ["notice.raised", "notice.changed", "notice.raised"]);
        assert_eq!(only(&rig).await.state, NoticeState::Raised, "the host has not been told what is so now");
        rig.clock.advance(600);
        assert_eq!(rig.deliver().await, 1);
        assert_eq!(only(&rig).await.state, NoticeState::Delivered);
    }

    async fn a_removed_endpoint_is_sent_nothing_more(db: TestDb) {
        let rig = Rig::over(db).await;
        let old = rig.listen(KENT, Scheme::V1).await;
        rig.apply(&on("2026-07-19", &with(vec![emergency()]))).await;
        assert!(hub_pipeline::endpoints::remove(&rig.hub, code(KENT), old.id).await.unwrap());
        assert!(!hub_pipeline::endpoints::remove(&rig.hub, code(CROYDON), old.id).await.unwrap());
        assert_eq!(rig.deliver().await, 0);
        assert_eq!(rig.stats(KENT).await.dead, 1);
        let new = rig.host(KENT, Scheme::V1a).await;
        rig.apply(&on("2026-07-20", &with(vec![emergency(), away("two", "2026-07-18", KENT)]))).await;
        rig.deliver().await;
        assert_eq!((old.posts.count(), new.count()), (0, 1));
        assert_eq!(inbox(&rig, KENT).await.len(), 2, "nothing is lost: the inbox has both");
    }

    async fn an_answer_and_a_feed_that_meet_both_stand(db: TestDb) {
        let rig = Rig::over(db).await;
        rig.apply(&on("2026-07-19", &with(vec![emergency()]))).await;
        let notice = inbox(&rig, KENT).await.remove(0);
        for (nth, status) in ["C1", "E1", "V2"].into_iter().enumerate() {
            let parcel = on("2026-07-20", &with(vec![emergency().with("legal_status", status)]));
            let hub = rig.hub.clone();
            let (id, said) = (notice.id, word(KENT, EventKind::Disputed));
            let answering = tokio::spawn(async move { notices::answer(&hub, id, &said).await });
            rig.apply(&parcel).await;
            answering.await.unwrap().unwrap();
            let now = only(&rig).await;
            assert_eq!(now.terms.legal_status, status, "{nth}");
            assert_eq!(now.state, NoticeState::Disputed, "a dispute stays open through a change");
        }
    }

    async fn a_late_correction_does_not_date_a_notice_back(db: TestDb) {
        let rig = Rig::over(db).await;
        rig.apply(&on("2026-07-20", &with(vec![]))).await;
        let late = on("2026-07-18", &[emergency()]).changes().correction();
        rig.apply(&late).await;
        assert!(sent(&rig).await.is_empty(), "a later full feed does not know the child");
        rig.apply(&on("2026-07-20", &[emergency()]).changes()).await;
        assert_eq!(only(&rig).await.first_seen, Some(day("2026-07-20")));
    }
}
