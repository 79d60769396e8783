//! `push`: check, send, wait, tell.

use std::time::Duration;

use clap::Args;
use hub_domain::Date;
use serde_json::{Value, json};

use super::given::{Given, parse_day};
use super::validate::{Known, describe, options, show};
use super::{Done, Screen, Stop, connect};
use crate::check::unknown_here;
use crate::finding::Finding;
use crate::hub::{HubClient, HubError, Submission, Submitted};
use crate::prepare::{Options, Preparation, Prepared, prepare};
use crate::report::{render_extra, render_submitted};
use crate::settings::Settings;

/// What `push` is told.
#[derive(Debug, Args)]
pub(super) struct Push {
    #[command(flatten)]
    given: Given,
    /// The day the files describe.
    #[arg(long, value_name = "DATE", value_parser = parse_day)]
    as_at: Date,
    /// Only ask the hub what would change; nothing is kept there.
    #[arg(long)]
    dry_run: bool,
    /// Declare a correction: the files may be older than the last that were accepted.
    #[arg(long)]
    correction: bool,
    /// Seconds to wait for the hub's decision; 0 leaves once it has confirmed receipt.
    #[arg(long, value_name = "SECONDS", num_args = 0..=1, default_value = "300", default_missing_value = "300")]
    wait: u64,
}

/// What became of one feed.
struct Sent<'p> {
    feed: &'p Prepared,
    outcome: Result<Submitted, HubError>,
    /// What the hub found against what it already held.
    extra: Vec<Finding>,
}

/// Prepares the files, stops if the hub would turn any away, and otherwise sends each feed.
pub(super) async fn run(push: &Push, screen: &mut Screen<'_>) -> Result<Done, Stop> {
    let settings = Settings::read(&screen.config)?;
    let known = Known::from_settings(&settings, push.given.authority)?;
    let client = connect(&settings)?;
    let options = options(&push.given, &known, push.as_at)?;
    let preparation = prepare(&push.given.read()?, &options)?;
    if !screen.json {
        show(&preparation, push.given.length(), screen)?;
    }
    if preparation.feeds.is_empty() || preparation.feeds.iter().any(Prepared::is_refused) {
        return stop_here(&preparation, screen);
    }
    let mut sent = Vec::new();
    for feed in &preparation.feeds {
        if !screen.json {
            writeln!(screen.out, "\nSending {} to {} …", feed.dataset, client.address())?;
            screen.out.flush()?;
        }
        let one = send(feed, &client, push, &options).await;
        if !screen.json {
            show_sent(&one, &client, push.dry_run, screen)?;
        }
        let is_cut_off = matches!(&one.outcome, Err(error) if !matches!(error, HubError::Refused(_)));
        sent.push(one);
        if is_cut_off {
            break;
        }
    }
    if screen.json {
        print_document(&preparation, &sent, &client, screen)?;
    }
    conclude(sent)
}

fn stop_here(preparation: &Preparation, screen: &mut Screen<'_>) -> Result<Done, Stop> {
    if screen.json {
        writeln!(screen.out, "{:#}", describe(preparation))?;
    } else {
        writeln!(screen.out, "\nNothing was sent.")?;
    }
    Ok(Done::Findings)
}

async fn send<'p>(feed: &'p Prepared, client: &HubClient, push: &Push, options: &Options) -> Sent<'p> {
    let submission = Submission {
        authority: options.authority,
        dataset: feed.dataset,
        mode: options.mode,
        as_at: options.as_at,
        covers_from: options.covers_from,
        dry_run: push.dry_run,
        correction: push.correction,
        csv: &feed.csv,
    };
    let received = client.submit(&submission).await;
    let outcome = match received {
        Ok(received) if !push.dry_run && push.wait > 0 && !received.is_decided() => {
            client.await_report(&received.id, Duration::from_secs(push.wait)).await.map(|mut decided| {
                decided.receipt = decided.receipt.or(received.receipt);
                decided
            })
        }
        other => other,
    };
    let extra = match &outcome {
        Ok(submitted) if submitted.is_decided() && !push.dry_run => extra_findings(client, &submitted.id, feed).await,
        _ => Vec::new(),
    };
    Sent { feed, outcome, extra }
}

/// The hub's findings that could not be known here. The verdict stands whether or not they can be had.
async fn extra_findings(client: &HubClient, id: &str, feed: &Prepared) -> Vec<Finding> {
    let answer = client.findings(id).await.unwrap_or_default();
    unknown_here(&answer, &feed.report, &feed.rows)
}

fn show_sent(sent: &Sent<'_>, client: &HubClient, is_dry: bool, screen: &mut Screen<'_>) -> Result<(), Stop> {
    match &sent.outcome {
        Ok(submitted) => {
            let text = render_submitted(sent.feed.dataset, submitted, client.address().as_str(), is_dry);
            write!(screen.out, "{text}{}", render_extra(&sent.extra))?;
        }
        Err(HubError::Refused(problem)) => {
            writeln!(screen.out, "{} was not taken — {problem}", sent.feed.dataset)?;
            for error in &problem.errors {
                let part = |name: &str| error.get(name).and_then(Value::as_str).unwrap_or("").to_owned();
                writeln!(screen.out, "  {} {}", part("pointer"), part("detail"))?;
            }
        }
        Err(_) => {}
    }
    Ok(())
}

fn print_document(
    preparation: &Preparation,
    sent: &[Sent<'_>],
    client: &HubClient,
    screen: &mut Screen<'_>,
) -> Result<(), Stop> {
    let mut document = describe(preparation);
    let told: Vec<Value> = sent
        .iter()
        .map(|one| match &one.outcome {
            Ok(submitted) => {
                json!({ "dataset": one.feed.dataset, "submission": submitted, "extra_findings": one.extra })
            }
            Err(HubError::Refused(problem)) => json!({ "dataset": one.feed.dataset, "problem": problem }),
            Err(error) => json!({ "dataset": one.feed.dataset, "error": error.to_string() }),
        })
        .collect();
    if let Some(members) = document.as_object_mut() {
        members.insert("hub".to_owned(), json!(client.address()));
        members.insert("sent".to_owned(), json!(told));
    }
    writeln!(screen.out, "{document:#}")?;
    Ok(())
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
