//! What a placing authority states, from the request to the host.

use hub_notices::{ClockKind, ClockStatus, Details, EventKind, Flag, NoticeState, SealedPart, Standing, StatementKind};
use hub_pipeline::members;
use hub_pipeline::notices::{self, Answer as Word, Known};
use hub_pipeline::statements::{Said, Saying, StateRefusal, state};
use hub_store::endpoint::Scheme;
use hub_store::event;
use hub_store::notice::{self as kept, Filter};
use serde_json::{Map, Value, json};

use crate::rig::{KENT, LEWISHAM, Post, Rig, Row, away, code, episode, on};

const ALL: Filter = Filter { state: None, open: false, before: None, limit: 100 };
const CHILD: &str = "made_up_child_000000000one";

/// A whole notice of a placement in Kent from 25 July.
fn whole() -> Map<String, Value> {
    let sample = include_str!("../../../notices/samples/placement.json");
    let mut members: Map<String, Value> = serde_json::from_str(sample).unwrap();
    members.insert("child_ref".into(), json!(CHILD));
    members.insert("placement_start".into(), json!("2026-07-25"));
    members.insert("urn".into(), json!("1234568"));
    members.insert("setting_ref".into(), json!("st-1"));
    members
}

fn saying(kind: StatementKind, members: Map<String, Value>) -> Saying {
    Saying {
        authority: code(LEWISHAM),
        client: "lewisham-placements".to_owned(),
        signed_by: None,
        kind,
        notice: None,
        provisional: false,
        members,
        key: None,
    }
}

pub(crate) fn placement() -> Saying {
    saying(StatementKind::Placement, whole())
}

/// More of the notice that is there.
pub(crate) fn more(kind: StatementKind, notice: &Known, members: Value) -> Saying {
    let Value::Object(members) = members else { panic!("an object") };
    Saying { notice: Some(notice.notice.id), ..saying(kind, members) }
}

pub(crate) async fn says(rig: &Rig, saying: &Saying) -> Known {
    let Said { known, replayed } = state(&rig.hub, saying).await.unwrap();
    assert!(!replayed);
    known
}

async fn answers(rig: &Rig, notice: &Known, kind: EventKind) -> Known {
    let word = Word { host: code(KENT), client: "kent-duty-desk".to_owned(), kind, note: None, reason: None };
    notices::answer(&rig.hub, notice.notice.id, &word).await.unwrap()
}

/// What was sent, in order of versions: deliveries side by side may overtake one another.
pub(crate) fn types(posts: &[Post]) -> Vec<String> {
    let mut posts: Vec<_> = posts.iter().collect();
    posts.sort_by_key(|post| post.event()["data"]["version"].as_u64());
    let kind =
        |post: &Post| post.event()["type"].as_str().unwrap().replace("uk.sufficiencyhub.", "").replace(".v1", "");
    posts.into_iter().map(kind).collect()
}

/// The child in Kent, and children who stay at home.
fn feed() -> Vec<Row> {
    let there = away("one", "2026-07-25", KENT).with("planned", true).with("emergency", false);
    let there =
        there.with("placement_sector", "ME1 1").with("registration", "registered").with("approver_role", "director");
    (0..20).map(|n| episode(&format!("home{n}"), "2026-03-02")).chain([there]).collect()
}

hub_testdb::on_both! {
    async fn notice_is_given_delivered_acknowledged_and_complete(db: TestDb) {
        let rig = Rig::over(db).await;
        let kent = rig.host(KENT, Scheme::V1a).await;
        let consulted = says(&rig, &saying(StatementKind::Consult, whole())).await;
        assert_eq!(consulted.notice.standing(), Standing::Consulted);
        rig.clock.advance(60);
        let given = says(&rig, &placement()).await;
        assert_eq!((given.notice.id, given.notice.standing()), (consulted.notice.id, Standing::Stated));
        assert_eq!(given.notice.flags, [] as [Flag; 0]);
        rig.deliver().await;
        let posts = kent.take();
        assert_eq!(types(&posts), ["notice.consulted", "notice.stated"]);
        let stated = posts.iter().map(Post::event).find(|event| event["data"]["version"] == 2).unwrap();
        let data = &stated["data"];
        assert_eq!((&data["standing"], &data["statement"]["iro_name"]), (&json!("stated"), &json!("C. Doyle")));
        assert_eq!(data["statement"]["child_ref"], Value::Null);
        let clocks = given.clocks(&rig.hub);
        assert_eq!((clocks[0].kind, clocks[0].status), (ClockKind::Planned, ClockStatus::Met));

        // Sealed parts are outstanding: acknowledged is not complete, until they are there.
        let known = answers(&rig, &given, EventKind::Acknowledged).await;
        assert_eq!(known.notice.state, NoticeState::Acknowledged);
        let mut tx = rig.hub.store.begin().await.unwrap();
        let row = kept::find(&mut tx, code(LEWISHAM), given.notice.id).await.unwrap().unwrap();
        let sealed = notices::sealed(&rig.hub, &mut tx, &row, SealedPart::ALL.to_vec(), ("lewisham", json!({}))).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(sealed.state, NoticeState::Complete);
        let known = notices::find(&rig.hub, code(KENT), given.notice.id).await.unwrap().unwrap();
        let kinds: Vec<_> = known.events.iter().map(|event| event.kind).collect();
        assert_eq!(kinds.last(), Some(&EventKind::Completed));
        assert_eq!(known.statements.len(), 2);
        assert_eq!(known.statements[1].client, "lewisham-placements");

        // The feed shows it: nobody is told again, and nothing is lost.
        rig.clock.set("2026-07-26T02:00:00Z".parse().unwrap());
        rig.apply(&on("2026-07-25", &feed())).await;
        rig.deliver().await;
        assert_eq!(kent.take().len(), 0);
        let known = notices::find(&rig.hub, code(LEWISHAM), given.notice.id).await.unwrap().unwrap();
        assert_eq!((known.notice.state, known.notice.differences_from_feed().len()), (NoticeState::Complete, 0));
        assert!(known.notice.first_seen.is_some());
    }

    /// Reg 13(4)(a) asks for the notice, reg 13(4)(b) for needs and care plan in it: two clocks to one day.
    async fn an_emergency_notice_with_nothing_sealed_in_it_is_not_whole(db: TestDb) {
        let rig = Rig::over(db).await;
        let kent = rig.host(KENT, Scheme::V1a).await;
        let mut members = whole();
        members.insert("placement_start".into(), json!("2026-07-21"));
        members.insert("emergency".into(), json!(true));
        members.insert("emergency_reason".into(), json!("made up"));
        rig.clock.set("2026-07-22T09:00:00Z".parse().unwrap());
        let given = says(&rig, &saying(StatementKind::Placement, members)).await;
        let clocks = |known: &Known| {
            let all = known.clocks(&rig.hub);
            let of = |kind| all.iter().find(|clock| clock.kind == kind).map(|clock| clock.status).unwrap();
            (of(ClockKind::Emergency), of(ClockKind::Details))
        };
        assert_eq!(clocks(&given), (ClockStatus::Met, ClockStatus::Running));
        rig.deliver().await;
        let event = kent.take()[0].event();
        assert_eq!(event["data"]["details"], "outstanding", "the host sees it");
        assert_eq!(event["data"]["origin"]["source_system"], "social-care-records");
        assert_eq!(event["data"]["origin"]["sha256"].as_str().unwrap().len(), 64);

        // The fifth working day is over: only the notice itself was in time.
        rig.clock.set("2026-07-29T09:00:00Z".parse().unwrap());
        let known = notices::find(&rig.hub, code(KENT), given.notice.id).await.unwrap().unwrap();
        assert_eq!(clocks(&known), (ClockStatus::Met, ClockStatus::Overdue));
        let mut tx = rig.hub.store.begin().await.unwrap();
        let row = kept::find(&mut tx, code(LEWISHAM), given.notice.id).await.unwrap().unwrap();
        let parts = vec![SealedPart::Needs, SealedPart::CarePlan];
        notices::sealed(&rig.hub, &mut tx, &row, parts, ("lewisham", json!({}))).await.unwrap();
        tx.commit().await.unwrap();
        let known = notices::find(&rig.hub, code(LEWISHAM), given.notice.id).await.unwrap().unwrap();
        assert_eq!(clocks(&known), (ClockStatus::Met, ClockStatus::Late));
        assert_eq!(known.notice.details(), Details::Given);
    }

    /// Where it comes from is always said: the system, the client's key, and what its record hashes to.
    async fn a_statement_says_where_it_comes_from(db: TestDb) {
        let rig = Rig::over(db).await;
        let mut members = whole();
        members.remove("source_system");
        let signed = Saying { signed_by: Some("key-1".into()), ..saying(StatementKind::Placement, members) };
        let given = says(&rig, &signed).await;
        assert_eq!(given.statements[0].key_id.as_deref(), Some("key-1"));
        let said = given.notice.statement.as_deref().unwrap();
        assert_eq!(said.said.source_system.as_deref(), Some("lewisham-placements"), "unless it is named, the client");
        let detail: Value = serde_json::from_str(&given.events[0].detail).unwrap();
        assert_eq!((&detail["signed_by"], &detail["source_system"]), (&json!("key-1"), &json!("lewisham-placements")));
        assert!(detail["sha256"].is_string());
        // A feed's notice names its submission.
        rig.apply(&on("2026-07-20", &[away("two", "2026-07-10", KENT)])).await;
        let shell = notices::sent(&rig.hub, code(LEWISHAM), &ALL).await.unwrap();
        let shell = shell.iter().find(|known| known.notice.standing() == Standing::PresumedMissing).unwrap();
        let shell = notices::find(&rig.hub, code(LEWISHAM), shell.notice.id).await.unwrap().unwrap();
        let detail: Value = serde_json::from_str(&shell.events[0].detail).unwrap();
        assert!(detail["submission"].is_string() && detail["sha256"].is_string() && detail["source_system"].is_string());
    }

    async fn a_shell_of_the_feed_becomes_a_notice_given_late(db: TestDb) {
        let rig = Rig::over(db).await;
        rig.clock.set("2026-07-28T02:00:00Z".parse().unwrap());
        rig.apply(&on("2026-07-27", &feed())).await;
        let shell = notices::sent(&rig.hub, code(LEWISHAM), &ALL).await.unwrap().remove(0);
        assert_eq!(shell.notice.standing(), Standing::PresumedMissing);
        let given = says(&rig, &placement()).await;
        assert_eq!((given.notice.id, given.notice.version), (shell.notice.id, 2));
        // Due before Saturday the 25th; given on Tuesday the 28th.
        assert_eq!((given.clocks(&rig.hub)[0].status, given.clocks(&rig.hub)[0].working_days), (ClockStatus::Late, -2));
        let row = kept::find(&mut *rig.link().await, code(LEWISHAM), given.notice.id).await.unwrap().unwrap();
        assert_eq!((row.standing, row.given_at), (Standing::Stated, Some(rig.now())));
    }

    async fn an_end_that_the_feed_goes_on_to_contradict_is_flagged_though_no_row_changes(db: TestDb) {
        let rig = Rig::over(db).await;
        let given = says(&rig, &placement()).await;
        rig.clock.set("2026-07-28T02:00:00Z".parse().unwrap());
        rig.apply(&on("2026-07-27", &feed())).await;
        let over = says(&rig, &more(StatementKind::Ended, &given, json!({"ended_on": "2026-07-28", "reason_ceased": "E4A"}))).await;
        let differs = |known: &Known| known.notice.flags.contains(&Flag::DiffersFromFeed);
        assert_eq!((over.notice.state, differs(&over)), (NoticeState::Ended, false));
        for (day, flagged) in [("2026-07-31", false), ("2026-08-01", true), ("2026-08-02", true)] {
            rig.clock.set(format!("{day}T23:00:00Z").parse().unwrap());
            rig.apply(&on(day, &feed())).await;
            hub_pipeline::reconcile::run(&rig.hub).await.unwrap();
            let known = notices::find(&rig.hub, code(KENT), given.notice.id).await.unwrap().unwrap();
            assert_eq!(differs(&known), flagged, "{day}");
        }
        // A mistake, then: taken back, the child is in the host's register again, and notice is as it was given.
        let back = says(&rig, &more(StatementKind::Change, &given, json!({"ended_on": null}))).await;
        assert_eq!((back.notice.state, differs(&back)), (NoticeState::Raised, false));
        assert_eq!(back.clocks(&rig.hub)[0].status, ClockStatus::Met);
        let row = kept::find(&mut *rig.link().await, code(LEWISHAM), given.notice.id).await.unwrap().unwrap();
        assert_eq!((row.live, row.ended_on), (true, None));
    }

    async fn a_question_is_answered_by_a_change(db: TestDb) {
        let rig = Rig::over(db).await;
        let given = says(&rig, &placement()).await;
        assert_eq!(answers(&rig, &given, EventKind::Queried).await.notice.state, NoticeState::Queried);
        let changed = says(&rig, &more(StatementKind::Change, &given, json!({"iro_name": "P. Okafor"}))).await;
        assert_eq!((changed.notice.state, changed.notice.version), (NoticeState::Raised, 2));
        // A dispute is not: the host alone closes it.
        answers(&rig, &given, EventKind::Disputed).await;
        let changed = says(&rig, &more(StatementKind::Change, &given, json!({"iro_name": "Q. Shah"}))).await;
        assert_eq!(changed.notice.state, NoticeState::Disputed);
        let statement = changed.notice.statement.unwrap().said;
        assert_eq!((statement.iro_name.as_deref(), statement.urn.as_deref()), (Some("Q. Shah"), Some("1234568")));
    }

    async fn the_same_said_twice_is_said_once(db: TestDb) {
        let rig = Rig::over(db).await;
        let keyed = Saying { key: Some("k-1".into()), ..placement() };
        let first = says(&rig, &keyed).await;
        for again in [&keyed, &placement()] {
            let said = state(&rig.hub, again).await.unwrap();
            assert!(said.replayed);
            assert_eq!((said.known.notice.id, said.known.notice.version), (first.notice.id, 1));
        }
        let mut other = keyed.clone();
        other.members.insert("iro_name".into(), json!("P. Okafor"));
        assert!(matches!(state(&rig.hub, &other).await, Err(StateRefusal::KeyReused)));
        assert_eq!(rig.count("statement").await, 1);
        // Many at once, under one key and under none: one notice, one statement.
        let mut many = placement();
        many.members.insert("placement_start".into(), json!("2026-09-25"));
        let tasks: Vec<_> = (0..6).map(|n| {
            let key = (n % 2 == 0).then(|| "k-2".to_owned());
            let (hub, saying) = (rig.hub.clone(), Saying { key, ..many.clone() });
            tokio::spawn(async move { state(&hub, &saying).await.unwrap().known.notice.id })
        }).collect();
        let mut ids = std::collections::BTreeSet::new();
        for task in tasks {
            ids.insert(task.await.unwrap());
        }
        assert_eq!((ids.len(), rig.count("statement").await), (1, 2));
    }

    async fn what_may_not_be_kept_is_not(db: TestDb) {
        let rig = Rig::over(db).await;
        for (name, value) in [
            ("date_of_birth", "2012-09-14"),
            ("education_plan", "Ada, born 14/09/2012, starts at the academy."),
            ("emergency_reason", "Moved from SE13 6AB at night."),
            ("return_plan", "Ada Lovelace"),
        ] {
            let mut members = whole();
            members.insert(name.into(), json!(value));
            let refused = state(&rig.hub, &saying(StatementKind::Placement, members)).await;
            let Err(StateRefusal::OverCollected(wrong)) = refused else { panic!("{name}") };
            assert_eq!(wrong[0].field, name);
            assert!(!format!("{wrong:?}").contains(value));
        }
        let mut members = whole();
        members.remove("iro_name");
        let refused = state(&rig.hub, &saying(StatementKind::Placement, members.clone())).await;
        let Err(StateRefusal::Incomplete(wrong)) = refused else { panic!("incomplete") };
        assert_eq!(wrong[0].field, "iro_name");
        assert_eq!((rig.count("statement").await, rig.count("notice").await), (0, 0));
        // Provisional, it is kept, and the host sees nothing.
        let draft = says(&rig, &Saying { provisional: true, ..saying(StatementKind::Placement, members) }).await;
        assert_eq!(draft.notice.state, NoticeState::Draft);
        assert!(notices::inbox(&rig.hub, code(KENT), &ALL).await.unwrap().is_empty());
        assert!(notices::find(&rig.hub, code(KENT), draft.notice.id).await.unwrap().is_none());
        assert!(notices::seen(&rig.hub, code(KENT), draft.notice.id).await.unwrap().is_none());
        let given = says(&rig, &placement()).await;
        assert_eq!((given.notice.id, given.notice.state), (draft.notice.id, NoticeState::Raised));
    }

    async fn a_statement_taken_back_leaves_what_the_feed_shows(db: TestDb) {
        let rig = Rig::over(db).await;
        let kent = rig.host(KENT, Scheme::V1a).await;
        let given = says(&rig, &placement()).await;
        rig.clock.set("2026-07-26T02:00:00Z".parse().unwrap());
        rig.apply(&on("2026-07-25", &feed())).await;
        let back = says(&rig, &more(StatementKind::Withdraw, &given, json!({"withdrawn_because": "wrong_child"}))).await;
        assert_eq!((back.notice.state, back.notice.standing()), (NoticeState::Raised, Standing::PresumedMissing));
        rig.deliver().await;
        assert_eq!(types(&kent.take()), ["notice.raised", "notice.withdrawn", "notice.raised"]);
        // Never shown by a feed, it is gone.
        let mut other = placement();
        other.members.insert("child_ref".into(), json!("made_up_child_000000000two"));
        let other = says(&rig, &other).await;
        let gone = says(&rig, &more(StatementKind::Withdraw, &other, json!({"withdrawn_because": "other"}))).await;
        assert_eq!(gone.notice.state, NoticeState::Withdrawn);
    }

    async fn an_end_is_announced_and_then_stated(db: TestDb) {
        let rig = Rig::over(db).await;
        let kent = rig.host(KENT, Scheme::V1a).await;
        let given = says(&rig, &placement()).await;
        rig.clock.set("2026-08-03T09:00:00Z".parse().unwrap());
        says(&rig, &more(StatementKind::IntentionToEnd, &given, json!({"ending_on": "2026-08-10"}))).await;
        rig.clock.set("2026-09-03T09:00:00Z".parse().unwrap());
        let ended = says(&rig, &more(StatementKind::Ended, &given, json!({"ended_on": "2026-08-10", "reason_ceased": "E4A"}))).await;
        assert_eq!(ended.notice.state, NoticeState::Ended);
        let ending = ended.clocks(&rig.hub).into_iter().find(|clock| clock.kind == ClockKind::Ending).unwrap();
        assert_eq!(ending.status, ClockStatus::Met, "by the announcement");
        rig.deliver().await;
        assert_eq!(types(&kent.take()), ["notice.raised", "notice.ending_notified", "notice.ended"]);
        let refused = state(&rig.hub, &more(StatementKind::IntentionToEnd, &given, json!({"ending_on": "2026-09-10"}))).await;
        assert!(matches!(refused, Err(StateRefusal::Refused(_))));
    }

    async fn nobody_speaks_for_another_authority(db: TestDb) {
        let rig = Rig::over(db).await;
        let given = says(&rig, &placement()).await;
        let change = more(StatementKind::Change, &given, json!({"iro_name": "P. Okafor"}));
        let foreign = Saying { authority: code(crate::rig::CROYDON), ..change };
        assert!(matches!(state(&rig.hub, &foreign).await, Err(StateRefusal::NotFound)));
        let nothing = saying(StatementKind::Ended, [("ended_on".to_owned(), json!("2026-07-01"))].into_iter().collect());
        assert!(matches!(state(&rig.hub, &nothing).await, Err(StateRefusal::NotFound)));
    }

    async fn the_hosts_read_is_a_receipt(db: TestDb) {
        let rig = Rig::over(db).await;
        let given = says(&rig, &placement()).await;
        let seen = notices::seen(&rig.hub, code(KENT), given.notice.id).await.unwrap().unwrap();
        assert_eq!(seen.notice.state, NoticeState::Delivered);
        assert_eq!(answers(&rig, &given, EventKind::Opened).await.notice.state, NoticeState::Opened);
    }

    /// Own carers over the border: a rule that each authority may settle, and whose settling is recorded.
    async fn own_carers_over_the_border_are_told_of_unless_the_authority_settles_otherwise(db: TestDb) {
        let rig = Rig::over(db).await;
        let kent = rig.host(KENT, Scheme::V1a).await;
        let own = episode("one", "2026-07-10").with("placement_la", KENT).with("distance_miles", 31.8);
        let rows: Vec<Row> = (0..20).map(|n| episode(&format!("home{n}"), "2026-03-02")).chain([own]).collect();
        rig.apply(&on("2026-07-20", &rows)).await;
        let settle = async |own_carers: bool| {
            let rules = hub_notices::Rules { own_carers, ..members::rules(&rig.hub, code(LEWISHAM)).await.unwrap() };
            members::settle(&rig.hub, code(LEWISHAM), "DCS", &rules).await.unwrap();
        };
        settle(false).await;
        let states = async || {
            let sent = notices::sent(&rig.hub, code(LEWISHAM), &ALL).await.unwrap();
            sent.iter().map(|known| known.notice.state).collect::<Vec<_>>()
        };
        assert_eq!(states().await, [NoticeState::Withdrawn]);
        settle(true).await;
        assert_eq!(states().await, [NoticeState::Raised]);
        settle(true).await;
        rig.deliver().await;
        assert_eq!(types(&kent.take()), ["notice.raised", "notice.withdrawn", "notice.raised"]);
        let events = event::list(&mut *rig.link().await, event::Reader::Sender(code(LEWISHAM)), None, 10).await.unwrap();
        let settled: Vec<_> = events.iter().filter(|event| event.kind == members::SETTLED).collect();
        assert_eq!(settled.len(), 2, "settling the same again says nothing");
        let data: Value = serde_json::from_str(&settled[0].data).unwrap();
        assert_eq!((&data["by"], &data["before"]["own_carers"], &data["after"]["own_carers"]), (&json!("DCS"), &json!(true), &json!(false)));
        assert!(members::settle(&rig.hub, code("E10000012"), "DCS", &hub_notices::Rules::default()).await.is_err());
    }
}
