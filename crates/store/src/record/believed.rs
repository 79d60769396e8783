//! What is believed now, and what was.

use hub_domain::{AuthorityCode, Dataset, Date};

use super::Version;
use super::list::List;
use super::version::read;
use crate::db::{Row, args, statements};
use crate::pairs::{RECORD_BY_KEYS, RECORD_BY_PREFIXES};
use crate::{Link, StoreError};

statements! {
    INDEX = "record.believed_index",
        "SELECT key, fingerprint FROM record WHERE authority = $1 AND dataset = $2 AND known_to IS NULL";
    BELIEVED = "record.believed",
        "SELECT key, body FROM record WHERE authority = $1 AND dataset = $2 AND known_to IS NULL";
    AS_KNOWN = "record.as_known",
        "SELECT key, body FROM record WHERE authority = $1 AND dataset = $2 AND known_from <= $3 \
         AND (known_to IS NULL OR known_to > $3)";
    REPLACED = "record.replaced_vacancies",
        "SELECT r.body, s.as_at FROM submission AS s JOIN record AS r ON r.authority = s.authority AND r.known_to = s.seq \
         WHERE s.authority = $1 AND s.dataset = 'vacancies' AND s.as_at > $2 AND r.dataset = 'vacancies' \
         AND r.known_to IS NOT NULL";
    HISTORY = "record.history",
        "SELECT key, body, known_from, known_to FROM record WHERE authority = $1 AND dataset = $2 AND key >= $3 AND key < $4";
    COUNT = "record.count",
        "SELECT COUNT(*) AS n FROM record WHERE authority = $1 AND dataset = $2 AND known_to IS NULL";
}

/// Sorts after every character that a key may hold, in the byte order of UTF-8.
const LAST: &str = "\u{10ffff}";

/// Hands over the key and fingerprint of every record believed now, in no order, as they arrive.
pub async fn believed_index<F>(
    link: &mut Link,
    authority: AuthorityCode,
    dataset: Dataset,
    mut take: F,
) -> Result<(), StoreError>
where
    F: FnMut(&str, [u8; 16]) -> Result<(), StoreError> + Send,
{
    link.unload(&INDEX, (authority, dataset), |key, bytes| take(key, sixteen(bytes)?)).await
}

/// Hands over the key and body of every record believed now, in no order, as they arrive.
pub async fn believed<F>(
    link: &mut Link,
    authority: AuthorityCode,
    dataset: Dataset,
    mut take: F,
) -> Result<(), StoreError>
where
    F: FnMut(&str, &str) -> Result<(), StoreError> + Send,
{
    link.each(&BELIEVED, args![authority.as_str(), dataset.as_str()], |row| take(row.str(0)?, row.str(1)?)).await
}

/// Hands over the key and body of every record as believed after submission `seq` was applied and before the next.
pub async fn as_known<F>(
    link: &mut Link,
    authority: AuthorityCode,
    dataset: Dataset,
    seq: i64,
    mut take: F,
) -> Result<(), StoreError>
where
    F: FnMut(&str, &str) -> Result<(), StoreError> + Send,
{
    link.each(&AS_KNOWN, args![authority.as_str(), dataset.as_str(), seq], |row| take(row.str(0)?, row.str(1)?)).await
}

/// Hands over the body of every vacancy that one of the authority's feeds said otherwise or no longer after `day`, and the
/// day which that feed was of. In no order, as they arrive.
pub async fn replaced_vacancies<F>(
    link: &mut Link,
    authority: AuthorityCode,
    day: Date,
    mut take: F,
) -> Result<(), StoreError>
where
    F: FnMut(&str, Date) -> Result<(), StoreError> + Send,
{
    let day = day.to_string();
    let read = |row: Row| take(row.str(0)?, row.parsed(1, "a date")?);
    link.each(&REPLACED, args![authority.as_str(), &day], read).await
}

/// The believed versions of these keys, in order of key.
pub async fn by_keys(
    link: &mut Link,
    authority: AuthorityCode,
    dataset: Dataset,
    keys: &[String],
) -> Result<Vec<Version>, StoreError> {
    let mut found = Vec::new();
    for piece in List::of(keys).pieces() {
        let args = args![authority.as_str(), dataset.as_str(), piece];
        for row in &link.all(&RECORD_BY_KEYS, args).await? {
            found.push(read(row)?);
        }
    }
    found.sort_unstable_by(|a, b| a.key.cmp(&b.key));
    Ok(found)
}

/// Key and body of every believed record whose key begins with one of the prefixes, in order of key.
pub async fn by_prefixes(
    link: &mut Link,
    authority: AuthorityCode,
    dataset: Dataset,
    prefixes: &[String],
) -> Result<Vec<(String, String)>, StoreError> {
    let mut found = Vec::new();
    for piece in List::of(prefixes).pieces() {
        let args = args![authority.as_str(), dataset.as_str(), piece, LAST];
        for row in link.all(&RECORD_BY_PREFIXES, args).await? {
            found.push((row.text(0)?, row.text(1)?));
        }
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// A version of a record: what it said, and while which submissions it was believed.
#[derive(Clone, PartialEq, Eq)]
pub struct Believed {
    /// The record's key.
    pub key: String,
    /// What it said.
    pub body: String,
    /// Number of the submission that brought it.
    pub known_from: i64,
    /// Number of the one that ended it; `None` while it is believed.
    pub known_to: Option<i64>,
}

impl std::fmt::Debug for Believed {
    /// What it says is of children.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Believed").field("known_from", &self.known_from).finish_non_exhaustive()
    }
}

/// Every version, of now and before, of the records whose key begins with `prefix`, in no order.
pub async fn history(
    link: &mut Link,
    authority: AuthorityCode,
    dataset: Dataset,
    prefix: &str,
) -> Result<Vec<Believed>, StoreError> {
    let after = format!("{prefix}{LAST}");
    let rows = link.all(&HISTORY, args![authority.as_str(), dataset.as_str(), prefix, &after]).await?;
    let read = |row: &Row| {
        Ok(Believed { key: row.text(0)?, body: row.text(1)?, known_from: row.int(2)?, known_to: row.maybe_int(3)? })
    };
    rows.iter().map(read).collect()
}

/// How many records are believed now.
pub async fn count(link: &mut Link, authority: AuthorityCode, dataset: Dataset) -> Result<i64, StoreError> {
    let row = link.maybe(&COUNT, args![authority.as_str(), dataset.as_str()]).await?;
    row.ok_or(StoreError::Decode("a count"))?.int(0)
}

pub(super) fn fingerprint(row: &Row, at: usize) -> Result<[u8; 16], StoreError> {
    sixteen(row.slice(at)?)
}

fn sixteen(bytes: &[u8]) -> Result<[u8; 16], StoreError> {
    bytes.try_into().map_err(|_| StoreError::Decode("a fingerprint"))
}
