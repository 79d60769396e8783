//! D10: a client that hangs up changes nothing but the answer.

use std::time::Duration;

use hub_testkit::{
    Backend, Chance, Child, Feed, Persona, Setup, TestHub, authority, count, request_bytes, rows, trials, until,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const PATIENCE: Duration = Duration::from_secs(60);
/// How many hang up at once.
const AT_ONCE: usize = 8;

/// An upload of some rows that no other has, as bytes on the wire.
fn upload(caller: &Persona, nth: usize) -> Vec<u8> {
    let children: Vec<Child> = (0..40).map(|n| Child::placed(&format!("hangup {nth} {n}"), "E09000023")).collect();
    let feed = Feed::changes(authority("lewisham"), &format!("hangup-{nth}"), &children, &[]);
    let bearer = format!("Bearer {}", caller.token);
    let mut headers: Vec<(&str, &str)> = vec![("authorization", &bearer)];
    let own = feed.headers();
    headers.extend(own.iter().map(|(name, value)| (*name, value.as_str())));
    request_bytes("POST", &feed.path(), &headers, &feed.body)
}

/// Sends the first `cut` bytes and is gone; with nothing left to send, sometimes reads a little of the answer first.
async fn hang_up(hub: &TestHub, bytes: &[u8], cut: usize, reads: bool) {
    let mut stream = TcpStream::connect(hub.address()).await.expect("a connection");
    let _ = stream.write_all(&bytes[..cut]).await;
    if cut == bytes.len() && reads {
        let _ = stream.read(&mut [0; 1]).await;
    }
}

/// Transactions that nobody will end.
async fn left_open(url: &str) -> u64 {
    if url.starts_with("sqlite:") {
        // The writer's lock can be had, or it cannot.
        let free = hub_store::testing::query(url, "BEGIN IMMEDIATE").await.is_ok();
        return u64::from(!free);
    }
    let left = "FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'";
    count(url, left).await
}

/// Submissions of which a part is missing.
async fn halves(url: &str) -> Vec<Vec<String>> {
    let whole = "SELECT s.id FROM submission s WHERE \
        NOT EXISTS (SELECT 1 FROM payload p WHERE p.authority = s.authority AND p.submission = s.id) \
        OR NOT EXISTS (SELECT 1 FROM idempotency i WHERE i.authority = s.authority AND i.submission = s.id) \
        OR (s.verdict = 'accepted' AND 40 <> (SELECT COUNT(*) FROM record r WHERE r.authority = s.authority AND r.known_from = s.seq)) \
        OR (s.verdict IS NULL AND EXISTS (SELECT 1 FROM record r WHERE r.authority = s.authority AND r.known_from = s.seq))";
    rows(url, whole).await
}

async fn hang_up_often(hub: &TestHub, caller: &Persona) -> usize {
    let cuts = trials("HUB_HANGUPS", 300);
    let mut chance = Chance::of("hangup");
    let mut whole = 0;
    for nth in (0..cuts).step_by(AT_ONCE) {
        let mut going = Vec::new();
        for nth in nth..nth + AT_ONCE {
            let bytes = upload(caller, nth);
            // One in four sends everything and does not wait for the answer.
            let cut = if chance.below(4) == 0 { bytes.len() } else { chance.below(bytes.len()) };
            whole += usize::from(cut == bytes.len());
            let reads = chance.below(2) == 0;
            going.push(async move { hang_up(hub, &bytes, cut, reads).await });
        }
        futures_util::future::join_all(going).await;
    }
    whole
}

fn on(backend: Backend) {
    with_two_connections(backend, async |hub: TestHub| {
        let caller = hub.as_borough("lewisham").await;
        let url = hub.db().url().to_owned();
        let whole = hang_up_often(&hub, &caller).await;
        // The hub still serves, over both connections at once, and what was cut short is gone without a trace.
        let serving = (0..8).map(|n| {
            let feed = Feed::changes(
                authority("lewisham"),
                &format!("after-{n}"),
                &[Child::placed(&format!("after {n}"), "E09000023")],
                &[],
            );
            let caller = caller.clone();
            async move { caller.submit(&feed).await.status }
        });
        assert_eq!(futures_util::future::join_all(serving).await, [202; 8]);
        hub.run_jobs_within(PATIENCE + Duration::from_millis(100) * u32::try_from(whole).unwrap_or(u32::MAX)).await;
        rows(&url, "DELETE FROM submission WHERE id IN (SELECT submission FROM idempotency WHERE key LIKE 'after-%')")
            .await;
        let open =
            until("transactions ended", PATIENCE, async || Some(left_open(&url).await).filter(|open| *open == 0)).await;
        assert_eq!(open, 0);
        let kept = count(&url, "FROM submission").await;
        assert!(kept <= whole as u64, "only whole uploads are kept: {kept} of {whole}");
        assert!(kept > 0 || whole == 0, "{whole} were sent whole, and none of them was kept");
        assert_eq!(halves(&url).await, Vec::<Vec<String>>::new());
        planted(&url).await;
    });
}

/// The planted faults: a submission without its payload, and a transaction that stays open.
async fn planted(url: &str) {
    rows(url, "DELETE FROM payload WHERE submission = (SELECT id FROM submission LIMIT 1)").await;
    assert_eq!(halves(url).await.len(), 1);
    let store =
        hub_store::Store::open(&hub_store::Settings { url: url.to_owned(), connections: 1 }).await.expect("a store");
    let mut forgotten = store.begin().await.expect("a transaction");
    hub_store::testing::query_on(&mut forgotten, "DELETE FROM payload").await.expect("work in it");
    assert_eq!(left_open(url).await, 1);
}

/// A hub with two connections.
fn with_two_connections<F: Future<Output = ()>>(backend: Backend, body: impl FnOnce(TestHub) -> F) {
    hub_testdb::run(backend, async |db| {
        let hub = TestHub::over(db, Setup { connections: 2, ..Setup::default() }).await;
        body(hub).await;
    });
}

#[test]
fn nothing_is_left_open_or_half_stored_on_sqlite() {
    on(Backend::Sqlite);
}

#[test]
fn nothing_is_left_open_or_half_stored_on_postgres() {
    on(Backend::Postgres);
}
