//! What commissioners ask, over HTTP and at the command line, on both databases: the gaps, the questions, what stands behind
//! a figure, a home that was not there, and how far a vacancy can be believed.

use std::fmt::Write as _;

use hub_domain::Dataset;
use hub_testkit::{Answer, Feed, Persona, TestHub, authority, child_ref, program};
use serde_json::{Value, json};

/// Three boroughs of one sub-region.
const BOROUGHS: [&str; 3] = ["lewisham", "bromley", "greenwich"];
const PLACEMENTS: &str = "child_ref,episode_start,birth_month,sex,ethnicity,uasc,reason_new_episode,legal_status,\
                          category_of_need,placement_type,placement_provider,placement_la,distance_miles,urn,\
                          weekly_cost,episode_end,reason_ceased";
const SEARCHES: &str = "search_ref,child_ref,opened_on,provision_sought,age,sex";
const VACANCIES: &str = "urn,setting_ref,provision,sector,host_la,approved_places,occupied_places,available_places,\
                         held_places,closed_places,age_min,age_max,sex_accepted,confirmed_at";

/// A borough's children: twelve fostered at home, and one after another, a month apart, in a children's home in Kent for
/// two months.
fn placements(slug: &str) -> Feed {
    let mut csv = format!("{PLACEMENTS}\r\n");
    for n in 0..12 {
        let child = child_ref(&format!("{slug} at home {n}"));
        let _ = write!(
            csv,
            "{child},2025-06-02,2012-09,F,WBRI,false,S,C2,N1,U6,PR1,{},1.5,SC012345,480.00,,\r\n",
            authority(slug)
        );
    }
    for n in 0..22 {
        let day = |month: i32| format!("{}-{:02}-02", 2024 + (3 + month) / 12, (3 + month) % 12 + 1);
        let (child, from, to) = (child_ref(&format!("{slug} away {n}")), day(n), day(n + 2));
        let _ = write!(
            csv,
            "{child},{from},2010-06,M,WBRI,false,S,C2,N1,K2,PR4,E10000016,60.0,1234568,7000.00,{to},E4A\r\n"
        );
    }
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

/// A fostering household with a place, confirmed on that day.
fn vacancies(key: &str, as_at: &str, available: u32) -> Feed {
    let row = format!(
        "1234567,st-1,foster_household,private,E09000023,2,{},{available},0,0,0,17,any,{as_at}T09:00:00Z",
        2 - available
    );
    let feed = Feed::of(authority("lewisham"), Dataset::Vacancies, key, format!("{VACANCIES}\r\n{row}\r\n"));
    Feed { as_at: as_at.to_owned(), ..feed }
}

/// The feeds of all three, a release, and its id.
async fn region(hub: &TestHub) -> String {
    for slug in BOROUGHS {
        hub.join(authority(slug), jiff::civil::date(2020, 1, 1)).await;
        let sender = hub.as_borough(slug).await;
        for feed in [placements(slug), searches(slug)] {
            let decided = sender.deliver(&feed).await;
            assert!(decided["verdict"].as_str().is_some_and(|verdict| verdict.starts_with("accepted")), "{decided}");
        }
        if slug == "lewisham" {
            sender.deliver(&vacancies("homes", "2026-03-31", 1)).await;
        }
    }
    let made = hub.as_operator().await.post("/v1/releases", &json!({})).await.expect(201).json();
    made["id"].as_str().expect("an id").to_owned()
}

/// What the program prints with `--json`, over the hub's database.
fn told(hub: &TestHub, args: &[&str]) -> Value {
    let mut command = std::process::Command::new(program());
    let ran = command.args(args).arg("--json").env("HUB_DATABASE_URL", hub.db().url()).output().expect("the program");
    assert!(ran.status.success(), "{args:?}: {}", String::from_utf8_lossy(&ran.stderr));
    serde_json::from_slice(&ran.stdout).expect("a document")
}

/// The points that the first vacancy's reporter gets for its past, the whole score being explained.
async fn reliability(broker: &Persona) -> Option<i64> {
    let board = broker.get("/v1/vacancies").await.expect(200).json();
    let confidence = &board["items"][0]["confidence"];
    let reasons = confidence["reasons"].as_array().expect("reasons");
    let about: Vec<_> = reasons.iter().map(|reason| reason["about"].as_str().expect("a word")).collect();
    assert_eq!(about, ["age", "source", "later_starts", "reliability"]);
    let points: i64 = reasons.iter().filter_map(|reason| reason["points"].as_i64()).sum();
    assert_eq!(confidence["score"].as_i64(), Some(points));
    reasons[3]["points"].as_i64()
}

async fn known(reader: &Persona, path: &str, tag: &str) -> Answer {
    reader.send(reader.request("GET", path).header("If-None-Match", tag)).await
}

hub_testkit::on_both! {
    async fn a_gap_is_told_with_what_one_more_place_would_close_and_for_whom(hub: TestHub) {
        let release = region(&hub).await;
        let commissioner = hub.as_commissioner().await;
        let gaps = commissioner.get("/v1/gaps?limit=1").await.expect(200).json();
        assert_eq!(gaps["release"], release.as_str());
        let gap = &gaps["items"][0];
        assert_eq!(
            (&gap["area"], &gap["provision"], &gap["age_band"], &gap["unserved"]),
            (&json!("SEL"), &json!("childrens_home"), &json!("13-15"), &json!(24)), "{gap:#}"
        );
        let one = &gap["one_more"];
        assert_eq!((&one["could_serve"], &one["would_fill"]), (&json!(24), &json!(20)), "{one:#}");
        let whose: Vec<_> = one["boroughs"].as_array().expect("boroughs").iter().map(|part| &part["could_serve"]).collect();
        assert_eq!(whose, [&json!(8); 3]);
        assert_eq!(told(&hub, &["gaps", "--limit", "1"])[0], *gap, "the program tells the same");
        assert_eq!(commissioner.get("/v1/gaps?limit=0").await.code(), "invalid-request");
        let kept = commissioner.get(&format!("/v1/releases/{release}")).await.expect(200).json();
        assert_eq!(kept["summary"]["assignment"], json!({ "is_best": true, "fewer_unserved_at_most": 0 }));
        assert!(!kept["summary"].to_string().contains("\"unserved\""), "how many are left is a count of children");
    }

    async fn every_question_is_answered_by_name_and_by_number(hub: TestHub) {
        let commissioner = hub.as_commissioner().await;
        let early = commissioner.get("/v1/questions/recurring-gaps").await.expect(200).json();
        assert_eq!((&early["release"], &early["answers"]), (&Value::Null, &json!([])));
        let release = region(&hub).await;
        let all = commissioner.get("/v1/questions").await.expect(200).json();
        let all = all["items"].as_array().expect("questions");
        assert_eq!(all.len(), 17);
        for question in all {
            let answered = commissioner.get(question["href"].as_str().expect("an address")).await.expect(200).json();
            assert_eq!((&answered["number"], &answered["release"]), (&question["number"], &json!(release)));
            for (read, part) in question["reads"].as_array().expect("tables").iter().zip(answered["answers"].as_array().expect("answers")) {
                assert_eq!(read["table"], part["table"]);
                assert!(part["definition_version"].is_u64() && part["as_at"].is_string() && part["release"] == json!(release));
                commissioner.get(read["href"].as_str().expect("an address")).await.expect(200);
                commissioner.get(read["definition"].as_str().expect("an address")).await.expect(200);
            }
            let told = told(&hub, &["ask", question["id"].as_str().expect("a name")]);
            assert_eq!(told["answers"], answered["answers"], "the program tells the same");
        }
        let recurring = commissioner.get("/v1/questions/15").await.expect(200).json();
        let row = &recurring["answers"][0]["rows"][0];
        assert_eq!((&row["unserved"], &row["authorities"]), (&json!(24), &json!("c")), "three is few: {recurring:#}");
        for nothing in ["07", "0", "18", "nothing"] {
            assert_eq!(commissioner.get(&format!("/v1/questions/{nothing}")).await.code(), "not-found");
        }
    }

    async fn what_stands_behind_a_figure_is_told_as_far_as_its_asker_may_see_it(hub: TestHub) {
        let release = region(&hub).await;
        let path = format!("/v1/releases/{release}/tables/market_gaps/explain?row=SEL,13-15,childrens_home");
        let senders = async |asker: &Persona| -> Vec<String> {
            let found = asker.get(&path).await.expect(200).json();
            assert_eq!(found["rows"][0]["unserved"], json!(24));
            assert!(!found["rules"].as_array().expect("rules").is_empty());
            let behind = found["submissions"].as_array().expect("submissions").iter();
            let mut codes: Vec<String> = behind.map(|one| one["authority"].as_str().expect("a code").to_owned()).collect();
            codes.dedup();
            codes
        };
        let code = |slug: &str| authority(slug).to_string();
        assert_eq!(senders(&hub.as_borough("lewisham").await).await, [code("lewisham")]);
        assert_eq!(senders(&hub.as_commissioner().await).await, [] as [String; 0]);
        assert_eq!(senders(&hub.as_operator().await).await, [code("bromley"), code("greenwich"), code("lewisham")]);
        let reader = hub.as_commissioner().await;
        for nothing in [path.replace("SEL", "NWL"), path.replace("market_gaps", "nothing")] {
            assert_eq!(reader.get(&nothing).await.code(), "not-found");
        }
        assert_eq!(reader.get(path.split('?').next().expect("a path")).await.code(), "invalid-request");
    }

    async fn own_tables_change_with_what_is_known_and_not_with_the_moment_of_asking(hub: TestHub) {
        region(&hub).await;
        let lewisham = hub.as_borough("lewisham").await;
        let path = "/v1/own/tables/children_in_care";
        let first = lewisham.get(path).await.expect(200);
        let tag = first.header("etag").to_owned();
        hub.clock().advance(60);
        let again = known(&lewisham, path, &tag).await;
        assert_eq!((again.status, again.header("etag"), again.body.len()), (304, tag.as_str(), 0));
        assert_eq!(lewisham.get(path).await.expect(200).body, first.body, "byte for byte");
        // Somebody else's night changes nothing of it; its own does.
        hub.as_borough("bromley").await.deliver(&Feed { key: "more".to_owned(), ..searches("bromley") }).await;
        assert_eq!(known(&lewisham, path, &tag).await.status, 304);
        let children: Vec<_> = (0..3).map(|n| hub_testkit::Child::placed(&format!("new {n}"), "E09000023")).collect();
        lewisham.deliver(&Feed::changes(authority("lewisham"), "change", &children, &[])).await;
        let changed = known(&lewisham, path, &tag).await.expect(200);
        assert!(changed.header("etag") != tag && changed.body != first.body);
        // Another day is another table.
        hub.clock().advance(24 * 3600);
        let mut lewisham = lewisham;
        lewisham.renew().await;
        assert_eq!(known(&lewisham, path, changed.header("etag")).await.status, 200);
    }

    async fn two_versions_of_a_definition_are_computed_side_by_side(hub: TestHub) {
        region(&hub).await;
        let lewisham = hub.as_borough("lewisham").await;
        let of = async |version: u32| lewisham.get(&format!("/v1/own/tables/market_gaps?version={version}")).await;
        for version in [1, 2] {
            let table = of(version).await.expect(200).json();
            assert_eq!(table["definition_version"], json!(version));
            let unserved = table["rows"].as_array().expect("rows").iter().filter_map(|row| row["unserved"].as_u64()).max();
            assert_eq!(unserved, Some(8), "exact, and of Lewisham alone");
        }
        assert_eq!(of(9).await.code(), "not-found");
        let usual = lewisham.get("/v1/own/tables/market_gaps").await.expect(200).json();
        assert_eq!(usual["definition_version"], json!(2));
        let compared = told(&hub, &["definition", "compare", "market_gaps", "--authority", "lewisham"]);
        assert_eq!((&compared["from"], &compared["to"]), (&json!(1), &json!(2)));
        let row = &compared["compared"]["rows"][0];
        let unserved = row["figures"].as_array().expect("figures").iter().find(|figure| figure[0] == "unserved");
        assert_eq!(unserved, Some(&json!(["unserved", 8, 8])), "{compared:#}");
    }

    async fn a_home_that_was_not_there_is_replayed_with_an_interval(hub: TestHub) {
        region(&hub).await;
        let commissioner = hub.as_commissioner().await;
        let asked = "/v1/replay?host=E09000023&age_band=13-15&places=4&weekly_fee=500000";
        let replayed = commissioner.get(asked).await.expect(200).json();
        let row = &replayed["rows"][0];
        let figure = |name: &str| row[name].as_u64().unwrap_or_else(|| panic!("{name} is not shown: {row:#}"));
        for name in ["children", "occupancy_percent", "weeks_nearer", "paid_pounds", "cost_by_the_night_pounds"] {
            assert!(figure(name) > 0 && figure(&format!("{name}_low")) <= figure(&format!("{name}_high")), "{row:#}");
        }
        // Six children a night ask for four places; each night paid at 1,000 pounds.
        assert!(figure("occupancy_percent") >= 80, "{row:#}");
        assert!(figure("paid_pounds") > figure("cost_by_the_night_pounds"), "{row:#}");
        assert_eq!(commissioner.get(asked).await.body, commissioner.get(asked).await.body, "the same draws each time");
        let wrong = commissioner.get("/v1/replay?host=E09000023&age_band=13-15&from=2025-01-15").await;
        assert_eq!(wrong.status, 400, "{}", wrong.text());
        let told = told(&hub, &["replay", "--host", "lewisham", "--age-band", "13-15"]);
        assert!(told["rows"][0]["occupancy_percent_low"].is_u64() || told["rows"][0]["occupancy_percent_low"] == "c");
    }

    async fn a_vacancy_is_told_with_how_far_it_can_be_believed_and_why(hub: TestHub) {
        region(&hub).await;
        let broker = hub.as_broker().await;
        assert_eq!(reliability(&broker).await, Some(10), "nothing is known of its reporter");
        // What was said before and has been said otherwise since is remembered.
        let lewisham = hub.as_borough("lewisham").await;
        hub.clock().advance(24 * 3600);
        let (mut broker, mut lewisham) = (broker.clone(), lewisham);
        broker.renew().await;
        lewisham.renew().await;
        lewisham.deliver(&vacancies("next", "2026-04-01", 2)).await;
        assert_eq!(reliability(&broker).await, Some(13));
        let told = told(&hub, &["vacancies"]);
        assert_eq!(told[0]["setting_ref"], "st-1");
        assert!(told[0]["confidence"]["reasons"].as_array().is_some_and(|reasons| reasons.len() == 4));
    }
}
