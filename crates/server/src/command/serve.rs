//! `serve`: the hub itself.

use std::net::SocketAddr;

use clap::Args;
use hub_domain::AuthorityCode;
use hub_pipeline::{OPEN_GOVERNMENT, PUBLISHER, QUARTERLY};
use hub_webhook::{Allowance, Guard};
use serde_json::json;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::office::parse_authority;
use super::retention::HowLong;
use super::sign_in::SignIn;
use super::{Global, Stop};
use crate::screen::{self, Answer};
use crate::settings::{calendar, seal};
use crate::wire::{self, Config};

/// What `serve` is told.
#[derive(Debug, Args)]
pub(super) struct Serve {
    /// Where to listen.
    #[arg(long, env = "HUB_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// The hub's own address as others reach it: it names the hub in tokens and receipts.
    #[arg(long, env = "HUB_BASE_URL", value_name = "URL", value_parser = parse_base)]
    base_url: Option<Url>,
    /// Leave the schema as it is; another process brings it up to date.
    #[arg(long, env = "HUB_NO_MIGRATE")]
    no_migrate: bool,
    /// When a release is published: a cron pattern of five fields, London's time.
    #[arg(long, env = "HUB_PUBLISH_AT", value_name = "CRON", default_value = "0 6 * * *")]
    publish_at: String,
    /// When the public's snapshot is tried, likewise, or never. However often that is, there is one a quarter.
    #[arg(long, env = "HUB_PUBLISH_PUBLIC_AT", value_name = "CRON", default_value = QUARTERLY)]
    publish_public_at: String,
    /// Who publishes, as the catalogues name it.
    #[arg(long, env = "HUB_PUBLISHER", value_name = "NAME", default_value = PUBLISHER)]
    publisher: String,
    /// The licence of what anybody may read, by its address.
    #[arg(long, env = "HUB_PUBLIC_LICENCE", value_name = "URL", default_value = OPEN_GOVERNMENT)]
    public_licence: Url,
    /// When episodes, notices and homes' notices are set beside each other, likewise: after the feeds, before offices open.
    #[arg(long, env = "HUB_RECONCILE_AT", value_name = "CRON", default_value = "30 6 * * *")]
    reconcile_at: String,
    /// Counts below this are hidden in what is published.
    #[arg(long, env = "HUB_THRESHOLD", value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u64).range(5..=100))]
    threshold: u64,
    /// As many authorities placing into one small home are an alert.
    #[arg(long, env = "HUB_CLUSTER_AUTHORITIES", value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u8).range(2..=50))]
    cluster_authorities: u8,
    /// A home of so many places or fewer is small.
    #[arg(long, env = "HUB_SMALL_PLACES", value_name = "N", default_value_t = 6, value_parser = clap::value_parser!(u8).range(1..=50))]
    small_places: u8,
    #[command(flatten)]
    keep: HowLong,
    /// Longest submission as sent, MiB.
    #[arg(long, env = "HUB_UPLOAD_MIB", value_name = "MIB", default_value_t = 256, value_parser = clap::value_parser!(u64).range(1..=4_096))]
    upload_mib: u64,
    /// Answer requests alone: another process on the same database runs the jobs, keeps the schedules and sends the webhooks.
    #[arg(long, env = "HUB_NO_WORK")]
    no_work: bool,
    /// Jobs run at once.
    #[arg(long, env = "HUB_JOBS", value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=64))]
    jobs: u16,
    /// Webhooks sent at once, in all.
    #[arg(long, env = "HUB_DELIVERIES", value_name = "N", default_value_t = 256, value_parser = clap::value_parser!(u16).range(1..=1_024))]
    deliveries: u16,
    /// Requests a second that one client may keep up; 0 for no limit.
    #[arg(long, env = "HUB_CLIENT_RATE", value_name = "N", default_value_t = 50)]
    client_rate: u32,
    /// Requests that one client may make at once before its rate tells.
    #[arg(long, env = "HUB_CLIENT_BURST", value_name = "N", default_value_t = 1_000)]
    client_burst: u32,
    /// Uploads of one authority received at once; further ones wait.
    #[arg(long, env = "HUB_AUTHORITY_UPLOADS", value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=256))]
    authority_uploads: u16,
    /// Name of this process in leases; made up when not given. No two may share one.
    #[arg(long, env = "HUB_WORKER", value_name = "NAME")]
    worker: Option<String>,
    /// A private network that one council's webhook addresses may be in: E09000023=10.20.0.0/16. May be repeated.
    #[arg(long = "webhook-network", env = "HUB_WEBHOOK_NETWORKS", value_name = "CODE=NETWORK", value_delimiter = ';', value_parser = parse_network)]
    networks: Vec<(AuthorityCode, Allowance)>,
    #[command(flatten)]
    sign_in: SignIn,
    /// For tests: webhooks go to this machine and nowhere else. A release build refuses it.
    #[arg(long, env = "HUB_WEBHOOK_LOOPBACK", hide = true)]
    webhook_loopback: bool,
}

/// Serves until told to stop.
pub(super) async fn run(serve: Serve, global: &Global) -> Result<Answer, Stop> {
    if serve.base_url.is_none() && !serve.listen.ip().is_loopback() {
        let told =
            "listening beyond this machine needs --base-url (HUB_BASE_URL): it names the hub in tokens and receipts";
        return Err(Stop::Usage(told.to_owned()));
    }
    let stop = CancellationToken::new();
    let signals = signals(stop.clone())?;
    let running = wire::start(config(serve, global)?).await?;
    say(&running, global)?;
    let stopper = running.stopper();
    let told = tokio::spawn(async move {
        stop.cancelled().await;
        stopper.cancel();
    });
    let ended = running.join().await;
    told.abort();
    signals.abort();
    ended?;
    tracing::info!("the hub has stopped");
    Ok(Answer::silent())
}

fn config(serve: Serve, global: &Global) -> Result<Config, Stop> {
    let mut config = Config::new(global.database.settings()?);
    config.migrate = !serve.no_migrate;
    config.listen = serve.listen;
    config.base_url = serve.base_url.map(|url| url.to_string());
    config.guard = guard(serve.webhook_loopback, cfg!(debug_assertions), serve.networks)?;
    config.people = serve.sign_in.people()?;
    config.works = !serve.no_work;
    config.jobs = usize::from(serve.jobs);
    config.settings.publish_at = serve.publish_at;
    config.settings.publish_public_at = serve.publish_public_at;
    config.settings.publisher = serve.publisher;
    config.settings.public_licence = serve.public_licence.to_string();
    config.settings.reconcile_at = serve.reconcile_at;
    config.settings.calendar = calendar(global.holidays.as_deref())?;
    config.settings.periods = serve.keep.periods();
    config.settings.threshold = serve.threshold;
    config.settings.alerts.authorities = usize::from(serve.cluster_authorities);
    config.settings.alerts.places = i64::from(serve.small_places);
    config.settings.upload_bytes = serve.upload_mib << 20;
    config.settings.deliveries = usize::from(serve.deliveries);
    config.seal = seal(global.key_file.as_deref())?;
    config.settings.client_rate = serve.client_rate;
    config.settings.client_burst = serve.client_burst;
    config.settings.authority_uploads = usize::from(serve.authority_uploads);
    config.settings.worker = serve.worker.unwrap_or(config.settings.worker);
    Ok(config)
}

/// Where webhooks may go: to public addresses, and into the private networks that councils were allowed. This machine is
/// for tests of the program as a process, and no release build goes there (promise S4).
pub(super) fn guard(
    loopback: bool,
    is_for_tests: bool,
    networks: Vec<(AuthorityCode, Allowance)>,
) -> Result<Guard, Stop> {
    match (loopback, is_for_tests) {
        (true, true) => Ok(Guard::for_demonstration()),
        (true, false) => Err(Stop::Usage(
            "webhooks to this machine (HUB_WEBHOOK_LOOPBACK) are for tests, not for a release".to_owned(),
        )),
        (false, _) => {
            Ok(networks.into_iter().fold(Guard::public(), |guard, (code, allowed)| guard.with_allowance(code, allowed)))
        }
    }
}

/// One line on stdout once requests are answered, for whoever started the process.
fn say(running: &wire::Running, global: &Global) -> Result<(), Stop> {
    let (address, base) = (running.address, &running.base_url);
    let document = json!({ "listening": address, "base_url": base });
    let line = if global.json { format!("{document}\n") } else { format!("Listening on http://{address} as {base}\n") };
    screen::print(&line)
}

/// Cancels `stop` at the first SIGTERM or SIGINT.
pub(super) fn signals(stop: CancellationToken) -> Result<tokio::task::JoinHandle<()>, Stop> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        Ok(tokio::spawn(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            stop.cancel();
        }))
    }
    #[cfg(not(unix))]
    Ok(tokio::spawn(async move {
        // An error means that there is no console to interrupt from.
        let _ = tokio::signal::ctrl_c().await;
        stop.cancel();
    }))
}

fn parse_base(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|_| "it is not a URL".to_owned())?;
    let is_plain =
        url.query().is_none() && url.fragment().is_none() && url.username().is_empty() && url.password().is_none();
    match url.scheme() {
        "http" | "https" if url.has_host() && is_plain => Ok(url),
        _ => Err("give an address such as https://hub.example, without query, fragment or user".to_owned()),
    }
}

pub(super) fn parse_network(text: &str) -> Result<(AuthorityCode, Allowance), String> {
    let (code, networks) = text.split_once('=').ok_or("write it as E09000023=10.20.0.0/16")?;
    Ok((
        parse_authority(code.trim())?,
        networks.trim().parse().map_err(|error: hub_webhook::guard::NotAllowable| error.to_string())?,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_url_names_a_host_and_nothing_else() {
        for text in ["https://hub.example", "https://hub.example/region/", "http://127.0.0.1:8080"] {
            assert!(parse_base(text).is_ok(), "{text}");
        }
        for text in [
            "hub.example",
            "ftp://hub.example",
            "https://a@hub.example",
            "https://hub.example/?a",
            "https://hub.example#a",
        ] {
            assert!(parse_base(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_release_never_sends_webhooks_to_this_machine() {
        assert!(guard(true, true, Vec::new()).unwrap().is_for_demonstration());
        assert!(matches!(guard(true, false, Vec::new()), Err(Stop::Usage(_))));
        for is_for_tests in [true, false] {
            assert!(!guard(false, is_for_tests, Vec::new()).unwrap().is_for_demonstration());
        }
    }

    #[test]
    fn only_private_networks_may_be_allowed() {
        assert!(parse_network("lewisham=10.20.0.0/16").is_ok());
        for text in ["lewisham", "lewisham=127.0.0.0/8", "lewisham=8.8.8.0/24", "nowhere=10.0.0.0/8"] {
            assert!(parse_network(text).is_err(), "{text}");
        }
    }
}
