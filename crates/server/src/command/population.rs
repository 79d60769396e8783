//! `population`: the denominators of rates.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use hub_domain::london_date;
use hub_pipeline::population::{LoadRefusal, load};
use hub_store::population::{self as kept, Loaded};
use serde_json::{Value, json};

use super::office::Office;
use super::{Global, Stop};
use crate::screen::{Answer, local};

#[derive(Debug, Subcommand)]
pub(super) enum Population {
    /// Load estimates of how many children live where, as a new vintage. Rates use them from the next release; without any,
    /// no rate is published.
    Load(Load),
    /// List the vintages that are loaded.
    List,
    /// Print the headings of the file, and one row.
    Template,
}

/// What `population load` is told.
#[derive(Debug, Args)]
pub(super) struct Load {
    /// CSV: authority,vintage,estimated_on,age_from,age_to,sex,ethnicity,people. One file is one vintage; the ages 0 to 17
    /// of each authority are covered once; sex and ethnicity are blank for everybody.
    file: PathBuf,
    /// Read the file and say what would be loaded, and load nothing.
    #[arg(long)]
    dry_run: bool,
}

const TEMPLATE: &str = "authority,vintage,estimated_on,age_from,age_to,sex,ethnicity,people\n\
                        E09000023,ons-mid-2024,2024-06-30,0,17,,,65000\n";

pub(super) async fn run(command: Population, global: &Global) -> Result<Answer, Stop> {
    match command {
        Population::Template => Ok(Answer::text(TEMPLATE)),
        Population::Load(asked) => take(&Office::open(global).await?, &asked).await,
        Population::List => {
            let office = Office::open(global).await?;
            let all = kept::all(&mut *office.read().await?).await?;
            let documents: Vec<Value> = all.iter().map(describe).collect();
            let rows: Vec<Vec<String>> = all.iter().map(row).collect();
            let headings = ["vintage", "estimated on", "authorities", "loaded", "digest"];
            Answer::new(crate::screen::table(&headings, &rows), documents)
        }
    }
}

async fn take(office: &Office, asked: &Load) -> Result<Answer, Stop> {
    let text = std::fs::read_to_string(&asked.file)
        .map_err(|error| Stop::Refused(format!("{} cannot be read: {error}", asked.file.display())))?;
    let outcome = load(&office.hub, &text, asked.dry_run).await.map_err(|refusal| refuse(refusal, asked))?;
    let Loaded { vintage, authorities, .. } = &outcome.loaded;
    let said = match (outcome.known, asked.dry_run) {
        (true, _) => "was loaded before with the same figures",
        (false, true) => "would be loaded",
        (false, false) => "is loaded",
    };
    let document = json!({ "vintage": describe(&outcome.loaded), "known": outcome.known, "dry_run": asked.dry_run });
    let text = format!("{vintage} {said}: {authorities} authorities, estimated on {}.\n", outcome.loaded.estimated_on);
    Answer::new(text, document)
}

fn refuse(refusal: LoadRefusal, asked: &Load) -> Stop {
    match refusal {
        LoadRefusal::File(wrong) => {
            let lines: Vec<String> = wrong.iter().map(|wrong| format!("\n  {wrong}")).collect();
            let file = asked.file.display();
            Stop::Refused(format!("{file} does not read as estimates of population:{}", lines.concat()))
        }
        edited @ LoadRefusal::Edited(_) => Stop::Refused(edited.to_string()),
        LoadRefusal::Fault(fault) => fault.into(),
    }
}

fn describe(loaded: &Loaded) -> Value {
    let Loaded { vintage, estimated_on, digest, authorities, loaded_at } = loaded;
    json!({
        "vintage": vintage,
        "estimated_on": estimated_on,
        "authorities": authorities,
        "loaded_at": loaded_at,
        "loaded_on": london_date(*loaded_at),
        "digest": digest,
    })
}

fn row(loaded: &Loaded) -> Vec<String> {
    let digest = loaded.digest.chars().take(12).collect();
    vec![
        loaded.vintage.clone(),
        loaded.estimated_on.to_string(),
        loaded.authorities.to_string(),
        local(loaded.loaded_at),
        digest,
    ]
}
