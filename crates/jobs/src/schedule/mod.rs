//! When something is to be done: cron patterns in London's time, and what to do about missed ones.
//!
//! Pure: given the last slot that was dealt with and the time, it says which slots are due. That each
//! slot is run once, whatever the number of replicas, is the ledger's doing (see [`crate::Sweeper`]).

mod misfire;

use std::str::FromStr as _;

use croner::Cron;
use hub_domain::clock::london;
use jiff::{SignedDuration, Timestamp, Zoned};

pub use misfire::{Misfire, NotAMisfire};

/// How late a slot may be and still be on time: a heartbeat, and one missed.
pub const GRACE: SignedDuration = SignedDuration::from_secs(60);

/// The most slots that one call answers with; the next call answers with those after them.
pub const MOST_AT_ONCE: usize = 500;

/// Something done at set times: a name, a cron pattern in `Europe/London`, a rule for missed runs.
///
/// A pattern with a fixed hour runs exactly once on every London date. An hour that the spring change
/// leaves out runs at the end of the gap; an hour that the autumn change repeats runs the first time.
#[derive(Debug, Clone)]
pub struct Schedule {
    name: String,
    cron: Cron,
    misfire: Misfire,
}

/// The text is no cron pattern.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{pattern}` is not a cron pattern: {reason}")]
pub struct NotAPattern {
    /// The pattern as it was given.
    pub pattern: String,
    /// What is wrong with it.
    pub reason: String,
}

impl Schedule {
    /// A schedule; `pattern` has five fields (minute, hour, day of month, month, day of week).
    pub fn new(name: &str, pattern: &str, misfire: Misfire) -> Result<Self, NotAPattern> {
        let refuse = |reason: String| NotAPattern { pattern: pattern.to_owned(), reason };
        if pattern.split_ascii_whitespace().count() != 5 {
            return Err(refuse("it has not five fields".to_owned()));
        }
        let cron = Cron::from_str(pattern).map_err(|error| refuse(error.to_string()))?;
        Ok(Self { name: name.to_owned(), cron, misfire })
    }

    /// The schedule's name: with a slot it is the key of the ledger.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The pattern as it was written.
    pub fn pattern(&self) -> &str {
        self.cron.as_str()
    }

    /// What is done about slots that were missed.
    pub fn misfire(&self) -> Misfire {
        self.misfire
    }

    /// The first slot after `at`; `None` for a pattern that never comes (30 February).
    pub fn next_after(&self, at: Timestamp) -> Option<Timestamp> {
        self.cron.find_next_occurrence(&in_london(at), false).ok().map(|slot| slot.timestamp())
    }

    /// The last slot at or before `at`.
    pub fn last_until(&self, at: Timestamp) -> Option<Timestamp> {
        self.cron.find_previous_occurrence(&in_london(at), true).ok().map(|slot| slot.timestamp())
    }
}

/// The slots to be run at `now`, oldest first, each a UTC instant after `last_slot`.
///
/// A schedule that is new, or whose pattern was changed, begins with `last_slot` = the time of the
/// change, so that nothing from before it is run.
pub fn due(schedule: &Schedule, last_slot: Timestamp, now: Timestamp) -> Vec<Timestamp> {
    match schedule.misfire {
        Misfire::Skip => latest(schedule, last_slot.max(before(now, GRACE)), now),
        Misfire::Latest => latest(schedule, last_slot, now),
        Misfire::All { within } => all(schedule, last_slot.max(before(now, within)), now),
    }
}

fn latest(schedule: &Schedule, since: Timestamp, now: Timestamp) -> Vec<Timestamp> {
    schedule.last_until(now).filter(|slot| *slot > since).into_iter().collect()
}

fn all(schedule: &Schedule, since: Timestamp, now: Timestamp) -> Vec<Timestamp> {
    std::iter::successors(schedule.next_after(since), |slot| schedule.next_after(*slot))
        .take_while(|slot| *slot <= now)
        .take(MOST_AT_ONCE)
        .collect()
}

fn before(now: Timestamp, span: SignedDuration) -> Timestamp {
    now.saturating_sub(span).unwrap_or(Timestamp::MIN)
}

/// London's wall clock, cut to whole seconds: a pattern knows none smaller.
fn in_london(at: Timestamp) -> Zoned {
    Timestamp::from_second(at.as_second()).unwrap_or(at).to_zoned(london())
}
