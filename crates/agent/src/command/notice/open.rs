//! `notice open`: fetch, decrypt here, write to files for their owner alone.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;
use uuid::Uuid;

use super::super::sealing_key::Where;
use super::super::{Done, Screen, Stop, connect};
use crate::hub::{HubClient, KeptEnvelope};
use crate::sealing::{Contents, EnvelopeKind, Identities, SealError, open, sha256};
use crate::settings::Settings;

/// What `open` is told.
#[derive(Debug, Args)]
pub(in crate::command) struct Open {
    /// The notice.
    #[arg(value_name = "NOTICE")]
    id: Uuid,
    /// The folder to write to, made anew; notice-… in this folder unless given.
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    #[command(flatten)]
    place: Where,
    /// Open the protected address, if there is one; the placing authority is told who and why.
    #[arg(long, requires_all = ["officer", "reason"])]
    protected_address: bool,
    /// The officer who will read the protected address, by name.
    #[arg(long, value_name = "NAME", requires = "protected_address")]
    officer: Option<String>,
    /// Why the protected address must be read. Nothing that names a child.
    #[arg(long, value_name = "WORDS", requires = "protected_address")]
    reason: Option<String>,
}

/// What was opened.
struct Opened {
    envelope: KeptEnvelope,
    files: Vec<PathBuf>,
}

pub(super) async fn run(asked: &Open, screen: &mut Screen<'_>) -> Result<Done, Stop> {
    let settings = Settings::read(&screen.config)?;
    // Before anything is fetched: whoever cannot open it leaves no trace of having opened it.
    let identities = Identities::read(&asked.place.path(screen))?;
    let client = connect(&settings)?;
    let all = client.envelopes(asked.id).await?;
    let standing: Vec<_> = all.into_iter().filter(|envelope| envelope.superseded_by.is_none()).collect();
    if standing.is_empty() {
        return Err(Stop::Usage("nothing has been sealed for this notice yet".to_owned()));
    }
    let wanted = |kind| (kind == EnvelopeKind::ProtectedAddress) == asked.protected_address;
    let (wanted, other): (Vec<_>, Vec<_>) = standing.into_iter().partition(|envelope| wanted(envelope.kind));
    let folder = asked.out.clone().unwrap_or_else(|| PathBuf::from(format!("notice-{}", asked.id)));
    let mut opened = Vec::new();
    for envelope in wanted {
        let contents = fetch(&client, asked, &envelope, &identities).await?;
        opened.push(Opened { files: write(&folder, &contents)?, envelope });
    }
    tell(asked, &opened, !other.is_empty(), screen)
}

/// Fetches and opens one envelope, and makes sure that it is the one that was sealed for this notice.
async fn fetch(
    client: &HubClient,
    asked: &Open,
    envelope: &KeptEnvelope,
    identities: &Identities,
) -> Result<Contents, Stop> {
    if let (Some(officer), Some(reason)) = (&asked.officer, &asked.reason) {
        client.open_protected(asked.id, envelope.n, officer, reason).await?;
    }
    let bytes = client.envelope(asked.id, envelope.n).await?;
    if sha256(&bytes) != envelope.digest {
        return Err(SealError::Broken.into());
    }
    let contents = Contents::unpack(&open(identities, &bytes)?)?;
    let manifest = &contents.manifest;
    if manifest.notice != asked.id || manifest.host != envelope.host || manifest.kind != envelope.kind {
        return Err(Stop::Misplaced);
    }
    Ok(contents)
}

/// Writes the manifest and the files; nothing is overwritten.
fn write(folder: &Path, contents: &Contents) -> Result<Vec<PathBuf>, Stop> {
    make(folder)?;
    let name = match contents.manifest.kind {
        EnvelopeKind::Details => "details.json",
        EnvelopeKind::ProtectedAddress => "protected-address.json",
    };
    let manifest = serde_json::to_vec_pretty(&contents.manifest).map_err(std::io::Error::from)?;
    let mut files = vec![put(folder.join(name), &manifest)?];
    for file in &contents.attachments {
        files.push(put(folder.join(&file.name), &file.bytes)?);
    }
    Ok(files)
}

fn make(folder: &Path) -> Result<(), Stop> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    let fault = |source| Stop::Io { what: format!("the folder {} cannot be made", folder.display()), source };
    builder.create(folder).map_err(fault)
}

fn put(path: PathBuf, bytes: &[u8]) -> Result<PathBuf, Stop> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(&path).and_then(|mut file| {
        std::io::Write::write_all(&mut file, bytes)?;
        file.sync_all()
    });
    let what = || format!("{} cannot be made (it is never overwritten; give another --out)", path.display());
    written.map_err(|source| Stop::Io { what: what(), source })?;
    Ok(path)
}

fn tell(asked: &Open, opened: &[Opened], more: bool, screen: &mut Screen<'_>) -> Result<Done, Stop> {
    if screen.json {
        let shown = |one: &Opened| json!({ "envelope": one.envelope, "files": one.files });
        let opened: Vec<_> = opened.iter().map(shown).collect();
        writeln!(screen.out, "{:#}", json!({ "notice": asked.id, "opened": opened }))?;
        return Ok(Done::Good);
    }
    for Opened { envelope, files } in opened {
        writeln!(screen.out, "Opened envelope {} ({}):", envelope.n, envelope.kind.label())?;
        for file in files {
            writeln!(screen.out, "  {}", file.display())?;
        }
    }
    if opened.is_empty() {
        writeln!(screen.out, "There is nothing of that kind to open.")?;
    }
    if more && !asked.protected_address {
        writeln!(screen.out)?;
        writeln!(screen.out, "The address is protected. To open it, say who will read it and why:")?;
        let id = asked.id;
        writeln!(screen.out, "  hub-agent notice open {id} --protected-address --officer NAME --reason WORDS")?;
    }
    Ok(Done::Good)
}
