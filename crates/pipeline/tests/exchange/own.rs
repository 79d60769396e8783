//! An authority's own tables are as what is known of it.

use hub_domain::Dataset;
use hub_pipeline::publish::{PublishedTable, version_of};
use hub_pipeline::submissions;
use serde_json::Value;

use crate::rig::{BROMLEY, LEWISHAM, Rig, code, episode, on, search};

async fn own(rig: &Rig, id: &str, version: u32) -> Option<PublishedTable> {
    version_of(&rig.hub, code(LEWISHAM), id, version).await.unwrap()
}

async fn tag(rig: &Rig) -> String {
    own(rig, "children_in_care", 1).await.unwrap().digest
}

hub_testdb::on_both! {
    async fn their_tag_follows_what_is_known(db: TestDb) {
        let rig = Rig::over(db).await;
        let empty = tag(&rig).await;
        rig.clock.advance(60);
        assert_eq!(tag(&rig).await, empty, "nothing came");
        rig.apply(&on("2026-07-20", &[episode("a", "2026-05-04")])).await;
        let first = tag(&rig).await;
        assert_ne!(first, empty);
        rig.clock.advance(60);
        rig.apply(&on("2026-07-20", &[episode("b", "2026-05-04")]).from(BROMLEY)).await;
        assert_eq!(tag(&rig).await, first, "somebody else's");
        rig.clock.advance(60);
        let both = on("2026-07-20", &[episode("a", "2026-05-04"), episode("c", "2026-05-04")]);
        let sent = rig.send(&both).await;
        let second = tag(&rig).await;
        assert_ne!(second, first);
        rig.clock.advance(60);
        submissions::withdraw(&rig.hub, sent.authority, sent.id).await.unwrap();
        assert_ne!(tag(&rig).await, second, "what was withdrawn is known no more");
        let tonight = tag(&rig).await;
        rig.clock.advance(24 * 3600);
        assert_ne!(tag(&rig).await, tonight, "another day");
    }

    async fn each_version_of_a_definition_makes_its_own(db: TestDb) {
        let rig = Rig::over(db).await;
        let searches: Vec<_> = (0..3).map(|n| search(&format!("s{n}"))).collect();
        rig.apply(&on("2026-07-20", &searches).of(Dataset::Searches)).await;
        for version in [1, 2] {
            let table: Value = serde_json::from_slice(&own(&rig, "market_gaps", version).await.unwrap().json).unwrap();
            assert_eq!(table["definition_version"].as_u64(), Some(u64::from(version)));
            let has_weeks = table["measures"].as_array().unwrap().iter().any(|name| name == "weeks_waiting");
            assert_eq!(has_weeks, version == 2);
        }
        assert!(own(&rig, "market_gaps", 3).await.is_none() && own(&rig, "nothing", 1).await.is_none());
    }
}
