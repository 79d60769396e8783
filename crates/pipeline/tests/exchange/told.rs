//! Who is told what, when, and once: the host's words reach the placing authority, and what does not reach a host is said.

use hub_domain::{AuthorityCode, Dataset};
use hub_notices::{DisputeReason, EventKind, NoticeState, Party, StatementKind, Step};
use hub_pipeline::notices::{self, Answer as Word, Known};
use hub_pipeline::reconcile::UNREADY;
use hub_pipeline::{Settings, jobs, ladder, reconcile};
use hub_store::event::{self, Event, Reader};
use hub_store::job::{self, NewJob};
use hub_store::notice::{self as kept, Filter, NoticeEvent};
use serde_json::{Value, json};

use crate::ladder::{emergency, give, home, placed};
use crate::rig::{Answer, CROYDON, KENT, LEWISHAM, Rig, Row, admission, at, away, code, on};
use crate::statements::{more, says};

const ALL: Filter = Filter { state: None, open: false, before: None, limit: 100 };
/// An authority that takes no part.
const SOUTHWARK: &str = "E09000028";

/// The only notice that Lewisham has given, as Lewisham sees it.
async fn only(rig: &Rig) -> Known {
    let mut all = notices::sent(&rig.hub, code(LEWISHAM), &ALL).await.unwrap();
    assert_eq!(all.len(), 1);
    let id = all.remove(0).notice.id;
    notices::find(&rig.hub, code(LEWISHAM), id).await.unwrap().unwrap()
}

fn word(kind: EventKind, note: &str) -> Word {
    let reason = (kind == EventKind::Disputed).then_some(DisputeReason::NotHere);
    Word { host: code(KENT), client: "kent-duty-desk".to_owned(), kind, note: Some(note.to_owned()), reason }
}

async fn say(rig: &Rig, said: &Word) -> Known {
    notices::answer(&rig.hub, only(rig).await.notice.id, said).await.unwrap()
}

async fn heard(rig: &Rig, reader: Reader, prefix: &str) -> Vec<(String, Value)> {
    let all = event::list(&mut *rig.link().await, reader, None, 20_000).await.unwrap();
    let ours = all.into_iter().filter(|event| event.kind.starts_with(prefix));
    ours.map(|Event { kind, data, .. }| (kind, serde_json::from_str(&data).unwrap())).collect()
}

fn placing() -> Reader {
    Reader::Sender(code(LEWISHAM))
}

/// What its own side hears of a step, whichever the step's audience there.
async fn steps(rig: &Rig, reader: Reader, step: Step) -> usize {
    heard(rig, reader, step.event()).await.len()
}

/// Runs a kind of job now.
async fn run(rig: &Rig, kind: &str) {
    let authority = AuthorityCode::default();
    let (id, dedupe) = (rig.hub.ids.next(), format!("{kind} {}", rig.now()));
    let (kind, payload) = (kind.to_owned(), "null".to_owned());
    let new = NewJob { authority, id, kind, payload, dedupe, run_at: rig.now(), now: rig.now() };
    let mut tx = rig.hub.store.begin().await.unwrap();
    job::enqueue(&mut tx, &new).await.unwrap();
    tx.commit().await.unwrap();
    rig.run().await;
}

/// Runs a step of the ladder for everybody at an instant; how many were told.
async fn climb(rig: &Rig, step: Step, now: &str) -> u64 {
    rig.clock.set(at(now));
    ladder::run(&rig.hub, step, None).await.unwrap()
}

/// Somebody waits for another's transaction to end: on PostgreSQL at the very row that both would write, on SQLite, which has
/// one writer, at the door.
async fn stands_still(rig: &Rig) -> bool {
    let waiting = "SELECT CAST(COUNT(*) AS TEXT) FROM pg_stat_activity \
                   WHERE datname = current_database() AND wait_event_type = 'Lock'";
    rig.hub.store.kind() == "sqlite" || rig.number(waiting).await > 0
}

fn kinds(known: &Known) -> Vec<EventKind> {
    known.events.iter().map(|event| event.kind).collect()
}

hub_testdb::on_both! {
    async fn every_word_of_a_host_is_kept_and_its_questions_reach_the_placing_authority(db: TestDb) {
        let rig = Rig::over(db).await;
        placed(&rig, vec![emergency("one")]).await;
        let said = [
            word(EventKind::Queried, "which school?"),
            word(EventKind::Queried, "which doctor?"),
            word(EventKind::Disputed, "no such home"),
            word(EventKind::Disputed, "the street has another name"),
        ];
        for word in &said {
            for _ in 0..2 {
                say(&rig, word).await;
            }
        }
        let known = only(&rig).await;
        assert_eq!(kinds(&known)[1..], [EventKind::Queried, EventKind::Queried, EventKind::Disputed, EventKind::Disputed]);
        let details: Vec<Value> = known.events[1..].iter().map(|one| serde_json::from_str(&one.detail).unwrap()).collect();
        assert_eq!(details[1], json!({ "note": "which doctor?" }));
        assert_eq!(details[3], json!({ "note": "the street has another name", "reason": "not_here" }));
        let told = heard(&rig, placing(), "notice.").await;
        let kinds_told: Vec<&str> = told.iter().map(|(kind, _)| kind.as_str()).collect();
        assert_eq!(kinds_told, ["notice.queried", "notice.queried", "notice.disputed", "notice.disputed"]);
        let (id, state) = (known.notice.id, "disputed");
        assert_eq!(told[3].1, json!({ "notice": id, "host": KENT, "state": state, "reason": "not_here" }));
        for reader in [Reader::Host(code(KENT)), Reader::Sender(code(CROYDON)), Reader::Operator(None)] {
            assert_eq!(heard(&rig, reader, "notice.").await, [], "the placing side alone: {reader:?}");
        }
        // The placing authority speaks: the same question may be asked again, and is another.
        rig.apply(&on("2026-08-25", &home(vec![emergency("one").with("legal_status", "C1")]))).await;
        say(&rig, &said[3]).await;
        assert_eq!(heard(&rig, placing(), "notice.disputed").await.len(), 3);
    }

    async fn what_a_host_says_of_a_stay_that_is_over_is_kept_too(db: TestDb) {
        let rig = Rig::over(db).await;
        placed(&rig, vec![emergency("one")]).await;
        rig.clock.set(at("2026-08-27T02:00:00Z"));
        rig.apply(&on("2026-08-26", &home(vec![emergency("one").ended("2026-08-26", "E8")]))).await;
        for kind in [EventKind::Acknowledged, EventKind::Queried, EventKind::Disputed] {
            assert_eq!(say(&rig, &word(kind, "made up")).await.notice.state, NoticeState::Ended, "it moves nothing");
        }
        let spoken = [EventKind::Acknowledged, EventKind::Queried, EventKind::Disputed];
        assert!(kinds(&only(&rig).await).ends_with(&spoken));
        assert_eq!(heard(&rig, placing(), "notice.").await.len(), 2);
    }

    async fn a_history_that_two_write_to_at_once_keeps_both(db: TestDb) {
        let rig = Rig::over(db).await;
        placed(&rig, vec![emergency("one")]).await;
        let id = only(&rig).await.notice.id;
        let ladder = NoticeEvent {
            authority: code(LEWISHAM),
            notice: id,
            n: 0,
            kind: EventKind::Escalated,
            at: rig.now(),
            actor: "ladder".to_owned(),
            side: Party::Hub,
            detail: "{}".to_owned(),
        };
        for round in 0..3 {
            let mut tx = rig.hub.store.begin().await.unwrap();
            kept::append_event(&mut tx, &ladder).await.unwrap();
            let (hub, said) = (rig.hub.clone(), word(EventKind::Queried, &format!("round {round}")));
            // The answer takes the place in the history that the ladder has not given up yet.
            let answering = tokio::spawn(async move { notices::answer(&hub, id, &said).await });
            while !answering.is_finished() && !stands_still(&rig).await {
                tokio::task::yield_now().await;
            }
            tx.commit().await.unwrap();
            answering.await.unwrap().unwrap();
        }
        let kinds = kinds(&only(&rig).await);
        for kind in [EventKind::Escalated, EventKind::Queried] {
            assert_eq!(kinds.iter().filter(|one| **one == kind).count(), 3, "{kind}");
        }
    }

    async fn a_host_that_reads_an_inbox_only_is_late_when_it_has_not_read(db: TestDb) {
        let rig = Rig::over(db).await;
        placed(&rig, vec![emergency("one")]).await;
        rig.clock.advance(24 * 3_600 - 1);
        run(&rig, jobs::LATE).await;
        assert_eq!(heard(&rig, placing(), "delivery.").await, []);
        rig.clock.advance(1);
        for _ in 0..2 {
            run(&rig, jobs::LATE).await;
        }
        let known = only(&rig).await;
        let told = heard(&rig, placing(), "delivery.").await;
        let data = json!({
            "notice": known.notice.id, "version": 1, "host": KENT, "issued_at": "2026-08-25T02:00:00Z",
            "attempts": null, "reason": "unread",
        });
        assert_eq!(told, [("delivery.late".to_owned(), data)], "once");
        notices::inbox(&rig.hub, code(KENT), &ALL).await.unwrap();
        let told = heard(&rig, placing(), "delivery.recovered").await;
        assert_eq!((told.len(), &told[0].1["version"]), (1, &json!(1)), "its own read is its receipt");
    }

    async fn a_version_that_its_host_has_not_is_late_whatever_the_notices_state(db: TestDb) {
        let rig = Rig::over(db).await;
        placed(&rig, vec![emergency("one")]).await;
        say(&rig, &word(EventKind::Queried, "which school?")).await;
        rig.clock.advance(30 * 3_600);
        run(&rig, jobs::LATE).await;
        assert_eq!(heard(&rig, placing(), "delivery.").await, [], "who asks has read");
        rig.apply(&on("2026-08-26", &home(vec![emergency("one").with("legal_status", "C1")]))).await;
        let known = only(&rig).await;
        assert_eq!((known.notice.state, known.notice.version), (NoticeState::Queried, 2), "the question stands");
        rig.clock.advance(24 * 3_600);
        run(&rig, jobs::LATE).await;
        assert_eq!(heard(&rig, placing(), "delivery.late").await[0].1["version"], 2);
        notices::seen(&rig.hub, code(KENT), known.notice.id).await.unwrap();
        let known = only(&rig).await;
        assert_eq!(known.notice.state, NoticeState::Queried, "reading answers nothing");
        let delivered = known.events.iter().filter(|event| event.kind == EventKind::Delivered);
        let details: Vec<&str> = delivered.map(|event| event.detail.as_str()).collect();
        assert_eq!(details, [r#"{"version":2}"#]);
        assert_eq!(heard(&rig, placing(), "delivery.recovered").await.len(), 1);
    }

    async fn what_is_accepted_ended_or_taken_back_unread_is_late_as_it_should_be(db: TestDb) {
        let rig = Rig::over(db).await;
        placed(&rig, vec![emergency("one"), emergency("two"), emergency("three")]).await;
        let all = notices::sent(&rig.hub, code(LEWISHAM), &ALL).await.unwrap();
        let of = |child: &str| {
            all.iter().find(|known| known.notice.child_ref.ends_with(child)).map(|known| known.notice.id).unwrap()
        };
        let (one, three) = (of("0one"), of("three"));
        for id in [one, three] {
            notices::answer(&rig.hub, id, &word(EventKind::Acknowledged, "here")).await.unwrap();
        }
        // One ends, and its host does not read that; two is taken back, and its host never knew of it; three stands.
        let over = emergency("one").ended("2026-08-25", "E8");
        rig.apply(&on("2026-08-25", &home(vec![over, emergency("three")]))).await;
        rig.clock.advance(25 * 3_600);
        run(&rig, jobs::LATE).await;
        let told: Vec<Value> = heard(&rig, placing(), "delivery.late").await.into_iter().map(|(_, data)| data).collect();
        assert_eq!(told.iter().map(|data| data["notice"].clone()).collect::<Vec<_>>(), [json!(one)]);
    }

    async fn the_two_days_to_open_run_from_when_it_was_issued(db: TestDb) {
        let rig = Rig::over(db).await;
        placed(&rig, vec![emergency("one")]).await;
        // Read on the second day, and not opened.
        rig.clock.set(at("2026-08-27T09:00:00Z"));
        notices::inbox(&rig.hub, code(KENT), &ALL).await.unwrap();
        assert_eq!(climb(&rig, Step::Unopened, "2026-08-27T23:30:00Z").await, 1, "Tuesday's notice, on Friday");
        assert_eq!(climb(&rig, Step::Unopened, "2026-08-28T05:45:00Z").await, 0);
        // A new version waits anew, and that is said anew.
        rig.apply(&on("2026-08-28", &home(vec![emergency("one").with("legal_status", "C1")]))).await;
        assert_eq!(climb(&rig, Step::Unopened, "2026-09-02T05:45:00Z").await, 0, "Tuesday and Wednesday: Monday is none");
        assert_eq!(climb(&rig, Step::Unopened, "2026-09-03T05:45:00Z").await, 1);
        assert_eq!(steps(&rig, Reader::Host(code(KENT)), Step::Unopened).await, 2);
    }

    async fn what_is_taken_back_and_stands_after_all_climbs_again(db: TestDb) {
        let rig = Rig::over(db).await;
        placed(&rig, vec![emergency("one")]).await;
        assert_eq!(climb(&rig, Step::Overdue, "2026-09-02T05:45:00Z").await, 1);
        rig.apply(&on("2026-09-01", &home(vec![]))).await;
        rig.apply(&on("2026-09-02", &home(vec![emergency("one")]))).await;
        assert_eq!(climb(&rig, Step::Overdue, "2026-09-03T05:45:00Z").await, 1, "it was taken back in between");
        assert_eq!(climb(&rig, Step::Overdue, "2026-09-04T05:45:00Z").await, 0);
    }

    async fn a_second_end_is_as_silent_as_the_first(db: TestDb) {
        let rig = Rig::over(db).await;
        placed(&rig, vec![emergency("one")]).await;
        give(&rig, "one", &[]).await;
        let over = |on: &str| emergency("one").ended(on, "E8");
        rig.clock.set(at("2026-08-28T02:00:00Z"));
        rig.apply(&on("2026-08-27", &home(vec![over("2026-08-27")]))).await;
        assert_eq!(climb(&rig, Step::SilentEnd, "2026-09-12T05:45:00Z").await, 1);
        rig.apply(&on("2026-09-12", &home(vec![emergency("one")]))).await;
        rig.clock.set(at("2026-09-15T02:00:00Z"));
        rig.apply(&on("2026-09-14", &home(vec![over("2026-09-14")]))).await;
        assert_eq!(climb(&rig, Step::SilentEnd, "2026-09-30T05:45:00Z").await, 1, "another end");
        assert_eq!(climb(&rig, Step::SilentEnd, "2026-10-01T05:45:00Z").await, 0);
    }

    async fn a_home_that_loses_its_registration_again_is_told_again(db: TestDb) {
        let rig = Rig::over(db).await;
        let state = |word: &str, as_at: &str| on(as_at, &home(vec![away("one", "2026-07-20", KENT).with("registration", word)]));
        rig.clock.set(at("2026-07-24T02:00:00Z"));
        rig.apply(&state("unregistered", "2026-07-20")).await;
        rig.apply(&state("pending", "2026-07-21")).await;
        assert_eq!(steps(&rig, placing(), Step::Unregistered).await, 1, "pending is unregistered in law");
        rig.apply(&state("registered", "2026-07-22")).await;
        rig.apply(&state("unregistered", "2026-07-23")).await;
        assert_eq!(steps(&rig, placing(), Step::Unregistered).await, 2);
        assert_eq!(steps(&rig, Reader::Host(code(KENT)), Step::Unregistered).await, 2);
    }

    async fn a_reason_that_was_taken_back_excuses_no_silence(db: TestDb) {
        let rig = Rig::over(db).await;
        placed(&rig, vec![emergency("one")]).await;
        give(&rig, "one", &[("not_practicable_reason", "made up".into())]).await;
        let back = json!({ "withdrawn_because": "not_placed" });
        says(&rig, &more(StatementKind::Withdraw, &only(&rig).await, back)).await;
        rig.apply(&on("2026-08-25", &home(vec![emergency("one").with("legal_status", "C1")]))).await;
        let known = only(&rig).await;
        assert_eq!((known.notice.state, known.notice.given.placement), (NoticeState::Raised, None), "the feed shows the child");
        assert_eq!(climb(&rig, Step::Overdue, "2026-09-02T05:45:00Z").await, 1);
        let clock = &only(&rig).await.clocks(&rig.hub)[0];
        assert_eq!((clock.status.as_str(), &clock.reason), ("overdue", &None));
    }

    async fn a_notice_of_an_authority_that_takes_no_part_is_chased_too(db: TestDb) {
        let rig = Rig::over(db).await;
        let outside = admission("ad-1", "2026-07-20").with("placing_la", SOUTHWARK);
        rig.apply(&on("2026-07-20", &[outside]).from(KENT).of(Dataset::Admissions)).await;
        rig.clock.set(at("2026-07-21T05:30:00Z"));
        reconcile::run(&rig.hub).await.unwrap();
        let shells = kept::sent(&mut *rig.link().await, code(SOUTHWARK), &ALL).await.unwrap();
        assert_eq!(shells.len(), 1, "the home named it");
        assert_eq!(climb(&rig, Step::Unopened, "2026-07-24T05:45:00Z").await, 1);
        assert_eq!(steps(&rig, Reader::Host(code(KENT)), Step::Unopened).await, 1);
    }

    async fn a_child_in_an_unregistered_setting_of_its_own_borough_is_told_of_at_once(db: TestDb) {
        let rig = Rig::over(db).await;
        let near = |child: &str, registration: &str| {
            let row = away(child, "2026-07-20", LEWISHAM).with("registration", registration);
            row.with("setting_ref", format!("st-{child}"))
        };
        let grown = near("grown", "unregistered").with("birth_month", "2008-06");
        let rows: Vec<Row> = vec![near("one", "unregistered"), near("two", "pending"), near("three", "registered"), grown];
        rig.apply(&on("2026-07-20", &home(rows))).await;
        let told = heard(&rig, placing(), Step::Unregistered.event()).await;
        let mut settings: Vec<_> = told.iter().map(|(_, data)| (data["setting"].clone(), data["registration"].clone())).collect();
        settings.sort_by_key(|(_, registration)| registration.to_string());
        assert_eq!(settings, [(json!({ "urn": "1234568" }), json!("pending")), (json!({ "urn": "1234568" }), json!("unregistered"))]);
        for (_, data) in &told {
            assert!(!data.to_string().contains("made_up_child"), "{data}");
            assert_eq!((&data["own_area"], &data["since"]), (&json!(true), &json!("2026-07-20")));
        }
        run(&rig, jobs::RECONCILE).await;
        rig.apply(&on("2026-07-21", &home(vec![near("one", "unregistered").with("solo", true)]))).await;
        assert_eq!(steps(&rig, placing(), Step::Unregistered).await, 2, "each once, and at night too");
        assert_eq!(heard(&rig, Reader::Operator(None), Step::Unregistered.event()).await, []);
    }

    async fn a_second_spell_without_registration_is_told_of_whoever_says_it(db: TestDb) {
        let rig = Rig::over(db).await;
        let state = |word: &str, as_at: &str| {
            let near = away("near", "2026-07-20", LEWISHAM).with("registration", word).with("setting_ref", "st-near");
            on(as_at, &home(vec![near, away("far", "2026-07-20", KENT)]))
        };
        for (as_at, word, times) in [
            ("2026-07-20", "unregistered", 1),
            ("2026-07-21", "pending", 1),
            ("2026-07-22", "registered", 1),
            ("2026-07-23", "unregistered", 2),
            ("2026-07-24", "unregistered", 2),
        ] {
            rig.clock.set(at(&format!("{as_at}T20:00:00Z")));
            rig.apply(&state(word, as_at)).await;
            assert_eq!(steps(&rig, placing(), Step::Unregistered).await, times, "{as_at}");
        }
    }

    /// What the hub cannot tell a host of is told to the placing director all the same.
    async fn a_child_in_an_unregistered_setting_whose_host_cannot_be_told_is_told_of(db: TestDb) {
        let rig = Rig::over(db).await;
        let wales = away("one", "2026-07-20", "W06000015").with("registration", "unregistered");
        rig.apply(&on("2026-07-20", &home(vec![wales]))).await;
        assert_eq!(only(&rig).await.notice.state, NoticeState::Held);
        assert_eq!(steps(&rig, placing(), Step::Unregistered).await, 1);
        assert_eq!(steps(&rig, Reader::Host(code("W06000015")), Step::Unregistered).await, 0);
    }

    /// Surrey on 1 April 2027 (promise S11): the feed still describes the day before.
    async fn on_the_day_an_authority_ends_nobody_is_told_in_its_name(db: TestDb) {
        let rig = Rig::over(db).await;
        let (surrey, east) = ("E10000030", "X06000001");
        rig.clock.set(at("2027-03-31T02:00:00Z"));
        rig.apply(&on("2027-03-31", &home(vec![away("stays", "2027-03-01", surrey)]))).await;
        assert!(only(&rig).await.notice.issued);
        rig.clock.set(at("2027-04-01T02:00:00Z"));
        let rows = vec![away("stays", "2027-03-01", surrey), away("gone", "2027-03-30", surrey), away("new", "2027-03-30", east)];
        rig.apply(&on("2027-03-31", &home(rows))).await;
        let all = kept::sent(&mut *rig.link().await, code(LEWISHAM), &ALL).await.unwrap();
        let of = |host: &str, start: &str| {
            let found = all.iter().find(|it| it.host == code(host) && it.started_on.to_string() == start);
            found.map(|it| it.state)
        };
        assert_eq!(of(surrey, "2027-03-30"), Some(NoticeState::Held), "it is no more");
        assert_eq!(of(east, "2027-04-01"), Some(NoticeState::Raised), "it is since today");
        assert_eq!(of(surrey, "2027-03-01"), Some(NoticeState::Raised), "what was told was told");
        assert_eq!(climb(&rig, Step::HostEnded, "2027-04-01T05:45:00Z").await, 1, "and somebody must say who has the area now");
        assert_eq!(climb(&rig, Step::HostEnded, "2027-04-02T05:45:00Z").await, 0);
        assert_eq!(steps(&rig, Reader::Operator(None), Step::HostEnded).await, 1);
        assert_eq!(steps(&rig, Reader::Host(code(surrey)), Step::HostEnded).await, 0);
    }

    async fn lists_that_are_not_there_at_seven_are_the_operators_business(db: TestDb) {
        let rig = Rig::over(db).await;
        let seven = |date: &str| at(&format!("{date}T06:00:00Z"));
        rig.clock.set(at("2026-07-21T05:30:00Z"));
        run(&rig, jobs::RECONCILE).await;
        rig.clock.set(seven("2026-07-21"));
        run(&rig, jobs::UNREADY).await;
        assert_eq!(heard(&rig, Reader::Operator(None), UNREADY).await, [], "all are there");
        rig.clock.set(seven("2026-07-22"));
        for _ in 0..2 {
            run(&rig, jobs::UNREADY).await;
        }
        let told = heard(&rig, Reader::Operator(None), UNREADY).await;
        let all = json!([LEWISHAM, "E09000006", CROYDON, KENT]);
        assert_eq!((told.len(), &told[0].1["night"]), (1, &json!("2026-07-22")));
        let mut named: Vec<String> = serde_json::from_value(told[0].1["authorities"].clone()).unwrap();
        let mut wanted: Vec<String> = serde_json::from_value(all).unwrap();
        named.sort();
        wanted.sort();
        assert_eq!(named, wanted);
    }

    async fn what_an_address_refused_is_said_of_that_version_alone(db: TestDb) {
        let rig = Rig::over(db).await;
        let kent = rig.listen(KENT, hub_store::endpoint::Scheme::V1a).await;
        kent.posts.answer(Answer::Status(503));
        placed(&rig, vec![emergency("one")]).await;
        hub_pipeline::endpoints::remove(&rig.hub, code(KENT), kent.id).await.unwrap();
        assert_eq!(ladder::run(&rig.hub, Step::Undeliverable, None).await.unwrap(), 1);
        rig.clock.advance(3_600);
        rig.apply(&on("2026-08-25", &home(vec![emergency("one").with("legal_status", "C1")]))).await;
        assert_eq!(ladder::run(&rig.hub, Step::Undeliverable, None).await.unwrap(), 0, "nothing has refused the second");
    }
}

/// Every day, before offices open, or it is refused.
#[test]
fn a_nightly_list_that_comes_too_late_is_refused_at_the_start() {
    let plans = |pattern: &str| jobs::plans(&Settings { reconcile_at: pattern.to_owned(), ..Settings::default() });
    for good in ["30 6 * * *", "0 5 * * *", "59 6 * * *", "*/30 * * * *", "30 6,12 * * *"] {
        assert!(plans(good).is_ok(), "{good}");
    }
    for late in ["0 7 * * *", "0 12 * * *", "30 6 * * 1-5", "30 6 1 * *"] {
        assert!(plans(late).unwrap_err().to_string().contains("07:00"), "{late}");
    }
}
