//! The ladder of escalation over simulated nights: who hears what, when, and once.

use std::collections::BTreeMap;

use hub_domain::{Dataset, Date, Timestamp};
use hub_jobs::Sweeper;
use hub_notices::{EventKind, SealedPart, StatementKind, Step};
use hub_pipeline::endpoints::remove;
use hub_pipeline::ladder::{self, EVERYBODY};
use hub_pipeline::notices::{self, Answer as Word};
use hub_pipeline::publish;
use hub_pipeline::statements::{self, Saying};
use hub_pipeline::{Settings, jobs};
use hub_store::endpoint::Scheme;
use hub_store::event::{self, Event, Reader};
use hub_store::notice::Filter;
use jiff::ToSpan as _;

use crate::rig::{BROMLEY, CROYDON, KENT, LEWISHAM, Rig, Row, at, away, code, day, episode, on, visit};

/// Nobody's clock stops in these months: an emergency on a Monday, a bank holiday the Monday after.
const EMERGENCY: &str = "2026-08-24";

pub(crate) fn home(rows: Vec<Row>) -> Vec<Row> {
    (0..20).map(|n| episode(&format!("home{n}"), "2026-03-02")).chain(rows).collect()
}

pub(crate) fn emergency(child: &str) -> Row {
    away(child, EMERGENCY, KENT).with("planned", false).with("emergency", true)
}

/// A quarter to seven in London, in summer.
fn morning(on: Date) -> Timestamp {
    at(&format!("{on}T05:45:00Z"))
}

/// The jobs of the ladder as they are scheduled, and no others.
async fn schedules(rig: &Rig) -> Sweeper {
    let plans = jobs::plans(&Settings::default()).unwrap();
    let ours = |kind: &str| Step::ALL.iter().any(|step| step.job() == kind);
    let plans: Vec<_> = plans.into_iter().filter(|plan| ours(plan.kind)).collect();
    assert_eq!(plans.len(), Step::ALL.len(), "every step is a job");
    let hub = &rig.hub;
    let sweeper = Sweeper::new(hub.store.clone(), hub.clock.clone(), hub.ids.clone(), hub.pulse.jobs.clone(), plans);
    sweeper.register().await.unwrap();
    sweeper
}

/// Lewisham's feed of the day after the emergency, before dawn.
pub(crate) async fn placed(rig: &Rig, rows: Vec<Row>) {
    rig.clock.set(at("2026-08-25T02:00:00Z"));
    rig.apply(&on("2026-08-24", &home(rows))).await;
}

/// Mornings from the first to the last, each with its jobs.
async fn mornings(rig: &Rig, sweeper: &Sweeper, first: &str, last: &str) {
    let mut today = day(first);
    while today <= day(last) {
        rig.clock.set(morning(today));
        sweeper.sweep().await.unwrap();
        rig.run().await;
        today = today.checked_add(1.day()).unwrap();
    }
}

async fn heard(rig: &Rig, reader: Reader) -> Vec<Event> {
    event::list(&mut *rig.link().await, reader, None, 1_000).await.unwrap()
}

/// Day, step and audience of every step that a reader hears of.
async fn told(rig: &Rig, reader: Reader) -> Vec<String> {
    let word = |event: Event| {
        let data: serde_json::Value = serde_json::from_str(&event.data).unwrap();
        let (step, audience) = (data["step"].as_str()?, data["audience"].as_str().unwrap());
        Some(format!("{} {step} {audience}", hub_domain::london_date(event.at)))
    };
    heard(rig, reader).await.into_iter().filter_map(word).collect()
}

fn placing() -> Reader {
    Reader::Sender(code(LEWISHAM))
}

fn host() -> Reader {
    Reader::Host(code(KENT))
}

/// Everything that both sides and the operator hear of one emergency that nobody gives notice of or opens.
const PLACING: [&str; 4] = [
    "2026-08-28 nudge placing_team",
    "2026-09-02 overdue placing_manager",
    "2026-09-03 director placing_director",
    "2026-09-08 counted placing_director",
];
const HOST: [&str; 2] = ["2026-08-28 unopened host_second", "2026-09-03 director host_desk"];

async fn escalations(rig: &Rig) -> Vec<String> {
    let all = Filter { state: None, open: false, before: None, limit: 100 };
    let mut said = Vec::new();
    for known in notices::sent(&rig.hub, code(LEWISHAM), &all).await.unwrap() {
        let known = notices::find(&rig.hub, code(LEWISHAM), known.notice.id).await.unwrap().unwrap();
        let ours = known.events.into_iter().filter(|event| event.kind == EventKind::Escalated);
        said.extend(ours.map(|event| event.detail));
    }
    said
}

/// Lewisham gives notice of a placement that its feed shows.
pub(crate) async fn give(rig: &Rig, child: &str, also: &[(&str, serde_json::Value)]) {
    let sample = include_str!("../../../notices/samples/placement.json");
    let mut members: serde_json::Map<String, serde_json::Value> = serde_json::from_str(sample).unwrap();
    for name in ["type", "authority", "provisional"] {
        members.remove(name);
    }
    let own = [
        ("child_ref", serde_json::json!(format!("made_up_child_{child:0>12}"))),
        ("host", serde_json::json!(KENT)),
        ("placement_start", serde_json::json!(EMERGENCY)),
        ("emergency", serde_json::json!(true)),
        ("emergency_reason", serde_json::json!("made up")),
    ];
    members.extend(own.iter().chain(also).map(|(name, value)| ((*name).to_owned(), value.clone())));
    let saying = Saying {
        authority: code(LEWISHAM),
        client: "lewisham-team".to_owned(),
        signed_by: None,
        kind: StatementKind::Placement,
        notice: None,
        provisional: false,
        members,
        key: None,
    };
    statements::state(&rig.hub, &saying).await.unwrap();
}

/// Fields that say that needs and care plan were given by another way.
const WHOLE: [&str; 2] = ["needs_given_on", "care_plan_given_on"];

/// Needs and care plan of the child's notice lie sealed.
async fn seal(rig: &Rig, child: &str) {
    let children = [format!("made_up_child_{child:0>12}")];
    let mut tx = rig.hub.store.begin().await.unwrap();
    let row = hub_store::notice::by_children(&mut tx, code(LEWISHAM), &children).await.unwrap().remove(0);
    let parts = vec![SealedPart::Needs, SealedPart::CarePlan];
    notices::sealed(&rig.hub, &mut tx, &row, parts, ("lewisham", serde_json::json!({}))).await.unwrap();
    tx.commit().await.unwrap();
}

hub_testdb::on_both! {
    async fn a_notice_that_is_given_is_chased_no_more(db: TestDb) {
        let rig = Rig::over(db).await;
        let sweeper = schedules(&rig).await;
        placed(&rig, vec![emergency("one"), emergency("two")]).await;
        mornings(&rig, &sweeper, "2026-08-25", "2026-08-28").await;
        give(&rig, "one", &WHOLE.map(|name| (name, serde_json::json!("2026-08-28")))).await;
        mornings(&rig, &sweeper, "2026-08-29", "2026-09-02").await;
        // Late, and with the reason that the regulations allow for.
        give(&rig, "two", &[("not_practicable_reason", "made up: nobody could be reached".into())]).await;
        mornings(&rig, &sweeper, "2026-09-03", "2026-09-20").await;
        // It excuses that notice came late; not that needs and care plan have not come at all.
        let details = "2026-09-03 details placing_manager";
        assert_eq!(told(&rig, placing()).await, [PLACING[0], PLACING[0], PLACING[1], details]);
    }

    /// Reg 13(4)(b): in time is only half of it, while needs and care plan have not come.
    async fn a_notice_with_nothing_sealed_in_it_is_chased_on_both_sides_until_something_is(db: TestDb) {
        let rig = Rig::over(db).await;
        let sweeper = schedules(&rig).await;
        placed(&rig, vec![emergency("one"), emergency("two"), emergency("thr")]).await;
        mornings(&rig, &sweeper, "2026-08-25", "2026-08-25").await;
        give(&rig, "one", &[]).await;
        give(&rig, "two", &WHOLE.map(|name| (name, serde_json::json!("2026-08-25")))).await;
        give(&rig, "thr", &[]).await;
        seal(&rig, "thr").await;
        mornings(&rig, &sweeper, "2026-08-26", "2026-09-20").await;
        assert_eq!(told(&rig, placing()).await, ["2026-09-02 details placing_manager"]);
        let unopened = HOST[0];
        assert_eq!(told(&rig, host()).await, [unopened, unopened, unopened, "2026-09-02 details host_desk"]);
        let events = heard(&rig, placing()).await;
        let event = events.iter().find(|event| event.kind == "notice.details_outstanding").unwrap();
        let data: serde_json::Value = serde_json::from_str(&event.data).unwrap();
        assert_eq!(data["lacking"], serde_json::json!(["needs", "care_plan"]));
        assert!(escalations(&rig).await.iter().any(|said| said.contains("\"details\"")), "it is in the history");
    }

    async fn a_notice_that_nobody_gives_climbs_the_whole_ladder_over_a_bank_holiday(db: TestDb) {
        let rig = Rig::over(db).await;
        let sweeper = schedules(&rig).await;
        placed(&rig, vec![emergency("one")]).await;
        mornings(&rig, &sweeper, "2026-08-25", "2026-09-20").await;
        assert_eq!(told(&rig, placing()).await, PLACING);
        assert_eq!(told(&rig, host()).await, HOST);
        // Only its audience: not the operator, not another borough, and neither side the other's part.
        assert_eq!(told(&rig, Reader::Operator(None)).await, Vec::<String>::new());
        for other in [BROMLEY, CROYDON, KENT] {
            assert_eq!(told(&rig, Reader::Sender(code(other))).await, Vec::<String>::new());
        }
        assert_eq!(told(&rig, Reader::Host(code(LEWISHAM))).await, Vec::<String>::new());
        let said = escalations(&rig).await;
        assert_eq!(said.len(), 5, "each is in the notice's history: {said:?}");
        assert_eq!(said[3], r#"{"audience":["placing_director","host_desk"],"step":"director"}"#);
        for event in heard(&rig, placing()).await.iter().chain(&heard(&rig, host()).await) {
            assert!(!event.data.contains("made_up_child") && !event.data.contains("2012"), "{}", event.data);
        }
    }

    async fn an_opening_cancels_what_waits_for_it(db: TestDb) {
        let rig = Rig::over(db).await;
        let sweeper = schedules(&rig).await;
        placed(&rig, vec![emergency("one")]).await;
        mornings(&rig, &sweeper, "2026-08-25", "2026-08-27").await;
        let all = Filter { state: None, open: false, before: None, limit: 100 };
        let notice = notices::inbox(&rig.hub, code(KENT), &all).await.unwrap().remove(0).notice;
        let opened = Word { host: code(KENT), client: "desk".into(), kind: EventKind::Opened, note: None, reason: None };
        notices::answer(&rig.hub, notice.id, &opened).await.unwrap();
        mornings(&rig, &sweeper, "2026-08-28", "2026-09-20").await;
        assert_eq!(told(&rig, placing()).await, PLACING, "an opening is no notice");
        assert_eq!(told(&rig, host()).await, [HOST[1]]);
    }

    async fn a_placement_that_is_taken_back_is_chased_no_more(db: TestDb) {
        let rig = Rig::over(db).await;
        let sweeper = schedules(&rig).await;
        placed(&rig, vec![emergency("one")]).await;
        mornings(&rig, &sweeper, "2026-08-25", "2026-08-28").await;
        rig.apply(&on("2026-08-28", &home(vec![]))).await;
        mornings(&rig, &sweeper, "2026-08-29", "2026-09-20").await;
        assert_eq!(told(&rig, placing()).await, PLACING[..1]);
    }

    async fn each_step_is_silent_for_whoever_switched_it_off(db: TestDb) {
        let rig = Rig::over(db).await;
        let sweeper = schedules(&rig).await;
        let off = [(LEWISHAM, Step::Overdue), (KENT, Step::Director)];
        for (authority, step) in off {
            ladder::set(&rig.hub, code(authority), step, false).await.unwrap();
        }
        ladder::set(&rig.hub, EVERYBODY, Step::Unopened, false).await.unwrap();
        placed(&rig, vec![emergency("one")]).await;
        mornings(&rig, &sweeper, "2026-08-25", "2026-09-20").await;
        assert_eq!(told(&rig, placing()).await, [PLACING[0], PLACING[2], PLACING[3]]);
        assert_eq!(told(&rig, host()).await, Vec::<String>::new());
        // Switched on again, it is said of what still stands; an authority's own word goes before everybody's.
        ladder::set(&rig.hub, code(KENT), Step::Unopened, true).await.unwrap();
        mornings(&rig, &sweeper, "2026-09-21", "2026-09-21").await;
        assert_eq!(told(&rig, host()).await, ["2026-09-21 unopened host_second"]);
    }

    async fn nothing_is_said_twice_however_often_a_job_runs_and_wherever(db: TestDb) {
        let rig = Rig::over(db).await;
        let children: Vec<Row> = (0..30).map(|n| emergency(&format!("away{n}"))).collect();
        placed(&rig, children).await;
        let (other, _) = rig.replica().await;
        rig.clock.set(morning(day("2026-09-10")));
        for step in Step::ALL {
            // Two replicas at once, then each again: a replay after a crash.
            let (one, two) = tokio::join!(ladder::run(&rig.hub, *step, None), ladder::run(&other, *step, None));
            let first = one.is_ok() || two.is_ok();
            assert!(first, "one of two that meet goes through: {one:?} {two:?}");
            ladder::run(&rig.hub, *step, None).await.unwrap();
            assert_eq!(ladder::run(&other, *step, None).await.unwrap(), 0, "{step}: all has been said");
        }
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for line in told(&rig, placing()).await.into_iter().chain(told(&rig, host()).await) {
            *counts.entry(line).or_default() += 1;
        }
        assert_eq!(counts.len(), 5, "overdue, director twice, counted, unopened: {counts:?}");
        assert!(counts.values().all(|count| *count == 30), "{counts:?}");
        assert_eq!(escalations(&rig).await.len(), 4 * 30);
    }

    async fn an_end_that_nobody_tells_of_is_told_to_both_sides(db: TestDb) {
        let rig = Rig::over(db).await;
        placed(&rig, vec![emergency("one"), emergency("two")]).await;
        for child in ["one", "two"] {
            give(&rig, child, &[]).await;
        }
        rig.clock.set(at("2026-12-19T03:00:00Z"));
        let over = |child| emergency(child).ended("2026-12-18", "E8");
        rig.apply(&on("2026-12-18", &home(vec![over("one"), emergency("two")]))).await;
        // Ten working days end on 6 January, Christmas and New Year in between.
        for (morning, told) in [("2027-01-06T07:00:00Z", 0), ("2027-01-07T07:00:00Z", 1), ("2027-01-08T07:00:00Z", 0)] {
            rig.clock.set(at(morning));
            assert_eq!(ladder::run(&rig.hub, Step::SilentEnd, None).await.unwrap(), told, "{morning}");
        }
        assert_eq!(told(&rig, placing()).await, ["2027-01-07 silent_end placing_manager"]);
        assert_eq!(told(&rig, host()).await, ["2027-01-07 silent_end host_desk"]);
    }

    async fn an_address_that_refuses_for_good_is_the_operators_business(db: TestDb) {
        let rig = Rig::over(db).await;
        let kent = rig.listen(KENT, Scheme::V1a).await;
        placed(&rig, vec![emergency("one")]).await;
        assert_eq!(ladder::run(&rig.hub, Step::Undeliverable, None).await.unwrap(), 0, "it may yet be delivered");
        assert!(remove(&rig.hub, code(KENT), kent.id).await.unwrap(), "what was queued becomes a dead letter");
        assert_eq!(ladder::run(&rig.hub, Step::Undeliverable, None).await.unwrap(), 1);
        assert_eq!(told(&rig, Reader::Operator(None)).await, ["2026-08-25 undeliverable regional_desk"]);
        assert_eq!((told(&rig, placing()).await.len(), told(&rig, host()).await.len()), (0, 0));
        assert_eq!(ladder::run(&rig.hub, Step::Undeliverable, None).await.unwrap(), 0, "once");
    }

    async fn how_notice_came_is_published_through_the_gate(db: TestDb) {
        let rig = Rig::over(db).await;
        let names: Vec<String> = (0..17).map(|n| format!("away{n}")).collect();
        placed(&rig, names.iter().map(|name| emergency(name)).collect()).await;
        for name in &names[..6] {
            give(&rig, name, &[]).await;
        }
        rig.clock.set(at("2026-09-03T09:00:00Z"));
        for name in &names[6..11] {
            give(&rig, name, &[]).await;
        }
        rig.clock.set(at("2026-09-20T05:00:00Z"));
        let published = publish::publish(&rig.hub, "test").await.unwrap();
        let csv = String::from_utf8(published.tables["notice_timeliness"].csv.to_vec()).unwrap();
        let rows: Vec<&str> = csv.lines().filter(|line| line.starts_with("2026-08,") || line.contains(LEWISHAM)).collect();
        // Seventeen starts: six in time, five two working days late, six missing.
        let figures = |line: &str| line.contains(",17,6,11,5,6,0,0,2,notice_timeliness,1,");
        assert_eq!(rows.iter().filter(|line| figures(line)).count(), 2, "the month's and Lewisham's: {csv}");
        assert!(rows.iter().any(|line| line.contains(",17,6,11,,,,,,notice_timeliness,1,")), "the pair's: {csv}");
    }

    async fn a_child_in_an_unregistered_setting_is_told_at_once(db: TestDb) {
        let rig = Rig::over(db).await;
        let of = |child: &str| away(child, "2026-07-20", KENT).with("registration", "unregistered");
        let grown = of("grown").with("birth_month", "2008-06").with("legal_status", "C2");
        rig.apply(&on("2026-07-20", &home(vec![of("one"), grown]))).await;
        let lines = ["2026-07-21 unregistered placing_director", "2026-07-21 unregistered host_desk"];
        assert_eq!(told(&rig, placing()).await, lines[..1], "with the feed, and not of the one who is eighteen");
        assert_eq!(told(&rig, host()).await, lines[1..]);
        rig.apply(&on("2026-07-21", &home(vec![of("one").with("solo", true)]))).await;
        assert_eq!(told(&rig, placing()).await.len(), 1, "once");
    }

    async fn three_authorities_in_one_small_home_all_hear_of_it_once(db: TestDb) {
        let rig = Rig::over(db).await;
        let feed = |rows: Vec<Row>| on("2026-07-20", &home(rows));
        rig.apply(&feed(vec![away("one", "2026-07-06", KENT)])).await;
        rig.apply(&feed(vec![away("two", "2026-07-07", KENT)]).from(BROMLEY)).await;
        assert_eq!(ladder::run(&rig.hub, Step::Cluster, None).await.unwrap(), 0, "two are no cluster");
        rig.apply(&feed(vec![away("three", "2026-07-08", KENT)]).from(CROYDON)).await;
        assert_eq!(ladder::run(&rig.hub, Step::Cluster, None).await.unwrap(), 4, "three that place, and the host");
        assert_eq!(ladder::run(&rig.hub, Step::Cluster, None).await.unwrap(), 0);
        for reader in [placing(), Reader::Sender(code(BROMLEY)), Reader::Sender(code(CROYDON)), host()] {
            let data = heard(&rig, reader).await.remove(0).data;
            let data: serde_json::Value = serde_json::from_str(&data).unwrap();
            assert_eq!((&data["since"], &data["authorities_at_least"]), (&"2026-07-08".into(), &3.into()));
            assert_eq!(data["setting"], serde_json::json!({ "urn": "1234568" }));
            for other in [LEWISHAM, BROMLEY, CROYDON] {
                assert!(!data.to_string().contains(other), "nobody learns who else places there");
            }
        }
        // A home with many places is no such alert.
        let roomy = crate::rig::home("st-1").with("urn", "1234568").with("approved_places", 12);
        let roomy = roomy.with("provision", "childrens_home").with("host_la", KENT);
        rig.apply(&on("2026-07-20", &[roomy]).of(Dataset::Vacancies)).await;
        rig.apply(&on("2026-07-21", &home(vec![])).from(CROYDON)).await;
        rig.apply(&on("2026-07-21", &home(vec![away("four", "2026-07-10", KENT)])).from(CROYDON).correction()).await;
        assert_eq!(ladder::run(&rig.hub, Step::Cluster, None).await.unwrap(), 0);
    }

    async fn a_restriction_that_came_since_is_told_to_whoever_has_a_child_there(db: TestDb) {
        let rig = Rig::over(db).await;
        rig.apply(&on("2026-07-20", &home(vec![away("one", "2026-06-01", KENT)]))).await;
        let late = home(vec![away("two", "2026-07-10", KENT)]);
        rig.apply(&on("2026-07-20", &late).from(BROMLEY)).await;
        let suspension = visit("q1", "st-1").with("urn", "1234568").with("kind", "suspension");
        let suspension = suspension.with("overall", None::<String>).with("score_safety", None::<i64>);
        rig.apply(&on("2026-07-20", &[suspension]).of(Dataset::Quality).from(CROYDON)).await;
        // Asked for with the feed.
        assert_eq!(told(&rig, placing()).await.len(), 1);
        let data = heard(&rig, placing()).await.remove(0).data;
        let data: serde_json::Value = serde_json::from_str(&data).unwrap();
        assert_eq!((&data["what"], &data["on"]), (&"suspension".into(), &"2026-07-02".into()));
        assert_eq!(told(&rig, host()).await.len(), 1);
        assert_eq!(told(&rig, Reader::Sender(code(BROMLEY))).await, Vec::<String>::new(), "it stood when they placed");
        assert_eq!(ladder::run(&rig.hub, Step::Worsened, None).await.unwrap(), 0);
    }
}
