//! One run per schedule and slot: the key, not a leader, makes it once.

use hub_domain::Timestamp;
use uuid::Uuid;

use crate::db::{args, statements};
use crate::{Link, StoreError, Tx};

statements! {
    RECORD = "schedule.record_slot",
        "INSERT INTO ledger (schedule, slot, job, at) VALUES ($1, $2, $3, $4) ON CONFLICT (schedule, slot) DO NOTHING";
    SLOTS = "schedule.slots",
        "SELECT slot, job, at FROM ledger WHERE schedule = $1 ORDER BY slot DESC LIMIT $2";
}

/// A slot that was dealt with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// The instant it stands for.
    pub slot: Timestamp,
    /// The job that was queued for it.
    pub job: Uuid,
    /// When.
    pub at: Timestamp,
}

/// Takes a slot for `job`. `false` when it was taken already, also by a transaction that was quicker: queue nothing.
pub async fn record_slot(
    tx: &mut Tx,
    schedule: &str,
    slot: Timestamp,
    job: Uuid,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let job = job.to_string();
    Ok(tx.run(&RECORD, args![schedule, slot.as_microsecond(), &job, now.as_microsecond()]).await? == 1)
}

/// The slots of a schedule that were dealt with, latest first.
pub async fn slots(link: &mut Link, schedule: &str, limit: i64) -> Result<Vec<Slot>, StoreError> {
    let rows = link.all(&SLOTS, args![schedule, limit]).await?;
    rows.iter().map(|row| Ok(Slot { slot: row.time(0)?, job: row.parsed(1, "an id")?, at: row.time(2)? })).collect()
}
