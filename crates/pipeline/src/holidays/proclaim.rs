//! What the operator says of a day.

use std::collections::BTreeMap;

use hub_domain::working::IncompleteYear;
use hub_domain::{AuthorityCode, Date};
use hub_store::holiday::{self, Said};
use hub_store::job::{self, NewJob};
use hub_store::{StoreError, Tx};
use jiff::civil::Weekday;

use super::{counted, is_holiday, latest};
use crate::{Fault, Hub, boxed, jobs};

/// Longest name of a holiday, characters.
const LONGEST: usize = 100;

/// What is said of some days.
#[derive(Debug, Clone)]
pub struct Proclamation {
    /// The days: one, or all of a new year's together.
    pub days: Vec<Date>,
    /// They are bank holidays, rather than none after all.
    pub are_holidays: bool,
    /// What they are for, in words.
    pub name: String,
}

/// Why nothing was proclaimed.
#[derive(Debug, thiserror::Error)]
pub enum ProclaimRefusal {
    /// The day is no working day as it is.
    #[error("{0} is a Saturday or a Sunday: give the day that is kept in its place")]
    Weekend(Date),
    /// It cannot be taken back.
    #[error("{0} is not known as a bank holiday")]
    NotAHoliday(Date),
    /// The name is too long, or not a line of text.
    #[error("give a name of at most {LONGEST} characters in one line")]
    Name,
    /// A year would be known in part.
    #[error(
        "{0}: to move a holiday, add its new day before the old one is removed; a year beyond those known is added whole, in one go"
    )]
    Incomplete(#[from] IncompleteYear),
    /// The hub failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<StoreError> for ProclaimRefusal {
    fn from(error: StoreError) -> Self {
        Self::Fault(error.into())
    }
}

/// Keeps what is said, and queues the job that moves the due dates of notices with it; the days of which that is new. What
/// has been said already is said once.
#[boxed]
pub async fn proclaim(hub: &Hub, proclamation: &Proclamation) -> Result<Vec<Date>, ProclaimRefusal> {
    let Proclamation { days, are_holidays, name } = proclamation;
    let name = name.trim();
    if name.chars().count() > LONGEST || name.chars().any(char::is_control) {
        return Err(ProclaimRefusal::Name);
    }
    let mut tx = hub.store.begin().await?;
    let mut said = latest(holiday::all(&mut tx).await?);
    let mut new: BTreeMap<Date, Said> = BTreeMap::new();
    for day in days {
        match (is_holiday(hub.settings.calendar, &said, *day), are_holidays) {
            (false, false) => return Err(ProclaimRefusal::NotAHoliday(*day)),
            (false, true) if matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) => {
                return Err(ProclaimRefusal::Weekend(*day));
            }
            (true, true) => {}
            (false, true) | (true, false) => {
                let word =
                    Said { day: *day, is_holiday: *are_holidays, name: name.to_owned(), said_at: hub.clock.now() };
                new.insert(*day, word);
            }
        }
    }
    said.extend(new.clone());
    counted(hub.settings.calendar, &said)?;
    for word in new.values() {
        holiday::say(&mut tx, word).await?;
    }
    if !new.is_empty() {
        ask(hub, &mut tx).await?;
    }
    tx.commit().await?;
    hub.pulse.jobs.up();
    super::refresh(hub).await?;
    Ok(new.into_keys().collect())
}

/// Due dates are to follow.
async fn ask(hub: &Hub, tx: &mut Tx) -> Result<(), Fault> {
    let now = hub.clock.now();
    let (kind, payload, dedupe) = (jobs::FOLLOW.to_owned(), "null".to_owned(), "asked".to_owned());
    let job = NewJob { authority: AuthorityCode::NONE, id: hub.ids.next(), kind, payload, dedupe, run_at: now, now };
    job::enqueue(tx, &job).await?;
    Ok(())
}
