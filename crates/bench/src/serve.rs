//! A published table, against a bare handler that returns the same bytes from memory; and how long fifty readers wait.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use axum::Router;
use axum::http::header;
use axum::routing::get;
use clap::Args;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::driver::{self, Hub};
use crate::load::{file_of, spread};

/// Boroughs of the region: as many as give `flows` some twenty kilobytes.
const BOROUGHS: [&str; 5] = ["E09000023", "E09000006", "E09000011", "E09000028", "E09000022"];
/// A tag that the caller had last night: compared, and not the present one.
const LAST_NIGHT: &str = "\"0000000000000000000000000000000000000000000000000000000000000000.json\"";

/// How to ask.
#[derive(Args)]
pub struct Options {
    /// Connections kept open, each asking again as soon as it is answered.
    #[arg(long, default_value_t = 8)]
    connections: usize,
    /// Seconds of each measurement.
    #[arg(long, default_value_t = 3)]
    seconds: u64,
    /// Pairs of measurements.
    #[arg(long, default_value_t = 5)]
    pairs: usize,
    /// Which table.
    #[arg(long, default_value = "flows")]
    table: String,
    /// Readers at once whose waits are measured, besides.
    #[arg(long, default_value_t = 50)]
    readers: usize,
    /// How often each of them asks, a second; for nought each asks again as soon as it is answered.
    #[arg(long, default_value_t = 20)]
    rate: u32,
}

/// Asks the hub and the bare handler in turn.
pub async fn run(options: &Options) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let url = format!("sqlite:{}", folder.path().join("hub.sqlite").display());
    let hub = Hub::start(&url, &BOROUGHS).await?;
    for borough in BOROUGHS {
        hub.push(&file_of(borough, folder.path(), 20_000, 0)?, borough, "2026-11-15").await?;
    }
    driver::run(&url, &["release", "publish", "--json"])?;
    let request = format!(
        "GET /v1/tables/{} HTTP/1.1\r\nhost: hub\r\nauthorization: Bearer {}\r\naccept: application/json\r\nif-none-match: {LAST_NIGHT}\r\n\r\n",
        options.table,
        hub.token()
    );
    let address: SocketAddr = hub.address().parse()?;
    let body = settled(address, &request).await?;
    println!("the table {} is {} bytes", options.table, body.len());
    let file = folder.path().join("body");
    std::fs::write(&file, &body)?;
    let bare = Bare::start(&file)?;
    // The same bytes to read, to another path.
    let plain = request.replacen(&format!("/v1/tables/{}", options.table), "/table", 1);
    let mut ratios = Vec::new();
    for pair in 0..options.pairs {
        // A B, then B A: whichever comes second must not always be the warm one.
        let (hub_rate, bare_rate) = if pair % 2 == 0 {
            let hub_rate = rate(address, &request, options).await?;
            (hub_rate, rate(bare.address, &plain, options).await?)
        } else {
            let bare_rate = rate(bare.address, &plain, options).await?;
            (rate(address, &request, options).await?, bare_rate)
        };
        println!("pair {}: hub {hub_rate:.0}/s, bare handler {bare_rate:.0}/s", pair + 1);
        ratios.push(hub_rate / bare_rate);
    }
    println!("published table ÷ bare handler, requests a second: {}; aim >= 0.8", spread(&mut ratios));
    let reader = pace(options.rate);
    let answered = waits(address, &request, options, reader).await?;
    println!("{} readers, each {}: {answered}", options.readers, said(options.rate));
    if reader.is_some() {
        let answered = waits(address, &request, options, None).await?;
        println!("{} readers, each {}: {answered}", options.readers, said(0));
    }
    let range = request.replacen(" HTTP/1.1", "?from=2026-01-01&format=csv HTTP/1.1", 1);
    let answered = waits(address, &range, options, pace(options.rate)).await?;
    println!("{} readers of a range of releases, each {}: {answered}", options.readers, said(options.rate));
    Ok(())
}

/// The time between two requests of one reader; none where each follows the answer before it.
fn pace(rate: u32) -> Option<Duration> {
    (rate > 0).then(|| Duration::from_secs(1) / rate)
}

fn said(rate: u32) -> String {
    if rate > 0 { format!("{rate} times a second") } else { "as soon as it is answered".to_owned() }
}

/// How long answers were waited for.
pub struct Waits(pub Vec<Duration>);

impl Waits {
    /// The wait that so many in a thousand are not longer than; the waits must be in order.
    pub fn at(&self, share: usize) -> Duration {
        let nth = (self.0.len() * share / 1000).min(self.0.len().saturating_sub(1));
        self.0.get(nth).copied().unwrap_or_default()
    }
}

impl std::fmt::Display for Waits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let at = |share: usize| self.at(share).as_secs_f64() * 1e3;
        let (p50, p99, p999) = (at(500), at(990), at(999));
        write!(f, "p50 {p50:.2} ms, p99 {p99:.2} ms, p99.9 {p999:.2} ms of {} answers", self.0.len())
    }
}

/// Asks as many readers do. A reader whose answer comes late asks late: its wait is counted from when it would have asked, so
/// that a slow answer is not counted once for all that it held up.
async fn waits(address: SocketAddr, request: &str, options: &Options, pace: Option<Duration>) -> anyhow::Result<Waits> {
    let begin = Instant::now() + Duration::from_millis(50);
    let until = begin + Duration::from_secs(options.seconds);
    let mut readers = tokio::task::JoinSet::new();
    for nth in 0..options.readers {
        let request = request.to_owned();
        // Readers do not ask in step.
        let apart = pace.unwrap_or_default().mul_f64(nth as f64 / options.readers as f64);
        readers.spawn(async move {
            let mut stream = TcpStream::connect(address).await?;
            stream.set_nodelay(true)?;
            let mut due = begin + apart;
            let (mut waited, mut left) = (Vec::new(), Vec::new());
            while due < until {
                tokio::time::sleep_until(due.into()).await;
                stream.write_all(request.as_bytes()).await?;
                let (head, _) = answer(&mut stream, &mut left).await?;
                if !head.starts_with("HTTP/1.1 200") {
                    bail!("not served: {}", head.lines().next().unwrap_or_default());
                }
                let now = Instant::now();
                waited.push(now - due);
                due = pace.map_or(now, |pace| due + pace);
            }
            anyhow::Ok(waited)
        });
    }
    let mut all = Vec::new();
    while let Some(done) = readers.join_next().await {
        all.extend(done??);
    }
    all.sort_unstable();
    Ok(Waits(all))
}

/// The table's bytes, once the hub has taken up the release that another process published.
pub async fn settled(address: SocketAddr, request: &str) -> anyhow::Result<Vec<u8>> {
    let until = Instant::now() + Duration::from_secs(10);
    loop {
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(request.as_bytes()).await?;
        let (head, body) = answer(&mut stream, &mut Vec::new()).await?;
        if head.starts_with("HTTP/1.1 200") {
            return Ok(body);
        }
        if Instant::now() > until {
            bail!("the table is not served: {}", head.lines().next().unwrap_or_default());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// The same server as the hub's, with nothing in it but the bytes. It has the machine to itself as much as the hub does:
/// in the asker's own process it would be spared the change from one process to another at every request.
pub async fn bare(body: &Path) -> anyhow::Result<()> {
    let body = axum::body::Bytes::from(std::fs::read(body)?);
    let handler = move || {
        let body = body.clone();
        async move { ([(header::CONTENT_TYPE, "application/json")], body) }
    };
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    Ok(axum::serve(listener, Router::new().route("/table", get(handler))).await?)
}

/// A running bare handler; killed when dropped.
struct Bare {
    child: Child,
    address: SocketAddr,
}

impl Bare {
    fn start(body: &Path) -> anyhow::Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        let mut child = command.arg("bare").arg(body).stdout(Stdio::piped()).spawn()?;
        let mut line = String::new();
        let stdout = child.stdout.take().context("its output")?;
        BufReader::new(stdout).read_line(&mut line)?;
        let address = line.trim().parse().context("the bare handler did not start")?;
        Ok(Self { child, address })
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        // An error means that it is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn rate(address: SocketAddr, request: &str, options: &Options) -> anyhow::Result<f64> {
    let until = Instant::now() + Duration::from_secs(options.seconds);
    let mut askers = tokio::task::JoinSet::new();
    for _ in 0..options.connections {
        let request = request.to_owned();
        askers.spawn(async move {
            let mut stream = TcpStream::connect(address).await?;
            stream.set_nodelay(true)?;
            let (mut asked, mut left) = (0_u32, Vec::new());
            while Instant::now() < until {
                stream.write_all(request.as_bytes()).await?;
                let (head, _) = answer(&mut stream, &mut left).await?;
                if !head.starts_with("HTTP/1.1 200") {
                    bail!("not served: {}", head.lines().next().unwrap_or_default());
                }
                asked += 1;
            }
            Ok(asked)
        });
    }
    let mut asked = 0.0;
    while let Some(done) = askers.join_next().await {
        asked += f64::from(done??);
    }
    Ok(asked / options.seconds as f64)
}

/// Reads one answer with a Content-Length.
pub async fn answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> anyhow::Result<(String, Vec<u8>)> {
    buffer.clear();
    loop {
        if let Some(end) = buffer.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&buffer[..end]).into_owned();
            let length = head.lines().find_map(|line| {
                line.to_ascii_lowercase().strip_prefix("content-length:").map(str::trim).map(str::to_owned)
            });
            let length: usize = length.context("no Content-Length")?.parse()?;
            while buffer.len() < end + 4 + length {
                read(stream, buffer).await?;
            }
            return Ok((head, buffer[end + 4..end + 4 + length].to_vec()));
        }
        read(stream, buffer).await?;
    }
}

async fn read(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> anyhow::Result<()> {
    if stream.read_buf(buffer).await? == 0 {
        bail!("the connection closed early");
    }
    Ok(())
}
