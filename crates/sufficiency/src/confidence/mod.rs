//! How far a vacancy can be believed: how lately somebody looked, who says so, whether children have
//! moved in since, and how often that reporter's word has held before. Never a bare number: every
//! score is the sum of its reasons.
//!
//! Policy, not law, and no part of whether a vacancy is usable.

mod starts;

use std::collections::BTreeMap;

use hub_domain::{AuthorityCode, london_date};
use serde::Serialize;

use crate::setting::Setting;
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

/// How often one reporter's vacancies were contradicted: of so many with a place, so many.
#[derive(Clone, Copy, Default)]
struct Record {
    told: i64,
    contradicted: i64,
}

/// Judges every setting, each by what came after its confirmation and by its reporter's others.
pub(crate) fn judge(settings: &mut [Setting], starts: &Starts) {
    let since: Vec<i64> = settings.iter().map(|setting| starts_since(setting, starts)).collect();
    let mut records: BTreeMap<AuthorityCode, Record> = BTreeMap::new();
    for (setting, &since) in settings.iter().zip(&since) {
        let record = records.entry(setting.reported_by).or_default();
        record.told += i64::from(setting.row.available_places > 0);
        record.contradicted += i64::from(is_contradicted(setting, since));
    }
    for (setting, since) in settings.iter_mut().zip(since) {
        let mut record = records.get(&setting.reported_by).copied().unwrap_or_default();
        // A setting does not speak for or against itself twice.
        record.told -= i64::from(setting.row.available_places > 0);
        record.contradicted -= i64::from(is_contradicted(setting, since));
        let reasons = vec![age(setting), source(setting), later_starts(setting, since), reliability(record)];
        setting.confidence = Confidence { score: reasons.iter().map(|reason| reason.points).sum(), reasons };
    }
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

/// The share of the reporter's other vacancies that stood, one of each kind being added so that few
/// say little.
fn reliability(record: Record) -> Reason {
    let stood = i64::from(RELIABILITY) * (record.told - record.contradicted + 1) / (record.told + 2);
    let words = match record.told {
        0 => "its reporter has no other vacancy to judge by".to_owned(),
        told => {
            format!("{} of its reporter's {told} other vacancies were contradicted by later moves", record.contradicted)
        }
    };
    Reason { about: "reliability", points: i32::try_from(stood).unwrap_or(0), of: RELIABILITY, words }
}
