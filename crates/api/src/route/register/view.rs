use hub_domain::{AuthorityCode, Date, Timestamp};
use hub_pipeline::register::{Clock, Entry};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::sheet::Cell;

/// One child in the register, by pseudonym.
#[derive(Serialize, ToSchema)]
#[schema(as = RegisterLine)]
pub(crate) struct Line {
    /// The notice about it: ask `/v1/notices/{id}` for all that is said.
    pub(super) notice: Uuid,
    /// The placing authority's pseudonym for the child.
    child_ref: String,
    /// `YYYY-MM`.
    birth_month: String,
    /// `M`, `F` or `U`.
    sex: String,
    /// Who placed.
    placing: Named,
    /// In whose area.
    host: Named,
    /// First day there.
    #[schema(value_type = String, format = Date)]
    pub(super) since: Date,
    /// First day no longer there, as far as is known now.
    #[schema(value_type = Option<String>, format = Date)]
    until: Option<Date>,
    /// The day the placement is meant to end, once said.
    #[schema(value_type = Option<String>, format = Date)]
    meant_until: Option<Date>,
    /// In what sort of home.
    home: Home,
    /// 903 LS.
    legal_status: String,
    /// Unaccompanied asylum-seeking child.
    uasc: bool,
    /// `adjoining`, `at_a_distance` or `unknown` (reg 11(5)).
    class: String,
    /// `stated`, `presumed_missing`, `provider_only` or `register`: who has given notice.
    standing: String,
    /// How far the host has got with the notice.
    state: String,
    /// What wants a person's eye.
    flags: Vec<String>,
    /// How notice of the placement stands; absent where none was due.
    #[serde(skip_serializing_if = "Option::is_none")]
    clock: Option<ClockView>,
    /// How notice of its end stands, once it has ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    ending_clock: Option<ClockView>,
    /// `not_due`, `outstanding` or `given`: whether needs and care plan have come (reg 13(4)(b)).
    details: String,
    /// Alike in every notice of the child to this host, and in no other host's.
    link_key: Uuid,
}

/// An authority, for machines and for people.
#[derive(Serialize, ToSchema)]
#[schema(as = RegisterAuthority)]
pub(super) struct Named {
    /// GSS code.
    #[schema(value_type = String)]
    code: AuthorityCode,
    /// Its name, where the hub knows it.
    name: Option<String>,
}

/// Where a child lives, as codes.
#[derive(Serialize, ToSchema)]
#[schema(as = RegisterHome)]
pub(super) struct Home {
    /// 903 PLACE.
    placement_type: String,
    /// The group it is counted in, such as `residential`.
    group: Option<String>,
    /// As in vacancies.
    provision: Option<String>,
    /// 903 PLACE_PROVIDER.
    placement_provider: Option<String>,
    /// Ofsted URN of the provider.
    urn: Option<String>,
    /// The home or household, as the placing authority names it.
    setting_ref: Option<String>,
    /// Postcode sector.
    sector: Option<String>,
    /// `registered`, `pending`, `unregistered` or `not_required`.
    registration: Option<String>,
}

/// A clock as it stands.
#[derive(Serialize, ToSchema)]
#[schema(as = RegisterClock)]
pub(super) struct ClockView {
    /// `planned`, `emergency` or `ending`.
    kind: String,
    /// In time strictly before this instant.
    #[schema(value_type = String, format = DateTime)]
    due_at: Timestamp,
    /// `running`, `met`, `late`, `overdue`, `not_practicable` or `unknown`.
    status: String,
    /// Working days: left while it runs, 0 on the last day; negative once past, by how many.
    working_days: i32,
    /// When notice was given.
    #[schema(value_type = Option<String>, format = DateTime)]
    given_at: Option<Timestamp>,
}

/// Headings of the CSV, in the order of [`Line::cells`].
pub(super) const HEADINGS: &[&str] = &[
    "notice",
    "child_ref",
    "birth_month",
    "sex",
    "placing",
    "placing_name",
    "host",
    "host_name",
    "since",
    "until",
    "meant_until",
    "placement_type",
    "group",
    "provision",
    "placement_provider",
    "urn",
    "setting_ref",
    "sector",
    "registration",
    "legal_status",
    "uasc",
    "class",
    "standing",
    "state",
    "flags",
    "due_at",
    "clock",
    "working_days",
    "given_at",
    "ending_due_at",
    "ending_clock",
    "ending_working_days",
    "details",
    "link_key",
];

impl Line {
    /// The line as cells of the CSV.
    pub(super) fn cells(&self) -> Vec<Cell> {
        let home = &self.home;
        let mut cells = vec![
            Cell::text(&self.notice),
            Cell::text(&self.child_ref),
            Cell::text(&self.birth_month),
            Cell::text(&self.sex),
            Cell::text(&self.placing.code),
            Cell::from(self.placing.name.as_ref()),
            Cell::text(&self.host.code),
            Cell::from(self.host.name.as_ref()),
            Cell::text(&self.since),
            Cell::from(self.until),
            Cell::from(self.meant_until),
            Cell::text(&home.placement_type),
        ];
        let of_home = [
            &home.group,
            &home.provision,
            &home.placement_provider,
            &home.urn,
            &home.setting_ref,
            &home.sector,
            &home.registration,
        ];
        cells.extend(of_home.map(|text| Cell::from(text.as_ref())));
        cells.extend(
            [&self.legal_status, &self.uasc.to_string(), &self.class, &self.standing].map(Cell::text::<String>),
        );
        cells.extend([Cell::text(&self.state), Cell::text(&self.flags.join(";"))]);
        let clock = self.clock.as_ref();
        cells.extend(of_clock(clock));
        cells.push(Cell::from(clock.and_then(|clock| clock.given_at)));
        cells.extend(of_clock(self.ending_clock.as_ref()));
        cells.extend([Cell::text(&self.details), Cell::text(&self.link_key)]);
        cells
    }
}

fn of_clock(clock: Option<&ClockView>) -> [Cell; 3] {
    let days = clock.map_or(Cell::Blank, |clock| Cell::Number(clock.working_days.into()));
    [Cell::from(clock.map(|clock| clock.due_at)), Cell::from(clock.map(|clock| &clock.status)), days]
}

impl From<Entry> for Line {
    fn from(entry: Entry) -> Self {
        let Entry {
            notice, child_ref, placing, host, since, until, meant_until, terms, state, standing, flags, ..
        } = entry;
        Self {
            notice,
            child_ref,
            birth_month: terms.birth_month,
            sex: terms.sex,
            placing: Named { code: placing.code, name: placing.name },
            host: Named { code: host.code, name: host.name },
            since,
            until,
            meant_until,
            home: Home {
                placement_type: terms.placement_type,
                group: terms.placement_group.map(|group| group.to_string()),
                provision: terms.provision,
                placement_provider: terms.placement_provider,
                urn: terms.urn,
                setting_ref: terms.setting_ref,
                sector: terms.placement_sector,
                registration: terms.registration,
            },
            legal_status: terms.legal_status,
            uasc: terms.uasc,
            class: terms.class.as_str().to_owned(),
            standing: standing.to_string(),
            state: state.to_string(),
            flags: flags.iter().map(ToString::to_string).collect(),
            clock: entry.clock.map(ClockView::from),
            ending_clock: entry.ending_clock.map(ClockView::from),
            details: entry.details.to_string(),
            link_key: entry.link_key,
        }
    }
}

impl From<Clock> for ClockView {
    fn from(clock: Clock) -> Self {
        let Clock { kind, due_at, status, working_days, given_at, .. } = clock;
        Self { kind: kind.to_string(), due_at, status: status.to_string(), working_days, given_at }
    }
}
