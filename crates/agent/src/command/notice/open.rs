//! `notice open`: fetch, decrypt here, write to files for their owner alone.

use std::path::{Path, PathBuf};

use clap::Args;
use hub_domain::AuthorityCode;
use serde_json::json;
use uuid::Uuid;

use super::super::sealing_key::{Where, folder};
use super::super::{Done, Screen, Stop, connect};
use crate::hub::{HubClient, KeptEnvelope};
use crate::sealing::{Contents, EnvelopeKind, Fingerprint, Identities, SealError, Signers, open, sha256};
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
    /// Trust this signing key of the placing authority from now on: you have compared it with them by another way than the
    /// hub.
    #[arg(long, value_name = "FINGERPRINT")]
    accept_signer: Vec<Fingerprint>,
    /// Open it although nobody signed it: you know from the placing authority that it is theirs.
    #[arg(long)]
    unsigned: bool,
}

/// What was opened.
struct Opened {
    envelope: KeptEnvelope,
    files: Vec<PathBuf>,
    /// Whose key signed it, and whether that is trusted from now on.
    signer: Option<(Fingerprint, bool)>,
}

/// Who placed the child, and whose signatures count.
struct Sender {
    placing: AuthorityCode,
    signers: Signers,
}

pub(super) async fn run(asked: &Open, screen: &mut Screen<'_>) -> Result<Done, Stop> {
    let settings = Settings::read(&screen.config)?;
    // Before anything is fetched: whoever cannot open it leaves no trace of having opened it.
    let identities = Identities::read(&asked.place.path(screen))?;
    let client = connect(&settings, &screen.network)?;
    let all = client.envelopes(asked.id).await?;
    let standing: Vec<_> = all.into_iter().filter(|envelope| envelope.superseded_by.is_none()).collect();
    if standing.is_empty() {
        return Err(Stop::Usage("nothing has been sealed for this notice yet".to_owned()));
    }
    let placing = client.notice(asked.id).await?.placing.code;
    let mut sender = Sender { placing, signers: Signers::read(&folder(screen))? };
    let is_protected = |one: &KeptEnvelope| one.opening_needed || one.kind == EnvelopeKind::ProtectedAddress;
    let (wanted, other): (Vec<_>, Vec<_>) =
        standing.into_iter().partition(|envelope| is_protected(envelope) == asked.protected_address);
    let out = asked.out.clone().unwrap_or_else(|| PathBuf::from(format!("notice-{}", asked.id)));
    let mut opened = Vec::new();
    for envelope in wanted {
        let contents = fetch(&client, asked, &envelope, &identities).await?;
        let signer = sender.signer(asked, &envelope, &contents)?;
        opened.push(Opened { files: write(&out, &contents)?, envelope, signer });
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

impl Sender {
    /// Whose key signed an envelope, if that counts; `None` where nobody did and that is what was asked for.
    fn signer(
        &mut self,
        asked: &Open,
        envelope: &KeptEnvelope,
        contents: &Contents,
    ) -> Result<Option<(Fingerprint, bool)>, Stop> {
        if contents.manifest.placing != self.placing {
            return Err(Stop::Misplaced);
        }
        let Some(by) = &contents.signed_by else {
            return if asked.unsigned { Ok(None) } else { Err(Stop::Unsigned) };
        };
        if envelope.signed_by.as_ref().is_some_and(|said| said != by) {
            return Err(Stop::Misplaced);
        }
        let is_new = self.signers.admit(self.placing, by, &asked.accept_signer)?;
        Ok(Some((by.clone(), is_new)))
    }
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

impl Opened {
    fn tell(&self, screen: &mut Screen<'_>) -> Result<(), Stop> {
        writeln!(screen.out, "Opened envelope {} ({}):", self.envelope.n, self.envelope.kind.label())?;
        for file in &self.files {
            writeln!(screen.out, "  {}", file.display())?;
        }
        match &self.signer {
            None => writeln!(screen.out, "  NOT signed by anybody")?,
            Some((by, false)) => writeln!(screen.out, "  signed by {by}")?,
            Some((by, true)) => {
                writeln!(screen.out, "  signed by {by}: seen for the first time, and trusted from now on.")?;
                writeln!(screen.out, "  Compare it with the placing authority, by another way than the hub.")?;
            }
        }
        Ok(())
    }
}

fn tell(asked: &Open, opened: &[Opened], more: bool, screen: &mut Screen<'_>) -> Result<Done, Stop> {
    if screen.json {
        let shown = |one: &Opened| {
            let signer = one.signer.as_ref();
            json!({
                "envelope": one.envelope, "files": one.files, "signed_by": signer.map(|(by, _)| by),
                "signer_trusted_now": signer.is_some_and(|(_, is_new)| *is_new),
            })
        };
        let opened: Vec<_> = opened.iter().map(shown).collect();
        writeln!(screen.out, "{:#}", json!({ "notice": asked.id, "opened": opened }))?;
        return Ok(Done::Good);
    }
    for one in opened {
        one.tell(screen)?;
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
