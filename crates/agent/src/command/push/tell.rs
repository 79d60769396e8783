//! What `push` says.

use hub_domain::Timestamp;
use serde_json::{Value, json};

use super::super::document::Document;
use super::super::{Screen, Stop};
use super::send::Sent;
use crate::hub::{HubClient, HubError};
use crate::prepare::{Preparation, Prepared};
use crate::report::{render_extra, render_submitted};

/// Before a feed goes.
pub(super) fn sending(feed: &Prepared, client: &HubClient, screen: &mut Screen<'_>) -> Result<(), Stop> {
    if !screen.json {
        writeln!(screen.out, "\nSending {} to {} …", feed.dataset, client.address())?;
        screen.out.flush()?;
    }
    Ok(())
}

/// What became of it.
pub(super) fn sent(sent: &Sent<'_>, client: &HubClient, is_dry: bool, screen: &mut Screen<'_>) -> Result<(), Stop> {
    if screen.json {
        return Ok(());
    }
    match &sent.outcome {
        Ok(submitted) => {
            if sent.is_again {
                writeln!(screen.out, "The very same was sent before, and is not sent again.")?;
            }
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

/// When the next run is, of a program that goes on.
pub(super) fn next(at: Timestamp, screen: &mut Screen<'_>) -> Result<(), Stop> {
    if !screen.json {
        let there = at.to_zoned(hub_domain::clock::london());
        writeln!(screen.out, "\nNext run: {} in London", there.strftime("%Y-%m-%d %H:%M"))?;
        screen.out.flush()?;
    }
    Ok(())
}

/// Everything as one document.
pub(super) fn document(
    preparation: &Preparation,
    sent: &[Sent<'_>],
    client: &HubClient,
    screen: &mut Screen<'_>,
) -> Result<(), Stop> {
    let mut document = Document::of(preparation);
    let told: Vec<Value> = sent
        .iter()
        .map(|one| match &one.outcome {
            Ok(submitted) => {
                json!({
                    "dataset": one.feed.dataset,
                    "submission": submitted,
                    "extra_findings": one.extra,
                    "sent_before": one.is_again,
                })
            }
            Err(HubError::Refused(problem)) => json!({ "dataset": one.feed.dataset, "problem": problem }),
            Err(error) => json!({ "dataset": one.feed.dataset, "error": error.to_string() }),
        })
        .collect();
    document.hub = Some(client.address().to_string());
    document.sent = Some(told);
    document.print(screen)
}
