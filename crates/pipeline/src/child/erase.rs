//! Erasing what is held of one child, where no law wants it kept.

use std::collections::BTreeSet;

use hub_domain::{AuthorityCode, Dataset, Mode, Timestamp};
use hub_store::notice::NoticeRow;
use hub_store::submission::{self, Filter, Submission};
use hub_store::{Link, Tx, audit as kept, retention};
use jiff::SignedDuration;
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::find::{Found, find};
use super::{ChildRefusal, ERASED, Stays, subject};
use crate::audit::{self, Deed};
use crate::retain::Rule;
use crate::sum::Sum;
use crate::{Fault, Hub, boxed};

/// What was erased, with the proof.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Erased {
    /// Versions of records.
    pub records: u64,
    /// Notices, with all that hung on them.
    pub notices: u64,
    /// What did not agree about the child, in each wording and for each authority that was told.
    pub discrepancies: u64,
    /// Submissions whose bytes were deleted, because the child was in them.
    pub payloads: u64,
    /// The sum, modulo 2^256, of the SHA-256 of what identifies each of them.
    pub content: String,
    /// The number of the entry in the authority's audit chain.
    pub entry: i64,
}

/// Pages of submissions read together.
const PAGE: i64 = 500;

/// Erases all that is held of the authority's child: every version of its records, its notices, and the bytes of the
/// submissions that it was in.
///
/// # Errors
/// [`ChildRefusal::Stays`] says what keeps it: a record that the feed still says, a notice that its host still needs, or one
/// whose period has not passed (UK GDPR article 17(3)(b) and (e)). Nothing is erased by halves.
#[boxed]
pub async fn erase(
    hub: &Hub,
    authority: AuthorityCode,
    child_ref: &str,
    (actor, reason): (&str, &str),
) -> Result<Erased, ChildRefusal> {
    let now = hub.clock.now();
    let mut tx = hub.store.begin().await?;
    submission::lock(&mut tx, authority).await?;
    let found = find(&mut tx, authority, child_ref).await?;
    if found.is_nothing() {
        return Err(ChildRefusal::Unknown);
    }
    let days = hub.settings.periods.of(Rule::Notices);
    let mut stays = what_stays(&found, SignedDuration::from_hours(24 * i64::from(days)), now);
    let payloads = bytes_with(&mut tx, authority, &found).await?;
    stays.extend(still_read(&mut tx, authority, &found, &payloads).await?);
    if !stays.is_empty() {
        return Err(ChildRefusal::Stays(stays));
    }
    let mut sum = Sum::default();
    for (dataset, version) in &found.records {
        sum.add(format!("{dataset}/{} {}", version.key, version.known_from).as_bytes());
        if !retention::drop_version(&mut tx, authority, *dataset, (&version.key, version.known_from)).await? {
            return Err(Fault::Overtaken.into());
        }
        if let Some(known_to) = version.known_to {
            let before = kept::forgotten(&mut tx, authority, *dataset).await?;
            kept::forget(&mut tx, (authority, *dataset), before.max(known_to), now).await?;
        }
    }
    for notice in &found.notices {
        sum.add(format!("{} {}", notice.id, notice.revision).as_bytes());
        retention::drop_notice(&mut tx, authority, notice.id).await?;
    }
    for worded in &found.discrepancies {
        sum.add(format!("{} {} {}", worded.authority, worded.id, worded.seen_from.as_microsecond()).as_bytes());
        retention::drop_worded(&mut tx, worded).await?;
    }
    for id in &payloads {
        sum.add(id.to_string().as_bytes());
        submission::drop_payload(&mut tx, authority, *id).await?;
    }
    let (records, notices) = (found.records.len() as u64, found.notices.len() as u64);
    let (payloads, discrepancies) = (payloads.len() as u64, found.discrepancies.len() as u64);
    let content = sum.content();
    let detail = json!({
        "records": records, "notices": notices, "discrepancies": discrepancies, "payloads": payloads, "content": content,
        "reason": reason,
    });
    let deed = Deed { authority, at: now, actor, action: ERASED, subject: subject(child_ref), detail };
    let entry = audit::append(&mut tx, deed).await?.n;
    tx.commit().await?;
    tracing::info!(%authority, records, notices, payloads, "what was held of a child is erased");
    Ok(Erased { records, notices, discrepancies, payloads, content, entry })
}

/// What the feed still says, and what its host may still have to show.
fn what_stays(found: &Found, period: SignedDuration, now: Timestamp) -> Vec<Stays> {
    let mut stays = Vec::new();
    let believed = found.records.iter().filter(|(_, version)| version.known_to.is_none()).count();
    if believed > 0 {
        stays.push(Stays {
            what: "records that the borough's feed still has",
            count: believed as u64,
            why: "the next feed would bring them back: leave the child out of the feeds first (a full submission, or a row with \
                  _op=delete)",
            until: None,
        });
    }
    let (live, over): (Vec<&NoticeRow>, Vec<&NoticeRow>) = found.notices.iter().partition(|notice| notice.live);
    if !live.is_empty() {
        stays.push(Stays {
            what: "notices of a child who lives in their host's area",
            count: live.len() as u64,
            why: "the host must know which children live in its area (Care Planning Regulations 2010 regs 11 to 13; UK GDPR article \
                  17(3)(b))",
            until: None,
        });
    }
    let ends = |notice: &&NoticeRow| notice.updated_at.saturating_add(period).unwrap_or(Timestamp::MAX);
    let young: Vec<Timestamp> =
        over.iter().filter(|notice| notice.issued).map(ends).filter(|until| *until > now).collect();
    if !young.is_empty() {
        stays.push(Stays {
            what: "notices that are over, whose period has not passed",
            count: young.len() as u64,
            why: "to show that the host was told, and when, while that may be disputed (UK GDPR article 17(3)(b) and (e); the rule \
                  `notices`)",
            until: young.into_iter().max(),
        });
    }
    stays
}

/// Submissions whose bytes are kept and in which the child is, as far as its records tell: from the first that said it to the
/// one that no longer did.
async fn bytes_with(link: &mut Link, authority: AuthorityCode, found: &Found) -> Result<BTreeSet<Uuid>, Fault> {
    let mut sent = Vec::new();
    let datasets: BTreeSet<Dataset> = found.records.iter().map(|(dataset, _)| *dataset).collect();
    for dataset in datasets {
        let of_it = || found.records.iter().filter(move |(of, _)| *of == dataset).map(|(_, version)| version);
        let first = of_it().map(|version| version.known_from).min().unwrap_or(i64::MAX);
        let last = of_it().map(|version| version.known_to.unwrap_or(i64::MAX)).max().unwrap_or(0);
        sent.extend(sent_between(link, (authority, dataset), (first, last)).await?);
    }
    let mut kept = BTreeSet::new();
    for id in sent {
        if submission::payload_piece(link, authority, id, 0).await?.is_some() {
            kept.insert(id);
        }
    }
    Ok(kept)
}

/// The feed's submissions that have what was said by the first of these numbers and no longer by the last.
async fn sent_between(
    link: &mut Link,
    (authority, dataset): (AuthorityCode, Dataset),
    (first, last): (i64, i64),
) -> Result<Vec<Uuid>, Fault> {
    // The one that no longer said it has it in it only to strike it out.
    let has_it =
        |sent: &&Submission| (first..last).contains(&sent.seq) || (sent.seq == last && sent.mode == Mode::Changes);
    let mut filter = Filter { authority: Some(authority), dataset: Some(dataset), before: None, limit: PAGE };
    let mut all = Vec::new();
    loop {
        let page = submission::list(link, &filter).await?;
        all.extend(page.iter().filter(has_it).map(|sent| sent.id));
        match page.last() {
            Some(oldest) if oldest.seq >= first => filter.before = Some((oldest.received_at, oldest.id)),
            _ => return Ok(all),
        }
    }
}

/// Bytes from which the present belief would be read again: with them gone a late submission could not be weighed.
async fn still_read(
    tx: &mut Tx,
    authority: AuthorityCode,
    found: &Found,
    payloads: &BTreeSet<Uuid>,
) -> Result<Option<Stays>, Fault> {
    let datasets: BTreeSet<Dataset> = found.records.iter().map(|(dataset, _)| *dataset).collect();
    let mut count = 0;
    for dataset in datasets {
        let applied = submission::applied(tx, authority, dataset).await?;
        let from = applied.iter().rposition(|one| one.mode == Mode::Full).unwrap_or(0);
        let read = applied.get(from..).unwrap_or_default();
        count += read.iter().filter(|one| payloads.contains(&one.id)).count() as u64;
    }
    Ok((count > 0).then_some(Stays {
        what: "submissions that a late one would be weighed against",
        count,
        why: "the child is in what the present feed is read from: send a full submission without the child first",
        until: None,
    }))
}
