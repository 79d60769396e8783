//! Loads: a whole feed, and the night after it.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use hub_testdb::{Backend, TestDb, fresh};

use crate::data::{self, Feed};
use crate::driver::{Hub, Taken};
use crate::shell;

const BOROUGH: &str = "E09000023";

/// What to load.
#[derive(Args)]
pub struct Options {
    /// Rows of the feed.
    #[arg(long, default_value_t = 1_000_000)]
    rows: u64,
    /// Pairs of measurements; the median is quoted.
    #[arg(long, default_value_t = 3)]
    pairs: usize,
    /// `postgres` or `sqlite`.
    #[arg(long, default_value = "postgres")]
    on: String,
}

/// How often to send the night's feed.
#[derive(Args)]
pub struct NightOptions {
    /// Rows of the feed.
    #[arg(long, default_value_t = 1_500)]
    rows: u64,
    /// Nights.
    #[arg(long, default_value_t = 20)]
    nights: usize,
    /// `postgres` or `sqlite`.
    #[arg(long, default_value = "sqlite")]
    on: String,
}

fn backend(name: &str) -> anyhow::Result<Backend> {
    match name {
        "postgres" => Ok(Backend::Postgres),
        "sqlite" => Ok(Backend::Sqlite),
        _ => anyhow::bail!("--on is postgres or sqlite"),
    }
}

/// A migrated database of that kind.
pub async fn database(name: &str) -> anyhow::Result<TestDb> {
    fresh(backend(name)?).await.ok_or_else(|| anyhow::anyhow!("there is no PostgreSQL server to measure on"))
}

pub fn file(folder: &Path, rows: u64, changed_per_mille: u32) -> anyhow::Result<std::path::PathBuf> {
    file_of(BOROUGH, folder, rows, changed_per_mille)
}

/// The feed of one borough among several.
pub fn file_of(
    authority: &'static str,
    folder: &Path,
    rows: u64,
    changed_per_mille: u32,
) -> anyhow::Result<std::path::PathBuf> {
    let path = folder.join(format!("{authority}-{rows}-{changed_per_mille}.csv"));
    let feed = Feed { rows, authority, away: 30, changed_per_mille, open: 8 };
    let mut to = BufWriter::new(File::create(&path)?);
    data::write(&feed, 7, &mut to)?;
    to.flush()?;
    Ok(path)
}

/// What the hub took for a whole feed and for the night after it, and the most memory it had.
struct Loaded {
    first: Taken,
    night: Taken,
    peak: u64,
    told: [String; 2],
}

/// First load and next night, in turn with the thing measured against: A B, then B A, after a tenth of both that is thrown
/// away.
pub async fn run(options: &Options) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let feeds = |rows| anyhow::Ok([file(folder.path(), rows, 0)?, file(folder.path(), rows, 10)?]);
    let (warming, whole) = (feeds((options.rows / 10).max(1))?, feeds(options.rows)?);
    plain(options, folder.path(), &warming[0]).await?;
    load(options, &warming).await?;
    let mut ratios: [Vec<f64>; 2] = [Vec::new(), Vec::new()];
    let mut peak = 0;
    for pair in 0..options.pairs {
        let (plain, loaded) = if pair % 2 == 0 {
            let plain = plain(options, folder.path(), &whole[0]).await?;
            (plain, load(options, &whole).await?)
        } else {
            let loaded = load(options, &whole).await?;
            (plain(options, folder.path(), &whole[0]).await?, loaded)
        };
        let Loaded { first, night, told, .. } = &loaded;
        peak = peak.max(loaded.peak);
        ratios[0].push(first.verdict.as_secs_f64() / plain.as_secs_f64());
        ratios[1].push(night.verdict.as_secs_f64() / plain.as_secs_f64());
        println!(
            "pair {} ({}): plain {:.1} s, first load {:.1} s, its receipt after {:.1} s ({}), next night {:.1} s, {:.1} s ({})",
            pair + 1,
            if pair % 2 == 0 { "plain first" } else { "hub first" },
            plain.as_secs_f64(),
            first.verdict.as_secs_f64(),
            first.receipt.as_secs_f64(),
            told[0],
            night.verdict.as_secs_f64(),
            night.receipt.as_secs_f64(),
            told[1],
        );
    }
    let is_server = options.on == "postgres";
    let (against, aims) = if is_server {
        ("psql \\copy", ["aim <= 1.3", "aim <= 0.35"])
    } else {
        ("sqlite3.executemany", ["aim <= 1.6", "no aim"])
    };
    let [first, next] = &mut ratios;
    println!("first load ÷ {against}: {}; {}", spread(first), aims[0]);
    println!("next night (1 % changed) ÷ {against}: {}; {}", spread(next), aims[1]);
    println!("peak memory of the hub: {:.0} MiB; aim <= 256 MiB", mebibytes(peak));
    Ok(())
}

/// One hub on a fresh database, a whole feed and the night after it.
async fn load(options: &Options, [first, next]: &[PathBuf; 2]) -> anyhow::Result<Loaded> {
    let database = database(&options.on).await?;
    let hub = Hub::start(database.url(), &[BOROUGH]).await?;
    let (first, seen) = hub.push(first, BOROUGH, "2026-11-15").await?;
    let (night, again) = hub.push(next, BOROUGH, "2026-11-16").await?;
    Ok(Loaded { first, night, peak: hub.peak()?, told: [told(&seen), told(&again)] })
}

async fn plain(options: &Options, folder: &Path, csv: &Path) -> anyhow::Result<Duration> {
    if options.on == "postgres" {
        let database = database("postgres").await?;
        shell::copy(database.url(), csv, &data::COLUMNS)
    } else {
        shell::executemany(csv, folder)
    }
}

fn told(answer: &serde_json::Value) -> String {
    let count = |name: &str| answer["counts"][name].as_u64().unwrap_or(0);
    let verdict = answer["verdict"].as_str().unwrap_or("?");
    format!(
        "{verdict}: {} read, {} opened, {} amended, {} closed, {} unchanged",
        count("rows_read"),
        count("opened"),
        count("amended"),
        count("closed"),
        count("unchanged")
    )
}

/// A borough's night, many times over.
pub async fn night(options: &NightOptions) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let database = database(&options.on).await?;
    let hub = Hub::start(database.url(), &[BOROUGH]).await?;
    hub.push(&file(folder.path(), options.rows, 0)?, BOROUGH, "2026-10-01").await?;
    let (mut receipts, mut reports) = (Vec::new(), Vec::new());
    for night in 0..options.nights {
        let day = format!("2026-10-{:02}", night % 28 + 2);
        let changed = u32::try_from(night)? % 9 + 3;
        let (taken, _) = hub.push(&file(folder.path(), options.rows, changed)?, BOROUGH, &day).await?;
        receipts.push(taken.receipt.as_secs_f64() * 1e3);
        reports.push(taken.verdict.as_secs_f64() * 1e3);
    }
    println!("{} rows on {}: receipt ms {}", options.rows, options.on, spread(&mut receipts));
    println!("{} rows on {}: report ms {}", options.rows, options.on, spread(&mut reports));
    Ok(())
}

/// Median, with the least and the greatest.
pub fn spread(all: &mut [f64]) -> String {
    all.sort_by(f64::total_cmp);
    let at = |part: usize| all.get(part).copied().unwrap_or(f64::NAN);
    format!(
        "median {:.2} (least {:.2}, greatest {:.2}, n = {})",
        at(all.len() / 2),
        at(0),
        at(all.len().saturating_sub(1)),
        all.len()
    )
}

#[expect(clippy::cast_precision_loss, reason = "a size to a megabyte")]
pub fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}
