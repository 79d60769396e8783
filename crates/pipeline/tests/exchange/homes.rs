//! Alerts about homes by what the regulator's register says of them, alone and beside what members say.

use hub_domain::Dataset;
use hub_notices::Step;
use hub_pipeline::ladder;
use hub_store::event::{self, Event, Reader};

use crate::ladder::home;
use crate::rig::{BROMLEY, CROYDON, KENT, LEWISHAM, Parcel, Rig, at, away, code, on, visit};

const REGION: &str = "X00000001";
const COLUMNS: &str =
    "urn,entry,aspect,effective_from,effective_to,provider_type,la,registration_status,registered_places,scale,grade\n";

/// The home that children of [`away`] live in, registered long ago.
const REGISTERED: &str = "1234568,registration,,2020-01-01,,childrens_home,E10000016,registered,4,,\n";

async fn region(rig: &Rig) {
    rig.join(REGION, "The region", r#"{"feeds":["regulator"]}"#).await;
}

/// The register, as it stood on a day.
fn register(as_at: &str, rows: &[&str]) -> Parcel {
    let text = format!("{COLUMNS}{}", rows.concat());
    on(as_at, &[]).of(Dataset::Regulator).from(REGION).csv(&text)
}

/// Applies the register of a day, on that day.
async fn load(rig: &Rig, as_at: &str, rows: &[&str]) {
    rig.clock.set(rig.now().max(at(&format!("{as_at}T20:00:00Z"))));
    rig.apply(&register(as_at, rows)).await;
}

/// Lewisham's child came in June, Bromley's on 10 July.
async fn two_children(rig: &Rig) {
    rig.apply(&on("2026-07-20", &home(vec![away("one", "2026-06-01", KENT)]))).await;
    rig.apply(&on("2026-07-20", &home(vec![away("two", "2026-07-10", KENT)])).from(BROMLEY)).await;
}

/// A member's word that the home is suspended.
fn suspended(occurred_on: &str) -> Parcel {
    let event = visit("q1", "st-1").with("urn", "1234568").with("kind", "suspension").with("occurred_on", occurred_on);
    let event = event.with("overall", None::<String>).with("score_safety", None::<i64>);
    on("2026-07-20", &[event]).of(Dataset::Quality).from(CROYDON)
}

async fn heard(rig: &Rig, reader: Reader, step: Step) -> Vec<serde_json::Value> {
    let all: Vec<Event> = event::list(&mut *rig.link().await, reader, None, 1_000).await.unwrap();
    all.iter()
        .filter(|event| event.kind == step.event())
        .map(|event| serde_json::from_str(&event.data).unwrap())
        .collect()
}

fn sender(authority: &str) -> Reader {
    Reader::Sender(code(authority))
}

/// How many times Lewisham, Bromley and the host have heard of a step.
async fn counts(rig: &Rig, step: Step) -> [usize; 3] {
    let [a, b, c] = [sender(LEWISHAM), sender(BROMLEY), Reader::Host(code(KENT))];
    [heard(rig, a, step).await.len(), heard(rig, b, step).await.len(), heard(rig, c, step).await.len()]
}

hub_testdb::on_both! {
    async fn an_order_that_only_the_regulator_tells_of_is_told_once(db: TestDb) {
        let rig = Rig::over(db).await;
        region(&rig).await;
        two_children(&rig).await;
        load(&rig, "2026-07-20", &[REGISTERED]).await;
        assert_eq!(counts(&rig, Step::Worsened).await, [0, 0, 0], "a registered home is nobody's alert");
        let order = "1234568,restriction,accommodation,2026-07-02,,,,,,,\n";
        load(&rig, "2026-08-20", &[REGISTERED, order]).await;
        assert_eq!(counts(&rig, Step::Worsened).await, [1, 0, 1], "with the feed; it stood when Bromley placed");
        let data = heard(&rig, sender(LEWISHAM), Step::Worsened).await.remove(0);
        assert_eq!((&data["what"], &data["on"]), (&"accommodation_restricted".into(), &"2026-07-02".into()));
        assert_eq!(data["setting"], serde_json::json!({ "urn": "1234568" }));
        load(&rig, "2026-09-20", &[REGISTERED, order]).await;
        assert_eq!(ladder::run(&rig.hub, Step::Worsened, None).await.unwrap(), 0);
        assert_eq!(counts(&rig, Step::Worsened).await, [1, 0, 1], "once");
    }

    async fn a_grade_that_only_the_regulator_gave_is_told_where_it_fell(db: TestDb) {
        let rig = Rig::over(db).await;
        region(&rig).await;
        two_children(&rig).await;
        let good = "1234568,judgement,overall,2025-02-03,,,,,,four_point,good\n";
        let bad = "1234568,judgement,overall,2026-07-01,,,,,,four_point,inadequate\n";
        load(&rig, "2026-07-20", &[REGISTERED, good, bad]).await;
        assert_eq!(counts(&rig, Step::Worsened).await, [1, 0, 1]);
        let data = heard(&rig, Reader::Host(code(KENT)), Step::Worsened).await.remove(0);
        assert_eq!((&data["what"], &data["grade"]), (&"grade".into(), &"inadequate".into()));
    }

    async fn whoever_speaks_first_a_suspension_is_told_once(db: TestDb) {
        let rig = Rig::over(db).await;
        region(&rig).await;
        two_children(&rig).await;
        rig.apply(&suspended("2026-07-05")).await;
        assert_eq!(counts(&rig, Step::Worsened).await, [1, 0, 1], "by a member alone");
        // The regulator's word gives another day, and goes before the member's.
        let order = "1234568,restriction,suspension,2026-07-03,,,,,,,\n";
        load(&rig, "2026-07-20", &[REGISTERED, order]).await;
        assert_eq!(counts(&rig, Step::Worsened).await, [1, 0, 1], "by both");
        let other = "1234568,restriction,conditions,2026-07-15,,,,,,,\n";
        load(&rig, "2026-08-20", &[REGISTERED, order, other]).await;
        assert_eq!(counts(&rig, Step::Worsened).await, [2, 1, 2], "another order is another cause");
    }

    async fn a_home_that_the_register_has_struck_off_is_told_of_each_child_under_18(db: TestDb) {
        let rig = Rig::over(db).await;
        region(&rig).await;
        let grown = away("grown", "2026-06-01", KENT).with("birth_month", "2008-06").with("legal_status", "C2");
        let elsewhere = away("elsewhere", "2026-06-01", KENT).with("urn", "1234599");
        rig.apply(&on("2026-07-20", &home(vec![away("one", "2026-06-01", KENT), grown, elsewhere]))).await;
        load(&rig, "2026-07-20", &[REGISTERED]).await;
        assert_eq!(counts(&rig, Step::Unregistered).await, [0, 0, 0], "a URN that the register does not have is nobody's word");
        let struck = "1234568,registration,,2026-07-10,,childrens_home,E10000016,cancelled,,,\n";
        load(&rig, "2026-08-20", &[REGISTERED, struck]).await;
        assert_eq!(counts(&rig, Step::Unregistered).await, [1, 0, 1], "one child, though the borough says registered");
        let data = heard(&rig, sender(LEWISHAM), Step::Unregistered).await.remove(0);
        assert_eq!((&data["registration"], &data["audience"]), (&"unregistered".into(), &"placing_director".into()));
        load(&rig, "2026-09-20", &[REGISTERED, struck]).await;
        rig.clock.set(at("2026-09-21T06:00:00Z"));
        assert_eq!(ladder::run(&rig.hub, Step::Unregistered, None).await.unwrap(), 0, "once");
    }

    async fn an_application_is_no_registration_and_a_boroughs_own_word_needs_no_register(db: TestDb) {
        let rig = Rig::over(db).await;
        region(&rig).await;
        let own = away("own", "2026-06-01", KENT).with("registration", "unregistered").with("urn", "1234599");
        rig.apply(&on("2026-07-20", &home(vec![own]))).await;
        assert_eq!(counts(&rig, Step::Unregistered).await, [1, 0, 1], "by the borough alone");
        rig.apply(&on("2026-07-20", &home(vec![away("two", "2026-07-10", KENT)])).from(BROMLEY)).await;
        load(&rig, "2026-07-20", &["1234568,registration,,2026-05-01,,childrens_home,E10000016,pending,,,\n"]).await;
        assert_eq!(counts(&rig, Step::Unregistered).await, [1, 1, 2]);
        assert_eq!(heard(&rig, sender(BROMLEY), Step::Unregistered).await[0]["registration"], "pending");
    }
}
