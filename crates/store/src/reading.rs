//! Who has looked at an authority's data: once a day for each reader and thing.

use hub_domain::{AuthorityCode, Date, Timestamp, words};

use crate::db::{Row, args, statements};
use crate::{Link, StoreError, Tx};

statements! {
    NOTE = "reading.note",
        "INSERT INTO reading (authority, day, reader, thing, subject, called, at) VALUES ($1, $2, $3, $4, $5, $6, $7) \
         ON CONFLICT (authority, day, reader, thing, subject) DO NOTHING";
    LIST = "reading.list",
        "SELECT authority, day, reader, thing, subject, called, at FROM reading WHERE authority = $1 AND day >= $2 \
         ORDER BY at DESC, reader, thing, subject LIMIT $3";
}

words! {
    /// What was looked at.
    Thing("thing that is read") {
        /// A submission and its report.
        Submission = "submission", "A submission and its findings";
        /// A list of submissions.
        Submissions = "submissions", "The list of submissions";
        /// A notice.
        Notice = "notice", "A notice of a child";
        /// The register of a host, with the authority's children in it.
        Register = "register", "The host's register of children";
        /// Sealed details, as they came.
        Envelope = "envelope", "Sealed details, unopened by the hub";
        /// Which feeds came.
        Feeds = "feeds", "Which feeds came";
    }
}

/// Somebody looked at something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Whose data.
    pub authority: AuthorityCode,
    /// The London date.
    pub day: Date,
    /// Who: a client, or a person as it stands beside what clients do.
    pub reader: String,
    /// What.
    pub thing: Thing,
    /// Which of them; blank for lists.
    pub subject: String,
    /// As what: `host`, `operator`.
    pub called: String,
    /// When first that day.
    pub at: Timestamp,
}

/// Notes that somebody looked. The same again on the same day is the same.
pub async fn note(tx: &mut Tx, all: &[Reading]) -> Result<(), StoreError> {
    for Reading { authority, day, reader, thing, subject, called, at } in all {
        let (code, day) = (authority.as_str(), day.to_string());
        tx.run(&NOTE, args![code, &day, reader, thing.as_str(), subject, called, at.as_microsecond()]).await?;
    }
    Ok(())
}

/// Who looked since a day, latest first.
pub async fn list(
    link: &mut Link,
    authority: AuthorityCode,
    since: Date,
    limit: i64,
) -> Result<Vec<Reading>, StoreError> {
    let since = since.to_string();
    link.all(&LIST, args![authority.as_str(), &since, limit]).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Reading, StoreError> {
    Ok(Reading {
        authority: row.parsed(0, "an authority code")?,
        day: row.parsed(1, "a date")?,
        reader: row.text(2)?,
        thing: row.parsed(3, "a thing that is read")?,
        subject: row.text(4)?,
        called: row.text(5)?,
        at: row.time(6)?,
    })
}
