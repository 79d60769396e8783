//! Estimates of how many children live where, by vintage.

use hub_domain::population::Vintage;
use hub_domain::{Date, Timestamp};

use crate::db::{Row, args, statements};
use crate::{Link, StoreError, Tx};

statements! {
    INSERT = "population.insert",
        "INSERT INTO population (vintage, estimated_on, digest, authorities, estimates, loaded_at) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (vintage) DO NOTHING";
    EVERY = "population.all",
        "SELECT vintage, estimated_on, digest, authorities, loaded_at FROM population ORDER BY estimated_on, vintage";
    BODIES = "population.bodies",
        "SELECT vintage, estimated_on, estimates FROM population WHERE loaded_at <= $1 ORDER BY vintage";
}

/// A loaded vintage, without its estimates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    /// Its name.
    pub vintage: String,
    /// The day it is of.
    pub estimated_on: Date,
    /// Hexadecimal SHA-256 of its estimates.
    pub digest: String,
    /// Authorities that it has.
    pub authorities: i64,
    /// When it was loaded.
    pub loaded_at: Timestamp,
}

/// Keeps a vintage; `false` when one of that name is there already, and nothing is changed.
pub async fn insert(tx: &mut Tx, kept: &Loaded, vintage: &Vintage) -> Result<bool, StoreError> {
    let estimates = serde_json::to_string(&vintage.estimates).map_err(|_| StoreError::Decode("a vintage"))?;
    let (day, at) = (kept.estimated_on.to_string(), kept.loaded_at.as_microsecond());
    let row = args![&kept.vintage, &day, &kept.digest, kept.authorities, &estimates, at];
    Ok(tx.run(&INSERT, row).await? == 1)
}

/// Every vintage, by the day it is of.
pub async fn all(link: &mut Link) -> Result<Vec<Loaded>, StoreError> {
    link.all(&EVERY, args![]).await?.iter().map(read).collect()
}

/// Every vintage that had been loaded by then, with its estimates.
pub async fn vintages(link: &mut Link, by: Timestamp) -> Result<Vec<Vintage>, StoreError> {
    let read = |row: &Row| {
        let estimates = serde_json::from_str(&row.text(2)?).map_err(|_| StoreError::Decode("a vintage"))?;
        Ok(Vintage { name: row.text(0)?, estimated_on: row.parsed(1, "a date")?, estimates })
    };
    link.all(&BODIES, args![by.as_microsecond()]).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Loaded, StoreError> {
    Ok(Loaded {
        vintage: row.text(0)?,
        estimated_on: row.parsed(1, "a date")?,
        digest: row.text(2)?,
        authorities: row.int(3)?,
        loaded_at: row.time(4)?,
    })
}
