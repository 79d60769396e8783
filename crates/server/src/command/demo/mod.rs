//! `demo`: one night of a made-up region, for real, in a folder of its own.

mod bar;
mod enrol;
mod nightly;
mod place;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use hub_demo::{Audience, NIGHT, PlayError, Played, Stage};
use hub_domain::{Clock, NightClock};
use hub_webhook::Guard;
use jiff::civil::time;
use tokio_util::sync::CancellationToken;

use super::{Global, Stop, serve};
use crate::screen::{self, Answer};
use crate::settings::{make_key_file, seal};
use crate::wire::{self, Config, People, Running, StartError};
use bar::Bar;
use nightly::Nightly;
use place::Place;

/// Where the demonstration listens when nothing else does.
const USUAL: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 8080);
/// Any port that is free.
const ANY: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 0);

/// What `demo` is told.
#[derive(Debug, Args)]
pub(super) struct Demo {
    /// What the region is drawn from: the same seed gives the same figures.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Leave when the story is told, instead of serving until Ctrl-C.
    #[arg(long)]
    once: bool,
    /// A new or empty folder for the files and the database; it is kept. Without it a temporary one is made, and removed.
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
    /// Where to listen; on this machine only. [default: 127.0.0.1:8080, or any port when that is taken]
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
}

/// Plays the night, tells its story, and serves on.
pub(super) async fn run(demo: Demo, global: &Global) -> Result<Answer, Stop> {
    if demo.listen.is_some_and(|address| !address.ip().is_loopback()) {
        return Err(Stop::Usage(
            "the demonstration's secrets are on the screen: it listens on this machine only".to_owned(),
        ));
    }
    let stop = CancellationToken::new();
    let signals = serve::signals(stop.clone())?;
    let place = Place::make(demo.folder.as_deref())?;
    let running = start(&demo, &place, global).await?;
    let base_url = running.base_url.clone();
    let told = stop.run_until_cancelled(perform(&demo, &place, &running)).await;
    let shown = match told {
        Some(Ok(played)) => show(&demo, &place, global, &base_url, (played, &stop)).await,
        Some(Err(stop)) => Err(stop),
        None => Ok(()),
    };
    let stopped = running.stop().await;
    signals.abort();
    place.clear()?;
    shown?;
    stopped?;
    Ok(Answer::silent())
}

async fn start(demo: &Demo, place: &Place, global: &Global) -> Result<Running, Stop> {
    let database = if global.database.is_given() { global.database.settings()? } else { place.database() };
    let began = NIGHT.to_datetime(time(5, 0, 0, 0)).to_zoned(hub_domain::clock::london());
    let began = began.map_err(anyhow::Error::from)?.timestamp();
    let mut config = Config::new(database);
    config.clock = Arc::new(NightClock::starting(began));
    config.seal = if global.database.is_given() {
        // That database outlives the folder, and a key in the folder would not.
        seal(global.key_file.as_deref())?
    } else {
        make_key_file(&place.key_file())?;
        seal(Some(&place.key_file()))?
    };
    config.guard = Guard::for_demonstration();
    config.people = People::Demonstration;
    config.listen = demo.listen.unwrap_or(if demo.once { ANY } else { USUAL });
    let may_move = demo.listen.is_none() && !demo.once;
    match wire::start(config.clone()).await {
        Err(StartError::Listen { .. }) if may_move => {
            config.listen = ANY;
            Ok(wire::start(config).await?)
        }
        started => Ok(started?),
    }
}

/// Registers everybody and plays.
async fn perform(demo: &Demo, place: &Place, running: &Running) -> Result<Played, Stop> {
    enrol::refuse_a_hub_in_use(&running.hub).await?;
    let bar = Arc::new(Bar::new());
    let audience: Arc<dyn Audience> = bar.clone();
    audience.act("the authorities join and get their credentials", 1);
    let characters = hub_demo::characters().map_err(anyhow::Error::from)?;
    let secrets = enrol::enrol(&running.hub, &characters).await?;
    let clock: Arc<dyn Clock> = running.hub.clock.clone();
    let stage = Stage {
        base_url: running.base_url.clone(),
        folder: place.path().to_owned(),
        clock,
        seed: demo.seed,
        characters,
        secrets,
        nightly: Arc::new(Nightly(running.hub.clone())),
        audience,
    };
    let played = hub_demo::play(stage).await;
    bar.clear();
    played.map_err(|error: PlayError| Stop::Fault(error.into()))
}

/// Tells the story, and serves on unless it was asked for once.
async fn show(
    demo: &Demo,
    place: &Place,
    global: &Global,
    base_url: &str,
    (played, stop): (Played, &CancellationToken),
) -> Result<(), Stop> {
    let story = &played.story;
    let text = if global.json {
        format!("{:#}\n", serde_json::to_value(story).map_err(anyhow::Error::from)?)
    } else {
        story.render(!demo.once)
    };
    screen::print(&text)?;
    if demo.once {
        return Ok(());
    }
    if !global.json {
        let text = format!("{}\nServing on {base_url} until Ctrl-C. {}\n", pages(base_url), place.fate());
        screen::print(&text)?;
    }
    stop.cancelled().await;
    Ok(())
}

/// Where the pages are, and whom one can be there.
fn pages(base_url: &str) -> String {
    let people = hub_demo::issuer::personas();
    // The region's people, and those of one borough and of one host; the others are on the page.
    let shown = people
        .iter()
        .filter(|one| one.authorities.is_empty() || one.id.starts_with("lewisham-") || one.id == "kent-duty");
    let lines: Vec<String> = shown.map(|one| format!("  {:<18} {}: {}", one.id, one.name, one.purpose)).collect();
    format!("\nPages for people: {base_url}/sign-in, and choose whom to be:\n{}\n", lines.join("\n"))
}
