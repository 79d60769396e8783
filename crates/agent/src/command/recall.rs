//! `status` and `confirm`: going back to a submission.

use std::time::Duration;

use clap::Args;

use super::{Done, Screen, Stop, connect};
use crate::hub::Submitted;
use crate::report::render_status;
use crate::settings::Settings;

/// How long to wait until a confirmed submission has been applied.
const PATIENCE: Duration = Duration::from_mins(5);

/// Which submission.
#[derive(Debug, Args)]
pub(super) struct Recall {
    /// The submission's id.
    id: String,
}

/// Prints what the hub says of a submission.
pub(super) async fn status(recall: &Recall, screen: &mut Screen<'_>) -> Result<Done, Stop> {
    let client = connect(&Settings::read(&screen.config)?, &screen.network)?;
    let submitted = client.status(&recall.id, 0).await?;
    print(&submitted, screen)
}

/// Confirms a held submission and waits until it has been applied.
pub(super) async fn confirm(recall: &Recall, screen: &mut Screen<'_>) -> Result<Done, Stop> {
    let client = connect(&Settings::read(&screen.config)?, &screen.network)?;
    client.confirm(&recall.id).await?;
    print(&client.await_report(&recall.id, PATIENCE).await?, screen)
}

fn print(submitted: &Submitted, screen: &mut Screen<'_>) -> Result<Done, Stop> {
    if screen.json {
        let text = serde_json::to_string_pretty(submitted).map_err(std::io::Error::from)?;
        writeln!(screen.out, "{text}")?;
    } else {
        write!(screen.out, "{}", render_status(submitted))?;
    }
    let is_open = !submitted.is_decided();
    Ok(if is_open || submitted.is_accepted() { Done::Good } else { Done::Findings })
}
