//! `daily`: DfE's daily payload as a submission of changes.

use std::fs::File;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::{Done, Screen, Stop};
use crate::daily::{Beside, Memory, Payload, Setup, postcodes, translate};
use crate::postcode::Directory;
use crate::settings::Settings;

/// What `daily` is told.
#[derive(Debug, Args)]
pub(super) struct Daily {
    /// The payload that the case system makes for DfE each day.
    payload: PathBuf,
    /// What it does not carry: a CSV with child, perhaps start, and legal_status, category_of_need, placement_provider, urn or
    /// other columns of the placements contract.
    #[arg(long, value_name = "FILE")]
    beside: PathBuf,
    /// What is remembered from day to day; made when it is not there. It stays here.
    #[arg(long, value_name = "FILE", default_value = "hub-agent-daily.json")]
    memory: PathBuf,
    /// A postcode directory, for the host authority; the one of the settings when not given.
    #[arg(long, value_name = "FILE")]
    postcodes: Option<PathBuf>,
    /// Where to write the submission; send it with: hub-agent push FILE --mode changes.
    #[arg(long, value_name = "FILE", default_value = "placements.changes.csv")]
    out: PathBuf,
}

/// Writes the submission; exit 1 when something could not be sent.
pub(super) fn run(asked: &Daily, screen: &mut Screen<'_>) -> Result<Done, Stop> {
    let settings = Settings::read(&screen.config)?;
    let key = settings.pseudonyms()?;
    let wrong = |path: &Path, error: &dyn std::fmt::Display| Stop::Usage(format!("{}: {error}", path.display()));
    let payload = Payload::read(&text(&asked.payload)?).map_err(|error| wrong(&asked.payload, &error))?;
    let beside = Beside::read(&text(&asked.beside)?).map_err(|error| wrong(&asked.beside, &error))?;
    let mut memory = if asked.memory.exists() {
        Memory::read(&text(&asked.memory)?).map_err(|_| wrong(&asked.memory, &"it is no memory of this program"))?
    } else {
        Memory::default()
    };
    let directory = match asked.postcodes.as_ref().or(settings.postcodes.as_ref()) {
        Some(path) => {
            let file = File::open(path)
                .map_err(|source| Stop::Io { what: format!("{} cannot be read", path.display()), source })?;
            Some(Directory::read(file, &postcodes(&payload)).map_err(|error| wrong(path, &error))?)
        }
        None => None,
    };
    let setup = Setup { authority: settings.authority, key: &key, directory: directory.as_ref(), beside: &beside };
    let daily = translate(&payload, &setup, &mut memory);
    save(&asked.out, &daily.csv)?;
    // Only once the submission is written: a day that was cut off is then done again whole.
    save(&asked.memory, &memory.write().map_err(|error| wrong(&asked.memory, &error))?)?;
    if screen.json {
        let document = json!({
            "file": asked.out, "upserts": daily.upserts, "deletes": daily.deletes, "left_out": daily.left_out,
        });
        writeln!(screen.out, "{document:#}")?;
    } else {
        writeln!(
            screen.out,
            "{}: {} rows to add or replace, {} to delete",
            asked.out.display(),
            daily.upserts,
            daily.deletes
        )?;
        for left in &daily.left_out {
            writeln!(screen.out, "  left out: child {} of the payload, {}. {}", left.child, left.missing, left.fix)?;
        }
        writeln!(screen.out, "Send it: hub-agent push {} --mode changes", asked.out.display())?;
    }
    Ok(if daily.left_out.is_empty() { Done::Good } else { Done::Findings })
}

fn text(path: &Path) -> Result<String, Stop> {
    std::fs::read_to_string(path).map_err(|source| {
        if source.kind() == std::io::ErrorKind::NotFound {
            return Stop::Usage(format!("there is no file {}", path.display()));
        }
        Stop::Io { what: format!("{} cannot be read", path.display()), source }
    })
}

/// Writes beside and renames, so that a file is there whole or as it was.
fn save(path: &Path, text: &str) -> Result<(), Stop> {
    let cannot = |source| Stop::Io { what: format!("{} cannot be written", path.display()), source };
    let beside = path.with_extension("new");
    std::fs::write(&beside, text).map_err(cannot)?;
    std::fs::rename(&beside, path).map_err(cannot)
}
