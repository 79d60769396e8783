//! The chain of what was done to an authority's records other than by a feed: deletions with their proof, what was handed
//! out of a child, erasures. Each entry carries the SHA-256 of the one before it, so that none can be changed, taken out or
//! put in between without every later one showing it; a backup's manifest keeps the last, so that an end cut off shows too.

use std::collections::BTreeMap;

use aws_lc_rs::digest::{Context, SHA256};
use hub_domain::{AuthorityCode, Timestamp};
use hub_store::audit::{self, Entry};
use hub_store::{Link, Tx, submission};
use serde::{Deserialize, Serialize};

use crate::receive::hex;
use crate::{Fault, boxed};

/// Entries read together.
const PAGE: i64 = 1_000;

/// What an entry is to say.
#[derive(Debug, Clone)]
pub struct Deed<'a> {
    /// Whose records.
    pub authority: AuthorityCode,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: &'a str,
    /// What, such as `retention.deleted`.
    pub action: &'static str,
    /// To what. Never a child's reference: a digest of it.
    pub subject: String,
    /// The rest.
    pub detail: serde_json::Value,
}

/// How far an authority's chain has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The number of the last entry.
    pub n: i64,
    /// Its link, hexadecimal.
    pub link: String,
}

/// Appends an entry to its authority's chain, in the transaction that does what it says.
pub async fn append(tx: &mut Tx, deed: Deed<'_>) -> Result<Entry, Fault> {
    // Two transactions of one authority take turns from here on; where it has no number yet, the key makes them.
    submission::lock(tx, deed.authority).await?;
    let before = audit::last(tx, deed.authority).await?;
    let mut entry = Entry {
        authority: deed.authority,
        n: before.as_ref().map_or(0, |before| before.n) + 1,
        at: deed.at,
        actor: deed.actor.to_owned(),
        action: deed.action.to_owned(),
        subject: deed.subject,
        detail: deed.detail.to_string(),
        link: Vec::new(),
    };
    entry.link = link(before.as_ref().map_or(&[], |before| &before.link), &entry)?;
    audit::append(tx, &entry).await?;
    Ok(entry)
}

/// SHA-256 of the link before and of what the entry says, as a JSON array.
fn link(before: &[u8], entry: &Entry) -> Result<Vec<u8>, Fault> {
    let Entry { authority, n, at, actor, action, subject, detail, link: _ } = entry;
    let said = (authority.as_str(), n, at.as_microsecond(), actor, action, subject, detail);
    let said = serde_json::to_vec(&said).map_err(|_| Fault::Inconsistent("an audit entry"))?;
    let mut context = Context::new(&SHA256);
    context.update(before);
    context.update(&said);
    Ok(context.finish().as_ref().to_vec())
}

/// What is wrong with a chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Broken {
    /// Whose chain.
    pub authority: AuthorityCode,
    /// The first entry that does not follow from the one before it.
    pub n: i64,
    /// In words.
    pub why: &'static str,
}

/// Follows every chain from its first entry: where each has come to, and the first break of each that has one.
#[boxed]
pub async fn verify(link_to: &mut Link) -> Result<(BTreeMap<AuthorityCode, Head>, Vec<Broken>), Fault> {
    let (mut heads, mut broken) = (BTreeMap::new(), Vec::new());
    for authority in audit::whose(link_to).await? {
        match follow(link_to, authority).await? {
            Ok(head) => drop(heads.insert(authority, head)),
            Err(found) => broken.push(found),
        }
    }
    Ok((heads, broken))
}

async fn follow(link_to: &mut Link, authority: AuthorityCode) -> Result<Result<Head, Broken>, Fault> {
    let (mut n, mut before) = (0, Vec::new());
    loop {
        let entries = audit::page(link_to, authority, n, PAGE).await?;
        if entries.is_empty() {
            return Ok(Ok(Head { n, link: hex(&before) }));
        }
        for entry in entries {
            if entry.n != n + 1 {
                return Ok(Err(Broken { authority, n: n + 1, why: "the entry is missing" }));
            }
            if link(&before, &entry)? != entry.link {
                return Ok(Err(Broken { authority, n: entry.n, why: "the entry is not what was written" }));
            }
            (n, before) = (entry.n, entry.link);
        }
    }
}

/// An authority's entries after number `n`, in order: at most `limit`.
#[boxed]
pub async fn entries(link_to: &mut Link, authority: AuthorityCode, n: i64, limit: i64) -> Result<Vec<Entry>, Fault> {
    Ok(audit::page(link_to, authority, n, limit).await?)
}
