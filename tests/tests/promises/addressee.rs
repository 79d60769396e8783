//! S11: a notice reaches the authority that was named, by its code and the day, or is held; over `POST /v1/notices` and over
//! the admissions upload. What is right is written here again, so that it can disagree with the hub.
//!
//! Every pair of authorities on each date is in `hub-notices`; here one host in four and all that begin or end are written to, and
//! named by homes, through the whole hub.

use std::collections::BTreeSet;

use hub_domain::{AuthorityCode, Dataset, Date, authority as registry};
use hub_testkit::{Feed, Persona, TestHub, authority, placement};
use jiff::civil::date;
use serde_json::json;

/// Around the end of Surrey, the turn of financial years, a leap day, and bank holidays.
const DATES: [Date; 10] = [
    date(2026, 3, 31),
    date(2026, 4, 1),
    date(2026, 12, 25),
    date(2027, 3, 30),
    date(2027, 3, 31),
    date(2027, 4, 1),
    date(2027, 4, 2),
    date(2028, 2, 29),
    date(2028, 3, 31),
    date(2028, 4, 1),
];

const FIRST_OF_APRIL: Date = date(2027, 4, 1);

/// Had ended before any of the dates.
const ENDED: [&str; 6] = ["E08000016", "E08000019", "E10000006", "E10000021", "E10000023", "E10000027"];

fn is_in_being(host: &str, on: Date) -> bool {
    match host {
        "E10000030" => on < FIRST_OF_APRIL,
        "X06000001" | "X06000002" => on >= FIRST_OF_APRIL,
        _ if ENDED.contains(&host) => false,
        _ => true,
    }
}

/// Whoever begins or ends, and every fourth of the others.
fn everybody_but(one: AuthorityCode) -> Vec<AuthorityCode> {
    let changes = |code: &str| ENDED.contains(&code) || ["E10000030", "X06000001", "X06000002"].contains(&code);
    let all = registry::all().iter().map(|authority| authority.code).enumerate();
    let chosen = all.filter(|(n, code)| *code != one && (n % 4 == 0 || changes(code.as_str())));
    chosen.map(|(_, code)| code).collect()
}

/// It is this day, at two in the afternoon.
async fn on_the_day(hub: &TestHub, day: Date, callers: &mut [Persona]) {
    hub.clock().set(format!("{day}T14:00:00Z").parse().expect("an instant"));
    for caller in callers {
        caller.renew().await;
    }
}

/// Notices of stays that begin on a day, whenever their host came into being: who placed, whom they are for, and whether the
/// host has been told.
async fn kept(hub: &TestHub, day: Date) -> BTreeSet<[String; 3]> {
    let sql =
        format!("SELECT authority, host, CAST(issued AS TEXT) FROM notice WHERE body LIKE '%\"start\":\"{day}\"%'");
    let rows = hub_testkit::rows(hub.db().url(), &sql).await;
    rows.into_iter().map(|row| row.try_into().expect("three columns")).collect()
}

fn right(placing: AuthorityCode, host: AuthorityCode, day: Date) -> [String; 3] {
    let told = if is_in_being(host.as_str(), day) { "1" } else { "0" };
    [placing.to_string(), host.to_string(), told.to_owned()]
}

hub_testkit::on_both! {
    async fn a_stated_notice_goes_to_the_code_that_was_named_or_is_held(hub: TestHub) {
        let lewisham = authority("lewisham");
        let mut borough = [hub.as_borough("lewisham").await];
        let hosts = everybody_but(lewisham);
        for day in DATES {
            on_the_day(&hub, day, &mut borough).await;
            for host in &hosts {
                let mut said = placement(&format!("{day} {host}"), host.as_str());
                said["type"] = json!("placement");
                said["placement_start"] = json!(day);
                said["approved_on"] = json!("2026-03-01");
                let given = borough[0].post("/v1/notices", &said).await.expect(201).json();
                let state = if is_in_being(host.as_str(), day) { "raised" } else { "held" };
                assert_eq!((&given["host"]["code"], &given["state"]), (&json!(host), &json!(state)), "on {day}");
                let because = if state == "held" { json!("host_not_in_force") } else { json!(null) };
                assert_eq!(given["held_because"], because, "whoever gave it is told why it waits");
            }
            let expected: BTreeSet<_> = hosts.iter().map(|host| right(lewisham, *host, day)).collect();
            assert_eq!(kept(&hub, day).await, expected, "on {day}");
        }
        // The planted fault: one that was written to the authority which may have taken over.
        let (surrey, east) = ("E10000030", "X06000001");
        let (last, guess) = (date(2028, 4, 1), format!("UPDATE notice SET host = '{east}', issued = 1"));
        hub_testkit::rows(hub.db().url(), &format!("{guess} WHERE host = '{surrey}' AND started_on = '{last}'")).await;
        let expected: BTreeSet<_> = hosts.iter().map(|host| right(lewisham, *host, last)).collect();
        assert_ne!(kept(&hub, last).await, expected, "a guess is caught");
    }

    async fn a_name_is_no_address_and_two_keys_must_agree(hub: TestHub) {
        let lewisham = hub.as_borough("lewisham").await;
        for (member, value) in [
            ("host", "Kent"),
            ("host", "kent"),
            ("host", "e10000016"),
            ("host", "E1000001"),
            ("host", "886"),
            ("host_dfe", "936"),
        ] {
            let mut said = placement("one", authority("kent").as_str());
            said["type"] = json!("placement");
            said[member] = json!(value);
            let refused = lewisham.post("/v1/notices", &said).await.expect(422);
            let problem = refused.json();
            let pointers: Vec<_> = problem["errors"].as_array().expect("a list").iter().map(|it| &it["pointer"]).collect();
            assert_eq!(pointers, [&json!(format!("/body/{member}"))], "{value}");
        }
        assert_eq!(hub_testkit::count(hub.db().url(), "FROM notice").await, 0, "nothing is kept, and nobody is told");
        let mut said = placement("one", authority("kent").as_str());
        (said["type"], said["host_dfe"]) = (json!("placement"), json!("886"));
        lewisham.post("/v1/notices", &said).await.expect(201);
    }

    async fn a_home_is_heard_by_its_own_host_whichever_authority_it_names(hub: TestHub) {
        let senders = ["kent", "lewisham", "surrey", "east-surrey", "west-surrey"].map(authority);
        let mut filing = Vec::new();
        for sender in senders {
            hub.join(sender, date(2020, 1, 1)).await;
            let slug = &registry::find(sender).expect("known").slug;
            filing.push(hub.as_borough(slug).await);
        }
        for (n, day) in (1..).zip(DATES) {
            on_the_day(&hub, day, &mut filing).await;
            let mut expected = BTreeSet::new();
            for (sender, caller) in senders.into_iter().zip(&filing) {
                let mut csv = "admission_ref,urn,notified_under,placing_la,birth_month,sex,admitted_on\n".to_owned();
                for placing in everybody_but(sender) {
                    csv += &format!("ad-{day}-{placing},SC999999,reg_41,{placing},2012-{n:02},F,{day}\n");
                    expected.insert(right(placing, sender, day));
                }
                let feed = Feed::of(sender, Dataset::Admissions, &format!("{day}"), csv.into_bytes());
                caller.deliver(&Feed { mode: "changes", as_at: day.to_string(), ..feed }).await;
            }
            hub_pipeline::reconcile::run(hub.hub()).await.expect("reconciled");
            assert_eq!(kept(&hub, day).await, expected, "on {day}");
        }
        // Nobody is named: nobody's notice. A home in another area, or a name for a code: not taken.
        let before = hub_testkit::count(hub.db().url(), "FROM notice").await;
        let heads = "admission_ref,urn,notified_under,placing_la,host_la,birth_month,sex,admitted_on\n";
        let csv = format!(
            "{heads}nobody,SC999999,reg_41,,,2013-01,F,2028-04-01\n\
             elsewhere,SC999999,reg_41,E09000008,E10000030,2013-02,F,2028-04-01\n\
             by-name,SC999999,reg_41,Croydon,,2013-03,F,2028-04-01\n"
        );
        let feed = Feed::of(senders[0], Dataset::Admissions, "names", csv.into_bytes());
        let report = filing[0].deliver(&Feed { mode: "changes", as_at: "2028-04-01".to_owned(), ..feed }).await;
        assert_eq!(report["counts"]["rows_rejected"], 2, "{report}");
        hub_pipeline::reconcile::run(hub.hub()).await.expect("reconciled");
        assert_eq!(hub_testkit::count(hub.db().url(), "FROM notice").await, before);
    }
}
