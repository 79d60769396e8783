//! The document: what the handlers declare, and what is true of all of them.

use hub_pipeline::identity::Role;
use utoipa::OpenApi;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{
    ClientCredentials, Flow, HttpAuthScheme, HttpBuilder, OAuth2, Scopes, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{Components, ContentBuilder, Ref, RefOr, ResponseBuilder};

use crate::problem::Document;
use crate::routes::{ROUTES, Who};
use crate::webhooks::{EndpointEvent, NoticeData, NoticeEvent, NoticeRecipient};

const ABOUT: &str = "Boroughs send nightly feeds; the hub validates, keeps and publishes; host authorities are told of children \
    placed in their area; commissioners read what is missing. Every refusal is a problem document (RFC 9457) with a stable \
    code. What is not yours is not found.";

const REPORTING_KEY: &str = "A read-only key for reporting tools, which `hub reporting-key add` issues: the user name is its id, the \
    password its secret. The secret alone may be sent as a bearer token too.";

/// What no handler declares.
#[derive(OpenApi)]
#[openapi(
    info(title = "Sufficiency Hub", description = ABOUT, license(name = "MIT OR Apache-2.0")),
    components(schemas(Document, NoticeEvent, NoticeData, NoticeRecipient, EndpointEvent)),
    tags(
        (name = "identity", description = "Tokens, and the keys that check what the hub signs"),
        (name = "submissions", description = "Feeds sent, reports read"),
        (name = "feeds", description = "What is expected and whether it came"),
        (name = "contracts", description = "What a feed must look like"),
        (name = "notices", description = "Children placed in another authority's area"),
        (name = "children", description = "What is held of one child, for the authority whose child it is"),
        (name = "sealed", description = "Details that the hub keeps and cannot read"),
        (name = "figures", description = "Published tables and live vacancies"),
        (name = "operation", description = "Running the hub"),
    )
)]
pub(crate) struct Shell;

/// The finished document: security by the list of routes, the problem answer everywhere, the webhooks.
pub(crate) fn finish(mut document: utoipa::openapi::OpenApi) -> utoipa::openapi::OpenApi {
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            let row = ROUTES.iter().find(|row| row.path == path && row.method == method);
            complete(operation, row.map(|row| row.who));
            operation.operation_id = Some(name(method, path));
        }
    }
    let token = Flow::ClientCredentials(ClientCredentials::new("/oauth/token", Scopes::new()));
    let components = document.components.get_or_insert_with(Components::new);
    components.add_security_scheme("client", SecurityScheme::OAuth2(OAuth2::new([token])));
    let key = HttpBuilder::new().scheme(HttpAuthScheme::Basic).description(Some(REPORTING_KEY)).build();
    components.add_security_scheme("reporting_key", SecurityScheme::Http(key));
    document.webhooks = Some(crate::webhooks::webhooks());
    document
}

/// The operations that a path has.
fn operations(item: &mut utoipa::openapi::PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    let all = [("GET", &mut item.get), ("POST", &mut item.post), ("DELETE", &mut item.delete)];
    all.into_iter().filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

/// `get_submissions_id_findings`: a name that a generated client can use, from what cannot be alike twice.
fn name(method: &str, path: &str) -> String {
    let parts = path
        .split(['/', '.', '-'])
        .map(|part| part.trim_matches(['{', '}', '*']))
        .filter(|part| !matches!(*part, "" | "v1"));
    std::iter::once(method.to_ascii_lowercase().as_str()).chain(parts).collect::<Vec<_>>().join("_")
}

fn complete(operation: &mut Operation, who: Option<Who>) {
    let problem = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    let answer = ResponseBuilder::new().description("A problem").content("application/problem+json", problem).build();
    operation.responses.responses.insert("default".to_owned(), RefOr::T(answer));
    if let Some(Who::Roles(roles)) = who {
        let by = |name: &str| SecurityRequirement::new::<_, [&str; 0], &str>(name, []);
        let keyed = roles.contains(&Role::Reporting).then(|| by("reporting_key"));
        operation.security = Some(std::iter::once(by("client")).chain(keyed).collect());
        let names: Vec<_> = roles.iter().map(|role| role.as_str()).collect();
        let sentence = format!("Roles: {}.", names.join(", "));
        operation.description = Some(match operation.description.take() {
            Some(words) => format!("{words}\n\n{sentence}"),
            None => sentence,
        });
    }
}
