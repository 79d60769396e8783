//! Every page and form, and who may see it. What is not here cannot be reached; the gate around each handler is made from
//! its row, and a test asks every row as every persona.

use axum::routing::{MethodRouter, get, post};
use hub_pipeline::identity::Role;

use crate::state::Web;
use crate::{assets, borough, desk, flows, front, gaps, indicators, operator, providers, region, sign_in, vacancies};

/// One page, or one thing that can be done.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The path, parameters in braces.
    pub path: &'static str,
    /// Who may see it.
    pub who: Who,
    /// Its name in the navigation, if it stands there.
    pub title: Option<&'static str>,
    /// What answers.
    pub(crate) handler: fn() -> MethodRouter<Web>,
}

/// Who may see a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Anybody, signed in or not.
    Public,
    /// Whoever has any one of these roles; what is not the person's own is "not found".
    Roles(&'static [Role]),
}

/// Whoever may read the consortium's published tables: the same set as the API's.
pub const CONSORTIUM: &[Role] = &[Role::Borough, Role::Commissioner, Role::QualityLead, Role::Broker, Role::Operator];
/// Authorised brokers, who see capacities of one and two.
pub const BROKERS: &[Role] = &[Role::Broker];
/// Whoever answers for a host authority.
const HOSTS: &[Role] = &[Role::Host];
/// Whoever answers for what an authority sends.
const BOROUGHS: &[Role] = &[Role::Borough];
/// Whoever runs the hub.
const OPERATORS: &[Role] = &[Role::Operator];
/// Anybody who is signed in. Reporting tools are programs, and do not sign in.
const PEOPLE: &[Role] =
    &[Role::Borough, Role::Host, Role::Commissioner, Role::QualityLead, Role::Broker, Role::Operator];

type Handler = fn() -> MethodRouter<Web>;

/// A page that anybody may see.
const fn open(path: &'static str, handler: Handler) -> Route {
    Route { method: "GET", path, who: Who::Public, title: None, handler }
}

/// A page of published figures: the consortium's release to whoever may read it, the public's to anybody.
const fn figures(path: &'static str, title: &'static str, handler: Handler) -> Route {
    Route { method: "GET", path, who: Who::Public, title: Some(title), handler }
}

/// A page that stands in the navigation of whoever may see it.
const fn page(path: &'static str, roles: &'static [Role], title: &'static str, handler: Handler) -> Route {
    Route { method: "GET", path, who: Who::Roles(roles), title: Some(title), handler }
}

/// A page that others lead to.
const fn part(path: &'static str, roles: &'static [Role], handler: Handler) -> Route {
    Route { method: "GET", path, who: Who::Roles(roles), title: None, handler }
}

/// Something that can be done: a form is sent here.
const fn act(path: &'static str, roles: &'static [Role], handler: Handler) -> Route {
    Route { method: "POST", path, who: Who::Roles(roles), title: None, handler }
}

/// The list, in the order of the navigation. A static, since handlers that look at it are in it.
pub static ROUTES: &[Route] = &[
    open("/", || get(front::front)),
    open("/assets/{file}", || get(assets::file)),
    open("/sign-in", || get(sign_in::ask)),
    open("/sign-in/begin", || get(sign_in::begin)),
    open("/sign-in/return", || get(sign_in::come_back)),
    figures("/region", "Region today", || get(region::today)),
    figures("/gaps", "Market gaps", || get(gaps::gaps)),
    page("/vacancies", BROKERS, "Vacancies", || get(vacancies::search)),
    page("/providers", CONSORTIUM, "Providers", || get(providers::index)),
    part("/providers/{urn}", CONSORTIUM, || get(providers::show)),
    figures("/flows", "Flows", || get(flows::flows)),
    figures("/indicators", "Indicators", || get(indicators::index)),
    open("/indicators/{name}", || get(indicators::show)),
    act("/sign-out", PEOPLE, || post(sign_in::leave)),
    page("/desk", HOSTS, "Notices to us", || get(desk::inbox)),
    part("/desk/notices/{id}", HOSTS, || get(desk::notice)),
    act("/desk/notices/{id}/open", HOSTS, || post(desk::open)),
    act("/desk/notices/{id}/acknowledge", HOSTS, || post(desk::acknowledge)),
    act("/desk/notices/{id}/query", HOSTS, || post(desk::query)),
    act("/desk/notices/{id}/dispute", HOSTS, || post(desk::dispute)),
    act("/desk/notices/{id}/envelopes/{n}", HOSTS, || post(desk::download)),
    page("/desk/register", HOSTS, "Children living here", || get(desk::register)),
    page("/desk/overdue", HOSTS, "Late notices", || get(desk::overdue)),
    page("/borough", BOROUGHS, "Our feeds", || get(borough::feeds)),
    part("/borough/submissions", BOROUGHS, || get(borough::submissions)),
    part("/borough/submissions/{id}", BOROUGHS, || get(borough::submission)),
    part("/borough/submissions/{id}/findings.csv", BOROUGHS, || get(borough::findings)),
    act("/borough/submissions/{id}/confirm", BOROUGHS, || post(borough::confirm)),
    act("/borough/submissions/{id}/withdraw", BOROUGHS, || post(borough::withdraw)),
    page("/borough/notices", BOROUGHS, "Notices to give", || get(borough::notices)),
    part("/borough/notices/{id}", BOROUGHS, || get(borough::notice)),
    page("/borough/check", BOROUGHS, "Try a file", || get(borough::ask)),
    act("/borough/check", BOROUGHS, || post(borough::check)),
    page("/borough/looked", BOROUGHS, "Who has looked", || get(borough::looked)),
    page("/operator", OPERATORS, "The hub", || get(operator::overview)),
    page("/operator/people", OPERATORS, "Authorities and clients", || get(operator::people)),
    page("/operator/feeds", OPERATORS, "Last night’s feeds", || get(operator::feeds)),
    page("/operator/work", OPERATORS, "Schedules and jobs", || get(operator::work)),
    page("/operator/letters", OPERATORS, "Deliveries", || get(operator::letters)),
    act("/operator/letters/{id}/replay", OPERATORS, || post(operator::replay)),
    page("/operator/releases", OPERATORS, "Releases and their gate", || get(operator::releases)),
    page("/operator/audit", OPERATORS, "Audit", || get(operator::audit)),
];
