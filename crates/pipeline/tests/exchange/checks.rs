//! What the records of all boroughs together show, each told only of its own.

use std::sync::Arc;

use hub_domain::Dataset;
use hub_pipeline::checks::{Check, own};

use crate::rig::{BROMLEY, CROYDON, KENT, LEWISHAM, Parcel, Rig, Row, away, code, episode, on};

const REGION: &str = "X00000001";
const COLUMNS: &str =
    "urn,entry,aspect,effective_from,effective_to,provider_type,sector,la,registration_status,registered_places\n";
const REGISTERED: &str = "1234568,registration,,2020-01-01,,childrens_home,private,E10000016,registered,2\n";

fn register(as_at: &str, rows: &[&str]) -> Parcel {
    on(as_at, &[]).of(Dataset::Regulator).from(REGION).csv(&format!("{COLUMNS}{}", rows.concat()))
}

/// In the home in Kent, told apart by month of birth.
fn there(child: &str, start: &str, birth_month: &str) -> Row {
    away(child, start, KENT).with("placement_sector", "ME14 1").with("birth_month", birth_month)
}

/// What an authority is told: check, child, and whom to ask.
async fn told(rig: &Rig, authority: &str) -> Vec<(Check, Option<String>, Option<String>)> {
    let own = own(&rig.hub, code(authority)).await.unwrap();
    let plain = |text: String| text.trim_start_matches("made_up_child_").trim_start_matches('0').to_owned();
    own.concerns
        .into_iter()
        .filter(|concern| concern.check != Check::NoNotice)
        .map(|concern| (concern.check, concern.child_ref.map(plain), concern.with.map(|with| with.to_string())))
        .collect()
}

async fn not_made(rig: &Rig) -> Vec<Check> {
    own(&rig.hub, code(LEWISHAM)).await.unwrap().not_made.into_iter().map(|not| not.check).collect()
}

async fn three_boroughs(rig: &Rig) {
    rig.apply(&on("2026-07-20", &[there("1", "2026-07-01", "2012-09"), there("2", "2026-06-01", "2011-01")])).await;
    rig.apply(&on("2026-07-20", &[there("3", "2026-07-06", "2012-09")]).from(BROMLEY)).await;
    rig.apply(&on("2026-07-20", &[episode("4", "2026-07-06").with("placement_sector", "ME14 1")]).from(CROYDON)).await;
}

#[test]
fn each_rule_about_providers_is_on_the_page_of_rules() {
    let page = hub_contract::rules_page();
    for check in Check::ALL {
        let Some(number) = check.as_str().strip_prefix("903-") else { continue };
        let row = format!("| `{number}` | ");
        let made = page.contains(&format!("{row}provider | "));
        assert!(made || (*check == Check::ProviderPostcode && page.contains(&row)), "{number}");
    }
}

hub_testdb::on_both! {
    async fn each_borough_is_told_of_its_own_and_nobody_elses(db: TestDb) {
        let rig = Rig::over(db).await;
        rig.join(REGION, "The region", r#"{"feeds":["regulator"]}"#).await;
        three_boroughs(&rig).await;
        let child = |text: &str| Some(text.to_owned());
        // Without a register one check can be made; the others say that they were not.
        assert_eq!(told(&rig, LEWISHAM).await, [(Check::SameChild, child("1"), child(BROMLEY))]);
        assert_eq!(told(&rig, BROMLEY).await, [(Check::SameChild, child("3"), child(LEWISHAM))]);
        assert_eq!(told(&rig, CROYDON).await, []);
        assert!(not_made(&rig).await.contains(&Check::OverPlaces) && not_made(&rig).await.contains(&Check::UrnUnknown));

        // Two places and three children of two boroughs; Croydon's URN is not in the register.
        rig.apply(&register("2026-07-20", &[REGISTERED])).await;
        assert_eq!(not_made(&rig).await, [Check::ProviderPostcode]);
        assert_eq!(told(&rig, BROMLEY).await, [(Check::SameChild, child("3"), child(LEWISHAM)), (Check::OverPlaces, None, None)]);
        assert_eq!(told(&rig, CROYDON).await, [(Check::UrnUnknown, child("4"), None)]);
        let home = own(&rig.hub, code(LEWISHAM)).await.unwrap().concerns.into_iter().find(|found| found.check == Check::OverPlaces);
        let home = home.unwrap();
        assert_eq!((home.own, home.places, home.child_ref), (Some(2), Some(2), None), "how many there are in all is not told");

        // Nothing changed: nothing is read again.
        let made = rig.hub.checks.load_full().unwrap();
        told(&rig, BROMLEY).await;
        assert!(Arc::ptr_eq(&made, &rig.hub.checks.load_full().unwrap()));

        // Restricted on 3 July: one child came after, two lived there.
        let stopped = "1234568,restriction,accommodation,2026-07-03,,,,,,\n";
        rig.clock.advance(60);
        rig.apply(&register("2026-07-20", &[REGISTERED, stopped])).await;
        let of = async |authority: &str| {
            let told = told(&rig, authority).await;
            told.into_iter().filter(|(check, ..)| matches!(check, Check::Restricted | Check::PlacedWhileRestricted)).collect::<Vec<_>>()
        };
        assert_eq!(of(LEWISHAM).await, [(Check::Restricted, child("1"), None), (Check::Restricted, child("2"), None)]);
        assert_eq!(of(BROMLEY).await, [(Check::PlacedWhileRestricted, child("3"), None)]);
    }

    async fn providers_are_asked_of_the_register(db: TestDb) {
        let rig = Rig::over(db).await;
        rig.join(REGION, "The region", r#"{"feeds":["regulator"]}"#).await;
        let rows = [
            there("1", "2026-06-01", "2010-01").with("placement_type", "K3"),
            there("2", "2026-06-01", "2010-02").with("placement_provider", "PR1"),
            there("3", "2026-06-01", "2010-03").with("urn", "1234500"),
            there("4", "2026-02-01", "2010-04").with("urn", "1234500"),
            there("5", "2026-06-01", "2010-05"),
        ];
        rig.apply(&on("2026-07-20", &rows)).await;
        let closed = "1234500,registration,,2020-01-01,2026-05-01,childrens_home,private,E10000016,cancelled,9\n";
        let open = REGISTERED.replace(",2\n", ",9\n");
        rig.apply(&register("2026-07-20", &[&open, closed])).await;
        let child = |text: &str| Some(text.to_owned());
        assert_eq!(
            told(&rig, LEWISHAM).await,
            [
                (Check::ProviderPlace, child("1"), None),
                (Check::ProviderSector, child("2"), None),
                (Check::ProviderAtStart, child("3"), None),
                (Check::ProviderAtEnd, child("4"), None),
                (Check::ProviderAuthority, child("2"), None),
            ]
        );
    }

    async fn an_episode_out_of_area_without_notice_is_told(db: TestDb) {
        let rig = Rig::over(db).await;
        rig.apply(&on("2026-07-20", &[away("1", "2026-07-01", KENT)])).await;
        hub_pipeline::reconcile::run(&rig.hub).await.unwrap();
        let own = own(&rig.hub, code(LEWISHAM)).await.unwrap();
        let unnoticed = own.concerns.iter().filter(|concern| concern.check == Check::NoNotice).count();
        let standing = rig.number("SELECT CAST(COUNT(*) AS TEXT) FROM discrepancy WHERE kind = 'missing_notice' AND side = 'placing'").await;
        assert_eq!(u64::try_from(unnoticed).unwrap(), standing);
        assert_eq!(unnoticed, 1);
    }
}
