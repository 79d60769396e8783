//! Peers that hardly speak: each is cut off in time, and none of them keeps anybody else waiting.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use hub_testkit::{Exchange, Feed, Persona, TestDb, authority, exchange, request_bytes};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::hub;

/// Time for the head of a request, and for silence in its body.
const HEAD: Duration = Duration::from_secs(10);
const IDLE: Duration = Duration::from_secs(15);
/// What a busy machine may add.
const SLACK: Duration = Duration::from_secs(6);
const FOR_EVER: Duration = Duration::from_secs(60);

/// An upload whose head is whole and whose body does not come.
fn head_only(caller: &Persona) -> Vec<u8> {
    let feed = Feed::placements(authority("lewisham"), "slow", &[]);
    let bearer = format!("Bearer {}", caller.token);
    let own = feed.headers();
    let mut headers: Vec<(&str, &str)> = vec![("authorization", &bearer), ("content-length", "100000")];
    headers.extend(own.iter().map(|(name, value)| (*name, value.as_str())));
    request_bytes("POST", &feed.path(), &headers, b"")
}

/// A small body that does not come, at an address that anybody may call.
fn form_only() -> Vec<u8> {
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("content-length", "1000")];
    request_bytes("POST", "/oauth/token", &headers, b"")
}

/// Sends the bytes, then one more each second, until the hub hangs up.
async fn dribble(to: SocketAddr, bytes: &[u8]) -> Exchange {
    let began = Instant::now();
    let (mut from, mut stream) = TcpStream::connect(to).await.expect("a connection").into_split();
    let _ = stream.write_all(bytes).await;
    let dribbling = tokio::spawn(async move {
        let mut pace = tokio::time::interval(Duration::from_secs(1));
        while stream.write_all(b"x").await.is_ok() {
            pace.tick().await;
        }
    });
    let exchange = Exchange::read(began, &mut from, FOR_EVER).await;
    dribbling.abort();
    exchange
}

/// What is wrong with how a slow peer was treated: other than cut off with `status` between `from` and `from` plus slack.
fn faults(who: &str, exchange: &Exchange, status: &[u16], from: Duration) -> Vec<String> {
    let in_time = exchange.took + Duration::from_secs(1) >= from && exchange.took <= from + SLACK;
    let fault = format!("{who}: {} after {:?}: {}", exchange.status, exchange.took, exchange.text);
    if in_time && status.contains(&exchange.status) { Vec::new() } else { vec![fault] }
}

async fn each_is_cut_off(db: TestDb) {
    let (process, caller) = hub(&db, &[]).await;
    let to = process.address;
    let (silent, began, upload, form) =
        (b"".as_slice(), b"GET /version HT".as_slice(), head_only(&caller), form_only());
    let (silent, began, dribbled, idle, trickled, small, small_trickle) = tokio::join!(
        exchange(to, silent, FOR_EVER),
        exchange(to, began, FOR_EVER),
        dribble(to, b"GET /version HTTP/1.1\r\nx: "),
        exchange(to, &upload, FOR_EVER),
        dribble(to, &upload),
        exchange(to, &form, FOR_EVER),
        dribble(to, &form),
    );
    let mut found = faults("says nothing", &silent, &[0, 408], HEAD);
    found.extend(faults("begins a head", &began, &[0, 408], HEAD));
    found.extend(faults("dribbles a head", &dribbled, &[0, 408], HEAD));
    found.extend(faults("sends no body", &idle, &[408], IDLE));
    found.extend(faults("dribbles a body", &trickled, &[408], IDLE));
    found.extend(faults("sends no form", &small, &[408], IDLE));
    found.extend(faults("dribbles a form", &small_trickle, &[408], IDLE));
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert_eq!(
        faults("nobody", &Exchange { took: FOR_EVER, ..idle }, &[408], IDLE).len(),
        1,
        "an endless wait is noticed"
    );
}

/// The 99th percentile.
fn p99(mut all: Vec<Duration>) -> Duration {
    all.sort_unstable();
    all[all.len() * 99 / 100]
}

/// Two hubs, one of them with 500 slow peers; the same questions to both by turns, so that whatever else this machine does
/// falls on both alike.
async fn five_hundred_keep_nobody_waiting(db: TestDb) {
    let beside = hub_testdb::fresh(db.backend()).await.expect("a second database");
    let ((flooded, caller), (_calm, other)) = (hub(&db, &[]).await, hub(&beside, &[]).await);
    let upload = head_only(&caller);
    let heads = (0..250).map(|_| open(flooded.address, b"GET /version HTTP/1.1\r\nx: "));
    let bodies = (0..250).map(|_| open(flooded.address, &upload));
    let (heads, bodies) = tokio::join!(join_all(heads), join_all(bodies));
    let began = Instant::now();
    let (mut slow, mut calm) = (Vec::new(), Vec::new());
    for _ in 0..400 {
        for (who, times) in [(&caller, &mut slow), (&other, &mut calm)] {
            let asked = Instant::now();
            who.get("/v1/authorities").await.expect(200);
            times.push(asked.elapsed());
        }
    }
    assert!(began.elapsed() < HEAD, "the slow peers were there all the while: {:?}", began.elapsed());
    let (slow, calm) = (p99(slow), p99(calm));
    eprintln!("p99 beside {} slow peers {slow:?}, without {calm:?}", heads.len() + bodies.len());
    assert!(slow <= (calm * 2).max(Duration::from_millis(20)), "p99 {slow:?} beside slow peers, {calm:?} without");
}

/// A connection with something sent over it, left open.
async fn open(to: SocketAddr, bytes: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(to).await.expect("a connection");
    stream.write_all(bytes).await.expect("sent");
    stream
}

hub_testdb::on_both! {
    async fn slow_peers_are_cut_off_in_time(db: TestDb) {
        each_is_cut_off(db).await;
    }

    async fn five_hundred_slow_peers_keep_nobody_waiting(db: TestDb) {
        five_hundred_keep_nobody_waiting(db).await;
    }
}
