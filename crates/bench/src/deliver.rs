//! Notices to local receivers: a feed that places ten thousand children over the border, and 33 hosts that answer at once.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use axum::Router;
use axum::routing::post;
use clap::Args;
use hub_contract::{Encoding, Format};
use hub_domain::{AuthorityCode, Dataset, ManualClock, Mode, authority};
use hub_pipeline::receive::{self, Request, Spool};
use hub_pipeline::{endpoints, submissions};
use hub_server::wire::{Config, start};
use hub_store::{endpoint::Scheme, member};
use hub_testdb::{Backend, fresh};
use hub_webhook::Guard;
use tokio::net::TcpListener;

use crate::load::spread;

/// How many.
#[derive(Args)]
pub struct Options {
    /// Notices.
    #[arg(long, default_value_t = 10_000)]
    notices: u64,
    /// Hosts with a receiver each: London's.
    #[arg(long, default_value_t = 33)]
    receivers: usize,
    /// `postgres` or `sqlite`.
    #[arg(long, default_value = "postgres")]
    on: String,
    /// Runs.
    #[arg(long, default_value_t = 3)]
    runs: usize,
}

/// Pushes the feed and waits for the last delivery.
pub async fn run(options: &Options) -> anyhow::Result<()> {
    let (mut rates, mut lasts) = (Vec::new(), Vec::new());
    for _ in 0..options.runs {
        let (rate, last) = once(options).await?;
        println!(
            "{} deliveries to {} receivers on {}: {rate:.0}/s, last {last:.2} s after the verdict began",
            options.notices, options.receivers, options.on
        );
        rates.push(rate);
        lasts.push(last);
    }
    println!("deliveries a second: {}", spread(&mut rates));
    println!("from the receipt of the feed to the last delivery, s: {}", spread(&mut lasts));
    Ok(())
}

async fn once(options: &Options) -> anyhow::Result<(f64, f64)> {
    let backend = if options.on == "sqlite" { Backend::Sqlite } else { Backend::Postgres };
    let database = fresh(backend).await.context("there is no PostgreSQL server to measure on")?;
    let placing: AuthorityCode = "E10000016".parse()?;
    let config = Config {
        guard: Guard::for_demonstration(),
        listen: "127.0.0.1:0".parse()?,
        clock: Arc::new(ManualClock::at("2026-11-16T06:00:00Z".parse()?)),
        ..Config::new(hub_store::Settings { url: database.url().to_owned(), connections: 8 })
    };
    let running = start(config).await?;
    let arrived = Arc::new(AtomicU64::new(0));
    let hosts: Vec<AuthorityCode> =
        authority::all().iter().filter(|one| one.is_london()).map(|one| one.code).take(options.receivers).collect();
    let mut tx = running.hub.store.begin().await?;
    for code in hosts.iter().chain([&placing]) {
        let row = member::Member {
            code: *code,
            name: code.to_string(),
            joined_on: "2026-11-01".parse()?,
            settings: "{}".to_owned(),
        };
        member::upsert(&mut tx, &row).await?;
    }
    tx.commit().await?;
    for host in &hosts {
        let url = receiver(Arc::clone(&arrived)).await?;
        let registration = endpoints::Registration::of(&url, Scheme::V1a);
        endpoints::register(&running.hub, &Guard::for_demonstration(), *host, &registration).await?;
    }
    let mut spool = Spool::new(1 << 30);
    spool.push(feed(options.notices, &hosts)?.as_bytes())?;
    let request = Request {
        authority: placing,
        client: "bench".to_owned(),
        dataset: Dataset::Placements,
        mode: Mode::Full,
        as_at: "2026-11-16".parse()?,
        covers_from: None,
        correction: false,
        key: "bench".to_owned(),
        format: Format::Csv,
        compression: None,
        encoding: Encoding::Utf8,
        digest: None,
    };
    let received = receive::receive(&running.hub, request, spool.finish()).await?;
    let began = Instant::now();
    let done = submissions::wait(&running.hub, placing, received.submission.id, Duration::from_secs(120)).await?;
    let verdict = done.and_then(|done| done.verdict).context("no verdict")?;
    let decided = Instant::now();
    while arrived.load(Ordering::SeqCst) < options.notices {
        if began.elapsed() > Duration::from_secs(300) {
            bail!("{} of {} arrived; verdict {}", arrived.load(Ordering::SeqCst), options.notices, verdict.as_str());
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let (all, sending) = (began.elapsed().as_secs_f64(), decided.elapsed().as_secs_f64());
    Ok((options.notices as f64 / sending, all))
}

async fn receiver(arrived: Arc<AtomicU64>) -> anyhow::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/notices", listener.local_addr()?);
    let take = move |body: axum::body::Bytes| {
        let token = challenge(&body);
        if token.is_none() {
            arrived.fetch_add(1, Ordering::SeqCst);
        }
        std::future::ready(token.unwrap_or_default())
    };
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/notices", post(take))).await });
    Ok(url)
}

/// The token of a challenge, to be given back.
fn challenge(body: &[u8]) -> Option<String> {
    let event: serde_json::Value = serde_json::from_slice(body).ok()?;
    Some(event.get("data")?.get("challenge")?.as_str()?.to_owned())
}

fn feed(notices: u64, hosts: &[AuthorityCode]) -> anyhow::Result<String> {
    let mut csv = String::from(
        "child_ref,episode_start,birth_month,sex,ethnicity,uasc,reason_new_episode,legal_status,category_of_need,placement_type,\
         placement_provider,placement_sector,placement_la,urn,planned,emergency\n",
    );
    for (child, host) in (0..notices).zip(hosts.iter().cycle()) {
        writeln!(
            csv,
            "c{child:09}abcdefghijkl,2026-11-12,2012-03,F,WBRI,false,S,C2,N1,U6,PR4,SE13 5,{host},2500001,false,true"
        )?;
    }
    Ok(csv)
}
