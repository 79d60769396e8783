//! Which steps of the ladder of escalation an authority hears.

use hub_domain::{AuthorityCode, Timestamp};
use hub_notices::Step;

use crate::db::{Row, args, statements};
use crate::{Link, StoreError, Tx};

statements! {
    SET = "ladder.set",
        "INSERT INTO ladder (authority, step, enabled, changed_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (authority, step) DO UPDATE SET enabled = excluded.enabled, changed_at = excluded.changed_at";
    EVERY = "ladder.all",
        "SELECT authority, step, enabled, changed_at FROM ladder ORDER BY authority, step";
}

/// A step, switched on or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Switch {
    /// Whose; the code of no authority for all that have no row of their own.
    pub authority: AuthorityCode,
    /// Which step.
    pub step: Step,
    /// It is heard.
    pub enabled: bool,
    /// When that was last settled.
    pub changed_at: Timestamp,
}

/// Switches a step on or off.
pub async fn set(tx: &mut Tx, switch: Switch) -> Result<(), StoreError> {
    let Switch { authority, step, enabled, changed_at } = switch;
    tx.run(&SET, args![authority.as_str(), step.as_str(), enabled, changed_at.as_microsecond()]).await?;
    Ok(())
}

/// Every switch that was ever set. What is not here is on.
pub async fn all(link: &mut Link) -> Result<Vec<Switch>, StoreError> {
    link.all(&EVERY, args![]).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Switch, StoreError> {
    Ok(Switch {
        authority: row.parsed(0, "an authority code")?,
        step: row.parsed(1, "a step")?,
        enabled: row.int(2)? != 0,
        changed_at: row.time(3)?,
    })
}
