//! `notice raise`, `seal` and `reseal`.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::Args;
use hub_domain::{AuthorityCode, Clock, SystemClock};
use serde_json::{Value, json};
use uuid::Uuid;

use super::super::sealing_key::folder;
use super::super::{Done, Screen, Stop, connect};
use crate::hub::{HubClient, KeptEnvelope, KnownNotice, NewEnvelope};
use crate::sealing::{Contents, Details, Files, Fingerprint, Journal, Recipient, Share, SigningKey, Trust, seal};
use crate::settings::Settings;

/// Keys that somebody has compared with the host.
#[derive(Debug, Args)]
pub(in crate::command) struct Accept {
    /// Trust this key of the host from now on: you have compared its fingerprint with the host by another way than the hub.
    #[arg(long, value_name = "FINGERPRINT")]
    accept_fingerprint: Vec<Fingerprint>,
}

/// Where the details are.
#[derive(Debug, Args)]
struct Source {
    /// The details file, TOML or JSON; `hub-agent notice template` prints one.
    #[arg(long, value_name = "FILE")]
    details: PathBuf,
    /// The sealed part, when it is kept in a file of its own.
    #[arg(long, value_name = "FILE")]
    sealed: Option<PathBuf>,
}

/// What `raise` is told.
#[derive(Debug, Args)]
pub(in crate::command) struct Raise {
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    accept: Accept,
}

/// What `seal` is told.
#[derive(Debug, Args)]
pub(in crate::command) struct Seal {
    /// The notice.
    #[arg(value_name = "NOTICE")]
    id: Uuid,
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    accept: Accept,
}

/// Everything that sealing needs.
struct Desk {
    client: HubClient,
    authority: AuthorityCode,
    trust: Trust,
    journal: Journal,
    postcodes: Option<PathBuf>,
    signer: SigningKey,
    /// The signing key was made now, because there was none.
    is_signer_new: bool,
}

impl Desk {
    fn open(screen: &Screen<'_>) -> Result<Self, Stop> {
        let settings = Settings::read(&screen.config)?;
        let folder = folder(screen);
        let (trust, journal) = (Trust::read(&folder)?, Journal::read(&folder)?);
        let (signer, is_signer_new) = SigningKey::of(&folder)?;
        let (client, authority, postcodes) =
            (connect(&settings, &screen.network)?, settings.authority, settings.postcodes);
        Ok(Self { client, authority, trust, journal, postcodes, signer, is_signer_new })
    }

    /// Seals what the details hold for a notice and leaves it at the hub.
    async fn seal(
        &mut self,
        notice: &KnownNotice,
        details: &Details,
        accepted: &[Fingerprint],
    ) -> Result<Sealed, Stop> {
        let host = notice.host.code;
        details.check_address(Some(host), self.postcodes.as_deref())?;
        let keys = self.client.sealing_keys(host).await?;
        let (keys, new) = self.trust.admit(host, &keys, accepted)?;
        let mut envelopes = Vec::new();
        for share in details.shares() {
            envelopes.push(self.leave(notice, &keys, share).await?);
        }
        Ok(Sealed { envelopes, trusted: new, is_signer_new: self.is_signer_new, unsaid: details.unsaid_risks() })
    }

    async fn leave(
        &self,
        notice: &KnownNotice,
        keys: &[Recipient],
        (kind, sealed, attachments): Share,
    ) -> Result<KeptEnvelope, Stop> {
        let sides = (notice.placing.code, notice.host.code);
        let contents = Contents::new((notice.id, kind), sides, SystemClock.now(), sealed, attachments);
        let bytes = seal(keys, &contents.pack(Some(&self.signer))?)?;
        let signed_by = &self.signer.fingerprint()?;
        let parts: Vec<_> = contents.parts().into_iter().collect();
        let fingerprints: Vec<_> = keys.iter().map(Recipient::fingerprint).collect();
        let (parts, fingerprints, bytes) = (&parts, &fingerprints, &bytes);
        let new = NewEnvelope { notice: notice.id, kind, parts, fingerprints, signed_by, bytes };
        Ok(self.client.leave(&new).await?)
    }

    fn remember(&mut self, id: Uuid, source: &Source) -> Result<(), Stop> {
        let fault = |source| Stop::Io { what: "the details file's place could not be found".to_owned(), source };
        let details = std::path::absolute(&source.details).map_err(fault)?;
        let sealed = source.sealed.as_ref().map(std::path::absolute).transpose().map_err(fault)?;
        Ok(self.journal.remember(id, Files { details, sealed })?)
    }
}

/// What was left at the hub.
struct Sealed {
    envelopes: Vec<KeptEnvelope>,
    /// Keys that are trusted from now on.
    trusted: Vec<Fingerprint>,
    /// They are the first that this authority's key signed.
    is_signer_new: bool,
    /// Risks of which nothing is said.
    unsaid: Vec<&'static str>,
}

/// Raises a notice, then seals its details: the notice is what the clock runs for, so it does not wait for a key.
pub(super) async fn raise(raise: &Raise, screen: &mut Screen<'_>) -> Result<Done, Stop> {
    let mut desk = Desk::open(screen)?;
    let details = Details::read(&raise.source.details, raise.source.sealed.as_deref())?;
    let mut said = details.notice.clone();
    let host = said.get("host").and_then(Value::as_str).and_then(|host| host.parse().ok());
    details.check_address(host, desk.postcodes.as_deref())?;
    said.entry("authority").or_insert_with(|| json!(desk.authority));
    let notice = desk.client.raise(&Value::Object(said)).await?;
    if !screen.json {
        writeln!(screen.out, "Raised notice {} to {}: {}.", notice.id, named(&notice), notice.state)?;
        screen.out.flush()?;
    }
    if !details.has_sealed() {
        return tell(&notice, None, screen);
    }
    desk.remember(notice.id, &raise.source)?;
    let sealed = desk.seal(&notice, &details, &raise.accept.accept_fingerprint).await;
    let unsealed = |because| Stop::Unsealed { notice: notice.id, because: Box::new(because) };
    tell(&notice, Some(sealed.map_err(unsealed)?), screen)
}

/// Seals the details of a notice that is there already.
pub(super) async fn seal_one(asked: &Seal, screen: &mut Screen<'_>) -> Result<Done, Stop> {
    let mut desk = Desk::open(screen)?;
    let details = Details::read(&asked.source.details, asked.source.sealed.as_deref())?;
    if !details.has_sealed() {
        return Err(Stop::Usage("the details file has nothing under [sealed] and no attachment".to_owned()));
    }
    let notice = desk.client.notice(asked.id).await?;
    desk.remember(notice.id, &asked.source)?;
    let sealed = desk.seal(&notice, &details, &asked.accept.accept_fingerprint).await?;
    tell(&notice, Some(sealed), screen)
}

/// Seals again whatever the hub's events ask for and this machine still has the details of.
pub(super) async fn reseal(accept: &Accept, screen: &mut Screen<'_>) -> Result<Done, Stop> {
    let mut desk = Desk::open(screen)?;
    let (mut done, mut left) = (Vec::new(), Vec::new());
    for id in asked_for(&desk.client.events().await?) {
        let notice = desk.client.notice(id).await?;
        if !needs_resealing(&desk.client, &notice).await? {
            continue;
        }
        let Some(files) = desk.journal.files(id).cloned() else {
            left.push((id, "its details were not sealed from this machine".to_owned()));
            continue;
        };
        match again(&mut desk, &notice, &files, &accept.accept_fingerprint).await {
            Ok(()) => done.push(id),
            Err(stop) => left.push((id, super::super::explain(&stop).trim().to_owned())),
        }
    }
    if screen.json {
        let left: Vec<_> = left.iter().map(|(id, why)| json!({ "notice": id, "because": why })).collect();
        writeln!(screen.out, "{:#}", json!({ "resealed": done, "left": left }))?;
    } else {
        writeln!(screen.out, "Sealed again: {}. Left: {}.", done.len(), left.len())?;
        for (id, why) in &left {
            writeln!(screen.out, "  {id}: {why}\n    run: hub-agent notice seal {id} --details FILE")?;
        }
    }
    Ok(if left.is_empty() { Done::Good } else { Done::Findings })
}

async fn again(desk: &mut Desk, notice: &KnownNotice, files: &Files, accepted: &[Fingerprint]) -> Result<(), Stop> {
    let details = Details::read(&files.details, files.sealed.as_deref())?;
    desk.seal(notice, &details, accepted).await.map(drop)
}

/// Notices that events about keys name, each once.
fn asked_for(events: &[Value]) -> BTreeSet<Uuid> {
    let about_keys =
        |event: &&Value| event.get("kind").and_then(Value::as_str).is_some_and(|kind| kind.starts_with("sealing_key."));
    let notices = |event: &Value| event.pointer("/data/notices").and_then(Value::as_array).cloned().unwrap_or_default();
    let ids = events.iter().filter(about_keys).flat_map(notices);
    ids.filter_map(|id| id.as_str()?.parse().ok()).collect()
}

/// Whether the host has a key that an envelope which stands is not sealed for.
async fn needs_resealing(client: &HubClient, notice: &KnownNotice) -> Result<bool, Stop> {
    let keys = client.sealing_keys(notice.host.code).await?;
    let live: BTreeSet<_> =
        keys.iter().filter(|key| key.retired_at.is_none()).map(|key| key.recipient.fingerprint()).collect();
    let envelopes = client.envelopes(notice.id).await?;
    let mut standing = envelopes.iter().filter(|envelope| envelope.superseded_by.is_none());
    Ok(standing.any(|envelope| live.iter().any(|key| !envelope.fingerprints.contains(key))))
}

fn named(notice: &KnownNotice) -> &str {
    notice.host.name.as_deref().unwrap_or(notice.host.code.as_str())
}

fn tell(notice: &KnownNotice, sealed: Option<Sealed>, screen: &mut Screen<'_>) -> Result<Done, Stop> {
    let sealed = sealed.unwrap_or(Sealed {
        envelopes: Vec::new(),
        trusted: Vec::new(),
        is_signer_new: false,
        unsaid: Vec::new(),
    });
    if screen.json {
        let told = json!({
            "notice": notice, "envelopes": sealed.envelopes, "trusted": sealed.trusted, "unsaid_risks": sealed.unsaid,
        });
        writeln!(screen.out, "{told:#}")?;
        return Ok(Done::Good);
    }
    for envelope in &sealed.envelopes {
        let parts: Vec<_> = envelope.contains.iter().map(|part| part.label()).collect();
        let KeptEnvelope { n, kind, .. } = envelope;
        writeln!(screen.out, "Sealed for {} as envelope {n} ({}): {}.", named(notice), kind.label(), parts.join(", "))?;
        for fingerprint in &envelope.fingerprints {
            writeln!(screen.out, "  to key {fingerprint}")?;
        }
        if let Some(signer) = &envelope.signed_by {
            writeln!(screen.out, "  signed by {signer}")?;
        }
    }
    if !sealed.unsaid.is_empty() {
        let unsaid = sealed.unsaid.join(", ").replace('_', " ");
        writeln!(
            screen.out,
            "[sealed.risks] says nothing of: {unsaid}. Say \"none\" or \"not known\" and seal it again."
        )?;
    }
    if sealed.is_signer_new {
        writeln!(screen.out)?;
        writeln!(
            screen.out,
            "The signing key was made now, beside the settings file: keep a copy where secrets are kept."
        )?;
        writeln!(screen.out, "Hosts compare its fingerprint with you; `hub-agent signing-key` prints it.")?;
    }
    if !sealed.trusted.is_empty() {
        writeln!(screen.out)?;
        writeln!(
            screen.out,
            "Used for the first time, and trusted from now on. Compare with the host, by another way than the hub:"
        )?;
        for fingerprint in &sealed.trusted {
            writeln!(screen.out, "  {fingerprint}")?;
        }
    }
    Ok(Done::Good)
}
