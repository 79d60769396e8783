//! `journal` and `resume`: what was sent from here, and what was left half done.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{Done, Screen, Stop, connect, push};
use crate::journal::{Entry, Journal};
use crate::settings::Settings;

/// Seconds that `resume` waits for a decision.
const WAIT: u64 = 300;

/// Which entries.
#[derive(Debug, Args)]
pub(super) struct History {
    /// Only what is not finished.
    #[arg(long)]
    open: bool,
    /// Print it as CSV.
    #[arg(long, conflicts_with = "json")]
    csv: bool,
}

/// Lists the journal, newest last.
pub(super) fn run(history: &History, screen: &mut Screen<'_>) -> Result<Done, Stop> {
    let journal = Journal::open(&folder(screen))?;
    let entries: Vec<&Entry> = journal.entries().iter().filter(|entry| !history.open || entry.is_open()).collect();
    if screen.json {
        let text = serde_json::to_string_pretty(&entries).map_err(std::io::Error::from)?;
        writeln!(screen.out, "{text}")?;
        return Ok(Done::Good);
    }
    if history.csv {
        writeln!(screen.out, "at,about,submission,state")?;
    }
    for entry in &entries {
        let (at, about, state) = (entry.at, entry.about(), entry.state());
        let id = entry.id().unwrap_or("");
        if history.csv {
            writeln!(screen.out, "{at},{about},{id},{state}")?;
        } else {
            writeln!(screen.out, "{at:.0}  {about:<32}  {id:<36}  {state}")?;
        }
    }
    if entries.is_empty() && !history.csv {
        let words = if history.open { "Nothing is half done." } else { "Nothing was sent from here yet." };
        writeln!(screen.out, "{words}")?;
    }
    Ok(Done::Good)
}

/// Finishes what is open.
pub(super) async fn resume(screen: &mut Screen<'_>) -> Result<Done, Stop> {
    let settings = Settings::read(&screen.config)?;
    let client = connect(&settings, &screen.network)?;
    let mut journal = Journal::open(&folder(screen))?;
    let finished = push::resume(&mut journal, &client, WAIT, screen).await?;
    if screen.json {
        let text = serde_json::to_string_pretty(journal.entries()).map_err(std::io::Error::from)?;
        writeln!(screen.out, "{text}")?;
    } else if finished == 0 {
        writeln!(screen.out, "Nothing is half done.")?;
    }
    Ok(if journal.open_entries().is_empty() { Done::Good } else { Done::Findings })
}

fn folder(screen: &Screen<'_>) -> PathBuf {
    screen.config.parent().unwrap_or(Path::new("")).to_owned()
}
