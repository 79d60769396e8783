//! `backup` and `restore`: a copy of the whole hub that anybody can read, and a hub made of it again.

use std::path::{Path, PathBuf};

use clap::Args;
use hub_domain::Timestamp;
use hub_pipeline::backup::{self, BackupRefusal, Manifest};
use hub_store::Store;
use serde_json::{Value, json};

use super::office::Office;
use super::{Global, Stop};
use crate::screen::{Answer, local};
use crate::settings::make_folder;

/// What `backup` is told.
#[derive(Debug, Args)]
pub(super) struct Backup {
    /// The folder that backups are kept in. Each is a folder of its own in there, named by its moment.
    #[arg(env = "HUB_BACKUPS", value_name = "FOLDER")]
    into: PathBuf,
    /// Keep this many of the latest backups in that folder and delete older ones, once this one is made.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=10_000))]
    keep: Option<u16>,
}

/// What `restore` is told.
#[derive(Debug, Args)]
pub(super) struct Restore {
    /// The backup: the folder with its manifest.
    #[arg(value_name = "BACKUP")]
    from: PathBuf,
    /// Look at the backup alone: whether it is whole and undamaged, and what it holds. Touches no database.
    #[arg(long)]
    check: bool,
}

/// Takes a backup of the database as it stands now. The hub may go on serving.
pub(super) async fn run(backup: &Backup, global: &Global) -> Result<Answer, Stop> {
    let office = Office::open(global).await?;
    let now = office.now();
    let folder = backup.into.join(backup::folder_of(now));
    let manifest = backup::take(&office.hub.store, &folder, now).await.map_err(refuse)?;
    let deleted = match backup.keep {
        Some(keep) => backup::prune(&backup.into, keep.into()).map_err(refuse)?,
        None => Vec::new(),
    };
    let older = match deleted.len() {
        0 => String::new(),
        1 => "1 older backup was deleted.\n".to_owned(),
        many => format!("{many} older backups were deleted.\n"),
    };
    let key =
        "Keys and secrets in it lie as they do in the database: keep a copy of the key file, and not beside it.\n";
    let text = format!("Made {}: {}.\n{older}{key}", folder.display(), holds(&manifest));
    let document = json!({ "backup": folder, "deleted": deleted, "holds": describe(&manifest) });
    Answer::new(text, document)
}

/// Restores a backup into an empty database, or only looks at it.
pub(super) async fn restore(restore: &Restore, global: &Global) -> Result<Answer, Stop> {
    if restore.check {
        let manifest = backup::check(&restore.from).map_err(refuse)?;
        let text = format!("The backup is whole: {}.\n{}", holds(&manifest), after(&manifest));
        return Answer::new(text, json!({ "whole": true, "holds": describe(&manifest) }));
    }
    let settings = global.database.settings()?;
    named(&restore.from)?;
    make_folder(&settings.url)?;
    let store = Store::open(&settings).await?;
    let restored = backup::restore(&store, &restore.from).await;
    store.close().await;
    let restored = restored.map_err(refuse)?;
    let text = format!(
        "Restored and read back: {}; {} audit entries followed.\n{}",
        holds(&restored.manifest),
        restored.audited,
        after(&restored.manifest)
    );
    let document = json!({ "restored": true, "audited": restored.audited, "holds": describe(&restored.manifest) });
    Answer::new(text, document)
}

/// A slip in the backup's name must not leave an empty database behind.
fn named(from: &Path) -> Result<(), Stop> {
    if from.join(backup::MANIFEST).is_file() {
        return Ok(());
    }
    Err(Stop::Refused(BackupRefusal::NoManifest(from.to_owned()).to_string()))
}

fn holds(manifest: &Manifest) -> String {
    let release = manifest.release.as_ref().map_or("no release".to_owned(), |last| format!("release {}", last.number));
    format!(
        "{} rows of {} tables as they stood at {} ({}, schema {}, {release})",
        manifest.rows(),
        manifest.tables.len(),
        local(manifest.made_at),
        manifest.database,
        manifest.schema
    )
}

/// What an operator must do who goes on from a backup.
fn after(manifest: &Manifest) -> String {
    format!(
        "What boroughs sent after {} is not in it: ask them to send again (their agents may send everything; what is here already \
         is answered with the same receipt). Webhooks sent after it may be sent once more, with the same ids.\n",
        local(manifest.made_at)
    )
}

fn describe(manifest: &Manifest) -> Value {
    let made_at: Timestamp = manifest.made_at;
    json!({
        "made_at": made_at,
        "database": manifest.database,
        "program": manifest.program,
        "schema": manifest.schema,
        "tables": manifest.tables.len(),
        "rows": manifest.rows(),
        "bytes": manifest.bytes(),
        "sequences": manifest.sequences,
        "audit": manifest.audit,
        "release": manifest.release,
    })
}

fn refuse(refusal: BackupRefusal) -> Stop {
    match refusal {
        BackupRefusal::Fault(fault) => fault.into(),
        BackupRefusal::File { .. } => Stop::Fault(refusal.into()),
        refused @ (BackupRefusal::There(_)
        | BackupRefusal::NoManifest(_)
        | BackupRefusal::Form(_)
        | BackupRefusal::Damaged { .. }
        | BackupRefusal::Older { .. }
        | BackupRefusal::Newer { .. }
        | BackupRefusal::NotEmpty(_)
        | BackupRefusal::OtherTables(_)
        | BackupRefusal::Differs(_)
        | BackupRefusal::Chain { .. }) => Stop::Refused(refused.to_string()),
    }
}
