//! Finishing what a former run began.

use std::time::Duration;

use hub_domain::{Clock as _, SystemClock};

use super::super::{Screen, Stop};
use super::send::note;
use crate::hub::{HubClient, HubError, Submitted};
use crate::journal::{Entry, Journal, Step};

/// Sends what was ready and asks after what was received, oldest first. A refusal is told and left behind; a hub that is
/// away stops the run, for what follows must not overtake.
pub(in crate::command) async fn resume(
    journal: &mut Journal,
    client: &HubClient,
    wait: u64,
    screen: &mut Screen<'_>,
) -> Result<usize, Stop> {
    let open = journal.open_entries();
    for entry in &open {
        let Some(answer) = finish(entry, journal, client, wait).await? else {
            journal.note(&entry.key, Step::Lost, SystemClock.now())?;
            tell(entry, "its bytes are gone from the journal; send the files again", screen)?;
            continue;
        };
        note(&entry.key, &answer, journal)?;
        match answer {
            Ok(submitted) => {
                let verdict = submitted.verdict.as_deref().filter(|_| submitted.is_decided());
                let state = verdict.unwrap_or("received, not decided yet").replace('_', " ");
                tell(entry, &format!("submission {}, {state}", submitted.id), screen)?;
            }
            Err(HubError::Refused(problem)) => tell(entry, &format!("not taken — {problem}"), screen)?,
            // Still being checked: it is safe, and the next run asks again.
            Err(HubError::StillRunning { id, .. }) => {
                tell(entry, &format!("submission {id}, not decided yet"), screen)?;
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(open.len())
}

async fn finish(
    entry: &Entry,
    journal: &Journal,
    client: &HubClient,
    wait: u64,
) -> Result<Option<Result<Submitted, HubError>>, Stop> {
    let received = match (&entry.step, entry.id()) {
        (_, Some(id)) => client.status(id, 0).await,
        (_, None) => match journal.parcel(entry)? {
            Some(parcel) => client.deliver(&parcel).await,
            None => return Ok(None),
        },
    };
    let Ok(received) = received else { return Ok(Some(received)) };
    if wait == 0 || received.is_decided() {
        return Ok(Some(Ok(received)));
    }
    Ok(Some(client.await_report(&received.id, Duration::from_secs(wait)).await))
}

fn tell(entry: &Entry, what: &str, screen: &mut Screen<'_>) -> Result<(), Stop> {
    if !screen.json {
        writeln!(screen.out, "Finished from a former run: {}: {what}", entry.about())?;
    }
    Ok(())
}
