//! `notice list`.

use clap::Args;

use super::super::{Done, Screen, Stop, connect};
use crate::settings::Settings;

/// Which notices.
#[derive(Debug, Args)]
pub(in crate::command) struct List {
    /// Only children believed to be in the area now.
    #[arg(long)]
    open: bool,
}

/// Prints the inbox, newest first.
pub(super) async fn list(list: &List, screen: &mut Screen<'_>) -> Result<Done, Stop> {
    let settings = Settings::read(&screen.config)?;
    let notices = connect(&settings, &screen.network)?.inbox(settings.authority, list.open).await?;
    if screen.json {
        let text = serde_json::to_string_pretty(&notices).map_err(std::io::Error::from)?;
        writeln!(screen.out, "{text}")?;
        return Ok(Done::Good);
    }
    for notice in &notices {
        let from = notice.placing.name.as_deref().unwrap_or(notice.placing.code.as_str());
        writeln!(screen.out, "{}  {:<12}  from {from}  since {}", notice.id, notice.state, notice.start)?;
    }
    if notices.is_empty() {
        writeln!(screen.out, "The inbox of {} is empty.", settings.authority)?;
    }
    Ok(Done::Good)
}
