//! The vacancy board: every vacancy as authorised brokers may see it, freshness shown, never assumed.
//!
//! A home of one or two places is personal data. The board is for brokers placing a child; nothing
//! of it goes into a published table.

use hub_domain::{AuthorityCode, Date, Timestamp, authority};
use jiff::Span;
use serde::Serialize;

use crate::area::name_of;
use crate::confidence::Confidence;
use crate::filter::Filter;
use crate::region::Picture;
use crate::register::Standing as RegisterStanding;
use crate::setting::Setting;
use crate::usable::{Why, reasons};

/// All vacancies of a region on a day.
pub struct Board {
    as_at: Date,
    /// The day by which a place must be free where the asker names none.
    within: Date,
    settings: Vec<Setting>,
}

/// One home or household as one authority sees it.
#[derive(Clone, PartialEq, Serialize)]
pub struct Entry {
    /// URN; empty when the sender gave none.
    pub urn: String,
    /// The setting.
    pub setting_ref: String,
    /// Trading name.
    pub provider_name: Option<String>,
    /// Kind of home.
    pub provision: String,
    /// Who runs it.
    pub sector: String,
    /// Authority it stands in.
    pub host_la: AuthorityCode,
    /// That authority's name.
    pub host_name: String,
    /// Outward postcode.
    pub outcode: Option<String>,
    /// Approved places.
    pub approved_places: i64,
    /// Children living there.
    pub occupied_places: i64,
    /// Places that could be offered.
    pub available_places: i64,
    /// Places held for somebody.
    pub held_places: i64,
    /// Places closed.
    pub closed_places: i64,
    /// First day the places can be used.
    pub available_from: Option<Date>,
    /// Youngest age taken.
    pub age_min: i64,
    /// Oldest age taken.
    pub age_max: i64,
    /// `any`, `M`, `F`.
    pub sex_accepted: String,
    /// Largest sibling group taken.
    pub sibling_places: Option<i64>,
    /// Needs it can meet.
    pub needs: Vec<String>,
    /// Languages spoken.
    pub languages: Vec<String>,
    /// Faith of the household.
    pub faith: Option<String>,
    /// 903 ethnicity codes well matched.
    pub ethnicity_match: Vec<String>,
    /// Pence a week.
    pub weekly_fee: Option<i64>,
    /// How it may be bought.
    pub route: Option<String>,
    /// Under which framework.
    pub framework_ref: Option<String>,
    /// When somebody last looked.
    pub confirmed_at: Option<Timestamp>,
    /// Whole calendar days from then to the day of the board; `None` when nobody ever did.
    pub confirmed_days: Option<i32>,
    /// Days for which that counts, by the kind of home.
    pub fresh_days: i32,
    /// Nobody has looked for longer than that.
    pub stale: bool,
    /// The asker may use it.
    pub usable: bool,
    /// Why not.
    pub reasons: Vec<Why>,
    /// How far the report can be believed, and why.
    pub confidence: Confidence,
    /// Whether the regulator's register has the URN; where it has not, the home is shown as usable and its registration is
    /// to be checked by whoever places (ruling 7).
    pub registration_checked: bool,
    /// How it stands there.
    pub registration: Option<RegisterStanding>,
    /// Miles between the centres of the asker's area (or the one asked about) and the host's.
    pub miles: Option<f64>,
    /// Whose report this is.
    pub reported_by: AuthorityCode,
    /// Who else reports the setting.
    pub also_reported_by: Vec<AuthorityCode>,
    /// Somebody else reports it differently.
    pub disputed: bool,
}

impl std::fmt::Debug for Board {
    /// The day only: small homes are personal data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Board").field("as_at", &self.as_at).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Entry {
    /// Its kind and standing only, likewise.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Entry").field("reasons", &self.reasons).finish_non_exhaustive()
    }
}

impl Board {
    pub(crate) fn of(picture: &Picture) -> Self {
        let days = Span::new().days(picture.rules.needed_within);
        let within = picture.as_at.checked_add(days).unwrap_or(picture.as_at);
        Self { as_at: picture.as_at, within, settings: picture.settings.clone() }
    }

    /// The day freshness is counted to.
    pub fn as_at(&self) -> Date {
        self.as_at
    }

    /// Vacancies that pass the filter, as `asker` may use them: usable first, then nearest, then
    /// the most recently confirmed, then by URN and setting. Without an asker every concern binds.
    pub fn search(&self, asker: Option<AuthorityCode>, filter: &Filter) -> Vec<Entry> {
        let needed_by = filter.needed_by.map_or(self.within, |day| day.max(self.as_at));
        let from = filter.near.or(asker);
        let suited = self.settings.iter().filter(|setting| filter.suits(setting));
        let mut found: Vec<Entry> = suited
            .map(|setting| describe(setting, asker, from, needed_by))
            .filter(|entry| (entry.usable || !filter.usable_only) && filter.is_within(entry.miles))
            .collect();
        found.sort_by(|a, b| {
            let far = |entry: &Entry| entry.miles.unwrap_or(f64::INFINITY);
            let rank = |entry: &Entry| (!entry.usable, entry.confirmed_days.unwrap_or(i32::MAX));
            let (a_rank, b_rank) = (rank(a), rank(b));
            a_rank.0.cmp(&b_rank.0).then(far(a).total_cmp(&far(b))).then(a_rank.1.cmp(&b_rank.1))
        });
        found
    }

    /// Vacancies with an available place that have gone longest without anyone looking; never
    /// confirmed first.
    pub fn stalest(&self, most: usize) -> Vec<Entry> {
        let mut stale: Vec<&Setting> =
            self.settings.iter().filter(|setting| setting.row.available_places > 0 && setting.is_stale()).collect();
        stale.sort_by_key(|setting| std::cmp::Reverse(setting.confirmed_days.unwrap_or(i32::MAX)));
        stale.into_iter().take(most).map(|setting| describe(setting, None, None, self.within)).collect()
    }
}

fn describe(setting: &Setting, asker: Option<AuthorityCode>, from: Option<AuthorityCode>, needed_by: Date) -> Entry {
    let row = setting.row.clone();
    let reasons = reasons(setting, asker, needed_by);
    Entry {
        host_name: name_of(row.host_la),
        miles: from.and_then(|from| authority::miles_between(from, row.host_la)).map(to_tenths),
        confirmed_days: setting.confirmed_days,
        fresh_days: setting.fresh_days,
        stale: setting.is_stale(),
        usable: reasons.is_empty(),
        reasons,
        confidence: setting.confidence.clone(),
        registration_checked: setting.registration.is_some(),
        registration: setting.registration,
        reported_by: setting.reported_by,
        also_reported_by: setting.also.clone(),
        disputed: setting.disputed,
        urn: row.urn,
        setting_ref: row.setting_ref,
        provider_name: row.provider_name,
        provision: row.provision,
        sector: row.sector,
        host_la: row.host_la,
        outcode: row.outcode,
        approved_places: row.approved_places,
        occupied_places: row.occupied_places,
        available_places: row.available_places,
        held_places: row.held_places,
        closed_places: row.closed_places,
        available_from: row.available_from,
        age_min: row.age_min,
        age_max: row.age_max,
        sex_accepted: row.sex_accepted,
        sibling_places: row.sibling_places,
        needs: row.needs,
        languages: row.languages,
        faith: row.faith,
        ethnicity_match: row.ethnicity_match,
        weekly_fee: row.weekly_fee,
        route: row.route,
        framework_ref: row.framework_ref,
        confirmed_at: row.confirmed_at,
    }
}

fn to_tenths(miles: f64) -> f64 {
    (miles * 10.0).round() / 10.0
}
