//! `status` and `confirm`: going back to a submission.

use clap::Args;

use super::{Done, Screen, Stop, connect};
use crate::hub::Submitted;
use crate::report::render_status;
use crate::settings::Settings;

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

/// Confirms a held submission.
pub(super) async fn confirm(recall: &Recall, screen: &mut Screen<'_>) -> Result<Done, Stop> {
    let client = connect(&Settings::read(&screen.config)?)?;
    let submitted = client.confirm(&recall.id).await?;
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
