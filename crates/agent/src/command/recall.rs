//! `status` and `confirm`: going back to a submission.

use std::time::Duration;

use clap::Args;

use super::{Done, Screen, Stop, connect};
use crate::hub::Submitted;
use crate::report::render_status;
use crate::settings::Settings;

/// How often to look whether a confirmed submission has been applied, and how long between.
const LOOKS: u32 = 60;
const BETWEEN_LOOKS: Duration = Duration::from_millis(500);

/// Which submission.
#[derive(Debug, Args)]
pub(super) struct Recall {
    /// The submission's id.
    id: String,
}

/// Prints what the hub says of a submission.
pub(super) async fn status(recall: &Recall, screen: &mut Screen<'_>) -> Result<Done, Stop> {
    let client = connect(&Settings::read(&screen.config)?)?;
    let submitted = client.status(&recall.id, 0).await?;
    print(&submitted, screen)
}

/// Confirms a held submission and waits until it has been applied.
pub(super) async fn confirm(recall: &Recall, screen: &mut Screen<'_>) -> Result<Done, Stop> {
    let client = connect(&Settings::read(&screen.config)?)?;
    let mut submitted = client.confirm(&recall.id).await?;
    for _ in 0..LOOKS {
        if submitted.verdict.as_deref() != Some("held") {
            break;
        }
        tokio::time::sleep(BETWEEN_LOOKS).await;
        submitted = client.status(&recall.id, 0).await?;
    }
    print(&submitted, screen)
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
