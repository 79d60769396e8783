//! `migrate`: bringing the schema up to date.

use clap::Args;
use hub_store::{Store, StoreError};
use serde_json::json;

use super::{Global, Stop, office};
use crate::screen::Answer;
use crate::settings::make_folder;

/// What `migrate` is told.
#[derive(Debug, Args)]
pub(super) struct Migrate {
    /// Change nothing; exit 1 when the schema is not up to date.
    #[arg(long)]
    check: bool,
}

/// Migrates, or says whether there is anything to do.
pub(super) async fn run(migrate: &Migrate, global: &Global) -> Result<Answer, Stop> {
    if migrate.check {
        return check(global).await;
    }
    let settings = global.database.settings()?;
    make_folder(&settings.url)?;
    let store = Store::open(&settings).await?;
    let level = store.migrate().await?;
    store.close().await;
    Answer::new(format!("The schema is at level {level}.\n"), json!({ "level": level }))
}

/// The schema is up to date when the database understands every statement of this program.
async fn check(global: &Global) -> Result<Answer, Stop> {
    let store = office::open(global).await?;
    match store.check_statements().await {
        Ok(all) => {
            let text = format!("The schema is up to date: all {} statements are understood.\n", all.len());
            Answer::new(text, json!({ "up_to_date": true }))
        }
        Err(StoreError::Statement(name, _)) => {
            let text = format!("The schema is not up to date ({name} is not understood): run `hub migrate`.\n");
            Ok(Answer::new(text, json!({ "up_to_date": false }))?.judged(false))
        }
        Err(other) => Err(other.into()),
    }
}
