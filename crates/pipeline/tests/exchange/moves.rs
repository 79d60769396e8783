//! A person says that a child is placed elsewhere: where it lived before is told in the same transaction.

use hub_notices::{EventKind, Mark, NoticeState, StatementKind};
use hub_pipeline::notices::{self, Known};
use hub_pipeline::statements::state;
use hub_store::endpoint::Scheme;
use hub_store::notice::Filter;
use serde_json::json;

use crate::rig::{BROMLEY, KENT, LEWISHAM, Rig, at, code};
use crate::statements::{more, placement, says, types};

const ALL: Filter = Filter { state: None, open: false, before: None, limit: 100 };

/// Lewisham gives notice of a placement of the same child.
async fn placed(rig: &Rig, host: &str, start: &str) -> Known {
    let mut said = placement();
    said.members.insert("host".into(), json!(host));
    said.members.insert("placement_start".into(), json!(start));
    says(rig, &said).await
}

async fn now(rig: &Rig, known: &Known) -> Known {
    notices::find(&rig.hub, code(LEWISHAM), known.notice.id).await.unwrap().unwrap()
}

hub_testdb::on_both! {
    async fn a_move_outside_the_host_ends_one_notice_and_raises_the_next_at_once(db: TestDb) {
        let rig = Rig::over(db).await;
        let (kent, bromley) = (rig.host(KENT, Scheme::V1a).await, rig.host(BROMLEY, Scheme::V1a).await);
        let first = placed(&rig, KENT, "2026-07-25").await;
        rig.clock.set(at("2026-08-05T09:00:00Z"));
        let next = placed(&rig, BROMLEY, "2026-08-04").await;
        assert_eq!((next.notice.state, next.notice.supersedes), (NoticeState::Raised, None));
        let first = now(&rig, &first).await;
        let ending = first.notice.ending.as_ref().unwrap();
        assert_eq!((ending.on.to_string().as_str(), ending.destination), ("2026-08-04", Some(code(BROMLEY))));
        assert_eq!((first.notice.state, first.notice.marks()), (NoticeState::Ended, vec![Mark::Terminated]));
        let [ended, raised] = [&first, &next].map(|known| known.events.last().unwrap());
        assert_eq!((ended.kind, raised.kind, ended.at), (EventKind::Ended, EventKind::Raised, raised.at));
        assert_eq!(first.statements.last().unwrap().kind, StatementKind::Ended, "said by the same words, and kept");
        rig.deliver().await;
        assert_eq!(types(&kent.take()), ["notice.raised", "notice.ended"]);
        assert_eq!(types(&bromley.take()), ["notice.raised"]);
        let told = notices::inbox(&rig.hub, code(BROMLEY), &ALL).await.unwrap();
        assert_eq!(told.len(), 1, "Bromley hears of its own alone");
    }

    async fn another_address_with_the_same_host_supersedes(db: TestDb) {
        let rig = Rig::over(db).await;
        let first = placed(&rig, KENT, "2026-07-25").await;
        rig.clock.set(at("2026-08-25T09:00:00Z"));
        let next = placed(&rig, KENT, "2026-08-24").await;
        assert_ne!(next.notice.id, first.notice.id);
        assert_eq!(next.notice.supersedes, Some(first.notice.id));
        assert_eq!(now(&rig, &first).await.notice.marks(), [Mark::Superseded]);
        // Taken back, it was not the end: the authority gives notice of the first again, or its feed shows it.
        let back = more(StatementKind::Withdraw, &next, json!({"withdrawn_because": "not_placed"}));
        assert_eq!(says(&rig, &back).await.notice.state, NoticeState::Withdrawn);
    }

    async fn what_is_only_meant_ends_nothing(db: TestDb) {
        let rig = Rig::over(db).await;
        let first = placed(&rig, KENT, "2026-07-25").await;
        rig.clock.set(at("2026-08-05T09:00:00Z"));
        placed(&rig, BROMLEY, "2026-08-06").await;
        assert_eq!(now(&rig, &first).await.notice.state, NoticeState::Raised, "a placement that is yet to come");
        let mut consult = placement();
        consult.kind = StatementKind::Consult;
        consult.members.insert("host".into(), json!("E10000030"));
        consult.members.insert("placement_start".into(), json!("2026-08-05"));
        state(&rig.hub, &consult).await.unwrap();
        assert_eq!(now(&rig, &first).await.notice.state, NoticeState::Raised, "a consultation");
        let mut draft = placement();
        draft.provisional = true;
        draft.members.insert("host".into(), json!("E10000030"));
        draft.members.insert("placement_start".into(), json!("2026-08-05"));
        state(&rig.hub, &draft).await.unwrap();
        assert_eq!(now(&rig, &first).await.notice.state, NoticeState::Raised, "a draft");
    }
}
