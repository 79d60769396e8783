//! SIGTERM while uploads are under way (promise D11): the hub is ready no more, every upload is finished or refused, and
//! the process ends with 0 within 30 seconds.

use std::time::{Duration, Instant};

use hub_testkit::{
    Chance, Exchange, Feed, Launch, Persona, Process, TestDb, count, plain_client, request_bytes, trials, until,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::ledger::{Ledger, Request};
use crate::senders::{Senders, feed};

/// Longest from the signal to the end.
const LONGEST: Duration = Duration::from_secs(30);
/// Longest from the signal to the first sign that it is ready no more.
const UNREADY: Duration = Duration::from_secs(5);
/// Longer than a promise lets anything take: what takes longer is seen to.
const PATIENCE: Duration = Duration::from_secs(60);
/// Uploads that are half there when the signal comes, beside those of the boroughs that send without a pause.
const HALVES: usize = 3;
/// What the hub says to `expect: 100-continue`, once somebody waits for the body.
const CONTINUE: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";

/// How a hub ended.
#[derive(Debug, Default)]
struct Ending {
    code: Option<i32>,
    took: Duration,
    /// From the signal to the first sign that it was ready no more.
    unready_after: Duration,
    /// It said that it was ready after it had said, or shown, that it was not.
    ready_again: bool,
    /// Answers, other than 202 and 503, to uploads that were half there.
    strange: Vec<u16>,
}

/// What is wrong with an ending.
fn faults(ending: &Ending) -> Vec<&'static str> {
    let all = [
        ("not 0", ending.code != Some(0)),
        ("too long", ending.took > LONGEST),
        ("ready again", ending.ready_again),
        ("still ready", ending.unready_after > UNREADY),
        ("neither finished nor refused", !ending.strange.is_empty()),
    ];
    all.into_iter().filter(|(_, is_so)| *is_so).map(|(fault, _)| fault).collect()
}

/// An upload whose handler waits for the rest of it.
struct Half {
    stream: TcpStream,
    request: Request,
    /// Where the rest begins.
    sent: usize,
}

impl Half {
    async fn begin(process: &Process, caller: &Persona, feed: Feed) -> Self {
        let bearer = format!("Bearer {}", caller.token);
        let mut headers: Vec<(&str, &str)> = vec![("authorization", &bearer), ("expect", "100-continue")];
        let (own, length) = (feed.headers(), feed.body.len().to_string());
        headers.push(("content-length", &length));
        headers.extend(own.iter().map(|(name, value)| (*name, value.as_str())));
        let mut stream = TcpStream::connect(process.address).await.expect("a connection");
        stream.write_all(&request_bytes("POST", &feed.path(), &headers, b"")).await.expect("a head");
        let mut interim = [0; CONTINUE.len()];
        stream.read_exact(&mut interim).await.expect("the hub wants the body");
        assert_eq!(interim, CONTINUE);
        let sent = feed.body.len() / 2;
        stream.write_all(&feed.body[..sent]).await.expect("half a body");
        Self { stream, request: Request { caller: caller.clone(), feed, acknowledged: None }, sent }
    }

    /// Sends the rest after so long; the request as it was answered, and the status.
    async fn end(mut self, after: Duration) -> (Request, u16) {
        // Not a wait for anything: a sender is slow by lot.
        tokio::time::sleep(after).await;
        let _ = self.stream.write_all(&self.request.feed.body[self.sent..]).await;
        let answer = Exchange::read(Instant::now(), &mut self.stream, PATIENCE).await;
        if answer.status == 202 {
            let document = answer.text.split_once("\r\n\r\n").map(|(_, body)| body).unwrap_or_default();
            let document: serde_json::Value = serde_json::from_str(document).expect("a submission");
            self.request.acknowledged = document["id"].as_str().map(str::to_owned);
        }
        (self.request, answer.status)
    }

    /// Sends a little of the rest again and again, never all of it, until the hub has answered; the answer.
    async fn dribble(mut self) -> Exchange {
        let (mut reading, mut writing) = self.stream.split();
        let dribbling = async {
            // It ends when the hub hangs up; the pause is the point of it.
            while writing.write_all(b" ").await.is_ok() {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        };
        let reading = Exchange::read(Instant::now(), &mut reading, PATIENCE);
        tokio::select! {
            answer = reading => answer,
            () = async { dribbling.await; std::future::pending().await } => unreachable!("it is pending"),
        }
    }
}

/// Asks whether the hub is ready until it is gone; how long it said so, and whether it said so again.
async fn ask_whether_ready(base: String) -> (Duration, bool) {
    let (http, began) = (plain_client(), Instant::now());
    let (mut refused, mut unready_after, mut again) = (0, None, false);
    // A few times more than once: what is gone must not come back.
    while refused < 5 {
        // A connection of its own each time, as a load balancer's.
        let asked = http.get(format!("{base}/health/ready")).header("connection", "close").send().await;
        refused += usize::from(asked.is_err());
        let is_ready = asked.is_ok_and(|answer| answer.status() == 200);
        again |= is_ready && unready_after.is_some();
        if !is_ready {
            unready_after.get_or_insert_with(|| began.elapsed());
        }
    }
    (unready_after.unwrap_or(Duration::MAX), again)
}

/// One hub, told to stop while uploads are under way.
async fn one_stop(db: &TestDb, senders: &mut Senders, ledger: &mut Ledger, chance: &mut Chance) -> Ending {
    let mut process = Process::begin(&Launch::on(db.url())).await;
    let callers = senders.begin(&process.base()).await;
    let mut halves = Vec::new();
    for (borough, caller) in callers.iter().take(HALVES) {
        halves.push(Half::begin(&process, caller, feed(borough, senders.next())).await);
    }
    // Not a wait for anything: the moment of the signal is drawn by lot.
    tokio::time::sleep(Duration::from_micros(chance.between(0, 100_000))).await;
    let began = Instant::now();
    process.terminate();
    let asking = tokio::spawn(ask_whether_ready(process.base()));
    let ends = halves.into_iter().map(|half| half.end(Duration::from_micros(chance.between(0, 300_000))));
    let ended = futures_util::future::join_all(ends).await;
    let code = process.ended(PATIENCE).await;
    let took = began.elapsed();
    senders.end(ledger).await;
    let (unready_after, ready_again) = asking.await.expect("it asks to the end");
    let ending = Ending {
        code,
        took,
        unready_after,
        ready_again,
        strange: ended.iter().map(|(_, status)| *status).filter(|status| ![202, 503].contains(status)).collect(),
    };
    ledger.enter(ended.into_iter().map(|(request, _)| request).collect());
    ending
}

pub(crate) async fn told_to_stop_it_finishes_or_refuses(db: TestDb) {
    let (mut chance, mut ledger) = (Chance::of("stops"), Ledger::default());
    let mut senders = Senders::enrol(&db).await;
    let (stops, mut slowest) = (trials("HUB_STOPS", 10), Duration::ZERO);
    for stop in 0..stops {
        let ending = one_stop(&db, &mut senders, &mut ledger, &mut chance).await;
        assert_eq!(faults(&ending), Vec::<&str>::new(), "stop {stop}: {ending:?}");
        slowest = slowest.max(ending.took);
        let lost = ledger.faults(db.url()).await;
        assert!(lost.is_empty(), "stop {stop}: {lost:?}");
    }
    eprintln!(
        "{}: {stops} of {stops} ended with 0, the slowest after {slowest:?}; {} uploads, {} acknowledged",
        db.backend().name(),
        ledger.len(),
        ledger.acknowledged()
    );
    assert!(ledger.acknowledged() >= stops * HALVES, "uploads under way were not finished");
    let process = Process::begin(&Launch::on(db.url())).await;
    ledger.send_unanswered_again(&process.base()).await;
    until("every submission decided", PATIENCE, async || {
        (count(db.url(), "FROM submission WHERE verdict IS NULL").await == 0).then_some(())
    })
    .await;
    assert_eq!(ledger.faults(db.url()).await, Vec::<String>::new());
    assert_eq!(ledger.wrong_in_the_end(db.url()).await, Vec::<String>::new());
    notices_planted_faults(process).await;
}

/// The planted faults: a hub that is killed has ended, and not well; and one of each other kind.
async fn notices_planted_faults(mut process: Process) {
    process.kill();
    let killed = Ending { code: process.ended(PATIENCE).await, ..Ending::default() };
    assert_eq!(faults(&killed), ["not 0"]);
    let bad = Ending {
        code: Some(0),
        took: LONGEST + Duration::from_secs(1),
        unready_after: UNREADY + Duration::from_secs(1),
        ready_again: true,
        strange: vec![0],
    };
    assert_eq!(faults(&bad), ["too long", "ready again", "still ready", "neither finished nor refused"]);
}

/// An upload that never comes to its end is refused, its sender gets to read why, and the hub ends in time.
pub(crate) async fn told_to_stop_it_waits_for_nobody_for_ever(db: TestDb) {
    let senders = Senders::enrol(&db).await;
    let mut process = Process::begin(&Launch::on(db.url())).await;
    let callers = senders.callers(&process.base()).await;
    let (borough, caller) = &callers[0];
    let long = Feed { body: vec![b'x'; 1 << 20], ..feed(borough, senders.next()) };
    let half = Half::begin(&process, caller, long).await;
    let began = Instant::now();
    process.terminate();
    let answer = half.dribble().await;
    assert_eq!(answer.status, 503, "{}", answer.text);
    assert!(answer.text.contains("\r\nretry-after: ") && answer.text.contains("stopping"), "{}", answer.text);
    let code = process.ended(PATIENCE).await;
    assert_eq!(faults(&Ending { code, took: began.elapsed(), ..Ending::default() }), Vec::<&str>::new());
    assert_eq!(count(db.url(), "FROM submission").await, 0, "nothing of what was refused is kept");
}
