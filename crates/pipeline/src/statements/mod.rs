//! Statements: a placing authority gives notice in its own words, corrects it, says that a placement is to end or has,
//! or takes notice back.
//!
//! A statement, the notice as it then stands, its history, what is to be delivered and the memory of the request's key
//! are one transaction. Within it the child's feed is looked at again, so that a statement and a feed come to the same,
//! whichever was first.

mod find;
mod keep;
mod leave;
mod refusal;

use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use hub_domain::{AuthorityCode, london_date};
use hub_notices::statement::{Draft, read};
use hub_notices::{Notice, Statement, StatementKind};
use hub_store::{Tx, idempotency, statement, submission};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::notices::Known;
use crate::notify::Settled;
use crate::{Fault, Hub, boxed};

pub use refusal::StateRefusal;

/// How often a write that met another is tried again.
const TRIES: usize = 5;
/// Without these nobody knows whom and where a statement means: they are wanted even of a provisional one.
const WHO_AND_WHERE: [&str; 3] = ["child_ref", "host", "placement_start"];

/// What a placing authority says.
#[derive(Clone)]
pub struct Saying {
    /// The placing authority; the speaker's right to speak for it has been checked.
    pub authority: AuthorityCode,
    /// Who speaks.
    pub client: String,
    /// The key by which it proved that it is; `None` where it has a secret.
    pub signed_by: Option<String>,
    /// What the statement does.
    pub kind: StatementKind,
    /// The notice meant; found by child, host and start when not given.
    pub notice: Option<Uuid>,
    /// Kept, and not given to the host yet.
    pub provisional: bool,
    /// The fields.
    pub members: Map<String, Value>,
    /// The speaker's name for this request, where it has one.
    pub key: Option<String>,
}

/// A statement that was taken.
#[derive(Debug)]
pub struct Said {
    /// The notice as it then stands.
    pub known: Known,
    /// The same had been said before.
    pub replayed: bool,
}

/// Takes a statement, or says why not.
#[boxed]
pub async fn state(hub: &Arc<Hub>, saying: &Saying) -> Result<Said, StateRefusal> {
    let mut tries = 0;
    loop {
        // On the heap: a statement has many fields, and each caller would carry all of them.
        match Box::pin(take(hub, saying)).await {
            // A feed, a host's answer or another statement touched the notice at the same moment.
            Err(StateRefusal::Fault(fault)) if may_pass(&fault) && tries < TRIES => tries += 1,
            Ok(said) => {
                hub.pulse.deliveries.notify_one();
                return Ok(said);
            }
            refused => return refused,
        }
    }
}

fn may_pass(fault: &Fault) -> bool {
    fault.is_retryable() || matches!(fault, Fault::Store(hub_store::StoreError::Unique(..)))
}

async fn take(hub: &Hub, saying: &Saying) -> Result<Said, StateRefusal> {
    let mut tx = hub.store.begin().await?;
    submission::lock(&mut tx, saying.authority).await?;
    let request = saying.describe()?;
    if let Some(known) = remembered(hub, &mut tx, saying, &request).await? {
        return Ok(Said { known, replayed: true });
    }
    let settled = Settled::of(hub, &mut tx, saying.authority).await?;
    let context = settled.context();
    let target = find::target(&mut tx, saying, &context).await?;
    let prior = target.as_ref().map(|(_, notice)| notice);
    let said = judge(hub, saying, prior)?;
    if let Some(known) = prior.filter(|prior| says_already(prior, saying, &said)) {
        return Ok(Said { known: find::known(&mut tx, saying.authority, known.id).await?, replayed: true });
    }
    let id = keep::keep(hub, &mut tx, saying, target, (said, &context)).await?;
    if let Some(key) = &saying.key {
        remember(hub, &mut tx, saying, key, (&request, id)).await?;
    }
    let known = find::by_statement(&mut tx, saying.authority, id).await?;
    tx.commit().await?;
    Ok(Said { known, replayed: false })
}

/// What is said, if it may be.
fn judge(hub: &Hub, saying: &Saying, prior: Option<&Notice>) -> Result<Statement, StateRefusal> {
    let before = prior.and_then(|prior| prior.statement.as_deref()).map(|stated| &stated.said);
    let today = london_date(hub.clock.now());
    let mut draft = read(saying.kind, saying.members.clone(), before, saying.authority, today);
    if draft.wrong.iter().any(|wrong| wrong.over_collected) {
        draft.wrong.retain(|wrong| wrong.over_collected);
        return Err(StateRefusal::OverCollected(draft.wrong));
    }
    let clear = in_clear(&draft);
    if !clear.is_empty() {
        return Err(StateRefusal::OverCollected(clear));
    }
    if saying.provisional {
        draft.wrong.retain(|wrong| !wrong.missing || WHO_AND_WHERE.contains(&wrong.field.as_ref()));
    }
    // Where it comes from is always known: at the least, from whom.
    draft.said.source_system.get_or_insert_with(|| saying.client.clone());
    if draft.wrong.is_empty() { Ok(draft.said) } else { Err(StateRefusal::Incomplete(draft.wrong)) }
}

/// What was written that would name or find a child.
fn in_clear(draft: &Draft) -> Vec<hub_notices::statement::Wrong> {
    let written = draft.written();
    let found = written.iter().filter(|(field, text)| hub_contract::says_too_much(text, !field.form.is_prose()));
    found.map(|(field, _)| hub_notices::statement::Wrong::in_clear(field)).collect()
}

/// The latest statement says this and no more: saying it again changes nothing.
fn says_already(prior: &Notice, saying: &Saying, said: &Statement) -> bool {
    prior.statement.as_deref().is_some_and(|stated| {
        stated.kind == saying.kind && stated.provisional == saying.provisional && stated.said == *said
    })
}

async fn remembered(hub: &Hub, tx: &mut Tx, saying: &Saying, request: &str) -> Result<Option<Known>, StateRefusal> {
    let Some(key) = &saying.key else { return Ok(None) };
    let found = idempotency::find(tx, saying.authority, &saying.client, key, hub.clock.now()).await?;
    let Some(found) = found else { return Ok(None) };
    if found.request != request {
        return Err(StateRefusal::KeyReused);
    }
    let row = statement::find(tx, saying.authority, found.submission).await?;
    let row = row.ok_or(Fault::Inconsistent("a remembered statement is not kept"))?;
    Ok(Some(find::by_statement(tx, saying.authority, row.id).await?))
}

async fn remember(
    hub: &Hub,
    tx: &mut Tx,
    saying: &Saying,
    key: &str,
    (request, statement): (&str, Uuid),
) -> Result<(), StateRefusal> {
    let now = hub.clock.now();
    let memory = idempotency::Memory {
        authority: saying.authority,
        client: &saying.client,
        key,
        request,
        submission: statement,
        now,
        expires_at: now + hub.settings.remember,
    };
    Ok(idempotency::remember(tx, &memory).await?)
}

impl Saying {
    /// One line that tells two requests with one key apart.
    fn describe(&self) -> Result<String, Fault> {
        let said = (self.kind, self.notice, self.provisional, &self.members);
        let bytes = serde_json::to_vec(&said).map_err(|_| Fault::Inconsistent("a statement"))?;
        Ok(format!("statement {}", crate::receive::hex(digest(&SHA256, &bytes).as_ref())))
    }
}

impl std::fmt::Debug for Saying {
    /// Nothing of a child goes into a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Saying")
            .field("authority", &self.authority)
            .field("client", &self.client)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}
