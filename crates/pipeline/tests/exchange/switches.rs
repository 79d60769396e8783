//! The off switch of every step of the ladder.

use std::collections::BTreeSet;

use hub_domain::Dataset;
use hub_notices::{Audience, Step};
use hub_pipeline::endpoints::remove;
use hub_pipeline::ladder::{self, EVERYBODY};
use hub_store::endpoint::Scheme;
use hub_store::event::{self, Reader};

use crate::held::CARDIFF;
use crate::ladder::{emergency, give, home, placed};
use crate::rig::{BROMLEY, CROYDON, KENT, LEWISHAM, Rig, at, away, code, on, visit};

/// A morning by which every step has been reached by something.
const MORNING: &str = "2026-09-15T05:45:00Z";

/// What gives cause for a step: an exhaustive list, so that a new step has to be given one here.
const fn cause(step: Step) -> &'static str {
    match step {
        Step::Nudge => "an emergency of 9 September, due by the end of the 16th",
        Step::Details => "an emergency of 24 August, given, with nothing sealed in it",
        Step::Overdue | Step::Director | Step::Counted | Step::Unopened => {
            "an emergency of 24 August, never given, never opened"
        }
        Step::Undeliverable => "the same, whose letters wait for an endpoint that was removed",
        Step::SilentEnd => "an end on 25 August of which nobody told",
        Step::HostEnded => "a child in Cardiff, which the operator says was over on 12 September",
        Step::Cluster => "children of three authorities in one small home",
        Step::Worsened => "a suspension since a child went there",
        Step::Unregistered => "a child in a setting that nobody has registered",
    }
}

/// Everything that [`cause`] speaks of.
async fn everything_is_wrong(rig: &Rig) {
    let kent = rig.listen(KENT, Scheme::V1a).await;
    rig.join(CARDIFF, "Cardiff", r#"{"described":{"adjoins":[],"to":"2026-09-12"}}"#).await;
    placed(rig, vec![emergency("one"), emergency("bare"), emergency("over"), away("old", "2026-06-01", KENT)]).await;
    assert!(remove(&rig.hub, code(KENT), kent.id).await.unwrap());
    rig.clock.set(at("2026-09-10T02:00:00Z"));
    let late = away("late", "2026-09-09", KENT).with("planned", false).with("emergency", true);
    let unregistered = away("nobody", "2026-07-20", KENT).with("registration", "unregistered").with("urn", "1234599");
    let over = emergency("over").ended("2026-08-25", "E8");
    give(rig, "bare", &[]).await;
    let gone = away("gone", "2026-07-20", CARDIFF);
    let rows =
        vec![emergency("one"), emergency("bare"), over, away("old", "2026-06-01", KENT), late, unregistered, gone];
    rig.apply(&on("2026-09-09", &home(rows))).await;
    for borough in [BROMLEY, CROYDON] {
        rig.apply(&on("2026-09-09", &home(vec![away("theirs", "2026-07-07", KENT)])).from(borough)).await;
    }
    let event = visit("q1", "st-1").with("urn", "1234568").with("kind", "suspension");
    let event = event.with("overall", None::<String>).with("score_safety", None::<i64>);
    rig.apply(&on("2026-09-09", &[event]).of(Dataset::Quality).from(CROYDON)).await;
    rig.clock.set(at(MORNING));
}

/// Who has heard of a step: of Lewisham, of Kent, and of those who run the hub.
async fn heard(rig: &Rig, step: Step) -> BTreeSet<String> {
    let mut audiences = BTreeSet::new();
    for reader in [Reader::Sender(code(LEWISHAM)), Reader::Host(code(KENT)), Reader::Operator(None)] {
        let all = event::list(&mut *rig.link().await, reader, None, 1_000).await.unwrap();
        for event in all.iter().filter(|event| event.kind == step.event()) {
            let data: serde_json::Value = serde_json::from_str(&event.data).unwrap();
            audiences.insert(data["audience"].as_str().unwrap().to_owned());
        }
    }
    audiences
}

fn audiences(step: Step) -> BTreeSet<String> {
    step.audiences().iter().map(|audience: &Audience| audience.as_str().to_owned()).collect()
}

hub_testdb::on_both! {
    async fn every_step_is_heard_while_it_is_on_and_never_while_it_is_off(db: TestDb) {
        let rig = Rig::over(db).await;
        for step in Step::ALL {
            ladder::set(&rig.hub, EVERYBODY, *step, false).await.unwrap();
        }
        everything_is_wrong(&rig).await;
        for (on, step) in Step::ALL.iter().enumerate() {
            assert_eq!(ladder::run(&rig.hub, *step, None).await.unwrap(), 0, "{step} is off");
            assert_eq!(heard(&rig, *step).await, BTreeSet::new(), "{step} is off");
            ladder::set(&rig.hub, EVERYBODY, *step, true).await.unwrap();
            assert!(ladder::run(&rig.hub, *step, None).await.unwrap() > 0, "{step} is on: {}", cause(*step));
            assert_eq!(heard(&rig, *step).await, audiences(*step), "{step} is on: {}", cause(*step));
            // No switch is another's.
            for other in &Step::ALL[on + 1..] {
                assert_eq!(heard(&rig, *other).await, BTreeSet::new(), "{other} is off, {step} is on");
            }
        }
    }

    async fn every_step_is_off_for_whoever_switched_it_off_and_for_nobody_else(db: TestDb) {
        let rig = Rig::over(db).await;
        for step in Step::ALL {
            ladder::set(&rig.hub, code(LEWISHAM), *step, false).await.unwrap();
        }
        everything_is_wrong(&rig).await;
        for step in Step::ALL {
            ladder::run(&rig.hub, *step, None).await.unwrap();
            let others = step.audiences().iter().filter(|audience| audience.side() != hub_notices::Party::Placing);
            let others: BTreeSet<String> = others.map(|audience| audience.as_str().to_owned()).collect();
            assert_eq!(heard(&rig, *step).await, others, "{step} is off for the placing side");
            ladder::set(&rig.hub, code(LEWISHAM), *step, true).await.unwrap();
            ladder::run(&rig.hub, *step, None).await.unwrap();
            assert_eq!(heard(&rig, *step).await, audiences(*step), "{step} is on: {}", cause(*step));
        }
    }
}
