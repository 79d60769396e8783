//! How far a vacancy can be believed: how lately somebody looked, who says so, whether children have
//! moved in since, and how often that reporter's word has held before. Never a bare number: every
//! score is the sum of its reasons.
//!
//! Policy, not law, and no part of whether a vacancy is usable.

mod past;
mod starts;

use std::collections::BTreeMap;

use hub_domain::{AuthorityCode, london_date};
use serde::Serialize;

use crate::setting::Setting;
use past::Key;
pub use past::Past;
pub use starts::Starts;

/// Points for a confirmation of today; they run out over twice the days for which one counts.
const AGE: i32 = 40;
/// Points for the household's own authority saying so.
const SOURCE: i32 = 20;
/// Points where nobody has moved in since.
const UNCONTRADICTED: i32 = 20;
/// Points for a reporter whose word always held.
const RELIABILITY: i32 = 20;
/// Taken from the source's where another report differs.
const DISPUTED: i32 = 10;

/// How far a vacancy can be believed, from 0 to 100, and why.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Confidence {
    /// The points of the reasons together.
    pub score: i32,
    /// What the score is made of.
    pub reasons: Vec<Reason>,
}

/// One part of a score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// `age`, `source`, `later_starts`, `reliability`.
    pub about: &'static str,
    /// Points given.
    pub points: i32,
    /// Points there were to give.
    pub of: i32,
    /// Plain words.
    pub words: String,
}

/// Of so many settings that one reporter said had a place, now or in the last 60 days, so many were contradicted.
#[derive(Clone, Copy, Default)]
struct Record {
    told: i64,
    contradicted: i64,
}

/// Whether a reporter's word of one setting was contradicted: as it stands now, and as it stood before; `None` where there
/// was none, or no place was offered.
#[derive(Clone, Copy, Default)]
struct Word {
    now: Option<bool>,
    past: Option<bool>,
}

impl Word {
    fn record(self) -> Record {
        let said = [self.now, self.past];
        let is = |holds: bool| i64::from(holds);
        Record { told: is(said.iter().any(Option::is_some)), contradicted: is(said.contains(&Some(true))) }
    }
}

/// Judges every setting, each by what came after its confirmation and by its reporter's record.
pub(crate) fn judge(settings: &mut [Setting], starts: &Starts, past: &Past) {
    let since: Vec<i64> = settings.iter().map(|setting| starts_since(setting, starts)).collect();
    let words = words(settings, &since, (starts, past));
    let mut records: BTreeMap<AuthorityCode, Record> = BTreeMap::new();
    for ((authority, _), word) in &words {
        let record = records.entry(*authority).or_default();
        record.told += word.record().told;
        record.contradicted += word.record().contradicted;
    }
    for (setting, since) in settings.iter_mut().zip(since) {
        let mut record = records.get(&setting.reported_by).copied().unwrap_or_default();
        // What is said of the setting now does not speak for or against itself twice.
        let own = words.get(&(setting.reported_by, key(setting))).copied().unwrap_or_default();
        let before = Word { now: None, ..own };
        record.told += before.record().told - own.record().told;
        record.contradicted += before.record().contradicted - own.record().contradicted;
        let reasons = vec![age(setting), source(setting), later_starts(setting, since), reliability(record)];
        setting.confidence = Confidence { score: reasons.iter().map(|reason| reason.points).sum(), reasons };
    }
}

/// Every reporter's word of every setting.
fn words(
    settings: &[Setting],
    since: &[i64],
    (starts, past): (&Starts, &Past),
) -> BTreeMap<(AuthorityCode, Key), Word> {
    let mut words: BTreeMap<(AuthorityCode, Key), Word> = BTreeMap::new();
    for (setting, &since) in settings.iter().zip(since).filter(|(setting, _)| setting.row.available_places > 0) {
        words.entry((setting.reported_by, key(setting))).or_default().now = Some(is_contradicted(setting, since));
    }
    for (authority, key, contradicted) in past.settings(starts) {
        words.entry((authority, key.clone())).or_default().past = Some(contradicted);
    }
    words
}

fn key(setting: &Setting) -> Key {
    (setting.row.urn.trim().to_owned(), setting.row.setting_ref.clone())
}

/// As many moved in as there were places to offer.
fn is_contradicted(setting: &Setting, since: i64) -> bool {
    setting.row.available_places > 0 && since >= setting.row.available_places
}

fn starts_since(setting: &Setting, starts: &Starts) -> i64 {
    let Some(confirmed) = setting.row.confirmed_at else { return 0 };
    i64::try_from(starts.after(&setting.row, london_date(confirmed))).unwrap_or(i64::MAX)
}

fn age(setting: &Setting) -> Reason {
    let lasts = (2 * setting.fresh_days).max(1);
    let Some(days) = setting.confirmed_days else {
        return Reason { about: "age", points: 0, of: AGE, words: "nobody ever confirmed it".to_owned() };
    };
    let left = (lasts - days).clamp(0, lasts);
    let words = format!("confirmed {days} days ago; a confirmation counts for {}", setting.fresh_days);
    Reason { about: "age", points: AGE * left / lasts, of: AGE, words }
}

fn source(setting: &Setting) -> Reason {
    let (points, words) = match setting.row.sector.as_str() {
        "in_house" => (SOURCE, "the authority that runs it says so"),
        "private" | "voluntary" => (SOURCE * 7 / 10, "an authority reports what the provider says"),
        _ => (SOURCE * 4 / 10, "reported at second hand"),
    };
    let (points, also) = if setting.disputed { (points - DISPUTED, "; another report differs") } else { (points, "") };
    Reason { about: "source", points: points.max(0), of: SOURCE, words: format!("{words}{also}") }
}

fn later_starts(setting: &Setting, since: i64) -> Reason {
    let offered = setting.row.available_places.max(1);
    let lost = i64::from(UNCONTRADICTED) * since.min(offered) / offered;
    let words = match since {
        0 => "no child is known to have moved in since".to_owned(),
        _ if is_contradicted(setting, since) => "as many have moved in since as there were places".to_owned(),
        _ => "some have moved in since, fewer than there were places".to_owned(),
    };
    let points = UNCONTRADICTED - i32::try_from(lost).unwrap_or(UNCONTRADICTED);
    Reason { about: "later_starts", points, of: UNCONTRADICTED, words }
}

/// The share of the reporter's vacancies that stood, others' and those of the last 60 days, one of each kind being added so
/// that few say little.
fn reliability(record: Record) -> Reason {
    let stood = i64::from(RELIABILITY) * (record.told - record.contradicted + 1) / (record.told + 2);
    let words = match record.told {
        0 => "its reporter has told of no other vacancy in 60 days to judge by".to_owned(),
        told => format!(
            "of {told} other settings in which its reporter told of a place in the last 60 days, {} were contradicted by moves",
            record.contradicted
        ),
    };
    Reason { about: "reliability", points: i32::try_from(stood).unwrap_or(0), of: RELIABILITY, words }
}
