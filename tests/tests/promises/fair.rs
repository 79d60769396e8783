//! S9: a client that asks fifty times too often takes nothing from another, and a good night never meets the limiter.

use futures_util::future::join_all;
use hub_pipeline::Settings;
use hub_testdb::TestDb;
use hub_testkit::{Answer, Child, Feed, Setup, TestHub, authority};

/// What a quiet client asks.
const QUIET: usize = 20;
/// How much more a loud one asks.
const TIMES: usize = 50;
/// Requests that a client may make at once in these tests: more than a quiet one makes, much fewer than a loud one.
const BURST: u32 = 60;

async fn hub(db: TestDb, client_rate: u32) -> TestHub {
    let settings = Settings { client_rate, client_burst: BURST, authority_uploads: 2, ..Settings::default() };
    TestHub::over(db, Setup { settings, ..Setup::default() }).await
}

/// What the loud client and the quiet one are answered when both ask at the same time.
async fn both_ask(hub: &TestHub) -> (Vec<Answer>, Vec<Answer>) {
    let (loud, quiet) = (hub.as_borough("lewisham").await, hub.as_borough("bromley").await);
    let ask = async |who: &hub_testkit::Persona, times: usize| {
        join_all((0..times).map(|_| async { who.get("/v1/submissions").await })).await
    };
    tokio::join!(ask(&loud, QUIET * TIMES), ask(&quiet, QUIET))
}

hub_testdb::on_both! {
    async fn a_client_at_fifty_times_is_told_to_wait_and_another_is_not(db: TestDb) {
        let hub = hub(db, 1).await;
        let (loud, quiet) = both_ask(&hub).await;
        assert!(quiet.iter().all(|answer| answer.status == 200), "the quiet client was refused");
        let refused: Vec<&Answer> = loud.iter().filter(|answer| answer.status == 429).collect();
        // One more may pass for every second that the test has taken.
        assert!(refused.len() > QUIET * TIMES - 2 * BURST as usize, "{} were refused", refused.len());
        for answer in refused {
            assert_eq!(answer.code(), "too-many-requests");
            assert!(answer.header("retry-after").parse::<u32>().unwrap() >= 1);
            assert_eq!(answer.header("ratelimit-policy"), "\"client\";q=60;w=60");
            assert!(answer.header("ratelimit").starts_with("\"client\";r=0;t="));
        }
    }

    async fn without_a_rate_nobody_is_told_to_wait(db: TestDb) {
        let hub = hub(db, 0).await;
        let (loud, quiet) = both_ask(&hub).await;
        assert!(loud.iter().chain(&quiet).all(|answer| answer.status == 200));
    }

    async fn uploads_of_one_authority_wait_in_line_and_all_are_taken(db: TestDb) {
        let hub = hub(db, 50).await;
        let sender = hub.as_borough("lewisham").await;
        let feeds: Vec<Feed> = (0..24)
            .map(|nth| (nth.to_string(), Child::placed(&format!("child {nth}"), "E09000023")))
            .map(|(key, child)| Feed::placements(authority("lewisham"), &key, &[child]))
            .collect();
        let taken = join_all(feeds.iter().map(|feed| sender.submit(feed))).await;
        let statuses: Vec<u16> = taken.iter().map(|answer| answer.status).collect();
        assert_eq!(statuses, [202; 24]);
    }
}
