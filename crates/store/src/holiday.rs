//! What was said of bank holidays beside those that the program knows.

use hub_domain::{Date, Timestamp};

use crate::db::{Row, args, statements};
use crate::{Link, StoreError, Tx};

statements! {
    SAY = "holiday.say",
        "INSERT INTO holiday (day, n, is_holiday, name, said_at) \
         SELECT CAST($1 AS TEXT), COALESCE(MAX(n), 0) + 1, CAST($2 AS BIGINT), CAST($3 AS TEXT), CAST($4 AS BIGINT) \
         FROM holiday WHERE day = $1";
    EVERY = "holiday.all",
        "SELECT day, n, is_holiday, name, said_at FROM holiday ORDER BY day, n";
}

/// What was said of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The day.
    pub day: Date,
    /// It is a bank holiday, rather than none after all.
    pub is_holiday: bool,
    /// What it is for, in words; empty where nobody said.
    pub name: String,
    /// When that was said.
    pub said_at: Timestamp,
}

/// Keeps a word on a day, after those before it. Two at one moment are [`StoreError::Unique`] for the slower.
pub async fn say(tx: &mut Tx, said: &Said) -> Result<(), StoreError> {
    let (day, at) = (said.day.to_string(), said.said_at.as_microsecond());
    tx.run(&SAY, args![&day, said.is_holiday, &said.name, at]).await?;
    Ok(())
}

/// Everything that was said, by day and then in the order in which it was said.
pub async fn all(link: &mut Link) -> Result<Vec<Said>, StoreError> {
    link.all(&EVERY, args![]).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Said, StoreError> {
    Ok(Said { day: row.parsed(0, "a date")?, is_holiday: row.int(2)? != 0, name: row.text(3)?, said_at: row.time(4)? })
}
