//! `openapi` and `completions`: what the program knows about itself.

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use super::{Cli, Stop};
use crate::screen::Answer;

/// What `completions` is told.
#[derive(Debug, Args)]
pub(super) struct Completions {
    /// Which shell.
    shell: Shell,
}

/// The description of the HTTP API, as it is served at `/openapi.json`.
pub(super) fn openapi() -> Result<Answer, Stop> {
    let document = serde_json::to_string_pretty(&hub_api::openapi()).map_err(anyhow::Error::from)?;
    Ok(Answer::text(format!("{document}\n")))
}

/// The script.
pub(super) fn completions(completions: &Completions) -> Answer {
    let mut script = Vec::new();
    clap_complete::generate(completions.shell, &mut Cli::command(), "hub", &mut script);
    Answer::text(String::from_utf8_lossy(&script))
}
