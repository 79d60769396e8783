//! The handlers: who, what, do, answer.

mod authorities;
mod contracts;
mod docs;
mod endpoints;
mod events;
mod feeds;
mod health;
mod notices;
mod releases;
mod submissions;
mod tables;
mod token;
mod vacancies;
mod wellknown;

use utoipa::OpenApi as _;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::openapi::Shell;
use crate::state::Api;

/// Every handler with its part of the document.
pub(crate) fn all() -> OpenApiRouter<Api> {
    OpenApiRouter::with_openapi(Shell::openapi())
        .routes(routes!(token::issue))
        .routes(routes!(wellknown::metadata))
        .routes(routes!(wellknown::keys))
        .routes(routes!(submissions::send, submissions::list))
        .routes(routes!(submissions::show))
        .routes(routes!(submissions::findings))
        .routes(routes!(submissions::confirm))
        .routes(routes!(submissions::withdraw))
        .routes(routes!(feeds::list))
        .routes(routes!(events::list))
        .routes(routes!(contracts::list))
        .routes(routes!(contracts::show))
        .routes(routes!(contracts::table_schema))
        .routes(routes!(contracts::template))
        .routes(routes!(authorities::list))
        .routes(routes!(notices::inbox))
        .routes(routes!(notices::sent))
        .routes(routes!(notices::show))
        .routes(routes!(notices::attempts))
        .routes(routes!(notices::acknowledge))
        .routes(routes!(notices::query))
        .routes(routes!(notices::dispute))
        .routes(routes!(endpoints::list, endpoints::register))
        .routes(routes!(endpoints::remove))
        .routes(routes!(releases::list, releases::publish))
        .routes(routes!(releases::show))
        .routes(routes!(releases::table))
        .routes(routes!(tables::list))
        .routes(routes!(tables::show))
        .routes(routes!(vacancies::search))
        .routes(routes!(releases::definitions))
        .routes(routes!(health::live))
        .routes(routes!(health::ready))
        .routes(routes!(health::metrics))
        .routes(routes!(health::version))
        .routes(routes!(docs::document))
        .routes(routes!(docs::problem))
        .routes(routes!(docs::front))
        .routes(routes!(docs::page))
}
