//! Deleting what is kept no longer. Each rule is a pair of statements, what goes and that it goes, over one authority and up
//! to one instant (or, of records, one number); they are run in one transaction, so that what was proved to be deleted is what
//! was deleted.

use hub_domain::{AuthorityCode, Dataset, Timestamp};
use uuid::Uuid;

use crate::db::{Row, Statement, args, statements};
use crate::{Link, StoreError, Tx};

statements! {
    SENT = "retention.sent",
        "SELECT id, digest FROM submission AS s WHERE s.authority = $1 AND s.dataset = $2 AND s.state = 'decided' \
         AND s.verdict <> 'held' AND s.decided_at < $3 \
         AND EXISTS (SELECT 1 FROM payload AS p WHERE p.authority = s.authority AND p.submission = s.id AND p.n = 0) ORDER BY s.seq";
    SEQ_AT = "retention.seq_at",
        "SELECT COALESCE(MAX(seq), 0) AS seq FROM submission WHERE authority = $1 AND received_at < $2";
    VERSIONS = "retention.versions",
        "SELECT key, known_from, known_to, fingerprint FROM record WHERE authority = $1 AND dataset = $2 AND known_to <= $3";
    DROP_VERSIONS = "retention.drop_versions",
        "DELETE FROM record WHERE authority = $1 AND dataset = $2 AND known_to <= $3";
    EVENTS = "retention.events",
        "SELECT id FROM event WHERE authority = $1 AND at < $2";
    DROP_EVENTS = "retention.drop_events",
        "DELETE FROM event WHERE authority = $1 AND at < $2";
    JOBS = "retention.jobs",
        "SELECT id FROM job WHERE authority = $1 AND state IN ('done', 'failed') AND finished_at < $2";
    DROP_JOBS = "retention.drop_jobs",
        "DELETE FROM job WHERE authority = $1 AND state IN ('done', 'failed') AND finished_at < $2";
    DELIVERIES = "retention.deliveries",
        "SELECT id FROM delivery WHERE authority = $1 AND state IN ('delivered', 'dead') AND finished_at < $2";
    DROP_ATTEMPTS = "retention.drop_attempts",
        "DELETE FROM attempt WHERE authority = $1 AND delivery IN (SELECT id FROM delivery WHERE authority = $1 \
         AND state IN ('delivered', 'dead') AND finished_at < $2)";
    DROP_DELIVERIES = "retention.drop_deliveries",
        "DELETE FROM delivery WHERE authority = $1 AND state IN ('delivered', 'dead') AND finished_at < $2";
    DISCREPANCIES = "retention.discrepancies",
        "SELECT id FROM discrepancy WHERE authority = $1 AND seen_to < $2";
    DROP_DISCREPANCIES = "retention.drop_discrepancies",
        "DELETE FROM discrepancy WHERE authority = $1 AND seen_to < $2";
    DROP_RUNS = "retention.drop_runs",
        "DELETE FROM reconciliation WHERE authority = $1 AND at < $2";
    NOTICES = "retention.notices",
        "SELECT id, child_ref, revision FROM notice WHERE authority = $1 AND live = 0 AND state IN ('ended', 'withdrawn') \
         AND updated_at < $2 ORDER BY id";
    DROP_LEDGER = "retention.drop_ledger",
        "DELETE FROM ledger WHERE at < $1";
    DROP_NOTICE = "retention.drop_notice",
        "DELETE FROM notice WHERE authority = $1 AND id = $2";
    DROP_HISTORY = "retention.drop_history",
        "DELETE FROM notice_event WHERE authority = $1 AND notice = $2";
    DROP_PAST = "retention.drop_past",
        "DELETE FROM notice_past WHERE authority = $1 AND id = $2";
    DROP_STATEMENTS = "retention.drop_statements",
        "DELETE FROM statement WHERE authority = $1 AND notice = $2";
    DROP_PIECES = "retention.drop_pieces",
        "DELETE FROM envelope_piece WHERE authority = $1 AND notice = $2";
    DROP_OPENINGS = "retention.drop_openings",
        "DELETE FROM envelope_opening WHERE authority = $1 AND notice = $2";
    DROP_ENVELOPES = "retention.drop_envelopes",
        "DELETE FROM envelope WHERE authority = $1 AND notice = $2";
    DROP_TRIES = "retention.drop_tries",
        "DELETE FROM attempt WHERE EXISTS (SELECT 1 FROM delivery AS d WHERE d.authority = attempt.authority \
         AND d.id = attempt.delivery AND d.placed_by = $1 AND d.notice = $2)";
    DROP_LETTERS = "retention.drop_letters",
        "DELETE FROM delivery WHERE placed_by = $1 AND notice = $2";
    OF_DATASET = "retention.of_dataset",
        "SELECT key, known_from, known_to, as_at, body FROM record WHERE authority = $1 AND dataset = $2 ORDER BY key, known_from";
    DROP_VERSION = "retention.drop_version",
        "DELETE FROM record WHERE authority = $1 AND dataset = $2 AND key = $3 AND known_from = $4";
    WORDED = "retention.worded",
        "SELECT authority, id, seen_from, body FROM discrepancy WHERE body LIKE $1 ORDER BY authority, id, seen_from";
    DROP_WORDED = "retention.drop_worded",
        "DELETE FROM discrepancy WHERE authority = $1 AND id = $2 AND seen_from = $3";
    WHOSE = "retention.whose",
        "SELECT authority FROM sequence UNION SELECT authority FROM event UNION SELECT authority FROM job \
         UNION SELECT authority FROM delivery UNION SELECT authority FROM reconciliation UNION SELECT authority FROM notice \
         ORDER BY authority";
}

/// What is kept by the instant at which it was over, and holds no record and no notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Log {
    /// What happened, as either side and the operator are told it.
    Events,
    /// Work that was done or given up.
    Jobs,
    /// Webhooks that were delivered or given up, with every attempt.
    Deliveries,
    /// What did not agree and does no longer.
    Discrepancies,
}

impl Log {
    const fn goes(self) -> &'static Statement {
        match self {
            Self::Events => &EVENTS,
            Self::Jobs => &JOBS,
            Self::Deliveries => &DELIVERIES,
            Self::Discrepancies => &DISCREPANCIES,
        }
    }

    /// The last of them deletes what [`Log::goes`] names.
    const fn drops(self) -> &'static [&'static Statement] {
        match self {
            Self::Events => &[&DROP_EVENTS],
            Self::Jobs => &[&DROP_JOBS],
            Self::Deliveries => &[&DROP_ATTEMPTS, &DROP_DELIVERIES],
            Self::Discrepancies => &[&DROP_RUNS, &DROP_DISCREPANCIES],
        }
    }
}

/// Every authority of which anything is kept.
pub async fn whose(link: &mut Link) -> Result<Vec<AuthorityCode>, StoreError> {
    link.all(&WHOSE, args![]).await?.iter().map(|row| row.parsed(0, "an authority code")).collect()
}

/// Ids of what a log holds from before an instant.
pub async fn logged(
    link: &mut Link,
    authority: AuthorityCode,
    log: Log,
    before: Timestamp,
) -> Result<Vec<String>, StoreError> {
    let rows = link.all(log.goes(), args![authority.as_str(), before.as_microsecond()]).await?;
    rows.iter().map(|row| row.text(0)).collect()
}

/// Deletes what a log holds from before an instant; how many of what [`logged`] names.
pub async fn drop_logged(
    tx: &mut Tx,
    authority: AuthorityCode,
    log: Log,
    before: Timestamp,
) -> Result<u64, StoreError> {
    let mut gone = 0;
    for statement in log.drops() {
        gone = tx.run(statement, args![authority.as_str(), before.as_microsecond()]).await?;
    }
    Ok(gone)
}

/// Deletes the schedules' ledger from before an instant; how many slots.
pub async fn drop_ledger(tx: &mut Tx, before: Timestamp) -> Result<u64, StoreError> {
    tx.run(&DROP_LEDGER, args![before.as_microsecond()]).await
}

/// Submissions of a feed that were decided before an instant, are not held, and whose bytes are still kept: id and digest, in
/// the order in which they were sent.
pub async fn sent(
    link: &mut Link,
    authority: AuthorityCode,
    dataset: Dataset,
    before: Timestamp,
) -> Result<Vec<(Uuid, String)>, StoreError> {
    let rows = link.all(&SENT, args![authority.as_str(), dataset.as_str(), before.as_microsecond()]).await?;
    rows.iter().map(|row| Ok((row.parsed(0, "an id")?, row.text(1)?))).collect()
}

/// The number that the authority had come to before an instant.
pub async fn seq_at(link: &mut Link, authority: AuthorityCode, before: Timestamp) -> Result<i64, StoreError> {
    link.maybe(&SEQ_AT, args![authority.as_str(), before.as_microsecond()]).await?.map_or(Ok(0), |row| row.int(0))
}

/// Hands over key, first and last number and fingerprint of every version of a feed that was superseded by number `seq` or
/// earlier, in no order.
pub async fn versions<F>(
    link: &mut Link,
    authority: AuthorityCode,
    dataset: Dataset,
    seq: i64,
    mut take: F,
) -> Result<(), StoreError>
where
    F: FnMut(&str, (i64, i64), &[u8]) -> Result<(), StoreError> + Send,
{
    let args = args![authority.as_str(), dataset.as_str(), seq];
    link.each(&VERSIONS, args, |row| take(row.str(0)?, (row.int(1)?, row.int(2)?), row.slice(3)?)).await
}

/// Deletes those versions; how many.
pub async fn drop_versions(
    tx: &mut Tx,
    authority: AuthorityCode,
    dataset: Dataset,
    seq: i64,
) -> Result<u64, StoreError> {
    tx.run(&DROP_VERSIONS, args![authority.as_str(), dataset.as_str(), seq]).await
}

/// A notice that is over: its id, whose it is about, and how often it was written.
#[derive(Clone, PartialEq, Eq)]
pub struct Over {
    /// The notice.
    pub id: Uuid,
    /// The child.
    pub child_ref: String,
    /// Writes of it.
    pub revision: i64,
}

impl std::fmt::Debug for Over {
    /// Nothing of a child goes into a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Over").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Notices of a placing authority that ended or were withdrawn, and were last written before an instant.
pub async fn over(link: &mut Link, placing: AuthorityCode, before: Timestamp) -> Result<Vec<Over>, StoreError> {
    let rows = link.all(&NOTICES, args![placing.as_str(), before.as_microsecond()]).await?;
    rows.iter()
        .map(|row| Ok(Over { id: row.parsed(0, "an id")?, child_ref: row.text(1)?, revision: row.int(2)? }))
        .collect()
}

/// Deletes a notice and all that hangs on it: its history, what was stated, its envelopes, its webhooks to its host.
pub async fn drop_notice(tx: &mut Tx, placing: AuthorityCode, id: Uuid) -> Result<bool, StoreError> {
    let id = id.to_string();
    let all = [
        &DROP_TRIES,
        &DROP_LETTERS,
        &DROP_PIECES,
        &DROP_OPENINGS,
        &DROP_ENVELOPES,
        &DROP_STATEMENTS,
        &DROP_PAST,
        &DROP_HISTORY,
    ];
    for statement in all {
        tx.run(statement, args![placing.as_str(), &id]).await?;
    }
    Ok(tx.run(&DROP_NOTICE, args![placing.as_str(), &id]).await? == 1)
}

/// A version of a record, whether it is believed or was.
#[derive(Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its key.
    pub key: String,
    /// The submission's number by which it came to be believed.
    pub known_from: i64,
    /// The number by which it was no longer; `None` while it is.
    pub known_to: Option<i64>,
    /// The business date that it was said of.
    pub as_at: String,
    /// A JSON array of the contract's columns.
    pub body: String,
}

impl std::fmt::Debug for Kept {
    /// Nothing of a child goes into a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Kept").field("known_from", &self.known_from).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Worded {
    /// Nothing of a child goes into a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Worded").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Hands over every version of every record of a feed, in order of key and number.
pub async fn each_version<F>(
    link: &mut Link,
    authority: AuthorityCode,
    dataset: Dataset,
    mut take: F,
) -> Result<(), StoreError>
where
    F: FnMut(Kept) -> Result<(), StoreError> + Send,
{
    link.each(&OF_DATASET, args![authority.as_str(), dataset.as_str()], |row| take(read(&row)?)).await
}

/// Deletes one version.
pub async fn drop_version(
    tx: &mut Tx,
    authority: AuthorityCode,
    dataset: Dataset,
    (key, known_from): (&str, i64),
) -> Result<bool, StoreError> {
    let args = args![authority.as_str(), dataset.as_str(), key, known_from];
    Ok(tx.run(&DROP_VERSION, args).await? == 1)
}

/// One wording of a discrepancy.
#[derive(Clone, PartialEq, Eq)]
pub struct Worded {
    /// Who was told it.
    pub authority: AuthorityCode,
    /// That authority's own id for it.
    pub id: Uuid,
    /// From which run it stood.
    pub seen_from: Timestamp,
    /// `hub_notices::reconcile::Discrepancy` as JSON.
    pub body: String,
}

/// Every wording of a discrepancy, whoever was told it, that has these words in it; an underscore in them may be any letter, so
/// whoever asks must look again.
pub async fn worded(link: &mut Link, words: &str) -> Result<Vec<Worded>, StoreError> {
    let pattern = format!("%{words}%");
    let rows = link.all(&WORDED, args![&pattern]).await?;
    rows.iter()
        .map(|row| {
            Ok(Worded {
                authority: row.parsed(0, "an authority code")?,
                id: row.parsed(1, "an id")?,
                seen_from: row.time(2)?,
                body: row.text(3)?,
            })
        })
        .collect()
}

/// Deletes one wording.
pub async fn drop_worded(tx: &mut Tx, worded: &Worded) -> Result<bool, StoreError> {
    let (id, seen_from) = (worded.id.to_string(), worded.seen_from.as_microsecond());
    Ok(tx.run(&DROP_WORDED, args![worded.authority.as_str(), &id, seen_from]).await? == 1)
}

fn read(row: &Row) -> Result<Kept, StoreError> {
    Ok(Kept {
        key: row.text(0)?,
        known_from: row.int(1)?,
        known_to: row.maybe_int(2)?,
        as_at: row.text(3)?,
        body: row.text(4)?,
    })
}
