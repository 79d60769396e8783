//! Every address the hub answers, and who may call it. The gate refuses any other, so a route without a row here
//! cannot be reached; the document, the handlers and this list are held together by a test.

use hub_pipeline::identity::Role;

use crate::extract::{
    Admits, Anybody, Brokers, Consortium, EitherSide, HostSide, Library, Listeners, Operators, Readers, Sender,
    SenderOrOperator,
};

/// One address and method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route {
    /// `GET`, `POST` or `DELETE`.
    pub method: &'static str,
    /// The path, parameters in braces.
    pub path: &'static str,
    /// Who may call it.
    pub who: Who,
}

/// Who may call a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Anybody, without a token.
    Public,
    /// Any one of these roles; what is not the caller's own is "not found".
    Roles(&'static [Role]),
}

const fn public(method: &'static str, path: &'static str) -> Route {
    Route { method, path, who: Who::Public }
}

const fn only<A: Admits>(method: &'static str, path: &'static str) -> Route {
    Route { method, path, who: Who::Roles(A::ROLES) }
}

/// The list.
pub const ROUTES: &[Route] = &[
    public("POST", "/oauth/token"),
    public("GET", "/.well-known/oauth-authorization-server"),
    public("GET", "/.well-known/jwks.json"),
    only::<Sender>("POST", "/v1/submissions"),
    only::<SenderOrOperator>("GET", "/v1/submissions"),
    only::<SenderOrOperator>("GET", "/v1/submissions/{id}"),
    only::<SenderOrOperator>("GET", "/v1/submissions/{id}/findings"),
    only::<Sender>("POST", "/v1/submissions/{id}/confirm"),
    only::<Sender>("POST", "/v1/submissions/{id}/withdraw"),
    only::<SenderOrOperator>("GET", "/v1/feeds"),
    only::<Sender>("GET", "/v1/checks"),
    only::<Sender>("GET", "/v1/quality/trend"),
    only::<Consortium>("GET", "/v1/quality/league"),
    only::<SenderOrOperator>("GET", "/v1/sources"),
    only::<Sender>("POST", "/v1/sources"),
    only::<Sender>("GET", "/v1/sources/{id}"),
    only::<Sender>("DELETE", "/v1/sources/{id}"),
    only::<Sender>("POST", "/v1/sources/{id}/collect"),
    only::<Sender>("POST", "/v1/sources/{id}/pause"),
    only::<Sender>("POST", "/v1/sources/{id}/resume"),
    only::<Listeners>("GET", "/v1/events"),
    public("GET", "/v1/contracts"),
    public("GET", "/v1/contracts/{dataset}"),
    public("GET", "/v1/contracts/{dataset}/table-schema"),
    public("GET", "/v1/contracts/{dataset}/json-schema"),
    public("GET", "/v1/contracts/{dataset}/template.csv"),
    only::<Anybody>("GET", "/v1/authorities"),
    only::<Anybody>("GET", "/v1/holidays"),
    only::<HostSide>("GET", "/v1/inbox"),
    only::<HostSide>("GET", "/v1/register"),
    only::<Sender>("GET", "/v1/register/placed"),
    only::<HostSide>("GET", "/v1/timeliness"),
    only::<Sender>("GET", "/v1/timeliness/placed"),
    only::<Sender>("GET", "/v1/notices"),
    only::<Sender>("POST", "/v1/notices"),
    only::<EitherSide>("GET", "/v1/notices/{id}"),
    only::<EitherSide>("GET", "/v1/notices/{id}/attempts"),
    only::<Sender>("POST", "/v1/notices/{id}/statements"),
    only::<HostSide>("POST", "/v1/notices/{id}/open"),
    only::<HostSide>("POST", "/v1/notices/{id}/acknowledge"),
    only::<HostSide>("POST", "/v1/notices/{id}/query"),
    only::<HostSide>("POST", "/v1/notices/{id}/dispute"),
    only::<Sender>("POST", "/v1/children/export"),
    only::<Sender>("POST", "/v1/children/erase"),
    only::<HostSide>("GET", "/v1/keys/sealing"),
    only::<HostSide>("POST", "/v1/keys/sealing"),
    only::<HostSide>("POST", "/v1/keys/sealing/{id}/retire"),
    only::<EitherSide>("GET", "/v1/authorities/{code}/sealing-keys"),
    only::<EitherSide>("GET", "/v1/notices/{id}/envelopes"),
    only::<Sender>("POST", "/v1/notices/{id}/envelopes"),
    only::<EitherSide>("GET", "/v1/notices/{id}/envelopes/{n}"),
    only::<HostSide>("POST", "/v1/notices/{id}/envelopes/{n}/open"),
    only::<EitherSide>("GET", "/v1/reconciliation"),
    only::<EitherSide>("GET", "/v1/reconciliation/nights"),
    only::<HostSide>("GET", "/v1/endpoints"),
    only::<HostSide>("POST", "/v1/endpoints"),
    only::<HostSide>("GET", "/v1/endpoints/{id}"),
    only::<HostSide>("POST", "/v1/endpoints/{id}"),
    only::<HostSide>("DELETE", "/v1/endpoints/{id}"),
    only::<HostSide>("POST", "/v1/endpoints/{id}/challenge"),
    only::<HostSide>("POST", "/v1/endpoints/{id}/verify"),
    only::<HostSide>("POST", "/v1/endpoints/{id}/pause"),
    only::<HostSide>("POST", "/v1/endpoints/{id}/resume"),
    only::<HostSide>("POST", "/v1/endpoints/{id}/ping"),
    only::<HostSide>("POST", "/v1/endpoints/{id}/rotate"),
    only::<HostSide>("POST", "/v1/endpoints/{id}/replay"),
    only::<HostSide>("GET", "/v1/deliveries"),
    only::<HostSide>("GET", "/v1/deliveries/{id}"),
    only::<HostSide>("POST", "/v1/deliveries/{id}/replay"),
    only::<Library>("GET", "/v1/releases"),
    only::<Operators>("POST", "/v1/releases"),
    only::<Library>("GET", "/v1/releases/{id}"),
    only::<Readers>("GET", "/v1/releases/{id}/tables/{name}"),
    only::<Library>("GET", "/v1/catalogue"),
    public("GET", "/v1/public/catalogue"),
    only::<Consortium>("GET", "/v1/releases/{id}/tables/{name}/explain"),
    public("GET", "/v1/public/tables"),
    public("GET", "/v1/public/tables/{name}"),
    only::<Sender>("GET", "/v1/own/tables"),
    only::<Sender>("GET", "/v1/own/tables/{name}"),
    only::<Readers>("GET", "/v1/tables"),
    only::<Readers>("GET", "/v1/tables/{name}"),
    only::<Brokers>("GET", "/v1/vacancies"),
    only::<Consortium>("GET", "/v1/questions"),
    only::<Consortium>("GET", "/v1/questions/{id}"),
    only::<Consortium>("GET", "/v1/gaps"),
    only::<Consortium>("GET", "/v1/replay"),
    only::<Library>("GET", "/v1/definitions"),
    only::<Library>("GET", "/v1/definitions/{id}"),
    public("GET", "/health/live"),
    public("GET", "/health/ready"),
    public("GET", "/metrics"),
    public("GET", "/version"),
    public("GET", "/openapi.json"),
    public("GET", "/problems/{code}"),
    public("GET", "/docs"),
    public("GET", "/docs/{*file}"),
];
