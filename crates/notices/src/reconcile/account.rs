//! What is set beside each other.

use std::collections::BTreeMap;

use hub_domain::{AuthorityCode, Date, PlacementClass};
use uuid::Uuid;

/// What one account tells of a stay. Blank is `None`, or an empty text.
#[derive(Clone, PartialEq)]
pub struct Told {
    /// The authority that placed the child; `None` only where a home does not name it.
    pub placing: Option<AuthorityCode>,
    /// The authority whose area it is in.
    pub host: AuthorityCode,
    /// First day.
    pub start: Date,
    /// It is the first day, and not only the first that the feed shows.
    pub start_known: bool,
    /// Day it ended, exclusive; `None` while it lasts.
    pub end: Option<Date>,
    /// Postcode sector of the address.
    pub sector: Option<String>,
    /// Ofsted URN.
    pub urn: Option<String>,
    /// The home or household.
    pub setting_ref: Option<String>,
    /// Computed (an episode) or asserted (a notice); a home knows nothing of it.
    pub class: Option<PlacementClass>,
    /// `YYYY-MM`. Joins, and is never listed.
    pub birth_month: String,
    /// `M`, `F`, `U` or empty. Joins, and is never listed.
    pub sex: String,
    /// Who owed the host word of it.
    pub owed: Owed,
}

/// Who owed the host word of a placement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owed {
    /// The placing authority (reg 13(4)), by its own settings.
    pub notice: bool,
    /// The home (reg 41, reg 28): it is a children's home or supported accommodation.
    pub admission: bool,
    /// The placing authority's feed is to show it as a stay; a short break it does not.
    pub episode: bool,
}

/// A short break as the placing authority's episodes show it (903 LS V3, V4): the child is not looked after between
/// breaks, it is no stay, and no notice of it is due.
#[derive(Clone, PartialEq)]
pub struct Break {
    /// The authority that agreed to it.
    pub placing: AuthorityCode,
    /// Its pseudonym for the child.
    pub child_ref: String,
    /// An agreement on a series (V4), within which breaks begin and end untold; else one break (V3).
    pub is_series: bool,
    /// First day.
    pub start: Date,
    /// Day it ended, exclusive; `None` while it lasts.
    pub end: Option<Date>,
    /// Ofsted URN, where the return's own rule (903-214) did not leave it blank.
    pub urn: Option<String>,
    /// The home or household.
    pub setting_ref: Option<String>,
    /// `YYYY-MM`. Joins, and is never listed.
    pub birth_month: String,
    /// `M`, `F` or `U`. Joins, and is never listed.
    pub sex: String,
}

/// A stay as episodes show it, or as a notice tells it.
#[derive(Clone, PartialEq)]
pub struct Placed {
    /// [`Notice::id_of`](crate::Notice::id_of) of the stay; the id of the notice.
    pub id: Uuid,
    /// The placing authority's pseudonym for the child.
    pub child_ref: String,
    /// What it tells.
    pub told: Told,
}

/// An admission as the host filed it.
#[derive(Clone, PartialEq)]
pub struct Filed {
    /// The host's reference for it; unique within the host.
    pub admission_ref: String,
    /// The notice it quotes.
    pub notice_ref: Option<Uuid>,
    /// What it tells; `host` is the authority that filed it.
    pub told: Told,
    /// `reg_41` or `reg_28`.
    pub notified_under: String,
    /// The day the host had the home's notice.
    pub notified_on: Option<Date>,
    /// The home says that it is a short break.
    pub short_break: bool,
}

/// How far each feed has come: no account is held against a day that its feed has not reached.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Heard {
    /// By placing authority, the business date of its placements; one that sends none is not here.
    pub placements: BTreeMap<AuthorityCode, Date>,
    /// By host, the first and the last business date of its admissions; one that sends none is not here.
    pub admissions: BTreeMap<AuthorityCode, (Date, Date)>,
}

/// Everything that one night sets beside each other.
#[derive(Clone, Default, PartialEq)]
pub struct Accounts {
    /// Stays out of area, from believed episodes.
    pub stays: Vec<Placed>,
    /// Notices that somebody gave; not withdrawn, and not a shell that the hub opened itself.
    pub notices: Vec<Placed>,
    /// Believed admissions.
    pub admissions: Vec<Filed>,
    /// Short breaks, from believed episodes.
    pub breaks: Vec<Break>,
    /// How far each feed has come.
    pub heard: Heard,
    /// The night's business date: what is said in notices reaches to here.
    pub as_at: Option<Date>,
}

/// How much two accounts of one stay may differ before they are not of one stay, or before it is worth a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tolerance {
    /// Days by which the start of an admission may lie from the placement it is joined to.
    pub admission_days: i64,
    /// Days by which the start of a notice may lie from the stay of the same child it is joined to.
    pub notice_days: i64,
    /// Days that a feed may lag before its silence is listed.
    pub grace_days: i64,
    /// Days that a notice may stay open after the stay ended: ten working days (reg 14(4)), and some.
    pub ending_days: i64,
    /// A stay that every account says ended so many days ago is history: no longer listed.
    pub history_days: i64,
}

impl Default for Tolerance {
    fn default() -> Self {
        Self { admission_days: 3, notice_days: 28, grace_days: 3, ending_days: 14, history_days: 91 }
    }
}

impl Told {
    /// The two may be of one child: no known birth month or sex contradicts it.
    pub(super) fn may_be_same_child(&self, other: &Self) -> bool {
        let unknown = self.birth_month.is_empty() || other.birth_month.is_empty();
        (unknown || self.birth_month == other.birth_month) && may_be_alike(&self.sex, &other.sex)
    }
}

/// No known sex contradicts it.
pub(super) fn may_be_alike(a: &str, b: &str) -> bool {
    let unknown = |sex: &str| matches!(sex, "" | "U");
    unknown(a) || unknown(b) || a == b
}

impl Filed {
    /// The pseudonym that the hub makes for a child whom only this admission speaks of.
    pub fn child_ref(&self) -> String {
        let id = Uuid::new_v5(&NAMESPACE, format!("{}/{}", self.told.host, self.admission_ref).as_bytes());
        format!("{CHILD_OF_ADMISSION}{}", id.simple())
    }
}

/// What begins the pseudonym of a child whom only an admission speaks of.
pub(super) const CHILD_OF_ADMISSION: &str = "admission_";
/// RFC 9562 version 5 namespace of those pseudonyms.
const NAMESPACE: Uuid = Uuid::from_u128(0x9d30_84b2_61ce_5f0a_a7d5_3e12_c84b_0f69);

/// Days since 1970.
pub(super) fn day_number(day: Date) -> i64 {
    day.duration_since(Date::constant(1970, 1, 1)).as_hours().div_euclid(24)
}

macro_rules! silent {
    ($($name:ident),+) => { $(
        impl std::fmt::Debug for $name {
            /// Nothing of a child goes into a log.
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )+ };
}
silent!(Told, Placed, Break, Filed, Accounts);
