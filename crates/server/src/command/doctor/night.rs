//! Last night: what came, what hangs, what was published.

use hub_pipeline::feeds::{self, Arrival};
use hub_store::submission::{self, Filter, Verdict};
use hub_store::{notice, release};
use jiff::SignedDuration;

use super::Check;
use crate::command::Stop;
use crate::command::office::{Office, name_of};
use crate::screen::local;

/// How many of the latest submissions are looked at.
const LATEST: i64 = 500;

/// Submissions that nobody has judged, or that wait for their sender.
pub(super) async fn submissions(office: &Office, minutes: i32) -> Result<Vec<Check>, Stop> {
    let mut link = office.read().await?;
    let latest = submission::list(&mut link, &Filter { limit: LATEST, ..Filter::default() }).await?;
    let patience = SignedDuration::from_mins(minutes.into());
    let hanging =
        latest.iter().filter(|one| one.verdict.is_none() && office.now().duration_since(one.received_at) > patience);
    let mut checks = vec![match hanging.count() {
        0 => Check::good("submissions", "all that came are judged, or have just come"),
        count => {
            let says = format!("{count} have waited for their verdict for more than {minutes} minutes");
            Check::bad("submissions", says, "see jobs and queue above")
        }
    }];
    let held: Vec<String> = latest
        .iter()
        .filter(|one| one.verdict == Some(Verdict::Held))
        .map(|one| format!("{} of {}", one.dataset, name_of(one.authority)))
        .collect();
    if !held.is_empty() {
        let mend = "their senders confirm them, or send again; `hub submission show ID` says why each is held";
        checks.push(Check::look("held", format!("held for confirmation: {}", held.join(", ")), mend));
    }
    Ok(checks)
}

/// Feeds that did not come.
pub(super) async fn feeds(office: &Office) -> Result<Check, Stop> {
    let all = feeds::feeds(&office.hub, None).await?;
    let came = |arrival| matches!(arrival, Arrival::OnTime | Arrival::ArrivedLate | Arrival::Expected);
    let absent: Vec<String> = all
        .iter()
        .filter(|feed| !came(feed.arrival))
        .map(|feed| format!("{} of {}", feed.dataset, name_of(feed.authority)))
        .collect();
    Ok(match absent.as_slice() {
        [] => Check::good("feeds", format!("none of the {} expected is absent", all.len())),
        [first, ..] if absent.len() > 8 => {
            let says = format!("{} of {} did not come, {first} among them", absent.len(), all.len());
            Check::look("feeds", says, "`hub feeds` lists them; ask the senders")
        }
        some => {
            Check::look("feeds", format!("did not come: {}", some.join(", ")), "ask the senders; `hub feeds` says more")
        }
    })
}

/// Whether every notice can be sent.
pub(super) async fn held(office: &Office) -> Result<Check, Stop> {
    let held = notice::held(&mut *office.read().await?).await?.len();
    Ok(if held == 0 {
        Check::good("notices", "every one can be told to its host")
    } else {
        let mend =
            "the events notice.held name hosts and reasons; `hub authority add CODE --name NAME` for a right code";
        Check::look("notices", format!("those of {held} children are held: no host can be told"), mend)
    })
}

/// Whether what readers see is fresh.
pub(super) async fn release(office: &Office, hours: i32) -> Result<Check, Stop> {
    let mut link = office.read().await?;
    let Some(latest) = release::latest(&mut link, release::CONSORTIUM).await? else {
        return Ok(Check::look(
            "release",
            "nothing has been published yet",
            "run `hub release publish`, or wait for the schedule",
        ));
    };
    let says = format!("release {} was published on {}", latest.number, local(latest.published_at));
    let is_old = office.now().duration_since(latest.published_at) > SignedDuration::from_hours(hours.into());
    Ok(if is_old {
        Check::bad("release", says, "run `hub release publish`: if it refuses, it says why; see jobs and schedules too")
    } else {
        Check::good("release", says)
    })
}
