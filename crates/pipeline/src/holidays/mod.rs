//! Bank holidays: those that the program knows, those of the operator's file, and what was proclaimed since.
//!
//! What was proclaimed is in the store, so every replica counts by it: whoever writes a due date reads it in the same
//! transaction, whoever only shows one goes by what was read a moment ago.

mod follow;
mod proclaim;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use hub_domain::working::IncompleteYear;
use hub_domain::{Calendar, Date, Timestamp};
use hub_store::Link;
use hub_store::holiday::{self, Said};
use serde::Serialize;

use crate::{Fault, Hub, boxed};

pub use follow::{MOVED, follow, waiting};
pub use proclaim::{ProclaimRefusal, Proclamation, proclaim};

/// A bank holiday of England and Wales, or a day that is one no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Holiday {
    /// The day.
    pub day: Date,
    /// It counts as a bank holiday.
    pub is_holiday: bool,
    /// The hub knew it as one without being told.
    pub known: bool,
    /// What it is for, where the operator said.
    pub name: String,
    /// When the operator last said anything of it.
    pub said_at: Option<Timestamp>,
}

/// Working days as they are counted now, and what was last said of each day.
#[derive(Debug, Clone)]
pub(crate) struct Working {
    pub(crate) calendar: Arc<Calendar>,
    pub(crate) said: BTreeMap<Date, Said>,
}

impl Working {
    /// Days of which the operator has said anything.
    pub(crate) fn days(&self) -> Vec<Date> {
        self.said.keys().copied().collect()
    }
}

/// Reads how working days are counted now.
pub(crate) async fn working(hub: &Hub, link: &mut Link) -> Result<Working, Fault> {
    let said = latest(holiday::all(link).await?);
    let (calendar, _) = usable(hub.settings.calendar, &said);
    Ok(Working { calendar: Arc::new(calendar), said })
}

/// The year whose proclaimed days are left out, because it would be known in part: the file of holidays that was there when
/// they were proclaimed is so no more.
#[boxed]
pub async fn left_out(hub: &Hub) -> Result<Option<IncompleteYear>, Fault> {
    let said = latest(holiday::all(&mut *hub.store.read().await?).await?);
    Ok(usable(hub.settings.calendar, &said).1)
}

/// Takes up what has been proclaimed, for whoever shows clocks.
#[boxed]
pub async fn refresh(hub: &Hub) -> Result<(), Fault> {
    let working = working(hub, &mut *hub.store.read().await?).await?;
    if *hub.calendar() != *working.calendar {
        hub.set_calendar(working.calendar);
    }
    Ok(())
}

/// Every bank holiday that is known, and every day that was said to be one no more, in order.
#[boxed]
pub async fn all(hub: &Hub) -> Result<Vec<Holiday>, Fault> {
    let said = latest(holiday::all(&mut *hub.store.read().await?).await?);
    let known = hub.settings.calendar;
    let days: BTreeSet<Date> = known.holidays().iter().chain(said.keys()).copied().collect();
    let holiday = |day: Date| {
        let word = said.get(&day);
        Holiday {
            day,
            is_holiday: is_holiday(known, &said, day),
            known: known.is_holiday(day),
            name: word.map(|word| word.name.clone()).unwrap_or_default(),
            said_at: word.map(|word| word.said_at),
        }
    };
    Ok(days.into_iter().map(holiday).collect())
}

/// By the last word on it, else by what is known.
fn is_holiday(known: &Calendar, said: &BTreeMap<Date, Said>, day: Date) -> bool {
    said.get(&day).map_or_else(|| known.is_holiday(day), |word| word.is_holiday)
}

/// The last word on each day.
fn latest(all: Vec<Said>) -> BTreeMap<Date, Said> {
    all.into_iter().map(|said| (said.day, said)).collect()
}

/// `known` as those words leave it, without the years that would be known in part; the first of these.
fn usable(known: &Calendar, said: &BTreeMap<Date, Said>) -> (Calendar, Option<IncompleteYear>) {
    let mut said = said.clone();
    let mut first = None;
    loop {
        let incomplete = match counted(known, &said) {
            Ok(calendar) => return (calendar, first),
            Err(incomplete) => incomplete,
        };
        first.get_or_insert(incomplete);
        let before = said.len();
        said.retain(|day, _| day.year() != incomplete.year);
        if said.len() == before {
            // It is missing altogether, and so what comes after it cannot be used.
            said.retain(|day, _| day.year() < incomplete.year);
        }
        if said.len() == before {
            return (known.clone(), first);
        }
    }
}

/// `known` as those words leave it.
fn counted(known: &Calendar, said: &BTreeMap<Date, Said>) -> Result<Calendar, IncompleteYear> {
    let of = |is_holiday: bool| said.values().filter(move |said| said.is_holiday == is_holiday).map(|said| said.day);
    known.amended(of(true), &of(false).collect())
}
