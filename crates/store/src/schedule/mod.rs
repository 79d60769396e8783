//! What runs when, and the ledger of what has run.

mod ledger;

pub(crate) use ledger::ALL as LEDGER;
pub use ledger::{Slot, record_slot, slots};

use hub_domain::Timestamp;

use crate::db::{Row, args, statements};
use crate::{Link, StoreError, Tx};

statements! {
    UPSERT = "schedule.upsert",
        "INSERT INTO schedule (name, pattern, enabled, misfire, last_slot) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (name) DO UPDATE SET pattern = excluded.pattern, misfire = excluded.misfire";
    ENABLE = "schedule.set_enabled",
        "UPDATE schedule SET enabled = $2 WHERE name = $1";
    FIND = "schedule.find",
        "SELECT name, pattern, enabled, misfire, last_slot FROM schedule WHERE name = $1";
    EVERY = "schedule.all",
        "SELECT name, pattern, enabled, misfire, last_slot FROM schedule";
    SET_LAST_SLOT = "schedule.set_last_slot",
        "UPDATE schedule SET last_slot = $2 WHERE name = $1 AND last_slot < $2";
}

/// When something is to run. Times of day are London's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// Unique.
    pub name: String,
    /// Cron pattern.
    pub pattern: String,
    /// It is to run at all.
    pub enabled: bool,
    /// What becomes of slots that passed unseen.
    pub misfire: String,
    /// The last slot that was dealt with; before any was, the instant from which slots count.
    pub last_slot: Timestamp,
}

/// Makes a schedule known. One that is there already keeps its last slot and whether it is enabled.
pub async fn upsert(tx: &mut Tx, schedule: &Schedule) -> Result<(), StoreError> {
    let Schedule { name, pattern, enabled, misfire, last_slot } = schedule;
    tx.run(&UPSERT, args![name, pattern, *enabled, misfire, last_slot.as_microsecond()]).await?;
    Ok(())
}

/// Lets a schedule run, or stops it. `false` when there is none of that name.
pub async fn set_enabled(tx: &mut Tx, name: &str, enabled: bool) -> Result<bool, StoreError> {
    Ok(tx.run(&ENABLE, args![name, enabled]).await? == 1)
}

/// The schedule of this name.
pub async fn find(link: &mut Link, name: &str) -> Result<Option<Schedule>, StoreError> {
    link.maybe(&FIND, args![name]).await?.as_ref().map(read).transpose()
}

/// Every schedule, by name.
pub async fn all(link: &mut Link) -> Result<Vec<Schedule>, StoreError> {
    let mut all: Vec<Schedule> = link.all(&EVERY, args![]).await?.iter().map(read).collect::<Result<_, _>>()?;
    all.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(all)
}

/// Marks slots up to `slot` as dealt with. Never goes back: `false` when a later one already was.
pub async fn set_last_slot(tx: &mut Tx, name: &str, slot: Timestamp) -> Result<bool, StoreError> {
    Ok(tx.run(&SET_LAST_SLOT, args![name, slot.as_microsecond()]).await? == 1)
}

fn read(row: &Row) -> Result<Schedule, StoreError> {
    Ok(Schedule {
        name: row.text(0)?,
        pattern: row.text(1)?,
        enabled: row.int(2)? != 0,
        misfire: row.text(3)?,
        last_slot: row.time(4)?,
    })
}
