//! Who has looked at an authority's data: whoever is not of that authority. What its own people and programs read is their
//! own business; what is published is for all to read, and is noted of nobody.

use std::collections::{BTreeSet, HashSet};
use std::sync::{Mutex, PoisonError};

use hub_domain::{AuthorityCode, Date, london_date};
use hub_store::reading;
pub use hub_store::reading::{Reading, Thing};
use jiff::ToSpan as _;

use crate::identity::{Host, Operator};
use crate::{Fault, Hub, boxed};

/// Days that are shown: two years.
const KEPT: i32 = 731;
/// As many as one process remembers.
const REMEMBERED: usize = 10_000;
/// Lines that are shown.
const SHOWN: i64 = 500;

/// Who looks, and as what.
#[derive(Debug, Clone)]
pub struct Reader {
    client: String,
    called: String,
    own: Option<AuthorityCode>,
}

impl From<&Operator> for Reader {
    fn from(operator: &Operator) -> Self {
        Self { client: operator.client().to_owned(), called: "operator".to_owned(), own: None }
    }
}

impl From<&Host> for Reader {
    fn from(host: &Host) -> Self {
        let own = Some(host.authority());
        Self { client: host.client().to_owned(), called: format!("host {}", host.authority()), own }
    }
}

/// Notes that somebody looked at things of authorities: whose, and which of them (blank for a list).
#[boxed]
pub async fn note(
    hub: &Hub,
    reader: &Reader,
    thing: Thing,
    seen: BTreeSet<(AuthorityCode, String)>,
) -> Result<(), Fault> {
    let now = hub.clock.now();
    let line = |(authority, subject)| Reading {
        authority,
        day: london_date(now),
        reader: reader.client.clone(),
        thing,
        subject,
        called: reader.called.clone(),
        at: now,
    };
    let others = seen.into_iter().filter(|(of, _)| reader.own != Some(*of)).map(line);
    let fresh: Vec<Reading> = others.filter(|one| !hub.noted.has(one)).collect();
    if fresh.is_empty() {
        return Ok(());
    }
    let mut tx = hub.store.begin().await?;
    reading::note(&mut tx, &fresh).await?;
    tx.commit().await?;
    hub.noted.keep(&fresh);
    Ok(())
}

/// What this process has written down today: a program that asks every minute writes nothing but the first time.
#[derive(Debug, Default)]
pub(crate) struct Noted(Mutex<HashSet<Place>>);

/// The day, whose, who, what and which.
type Place = (Date, AuthorityCode, String, Thing, String);

impl Noted {
    fn has(&self, one: &Reading) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(&place(one))
    }

    fn keep(&self, fresh: &[Reading]) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= REMEMBERED {
            kept.clear();
        }
        kept.extend(fresh.iter().map(place));
    }
}

fn place(one: &Reading) -> Place {
    (one.day, one.authority, one.reader.clone(), one.thing, one.subject.clone())
}

/// Who looked at an authority's data, latest first: the last two years, five hundred lines at most.
#[boxed]
pub async fn list(hub: &Hub, authority: AuthorityCode) -> Result<Vec<Reading>, Fault> {
    let since = first_day(london_date(hub.clock.now()));
    let mut link = hub.store.read_as(authority).await?;
    Ok(reading::list(&mut link, authority, since, SHOWN).await?)
}

fn first_day(today: Date) -> Date {
    today.checked_sub(KEPT.days()).unwrap_or(Date::MIN)
}
