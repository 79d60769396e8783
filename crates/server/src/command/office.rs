//! The hub's database, opened by a person at the command line: the use cases without a server around them.

use std::sync::Arc;
use std::time::Duration;

use hub_domain::{AuthorityCode, Calendar, Clock as _, RandomIds, SystemClock, Timestamp, authority};
use hub_pipeline::identity::{Issuer, Seal};
use hub_pipeline::retain::Periods;
use hub_pipeline::{Hub, holidays};
use hub_store::{Read, Store, StoreError};
use jiff::civil::Date;

use super::{Global, Stop};
use crate::settings::{calendar, seal, sqlite_file};

/// How long a person at the command line is kept waiting for a database that does not answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// An opened database with the use cases over it.
pub(crate) struct Office {
    pub(crate) hub: Arc<Hub>,
    pub(crate) seal: Seal,
}

impl Office {
    /// Opens a database that is there and up to date. It is neither made nor migrated: a slip in its name would
    /// otherwise give an empty hub.
    pub(crate) async fn open(global: &Global) -> Result<Self, Stop> {
        let store = open(global).await?;
        if let Err(error) = store.check_statements().await {
            if matches!(error, StoreError::Statement(..)) {
                return Err(Stop::Refused("the database's schema is not this program's: run `hub migrate`".to_owned()));
            }
            return Err(error.into());
        }
        let office = Self::over(store, seal(global.key_file.as_deref())?, calendar(global.holidays.as_deref())?);
        holidays::refresh(&office.hub).await?;
        Ok(office)
    }

    /// The use cases over a store whose private keys are sealed so, with these working days.
    pub(crate) fn over(store: Store, seal: Seal, calendar: &'static Calendar) -> Self {
        let settings = hub_pipeline::Settings { calendar, ..hub_pipeline::Settings::default() };
        let hub = Hub::new(store, Arc::new(SystemClock), Arc::new(RandomIds), settings).sealed_by(seal.clone());
        Self { hub: Arc::new(hub), seal }
    }

    /// The same, with these periods of retention.
    pub(crate) fn keeping(self, periods: Periods) -> Self {
        let Self { hub, seal } = self;
        let settings = hub_pipeline::Settings { periods, ..hub.settings.clone() };
        let kept = Hub::new(hub.store.clone(), hub.clock.clone(), hub.ids.clone(), settings).sealed_by(seal.clone());
        Self { hub: Arc::new(kept), seal }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.hub.clock.now()
    }

    pub(crate) async fn read(&self) -> Result<Read, StoreError> {
        self.hub.store.read().await
    }

    /// The hub's keys.
    pub(crate) async fn issuer(&self) -> Result<Issuer, Stop> {
        let (store, clock, ids) = (self.hub.store.clone(), self.hub.clock.clone(), self.hub.ids.clone());
        Ok(Issuer::open(store, clock, ids, &self.hub.settings.base_url, self.seal.clone()).await?)
    }
}

/// Opens the database that is meant, if it is there.
pub(crate) async fn open(global: &Global) -> Result<Store, Stop> {
    let settings = global.database.settings()?;
    if let Some(file) = sqlite_file(&settings.url).filter(|file| !file.exists()) {
        let told = format!("there is no database at {}: `hub migrate` makes one, `hub serve` too", file.display());
        return Err(Stop::Refused(told));
    }
    match tokio::time::timeout(PATIENCE, Store::open(&settings)).await {
        Ok(opened) => Ok(opened?),
        Err(_) => Err(Stop::Fault(anyhow::anyhow!("the database did not answer within {} s", PATIENCE.as_secs()))),
    }
}

/// Today in London.
pub(crate) fn today() -> Date {
    hub_domain::london_date(SystemClock.now())
}

/// An authority from its code, its slug or its name.
pub(crate) fn parse_authority(text: &str) -> Result<AuthorityCode, String> {
    if let Ok(code) = text.parse() {
        return Ok(code);
    }
    if text.eq_ignore_ascii_case("region") {
        return Ok(AuthorityCode::REGION);
    }
    let named = authority::by_slug(&text.to_ascii_lowercase()).or_else(|| authority::by_name(text));
    named
        .map(|known| known.code)
        .ok_or_else(|| "give a GSS code such as E09000023, or a name such as lewisham".to_owned())
}

/// A date as `YYYY-MM-DD`.
pub(crate) fn parse_date(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| "give a date as YYYY-MM-DD".to_owned())
}

/// The authority's name, or its code where it has none here.
pub(crate) fn name_of(code: AuthorityCode) -> String {
    if code == AuthorityCode::REGION {
        return "The region".to_owned();
    }
    authority::find(code).map_or_else(|| code.to_string(), |known| known.name.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn authorities_are_known_by_code_slug_and_name() {
        let lewisham: AuthorityCode = "E09000023".parse().unwrap();
        for text in ["E09000023", "lewisham", "Lewisham", "LEWISHAM"] {
            assert_eq!(parse_authority(text), Ok(lewisham), "{text}");
        }
        assert_eq!(name_of(lewisham), "Lewisham");
        assert!(parse_authority("nowhere").is_err());
        assert_eq!(parse_date("2026-11-16"), Ok(jiff::civil::date(2026, 11, 16)));
        assert!(parse_date("16/11/2026").is_err());
    }
}
