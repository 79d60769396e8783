//! Signing in and out: once, in one browser, on any replica, and for a while.

use std::time::Duration;

use hub_testkit::{Backend, Child, Feed, ISSUER, People, Setup, TestHub};

hub_testkit::on_both! {
    async fn a_sign_in_leads_back_to_the_page_that_was_asked_for(hub: TestHub) {
        let mut person = hub.visitor();
        let asked = person.get("/desk/register?as_of=2026-04-01").await.expect(303);
        assert_eq!(asked.header("location"), "/sign-in?to=%2Fdesk%2Fregister%3Fas_of%3D2026-04-01");
        let shown = person.get(asked.header("location")).await.expect(200).text();
        assert!(shown.contains("/sign-in/begin?to=%2Fdesk%2Fregister%3Fas_of%3D2026-04-01"), "{shown}");
        let to = person.sign_in("kent-duty", "%2Fdesk%2Fregister%3Fas_of%3D2026-04-01").await;
        assert_eq!(to, "/desk/register?as_of=2026-04-01");
        assert!(person.has_cookie("__Host-hub") && !person.has_cookie("__Host-hub-begun"));
        let page = person.get(&to).await.expect(200).text();
        assert!(page.contains("The duty officer, Kent") && page.contains("Children living in Kent"), "{page}");
    }

    async fn nobody_is_led_to_another_site(hub: TestHub) {
        for evil in ["https:%2F%2Fevil.example", "%2F%2Fevil.example", "%2F%5Cevil.example"] {
            let mut person = hub.visitor();
            assert_eq!(person.sign_in("kent-duty", evil).await, "/", "{evil}");
        }
    }

    async fn a_session_is_known_on_every_replica_and_ended_on_every_replica(hub: TestHub) {
        let mut here = hub.visit("commissioner").await;
        let mut other = hub.replica().await;
        let mut there = here.at(&other);
        assert!(there.get("/").await.expect(200).text().contains("You are signed in as"));
        here.post("/sign-out", &[]).await.expect(303);
        assert!(!there.get("/").await.expect(200).text().contains("You are signed in as"));
        other.stop().await;
    }

    async fn a_session_ends_when_nobody_uses_it_and_at_the_end_of_the_day(hub: TestHub) {
        let mut idle = hub.visit("operator").await;
        let mut busy = hub.visit("operator").await;
        for _ in 0..19 {
            hub.clock().advance(30 * 60);
            busy.get("/operator").await.expect(200);
            noted(&hub).await;
        }
        idle.get("/operator").await.expect(303);
        hub.clock().advance(30 * 60);
        busy.get("/operator").await.expect(303);
    }

    async fn a_code_is_good_once_and_in_one_browser(hub: TestHub) {
        let (mut own, mut strange) = (hub.visitor(), hub.visitor());
        let back = own.authorise("kent-duty").await;
        strange.get(&back).await.expect(403);
        strange.get("/sign-in/begin").await.expect(303);
        strange.get(&back).await.expect(403);
        own.get(&back).await.expect(303);
        own.get("/desk").await.expect(200);
        own.get(&back).await.expect(403);
        let late = own.authorise("kent-duty").await;
        hub.clock().advance(16 * 60);
        own.get(&late).await.expect(403);
    }

    async fn a_token_of_the_api_opens_no_page_and_a_session_opens_no_api(hub: TestHub) {
        let client = hub.as_operator().await;
        let answer = client.get("/operator").await;
        assert_eq!((answer.status, answer.header("location")), (303, "/sign-in?to=%2Foperator"));
        let mut person = hub.visit("operator").await;
        person.get("/v1/submissions").await.expect(401);
    }

    async fn a_form_of_another_site_changes_nothing(hub: TestHub) {
        let mut person = hub.visit("operator").await;
        for origin in ["https://evil.example", "null", "https://hub.example.evil.example"] {
            person.post_from(origin, "/sign-out", &[]).await.expect(403);
        }
        person.get("/operator").await.expect(200);
        let request = hub.http().post(format!("{}/sign-out", hub.base()));
        person.send(request).await.expect(403);
        person.get("/operator").await.expect(200);
    }

    async fn a_file_is_tried_and_nothing_of_it_is_kept(hub: TestHub) {
        let own = hub_testkit::authority("lewisham");
        hub.join(own, "2020-01-01".parse().unwrap()).await;
        let feed = Feed::placements(own, "tried", &[Child::placed("tried", "E10000016")]);
        let csv = String::from_utf8(feed.body).unwrap();
        let mut person = hub.visit("lewisham-analyst").await;
        let mut tried = async |csv: &str| {
            let part = |head: &str, body: &str| format!("--x\r\nContent-Disposition: form-data; {head}\r\n\r\n{body}\r\n");
            let body = part("name=\"dataset\"", "placements")
                + &part("name=\"as_at\"", &feed.as_at)
                + &part("name=\"file\"; filename=\"a.csv\"", csv)
                + "--x--\r\n";
            let request = hub.http().post(format!("{}/borough/check", hub.base())).header("origin", ISSUER);
            person.send(request.header("content-type", "multipart/form-data; boundary=x").body(body)).await
        };
        let good = tried(&csv).await.expect(200).text();
        assert!(good.contains("What would come of the file") && good.contains("Nothing need be done if the carers do live there"), "{good}");
        let bad = tried(&csv.replace(",U6,", ",ZZ,")).await.expect(200).text();
        assert!(bad.contains("What to do:") && bad.contains("row 1") && !bad.contains("ZZ"), "{bad}");
        tried(&csv.replace("child_ref", "full_name")).await.expect(400);
        assert_eq!(hub_testkit::count(hub.db().url(), "FROM submission").await, 0);
    }

    async fn a_notice_that_its_host_read_is_in_the_placing_authoritys_list_of_readers(hub: TestHub) {
        let places = crate::matrix::world::World::fill(&hub, false).await;
        let mut desk = hub.visit("kent-duty").await;
        let notice = &places.sides[0].notices[0];
        desk.get(&format!("/desk/notices/{notice}")).await.expect(200);
        let own = hub.visit("lewisham-analyst").await;
        hub_testkit::until("the reading is noted", Duration::from_secs(20), || {
            let mut own = own.clone();
            async move {
                let page = own.get("/borough/looked").await.expect(200).text();
                (page.contains(notice.as_str()) && page.contains("kent-duty") && page.contains("host, Kent")).then_some(())
            }
        })
        .await;
        let other = hub.visit("croydon-analyst").await.get("/borough/looked").await.expect(200).text();
        assert!(!other.contains(notice.as_str()), "{other}");
    }
}

/// Waits until the use of a session is written down.
async fn noted(hub: &TestHub) {
    let now = hub.now().as_microsecond();
    hub_testkit::until("the session's use is noted", Duration::from_secs(20), async || {
        let seen = format!("FROM session WHERE seen_at = {now}");
        (hub_testkit::count(hub.db().url(), &seen).await > 0).then_some(())
    })
    .await;
}

/// A hub that serves a region has no issuer of made-up accounts, and its pages say that nobody can sign in.
#[test]
fn without_a_demonstration_there_are_no_made_up_accounts() {
    hub_testdb::run(Backend::Sqlite, async |db| {
        let hub = TestHub::over(db, Setup { people: People::Nowhere, ..Setup::default() }).await;
        let mut person = hub.visitor();
        for place in ["/.well-known/openid-configuration", "/choose", "/as?persona=operator", "/token", "/keys"] {
            person.get(&format!("/demonstration{place}")).await.expect(404);
        }
        person.get("/sign-in/begin").await.expect(403);
        person.get("/operator").await.expect(401);
        assert!(person.get("/").await.expect(200).text().contains("Nobody can sign in here yet"));
    });
}
