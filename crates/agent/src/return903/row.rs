//! One row of the placements feed.

use hub_domain::Date;

use super::beside::Orders;
use super::children::{Child, Children};
use super::episodes::Episode;
use super::extract::{Detail, Extract};
use super::place::{Places, Whereabouts};
use super::setting::setting_ref;
use super::{Setup, UNREADABLE, code};
use crate::cell;
use crate::finding::{Finding, Severity};
use crate::pseudonym::Of;
use crate::source::Reading;
use crate::trace::{Origin, Role, RowMap};

/// A column of the feed, and the file and heading it is made from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    pub(crate) name: &'static str,
    pub(crate) role: Role,
    pub(crate) heading: &'static str,
}

const fn column(name: &'static str, role: Role, heading: &'static str) -> Column {
    Column { name, role, heading }
}

/// Columns of the feed, in the contract's order.
pub(crate) const COLUMNS: &[Column] = &[
    column("child_ref", Role::Main, "CHILD"),
    column("episode_start", Role::Main, "DECOM"),
    column("episode_end", Role::Main, "DEC"),
    column("care_start", Role::Main, "RNE"),
    column("birth_month", Role::Header, "DOB"),
    column("sex", Role::Header, "SEX"),
    column("ethnicity", Role::Header, "ETHNIC"),
    column("uasc", Role::Uasc, "DUC"),
    column("reason_new_episode", Role::Main, "RNE"),
    column("legal_status", Role::Main, "LS"),
    column("category_of_need", Role::Main, "CIN"),
    column("placement_type", Role::Main, "PLACE"),
    column("placement_provider", Role::Main, "PLACE_PROVIDER"),
    column("reason_ceased", Role::Main, "REC"),
    column("reason_place_change", Role::Main, "REASON_PLACE_CHANGE"),
    column("home_sector", Role::Main, "HOME_POST"),
    column("placement_sector", Role::Main, "PL_POST"),
    column("placement_la", Role::Main, "PL_POST"),
    column("distance_miles", Role::Main, "PL_POST"),
    column("boundary_miles", Role::Extract, "boundary_miles"),
    column("urn", Role::Main, "URN"),
    column("setting_ref", Role::Main, "URN"),
    column("sibling_group_ref", Role::Extract, "sibling_group"),
    column("weekly_cost", Role::Extract, "weekly_cost"),
    column("health_share", Role::Extract, "health_share"),
    column("education_share", Role::Extract, "education_share"),
    column("route", Role::Extract, "route"),
    column("framework_ref", Role::Extract, "framework_ref"),
    column("distance_reason", Role::Extract, "distance_reason"),
    column("registration", Role::Extract, "registration"),
    column("provision", Role::Extract, "provision"),
    column("planned", Role::Extract, "planned"),
    column("emergency", Role::Extract, "emergency"),
    column("approver_role", Role::Extract, "approver_role"),
    column("approved_on", Role::Extract, "approved_on"),
    column("deprivation_of_liberty", Role::Extract, "deprivation_of_liberty"),
    column("solo", Role::Extract, "solo"),
];

/// What an episode is joined with.
#[derive(Clone, Copy)]
pub(crate) struct Joined<'m, 'a> {
    pub(crate) children: &'m Children,
    pub(crate) extract: &'m Extract<'a>,
    pub(crate) places: &'m Places<'m>,
    pub(crate) orders: Option<&'m Orders>,
}

/// What rows are made with.
pub(crate) struct Making<'m, 'a> {
    pub(crate) setup: Setup<'m>,
    pub(crate) joined: Joined<'m, 'a>,
    pub(crate) findings: &'m mut Vec<Finding>,
}

impl Making<'_, '_> {
    /// Makes the row for an episode, in the order of [`COLUMNS`], and records where it came from.
    pub(crate) fn row(&mut self, episode: &Episode<'_>, care_start: Option<Date>, rows: &mut RowMap) -> Vec<String> {
        let start = episode.start.value();
        let Joined { children, extract, places, orders } = self.joined;
        let located = places.locate(episode, self.findings);
        let detail = extract.find(&episode.child, start);
        let has_header = children.has_header;
        let child = children.find(&episode.child);
        let at = rows.push(origin(episode, child, detail));
        if child.is_none() {
            for column in ["birth_month", "sex", "ethnicity"] {
                rows.explain(at, column);
            }
            if has_header && !episode.child.is_empty() {
                self.findings.push(no_header(episode));
            }
        }
        explain_dates(episode, child, at, rows);
        let uasc = child.is_some_and(|child| child.was_unaccompanied(start));
        let mut cells = self.identity(episode, child, uasc, care_start);
        cells.extend(CODES.iter().map(|column| code(episode.cell(column))));
        cells.extend(self.location(episode, &located, detail, uasc));
        let deprived = orders.map(|orders| orders.cover(&episode.child, start, episode.end.value()));
        cells.extend(self.commissioning(detail, deprived));
        cells
    }

    fn identity(
        &self,
        episode: &Episode<'_>,
        child: Option<&Child>,
        uasc: bool,
        care_start: Option<Date>,
    ) -> Vec<String> {
        let text = |of: fn(&Child) -> &String| child.map(of).cloned().unwrap_or_default();
        let child_ref = match episode.child.as_str() {
            "" => String::new(),
            number => self.setup.key.child_ref(self.setup.authority, number),
        };
        vec![
            child_ref,
            day(episode.start),
            day(episode.end),
            care_start.map(|date| date.to_string()).unwrap_or_default(),
            text(|child| &child.birth_month),
            text(|child| &child.sex),
            text(|child| &child.ethnicity),
            uasc.to_string(),
        ]
    }

    /// `home_sector` to `setting_ref`. The directory's answer comes before the extract's; a distance
    /// is not given for an unaccompanied child, whose home is not here (DfE 406).
    fn location(
        &self,
        episode: &Episode<'_>,
        located: &Whereabouts,
        detail: Option<Detail<'_>>,
        uasc: bool,
    ) -> Vec<String> {
        let given = |column: &str| detail.as_ref().map_or("", |detail| detail.cell(column)).to_owned();
        let urn = code(episode.cell("URN"));
        let placement = episode.cell("PLACE").to_ascii_uppercase();
        let authority =
            located.authority.map_or_else(|| given("placement_la").to_ascii_uppercase(), |code| code.to_string());
        let miles = match located.miles {
            _ if uasc => String::new(),
            Some(miles) => format!("{miles:.1}"),
            None => cell::miles(&given("distance_miles")),
        };
        let setting = match given("setting_ref") {
            own if own.is_empty() => {
                setting_ref(self.setup.key, &urn, located.placement.as_ref(), &placement).unwrap_or_default()
            }
            own => own,
        };
        vec![
            located.home_sector.clone(),
            located.placement_sector.clone(),
            authority,
            miles,
            cell::miles(&given("boundary_miles")),
            urn,
            setting,
        ]
    }

    /// `sibling_group_ref` to `solo`. An order in the return's own file comes before what the extract says of one.
    fn commissioning(&self, detail: Option<Detail<'_>>, deprived: Option<bool>) -> Vec<String> {
        let given = |column: &str| detail.as_ref().map_or("", |detail| detail.cell(column)).to_owned();
        let siblings = match given("sibling_group") {
            group if group.is_empty() => given("sibling_group_ref"),
            group => self.setup.key.token(Of::Siblings, self.setup.authority, &[&super::child_number(&group)]),
        };
        vec![
            siblings,
            cell::money(&given("weekly_cost")),
            cell::money(&given("health_share")),
            cell::money(&given("education_share")),
            cell::word(&given("route")),
            given("framework_ref"),
            cell::word(&given("distance_reason")),
            cell::word(&given("registration")),
            cell::word(&given("provision")),
            cell::boolean(&given("planned")),
            cell::boolean(&given("emergency")),
            cell::word(&given("approver_role")),
            cell::date(&given("approved_on")),
            match deprived {
                Some(true) => true.to_string(),
                Some(false) if given("deprivation_of_liberty").is_empty() => false.to_string(),
                _ => cell::boolean(&given("deprivation_of_liberty")),
            },
            cell::boolean(&given("solo")),
        ]
    }
}

/// Code columns of the episodes file, in the feed's order.
const CODES: [&str; 7] = ["RNE", "LS", "CIN", "PLACE", "PLACE_PROVIDER", "REC", "REASON_PLACE_CHANGE"];

fn origin(episode: &Episode<'_>, child: Option<&Child>, detail: Option<Detail<'_>>) -> Origin {
    let mut origin = Origin::of(episode.place());
    if let Some(child) = child {
        origin.join(Role::Header, child.place.clone());
        if let Some((place, _)) = &child.uasc {
            origin.join(Role::Uasc, place.clone());
        }
    }
    if let Some(detail) = detail {
        origin.join(Role::Extract, detail.place());
    }
    origin
}

/// What this side has told about a cell, the contract need not tell again.
fn explain_dates(episode: &Episode<'_>, child: Option<&Child>, at: usize, rows: &mut RowMap) {
    if episode.child.is_empty() {
        rows.explain(at, "child_ref");
    }
    if episode.start == Reading::Unreadable {
        rows.explain(at, "episode_start");
    }
    if episode.end == Reading::Unreadable {
        rows.explain(at, "episode_end");
    }
    if child.is_some_and(|child| child.birth_month == UNREADABLE) {
        rows.explain(at, "birth_month");
    }
}

/// DfE's INT03.
fn no_header(episode: &Episode<'_>) -> Finding {
    let message = "the child is in episodes but not in the header, so the row has no birth month, sex or ethnicity";
    let fix = "Add the child to the header of the same return.";
    Finding::new("903-INT03", Severity::Error, episode.place().at("CHILD"), message, fix)
}

fn day(reading: Reading<Date>) -> String {
    match reading {
        Reading::Blank => String::new(),
        Reading::Unreadable => UNREADABLE.to_owned(),
        Reading::Is(date) => date.to_string(),
    }
}
