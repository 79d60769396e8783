//! `push`: check, send, wait, tell; once, or every night.

mod clock;
mod resume;
mod send;
mod tell;

use std::path::Path;

use clap::Args;
use hub_domain::{Clock as _, Date, SystemClock};

use super::document::Document;
use super::given::{Given, parse_day, today};
use super::validate::{Known, options, show};
use super::{Done, Screen, Stop, connect, explain};
use crate::hub::HubError;
use crate::journal::Journal;
use crate::prepare::{Preparation, Prepared, prepare};
use crate::settings::Settings;

pub(super) use clock::{Every, Rhythm, parse_time};
pub(super) use resume::resume;
pub(super) use send::Manner;
use send::Sent;

/// What `push` is told.
#[derive(Debug, Args)]
pub(super) struct Push {
    #[command(flatten)]
    given: Given,
    /// The day the files describe; today in London when not given.
    #[arg(long, value_name = "DATE", value_parser = parse_day)]
    as_at: Option<Date>,
    /// Only ask the hub what would change; nothing is kept there.
    #[arg(long)]
    dry_run: bool,
    /// Declare a correction: the files may be older than the last that were accepted.
    #[arg(long)]
    correction: bool,
    /// Seconds to wait for the hub's decision; 0 leaves once it has confirmed receipt.
    #[arg(long, value_name = "SECONDS", num_args = 0..=1, default_value = "300", default_missing_value = "300")]
    wait: u64,
    /// Do this now and again each 30m, 6h or 1d, until stopped; the files are read anew each time.
    #[arg(long, value_name = "SPAN", conflicts_with_all = ["as_at", "daily"])]
    every: Option<Every>,
    /// Do this each day at this time in London, 02:15, until stopped; the files are read anew each time.
    #[arg(long, value_name = "TIME", conflicts_with = "as_at", value_parser = parse_time)]
    daily: Option<jiff::civil::Time>,
}

/// Once, or for as long as nobody stops it.
pub(super) async fn run(push: &Push, screen: &mut Screen<'_>) -> Result<Done, Stop> {
    let rhythm = match (push.every, push.daily) {
        (Some(every), _) => Rhythm::Every(every),
        (None, Some(time)) => Rhythm::Daily(time),
        (None, None) => return once(push, screen).await,
    };
    tokio::select! {
        biased;
        // Whatever it is at: the journal knows how far it came.
        _ = tokio::signal::ctrl_c() => Ok(Done::Good),
        stopped = again(push, rhythm, screen) => stopped,
    }
}

async fn again(push: &Push, rhythm: Rhythm, screen: &mut Screen<'_>) -> Result<Done, Stop> {
    let mut next = rhythm.first(SystemClock.now());
    loop {
        clock::wait_until(next).await;
        let began = SystemClock.now();
        let came = once(push, screen).await;
        screen.out.flush()?;
        next = match came {
            Ok(_) => rhythm.after(began),
            // What is wrong with the command or the settings will be wrong tomorrow.
            Err(stop @ (Stop::Usage(_) | Stop::Settings(_) | Stop::Mapping(_))) => return Err(stop),
            Err(stop) => {
                write_fault(&stop);
                rhythm.sooner(began)
            }
        };
        tell::next(next, screen)?;
    }
}

fn write_fault(stop: &Stop) {
    let _ = std::io::Write::write_all(&mut std::io::stderr(), format!("hub-agent: {}", explain(stop)).as_bytes());
}

/// Finishes what a former run left, prepares the files, stops if the hub would turn any away, and otherwise sends each feed.
async fn once(push: &Push, screen: &mut Screen<'_>) -> Result<Done, Stop> {
    let settings = Settings::read(&screen.config)?;
    let known = Known::from_settings(&settings, push.given.authority)?;
    let client = connect(&settings, &screen.network)?;
    let as_at = push.as_at.unwrap_or_else(today);
    let options = options(&push.given, &known, as_at)?;
    let preparation = prepare(&push.given.read()?, &options)?;
    if !screen.json {
        show(&preparation, push.given.length(), screen)?;
    }
    let folder = screen.config.parent().unwrap_or(Path::new("")).to_owned();
    let mut journal = if push.dry_run { None } else { Some(Journal::open(&folder)?) };
    if let Some(journal) = &mut journal {
        resume(journal, &client, push.wait, screen).await?;
    }
    if preparation.feeds.is_empty() || preparation.feeds.iter().any(Prepared::is_refused) {
        return stop_here(&preparation, screen);
    }
    let manner = Manner { dry_run: push.dry_run, correction: push.correction, wait: push.wait };
    let mut sent = Vec::new();
    for feed in &preparation.feeds {
        tell::sending(feed, &client, screen)?;
        let one = send::send(feed, &client, manner, &options, journal.as_mut()).await?;
        tell::sent(&one, &client, push.dry_run, screen)?;
        let is_cut_off = matches!(&one.outcome, Err(error) if !matches!(error, HubError::Refused(_)));
        sent.push(one);
        if is_cut_off {
            break;
        }
    }
    if screen.json {
        tell::document(&preparation, &sent, &client, screen)?;
    }
    conclude(sent)
}

fn stop_here(preparation: &Preparation, screen: &mut Screen<'_>) -> Result<Done, Stop> {
    if screen.json {
        Document::of(preparation).print(screen)?;
    } else {
        writeln!(screen.out, "\nNothing was sent.")?;
    }
    Ok(Done::Findings)
}

fn conclude(sent: Vec<Sent<'_>>) -> Result<Done, Stop> {
    let mut done = Done::Good;
    for one in sent {
        let is_clean = match one.outcome {
            Ok(submitted) => (submitted.is_accepted() || !submitted.is_decided()) && !one.feed.has_errors(),
            Err(HubError::Refused(_)) => false,
            Err(error) => return Err(error.into()),
        };
        if !is_clean {
            done = Done::Findings;
        }
    }
    Ok(done)
}
