//! The handlers: who, what, do, answer.

mod audiences;
mod authorities;
mod catalogue;
mod checks;
mod children;
mod contracts;
mod definitions;
mod deliveries;
mod docs;
mod endpoints;
mod envelopes;
mod events;
mod explain;
mod feeds;
mod gaps;
mod health;
mod holidays;
mod keys;
mod notices;
mod questions;
mod reconciliation;
mod register;
mod releases;
mod replay;
mod sources;
mod submissions;
mod tables;
mod timeliness;
mod token;
mod trend;
mod vacancies;
mod wellknown;

use axum::middleware::from_fn;
use utoipa::OpenApi as _;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};
use utoipa_axum::routes;

use crate::openapi::Shell;
use crate::state::Api;

/// Every handler with its part of the document. Kept apart until [`all`] so that a test can see two parts that give one
/// name to different shapes, which joining them would hide.
pub(crate) fn parts() -> Vec<UtoipaMethodRouter<Api>> {
    [feeds_in(), told(), figures_out()].concat()
}

/// Tokens, and what boroughs send.
fn feeds_in() -> Vec<UtoipaMethodRouter<Api>> {
    vec![
        routes!(token::issue),
        routes!(wellknown::metadata),
        routes!(wellknown::keys),
        lingering(routes!(submissions::send, submissions::list)),
        routes!(submissions::show),
        routes!(submissions::findings),
        routes!(submissions::confirm),
        routes!(submissions::withdraw),
        routes!(feeds::list),
        routes!(checks::list),
        routes!(trend::own),
        routes!(trend::league),
        routes!(sources::list, sources::register),
        routes!(sources::show, sources::remove),
        routes!(sources::collect),
        routes!(sources::pause),
        routes!(sources::resume),
        routes!(events::list),
        routes!(contracts::list),
        routes!(contracts::show),
        routes!(contracts::table_schema_of),
        routes!(contracts::json_schema_of),
        routes!(contracts::template),
        routes!(authorities::list),
        routes!(holidays::list),
    ]
}

/// Notices, what becomes of them, and how hosts are told.
fn told() -> Vec<UtoipaMethodRouter<Api>> {
    vec![
        routes!(notices::inbox),
        routes!(notices::sent, notices::give),
        routes!(register::hosted),
        routes!(register::placed),
        routes!(timeliness::hosted),
        routes!(timeliness::placed),
        routes!(notices::show),
        routes!(notices::attempts),
        routes!(notices::follow),
        routes!(notices::open),
        routes!(notices::acknowledge),
        routes!(notices::query),
        routes!(notices::dispute),
        routes!(children::export),
        routes!(children::erase),
        routes!(keys::own, keys::register),
        routes!(keys::retire),
        routes!(keys::of_authority),
        lingering(routes!(envelopes::seal, envelopes::list)),
        routes!(envelopes::bytes),
        routes!(envelopes::open),
        routes!(reconciliation::list),
        routes!(reconciliation::nights),
        routes!(endpoints::list, endpoints::register),
        routes!(endpoints::show, endpoints::describe, endpoints::remove),
        routes!(endpoints::challenge),
        routes!(endpoints::verify),
        routes!(endpoints::pause),
        routes!(endpoints::resume),
        routes!(endpoints::ping),
        routes!(endpoints::rotate),
        routes!(endpoints::replay),
        routes!(deliveries::list),
        routes!(deliveries::show),
        routes!(deliveries::replay),
    ]
}

/// What is published, and how the hub fares.
fn figures_out() -> Vec<UtoipaMethodRouter<Api>> {
    vec![
        routes!(releases::list, releases::publish),
        routes!(releases::show),
        routes!(releases::table),
        routes!(catalogue::consortium),
        routes!(catalogue::public),
        routes!(explain::show),
        routes!(audiences::public_list),
        routes!(audiences::public_table),
        routes!(audiences::own_list),
        routes!(audiences::own_table),
        routes!(tables::list),
        routes!(tables::show),
        routes!(vacancies::search),
        routes!(questions::list),
        routes!(questions::show),
        routes!(gaps::list),
        routes!(replay::ask),
        routes!(definitions::list),
        routes!(definitions::show),
        routes!(health::live),
        routes!(health::ready),
        routes!(health::metrics),
        routes!(health::version),
        routes!(docs::document),
        routes!(docs::problem),
        routes!(docs::front),
        routes!(docs::page),
    ]
}

/// The part, its refusals read to the end of what was sent.
fn lingering((schemas, paths, handlers): UtoipaMethodRouter<Api>) -> UtoipaMethodRouter<Api> {
    (schemas, paths, handlers.layer(from_fn(submissions::linger)))
}

/// The parts, joined.
pub(crate) fn all() -> OpenApiRouter<Api> {
    parts().into_iter().fold(OpenApiRouter::with_openapi(Shell::openapi()), OpenApiRouter::routes)
}
