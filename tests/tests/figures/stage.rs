//! A small region to look at: three boroughs, homes large and small, a provider whom two judge differently, a release.

use std::fmt::Write as _;

use hub_domain::{AuthorityCode, Dataset};
use hub_pipeline::identity::Role;
use hub_testkit::{Feed, Persona, TestHub, authority, child_ref};
use serde_json::json;

/// Three boroughs of one sub-region.
pub const BOROUGHS: [&str; 3] = ["lewisham", "bromley", "greenwich"];
/// A home in Kent that two authorities judge, differently.
pub const HOME: &str = "1234568";

const PLACEMENTS: &str = "child_ref,episode_start,birth_month,sex,ethnicity,uasc,reason_new_episode,legal_status,\
                          category_of_need,placement_type,placement_provider,placement_la,distance_miles,urn";
const SEARCHES: &str = "search_ref,child_ref,opened_on,provision_sought,age,sex";
const VACANCIES: &str = "urn,setting_ref,provision,sector,host_la,approved_places,occupied_places,available_places,\
                         held_places,closed_places,age_min,age_max,sex_accepted,confirmed_at,provider_name";
const QUALITY: &str =
    "event_ref,urn,kind,occurred_on,source,overall,score_safety,score_care,concern_level,in_force_from";
const REGISTER: &str = "urn,entry,aspect,effective_from,effective_to,provider_type,provider_name,sector,la,\
                        registration_status,registered_places,categories,scale,grade,published_on";

/// Twelve children at home, eight in the home in Kent, two alone with foster carers in the next borough.
fn placements(slug: &str) -> Feed {
    let mut csv = format!("{PLACEMENTS}\r\n");
    let mut add = |what: &str, many: usize, born: &str, tail: &str| {
        for n in 0..many {
            let child = child_ref(&format!("{slug} {what} {n}"));
            let _ = write!(csv, "{child},2025-06-02,{born},F,WBRI,false,S,C2,N1,{tail}\r\n");
        }
    };
    add("at home", 12, "2012-09", &format!("U6,PR1,{},1.5,SC012345", authority(slug)));
    add("in Kent", 8, "2010-06", &format!("K2,PR4,E10000016,60.0,{HOME}"));
    let next = BOROUGHS.iter().find(|other| **other != slug).copied().unwrap_or_default();
    add("next door", 2, "2018-01", &format!("U6,PR1,{},4.0,SC012345", authority(next)));
    Feed::of(authority(slug), Dataset::Placements, &format!("{slug}-placements"), csv)
}

/// Eight open searches for a children's home for a boy of fourteen.
fn searches(slug: &str) -> Feed {
    let mut csv = format!("{SEARCHES}\r\n");
    for n in 0..8 {
        let child = child_ref(&format!("{slug} waits {n}"));
        let _ = write!(csv, "sr-{n},{child},2026-03-02,childrens_home,14,M\r\n");
    }
    Feed::of(authority(slug), Dataset::Searches, &format!("{slug}-searches"), csv)
}

/// A fostering household with two places, one of them free, and a stale one of one place.
fn vacancies() -> Feed {
    let rows = "1234567,st-1,foster_household,private,E09000023,2,1,1,0,0,0,17,any,2026-03-31T09:00:00Z,Two Places\r\n\
                1234567,st-2,foster_household,private,E09000023,1,0,1,0,0,0,17,any,2026-02-01T09:00:00Z,One Place\r\n";
    Feed::of(authority("lewisham"), Dataset::Vacancies, "homes", format!("{VACANCIES}\r\n{rows}"))
}

fn visits(slug: &str, overall: &str, score: u8) -> Feed {
    let row = format!("qa-{slug},{HOME},visit,2026-03-02,borough_qa,{overall},{score},{score},,\r\n");
    let concern = format!("co-{slug},{HOME},concern,2026-03-02,borough_qa,,,,serious,2026-03-02\r\n");
    let csv = format!("{QUALITY}\r\n{row}{}", if overall == "inadequate" { &concern } else { "" });
    Feed::of(authority(slug), Dataset::Quality, &format!("{slug}-quality"), csv)
}

fn register() -> Feed {
    let rows = format!(
        "{HOME},registration,,2019-05-01,,childrens_home,Harbour House,private,E10000016,registered,30,,,,\r\n\
         {HOME},judgement,overall,2025-02-04,,,,,,,,,four_point,good,2025-03-12\r\n\
         {HOME},restriction,accommodation,2026-01-24,,,,,,,,,,,\r\n"
    );
    Feed::of(AuthorityCode::REGION, Dataset::Regulator, "register", format!("{REGISTER}\r\n{rows}"))
}

async fn deliver(sender: &Persona, feed: Feed) {
    let decided = sender.deliver(&feed).await;
    let verdict = decided["verdict"].as_str().unwrap_or_default();
    assert!(verdict.starts_with("accepted"), "{} {}: {decided}", feed.authority, feed.dataset);
}

/// Everything sent and one release published.
pub async fn region(hub: &TestHub) {
    for slug in BOROUGHS {
        hub.join(authority(slug), jiff::civil::date(2020, 1, 1)).await;
        let sender = hub.as_borough(slug).await;
        deliver(&sender, placements(slug)).await;
        deliver(&sender, searches(slug)).await;
        match slug {
            "lewisham" => {
                deliver(&sender, vacancies()).await;
                deliver(&sender, visits(slug, "good", 4)).await;
            }
            "bromley" => deliver(&sender, visits(slug, "inadequate", 1)).await,
            _ => {}
        }
    }
    let sender = hub.as_client("register", &[Role::Borough], &[AuthorityCode::REGION]).await;
    deliver(&sender, register()).await;
    publish(hub).await;
}

/// One more release.
pub async fn publish(hub: &TestHub) {
    hub.as_operator().await.post("/v1/releases", &json!({})).await.expect(201);
}
