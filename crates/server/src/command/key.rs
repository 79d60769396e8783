//! `key`: the hub's own signing keys.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};
use hub_pipeline::identity::Purpose;
use serde_json::json;

use super::office::Office;
use super::{Global, Stop};
use crate::screen::Answer;
use crate::settings::make_key_file;

#[derive(Debug, Subcommand)]
pub(super) enum Key {
    /// Make a key file: its key seals the private keys, and the secrets that endpoints share, in the database of every hub
    /// that is started with it.
    Init {
        /// The file to make, for its owner alone; --key-file (HUB_KEY_FILE) is meant when it is not named.
        file: Option<PathBuf>,
    },
    /// List the keys that are published in the key set.
    List,
    /// Make a new key. It is published at once and signs two minutes later; the one before stays as long as what it
    /// signed is worth anything.
    Rotate {
        /// What the key signs.
        #[arg(value_enum)]
        purpose: Signs,
    },
    /// Retire a key that has leaked: whatever it signed is refused from now on.
    Retire {
        /// The key's id, as `key list` shows it.
        #[arg(allow_hyphen_values = true)]
        kid: String,
    },
}

/// What a key signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Signs {
    /// Access tokens.
    Token,
    /// Receipts for submissions.
    Receipt,
    /// Webhooks.
    Webhook,
}

pub(super) async fn run(key: Key, global: &Global) -> Result<Answer, Stop> {
    if let Key::Init { file } = key {
        return init(file, global);
    }
    let office = Office::open(global).await?;
    let issuer = office.issuer().await?;
    match key {
        Key::Init { .. } => Ok(Answer::silent()),
        Key::List => {
            let row = |key: &hub_pipeline::identity::PublicKey| {
                vec![key.kid.clone(), key.purpose.to_string(), key.alg.clone()]
            };
            Answer::list(&["kid", "signs", "algorithm"], &issuer.key_set(), row)
        }
        Key::Rotate { purpose } => {
            let purpose = match purpose {
                Signs::Token => Purpose::Token,
                Signs::Receipt => Purpose::Receipt,
                Signs::Webhook => Purpose::Webhook,
            };
            let kid = issuer.rotate_key(purpose).await?;
            let text = format!("The new {purpose} key is {kid}. It signs from two minutes from now.\n");
            Answer::new(text, json!({ "kid": kid, "purpose": purpose }))
        }
        Key::Retire { kid } => {
            if !issuer.key_set().iter().any(|key| key.kid == kid) {
                return Err(Stop::Refused("there is no such key; `hub key list` shows those there are".to_owned()));
            }
            issuer.retire_key(&kid).await?;
            Answer::new(format!("The key {kid} is retired: what it signed is refused.\n"), json!({ "retired": kid }))
        }
    }
}

fn init(file: Option<PathBuf>, global: &Global) -> Result<Answer, Stop> {
    let named = file.or_else(|| global.key_file.clone());
    let path = named.ok_or_else(|| Stop::Usage("name the file to make: hub key init hub.key".to_owned()))?;
    make_key_file(&path)?;
    let text = format!(
        "Made {path}. Keep a copy of it apart from the database: without it the hub's keys are lost.\n\
         Start every replica with --key-file {path} (HUB_KEY_FILE); keys and secrets that lie unsealed are sealed then.\n",
        path = path.display()
    );
    Answer::new(text, json!({ "key_file": path }))
}
