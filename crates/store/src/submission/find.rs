//! Reading submissions.

use std::collections::BTreeMap;

use hub_domain::{AuthorityCode, Dataset, Date, Mode, Timestamp};
use uuid::Uuid;

use super::Submission;
use super::row::{columns, read};
use crate::db::{Row, args, statements};
use crate::{Link, StoreError};

statements! {
    FIND = "submission.find",
        concat!("SELECT ", columns!(), " FROM submission WHERE authority = $1 AND id = $2");
    LOCATE = "submission.locate",
        concat!("SELECT ", columns!(), " FROM submission WHERE id = $1");
    LIST = "submission.list",
        concat!("SELECT ", columns!(), " FROM submission WHERE (CAST($1 AS TEXT) IS NULL OR dataset = $1) \
                 AND (received_at, id) < ($2, $3) ORDER BY received_at DESC, id DESC LIMIT $4");
    LIST_OWN = "submission.list_own",
        concat!("SELECT ", columns!(), " FROM submission WHERE authority = $5 \
                 AND (CAST($1 AS TEXT) IS NULL OR dataset = $1) \
                 AND (received_at, id) < ($2, $3) ORDER BY received_at DESC, id DESC LIMIT $4");
    SAME_CONTENT = "submission.same_content",
        concat!("SELECT ", columns!(), " FROM submission WHERE authority = $1 AND dataset = $2 AND client = $3 \
                 AND digest = $4 AND mode = $5 AND as_at = $6 \
                 AND (verdict IS NULL OR verdict NOT IN ('rejected', 'withdrawn')) ORDER BY seq DESC LIMIT 1");
    APPLIED = "submission.applied",
        "SELECT id, seq, mode, as_at, covers_from FROM submission WHERE authority = $1 AND dataset = $2 \
         AND verdict IN ('accepted', 'accepted_with_findings', 'superseded') ORDER BY as_at, seq";
    LATEST_APPLIED = "submission.latest_applied",
        concat!("SELECT ", columns!(), " FROM submission WHERE authority = $1 AND dataset = $2 \
                 AND verdict IN ('accepted', 'accepted_with_findings', 'superseded') \
                 ORDER BY as_at DESC, seq DESC LIMIT 1");
    LATEST_STANDING = "submission.latest_standing",
        "SELECT MAX(as_at) AS as_at FROM submission WHERE authority = $1 AND dataset = $2 \
         AND (state <> 'decided' OR verdict IN ('accepted', 'accepted_with_findings', 'superseded'))";
    UNDECIDED_BEFORE = "submission.has_undecided_before",
        "SELECT id FROM submission WHERE authority = $1 AND dataset = $2 AND seq < $3 AND state = 'received' LIMIT 1";
    LAST_RECEIVED = "submission.last_received",
        concat!("SELECT ", columns!(), " FROM submission WHERE authority = $1 AND dataset = $2 \
                 AND (verdict IS NULL OR verdict <> 'rejected') ORDER BY seq DESC LIMIT 1");
    FIRST_OF_NIGHT = "submission.first_of_night",
        "SELECT MIN(received_at) AS received_at FROM submission WHERE authority = $1 AND dataset = $2 \
         AND received_at > $5 AND (as_at >= $3 OR received_at > $4) AND (verdict IS NULL OR verdict <> 'rejected')";
    SEQUENCES = "submission.sequences",
        "SELECT authority, last FROM sequence ORDER BY authority";
    LAST_DECIDED = "submission.last_decided",
        "SELECT MAX(decided_at) AS decided_at FROM submission WHERE authority = $1 AND dataset = $2";
}

/// Which submissions to list.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// One authority's; `None` (operators only) for everybody's.
    pub authority: Option<AuthorityCode>,
    /// One dataset's.
    pub dataset: Option<Dataset>,
    /// Older than this place in the list.
    pub before: Option<(Timestamp, Uuid)>,
    /// At most so many.
    pub limit: i64,
}

/// A submission whose rows went into what the hub believes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// Its id.
    pub id: Uuid,
    /// Its number within the authority.
    pub seq: i64,
    /// How much it covers.
    pub mode: Mode,
    /// The business date that it describes.
    pub as_at: Date,
    /// In window mode, the first end date covered.
    pub covers_from: Option<Date>,
}

/// The authority's submission of this id.
pub async fn find(link: &mut Link, authority: AuthorityCode, id: Uuid) -> Result<Option<Submission>, StoreError> {
    one(link.maybe(&FIND, args![authority.as_str(), &id.to_string()]).await?)
}

/// The submission of this id, whosever it is. For operators only.
pub async fn locate(link: &mut Link, id: Uuid) -> Result<Option<Submission>, StoreError> {
    one(link.maybe(&LOCATE, args![&id.to_string()]).await?)
}

/// Submissions, newest first.
pub async fn list(link: &mut Link, filter: &Filter) -> Result<Vec<Submission>, StoreError> {
    let dataset = filter.dataset.map(Dataset::as_str);
    let (at, id) = match filter.before {
        Some((at, id)) => (at.as_microsecond(), id.to_string()),
        None => (i64::MAX, String::new()),
    };
    let rows = match filter.authority {
        Some(own) => link.all(&LIST_OWN, args![dataset, at, &id, filter.limit, own.as_str()]).await?,
        None => link.all(&LIST, args![dataset, at, &id, filter.limit]).await?,
    };
    rows.iter().map(read).collect()
}

/// What makes two submissions the same in content.
#[derive(Debug, Clone, Copy)]
pub struct Content<'a> {
    /// Whose records it is about.
    pub authority: AuthorityCode,
    /// Which contract.
    pub dataset: Dataset,
    /// The client that sent it.
    pub client: &'a str,
    /// SHA-256 of the bytes, hexadecimal.
    pub digest: &'a str,
    /// How much it covers.
    pub mode: Mode,
    /// The business date.
    pub as_at: Date,
}

/// The newest submission with the same content that was neither rejected nor withdrawn.
pub async fn same_content(link: &mut Link, content: &Content<'_>) -> Result<Option<Submission>, StoreError> {
    let Content { authority, dataset, client, digest, mode, as_at } = *content;
    let as_at = as_at.to_string();
    one(link
        .maybe(&SAME_CONTENT, args![authority.as_str(), dataset.as_str(), client, digest, mode.as_str(), &as_at])
        .await?)
}

/// Every submission applied and not withdrawn, by business date, then number.
pub async fn applied(link: &mut Link, authority: AuthorityCode, dataset: Dataset) -> Result<Vec<Applied>, StoreError> {
    let rows = link.all(&APPLIED, args![authority.as_str(), dataset.as_str()]).await?;
    rows.iter()
        .map(|row| {
            Ok(Applied {
                id: row.parsed(0, "an id")?,
                seq: row.int(1)?,
                mode: row.parsed(2, "a mode")?,
                as_at: row.parsed(3, "a date")?,
                covers_from: row.maybe_parsed(4, "a date")?,
            })
        })
        .collect()
}

/// The applied submission with the latest business date.
pub async fn latest_applied(
    link: &mut Link,
    authority: AuthorityCode,
    dataset: Dataset,
) -> Result<Option<Submission>, StoreError> {
    one(link.maybe(&LATEST_APPLIED, args![authority.as_str(), dataset.as_str()]).await?)
}

/// The latest business date of what has been applied, or has been received or confirmed and is yet to be decided. What is
/// held does not count: nothing of it is believed, and it waits for a person.
pub async fn latest_standing(
    link: &mut Link,
    authority: AuthorityCode,
    dataset: Dataset,
) -> Result<Option<Date>, StoreError> {
    let row = link.maybe(&LATEST_STANDING, args![authority.as_str(), dataset.as_str()]).await?;
    row.map_or(Ok(None), |row| row.maybe_parsed(0, "a date"))
}

/// The submission that arrived last and was not rejected.
pub async fn last_received(
    link: &mut Link,
    authority: AuthorityCode,
    dataset: Dataset,
) -> Result<Option<Submission>, StoreError> {
    one(link.maybe(&LAST_RECEIVED, args![authority.as_str(), dataset.as_str()]).await?)
}

/// When the first submission of the feed arrived after `last` that describes `as_at` or later, or came after `since`, and
/// was not rejected.
pub async fn first_of_night(
    link: &mut Link,
    authority: AuthorityCode,
    dataset: Dataset,
    (as_at, since, last): (Date, Timestamp, Timestamp),
) -> Result<Option<Timestamp>, StoreError> {
    let as_at = as_at.to_string();
    let (since, last) = (since.as_microsecond(), last.as_microsecond());
    let night = args![authority.as_str(), dataset.as_str(), &as_at, since, last];
    link.maybe(&FIRST_OF_NIGHT, night).await?.map_or(Ok(None), |row| row.maybe_time(0))
}

/// Whether a submission of the same feed with a lower number still waits for its verdict. Held ones do not count: they
/// wait for a person.
pub async fn has_undecided_before(link: &mut Link, submission: &Submission) -> Result<bool, StoreError> {
    let (authority, dataset) = (submission.authority.as_str(), submission.dataset.as_str());
    Ok(link.maybe(&UNDECIDED_BEFORE, args![authority, dataset, submission.seq]).await?.is_some())
}

/// The last number given out in each authority: how far each has come.
pub async fn sequences(link: &mut Link) -> Result<BTreeMap<AuthorityCode, i64>, StoreError> {
    let rows = link.all(&SEQUENCES, args![]).await?;
    rows.iter().map(|row| Ok((row.parsed(0, "an authority code")?, row.int(1)?))).collect()
}

/// When a submission of the feed was last decided, withdrawn or superseded: what rests on the feed is older or as old.
pub async fn last_decided(
    link: &mut Link,
    authority: AuthorityCode,
    dataset: Dataset,
) -> Result<Option<Timestamp>, StoreError> {
    let row = link.maybe(&LAST_DECIDED, args![authority.as_str(), dataset.as_str()]).await?;
    row.map_or(Ok(None), |row| row.maybe_time(0))
}

fn one(row: Option<Row>) -> Result<Option<Submission>, StoreError> {
    row.map(|row| read(&row)).transpose()
}
