//! Looking at what lies at a source, without keeping anything of it.

use std::io::Read;
use std::sync::Arc;

use hub_contract::{Contract, Encoding, Failure, Format, Limits, Report, Settings, contract, door, validate};
use hub_store::source::Source;
use hub_webhook::Fetch;

use super::collect::{Ask, Missed};
use super::{SourceRefusal, terms};
use crate::receive::{Upload, hex};
use crate::{Hub, boxed};

/// What lies at a source, without anything kept of it.
#[derive(Debug)]
pub struct Looked {
    /// Bytes.
    pub bytes: u64,
    /// Their SHA-256.
    pub digest: String,
    /// What a checksum file beside it says, where one was looked for and lies there.
    pub checksum: Option<String>,
    /// What the hub would say of it.
    pub report: Report,
}

impl From<Missed> for SourceRefusal {
    fn from(missed: Missed) -> Self {
        match missed {
            Missed::Failed(reason) | Missed::Refused { reason, .. } => Self::Unreadable(reason),
            Missed::Fault(fault) => Self::Fault(fault),
        }
    }
}

/// What lies at a source now, and what the hub would say of it; nothing is kept.
#[boxed]
pub async fn look(hub: &Arc<Hub>, fetch: &dyn Fetch, source: &Source) -> Result<Looked, SourceRefusal> {
    let ask = Ask::of(hub, fetch, source, hub.clock.now())?;
    let checksum = ask.checksum().await?;
    let mut upload = ask.file(hub).await?;
    let (bytes, digest) = (upload.bytes, hex(&upload.digest));
    let mut settings = Settings::full(source.authority, ask.as_at);
    settings.mode = ask.terms.mode;
    settings.covers_from = ask.terms.covers_from(ask.as_at);
    let (format, encoding, contract) = (terms::format(&source.url), ask.terms.encoding(), contract(source.dataset));
    let judged = hub.blocking(move || judge(&mut upload, contract, &settings, (format, encoding))).await?;
    let report = judged.map_err(|_| SourceRefusal::Unreadable("unreadable"))?;
    Ok(Looked { bytes, digest, checksum, report })
}

/// First the door, then every rule, as when it is submitted.
fn judge(
    upload: &mut Upload,
    contract: &Contract,
    settings: &Settings,
    (format, encoding): (Format, Encoding),
) -> Result<Report, Failure> {
    match door(contract, format, plain(upload, encoding)?) {
        Ok(_) => {}
        Err(Failure::Refused(refusal)) => return Ok(Report::refused(contract, settings, format, refusal)),
        Err(failure) => return Err(failure),
    }
    Ok(validate(contract, settings, format, plain(upload, encoding)?, &mut |_| Ok(()))?.report)
}

fn plain(upload: &mut Upload, encoding: Encoding) -> Result<Box<dyn Read + Send + '_>, Failure> {
    Ok(hub_contract::open(upload.reader()?, None, encoding, Limits::default())?)
}
