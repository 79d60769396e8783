//! Two replicas of the hub over PostgreSQL: readers of a published table while every borough of a region pushes in the same
//! second (issue 5's figure: p99 at most three times that of readers alone, and no answer that is a fault).

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use clap::Args;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::driver::{self, Hub};
use crate::load::{database, file_of, spread};
use crate::serve::{Waits, answer, settled};

/// How to ask.
#[derive(Args)]
pub struct Options {
    /// Boroughs that push at once.
    #[arg(long, default_value_t = 33, value_parser = clap::value_parser!(u8).range(1..=33))]
    boroughs: u8,
    /// Rows of each feed.
    #[arg(long, default_value_t = 1_500)]
    rows: u64,
    /// Readers at once, half at each replica.
    #[arg(long, default_value_t = 50)]
    readers: usize,
    /// How often each of them asks, a second.
    #[arg(long, default_value_t = 20)]
    rate: u32,
    /// Seconds for which readers alone are measured.
    #[arg(long, default_value_t = 8)]
    seconds: u64,
    /// Nights: of each, readers alone and readers beside the pushes, by turns.
    #[arg(long, default_value_t = 5)]
    nights: u32,
    /// Which table is read.
    #[arg(long, default_value = "flows")]
    table: String,
}

/// A borough and its file.
type Feed = (&'static str, PathBuf);

/// What readers met.
struct Met {
    waits: Waits,
    /// Answers of 500 or more, and connections that broke.
    faults: usize,
}

/// Plays the nights and prints the ratio.
pub async fn run(options: &Options) -> anyhow::Result<()> {
    // As long as the program: a feed names its borough.
    let boroughs: Vec<&'static str> =
        (1..=options.boroughs).map(|n| &*Box::leak(format!("E090000{n:02}").into_boxed_str())).collect();
    let folder = tempfile::tempdir()?;
    let database = database("postgres").await?;
    let first = Hub::start(database.url(), &boroughs).await?;
    let second = first.replica(database.url()).await?;
    let hubs = [Arc::new(first), Arc::new(second)];
    night(&hubs, &feeds(&boroughs, &folder, options.rows, 0)?, "2026-11-01").await?;
    driver::run(database.url(), &["release", "publish", "--json"])?;
    let request = format!(
        "GET /v1/tables/{} HTTP/1.1\r\nhost: hub\r\nauthorization: Bearer {}\r\naccept: application/json\r\n\r\n",
        options.table,
        hubs[0].token()
    );
    for hub in &hubs {
        settled(hub.address().parse()?, &request).await?;
    }
    let (mut ratios, mut faults, mut spent) = (Vec::new(), 0, Vec::new());
    for n in 1..=options.nights {
        let files = feeds(&boroughs, &folder, options.rows, n)?;
        let day = format!("2026-11-{:02}", n % 27 + 2);
        // A B, then B A: whichever comes second must not always be the warm one.
        let (alone, beside, took) = if n % 2 == 1 {
            let alone = readers_alone(&hubs, &request, options).await?;
            let (beside, took) = readers_beside(&hubs, &request, options, (&files, &day)).await?;
            (alone, beside, took)
        } else {
            let (beside, took) = readers_beside(&hubs, &request, options, (&files, &day)).await?;
            (readers_alone(&hubs, &request, options).await?, beside, took)
        };
        println!(
            "night {n}: alone {}; beside {} pushes ({:.1} s to the last verdict) {}; faults {}",
            alone.waits,
            files.len(),
            took.as_secs_f64(),
            beside.waits,
            alone.faults + beside.faults
        );
        ratios.push(beside.waits.at(990).as_secs_f64() / alone.waits.at(990).as_secs_f64());
        faults += alone.faults + beside.faults;
        spent.push(took.as_secs_f64());
    }
    println!("readers' p99 beside {} pushes ÷ alone: {}; aim <= 3", boroughs.len(), spread(&mut ratios));
    println!("answers of 500 or more, of readers and boroughs: {faults}; aim 0");
    println!("seconds from the first byte to the last verdict: {}", spread(&mut spent));
    Ok(())
}

fn feeds(boroughs: &[&'static str], folder: &tempfile::TempDir, rows: u64, night: u32) -> anyhow::Result<Vec<Feed>> {
    let file = |borough: &&'static str| {
        let changed = if night == 0 { 0 } else { night % 9 + 3 };
        let place = folder.path().join(format!("night-{night}"));
        std::fs::create_dir_all(&place)?;
        Ok((*borough, file_of(borough, &place, rows, changed)?))
    };
    boroughs.iter().map(file).collect()
}

/// Every borough pushes at once, by turns to the one replica and the other; until the last verdict.
async fn night(hubs: &[Arc<Hub>; 2], feeds: &[Feed], day: &str) -> anyhow::Result<Duration> {
    let began = Instant::now();
    let mut pushes = tokio::task::JoinSet::new();
    for (nth, &(borough, ref file)) in feeds.iter().enumerate() {
        let file = file.clone();
        let (hub, day) = (Arc::clone(&hubs[nth % 2]), day.to_owned());
        pushes.spawn(async move { hub.push(&file, borough, &day).await });
    }
    while let Some(done) = pushes.join_next().await {
        // A push that is answered with a fault has no id: an error here.
        let (_, seen) = done??;
        let verdict = seen["verdict"].as_str().context("no verdict")?;
        if !verdict.starts_with("accepted") {
            bail!("a feed was {verdict}");
        }
    }
    Ok(began.elapsed())
}

async fn readers_alone(hubs: &[Arc<Hub>; 2], request: &str, options: &Options) -> anyhow::Result<Met> {
    let stop = Arc::new(AtomicBool::new(false));
    let reading = read(hubs, request, options, Arc::clone(&stop));
    let (met, ()) = tokio::join!(reading, async {
        tokio::time::sleep(Duration::from_secs(options.seconds)).await;
        stop.store(true, Ordering::Relaxed);
    });
    met
}

async fn readers_beside(
    hubs: &[Arc<Hub>; 2],
    request: &str,
    options: &Options,
    (feeds, day): (&[Feed], &str),
) -> anyhow::Result<(Met, Duration)> {
    let stop = Arc::new(AtomicBool::new(false));
    let reading = read(hubs, request, options, Arc::clone(&stop));
    let (met, took) = tokio::join!(reading, async {
        let took = night(hubs, feeds, day).await;
        stop.store(true, Ordering::Relaxed);
        took
    });
    Ok((met?, took?))
}

/// Readers ask until told to stop. The wait of a reader whose answer comes late is counted from when it would have asked.
async fn read(hubs: &[Arc<Hub>; 2], request: &str, options: &Options, stop: Arc<AtomicBool>) -> anyhow::Result<Met> {
    let pace = Duration::from_secs(1) / options.rate.max(1);
    let begin = Instant::now() + Duration::from_millis(50);
    let mut readers = tokio::task::JoinSet::new();
    for nth in 0..options.readers {
        let address: SocketAddr = hubs[nth % 2].address().parse()?;
        let (request, stop) = (request.to_owned(), Arc::clone(&stop));
        let mut due = begin + pace.mul_f64(nth as f64 / options.readers as f64);
        readers.spawn(async move {
            let (mut waited, mut faults, mut left) = (Vec::new(), 0_usize, Vec::new());
            let mut stream = TcpStream::connect(address).await?;
            stream.set_nodelay(true)?;
            while !stop.load(Ordering::Relaxed) {
                tokio::time::sleep_until(due.into()).await;
                stream.write_all(request.as_bytes()).await?;
                match answer(&mut stream, &mut left).await {
                    Ok((head, _)) if head.starts_with("HTTP/1.1 200") => {}
                    Ok((head, _)) if head.starts_with("HTTP/1.1 5") => faults += 1,
                    Ok((head, _)) => bail!("not served: {}", head.lines().next().unwrap_or_default()),
                    Err(_) => {
                        faults += 1;
                        stream = TcpStream::connect(address).await?;
                    }
                }
                waited.push(Instant::now() - due);
                due += pace;
            }
            anyhow::Ok((waited, faults))
        });
    }
    let (mut all, mut faults) = (Vec::new(), 0);
    while let Some(done) = readers.join_next().await {
        let (waited, met) = done??;
        all.extend(waited);
        faults += met;
    }
    all.sort_unstable();
    Ok(Met { waits: Waits(all), faults })
}
