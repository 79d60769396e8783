//! What episodes, notices and admissions tell, each in the same words.

use std::collections::HashMap;

use hub_domain::codes::is_short_break;
use hub_domain::record::AdmissionRow;
use hub_domain::{AuthorityCode, Date, PlacementClass, PlacementRow};

use super::account::{Break, Filed, Owed, Placed, Told};
use crate::{Context, Notice, NoticeState, Origin, Standing, Stay, stay};

/// First day on which every supported accommodation had to be registered (SI 2023/416).
const SUPPORTED_REGISTERED: Date = Date::constant(2023, 10, 28);

/// The stays out of area in a placing authority's episodes. Where an episode has lost its host overnight, it is where
/// the notice of it says.
pub fn stays_of(
    placing: AuthorityCode,
    episodes: &[PlacementRow],
    notices: &[Notice],
    context: &Context<'_>,
) -> Vec<Placed> {
    let mut told: HashMap<&str, Vec<&Notice>> = HashMap::new();
    for notice in notices.iter().filter(|notice| notice.state != NoticeState::Withdrawn) {
        told.entry(&notice.child_ref).or_default().push(notice);
    }
    let mut rows: Vec<&PlacementRow> = episodes.iter().collect();
    rows.sort_by(|a, b| stay::key(a).cmp(&stay::key(b)));
    rows.chunk_by(|a, b| a.child_ref == b.child_ref)
        .flat_map(stay::of_child)
        .filter_map(|stay| {
            let remembered = || remembered(&stay, told.get(stay.child_ref)?);
            let host = stay.host.or_else(remembered).filter(|host| *host != placing)?;
            Some(of_stay(placing, host, &stay, context))
        })
        .collect()
}

/// The short breaks in a placing authority's episodes.
pub fn breaks_of(placing: AuthorityCode, episodes: &[PlacementRow]) -> Vec<Break> {
    let breaks = episodes.iter().filter(|row| is_short_break(&row.legal_status));
    breaks
        .map(|row| Break {
            placing,
            child_ref: row.child_ref.clone(),
            is_series: row.legal_status == "V4",
            start: row.episode_start,
            end: row.episode_end,
            urn: row.urn.clone(),
            setting_ref: row.setting_ref.clone(),
            birth_month: row.birth_month.clone(),
            sex: row.sex.clone(),
        })
        .collect()
}

fn remembered(stay: &Stay<'_>, notices: &[&Notice]) -> Option<AuthorityCode> {
    let covers = |notice: &Notice| {
        notice.start == stay.start || (stay.origin == Origin::Continuation && notice.start < stay.start)
    };
    let about = notices.iter().filter(|notice| covers(notice));
    about.max_by_key(|notice| (notice.state.is_live(), notice.start, notice.id)).map(|notice| notice.host)
}

fn of_stay(placing: AuthorityCode, host: AuthorityCode, stay: &Stay<'_>, context: &Context<'_>) -> Placed {
    let decided_on = context.rules.decided_on(host, stay.start);
    let latest = stay.latest();
    let began = matches!(stay.origin, Origin::Placement | Origin::Relocation);
    let after_joining = began && decided_on == stay.start && stay.start > context.joined;
    let registered = stay.newest(|row| row.registration.clone());
    Placed {
        id: Notice::id_of(placing, stay.child_ref, stay.start, host),
        child_ref: stay.child_ref.to_owned(),
        told: Told {
            placing: Some(placing),
            host,
            start: stay.start,
            start_known: began,
            end: stay.end,
            sector: stay.newest(|row| row.placement_sector.clone()),
            urn: stay.newest(|row| row.urn.clone()),
            setting_ref: stay.newest(|row| row.setting_ref.clone()),
            class: Some(context.rules.classify(placing, host, decided_on)),
            birth_month: latest.birth_month.clone(),
            sex: latest.sex.clone(),
            owed: Owed {
                episode: true,
                notice: after_joining && context.rules.cover(stay.first()),
                admission: stay.origin == Origin::Placement
                    && owes_admission(&stay.first().placement_type, registered.as_deref(), stay.start),
            },
        },
    }
}

/// A home of that kind tells the host of an admission: children's homes, secure ones among them (K1, K2), and supported
/// accommodation once it had to be registered (K3; H5 before the code changed). One that is not registered has no
/// registered person to tell anybody.
fn owes_admission(placement_type: &str, registration: Option<&str>, start: Date) -> bool {
    let registered = registration.is_none_or(|registration| registration == "registered");
    let kind = match placement_type {
        "K1" | "K2" => true,
        "K3" | "H5" => start >= SUPPORTED_REGISTERED,
        _ => false,
    };
    registered && kind
}

impl Placed {
    /// What a notice tells: the placing authority's own words where it gave notice, the register's entry where none was
    /// due. `None` for a shell, a draft, a consultation, and what was taken back.
    pub fn of_notice(notice: &Notice) -> Option<Self> {
        if notice.state == NoticeState::Withdrawn {
            return None;
        }
        let told = match notice.standing() {
            Standing::Stated => stated(notice),
            Standing::Register => registered(notice),
            Standing::PresumedMissing | Standing::ProviderOnly | Standing::Consulted | Standing::Draft => return None,
        };
        Some(Self { id: notice.id, child_ref: notice.child_ref.clone(), told })
    }
}

/// A register entry says what the feed showed.
fn registered(notice: &Notice) -> Told {
    let terms = &notice.terms;
    Told {
        placing: Some(notice.placing),
        host: notice.host,
        start: notice.start,
        start_known: true,
        end: notice.ending.as_ref().map(|ending| ending.on),
        sector: terms.placement_sector.clone(),
        urn: terms.urn.clone(),
        setting_ref: terms.setting_ref.clone(),
        class: Some(terms.class),
        birth_month: terms.birth_month.clone(),
        sex: terms.sex.clone(),
        owed: Owed { notice: false, admission: false, episode: true },
    }
}

/// What was stated, and nothing that only a feed shows: where the statement is silent, so is the account.
fn stated(notice: &Notice) -> Told {
    let said = notice.statement.as_deref().filter(|stated| !stated.provisional).map(|stated| &stated.said);
    let text = |read: fn(&crate::Statement) -> &Option<String>| said.and_then(|said| read(said).clone());
    let start = said.and_then(|said| said.placement_start).unwrap_or(notice.start);
    let kind = text(|said| &said.placement_type).unwrap_or_else(|| notice.terms.placement_type.clone());
    let ended = notice.given.ended.and_then(|_| said.and_then(|said| said.ended_on));
    Told {
        host: said.and_then(|said| said.host).unwrap_or(notice.host),
        start,
        start_known: true,
        end: ended.or_else(|| notice.ending.as_ref().filter(|ending| ending.stated).map(|ending| ending.on)),
        sector: text(|said| &said.placement_sector),
        urn: text(|said| &said.urn),
        setting_ref: text(|said| &said.setting_ref),
        class: text(|said| &said.class).and_then(|class| asserted(&class)),
        owed: Owed {
            episode: !text(|said| &said.legal_status).is_some_and(|status| is_short_break(&status)),
            notice: true,
            admission: owes_admission(&kind, text(|said| &said.registration).as_deref(), start),
        },
        ..registered(notice)
    }
}

fn asserted(class: &str) -> Option<PlacementClass> {
    match class {
        "in_area" => Some(PlacementClass::InArea),
        "adjoining" => Some(PlacementClass::Adjoining { flagged: false }),
        "at_a_distance" => Some(PlacementClass::AtADistance),
        _ => None,
    }
}

impl Filed {
    /// What an admission tells, as `host` filed it.
    pub fn of_row(host: AuthorityCode, row: AdmissionRow) -> Self {
        Self {
            admission_ref: row.admission_ref,
            notice_ref: row.notice_ref.and_then(|notice| notice.parse().ok()),
            told: Told {
                placing: row.placing_la,
                host: row.host_la.unwrap_or(host),
                start: row.admitted_on,
                start_known: true,
                end: row.discharged_on,
                sector: row.setting_sector,
                urn: Some(row.urn).filter(|urn| !urn.is_empty()),
                setting_ref: row.setting_ref,
                class: None,
                birth_month: row.birth_month,
                sex: row.sex.unwrap_or_default(),
                owed: Owed { notice: false, admission: false, episode: true },
            },
            notified_under: row.notified_under,
            notified_on: row.notified_on,
            short_break: row.short_break == Some(true),
        }
    }
}
