//! `notice`: raised with its sealed details by a placing authority, listed and opened by a host.

mod open;
mod send;
mod show;

use clap::Subcommand;

use super::{Done, Screen, Stop};

/// What is to be done about notices.
#[derive(Debug, Subcommand)]
pub(super) enum Notice {
    /// Print a details file to fill in.
    Template,
    /// Raise a notice from a details file, and seal its details to the host's key.
    Raise(send::Raise),
    /// Seal the details of a notice that is there already: again, or for the first time.
    Seal(send::Seal),
    /// Seal again what was sealed from this machine for hosts that now have another key.
    Reseal(send::Accept),
    /// List the inbox of this host.
    List(show::List),
    /// Fetch a notice's sealed details, open them here and write them to files.
    Open(open::Open),
}

pub(super) async fn run(command: &Notice, screen: &mut Screen<'_>) -> Result<Done, Stop> {
    match command {
        Notice::Template => {
            write!(screen.out, "{}", crate::sealing::template())?;
            Ok(Done::Good)
        }
        Notice::Raise(raise) => send::raise(raise, screen).await,
        Notice::Seal(seal) => send::seal_one(seal, screen).await,
        Notice::Reseal(accept) => send::reseal(accept, screen).await,
        Notice::List(list) => show::list(list, screen).await,
        Notice::Open(open) => open::run(open, screen).await,
    }
}
