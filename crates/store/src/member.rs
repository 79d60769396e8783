//! Authorities that take part.

use hub_domain::{AuthorityCode, Date};

use crate::db::{Row, args, statements};
use crate::{Link, StoreError, Tx};

statements! {
    UPSERT = "member.upsert",
        "INSERT INTO member (code, name, joined_on, settings) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (code) DO UPDATE SET name = excluded.name, joined_on = excluded.joined_on, \
         settings = excluded.settings";
    FIND = "member.find",
        "SELECT code, name, joined_on, settings FROM member WHERE code = $1";
    EVERY = "member.all",
        "SELECT code, name, joined_on, settings FROM member ORDER BY code";
}

/// An authority that sends feeds, or is told of children placed in its area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// GSS code.
    pub code: AuthorityCode,
    /// Its name, for people.
    pub name: String,
    /// First day on which its feeds count; what began before is register, not notice.
    pub joined_on: Date,
    /// What it has settled for itself, a JSON object.
    pub settings: String,
}

/// Keeps a member, whether or not it is there already.
pub async fn upsert(tx: &mut Tx, member: &Member) -> Result<(), StoreError> {
    let joined_on = member.joined_on.to_string();
    tx.run(&UPSERT, args![member.code.as_str(), &member.name, &joined_on, &member.settings]).await?;
    Ok(())
}

/// The member with this code.
pub async fn find(link: &mut Link, code: AuthorityCode) -> Result<Option<Member>, StoreError> {
    link.maybe(&FIND, args![code.as_str()]).await?.as_ref().map(read).transpose()
}

/// Every authority that takes part, by code.
pub async fn all(link: &mut Link) -> Result<Vec<Member>, StoreError> {
    let mut members = senders(link).await?;
    members.retain(|member| member.code != AuthorityCode::REGION);
    Ok(members)
}

/// Every member, by code: the authorities, and the region's own sender where it is registered.
pub async fn senders(link: &mut Link) -> Result<Vec<Member>, StoreError> {
    link.all(&EVERY, args![]).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Member, StoreError> {
    Ok(Member {
        code: row.parsed(0, "an authority code")?,
        name: row.text(1)?,
        joined_on: row.parsed(2, "a date")?,
        settings: row.text(3)?,
    })
}
