//! The machine: folder, clock, and the calendar that was built in.

use hub_pipeline::holidays;
use hub_store::release;
use hub_store::submission::{self, Filter};
use jiff::{SignedDuration, ToSpan as _};

use super::Check;
use crate::command::Stop;
use crate::command::office::Office;
use crate::settings::sqlite_file;

/// How far two clocks may be apart before it is worth saying.
const SKEW: SignedDuration = SignedDuration::from_secs(120);

/// How far this machine's clock and the database server's may be apart.
const SERVERS_SKEW: SignedDuration = SignedDuration::from_secs(5);

/// The folder of an SQLite database: there, writable, and nobody else's.
pub(super) fn folder(url: &str) -> Vec<Check> {
    let Some(file) = sqlite_file(url) else { return Vec::new() };
    let folder =
        file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(std::path::Path::new(".")).to_owned();
    let shown = folder.display();
    if !folder.is_dir() {
        return vec![Check::bad("folder", format!("there is no folder {shown}"), "run `hub migrate`, which makes it")];
    }
    if let Err(error) = tempfile::tempfile_in(&folder) {
        let says = format!("nothing can be written in {shown}: {error}");
        return vec![Check::bad("folder", says, "see to its owner, its mode, and the room on its disk")];
    }
    if is_open(&folder) {
        let says = format!("{shown} holds what is about children, and others on this machine can look into it");
        return vec![Check::look("folder", says, format!("run: chmod 700 {shown}"))];
    }
    vec![Check::good("folder", format!("{shown} can be written, by its owner alone"))]
}

#[cfg(unix)]
fn is_open(folder: &std::path::Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(folder).is_ok_and(|metadata| metadata.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_open(_: &std::path::Path) -> bool {
    false
}

/// This machine's clock against the latest instants in the database, which every replica writes.
pub(super) async fn clock(office: &Office) -> Result<Check, Stop> {
    let mut link = office.read().await?;
    let last = submission::list(&mut link, &Filter { limit: 1, ..Filter::default() }).await?;
    let received = last.first().map(|last| last.received_at);
    let published = release::latest(&mut link, release::CONSORTIUM).await?.map(|latest| latest.published_at);
    let ahead = [received, published].into_iter().flatten().map(|at| at.duration_since(office.now())).max();
    Ok(match ahead {
        Some(ahead) if ahead > SKEW => {
            let says = format!("the database holds instants {} s ahead of this machine's clock", ahead.as_secs());
            Check::bad("clock", says, "set the clocks of all machines by NTP; tokens and webhooks are judged by them")
        }
        _ => Check::good("clock", "nothing in the database is from the future"),
    })
}

/// This machine's clock against the database server's own, where there is one.
pub(super) async fn servers_clock(office: &Office) -> Result<Option<Check>, Stop> {
    let Some(theirs) = office.hub.store.server_time().await? else { return Ok(None) };
    let apart = theirs.duration_since(office.now()).abs();
    let says = format!("this machine's clock and the database server's are {} s apart", apart.as_secs());
    Ok(Some(if apart > SERVERS_SKEW {
        let mend = "set the clocks of both by NTP (`timedatectl set-ntp true`): leases, tokens and due dates are judged by them";
        Check::bad("server clock", says, mend)
    } else {
        Check::good("server clock", says)
    }))
}

/// Bank holidays must be known well ahead: without them no due date can be computed.
pub(super) async fn holidays(office: &Office) -> Result<Check, Stop> {
    holidays::refresh(&office.hub).await?;
    if let Some(incomplete) = holidays::left_out(&office.hub).await? {
        let mend = "see `hub holiday list`: add the rest of that year's, or name again the file that they were in (HUB_HOLIDAYS)";
        return Ok(Check::bad("holidays", format!("proclaimed bank holidays are left out: {incomplete}"), mend));
    }
    let (first, last) = office.hub.calendar().known_years();
    let today = hub_domain::london_date(office.now());
    let soon = today.checked_add(3.months()).unwrap_or(today);
    let says = format!("bank holidays are known from {first} to {last}");
    let mend = "add those of the coming year with `hub holiday add`, or install a version of the hub that knows them: due dates of \
                notices are counted in working days";
    Ok(if today.year() > last {
        Check::bad("holidays", says, mend)
    } else if soon.year() > last {
        Check::look("holidays", says, mend)
    } else {
        Check::good("holidays", says)
    })
}
