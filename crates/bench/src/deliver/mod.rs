//! Notices to local receivers: a feed that places ten thousand children over the border, and 33 hosts that answer at once.

mod poison;
mod receiver;

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use clap::Args;
use hub_contract::{Encoding, Format};
use hub_domain::{AuthorityCode, Dataset, Mode, NightClock, authority};
use hub_pipeline::receive::{self, Request, Spool};
use hub_pipeline::{endpoints, submissions};
use hub_server::wire::{Config, Running, start};
use hub_store::{endpoint, endpoint::Scheme, member};
use hub_testdb::{Backend, fresh};
use hub_webhook::Guard;

use crate::load::spread;
use poison::Poison;
use receiver::{Arrivals, Manner, receiver};

/// Who places the children.
const PLACING: &str = "E10000016";
/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(300);

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
    /// Runs; with --poison, pairs of pairs: without, with, with, without.
    #[arg(long, default_value_t = 3)]
    runs: usize,
    /// With one that poisons: what becomes of the p99 of everybody else.
    #[arg(long, value_enum, num_args = 0..=1, default_missing_value = "silent")]
    poison: Option<Poison>,
}

/// What one feed's deliveries came to.
struct Round {
    /// From the verdict to the last delivery, seconds.
    sending: f64,
    /// From the receipt of the feed to the last delivery, seconds.
    all: f64,
    /// From the verdict to each delivery, seconds.
    waits: Vec<f64>,
}

/// Pushes the feed and waits for the last delivery.
pub async fn run(options: &Options) -> anyhow::Result<()> {
    if let Some(poison) = options.poison {
        return poison::run(options, poison).await;
    }
    let (mut rates, mut lasts) = (Vec::new(), Vec::new());
    for _ in 0..options.runs {
        let round = once(options, Manner::Takes, 0).await?;
        let (rate, last) = (options.notices as f64 / round.sending, round.all);
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

/// One feed. The receiver of the first host has that manner; of the first `aside` hosts nothing is measured.
async fn once(options: &Options, first: Manner, aside: usize) -> anyhow::Result<Round> {
    let backend = if options.on == "sqlite" { Backend::Sqlite } else { Backend::Postgres };
    let database = fresh(backend).await.context("there is no PostgreSQL server to measure on")?;
    let config = Config {
        guard: Guard::for_demonstration(),
        listen: "127.0.0.1:0".parse()?,
        // It goes on: what was refused is tried again.
        clock: Arc::new(NightClock::starting("2026-11-16T06:00:00Z".parse()?)),
        ..Config::new(hub_store::Settings { url: database.url().to_owned(), connections: 8 })
    };
    let running = start(config).await?;
    let hosts: Vec<AuthorityCode> =
        authority::all().iter().filter(|one| one.is_london()).map(|one| one.code).take(options.receivers).collect();
    join(&running, &hosts).await?;
    let arrivals = Arrivals::default();
    for (nth, host) in hosts.iter().enumerate() {
        let manner = if nth == 0 { first } else { Manner::Takes };
        let kept = if nth < aside { Arrivals::default() } else { arrivals.clone() };
        let registration = endpoints::Registration::of(&receiver(kept, manner).await?, Scheme::V1a);
        endpoints::register(&running.hub, &Guard::for_demonstration(), *host, &registration).await?;
    }
    proved(&running, hosts.len()).await?;
    let measured = (0..options.notices).zip((0..hosts.len()).cycle()).filter(|(_, host)| *host >= aside).count();
    push(&running, feed(options.notices, &hosts)?, &arrivals, measured).await
}

async fn join(running: &Running, hosts: &[AuthorityCode]) -> anyhow::Result<()> {
    let mut tx = running.hub.store.begin().await?;
    for code in hosts.iter().copied().chain([PLACING.parse()?]) {
        let (name, settings) = (code.to_string(), "{}".to_owned());
        let row = member::Member { code, name, joined_on: "2026-11-01".parse()?, settings };
        member::upsert(&mut tx, &row).await?;
    }
    Ok(tx.commit().await?)
}

/// Waits until every endpoint has answered its challenge.
async fn proved(running: &Running, many: usize) -> anyhow::Result<()> {
    let began = Instant::now();
    loop {
        let all = endpoint::all(&mut *running.hub.store.read().await?).await?;
        if all.iter().filter(|one| one.state == endpoint::State::Active).count() == many {
            return Ok(());
        }
        if began.elapsed() > PATIENCE {
            bail!("the receivers have not proved themselves");
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn push(running: &Running, feed: String, arrivals: &Arrivals, measured: usize) -> anyhow::Result<Round> {
    let placing: AuthorityCode = PLACING.parse()?;
    let mut spool = Spool::new(1 << 30);
    spool.push(feed.as_bytes())?;
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
    while arrivals.count() < measured {
        if began.elapsed() > PATIENCE {
            bail!("{} of {measured} arrived; verdict {}", arrivals.count(), verdict.as_str());
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let (all, sending) = (began.elapsed().as_secs_f64(), decided.elapsed().as_secs_f64());
    Ok(Round { sending, all, waits: arrivals.since(decided) })
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
