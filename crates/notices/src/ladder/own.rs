//! Children in unregistered settings of whom no notice speaks: in their own authority's area, or nobody says where.

use hub_domain::adjacency::classify;
use hub_domain::ages::age_on;
use hub_domain::{AuthorityCode, Date, PlacementRow};
use uuid::Uuid;

use crate::alert::Setting;
use crate::{Notice, Stay, Terms, stay};

/// RFC 9562 version 5 namespace of stays.
const NAMESPACE: Uuid = Uuid::from_u128(0x83b2_4d1f_60ce_5a97_b1d4_2e09_7cf5_368a);

/// A child's stay in a setting that is unregistered in law, as the alert tells of it: no child in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unregistered {
    /// The child's pseudonym; goes no further than the placing authority.
    pub child_ref: String,
    /// The same whoever asks: names the stay where its child should not stand.
    pub stay: Uuid,
    /// First day.
    pub since: Date,
    /// Where, as far as the feed names it.
    pub setting: Option<Setting>,
    /// Registration is asked for (unregistered in law all the same, ruling 19).
    pub is_pending: bool,
}

/// The stays of one child under 18 that are open and unregistered, and of which no notice that stands speaks. `rows` are
/// all the child's episodes, `notices` all the child's notices.
pub fn unregistered_at_home(
    placing: AuthorityCode,
    rows: &[PlacementRow],
    notices: &[Notice],
    today: Date,
) -> Vec<Unregistered> {
    let mut episodes: Vec<&PlacementRow> = rows.iter().collect();
    episodes.sort_by_key(|row| row.episode_start);
    let spoken_of = |stay: &Stay<'_>| notices.iter().any(|it| it.state.is_live() && it.start == stay.start);
    let open = |stay: &Stay<'_>| stay.end.is_none() && stay.start <= today && !stay.is_outside(placing);
    let stays = stay::of_child(&episodes).into_iter().filter(|stay| open(stay) && !spoken_of(stay));
    stays.filter_map(|stay| unregistered(placing, &stay, today)).collect()
}

fn unregistered(placing: AuthorityCode, stay: &Stay<'_>, today: Date) -> Option<Unregistered> {
    let terms = Terms::of(stay, classify(placing, placing, stay.start));
    let is_pending = match terms.registration.as_deref() {
        Some("pending") => true,
        Some("unregistered") => false,
        None if terms.is_other() => false,
        _ => return None,
    };
    let minor = age_on(&terms.birth_month, today).is_none_or(|age| age < 18);
    let stay_id = Uuid::new_v5(&NAMESPACE, format!("{placing}/{}/{}", stay.child_ref, stay.start).as_bytes());
    let setting = Setting::of(&terms);
    minor.then(|| Unregistered {
        child_ref: stay.child_ref.to_owned(),
        stay: stay_id,
        since: stay.start,
        setting,
        is_pending,
    })
}
