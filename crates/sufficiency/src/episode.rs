//! What the tables need of an episode of care, and the children it belongs to.

use std::collections::HashMap;

use hub_domain::codes::{PlacementGroup, is_short_break};
use hub_domain::{AuthorityCode, Date, PlacementRow, ages};
use jiff::Span;

use crate::matching::tenths;

/// An episode, cut down.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Episode {
    pub(crate) start: Date,
    pub(crate) end: Option<Date>,
    pub(crate) group: PlacementGroup,
    /// First letter of the reason for the new episode (903 RNE).
    pub(crate) reason: u8,
    /// The home or household, where the sender names one.
    pub(crate) setting: Option<u32>,
    /// Kind, provider and URN together: tells a return to the same placement where no setting is named.
    pub(crate) likeness: u32,
    pub(crate) host: Option<AuthorityCode>,
    pub(crate) urn: Option<u32>,
    pub(crate) uasc: bool,
    /// Who provides (903 PLACE_PROVIDER): the digit of PR0 to PR5.
    pub(crate) provider: Option<u8>,
    /// 903 PLACE.
    pub(crate) place: Code,
    /// 903 CIN.
    pub(crate) need: Code,
    /// 903 REC; blank while open.
    pub(crate) ceased: Code,
    /// 903 ETHNIC.
    pub(crate) ethnicity: Code,
    /// `M`, `F` or `U`.
    pub(crate) sex: Code,
    /// Where in [`ROUTES`]; `None` where the sender does not say.
    pub(crate) route: Option<u8>,
    /// Where in [`CHANGES`], of an episode that ended for another placement; `None` where the sender does not say.
    pub(crate) change: Option<u8>,
    /// The placement was planned; `None` where the sender does not say.
    pub(crate) planned: Option<bool>,
    /// Siblings looked after together share one.
    pub(crate) siblings: Option<u32>,
    /// Where in [`REGISTRATIONS`]; `None` where the sender does not say.
    pub(crate) registration: Option<u8>,
    /// Lives alone with staff.
    pub(crate) solo: bool,
    /// Under a deprivation of liberty order.
    pub(crate) deprived: bool,
    /// Start of the period of care, where the sender states it.
    pub(crate) care_start: Option<Date>,
    /// The day of birth, taken as the first of its month.
    pub(crate) born: Option<Date>,
    /// Pence a week, all payers.
    pub(crate) weekly_cost: Option<i64>,
    /// Pence a week of it paid by health, and by education.
    pub(crate) shares: [Option<i64>; 2],
    /// Tenths of a mile from home.
    pub(crate) miles: Option<u64>,
    /// Tenths of a mile from the nearest point of the borough.
    pub(crate) boundary: Option<u64>,
    /// Whole years on the day the tables describe.
    pub(crate) age: Option<i16>,
}

impl Episode {
    /// Open on `on`: the day it ends is no longer in it.
    pub(crate) fn holds(&self, on: Date) -> bool {
        self.start <= on && self.end.is_none_or(|end| on < end)
    }

    pub(crate) fn is_temporary(&self) -> bool {
        self.group == PlacementGroup::Temporary
    }

    /// A secure children's home (903 PLACE K1).
    pub(crate) fn is_secure(&self) -> bool {
        self.place.as_str() == "K1"
    }

    /// The birthday of that number.
    pub(crate) fn birthday(&self, age: i16) -> Option<Date> {
        let born = self.born?;
        Date::new(born.year().checked_add(age)?, born.month(), 1).ok()
    }

    /// Whole years on a day; `None` where the month of birth does not read as one, or is to come.
    pub(crate) fn age_on(&self, on: Date) -> Option<i16> {
        let born = self.born.filter(|born| *born <= on)?;
        Some(on.year() - born.year() - i16::from(on.month() < born.month()))
    }
}

/// How a place was found, in the contract's words.
pub(crate) const ROUTES: [&str; 7] = ["in_house", "framework", "dps", "block", "spot", "other_la", "none"];
/// Why a placement ended (903 REASON_PLACE_CHANGE).
pub(crate) const CHANGES: [&str; 12] =
    ["CARPL", "CLOSE", "ALLEG", "STAND", "APPRR", "CREQB", "CREQO", "CHILD", "LAREQ", "PLACE", "CUSTOD", "OTHER"];
/// Whether the setting is registered, in the contract's words.
pub(crate) const REGISTRATIONS: [&str; 4] = ["registered", "pending", "unregistered", "not_required"];

fn place_in(words: &[&str], word: Option<&str>) -> Option<u8> {
    let word = word?;
    words.iter().position(|one| *one == word).and_then(|at| u8::try_from(at).ok())
}

/// A code of the return, of five letters at most.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(crate) struct Code([u8; 5]);

impl Code {
    /// Longer text, which is no code, is blank.
    pub(crate) fn of(text: &str) -> Self {
        let mut code = [0; 5];
        if text.len() <= code.len() {
            code.iter_mut().zip(text.bytes()).for_each(|(to, from)| *to = from);
        }
        Self(code)
    }

    pub(crate) fn as_str(&self) -> &str {
        let filled = self.0.iter().take_while(|&&byte| byte != 0).count();
        self.0.get(..filled).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
    }
}

/// The episodes of one child that the tables look at.
#[derive(Default)]
pub(crate) struct Child {
    /// The episode open on the day; of several, the one begun last.
    pub(crate) now: Option<Episode>,
    /// The last stay-making episode that ended before the days kept.
    pub(crate) before: Option<Episode>,
    /// Episodes within the days kept and temporary moves, in no order.
    pub(crate) recent: Vec<Episode>,
}

/// Text kept once and known by number.
#[derive(Default)]
pub(crate) struct Names(HashMap<Box<str>, u32>);

impl Names {
    fn number(&mut self, text: &str) -> u32 {
        if let Some(&number) = self.0.get(text) {
            return number;
        }
        let next = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        self.0.insert(text.into(), next);
        next
    }

    /// Every text by its number.
    pub(crate) fn by_number(&self) -> HashMap<u32, &str> {
        self.0.iter().map(|(text, &number)| (number, &**text)).collect()
    }
}

/// How far back episodes are kept: two and a half years of care are asked after (stability, long), and no indicator asks for
/// more.
const KEPT_MONTHS: i32 = 30;

/// Every child's episodes, as they stream past.
pub(crate) struct Children {
    as_at: Date,
    /// What ended by this day is past, and only the last of it is kept.
    horizon: Date,
    pub(crate) by_child: HashMap<(AuthorityCode, Box<str>), Child>,
    pub(crate) names: Names,
}

impl Children {
    pub(crate) fn new(as_at: Date) -> Self {
        let horizon = as_at.checked_sub(Span::new().months(KEPT_MONTHS)).unwrap_or(Date::MIN);
        Self { as_at, horizon, by_child: HashMap::new(), names: Names::default() }
    }

    /// Takes one episode. Those yet to begin and agreed short breaks count nowhere.
    pub(crate) fn add(&mut self, authority: AuthorityCode, row: &PlacementRow) {
        if row.episode_start > self.as_at || is_short_break(&row.legal_status) {
            return;
        }
        let episode = self.cut_down(row);
        // A temporary move is kept however old: it may bridge the last stay to one that is still open.
        let is_past = episode.end.is_some_and(|end| end <= self.horizon) && !episode.is_temporary();
        let child = self.by_child.entry((authority, row.child_ref.as_str().into())).or_default();
        if is_past {
            keep_latest(&mut child.before, episode);
            return;
        }
        if episode.holds(self.as_at) {
            keep_latest(&mut child.now, episode.clone());
        }
        child.recent.push(episode);
    }

    fn cut_down(&mut self, row: &PlacementRow) -> Episode {
        let urn = row.urn.as_deref().filter(|urn| is_urn(urn));
        let provider = row.placement_provider.as_deref().unwrap_or_default();
        let likeness = format!("{} {provider} {}", row.placement_type, urn.unwrap_or_default());
        Episode {
            start: row.episode_start,
            end: row.episode_end,
            group: PlacementGroup::of(&row.placement_type).unwrap_or(PlacementGroup::Other),
            reason: row.reason_new_episode.bytes().next().unwrap_or_default(),
            setting: row.setting_ref.as_deref().map(|setting| self.names.number(setting)),
            likeness: self.names.number(&likeness),
            host: row.placement_la,
            urn: urn.map(|urn| self.names.number(urn)),
            uasc: row.uasc,
            provider: row.placement_provider.as_deref().and_then(|provider| provider.as_bytes().get(2).copied()),
            place: Code::of(&row.placement_type),
            need: Code::of(&row.category_of_need),
            ceased: Code::of(row.reason_ceased.as_deref().unwrap_or_default()),
            ethnicity: Code::of(&row.ethnicity),
            sex: Code::of(&row.sex),
            route: place_in(&ROUTES, row.route.as_deref()),
            change: place_in(&CHANGES, row.reason_place_change.as_deref()),
            planned: row.planned,
            siblings: row
                .sibling_group_ref
                .as_deref()
                .filter(|group| !group.is_empty())
                .map(|group| self.names.number(group)),
            registration: place_in(&REGISTRATIONS, row.registration.as_deref()),
            solo: row.solo.unwrap_or(false),
            deprived: row.deprivation_of_liberty.unwrap_or(false),
            care_start: row.care_start,
            born: ages::birthday(&row.birth_month, 0),
            weekly_cost: row.weekly_cost,
            shares: [row.health_share, row.education_share],
            miles: row.distance_miles.map(tenths),
            boundary: row.boundary_miles.map(tenths),
            age: ages::age_on(&row.birth_month, self.as_at),
        }
    }
}

/// A number, and not the placeholder of X's that the 903 allows.
pub(crate) fn is_urn(urn: &str) -> bool {
    !urn.trim().is_empty() && !urn.bytes().all(|byte| byte == b'X')
}

/// Keeps the episode begun last; a child's episodes begin on different days.
fn keep_latest(kept: &mut Option<Episode>, episode: Episode) {
    if kept.as_ref().is_none_or(|kept| kept.start < episode.start) {
        *kept = Some(episode);
    }
}
