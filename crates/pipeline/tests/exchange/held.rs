//! Notices that their host cannot be told: who hears of it, and how they are told at last.

use hub_notices::{ClockStatus, EventKind, NoticeState, Party, Standing};
use hub_pipeline::notices::{self, Known};
use hub_pipeline::{held, reconcile};
use hub_store::endpoint::Scheme;
use hub_store::event::{self, Event, Reader};
use hub_store::notice::Filter;
use serde_json::{Value, json};

use crate::rig::{LEWISHAM, Rig, Row, at, away, code, episode, on};
use crate::statements::{placement, says, types};

const ALL: Filter = Filter { state: None, open: false, before: None, limit: 100 };
pub(crate) const CARDIFF: &str = "W06000015";
const EAST_SURREY: &str = "X06000001";

/// Lewisham's feed: children at home, and one in the area of `host`.
async fn shows(rig: &Rig, as_at: &str, start: &str, host: &str) {
    let home = (0..20).map(|n| episode(&format!("home{n}"), "2026-03-02"));
    let rows: Vec<Row> = home.chain([away("one", start, host)]).collect();
    rig.apply(&on(as_at, &rows)).await;
}

async fn heard(rig: &Rig, reader: Reader) -> Vec<(String, Value)> {
    let all = event::list(&mut *rig.link().await, reader, None, 1_000).await.unwrap();
    let ours = all.into_iter().filter(|event| event.kind == held::HELD || event.kind == held::RELEASED);
    ours.map(|Event { kind, data, .. }| (kind, serde_json::from_str(&data).unwrap())).collect()
}

fn kinds(heard: &[(String, Value)]) -> Vec<&str> {
    heard.iter().map(|(kind, _)| kind.as_str()).collect()
}

async fn only(rig: &Rig) -> Known {
    let id = notices::sent(&rig.hub, code(LEWISHAM), &ALL).await.unwrap().remove(0).notice.id;
    notices::find(&rig.hub, code(LEWISHAM), id).await.unwrap().unwrap()
}

hub_testdb::on_both! {
    async fn what_is_held_is_said_once_and_told_when_its_host_is_registered(db: TestDb) {
        let rig = Rig::over(db).await;
        shows(&rig, "2026-07-20", "2026-07-10", CARDIFF).await;
        let notice = only(&rig).await.notice;
        assert_eq!((notice.state, notice.issued), (NoticeState::Held, false));
        for reader in [Reader::Sender(code(LEWISHAM)), Reader::Operator(None)] {
            let heard = heard(&rig, reader).await;
            let said = json!({"notice": notice.id, "placing": LEWISHAM, "host": CARDIFF, "reason": "unknown_host", "state": "held"});
            assert_eq!(heard, [(held::HELD.to_owned(), said)]);
        }
        // Another night, a correction of something else: it is held as before, and nobody hears that again.
        assert_eq!(held::release(&rig.hub).await.unwrap(), 0);
        let home = (0..20).map(|n| episode(&format!("home{n}"), "2026-03-02"));
        let rows: Vec<Row> = home.chain([away("one", "2026-07-10", CARDIFF).with("legal_status", "E1")]).collect();
        rig.apply(&on("2026-07-21", &rows)).await;
        assert_eq!(kinds(&heard(&rig, Reader::Sender(code(LEWISHAM))).await), [held::HELD]);

        rig.join(CARDIFF, "Cardiff", r#"{"described":{"adjoins":[]}}"#).await;
        let cardiff = rig.host(CARDIFF, Scheme::V1a).await;
        assert_eq!(held::release(&rig.hub).await.unwrap(), 1);
        assert_eq!(held::release(&rig.hub).await.unwrap(), 0, "and once");
        rig.deliver().await;
        assert_eq!(types(&cardiff.take()), ["notice.raised"]);
        let known = only(&rig).await;
        assert_eq!((known.notice.state, known.notice.standing()), (NoticeState::Delivered, Standing::PresumedMissing));
        let raised = known.events.iter().find(|event| event.kind == EventKind::Raised).unwrap();
        assert_eq!((raised.actor.as_str(), raised.side), ("release", Party::Hub), "nobody at Lewisham raised it");
        for reader in [Reader::Sender(code(LEWISHAM)), Reader::Operator(None)] {
            let heard = heard(&rig, reader).await;
            assert_eq!(kinds(&heard), [held::HELD, held::RELEASED]);
            assert_eq!((&heard[1].1["reason"], &heard[1].1["state"]), (&json!("unknown_host"), &json!("raised")));
        }
        assert_eq!(kinds(&heard(&rig, Reader::Host(code(CARDIFF))).await), [""; 0]);
    }

    async fn a_clock_is_met_by_what_the_host_could_hear_and_the_night_tells_it(db: TestDb) {
        let rig = Rig::over(db).await;
        let mut said = placement();
        said.members.insert("host".into(), json!(CARDIFF));
        let given = says(&rig, &said).await;
        assert_eq!((given.notice.state, given.notice.standing()), (NoticeState::Held, Standing::Stated));
        rig.clock.set(at("2026-07-30T05:30:00Z"));
        reconcile::run(&rig.hub).await.unwrap();
        let late = only(&rig).await;
        assert_eq!((late.notice.state, late.clocks(&rig.hub)[0].status), (NoticeState::Held, ClockStatus::Overdue));
        assert_eq!(notices::find(&rig.hub, code(CARDIFF), late.notice.id).await.unwrap().map(|known| known.notice.id), None);

        rig.join(CARDIFF, "Cardiff", "{}").await;
        rig.clock.set(at("2026-07-31T05:30:00Z"));
        reconcile::run(&rig.hub).await.unwrap();
        let told = notices::inbox(&rig.hub, code(CARDIFF), &ALL).await.unwrap().remove(0);
        assert_eq!(told.notice.id, given.notice.id);
        let clock = told.clocks(&rig.hub).remove(0);
        assert_eq!((clock.status, clock.given_at), (ClockStatus::Late, Some(rig.now())));
        assert_eq!(kinds(&heard(&rig, Reader::Sender(code(LEWISHAM))).await), [held::HELD, held::RELEASED]);
    }

    async fn a_host_that_comes_into_being_is_told_though_no_feed_comes(db: TestDb) {
        let rig = Rig::over(db).await;
        rig.clock.set(at("2027-03-21T03:00:00Z"));
        shows(&rig, "2027-03-20", "2027-03-01", EAST_SURREY).await;
        assert_eq!(only(&rig).await.notice.state, NoticeState::Held);
        rig.clock.set(at("2027-03-31T05:30:00Z"));
        reconcile::run(&rig.hub).await.unwrap();
        assert_eq!(only(&rig).await.notice.state, NoticeState::Held);
        rig.clock.set(at("2027-04-01T05:30:00Z"));
        reconcile::run(&rig.hub).await.unwrap();
        let told = only(&rig).await;
        assert_eq!((told.notice.state, told.notice.host), (NoticeState::Raised, code(EAST_SURREY)));
    }

    async fn a_child_anywhere_in_england_is_told_of(db: TestDb) {
        let rig = Rig::over(db).await;
        shows(&rig, "2026-07-20", "2026-07-10", "E08000025").await;
        let told = notices::inbox(&rig.hub, code("E08000025"), &ALL).await.unwrap().remove(0);
        assert_eq!((told.notice.state, told.notice.terms.class.as_str()), (NoticeState::Delivered, "at_a_distance"));
        assert_eq!(kinds(&heard(&rig, Reader::Operator(None)).await), [""; 0]);
    }
}
