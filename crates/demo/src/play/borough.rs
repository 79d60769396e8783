//! One borough's night: what `hub-agent push` does, with the agent's own library.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use hub_agent::settings::Proof;
use hub_agent::{Connection, HubClient, HubError, Input, Options, Preparation, Submission, Submitted, prepare};
use hub_domain::{AuthorityCode, Dataset, Mode};

use super::{PlayError, Stage, milliseconds};
use crate::cast::{agent_of, pseudonym_key};
use crate::region::{Member, NIGHT};

/// How long an agent waits for a verdict.
const PATIENCE: Duration = Duration::from_mins(2);

/// One feed that was submitted and decided.
#[derive(Debug)]
pub(crate) struct Sent {
    pub(crate) authority: AuthorityCode,
    pub(crate) dataset: Dataset,
    pub(crate) submitted: Submitted,
    /// From sending the first byte to the receipt.
    pub(crate) receipt_ms: u64,
    /// From sending the first byte to the verdict.
    pub(crate) verdict_ms: u64,
}

/// Reads the files of `folder`, prepares the feeds, submits each, and waits for the verdicts.
pub(crate) async fn push(stage: Stage, member: &'static Member, folder: PathBuf) -> Result<Vec<Sent>, PlayError> {
    let failed = |source| PlayError::Push { borough: member.name(), source };
    let seed = stage.seed;
    let prepared = tokio::task::spawn_blocking(move || prepared(seed, member, &folder)).await??;
    let client = client(&stage, member)?;
    let mut waiting = Vec::new();
    for feed in &prepared.feeds {
        let submission = Submission {
            authority: member.authority(),
            dataset: feed.dataset,
            mode: Mode::Full,
            as_at: NIGHT,
            covers_from: None,
            dry_run: false,
            correction: false,
            csv: &feed.csv,
        };
        let began = Instant::now();
        let received = client.submit(&submission).await.map_err(failed)?;
        waiting.push((feed.dataset, received.id, began, milliseconds(began, Instant::now())));
    }
    let mut sent = Vec::new();
    for (dataset, id, began, receipt_ms) in waiting {
        let submitted = client.await_report(&id, PATIENCE).await.map_err(failed)?;
        let verdict_ms = milliseconds(began, Instant::now());
        sent.push(Sent { authority: member.authority(), dataset, submitted, receipt_ms, verdict_ms });
    }
    Ok(sent)
}

fn prepared(seed: u64, member: &Member, folder: &Path) -> Result<Preparation, PlayError> {
    let unreadable = |source| PlayError::Io { what: "a borough's files cannot be read", source };
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        paths.push(entry.map_err(unreadable)?.path());
    }
    paths.sort();
    let postcodes = folder.join("postcodes.csv");
    let files = paths.iter().filter(|path| **path != postcodes);
    let inputs = files.map(|path| Input::read(path)).collect::<Result<Vec<_>, _>>().map_err(unreadable)?;
    let options = Options {
        authority: member.authority(),
        as_at: NIGHT,
        mode: Mode::Full,
        covers_from: None,
        key: pseudonym_key(seed, member),
        postcodes: Some(postcodes),
        mappings: Vec::new(),
    };
    prepare(&inputs, &options).map_err(|source| PlayError::Prepare { borough: member.name(), source })
}

/// The agent's client of the hub: its key proves who it is.
pub(super) fn client(stage: &Stage, member: &Member) -> Result<HubClient, PlayError> {
    let id = agent_of(member);
    let key = stage.characters.iter().find(|one| one.id == id).and_then(|one| one.key.clone());
    let proof = key.map(Proof::Key).ok_or_else(|| PlayError::Unregistered(id.clone()))?;
    let failed = |source: HubError| PlayError::Push { borough: member.name(), source };
    HubClient::new(Connection::new(&stage.base_url, &id, proof), Arc::clone(&stage.clock)).map_err(failed)
}
